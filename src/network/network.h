/* network.h - networks of dense and convolutional layers, and one step of their training.
 *
 * For the trainer, which owns epochs, batches and schedules; a network knows parameters, one batch and its optimizer.
 * Layers are numbered k = 0 .. L-1, hidden layers first, the output layer (after its softmax or sigmoid) last.
 *
 *     t_k = f_k(W_k t_{k-1} + b_k),  t_{-1} = x,   W_k (width_k, width_{k-1}) row-major, biases 0 at first
 *
 * Convolution and pooling are layers too (layers.h): a convolution is the same affine map at every position of its
 * output, W_k (channels, channels below * kernel^2), with one bias a channel; pooling has no parameters.
 *
 * Arithmetic is float32, losses are summed in float64. Samples are rows: x (n, n_in), target (n, n_out). Everything is
 * computed on one thread in chunks of samples, by loops whose bits are the same on every processor; the activations of
 * a sample do not depend on which others are asked for. Memory does not grow with the number of samples, steps or
 * epochs. Random numbers come from the streams (seed, IP_RNG_WEIGHTS, k) and (seed,
 * IP_RNG_NOISE, ...), see noise.c.
 */
#ifndef IP_NETWORK_NETWORK_H
#define IP_NETWORK_NETWORK_H

#include "base/status.h"
#include "base/team.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Activations of the hidden layers, by name; z is the layer's affine map of its input. */
#define IP_ACTIVATION_LIST(X)                                                                                          \
  X(IP_TANH, tanh)             /* tanh z */                                                                            \
  X(IP_RELU, relu)             /* max(z, 0), with slope 0 at 0 */                                                      \
  X(IP_LEAKY_RELU, leaky_relu) /* z > 0 ? z : z/100 */                                                                 \
  X(IP_ELU, elu)               /* z > 0 ? z : exp(z) - 1 */                                                            \
  X(IP_SIGMOID, sigmoid)       /* 1 / (1 + exp(-z)) */                                                                 \
  X(IP_SOFTPLUS, softplus)     /* ln(1 + exp(z)) */                                                                    \
  X(IP_SOFTSIGN, softsign)     /* z / (1 + |z|) */                                                                     \
  X(IP_SWISH, swish)           /* z / (1 + exp(-z)) */                                                                 \
  X(IP_LINEAR, linear)         /* z */

/* Output layers with their losses, in nats, per sample (y the output, t the target):
 * softmax: cross-entropy -sum_c t_c ln y_c, targets one-hot or any distribution;
 * sigmoid: binary cross-entropy -sum_c t_c ln y_c + (1 - t_c) ln(1 - y_c);
 * linear: half the squared distance, 1/2 sum_c (y_c - t_c)^2, or the mean square, see IP_SQUARED_ERROR_LIST. */
#define IP_OUTPUT_LIST(X)                                                                                              \
  X(IP_OUTPUT_SOFTMAX, softmax)                                                                                        \
  X(IP_OUTPUT_SIGMOID, sigmoid)                                                                                        \
  X(IP_OUTPUT_LINEAR, linear)

/* One row an initializer, and in initializer.c a function of its name.
 * Distributions of the initial weights of a layer with fan_in inputs and fan_out units. Truncated normals are cut at
 * two standard deviations (sd: of the normal before the cut). same: for the output layer, as the hidden layers. */
#define IP_INITIALIZER_LIST(X)                                                                                         \
  X(IP_TRUNCATED_NORMAL_FAN_IN, truncated_normal_fan_in)   /* sd 1/sqrt(fan_in) */                                     \
  X(IP_TRUNCATED_NORMAL_FAN_OUT, truncated_normal_fan_out) /* sd 1/sqrt(fan_out) */                                    \
  X(IP_GLOROT_UNIFORM, glorot_uniform)                     /* |w| < sqrt(6 / (fan_in + fan_out)); Glorot 2010, (16) */ \
  X(IP_HE_NORMAL, he_normal)                               /* normal, sd sqrt(2/fan_in); He et al. 2015, (10) */       \
  X(IP_ORTHOGONAL, orthogonal)                             /* orthonormal rows or columns; Saxe et al. 2014 */         \
  X(IP_PYTORCH, pytorch) /* |w| < 1/sqrt(fan_in), biases likewise; torch.nn.Linear (kaiming_uniform_, a = sqrt(5)) */  \
  X(IP_ZEROS, zeros)

