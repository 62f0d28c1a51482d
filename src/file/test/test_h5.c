#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

static ip_h5 *new_file(const char *name)
{
  ip_h5 *h;
  CHECK_OK(ip_h5_create(temp_path(name), &h));
  return h;
}

static void every_type_comes_back_as_it_was_written(void **state)
{
  (void)state;
  ip_h5 *h = new_file("types.h5");
  const size_t dim[] = {2, 3};
  float f[6] = {0, -1.5f, INFINITY, -INFINITY, 1e-45f, 3}, f_got[6];
  double d[6] = {0, 1.0 / 3, -1e300, 5e-324, INFINITY, 7}, d_got[6];
  int64_t i[6] = {INT64_MIN, INT64_MAX, 0, -1, 1, 2}, i_got[6];
  uint8_t b[6] = {0, 255, 1, 2, 3, 4}, b_got[6];
  CHECK_OK(ip_h5_put(h, "/deep/er/f", IP_H5_F32, 2, dim, f));
  CHECK_OK(ip_h5_put(h, "/d", IP_H5_F64, 2, dim, d));
  CHECK_OK(ip_h5_put(h, "/i", IP_H5_I64, 2, dim, i));
  CHECK_OK(ip_h5_put(h, "/b", IP_H5_U8, 2, dim, b));
  CHECK_OK(ip_h5_close(&h));
  assert_null(h);
  CHECK_OK(ip_h5_open(temp_path("types.h5"), false, &h));
  CHECK_OK(ip_h5_read(h, "/deep/er/f", IP_H5_F32, sizeof f_got, f_got));
  CHECK_OK(ip_h5_read(h, "/d", IP_H5_F64, sizeof d_got, d_got));
  CHECK_OK(ip_h5_read(h, "/i", IP_H5_I64, sizeof i_got, i_got));
  CHECK_OK(ip_h5_read(h, "/b", IP_H5_U8, sizeof b_got, b_got));
  assert_memory_equal(f, f_got, sizeof f);
  assert_memory_equal(d, d_got, sizeof d);
  assert_memory_equal(i, i_got, sizeof i);
  assert_memory_equal(b, b_got, sizeof b);
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(h, "/d", &shape));
  assert_true(shape.is_number && !shape.is_integer && shape.rank == 2 && shape.dim[0] == 2 && shape.dim[1] == 3);
  CHECK_OK(ip_h5_close(&h));
}

static void rows_and_blocks_land_where_they_belong(void **state)
{
  (void)state;
  ip_h5 *h = new_file("rows.h5");
  ip_h5_layout layout = {.type = IP_H5_I32, .rank = 2, .dim = {2, 4}, .chunk = {1, 3}, .grows = true};
  CHECK_OK(ip_h5_dataset(h, "/x", &layout));
  int32_t row[] = {1, 2, 3, 4}, last[] = {5, 6, 7, 8}, block[] = {90, 91}, got[12];
  CHECK_OK(ip_h5_write_rows(h, "/x", 0, 1, IP_H5_I32, row));
  CHECK_OK(ip_h5_resize(h, "/x", 3));
  CHECK_OK(ip_h5_write_rows(h, "/x", 2, 1, IP_H5_I32, last));
  CHECK_OK(ip_h5_write_block(h, "/x", (size_t[]){1, 2}, (size_t[]){1, 2}, IP_H5_I32, block));
  CHECK_OK(ip_h5_read(h, "/x", IP_H5_I32, sizeof got, got));
  const int32_t expected[] = {1, 2, 3, 4, 0, 0, 90, 91, 5, 6, 7, 8};
  assert_memory_equal(got, expected, sizeof expected);
  CHECK_OK(ip_h5_read_block(h, "/x", (size_t[]){1, 3}, (size_t[]){2, 1}, IP_H5_I32, got));
  assert_int_equal(got[0], 91);
  assert_int_equal(got[1], 8);
  CHECK_OK(ip_h5_read_rows(h, "/x", 3, 0, IP_H5_I32, got));
  CHECK_FAILS(ip_h5_read_rows(h, "/x", 3, 1, IP_H5_I32, got), IP_EFORMAT, "/x: has 3 rows, rows 3 to 4 are wanted");
  CHECK_FAILS(ip_h5_read_block(h, "/x", (size_t[]){0, 3}, (size_t[]){1, 2}, IP_H5_I32, got), IP_EIO, "/x: cannot be");
  CHECK_FAILS(ip_h5_read(h, "/none", IP_H5_I32, sizeof got, got), IP_EFORMAT, "/none: no such dataset");
  CHECK_OK(ip_h5_close(&h));
}

