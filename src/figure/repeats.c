#include "figure/kind.h"

/* repeats: two datasets a configuration, every run, and the mean (run 0); one row an epoch, an empty line after each
 * layer of a run. */

enum { MOST_EPOCHS = 100 };

typedef struct {
  const ip_run_set *set;
  const ip_run_group *group;
  ip_table *table;
  ip_scratch *sc;
  const char *note;
} writing;

/* Up to the estimator: the flags follow. */
static void begin_row(const writing *w, size_t k, size_t run, int64_t epoch, double ixt, double ity)
{
  ip_table_text(w->table, w->group->title);
  ip_table_int(w->table, (int64_t)k + 1);
  ip_table_text(w->table, ip_layer_label(w->set, w->group, k));
  ip_table_int(w->table, (int64_t)run);
  ip_table_int(w->table, epoch);
  ip_table_real(w->table, ixt);
  ip_table_real(w->table, ity);
  ip_table_real(w->table, w->group->hx_limit);
  ip_table_real(w->table, w->group->hy_limit);
  ip_table_text(w->table, w->set->estimator);
  ip_table_real(w->table, w->group->least_test_loss_epoch);
}

static void end_row(const writing *w, bool first)
{
  ip_table_text(w->table, first ? w->note : "-");
  ip_table_end_row(w->table);
}

static ip_status write_run(ip_run *run, size_t i, void *context)
{
  const writing *w = context;
  size_t n = ip_run_n_epochs(run), layers = w->group->n_layers, mark = ip_scratch_mark(w->sc), n_shown, *shown;
  const int64_t *epoch = ip_run_epochs(run);
  double *v[IP_N_SHOWN];
  IP_TRY(ip_shown_of_run(w->set, run, w->sc, v));
  IP_TRY(ip_series_thin(n, epoch, MOST_EPOCHS, w->sc, &n_shown, &shown));
  for (size_t k = 0; k < layers; k++) {
    if (i || k) ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n_shown; j++) {
      size_t at = shown[j] * layers + k;
      begin_row(w, k, i + 1, epoch[shown[j]], v[IP_IXT][at], v[IP_ITY][at]);
      ip_shown_run_cells(w->group, v, at, k, w->table);
      end_row(w, i + j + k == 0);
    }
  }
  ip_scratch_release(w->sc, mark);
  return IP_OK;
}

static ip_status write_mean(const writing *w, const ip_series v[IP_N_SHOWN])
{
  size_t n, *index;
  IP_TRY(ip_series_thin(v[0].n_epochs, v[0].epoch, MOST_EPOCHS, w->sc, &n, &index));
  for (size_t k = 0; k < w->group->n_layers; k++) {
    if (k) ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n; j++) {
      size_t at = index[j] * w->group->n_layers + k;
      begin_row(w, k, 0, v[0].epoch[index[j]], v[IP_IXT].mean[at], v[IP_ITY].mean[at]);
      ip_shown_cells(w->group, v, index[j], k, w->table);
      end_row(w, false);
    }
  }
  return IP_OK;
}

ip_status ip_figure_repeats_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  ip_series v[IP_N_SHOWN];
  size_t shown = 0;
  ip_figure_head(
      t,
      "panel layer label run epoch ixt_bits ity_bits hx_bits hy_bits estimator least_test_loss_epoch bound flags note");
  for (size_t g = 0; g < s->n_groups; g++) {
    if (!s->n_epochs[s->group[g].longest]) continue;
    writing w = {s, &s->group[g], t, sc, ""};
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(ip_shown_read(s, w.group, NULL, sc, v));
    IP_TRY(ip_shown_note(s, w.group, NULL, v, sc, &w.note));
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(ip_run_group_visit(s, w.group, write_run, &w));
    ip_figure_gap(t, 2);
    IP_TRY(write_mean(&w, v));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}
