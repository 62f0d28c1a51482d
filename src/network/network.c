#include "network/inside.h"

#include "base/mem.h"
#include "num/affine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns at a time: few enough that the activations of small layers stay in the nearest cache. */
enum { CHUNK = 256, MOST_NUMBERS = 1 << 20 };

/* Numbers of one sample in a network with convolutions: activations, derivatives, and images with zeros around them. */
static double numbers_of_sample(const ip_network *net)
{
  double sum = (double)net->n_in;
  for (size_t k = 0; k < net->n_layers; k++) sum += 3 * (double)net->layer[k].units;
  return sum;
}

/* Networks of dense layers have chunks of CHUNK. Images fill the cache with fewer samples. */
static size_t choose_chunk(const ip_network *net)
{
  size_t chunk = CHUNK;
  bool dense = true;
  for (size_t k = 0; k < net->n_layers; k++) dense = dense && net->layer[k].plan.kind == IP_DENSE;
  while (!dense && chunk > IP_COLUMNS && numbers_of_sample(net) * (double)chunk > MOST_NUMBERS) chunk /= 2;
  return chunk;
}

static bool is_normalized(const ip_network *net, size_t k)
{
  return net->layer_norm && k + 1 < net->n_layers && k != net->bottleneck;
}

/* Sizes of the layers and where their parameters are. */
static void lay_out(ip_network *net, size_t n_layers, const ip_layer_plan *plan)
{
  net->n_layers = n_layers;
  net->bottleneck = net->training.objective == IP_CROSS_ENTROPY ? net->n_layers : net->n_layers - 2;
  size_t at = 0;
  for (size_t k = 0; k < net->n_layers; k++) {
    ip_layer *layer = &net->layer[k];
    layer->plan = plan[k];
    layer->units = layer->width = ip_image_size(plan[k].to);
    if (plan[k].kind == IP_DENSE) {
      if (net->training.objective == IP_VIB && k == net->bottleneck) layer->units *= 2;
      layer->in = ip_image_size(plan[k].from);
      layer->out = layer->units;
    } else if (plan[k].kind == IP_CONV) {
      layer->in = plan[k].from.channels * plan[k].kernel * plan[k].kernel;
      layer->out = plan[k].to.channels;
    }
    layer->weights = at;
    layer->biases = at + layer->in * layer->out;
    at = layer->biases + layer->out;
    if (is_normalized(net, k)) {
      layer->gains = at;
      at += 2 * layer->width;
    }
  }
  net->n_parameters = at + (ip_rate_is_on(net) ? 1 : 0);
  net->chunk = choose_chunk(net);
}

static ip_status plan_layers(ip_network *net, const ip_network_options *o, size_t n_out)
{
  size_t n;
  ip_layer_plan *plan;
  IP_TRY(ip_layers_plan(o, net->n_in, n_out, &n, &plan));
  ip_status st = IP_NEW(net->layer, n, "layers");
  if (st == IP_OK) lay_out(net, n, plan);
  ip_free(plan);
  return st;
}

static ip_status allocate_layer(ip_network *net, const ip_network_options *o, size_t k)
{
  ip_layer *layer = &net->layer[k];
  bool noisy = (k + 1 < net->n_layers && ip_hidden_is_noisy(o, k)) || k == net->bottleneck;
  bool quantized = net->quantize_bits > 0 && (k + 1 < net->n_layers || net->quantize_output);
  bool aux = k + 1 < net->n_layers && ip_activation_needs_aux(net->activation);
  if (ip_layer_pools(layer)) noisy = quantized = aux = false;
  IP_TRY(IP_NEW(layer->z, layer->units * net->chunk, "activations"));
  layer->t = layer->z;
  if (noisy || quantized) {
    layer->t = NULL;
    IP_TRY(IP_NEW(layer->t, layer->width * net->chunk, "activations"));
  }
  if (is_normalized(net, k)) {
    IP_TRY(IP_NEW(layer->normed, layer->width * net->chunk, "normalized units"));
    IP_TRY(IP_NEW(layer->per_sd, net->chunk, "normalized units"));
  }
  if (noisy) IP_TRY(IP_NEW(layer->noise, layer->width * net->chunk, "noise"));
  if (aux || k == net->bottleneck) IP_TRY(IP_NEW(layer->aux, layer->units * net->chunk, "slopes"));
  return IP_OK;
}