static void a_data_set_of_a_new_file_is_written_by_the_flush(void **state)
{
  (void)state;
  ip_h5 *h = new_file("kept.h5"), *copy;
  ip_h5_layout layout = {.type = IP_H5_F64, .rank = 1, .dim = {4}, .chunk = {2}, .grows = true};
  double v[] = {1, 2, 3, 4}, got[3];
  CHECK_OK(ip_h5_dataset(h, "/g/x", &layout));
  CHECK_OK(ip_h5_write_rows(h, "/g/x", 0, 4, IP_H5_F64, v));
  CHECK_OK(ip_h5_resize(h, "/g/x", 3));
  CHECK_OK(ip_h5_write_rows(h, "/g/x", 1, 2, IP_H5_F64, v));
  CHECK_OK(ip_h5_read(h, "/g/x", IP_H5_F64, sizeof got, got));
  assert_true(got[0] == 1 && got[1] == 1 && got[2] == 2);
  CHECK_FAILS(ip_h5_read(h, "/g/x", IP_H5_F64, sizeof *got, got), IP_EFORMAT,
              "/g/x: holds 3 numbers where 1 are expected");
  CHECK_OK(ip_h5_remove(h, "/g"));
  CHECK_FAILS(ip_h5_read(h, "/g/x", IP_H5_F64, sizeof got, got), IP_EFORMAT, "/g/x: no such dataset");
  CHECK_OK(ip_h5_put(h, "/g/x", IP_H5_F64, 1, (const size_t[]){3}, (const double[]){1, 1, 2})); /* another one */
  CHECK_OK(ip_h5_flush(h));
  char command[1200];
  snprintf(command, sizeof command, "cp '%s' '%s'", temp_path("kept.h5"), temp_path("kept-copy.h5"));
  assert_int_equal(system(command), 0);
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("kept-copy.h5"), false, &copy));
  CHECK_OK(ip_h5_read(copy, "/g/x", IP_H5_F64, sizeof got, got));
  assert_true(got[0] == 1 && got[1] == 1 && got[2] == 2);
  CHECK_OK(ip_h5_close(&copy));
}

