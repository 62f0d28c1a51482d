/* linear_gaussian.c - the regression whose information is known: y = A x + noise.
 *
 * x ~ N(0, 1) (n_in), A (n_targets, n_in) ~ N(0, 1/r) once for the seed in the first r = n_in - irrelevant columns and
 * 0 in the others, noise ~ N(0, noise^2) on each target. One class. Sets ds->ixy_bits to 1/2 log2 det(1 + A A' /
 * noise^2) (Cover & Thomas 2006, section 9.4), +inf for noise 0. */
#include "dataset/source.h"

#include "base/rng.h"
#include "base/text.h"
#include "num/sum.h"

#include <math.h>

/* Streams of IP_RNG_TASK. */
enum { STREAM_MAP = 0, STREAM_INPUT = 1, STREAM_NOISE = 2 };

/* 1/2 log2 det(1 + A A'/noise^2), by Cholesky's decomposition of the (m, m) matrix. */
static ip_status information(size_t m, size_t n_in, const double *map, double noise, ip_scratch *sc, double *bits)
{
  double *s; // (m, m) lower triangle
  ip_sum log_det = {0};
  *bits = HUGE_VAL;
  if (noise == 0) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, s, m * m, "covariance of the targets"));
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j <= i; j++) {
      ip_sum dot = {0};
      for (size_t k = 0; k < n_in; k++) ip_sum_add(&dot, map[i * n_in + k] / noise * (map[j * n_in + k] / noise));
      for (size_t k = 0; k < j; k++) ip_sum_add(&dot, -s[i * m + k] * s[j * m + k]);
      double rest = ip_sum_value(&dot) + (i == j ? 1 : 0);
      s[i * m + j] = i == j ? sqrt(rest) : rest / s[j * m + j];
    }
  for (size_t i = 0; i < m; i++) ip_sum_add(&log_det, log2(s[i * m + i]));
  *bits = ip_sum_value(&log_det); /* half of the logarithm of the squares */
  return IP_OK;
}

static ip_status draw(const ip_dataset_options *opt, uint64_t seed, ip_scratch *sc, ip_dataset *ds)
{
  size_t n_in = ds->n_in, m = ds->n_targets;
  size_t relevant = n_in - (size_t)opt->irrelevant;
  double *map; // (m, n_in)
  IP_TRY(IP_SCRATCH(sc, map, m * n_in, "the linear map"));
  ip_rng stream = ip_rng_open(seed, IP_RNG_TASK, STREAM_MAP);
  for (size_t i = 0; i < m; i++)
    for (size_t k = 0; k < relevant; k++) map[i * n_in + k] = ip_rng_normal(&stream) / sqrt((double)relevant);
  stream = ip_rng_open(seed, IP_RNG_TASK, STREAM_INPUT);
  for (size_t i = 0; i < ds->n * n_in; i++) ds->x[i] = (float)ip_rng_normal(&stream);
  stream = ip_rng_open(seed, IP_RNG_TASK, STREAM_NOISE);
  for (size_t r = 0; r < ds->n; r++)
    for (size_t j = 0; j < m; j++) {
      ip_sum y = {0};
      for (size_t k = 0; k < n_in; k++) ip_sum_add(&y, map[j * n_in + k] * (double)ds->x[r * n_in + k]);
      ds->targets[r * m + j] = (float)(ip_sum_value(&y) + opt->noise * ip_rng_normal(&stream));
    }
  return information(m, n_in, map, opt->noise, sc, &ds->ixy_bits);
}

ip_status ip_source_linear_gaussian(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range)
{
  (void)range;
  IP_TRY(ip_interval_check("n_samples", IP_RANGE_N_SAMPLES, (double)opt->n_samples));
  IP_TRY(ip_interval_check("n_in", IP_RANGE_N_IN, (double)opt->n_in));
  IP_TRY(ip_interval_check("irrelevant", IP_RANGE_IRRELEVANT, (double)opt->irrelevant));
  IP_REQUIRE(opt->irrelevant < opt->n_in, IP_ECONFIG,
             "irrelevant: got %lld of %lld inputs, expected fewer: at least one must matter",
             (long long)opt->irrelevant, (long long)opt->n_in);
  IP_TRY(ip_interval_check("n_targets", IP_RANGE_N_TARGETS, (double)opt->n_targets));
  IP_TRY(ip_interval_check("noise", IP_RANGE_NOISE, opt->noise));
  IP_TRY(ip_source_allocate(ds, (size_t)opt->n_samples, (size_t)opt->n_in, "linear_gaussian"));
  IP_TRY(ip_source_number_classes(ds, 1));
  IP_REQUIRE((size_t)opt->n_targets <= SIZE_MAX / 8 / ds->n, IP_ECONFIG,
             "linear_gaussian: %lld targets of %zu samples are more than memory can hold", (long long)opt->n_targets,
             ds->n);
  ds->n_targets = (size_t)opt->n_targets;
  IP_TRY(IP_NEW(ds->targets, ds->n * ds->n_targets, "targets"));
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = draw(opt, seed, sc, ds);
  ip_scratch_destroy(&sc);
  return st;
}