/* How a step follows from the gradient g of the mean loss of the batch (plus weight_decay * W for weights):
 * sgd: w -= rate g;  momentum: v = momentum v + g, w -= rate v;  adam: Kingma & Ba 2015, algorithm 1;
 * adamw: W -= rate weight_decay W, then the step of adam along g without weight_decay * W (Loshchilov & Hutter 2019,
 * algorithm 2, and torch.optim.AdamW with rate = eta_t alpha).
 * The number counts the moments, arrays like the parameters that it keeps between steps. One row an optimizer, and in
 * optimizer.c a function of its name. */
#define IP_OPTIMIZER_LIST(X)                                                                                           \
  X(IP_SGD, sgd, 0)                                                                                                    \
  X(IP_MOMENTUM, momentum, 1)                                                                                          \
  X(IP_ADAM, adam, 2)                                                                                                  \
  X(IP_ADAMW, adamw, 2)

/* The learning rate of update s = 0, 1, ... of S. During the first `warmup` updates W it is learning_rate (s+1) /
 * (W+1). Then, with u = s - W: constant: learning_rate; step: learning_rate step_factor^floor(u / step_every) (StepLR
 * of PyTorch); cosine: learning_rate (f + (1 - f) (1 + cos(pi u / (S - W))) / 2), f = final_factor (CosineAnnealingLR;
 * Loshchilov & Hutter 2017, (5) without restarts). */
#define IP_RATE_SCHEDULE_LIST(X)                                                                                       \
  X(IP_RATE_CONSTANT, constant)                                                                                        \
  X(IP_RATE_STEP, step)                                                                                                \
  X(IP_RATE_COSINE, cosine)

/* The squared error of a linear output over C output units: half_sum: 1/2 sum_c (y_c - t_c)^2; mean: 1/C sum_c (y_c -
 * t_c)^2, torch.nn.MSELoss. Both are averaged over the samples of a batch. */
#define IP_SQUARED_ERROR_LIST(X)                                                                                       \
  X(IP_HALF_SUM, half_sum)                                                                                             \
  X(IP_MEAN_SQUARE, mean)

/* What the outputs are trained on: the labels or real-valued targets of the dataset, or the inputs (autoencoder). */
#define IP_TARGETS_LIST(X)                                                                                             \
  X(IP_TARGETS_LABELS, labels)                                                                                         \
  X(IP_TARGETS_INPUTS, inputs)

/* What training minimises, in nats; H is the mean loss of the output layer above (cross-entropy, for softmax) and I the
 * mean over the samples of a bound on I(X;T) of the last hidden layer T, which then is a noisy one without activation:
 * cross_entropy: H.
 * vib: H + beta I, T = mu + sigma * noise with mu and ln(exp(s - 5) + 1) = sigma both computed from the layer below, I
 * = KL(N(mu, sigma^2) || N(0, 1)) summed over units (Alemi et al. 2017, (17) and section 4.1); nib: H + beta I, T = f +
 * noise of one trained variance v (at first 1) for all units, I = -mean_i ln mean_j exp(-|f_i - f_j|^2 / 2v) over the
 * batch (Kolchinsky, Tracey & Wolpert 2019); nib_squared: H + beta I^2 with the I of nib (Kolchinsky, Tracey & Van Kuyk
 * 2019). */
#define IP_OBJECTIVE_LIST(X)                                                                                           \
  X(IP_CROSS_ENTROPY, cross_entropy)                                                                                   \
  X(IP_VIB, vib)                                                                                                       \
  X(IP_NIB, nib)                                                                                                       \
  X(IP_NIB_SQUARED, nib_squared)

/* Kinds of layers, by their names in files, and what readers get of the layers that have positions (convolution and
 * pooling): the units at all of them, or the mean or largest unit of each channel. */
#define IP_LAYER_KIND_LIST(X)                                                                                          \
  X(IP_DENSE, dense)                                                                                                   \
  X(IP_CONV, conv)                                                                                                     \
  X(IP_MAX_POOL, maxpool)                                                                                              \
  X(IP_MEAN_POOL, avgpool)
#define IP_POSITIONS_LIST(X)                                                                                           \
  X(IP_POSITIONS_FLAT, flat)                                                                                           \
  X(IP_POSITIONS_MEAN, mean)                                                                                           \
  X(IP_POSITIONS_MAX, max)

