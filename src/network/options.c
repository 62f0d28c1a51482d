#include "network/inside.h"

#include <limits.h>
#include <math.h>

/* A million units a layer is far beyond what one processor trains; it keeps all products of sizes within range. */
enum { MOST_UNITS = 1 << 20 };

static ip_status check_hidden(const ip_network_options *o)
{
  for (size_t k = 0; k < o->n_hidden; k++)
    IP_REQUIRE(o->hidden[k] >= 1 && o->hidden[k] <= MOST_UNITS, IP_ECONFIG,
               "network.hidden: layer %zu has %zu units; expected 1 to %d", k + 1, o->hidden[k], MOST_UNITS);
  return IP_OK;
}

static ip_status check_names(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(o->activation < IP_N_ACTIVATIONS, IP_ECONFIG, "network.activation: there is no activation number %d",
             (int)o->activation);
  IP_REQUIRE(o->output < IP_N_OUTPUTS, IP_ECONFIG, "network.output: there is no output number %d", (int)o->output);
  IP_REQUIRE(o->initializer < IP_INITIALIZER_SAME, IP_ECONFIG, "network.initializer: there is no initializer number %d",
             (int)o->initializer);
  IP_REQUIRE(o->output_initializer < IP_N_INITIALIZERS, IP_ECONFIG,
             "network.output_initializer: there is no output initializer number %d", (int)o->output_initializer);
  IP_REQUIRE(t->objective < IP_N_OBJECTIVES, IP_ECONFIG, "training.objective: there is no objective number %d",
             (int)t->objective);
  IP_REQUIRE(t->optimizer < IP_N_OPTIMIZERS, IP_ECONFIG, "training.optimizer: there is no optimizer number %d",
             (int)t->optimizer);
  return IP_OK;
}

static ip_status check_rates(const ip_training_options *t)
{
  IP_REQUIRE(isfinite(t->learning_rate) && t->learning_rate > 0, IP_ECONFIG,
             "training.learning_rate: expected a positive number, got %g", t->learning_rate);
  IP_REQUIRE(isfinite(t->weight_decay) && t->weight_decay >= 0, IP_ECONFIG,
             "training.weight_decay: expected 0 or a positive number, got %g", t->weight_decay);
  IP_REQUIRE(isfinite(t->max_norm) && t->max_norm >= 0, IP_ECONFIG,
             "training.max_norm: expected a positive number, or 0 for none, got %g", t->max_norm);
  if (t->optimizer == IP_MOMENTUM)
    IP_REQUIRE(t->momentum >= 0 && t->momentum < 1, IP_ECONFIG,
               "training.momentum: expected a number in [0, 1), got %g", t->momentum);
  if (t->optimizer != IP_ADAM) return IP_OK;
  IP_REQUIRE(t->beta1 >= 0 && t->beta1 < 1, IP_ECONFIG, "training.beta1: expected a number in [0, 1), got %g",
             t->beta1);
  IP_REQUIRE(t->beta2 >= 0 && t->beta2 < 1, IP_ECONFIG, "training.beta2: expected a number in [0, 1), got %g",
             t->beta2);
  IP_REQUIRE(isfinite(t->epsilon) && t->epsilon > 0, IP_ECONFIG, "training.epsilon: expected a positive number, got %g",
             t->epsilon);
  return IP_OK;
}

static ip_status check_noise(const ip_network_options *o)
{
  IP_REQUIRE(o->quantize_bits >= 0 && o->quantize_bits <= 16, IP_ECONFIG,
             "network.quantize_bits: expected 1 to 16, or 0 for none, got %lld", (long long)o->quantize_bits);
  IP_REQUIRE(isfinite(o->quantize_range) && o->quantize_range >= 0, IP_ECONFIG,
             "network.quantize_range: expected a positive number, got %g", o->quantize_range);
  IP_REQUIRE(isfinite(o->noise_variance) && o->noise_variance >= 0, IP_ECONFIG,
             "network.noise_variance: expected 0 or a positive number, got %g", o->noise_variance);
  IP_REQUIRE(
      !(o->quantize_bits > 0 && o->noise_variance > 0), IP_ECONFIG,
      "network.noise_variance: units cannot be both noisy and quantized; set this or network.quantize_bits to 0");
  return IP_OK;
}

static ip_status check_objective(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(t->evaluation_samples >= 0 && t->evaluation_samples <= 65535, IP_ECONFIG,
             "training.evaluation_samples: expected 1 to 65535, got %lld", (long long)t->evaluation_samples);
  if (t->objective == IP_CROSS_ENTROPY) return IP_OK;
  const char *name = ip_objective_names()[t->objective];
  IP_REQUIRE(isfinite(t->beta) && t->beta >= 0, IP_ECONFIG, "training.beta: expected 0 or a positive number, got %g",
             t->beta);
  IP_REQUIRE(o->n_hidden > 0, IP_ECONFIG, "training.objective: %s needs a hidden layer; network.hidden is empty", name);
  IP_REQUIRE(o->quantize_bits == 0 && !(o->noise_variance > 0), IP_ECONFIG,
             "training.objective: %s brings its own noise; set network.quantize_bits and network.noise_variance to 0",
             name);
  return IP_OK;
}

ip_status ip_network_check_options(const ip_network_options *network, const ip_training_options *training)
{
  IP_TRY(check_hidden(network));
  IP_TRY(check_names(network, training));
  IP_TRY(check_rates(training));
  IP_TRY(check_noise(network));
  return check_objective(network, training);
}

ip_status ip_network_check_data(size_t n_in, size_t n_out)
{
  IP_REQUIRE(n_in > 0, IP_ECONFIG, "network: samples have no inputs");
  IP_REQUIRE(n_out > 0, IP_ECONFIG, "network: there is no output unit");
  IP_REQUIRE(n_in <= MOST_UNITS && n_out <= MOST_UNITS, IP_ECONFIG,
             "network: %zu inputs and %zu outputs; at most %d are possible", n_in, n_out, MOST_UNITS);
  return IP_OK;
}