static void attributes_and_texts_come_back(void **state)
{
  (void)state;
  char *big = malloc(200001), *text;
  memset(big, 'y', 200000);
  big[200000] = 0;
  ip_h5 *h = new_file("texts.h5");
  CHECK_OK(ip_h5_set_text(h, "/", "name", "first"));
  CHECK_OK(ip_h5_set_text(h, "/", "name", "na\xc3\xafve \xce\xb2"));
  CHECK_OK(ip_h5_set_real(h, "/", "real", 0.1));
  CHECK_OK(ip_h5_set_int(h, "/", "int", -3));
  CHECK_OK(ip_h5_group(h, "/g"));
  CHECK_OK(ip_h5_set_real(h, "/g", "real", 1));
  CHECK_OK(ip_h5_set_real(h, "/g", "real", 2));
  CHECK_OK(ip_h5_put_text(h, "/config", big));
  CHECK_OK(ip_h5_put_texts(h, "/names", 2, (const char *const[]){"a", "b"}));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("texts.h5"), false, &h));
  CHECK_OK(ip_h5_text(h, "/", "name", &text));
  assert_string_equal(text, "na\xc3\xafve \xce\xb2");
  ip_free(text);
  CHECK_OK(ip_h5_get_text(h, "/config", &text));
  assert_string_equal(text, big);
  ip_free(text);
  double real;
  int64_t whole;
  CHECK_OK(ip_h5_real(h, "/", "real", &real));
  assert_true(real == 0.1);
  CHECK_OK(ip_h5_real(h, "/g", "real", &real));
  assert_true(real == 2);
  CHECK_OK(ip_h5_real(h, "/", "int", &real));
  assert_true(real == -3);
  CHECK_OK(ip_h5_int(h, "/", "int", &whole));
  assert_int_equal(whole, -3);
  assert_true(ip_h5_is_number(h, "/", "real") && !ip_h5_is_number(h, "/", "name"));
  CHECK_FAILS(ip_h5_int(h, "/", "real", &whole), IP_EFORMAT, "/: attribute real is not a single integer");
  CHECK_FAILS(ip_h5_real(h, "/", "name", &real), IP_EFORMAT, "attribute name is not a single number");
  CHECK_FAILS(ip_h5_real(h, "/", "none", &real), IP_EFORMAT, "attribute none is missing");
  CHECK_FAILS(ip_h5_text(h, "/", "none", &text), IP_EFORMAT, "attribute none is missing");
  CHECK_FAILS(ip_h5_text(h, "/", "int", &text), IP_EFORMAT, "attribute int is not a string");
  CHECK_FAILS(ip_h5_get_text(h, "/none", &text), IP_EFORMAT, "/none: no such dataset");
  CHECK_OK(ip_h5_close(&h));
  free(big);
}

/* The object opened last stays open in a file that is read: another name must not see it. */
static void objects_are_asked_for_in_any_order(void **state)
{
  (void)state;
  ip_h5 *h;
  int64_t n, v[3];
  CHECK_OK(ip_h5_create(temp_path("order.h5"), &h));
  CHECK_OK(ip_h5_put(h, "/g/a", IP_H5_I64, 1, (const size_t[]){2}, (const int64_t[]){1, 2}));
  CHECK_OK(ip_h5_put(h, "/g/b", IP_H5_I64, 1, (const size_t[]){3}, (const int64_t[]){3, 4, 5}));
  CHECK_OK(ip_h5_set_int(h, "/", "n", 1));
  CHECK_OK(ip_h5_set_int(h, "/g", "n", 2));
  CHECK_OK(ip_h5_set_int(h, "/g/a", "n", 3));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("order.h5"), false, &h));
  for (int turn = 0; turn < 2; turn++) {
    ip_h5_shape shape;
    assert_int_equal(ip_h5_kind_of(h, "/g"), IP_H5_GROUP);
    assert_int_equal(ip_h5_kind_of(h, "/g"), IP_H5_GROUP);
    CHECK_FAILS(ip_h5_shape_of(h, "/g", &shape), IP_EFORMAT, "/g: no such dataset");
    CHECK_OK(ip_h5_int(h, "/g", "n", &n));
    assert_int_equal(n, 2);
    CHECK_OK(ip_h5_shape_of(h, "/g/a", &shape));
    assert_int_equal(ip_h5_kind_of(h, "/g/a"), IP_H5_DATASET);
    assert_int_equal(ip_h5_kind_of(h, "/g/c"), IP_H5_NOTHING);
    CHECK_OK(ip_h5_int(h, "/", "n", &n));
    assert_int_equal(n, 1);
    CHECK_OK(ip_h5_int(h, "/g/a", "n", &n));
    assert_int_equal(n, 3);
    assert_false(ip_h5_has(h, "/g/b", "n"));
    CHECK_OK(ip_h5_read(h, "/g/b", IP_H5_I64, sizeof v, v));
    assert_int_equal(v[2], 5);
    CHECK_OK(ip_h5_read(h, "/g/a", IP_H5_I64, 2 * sizeof *v, v));
    assert_int_equal(v[1], 2);
  }
  CHECK_OK(ip_h5_close(&h));
}

