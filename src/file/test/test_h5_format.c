/* Files of other programs, and what ours are for them: texts, user blocks, locks, and the age of the format. */
#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/file.h>

/* Texts of a fixed length, as h5py and others write them: padded with zeros, or as long as can be. */
static void texts_of_fixed_length_are_read(void **state)
{
  (void)state;
  static const char list[5][4] = {"a", "abcd", "b c", "", "wxyz"};
  static const char *const want[5] = {"a", "abcd", "b c", "", "wxyz"};
  hid_t f = H5Fcreate(temp_path("fixed.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1);
  hsize_t n = 5;
  hid_t many = H5Screate_simple(1, &n, NULL), one = H5Screate(H5S_SCALAR);
  H5Tset_size(type, 4);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  hid_t d = H5Dcreate2(f, "list", type, many, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, list) >= 0);
  hid_t single = H5Dcreate2(f, "single", type, one, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Dwrite(single, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, list[1]) >= 0);
  hid_t a = H5Acreate2(d, "a", type, one, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(a, type, list[1]) >= 0);
  const hid_t id[] = {a, single, d, one, many, type};
  for (size_t i = 0; i < sizeof id / sizeof *id; i++) H5Idec_ref(id[i]);
  H5Fclose(f);
  ip_h5 *h;
  ip_scratch *sc;
  const char **text;
  char *got;
  size_t n_got;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_h5_open(temp_path("fixed.h5"), false, &h));
  CHECK_OK(ip_h5_get_texts(h, "/list", sc, &n_got, &text));
  assert_int_equal(n_got, 5);
  for (size_t i = 0; i < 5; i++) assert_string_equal(text[i], want[i]);
  CHECK_OK(ip_h5_get_text(h, "/single", &got));
  assert_string_equal(got, "abcd");
  ip_free(got);
  CHECK_OK(ip_h5_text(h, "/list", "a", &got));
  assert_string_equal(got, "abcd");
  ip_free(got);
  CHECK_OK(ip_h5_close(&h));
  ip_scratch_destroy(&sc);
}

static bool is_free(const char *name)
{
  int fd = open(temp_path(name), O_RDWR);
  bool free = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
  close(fd);
  return free;
}

/* The oldest format, which every reader knows; large chunks at pages; a writer keeps other writers out, a reader
 * nobody.
 */
static void a_file_is_written_for_readers_of_any_age(void **state)
{
  (void)state;
  enum { ROWS = 5, WIDTH = 9001 };
  static double v[WIDTH];
  unsigned char head[9];
  ip_h5 *h;
  CHECK_OK(ip_h5_create(temp_path("old.h5"), &h));
  ip_h5_layout layout = {.type = IP_H5_F64, .rank = 2, .dim = {ROWS, WIDTH}, .chunk = {1, WIDTH}, .grows = true};
  CHECK_OK(ip_h5_dataset(h, "/x", &layout));
  for (size_t i = 0; i < ROWS; i++) CHECK_OK(ip_h5_write_rows(h, "/x", i, 1, IP_H5_F64, v));
  bool locks = !getenv("HDF5_USE_FILE_LOCKING");
  if (locks) assert_false(is_free("old.h5"));
  CHECK_OK(ip_h5_close(&h));
  assert_true(is_free("old.h5"));
  CHECK_OK(ip_h5_open(temp_path("old.h5"), true, &h));
  if (locks) assert_false(is_free("old.h5"));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("old.h5"), false, &h));
  assert_true(is_free("old.h5"));
  CHECK_OK(ip_h5_close(&h));
  FILE *in = fopen(temp_path("old.h5"), "rb");
  assert_true(in && fread(head, 1, sizeof head, in) == sizeof head);
  fclose(in);
  assert_int_equal(head[8], 0); /* version of the superblock */
  hid_t f = H5Fopen(temp_path("old.h5"), H5F_ACC_RDONLY, H5P_DEFAULT), x = H5Dopen2(f, "/x", H5P_DEFAULT),
        space = H5Dget_space(x);
  for (hsize_t i = 0; i < ROWS; i++) {
    haddr_t at = 1;
    hsize_t size, offset[2];
    unsigned filters;
    assert_true(H5Dget_chunk_info(x, space, i, offset, &filters, &at, &size) >= 0);
    assert_int_equal(at % 4096, 0);
    assert_int_equal(size, sizeof v);
  }
  H5Sclose(space);
  H5Dclose(x);
  H5Fclose(f);
}

/* What another program writes is not opened for writing too; readers look at it. */
static void a_file_that_another_writes_is_only_read(void **state)
{
  (void)state;
  ip_h5 *h;
  const int64_t one = 1;
  if (getenv("HDF5_USE_FILE_LOCKING")) return;
  CHECK_OK(ip_h5_create(temp_path("locked.h5"), &h));
  CHECK_OK(ip_h5_put(h, "/x", IP_H5_I64, 1, (size_t[]){1}, &one));
  CHECK_OK(ip_h5_close(&h));
  int fd = open(temp_path("locked.h5"), O_RDWR);
  assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
  CHECK_FAILS(ip_h5_open(temp_path("locked.h5"), true, &h), IP_ELOCKED,
              "locked.h5: is open for writing in another process (");
  assert_null(h);
  int64_t got = 0;
  CHECK_OK(ip_h5_open(temp_path("locked.h5"), false, &h));
  CHECK_OK(ip_h5_read(h, "/x", IP_H5_I64, sizeof got, &got));
  assert_int_equal(got, 1);
  CHECK_OK(ip_h5_close(&h));
  close(fd);
  CHECK_OK(ip_h5_open(temp_path("locked.h5"), true, &h));
  CHECK_OK(ip_h5_close(&h));
}

/* HDF5 may begin behind a block of another program: at 512 bytes or a power of 2 times that. */
static void a_file_may_have_a_block_of_its_user(void **state)
{
  (void)state;
  const int64_t v[2] = {3, 4};
  for (hsize_t size = 0; size <= 4096; size = size ? 2 * size : 512) {
    hid_t list = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(list, size);
    hid_t f = H5Fcreate(temp_path("user.h5"), H5F_ACC_TRUNC, list, H5P_DEFAULT);
    hid_t space = H5Screate_simple(1, (hsize_t[]){2}, NULL);
    hid_t d = H5Dcreate2(f, "x", H5T_NATIVE_INT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(d, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, v) >= 0);
    H5Dclose(d);
    H5Sclose(space);
    H5Fclose(f);
    H5Pclose(list);
    ip_h5 *h;
    int64_t got[2] = {0};
    CHECK_OK(ip_h5_open(temp_path("user.h5"), false, &h));
    CHECK_OK(ip_h5_read(h, "/x", IP_H5_I64, sizeof got, got));
    assert_memory_equal(got, v, sizeof v);
    CHECK_OK(ip_h5_close(&h));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_of_fixed_length_are_read),
      cmocka_unit_test(a_file_is_written_for_readers_of_any_age),
      cmocka_unit_test(a_file_that_another_writes_is_only_read),
      cmocka_unit_test(a_file_may_have_a_block_of_its_user),
  };
  return cmocka_run_group_tests_name("file/h5_format", tests, temp_create, temp_remove);
}
