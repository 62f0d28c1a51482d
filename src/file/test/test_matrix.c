#include "base/test/check.h"

#include "file/matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/ip_matrix_XXXXXX";

static void write_bytes(size_t n, const char *bytes)
{
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(bytes, 1, n, f), n);
  fclose(f);
}

/* Reads `text` as a file. */
static ip_status read_text(const char *text, ip_matrix **m)
{
  write_bytes(strlen(text), text);
  return ip_matrix_read(path, NULL, m);
}

static int make_file(void **state)
{
  (void)state;
  int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
  (void)state;
  return unlink(path);
}

static void check_table(const char *text, size_t n_rows, size_t n_cols, const double *cell)
{
  ip_matrix *m;
  CHECK_OK(read_text(text, &m));
  assert_int_equal(m->n_rows, n_rows);
  assert_int_equal(m->n_cols, n_cols);
  for (size_t i = 0; i < n_rows * n_cols; i++) assert_true(m->cell[i] == cell[i]);
  ip_matrix_destroy(&m);
  assert_null(m);
}

static void every_usual_spelling_of_a_table_gives_its_numbers(void **state)
{
  (void)state;
  const double four[] = {0.1, 0.2, -3e-4, 4};
  check_table("0.1,0.2\n-3e-4,4\n", 2, 2, four);
  check_table("0.1,0.2\n-3e-4,4", 2, 2, four);
  check_table("\xef\xbb\xbf"
              "0.1;0.2\r\n-3e-4;4\r\n",
              2, 2, four);
  check_table("# p(x,y)\n\n  0.1 , 0.2\n   \n-3e-4,\t4 \n", 2, 2, four);
  check_table("0.1\t0.2\n-3e-4\t4\n", 2, 2, four);
  check_table("  0.1   0.2 \n-3e-4 \t 4\n", 2, 2, four);
  check_table("first,second name\n.1,.2\n-.0003,+4\n", 2, 2, four);
  check_table("7", 1, 1, (double[]){7});
  check_table("y\n1\n2\n3\n", 3, 1, (double[]){1, 2, 3});
}

static void every_cell_knows_its_place(void **state)
{
  (void)state;
  ip_matrix *m;
  CHECK_OK(read_text("# head\na,b\n 0.25,0.25\n\n0.25,  0.25\n", &m));
  assert_int_equal(m->line[0], 3);
  assert_int_equal(m->line[1], 5);
  assert_int_equal(m->column[0], 2);
  assert_int_equal(m->column[1], 7);
  assert_int_equal(m->column[3], 8);
  ip_matrix_destroy(&m);
}