#define X(symbol, ...) symbol,
typedef enum ip_layer_kind { IP_LAYER_KIND_LIST(X) IP_N_LAYER_KINDS } ip_layer_kind;
typedef enum ip_positions { IP_POSITIONS_LIST(X) IP_N_POSITIONS } ip_positions;
typedef enum ip_activation { IP_ACTIVATION_LIST(X) IP_N_ACTIVATIONS } ip_activation;
typedef enum ip_output { IP_OUTPUT_LIST(X) IP_N_OUTPUTS } ip_output;
typedef enum ip_initializer { IP_INITIALIZER_LIST(X) IP_INITIALIZER_SAME, IP_N_INITIALIZERS } ip_initializer;
typedef enum ip_optimizer { IP_OPTIMIZER_LIST(X) IP_N_OPTIMIZERS } ip_optimizer;
typedef enum ip_objective { IP_OBJECTIVE_LIST(X) IP_N_OBJECTIVES } ip_objective;
typedef enum ip_rate_schedule { IP_RATE_SCHEDULE_LIST(X) IP_N_RATE_SCHEDULES } ip_rate_schedule;
typedef enum ip_squared_error { IP_SQUARED_ERROR_LIST(X) IP_N_SQUARED_ERRORS } ip_squared_error;
typedef enum ip_targets { IP_TARGETS_LIST(X) IP_N_TARGETS } ip_targets;
#undef X

/* The names in the order of the enums, ending with NULL. Only those of output layers have "same" as the last. */
const char *const *ip_activation_names(void);
const char *const *ip_output_names(void);
const char *const *ip_initializer_names(void);
const char *const *ip_output_initializer_names(void);
const char *const *ip_optimizer_names(void);
const char *const *ip_objective_names(void);
const char *const *ip_layer_kind_names(void);
const char *const *ip_positions_names(void);
const char *const *ip_rate_schedule_names(void);
const char *const *ip_squared_error_names(void);
const char *const *ip_targets_names(void);

/* What the network is. */
typedef struct ip_network_options {
  const size_t *hidden; /* (n_hidden) widths of the hidden layers, each at least 1 */
  size_t n_hidden;
  const char *const *layers; /* (n_layers) entries of layers.h; if there are any, `hidden` is empty */
  size_t n_layers;
  size_t shape[3];          /* of a sample: channels, height, width; 0: unknown */
  ip_positions positions;   /* what ip_network_forward and its kin give of layers with positions */
  ip_activation activation; /* of every hidden layer, but pooling */
  ip_output output;
  ip_initializer initializer;        /* of the hidden layers; not IP_INITIALIZER_SAME */
  ip_initializer output_initializer; /* of the output layer */
  bool layer_norm;                   /* see norm.c; not of layers that vib and nib make noisy, nor of convolutions */
  double weight_scale;               /* factor of all initial weights, and of biases that are drawn; 0 means 1 */

  /* Hidden units take 2^quantize_bits equally spaced values, in training and afterwards; 0: any float32; at most 16.
   * They run over the range of tanh, softsign and sigmoid; elsewhere over [0, r] (relu, softplus), [-1, r] (elu) or
   * [-r, r] (leaky_relu, swish, linear), r = quantize_range (0 means 6), and units beyond are clipped. Gradients pass
   * as if nothing had been rounded, and not at all through clipped units. Lorenzen, Igel & Nielsen 2022 do the same
   * with ranges that follow the largest activations; fixed ones keep the alphabet of T through the whole run. */
  int64_t quantize_bits;
  double quantize_range;

  /* The output layer that is logged takes as many values, over [0, 1] (softmax, sigmoid) or [-r, r] (linear). Loss,
   * accuracy and gradients are those of the output before it is rounded. */
  bool quantize_output;

  /* Noise on hidden units t, of at most one kind; eps is standard normal, of its own for every unit and sample.
   * noise_variance v: t + sqrt(v) eps, in training and afterwards (Goldfeld et al. 2019). multiplicative_noise a:
   * t (1 + sqrt(a) eps), in training and afterwards (Gaussian dropout; Srivastava et al. 2014, section 10). dropout p:
   * t becomes 0 with probability p, else t / (1 - p), in training and in activations (ip_network_forward), but
   * ip_network_evaluate has no such noise. 0: none. Pooling has no noise of its own. */
  double noise_variance, multiplicative_noise, dropout;
  const size_t *noise_layers; // (n_noise_layers) the noisy layers, from 1, strictly increasing; none: all hidden ones
  size_t n_noise_layers;
} ip_network_options;

