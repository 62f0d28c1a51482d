#include "base/alive.h"

#include "base/stop.h"
#include "base/test/check.h"

/* Bytes that were written to a stream so far. */
static long written(FILE *out)
{
  assert_int_equal(fseek(out, 0, SEEK_END), 0);
  return ftell(out);
}

static void whoever_looks_for_a_stop_gives_a_sign_of_life(void **state)
{
  (void)state;
  FILE *out = tmpfile();
  assert_non_null(out);
  CHECK_OK(ip_stop_check());
  ip_alive_report(out);
  assert_int_equal(written(out), 0);
  CHECK_OK(ip_stop_check());
  assert_int_equal(written(out), 1);
  rewind(out);
  assert_int_equal(fgetc(out), '\n');
  ip_alive_report(NULL);
  fclose(out);
  CHECK_OK(ip_stop_check());
}

/* A second passes at most a few times during these calls. */
static void signs_of_life_are_rare(void **state)
{
  (void)state;
  enum { N = 100000 };
  FILE *out = tmpfile();
  assert_non_null(out);
  ip_alive_report(out);
  for (int i = 0; i < N; i++) ip_alive();
  ip_alive_report(NULL);
  assert_true(written(out) < N / 100);
  fclose(out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whoever_looks_for_a_stop_gives_a_sign_of_life),
      cmocka_unit_test(signs_of_life_are_rare),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
