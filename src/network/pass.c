#include "network/inside.h"

#include "num/affine.h"
#include "num/rows.h"

size_t ip_pass_columns(size_t n)
{
  return (n + IP_COLUMNS - 1) / IP_COLUMNS * IP_COLUMNS;
}

void ip_pass_load(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t from, size_t n,
                  size_t columns)
{
  const uint32_t *row = index ? index + from : NULL;
  size_t n_out = net->layer[net->n_layers - 1].out, first = index ? 0 : from;
  ip_rows_gather(net->n_in, n, x + first * net->n_in, row, columns, net->input);
  if (target) ip_rows_gather(n_out, n, target + first * n_out, row, columns, net->target);
  net->row_index = index;
  net->row_first = from;
  net->n_rows = n;
}

static void affine(ip_network *net, size_t k, size_t columns)
{
  const ip_layer *layer = &net->layer[k];
  const float *w = net->parameter + layer->weights, *b = net->parameter + layer->biases;
  ip_affine_forward(layer->out, layer->in, columns, w, b, k ? layer[-1].t : net->input, layer->z);
}

void ip_pass_forward_to(ip_network *net, size_t last, size_t columns)
{
  for (size_t k = 0; k <= last; k++) {
    affine(net, k, columns);
    if (k == net->bottleneck) {
      ip_bottleneck_forward(net, columns);
    } else {
      ip_hidden_forward(net, k, columns);
    }
  }
}

/* The output layer, from the units of the last hidden one. */
static void forward_output(ip_network *net, size_t columns, bool loss)
{
  size_t last = net->n_layers - 1;
  affine(net, last, columns);
  ip_output_apply(net->output, net->layer[last].out, columns, net->layer[last].z, loss ? net->target : NULL, net->loss,
                  net->softmax);
}

void ip_pass_forward(ip_network *net, size_t columns, bool loss)
{
  if (net->n_layers > 1) ip_pass_forward_to(net, net->n_layers - 2, columns);
  forward_output(net, columns, loss);
}

void ip_pass_redraw(ip_network *net, size_t columns, bool loss)
{
  if (net->noise_sd > 0) {
    ip_pass_forward(net, columns, loss);
    return;
  }
  if (net->bottleneck < net->n_layers) ip_bottleneck_draw(net, columns);
  forward_output(net, columns, loss);
}

void ip_pass_backward(ip_network *net, size_t from, size_t n, size_t columns, float scale, float *gradient)
{
  size_t last = net->n_layers - 1;
  float *d = net->delta[0], *below = net->delta[1];
  ip_output_delta(net->layer[last].out, n, columns, net->layer[last].t, net->target, scale, d);
  for (size_t k = last;; k--) {
    const ip_layer *layer = &net->layer[k];
    ip_affine_weight_gradient(layer->out, layer->in, columns, d, k ? layer[-1].t : net->input,
                              gradient + layer->weights, gradient + layer->biases);
    if (k == 0) return;
    ip_affine_input_gradient(layer->out, layer->in, columns, net->parameter + layer->weights, d, below);
    if (k - 1 == net->bottleneck) {
      ip_bottleneck_backward(net, from, n, columns, scale, below, gradient);
    } else {
      ip_hidden_backward(net, k - 1, columns, below);
    }
    float *swap = d;
    d = below, below = swap;
  }
}
