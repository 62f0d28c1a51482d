#include "study/measures.h"

#include "num/correlation.h"

#include <math.h>
#include <stdbool.h>

const char *ip_measure_name(ip_compression_measure m)
{
  static const char *const names[] = {
#define X(symbol, name) #name,
      IP_MEASURE_LIST(X)
#undef X
  };
  return names[m];
}

/* The largest value, and the first epoch that attains it. */
static void find_peak(size_t n, const int64_t *epoch, const double *value, size_t stride, double *peak,
                      double *peak_epoch)
{
  *peak = *peak_epoch = (double)NAN;
  for (size_t e = 0; e < n; e++) {
    double x = value[e * stride];
    if (!isfinite(x) || x <= *peak) continue; /* the first is not */
    *peak = x;
    *peak_epoch = (double)epoch[e];
  }
}

void ip_measure_compression(size_t n, const int64_t *epoch, const double *ixt, const double *ity, size_t stride,
                            double *measure)
{
  double ixt_final = ip_measure_final(n, ixt, stride), peak;
  find_peak(n, epoch, ixt, stride, &measure[IP_MEASURE_PEAK], &measure[IP_MEASURE_PEAK_EPOCH]);
  find_peak(n, epoch, ity, stride, &measure[IP_MEASURE_ITY_PEAK], &measure[IP_MEASURE_ITY_PEAK_EPOCH]);
  peak = measure[IP_MEASURE_PEAK];
  measure[IP_MEASURE_IXT] = ixt_final;
  measure[IP_MEASURE_DROP] = peak - ixt_final;
  measure[IP_MEASURE_DROP_FRACTION] = peak > 0 ? (peak - ixt_final) / peak : (double)NAN;
  measure[IP_MEASURE_ITY] = ip_measure_final(n, ity, stride);
}

double ip_measure_least_epoch(size_t n, const int64_t *epoch, const double *value)
{
  double least = (double)NAN, at = (double)NAN;
  for (size_t e = 0; e < n; e++)
    if (isfinite(value[e]) && !(value[e] >= least)) {
      least = value[e];
      at = (double)epoch[e];
    }
  return at;
}

double ip_measure_final(size_t n, const double *value, size_t stride)
{
  while (n && !isfinite(value[(n - 1) * stride])) n--;
  return n ? value[(n - 1) * stride] : (double)NAN;
}

double ip_measure_crossing(size_t n, const int64_t *epoch, const double *mean, const double *sd, size_t stride)
{
  for (size_t e = 0; e < n; e++)
    if (mean[e * stride] < sd[e * stride]) return (double)epoch[e];
  return (double)NAN;
}

/* ---------------------------------------------------------------- correlations */

void ip_pair_add(ip_pair *p, double x, double y)
{
  if (!isfinite(x) || !isfinite(y)) return;
  double n = ++p->n, dx = x - p->mean[0], dy = y - p->mean[1];
  p->mean[0] += dx / n;
  p->mean[1] += dy / n;
  p->sum2[0] += dx * (x - p->mean[0]);
  p->sum2[1] += dy * (y - p->mean[1]);
  p->cross += dx * (y - p->mean[1]);
}

void ip_pair_correlate(const ip_pair *p, double level, double *n, double *r, double *low, double *high)
{
  *n = p->n;
  *r = *low = *high = (double)NAN;
  double scale = sqrt(p->sum2[0]) * sqrt(p->sum2[1]);
  if (*n < 2 || !(scale > 0)) return;
  *r = fmax(-1, fmin(1, p->cross / scale));
  ip_fisher_interval(*r, ip_pearson_variance((size_t)*n), level, low, high);
}

void ip_correlation_add(ip_correlation *c, const double *measure)
{
  for (size_t a = 0; a < IP_N_MEASURES; a++)
    for (size_t b = a + 1; b < IP_N_MEASURES; b++) ip_pair_add(&c->pair[a][b], measure[a], measure[b]);
}

void ip_correlation_get(const ip_correlation *c, ip_compression_measure a, ip_compression_measure b, double level,
                        double *n, double *r, double *low, double *high)
{
  ip_pair_correlate(a < b ? &c->pair[a][b] : &c->pair[b][a], level, n, r, low, high);
}
