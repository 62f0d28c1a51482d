#include "summary/tables.h"

#include "base/mem.h"
#include "file/table.h"
#include "study/paths.h"
#include "summary/correlations.h"

#include <math.h>
#include <string.h>

struct ip_tables {
  const ip_gather_plan *p;
  char *folder;
  ip_table *summary, *runs;
  size_t n_keys;
  ip_scratch *sc;
  ip_correlations *correlations;
};

/* Series that are columns of summary.csv, in their order. */
static const ip_information_series columns[] = {
    IP_INFORMATION_IXT,
    IP_INFORMATION_ITY,
    IP_INFORMATION_IXT_RAW,
    IP_INFORMATION_ITY_RAW,
    IP_INFORMATION_IXT_LOW,
    IP_INFORMATION_IXT_HIGH,
    IP_INFORMATION_ITY_LOW,
    IP_INFORMATION_ITY_HIGH,
    IP_INFORMATION_NULL_HIGH,
    IP_INFORMATION_IXT_GIVEN_Y,
    IP_INFORMATION_IXT_FRACTION,
    IP_INFORMATION_ITY_FRACTION,
    IP_INFORMATION_BIN_LOSS,
    IP_INFORMATION_PREDICTION_ENTROPY,
    IP_INFORMATION_IXT_ERROR,
    IP_INFORMATION_ITY_ERROR,
    IP_INFORMATION_IXT_BAND_LOW,
    IP_INFORMATION_IXT_BAND_HIGH,
    IP_INFORMATION_ITY_BAND_LOW,
    IP_INFORMATION_ITY_BAND_HIGH,
    IP_INFORMATION_SATURATED,
    IP_INFORMATION_DPI,
    IP_INFORMATION_CLIPPED,
    IP_INFORMATION_LOSSY_BINS,
    IP_INFORMATION_IXT_INTERVAL_MISSING,
    IP_INFORMATION_ITY_INTERVAL_MISSING,
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* Columns of runs.csv that count epochs with a flag. */
static const struct {
  size_t series;
  const char *column;
} flags[] = {{IP_INFORMATION_SATURATED, "saturated_epochs"},
             {IP_INFORMATION_DPI, "dpi_epochs"},
             {IP_INFORMATION_CLIPPED, "clipped_epochs"},
             {IP_INFORMATION_LOSSY_BINS, "lossy_bins_epochs"},
             {IP_INFORMATION_IXT_INTERVAL_MISSING, "ixt_interval_missing_epochs"},
             {IP_INFORMATION_ITY_INTERVAL_MISSING, "ity_interval_missing_epochs"}};
enum { N_FLAGS = sizeof flags / sizeof *flags };

/* ---------------------------------------------------------------- heads */

static ip_status begin(const char *folder, const char *name, ip_table **out)
{
  char *path;
  IP_TRY(IP_FORMAT(path, "%s/%s", folder, name));
  ip_status st = ip_table_create(path, out);
  ip_free(path);
  return st;
}

static void put_run_head(ip_table *t, size_t n_keys, const char *const *key)
{
  ip_table_text(t, "run");
  for (size_t i = 0; i < n_keys; i++) ip_table_text(t, key[i]);
  ip_table_text(t, "seed");
  ip_table_text(t, "status");
}

/* What an estimate was made from. */
static void put_fact_heads(ip_table *t)
{
  ip_table_text(t, "estimator_spec");
  ip_table_text(t, "split");
  for (size_t f = 0; f < IP_N_FACTS; f++) ip_table_text(t, ip_gathered_fact(f));
}

static void put_heads(ip_tables *t, const char *const *key)
{
  put_run_head(t->summary, t->n_keys, key);
  static const char *const place[] = {"epoch", "layer", "layer_name", "kind", "width", "activation", "estimator"};
  for (size_t i = 0; i < 7; i++) ip_table_text(t->summary, place[i]);
  for (size_t s = 0; s < N_COLUMNS; s++) ip_table_text(t->summary, ip_information_series_name(columns[s]));
  for (size_t m = 0; m < IP_N_METRICS; m++) ip_table_text(t->summary, ip_gathered_column(m));
  for (size_t m = 0; m < IP_N_LAYER_METRICS; m++) ip_table_text(t->summary, ip_gathered_layer_metric(m));
  put_fact_heads(t->summary);
  for (size_t i = 0; i < t->p->measured.n; i++) ip_table_text(t->summary, t->p->measured.series[i].column);
  ip_table_end_row(t->summary);
  put_run_head(t->runs, t->n_keys, key);
  static const char *const layer[] = {"layers", "layer", "layer_name", "kind", "width", "activation", "estimator"};
  for (size_t i = 0; i < 7; i++) ip_table_text(t->runs, layer[i]);
  for (size_t m = 0; m < IP_N_MEASURES; m++) ip_table_text(t->runs, ip_measure_name((ip_compression_measure)m));
  for (size_t f = 0; f < N_FLAGS; f++) ip_table_text(t->runs, flags[f].column);
  ip_table_text(t->runs, "reason");
  ip_table_text(t->runs, "measures_reason");
  ip_table_text(t->runs, "status_reason");
  put_fact_heads(t->runs);
  ip_table_text(t->runs, "least_test_loss_epoch");
  for (size_t m = IP_N_LOSS_METRICS; m < IP_N_METRICS; m++) ip_table_text(t->runs, ip_gathered_column(m));
  for (size_t m = 0; m < IP_N_LAYER_METRICS; m++) ip_table_text(t->runs, ip_gathered_layer_metric(m));
  for (size_t i = 0; i < t->p->measured.n; i++) ip_table_text(t->runs, t->p->measured.series[i].column);
  ip_table_end_row(t->runs);
}

static ip_status open_all(ip_tables *t, const char *folder)
{
  const char **key;
  IP_TRY(ip_scratch_create(&t->sc));
  IP_TRY(IP_STRDUP(t->folder, folder));
  IP_TRY(ip_correlations_create(t->p, t->sc, &t->correlations));
  t->n_keys = ip_gathered_keys(t->p->grid, 0, NULL);
  IP_TRY(IP_SCRATCH(t->sc, key, t->n_keys, "swept keys"));
  ip_gathered_keys(t->p->grid, t->n_keys, key);
  IP_TRY(begin(folder, IP_FILE_SUMMARY, &t->summary));
  IP_TRY(begin(folder, IP_FILE_RUNS, &t->runs));
  put_heads(t, key);
  return IP_OK;
}

ip_status ip_tables_create(const ip_gather_plan *p, const char *folder, ip_tables **out)
{
  *out = NULL;
  ip_tables *t;
  IP_TRY(IP_NEW(t, 1, "tables"));
  t->p = p;
  ip_status st = open_all(t, folder);
  if (st != IP_OK) ip_tables_destroy(&t);
  *out = t;
  return st;
}

void ip_tables_destroy(ip_tables **tables)
{
  ip_tables *t = *tables;
  if (!t) return;
  ip_table_discard(&t->summary);
  ip_table_discard(&t->runs);
  ip_scratch_destroy(&t->sc);
  ip_free(t->folder);
  ip_free(t);
  *tables = NULL;
}

/* ---------------------------------------------------------------- rows */

static void put_run(ip_table *t, size_t n_keys, const ip_gathered *g)
{
  ip_table_text(t, g->name);
  for (size_t i = 0; i < n_keys; i++) ip_table_text(t, g->axis_value[i]);
  ip_table_int(t, (int64_t)g->seed);
  ip_table_text(t, ip_run_status(g->run));
}

static void put_layer(ip_table *t, const ip_gathered *g, size_t k, const char *estimator)
{
  const ip_run_layer *layer = &g->head->layer[k];
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, layer->name);
  ip_table_text(t, layer->kind);
  ip_table_int(t, (int64_t)layer->width);
  ip_table_text(t, layer->activation);
  ip_table_text(t, estimator);
}

