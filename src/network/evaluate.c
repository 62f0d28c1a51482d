#include "network/inside.h"

#include "num/flush.h"
#include "num/rows.h"
#include "num/sum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Samples that the pairwise bound is taken over at a time. */
enum { RATE_BLOCK = 1024 };

/* What an evaluation changes until it ends: denormal numbers are 0, and the mean of the weights, where there is one, is
 * what layers are computed with. */
typedef struct {
  uint64_t flags;
  float *trained;
} entered;

static entered enter(ip_network *net)
{
  entered in = {ip_flush_begin(), net->parameter};
  if (net->mean && net->n_steps > 0) net->parameter = net->mean;
  return in;
}

static void leave(ip_network *net, entered in)
{
  net->parameter = in.trained;
  ip_flush_end(in.flags);
}

/* Whether column i of the outputs (width, columns) says class y; of equal outputs the first counts, NaN is never right.
 */
static bool is_right(const ip_network *net, const float *output, size_t columns, size_t i, int32_t y)
{
  size_t width = net->layer[net->n_layers - 1].width, best = 0;
  const float *t = output + i;
  if (width == 1 && net->output != IP_OUTPUT_SOFTMAX) return t[0] > 0.5f ? y == 1 : t[0] <= 0.5f && y == 0;
  for (size_t c = 0; c < width; c++) {
    if (t[c * columns] != t[c * columns]) return false;
    if (t[c * columns] > t[best * columns]) best = c;
  }
  return y >= 0 && (size_t)y == best;
}

/* Loss and rightness of each sample of the chunk that has just passed. */
static void judge(const ip_network *net, size_t from, size_t n, size_t columns, const ip_network_verdict *v)
{
  memcpy(v->loss + from, net->loss, n * sizeof *v->loss);
  for (size_t i = 0; i < n; i++)
    v->right[from + i] = is_right(net, net->layer[net->n_layers - 1].z, columns, i, v->y[from + i]);
}

static ip_status sample(ip_network *net, const float *x, const uint32_t *index, size_t n, uint32_t draw,
                        float *const *t, float *const *mean, const ip_network_verdict *v)
{
  assert(draw <= IP_DRAW_NONE);
  net->noise_off = draw == IP_DRAW_NONE;
  ip_noise_for_draw(net, net->noise_off ? 0 : draw);
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, v ? v->target : NULL, index, from, m, columns);
    ip_pass_forward(net, columns, v != NULL);
    if (v) judge(net, from, m, columns, v);
    for (size_t k = 0; k < net->n_layers; k++) {
      const ip_layer *layer = &net->layer[k];
      size_t width = ip_network_width(net, k), at = from * width;
      if (t && t[k]) ip_rows_scatter(width, m, columns, ip_positions_read(net, k, columns, layer->t), t[k] + at);
      if (mean && mean[k])
        ip_rows_scatter(width, m, columns, ip_positions_read(net, k, columns, layer->z), mean[k] + at);
    }
  }
  net->noise_off = false;
  return IP_OK;
}

ip_status ip_network_sample(ip_network *net, const float *x, const uint32_t *index, size_t n, uint32_t draw,
                            float *const *t, float *const *mean)
{
  entered in = enter(net);
  ip_status st = sample(net, x, index, n, draw, t, mean, NULL);
  leave(net, in);
  return st;
}

ip_status ip_network_observe(ip_network *net, const float *x, size_t n, float *const *t, float *const *mean,
                             const ip_network_verdict *verdict)
{
  entered in = enter(net);
  ip_status st = sample(net, x, NULL, n, 0, t, mean, verdict);
  leave(net, in);
  return st;
}

bool ip_network_rounds_output(const ip_network *net)
{
  return net->quantize_output;
}

/* Draws of the noise that evaluation averages over. */
static uint32_t n_draws(const ip_network *net)
{
  bool many = ip_noise_is_on(net) && !ip_network_has_dropout(net) && net->training.evaluation_samples > 1;
  return many ? (uint32_t)net->training.evaluation_samples : 1;
}

bool ip_network_averages(const ip_network *net)
{
  return ip_network_has_dropout(net) || n_draws(net) > 1;
}

ip_status ip_network_forward(ip_network *net, const float *x, size_t n, float *const *t)
{
  return ip_network_sample(net, x, NULL, n, 0, t, NULL);
}

/* Sums over samples. */
typedef struct {
  ip_sum loss, rate; /* rate: of vib */
  size_t n_right;
} sums;

