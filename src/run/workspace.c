#include "run/workspace.h"

#include "base/mem.h"
#include "base/stop.h"
#include "estimator/kind.h"
#include "estimator/narrow.h"
#include "num/digitize.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static bool any_double(const ip_run_head *h)
{
  for (size_t k = 0; k < h->n_layers; k++)
    if (h->layer[k].is_double) return true;
  return false;
}

static ip_status open_slot(const ip_estimation *es, ip_layer_slot *slot)
{
  size_t size = ip_run_head_of(es->run)->n * es->max_width;
  IP_TRY(IP_NEW(slot->t, size, "activations"));
  if (es->any_noisy) IP_TRY(IP_NEW(slot->mean, size, "activations before noise"));
  return any_double(es->head) ? IP_NEW(slot->t64, size, "activations") : IP_OK;
}

ip_status ip_workspace_open(const ip_estimation *es, size_t n_threads, ip_workspace *w)
{
  *w = (ip_workspace){.n_threads = n_threads};
  w->n_slots = 1;
  if (es->needs & IP_NEEDS_NEXT) w->n_slots++;
  if (es->needs & (IP_NEEDS_OUTPUT | IP_NEEDS_PREDICTION)) w->n_slots++;
  IP_TRY(ip_scratch_create(&w->sc));
  for (size_t i = 0; i < w->n_slots; i++) IP_TRY(open_slot(es, &w->slot[i]));
  return es->needs & IP_NEEDS_PREDICTION ? IP_NEW(w->prediction, es->head->n, "predictions") : IP_OK;
}

void ip_workspace_close(ip_workspace *w)
{
  for (size_t i = 0; i < w->n_slots; i++) {
    ip_free(w->slot[i].t);
    ip_free(w->slot[i].mean);
    ip_free(w->slot[i].t64);
  }
  ip_free(w->prediction);
  ip_scratch_destroy(&w->sc);
}

/* ---------------------------------------------------------------- reading */

static ip_samples samples_of(const ip_estimation *es, const ip_layer_slot *d)
{
  const ip_run_head *h = es->head;
  size_t e = d->e, k = d->k;
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
      .multiplicative_noise = has_mean ? h->multiplicative_noise : 0,
      .dropout = has_mean ? h->dropout : 0,
      .mean = has_mean ? d->mean : NULL,
      .noise_below = noise_below,
      .quantize_bits = is_output && !h->quantize_output ? 0 : h->quantize_bits,
      .is_output = is_output,
      .activation = h->layer[k].activation,
      .layer = k + 1,
      .epoch = ip_run_epochs(es->run)[e],
  };
}

static ip_status read_slot(const ip_estimation *es, size_t e, size_t k, ip_layer_slot *slot, ip_scratch *sc)
{
  bool is_double = es->head->layer[k].is_double;
  pthread_mutex_lock(es->lock); /* HDF5 serves one thread at a time */
  ip_status st =
      is_double ? ip_run_read_activation_f64(es->run, k, e, slot->t64) : ip_run_read_activation(es->run, k, e, slot->t);
  if (st == IP_OK && es->noisy[k]) st = ip_run_read_mean(es->run, k, e, slot->mean);
  pthread_mutex_unlock(es->lock);
  IP_TRY(st);
  size_t width = es->head->layer[k].width;
  ip_run_view_pick(&es->view, width * (is_double ? sizeof *slot->t64 : sizeof *slot->t),
                   is_double ? (void *)slot->t64 : slot->t);
  if (es->noisy[k]) ip_run_view_pick(&es->view, width * sizeof *slot->mean, slot->mean);
  slot->e = e;
  slot->k = k;
  slot->merged = false;
  if (is_double) IP_TRY(ip_samples_narrow(es->head->n, width, slot->t64, sc, slot->t, &slot->merged));
  slot->is_used = true;
  return IP_OK;
}

/* The slot with layer k at epoch e. It is read into a slot that holds none of the (n_kept) layers of this epoch. */
static ip_status fetch(const ip_estimation *es, size_t e, size_t k, ip_workspace *w, size_t n_kept, const size_t *kept,
                       ip_layer_slot **out)
{
  ip_layer_slot *unused = NULL;
  for (size_t i = 0; i < w->n_slots; i++) {
    ip_layer_slot *slot = *out = &w->slot[i];
    bool is_kept = false, is_current = slot->is_used && slot->e == e;
    if (is_current && slot->k == k) return IP_OK;
    for (size_t j = 0; j < n_kept; j++) is_kept |= is_current && slot->k == kept[j];
    if (!is_kept) unused = slot;
  }
  assert(unused); /* one slot more than layers that are kept */
  *out = unused;
  unused->is_used = false;
  return read_slot(es, e, k, unused, w->sc);
}

