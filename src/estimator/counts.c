#include "estimator/counts.h"

#include "info/discrete.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *const ip_corrections[] = {"none", "miller_madow", "grassberger", "chao_shen", "jackknife", NULL};

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

size_t ip_spectrum_singletons(const ip_spectrum *sp)
{
  size_t sum = 0;
  for (size_t lane = 0; lane < IP_SPECTRUM_LANES; lane++) sum += sp->small[lane][1];
  return sum;
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
