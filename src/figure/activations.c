#include "base/plain.h"
#include "figure/kind.h"

#include <math.h>

/* activations: how the activations of each layer are spread over its range, epoch by epoch, for the first run that has
 * them. One row a field that is not empty, an empty line after each epoch, two after each layer. */

enum { MOST_EPOCHS = 60, N_BINS = 40 };

typedef struct {
  ip_run *run;
  size_t n, *index; // (n) epochs that are shown
  size_t layer, size;
  float *t; // (size) = (samples, width) of the layer
  double low, high;
} view;

static ip_status read_epoch(view *v, size_t i)
{
  return ip_run_read_activation(v->run, v->layer, v->index[i], v->t);
}

/* The range of the layer over all epochs shown; values that are not finite do not count. */
static ip_status find_range(view *v)
{
  v->low = INFINITY;
  v->high = -INFINITY;
  for (size_t i = 0; i < v->n; i++) {
    IP_TRY(read_epoch(v, i));
    for (size_t j = 0; j < v->size; j++) {
      double t = (double)v->t[j];
      if (!isfinite(t)) continue;
      if (t < v->low) v->low = t;
      if (t > v->high) v->high = t;
    }
  }
  if (!(v->low <= v->high)) v->low = 0, v->high = 1;
  if (v->low == v->high) v->low -= 0.5, v->high += 0.5;
  return IP_OK;
}

static void add_rows(const view *v, size_t i, const char *title, const char *label, const size_t *count, ip_table *t)
{
  const int64_t *epoch = ip_run_epochs(v->run);
  double width = (v->high - v->low) / N_BINS;
  for (size_t b = 0; b < N_BINS; b++) {
    if (!count[b]) continue;
    ip_table_text(t, title);
    ip_table_int(t, (int64_t)v->layer + 1);
    ip_table_text(t, label);
    ip_table_int(t, epoch[v->index[i]]);
    ip_table_int(t, epoch[v->index[i + 1 < v->n ? i + 1 : i]]); /* where the next column begins */
    ip_table_real(t, v->low + width * (double)b);
    ip_table_real(t, v->low + width * (double)(b + 1));
    ip_table_real(t, (double)count[b] / (double)v->size);
    ip_table_end_row(t);
  }
}

static ip_status fill_layer(view *v, const char *title, const char *label, ip_table *t)
{
  IP_TRY(find_range(v));
  for (size_t i = 0; i < v->n; i++) {
    size_t count[N_BINS] = {0};
    IP_TRY(read_epoch(v, i));
    for (size_t j = 0; j < v->size; j++) {
      double x = ((double)v->t[j] - v->low) / (v->high - v->low);
      if (!(x >= 0 && x <= 1)) continue;
      size_t b = (size_t)(x * N_BINS);
      count[b < N_BINS ? b : N_BINS - 1]++;
    }
    if (i) ip_figure_gap(t, 1);
    add_rows(v, i, title, label, count, t);
  }
  return IP_OK;
}

static ip_status fill_run(ip_run *run, const char *title, const ip_run_set *s, ip_table *t, ip_scratch *sc)
{
  const ip_run_head *h = ip_run_head_of(run);
  view v = {.run = run};
  IP_TRY(ip_series_thin(ip_run_n_epochs(run), ip_run_epochs(run), MOST_EPOCHS, sc, &v.n, &v.index));
  for (v.layer = 0; v.layer < h->n_layers; v.layer++) {
    size_t mark = ip_scratch_mark(sc);
    v.size = h->n * h->layer[v.layer].width;
    IP_TRY(IP_SCRATCH(sc, v.t, v.size, "activations"));
    if (v.layer) ip_figure_gap(t, 2);
    IP_TRY(fill_layer(&v, title, s->label[v.layer + s->n_layers - h->n_layers], t));
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

/* "szt2017, seed=3": the experiment and the run that is shown. */
static ip_status title_of(const ip_run *run, ip_scratch *sc, const char **title)
{
  const ip_run_head *h = ip_run_head_of(run);
  char *text;
  bool both = *h->experiment && *h->name;
  IP_TRY(IP_FORMAT(text, "%s%s%s", h->experiment, both ? ", " : "", h->name));
  ip_status st = ip_plain_text(*text ? text : ip_run_path(run), 120, sc, title);
  ip_free(text);
  return st;
}

ip_status ip_figure_activations_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  ip_figure_head(t, "run layer label epoch next_epoch from to share");
  for (size_t i = 0; i < s->n_files; i++) {
    ip_run *run;
    const char *title;
    IP_TRY(ip_run_open(s->file[i], &run));
    bool usable = ip_run_has_activations(run) && ip_run_n_epochs(run);
    ip_status st = usable ? title_of(run, sc, &title) : IP_OK;
    if (st == IP_OK && usable) st = fill_run(run, title, s, t, sc);
    ip_run_close(&run);
    if (st != IP_OK || usable) return st;
  }
  *why_not = "no run file has activations; train with log.keep: all (infoplane run --help-keys log)";
  return IP_OK;
}