static void groups_are_listed_and_copied(void **state)
{
  (void)state;
  ip_h5 *h = new_file("tree.h5"), *to;
  const size_t dim[] = {2};
  double v[2] = {1, 2}, got[2];
  CHECK_OK(ip_h5_group(h, "/g/b"));
  CHECK_OK(ip_h5_group(h, "/g/b"));
  CHECK_OK(ip_h5_put(h, "/g/a", IP_H5_F64, 1, dim, v));
  CHECK_OK(ip_h5_put(h, "/g/b/c", IP_H5_F64, 1, dim, v));
  CHECK_OK(ip_h5_set_int(h, "/g", "z", 1));
  CHECK_OK(ip_h5_set_int(h, "/g", "y", 1));
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  size_t n;
  const char **name;
  CHECK_OK(ip_h5_children(h, "/g", sc, &n, &name));
  assert_int_equal(n, 2);
  assert_string_equal(name[0], "a");
  assert_string_equal(name[1], "b");
  CHECK_OK(ip_h5_attributes(h, "/g", sc, &n, &name));
  assert_int_equal(n, 2);
  assert_string_equal(name[0], "y");
  assert_int_equal(ip_h5_kind_of(h, "/g/a"), IP_H5_DATASET);
  assert_int_equal(ip_h5_kind_of(h, "/g/none/deeper"), IP_H5_NOTHING);
  CHECK_OK(ip_h5_remove(h, "/g/a"));
  assert_int_equal(ip_h5_kind_of(h, "/g/a"), IP_H5_NOTHING);
  CHECK_FAILS(ip_h5_remove(h, "/g/a"), IP_EIO, "/g/a: cannot be removed");
  to = new_file("copy.h5");
  CHECK_OK(ip_h5_copy(h, "/g", to, "/there/g"));
  CHECK_OK(ip_h5_read(to, "/there/g/b/c", IP_H5_F64, sizeof got, got));
  assert_true(got[1] == 2);
  CHECK_FAILS(ip_h5_children(h, "/none", sc, &n, &name), IP_EIO, "/none");
  CHECK_OK(ip_h5_close(&to));
  CHECK_OK(ip_h5_close(&h));
  ip_scratch_destroy(&sc);
}

static void what_is_no_hdf5_file_is_refused(void **state)
{
  (void)state;
  ip_h5 *h;
  CHECK_FAILS(ip_h5_open(temp_path("none.h5"), false, &h), IP_EIO, "none.h5: cannot be opened: No such file");
  assert_null(h);
  CHECK_FAILS(ip_h5_open(temp_folder, false, &h), IP_EIO, "is not a file");
  temp_write("empty.h5", 0, "");
  CHECK_FAILS(ip_h5_open(temp_path("empty.h5"), false, &h), IP_EFORMAT, "is empty");
  temp_write("text.h5", 20, "a,b,c\n1,2,3\n4,5,6\n..");
  CHECK_FAILS(ip_h5_open(temp_path("text.h5"), false, &h), IP_EFORMAT, "is not an HDF5 file");
  CHECK_FAILS(ip_h5_create(temp_path("none/x.h5"), &h), IP_EIO, "none/x.h5: cannot be written: No such file");
}

static void a_truncated_file_is_refused(void **state)
{
  (void)state;
  ip_h5 *h = new_file("cut.h5");
  double v[1000] = {0};
  CHECK_OK(ip_h5_put(h, "/v", IP_H5_F64, 1, (size_t[]){1000}, v));
  CHECK_OK(ip_h5_close(&h));
  assert_int_equal(truncate(temp_path("cut.h5"), 5000), 0);
  CHECK_FAILS(ip_h5_open(temp_path("cut.h5"), false, &h), IP_EFORMAT, "cut.h5: is damaged or not complete: truncated");
  assert_int_equal(truncate(temp_path("cut.h5"), 20), 0);
  CHECK_FAILS(ip_h5_open(temp_path("cut.h5"), false, &h), IP_EFORMAT, "is damaged or not complete");
}

