#include "base/build.h"
#include "base/mem.h"
#include "estimator/kind.h"
#include "run/estimates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ixt and ity always, others where they were asked for and have at least one number. */
static bool is_recorded(const ip_estimation *es, size_t i, ip_information_series series)
{
  bool interval = series >= IP_INFORMATION_IXT_LOW && series <= IP_INFORMATION_ITY_HIGH;
  bool band = series >= IP_INFORMATION_IXT_BAND_LOW && series <= IP_INFORMATION_ITY_BAND_HIGH;
  bool refused = series == IP_INFORMATION_IXT_INTERVAL_MISSING || series == IP_INFORMATION_ITY_INTERVAL_MISSING;
  bool null = series == IP_INFORMATION_NULL_MEAN || series == IP_INFORMATION_NULL_HIGH;
  if ((interval || refused) && !es->opt->bootstrap) return false;
  if (null && !es->opt->null_shuffles) return false;
  bool loss = series == IP_INFORMATION_BIN_LOSS || series == IP_INFORMATION_PREDICTION_ENTROPY ||
              series == IP_INFORMATION_LOSSY_BINS;
  if (loss && !es->opt->bin_loss) return false;
  if (band && !ip_estimator_kind_of(es->estimator[i])->band) return false;
  if (series == IP_INFORMATION_IXT || series == IP_INFORMATION_ITY || !es->n_epochs) return true;
  const double *v = ip_series_of(es, i, series);
  for (size_t at = 0; at < es->n_epochs * es->n_layers; at++)
    if (!isnan(v[at])) return true;
  return false;
}

bool ip_estimates_are_empty(const ip_estimation *es, size_t i)
{
  const double *ixt = ip_series_of(es, i, IP_INFORMATION_IXT), *ity = ip_series_of(es, i, IP_INFORMATION_ITY);
  for (size_t at = 0; at < es->n_epochs * es->n_layers; at++)
    if (!isnan(ixt[at]) || !isnan(ity[at])) return false;
  return true;
}

/* ---------------------------------------------------------------- attributes */

static ip_status whole_number(const char *name, uint64_t value, ip_scratch *sc, ip_run_attribute *a)
{
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, 32, "number"));
  snprintf(text, 32, "%llu", (unsigned long long)value);
  *a = (ip_run_attribute){.name = name, .text = text, .is_number = true, .number = (double)value};
  return IP_OK;
}

static ip_status number(const char *name, double value, ip_scratch *sc, ip_run_attribute *a)
{
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, 32, "number"));
  snprintf(text, 32, "%.10g", value);
  *a = (ip_run_attribute){.name = name, .text = text, .is_number = true, .number = value};
  return IP_OK;
}

static ip_run_attribute parameter_attribute(ip_parameter_value v)
{
  return (ip_run_attribute){.name = v.name, .text = v.text, .is_number = v.is_number, .number = v.number};
}

/* Which samples, and how many. */
static ip_status describe_samples(const ip_estimation *es, ip_scratch *sc, ip_run_attribute *a, size_t *n)
{
  a[(*n)++] = (ip_run_attribute){.name = IP_NAME_SPLIT, .text = es->split};
  return whole_number(IP_NAME_N_SAMPLES, es->n_samples, sc, &a[(*n)++]);
}

enum { MORE_ATTRIBUTES = 10 + IP_N_MISSING }; /* beside the parameters */

/* a (n_parameters + MORE_ATTRIBUTES); *n of them are filled in. */
static ip_status describe_parameters(const ip_estimation *es, size_t i, ip_scratch *sc, ip_run_attribute *a, size_t *n)
{
  const ip_estimator *est = es->estimator[i];
  const ip_estimate_options *opt = es->opt;
  static const char *const refused[IP_N_MISSING] = {"missing_ixt_reason",          "missing_ity_reason",
                                                    "missing_ixt_interval_reason", "missing_ity_interval_reason",
                                                    "missing_ity_null_reason",     "missing_ixt_given_y_reason",
                                                    "missing_bin_loss_reason"};
  *n = ip_estimator_n_parameters(est);
  for (size_t p = 0; p < *n; p++) a[p] = parameter_attribute(ip_estimator_parameter(est, p));
  a[(*n)++] = (ip_run_attribute){.name = "units", .text = "bits"};
  a[(*n)++] = (ip_run_attribute){.name = "version", .text = IP_VERSION};
  IP_TRY(whole_number("seed", opt->seed, sc, &a[(*n)++]));
  IP_TRY(describe_samples(es, sc, a, n));
  if (!isnan(es->hx[i])) IP_TRY(number("hx_bits", es->hx[i], sc, &a[(*n)++]));
  if (!isnan(es->hy[i])) IP_TRY(number("hy_bits", es->hy[i], sc, &a[(*n)++]));
  if (opt->null_shuffles) IP_TRY(whole_number("null_shuffles", (uint64_t)opt->null_shuffles, sc, &a[(*n)++]));
  if (opt->bootstrap) {
    IP_TRY(whole_number("bootstrap", (uint64_t)opt->bootstrap, sc, &a[(*n)++]));
    IP_TRY(number("level", opt->level, sc, &a[(*n)++]));
  }
  for (ip_missing what = 0; what < IP_N_MISSING; what++) {
    const char *text;
    IP_TRY(ip_reasons_text(ip_reasons_of(es, i, what), es->n_layers, sc, &text));
    if (text) a[(*n)++] = (ip_run_attribute){.name = refused[what], .text = text};
  }
  return IP_OK;
}

