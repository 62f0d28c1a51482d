#include "network/inside.h"

#include "base/text.h"

/* A million inputs or outputs are far beyond what one processor trains; keeps all products of sizes within range. */
enum { MOST_UNITS = 1 << 20 };

static ip_status check_hidden(const ip_network_options *o)
{
  for (size_t k = 0; k < o->n_hidden; k++)
    IP_REQUIRE(ip_interval_has(IP_RANGE_HIDDEN, (double)o->hidden[k]), IP_ECONFIG,
               "network.hidden: layer %zu: got %zu units, expected an integer%s", k + 1, o->hidden[k],
               ip_interval_words(IP_RANGE_HIDDEN).text);
  return IP_OK;
}

/* What layers with positions cannot do. */
static ip_status check_layers(const ip_network_options *o, const ip_training_options *t)
{
  if (o->n_layers == 0) return IP_OK;
  IP_REQUIRE(o->n_hidden == 0, IP_ECONFIG,
             "network.layers: network.hidden is given too; give one of them, and set the other to []");
  IP_TRY(ip_layers_check(o));
  IP_REQUIRE(!(ip_layers_have(o, IP_MEAN_POOL) && o->quantize_bits > 0), IP_ECONFIG,
             "network.quantize_bits: means of avgpool are not on the levels of quantized units; use maxpool, or set "
             "this to 0");
  size_t noisy = ip_layers_noisy_image(o);
  IP_REQUIRE(noisy == 0, IP_ECONFIG,
             "network.noise_layers: layer %zu is one of convolution or pooling, which cannot be noisy; list the dense "
             "layers that shall be, or set the noise to 0",
             noisy);
  if (t->objective == IP_CROSS_ENTROPY) return IP_OK;
  IP_REQUIRE(ip_layers_end_dense(o), IP_ECONFIG,
             "training.objective: %s needs a dense layer as the last of "
             "network.layers",
             ip_objective_names()[t->objective]);
  return IP_OK;
}

static ip_status check_names(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(o->activation < IP_N_ACTIVATIONS, IP_ECONFIG, "network.activation: unknown activation number %d",
             (int)o->activation);
  IP_REQUIRE(o->output < IP_N_OUTPUTS, IP_ECONFIG, "network.output: unknown output number %d", (int)o->output);
  IP_REQUIRE(o->initializer < IP_INITIALIZER_SAME, IP_ECONFIG, "network.initializer: unknown initializer number %d",
             (int)o->initializer);
  IP_REQUIRE(o->output_initializer < IP_N_INITIALIZERS, IP_ECONFIG,
             "network.output_initializer: unknown output initializer number %d", (int)o->output_initializer);
  IP_REQUIRE(t->objective < IP_N_OBJECTIVES, IP_ECONFIG, "training.objective: unknown objective number %d",
             (int)t->objective);
  IP_REQUIRE(t->optimizer < IP_N_OPTIMIZERS, IP_ECONFIG, "training.optimizer: unknown optimizer number %d",
             (int)t->optimizer);
  return IP_OK;
}

static ip_status check_rates(const ip_training_options *t)
{
  IP_TRY(ip_interval_check("training.learning_rate", IP_RANGE_LEARNING_RATE, t->learning_rate));
  IP_TRY(ip_interval_check("training.weight_decay", IP_RANGE_WEIGHT_DECAY, t->weight_decay));
  IP_TRY(ip_interval_check("training.max_norm", IP_RANGE_MAX_NORM, t->max_norm));
  IP_TRY(ip_interval_check("training.momentum", IP_RANGE_MOMENTUM, t->momentum));
  IP_TRY(ip_interval_check("training.beta1", IP_RANGE_BETA1, t->beta1));
  IP_TRY(ip_interval_check("training.beta2", IP_RANGE_BETA2, t->beta2));
  IP_TRY(ip_interval_check("training.clip_norm", IP_RANGE_CLIP_NORM, t->clip_norm));
  IP_TRY(ip_interval_check("training.ema_decay", IP_RANGE_EMA_DECAY, t->ema_decay));
  if (t->optimizer != IP_ADAM && t->optimizer != IP_ADAMW) return IP_OK; /* 0 in options that do not name it */
  return ip_interval_check("training.epsilon", IP_RANGE_EPSILON, t->epsilon);
}

