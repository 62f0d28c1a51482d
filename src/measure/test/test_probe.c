#include "measure/logistic.h"
#include "measure/test/inputs.h"
#include "measure/usable.h"

#define NEAR(spec, name, want, tol) CHECK_NEAR(measure_series(spec, name, &in, *state), want, tol)
#define V(spec, want, tol) NEAR(spec, "v_information", want, tol)
#define NO_VALUE(spec, text) check_no_value(spec, "v_information", &in, text, *state)

static void published_examples_have_their_values(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  ip_measure_input in = {.s = &s, .split = d->split};
  V("probe", 1.354827, 5e-7);
  V("probe:lambda=0.1", 0.767639, 5e-7);
  V("probe:scale=none", 1.325500, 5e-7);
  V("probe:scale=none:lambda=0.1", 0.610810, 5e-7);
  s.y = d->z;
  V("probe", -0.266113, 5e-7);
  s.t = d->u;
  V("probe", -0.181841, 5e-7);
  s.y = d->y2;
  V("probe", 1.100968, 5e-7);
  V("probe:lambda=0.1", 0.768769, 5e-7);
  int32_t argmax[FORMULA_N];
  for (int i = 0; i < FORMULA_N; i++) {
    const float *o = d->out + 3 * i;
    argmax[i] = o[1] > o[0] ? 1 : 0;
    if (o[2] > o[argmax[i]]) argmax[i] = 2;
  }
  s = samples_of(FORMULA_N, 3, d->out, 3, argmax);
  V("probe", 1.165220, 5e-7);
}

