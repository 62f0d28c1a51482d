#include "estimator/counts.h"

#include "estimator/test/samples.h"

enum { MAX_SYMBOLS = 512 };

static double bits_of(size_t n_symbols, const uint32_t *count, ip_correction how, ip_scratch *sc)
{
  size_t n = 0, mark = ip_scratch_mark(sc);
  for (size_t k = 0; k < n_symbols; k++) n += count[k];
  ip_spectrum sp;
  CHECK_OK(ip_spectrum_open(n, sc, &sp));
  for (size_t k = 0; k < n_symbols; k++) ip_spectrum_add(&sp, k, count[k]);
  double bits = ip_spectrum_entropy(&sp, n, how);
  ip_spectrum_clear(&sp);
  assert_true(ip_spectrum_entropy(&sp, n, how) == 0);
  ip_scratch_release(sc, mark);
  return bits;
}

/* --- the formulas again, symbol by symbol, with the digamma function instead of recursions */

/* Asymptotic series above 12, recurrence below (Abramowitz & Stegun 6.3.5, 6.3.18); 1e-13. */
static double digamma(double x)
{
  double sum = 0;
  for (; x < 12; x++) sum -= 1 / x;
  double z = 1 / (x * x);
  return sum + log(x) - 0.5 / x - z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z / 132))));
}

static double naive_plug_in(size_t n_symbols, const uint32_t *count, double n)
{
  double h = 0;
  for (size_t k = 0; k < n_symbols; k++)
    if (count[k]) h -= count[k] / n * log(count[k] / n);
  return h;
}

/* Nats; not for one symbol alone. */
static double naive_entropy(size_t n_symbols, uint32_t *count, ip_correction how)
{
  double n = 0, seen = 0, singles = 0, h = 0;
  for (size_t k = 0; k < n_symbols; k++) {
    n += count[k];
    seen += count[k] > 0;
    singles += count[k] == 1;
  }
  switch (how) {
  case IP_CORRECTION_MILLER_MADOW:
    return naive_plug_in(n_symbols, count, n) + (seen - 1) / (2 * n);
  case IP_CORRECTION_GRASSBERGER: /* G(m) = psi(m) + (-1)^m/2 (psi((m+1)/2) - psi(m/2)) */
    for (size_t k = 0; k < n_symbols; k++)
      if (count[k]) {
        double m = count[k], sign = count[k] % 2 ? -0.5 : 0.5;
        h += m / n * (log(n) - digamma(m) - sign * (digamma((m + 1) / 2) - digamma(m / 2)));
      }
    return h;
  case IP_CORRECTION_CHAO_SHEN:
    for (size_t k = 0; k < n_symbols; k++)
      if (count[k]) {
        double q = (1 - fmin(singles, n - 1) / n) * count[k] / n;
        h -= q * log(q) / (1 - pow(1 - q, n));
      }
    return h;
  case IP_CORRECTION_JACKKNIFE:
    h = n * naive_plug_in(n_symbols, count, n);
    for (size_t k = 0; k < n_symbols; k++)
      if (count[k]) {
        count[k]--;
        double without = naive_plug_in(n_symbols, count, n - 1);
        count[k]++;
        h -= count[k] * (n - 1) / n * without;
      }
    return h;
  case IP_CORRECTION_NONE:
  default:
    return naive_plug_in(n_symbols, count, n);
  }
}

static void agrees_with_the_formulas_symbol_by_symbol(void **state)
{
  uint32_t count[MAX_SYMBOLS];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t n_symbols = 2; n_symbols <= MAX_SYMBOLS; n_symbols *= 2)
    for (uint64_t largest = 2; largest <= 4000; largest = largest * 5 + 1) {
      for (size_t k = 0; k < n_symbols; k++) count[k] = (uint32_t)ip_rng_below(&r, largest) + (k < 2);
      for (ip_correction how = IP_CORRECTION_NONE; how <= IP_CORRECTION_JACKKNIFE; how++)
        CHECK_NEAR(bits_of(n_symbols, count, how, *state), naive_entropy(n_symbols, count, how) / log(2), 1e-8);
    }
}