/* Valid ranges of the numeric options, for these structs and for the keys of a configuration. */
#define IP_RANGE_HIDDEN "[1, 100000]"
#define IP_RANGE_WEIGHT_SCALE "(0, inf)"
#define IP_RANGE_QUANTIZE_BITS "[0, 16]"
#define IP_RANGE_QUANTIZE_RANGE "(0, inf)"
#define IP_RANGE_NOISE_VARIANCE "[0, inf)"
#define IP_RANGE_MULTIPLICATIVE_NOISE "[0, inf)"
#define IP_RANGE_DROPOUT "[0, 1)"
#define IP_RANGE_NOISE_LAYERS "[1, 64]"
#define IP_RANGE_LEARNING_RATE "(0, inf)"
#define IP_RANGE_MOMENTUM "[0, 1)"
#define IP_RANGE_BETA1 "[0, 1)"
#define IP_RANGE_BETA2 "[0, 1)"
#define IP_RANGE_EPSILON "(0, inf)"
#define IP_RANGE_WEIGHT_DECAY "[0, inf)"
#define IP_RANGE_MAX_NORM "[0, inf)"
#define IP_RANGE_WARMUP "[0, 1000000000000]"
#define IP_RANGE_STEP_EVERY "[1, 1000000000000]"
#define IP_RANGE_STEP_FACTOR "(0, 1]"
#define IP_RANGE_FINAL_FACTOR "[0, 1]"
#define IP_RANGE_EMA_DECAY "[0, 1)"
#define IP_RANGE_CLIP_NORM "[0, inf)"
#define IP_RANGE_LABEL_SMOOTHING "[0, 1)"
#define IP_RANGE_BETA "[0, inf)"
#define IP_RANGE_EVALUATION_SAMPLES "[1, 65535]"

/* How a network is trained: the keys `training` of a configuration. Epochs, batches, their order and threads are for
 * the caller that loops over them; a network reads the rest. */
typedef struct ip_training_options {
  int64_t epochs, batch_size; /* batch_size 0: all training samples in one batch */
  int64_t updates;            /* total number of updates S, for cosine */
  int64_t threads;            /* 0: as many as the caller has idle cores */
  bool shuffle;               /* a new order every epoch; else one random order, drawn from the seed and kept */
  ip_optimizer optimizer;
  double learning_rate;
  ip_rate_schedule rate_schedule;
  int64_t warmup;               /* updates */
  int64_t step_every;           /* step: updates */
  double step_factor;           /* step */
  double final_factor;          /* cosine */
  double momentum;              /* momentum */
  double beta1, beta2, epsilon; /* adam, adamw; customary 0.9, 0.999, 1e-8 */
  double weight_decay;          /* L2: adds weight_decay/2 * sum of W^2 to the loss; adamw: see there; not of biases */
  double clip_norm;             /* bound c on the norm |g| of the gradient of all parameters, before weight decay: g is
                                   multiplied by min(1, c / (|g| + 1e-6)), torch.nn.utils.clip_grad_norm_; 0: none */
  double max_norm;              /* bound on the norm of every unit's incoming weights after each step; 0: none */
  double ema_decay;             /* mean of the weights m = decay m + (1 - decay) w after each step, at first the initial
                                   weights; it replaces them wherever the network is not trained; 0: none */
  double label_smoothing;       /* e: softmax is trained on (1 - e) t + e / C, C classes (torch.nn.CrossEntropyLoss);
                                   losses that are not of training are those of t */
  ip_squared_error squared_error; /* linear */
  ip_targets targets;             /* for the caller, which has the targets */
  ip_objective objective;         /* all but cross_entropy need a hidden layer, no quantization, no other noise */
  double beta;                    /* weight of the bound on I(X;T) */
  int64_t evaluation_samples;     /* draws of the noise that outputs are averaged over when evaluating; 0 means 1 */
} ip_training_options;

typedef struct ip_network ip_network;

/* Checks options, each alone and together. IP_ECONFIG; messages begin with the name of the key in a configuration,
 * "training.objective: ...". */
ip_status ip_network_check_options(const ip_network_options *network, const ip_training_options *training);

