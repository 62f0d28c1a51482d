#include "measure/test/inputs.h"

#include <stdlib.h>

#define NEAR(spec, name, want, tol) CHECK_NEAR(measure_series(spec, name, &in, *state), want, tol)
#define V(spec, want, tol) NEAR(spec, "v_information", want, tol)
#define NO_VALUE(spec, text) check_no_value(spec, "v_information", &in, text, *state)

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The share of sample i that is of class c. */
static double label(const ip_samples *s, size_t i, size_t c)
{
  return s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + c] : s->y[i] == (int32_t)c;
}

/* V of the probe, straight from its definition. */
static double v_by_definition(const ip_measure_input *in, size_t k)
{
  const ip_samples *s = in->s;
  static double scaled[4096];
  double count[8] = {0}, n_train = 0, n_test = 0, v = 0, n_classes = 0;
  for (size_t i = 0; i < s->n; i++) {
    n_train += !in->split[i];
    for (size_t c = 0; c < s->n_y; c++) count[c] += in->split[i] ? 0 : label(s, i, c);
  }
  for (size_t c = 0; c < s->n_y; c++) n_classes += count[c] > 0;
  for (size_t j = 0; j < s->width; j++) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < s->n; i++) mean += in->split[i] ? 0 : (double)s->t[i * s->width + j] / n_train;
    for (size_t i = 0; i < s->n; i++)
      square += in->split[i] ? 0 : pow((double)s->t[i * s->width + j] - mean, 2) / n_train;
    for (size_t i = 0; i < s->n; i++)
      scaled[i * s->width + j] = ((double)s->t[i * s->width + j] - mean) * (1 / sqrt(square));
  }
  for (size_t i = 0; i < s->n; i++) {
    double d[256], sorted[256], share = 0, n_tied = 0, n_nearer = 0;
    size_t n = 0;
    if (!in->split[i]) continue;
    for (size_t a = 0; a < s->n; a++) {
      d[a] = 0;
      for (size_t j = 0; j < s->width; j++)
        d[a] = fmax(d[a], fabs(scaled[a * s->width + j] - scaled[i * s->width + j]));
      if (!in->split[a]) sorted[n++] = d[a];
    }
    qsort(sorted, n, sizeof *sorted, ascending);
    double limit = sorted[k - 1];
    for (size_t a = 0; a < n; a++) {
      n_tied += sorted[a] == limit;
      n_nearer += sorted[a] < limit;
    }
    share = ((double)k - n_nearer) / n_tied;
    for (size_t c = 0; c < s->n_y; c++) {
      double near = 0;
      for (size_t a = 0; a < s->n; a++)
        if (!in->split[a]) near += label(s, a, c) * (d[a] < limit ? 1 : d[a] == limit ? share : 0);
      if (label(s, i, c) > 0)
        v += label(s, i, c) * (log2((near + 1) / ((double)k + n_classes)) - log2(count[c] / n_train));
    }
    n_test++;
  }
  return v / n_test;
}

static void values_are_those_of_the_definition(void **state)
{
  formula_data *d = data_by_formula();
  const float *t[] = {d->t, d->u};
  const int32_t *y[] = {d->y, d->y2, d->z, d->y};
  static float p[FORMULA_N * 3];
  for (int i = 0; i < FORMULA_N; i++)
    for (int c = 0; c < 3; c++)
      p[3 * i + c] = (c == d->y[i] ? 3 : c == i % 3 ? 1 : 0) / (d->y[i] == i % 3 ? 3.0f : 4.0f);
  for (int a = 0; a < 2; a++)
    for (int b = 0; b < 4; b++) {
      ip_samples s = samples_of(FORMULA_N, 4, t[a], 3, y[b]);
      if (b == 3) s.p_y_given_x = p;
      ip_measure_input in = {.s = &s, .split = d->split};
      V("knn_probe", v_by_definition(&in, 5), 1e-12);
      V("knn_probe:k=1", v_by_definition(&in, 1), 1e-12);
      V("knn_probe:k=30", v_by_definition(&in, 30), 1e-12);
      V("knn_probe:k=1000", v_by_definition(&in, 45), 1e-12); /* all of them */
    }
}