/* Counts 2, 1, 1 of four samples, worked out by hand. */
static void four_samples_give_the_values_on_paper(void **state)
{
  uint32_t count[] = {2, 1, 0, 1};
  double gamma = 0.577215664901532861, g1 = -gamma - log(2), g2 = 2 - gamma - log(2);
  CHECK_NEAR(bits_of(4, count, IP_CORRECTION_NONE, *state), 1.5, 1e-15);
  CHECK_NEAR(bits_of(4, count, IP_CORRECTION_MILLER_MADOW, *state), 1.5 + 0.25 / log(2), 1e-15);
  CHECK_NEAR(bits_of(4, count, IP_CORRECTION_GRASSBERGER, *state), (log(4) - (2 * g2 + 2 * g1) / 4) / log(2), 1e-14);
  /* coverage 1/2: q = 1/4, 1/8, 1/8 */
  double chao_shen = 0.25 * 2 / (1 - pow(0.75, 4)) + 2 * 0.125 * 3 / (1 - pow(0.875, 4));
  CHECK_NEAR(bits_of(4, count, IP_CORRECTION_CHAO_SHEN, *state), chao_shen, 1e-14);
  /* without one of the two: log2 3; without a single: h(1/3) */
  double h3 = log2(3) - 2.0 / 3;
  CHECK_NEAR(bits_of(4, count, IP_CORRECTION_JACKKNIFE, *state), 6 - 0.75 * (2 * log2(3) + 2 * h3), 1e-14);
}

static void one_symbol_or_no_sample_has_exactly_no_entropy(void **state)
{
  for (ip_correction how = IP_CORRECTION_NONE; how <= IP_CORRECTION_NSB; how++) {
    assert_true(bits_of(1, (uint32_t[]){1}, how, *state) == 0);
    assert_true(bits_of(3, (uint32_t[]){0, 1000, 0}, how, *state) == 0);
    assert_true(bits_of(2, (uint32_t[]){0, 0}, how, *state) == 0);
    assert_true(bits_of(0, NULL, how, *state) == 0);
    assert_true(isfinite(bits_of(2, (uint32_t[]){1, 1}, how, *state)));
  }
}

/* --- bias against a known entropy */

/* Mean and standard error of the estimate over repeated draws of n samples from (n_symbols) probabilities p. */
static void repeat(size_t n_symbols, const double *p, size_t n, ip_correction how, ip_scratch *sc, double *mean,
                   double *error)
{
  enum { REPEATS = 400 };
  static uint32_t count[MAX_SYMBOLS];
  static double edge[MAX_SYMBOLS];
  double sum = 0, squares = 0, at = 0;
  for (size_t k = 0; k < n_symbols; k++) edge[k] = at += p[k];
  for (size_t i = 0; i < REPEATS; i++) {
    ip_rng r = ip_rng_open(7, IP_RNG_TEST, i);
    memset(count, 0, sizeof count);
    for (size_t j = 0; j < n; j++) {
      double u = ip_rng_uniform(&r) * at;
      size_t k = 0;
      while (k + 1 < n_symbols && u >= edge[k]) k++;
      count[k]++;
    }
    double h = bits_of(n_symbols, count, how, sc);
    sum += h;
    squares += h * h;
  }
  *mean = sum / REPEATS;
  *error = sqrt((squares / REPEATS - *mean * *mean) / REPEATS);
}

/* 16 symbols of unlike probabilities, 100 samples. The bias of the plug-in is -(K-1)/(2n ln 2) = -0.108 bits to leading
 * order. 4000 draws with scipy's digamma left -0.012 (Miller-Madow), 0.006 (Grassberger), -0.051 (Chao-Shen) and 0.004
 * (jackknife), each +- 0.0014; 2000 draws -0.003 (Chao-Wang-Jost), 0.052 (shrinkage) and -0.035 (NSB), each +- 0.002.
 */
