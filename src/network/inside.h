/* inside.h - the parts of a network; for the files of this directory only.
 *
 * Samples are columns (see num/affine.h), `chunk` at a time, so memory depends on the widths alone. Everything a step
 * needs is allocated once.
 */
#ifndef IP_NETWORK_INSIDE_H
#define IP_NETWORK_INSIDE_H

#include "base/team.h"
#include "network/layers.h"
#include "network/network.h"

#include <stdbool.h>

typedef struct ip_layer {
  ip_layer_plan plan;     /* kind and images; see conv.c for convolutions and pool.c for pooling */
  size_t in, out;         /* of its matrix of weights: (out, in); 0 for pooling */
  size_t units;           /* of z: `out`; of convolutions and pooling, those of their image */
  size_t width;           /* units passed to the next layer: `units`, but half of them for the noisy layer of vib */
  size_t weights, biases; /* where they begin in the block of parameters */
  float *z;               /* (units, chunk) affine map, then f of it; vib: mu and then sigma */
  float *t;               /* (width, chunk) output of the layer: z itself, unless noise or quantization follows */
  float *aux;             /* (units, chunk) sigmoid(z) for activations whose slope needs it; vib: (width, chunk) */
  size_t gains;           /* where those of layer normalization are, and the shifts after them */
  float *normed;          /* (width, chunk) normalized units; NULL without normalization */
  float *per_sd;          /* (chunk) 1 / sd of each sample */
  float *noise;          /* (width, chunk) of the last pass, if the layer is noisy: standard normal numbers, or what the
                            units were multiplied by */
  ip_image padded_image; /* of a convolution's input, and of `padded` (.., chunk) if it has zeros around it */
  float *padded;
} ip_layer;

/* Noise on hidden units. */
typedef enum ip_unit_noise { IP_UNIT_NOISE_NONE, IP_NOISE_ADDED, IP_NOISE_MULTIPLIED, IP_NOISE_DROPOUT } ip_unit_noise;

/* What convolutions share (conv.c). */
typedef struct ip_conv_scratch ip_conv_scratch;

/* Values a quantized unit takes: low, low + step, ..., high. */
typedef struct ip_levels {
  float low, high, step;
} ip_levels;

/* Batches that are the same in each epoch, in columns. */
typedef struct ip_batches {
  const uint32_t *index; // (n) the rows of an epoch, in order; NULL: batches are not kept
  size_t n, room, used;  /* columns that there is room for, and that are filled */
  uint32_t *at;          // (n) 1 + first column of the batch that begins with this row; 0: not kept
  float *column;         // (room, n_in + n_out), a block for each batch
} ip_batches;

struct ip_network {
  ip_activation activation;
  ip_output output;
  ip_training_options training;
  int64_t quantize_bits;
  ip_levels levels; /* quantize_bits > 0 */
  bool quantize_output;
  ip_levels output_levels;
  ip_unit_noise noise;   /* kind of the noise on hidden units */
  double noise_variance; /* added; 0: none */
  float noise_sd;        /* standard deviation of the added noise, or of the factor 1 + sqrt(a) eps */
  double dropout;        /* probability of a unit to become 0 */
  bool noise_off;        /* hidden units have no noise in the next passes */
  uint64_t seed;
  size_t n_in, n_layers, n_parameters;
  size_t bottleneck; /* the noisy layer of vib and nib; n_layers: none */
  ip_layer *layer;   /* (n_layers) */

  float *state;                      /* (n_arrays, n_parameters) parameters, moments of the optimizer, mean */
  size_t n_moments;                  /* 0 sgd, 1 momentum, 2 adam */
  float *parameter, *first, *second; /* (n_parameters) in `state`; NULL if the optimizer has no such moment */
  float *mean;     /* (n_parameters) in `state`: their running mean, from the first step on; NULL without */
  size_t n_arrays; /* of `state` */
  uint64_t n_steps;
  double rate;      /* learning rate of the step that is taken */
  float loss_scale; /* factor of the loss of output.c that gives the network's: 2 / n_out for the mean square, else 1 */

  ip_positions positions; /* what readers of layers with positions get */
  float *pooled;          /* (most channels, chunk) that */
  ip_conv_scratch *conv;  /* NULL without convolutions */

  size_t chunk;      /* most columns at a time */
  float *input;      /* (n_in, columns) loaded: own_input, or a block of batches */
  float *target;     /* (n_out, columns) */
  float *own_input;  /* (n_in, chunk) */
  float *own_target; /* (n_out, chunk) */
  ip_batches batches;
  float *delta[2]; /* (largest units, chunk) derivatives of the loss by z of a layer and of the one below */
  float *softmax;  /* (chunk) */
  bool layer_norm;
  double *norm_mean; /* (2, chunk) means over units */
  double *loss;      /* (chunk) loss of each sample, in nats */
  float *gradient;   /* (n_parameters) */