/* The learning rate of update s, see IP_RATE_SCHEDULE_LIST. */
double ip_learning_rate(const ip_training_options *o, uint64_t s);

/* A network with initial weights. Fails on widths of zero, rates that are not finite or out of range (IP_ECONFIG), no
 * memory. */
ip_status ip_network_create(const ip_network_options *network, const ip_training_options *training, size_t n_in,
                            size_t n_out, uint64_t seed, ip_network **out);
void ip_network_destroy(ip_network **net);

/* The threads that passes and steps use from now on; the team stays the caller's. NULL: the calling thread alone. No
 * result depends on it. */
void ip_network_use_team(ip_network *net, ip_team *team);

/* Shape: number of layers with the output layer, widths (of what ip_network_forward gives), the name of what layer k
 * applies ("tanh", "softmax", of pooling "linear"). */
size_t ip_network_n_layers(const ip_network *net);
size_t ip_network_n_in(const ip_network *net);
size_t ip_network_width(const ip_network *net, size_t k);
const char *ip_network_activation_name(const ip_network *net, size_t k);

/* "conv1", "maxpool1", "dense2", "output": the kind of layer k and its number among those of its kind. */
typedef struct ip_network_name {
  char text[32];
} ip_network_name;
ip_network_name ip_network_layer_name(const ip_network *net, size_t k);

/* Number of layers of such a network, the output layer included, by itself and with the products of one sample on its
 * way through them, roughly. `measure` fails where ip_network_create would fail on the layers. */
typedef struct ip_network_size {
  size_t n_layers;
  double products;
} ip_network_size;
size_t ip_network_count_layers(const ip_network_options *o);
ip_status ip_network_measure(const ip_network_options *o, size_t n_in, size_t n_out, ip_network_size *size);

/* All parameters (with ema_decay the trained ones, not their mean) in one block, layer by layer W_k then b_k, to be
 * read or changed; and where layer k's are in it. The noisy layer of vib has (2 width_k, width_{k-1}) weights and 2
 * width_k biases, those of mu first; layer_norm adds width_k gains and as many shifts after the biases of a hidden
 * layer; nib adds the logarithm of its variance as the last parameter. */
size_t ip_network_n_parameters(const ip_network *net);
float *ip_network_parameters(ip_network *net);        /* (n_parameters) */
float *ip_network_weights(ip_network *net, size_t k); /* (width_k, width_{k-1}); see above for convolutions */
float *ip_network_biases(ip_network *net, size_t k);  /* (width_k); a convolution's (channels) */

/* One step of the optimizer on the objective over the samples index[0..n-1] (NULL: 0..n-1) of x and target, n >= 1.
 * loss_sum (NULL saves the time): n times the objective before the step, in nats; not finite when training diverged.
 */
ip_status ip_network_train_batch(ip_network *net, const float *x /* (N, n_in) */, const float *target /* (N, n_out) */,
                                 const uint32_t *index /* (n) */, size_t n, double *loss_sum);

/* From now on, batches whose rows are index[i ..] of these n are the same samples of the same x and target each time,
 * as without shuffling. They stay in memory as networks need them, if that is at most 16 MiB. `index` must live as
 * long. */
ip_status ip_network_keep_batches(ip_network *net, const uint32_t *index /* (n) */, size_t n);

/* The gradient of that objective (without weight decay) in the order of the parameters, and no step. */
ip_status ip_network_gradient(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t n,
                              float *gradient /* (n_parameters) */, double *loss_sum);

/* Activations of the rows of x: t[k] (n, width_k) row-major, or NULL if layer k is not requested. */
ip_status ip_network_forward(ip_network *net, const float *x /* (n, n_in) */, size_t n, float *const *t /* (L) */);

/* The draw without any noise on hidden units; not for the noise of vib and nib. */
enum { IP_DRAW_NONE = 65535 };

/* The same for rows index[0..n-1] (NULL: 0..n-1) of x, with the noise of draw 0, 1, ... 65534 (`forward` has draw 0),
 * or without noise (IP_DRAW_NONE); mean[k] (or mean NULL) are the units of layer k before its own noise or before they
 * are quantized, after the noise of the layers below. The noise of a row follows from the seed, the number of steps
 * taken, the draw and the row's number.
 */
ip_status ip_network_sample(ip_network *net, const float *x /* (N, n_in) */, const uint32_t *index, size_t n,
                            uint32_t draw, float *const *t /* (L) */, float *const *mean /* (L) */);

