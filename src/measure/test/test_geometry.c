#include "measure/test/inputs.h"

#define NEAR(name, want, tol) CHECK_NEAR(measure_series("geometry", name, &in, *state), want, tol)
#define NO_VALUE(name, text) check_no_value("geometry", name, &in, text, *state)

static void published_examples_have_their_values(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s, .next = d->u, .next_width = 4};
  NEAR("nc1", 3.488189, 5e-7);
  NEAR("nc1_papyan", 59.607974, 5e-7);
  NEAR("participation_ratio", 3.991079, 5e-7);
  NEAR("cka_x", 0.001636, 5e-7);
  NEAR("cka_next", 0.838493, 5e-7);
  s.y = d->y2;
  NEAR("nc1", 2.062922, 5e-7);
  NEAR("nc1_papyan", 0.418331, 5e-7);
  NEAR("cka_y", 0.482658, 5e-7);
  s.t = d->u;
  NEAR("nc1", 2.868070, 5e-7);
  NEAR("nc1_papyan", 0.717285, 5e-7);
  NEAR("participation_ratio", 3.982346, 5e-7);
  NEAR("cka_x", 0.001568, 5e-7);
  NEAR("cka_y", 0.380643, 5e-7);
}

static void two_classes_on_a_line_have_the_closed_form(void **state)
{
  float t[] = {-1.5f, -0.5f, 0.5f, 1.5f};
  int32_t sign[] = {0, 0, 1, 1};
  ip_samples s = samples_of(4, 1, t, 2, sign);
  ip_measure_input in = {.s = &s};
  NEAR("nc1", 0.25, 1e-15);
  NEAR("nc1_papyan", 0.125, 1e-15);
  NEAR("participation_ratio", 1, 1e-15);
  NEAR("effective_rank", 1, 1e-15);
  /* the classes' clouds again, in sizes 1:3 */
  float v[] = {-1.5f, -0.5f, 0.5f, 1.5f, 0.5f, 1.5f, 0.5f, 1.5f};
  int32_t one_to_three[] = {0, 0, 1, 1, 1, 1, 1, 1};
  s = samples_of(8, 1, v, 2, one_to_three);
  NEAR("nc1", 1 / 3.0, 1e-15);
  NEAR("nc1_papyan", 0.125, 1e-15);
}

/* C classes at the unit vectors, each with a sample at +-s sqrt 3 along every axis. */
static void classes_at_unit_vectors_have_the_closed_form(void **state)
{
  enum { C = 3, EACH = 2 * C };
  const double spread = 0.125;
  float t[C * EACH * C] = {0};
  int32_t y[C * EACH];
  for (int c = 0; c < C; c++)
    for (int k = 0; k < EACH; k++) {
      float *row = t + (c * EACH + k) * C;
      row[c] = 1;
      row[k / 2] += (float)((k % 2 ? -1 : 1) * spread * sqrt(3));
      y[c * EACH + k] = c;
    }
  ip_samples s = samples_of((size_t)C * EACH, C, t, C, y);
  ip_measure_input in = {.s = &s};
  NEAR("nc1", 4.5 * spread * spread, 1e-7);
  NEAR("nc1_papyan", 2 * spread * spread, 1e-7);
}

static void collapsed_classes_have_no_scatter_and_one_dimension_less_than_classes(void **state)
{
  float t[12 * 4] = {0};
  int32_t y[12];
  for (int i = 0; i < 12; i++) {
    y[i] = i % 4;
    t[i * 4 + y[i]] = 1;
  }
  ip_samples s = samples_of(12, 4, t, 4, y);
  ip_measure_input in = {.s = &s};
  NEAR("nc1", 0, 0);
  NEAR("nc1_papyan", 0, 1e-30);
  NEAR("participation_ratio", 3, 1e-14);
  NEAR("effective_rank", 3, 1e-14);
  NEAR("cka_y", 1, 1e-15);
}