static void what_is_no_table_is_refused_with_its_place(void **state)
{
  (void)state;
  const struct {
    const char *text, *message;
  } bad[] = {
      {"", "contains no numbers"},
      {"\n\n# only talk\n", "contains no numbers"},
      {"name,other\n", "contains no numbers"},
      {"1,2\n3\n", ":2: got 1 cell, expected 2 as in line 1"},
      {"1,2\n3,4,5\n", ":2: got 3 cells, expected 2 as in line 1"},
      {"1,,2\n", ":1:3: an empty cell"},
      {",\n", ":1:1: an empty cell"},
      {"a,b\n1,x\n", ":2:3: expected a number, got 'x'"},
      {"1,x\n", ":1:3: expected a number, got 'x'"},
      {"a,b\nc,d\n", ":2:1: expected a number, got 'c'"},
      {"1,0x10\n", ":1:3: expected a number, got '0x10'"},
      {"1,1e400\n", ":1:3: expected a number, got '1e400'"},
      {"1,nan\n", ":1:3: a missing value, 'nan'; expected a finite number"},
      {"-inf,1\n", ":1:1: expected a finite number"},
      {"1,234;5\n2,345;6\n", ":1:1: '1,234' has a decimal comma or a thousands separator"},
      {"1 2,3\n4 5,x\n", ":2:3: expected a number, got '5,x'"},
      {"1,\"2\n", ":1:3: a quote is opened and never closed"},
      {"1,NA\n", ":1:3: a missing value, 'NA'"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ip_matrix *m = (ip_matrix *)&m;
    CHECK_FAILS(read_text(bad[i].text, &m), IP_EFORMAT, bad[i].message);
    assert_null(m);
  }
}

static void bytes_that_are_no_text_and_endless_cells_are_refused(void **state)
{
  (void)state;
  ip_matrix *m;
  write_bytes(6, "1,2\n\0,");
  CHECK_FAILS(ip_matrix_read(path, NULL, &m), IP_EFORMAT, ":2:1: a zero byte");
  char *line = malloc(100002);
  assert_non_null(line);
  memset(line, '1', 100001);
  line[100001] = 0;
  CHECK_FAILS(read_text(line, &m), IP_EFORMAT, "contains no numbers"); /* a word of 100001 digits is no number */
  line[1] = ',';
  CHECK_FAILS(read_text(line, &m), IP_EFORMAT,
              ":1:3: expected a number, got '1111111111111111111111111111111111111111'");
  for (size_t i = 1; i < 100001; i += 2) line[i] = ',';
  CHECK_OK(read_text(line, &m));
  assert_int_equal(m->n_cols, 50001);
  assert_int_equal(m->column[50000], 100001);
  ip_matrix_destroy(&m);
  free(line);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
  (void)state;
  ip_matrix *m;
  CHECK_FAILS(ip_matrix_read("/nowhere/p.csv", NULL, &m), IP_EIO, "/nowhere/p.csv: cannot be opened");
  CHECK_FAILS(ip_matrix_read("/", NULL, &m), IP_EIO, "/: cannot be opened: Is a directory");
  assert_null(m);
}

static void distributions_are_checked_by_row_and_whole(void **state)
{
  (void)state;
  ip_matrix *m;
  CHECK_OK(read_text("0.5,0.5\n0.25,0.75\n0.5,0.6\n1.5,-0.5\n", &m));
  CHECK_OK(ip_matrix_check_distribution(m, 0, 1));
  CHECK_OK(ip_matrix_check_distribution(m, 1, 1));
  CHECK_FAILS(ip_matrix_check_distribution(m, 2, 1), IP_EINVAL, ":3:1: the 2 cells from here sum to 1.1");
  CHECK_FAILS(ip_matrix_check_distribution(m, 3, 1), IP_EINVAL, ":4:5: -0.5 is not a probability");
  CHECK_FAILS(ip_matrix_check_distribution(m, 0, 2), IP_EINVAL, ":1:1: the 4 cells from here sum to 2");
  ip_matrix_destroy(&m);
}

static const char *put_npy(const char *shape, size_t n, const double *cell)
{
  static char npy[sizeof path + 8];
  unsigned char bytes[512] = "\x93NUMPY\1";
  int length = snprintf((char *)bytes + 10, 200, "{'descr': '<f8', 'fortran_order': False, 'shape': %s}", shape);
  bytes[8] = (unsigned char)length;
  memcpy(bytes + 10 + length, cell, n * sizeof *cell);
  snprintf(npy, sizeof npy, "%s.npy", path);
  FILE *out = fopen(npy, "wb");
  assert_non_null(out);
  assert_int_equal(fwrite(bytes, 1, 10 + (size_t)length + n * sizeof *cell, out),
                   10 + (size_t)length + n * sizeof *cell);
  assert_int_equal(fclose(out), 0);
  return npy;
}

static void an_array_of_numpy_is_a_table(void **state)
{
  (void)state;
  const double cell[6] = {0.5, 0.5, 0.25, 0.5, 1.5, -0.5}, wrong[2] = {1, NAN};
  ip_matrix *m;
  CHECK_OK(ip_matrix_read(put_npy("(3, 2)", 6, cell), NULL, &m));
  assert_int_equal(m->n_rows, 3);
  assert_int_equal(m->n_cols, 2);
  assert_memory_equal(m->cell, cell, sizeof cell);
  CHECK_OK(ip_matrix_check_distribution(m, 0, 1));
  CHECK_FAILS(ip_matrix_check_distribution(m, 1, 1), IP_EINVAL, ".npy:2:1: the 2 cells from here sum to 0.75");
  CHECK_FAILS(ip_matrix_check_distribution(m, 2, 1), IP_EINVAL, ".npy:3:2: -0.5 is not a probability");
  ip_matrix_destroy(&m);
  CHECK_OK(ip_matrix_read(put_npy("(6,)", 6, cell), NULL, &m));
  assert_int_equal(m->n_rows, 1);
  ip_matrix_destroy(&m);
  CHECK_FAILS(ip_matrix_read(put_npy("(1, 2)", 2, wrong), NULL, &m), IP_EFORMAT, ".npy:1:2: nan is no finite number");
  CHECK_FAILS(ip_matrix_read(put_npy("(1, 2, 3)", 6, cell), NULL, &m), IP_EFORMAT, "has the shape (1, 2, 3)");
  const char *npy = put_npy("(3, 2)", 6, cell);
  CHECK_EVERY_ALLOCATION(ip_matrix_read(npy, NULL, &m), ip_matrix_destroy(&m));
  unlink(npy);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_matrix *m;
  write_bytes(12, "1,2\n3,4\n5,6\n");
  CHECK_EVERY_ALLOCATION(ip_matrix_read(path, NULL, &m), ip_matrix_destroy(&m));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_usual_spelling_of_a_table_gives_its_numbers),
      cmocka_unit_test(every_cell_knows_its_place),
      cmocka_unit_test(what_is_no_table_is_refused_with_its_place),
      cmocka_unit_test(bytes_that_are_no_text_and_endless_cells_are_refused),
      cmocka_unit_test(a_file_that_cannot_be_read_is_named),
      cmocka_unit_test(distributions_are_checked_by_row_and_whole),
      cmocka_unit_test(an_array_of_numpy_is_a_table),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("file/matrix", tests, make_file, remove_file);
}
