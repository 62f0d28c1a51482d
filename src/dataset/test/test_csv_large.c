/* CSV files of many columns. Each of them would take hours, and end in a time-out, if the time to read it grew with the
 * square of its columns. */
#include "dataset/test/files.h"

enum { N_COLUMNS = 200000 };

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

/* A line of cells and a label. `%zu` in the cell is the number of the column, from 1, or from the last one down. */
static size_t put_line(char *to, const char *cell, const char *label, bool backwards)
{
  char *at = to;
  for (size_t k = 0; k < N_COLUMNS; k++) {
    const char *digits = strstr(cell, "%zu");
    size_t n = digits ? (size_t)(digits - cell) : strlen(cell);
    memcpy(at, cell, n);
    at += n;
    if (digits) at += sprintf(at, "%zu", backwards ? N_COLUMNS - k : k + 1);
    *at++ = ',';
  }
  at += sprintf(at, "%s\n", label);
  return (size_t)(at - to);
}

static void check_is_read(const ip_dataset_options *opt, size_t n)
{
  ip_dataset *ds = read_with(opt);
  assert_int_equal(ds->n, n);
  assert_int_equal(ds->n_in, N_COLUMNS);
  ip_dataset_destroy(&ds);
}

static void many_cells_in_quotes_are_read(void **state)
{
  (void)state;
  char *text = malloc((size_t)N_COLUMNS * 8 + 100);
  assert_non_null(text);
  size_t n = put_line(text, "\"1\"", "a", false);
  n += put_line(text + n, "\"2\"", "b", false);
  ip_dataset_options opt = plain_options(put_bytes("data.csv", n, text));
  free(text);
  check_is_read(&opt, 2);
}

static void many_names_are_found_in_any_order(void **state)
{
  (void)state;
  char *text = malloc((size_t)N_COLUMNS * 12 + 200);
  char test[512];
  assert_non_null(text);
  size_t n = put_line(text, "u%zu", "label", true);
  n += put_line(text + n, "1", "a", false);
  strcpy(test, put_bytes("test.csv", n, text));
  n = put_line(text, "u%zu", "label", false);
  n += put_line(text + n, "1", "a", false);
  ip_dataset_options opt = plain_options(put_bytes("data.csv", n, text));
  opt.test_file = test;
  free(text);
  check_is_read(&opt, 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(many_cells_in_quotes_are_read, fresh),
      cmocka_unit_test_setup(many_names_are_found_in_any_order, fresh),
  };
  return cmocka_run_group_tests_name("dataset/csv_large", tests, make_folder, remove_folder);
}
