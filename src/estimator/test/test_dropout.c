#include "estimator/test/samples.h"

enum { MOST = 400 };

static ip_samples fill(size_t n, size_t width, const float *mean, float *t, const int32_t *y, double p)
{
  ip_rng r = ip_rng_open(61, IP_RNG_TEST, 0);
  for (size_t k = 0; k < n * width; k++) t[k] = ip_rng_uniform(&r) < p ? 0 : (float)((double)mean[k] / (1 - p));
  for (size_t k = 0; k < width; k++) t[k] = mean[k] + 1; /* not constant, whatever was drawn */
  ip_samples s = samples_of(n, width, t, 2, y);
  s.mean = mean;
  s.dropout = p;
  return s;
}

/* The probability of what is left of sample i with the units of `kept` (bits), given sample j. */
static double probability(const ip_samples *s, size_t i, size_t j, unsigned kept)
{
  double q = 1;
  for (size_t k = 0; k < s->width; k++) {
    float of_i = s->mean[i * s->width + k], of_j = s->mean[j * s->width + k];
    bool seen = kept >> k & 1 && of_i != 0;
    if (seen) {
      q *= of_i == of_j ? 1 - s->dropout : 0;
    } else {
      q *= of_j != 0 ? s->dropout : 1;
    }
  }
  return q;
}

/* I(X;T) and I(T;Y) by all masks of all pairs of samples. */
static void enumerate(const ip_samples *s, double *ixt, double *ity)
{
  *ixt = *ity = 0;
  for (size_t i = 0; i < s->n; i++)
    for (unsigned kept = 0; kept < 1u << s->width; kept++) {
      double mask = 1, all = 0, x = 0, y = 0, n_x = 0, n_y = 0;
      for (size_t k = 0; k < s->width; k++) mask *= kept >> k & 1 ? 1 - s->dropout : s->dropout;
      for (size_t j = 0; j < s->n; j++) {
        double q = probability(s, i, j, kept);
        all += q / (double)s->n;
        if (s->x_id ? s->x_id[j] == s->x_id[i] : j == i) x += q, n_x++;
        if (s->y[j] == s->y[i]) y += q, n_y++;
      }
      *ixt += mask / (double)s->n * log2(x / n_x / all);
      *ity += mask / (double)s->n * log2(y / n_y / all);
    }
}

static void distinct_units_have_the_closed_form(void **state)
{
  float h[24], t[24];
  int32_t y[8];
  for (size_t k = 0; k < 24; k++) h[k] = (float)k + 1;
  for (size_t i = 0; i < 8; i++) y[i] = (int32_t)(i / 4);
  ip_samples s = fill(8, 3, h, t, y, 0.3);
  ip_estimate e = estimate("dropout", &s, *state);
  CHECK_NEAR(e.ixt_bits, 2.919, 1e-12); /* (1 - p^3) log2 8 */
  CHECK_NEAR(e.ity_bits, 1 - 0.027, 1e-12);
  assert_true(e.ixt_error_bits == 0 && e.ity_error_bits == 0);
  s.dropout = 1e-9;
  CHECK_NEAR(estimate("dropout", &s, *state).ixt_bits, 3, 1e-12);
  s.dropout = 1 - 1e-9;
  CHECK_NEAR(estimate("dropout", &s, *state).ixt_bits, 0, 1e-7);
}

/* Units with few values, many of them 0: rows share values, and some are equal. */
static ip_samples mixed(size_t n, size_t width, float *h, float *t, int32_t *y, uint32_t *x, double p)
{
  ip_rng r = ip_rng_open(62, IP_RNG_TEST, width);
  for (size_t k = 0; k < n * width; k++) h[k] = (float)ip_rng_below(&r, 4) - 1; /* -1, 0, 1, 2 */
  for (size_t i = 0; i < n; i++) y[i] = (int32_t)(h[i * width] > 0) ^ (i % 5 == 0), x[i] = (uint32_t)(i / 2);
  return fill(n, width, h, t, y, p);
}

