#include "figure/kind.h"

#include <string.h>

/* measures: a panel for every series of a measure and configuration, of all samples where files have them; in it one
 * row a layer and epoch, an empty line after each layer. `number` counts the series from 1; panels of one series have
 * the same vertical axis. */

enum { MOST_PANELS = 72 };

static ip_status title_of(const ip_run_set *s, const ip_run_group *g, const ip_measured_series *m, ip_scratch *sc,
                          const char **title)
{
  bool has_unit = *m->unit && strcmp(m->unit, "1") != 0 && strcmp(m->unit, "fraction") != 0, alone = s->n_groups == 1;
  return ip_scratch_format(sc, title, "%s%s%s%s%s%s", m->column, has_unit ? " [" : "", has_unit ? m->unit : "",
                           has_unit ? "]" : "", alone ? "" : ", ", alone ? "" : g->title);
}

static void add_rows(const ip_run_set *s, const ip_run_group *g, size_t number, const char *title,
                     const ip_measured_series *m, const ip_series *v, ip_table *t)
{
  for (size_t k = 0; k < g->n_layers; k++) {
    if (k) ip_figure_gap(t, 1);
    for (size_t e = 0; e < v->n_epochs; e++) {
      ip_table_text(t, title);
      ip_table_int(t, (int64_t)number);
      ip_table_text(t, m->column);
      ip_table_text(t, m->unit);
      ip_table_int(t, (int64_t)k + 1);
      ip_table_text(t, ip_layer_label(s, g, k));
      ip_table_int(t, v->epoch[e]);
      ip_table_real(t, v->mean[e * g->n_layers + k]);
      ip_table_real(t, ip_series_sd(v, e, k));
      ip_table_int(t, (int64_t)v->count[e * g->n_layers + k]);
      ip_table_real(t, g->least_test_loss_epoch);
      ip_table_end_row(t);
    }
  }
}

/* The panels of one series; none if no configuration has a number. */
static ip_status add_series(const ip_run_set *s, const ip_measured_series *m, ip_table *t, ip_scratch *sc,
                            size_t *n_series, size_t *shown)
{
  size_t mark = ip_scratch_mark(sc);
  const ip_series_spec spec = {IP_SERIES_MEASURE, m->name, NULL, false, m->measure};
  ip_series *v; // (n_groups)
  bool any = false;
  IP_TRY(IP_SCRATCH(sc, v, s->n_groups, "series of measures"));
  for (size_t i = 0; i < s->n_groups; i++) {
    IP_TRY(ip_series_read(s, &s->group[i], 1, &spec, sc, &v[i]));
    any = any || ip_series_any(&v[i]);
  }
  *n_series += any;
  for (size_t i = 0; i < s->n_groups && any; i++) {
    const char *title;
    IP_TRY(title_of(s, &s->group[i], m, sc, &title));
    if ((*shown)++) ip_figure_gap(t, 2);
    add_rows(s, &s->group[i], *n_series, title, m, &v[i], t);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Whether a series is of all samples, or of one side of the split and the files have it of that side only. */
static bool is_shown(const ip_measured_list *list, const ip_measured_series *m)
{
  const char *at = strrchr(m->measure, '@');
  if (!strcmp(ip_run_split_of(m->measure), "all")) return true;
  size_t n = (size_t)(at - m->measure);
  for (size_t i = 0; i < list->n; i++) {
    const ip_measured_series *other = &list->series[i];
    if (!strcmp(other->name, m->name) && !strncmp(other->measure, m->measure, n) && !other->measure[n]) return false;
  }
  return true;
}

ip_status ip_figure_measures_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t n_series = 0, shown = 0, n_wanted = 0;
  const ip_measured_list *list = &s->measured;
  for (size_t i = 0; i < list->n; i++) n_wanted += is_shown(list, &list->series[i]);
  if (n_wanted * s->n_groups > MOST_PANELS) {
    *why_not = "configurations and series of measures make more than 72 panels; name the run files of some of them";
    return IP_OK;
  }
  ip_figure_head(t, "panel number series unit layer label epoch value sd repeats least_test_loss_epoch");
  for (size_t i = 0; i < list->n; i++)
    if (is_shown(list, &list->series[i])) IP_TRY(add_series(s, &list->series[i], t, sc, &n_series, &shown));
  if (!shown) *why_not = "no run file has measures (key measures, or infoplane estimate --measure)";
  return IP_OK;
}
