#include "base/build.h"
#include "base/mem.h"
#include "run/estimates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ixt and ity always, others where they were asked for and have at least one number. */
static bool is_recorded(const ip_estimation *es, size_t i, ip_information_series series)
{
  bool interval = series >= IP_INFORMATION_IXT_LOW && series <= IP_INFORMATION_ITY_HIGH;
  bool refused = series == IP_INFORMATION_IXT_INTERVAL_MISSING || series == IP_INFORMATION_ITY_INTERVAL_MISSING;
  bool null = series == IP_INFORMATION_NULL_MEAN || series == IP_INFORMATION_NULL_HIGH;
  if ((interval || refused) && !es->opt->bootstrap) return false;
  if (null && !es->opt->null_shuffles) return false;
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

/* ---------------------------------------------------------------- reasons */

static bool same_reason(const ip_reason *a, const ip_reason *b)
{
  return a->is_set && b->is_set && !strcmp(a->text, b->text);
}

/* Appends the layers that have the reason of layer k, from k on: "layers 2, 3: ". */
static void name_layers(const ip_reason *r, size_t n_layers, size_t k, char *text, size_t room)
{
  size_t n = 0;
  for (size_t j = k; j < n_layers; j++) n += same_reason(&r[j], &r[k]);
  size_t used = strlen(text);
  snprintf(text + used, room - used, n > 1 ? "layers" : "layer");
  for (size_t j = k, first = 1; j < n_layers; j++) {
    if (!same_reason(&r[j], &r[k])) continue;
    used = strlen(text);
    snprintf(text + used, room - used, "%s%zu", first ? " " : ", ", j + 1);
    first = 0;
  }
}

ip_status ip_estimates_reason(const ip_estimation *es, size_t i, ip_missing what, ip_scratch *sc, const char **text)
{
  const ip_reason *r = ip_reasons_of(es, i, what);
  size_t n = es->n_layers, n_same = 0, room = n * (sizeof r->text + 32) + 1, first = 0;
  char *all;
  *text = NULL;
  while (first < n && !r[first].is_set) first++;
  if (first == n) return IP_OK;
  for (size_t k = 0; k < n; k++) n_same += same_reason(&r[k], &r[first]);
  IP_TRY(IP_SCRATCH(sc, all, room, "reasons"));
  *text = all;
  if (n_same == n) {
    snprintf(all, room, "%s", r[first].text);
    return IP_OK;
  }
  for (size_t k = first; k < n; k++) {
    bool named = !r[k].is_set;
    for (size_t j = first; j < k && !named; j++) named = same_reason(&r[j], &r[k]);
    if (named) continue;
    if (*all) strcat(all, "; ");
    name_layers(r, n, k, all, room);
    size_t used = strlen(all);
    snprintf(all + used, room - used, ": %s", r[k].text);
  }
  return IP_OK;
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

enum { MORE_ATTRIBUTES = 6 + IP_N_MISSING }; /* beside the parameters */

/* a (n_parameters + MORE_ATTRIBUTES); *n of them are filled in. */
static ip_status describe_parameters(const ip_estimation *es, size_t i, ip_scratch *sc, ip_run_attribute *a, size_t *n)
{
  const ip_estimator *est = es->estimator[i];
  const ip_estimate_options *opt = es->opt;
  static const char *const refused[IP_N_MISSING] = {"missing_ixt_reason", "missing_ity_reason",
                                                    "missing_ixt_interval_reason", "missing_ity_interval_reason",
                                                    "missing_ity_null_reason"};
  *n = ip_estimator_n_parameters(est);
  for (size_t p = 0; p < *n; p++) {
    ip_parameter_value v = ip_estimator_parameter(est, p);
    a[p] = (ip_run_attribute){.name = v.name, .text = v.text, .is_number = v.is_number, .number = v.number};
  }
  a[(*n)++] = (ip_run_attribute){.name = "units", .text = "bits"};
  a[(*n)++] = (ip_run_attribute){.name = "version", .text = IP_VERSION};
  IP_TRY(whole_number("seed", opt->seed, sc, &a[(*n)++]));
  if (opt->null_shuffles) IP_TRY(whole_number("null_shuffles", (uint64_t)opt->null_shuffles, sc, &a[(*n)++]));
  if (opt->bootstrap) {
    char *level;
    IP_TRY(whole_number("bootstrap", (uint64_t)opt->bootstrap, sc, &a[(*n)++]));
    IP_TRY(IP_SCRATCH(sc, level, 32, "number"));
    snprintf(level, 32, "%.10g", opt->level);
    a[(*n)++] = (ip_run_attribute){.name = "level", .text = level, .is_number = true, .number = opt->level};
  }
  for (ip_missing what = 0; what < IP_N_MISSING; what++) {
    const char *text;
    IP_TRY(ip_estimates_reason(es, i, what, sc, &text));
    if (text) a[(*n)++] = (ip_run_attribute){.name = refused[what], .text = text};
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
  IP_TRY(IP_SCRATCH(sc, value, IP_N_INFORMATION_SERIES, "series"));
  IP_TRY(IP_SCRATCH(sc, name, IP_N_INFORMATION_SERIES, "series"));
  IP_TRY(describe_parameters(es, i, sc, a, &n_attributes));
  for (ip_information_series s = 0; s < IP_N_INFORMATION_SERIES; s++)
    if (is_recorded(es, i, s)) {
      name[n_series] = ip_information_series_name(s);
      value[n_series++] = ip_series_of(es, i, s);
    }
  *info = (ip_information){.estimator = ip_estimator_label(es->estimator[i]),
                           .n_epochs = es->n_epochs,
                           .n_layers = es->n_layers,
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
