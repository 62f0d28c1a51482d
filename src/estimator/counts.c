#include "estimator/counts.h"

#include "estimator/nsb.h"
#include "info/discrete.h"
#include "num/gamma.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const ip_corrections[] = {"none",           "miller_madow", "grassberger", "chao_shen", "jackknife",
                                      "chao_wang_jost", "shrinkage",    "nsb",         NULL};

ip_status ip_spectrum_open(size_t n_max, ip_scratch *sc, ip_spectrum *sp)
{
  size_t n_large = n_max / IP_SPECTRUM_SMALL;
  *sp = (ip_spectrum){0};
  IP_TRY(IP_SCRATCH(sc, sp->room, IP_SPECTRUM_SMALL + n_large, "distribution of counts"));
  return n_large ? IP_SCRATCH(sc, sp->large, n_large, "large counts") : IP_OK;
}

void ip_spectrum_clear(ip_spectrum *sp)
{
  memset(sp->small, 0, sizeof sp->small);
  sp->n_large = 0;
}

/* A spectrum with its lanes added up. */
typedef struct folded {
  size_t n_distinct;
  const ip_count_times *distinct; // (n_distinct) ascending counts
  double n, symbols;
} folded;

static int ascending(const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void fold(const ip_spectrum *sp, size_t n, folded *f)
{
  uint32_t sum[IP_SPECTRUM_SMALL] = {0};
  ip_count_times *to = sp->room;
  size_t distinct = 0, symbols = sp->n_large;
  for (size_t lane = 0; lane < IP_SPECTRUM_LANES; lane++)
    for (size_t c = 0; c < IP_SPECTRUM_SMALL; c++) sum[c] += sp->small[lane][c];
  for (uint32_t c = 1; c < IP_SPECTRUM_SMALL; c++) {
    to[distinct] = (ip_count_times){c, sum[c]};
    distinct += sum[c] > 0;
    symbols += sum[c];
  }
  if (sp->n_large > 1) qsort(sp->large, sp->n_large, sizeof *sp->large, ascending);
  for (size_t k = 0; k < sp->n_large; k++) {
    if (k && sp->large[k] == sp->large[k - 1])
      to[distinct - 1].times++;
    else
      to[distinct++] = (ip_count_times){sp->large[k], 1};
  }
  *f = (folded){distinct, to, (double)n, (double)symbols};
}

/* 1/n sum_k n_k (log2 n - log2 n_k) */
static double plug_in_bits(const folded *f)
{
  double sum = 0, log_n = log2(f->n);
  for (size_t k = 0; k < f->n_distinct; k++) {
    double c = (double)f->distinct[k].count;
    sum += (double)f->distinct[k].times * c * (log_n - log2(c));
  }
  return sum / f->n;
}

static double grassberger_nats(const folded *f)
{
  const double gamma = 0.57721566490153286061;
  double sum = 0, g = -gamma - log(2);
  uint32_t c = 1; /* the count that g is for */
  for (size_t k = 0; k < f->n_distinct; k++) {
    while (c < f->distinct[k].count)
      if (++c % 2 == 0) g += 2 / (double)(c - 1);
    sum += (double)f->distinct[k].times * (double)c * g;
  }
  return log(f->n) - sum / f->n;
}

static double chao_shen_nats(const folded *f)
{
  bool any_single = f->n_distinct && f->distinct[0].count == 1;
  double sum = 0, singles = any_single ? (double)f->distinct[0].times : 0;
  double coverage = 1 - (singles < f->n ? singles : f->n - 1) / f->n;
  for (size_t k = 0; k < f->n_distinct; k++) {
    double q = coverage * (double)f->distinct[k].count / f->n;
    /* the divisor is minus the probability to be seen */
    sum += (double)f->distinct[k].times * q * log(q) / expm1(f->n * log1p(-q));
  }
  return sum;
}

static double x_log2_x(double x)
{
  return x > 0 ? x * log2(x) : 0;
}

static double jackknife_bits(const folded *f)
{
  double s = 0, without = 0;
  for (size_t k = 0; k < f->n_distinct; k++) s += (double)f->distinct[k].times * x_log2_x((double)f->distinct[k].count);
  for (size_t k = 0; k < f->n_distinct; k++) {
    double c = (double)f->distinct[k].count, left = s - x_log2_x(c) + x_log2_x(c - 1);
    without += (double)f->distinct[k].times * c * (log2(f->n - 1) - left / (f->n - 1));
  }
  return f->n * (log2(f->n) - s / f->n) - (f->n - 1) / f->n * without;
}

/* Symbols with this count. */
static double times_of(const folded *f, uint32_t count)
{
  for (size_t k = 0; k < f->n_distinct && f->distinct[k].count <= count; k++)
    if (f->distinct[k].count == count) return (double)f->distinct[k].times;
  return 0;
}

/* sum_{j >= 0} q^(j+1) / (n + j) = q/(n a) 2F1(1, 1; n+1; -q/a), a = 1 - q, by the continued fraction of Gauss, all of
 * whose terms are positive (Abramowitz & Stegun 15.3.4; Jones & Thron 1980, 6.1). Evaluated by Lentz's method. */
static double tail_by_fraction(double q, double a, double n)
{
  enum { MAX_TERMS = 100000 };
  double x = q / a, c = 1, d = 0, f = 1;
  for (int i = 1; i < MAX_TERMS; i++) {
    double m = i / 2, numerator = i % 2 ? (1 + m) * (n + m) / ((n + 2 * m) * (n + 2 * m + 1))
                                        : m * (n + m - 1) / ((n + 2 * m - 1) * (n + 2 * m));
    d = 1 / (1 + numerator * x * d);
    c = 1 + numerator * x / c;
    f *= c * d;
    if (fabs(c * d - 1) < 1e-15) break;
  }
  return q / (n * a) / f;
}

/* (1-a)^(1-n) (-ln a - sum_{r=1}^{n-1} (1-a)^r / r), 0 < a < 1: as it is written while it keeps its digits. */
static double accumulation_tail(double a, double n)
{
  double q = 1 - a, power = 1, sum = -log(a);
  if (n * a > 1) return tail_by_fraction(q, a, n);
  for (double r = 1; r < n; r++) sum -= (power *= q) / r;
  return sum / power;
}

static double chao_wang_jost_nats(const folded *f)
{
  double n = f->n, f1 = times_of(f, 1), f2 = times_of(f, 2), sum = 0, psi = ip_digamma(n);
  for (size_t k = 0; k < f->n_distinct; k++) {
    double c = (double)f->distinct[k].count;
    sum += (double)f->distinct[k].times * c / n * (psi - ip_digamma(c));
  }
  if (f1 == 0) return sum;
  double a = f2 > 0 ? 2 * f2 / ((n - 1) * f1 + 2 * f2) : 2 / ((n - 1) * (f1 - 1) + 2);
  return a < 1 ? sum + f1 / n * accumulation_tail(a, n) : sum;
}

static double shrinkage_nats(const folded *f)
{
  double target = 1 / f->symbols, squares = 0, distance = 0, sum = 0;
  for (size_t k = 0; k < f->n_distinct; k++) {
    double p = (double)f->distinct[k].count / f->n, times = (double)f->distinct[k].times;
    squares += times * p * p;
    distance += times * (target - p) * (target - p);
  }
  double lambda = distance > 0 ? fmin(1, (1 - squares) / ((f->n - 1) * distance)) : 1;
  for (size_t k = 0; k < f->n_distinct; k++) {
    double p = lambda * target + (1 - lambda) * (double)f->distinct[k].count / f->n;
    sum -= (double)f->distinct[k].times * p * log(p);
  }
  return sum;
}

static double entropy_bits(const folded *f, ip_correction how)
{
  switch (how) {
  case IP_CORRECTION_MILLER_MADOW:
    return plug_in_bits(f) + (f->symbols - 1) / (2 * f->n * IP_NATS_PER_BIT);
  case IP_CORRECTION_GRASSBERGER:
    return grassberger_nats(f) / IP_NATS_PER_BIT;
  case IP_CORRECTION_CHAO_SHEN:
    return chao_shen_nats(f) / IP_NATS_PER_BIT;
  case IP_CORRECTION_JACKKNIFE:
    return jackknife_bits(f);
  case IP_CORRECTION_CHAO_WANG_JOST:
    return chao_wang_jost_nats(f) / IP_NATS_PER_BIT;
  case IP_CORRECTION_SHRINKAGE:
    return shrinkage_nats(f) / IP_NATS_PER_BIT;
  case IP_CORRECTION_NSB:
    return ip_nsb_entropy_nats(f->n_distinct, f->distinct, f->n, f->symbols) / IP_NATS_PER_BIT;
  case IP_CORRECTION_NONE:
  default:
    return plug_in_bits(f);
  }
}

double ip_spectrum_entropy(const ip_spectrum *sp, size_t n, ip_correction how)
{
  folded f;
  fold(sp, n, &f);
  return f.symbols <= 1 ? 0 : fmax(0, entropy_bits(&f, how));
}
