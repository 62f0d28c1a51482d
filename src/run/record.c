#include "base/build.h"
#include "base/mem.h"
#include "run/estimates.h"

#include <math.h>
#include <stdio.h>

#define X(symbol, name) name,
static const char *const series_name[] = {IP_SERIES_LIST(X)};
#undef X

/* Series that were asked for and have at least one number. */
static bool is_recorded(const ip_estimation *es, size_t i, size_t series)
{
  if (series >= IP_SERIES_IXT_LOW && series <= IP_SERIES_ITY_HIGH && !es->opt->bootstrap) return false;
  if ((series == IP_SERIES_NULL_MEAN || series == IP_SERIES_NULL_HIGH) && !es->opt->null_shuffles) return false;
  const double *v = ip_series_of(es, i, series);
  for (size_t at = 0; at < es->n_epochs * es->n_layers; at++)
    if (!isnan(v[at])) return true;
  return !es->n_epochs;
}

/* The first reason why an interval is missing; NULL when none is. */
static const char *first_refusal(const ip_estimation *es, size_t i, size_t which)
{
  for (size_t at = 0; at < es->n_epochs * es->n_layers; at++)
    if (ip_refusals_of(es, i, which)[at]) return ip_refusals_of(es, i, which)[at];
  return NULL;
}

static ip_status whole_number(const char *name, uint64_t value, ip_scratch *sc, ip_run_attribute *a)
{
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, 32, "number"));
  snprintf(text, 32, "%llu", (unsigned long long)value);
  *a = (ip_run_attribute){.name = name, .text = text, .is_number = true, .number = (double)value};
  return IP_OK;
}

enum { MORE_ATTRIBUTES = 9 }; /* beside the parameters */

/* a (n_parameters + MORE_ATTRIBUTES); *n of them are filled in. */
static ip_status describe_parameters(const ip_estimation *es, size_t i, ip_scratch *sc, ip_run_attribute *a, size_t *n)
{
  const ip_estimator *est = es->estimator[i];
  const ip_estimate_options *opt = es->opt;
  static const char *const refused[] = {"refused_ixt_interval", "refused_ity_interval"};
  *n = ip_estimator_n_parameters(est);
  for (size_t p = 0; p < *n; p++) {
    ip_parameter_value v = ip_estimator_parameter(est, p);
    a[p] = (ip_run_attribute){.name = v.name, .text = v.text, .is_number = v.is_number, .number = v.number};
  }
  a[(*n)++] = (ip_run_attribute){.name = "units", .text = "bits"};
  a[(*n)++] = (ip_run_attribute){.name = "version", .text = IP_VERSION};
  IP_TRY(whole_number("seed", opt->seed, sc, &a[(*n)++]));
  for (size_t k = 0; k < es->n_layers; k++)
    if (!ip_has_estimate(es, i, k)) {
      a[(*n)++] = (ip_run_attribute){.name = "refused_layers", .text = "NaN where a layer has no noise of its own"};
      break;
    }
  if (opt->null_shuffles) IP_TRY(whole_number("null_shuffles", (uint64_t)opt->null_shuffles, sc, &a[(*n)++]));
  if (!opt->bootstrap) return IP_OK;
  IP_TRY(whole_number("bootstrap", (uint64_t)opt->bootstrap, sc, &a[(*n)++]));
  char *level;
  IP_TRY(IP_SCRATCH(sc, level, 32, "number"));
  snprintf(level, 32, "%.10g", opt->level);
  a[(*n)++] = (ip_run_attribute){.name = "level", .text = level, .is_number = true, .number = opt->level};
  for (size_t which = 0; which < 2; which++) {
    const char *reason = first_refusal(es, i, which);
    if (reason) a[(*n)++] = (ip_run_attribute){.name = refused[which], .text = reason};
  }
  return IP_OK;
}

static ip_status describe(const ip_estimation *es, size_t i, ip_scratch *sc, ip_information *info)
{
  ip_run_attribute *a;
  double **value;
  const char **name;
  size_t n_attributes, n_series = 0;
  IP_TRY(IP_SCRATCH(sc, a, ip_estimator_n_parameters(es->estimator[i]) + MORE_ATTRIBUTES, "attributes"));
  IP_TRY(IP_SCRATCH(sc, value, IP_N_SERIES, "series"));
  IP_TRY(IP_SCRATCH(sc, name, IP_N_SERIES, "series"));
  IP_TRY(describe_parameters(es, i, sc, a, &n_attributes));
  for (size_t s = 0; s < IP_N_SERIES; s++)
    if (is_recorded(es, i, s)) {
      name[n_series] = series_name[s];
      value[n_series++] = ip_series_of(es, i, s);
    }
  *info = (ip_information){.estimator = ip_estimator_label(es->estimator[i]),
                           .n_attributes = n_attributes,
                           .attribute = a,
                           .n_series = n_series,
                           .series = name,
                           .value = value};
  return IP_OK;
}

ip_status ip_estimates_record(const ip_estimation *es, const char *path)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  size_t n = es->opt->n_estimators;
  ip_information *info;
  ip_status st = IP_SCRATCH(sc, info, n, "information");
  for (size_t i = 0; i < n && st == IP_OK; i++) st = describe(es, i, sc, &info[i]);
  if (st == IP_OK) st = ip_run_add_information(path, n, info, es->opt->digest, !es->opt->drop_activations);
  ip_scratch_destroy(&sc);
  return st;
}
