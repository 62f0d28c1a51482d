#include "study/compare_values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of a layer by an estimator. I(X;T) and I(T;Y) at the end are the raw values, of which means are taken. */
static const struct {
  ip_compression_measure measure;
  const char *unit;
  bool is_main;
} of_estimator[] = {
    {IP_MEASURE_PEAK, "bits", true},
    {IP_MEASURE_PEAK_EPOCH, "epochs", false},
    {IP_MEASURE_IXT_RAW, "bits", true},
    {IP_MEASURE_DROP, "bits", true},
    {IP_MEASURE_DROP_FRACTION, "", false},
    {IP_MEASURE_ITY_PEAK, "bits", false},
    {IP_MEASURE_ITY_PEAK_EPOCH, "epochs", false},
    {IP_MEASURE_ITY_RAW, "bits", true},
    {IP_MEASURE_IXT_GIVEN_Y, "bits", false},
    {IP_MEASURE_IXT_FRACTION, "", false},
    {IP_MEASURE_ITY_FRACTION, "", false},
    {IP_MEASURE_BIN_LOSS, "bits", false},
};

static const char *const units[] = {
#define X(symbol, metric, column, unit) unit,
    IP_GATHERED_METRIC_LIST(X)
#undef X
};

/* ---------------------------------------------------------------- one number */

static bool is_same(const ip_compared *a, const ip_compared *b)
{
  return !strcmp(a->quantity, b->quantity) && !strcmp(a->layer, b->layer) && !strcmp(a->source, b->source);
}

static ip_status add_quantity(ip_pairs_of_values *v, const ip_compared *what)
{
  ip_pair_values new = {.row = *what};
  new.row.order = v->n;
  IP_TRY(ip_scratch_text(v->sc, what->layer, &new.row.layer));
  IP_TRY(ip_scratch_text(v->sc, what->source, &new.row.source));
  IP_TRY(ip_scratch_text(v->sc, what->quantity, &new.row.quantity));
  IP_TRY(ip_scratch_text(v->sc, what->unit, &new.row.unit));
  for (int side = 0; side < 2; side++) {
    IP_TRY(IP_SCRATCH(v->sc, new.value[side], v->n_pairs, "values of pairs"));
    for (size_t i = 0; i < v->n_pairs; i++) new.value[side][i] = (double)NAN;
  }
  IP_TRY(IP_SCRATCH_GROW(v->sc, v->values, v->n, &v->room, "values of pairs"));
  v->values[v->n++] = new;
  return IP_OK;
}

/* Where a number of one run goes. */
typedef struct {
  ip_pairs_of_values *v;
  size_t pair;
  int side;
} target;

static ip_status put(const target *t, const ip_compared *what, double value)
{
  size_t i = 0;
  while (i < t->v->n && !is_same(&t->v->values[i].row, what)) i++;
  if (i == t->v->n) IP_TRY(add_quantity(t->v, what));
  t->v->values[i].value[t->side][t->pair] = value;
  return IP_OK;
}

/* ---------------------------------------------------------------- one run */

static ip_status put_network(const target *t, const ip_gathered *g)
{
  for (size_t m = 0; m < IP_N_METRICS; m++) {
    const ip_compared what = {.layer = "",
                              .source = "",
                              .quantity = ip_gathered_column(m),
                              .unit = units[m],
                              .is_main = m < IP_N_LOSS_METRICS};
    IP_TRY(put(t, &what, g->final[m]));
  }
  return IP_OK;
}

static ip_status put_layer(const target *t, const ip_gathered *g, size_t k)
{
  char layer[24];
  bool is_output = k + 1 == g->n_layers && !strcmp(g->head->layer[k].kind, "output");
  snprintf(layer, sizeof layer, is_output ? "output" : "%zu", k + 1);
  for (size_t i = 0; i < g->n_estimators; i++)
    for (size_t m = 0; m < sizeof of_estimator / sizeof *of_estimator; m++) {
      const ip_compared what = {.layer = layer,
                                .source = g->estimator[i],
                                .quantity = ip_measure_name(of_estimator[m].measure),
                                .unit = of_estimator[m].unit,
                                .is_main = of_estimator[m].is_main};
      IP_TRY(put(t, &what, g->measure[(i * g->n_layers + k) * IP_N_MEASURES + of_estimator[m].measure]));
    }
  for (size_t j = 0; j < g->measured.n; j++) {
    const ip_measured_series *s = &g->measured.series[j];
    const ip_compared what = {
        .layer = layer, .source = s->measure, .quantity = s->name, .unit = strcmp(s->unit, "1") ? s->unit : ""};
    IP_TRY(put(t, &what, ip_measure_final(g->n_epochs, g->measured_value[j] + k, g->n_layers)));
  }
  return IP_OK;
}

static ip_status put_run(const target *t, const ip_gathered *g)
{
  IP_TRY(put_network(t, g));
  for (size_t k = 0; k < g->n_layers; k++) IP_TRY(put_layer(t, g, k));
  return IP_OK;
}

ip_status ip_pairs_read(ip_pairs_of_values *v, size_t pair, int side, const char *file)
{
  ip_scratch *mine;
  ip_gathered g;
  IP_TRY(ip_scratch_create(&mine));
  ip_status st = ip_gathered_open(file, mine, &g);
  if (st == IP_OK) {
    st = put_run(&(target){v, pair, side}, &g);
    ip_gathered_close(&g);
  }
  ip_scratch_destroy(&mine);
  return st;
}
