#include "study/gathered.h"

#include "study/usable.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MOST_AXES = 128 };

const char *ip_gathered_metric(size_t i)
{
  static const char *const names[] = {
#define X(symbol, metric, column, unit) metric,
      IP_GATHERED_METRIC_LIST(X)
#undef X
  };
  return names[i];
}

const char *ip_gathered_column(size_t i)
{
  static const char *const names[] = {
#define X(symbol, metric, column, unit) #column,
      IP_GATHERED_METRIC_LIST(X)
#undef X
  };
  return names[i];
}

const char *ip_gathered_layer_metric(size_t i)
{
  static const char *const names[] = {
#define X(symbol, name, unit) name,
      IP_GATHERED_LAYER_METRIC_LIST(X)
#undef X
  };
  return names[i];
}

const char *ip_gathered_fact(size_t i)
{
  static const char *const names[] = {
#define X(symbol, column, unit) #column,
      IP_GATHERED_FACT_LIST(X)
#undef X
  };
  return names[i];
}

/* Whether a key has a column in any case. */
static bool has_column(const char *key)
{
  return !strcmp(key, "seed") || !strcmp(key, "run");
}

size_t ip_gathered_keys(const ip_grid *grid, size_t n, const char **key)
{
  size_t m = 0;
  for (size_t a = 0; a < grid->n_axes; a++)
    for (size_t j = 0; j < grid->axis[a].n_keys; j++) {
      if (has_column(grid->axis[a].key[j])) continue;
      if (m < n) key[m] = grid->axis[a].key[j];
      m++;
    }
  return m;
}

void ip_gathered_values(const ip_grid *grid, size_t grid_point, const char **value)
{
  size_t place[MOST_AXES], m = 0;
  assert(grid->n_axes <= MOST_AXES);
  ip_grid_place(grid, grid_point, place);
  for (size_t a = 0; a < grid->n_axes; a++)
    for (size_t j = 0; j < grid->axis[a].n_keys; j++)
      if (!has_column(grid->axis[a].key[j])) value[m++] = grid->axis[a].value[j][place[a]];
}

/* ---------------------------------------------------------------- one run file */

static ip_status read_metrics(ip_scratch *sc, ip_gathered *g)
{
  for (size_t m = 0; m < IP_N_METRICS; m++) {
    IP_TRY(IP_SCRATCH(sc, g->metric[m], g->n_epochs, "losses"));
    IP_TRY(m == IP_METRIC_TRAIN_USABLE  ? ip_series_of_usable(g->run, 0, g->metric[m])
           : m == IP_METRIC_TEST_USABLE ? ip_series_of_usable(g->run, 1, g->metric[m])
                                        : ip_run_read_metric(g->run, ip_gathered_metric(m), g->metric[m]));
    g->final[m] = ip_run_final(g->run, ip_gathered_metric(m));
    if (isnan(g->final[m]) && g->n_epochs) g->final[m] = g->metric[m][g->n_epochs - 1];
  }
  g->best_epoch = ip_measure_least_epoch(g->n_epochs, g->epoch, g->metric[IP_METRIC_TEST_LOSS]);
  return IP_OK;
}

static ip_status read_layers(ip_scratch *sc, ip_gathered *g)
{
  for (size_t m = 0; m < IP_N_LAYER_METRICS; m++) {
    IP_TRY(IP_SCRATCH(sc, g->layer_metric[m], g->n_epochs * g->n_layers, "series of layers"));
    IP_TRY(ip_run_read_layer_metric(g->run, ip_gathered_layer_metric(m), g->layer_metric[m]));
  }
  const double *mean = g->layer_metric[IP_LAYER_METRIC_GRADIENT_MEAN];
  const double *sd = g->layer_metric[IP_LAYER_METRIC_GRADIENT_STD];
  IP_TRY(IP_SCRATCH(sc, g->crossing, g->n_layers, "gradients"));
  for (size_t k = 0; k < g->n_layers; k++)
    g->crossing[k] = ip_measure_crossing(g->n_epochs, g->epoch, mean + k, sd + k, g->n_layers);
  return IP_OK;
}