/* As the configuration writes the estimator. */
static const char *spec_of(const ip_gather_plan *p, const char *label)
{
  size_t i = ip_gather_plan_find(p, label);
  return p->spec && i < p->n_estimators ? p->spec[i] : label;
}

/* Of the i-th estimator; empty cells if the run has none. */
static void put_facts(ip_table *t, const ip_gather_plan *p, const ip_gathered *g, size_t i)
{
  bool has = i < g->n_estimators;
  ip_table_text(t, has ? spec_of(p, g->estimator[i]) : "");
  ip_table_text(t, has ? ip_run_split_of(g->estimator[i]) : "");
  for (size_t f = 0; f < IP_N_FACTS; f++) ip_table_real(t, has ? g->fact[i * IP_N_FACTS + f] : (double)NAN);
}

/* Of runs.csv, after the reason: what ended the run, what was estimated from, and layer k at the end. */
static void put_end(const ip_tables *t, const ip_gathered *g, size_t i, size_t k)
{
  ip_table_text(t->runs, ip_run_reason(g->run));
  put_facts(t->runs, t->p, g, i);
  ip_table_real(t->runs, g->best_epoch);
  for (size_t m = IP_N_LOSS_METRICS; m < IP_N_METRICS; m++) ip_table_real(t->runs, g->final[m]);
  for (size_t m = 0; m < IP_N_LAYER_METRICS; m++)
    ip_table_real(t->runs, ip_measure_final(g->n_epochs, g->layer_metric[m] + k, g->n_layers));
}