/* Two distant groups: every neighbour has the label, q = 6/7, and a class is half of all. */
static void separate_groups_have_what_smoothing_leaves(void **state)
{
  enum { N = 40 };
  float t[N];
  int32_t y[N];
  uint8_t split[N];
  for (int i = 0; i < N; i++) {
    y[i] = i % 2;
    split[i] = i >= N / 2;
    t[i] = (float)(100 * y[i]) + 0.1f * (float)i;
  }
  ip_samples s = samples_of(N, 1, t, 2, y);
  ip_measure_input in = {.s = &s, .split = split};
  V("knn_probe", log2(6. / 7) + 1, 1e-12);
  NEAR("knn_probe", "accuracy", 1, 0);
  for (int i = N / 2; i < N; i++) y[i] = !y[i];
  V("knn_probe", log2(1. / 7) + 1, 1e-12);
  NEAR("knn_probe", "accuracy", 0, 0);
}

/* Soft labels of 0 and 1 are compared pair by pair, hard ones found by trees: units on a lattice tie often. */
static void trees_and_pairs_give_the_same_numbers(void **state)
{
  enum { N = 240, WIDTH = 15 };
  static float t[N * WIDTH], p[N * 3];
  int32_t y[N];
  uint8_t split[N];
  ip_rng r = ip_rng_open(5, IP_RNG_TASK, 0);
  for (size_t width = 1; width <= WIDTH; width += 2)
    for (int lattice = 0; lattice < 2; lattice++) {
      memset(p, 0, sizeof p);
      for (size_t i = 0; i < N; i++) {
        y[i] = (int32_t)ip_rng_below(&r, 3);
        split[i] = i % 3 == 0;
        p[i * 3 + (size_t)y[i]] = 1;
        for (size_t j = 0; j < width; j++) {
          double v = ip_rng_normal(&r) + (double)y[i];
          t[i * width + j] = (float)(lattice ? floor(v) : v);
        }
      }
      ip_samples s = samples_of(N, width, t, 3, y);
      ip_measure_input in = {.s = &s, .split = split};
      double by_tree = measure_series("knn_probe", "v_information", &in, *state);
      s.p_y_given_x = p;
      V("knn_probe", by_tree, 0);
    }
}

/* More units than trees serve, and more test samples than are compared at once. */
static void wide_layers_are_compared_pair_by_pair(void **state)
{
  enum { N = 200, WIDTH = 20 };
  static float t[N * WIDTH];
  int32_t y[N];
  uint8_t split[N];
  ip_rng r = ip_rng_open(6, IP_RNG_TASK, 0);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)(i % 3);
    split[i] = i % 2 == 0;
    for (size_t j = 0; j < WIDTH; j++) t[i * WIDTH + j] = (float)floor(4 * ip_rng_normal(&r)) + (float)y[i];
  }
  ip_samples s = samples_of(N, WIDTH, t, 3, y);
  ip_measure_input in = {.s = &s, .split = split};
  V("knn_probe", v_by_definition(&in, 5), 1e-12);
}

static void the_order_of_samples_and_scales_of_units_do_not_matter(void **state)
{
  formula_data *d = data_by_formula();
  static float t[FORMULA_N * 4];
  int32_t y[FORMULA_N];
  uint8_t split[FORMULA_N];
  ip_samples s = samples_of(FORMULA_N, 4, d->u, 3, d->y2);
  ip_measure_input in = {.s = &s, .split = d->split};
  double before = measure_series("knn_probe", "v_information", &in, *state);
  for (int i = 0; i < FORMULA_N; i++) {
    int k = (7 * i + 3) % FORMULA_N;
    const float *a = d->u + 4 * i;
    float moved[] = {8 * a[2], 0.5f * a[0], -a[3], 16 * a[1]};
    memcpy(t + 4 * k, moved, sizeof moved);
    y[k] = d->y2[i];
    split[k] = d->split[i];
  }
  s.t = t, s.y = y, in.split = split;
  V("knn_probe", before, 1e-12);
}