/* Every combination of two signs equally often: no linear map of them tells their product. */
static void exclusive_or_and_constant_layers_have_none(void **state)
{
  float t[8] = {-1, -1, -1, 1, 1, -1, 1, 1}, same[4] = {0.1f, 0.1f, 0.1f, 0.1f};
  int32_t y[] = {0, 1, 1, 0};
  ip_samples s = samples_of(4, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  V("probe:evaluate=train", 0, 1e-12);
  s = samples_of(4, 1, same, 2, y);
  V("probe:evaluate=train", 0, 0);
  NEAR("probe:evaluate=train", "accuracy", 0.5, 0);
}

static void a_noisy_bit_has_the_information_of_its_channel(void **state)
{
  enum { N = 100 };
  float t[N];
  int32_t y[N];
  for (int i = 0; i < N; i++) {
    t[i] = i % 2 ? 1 : -1;
    y[i] = (t[i] > 0) != (i < 20);
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  ip_measure_input in = {.s = &s};
  V("probe:evaluate=train", 0.278070, 5e-7);
  V("probe:evaluate=train:lambda=1e-09", 0.278072, 5e-7); /* 1 - h(0.2) */
  NEAR("probe:evaluate=train", "accuracy", 0.8, 1e-12);
}

static void a_probe_that_is_wrong_on_test_samples_is_below_zero(void **state)
{
  enum { N = 200 };
  float t[N];
  int32_t y[N];
  uint8_t split[N];
  for (int i = 0; i < N; i++) {
    split[i] = i >= N / 2;
    t[i] = i % 2 ? 1 : -1;
    y[i] = (t[i] > 0) != split[i];
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  ip_measure_input in = {.s = &s, .split = split};
  V("probe", -7.421240, 5e-7);
  NEAR("probe", "accuracy", 0, 0);
}

/* t of the standard normal distribution function. */
static double normal_quantile(double p)
{
  double low = -9, high = 9;
  for (int i = 0; i < 100; i++) {
    double middle = (low + high) / 2;
    if (0.5 * erfc(-middle / sqrt(2)) < p)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* I of two normals at distance 2 is 0.485944; a logistic probe is the posterior there. */
static void two_normals_have_their_information(void **state)
{
  enum { HALF = 2000 };
  static float t[2 * HALF];
  static int32_t y[2 * HALF];
  for (int k = 0; k < 2 * HALF; k++) {
    y[k] = k >= HALF;
    t[k] = (float)(normal_quantile((k % HALF + 0.5) / HALF) + (y[k] ? 1 : -1));
  }
  ip_samples s = samples_of(2 * HALF, 1, t, 2, y);
  ip_measure_input in = {.s = &s};
  V("probe:evaluate=train:lambda=1e-09", 0.486, 5e-4);
}

/* The gradient, by plain sums. */
static double largest_gradient(size_t n, size_t d, size_t n_classes, const double *x, const double *p, double lambda,
                               const double *w)
{
  double largest = 0;
  for (size_t c = 0; c < n_classes; c++)
    for (size_t j = 0; j <= d; j++) {
      double g = j < d ? lambda * w[c * (d + 1) + j] : 0;
      for (size_t i = 0; i < n; i++) {
        double z[8], sum = 0;
        for (size_t k = 0; k < n_classes; k++) {
          z[k] = 0;
          for (size_t l = 0; l <= d; l++) z[k] += w[k * (d + 1) + l] * x[i * (d + 1) + l];
          sum += exp(z[k]);
        }
        g += (exp(z[c]) / sum - p[i * n_classes + c]) * x[i * (d + 1) + j] / (double)n;
      }
      largest = fmax(largest, fabs(g));
    }
  return largest;
}

/* Fewer samples than units, units of unlike size, and nearly separable classes too. */
static void the_gradient_vanishes_at_the_optimum(void **state)
{
  enum { MOST = 60 * 41 };
  static const struct {
    size_t n, d, n_classes;
    double lambda, size, signal;
  } c[] = {{60, 3, 2, 1e-3, 1, 0.5}, {60, 12, 4, 1e-6, 1, 0}, {20, 40, 3, 1e-3, 1, 1}, {60, 8, 3, 1e-9, 30, 9}};
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    double x[MOST], p[60 * 8], w[8 * 41];
    ip_rng r = ip_rng_open(k, IP_RNG_TASK, 0);
    memset(p, 0, sizeof p);
    for (size_t i = 0; i < c[k].n; i++) {
      size_t y = i % c[k].n_classes;
      p[i * c[k].n_classes + y] = 1;
      for (size_t j = 0; j < c[k].d; j++)
        x[i * (c[k].d + 1) + j] = (j % 2 ? c[k].size : 1) * (ip_rng_normal(&r) + (j == y ? c[k].signal : 0));
      x[i * (c[k].d + 1) + c[k].d] = 1;
    }
    CHECK_OK(ip_logistic_fit(c[k].n, c[k].d, c[k].n_classes, x, p, c[k].lambda, *state, w));
    assert_true(largest_gradient(c[k].n, c[k].d, c[k].n_classes, x, p, c[k].lambda, w) < 1.1e-10);
  }
}

/* Two rows of weights with the penalty lambda are one vector with half of it: here by Newton's method in two numbers.
 */
static void two_classes_are_one_vector_with_half_the_penalty(void **state)
{
  formula_data *d = data_by_formula();
  float t[FORMULA_N];
  int32_t y[FORMULA_N];
  double mean = 0, square = 0, w = 0, b = 0, nats = 0, n = FORMULA_N, ones = 0;
  for (int i = 0; i < FORMULA_N; i++) {
    t[i] = d->t[4 * i];
    y[i] = d->y2[i] == 2;
    mean += (double)t[i] / n;
    ones += y[i] / n;
  }
  for (int i = 0; i < FORMULA_N; i++) square += ((double)t[i] - mean) * ((double)t[i] - mean) / n;
  for (int step = 0; step < 50; step++) {
    double g[2] = {0.05 * w, 0}, h[3] = {0.05, 0, 0}; /* lambda = 0.1; h: ww, wb, bb */
    for (int i = 0; i < FORMULA_N; i++) {
      double x = ((double)t[i] - mean) / sqrt(square), q = 1 / (1 + exp(-w * x - b));
      g[0] += (q - y[i]) * x / n;
      g[1] += (q - y[i]) / n;
      h[0] += q * (1 - q) * x * x / n;
      h[1] += q * (1 - q) * x / n;
      h[2] += q * (1 - q) / n;
    }
    double det = h[0] * h[2] - h[1] * h[1];
    w -= (h[2] * g[0] - h[1] * g[1]) / det;
    b -= (h[0] * g[1] - h[1] * g[0]) / det;
  }
  for (int i = 0; i < FORMULA_N; i++) {
    double x = ((double)t[i] - mean) / sqrt(square), q = 1 / (1 + exp(-w * x - b));
    nats += (y[i] ? log(q / ones) : log((1 - q) / (1 - ones))) / n;
  }
  ip_samples s = samples_of(FORMULA_N, 1, t, 2, y);
  ip_measure_input in = {.s = &s};
  V("probe:evaluate=train:lambda=0.1", nats / log(2), 1e-12);
}

/* Order of samples and units, shifts and scales of single units; a rotation only without scaling. */
static void invariances_hold(void **state)
{
  formula_data *d = data_by_formula();
  static float t[FORMULA_N * 4], turned[FORMULA_N * 4];
  static int32_t y[FORMULA_N];
  static uint8_t split[FORMULA_N];
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  ip_measure_input in = {.s = &s, .split = d->split};
  double scaled = measure_series("probe", "v_information", &in, *state);
  double plain = measure_series("probe:scale=none", "v_information", &in, *state);
  for (int i = 0; i < FORMULA_N; i++) {
    int k = (7 * i + 3) % FORMULA_N;
    const float *a = d->t + 4 * i;
    float moved[] = {3 - 8 * a[2], 0.5f * a[0], a[3], 16 * a[1] + 1};
    float rotated[] = {0.6f * a[2] + 0.8f * a[0], 0.8f * a[2] - 0.6f * a[0], a[3], -a[1]};
    memcpy(t + 4 * k, moved, sizeof moved);
    memcpy(turned + 4 * k, rotated, sizeof rotated);
    y[k] = d->y2[i];
    split[k] = d->split[i];
  }
  s.t = t, s.y = y, in.split = split;
  V("probe", scaled, 1e-5); /* float32 rounding of the moved units */
  s.t = turned;
  V("probe:scale=none", plain, 1e-5);
}

/* A unit that is constant over the training samples is not used, whatever it is on the test samples. */
static void units_constant_in_training_are_left_out(void **state)
{
  formula_data *d = data_by_formula();
  static float t[FORMULA_N * 5];
  for (int i = 0; i < FORMULA_N; i++) {
    memcpy(t + 5 * i, d->t + 4 * i, 4 * sizeof *t);
    t[5 * i + 4] = d->split[i] ? (float)d->y[i] : 0.3f;
  }
  ip_samples s = samples_of(FORMULA_N, 5, t, 3, d->y);
  ip_measure_input in = {.s = &s, .split = d->split};
  V("probe", 1.354827, 5e-7);
}

static void certain_soft_labels_give_the_values_of_hard_ones(void **state)
{
  formula_data *d = data_by_formula();
  static float p[FORMULA_N * 3];
  for (int i = 0; i < FORMULA_N; i++) p[i * 3 + d->y[i]] = 1;
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  s.p_y_given_x = p;
  ip_measure_input in = {.s = &s, .split = d->split};
  V("probe", 1.354827, 5e-7);
  /* uncertain ones: half of every label shared out; the probe then knows less, and no more than I(T;Y) */
  for (int i = 0; i < FORMULA_N * 3; i++) p[i] = p[i] / 2 + 1 / 6.0f;
  double v = measure_series("probe", "v_information", &in, *state);
  assert_true(v > 0.05 && v < log2(3) - 1.2516); /* log2 3 - H(2/3, 1/6, 1/6) */
}

static void missing_splits_and_classes_are_reasons(void **state)
{
  formula_data *d = data_by_formula();
  uint8_t split[FORMULA_N] = {0};
  int32_t y[FORMULA_N] = {0};
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  ip_measure_input in = {.s = &s};
  NO_VALUE("probe", "only training samples or only test samples");
  in.split = split;
  NO_VALUE("probe", "only training samples or only test samples");
  double v = measure_series("probe:evaluate=train", "v_information", &in, *state);
  in.split = NULL;
  V("probe:evaluate=train", v, 0);
  in.split = d->split;
  s.y = y;
  V("probe", 0, 0);
  NEAR("probe", "accuracy", 1, 0);
  y[3] = 1; /* a test sample */
  NO_VALUE("probe", "does not occur in the training samples");
  y[3] = 0;
  s.target = d->x, s.n_targets = 2;
  NO_VALUE("probe", "targets of a regression");
}

/* Separable classes and hardly a penalty: the optimum is nearly at infinity. */
static void what_does_not_converge_is_an_error(void **state)
{
  float t[] = {-1e30f, 1e30f, -2e30f, 3e30f};
  int32_t y[] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 1, t, 2, y);
  ip_measure_input in = {.s = &s};
  measured out;
  CHECK_FAILS(measure_once("probe:evaluate=train:scale=none:lambda=1e-12", &in, *state, &out), IP_ENUMERIC,
              "use a larger lambda");
  ip_measure_destroy(&out.m);
  ip_scratch_release(*state, 0);
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  ip_measure_input in = {.s = &s, .split = d->split};
  CHECK_EVERY_ALLOCATION(measure_alone("probe", &in), (void)0);
}

static void of_classes_that_are_as_likely_the_first_is_chosen(void **state)
{
  (void)state;
  double p[] = {1, 0, 0, 0.25, 0.5, 0.25}, half[] = {0.4, 0.4, 0.2}, q[6], out[IP_N_USABLE];
  const ip_usable u = {.n_test = 2, .n_classes = 3, .p_test = p, .frequency = half};
  ip_usable_score(&u, NULL, out);
  CHECK_NEAR(out[IP_ACCURACY], (1 + 0.25) / 2, 1e-15);
  const double guess[] = {0.25, 0.25, 0.5, 0.25, 0.375, 0.375};
  for (size_t i = 0; i < 6; i++) q[i] = log(guess[i]);
  ip_usable_score(&u, q, out);
  CHECK_NEAR(out[IP_ACCURACY], (0 + 0.5) / 2, 1e-15);
  CHECK_NEAR(out[IP_V_INFORMATION],
             (log2(0.25 / 0.4) + 0.25 * log2(0.25 / 0.4) + 0.5 * log2(0.375 / 0.4) + 0.25 * log2(0.375 / 0.2)) / 2,
             1e-14);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(of_classes_that_are_as_likely_the_first_is_chosen),
      TEST(published_examples_have_their_values),
      TEST(exclusive_or_and_constant_layers_have_none),
      TEST(a_noisy_bit_has_the_information_of_its_channel),
      TEST(a_probe_that_is_wrong_on_test_samples_is_below_zero),
      TEST(two_normals_have_their_information),
      TEST(the_gradient_vanishes_at_the_optimum),
      TEST(two_classes_are_one_vector_with_half_the_penalty),
      TEST(invariances_hold),
      TEST(units_constant_in_training_are_left_out),
      TEST(certain_soft_labels_give_the_values_of_hard_ones),
      TEST(missing_splits_and_classes_are_reasons),
      TEST(what_does_not_converge_is_an_error),
      TEST(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("measure/probe", tests, NULL, NULL);
}
