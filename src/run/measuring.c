/* measuring.c - the measures of a run: all series of one layer at one epoch. */
#include "run/estimates.h"

#include "base/mem.h"
#include "base/stop.h"
#include "measure/kind.h"

#include <math.h>

ip_status ip_measures_create(ip_estimation *es)
{
  size_t n = es->opt->n_measures, n_series = 0;
  IP_TRY(IP_NEW(es->measure, n, "measures"));
  IP_TRY(IP_NEW(es->first_series, n + 1, "series of measures"));
  for (size_t i = 0; i < n; i++) {
    IP_TRY(ip_measure_create(es->opt->measure[i], es->opt->seed, &es->measure[i]));
    es->needs |= ip_measure_needs(es->measure[i]);
    n_series += ip_measure_n_series(es->measure[i]);
    es->first_series[i + 1] = n_series;
  }
  IP_TRY(IP_NEW(es->measured, n_series * es->n_epochs * es->n_layers, "measures"));
  return IP_NEW(es->why_not, n_series * es->n_layers, "reasons");
}

void ip_measures_free(ip_estimation *es)
{
  for (size_t i = 0; es->measure && i < es->opt->n_measures; i++) ip_measure_destroy(&es->measure[i]);
  ip_free(es->measure);
  ip_free(es->first_series);
  ip_free(es->measured);
  ip_free(es->why_not);
}

bool ip_measures_are_empty(const ip_estimation *es, size_t i)
{
  size_t n = es->n_epochs * es->n_layers;
  const double *v = ip_measured(es, es->first_series[i]);
  for (size_t at = 0; at < (es->first_series[i + 1] - es->first_series[i]) * n; at++)
    if (!isnan(v[at])) return false;
  return true;
}

/* Measure i; if it fails on these samples, all its series have that reason. */
static ip_status run_measure(const ip_estimation *es, size_t i, const ip_measure_input *in, ip_run_place p,
                             ip_scratch *sc)
{
  double value[IP_MAX_MEASURE_SERIES];
  const char *reason[IP_MAX_MEASURE_SERIES];
  size_t n = ip_measure_n_series(es->measure[i]), first = es->first_series[i], mark = ip_scratch_mark(sc);
  IP_TRY(ip_stop_check());
  ip_status st = ip_measure_run(es->measure[i], in, sc, value, reason);
  if (st != IP_OK && !ip_failure_is_its_own(st)) return st;
  if (st != IP_OK) {
    const char *why = ip_reason_of_failure(in->s, "measure", ip_measure_label(es->measure[i]));
    for (size_t s = 0; s < n; s++) {
      value[s] = (double)NAN;
      reason[s] = why;
    }
  }
  for (size_t s = 0; s < n; s++) {
    ip_measured(es, first + s)[p.at] = value[s];
    if (reason[s]) ip_reason_set(&ip_why_not(es, first + s)[p.k], p.e, reason[s]);
  }
  ip_error_clear();
  ip_scratch_release(sc, mark);
  return IP_OK;
}

void ip_measures_missing(const ip_estimation *es, ip_run_place p, const char *why)
{
  for (size_t s = 0; s < es->first_series[es->opt->n_measures]; s++) {
    ip_measured(es, s)[p.at] = (double)NAN;
    ip_reason_set(&ip_why_not(es, s)[p.k], p.e, why);
  }
}

ip_status ip_measures_of_layer(const ip_estimation *es, const ip_measure_input *in, ip_run_place p, ip_scratch *sc)
{
  for (size_t i = 0; i < es->opt->n_measures; i++) IP_TRY(run_measure(es, i, in, p, sc));
  return IP_OK;
}
