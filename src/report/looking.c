#include "report/looking.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- which samples */

/* (at most `most`) numbers below n, evenly spaced. */
static ip_status spread(size_t n, size_t most, ip_scratch *sc, size_t *n_chosen, const size_t **chosen)
{
  size_t *to, m = n < most ? n : most;
  IP_TRY(IP_SCRATCH(sc, to, m, "samples"));
  for (size_t i = 0; i < m; i++) to[i] = i * n / m;
  *n_chosen = m;
  *chosen = to;
  return IP_OK;
}

/* Samples of clouds: of each class equally many, evenly spaced over its samples. */
static ip_status choose_cloud(const ip_run_head *h, ip_scratch *sc, ip_looking *look)
{
  size_t *count, *seen, *to, n_present = 0, most = 0;
  if (h->n_classes < 2) return spread(h->n, IP_CLOUD_SAMPLES, sc, &look->n_cloud, &look->cloud);
  IP_TRY(IP_SCRATCH(sc, count, h->n_classes, "classes"));
  IP_TRY(IP_SCRATCH(sc, seen, h->n_classes, "classes"));
  IP_TRY(IP_SCRATCH(sc, to, IP_CLOUD_SAMPLES, "samples"));
  for (size_t i = 0; i < h->n; i++) n_present += count[h->y[i]]++ == 0;
  most = n_present < IP_CLOUD_SAMPLES ? IP_CLOUD_SAMPLES / n_present : 1;
  for (size_t i = 0; i < h->n && look->n_cloud < IP_CLOUD_SAMPLES; i++) {
    size_t n = count[h->y[i]], at = seen[h->y[i]]++, m = n < most ? n : most;
    if (m && (at * m) / n != (at * m + m) / n) to[look->n_cloud++] = i; /* the last sample of each m-th part */
  }
  look->cloud = to;
  return IP_OK;
}

static ip_status find_epochs(const ip_explore_run *r, ip_scratch *sc, ip_looking *look)
{
  size_t *to;
  IP_TRY(IP_SCRATCH(sc, to, r->n_epochs, "epochs"));
  for (size_t e = 0; e < r->n_epochs; e++)
    if (r->is_few[e]) to[look->n_epochs++] = e;
  look->epoch = to;
  return IP_OK;
}

static ip_status open_run(const char *file, const ip_explore_run *r, ip_scratch *sc, ip_looking *look)
{
  IP_TRY(ip_run_open_series(file, &look->run));
  IP_TRY(ip_run_load_samples(look->run));
  look->head = ip_run_head_of(look->run);
  IP_TRY(find_epochs(r, sc, look));
  IP_TRY(spread(look->head->n, IP_HISTOGRAM_SAMPLES, sc, &look->n_samples, &look->sample));
  return choose_cloud(look->head, sc, look);
}

ip_status ip_looking_open(const char *file, const ip_explore_run *r, ip_scratch *sc, ip_looking *out)
{
  *out = (ip_looking){0};
  ip_status st = open_run(file, r, sc, out);
  if (st != IP_OK) ip_looking_close(out);
  return st;
}

void ip_looking_close(ip_looking *look)
{
  ip_run_close(&look->run);
}

/* ---------------------------------------------------------------- one layer */

/* How the samples of a cloud become its points: as they are, or along axes. */
typedef struct view {
  size_t width, n_units;
  double *mean, *axis; /* NULL: the first units themselves */
} view;

static void keep(const ip_looking *look, size_t width, size_t n_units, const size_t *unit, const float *t, float *to)
{
  for (size_t i = 0; i < look->n_samples; i++)
    for (size_t u = 0; u < n_units; u++) *to++ = t[look->sample[i] * width + unit[u]];
}

static void project(const ip_looking *look, const view *v, const float *t, float *to)
{
  for (size_t i = 0; i < look->n_cloud; i++) {
    const float *row = t + look->cloud[i] * v->width;
    for (size_t u = 0; u < v->n_units; u++) {
      double sum = 0;
      for (size_t w = 0; v->axis && w < v->width; w++) sum += ((double)row[w] - v->mean[w]) * v->axis[u * v->width + w];
      *to++ = v->axis ? (float)sum : row[u];
    }
  }
}

/* The axes of a wide layer, from its last epoch; `room` (n, width) is used. */
static ip_status find_axes(const ip_looking *look, size_t k, ip_scratch *sc, float *room, view *v, ip_looked *out)
{
  float *x;
  bool found;
  double *axis;
  v->n_units = v->width;
  if (v->width <= IP_CLOUD_UNITS) return IP_OK;
  v->n_units = IP_CLOUD_COMPONENTS;
  IP_TRY(IP_SCRATCH(sc, x, look->n_cloud * v->width, "samples"));
  IP_TRY(IP_SCRATCH(sc, v->mean, v->width, "mean"));
  IP_TRY(IP_SCRATCH(sc, axis, v->n_units * v->width, "axes"));
  IP_TRY(IP_SCRATCH(sc, out->share, v->n_units, "shares"));
  IP_TRY(ip_run_read_activation(look->run, k, look->epoch[look->n_epochs - 1], room));
  for (size_t i = 0; i < look->n_cloud; i++)
    memcpy(x + i * v->width, room + look->cloud[i] * v->width, v->width * sizeof *x);
  size_t n_axes = v->n_units < look->n_cloud ? v->n_units : look->n_cloud;
  IP_TRY(ip_cloud_components(look->n_cloud, v->width, x, &n_axes, sc, v->mean, axis, out->share, &found));
  if (!found) return IP_OK; /* the first units */
  v->n_units = n_axes;
  v->axis = axis;
  out->are_components = true;
  return IP_OK;
}

ip_status ip_looking_read(const ip_looking *look, size_t k, ip_scratch *sc, ip_looked *out)
{
  size_t width = look->head->layer[k].width, n_units;
  const size_t *unit;
  view v = {.width = width};
  float *t;
  *out = (ip_looked){.n_epochs = look->n_epochs};
  IP_TRY(IP_SCRATCH(sc, t, look->head->n * width, "activations"));
  IP_TRY(spread(width, IP_HISTOGRAM_UNITS, sc, &n_units, &unit));
  IP_TRY(find_axes(look, k, sc, t, &v, out));
  out->n_units = v.n_units;
  out->n_kept = look->n_samples * n_units;
  IP_TRY(IP_SCRATCH(sc, out->kept, out->n_kept * look->n_epochs, "activations"));
  IP_TRY(IP_SCRATCH(sc, out->cloud, look->n_cloud * v.n_units * look->n_epochs, "points"));
  for (size_t e = 0; e < look->n_epochs; e++) {
    IP_TRY(ip_run_read_activation(look->run, k, look->epoch[e], t));
    keep(look, width, n_units, unit, t, out->kept + e * out->n_kept);
    project(look, &v, t, out->cloud + e * look->n_cloud * v.n_units);
  }
  return IP_OK;
}