/* Soft labels of 0 and 1 are hard labels. */
static void certain_soft_labels_give_the_values_of_hard_ones(void **state)
{
  formula_data *d = data_by_formula();
  float p[FORMULA_N * 3] = {0};
  for (int i = 0; i < FORMULA_N; i++) p[i * 3 + d->y2[i]] = 1;
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, NULL);
  s.p_y_given_x = p;
  ip_measure_input in = {.s = &s};
  NEAR("nc1", 2.062922, 5e-7);
  NEAR("nc1_papyan", 0.418331, 5e-7);
  NEAR("cka_y", 0.482658, 5e-7);
}

/* Rotation by a quarter in two planes, a shift, a common scale, and an exchange of units and of samples. */
static void invariances_hold(void **state)
{
  formula_data *d = data_by_formula();
  static float t[FORMULA_N * 4], x[FORMULA_N * 2], next[FORMULA_N * 4];
  static int32_t y[FORMULA_N];
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s, .next = d->u, .next_width = 4};
  measured before = measure("geometry", &in, *state);
  for (float scale = 1.0f / 1024; scale < 10000; scale *= 128) { /* 1/1024, 1/8, 16, 2048 */
    for (int i = 0; i < FORMULA_N; i++) {
      int k = (7 * i + 3) % FORMULA_N;
      const float *a = d->t + 4 * i;
      float turned[] = {0.6f * a[2] + 0.8f * a[0], 0.8f * a[2] - 0.6f * a[0], a[3], -a[1]};
      for (int j = 0; j < 4; j++) t[4 * k + j] = scale * (turned[j] + 0.5f);
      memcpy(x + 2 * k, d->x + 2 * i, 2 * sizeof *x);
      memcpy(next + 4 * k, d->u + 4 * i, 4 * sizeof *next);
      y[k] = d->y2[i];
    }
    s.t = t, s.x = x, s.y = y;
    in.next = next;
    measured after = measure("geometry", &in, *state);
    for (size_t i = 0; i < series_named(before.m, "saturated_units"); i++)
      CHECK_NEAR(after.value[i], before.value[i], 1e-6 * fabs(before.value[i]));
    ip_measure_destroy(&after.m);
  }
  ip_measure_destroy(&before.m);
}

/* More units than samples, and more classes than units: products by sample and by unit have the same eigenvalues. */
static void wide_layers_and_many_classes_are_like_others(void **state)
{
  enum { N = 12, WIDE = 40 };
  static float narrow[N * 2], wide[N * WIDE];
  int32_t y[N];
  for (int i = 0; i < N; i++) {
    y[i] = i / 2;
    for (int j = 0; j < 2; j++) narrow[2 * i + j] = (float)sin(3 * i + 5 * j + i * i);
    for (int j = 0; j < WIDE; j++) wide[WIDE * i + j] = narrow[2 * i + j % 2]; /* every unit 20 times */
  }
  ip_samples a = samples_of(N, 2, narrow, 6, y), b = samples_of(N, WIDE, wide, 6, y);
  ip_measure_input of_a = {.s = &a}, of_b = {.s = &b};
  static const char *const same[] = {"nc1", "nc1_papyan", "participation_ratio", "effective_rank", "cka_y"};
  for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
    double want = measure_series("geometry", same[k], &of_a, *state);
    CHECK_NEAR(measure_series("geometry", same[k], &of_b, *state), want, 1e-9 * want);
  }
}