/* Numbers of epochs with a flag, and why estimates are missing. */
static void put_flags(ip_table *t, const ip_gathered *g, size_t i, size_t k)
{
  for (size_t f = 0; f < N_FLAGS; f++) {
    int64_t n = 0;
    for (size_t e = 0; e < g->n_epochs; e++) n += g->series[i][flags[f].series][e * g->n_layers + k] > 0;
    ip_table_int(t, n);
  }
  ip_table_text(t, g->reason[i]);
  ip_table_text(t, g->measured_reason);
}

/* The run's values (n_epochs, n_layers) of a column of measures; NULL if it has none. */
static const double *measured_of(const ip_tables *t, const ip_gathered *g, size_t column)
{
  size_t i = ip_measured_find(&g->measured, t->p->measured.series[column].column);
  return i < g->measured.n ? g->measured_value[i] : NULL;
}

/* At the last logged epoch that has a number. */
static void put_measured(const ip_tables *t, const ip_gathered *g, size_t k)
{
  for (size_t j = 0; j < t->p->measured.n; j++) {
    const double *v = measured_of(t, g, j);
    ip_table_real(t->runs, v ? ip_measure_final(g->n_epochs, v + k, g->n_layers) : (double)NAN);
  }
}

/* A run without estimates still has a row for each epoch and layer. */
static void put_summary(ip_tables *t, const ip_gathered *g)
{
  size_t n_rows = g->n_estimators ? g->n_estimators : 1;
  for (size_t e = 0; e < g->n_epochs; e++)
    for (size_t k = 0; k < g->n_layers; k++)
      for (size_t i = 0; i < n_rows; i++) {
        put_run(t->summary, t->n_keys, g);
        ip_table_int(t->summary, g->epoch[e]);
        put_layer(t->summary, g, k, g->n_estimators ? g->estimator[i] : "");
        for (size_t s = 0; s < N_COLUMNS; s++)
          if (g->n_estimators)
            ip_table_real(t->summary, g->series[i][columns[s]][e * g->n_layers + k]);
          else
            ip_table_text(t->summary, "nan");
        for (size_t m = 0; m < IP_N_METRICS; m++) ip_table_real(t->summary, g->metric[m][e]);
        for (size_t m = 0; m < IP_N_LAYER_METRICS; m++)
          ip_table_real(t->summary, g->layer_metric[m][e * g->n_layers + k]);
        put_facts(t->summary, t->p, g, i);
        for (size_t j = 0; j < t->p->measured.n; j++) {
          const double *v = measured_of(t, g, j);
          ip_table_real(t->summary, v ? v[e * g->n_layers + k] : (double)NAN);
        }
        ip_table_end_row(t->summary);
      }
}

/* A run that has measures and no estimates. */
static void put_run_of_measures(ip_tables *t, const ip_gathered *g)
{
  for (size_t k = 0; k < g->n_layers; k++) {
    put_run(t->runs, t->n_keys, g);
    ip_table_int(t->runs, (int64_t)g->n_layers);
    put_layer(t->runs, g, k, "");
    for (size_t m = 0; m < IP_N_MEASURES + N_FLAGS; m++) ip_table_real(t->runs, (double)NAN);
    ip_table_text(t->runs, "");
    ip_table_text(t->runs, g->measured_reason);
    put_end(t, g, 0, k);
    put_measured(t, g, k);
    ip_table_end_row(t->runs);
  }
}

ip_status ip_tables_add(ip_tables *t, const ip_gathered *g)
{
  put_summary(t, g);
  if (!g->n_estimators && g->measured.n) put_run_of_measures(t, g);
  for (size_t i = 0; i < g->n_estimators; i++)
    for (size_t k = 0; k < g->n_layers; k++) {
      const double *measure = g->measure + (i * g->n_layers + k) * IP_N_MEASURES;
      put_run(t->runs, t->n_keys, g);
      ip_table_int(t->runs, (int64_t)g->n_layers);
      put_layer(t->runs, g, k, g->estimator[i]);
      for (size_t m = 0; m < IP_N_MEASURES; m++) ip_table_real(t->runs, measure[m]);
      put_flags(t->runs, g, i, k);
      put_end(t, g, i, k);
      put_measured(t, g, k);
      ip_table_end_row(t->runs);
    }
  return ip_correlations_add(t->correlations, g);
}

/* ---------------------------------------------------------------- the end */

ip_status ip_tables_publish(ip_tables *t)
{
  IP_TRY(ip_table_publish(&t->summary));
  IP_TRY(ip_table_publish(&t->runs));
  char *path;
  IP_TRY(IP_FORMAT(path, "%s/%s", t->folder, IP_FILE_CORRELATIONS));
  ip_status st = ip_correlations_publish(t->correlations, path);
  ip_free(path);
  return st;
}
