#include "estimator/jittered.h"

#include "base/steps.h"
#include "num/sum.h"

#include <math.h>

enum { ROWS = 1024 }; /* that a thread fills at a time */

typedef struct work {
  size_t n, width, n_pieces;
  const float *v; // (n, width)
  const uint32_t *order;
  bool scale;
  const ip_rng *r;
  double *mean, *sd; // (width)
  size_t *from;      // (out->width) where column k comes from
  ip_jittered_columns *out;
} work;

static ip_status measure_column(void *what, size_t k, size_t part)
{
  (void)part;
  const work *w = what;
  ip_sum sum = {0}, square = {0};
  for (size_t i = 0; i < w->n; i++) ip_sum_add(&sum, (double)w->v[i * w->width + k]);
  double mean = w->mean[k] = ip_sum_value(&sum) / (double)w->n;
  for (size_t i = 0; i < w->n; i++) {
    double d = (double)w->v[i * w->width + k] - mean;
    ip_sum_add(&square, d * d);
  }
  w->sd[k] = sqrt(ip_sum_value(&square) / (double)w->n);
  return IP_OK;
}

static ip_status fill_piece(void *what, size_t step, size_t part)
{
  (void)part;
  const work *w = what;
  size_t k = step / w->n_pieces, first = step % w->n_pieces * ROWS, end = first + ROWS < w->n ? first + ROWS : w->n;
  const float *from = w->v + w->from[k];
  double *to = w->out->v + k * w->n, mean = w->mean[w->from[k]], sd = w->sd[w->from[k]], unit = w->scale ? 1 / sd : 1;
  ip_rng r = *w->r;
  ip_rng_skip_normals(&r, k * w->n + first);
  for (size_t i = first; i < end; i++)
    to[i] = unit * (((double)from[w->order[i] * w->width] - mean) + 1e-10 * sd * ip_rng_normal(&r));
  return IP_OK;
}

ip_status ip_jittered_columns_take(size_t n, size_t width, const float *v, const uint32_t *order, bool scale,
                                   ip_team *team, ip_rng *r, ip_scratch *sc, ip_jittered_columns *out)
{
  work w = {.n = n, .width = width, .n_pieces = (n + ROWS - 1) / ROWS, .v = v, .order = order, .scale = scale, .r = r};
  w.out = out;
  out->width = 0;
  IP_TRY(IP_SCRATCH(sc, out->v, width * n, "columns of samples"));
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(IP_SCRATCH(sc, w.mean, width, "means"));
  IP_TRY(IP_SCRATCH(sc, w.sd, width, "standard deviations"));
  IP_TRY(IP_SCRATCH(sc, w.from, width, "columns that vary"));
  IP_TRY(ip_team_steps(team, width, measure_column, &w));
  for (size_t k = 0; k < width; k++)
    if (w.sd[k] > 0) w.from[out->width++] = k;
  IP_TRY(ip_team_steps(team, out->width * w.n_pieces, fill_piece, &w));
  ip_rng_skip_normals(r, out->width * n);
  ip_scratch_release(sc, mark);
  return IP_OK;
}
