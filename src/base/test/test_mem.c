#include "base/mem.h"

#include "base/stop.h"
#include "base/test/check.h"

#include <string.h>

static void overflow_and_exhaustion_are_reported(void **state)
{
  (void)state;
  double *p;
  CHECK_FAILS(IP_NEW(p, SIZE_MAX / 4, "weights"), IP_ENOMEM, "weights: no memory for");
  ip_mem_fail_at(1);
  CHECK_FAILS(IP_NEW(p, 1, "weights"), IP_ENOMEM, "weights: no memory for 1 elements of 8 bytes");
  ip_mem_fail_at(0);
}

static void blocks_are_zeroed_aligned_and_counted(void **state)
{
  (void)state;
  size_t live = ip_mem_live();
  unsigned char *p;
  CHECK_OK(IP_NEW(p, 100, "bytes"));
  assert_int_equal((uintptr_t)p % 64, 0);
  for (int i = 0; i < 100; i++) assert_int_equal(p[i], 0);
  memset(p, 7, 100);
  unsigned char *q = ip_grow(p, 100, 300, 1, "bytes");
  assert_non_null(q);
  assert_true(q[99] == 7 && q[100] == 0);
  assert_int_equal(ip_mem_live(), live + 1);
  ip_free(q);
  assert_int_equal(ip_mem_live(), live);
}

static void scratch_gives_back_to_the_mark(void **state)
{
  (void)state;
  size_t live = ip_mem_live();
  ip_scratch *sc;
  int *a;
  CHECK_OK(ip_scratch_create(&sc));
  for (int i = 0; i < 20; i++) CHECK_OK(IP_SCRATCH(sc, a, 10, "numbers"));
  size_t mark = ip_scratch_mark(sc);
  CHECK_OK(IP_SCRATCH(sc, a, 10, "numbers"));
  ip_scratch_release(sc, mark);
  assert_int_equal(ip_scratch_mark(sc), 20);
  ip_scratch_destroy(&sc);
  ip_scratch_destroy(&sc);
  assert_int_equal(ip_mem_live(), live);
}

static void scratch_is_zeroed_and_can_fail_again_after_a_release(void **state)
{
  (void)state;
  ip_scratch *sc;
  unsigned char *a;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t n = 1; n <= 4096; n = n < 1000 ? 5 * n : n + 999) { /* larger, and smaller again */
    for (size_t size = n; size > 0; size /= 3) {
      CHECK_OK(IP_SCRATCH(sc, a, size, "bytes"));
      assert_int_equal((uintptr_t)a % 64, 0);
      for (size_t i = 0; i < size; i++) assert_int_equal(a[i], 0);
      memset(a, 7, size);
      ip_scratch_release(sc, 0);
    }
    ip_mem_fail_at(1);
    CHECK_FAILS(IP_SCRATCH(sc, a, 1, "weights"), IP_ENOMEM, "weights: no memory for 1 elements of 1 bytes");
    ip_mem_fail_at(0);
  }
  ip_scratch_destroy(&sc);
}

static ip_status fail_below(void)
{
  IP_FAIL(IP_EFORMAT, "line %d is ragged", 3);
}

static ip_status fail_above(void)
{
  IP_TRY(fail_below());
  return IP_OK;
}

static void the_first_failure_is_the_one_on_record(void **state)
{
  (void)state;
  assert_int_equal(fail_above(), IP_EFORMAT);
  ip_error_set("x.c", 1, "later", IP_EIO, "another");
  ip_error_prefix("data.csv");
  assert_string_equal(ip_error_message(), "data.csv: line 3 is ragged");
  assert_int_equal(ip_error_code(), IP_EFORMAT);
  assert_non_null(strstr(ip_error_backtrace(), "fail_below"));
  assert_non_null(strstr(ip_error_backtrace(), "fail_above"));
  ip_error_clear();
  assert_string_equal(ip_error_message(), "");
}