static void shared_values_and_zeros_are_enumerated(void **state)
{
  float h[MOST], t[MOST];
  int32_t y[40];
  uint32_t x[40];
  for (size_t width = 1; width <= 5; width += 2)
    for (double p = 0.1; p < 1; p += 0.4) {
      ip_samples s = mixed(40, width, h, t, y, x, p);
      double ixt, ity;
      for (int repeated = 0; repeated < 2; repeated++) {
        if (repeated) s.x_id = x, s.n_x = 20;
        enumerate(&s, &ixt, &ity);
        ip_estimate e = estimate("dropout", &s, *state);
        CHECK_NEAR(e.ixt_raw_bits, ixt, 1e-12);
        CHECK_NEAR(e.ity_raw_bits, ity, 1e-12);
        CHECK_NEAR(e.ixt_error_bits, 0, 0);
        e = estimate("dropout:exact=0:draws=2000", &s, *state);        /* the same by Monte Carlo */
        CHECK_NEAR(e.ixt_raw_bits, ixt, 4 * e.ixt_error_bits + 1e-12); /* one unit: exact all the same */
        CHECK_NEAR(e.ity_raw_bits, ity, 4 * e.ity_error_bits + 1e-12);
        assert_true(e.ixt_error_bits < 0.01 && e.ity_error_bits < 0.01);
      }
    }
}

static void one_hot_soft_labels_are_hard_labels(void **state)
{
  float h[MOST], t[MOST], p[80];
  int32_t y[40];
  uint32_t x[40];
  ip_samples s = mixed(40, 3, h, t, y, x, 0.3);
  double hard = estimate("dropout", &s, *state).ity_raw_bits;
  for (size_t i = 0; i < 40; i++) p[2 * i] = (float)(1 - y[i]), p[2 * i + 1] = (float)y[i];
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("dropout", &s, *state).ity_raw_bits, hard, 1e-12);
  ip_estimate e = estimate("dropout:exact=0", &s, *state);
  CHECK_NEAR(e.ity_raw_bits, hard, 4 * e.ity_error_bits);
  for (size_t k = 0; k < 80; k++) p[k] = 0.5f;
  CHECK_NEAR(estimate("dropout", &s, *state).ity_raw_bits, 0, 1e-12);
}

/* p^s of the widest sample is no float64, and the estimate is that of distinct units all the same. */
static void wide_layers_lose_nothing_to_underflow(void **state)
{
  enum { WIDE = 200, N = 4 };
  static float h[N * WIDE], t[N * WIDE];
  static const int32_t y[] = {0, 1, 0, 1};
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < WIDE; k++) h[i * WIDE + k] = k < 50 * (i + 1) ? (float)(i * WIDE + k + 1) : 0;
  ip_samples s = fill(N, WIDE, h, t, y, 1e-5);
  CHECK_NEAR(estimate("dropout", &s, *state).ixt_bits, 2, 1e-12);
  s.dropout = 1e-300;
  CHECK_NEAR(estimate("dropout", &s, *state).ity_bits, 1, 1e-10); /* of terms near 10^5 */
}

static void equal_samples_carry_nothing_and_others_are_refused(void **state)
{
  float h[] = {1, 2, 1, 2, 1, 2, 1, 2}, t[8];
  int32_t y[] = {0, 1, 0, 1};
  ip_samples s = fill(4, 2, h, t, y, 0.5);
  ip_estimate e = estimate("dropout", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0, 1e-12);
  CHECK_NEAR(e.ity_bits, 0, 1e-12);
  s.dropout = 0;
  estimate_fails("dropout", &s, *state, IP_EINVAL, "dropout of the network is 0, expected a probability above 0");
  s.mean = NULL;
  estimate_fails("dropout", &s, *state, IP_EINVAL, "needs a network trained with dropout");
  ip_estimator *none;
  CHECK_FAILS(ip_estimator_create("dropout:pca=1", 0, &none), IP_ECONFIG, "pca does not go with it");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"dropout:draws=2"};
  float h[MOST], t[MOST], p[80];
  int32_t y[40];
  uint32_t x[40];
  ip_samples s = mixed(6, 2, h, t, y, x, 0.3);
  s.x_id = x, s.n_x = 3;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
  for (size_t k = 0; k < 12; k++) p[k] = 0.5f;
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(distinct_units_have_the_closed_form),
      TEST(shared_values_and_zeros_are_enumerated),
      TEST(one_hot_soft_labels_are_hard_labels),
      TEST(wide_layers_lose_nothing_to_underflow),
      TEST(equal_samples_carry_nothing_and_others_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/dropout", tests, NULL, NULL);
}
