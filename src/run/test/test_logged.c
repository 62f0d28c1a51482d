/* test_logged.c - the samples that are logged have their own rows of everything, whether those are one block or not. */
#include "run/logged.h"

#include "base/test/check.h"

#include <string.h>

enum { N = 6, N_IN = 2, N_CLASSES = 3, N_TARGETS = 2 };

static float x[N * N_IN] = {0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51};
static uint32_t x_id[N] = {0, 1, 2, 4, 5, 4};
static int32_t y[N] = {2, 0, 1, 0, 1, 2};
static float p[N * N_CLASSES], target[N * N_TARGETS];

static ip_dataset dataset(uint8_t *split)
{
  for (size_t i = 0; i < N * N_CLASSES; i++) p[i] = (float)i / 32;
  for (size_t i = 0; i < N * N_TARGETS; i++) target[i] = -(float)i;
  return (ip_dataset){.n = N,
                      .n_in = N_IN,
                      .n_classes = N_CLASSES,
                      .n_targets = N_TARGETS,
                      .n_x = N,
                      .x = x,
                      .x_id = x_id,
                      .y = y,
                      .split = split,
                      .p_y_given_x = p,
                      .targets = target};
}

/* The rows that are logged, and how their inputs are numbered. */
static void check(ip_log_samples which, uint8_t *split, size_t n, const size_t *row, const uint32_t *id)
{
  ip_dataset ds = dataset(split);
  ip_logged l = {0};
  CHECK_OK(ip_logged_select(&ds, &(ip_sample_rule){.which = which}, &l));
  assert_int_equal(l.n, n);
  assert_int_equal(l.is_all, n == N);
  for (size_t i = 0; i < n; i++) {
    size_t r = row[i];
    assert_memory_equal(l.x + i * N_IN, x + r * N_IN, N_IN * sizeof *x);
    assert_memory_equal(l.p_y_given_x + i * N_CLASSES, p + r * N_CLASSES, N_CLASSES * sizeof *p);
    assert_memory_equal(l.target + i * N_TARGETS, target + r * N_TARGETS, N_TARGETS * sizeof *target);
    assert_int_equal(l.y[i], y[r]);
    assert_int_equal(l.split[i], split[r]);
    assert_int_equal(l.x_id[i], id[i]);
  }
  ip_logged_release(&l);
  assert_null(l.x_id);
  assert_int_equal(ip_mem_live(), 0);
}

static void rows_are_those_of_the_samples(void **state)
{
  (void)state;
  uint8_t first[N] = {0, 0, 0, 1, 1, 1}, mixed[N] = {1, 0, 1, 0, 0, 1}, every[N] = {0, 1, 0, 1, 0, 1};
  check(IP_LOG_ALL, first, N, (const size_t[]){0, 1, 2, 3, 4, 5}, (const uint32_t[]){0, 1, 2, 3, 4, 3});
  check(IP_LOG_TRAIN, first, 3, (const size_t[]){0, 1, 2}, (const uint32_t[]){0, 1, 2});
  check(IP_LOG_TEST, first, 3, (const size_t[]){3, 4, 5}, (const uint32_t[]){0, 1, 0});
  check(IP_LOG_TRAIN, mixed, 3, (const size_t[]){1, 3, 4}, (const uint32_t[]){0, 1, 2});
  check(IP_LOG_TEST, mixed, 3, (const size_t[]){0, 2, 5}, (const uint32_t[]){0, 1, 2});
  check(IP_LOG_TRAIN, every, 3, (const size_t[]){0, 2, 4}, (const uint32_t[]){0, 1, 2});
  check(IP_LOG_TEST, every, 3, (const size_t[]){1, 3, 5}, (const uint32_t[]){0, 1, 1});
}

static void a_side_without_samples_is_an_error(void **state)
{
  (void)state;
  uint8_t none[N] = {0};
  ip_dataset ds = dataset(none);
  ip_logged l = {0};
  CHECK_FAILS(ip_logged_select(&ds, &(ip_sample_rule){.which = IP_LOG_TEST}, &l), IP_ECONFIG, "has no test samples");
  ip_logged_release(&l);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_those_of_the_samples),
      cmocka_unit_test(a_side_without_samples_is_an_error),
  };
  return cmocka_run_group_tests_name("run/logged", tests, NULL, NULL);
}
