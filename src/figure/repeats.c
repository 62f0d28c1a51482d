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

static void add_row(const writing *w, size_t k, size_t run, int64_t epoch, double ixt, double ity)
{
  ip_table_text(w->table, w->group->title);
  ip_table_int(w->table, (int64_t)k + 1);
  ip_table_text(w->table, ip_layer_label(w->set, w->group, k));
  ip_table_int(w->table, (int64_t)run);
  ip_table_int(w->table, epoch);
  ip_table_real(w->table, ixt);
  ip_table_real(w->table, ity);
  ip_table_real(w->table, w->group->hx_bits);
  ip_table_real(w->table, w->group->hy_bits);
  ip_table_text(w->table, w->set->estimator);
  ip_table_int(w->table, w->group->drawn[k] == IP_DRAWN_BOUND);
  ip_table_text(w->table, run == 1 && k == 0 ? w->note : "-");
  ip_table_end_row(w->table);
}

static const ip_series_spec spec[] = {{IP_SERIES_INFORMATION, IP_NAME_IXT, NULL, false, NULL},
                                      {IP_SERIES_INFORMATION, IP_NAME_ITY, NULL, false, NULL}};

static ip_status write_run(ip_run *run, size_t i, void *context)
{
  const writing *w = context;
  size_t n = ip_run_n_epochs(run), layers = w->group->n_layers, mark = ip_scratch_mark(w->sc), n_shown, *shown;
  const int64_t *epoch = ip_run_epochs(run);
  double *v[2], *room;
  IP_TRY(IP_SCRATCH(w->sc, room, n * layers, "a series"));
  for (int q = 0; q < 2; q++) {
    IP_TRY(IP_SCRATCH(w->sc, v[q], n * layers, "a series"));
    IP_TRY(ip_series_of_run(w->set, run, &spec[q], v[q], room));
  }
  IP_TRY(ip_series_thin(n, epoch, MOST_EPOCHS, w->sc, &n_shown, &shown));
  for (size_t k = 0; k < layers; k++) {
    if (i || k) ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n_shown; j++)
      add_row(w, k, i + 1, epoch[shown[j]], v[0][shown[j] * layers + k], v[1][shown[j] * layers + k]);
  }
  ip_scratch_release(w->sc, mark);
  return IP_OK;
}

static ip_status write_mean(const writing *w)
{
  ip_series v[2];
  size_t n, *index;
  IP_TRY(ip_series_read(w->set, w->group, 2, spec, w->sc, v));
  IP_TRY(ip_series_thin(v[0].n_epochs, v[0].epoch, MOST_EPOCHS, w->sc, &n, &index));
  for (size_t k = 0; k < w->group->n_layers; k++) {
    if (k) ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n; j++) {
      size_t at = index[j] * w->group->n_layers + k;
      add_row(w, k, 0, v[0].epoch[index[j]], v[0].mean[at], v[1].mean[at]);
    }
  }
  return IP_OK;
}

ip_status ip_figure_repeats_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel layer label run epoch ixt_bits ity_bits hx_bits hy_bits estimator bound note");
  for (size_t g = 0; g < s->n_groups; g++) {
    if (!s->n_epochs[s->group[g].longest]) continue;
    writing w = {s, &s->group[g], t, sc, ""};
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(ip_shown_note(s, w.group, NULL, NULL, sc, &w.note));
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(ip_run_group_visit(s, w.group, write_run, &w));
    ip_figure_gap(t, 2);
    IP_TRY(write_mean(&w));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}
