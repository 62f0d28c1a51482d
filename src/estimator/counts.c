#include "estimator/counts.h"

#include "info/discrete.h"

#include <math.h>
#include <string.h>

const char *const ip_corrections[] = {"none", "miller_madow", "grassberger", "chao_shen", "jackknife", NULL};

ip_status ip_spectrum_open(size_t n_max, ip_scratch *sc, ip_spectrum *sp)
{
  *sp = (ip_spectrum){0};
  return IP_SCRATCH(sc, sp->large, n_max + 1, "distribution of counts");
}

void ip_spectrum_clear(ip_spectrum *sp)
{
  memset(sp->small, 0, sizeof sp->small);
  if (sp->most) memset(sp->large, 0, ((size_t)sp->most + 1) * sizeof *sp->large);
  sp->most = 0;
}

/* A spectrum with its lanes added up: f[c] symbols have count c. */
typedef struct folded {
  double small[IP_SPECTRUM_SMALL];
  const uint32_t *large;
  size_t most; /* no symbol has a larger count */
  double n, symbols;
} folded;

static void fold(const ip_spectrum *sp, size_t n, folded *f)
{
  uint32_t sum[IP_SPECTRUM_SMALL] = {0}, symbols = 0;
  for (size_t lane = 0; lane < IP_SPECTRUM_LANES; lane++)
    for (size_t c = 0; c < IP_SPECTRUM_SMALL; c++) sum[c] += sp->small[lane][c];
  sum[0] = 0;
  for (size_t c = 0; c < IP_SPECTRUM_SMALL; c++) symbols += sum[c];
  for (size_t c = 0; c < IP_SPECTRUM_SMALL; c++) f->small[c] = (double)sum[c];
  for (size_t c = IP_SPECTRUM_SMALL; c <= sp->most; c++) symbols += sp->large[c];
  f->large = sp->large;
  f->most = sp->most;
  if (!f->most)
    for (f->most = IP_SPECTRUM_SMALL - 1; f->most > 1 && !sum[f->most];) f->most--;
  f->n = (double)n;
  f->symbols = (double)symbols;
}

/* Number of symbols with count c, 0 < c <= f->most. */
static inline double times(const folded *f, size_t c)
{
  return c < IP_SPECTRUM_SMALL ? f->small[c] : (double)f->large[c];
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
  double sum = 0, log_n = log2(f->n), m;
  for (size_t c = 1; c <= f->most; c++)
    if ((m = times(f, c)) > 0) sum += m * (double)c * (log_n - log2((double)c));
  return sum / f->n;
}

static double grassberger_nats(const folded *f)
{
  const double gamma = 0.57721566490153286061;
  double sum = 0, g = -gamma - log(2);
  for (size_t c = 1; c <= f->most; c++) {
    if (c % 2 == 0) g += 2 / (double)(c - 1);
    sum += times(f, c) * (double)c * g;
  }
  return log(f->n) - sum / f->n;
}

static double chao_shen_nats(const folded *f)
{
  double sum = 0, singles = times(f, 1), m;
  double coverage = 1 - (singles < f->n ? singles : f->n - 1) / f->n;
  for (size_t c = 1; c <= f->most; c++)
    if ((m = times(f, c)) > 0) {
      double q = coverage * (double)c / f->n;
      sum += m * q * log(q) / expm1(f->n * log1p(-q)); /* the divisor is minus the probability to be seen */
    }
  return sum;
}

static double x_log2_x(double x)
{
  return x > 0 ? x * log2(x) : 0;
}

static double jackknife_bits(const folded *f)
{
  double s = 0, without = 0, m;
  for (size_t c = 1; c <= f->most; c++) s += times(f, c) * x_log2_x((double)c);
  for (size_t c = 1; c <= f->most; c++)
    if ((m = times(f, c)) > 0) {
      double left = s - x_log2_x((double)c) + x_log2_x((double)c - 1);
      without += m * (double)c * (log2(f->n - 1) - left / (f->n - 1));
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