static void series_without_a_value_have_a_reason(void **state)
{
  float t[] = {1, 2, 1, 3, 1, 5}, constant[] = {7, 7, 7, 7, 7, 7};
  int32_t y[] = {0, 1, 0}, same[] = {1, 1, 1};
  ip_samples s = samples_of(3, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  NO_VALUE("cka_x", "no inputs");
  NO_VALUE("cka_next", "no layer follows");
  NO_VALUE("saturated_units", "does not name the activation");
  in.next = constant, in.next_width = 2;
  NO_VALUE("cka_next", "next layer is the same");
  s.x = constant, s.n_in = 1;
  NO_VALUE("cka_x", "inputs are the same");
  s.y = same;
  NO_VALUE("nc1", "same label");
  NO_VALUE("nc1_papyan", "same label");
  NO_VALUE("cka_y", "same label");
  s.target = t, s.n_targets = 1;
  NO_VALUE("nc1", "targets");
  /* targets with labels beside them have classes */
  s.y = y;
  assert_true(isfinite(measure_series("geometry", "nc1", &in, *state)));
  s.t = constant;
  NO_VALUE("nc1", "layer is the same for all");
  NO_VALUE("effective_rank", "layer is the same for all");
  NO_VALUE("cka_y", "layer is the same for all");
  NEAR("dead_units", 1, 0);
  s.n = 1, s.t = t;
  NO_VALUE("participation_ratio", "layer is the same for all");
}

static void equal_class_means_have_no_collapse(void **state)
{
  float t[] = {-1, 1, -0.1f, 0.1f, 0.3f, -0.3f};
  int32_t y[] = {0, 0, 1, 1, 2, 2};
  ip_samples s = samples_of(6, 1, t, 3, y);
  ip_measure_input in = {.s = &s};
  NO_VALUE("nc1", "the same mean");
  NO_VALUE("nc1_papyan", "the same mean");
  /* equal but for rounding: the same values in another order */
  enum { EACH = 11 };
  float v[2 * EACH];
  int32_t z[2 * EACH];
  for (int i = 0; i < EACH; i++) {
    v[i] = v[2 * EACH - 1 - i] = (float)exp(2 * i - 11.0);
    z[i] = 0, z[2 * EACH - 1 - i] = 1;
  }
  s = samples_of((size_t)2 * EACH, 1, v, 2, z);
  NO_VALUE("nc1", "the same mean");
}

/* Of 20 samples, 19 saturated are 95 % and not more. */
static void saturated_units_are_those_with_small_slopes(void **state)
{
  static const struct {
    const char *activation;
    float small, large; /* slopes of just below and just above 1 % of the largest */
  } of[] = {{"tanh", 0.99499f, 0.99498f},
            {"tanh", -0.99499f, -0.99498f},
            {"sigmoid", 0.002506f, 0.002507f},
            {"sigmoid", 0.997494f, 0.997493f},
            {"relu", 0, 1e-30f},
            {"elu", -0.9901f, -0.9899f},
            {"softplus", 0.01004f, 0.01006f},
            {"softsign", 0.9001f, 0.8999f}};
  float t[20 * 3];
  int32_t y[20] = {0};
  ip_samples s = samples_of(20, 3, t, 1, y);
  ip_measure_input in = {.s = &s};
  for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
    for (int i = 0; i < 20; i++) {
      t[3 * i] = of[k].small;
      t[3 * i + 1] = i ? of[k].small : of[k].large; /* 19 of 20 */
      t[3 * i + 2] = of[k].large;
    }
    s.activation = of[k].activation;
    NEAR("saturated_units", 1 / 3.0, 1e-15);
    NEAR("dead_units", 2 / 3.0, 1e-15);
  }
  s.activation = "linear";
  NEAR("saturated_units", 0, 0);
  s.activation = "leaky_relu"; /* a hundredth of the slope below 0 is not less than that */
  for (int i = 0; i < 60; i++) t[i] = -1 - (float)i;
  NEAR("saturated_units", 0, 0);
  s.activation = "swish";
  NO_VALUE("saturated_units", "does not follow from its value");
  s.activation = "softmax";
  NO_VALUE("saturated_units", "does not follow from its value");
  s.activation = "tanh", s.quantize_bits = 2;
  NO_VALUE("saturated_units", "quantized");
}