static ip_status describe(const ip_estimation *es, size_t i, ip_scratch *sc, ip_information *info)
{
  ip_run_attribute *a;
  double **value;
  const char **name, *label;
  size_t n_attributes, n_series = 0;
  IP_TRY(IP_SCRATCH(sc, a, ip_estimator_n_parameters(es->estimator[i]) + MORE_ATTRIBUTES, "attributes"));
  IP_TRY(IP_SCRATCH(sc, value, IP_N_INFORMATION_SERIES, "series"));
  IP_TRY(IP_SCRATCH(sc, name, IP_N_INFORMATION_SERIES, "series"));
  IP_TRY(describe_parameters(es, i, sc, a, &n_attributes));
  for (ip_information_series s = 0; s < IP_N_INFORMATION_SERIES; s++)
    if (is_recorded(es, i, s)) {
      name[n_series] = ip_information_series_name(s);
      value[n_series++] = ip_series_of(es, i, s);
    }
  IP_TRY(ip_run_name_group(ip_estimator_label(es->estimator[i]), es->split, sc, &label));
  *info = (ip_information){.estimator = label,
                           .n_epochs = es->n_epochs,
                           .n_layers = es->n_layers,
                           .n_attributes = n_attributes,
                           .attribute = a,
                           .n_series = n_series,
                           .series = name,
                           .value = value};
  return IP_OK;
}

/* ---------------------------------------------------------------- measures */

static ip_status describe_measure(const ip_estimation *es, size_t i, ip_scratch *sc, ip_information *info)
{
  const ip_measure *m = es->measure[i];
  size_t n_series = ip_measure_n_series(m), n = ip_measure_n_parameters(m), first = es->first_series[i];
  ip_run_attribute *a; // (n + 4 + n_series)
  double **value;      // (n_series)
  const char **name, **unit, *label;
  IP_TRY(IP_SCRATCH(sc, a, n + 4 + n_series, "attributes"));
  IP_TRY(IP_SCRATCH(sc, value, n_series, "series"));
  IP_TRY(IP_SCRATCH(sc, name, n_series, "series"));
  IP_TRY(IP_SCRATCH(sc, unit, n_series, "units"));
  for (size_t p = 0; p < n; p++) a[p] = parameter_attribute(ip_measure_parameter(m, p));
  a[n++] = (ip_run_attribute){.name = "version", .text = IP_VERSION};
  IP_TRY(whole_number("seed", es->opt->seed, sc, &a[n++]));
  IP_TRY(describe_samples(es, sc, a, &n));
  IP_TRY(ip_run_name_group(ip_measure_label(m), es->split, sc, &label));
  for (size_t s = 0; s < n_series; s++) {
    const ip_measure_series *series = ip_measure_series_at(m, s);
    const char *why, *missing;
    name[s] = series->name;
    unit[s] = series->unit;
    value[s] = ip_measured(es, first + s);
    IP_TRY(ip_reasons_text(ip_why_not(es, first + s), es->n_layers, sc, &why));
    if (!why) continue;
    IP_TRY(ip_scratch_format(sc, &missing, "missing_%s_reason", series->name));
    a[n++] = (ip_run_attribute){.name = missing, .text = why};
  }
  *info = (ip_information){.part = IP_RUN_MEASURES,
                           .estimator = label,
                           .n_epochs = es->n_epochs,
                           .n_layers = es->n_layers,
                           .n_attributes = n,
                           .attribute = a,
                           .n_series = n_series,
                           .series = name,
                           .unit = unit,
                           .value = value};
  return IP_OK;
}

/* All groups of one choice of samples, info (n_estimators + n_measures). */
static ip_status describe_all(const ip_estimation *es, ip_scratch *sc, ip_information *info)
{
  for (size_t i = 0; i < es->opt->n_estimators; i++) IP_TRY(describe(es, i, sc, info++));
  for (size_t i = 0; i < es->opt->n_measures; i++) IP_TRY(describe_measure(es, i, sc, info++));
  return IP_OK;
}

ip_status ip_estimates_record(size_t n, const ip_estimation *es, const char *path)
{
  const ip_estimate_options *opt = es->opt;
  ip_scratch *sc;
  ip_information *info; // (n_groups)
  size_t n_groups = 0, at = 0;
  for (size_t i = 0; i < n; i++) n_groups += es[i].opt->n_estimators + es[i].opt->n_measures;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, info, n_groups, "information");
  for (size_t i = 0; i < n && st == IP_OK; i++) {
    st = describe_all(&es[i], sc, info + at);
    at += es[i].opt->n_estimators + es[i].opt->n_measures;
  }
  if (st == IP_OK) st = ip_run_add_information(path, n_groups, info, opt->digest, !opt->drop_activations);
  ip_scratch_destroy(&sc);
  return st;
}