/* What scripts may wait for (docs). */
static void every_status_has_its_exit_status(void **state)
{
  (void)state;
  const struct {
    ip_status code;
    int exit_status;
  } known[] = {{IP_OK, 0},      {IP_EUSAGE, 2}, {IP_ECONFIG, 2},  {IP_EIO, 1},    {IP_ENOSPC, 3}, {IP_ELOCKED, 4},
               {IP_EFORMAT, 1}, {IP_EINVAL, 1}, {IP_ENUMERIC, 1}, {IP_ENOMEM, 1}, {IP_ECHILD, 1}, {IP_ESTOPPED, 130}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    assert_int_equal(ip_status_exit(known[i].code), known[i].exit_status);
  assert_string_equal(ip_status_text(IP_ELOCKED), "another process works there");
}

/* The longest prefix leaves a message that ends. */
static void long_messages_are_cut(void **state)
{
  (void)state;
  static char longer[5000];
  memset(longer, 'x', sizeof longer - 1);
  for (size_t n = sizeof longer - 1; n > 1000; n--) {
    ip_error_clear();
    ip_error_set("x.c", 1, "f", IP_EIO, "why");
    ip_error_prefix("%.*s", (int)n, longer);
    size_t length = strlen(ip_error_message());
    assert_memory_equal(ip_error_message(), longer, 1000);
    if (length == n + 5) break;
    assert_true(length < n + 5);
  }
  assert_string_equal(ip_error_message() + strlen(ip_error_message()) - 6, "x: why");
  ip_error_clear();
}

/* Blocks of more than 8 MiB are returned to the system when they are released, not kept. */
static void scratch_keeps_no_large_blocks(void **state)
{
  (void)state;
  ip_scratch *sc;
  unsigned char *a;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(IP_SCRATCH(sc, a, 1, "bytes")); /* the list of blocks */
  size_t live = ip_mem_live();
  CHECK_OK(IP_SCRATCH(sc, a, ((size_t)1 << 23) + 1, "bytes"));
  assert_int_equal(ip_mem_live(), live + 1);
  ip_scratch_release(sc, 1);
  assert_int_equal(ip_mem_live(), live);
  ip_scratch_destroy(&sc);
}

static void a_stop_is_seen_once_asked_for(void **state)
{
  (void)state;
  CHECK_OK(ip_stop_check());
  ip_stop_set(true);
  CHECK_FAILS(ip_stop_check(), IP_ESTOPPED, "stopped on request");
  ip_stop_set(false);
}

static void texts_and_growing_arrays_live_in_scratch(void **state)
{
  (void)state;
  ip_scratch *sc;
  const char *text, *longer;
  size_t *number = NULL, room = 0;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_scratch_text(sc, "", &text));
  assert_string_equal(text, "");
  CHECK_OK(ip_scratch_text(sc, "abc", &text));
  CHECK_OK(ip_scratch_format(sc, &longer, "%s-%d", text, 42));
  assert_string_equal(longer, "abc-42");
  for (size_t n = 0; n < 100; n++) {
    CHECK_OK(IP_SCRATCH_GROW(sc, number, n, &room, "numbers"));
    number[n] = n * n;
  }
  for (size_t n = 0; n < 100; n++) assert_int_equal(number[n], n * n);
  assert_true(room >= 100);
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(overflow_and_exhaustion_are_reported),
      cmocka_unit_test(blocks_are_zeroed_aligned_and_counted),
      cmocka_unit_test(scratch_gives_back_to_the_mark),
      cmocka_unit_test(scratch_is_zeroed_and_can_fail_again_after_a_release),
      cmocka_unit_test(the_first_failure_is_the_one_on_record),
      cmocka_unit_test(every_status_has_its_exit_status),
      cmocka_unit_test(long_messages_are_cut),
      cmocka_unit_test(scratch_keeps_no_large_blocks),
      cmocka_unit_test(a_stop_is_seen_once_asked_for),
      cmocka_unit_test(texts_and_growing_arrays_live_in_scratch),
  };
  return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
