#include "network/inside.h"

#include "base/mem.h"
#include "num/affine.h"
#include "num/conv.h"

#include <string.h>

/* A convolution is the dense product of its weights with the patch below every position of its output. Its derivative
 * by the input is another one, of the derivatives by the output with zeros around them: with stride s the positions of
 * the input fall into s x s phases, by what they and the padding leave when divided by s, and those of a phase have the
 * weights (ky, kx) of the same remainders. */
struct ip_conv_scratch {
  size_t *offset;  // (most inner) rows of a patch of the input
  size_t *tap;     // (most channels * kernel^2) rows of a patch of the derivatives, phase by phase
  float *flipped;  // (the same, most channels below) their weights
  float *padded_d; // (largest, chunk) derivatives by z, with zeros around them
};

/* One axis of a phase: the first position of the image below and how many there are, every `stride`-th; how many
 * weights they have; and where in the padded derivatives the first weight of the first position reads. */
typedef struct axis {
  size_t first, n, n_taps, base;
} axis;

/* Zeros before the derivatives: the most that a position of the image below reaches out of the output. */
static size_t margin(const ip_layer_plan *p)
{
  return (p->kernel - 1 - p->padding) / p->stride;
}

static size_t padded_length(const ip_layer_plan *p, size_t below, size_t out)
{
  size_t last = (below - 1 + p->padding) / p->stride;
  return margin(p) + (last + 1 > out ? last + 1 : out);
}

static ip_image padded_derivatives(const ip_layer_plan *p)
{
  return (ip_image){p->to.channels, padded_length(p, p->from.height, p->to.height),
                    padded_length(p, p->from.width, p->to.width)};
}

static axis axis_of(const ip_layer_plan *p, size_t length, size_t phase)
{
  size_t s = p->stride, first = (phase + s - p->padding % s) % s;
  return (axis){.first = first,
                .n = first < length ? (length - first + s - 1) / s : 0,
                .n_taps = phase < p->kernel ? (p->kernel - phase + s - 1) / s : 0,
                .base = (first + p->padding - phase) / s + margin(p)};
}

/* ---------------------------------------------------------------- memory */

static void at_least(size_t *most, size_t n)
{
  if (n > *most) *most = n;
}

static ip_status reserve_padded(ip_network *net, ip_layer *layer)
{
  const ip_layer_plan *p = &layer->plan;
  layer->padded_image = (ip_image){p->from.channels, p->from.height + 2 * p->padding, p->from.width + 2 * p->padding};
  if (p->padding == 0) return IP_OK;
  return IP_NEW(layer->padded, ip_image_size(layer->padded_image) * net->chunk, "padded inputs");
}

ip_status ip_conv_reserve(ip_network *net)
{
  size_t inner = 0, taps = 0, flipped = 0, d = 0;
  for (size_t k = 0; k < net->n_layers; k++) {
    ip_layer *layer = &net->layer[k];
    if (layer->plan.kind != IP_CONV) continue;
    IP_TRY(reserve_padded(net, layer));
    at_least(&inner, layer->in);
    if (k == 0) continue;
    at_least(&taps, layer->out * layer->plan.kernel * layer->plan.kernel);
    at_least(&flipped, layer->out * layer->in);
    at_least(&d, ip_image_size(padded_derivatives(&layer->plan)) * net->chunk);
  }
  if (!inner) return IP_OK;
  IP_TRY(IP_NEW(net->conv, 1, "convolutions"));
  IP_TRY(IP_NEW(net->conv->offset, inner, "convolutions"));
  if (!taps) return IP_OK;
  IP_TRY(IP_NEW(net->conv->tap, taps, "convolutions"));
  IP_TRY(IP_NEW(net->conv->flipped, flipped, "convolutions"));
  return IP_NEW(net->conv->padded_d, d, "padded derivatives");
}

void ip_conv_release(ip_network *net)
{
  if (!net->conv) return;
  ip_free(net->conv->offset);
  ip_free(net->conv->tap);
  ip_free(net->conv->flipped);
  ip_free(net->conv->padded_d);
  ip_free(net->conv);
  net->conv = NULL;
}

/* ---------------------------------------------------------------- images */

/* y (to, columns) = the image x (from, columns), `before` rows and columns from its beginning, and zeros around it. */
static void embed(ip_image from, ip_image to, size_t before, size_t columns, const float *x, float *y)
{
  size_t row = from.width * columns, left = before * columns, wide = to.width * columns, right = wide - left - row;
  for (size_t c = 0; c < from.channels; c++) {
    memset(y, 0, before * wide * sizeof *y);
    y += before * wide;
    for (size_t i = 0; i < from.height; i++, x += row, y += wide) {
      memset(y, 0, left * sizeof *y);
      memcpy(y + left, x, row * sizeof *y);
      memset(y + left + row, 0, right * sizeof *y);
    }
    size_t after = to.height - before - from.height;
    memset(y, 0, after * wide * sizeof *y);
    y += after * wide;
  }
}

static const float *input_of(const ip_network *net, size_t k)
{
  if (net->layer[k].padded) return net->layer[k].padded;
  return k ? net->layer[k - 1].t : net->input;
}

/* Where the rows of a patch are, from the first position of the image on. */
static void list_offsets(const ip_network *net, size_t k, size_t columns)
{
  const ip_layer *layer = &net->layer[k];
  ip_image image = layer->padded_image;
  size_t *to = net->conv->offset, kernel = layer->plan.kernel;
  for (size_t c = 0; c < image.channels; c++)
    for (size_t i = 0; i < kernel; i++)
      for (size_t j = 0; j < kernel; j++) *to++ = ((c * image.height + i) * image.width + j) * columns;
}

