/* num/lapack.h, whose tests are here because those of num also run where LAPACK is missing (cmake/part.cmake). */
#include "base/test/check.h"
#include "num/lapack.h"

#include <math.h>

enum { N = 3 };

/* Q diag(1, 4, 9) Q' with the reflection Q = I - 2 v v', v = (1, 2, 2) / 3. */
static void fill(double a[N * N], double q[N * N])
{
  const double v[N] = {1 / 3.0, 2 / 3.0, 2 / 3.0}, value[N] = {1, 4, 9};
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) q[i * N + j] = (i == j) - 2 * v[i] * v[j];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      a[i * N + j] = 0;
      for (int k = 0; k < N; k++) a[i * N + j] += q[i * N + k] * value[k] * q[j * N + k];
    }
}

static void eigenvalues_and_vectors_of_a_known_matrix_are_found(void **state)
{
  (void)state;
  for (int vectors = 0; vectors < 2; vectors++) {
    double a[N * N], q[N * N], value[N];
    bool found;
    fill(a, q);
    a[1] = a[2] = a[5] = (double)NAN; /* the upper half is not read */
    CHECK_OK(ip_lapack_eigen(N, a, vectors, value, &found));
    assert_true(found);
    for (int k = 0; k < N; k++) CHECK_NEAR(value[k], (k + 1) * (k + 1), 1e-13);
    for (int k = 0; k < N && vectors; k++) { /* up to their sign */
      double dot = 0;
      for (int i = 0; i < N; i++) dot += a[k * N + i] * q[i * N + k];
      CHECK_NEAR(fabs(dot), 1, 1e-14);
    }
  }
}

static void the_largest_eigenvalues_are_found_alone(void **state)
{
  (void)state;
  for (int k = 1; k <= N; k++) {
    double a[N * N], q[N * N], value[N], vector[N * N];
    bool found;
    fill(a, q);
    CHECK_OK(ip_lapack_largest_eigen(N, (size_t)k, a, value, vector, &found));
    assert_true(found);
    for (int j = 0, of = N - k; j < k; j++, of++) {
      double dot = 0;
      for (int i = 0; i < N; i++) dot += vector[j * N + i] * q[i * N + of];
      CHECK_NEAR(value[j], (of + 1) * (of + 1), 1e-13);
      CHECK_NEAR(fabs(dot), 1, 1e-14);
    }
  }
}

static void a_factor_times_its_transpose_is_the_matrix(void **state)
{
  (void)state;
  double a[N * N], l[N * N], q[N * N];
  fill(a, q);
  fill(l, q);
  assert_true(ip_lapack_cholesky(N, l));
  for (int i = 0; i < N; i++)
    for (int j = 0; j <= i; j++) {
      double sum = 0;
      for (int k = 0; k <= j; k++) sum += l[i * N + k] * l[j * N + k];
      CHECK_NEAR(sum, a[i * N + j], 1e-14);
    }
  CHECK_NEAR(l[1], a[1], 0); /* the upper half stays */
  double indefinite[] = {1, 2, 2, 1};
  assert_false(ip_lapack_cholesky(2, indefinite));
}

static void an_inverse_times_its_matrix_is_one(void **state)
{
  (void)state;
  double a[N * N], inverse[N * N], q[N * N];
  fill(a, q);
  fill(inverse, q);
  assert_true(ip_lapack_inverse(N, inverse));
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      double sum = 0;
      for (int k = 0; k < N; k++) sum += a[i * N + k] * (k <= j ? inverse[k * N + j] : inverse[j * N + k]);
      CHECK_NEAR(sum, i == j, 1e-14);
    }
  double indefinite[] = {1, 2, 2, 1};
  assert_false(ip_lapack_inverse(2, indefinite));
}

/* (3 0 0; 0 4 0) turned: rows mixed by 3/5, 4/5. Its singular values are 4 and 3, of its transpose too. */
static void singular_values_of_a_matrix_and_its_transpose_are_equal(void **state)
{
  (void)state;
  const double a[] = {0.6 * 3, 0.8 * 4, 0, -0.8 * 3, 0.6 * 4, 0}, t[] = {0.6 * 3, -0.8 * 3, 0.8 * 4, 0.6 * 4, 0, 0};
  double value[2];
  bool found;
  CHECK_OK(ip_lapack_singular_values(2, 3, a, value, &found));
  assert_true(found);
  CHECK_NEAR(value[0], 4, 1e-14);
  CHECK_NEAR(value[1], 3, 1e-14);
  CHECK_OK(ip_lapack_singular_values(3, 2, t, value, &found));
  CHECK_NEAR(value[0], 4, 1e-14);
  CHECK_NEAR(value[1], 3, 1e-14);
}

static void matrices_with_nan_are_reported(void **state)
{
  (void)state;
  double a[] = {1, 0.5, (double)NAN, 1}, b[] = {1, (double)NAN, 0.5, 1}, value[2], vector[2];
  bool found;
  CHECK_OK(ip_lapack_eigen(2, a, true, value, &found));
  assert_false(found);
  CHECK_OK(ip_lapack_largest_eigen(2, 1, a, value, vector, &found));
  assert_false(found);
  CHECK_OK(ip_lapack_singular_values(2, 2, a, value, &found));
  assert_false(found);
  assert_false(ip_lapack_cholesky(2, a));
  assert_false(ip_lapack_inverse(2, b));
}

static ip_status all(void)
{
  double a[N * N], q[N * N], value[N], vector[N];
  bool found;
  fill(a, q);
  IP_TRY(ip_lapack_singular_values(N, N, a, value, &found));
  IP_TRY(ip_lapack_eigen(N, a, true, value, &found));
  fill(a, q);
  return ip_lapack_largest_eigen(N, 1, a, value, vector, &found);
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(all(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(eigenvalues_and_vectors_of_a_known_matrix_are_found),
      cmocka_unit_test(the_largest_eigenvalues_are_found_alone),
      cmocka_unit_test(a_factor_times_its_transpose_is_the_matrix),
      cmocka_unit_test(an_inverse_times_its_matrix_is_one),
      cmocka_unit_test(singular_values_of_a_matrix_and_its_transpose_are_equal),
      cmocka_unit_test(matrices_with_nan_are_reported),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
