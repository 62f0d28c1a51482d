/* Rows of datasets: which are stored, which can be read, and what a length may become; and the names in a group. */
#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"

enum { ROWS = 5, SAMPLES = 5, WIDTH = 3 };

static ip_h5 *create(const char *name)
{
  ip_h5 *h;
  CHECK_OK(ip_h5_create(temp_path(name), &h));
  return h;
}

static void reopen(ip_h5 **h, const char *name, bool write)
{
  CHECK_OK(ip_h5_close(h));
  CHECK_OK(ip_h5_open(temp_path(name), write, h));
}

static void check_rows(ip_h5 *h, const char *name, const char *expected)
{
  for (size_t row = 0; expected[row]; row++)
    if (ip_h5_has_row(h, name, row) != (expected[row] == '1')) fail_msg("%s: row %zu", name, row);
}

/* Chunks of one row, cut into three pieces; of two rows; of whole rows reserved at once. */
static void a_row_is_stored_when_all_of_it_was_written(void **state)
{
  (void)state;
  static const float row[SAMPLES * WIDTH] = {1, 2, 3};
  const size_t second[] = {1, 0, 0}, third[] = {3, 4, 0}, first_piece[] = {1, 2, WIDTH}, last_piece[] = {1, 1, WIDTH};
  ip_h5_layout pieces = {
      .type = IP_H5_F32, .rank = 3, .dim = {ROWS, SAMPLES, WIDTH}, .chunk = {1, 2, WIDTH}, .grows = true};
  ip_h5_layout pairs = {.type = IP_H5_F32, .rank = 1, .dim = {ROWS}, .chunk = {2}, .grows = true}, all = pieces;
  all.reserve = true;
  ip_h5 *h = create("stored.h5");
  CHECK_OK(ip_h5_dataset(h, "/pieces", &pieces));
  CHECK_OK(ip_h5_dataset(h, "/pairs", &pairs));
  CHECK_OK(ip_h5_dataset(h, "/all", &all));
  CHECK_OK(ip_h5_put(h, "/block", IP_H5_F32, 1, (size_t[]){2}, row));
  CHECK_OK(ip_h5_write_rows(h, "/pieces", 0, 1, IP_H5_F32, row));
  CHECK_OK(ip_h5_write_rows(h, "/pieces", 2, 1, IP_H5_F32, row));
  CHECK_OK(ip_h5_write_block(h, "/pieces", second, first_piece, IP_H5_F32, row));
  CHECK_OK(ip_h5_write_block(h, "/pieces", third, last_piece, IP_H5_F32, row));
  CHECK_OK(ip_h5_write_rows(h, "/pairs", 2, 1, IP_H5_F32, row));
  reopen(&h, "stored.h5", false);
  check_rows(h, "/pieces", "10100");
  check_rows(h, "/pairs", "00110");
  check_rows(h, "/all", "11111");
  check_rows(h, "/block", "11");
  assert_true(ip_h5_has_row(h, "/pieces", ROWS)); /* beyond the end and elsewhere nothing is known */
  assert_true(ip_h5_has_row(h, "/nothing", 0));
  assert_int_equal(ip_error_code(), IP_OK);
  CHECK_OK(ip_h5_close(&h));
}

static void rows_beyond_the_end_are_refused(void **state)
{
  (void)state;
  static const struct {
    size_t first, n;
    const char *message; /* NULL: there */
  } known[] = {{0, 4, NULL},
               {3, 1, NULL},
               {4, 0, NULL},
               {4, 1, "/v: has 4 rows, rows 4 to 5 are wanted"},
               {0, 5, "/v: has 4 rows, rows 0 to 5 are wanted"},
               {2, 3, "rows 2 to 5 are wanted"},
               {SIZE_MAX, 1, "has 4 rows"},
               {1, SIZE_MAX, "has 4 rows"}};
  const double v[4] = {1, 2, 3, 4};
  ip_h5 *h = create("rows.h5");
  CHECK_OK(ip_h5_put(h, "/v", IP_H5_F64, 1, (size_t[]){4}, v));
  reopen(&h, "rows.h5", false);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    double got[5] = {0};
    if (known[i].message)
      CHECK_FAILS(ip_h5_read_rows(h, "/v", known[i].first, known[i].n, IP_H5_F64, got), IP_EFORMAT, known[i].message);
    else if (known[i].n) {
      CHECK_OK(ip_h5_read_rows(h, "/v", known[i].first, known[i].n, IP_H5_F64, got));
      assert_true(got[0] == v[known[i].first] && got[known[i].n] == 0);
    }
  }
  double got[5];
  CHECK_FAILS(ip_h5_read(h, "/v", IP_H5_F64, 5 * sizeof *got, got), IP_EFORMAT,
              "/v: holds 4 numbers where 5 are expected");
  CHECK_FAILS(ip_h5_read(h, "/v", IP_H5_F64, 3 * sizeof *got, got), IP_EFORMAT,
              "/v: holds 4 numbers where 3 are expected");
  CHECK_OK(ip_h5_close(&h));
}

