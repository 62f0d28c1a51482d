#include "figure/kind.h"

#include <string.h>

/* usable: a panel for every layer of a configuration; in it the line I(T;Y), and a line for every measure that has a
 * V-information (probe, knn_probe). One row an epoch, an empty line after each line. `number` counts the lines from 1,
 * and is the same in all panels. */

enum { MOST_PANELS = 72 };

/* Measures of the files with a series v_information. */
typedef struct probes {
  size_t n;
  const char **measure; // (n) labels
} probes;

static ip_status find_probes(const ip_run_set *s, ip_scratch *sc, probes *p)
{
  *p = (probes){0};
  IP_TRY(IP_SCRATCH(sc, p->measure, s->measured.n, "measures"));
  for (size_t i = 0; i < s->measured.n; i++)
    if (!strcmp(s->measured.series[i].name, "v_information")) p->measure[p->n++] = s->measured.series[i].measure;
  return IP_OK;
}

/* What the panels of one configuration show. */
typedef struct content {
  const ip_run_group *g;
  ip_series information[IP_N_SHOWN];
  ip_series *v; // (number of probes)
  const char *note;
} content;

static void start_row(const ip_run_set *s, const content *c, const char *panel, size_t number, const char *line,
                      size_t e, size_t k, ip_table *t)
{
  ip_table_text(t, panel);
  ip_table_int(t, (int64_t)number);
  ip_table_text(t, line);
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, ip_layer_label(s, c->g, k));
  ip_table_int(t, c->information[0].epoch[e]);
}

static void end_row(const ip_run_set *s, const content *c, const ip_series *v, size_t e, size_t k, ip_table *t)
{
  ip_table_real(t, v->mean[e * c->g->n_layers + k]);
  ip_table_real(t, ip_series_sd(v, e, k));
  ip_table_int(t, (int64_t)v->count[e * c->g->n_layers + k]);
  ip_table_real(t, c->g->hy_bits);
  ip_table_text(t, s->estimator);
  ip_table_real(t, c->g->least_test_loss_epoch);
}

static void add_layer(const ip_run_set *s, const content *c, const probes *p, const char *panel, size_t k, ip_table *t,
                      const char *const *line)
{
  for (size_t e = 0; e < c->information[0].n_epochs; e++) {
    start_row(s, c, panel, 1, line[0], e, k, t);
    end_row(s, c, &c->information[IP_ITY], e, k, t);
    ip_shown_cells(c->g, c->information, e, k, t);
    ip_table_text(t, e + k == 0 ? c->note : "-");
    ip_table_end_row(t);
  }
  for (size_t i = 0; i < p->n; i++) {
    ip_figure_gap(t, 1);
    for (size_t e = 0; e < c->v[i].n_epochs; e++) {
      start_row(s, c, panel, i + 2, line[i + 1], e, k, t);
      end_row(s, c, &c->v[i], e, k, t);
      ip_table_int(t, 0);
      ip_table_text(t, "-");
      ip_table_text(t, "-");
      ip_table_end_row(t);
    }
  }
}

static ip_status add_group(const ip_run_set *s, const ip_run_group *g, const probes *p, const char *const *line,
                           ip_table *t, ip_scratch *sc, size_t *shown)
{
  content c = {.g = g};
  bool any = false;
  IP_TRY(IP_SCRATCH(sc, c.v, p->n, "series of measures"));
  for (size_t i = 0; i < p->n; i++) {
    const ip_series_spec spec = {IP_SERIES_MEASURE, "v_information", NULL, false, p->measure[i]};
    IP_TRY(ip_series_read(s, g, 1, &spec, sc, &c.v[i]));
    any = any || ip_series_any(&c.v[i]);
  }
  if (!any) return IP_OK;
  IP_TRY(ip_shown_read(s, g, NULL, sc, c.information));
  IP_TRY(ip_shown_note(s, g, NULL, c.information, sc, &c.note));
  for (size_t k = 0; k < g->n_layers; k++) {
    const char *panel = ip_layer_label(s, g, k);
    if (s->n_groups > 1) IP_TRY(ip_scratch_format(sc, &panel, "%s, %s", panel, g->title));
    if ((*shown)++) ip_figure_gap(t, 2);
    add_layer(s, &c, p, panel, k, t, line);
  }
  return IP_OK;
}

ip_status ip_figure_usable_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  probes p;
  const char **line; // (number of probes + 1)
  size_t n_panels = 0, shown = 0;
  for (size_t i = 0; i < s->n_groups; i++) n_panels += s->group[i].n_layers;
  if (n_panels > MOST_PANELS) {
    *why_not = "configurations and layers make more than 72 panels; name the run files of some of them";
    return IP_OK;
  }
  IP_TRY(find_probes(s, sc, &p));
  IP_TRY(IP_SCRATCH(sc, line, p.n + 1, "names of lines"));
  line[0] = "I(T;Y)";
  for (size_t i = 0; i < p.n; i++) IP_TRY(ip_scratch_format(sc, &line[i + 1], "V of %s", p.measure[i]));
  ip_figure_head(t, "panel number line layer label epoch value_bits sd repeats hy_bits estimator least_test_loss_epoch "
                    "bound flags note");
  for (size_t i = 0; i < s->n_groups; i++) {
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(add_group(s, &s->group[i], &p, line, t, sc, &shown));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no run file has the measure probe or knn_probe";
  return IP_OK;
}