/* The last layer whose kind is "output"; n_layers if there is none. */
static size_t output_layer(const ip_run_head *h)
{
  size_t k = h->n_layers;
  while (k-- > 0)
    if (!strcmp(h->layer[k].kind, "output")) return k;
  return h->n_layers;
}

/* Whether a layer predicts classes, and how many units it has at least. */
static bool predicts(const ip_run_head *h, size_t k)
{
  return k < h->n_layers && !h->n_targets && (h->layer[k].width > 1 || !strcmp(h->layer[k].activation, "sigmoid"));
}

static void predict(const ip_run_head *h, const ip_layer_slot *slot, int32_t *prediction)
{
  size_t width = h->layer[slot->k].width;
  bool is_double = h->layer[slot->k].is_double; /* t may be moved */
  for (size_t i = 0; i < h->n; i++) {
    size_t largest = 0;
#define VALUE(j) (is_double ? slot->t64[i * width + (j)] : (double)slot->t[i * width + (j)])
    for (size_t j = 1; j < width; j++)
      if (VALUE(j) > VALUE(largest)) largest = j;
    prediction[i] = width > 1 ? (int32_t)largest : VALUE(0) > 0.5;
#undef VALUE
  }
}

/* What the measures compare layer k with. */
static ip_status read_others(const ip_estimation *es, size_t e, size_t k, ip_workspace *w, ip_measure_input *in)
{
  const ip_run_head *h = es->head;
  size_t out = output_layer(h);
  bool needs_next = es->needs & IP_NEEDS_NEXT && k + 1 < h->n_layers;
  bool needs_output = es->needs & (IP_NEEDS_OUTPUT | IP_NEEDS_PREDICTION) && out < h->n_layers;
  const size_t kept[] = {k, needs_output ? out : k, needs_next ? k + 1 : k};
  ip_layer_slot *slot;
  if (es->needs & IP_NEEDS_SPLIT) in->split = h->split;
  if (needs_next) {
    IP_TRY(fetch(es, e, k + 1, w, 3, kept, &slot));
    in->next = slot->t;
    in->next_width = h->layer[k + 1].width;
  }
  if (!needs_output) return IP_OK;
  IP_TRY(fetch(es, e, out, w, 3, kept, &slot));
  if (es->needs & IP_NEEDS_OUTPUT) {
    in->output = slot->t;
    in->output_width = h->layer[out].width;
  }
  if (!(es->needs & IP_NEEDS_PREDICTION) || !predicts(h, out)) return IP_OK;
  const ip_samples output = samples_of(es, slot);
  IP_TRY(ip_samples_check(&output));
  if (!w->is_predicted || w->predicted_e != e) predict(h, slot, w->prediction);
  w->is_predicted = true;
  w->predicted_e = e;
  in->prediction = w->prediction;
  return IP_OK;
}

ip_status ip_workspace_read(const ip_estimation *es, size_t e, size_t k, ip_workspace *w, ip_samples *s,
                            ip_measure_input *in, bool *merged)
{
  ip_layer_slot *slot;
  size_t out = output_layer(es->head);
  bool keeps_output = w->n_slots > 1 && es->needs & (IP_NEEDS_OUTPUT | IP_NEEDS_PREDICTION);
  IP_TRY(fetch(es, e, k, w, keeps_output, &out, &slot));
  *s = samples_of(es, slot);
  IP_TRY(ip_samples_check(s));
  s->n_threads = w->n_threads;
  *in = (ip_measure_input){.s = s};
  *merged = slot->merged;
  return read_others(es, e, k, w, in);
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
  IP_TRY(IP_NEW(t, ip_run_head_of(es->run)->n * es->max_width, "activations"));
  ip_status st = IP_OK;
  for (size_t k = 0; k < es->n_layers && st == IP_OK; k++) {
    es->low[k] = (double)INFINITY;
    es->high[k] = -(double)INFINITY;
    for (size_t e = 0; e < es->n_epochs && st == IP_OK; e++) {
      st = ip_stop_check();
      if (st == IP_OK) st = ip_run_read_activation_f64(es->run, k, e, t);
      if (st != IP_OK) break;
      ip_run_view_pick(&es->view, es->head->layer[k].width * sizeof *t, t);
      widen(t, es->head->n * es->head->layer[k].width, &es->low[k], &es->high[k]);
    }
  }
  ip_free(t);
  return st;
}
