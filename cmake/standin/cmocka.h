/* cmocka.h - the part of cmocka that the tests use, for processors whose cmocka is not installed (cmake/part.cmake).
 *
 * A failed check prints where and what, and ends its test. A program's exit status is the number of failed tests.
 */
#ifndef IP_STANDIN_CMOCKA_H
#define IP_STANDIN_CMOCKA_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct CMUnitTest {
  const char *name;
  void (*run)(void **);
  int (*setup)(void **);
  int (*teardown)(void **);
};

static jmp_buf standin_end_of_test;

__attribute__((unused, noreturn, format(printf, 3, 4))) static void standin_fail(const char *file, int line,
                                                                                 const char *format, ...)
{
  va_list list;
  va_start(list, format);
  fprintf(stderr, "%s:%d: ", file, line);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  longjmp(standin_end_of_test, 1);
}

#define fail_msg(...) standin_fail(__FILE__, __LINE__, __VA_ARGS__)
#define fail() fail_msg("failed")
#define print_message printf

#define STANDIN_CHECK(true_, ...)                                                                                      \
  do {                                                                                                                 \
    if (!(true_)) fail_msg(__VA_ARGS__);                                                                               \
  } while (0)
#define STANDIN_NUMBERS(a, is, b)                                                                                      \
  do {                                                                                                                 \
    uintmax_t a_ = (uintmax_t)(a), b_ = (uintmax_t)(b);                                                                \
    STANDIN_CHECK(a_ is b_, "%s %s %s does not hold: %jd, %jd", #a, #is, #b, (intmax_t)a_, (intmax_t)b_);              \
  } while (0)
#define STANDIN_STRINGS(a, is, b)                                                                                      \
  do {                                                                                                                 \
    const char *a_ = (a), *b_ = (b);                                                                                   \
    STANDIN_CHECK(strcmp(a_, b_) is 0, "\"%s\" %s \"%s\" does not hold", a_, #is, b_);                                 \
  } while (0)

#define assert_true(a) STANDIN_CHECK(a, "%s does not hold", #a)
#define assert_false(a) STANDIN_CHECK(!(a), "%s holds", #a)
#define assert_null(a) STANDIN_CHECK((const void *)(a) == NULL, "%s is not null", #a)
#define assert_non_null(a) STANDIN_CHECK((const void *)(a) != NULL, "%s is null", #a)
#define assert_ptr_equal(a, b) STANDIN_CHECK((const void *)(a) == (const void *)(b), "%s is not %s", #a, #b)
#define assert_int_equal(a, b) STANDIN_NUMBERS(a, ==, b)
#define assert_int_not_equal(a, b) STANDIN_NUMBERS(a, !=, b)
#define assert_in_range(a, low, high)                                                                                  \
  do {                                                                                                                 \
    STANDIN_NUMBERS(a, >=, low);                                                                                       \
    STANDIN_NUMBERS(a, <=, high);                                                                                      \
  } while (0)
#define assert_string_equal(a, b) STANDIN_STRINGS(a, ==, b)
#define assert_string_not_equal(a, b) STANDIN_STRINGS(a, !=, b)
#define assert_memory_equal(a, b, n)                                                                                   \
  STANDIN_CHECK(!memcmp((a), (b), (n)), "%s and %s differ in their %zu bytes", #a, #b, (size_t)(n))
#define assert_memory_not_equal(a, b, n)                                                                               \
  STANDIN_CHECK(memcmp((a), (b), (n)) != 0, "%s and %s agree in their %zu bytes", #a, #b, (size_t)(n))

#define cmocka_unit_test_setup_teardown(f, setup, teardown)                                                            \
  {                                                                                                                    \
#f, (f), (setup), (teardown)                                                                                       \
  }
#define cmocka_unit_test_setup(f, setup) cmocka_unit_test_setup_teardown(f, setup, NULL)
#define cmocka_unit_test_teardown(f, teardown) cmocka_unit_test_setup_teardown(f, NULL, teardown)
#define cmocka_unit_test(f) cmocka_unit_test_setup_teardown(f, NULL, NULL)

/* Whether the function reached its end without a failed check. */
__attribute__((unused)) static int standin_passes(void (*run)(void **), void **state)
{
  if (setjmp(standin_end_of_test)) return 0;
  run(state);
  return 1;
}

__attribute__((unused)) static int standin_run(const struct CMUnitTest *tests, size_t n, int (*setup)(void **),
                                               int (*teardown)(void **))
{
  int failed = 0;
  void *of_group = NULL;
  if (setup && setup(&of_group) != 0) return 1;
  for (size_t k = 0; k < n; k++) {
    void *state = of_group;
    int bad = tests[k].setup && tests[k].setup(&state) != 0;
    bad = bad || !standin_passes(tests[k].run, &state);
    bad |= tests[k].teardown && tests[k].teardown(&state) != 0;
    printf("%s %s\n", bad ? "FAILED" : "passed", tests[k].name);
    fflush(stdout);
    failed += bad;
  }
  if (teardown && teardown(&of_group) != 0) failed++;
  return failed;
}

#define cmocka_run_group_tests(tests, setup, teardown)                                                                 \
  standin_run(tests, sizeof(tests) / sizeof *(tests), setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown) cmocka_run_group_tests(tests, setup, teardown)

#endif
