/* reference_conv.h - a network with convolutions in float64, one sample at a time and straight from the definitions. */
#ifndef IP_NETWORK_TEST_REFERENCE_CONV_H
#define IP_NETWORK_TEST_REFERENCE_CONV_H

#include "network/test/reference.h"

enum { REFERENCE_IMAGE = 10400 };

typedef struct reference_layer {
  ip_layer_kind kind;
  size_t channels, kernel, stride, padding; /* dense: units; pooling: kernel is the size */
} reference_layer;

typedef struct reference_image {
  size_t channels, height, width;
  double at[REFERENCE_IMAGE];
} reference_image;

static inline size_t reference_place(const reference_image *m, size_t c, size_t i, size_t j)
{
  return (c * m->height + i) * m->width + j;
}

/* The number at row i and column j, counted from a corner outside the image by `padding`; 0 there. */
static inline double reference_pixel(const reference_image *m, size_t padding, size_t c, size_t i, size_t j)
{
  bool inside = i >= padding && j >= padding && i - padding < m->height && j - padding < m->width;
  return inside ? m->at[reference_place(m, c, i - padding, j - padding)] : 0;
}

static inline double reference_unit(const reference_layer *l, const reference_image *m, const double *w,
                                    const double *b, size_t c, size_t i, size_t j)
{
  double sum = l->kind == IP_CONV ? b[c] : 0, best = -INFINITY;
  for (size_t from = 0; from < m->channels; from++)
    for (size_t u = 0; u < l->kernel; u++)
      for (size_t v = 0; v < l->kernel; v++) {
        double x = reference_pixel(m, l->padding, from, i * l->stride + u, j * l->stride + v);
        if (l->kind == IP_CONV) sum += *w++ * x;
        if (l->kind != IP_CONV && from == c) sum += x, best = fmax(best, x);
      }
  if (l->kind == IP_MEAN_POOL) return sum / (double)(l->kernel * l->kernel);
  return l->kind == IP_CONV ? sum : best;
}

/* The next image; returns the parameters of the layer after this one. */
static inline const double *reference_step(const reference_layer *l, ip_activation f, const double *w,
                                           const reference_image *m, reference_image *to)
{
  size_t in = m->channels * m->height * m->width;
  if (l->kind == IP_DENSE) {
    *to = (reference_image){.channels = l->channels, .height = 1, .width = 1};
    for (size_t u = 0; u < l->channels; u++) {
      double z = w[l->channels * in + u];
      for (size_t i = 0; i < in; i++) z += w[u * in + i] * m->at[i];
      to->at[u] = reference_activation(f, z);
    }
    return w + l->channels * (in + 1);
  }
  size_t inner = l->kind == IP_CONV ? m->channels * l->kernel * l->kernel : 0;
  *to = (reference_image){.channels = l->kind == IP_CONV ? l->channels : m->channels,
                          .height = (m->height + 2 * l->padding - l->kernel) / l->stride + 1,
                          .width = (m->width + 2 * l->padding - l->kernel) / l->stride + 1};
  const double *b = w + to->channels * inner;
  for (size_t c = 0; c < to->channels; c++)
    for (size_t i = 0; i < to->height; i++)
      for (size_t j = 0; j < to->width; j++) {
        double z = reference_unit(l, m, w + c * inner, b, c, i, j);
        to->at[reference_place(to, c, i, j)] = l->kind == IP_CONV ? reference_activation(f, z) : z;
      }
  return l->kind == IP_CONV ? b + to->channels : w;
}

/* Loss of one sample; t (n_layers + 1) may be NULL, else the images of all layers, the output last. */
static inline double reference_conv_loss(const ip_network_options *o, size_t n_layers, const reference_layer *layer,
                                         size_t n_out, const double *parameter, const float *x, const float *target,
                                         reference_image *t)
{
  static reference_image now, next;
  now = (reference_image){.channels = o->shape[0], .height = o->shape[1], .width = o->shape[2]};
  for (size_t i = 0; i < now.channels * now.height * now.width; i++) now.at[i] = (double)x[i];
  for (size_t k = 0; k <= n_layers; k++) {
    reference_layer last = {.kind = IP_DENSE, .channels = n_out};
    parameter = reference_step(k < n_layers ? &layer[k] : &last, k < n_layers ? o->activation : IP_LINEAR, parameter,
                               &now, &next);
    now = next;
    if (t) t[k] = now;
  }
  double loss = reference_output(o->output, n_out, now.at, target);
  if (t) t[n_layers] = now;
  return loss;
}

#endif