static ip_status allocate_columns(ip_network *net, const ip_network_options *o, size_t n_out)
{
  size_t most = 0, channels = 0;
  for (size_t k = 0; k < net->n_layers; k++) {
    IP_TRY(allocate_layer(net, o, k));
    if (net->layer[k].units > most) most = net->layer[k].units;
    if (net->layer[k].plan.to.channels > channels) channels = net->layer[k].plan.to.channels;
  }
  for (int i = 0; i < 2; i++) IP_TRY(IP_NEW(net->delta[i], most * net->chunk, "derivatives"));
  IP_TRY(IP_NEW(net->own_input, net->n_in * net->chunk, "inputs"));
  IP_TRY(IP_NEW(net->own_target, n_out * net->chunk, "targets"));
  IP_TRY(IP_NEW(net->softmax, net->chunk, "softmax"));
  if (net->layer_norm) IP_TRY(IP_NEW(net->norm_mean, 2 * net->chunk, "means over units"));
  IP_TRY(ip_conv_reserve(net));
  if (net->positions != IP_POSITIONS_FLAT) IP_TRY(IP_NEW(net->pooled, channels * net->chunk, "pooled units"));
  return IP_NEW(net->loss, net->chunk, "losses");
}

static ip_status allocate_parameters(ip_network *net)
{
  size_t n = net->n_parameters;
  net->n_moments = ip_optimizer_n_moments(net->training.optimizer);
  net->n_arrays = 1 + net->n_moments + (net->training.ema_decay > 0 ? 1 : 0);
  IP_TRY(IP_NEW(net->state, net->n_arrays * n, "parameters"));
  IP_TRY(IP_NEW(net->gradient, n, "gradient"));
  net->parameter = net->state;
  if (net->n_moments > 0) net->first = net->state + n;
  if (net->n_moments > 1) net->second = net->state + 2 * n;
  if (net->training.ema_decay > 0) net->mean = net->state + (1 + net->n_moments) * n;
  return IP_OK;
}

static ip_status draw_weights(ip_network *net, const ip_network_options *o)
{
  for (size_t k = 0; k < net->n_layers; k++) {
    const ip_layer *layer = &net->layer[k];
    ip_initializer kind = o->initializer;
    if (ip_layer_pools(layer)) continue;
    size_t area = layer->plan.kind == IP_CONV ? layer->plan.kernel * layer->plan.kernel : 1;
    if (k + 1 == net->n_layers && o->output_initializer != IP_INITIALIZER_SAME) kind = o->output_initializer;
    IP_TRY(ip_initializer_draw(kind, net->seed, k, layer->out, layer->in, layer->out * area,
                               net->parameter + layer->weights, net->parameter + layer->biases));
  }
  float scale = o->weight_scale > 0 ? (float)o->weight_scale : 1.0f;
  for (size_t i = 0; i < net->n_parameters && scale != 1.0f; i++)
    net->parameter[i] *= scale; /* nib: the logarithm of 1 stays 0 */
  for (size_t k = 0; k < net->n_layers; k++)
    for (size_t u = 0; net->layer[k].normed && u < net->layer[k].width; u++)
      net->parameter[net->layer[k].gains + u] = 1;
  return IP_OK;
}

static void take_noise(ip_network *net, const ip_network_options *o)
{
  if (o->noise_variance > 0) net->noise = IP_NOISE_ADDED;
  if (o->multiplicative_noise > 0) net->noise = IP_NOISE_MULTIPLIED;
  if (o->dropout > 0) net->noise = IP_NOISE_DROPOUT;
  net->noise_variance = o->noise_variance;
  net->noise_sd = (float)sqrt(net->noise == IP_NOISE_MULTIPLIED ? o->multiplicative_noise : o->noise_variance);
  net->dropout = o->dropout;
}

/* Only with the plan: flattening is no layer. */
static ip_status check_noise_layers(const ip_network *net, const ip_network_options *o)
{
  for (size_t i = 0; i < o->n_noise_layers; i++) {
    size_t k = o->noise_layers[i];
    IP_REQUIRE(k < net->n_layers, IP_ECONFIG,
               "network.noise_layers: got layer %zu, expected 1 to %zu, the hidden layers", k, net->n_layers - 1);
    IP_REQUIRE(!ip_layer_pools(&net->layer[k - 1]), IP_ECONFIG,
               "network.noise_layers: layer %zu is a pooling layer, which has no noise; remove it", k);
  }
  return IP_OK;
}

static ip_status build(ip_network *net, const ip_network_options *o, size_t n_out)
{
  IP_TRY(plan_layers(net, o, n_out));
  IP_TRY(check_noise_layers(net, o));
  IP_TRY(allocate_columns(net, o, n_out));
  IP_TRY(allocate_parameters(net));
  return draw_weights(net, o);
}

ip_status ip_network_create(const ip_network_options *network, const ip_training_options *training, size_t n_in,
                            size_t n_out, uint64_t seed, ip_network **out)
{
  *out = NULL;
  IP_TRY(ip_network_check_options(network, training));
  IP_TRY(ip_network_check_data(n_in, n_out));
  ip_network *net;
  IP_TRY(IP_NEW(net, 1, "network"));
  net->activation = network->activation;
  net->output = network->output;
  net->training = *training;
  net->quantize_bits = network->quantize_bits;
  if (net->quantize_bits > 0) net->levels = ip_levels_of(net->activation, net->quantize_bits, network->quantize_range);
  net->layer_norm = network->layer_norm;
  net->quantize_output = network->quantize_output;
  if (net->quantize_output)
    net->output_levels = ip_levels_of_output(net->output, net->quantize_bits, network->quantize_range);
  net->loss_scale =
      net->output == IP_OUTPUT_LINEAR && training->squared_error == IP_MEAN_SQUARE ? 2.0f / (float)n_out : 1.0f;
  net->positions = network->positions;
  take_noise(net, network);
  net->seed = seed;
  net->n_in = n_in;
  ip_status st;
  IP_TRY_GOTO(st, build(net, network, n_out), fail);
  *out = net;
  return IP_OK;
fail:
  ip_network_destroy(&net);
  return st;
}

