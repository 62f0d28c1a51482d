#include "dataset/sphere.h"

#include "base/test/check.h"
#include "dataset/dataset.h"
#include "file/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double A = 0.52573111211913360603, B = 0.85065080835203993218;

/* The vertices as the definition of the task lists them. */
static void vertex_of(int i, double v[3])
{
  const double list[12][3] = {{0, A, B},  {A, B, 0},   {0, A, -B},  {-A, B, 0},  {B, 0, -A}, {0, -A, B},
                              {A, -B, 0}, {-A, -B, 0}, {-B, 0, -A}, {0, -A, -B}, {-B, 0, A}, {B, 0, A}};
  memcpy(v, list[i], sizeof list[i]);
}

static double norm(int n, const double *a)
{
  double s = 0;
  for (int i = 0; i < n; i++) s += a[i] * a[i];
  return sqrt(s);
}

/* f(x) by real orthonormal spherical harmonics written out, not by the addition theorem. */
static double f_by_harmonics(unsigned pattern)
{
  const double pi = acos(-1);
  double a0[1] = {0}, a1[3] = {0}, a2[5] = {0};
  for (int i = 0; i < 12; i++) {
    if (!(pattern >> (11 - i) & 1)) continue;
    double v[3];
    vertex_of(i, v);
    double x = v[0], y = v[1], z = v[2], c1 = sqrt(3 / (4 * pi)), c2 = sqrt(15 / (4 * pi));
    a0[0] += sqrt(1 / (4 * pi));
    a1[0] += c1 * y, a1[1] += c1 * z, a1[2] += c1 * x;
    a2[0] += c2 * x * y, a2[1] += c2 * y * z, a2[2] += sqrt(5 / (16 * pi)) * (3 * z * z - 1);
    a2[3] += c2 * x * z, a2[4] += c2 / 2 * (x * x - y * y);
  }
  return 4 * pi / 12 * (2 * norm(1, a0) + 5.0 / 3 * norm(3, a1) + 4.0 / 5 * norm(5, a2));
}

static void hard_labels_have_the_digest_of_the_published_file(void **state)
{
  (void)state;
  uint8_t label[4096];
  char hex[IP_DIGEST_TEXT];
  int ones = 0;
  for (unsigned r = 0; r < 4096; r++) ones += label[r] = ip_sphere_label(r);
  ip_digest_bytes(label, sizeof label, hex);
  assert_string_equal(hex, "77732f16f85e91b49d3997196b56163b3bd362d8cf631468a8de3f986e88359f");
  assert_int_equal(ones, 2118);
}

static void hard_labels_follow_the_norm_of_the_sum_of_vertices(void **state)
{
  (void)state;
  for (unsigned r = 0; r < 4096; r++) {
    double sum[3] = {0}, v[3];
    int lit = 0;
    for (int i = 0; i < 12; i++) {
      if (!(r >> (11 - i) & 1)) continue;
      vertex_of(i, v);
      for (int k = 0; k < 3; k++) sum[k] += v[k];
      lit++;
    }
    assert_int_equal(ip_sphere_label(r), lit + norm(3, sum) > 7.632);
  }
}

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void f_takes_64_values_and_agrees_with_spherical_harmonics(void **state)
{
  (void)state;
  static double f[4096];
  for (unsigned r = 0; r < 4096; r++) {
    f[r] = ip_sphere_f(r);
    CHECK_NEAR(f[r], f_by_harmonics(r), 1e-7); /* the square root of a sum that cancels keeps half the digits */
  }
  qsort(f, 4096, sizeof *f, compare);
  /* (size of a class, how many classes have it) */
  const int expected[][2] = {{1, 2}, {6, 2}, {12, 4}, {15, 2}, {20, 7}, {30, 8}, {60, 22}, {72, 2}, {120, 9}, {180, 6}};
  int found[4097] = {0}, classes = 0;
  for (size_t i = 0, j; i < 4096; i = j) {
    for (j = i; j < 4096 && f[j] == f[i]; j++) {
    }
    found[j - i]++;
    classes++;
  }
  assert_int_equal(classes, 64);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    assert_int_equal(found[expected[i][0]], expected[i][1]);
  CHECK_NEAR(f[0], 0, 0);
  CHECK_NEAR(f[4095], 8.0593, 5e-5);
}

/* The vertex that `map` (a rotation or reflection of space) takes vertex i to. */
static int image_of(int i, double map[3][3])
{
  double v[3], w[3], u[3];
  vertex_of(i, v);
  for (int k = 0; k < 3; k++) w[k] = map[k][0] * v[0] + map[k][1] * v[1] + map[k][2] * v[2];
  for (int j = 0; j < 12; j++) {
    vertex_of(j, u);
    if (w[0] * u[0] + w[1] * u[1] + w[2] * u[2] > 0.999) return j;
  }
  fail_msg("vertex %d is mapped off the icosahedron", i);
  return -1;
}