static ip_status check_schedule(const ip_training_options *t)
{
  IP_REQUIRE(t->rate_schedule < IP_N_RATE_SCHEDULES, IP_ECONFIG, "training.rate_schedule: unknown schedule number %d",
             (int)t->rate_schedule);
  IP_TRY(ip_interval_check("training.warmup", IP_RANGE_WARMUP, (double)t->warmup));
  if (t->rate_schedule == IP_RATE_COSINE)
    return ip_interval_check("training.final_factor", IP_RANGE_FINAL_FACTOR, t->final_factor);
  if (t->rate_schedule != IP_RATE_STEP) return IP_OK;
  IP_TRY(ip_interval_check("training.step_every", IP_RANGE_STEP_EVERY, (double)t->step_every));
  return ip_interval_check("training.step_factor", IP_RANGE_STEP_FACTOR, t->step_factor);
}

static ip_status check_loss(const ip_network_options *o, const ip_training_options *t)
{
  IP_REQUIRE(t->squared_error < IP_N_SQUARED_ERRORS, IP_ECONFIG, "training.squared_error: unknown error number %d",
             (int)t->squared_error);
  IP_REQUIRE(t->targets < IP_N_TARGETS, IP_ECONFIG, "training.targets: unknown targets number %d", (int)t->targets);
  IP_TRY(ip_interval_check("training.label_smoothing", IP_RANGE_LABEL_SMOOTHING, t->label_smoothing));
  const char *output = ip_output_names()[o->output];
  IP_REQUIRE(!(t->label_smoothing > 0) || o->output == IP_OUTPUT_SOFTMAX, IP_ECONFIG,
             "training.label_smoothing: defined for the cross-entropy of network.output: softmax, got the output %s; "
             "set it to 0",
             output);
  IP_REQUIRE(t->squared_error == IP_HALF_SUM || o->output == IP_OUTPUT_LINEAR, IP_ECONFIG,
             "training.squared_error: %s needs network.output: linear, got %s, whose loss is a cross-entropy",
             ip_squared_error_names()[t->squared_error], output);
  IP_REQUIRE(t->targets == IP_TARGETS_LABELS || o->output != IP_OUTPUT_SOFTMAX, IP_ECONFIG,
             "training.targets: inputs cannot be the targets of network.output: softmax, which are distributions; use "
             "linear or sigmoid");
  return IP_OK;
}

static ip_status check_noise_layers(const ip_network_options *o, bool is_noisy)
{
  size_t n_hidden = ip_network_count_layers(o) - 1;
  IP_REQUIRE(is_noisy || o->n_noise_layers == 0, IP_ECONFIG,
             "network.noise_layers: the network has no noise; set network.noise_variance, network.multiplicative_noise "
             "or network.dropout");
  for (size_t i = 0; i < o->n_noise_layers; i++) {
    IP_REQUIRE(o->noise_layers[i] >= 1 && o->noise_layers[i] <= n_hidden, IP_ECONFIG,
               "network.noise_layers: got layer %zu, expected 1 to %zu, the hidden layers", o->noise_layers[i],
               n_hidden);
    IP_REQUIRE(i == 0 || o->noise_layers[i] > o->noise_layers[i - 1], IP_ECONFIG,
               "network.noise_layers: got %zu after %zu, expected strictly increasing numbers", o->noise_layers[i],
               o->noise_layers[i - 1]);
  }
  return IP_OK;
}