/* A limit on the size of files stands for a full disk. */
static void a_full_disk_is_reported(void **state)
{
  (void)state;
  static double v[200000];
  struct rlimit old, small;
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  small.rlim_cur = 100000;
  signal(SIGXFSZ, SIG_IGN);
  ip_h5 *h = new_file("full.h5");
  setrlimit(RLIMIT_FSIZE, &small);
  ip_error_clear();
  ip_status st = ip_h5_put(h, "/v", IP_H5_F64, 1, (size_t[]){200000}, v);
  if (st == IP_OK) st = ip_h5_flush(h);
  setrlimit(RLIMIT_FSIZE, &old);
  ip_h5_close(&h);
  assert_int_equal(st, IP_EIO);
  assert_non_null(strstr(ip_error_message(), "full.h5"));
  assert_non_null(strstr(ip_error_message(), "File too large"));
  assert_null(h);
  ip_error_clear();
  h = new_file("full.h5"); /* and life goes on */
  CHECK_OK(ip_h5_close(&h));
}

static void equal_contents_make_equal_bytes(void **state)
{
  (void)state;
  for (int k = 0; k < 2; k++) {
    ip_h5 *h = new_file(k ? "eq1.h5" : "eq0.h5");
    int64_t v[3] = {1, 2, 3};
    CHECK_OK(ip_h5_put(h, "/e", IP_H5_I64, 1, (size_t[]){3}, v));
    CHECK_OK(ip_h5_scale(h, "/e", "epoch"));
    CHECK_OK(ip_h5_put(h, "/m/x", IP_H5_I64, 1, (size_t[]){3}, v));
    CHECK_OK(ip_h5_attach(h, "/m/x", 0, "/e"));
    CHECK_OK(ip_h5_set_text(h, "/", "t", "text"));
    CHECK_OK(ip_h5_put_text(h, "/long", "text"));
    CHECK_OK(ip_h5_close(&h));
    if (!k) sleep(1);
  }
  char command[1200];
  snprintf(command, sizeof command, "cmp '%s' '%s'", temp_path("eq0.h5"), temp_path("eq1.h5"));
  assert_int_equal(system(command), 0);
}

static ip_status write_and_read(void)
{
  ip_h5 *h;
  double v[2] = {1, 2};
  char *text;
  IP_TRY(ip_h5_create(temp_path("memory.h5"), &h));
  ip_status st;
  IP_TRY_GOTO(st, ip_h5_put(h, "/v", IP_H5_F64, 1, (size_t[]){2}, v), end);
  IP_TRY_GOTO(st, ip_h5_set_text(h, "/", "t", "text"), end);
  IP_TRY_GOTO(st, ip_h5_text(h, "/", "t", &text), end);
  ip_free(text);
end:
  ip_h5_close(&h);
  return st;
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(write_and_read(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_comes_back_as_it_was_written),
      cmocka_unit_test(rows_and_blocks_land_where_they_belong),
      cmocka_unit_test(a_data_set_of_a_new_file_is_written_by_the_flush),
      cmocka_unit_test(attributes_and_texts_come_back),
      cmocka_unit_test(objects_are_asked_for_in_any_order),
      cmocka_unit_test(groups_are_listed_and_copied),
      cmocka_unit_test(what_is_no_hdf5_file_is_refused),
      cmocka_unit_test(a_truncated_file_is_refused),
      cmocka_unit_test(a_full_disk_is_reported),
      cmocka_unit_test(equal_contents_make_equal_bytes),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
