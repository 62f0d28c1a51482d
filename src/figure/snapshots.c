#include "figure/kind.h"

#include <math.h>
#include <stdlib.h>

/* snapshots: for three moments, one row a layer and run; an empty line after each layer, two after each moment. */

enum { MOMENTS = 3 };

typedef struct {
  const ip_run_set *set;
  ip_scratch *sc;
  int64_t epoch[MOMENTS];
  size_t n_layers;
  double *value[IP_N_SHOWN]; // (n_runs, MOMENTS, n_layers)
} dots;

/* The first epoch, the last, and the one nearest to last^(2/3) between them, where the fit is mostly done: 400 of 8000.
 */
static void choose_moments(const ip_series *v, size_t moment[MOMENTS])
{
  size_t n = v->n_epochs, nearest = 0;
  double wanted = pow((double)v->epoch[n - 1], 2.0 / 3);
  for (size_t e = 1; e < n; e++)
    if (fabs((double)v->epoch[e] - wanted) < fabs((double)v->epoch[nearest] - wanted)) nearest = e;
  moment[0] = 0;
  moment[1] = nearest;
  moment[2] = n - 1;
}

static ip_status read_run(ip_run *run, size_t i, void *context)
{
  const dots *d = context;
  size_t n = ip_run_n_epochs(run), layers = d->n_layers, mark = ip_scratch_mark(d->sc);
  double *v[IP_N_SHOWN];
  IP_TRY(ip_shown_of_run(d->set, run, d->sc, v));
  for (size_t m = 0; m < MOMENTS; m++)
    for (size_t e = 0; e < n; e++)
      for (size_t j = 0; j < IP_N_SHOWN * layers && ip_run_epochs(run)[e] == d->epoch[m]; j++)
        d->value[j / layers][(i * MOMENTS + m) * layers + j % layers] = v[j / layers][e * layers + j % layers];
  ip_scratch_release(d->sc, mark);
  return IP_OK;
}

static void write_dots(const dots *d, const ip_run_group *g, const char *note, ip_table *t)
{
  for (size_t m = 0; m < MOMENTS; m++) {
    if (m) ip_figure_gap(t, 2);
    for (size_t k = 0; k < g->n_layers; k++) {
      if (k) ip_figure_gap(t, 1);
      for (size_t i = 0; i < g->n_runs; i++) {
        size_t at = (i * MOMENTS + m) * g->n_layers + k;
        ip_table_text(t, g->title);
        ip_table_int(t, d->epoch[m]);
        ip_table_int(t, (int64_t)k + 1);
        ip_table_text(t, ip_layer_label(d->set, g, k));
        ip_table_int(t, (int64_t)i + 1);
        ip_table_real(t, d->value[IP_IXT][at]);
        ip_table_real(t, d->value[IP_ITY][at]);
        ip_table_real(t, g->hx_limit);
        ip_table_real(t, g->hy_limit);
        ip_table_text(t, d->set->estimator);
        ip_shown_run_cells(g, d->value, at, k, t);
        ip_table_text(t, m + k + i == 0 ? note : "-");
        ip_table_end_row(t);
      }
    }
  }
}

static ip_status fill_group(const ip_run_set *s, const ip_run_group *g, ip_table *t, ip_scratch *sc)
{
  ip_series v[IP_N_SHOWN];
  const char *note;
  size_t moment[MOMENTS], count = g->n_runs * MOMENTS * g->n_layers;
  dots d = {.set = s, .sc = sc, .n_layers = g->n_layers};
  IP_TRY(ip_shown_read(s, g, NULL, sc, v));
  choose_moments(&v[IP_IXT], moment);
  for (size_t m = 0; m < MOMENTS; m++) d.epoch[m] = v[IP_IXT].epoch[moment[m]];
  IP_TRY(ip_shown_at(MOMENTS, moment, sc, v));
  IP_TRY(ip_shown_note(s, g, NULL, v, sc, &note));
  for (size_t i = 0; i < IP_N_SHOWN; i++) {
    IP_TRY(IP_SCRATCH(sc, d.value[i], count, "values of runs"));
    for (size_t j = 0; j < count; j++) d.value[i][j] = NAN;
  }
  IP_TRY(ip_run_group_visit(s, g, read_run, &d));
  write_dots(&d, g, note, t);
  return IP_OK;
}

ip_status ip_figure_snapshots_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel epoch layer label run ixt_bits ity_bits hx_bits hy_bits estimator bound flags note");
  for (size_t g = 0; g < s->n_groups; g++) {
    if (!s->n_epochs[s->group[g].longest]) continue;
    size_t mark = ip_scratch_mark(sc);
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(fill_group(s, &s->group[g], t, sc));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}