static ip_status check_noise(const ip_network_options *o)
{
  IP_TRY(ip_interval_check("network.quantize_bits", IP_RANGE_QUANTIZE_BITS, (double)o->quantize_bits));
  if (o->quantize_range != 0)
    IP_TRY(ip_interval_check("network.quantize_range", IP_RANGE_QUANTIZE_RANGE, o->quantize_range));
  IP_REQUIRE(
      !o->quantize_output || o->quantize_bits > 0, IP_ECONFIG,
      "network.quantize_output: set network.quantize_bits to the bits of a unit; it is 0, which quantizes nothing");
  IP_TRY(ip_interval_check("network.noise_variance", IP_RANGE_NOISE_VARIANCE, o->noise_variance));
  IP_TRY(ip_interval_check("network.multiplicative_noise", IP_RANGE_MULTIPLICATIVE_NOISE, o->multiplicative_noise));
  IP_TRY(ip_interval_check("network.dropout", IP_RANGE_DROPOUT, o->dropout));
  const struct {
    const char *name;
    double value;
  } noise[] = {{"network.noise_variance", o->noise_variance},
               {"network.multiplicative_noise", o->multiplicative_noise},
               {"network.dropout", o->dropout}};
  const char *chosen = NULL;
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
    if (!(noise[i].value > 0)) continue;
    IP_REQUIRE(!chosen, IP_ECONFIG, "%s: units have at most one kind of noise; set this or %s to 0", noise[i].name,
               chosen);
    IP_REQUIRE(o->quantize_bits == 0, IP_ECONFIG,
               "%s: units cannot be both noisy and quantized; set this or network.quantize_bits to 0", noise[i].name);
    chosen = noise[i].name;
  }
  return check_noise_layers(o, chosen != NULL);
}

static ip_status check_objective(const ip_network_options *o, const ip_training_options *t)
{
  if (t->evaluation_samples != 0)
    IP_TRY(
        ip_interval_check("training.evaluation_samples", IP_RANGE_EVALUATION_SAMPLES, (double)t->evaluation_samples));
  if (t->objective == IP_CROSS_ENTROPY) return IP_OK;
  const char *name = ip_objective_names()[t->objective];
  IP_TRY(ip_interval_check("training.beta", IP_RANGE_BETA, t->beta));
  IP_REQUIRE(o->n_hidden + o->n_layers > 0, IP_ECONFIG,
             "training.objective: %s needs a hidden layer; network.hidden is empty", name);
  bool noisy = o->noise_variance > 0 || o->multiplicative_noise > 0 || o->dropout > 0;
  IP_REQUIRE(o->quantize_bits == 0 && !noisy, IP_ECONFIG,
             "training.objective: %s brings its own noise; set network.quantize_bits, network.noise_variance, "
             "network.multiplicative_noise and network.dropout to 0",
             name);
  return IP_OK;
}

ip_status ip_network_check_options(const ip_network_options *network, const ip_training_options *training)
{
  IP_TRY(check_hidden(network));
  IP_TRY(check_names(network, training));
  IP_TRY(check_rates(training));
  IP_TRY(check_schedule(training));
  IP_TRY(check_loss(network, training));
  IP_REQUIRE(
      !network->layer_norm || network->n_layers == 0, IP_ECONFIG,
      "network.layer_norm: defined for dense layers; set it to false, or describe the network by network.hidden");
  if (network->weight_scale != 0) /* 0 in options that do not name it */
    IP_TRY(ip_interval_check("network.weight_scale", IP_RANGE_WEIGHT_SCALE, network->weight_scale));
  IP_TRY(check_noise(network));
  IP_TRY(check_layers(network, training));
  return check_objective(network, training);
}

ip_status ip_network_check_data(size_t n_in, size_t n_out)
{
  IP_REQUIRE(n_in > 0, IP_ECONFIG, "network: samples have no inputs");
  IP_REQUIRE(n_out > 0, IP_ECONFIG, "network: no output unit");
  IP_REQUIRE(n_in <= MOST_UNITS && n_out <= MOST_UNITS, IP_ECONFIG,
             "network: %zu inputs and %zu outputs; at most %d are possible", n_in, n_out, MOST_UNITS);
  return IP_OK;
}
