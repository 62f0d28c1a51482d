/* left.c - linked into every test (CMakeLists.txt): a group of tests that leaves memory of ours allocated, or a file
 * open that was not open before, has failed. */
#include "base/test/check.h"

#include <dirent.h>
#include <stdio.h>

/* The macro cmocka_run_group_tests calls this one; the linker puts __wrap_ in its place. */
int __real__cmocka_run_group_tests(const char *name, const struct CMUnitTest *test, size_t n, CMFixtureFunction setup,
                                   CMFixtureFunction teardown);
int __wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *test, size_t n, CMFixtureFunction setup,
                                   CMFixtureFunction teardown);

/* 0 where the system has no list of them. */
static size_t count_open_files(void)
{
  size_t n = 0;
  DIR *d = opendir("/proc/self/fd");
  if (!d) return 0;
  while (readdir(d)) n++;
  closedir(d);
  return n;
}

int __wrap__cmocka_run_group_tests(const char *name, const struct CMUnitTest *test, size_t n, CMFixtureFunction setup,
                                   CMFixtureFunction teardown)
{
  size_t files = count_open_files(), blocks = ip_mem_live();
  int n_failed = __real__cmocka_run_group_tests(name, test, n, setup, teardown);
  long more_files = (long)count_open_files() - (long)files, more_blocks = (long)ip_mem_live() - (long)blocks;
  if (more_files == 0 && more_blocks == 0) return n_failed;
  fprintf(stderr, "%s: the tests leave %ld more open files and %ld more blocks of memory than they found\n", name,
          more_files, more_blocks);
  return n_failed + 1;
}
