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
  double *value; // (n_runs, MOMENTS, n_layers, 2)
} dots;

/* The first epoch, the last, and the one nearest to last^(2/3) between them, where the fit is mostly done: 400 of 8000.
 */
static void choose_moments(const ip_series *v, int64_t epoch[MOMENTS])
{
  size_t n = v->n_epochs, nearest = 0;
  double wanted = pow((double)v->epoch[n - 1], 2.0 / 3);
  for (size_t e = 1; e < n; e++)
    if (fabs((double)v->epoch[e] - wanted) < fabs((double)v->epoch[nearest] - wanted)) nearest = e;
  epoch[0] = v->epoch[0];
  epoch[1] = v->epoch[nearest];
  epoch[2] = v->epoch[n - 1];
}

static ip_status read_run(ip_run *run, size_t i, void *context)
{
  const dots *d = context;
  static const ip_series_spec spec[] = {{IP_SERIES_INFORMATION, IP_NAME_IXT, NULL, false, NULL},
                                        {IP_SERIES_INFORMATION, IP_NAME_ITY, NULL, false, NULL}};
  size_t n = ip_run_n_epochs(run), layers = d->n_layers, mark = ip_scratch_mark(d->sc);
  double *v, *room;
  IP_TRY(IP_SCRATCH(d->sc, v, n * layers, "a series"));
  IP_TRY(IP_SCRATCH(d->sc, room, n * layers, "a series"));
  for (size_t q = 0; q < 2; q++) {
    IP_TRY(ip_series_of_run(d->set, run, &spec[q], v, room));
    for (size_t m = 0; m < MOMENTS; m++)
      for (size_t e = 0; e < n; e++)
        for (size_t k = 0; k < layers && ip_run_epochs(run)[e] == d->epoch[m]; k++)
          d->value[((i * MOMENTS + m) * layers + k) * 2 + q] = v[e * layers + k];
  }
  ip_scratch_release(d->sc, mark);
  return IP_OK;
}

static ip_status fill_group(const ip_run_set *s, const ip_run_group *g, ip_table *t, ip_scratch *sc)
{
  static const ip_series_spec spec = {IP_SERIES_INFORMATION, IP_NAME_IXT, NULL, false, NULL};
  ip_series v;
  const char *note;
  dots d = {.set = s, .sc = sc, .n_layers = g->n_layers};
  IP_TRY(ip_series_read(s, g, 1, &spec, sc, &v));
  IP_TRY(ip_shown_note(s, g, NULL, NULL, sc, &note));
  choose_moments(&v, d.epoch);
  size_t count = g->n_runs * MOMENTS * g->n_layers * 2;
  IP_TRY(IP_SCRATCH(sc, d.value, count, "values of runs"));
  for (size_t i = 0; i < count; i++) d.value[i] = NAN;
  IP_TRY(ip_run_group_visit(s, g, read_run, &d));
  for (size_t m = 0; m < MOMENTS; m++) {
    if (m) ip_figure_gap(t, 2);
    for (size_t k = 0; k < g->n_layers; k++) {
      if (k) ip_figure_gap(t, 1);
      for (size_t i = 0; i < g->n_runs; i++) {
        const double *value = d.value + ((i * MOMENTS + m) * g->n_layers + k) * 2;
        ip_table_text(t, g->title);
        ip_table_int(t, d.epoch[m]);
        ip_table_int(t, (int64_t)k + 1);
        ip_table_text(t, ip_layer_label(s, g, k));
        ip_table_int(t, (int64_t)i + 1);
        ip_table_real(t, value[0]);
        ip_table_real(t, value[1]);
        ip_table_real(t, g->hx_bits);
        ip_table_real(t, g->hy_bits);
        ip_table_text(t, s->estimator);
        ip_table_int(t, g->drawn[k] == IP_DRAWN_BOUND);
        ip_table_text(t, m + k + i == 0 ? note : "-");
        ip_table_end_row(t);
      }
    }
  }
  return IP_OK;
}

ip_status ip_figure_snapshots_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel epoch layer label run ixt_bits ity_bits hx_bits hy_bits estimator bound note");
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
