#include "network/inside.h"

#include "num/sum.h"

/* to (n, width) = the first n columns of t (width, columns). */
static void scatter_rows(size_t width, size_t n, size_t columns, const float *t, float *to)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) to[i * width + j] = t[j * columns + i];
}

ip_status ip_network_forward(ip_network *net, const float *x, size_t n, float *const *t)
{
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, NULL, NULL, from, m, columns);
    ip_pass_forward(net, columns, false);
    for (size_t k = 0; k < net->n_layers; k++) {
      size_t width = net->layer[k].out;
      if (t[k]) scatter_rows(width, m, columns, net->layer[k].t, t[k] + from * width);
    }
  }
  return IP_OK;
}

/* Whether column i of the outputs (width, columns) says class y; of equal outputs the first counts, NaN is never right.
 */
static bool is_right(const ip_network *net, size_t columns, size_t i, int32_t y)
{
  const ip_layer *layer = &net->layer[net->n_layers - 1];
  const float *t = layer->t + i;
  if (layer->out == 1 && net->output != IP_OUTPUT_SOFTMAX) return t[0] > 0.5f ? y == 1 : t[0] <= 0.5f && y == 0;
  size_t best = 0;
  for (size_t c = 0; c < layer->out; c++) {
    if (t[c * columns] != t[c * columns]) return false;
    if (t[c * columns] > t[best * columns]) best = c;
  }
  return y >= 0 && (size_t)y == best;
}

ip_status ip_network_evaluate(ip_network *net, const float *x, const float *target, const int32_t *y,
                              const uint32_t *index, size_t n, double *loss, double *accuracy)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "there are no samples to evaluate the network on");
  ip_sum sum = {0};
  size_t n_right = 0;
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, target, index, from, m, columns);
    ip_pass_forward(net, columns, true);
    for (size_t i = 0; i < m; i++) {
      ip_sum_add(&sum, net->loss[i]);
      n_right += is_right(net, columns, i, y[index ? index[from + i] : from + i]);
    }
  }
  *loss = ip_sum_value(&sum) / (double)n;
  *accuracy = (double)n_right / (double)n;
  return IP_OK;
}