/* One chunk: the outputs of every draw are added up in delta[0]. */
static void measure_chunk(ip_network *net, const float *x, const float *target, const int32_t *y, const uint32_t *index,
                          size_t from, size_t n, sums *s)
{
  const ip_layer *last = &net->layer[net->n_layers - 1];
  size_t columns = ip_pass_columns(n), size = last->width * columns;
  uint32_t draws = n_draws(net);
  float *output = net->delta[0], share = 1.0f / (float)draws;
  memset(output, 0, size * sizeof *output);
  ip_pass_load(net, x, target, index, from, n, columns);
  for (uint32_t d = 0; d < draws; d++) {
    ip_noise_for_draw(net, d);
    if (d == 0) {
      ip_pass_forward(net, columns, true);
    } else {
      ip_pass_redraw(net, columns, true);
    }
    for (size_t i = 0; i < size; i++) output[i] += share * last->z[i];
    for (size_t i = 0; i < n; i++) ip_sum_add(&s->loss, net->loss[i] / (double)draws);
  }
  if (net->training.objective == IP_VIB) ip_sum_add(&s->rate, ip_bottleneck_rate_sum(net, n, columns));
  for (size_t i = 0; y && i < n; i++)
    s->n_right += is_right(net, output, columns, i, y[index ? index[from + i] : from + i]);
}

static void measure(ip_network *net, const float *x, const float *target, const int32_t *y, const uint32_t *index,
                    size_t n, sums *s)
{
  *s = (sums){.n_right = 0};
  net->noise_off = ip_network_has_dropout(net);
  for (size_t from = 0; from < n; from += net->chunk)
    measure_chunk(net, x, target, y, index, from, n - from < net->chunk ? n - from : net->chunk, s);
  net->noise_off = false;
}

static ip_status evaluate(ip_network *net, const float *x, const float *target, const int32_t *y, const uint32_t *index,
                          size_t n, double *loss, double *accuracy)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "no samples to evaluate the network on");
  sums s;
  measure(net, x, target, y, index, n, &s);
  *loss = ip_sum_value(&s.loss) / (double)n;
  *accuracy = (double)s.n_right / (double)n;
  return IP_OK;
}

ip_status ip_network_evaluate(ip_network *net, const float *x, const float *target, const int32_t *y,
                              const uint32_t *index, size_t n, double *loss, double *accuracy)
{
  entered in = enter(net);
  ip_status st = evaluate(net, x, target, y, index, n, loss, accuracy);
  leave(net, in);
  return st;
}

/* The bound over samples first .. first+n-1. */
static double bound_block(ip_network *net, const float *x, const uint32_t *index, size_t first, size_t n)
{
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, NULL, index, first + from, m, columns);
    ip_pass_forward_to(net, net->bottleneck, columns);
    ip_rate_collect(net, from, m, columns);
  }
  return ip_rate_bound(net, n, false, NULL);
}

static ip_status bound_rate(ip_network *net, const float *x, const uint32_t *index, size_t n, double *rate)
{
  size_t blocks = (n + RATE_BLOCK - 1) / RATE_BLOCK;
  IP_TRY(ip_rate_reserve(net, (n + blocks - 1) / blocks));
  ip_sum sum = {0};
  for (size_t b = 0; b < blocks; b++) {
    size_t first = n * b / blocks, end = n * (b + 1) / blocks;
    ip_sum_add(&sum, (double)(end - first) * bound_block(net, x, index, first, end - first));
  }
  *rate = ip_sum_value(&sum) / (double)n;
  return IP_OK;
}

static ip_status bound_rate_of_rows(ip_network *net, const float *x, const uint32_t *index, size_t n, double *rate)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "no samples for the bound on the information");
  IP_REQUIRE(ip_rate_is_on(net), IP_EINVAL,
             "the network has no kernel bound: its objective is neither nib nor nib_squared");
  IP_TRY(ip_rate_reserve(net, n));
  *rate = bound_block(net, x, index, 0, n);
  return IP_OK;
}

ip_status ip_network_rate(ip_network *net, const float *x, const uint32_t *index, size_t n, double *rate)
{
  entered in = enter(net);
  ip_status st = bound_rate_of_rows(net, x, index, n, rate);
  leave(net, in);
  return st;
}

static ip_status evaluate_terms(ip_network *net, const float *x, const float *target, const int32_t *y,
                                const uint32_t *index, size_t n, ip_network_terms *out)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "no samples to evaluate the network on");
  sums s;
  measure(net, x, target, y, index, n, &s);
  double rate = ip_sum_value(&s.rate) / (double)n;
  if (ip_rate_is_on(net)) IP_TRY(bound_rate(net, x, index, n, &rate));
  double loss = ip_sum_value(&s.loss) / (double)n;
  *out = (ip_network_terms){.loss = loss,
                            .accuracy = y ? (double)s.n_right / (double)n : (double)NAN,
                            .rate = rate,
                            .objective = ip_rate_objective(net, loss, rate),
                            .noise_variance = ip_rate_is_on(net) ? ip_rate_variance(net) : net->noise_variance};
  return IP_OK;
}

ip_status ip_network_evaluate_terms(ip_network *net, const float *x, const float *target, const int32_t *y,
                                    const uint32_t *index, size_t n, ip_network_terms *out)
{
  entered in = enter(net);
  ip_status st = evaluate_terms(net, x, target, y, index, n, out);
  leave(net, in);
  return st;
}
