/* inside.h - what a network is made of; for the files of this folder only.
 *
 * Samples stand in columns (see num/affine.h), `chunk` at a time, so memory depends on the widths alone. Everything a
 * step needs is allocated once.
 */
#ifndef IP_NETWORK_INSIDE_H
#define IP_NETWORK_INSIDE_H

#include "network/network.h"

#include <stdbool.h>

typedef struct ip_layer {
  size_t in, out;         /* of its affine map */
  size_t weights, biases; /* where they begin in the block of parameters */
  float *t;               /* (out, chunk) activations; before ip_activation_apply, z */
  float *side;            /* (out, chunk) sigmoid(z) for activations whose slope needs it, else NULL */
} ip_layer;

struct ip_network {
  ip_activation activation;
  ip_output output;
  ip_training_options training;
  uint64_t seed;
  size_t n_in, n_layers, n_parameters;
  ip_layer *layer; /* (n_layers) */

  float *state;                      /* (1 + n_moments, n_parameters) parameters, then what the optimizer remembers */
  size_t n_moments;                  /* 0 sgd, 1 momentum, 2 adam */
  float *parameter, *first, *second; /* (n_parameters) in `state`; NULL where there is none */
  uint64_t n_steps;

  size_t chunk;    /* most columns at a time */
  float *input;    /* (n_in, chunk) */
  float *target;   /* (n_out, chunk) */
  float *delta[2]; /* (largest out, chunk) derivatives of the loss by z of a layer and of the one below */
  float *softmax;  /* (2, chunk) */
  double *loss;    /* (chunk) loss of each sample, in nats */
  float *gradient; /* (n_parameters) */

  bool collecting; /* statistics of gradients, between begin and end */
  size_t n_batches;
  double *gradient_sum; /* (n_parameters) over batches; NULL before the first begin */
  double *square_sum;   /* (n_layers) squared Frobenius norms, over batches */
};

/* pass.c: one chunk through the network. */

/* Brings samples index[from ..] (NULL: from ..) into columns 0 .. n-1, and zeros into the rest up to `columns`; target
 * may be NULL. */
void ip_pass_load(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t from, size_t n,
                  size_t columns);

/* Activations of all layers; with `loss`, of the loaded targets, also net->loss. */
void ip_pass_forward(ip_network *net, size_t columns, bool loss);

/* Adds the gradient of `scale` times the sum of the losses of columns 0 .. n-1 to `gradient`. */
void ip_pass_backward(ip_network *net, size_t n, size_t columns, float scale, float *gradient);

/* Columns to compute for n samples. */
size_t ip_pass_columns(size_t n);

/* activation.c: f over n numbers in place, z becomes f(z); and d times f'(z), from t = f(z) and what `apply` left in
 * `side`. */
bool ip_activation_has_side(ip_activation kind);
void ip_activation_apply(ip_activation kind, size_t n, float *z, float *side);
void ip_activation_pull_back(ip_activation kind, size_t n, const float *t, const float *side, float *d);

/* output.c: the output layer in place, z (width, columns) becomes y; with target (else NULL) also the loss in nats of
 * each column. d = scale (y - target) is the derivative of `scale` times the loss by z, for all three kinds. */
void ip_output_apply(ip_output kind, size_t width, size_t columns, float *z, const float *target, double *loss,
                     float *work /* (2, columns) */);
void ip_output_delta(size_t width, size_t n, size_t columns, const float *y, const float *target, float scale,
                     float *d);

/* initialiser.c: weights (out, in) of layer k. */
ip_status ip_initialiser_draw(ip_initialiser kind, uint64_t seed, size_t k, size_t out, size_t in, float *w);

/* optimizer.c: a step along net->gradient, with weight decay and max-norm. */
size_t ip_optimizer_n_moments(ip_optimizer kind);
void ip_optimizer_step(ip_network *net);

/* options.c: IP_ECONFIG with the reason when a network cannot be made of this. */
ip_status ip_network_check(const ip_network_options *network, const ip_training_options *training, size_t n_in,
                           size_t n_out);

#endif
