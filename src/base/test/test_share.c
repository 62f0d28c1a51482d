#include "base/share.h"

#include "base/build.h"
#include "base/mem.h"
#include "base/test/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const ip_share where = {"IP_TEST_SHARE", "experiments", "presets"};

static char folder[] = "/tmp/infoplane-test-XXXXXX";

static int create_folder(void **state)
{
  (void)state;
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
  (void)state;
  char command[64];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static void in_folder(char path[static 128], const char *name)
{
  snprintf(path, 128, "%s/%s", folder, name);
}

static void make_folder(const char *name)
{
  char command[160], path[128];
  in_folder(path, name);
  snprintf(command, sizeof command, "mkdir -p '%s'", path);
  assert_int_equal(system(command), 0);
}

static void make_file(const char *path)
{
  FILE *out = fopen(path, "w");
  assert_true(out && fclose(out) == 0);
}

/* What is found of `file` is `expected`; NULL: nothing is found. */
static void check_found(const char *file, const char *expected)
{
  char *path = NULL;
  CHECK_OK(ip_share_find(&where, file, &path));
  if (!expected)
    assert_null(path);
  else
    assert_string_equal(path, expected);
  ip_free(path);
}

/* Of the environment variable, beside the program, in the source tree: the first that can be read. */
static void files_are_looked_for_in_order(void **state)
{
  (void)state;
  char program[128], beside[128], own[128], own_folder[128], source[600];
  make_folder("own");
  make_folder("prefix/share/infoplane/presets");
  in_folder(program, "prefix/bin/infoplane");
  in_folder(beside, "prefix/share/infoplane/presets/quickstart.yaml");
  in_folder(own_folder, "own");
  in_folder(own, "own/quickstart.yaml");
  snprintf(source, sizeof source, "%s/experiments/quickstart.yaml", IP_SOURCE_DIR);
  unsetenv(where.variable);
  unsetenv("INFOPLANE_PROGRAM");
  check_found("quickstart.yaml", source);
  *strrchr(source, '/') = 0;
  check_found("", source);
  check_found("no such file", NULL);
  setenv("INFOPLANE_PROGRAM", program, 1);
  make_file(beside);
  check_found("quickstart.yaml", beside);
  setenv(where.variable, own_folder, 1);
  check_found("quickstart.yaml", beside); /* the directory is there, the file is not */
  make_file(own);
  check_found("quickstart.yaml", own);
  setenv(where.variable, "", 1);
  check_found("quickstart.yaml", beside);
  unsetenv("INFOPLANE_PROGRAM");
  unsetenv(where.variable);
}

/* Whoever gets the path takes none that begins with "-" for an option. */
static void a_relative_path_begins_with_a_dot(void **state)
{
  (void)state;
  char before[512];
  make_folder("-own");
  assert_non_null(getcwd(before, sizeof before));
  assert_int_equal(chdir(folder), 0);
  make_file("./-own/a");
  setenv(where.variable, "-own", 1);
  check_found("a", "./-own/a");
  check_found("", "./-own");
  assert_int_equal(chdir(before), 0);
  unsetenv(where.variable);
}

/* Too long a path of the program hides what is beside it, and nothing else. */
static void an_unknown_program_is_no_failure(void **state)
{
  (void)state;
  static char longer[5000];
  memset(longer, 'x', sizeof longer - 1);
  longer[0] = '/';
  setenv("INFOPLANE_PROGRAM", longer, 1);
  char *path;
  CHECK_OK(ip_share_find(&where, "quickstart.yaml", &path));
  assert_non_null(path);
  assert_int_equal(ip_error_code(), IP_OK);
  ip_free(path);
  unsetenv("INFOPLANE_PROGRAM");
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  char *path = NULL;
  setenv(where.variable, folder, 1);
  CHECK_EVERY_ALLOCATION(ip_share_find(&where, "no such file", &path), ip_free(path));
  unsetenv(where.variable);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_are_looked_for_in_order),
      cmocka_unit_test(a_relative_path_begins_with_a_dot),
      cmocka_unit_test(an_unknown_program_is_no_failure),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("base/share", tests, create_folder, remove_folder);
}
