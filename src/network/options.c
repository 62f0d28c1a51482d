#include "network/inside.h"

#include <limits.h>
#include <math.h>

/* A million units a layer is far beyond what one processor trains; it keeps all products of sizes within range. */
enum { MOST_UNITS = 1 << 20 };

static ip_status check_widths(const ip_network_options *o, size_t n_in, size_t n_out)
{
  IP_REQUIRE(n_in > 0, IP_ECONFIG, "network: samples have no inputs");
  IP_REQUIRE(n_out > 0, IP_ECONFIG, "network: there is no output unit");
  IP_REQUIRE(n_in <= MOST_UNITS && n_out <= MOST_UNITS, IP_ECONFIG,
             "network: %zu inputs and %zu outputs; at most %d are possible", n_in, n_out, MOST_UNITS);
  for (size_t k = 0; k < o->n_hidden; k++)
    IP_REQUIRE(o->hidden[k] >= 1 && o->hidden[k] <= MOST_UNITS, IP_ECONFIG,
               "network: hidden layer %zu has %zu units; expected 1 to %d", k + 1, o->hidden[k], MOST_UNITS);
  return IP_OK;
}

static ip_status check_names(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(o->activation < IP_N_ACTIVATIONS, IP_ECONFIG, "network: there is no activation number %d",
             (int)o->activation);
  IP_REQUIRE(o->output < IP_N_OUTPUTS, IP_ECONFIG, "network: there is no output number %d", (int)o->output);
  IP_REQUIRE(o->initialiser < IP_INITIALISER_SAME, IP_ECONFIG, "network: there is no initialiser number %d",
             (int)o->initialiser);
  IP_REQUIRE(o->output_initialiser < IP_N_INITIALISERS, IP_ECONFIG, "network: there is no output initialiser number %d",
             (int)o->output_initialiser);
  IP_REQUIRE(t->objective < IP_N_OBJECTIVES, IP_ECONFIG, "network: there is no objective number %d", (int)t->objective);
  IP_REQUIRE(t->optimizer < IP_N_OPTIMIZERS, IP_ECONFIG, "network: there is no optimizer number %d", (int)t->optimizer);
  return IP_OK;
}

static ip_status check_rates(const ip_training_options *t)
{
  IP_REQUIRE(isfinite(t->learning_rate) && t->learning_rate > 0, IP_ECONFIG,
             "network: the learning rate is %g; expected a positive number", t->learning_rate);
  IP_REQUIRE(isfinite(t->weight_decay) && t->weight_decay >= 0, IP_ECONFIG,
             "network: the weight decay is %g; expected 0 or a positive number", t->weight_decay);
  IP_REQUIRE(isfinite(t->max_norm) && t->max_norm >= 0, IP_ECONFIG,
             "network: max-norm is %g; expected a positive number, or 0 for none", t->max_norm);
  if (t->optimizer == IP_MOMENTUM)
    IP_REQUIRE(t->momentum >= 0 && t->momentum < 1, IP_ECONFIG, "network: momentum is %g; expected 0 <= momentum < 1",
               t->momentum);
  if (t->optimizer != IP_ADAM) return IP_OK;
  IP_REQUIRE(t->beta1 >= 0 && t->beta1 < 1, IP_ECONFIG, "network: Adam's beta1 is %g; expected 0 <= beta1 < 1",
             t->beta1);
  IP_REQUIRE(t->beta2 >= 0 && t->beta2 < 1, IP_ECONFIG, "network: Adam's beta2 is %g; expected 0 <= beta2 < 1",
             t->beta2);
  IP_REQUIRE(isfinite(t->epsilon) && t->epsilon > 0, IP_ECONFIG,
             "network: Adam's epsilon is %g; expected a positive number", t->epsilon);
  return IP_OK;
}

static ip_status check_noise(const ip_network_options *o)
{
  IP_REQUIRE(o->quantise_bits >= 0 && o->quantise_bits <= 16, IP_ECONFIG,
             "network: quantisation to %lld bits; expected 1 to 16, or 0 for none", (long long)o->quantise_bits);
  IP_REQUIRE(isfinite(o->quantise_range) && o->quantise_range >= 0, IP_ECONFIG,
             "network: the range of quantised units is %g; expected a positive number", o->quantise_range);
  IP_REQUIRE(isfinite(o->noise_variance) && o->noise_variance >= 0, IP_ECONFIG,
             "network: the noise variance is %g; expected 0 or a positive number", o->noise_variance);
  IP_REQUIRE(!(o->quantise_bits > 0 && o->noise_variance > 0), IP_ECONFIG,
             "network: units cannot be both quantised and noisy; set the noise variance or the bits to 0");
  return IP_OK;
}

static ip_status check_objective(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(t->evaluation_samples >= 0 && t->evaluation_samples <= 65535, IP_ECONFIG,
             "network: %lld evaluation samples; expected 1 to 65535", (long long)t->evaluation_samples);
  if (t->objective == IP_CROSS_ENTROPY) return IP_OK;
  const char *name = ip_objective_names()[t->objective];
  IP_REQUIRE(isfinite(t->beta) && t->beta >= 0, IP_ECONFIG,
             "network: beta is %g; expected 0 or a positive number for the objective %s", t->beta, name);
  IP_REQUIRE(o->n_hidden > 0, IP_ECONFIG, "network: the objective %s needs a hidden layer", name);
  IP_REQUIRE(o->quantise_bits == 0 && !(o->noise_variance > 0), IP_ECONFIG,
             "network: the objective %s brings its own noise: quantised units and a noise variance cannot be combined "
             "with it",
             name);
  return IP_OK;
}

ip_status ip_network_check(const ip_network_options *network, const ip_training_options *training, size_t n_in,
                           size_t n_out)
{
  IP_TRY(check_widths(network, n_in, n_out));
  IP_TRY(check_names(network, training));
  IP_TRY(check_rates(training));
  IP_TRY(check_noise(network));
  return check_objective(network, training);
}