  /* Which numbers the next pass draws (noise.c), and the rows that are loaded. */
  uint64_t noise_set;
  const uint32_t *row_index; /* NULL: row_first .. */
  size_t row_first, n_rows;

  /* nib: units f of all samples of a batch, and the derivative of its bound by them (rate.c). */
  size_t n_units;    /* columns that the arrays have */
  float *unit;       /* (width, n_units) */
  float *unit_delta; /* (width, n_units) */
  float *kernel;     /* (2, n_units) */

  ip_team *team; /* the caller's; NULL: one thread */

  bool collecting; /* statistics of gradients, between begin and end */
  size_t n_batches;
  double *gradient_sum; /* (n_parameters) over batches; NULL before the first begin */
  double *square_sum;   /* (n_layers) squared Frobenius norms, over batches */
};

/* Whether a layer pools: it has no parameters and no activation. */
static inline bool ip_layer_pools(const ip_layer *layer)
{
  return layer->plan.kind == IP_MAX_POOL || layer->plan.kind == IP_MEAN_POOL;
}

/* share.c: ip_team_run with denormal numbers taken for 0 in every thread (num/flush.h). */
void ip_network_share(ip_team *team, void (*work)(void *what, size_t part, size_t n), void *what);

/* pass.c: one chunk through the network. */

/* Brings samples index[from ..] (NULL: from ..) into columns 0 .. n-1, and zeros into the rest up to `columns`; target
 * may be NULL. False if they are a batch that was kept (ip_network_keep_batches), as it was left. */
bool ip_pass_load(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t from, size_t n,
                  size_t columns);

/* Activations of all layers; with `loss`, of the loaded targets, also net->loss. */
void ip_pass_forward(ip_network *net, size_t columns, bool loss);

/* The same after a pass over the same samples and the choice of another draw: layers that have no noise and none below
 * them are not computed again. */
void ip_pass_redraw(ip_network *net, size_t columns, bool loss);

/* Up to layer `last`, which must be a hidden one. */
void ip_pass_forward_to(ip_network *net, size_t last, size_t columns);

/* Adds the gradient of `scale` times the sum of the losses of columns 0 .. n-1, samples from .. from+n-1 of the batch,
 * to `gradient`, or puts it there for from = 0; with a bottleneck, also that of its bound. */
void ip_pass_backward(ip_network *net, size_t from, size_t n, size_t columns, float scale, float *gradient);

void ip_batches_release(ip_batches *b);

/* Columns to compute for n samples. */
size_t ip_pass_columns(size_t n);

/* conv.c: convolution k. Memory, once all layers are planned; then, each after its `begin` by one thread: rows first ..
 * end-1 of its output image, activated; its gradient by the weights of inner indices first .. end-1 (and by the biases
 * with the first of them); and part `part` of n of that by its input. */
ip_status ip_conv_reserve(ip_network *net);
void ip_conv_release(ip_network *net);
void ip_conv_begin(ip_network *net, size_t k, size_t columns);
void ip_conv_forward(ip_network *net, size_t k, size_t columns, size_t first, size_t end);
void ip_conv_begin_gradients(ip_network *net, size_t k, size_t columns, const float *d);
void ip_conv_weight_gradient(ip_network *net, size_t k, size_t columns, size_t first, size_t end, bool add,
                             const float *d, float *gradient);
void ip_conv_input_gradient(ip_network *net, size_t k, size_t columns, size_t part, size_t n, float *below);

/* position.c: pooling layer k, channels first .. end-1; and the units of layer k as readers get them, in their number
 * ip_network_width. */
void ip_pool_forward(ip_network *net, size_t k, size_t columns, size_t first, size_t end);
void ip_pool_backward(ip_network *net, size_t k, size_t columns, size_t first, size_t end, const float *d,
                      float *below);
const float *ip_positions_read(ip_network *net, size_t k, size_t columns, const float *units);

/* activation.c: f over n numbers in place, z becomes f(z); and d times f'(z), from t = f(z) and what `apply` left in
 * `aux`. */
bool ip_activation_needs_aux(ip_activation kind);
void ip_activation_apply(ip_activation kind, size_t n, float *z, float *aux);
void ip_activation_backward(ip_activation kind, size_t n, const float *t, const float *aux, float *d);