/* Units with the network's own noise are looked at before it. */
static void noise_does_not_hide_dead_units(void **state)
{
  float t[] = {1.1f, 0.9f, 0.95f, 1.05f}, mean[] = {1, 1, 1, 0.5f};
  int32_t y[] = {0, 1};
  ip_samples s = samples_of(2, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  s.activation = "tanh";
  NEAR("dead_units", 0, 0);
  s.mean = mean;
  NEAR("dead_units", 0.5, 0);
  NEAR("saturated_units", 0.5, 0);
}

/* Units whose values differ beyond the digits of float32 only. */
static void digits_beyond_float32_keep_a_unit_alive(void **state)
{
  float t[] = {1, 1, 1, 1};
  const double t64[] = {1, 1, 1 + 1e-12, 1};
  int32_t y[] = {0, 1};
  ip_samples s = samples_of(2, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  NEAR("dead_units", 1, 0);
  s.t64 = t64;
  NEAR("dead_units", 0.5, 0);
  s.mean = t; /* noise of the network: its units before it have no more digits */
  NEAR("dead_units", 1, 0);
}

/* A label of 1/4 and 3/4 is a quarter of four samples with the first class and three quarters with the second. */
static void soft_labels_are_fractions_of_samples(void **state)
{
  enum { N = 5 };
  const float t[N * 2] = {0, 1, 2, -1, 3, 0.5f, -2, 4, 1, 1};
  const int quarters[N] = {1, 4, 0, 2, 3};
  float many[4 * N * 2], p[N * 2];
  int32_t y[4 * N];
  for (int i = 0; i < N; i++) {
    p[2 * i] = (float)quarters[i] / 4;
    p[2 * i + 1] = 1 - p[2 * i];
    for (int k = 0; k < 4; k++) {
      memcpy(many + 2 * (4 * i + k), t + 2 * i, 2 * sizeof *t);
      y[4 * i + k] = k >= quarters[i];
    }
  }
  ip_samples hard = samples_of((size_t)4 * N, 2, many, 2, y), s = samples_of(N, 2, t, 2, NULL);
  ip_measure_input of_hard = {.s = &hard}, in = {.s = &s};
  s.p_y_given_x = p;
  static const char *const same[] = {"nc1", "nc1_papyan"};
  for (size_t k = 0; k < 2; k++) {
    double want = measure_series("geometry", same[k], &of_hard, *state);
    NEAR(same[k], want, 1e-12 * want);
  }
}

static void activations_that_are_not_finite_are_errors(void **state)
{
  float t[] = {1, 2, 3, 4}, bad[] = {1, NAN, 2, 3};
  int32_t y[] = {0, 1};
  measured out;
  ip_samples s = samples_of(2, 2, bad, 2, y);
  ip_measure_input in = {.s = &s};
  CHECK_FAILS(measure_once("geometry", &in, *state, &out), IP_ENUMERIC,
              "layer 3, epoch 120: activation of unit 1, sample 0: got NaN");
  ip_measure_destroy(&out.m);
  s.t = t;
  in.next = bad, in.next_width = 2;
  CHECK_FAILS(measure_once("geometry", &in, *state, &out), IP_ENUMERIC,
              "layer 3, epoch 120, measure geometry: an activation of the next layer");
  ip_measure_destroy(&out.m);
  in.next = NULL, in.output = bad, in.output_width = 2;
  CHECK_FAILS(measure_once("geometry", &in, *state, &out), IP_ENUMERIC, "an activation of the output layer");
  ip_measure_destroy(&out.m);
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s, .next = d->u, .next_width = 4};
  CHECK_EVERY_ALLOCATION(measure_alone("geometry", &in), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(published_examples_have_their_values),
      TEST(two_classes_on_a_line_have_the_closed_form),
      TEST(classes_at_unit_vectors_have_the_closed_form),
      TEST(collapsed_classes_have_no_scatter_and_one_dimension_less_than_classes),
      TEST(certain_soft_labels_give_the_values_of_hard_ones),
      TEST(invariances_hold),
      TEST(wide_layers_and_many_classes_are_like_others),
      TEST(series_without_a_value_have_a_reason),
      TEST(equal_class_means_have_no_collapse),
      TEST(saturated_units_are_those_with_small_slopes),
      TEST(noise_does_not_hide_dead_units),
      TEST(digits_beyond_float32_keep_a_unit_alive),
      TEST(soft_labels_are_fractions_of_samples),
      TEST(activations_that_are_not_finite_are_errors),
      TEST(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("measure/geometry", tests, NULL, NULL);
}