static ip_status read_estimates(ip_scratch *sc, ip_gathered *g)
{
  g->n_estimators = ip_run_n_information(g->run);
  IP_TRY(IP_SCRATCH(sc, g->estimator, g->n_estimators, "estimators"));
  IP_TRY(IP_SCRATCH(sc, g->series, g->n_estimators, "estimates"));
  for (size_t i = 0; i < g->n_estimators; i++) {
    g->estimator[i] = ip_run_information_name(g->run, i);
    for (size_t s = 0; s < IP_N_INFORMATION_SERIES; s++) {
      IP_TRY(IP_SCRATCH(sc, g->series[i][s], g->n_epochs * g->n_layers, "estimates"));
      IP_TRY(ip_run_read_series(g->run, g->estimator[i], ip_information_series_name(s), g->series[i][s]));
    }
  }
  return IP_OK;
}

static ip_status read_facts(ip_scratch *sc, ip_gathered *g)
{
  IP_TRY(IP_SCRATCH(sc, g->fact, g->n_estimators * IP_N_FACTS, "facts"));
  for (size_t i = 0; i < g->n_estimators; i++) {
    double *fact = g->fact + i * IP_N_FACTS;
    fact[IP_FACT_SAMPLES] = (double)ip_run_n_estimated(g->run, g->estimator[i]);
    fact[IP_FACT_LOG2_SAMPLES] = log2(fact[IP_FACT_SAMPLES]);
    fact[IP_FACT_HX] = ip_run_information_number(g->run, g->estimator[i], "hx_bits");
    fact[IP_FACT_HY] = ip_run_information_number(g->run, g->estimator[i], "hy_bits");
  }
  return IP_OK;
}

/* "I(X;T): why; I(T;Y): why" of what the estimator could not give. */
static ip_status read_reasons(ip_scratch *sc, ip_gathered *g)
{
  static const char *const what[] = {IP_NAME_IXT, IP_NAME_ITY};
  static const char *const name[] = {"I(X;T): ", "I(T;Y): "};
  IP_TRY(IP_SCRATCH(sc, g->reason, g->n_estimators, "reasons"));
  for (size_t i = 0; i < g->n_estimators; i++) {
    const char *why[2];
    char *text;
    for (size_t w = 0; w < 2; w++) IP_TRY(ip_run_read_no_value(g->run, g->estimator[i], what[w], sc, &why[w]));
    IP_TRY(IP_SCRATCH(sc, text, strlen(why[0]) + strlen(why[1]) + 32, "reasons"));
    for (size_t w = 0; w < 2; w++) {
      if (!*why[w]) continue;
      if (*text) strcat(text, "; ");
      strcat(strcat(text, name[w]), why[w]);
    }
    g->reason[i] = text;
  }
  return IP_OK;
}

static ip_status read_measured(ip_scratch *sc, ip_gathered *g)
{
  g->measured = (ip_measured_list){0};
  IP_TRY(ip_measured_add_run(&g->measured, g->run, sc));
  IP_TRY(IP_SCRATCH(sc, g->measured_value, g->measured.n, "measures"));
  for (size_t i = 0; i < g->measured.n; i++) {
    const ip_measured_series *s = &g->measured.series[i];
    IP_TRY(IP_SCRATCH(sc, g->measured_value[i], g->n_epochs * g->n_layers, "measures"));
    IP_TRY(ip_run_read_measure_series(g->run, s->measure, s->name, g->measured_value[i]));
  }
  return IP_OK;
}

/* "geometry/nc1, geometry/nc1_papyan: why; geometry/cka_next: layer 3: why" of what measures could not give. */
static ip_status read_measured_reason(ip_scratch *sc, ip_gathered *g)
{
  const char *last = "";
  g->measured_reason = "";
  for (size_t i = 0; i < g->measured.n; i++) {
    const ip_measured_series *s = &g->measured.series[i];
    const char *why, *all = g->measured_reason;
    IP_TRY(ip_run_read_measure_no_value(g->run, s->measure, s->name, sc, &why));
    if (*last && strcmp(last, why) != 0) IP_TRY(ip_scratch_format(sc, &all, "%s: %s", all, last));
    if (*why)
      IP_TRY(ip_scratch_format(sc, &all, "%s%s%s", all, !*all ? "" : strcmp(last, why) ? "; " : ", ", s->column));
    g->measured_reason = all;
    last = why;
  }
  return *last ? ip_scratch_format(sc, &g->measured_reason, "%s: %s", g->measured_reason, last) : IP_OK;
}