/* hidden.c: hidden layer k, of which units first .. end-1 go from z (before the activation) to f(z), and to t where
 * that is quantized; noise for all of it; and d (width, columns), the derivative of the loss by t, becomes that by z.
 */
void ip_hidden_activate(ip_network *net, size_t k, size_t columns, size_t first, size_t end);
void ip_hidden_add_noise(ip_network *net, size_t k, size_t columns);
bool ip_hidden_is_noisy(const ip_network_options *o, size_t k);
const float *ip_hidden_tanh(const ip_network *net,
                            size_t k); /* f(z), where the derivative by z follows from it alone */
void ip_hidden_backward(ip_network *net, size_t k, size_t columns, size_t first, size_t end, float *d);
ip_levels ip_levels_of(ip_activation kind, int64_t bits, double range);
ip_levels ip_levels_of_output(ip_output kind, int64_t bits, double range);
void ip_hidden_quantize(const ip_levels *v, size_t n, const float *z, float *t);

/* noise.c: chooses the numbers of the passes that follow, those of this step's batch (by position in the batch) or of a
 * draw for evaluation (by row); standard normal numbers for the loaded rows of layer k; and the factors of dropout, 0
 * or 1/(1 - p). 0 in unused columns. */
void ip_noise_for_step(ip_network *net);
void ip_noise_for_draw(ip_network *net, uint32_t draw);
void ip_noise_fill(const ip_network *net, size_t k, size_t columns, float *noise /* (width, columns) */);
void ip_noise_mask(const ip_network *net, size_t k, size_t columns, float *factor /* (width, columns) */);
bool ip_noise_is_on(const ip_network *net);

/* bottleneck.c: t of the noisy layer of vib or nib; t with other noise, after that; the sum of the rates of columns 0
 * .. n-1 (vib); and the derivatives of loss and bound, `scale` as in ip_pass_backward. */
void ip_bottleneck_forward(ip_network *net, size_t columns);
void ip_bottleneck_draw(ip_network *net, size_t columns);
double ip_bottleneck_rate_sum(const ip_network *net, size_t n, size_t columns);
void ip_bottleneck_backward(ip_network *net, size_t from, size_t n, size_t columns, float scale, float *d,
                            float *gradient);

/* rate.c: the bound of nib. Room for n samples; takes the units of columns 0 .. n-1 as samples from ..; and the bound
 * in nats over n samples, with its derivative by unit and by the logarithm of the variance if requested. */
bool ip_rate_is_on(const ip_network *net);
ip_status ip_rate_reserve(ip_network *net, size_t n);
void ip_rate_collect(ip_network *net, size_t from, size_t n, size_t columns);
double ip_rate_variance(const ip_network *net);
double ip_rate_bound(ip_network *net, size_t n, bool derive, double *by_log_variance);
/* H + beta I or H + beta I^2; and the derivative by I. */
double ip_rate_objective(const ip_network *net, double loss, double rate);
double ip_rate_weight(const ip_network *net, double rate);

/* norm.c: the affine map of layer k, which must be normalized, becomes what its activation is applied to; and d, the
 * derivative by that, the one by the affine map, with the gradient by gains and shifts. */
void ip_norm_forward(ip_network *net, size_t k, size_t columns);
void ip_norm_backward(ip_network *net, size_t k, size_t columns, bool add, float *d, float *gradient);

/* output.c: the output layer in place, z (width, columns) becomes y; with target (else NULL) also the loss in nats of
 * each column. d = scale (y - target) is the derivative of `scale` times the loss by z, for all three kinds. */
void ip_output_apply(ip_output kind, size_t width, size_t columns, float *z, const float *target, double *loss,
                     float *work /* (columns) */);
/* t becomes (1 - e) t + e / width. */
void ip_output_smooth(size_t width, size_t columns, double e, float *target);
void ip_output_delta(size_t width, size_t n, size_t columns, const float *y, const float *target, float scale,
                     float *d);

/* initializer.c: weights (out, in) of layer k, each input of which reaches fan_out units, and its biases (out) where
 * the initializer draws them. */
ip_status ip_initializer_draw(ip_initializer kind, uint64_t seed, size_t k, size_t out, size_t in, size_t fan_out,
                              float *w, float *b);

/* optimizer.c: a step along net->gradient, with clipping, weight decay, max-norm and the mean of the parameters. */
size_t ip_optimizer_n_moments(ip_optimizer kind);
void ip_optimizer_step(ip_network *net);

/* options.c: IP_ECONFIG, with the reason, if a network cannot have this number of inputs or outputs. */
ip_status ip_network_check_data(size_t n_in, size_t n_out);

#endif
