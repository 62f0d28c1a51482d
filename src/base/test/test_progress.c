#include "base/test/check.h"

#include "base/progress.h"

#include <stdio.h>
#include <string.h>

static char text[4096];

static FILE *begin(void)
{
  FILE *out = tmpfile();
  assert_non_null(out);
  return out;
}

/* What was written, and the file is gone. */
static const char *end(FILE *out)
{
  rewind(out);
  text[fread(text, 1, sizeof text - 1, out)] = 0;
  fclose(out);
  return text;
}

static void a_relay_tells_when_the_second_part_begins(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_relay(out, &p));
  ip_progress_update(p, 3, NULL); /* too early for a line, unless a tenth of a second has passed */
  ip_progress_second_part(p, 52);
  ip_progress_destroy(&p);
  assert_null(p);
  const char *said = end(out);
  assert_string_equal(strncmp(said, "3\n", 2) ? said : said + 2, "+0/52\n");
}

static void the_last_line_tells_what_was_done_and_no_time_left(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_create(out, "runs", "epochs", 60, &p));
  ip_progress_update(p, 30, "1/2 runs");
  ip_progress_set_left(p, 3600);
  ip_progress_clear(p); /* no terminal: nothing to take away */
  ip_progress_destroy(&p);
  end(out);
  assert_int_equal(strncmp(text, "runs: 30/60 epochs, ", 20), 0);
  assert_non_null(strstr(text, "took "));
  assert_null(strstr(text, "left"));
  assert_non_null(strstr(text, "  1/2 runs\n"));
  assert_null(strchr(text, '\r'));
}

static void without_a_stream_all_is_silent(void **state)
{
  (void)state;
  ip_progress *p;
  CHECK_OK(ip_progress_create(NULL, "runs", "epochs", 60, &p));
  assert_null(p);
  ip_progress_update(p, 1, NULL);
  ip_progress_second_part(p, 2);
  ip_progress_set_left(p, 1);
  ip_progress_clear(p);
  ip_progress_destroy(&p);
  CHECK_OK(ip_progress_relay(NULL, &p));
  assert_null(p);
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_EVERY_ALLOCATION(ip_progress_create(out, "runs", "epochs", 60, &p), ip_progress_destroy(&p));
  end(out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_relay_tells_when_the_second_part_begins),
      cmocka_unit_test(the_last_line_tells_what_was_done_and_no_time_left),
      cmocka_unit_test(without_a_stream_all_is_silent),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
