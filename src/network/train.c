#include "network/inside.h"

#include "base/mem.h"
#include "num/flush.h"
#include "num/sum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void ip_batches_release(ip_batches *b)
{
  ip_free(b->at);
  ip_free(b->column);
  *b = (ip_batches){0};
}

/* The units f of a batch that takes several chunks, all of which the bound of nib needs before the first derivative. */
static void collect_units(ip_network *net, const float *x, const uint32_t *index, size_t n)
{
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, NULL, index, from, m, columns);
    ip_pass_forward_to(net, net->bottleneck, columns);
    ip_rate_collect(net, from, m, columns);
  }
}

/* The bound of nib; unit_delta becomes the derivative of the objective by f, *by_variance that by the logarithm of the
 * variance. */
static double derive_rate(ip_network *net, size_t n, float *by_variance)
{
  double by_log_variance, rate = ip_rate_bound(net, n, true, &by_log_variance), weight = ip_rate_weight(net, rate);
  size_t size = net->layer[net->bottleneck].width * net->n_units;
  for (size_t i = 0; i < size; i++) net->unit_delta[i] *= (float)weight;
  *by_variance += (float)(weight * by_log_variance);
  return rate;
}

static ip_status compute_gradient(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t n,
                                  float *gradient, double *loss_sum)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "a batch without samples has no gradient");
  ip_sum loss = {0}, rate_sum = {0};
  double rate = 0;
  bool pairs = ip_rate_is_on(net);
  float *by_variance = &gradient[net->n_parameters - 1];
  if (pairs) *by_variance = 0;
  ip_noise_for_step(net);
  if (pairs) IP_TRY(ip_rate_reserve(net, n));
  if (pairs && n > net->chunk) {
    collect_units(net, x, index, n);
    rate = derive_rate(net, n, by_variance);
  }
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    bool is_new = ip_pass_load(net, x, target, index, from, m, columns);
    if (is_new && net->training.label_smoothing > 0)
      ip_output_smooth(net->layer[net->n_layers - 1].out, columns, net->training.label_smoothing, net->target);
    ip_pass_forward(net, columns, loss_sum != NULL);
    if (pairs && n <= net->chunk) {
      ip_rate_collect(net, 0, n, columns);
      rate = derive_rate(net, n, by_variance);
    }
    ip_pass_backward(net, from, m, columns, 1.0f / (float)n, gradient);
    if (!loss_sum) continue;
    for (size_t i = 0; i < m; i++) ip_sum_add(&loss, net->loss[i]);
    if (net->training.objective == IP_VIB) ip_sum_add(&rate_sum, ip_bottleneck_rate_sum(net, m, columns));
  }
  if (net->training.objective == IP_VIB) rate = ip_sum_value(&rate_sum) / (double)n;
  if (loss_sum) *loss_sum = (double)n * ip_rate_objective(net, ip_sum_value(&loss) / (double)n, rate);
  return IP_OK;
}

ip_status ip_network_gradient(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t n,
                              float *gradient, double *loss_sum)
{
  uint64_t flags = ip_flush_begin();
  ip_status st = compute_gradient(net, x, target, index, n, gradient, loss_sum);
  ip_flush_end(flags);
  return st;
}

/* Adds the batch's gradient to the statistics. Only the squared norm of each layer is needed beside the sum, for the
 * sum over weights of their variances is the mean of |g|^2 less |mean g|^2. */
static void collect(ip_network *net)
{
  for (size_t k = 0; k < net->n_layers; k++) {
    const ip_layer *layer = &net->layer[k];
    const float *restrict g = net->gradient + layer->weights;
    double *restrict sum = net->gradient_sum + layer->weights;
    double square[4] = {0};
    size_t n = layer->out * layer->in, i = 0;
    for (; i + 4 <= n; i += 4)
      for (size_t j = 0; j < 4; j++) {
        double v = (double)g[i + j];
        sum[i + j] += v;
        square[j] += v * v;
      }
    for (; i < n; i++) {
      double v = (double)g[i];
      sum[i] += v;
      square[0] += v * v;
    }
    net->square_sum[k] += (square[0] + square[2]) + (square[1] + square[3]);
  }
  net->n_batches++;
}

static ip_status train_batch(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t n,
                             double *loss_sum)
{
  IP_TRY(ip_network_gradient(net, x, target, index, n, net->gradient, loss_sum));
  if (net->collecting) collect(net);
  ip_optimizer_step(net);
  return IP_OK;
}

ip_status ip_network_train_batch(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t n,
                                 double *loss_sum)
{
  uint64_t flags = ip_flush_begin();
  ip_status st = train_batch(net, x, target, index, n, loss_sum);
  ip_flush_end(flags);
  return st;
}

ip_status ip_network_keep_batches(ip_network *net, const uint32_t *index, size_t n)
{
  enum { MOST_BYTES = 1 << 24 };
  ip_batches *b = &net->batches;
  size_t n_out = net->layer[net->n_layers - 1].out, bytes = (net->n_in + n_out) * sizeof *b->column;
  ip_batches_release(b);
  size_t room = 2 * n + net->chunk; /* batches end in columns that are empty */
  if (room > MOST_BYTES / bytes) return IP_OK;
  ip_status st = IP_NEW(b->at, n, "batches");
  if (st == IP_OK) st = IP_NEW(b->column, room * (net->n_in + n_out), "batches");
  if (st != IP_OK) {
    ip_batches_release(b);
    return st;
  }
  b->index = index;
  b->n = n;
  b->room = room;
  return IP_OK;
}

ip_status ip_network_gradient_begin(ip_network *net)
{
  if (!net->square_sum) IP_TRY(IP_NEW(net->square_sum, net->n_layers, "gradient statistics"));
  if (!net->gradient_sum) IP_TRY(IP_NEW(net->gradient_sum, net->n_parameters, "gradient statistics"));
  memset(net->square_sum, 0, net->n_layers * sizeof *net->square_sum);
  memset(net->gradient_sum, 0, net->n_parameters * sizeof *net->gradient_sum);
  net->n_batches = 0;
  net->collecting = true;
  return IP_OK;
}

void ip_network_gradient_end(ip_network *net, double *mean_norm, double *std_norm)
{
  assert(net->collecting);
  net->collecting = false;
  for (size_t k = 0; k < net->n_layers; k++) {
    const ip_layer *layer = &net->layer[k];
    const double *sum = net->gradient_sum + layer->weights;
    double b = (double)net->n_batches, square[4] = {0};
    for (size_t i = 0; i < layer->out * layer->in; i++) square[i % 4] += sum[i] * sum[i];
    double total = (square[0] + square[2]) + (square[1] + square[3]);
    if (ip_layer_pools(layer)) {
      mean_norm[k] = std_norm[k] = NAN;
      continue;
    }
    mean_norm[k] = net->n_batches ? sqrt(total) / b : 0;
    double variance = net->n_batches ? net->square_sum[k] / b - total / (b * b) : 0;
    std_norm[k] = variance < 0 ? 0 : sqrt(variance);
  }
}

void ip_network_weight_norms(const ip_network *net, double *norm)
{
  for (size_t k = 0; k < net->n_layers; k++) {
    const ip_layer *layer = &net->layer[k];
    const float *w = (net->mean && net->n_steps > 0 ? net->mean : net->parameter) + layer->weights;
    ip_sum sum = {0};
    for (size_t i = 0; i < layer->out * layer->in; i++) ip_sum_add(&sum, (double)w[i] * (double)w[i]);
    norm[k] = ip_layer_pools(layer) ? (double)NAN : sqrt(ip_sum_value(&sum));
  }
}
