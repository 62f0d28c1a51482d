/* Files of tables that declare more than they hold. */
#include "claims/claim_table.h"

#include "base/test/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char path[] = "/tmp/infoplane-table-XXXXXX";

static int make(void **state)
{
  (void)state;
  int fd = mkstemp(path);
  return fd < 0 || close(fd);
}

static int drop(void **state)
{
  (void)state;
  return remove(path);
}

/* A table of so many seeds and epochs, up to the first value of the first series. */
static void put_table(size_t n_seeds, size_t n_epochs, const char *end)
{
  gzFile z = gzopen(path, "wb9");
  assert_non_null(z);
  gzputs(z, "infoplane-claim-table\t1\nclaim\ta\tb\nmade\tnow\t1\nseeds");
  for (size_t i = 0; i < n_seeds; i++) gzprintf(z, "\t%zu", i);
  gzputs(z, "\nblock\tmain\td\nepochs");
  for (size_t i = 0; i < n_epochs; i++) gzprintf(z, "\t%zu", i);
  gzputs(z, "\nlayers\thidden:3:tanh\nstates");
  for (size_t i = 0; i < n_seeds; i++) gzputs(z, "\td");
  gzprintf(z, "\nseries\tixt\tedges\t1\n%s", end);
  assert_int_equal(gzclose(z), Z_OK);
}

static void the_smallest_table_is_read(void **state)
{
  (void)state;
  ip_claim_table *t;
  put_table(2, 3, "=\t1\t2\t3\n=\t4\t5\t6\nend\n");
  CHECK_OK(ip_claim_table_read(path, &t));
  assert_int_equal(t->block[0].state[1], 1);
  assert_true(t->block[0].series[0].x[5] == 6);
  ip_claim_table_destroy(&t);
}

/* 40 TB of values, in a file of 7 MB unpacked: no memory is allocated for them. */
static void a_series_that_the_file_cannot_hold_is_an_error(void **state)
{
  (void)state;
  ip_claim_table *t;
  put_table(4, 3, "=\t1\t2\t3\n");
  CHECK_FAILS(ip_claim_table_read(path, &t), IP_EFORMAT, "ends before all values of a series");
  put_table(200000, 500000, "=\t1\nend\n");
  CHECK_FAILS(ip_claim_table_read(path, &t), IP_EFORMAT, "ends before all values of a series");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_smallest_table_is_read),
      cmocka_unit_test(a_series_that_the_file_cannot_hold_is_an_error),
  };
  return cmocka_run_group_tests_name("claims/table_file", tests, make, drop);
}
