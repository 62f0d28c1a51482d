#include "num/correlation.h"

#include "num/normal.h"
#include "num/sum.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  double x;
  size_t i;
} item;

static int ascending(const void *a, const void *b)
{
  const item *p = a, *q = b;
  return (p->x > q->x) - (p->x < q->x);
}

ip_status ip_ranks(size_t n, const double *x, ip_scratch *sc, double *rank)
{
  size_t mark = ip_scratch_mark(sc);
  item *sorted;
  IP_TRY(IP_SCRATCH(sc, sorted, n, "ranks"));
  for (size_t i = 0; i < n; i++) sorted[i] = (item){x[i], i};
  qsort(sorted, n, sizeof *sorted, ascending);
  for (size_t first = 0, end; first < n; first = end) {
    for (end = first + 1; end < n && sorted[end].x == sorted[first].x;) end++;
    for (size_t k = first; k < end; k++) rank[sorted[k].i] = (double)(first + 1 + end) / 2;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

typedef struct {
  double xx, yy, xy; /* sums of squares and products of the distances from the means; 0 without variation */
} products;

static products products_of(size_t n, const double *x, const double *y)
{
  double mean_x = ip_sum_pairwise(n, x) / (double)n, mean_y = ip_sum_pairwise(n, y) / (double)n;
  ip_sum xx = {0}, yy = {0}, xy = {0};
  for (size_t i = 0; i < n; i++) {
    double dx = x[i] - mean_x, dy = y[i] - mean_y;
    ip_sum_add(&xx, dx * dx);
    ip_sum_add(&yy, dy * dy);
    ip_sum_add(&xy, dx * dy);
  }
  products p = {ip_sum_value(&xx), ip_sum_value(&yy), ip_sum_value(&xy)};
  double rounding = 1e-28 * (double)n; /* of the mean of equal values */
  if (p.xx <= rounding * mean_x * mean_x) p.xx = 0;
  if (p.yy <= rounding * mean_y * mean_y) p.yy = 0;
  return p;
}

double ip_pearson(size_t n, const double *x, const double *y)
{
  if (n < 2) return (double)NAN;
  products p = products_of(n, x, y);
  return p.xx > 0 && p.yy > 0 ? fmax(-1, fmin(1, p.xy / (sqrt(p.xx) * sqrt(p.yy)))) : (double)NAN;
}

double ip_slope(size_t n, const double *x, const double *y)
{
  if (n < 2) return (double)NAN;
  products p = products_of(n, x, y);
  return p.xx > 0 ? p.xy / p.xx : (double)NAN;
}

ip_status ip_spearman(size_t n, const double *x, const double *y, ip_scratch *sc, double *rho)
{
  size_t mark = ip_scratch_mark(sc);
  double *rank_x, *rank_y;
  IP_TRY(IP_SCRATCH(sc, rank_x, n, "ranks"));
  IP_TRY(IP_SCRATCH(sc, rank_y, n, "ranks"));
  IP_TRY(ip_ranks(n, x, sc, rank_x));
  IP_TRY(ip_ranks(n, y, sc, rank_y));
  *rho = ip_pearson(n, rank_x, rank_y);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

double ip_kendall(size_t n, const double *x, const double *y)
{
  double score = 0, untied_x = 0, untied_y = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      int a = (x[i] > x[j]) - (x[i] < x[j]), b = (y[i] > y[j]) - (y[i] < y[j]);
      score += a * b;
      untied_x += a != 0;
      untied_y += b != 0;
    }
  return untied_x > 0 && untied_y > 0 ? score / sqrt(untied_x * untied_y) : (double)NAN;
}

double ip_pearson_variance(size_t n)
{
  return n > 3 ? 1 / (double)(n - 3) : (double)INFINITY;
}

double ip_spearman_variance(size_t n)
{
  return 1.06 * ip_pearson_variance(n);
}

void ip_fisher_interval(double r, double variance, double level, double *low, double *high)
{
  *low = *high = (double)NAN;
  if (isnan(r) || isinf(variance)) return;
  double z = atanh(r), half = ip_normal_quantile(level) * sqrt(variance);
  *low = tanh(z - half);
  *high = tanh(z + half);
}
