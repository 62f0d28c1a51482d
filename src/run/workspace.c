#include "run/workspace.h"

#include "base/mem.h"
#include "num/digitize.h"
#include "num/unique.h"

#include <math.h>
#include <string.h>

static bool any_double(const ip_run_head *h)
{
  for (size_t k = 0; k < h->n_layers; k++)
    if (h->layer[k].is_double) return true;
  return false;
}

ip_status ip_workspace_open(const ip_estimation *es, ip_workspace *w)
{
  size_t size = es->head->n * es->max_width;
  *w = (ip_workspace){0};
  IP_TRY(ip_scratch_create(&w->sc));
  IP_TRY(IP_NEW(w->t, size, "activations"));
  if (es->any_noisy) IP_TRY(IP_NEW(w->mean, size, "activations before noise"));
  return any_double(es->head) ? IP_NEW(w->t64, size, "activations") : IP_OK;
}

void ip_workspace_close(ip_workspace *w)
{
  ip_free(w->t);
  ip_free(w->mean);
  ip_free(w->t64);
  ip_scratch_destroy(&w->sc);
}

/* ---------------------------------------------------------------- from float64 to float32 */

static void narrow(size_t n, size_t width, const double *from, bool moved, float *to)
{
  for (size_t j = 0; j < width; j++) {
    double mean = 0;
    for (size_t i = 0; moved && i < n; i++) mean += (from[i * width + j] - mean) / (double)(i + 1);
    for (size_t i = 0; i < n; i++) to[i * width + j] = (float)(from[i * width + j] - mean);
  }
}

/* How many different rows there are in each. */
static ip_status count_rows(size_t n, size_t width, const double *t64, const float *t, ip_scratch *sc, size_t *n64,
                            size_t *n32)
{
  size_t mark = ip_scratch_mark(sc);
  uint64_t *row; // (n, width)
  uint32_t *id;  // (n)
  IP_TRY(IP_SCRATCH(sc, row, n * width, "rows of activations"));
  IP_TRY(IP_SCRATCH(sc, id, n, "numbers of rows"));
  for (int pass = 0; pass < 2; pass++) {
    for (size_t k = 0; k < n * width; k++) {
      double v = (pass ? (double)t[k] : t64[k]) + 0.0; /* -0 becomes 0 */
      memcpy(&row[k], &v, sizeof v);
    }
    IP_TRY(ip_unique_rows(n, width, row, sc, id, pass ? n32 : n64));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static bool fits_float(size_t n, const double *t)
{
  for (size_t i = 0; i < n; i++)
    if ((double)(float)t[i] != t[i]) return false;
  return true;
}

static ip_status narrow_layer(size_t n, size_t width, const ip_workspace *w, bool *merged)
{
  size_t n64 = 0, n32 = 0;
  bool fits = fits_float(n * width, w->t64);
  *merged = false;
  narrow(n, width, w->t64, !fits, w->t);
  if (fits || !ip_all_finite(n * width, w->t)) return IP_OK; /* what is not finite is reported with its place */
  IP_TRY(count_rows(n, width, w->t64, w->t, w->sc, &n64, &n32));
  *merged = n32 < n64;
  return IP_OK;
}

/* ---------------------------------------------------------------- reading */

static ip_samples samples_of(const ip_estimation *es, size_t e, size_t k, const ip_workspace *d)
{
  const ip_run_head *h = es->head;
  bool noise_below = false;
  for (size_t j = 0; j < k; j++) noise_below |= es->noisy[j];
  bool has_mean = es->noisy[k], ranged = es->low != NULL, is_output = !strcmp(h->layer[k].kind, "output");
  return (ip_samples){
      .n = h->n,
      .width = h->layer[k].width,
      .t = d->t,
      .t64 = h->layer[k].is_double ? d->t64 : NULL,
      .n_x = h->n_x,
      .x_id = h->x_id,
      .n_in = h->x ? h->n_in : 0,
      .x = h->x,
      .n_y = h->n_classes,
      .y = h->y,
      .p_y_given_x = h->p_y_given_x,
      .n_targets = h->n_targets,
      .target = h->target,
      .has_run_range = ranged,
      .low = ranged ? es->low[k] : 0,
      .high = ranged ? es->high[k] : 0,
      .noise_variance = has_mean ? h->noise_variance : 0,
      .mean = has_mean ? d->mean : NULL,
      .noise_below = noise_below,
      .quantize_bits = is_output ? 0 : h->quantize_bits,
      .is_output = is_output,
      .activation = h->layer[k].activation,
      .layer = k + 1,
      .epoch = ip_run_epochs(es->run)[e],
  };
}

ip_status ip_workspace_read(const ip_estimation *es, size_t e, size_t k, const ip_workspace *w, ip_samples *s,
                            bool *merged)
{
  bool is_double = es->head->layer[k].is_double;
  ip_status st;
#pragma omp critical(run_file) /* HDF5 serves one thread at a time */
  {
    st = is_double ? ip_run_read_activation_f64(es->run, k, e, w->t64) : ip_run_read_activation(es->run, k, e, w->t);
    if (st == IP_OK && es->noisy[k]) st = ip_run_read_mean(es->run, k, e, w->mean);
  }
  *merged = false;
  if (st == IP_OK && is_double) st = narrow_layer(es->head->n, es->head->layer[k].width, w, merged);
  if (st == IP_OK) *s = samples_of(es, e, k, w);
  return st;
}

/* ---------------------------------------------------------------- the range of every layer over the run */

/* Activations that are not finite are left to the estimate of their epoch, which names them. */
static void widen(const double *t, size_t n, double *low, double *high)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(t[i])) return;
  for (size_t i = 0; i < n; i++) {
    *low = t[i] < *low ? t[i] : *low;
    *high = t[i] > *high ? t[i] : *high;
  }
}

ip_status ip_workspace_find_ranges(ip_estimation *es)
{
  IP_TRY(IP_NEW(es->low, es->n_layers, "ranges"));
  IP_TRY(IP_NEW(es->high, es->n_layers, "ranges"));
  double *t;
  IP_TRY(IP_NEW(t, es->head->n * es->max_width, "activations"));
  ip_status st = IP_OK;
  for (size_t k = 0; k < es->n_layers && st == IP_OK; k++) {
    es->low[k] = (double)INFINITY;
    es->high[k] = -(double)INFINITY;
    for (size_t e = 0; e < es->n_epochs && st == IP_OK; e++) {
      st = ip_run_read_activation_f64(es->run, k, e, t);
      if (st == IP_OK) widen(t, es->head->n * es->head->layer[k].width, &es->low[k], &es->high[k]);
    }
  }
  ip_free(t);
  return st;
}