static void corrections_remove_most_of_the_bias(void **state)
{
  double p[16], sum = 0, truth = 0, mean, error;
  for (size_t k = 0; k < 16; k++) sum += p[k] = 1 + (double)k;
  for (size_t k = 0; k < 16; k++) p[k] /= sum;
  for (size_t k = 0; k < 16; k++) truth -= p[k] * log2(p[k]);
  repeat(16, p, 100, IP_CORRECTION_NONE, *state, &mean, &error);
  double bias = mean - truth, expected = -15 / (2 * 100 * log(2));
  assert_true(fabs(bias - expected) < 0.1 * -expected + 4 * error); /* next order: some 10 % of it */
  for (ip_correction how = IP_CORRECTION_MILLER_MADOW; how <= IP_CORRECTION_NSB; how++) {
    double mean2, error2;
    bool half = how == IP_CORRECTION_CHAO_SHEN || how == IP_CORRECTION_SHRINKAGE || how == IP_CORRECTION_NSB;
    repeat(16, p, 100, how, *state, &mean2, &error2);
    if (!(fabs(mean2 - truth) < (half ? 0.5 : 0.15) * -bias + 4 * error2))
      fail_msg("%s: bias %g +- %g, plug-in %g", ip_corrections[how], mean2 - truth, error2, bias);
  }
}

/* Fewer samples than symbols: 100 samples of 256 equally likely ones. The plug-in is at most log2 100 = 6.64 of 8 bits.
 * 2000 draws with scipy's digamma gave the biases below; a single draw spreads by 0.36 bits at most. Shrinkage and NSB
 * know of no symbol that was not seen. */
static void undersampled_symbols_are_where_corrections_differ(void **state)
{
  double p[256], mean[8], error[8];
  for (size_t k = 0; k < 256; k++) p[k] = 1.0 / 256;
  for (ip_correction how = IP_CORRECTION_NONE; how <= IP_CORRECTION_NSB; how++)
    repeat(256, p, 100, how, *state, &mean[how], &error[how]);
  static const double bias[] = {-1.714, -1.123, -0.455, 0.086, -0.610, 0.046, -1.625, -1.642};
  for (ip_correction how = IP_CORRECTION_NONE; how <= IP_CORRECTION_NSB; how++)
    CHECK_NEAR(mean[how] - 8, bias[how], 5 * error[how] + 0.02);
}

/* --- as a parameter of estimators */

static const char *const corrected[] = {
    "edges:correction=miller_madow",
    "width:correction=grassberger",
    "equal_width:correction=chao_shen",
    "equal_mass:correction=jackknife",
    "exact:correction=chao_wang_jost",
    "ebab:correction=shrinkage",
    "edges:correction=nsb",
};
enum { N_CORRECTED = sizeof corrected / sizeof *corrected };

/* T and Y independent, 4 bins by 2 classes, 60 samples: the plug-in is 3/(2 N ln 2) = 0.036 bits too large. Means of
 * 4000 draws with scipy's digamma, results below 0 taken as 0 as they are here; one draw spreads by less than 0.03. */