/* Units of whole numbers, whose distances are compared as whole numbers: rounding separates none that are equal. One
 * case is searched in trees, the other in pairs. */
static void equal_distances_are_equal_at_any_shift_and_scale(void **state)
{
  enum { N = 240, WIDTH = 16 };
  static const float moves[][2] = {{1, 0}, {1, 8}, {3, 1000}, {7, -11}};
  static float t[N * WIDTH];
  for (size_t width = 2; width <= WIDTH; width *= 8) {
    double first = 0;
    for (size_t m = 0; m < 4; m++) {
      ip_rng r = ip_rng_open(7, IP_RNG_TASK, 0);
      int32_t y[N];
      uint8_t split[N];
      for (size_t i = 0; i < N; i++) {
        y[i] = (int32_t)ip_rng_below(&r, 2);
        split[i] = i % 3 == 0;
        for (size_t j = 0; j < width; j++)
          t[i * width + j] = moves[m][0] * (float)(ip_rng_below(&r, 9) + (size_t)y[i]) + moves[m][1];
      }
      ip_samples s = samples_of(N, width, t, 2, y);
      ip_measure_input in = {.s = &s, .split = split};
      double v = measure_series("knn_probe", "v_information", &in, *state);
      if (m == 0) first = v;
      CHECK_NEAR(v, first, 1e-12);
    }
  }
}

/* Multiples of a unit have its scaled distances, so they change nothing, in trees and in pairs. */
static void multiples_of_a_unit_change_nothing(void **state)
{
  enum { N = 120, WIDTH = 16 };
  static float t[N * WIDTH];
  int32_t y[N];
  uint8_t split[N];
  double alone = 0;
  for (size_t width = 1; width <= WIDTH; width++) {
    for (size_t i = 0; i < N; i++) {
      y[i] = i * i % 7 > 2;
      split[i] = i % 3 == 0;
      for (size_t j = 0; j < width; j++)
        t[i * width + j] = (float)(2 * j + 1) * (float)(i * i % 31 / 2 + 4 * (size_t)y[i]);
    }
    ip_samples s = samples_of(N, width, t, 2, y);
    ip_measure_input in = {.s = &s, .split = split};
    double v = measure_series("knn_probe", "v_information", &in, *state);
    if (width == 1) alone = v;
    CHECK_NEAR(v, alone, 1e-12);
  }
}

static void constant_layers_and_one_class_have_none(void **state)
{
  formula_data *d = data_by_formula();
  float same[FORMULA_N];
  int32_t y[FORMULA_N] = {0};
  for (int i = 0; i < FORMULA_N; i++) same[i] = 0.1f;
  ip_samples s = samples_of(FORMULA_N, 1, same, 3, d->y);
  ip_measure_input in = {.s = &s, .split = d->split};
  V("knn_probe", 0, 0);
  s = samples_of(FORMULA_N, 4, d->t, 3, y);
  V("knn_probe", 0, 0);
  in.split = NULL;
  NO_VALUE("knn_probe", "only training samples or only test samples");
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  formula_data *d = data_by_formula();
  static float p[FORMULA_N * 3];
  for (int i = 0; i < FORMULA_N * 3; i++) p[i] = 1 / 3.0f;
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  ip_measure_input in = {.s = &s, .split = d->split};
  CHECK_EVERY_ALLOCATION(measure_alone("knn_probe", &in), (void)0);
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(measure_alone("knn_probe", &in), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(values_are_those_of_the_definition),
      TEST(separate_groups_have_what_smoothing_leaves),
      TEST(trees_and_pairs_give_the_same_numbers),
      TEST(wide_layers_are_compared_pair_by_pair),
      TEST(the_order_of_samples_and_scales_of_units_do_not_matter),
      TEST(equal_distances_are_equal_at_any_shift_and_scale),
      TEST(multiples_of_a_unit_change_nothing),
      TEST(constant_layers_and_one_class_have_none),
      TEST(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("measure/knn_probe", tests, NULL, NULL);
}
