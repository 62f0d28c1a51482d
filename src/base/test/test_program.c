#include "base/test/check.h"

#include "base/program.h"

#include <stdlib.h>
#include <string.h>

static void the_program_is_what_the_kernel_or_a_launcher_says(void **state)
{
  (void)state;
  char path[4096];
  unsetenv("INFOPLANE_PROGRAM");
  assert_string_equal(ip_program_file(), "/proc/self/exe");
  CHECK_OK(ip_program_path(sizeof path, path));
  assert_string_equal(strrchr(path, '/'), "/test_base_program");
  setenv("INFOPLANE_PROGRAM", "/opt/infoplane/bin/infoplane", 1);
  assert_string_equal(ip_program_file(), "/opt/infoplane/bin/infoplane");
  CHECK_OK(ip_program_path(sizeof path, path));
  assert_string_equal(path, "/opt/infoplane/bin/infoplane");
  CHECK_FAILS(ip_program_path(8, path), IP_EIO, "too long");
  setenv("INFOPLANE_PROGRAM", "infoplane", 1); /* the current directory decides nothing */
  assert_string_equal(ip_program_file(), "/proc/self/exe");
  unsetenv("INFOPLANE_PROGRAM");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_program_is_what_the_kernel_or_a_launcher_says)};
  return cmocka_run_group_tests_name("base/program", tests, NULL, NULL);
}