static void fill_measures(const ip_gathered *g, size_t i, size_t k, double *m)
{
  ip_measure_compression(g->n_epochs, g->epoch, g->series[i][IP_INFORMATION_IXT] + k,
                         g->series[i][IP_INFORMATION_ITY] + k, g->n_layers, m);
  m[IP_MEASURE_IXT_RAW] = ip_measure_final(g->n_epochs, g->series[i][IP_INFORMATION_IXT_RAW] + k, g->n_layers);
  m[IP_MEASURE_ITY_RAW] = ip_measure_final(g->n_epochs, g->series[i][IP_INFORMATION_ITY_RAW] + k, g->n_layers);
  static const struct {
    ip_compression_measure measure;
    ip_information_series series;
  } last[] = {{IP_MEASURE_IXT_GIVEN_Y, IP_INFORMATION_IXT_GIVEN_Y},
              {IP_MEASURE_IXT_FRACTION, IP_INFORMATION_IXT_FRACTION},
              {IP_MEASURE_ITY_FRACTION, IP_INFORMATION_ITY_FRACTION},
              {IP_MEASURE_BIN_LOSS, IP_INFORMATION_BIN_LOSS}};
  for (size_t j = 0; j < sizeof last / sizeof *last; j++)
    m[last[j].measure] = ip_measure_final(g->n_epochs, g->series[i][last[j].series] + k, g->n_layers);
  m[IP_MEASURE_CROSSING] = g->crossing[k];
  m[IP_MEASURE_TRAIN_ACCURACY] = g->final[IP_METRIC_TRAIN_ACCURACY];
  m[IP_MEASURE_TEST_ACCURACY] = g->final[IP_METRIC_TEST_ACCURACY];
  m[IP_MEASURE_TRAIN_LOSS] = g->final[IP_METRIC_TRAIN_LOSS];
  m[IP_MEASURE_TEST_LOSS] = g->final[IP_METRIC_TEST_LOSS];
  m[IP_MEASURE_ACCURACY_GAP] = m[IP_MEASURE_TRAIN_ACCURACY] - m[IP_MEASURE_TEST_ACCURACY];
  m[IP_MEASURE_LOSS_GAP] = m[IP_MEASURE_TEST_LOSS] - m[IP_MEASURE_TRAIN_LOSS];
}

static ip_status read_all(const char *path, ip_scratch *sc, ip_gathered *g)
{
  IP_TRY(ip_run_open_series(path, &g->run));
  g->head = ip_run_head_of(g->run);
  g->n_epochs = ip_run_n_epochs(g->run);
  g->epoch = ip_run_epochs(g->run);
  g->n_layers = g->head->n_layers;
  IP_TRY(read_metrics(sc, g));
  IP_TRY(read_layers(sc, g));
  IP_TRY(read_estimates(sc, g));
  IP_TRY(read_facts(sc, g));
  IP_TRY(read_reasons(sc, g));
  IP_TRY(read_measured(sc, g));
  IP_TRY(read_measured_reason(sc, g));
  IP_TRY(IP_SCRATCH(sc, g->measure, g->n_estimators * g->n_layers * IP_N_MEASURES, "measures"));
  for (size_t i = 0; i < g->n_estimators; i++)
    for (size_t k = 0; k < g->n_layers; k++) fill_measures(g, i, k, g->measure + (i * g->n_layers + k) * IP_N_MEASURES);
  return IP_OK;
}

ip_status ip_gathered_open(const char *path, ip_scratch *sc, ip_gathered *g)
{
  g->run = NULL;
  ip_status st = read_all(path, sc, g);
  if (st != IP_OK) ip_gathered_close(g);
  return st;
}

void ip_gathered_close(ip_gathered *g)
{
  ip_run_close(&g->run);
}