static void only_what_grows_gets_another_length(void **state)
{
  (void)state;
  const int64_t v[4] = {1, 2, 3, 4};
  int64_t got[6];
  ip_h5_shape shape;
  ip_h5_layout layout = {.type = IP_H5_I64, .rank = 1, .dim = {4}, .chunk = {4}, .grows = true};
  ip_h5 *h = create("length.h5");
  CHECK_OK(ip_h5_dataset(h, "/grows", &layout));
  CHECK_OK(ip_h5_write(h, "/grows", IP_H5_I64, v));
  CHECK_OK(ip_h5_put(h, "/fixed", IP_H5_I64, 1, (size_t[]){4}, v));
  reopen(&h, "length.h5", true);
  CHECK_OK(ip_h5_resize(h, "/grows", 6));
  CHECK_OK(ip_h5_read(h, "/grows", IP_H5_I64, sizeof got, got));
  assert_true(got[3] == 4 && got[4] == 0 && got[5] == 0);
  CHECK_OK(ip_h5_resize(h, "/grows", 0));
  CHECK_OK(ip_h5_shape_of(h, "/grows", &shape));
  assert_true(shape.rank == 1 && shape.dim[0] == 0 && shape.element_size == 8 && shape.is_integer);
  CHECK_FAILS(ip_h5_resize(h, "/fixed", 5), IP_EIO, "/fixed: its length cannot be changed");
  CHECK_FAILS(ip_h5_resize(h, "/none", 5), IP_EIO, "/none: its length cannot be changed");
  CHECK_OK(ip_h5_close(&h));
}

/* ---------------------------------------------------------------- groups */

/* More names than the list first has room for. */
static void all_names_are_listed_in_order(void **state)
{
  (void)state;
  enum { N = 20 };
  const double v = 1;
  char name[32];
  ip_scratch *sc;
  const char **child, **attribute;
  size_t n;
  CHECK_OK(ip_scratch_create(&sc));
  ip_h5 *h = create("names.h5");
  for (int i = N - 1; i >= 0; i--) {
    snprintf(name, sizeof name, "/g/d%02d", i);
    CHECK_OK(ip_h5_put(h, name, IP_H5_F64, 1, (size_t[]){1}, &v));
    CHECK_OK(ip_h5_set_int(h, "/g", name + 3, i));
  }
  CHECK_OK(ip_h5_children(h, "/g", sc, &n, &child));
  assert_int_equal(n, N);
  CHECK_OK(ip_h5_attributes(h, "/g", sc, &n, &attribute));
  assert_int_equal(n, N);
  for (int i = 0; i < N; i++) {
    snprintf(name, sizeof name, "d%02d", i);
    assert_string_equal(child[i], name);
    assert_string_equal(attribute[i], name);
  }
  CHECK_FAILS(ip_h5_children(h, "/none", sc, &n, &child), IP_EIO, "/none: the names in it cannot be read");
  assert_true(n == 0 && !child);
  CHECK_FAILS(ip_h5_attributes(h, "/none", sc, &n, &attribute), IP_EIO, "/none: its attributes cannot be read");
  CHECK_OK(ip_h5_close(&h));
  ip_scratch_destroy(&sc);
}

static void what_is_not_there_is_neither_copied_nor_a_scale(void **state)
{
  (void)state;
  const double v[2] = {1, 2};
  ip_h5 *h = create("from.h5"), *to = create("to.h5");
  CHECK_OK(ip_h5_put(h, "/v", IP_H5_F64, 1, (size_t[]){2}, v));
  CHECK_FAILS(ip_h5_copy(h, "/none", to, "/v"), IP_EIO, "cannot be copied");
  CHECK_FAILS(ip_h5_scale(h, "/none", "axis"), IP_EIO, "/none: cannot be");
  CHECK_FAILS(ip_h5_attach(h, "/v", 0, "/none"), IP_EIO, "/v: its dimension scale cannot be attached");
  CHECK_FAILS(ip_h5_attach(h, "/none", 0, "/v"), IP_EIO, "/none: its dimension scale cannot be attached");
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_close(&to));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_row_is_stored_when_all_of_it_was_written),
      cmocka_unit_test(rows_beyond_the_end_are_refused),
      cmocka_unit_test(only_what_grows_gets_another_length),
      cmocka_unit_test(all_names_are_listed_in_order),
      cmocka_unit_test(what_is_not_there_is_neither_copied_nor_a_scale),
  };
  return cmocka_run_group_tests_name("file/h5_rows", tests, temp_create, temp_remove);
}
