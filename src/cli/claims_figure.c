/* claims_figure.c - the figure of a claim: values of the seeds, effects with their intervals, thresholds. */
#include "cli/claims.h"
#include "figure/gnuplot.h"
#include "file/table.h"

#include <math.h>

static void put_point(ip_table *t, const ip_claim_entry *e, const ip_claim_row *w, size_t place, double value)
{
  const ip_test *test = &w->test->test;
  char label[600];
  snprintf(label, sizeof label, "%s%s%s", w->estimator, *w->estimator && w->layer ? ", " : "",
           w->layer ? ip_claims_layer_name(e, w->layer).text : "");
  ip_table_text(t, w->text);
  ip_table_text(t, *label ? label : "all");
  ip_table_int(t, (int64_t)place);
  ip_table_real(t, value);
  ip_table_real(t, w->effect.value);
  ip_table_real(t, w->effect.interval.low);
  ip_table_real(t, w->effect.interval.high);
  ip_table_real(t, test->kind == IP_WITHIN ? -test->a : test->a);
  ip_table_real(t, test->kind == IP_WITHIN ? test->a : test->kind == IP_BETWEEN ? test->b : (double)NAN);
  ip_table_text(t, ip_decision_text(w->decision));
  ip_table_end_row(t);
}

/* Only of means do the values of seeds have the scale of the effect. */
static ip_status put_row(ip_table *t, const ip_claim_entry *e, const ip_claim_row *w, size_t place, ip_scratch *sc)
{
  ip_seed_value *x = NULL, *y;
  const ip_rule *summary = w->test->arg[0];
  while (summary->op == IP_OP_AT) summary = summary->arg[0];
  ip_function f = summary->function;
  put_point(t, e, w, place, (double)NAN);
  if (f != IP_FUNCTION_MEAN && f != IP_FUNCTION_MEDIAN) return IP_OK;
  IP_TRY(ip_claim_row_values(e->claim, e->table, w, sc, &x, &y));
  for (size_t i = 0; x && i < e->table->n_seeds; i++)
    if (isfinite(x[i].value)) put_point(t, e, w, place, x[i].value);
  return IP_OK;
}

/* One panel for each test of the rule. */
static ip_status fill(ip_table *t, const ip_claim_entry *e, ip_scratch *sc)
{
  static const char *const columns[] = {"panel", "label", "place",     "value",       "effect",
                                        "low",   "high",  "threshold", "threshold_2", "decision"};
  const ip_claim_result *r = e->result;
  size_t n_panels = 0;
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) ip_table_text(t, columns[i]);
  ip_table_end_row(t);
  for (size_t i = 0; i < r->n_rows; i++) {
    size_t place = 0;
    bool is_new = !r->row[i].is_also;
    for (size_t j = 0; j < i && is_new; j++) is_new = r->row[j].test != r->row[i].test;
    if (!is_new) continue;
    if (n_panels++) {
      ip_table_end_row(t);
      ip_table_end_row(t);
    }
    for (size_t j = i; j < r->n_rows; j++) {
      size_t mark = ip_scratch_mark(sc);
      if (r->row[j].test == r->row[i].test) IP_TRY(put_row(t, e, &r->row[j], ++place, sc));
      ip_scratch_release(sc, mark);
    }
  }
  return IP_OK;
}

ip_status ip_claims_draw(const ip_claim_entry *e, const char **path, ip_scratch *sc)
{
  ip_table *t;
  char *script;
  const char *data;
  *path = NULL;
  if (!e->result->n_rows) return IP_OK;
  IP_TRY(ip_scratch_format(sc, path, "%s/verdict.png", e->folder));
  IP_TRY(ip_scratch_format(sc, &data, "%s/figure.tsv", e->folder));
  IP_TRY(ip_gnuplot_script("claim", &script));
  ip_status st = ip_table_create(data, &t);
  if (st == IP_OK && (st = fill(t, e, sc)) == IP_OK)
    st = ip_table_publish(&t);
  else
    ip_table_discard(&t);
  if (st == IP_OK) st = ip_gnuplot_draw(script, data, *path, "png", NULL);
  ip_free(script);
  return st;
}