/* Rows of the output; with stride 1 the positions of a row are neighbours in both images. */
static ip_blocks blocks_of(const ip_layer *layer, size_t columns, size_t n_rows)
{
  const ip_layer_plan *p = &layer->plan;
  bool one = p->stride == 1;
  return (ip_blocks){.rows = n_rows,
                     .n = one ? 1 : p->to.width,
                     .length = one ? p->to.width * columns : columns,
                     .x_row = p->stride * layer->padded_image.width * columns,
                     .x_block = p->stride * columns,
                     .y_row = p->to.width * columns,
                     .y_block = columns};
}

/* ---------------------------------------------------------------- passes */

void ip_conv_begin(ip_network *net, size_t k, size_t columns)
{
  const ip_layer *layer = &net->layer[k];
  list_offsets(net, k, columns);
  if (layer->padded)
    embed(layer->plan.from, layer->padded_image, layer->plan.padding, columns, k ? net->layer[k - 1].t : net->input,
          layer->padded);
}

void ip_conv_forward(ip_network *net, size_t k, size_t columns, size_t first, size_t end)
{
  const ip_layer *layer = &net->layer[k];
  const ip_layer_plan *p = &layer->plan;
  ip_blocks b = blocks_of(layer, columns, 1);
  size_t area = p->to.height * p->to.width;
  for (size_t i = first; i < end; i++) {
    ip_conv_combine(layer->out, (ip_patch){layer->in, net->conv->offset}, b, net->parameter + layer->weights, layer->in,
                    1, net->parameter + layer->biases, input_of(net, k) + i * b.x_row, layer->z + i * b.y_row,
                    area * columns);
    for (size_t c = 0; c < layer->out; c++) {
      size_t at = c * area + i * p->to.width;
      ip_hidden_activate(net, k, columns, at, at + p->to.width);
    }
  }
}

/* The weights of a phase, one after the other, and where each reads. */
static void list_taps(const ip_layer *layer, const float *w, size_t columns, axis y, axis x, size_t phase_y,
                      size_t phase_x, size_t *tap, float *flipped)
{
  const ip_layer_plan *p = &layer->plan;
  ip_image d = padded_derivatives(p);
  size_t area = p->kernel * p->kernel, below = p->from.channels;
  for (size_t c = 0; c < layer->out; c++)
    for (size_t i = 0; i < y.n_taps; i++)
      for (size_t j = 0; j < x.n_taps; j++, flipped += below) {
        *tap++ = ((c * d.height + y.base - i) * d.width + x.base - j) * columns;
        const float *from = w + c * layer->in + (phase_y + i * p->stride) * p->kernel + phase_x + j * p->stride;
        for (size_t b = 0; b < below; b++) flipped[b] = from[b * area];
      }
}

void ip_conv_begin_gradients(ip_network *net, size_t k, size_t columns, const float *d)
{
  const ip_layer *layer = &net->layer[k];
  const ip_layer_plan *p = &layer->plan;
  list_offsets(net, k, columns);
  if (k == 0) return;
  embed(p->to, padded_derivatives(p), margin(p), columns, d, net->conv->padded_d);
  size_t at = 0;
  for (size_t i = 0; i < p->stride; i++)
    for (size_t j = 0; j < p->stride; j++) {
      axis y = axis_of(p, p->from.height, i), x = axis_of(p, p->from.width, j);
      list_taps(layer, net->parameter + layer->weights, columns, y, x, i, j, net->conv->tap + at,
                net->conv->flipped + at * p->from.channels);
      at += layer->out * y.n_taps * x.n_taps;
    }
}

void ip_conv_weight_gradient(ip_network *net, size_t k, size_t columns, size_t first, size_t end, bool add,
                             const float *d, float *gradient)
{
  const ip_layer *layer = &net->layer[k];
  const ip_layer_plan *p = &layer->plan;
  size_t length = p->to.height * p->to.width * columns;
  float *gw = gradient + layer->weights, *gb = gradient + layer->biases;
  ip_conv_correlate(layer->out, (ip_patch){layer->in, net->conv->offset}, first, end,
                    blocks_of(layer, columns, p->to.height), add, input_of(net, k), d, length, gw);
  if (first == 0) ip_affine_weight_gradient(layer->out, 0, length, add, d, d, gb, gb);
}

void ip_conv_input_gradient(ip_network *net, size_t k, size_t columns, size_t part, size_t n, float *below)
{
  const ip_layer *layer = &net->layer[k];
  const ip_layer_plan *p = &layer->plan;
  ip_image d = padded_derivatives(p);
  bool one = p->stride == 1;
  size_t at = 0;
  for (size_t i = 0; i < p->stride; i++)
    for (size_t j = 0; j < p->stride; j++) {
      axis y = axis_of(p, p->from.height, i), x = axis_of(p, p->from.width, j);
      size_t first = y.n * part / n, end = y.n * (part + 1) / n, taps = layer->out * y.n_taps * x.n_taps;
      ip_blocks b = {.rows = end - first,
                     .n = one ? 1 : x.n,
                     .length = one ? x.n * columns : columns,
                     .x_row = d.width * columns,
                     .x_block = columns,
                     .y_row = p->stride * p->from.width * columns,
                     .y_block = p->stride * columns};
      ip_conv_combine(p->from.channels, (ip_patch){taps, net->conv->tap + at}, b,
                      net->conv->flipped + at * p->from.channels, 1, p->from.channels, NULL,
                      net->conv->padded_d + first * b.x_row,
                      below + (y.first * p->from.width + x.first) * columns + first * b.y_row,
                      p->from.height * p->from.width * columns);
      at += taps;
    }
}