static void information_of_independent_variables_shrinks(void **state)
{
  enum { N = 60, REPEATS = 200 };
  float t[N];
  int32_t y[N];
  double plain = 0, less[7] = {0};
  ip_samples s = samples_of(N, 1, t, 2, y);
  for (size_t i = 0; i < REPEATS; i++) {
    ip_rng r = ip_rng_open(9, IP_RNG_TEST, i);
    for (size_t j = 0; j < N; j++) {
      t[j] = 0.25f * (float)ip_rng_below(&r, 4) + 0.03f;
      y[j] = (int32_t)ip_rng_below(&r, 2);
    }
    plain += estimate("width:size=0.25", &s, *state).ity_bits / REPEATS;
    const char *const spec[] = {"width:size=0.25:correction=miller_madow",
                                "width:size=0.25:correction=grassberger",
                                "width:size=0.25:correction=chao_shen",
                                "width:size=0.25:correction=jackknife",
                                "width:size=0.25:correction=chao_wang_jost",
                                "width:size=0.25:correction=shrinkage",
                                "width:size=0.25:correction=nsb"};
    for (size_t k = 0; k < 7; k++) less[k] += estimate(spec[k], &s, *state).ity_bits / REPEATS;
  }
  CHECK_NEAR(plain, 3 / (2 * N * log(2)), 0.008); /* standard error 0.002 */
  static const double expected[] = {0.0126, 0.0160, 0.0312, 0.0107, 0.0119, 0.0083, 0.0378};
  for (size_t k = 0; k < 7; k++) CHECK_NEAR(less[k], expected[k], 0.008);
}

/* I(X;T) = H(T) when no input has two symbols, under every correction; groups of one symbol have no entropy. */
static void a_deterministic_layer_keeps_no_entropy_given_the_input(void **state)
{
  float t[48];
  int32_t y[48];
  uint32_t x[48];
  for (size_t i = 0; i < 48; i++) {
    x[i] = (uint32_t)(i % 12);
    t[i] = 0.1f * (float)(x[i] / 2) + 0.01f;
    y[i] = x[i] < 6;
  }
  ip_samples s = samples_of(48, 1, t, 2, y);
  s.x_id = x;
  s.n_x = 12;
  for (size_t k = 0; k < N_CORRECTED; k++) {
    ip_estimate e = estimate(corrected[k], &s, *state);
    assert_true(e.ixt_bits == e.ht_bits && e.ht_bits > 0);
  }
  for (size_t i = 0; i < 48; i++) t[i] = 0.2f;
  for (size_t k = 0; k < N_CORRECTED; k++) {
    ip_estimate e = estimate(corrected[k], &s, *state);
    assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
  }
}

/* Conditional entropies by group of samples are those of the joint table: many classes force the other way. */
static void both_ways_of_counting_pairs_agree(void **state)
{
  enum { N = 600 };
  static float t[N];
  static int32_t y[N];
  ip_rng r = ip_rng_open(5, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    t[i] = (float)ip_rng_below(&r, 300);
    y[i] = (int32_t)(t[i] / 37) + (int32_t)ip_rng_below(&r, 3);
  }
  ip_samples few = samples_of(N, 1, t, 20, y), many = few;
  many.n_y = 4000;
  CHECK_NEAR(estimate("width:size=1", &few, *state).ity_bits, estimate("width:size=1", &many, *state).ity_bits, 1e-12);
}

static void soft_labels_take_no_correction(void **state)
{
  float t[2] = {0, 1}, p[4] = {0.5f, 0.5f, 1, 0};
  ip_samples s = samples_of(2, 1, t, 2, NULL);
  s.p_y_given_x = p;
  for (size_t k = 0; k < N_CORRECTED; k++) estimate_fails(corrected[k], &s, *state, IP_EINVAL, "use correction=none");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  float t[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int32_t y[4] = {0, 1, 0, 1};
  uint32_t x[4] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 2, t, 2, y);
  s.x_id = x;
  CHECK_EVERY_ALLOCATION(run_alone(N_CORRECTED, corrected, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_the_formulas_symbol_by_symbol),
      TEST(four_samples_give_the_values_on_paper),
      TEST(one_symbol_or_no_sample_has_exactly_no_entropy),
      TEST(corrections_remove_most_of_the_bias),
      TEST(undersampled_symbols_are_where_corrections_differ),
      TEST(information_of_independent_variables_shrinks),
      TEST(a_deterministic_layer_keeps_no_entropy_given_the_input),
      TEST(both_ways_of_counting_pairs_agree),
      TEST(soft_labels_take_no_correction),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/counts", tests, NULL, NULL);
}