/* Mean loss of the output layer in nats and accuracy over the samples index[0..n-1] (NULL: 0..n-1), n >= 1. The
 * predicted class has the largest output, the first one among equals. A single sigmoid or linear unit predicts class 1
 * if it exceeds 1/2, else class 0. With several draws of the noise, the loss is their mean, and the mean outputs give
 * the class. Networks with dropout are evaluated without it. */
ip_status ip_network_evaluate(ip_network *net, const float *x /* (N, n_in) */, const float *target /* (N, n_out) */,
                              const int32_t *y /* (N) */, const uint32_t *index /* (n) */, size_t n, double *loss,
                              double *accuracy);

/* Loss of the output layer in nats and rightness, as above, of each sample under one draw of the noise. */
typedef struct ip_network_verdict {
  const float *target; // (n, n_out)
  const int32_t *y;    // (n)
  double *loss;        // (n) to be filled
  bool *right;         // (n) to be filled
} ip_network_verdict;

/* ip_network_sample of all rows with draw 0, and in the same pass the verdict on each of them. */
ip_status ip_network_observe(ip_network *net, const float *x /* (n, n_in) */, size_t n, float *const *t /* (L) */,
                             float *const *mean /* (L) */, const ip_network_verdict *verdict);

/* Whether the logged outputs are rounded, unlike those that loss and accuracy are of, which are the `mean` of the
 * output layer. */
bool ip_network_rounds_output(const ip_network *net);

/* Whether the result of ip_network_evaluate differs from that of draw 0: it averages over several draws of the noise,
 * or leaves out dropout. And whether it does the latter. */
bool ip_network_averages(const ip_network *net);
bool ip_network_has_dropout(const ip_network *net);

/* Whether layer k adds noise to its units, and `mean` of it are the units before that; not where its units are pooled
 * for readers. */
bool ip_network_layer_is_noisy(const ip_network *net, size_t k);

/* What the objective consists of, over any set of samples. */
typedef struct ip_network_terms {
  double loss, accuracy; /* H: mean loss of the output layer, nats; accuracy NaN without y */
  double rate;           /* I: the bound on I(X;T), nats; 0 for cross_entropy */
  double objective;      /* H + beta I, or H + beta I^2 */
  double noise_variance; /* nib: the trained variance; else that of the options */
} ip_network_terms;

/* Loss and accuracy as of ip_network_evaluate; y may be NULL. The bound of nib is taken over blocks of at most 1024
 * samples, as equal as can be, and their mean is given: over m samples it cannot exceed ln m, and it costs m^2. */
ip_status ip_network_evaluate_terms(ip_network *net, const float *x /* (N, n_in) */, const float *target,
                                    const int32_t *y, const uint32_t *index /* (n) */, size_t n, ip_network_terms *out);

/* The bound of nib over all n samples at once, in nats; IP_EINVAL for other objectives. It cannot exceed ln n, and
 * costs n^2. Source: Kolchinsky & Tracey 2017, equation 10, with one component for each sample. */
ip_status ip_network_rate(ip_network *net, const float *x /* (N, n_in) */, const uint32_t *index /* (n) */, size_t n,
                          double *rate);

/* Frobenius norm of the weights of each layer, without biases; NaN for pooling, which has none. */
void ip_network_weight_norms(const ip_network *net, double *norm /* (L) */);

/* Statistics of the batch gradients of the weights (of the loss, without weight decay and biases): every train_batch
 * after `begin` counts. `end` gives, per layer, the Frobenius norm of their mean over the batches and that of their
 * standard deviation (divisor: number of batches), as in Shwartz-Ziv & Tishby 2017, figure 4; 0 when there was no
 * batch, NaN for pooling. */
ip_status ip_network_gradient_begin(ip_network *net);
void ip_network_gradient_end(ip_network *net, double *mean_norm /* (L) */, double *std_norm /* (L) */);

/* Everything training changes (parameters, moments of the optimizer, mean of the parameters, number of steps) as one
 * block of bytes, for checkpoints on the same kind of machine. `set` fails on a block of another network's size. */
size_t ip_network_state_size(const ip_network *net);
void ip_network_state_get(const ip_network *net, void *state);
ip_status ip_network_state_set(ip_network *net, const void *state, size_t size);

#endif
