/* counts.h - entropy from how often each symbol was counted: plug-in, and its bias corrections.
 *
 * All of these estimators see the counts only through their spectrum, how many symbols were counted once, twice, ...;
 * so that results do not depend on the order of symbols or samples. */
#ifndef IP_ESTIMATOR_COUNTS_H
#define IP_ESTIMATOR_COUNTS_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* n samples, K symbols seen, n_k the count of symbol k, f_1 the number of symbols seen once; formulas in nats. */
typedef enum ip_correction {
  /* H = -sum_k n_k/n ln(n_k/n): too small by about (K - 1) / (2n). */
  IP_CORRECTION_NONE,

  /* H + (K - 1) / (2n). Miller 1955; K as seen, so it stays too small where symbols were missed. */
  IP_CORRECTION_MILLER_MADOW,

  /* ln n - 1/n sum_k n_k G(n_k), G(1) = -gamma - ln 2, G(2) = 2 - gamma - ln 2, G(2j+1) = G(2j),
   * G(2j+2) = G(2j) + 2/(2j+1). Grassberger 2003, "Entropy estimates from insufficient samplings". */
  IP_CORRECTION_GRASSBERGER,

  /* -sum_k q_k ln q_k / (1 - (1 - q_k)^n), q_k = C n_k/n, coverage C = 1 - f_1/n (f_1 = n counts as n - 1).
   * Chao & Shen 2003: Good's coverage for the mass of symbols not seen, Horvitz-Thompson for their number. */
  IP_CORRECTION_CHAO_SHEN,

  /* n H - (n - 1)/n sum_k n_k H without one sample of k. Zahl 1977 (jackknife). */
  IP_CORRECTION_JACKKNIFE,

  /* sum_k n_k/n sum_{j=n_k}^{n-1} 1/j + f_1/n (1-A)^(1-n) (-ln A - sum_{r=1}^{n-1} (1-A)^r / r), with
   * A = 2 f_2 / ((n-1) f_1 + 2 f_2), or 2 / ((n-1)(f_1-1) + 2) where f_2 = 0; the last term is 0 where f_1 = 0 or
   * A = 1. Chao, Wang & Jost 2013, eqs. 4b and 7: the slope of the species accumulation curve, continued by Good and
   * Turing's frequencies. Of any number of symbols. */
  IP_CORRECTION_CHAO_WANG_JOST,

  /* Plug-in H of p_k = lambda/K + (1 - lambda) n_k/n, lambda = (1 - sum_k (n_k/n)^2) / ((n-1) sum_k (1/K - n_k/n)^2)
   * and at most 1. Hausser & Strimmer 2009, eqs. 4 to 6, with the symbols seen as the possible ones. */
  IP_CORRECTION_SHRINKAGE,

  /* Posterior mean under a prior that is flat in H, of the symbols seen. Nemenman, Shafee & Bialek 2002; nsb.h. */
  IP_CORRECTION_NSB
} ip_correction;

/* The choices of the parameter `correction`, in the order of ip_correction. */
extern const char *const ip_corrections[];

enum { IP_SPECTRUM_SMALL = 64, IP_SPECTRUM_LANES = 4 };

/* A count, and how many symbols have it. */
typedef struct ip_count_times {
  uint32_t count, times;
} ip_count_times;

/* How many symbols have each count. Small counts are kept in lanes, for increments of one cell wait for each other.
 * Large ones are listed: of n samples at most n / IP_SPECTRUM_SMALL symbols have one. */
typedef struct ip_spectrum {
  uint32_t small[IP_SPECTRUM_LANES][IP_SPECTRUM_SMALL];
  size_t n_large;
  uint32_t *large;      // (n_max / IP_SPECTRUM_SMALL) in use: n_large
  ip_count_times *room; // (IP_SPECTRUM_SMALL + n_max / IP_SPECTRUM_SMALL) for ip_spectrum_entropy
} ip_spectrum;

/* Empty, for counts whose sum is at most n_max. IP_ENOMEM. */
ip_status ip_spectrum_open(size_t n_max, ip_scratch *sc, ip_spectrum *sp);
void ip_spectrum_clear(ip_spectrum *sp);

/* One more symbol with this count; `lane` may be anything, best the number of the symbol. Counts of 0 are ignored. */
static inline void ip_spectrum_add(ip_spectrum *sp, size_t lane, uint32_t count)
{
  if (count < IP_SPECTRUM_SMALL)
    sp->small[lane % IP_SPECTRUM_LANES][count]++;
  else
    sp->large[sp->n_large++] = count;
}

/* `times` more symbols with a small count. */
static inline void ip_spectrum_add_small(ip_spectrum *sp, uint32_t count, uint32_t times)
{
  sp->small[0][count] += times;
}

/* H in bits of n samples, the sum of all counts. One symbol alone, and no sample at all, give exactly 0 under every
 * correction. Never below 0. */
double ip_spectrum_entropy(const ip_spectrum *sp, size_t n, ip_correction how);

#endif
