/* claims_figure.c - the figure of a claim: values of the seeds, effects with their intervals, thresholds. */
#include "cli/claims.h"
#include "figure/gnuplot.h"
#include "file/table.h"

#include <math.h>
#include <string.h>

typedef struct {
  const ip_claim_entry *entry;
  ip_table *table;
  ip_scratch *sc;
} drawing;

static bool same_place(const ip_claim_row *a, const ip_claim_row *b)
{
  return a->layer == b->layer && !strcmp(a->estimator, b->estimator);
}

/* 1, 2, ... in the order of the rows: an estimator and layer have the same place in all panels. */
static size_t place_of(const ip_claim_result *r, const ip_claim_row *w)
{
  size_t place = 1;
  for (const ip_claim_row *v = r->row; !same_place(v, w); v++) {
    bool is_new = !v->is_also;
    for (const ip_claim_row *u = r->row; u < v && is_new; u++) is_new = u->is_also || !same_place(u, v);
    place += is_new;
  }
  return place;
}

static double finite_or_nan(double x)
{
  return isfinite(x) ? x : (double)NAN;
}

/* Where the test holds: above the first, below the second number; NaN: no end. */
static ip_bounds region_of(const ip_test *t)
{
  switch (t->kind) {
  case IP_ABOVE:
    return (ip_bounds){t->a, (double)NAN};
  case IP_BELOW:
    return (ip_bounds){(double)NAN, t->a};
  case IP_WITHIN:
    return (ip_bounds){-t->a, t->a};
  case IP_BETWEEN:
    return (ip_bounds){t->a, t->b};
  }
  return (ip_bounds){(double)NAN, (double)NAN};
}

/* gnuplot does not read quotes within quotes. */
static void put_title(ip_table *t, const char *text)
{
  char title[200];
  snprintf(title, sizeof title, "%s", text);
  for (char *s = title; *s; s++)
    if (*s == '"') *s = '\'';
  ip_table_text(t, title);
}

static void put_point(const drawing *d, const ip_claim_row *w, double value)
{
  ip_table *t = d->table;
  ip_bounds holds = region_of(&w->test->test);
  put_title(t, w->text);
  ip_table_text(t, *w->estimator ? w->estimator : "-");
  ip_table_text(t, ip_claims_layer_name(d->entry, w->layer).text);
  ip_table_int(t, (int64_t)place_of(d->entry->result, w));
  ip_table_real(t, value);
  ip_table_real(t, finite_or_nan(w->effect.value));
  ip_table_real(t, finite_or_nan(w->effect.interval.low));
  ip_table_real(t, finite_or_nan(w->effect.interval.high));
  ip_table_real(t, holds.low);
  ip_table_real(t, holds.high);
  ip_table_text(t, ip_decision_text(w->decision));
  ip_table_end_row(t);
}

/* Only of means do the values of seeds have the scale of the effect. */
static ip_status put_row(const drawing *d, const ip_claim_row *w)
{
  ip_seed_value *x = NULL, *y;
  const ip_rule *summary = w->test->arg[0];
  while (summary->op == IP_OP_AT) summary = summary->arg[0];
  ip_function f = summary->function;
  put_point(d, w, (double)NAN);
  if (f != IP_FUNCTION_MEAN && f != IP_FUNCTION_MEDIAN) return IP_OK;
  size_t mark = ip_scratch_mark(d->sc);
  IP_TRY(ip_claim_row_values(d->entry->claim, d->entry->table, w, d->sc, &x, &y));
  for (size_t i = 0; x && i < d->entry->table->n_seeds; i++)
    if (isfinite(x[i].value)) put_point(d, w, x[i].value);
  ip_scratch_release(d->sc, mark);
  return IP_OK;
}

/* One panel for each test of the rule. */
static ip_status fill(const drawing *d)
{
  static const char *const columns[] = {"panel", "estimator", "layer",       "place",       "value",   "effect",
                                        "low",   "high",      "holds_above", "holds_below", "decision"};
  const ip_claim_result *r = d->entry->result;
  size_t n_panels = 0;
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) ip_table_text(d->table, columns[i]);
  ip_table_end_row(d->table);
  for (size_t i = 0; i < r->n_rows; i++) {
    bool is_new = !r->row[i].is_also;
    for (size_t j = 0; j < i && is_new; j++) is_new = r->row[j].test != r->row[i].test;
    if (!is_new) continue;
    if (n_panels++) {
      ip_table_end_row(d->table);
      ip_table_end_row(d->table);
    }
    for (size_t j = i; j < r->n_rows; j++)
      if (r->row[j].test == r->row[i].test) IP_TRY(put_row(d, &r->row[j]));
  }
  return IP_OK;
}

ip_status ip_claims_draw(const ip_claim_entry *e, const char **path, ip_scratch *sc)
{
  drawing d = {.entry = e, .sc = sc};
  char *script;
  const char *data;
  *path = NULL;
  if (!e->result->n_rows) return IP_OK;
  IP_TRY(ip_scratch_format(sc, path, "%s/verdict.png", e->folder));
  IP_TRY(ip_scratch_format(sc, &data, "%s/figure.tsv", e->folder));
  IP_TRY(ip_gnuplot_script("claim", &script));
  ip_status st = ip_table_create(data, &d.table);
  if (st == IP_OK && (st = fill(&d)) == IP_OK)
    st = ip_table_publish(&d.table);
  else
    ip_table_discard(&d.table);
  if (st == IP_OK) st = ip_gnuplot_draw(script, data, *path, "png", NULL);
  ip_free(script);
  return st;
}