void ip_network_destroy(ip_network **net)
{
  ip_network *p = *net;
  if (!p) return;
  for (size_t k = 0; p->layer && k < p->n_layers; k++) {
    if (p->layer[k].t != p->layer[k].z) ip_free(p->layer[k].t);
    ip_free(p->layer[k].z);
    ip_free(p->layer[k].aux);
    ip_free(p->layer[k].noise);
    ip_free(p->layer[k].normed);
    ip_free(p->layer[k].per_sd);
    ip_free(p->layer[k].padded);
  }
  ip_free(p->layer);
  ip_free(p->state);
  ip_free(p->gradient);
  ip_free(p->own_input);
  ip_free(p->own_target);
  ip_batches_release(&p->batches);
  ip_free(p->delta[0]);
  ip_free(p->delta[1]);
  ip_free(p->softmax);
  ip_free(p->norm_mean);
  ip_free(p->pooled);
  ip_conv_release(p);
  ip_free(p->loss);
  ip_free(p->unit);
  ip_free(p->unit_delta);
  ip_free(p->kernel);
  ip_free(p->gradient_sum);
  ip_free(p->square_sum);
  ip_free(p);
  *net = NULL;
}

void ip_network_use_team(ip_network *net, ip_team *team)
{
  net->team = team;
}

size_t ip_network_n_layers(const ip_network *net)
{
  return net->n_layers;
}

size_t ip_network_n_in(const ip_network *net)
{
  return net->n_in;
}

size_t ip_network_width(const ip_network *net, size_t k)
{
  const ip_layer *layer = &net->layer[k];
  return net->positions == IP_POSITIONS_FLAT || layer->plan.kind == IP_DENSE ? layer->width : layer->plan.to.channels;
}

bool ip_network_has_dropout(const ip_network *net)
{
  return net->noise == IP_NOISE_DROPOUT;
}

bool ip_network_layer_is_noisy(const ip_network *net, size_t k)
{
  const ip_layer *layer = &net->layer[k];
  bool pooled = net->positions != IP_POSITIONS_FLAT && layer->plan.kind != IP_DENSE; /* what is logged of it */
  return layer->noise != NULL && k != net->bottleneck && !pooled;
}

const char *ip_network_activation_name(const ip_network *net, size_t k)
{
  if (k + 1 == net->n_layers) return ip_output_names()[net->output];
  bool linear = k == net->bottleneck || ip_layer_pools(&net->layer[k]);
  return ip_activation_names()[linear ? IP_LINEAR : net->activation];
}

ip_network_name ip_network_layer_name(const ip_network *net, size_t k)
{
  ip_network_name name;
  const ip_layer_plan *p = &net->layer[k].plan;
  if (k + 1 == net->n_layers) return (ip_network_name){"output"};
  snprintf(name.text, sizeof name.text, "%s%zu", ip_layer_kind_names()[p->kind], p->number);
  return name;
}

size_t ip_network_n_parameters(const ip_network *net)
{
  return net->n_parameters;
}

float *ip_network_parameters(ip_network *net)
{
  return net->parameter;
}

float *ip_network_weights(ip_network *net, size_t k)
{
  return net->parameter + net->layer[k].weights;
}

float *ip_network_biases(ip_network *net, size_t k)
{
  return net->parameter + net->layer[k].biases;
}

/* The block: number of steps (8 bytes), then `state`. */
size_t ip_network_state_size(const ip_network *net)
{
  return sizeof net->n_steps + net->n_arrays * net->n_parameters * sizeof *net->state;
}

void ip_network_state_get(const ip_network *net, void *state)
{
  memcpy(state, &net->n_steps, sizeof net->n_steps);
  memcpy((char *)state + sizeof net->n_steps, net->state, ip_network_state_size(net) - sizeof net->n_steps);
}

ip_status ip_network_state_set(ip_network *net, const void *state, size_t size)
{
  IP_REQUIRE(size == ip_network_state_size(net), IP_EFORMAT,
             "the saved state of the network has %zu bytes where this network's has %zu: it was written with other "
             "widths, another optimizer or ema_decay",
             size, ip_network_state_size(net));
  memcpy(&net->n_steps, state, sizeof net->n_steps);
  memcpy(net->state, (const char *)state + sizeof net->n_steps, size - sizeof net->n_steps);
  return IP_OK;
}