static void labels_are_invariant_under_generators_of_the_symmetry_group(void **state)
{
  (void)state;
  /* three generate all 120: cyclic exchange of axes, inversion, and the fifth of a turn about vertex 0 */
  double cyclic[3][3] = {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}, inversion[3][3] = {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}};
  double turn[3][3], n[3], c = cos(acos(-1) * 0.4), s = sin(acos(-1) * 0.4);
  vertex_of(0, n);
  for (int i = 0; i < 3; i++) /* Rodrigues: c 1 + (1 - c) n n' + s [n]x */
    for (int j = 0; j < 3; j++) {
      double cross = i == j ? 0 : (j == (i + 1) % 3 ? -1 : 1) * n[3 - i - j];
      turn[i][j] = c * (i == j) + (1 - c) * n[i] * n[j] + s * cross;
    }
  double(*maps[])[3] = {cyclic, inversion, turn};
  for (int m = 0; m < 3; m++) {
    int to[12];
    for (int i = 0; i < 12; i++) to[i] = image_of(i, maps[m]);
    for (unsigned r = 0; r < 4096; r++) {
      unsigned moved = 0;
      for (int i = 0; i < 12; i++) moved |= (r >> (11 - i) & 1) << (11 - to[i]);
      assert_int_equal(ip_sphere_label(r), ip_sphere_label(moved));
      assert_true(ip_sphere_f(r) == ip_sphere_f(moved));
    }
  }
}

static ip_dataset_information measure(int labels, double gamma)
{
  ip_dataset_options opt = ip_dataset_options_default();
  opt.labels = labels;
  opt.gamma = gamma;
  ip_dataset *ds;
  ip_dataset_information info;
  CHECK_OK(ip_dataset_create(&opt, 0, &ds));
  assert_int_equal(ds->n_x, 4096);
  CHECK_OK(ip_dataset_measure(ds, &info));
  ip_dataset_destroy(&ds);
  return info;
}

static void information_of_the_labels_is_what_the_reference_says(void **state)
{
  (void)state;
  ip_dataset_information hard = measure(IP_LABELS_HARD, 12), soft = measure(IP_LABELS_SOFT, 12);
  CHECK_NEAR(hard.hy_bits, 0.9991571208502711, 1e-14);
  CHECK_NEAR(hard.ixy_bits, 0.9991571208502711, 1e-14);
  CHECK_NEAR(hard.hy_given_x_bits, 0, 0);
  CHECK_NEAR(hard.hx_bits, 12, 1e-14);
  CHECK_NEAR(soft.hy_given_x_bits, 0.100515, 5e-7);
  CHECK_NEAR(soft.ixy_bits, 0.899483, 5e-7);
  CHECK_NEAR(measure(IP_LABELS_SOFT, 41.64).ixy_bits, 0.9900, 5e-5);
}

static void soft_labels_have_the_known_mean_and_the_most_probable_class(void **state)
{
  (void)state;
  double sum = 0;
  for (unsigned r = 0; r < 4096; r++) sum += ip_sphere_probability(r, 12, 5.89) / 4096;
  CHECK_NEAR(sum, 0.500920, 5e-7);
  ip_dataset_options opt = ip_dataset_options_default();
  opt.labels = IP_LABELS_SOFT;
  ip_dataset *ds;
  opt.gamma = 0.2; /* many probabilities near one half */
  CHECK_OK(ip_dataset_create(&opt, 0, &ds));
  for (size_t r = 0; r < ds->n; r++) {
    CHECK_NEAR(ds->p_y_given_x[2 * r] + ds->p_y_given_x[2 * r + 1], 1, 1e-7);
    assert_int_equal(ds->y[r], ds->p_y_given_x[2 * r + 1] >= 0.5f);
  }
  ip_dataset_destroy(&ds);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hard_labels_have_the_digest_of_the_published_file),
      cmocka_unit_test(hard_labels_follow_the_norm_of_the_sum_of_vertices),
      cmocka_unit_test(f_takes_64_values_and_agrees_with_spherical_harmonics),
      cmocka_unit_test(labels_are_invariant_under_generators_of_the_symmetry_group),
      cmocka_unit_test(information_of_the_labels_is_what_the_reference_says),
      cmocka_unit_test(soft_labels_have_the_known_mean_and_the_most_probable_class),
  };
  return cmocka_run_group_tests_name("dataset/sphere", tests, NULL, NULL);
}
