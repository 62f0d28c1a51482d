/* discrete_tasks.c - channels and classes: T takes a few values. */
#include "calibrate/closed_forms.h"
#include "calibrate/task.h"
#include "dataset/sphere.h"
#include "info/discrete.h"

#include <math.h>
#include <stdlib.h>

/* --- Channels with one bit as input, which is the label too (Cover & Thomas 2006, sec. 7.1.4 and 7.1.5) */

#define CROSSOVER 0.1
#define ERASURE 0.2

static double bsc_bits(void)
{
  return 1 - ip_binary_entropy_bits(CROSSOVER);
}

static double bec_bits(void)
{
  return 1 - ERASURE;
}

static ip_status channel(size_t n, float wrong, double p_wrong, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, 1, 1, IP_TASK_X_ID, sc, &a, out));
  out->n_x = 2;
  for (size_t i = 0; i < n; i++) {
    a.x_id[i] = ip_rng_u32(r) & 1;
    a.y[i] = (int32_t)a.x_id[i];
    a.x[i] = (float)a.x_id[i];
    float lost = wrong < 0 ? 1 - a.x[i] : wrong;
    a.t[i] = ip_rng_uniform(r) < p_wrong ? lost : a.x[i];
  }
  return IP_OK;
}

static ip_status bsc_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return channel(n, -1, CROSSOVER, r, sc, out);
}

static ip_status bec_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return channel(n, 0.5f, ERASURE, r, sc, out);
}

const ip_calibration_task ip_task_bsc = {
    .name = "bsc",
    .summary = "a fair bit through a binary symmetric channel, crossover 0.1; Y = X",
    .ixt_bits = bsc_bits,
    .ity_bits = bsc_bits,
    .draw = bsc_draw,
};

const ip_calibration_task ip_task_bec = {
    .name = "bec",
    .summary = "a fair bit through a binary erasure channel, erasure 0.2; Y = X",
    .ixt_bits = bec_bits,
    .ity_bits = bec_bits,
    .draw = bec_draw,
};

/* --- The classes of the sphere task: T is the class of a pattern, 64 values 0.1 apart; Y its hard label */

enum { PATTERNS = IP_SPHERE_PATTERNS };

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The number of each pattern's class, in the order of f; patterns of one class have bit-equal f. */
static void number_classes(uint32_t number[static PATTERNS])
{
  double sorted[PATTERNS];
  uint32_t n = 0;
  for (unsigned k = 0; k < PATTERNS; k++) sorted[k] = ip_sphere_f(k);
  qsort(sorted, PATTERNS, sizeof *sorted, ascending);
  for (unsigned k = 0; k < PATTERNS; k++)
    if (n == 0 || sorted[k] != sorted[n - 1]) sorted[n++] = sorted[k];
  for (unsigned k = 0; k < PATTERNS; k++) {
    double f = ip_sphere_f(k);
    const double *at = bsearch(&f, sorted, n, sizeof *sorted, ascending);
    number[k] = (uint32_t)(at - sorted);
  }
}

/* T is a function of X and Y one of T: I(X;T) = H(T), I(T;Y) = H(Y), patterns equally likely. */
static double sphere_ixt_bits(void)
{
  uint32_t number[PATTERNS], count[PATTERNS] = {0};
  number_classes(number);
  for (unsigned k = 0; k < PATTERNS; k++) count[number[k]]++;
  return ip_entropy_counts_bits(PATTERNS, count);
}

static double sphere_ity_bits(void)
{
  uint32_t count[2] = {0};
  for (unsigned k = 0; k < PATTERNS; k++) count[ip_sphere_label(k)]++;
  return ip_entropy_counts_bits(2, count);
}

static ip_status sphere_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  uint32_t number[PATTERNS];
  ip_task_arrays a;
  number_classes(number);
  IP_TRY(ip_task_allocate(n, 1, IP_SPHERE_VERTICES, IP_TASK_X_ID, sc, &a, out));
  out->n_x = PATTERNS;
  for (size_t i = 0; i < n; i++) {
    unsigned pattern = (unsigned)ip_rng_below(r, PATTERNS);
    a.x_id[i] = pattern;
    a.y[i] = ip_sphere_label(pattern);
    a.t[i] = 0.1f * (float)number[pattern];
    for (unsigned k = 0; k < IP_SPHERE_VERTICES; k++)
      a.x[i * IP_SPHERE_VERTICES + k] = (float)(pattern >> (IP_SPHERE_VERTICES - 1 - k) & 1);
  }
  return IP_OK;
}

const ip_calibration_task ip_task_sphere = {
    .name = "sphere",
    .summary = "the class of a pattern of the 12-bit sphere task, 64 values 0.1 apart; Y its hard label",
    .ixt_bits = sphere_ixt_bits,
    .ity_bits = sphere_ity_bits,
    .draw = sphere_draw,
};

/* --- X exponential, T 0 or Poisson with mean X (Gao, Kannan, Oh & Viswanath, "Estimating mutual information for
 * discrete-continuous mixtures", NIPS 2017) */

#define P_ZERO 0.15

static double zero_inflated_poisson_ixt_bits(void)
{
  return ip_nats_zero_inflated_poisson(P_ZERO) / IP_NATS_PER_BIT;
}

/* Poisson: the product of so many uniform numbers is above exp(-mean) (Knuth 1969). */
static ip_status zero_inflated_poisson_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, 1, 1, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double mean = -log1p(-ip_rng_uniform(r)), product = 1 - ip_rng_uniform(r);
    bool is_zero = ip_rng_uniform(r) < P_ZERO;
    a.x[i] = (float)mean;
    a.y[i] = a.x[i] > 0.693147f; /* ln 2 */
    for (; product > exp(-mean); product *= 1 - ip_rng_uniform(r)) a.t[i]++;
    if (is_zero) a.t[i] = 0;
  }
  return IP_OK;
}

const ip_calibration_task ip_task_zero_inflated_poisson = {
    .name = "zero_inflated_poisson",
    .summary = "an exponential X, and T 0 with probability 0.15, else of the Poisson distribution with mean X (Gao et "
               "al. 2017)",
    .ixt_bits = zero_inflated_poisson_ixt_bits,
    .draw = zero_inflated_poisson_draw,
};
