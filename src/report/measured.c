/* measured.c - the tables of measures other than information: a row per series, a column per layer. */
#include "report/html.h"
#include "report/measures.h"
#include "study/series.h"

#include <math.h>
#include <string.h>

/* The mean over repeats at the last logged epoch that has one. */
static double last_mean(const ip_series *v, size_t k)
{
  for (size_t e = v->n_epochs; e-- > 0;)
    if (v->count[e * v->n_columns + k]) return v->mean[e * v->n_columns + k];
  return (double)NAN;
}

static ip_status put_row(FILE *out, const ip_run_set *s, const ip_run_group *g, const ip_measured_series *m,
                         ip_scratch *sc)
{
  const ip_series_spec spec = {IP_SERIES_MEASURE, m->name, NULL, false, m->measure};
  size_t mark = ip_scratch_mark(sc);
  ip_series v;
  IP_TRY(ip_series_read(s, g, 1, &spec, sc, &v));
  if (ip_series_any(&v)) {
    fputs("<tr><th scope=\"row\">", out);
    ip_html_text(out, m->column);
    fputs("</th><td class=\"text\">", out);
    ip_html_text(out, strcmp(m->unit, "1") ? m->unit : "");
    fputs("</td>", out);
    for (size_t k = 0; k < g->n_layers; k++) ip_report_cell(out, last_mean(&v, k), 4);
    fputs("</tr>\n", out);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status put_group(FILE *out, const ip_run_set *s, const ip_run_group *g, ip_scratch *sc)
{
  ip_report_table(out, g->title);
  fputs("<caption>", out);
  ip_html_text(out, g->title);
  fputs("</caption>\n<thead><tr>", out);
  ip_report_column(out, "series", true);
  ip_report_column(out, "unit", true);
  for (size_t k = 0; k < g->n_layers; k++) {
    fputs("<th scope=\"col\">", out);
    ip_html_text(out, ip_layer_label(s, g, k));
    fputs("</th>", out);
  }
  fputs("</tr></thead>\n<tbody>\n", out);
  for (size_t i = 0; i < s->measured.n; i++) IP_TRY(put_row(out, s, g, &s->measured.series[i], sc));
  ip_report_table_end(out);
  return IP_OK;
}

ip_status ip_report_measured(FILE *out, const ip_facts *f)
{
  const ip_run_set *s = f->set;
  ip_scratch *sc;
  if (!s->measured.n) return IP_OK;
  IP_TRY(ip_scratch_create(&sc));
  fputs("<h3>Other measures</h3>\n<p>Means over the networks of a configuration, at the last logged epoch that has a "
        "value.</p>\n",
        out);
  ip_status st = IP_OK;
  for (size_t g = 0; g < s->n_groups && st == IP_OK; g++) st = put_group(out, s, &s->group[g], sc);
  ip_scratch_destroy(&sc);
  return st;
}
