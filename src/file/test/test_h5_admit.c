#include "base/test/check.h"
#include "file/h5_id.h"
#include "file/test/temp.h"

#include <string.h>

/* Files that HDF5 itself makes, with what our own functions never write. */

static hid_t create(void)
{
  hid_t file = H5Fcreate(temp_path("a.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static hid_t space_of(int rank, hsize_t n)
{
  const hsize_t dim[] = {n, n, n};
  return H5Screate_simple(rank, dim, NULL);
}

/* Makes /d of a type and creation properties, which are closed. */
static void put(hid_t file, hid_t type, hid_t space, hid_t list)
{
  hid_t id = H5Dcreate2(file, "d", type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  assert_true(id >= 0);
  H5Dclose(id);
  H5Sclose(space);
  if (list != H5P_DEFAULT) H5Pclose(list);
}

static ip_h5 *reopen(hid_t file)
{
  ip_h5 *h;
  H5Fclose(file);
  CHECK_OK(ip_h5_open(temp_path("a.h5"), false, &h));
  return h;
}

/* The shape of /d is refused, with the reason. */
static void refuses(hid_t file, const char *reason)
{
  ip_h5_shape shape;
  ip_h5 *h = reopen(file);
  CHECK_FAILS(ip_h5_shape_of(h, "/d", &shape), IP_EIO, reason);
  CHECK_OK(ip_h5_close(&h));
}

static void accepts(hid_t file)
{
  ip_h5_shape shape;
  ip_h5 *h = reopen(file);
  CHECK_OK(ip_h5_shape_of(h, "/d", &shape));
  CHECK_OK(ip_h5_close(&h));
}

/* ---------------------------------------------------------------- links */

static void refuses_link(hid_t file, const char *message)
{
  ip_h5 *h;
  H5Fclose(file);
  CHECK_FAILS(ip_h5_open(temp_path("a.h5"), false, &h), IP_EFORMAT, message);
  CHECK_FAILS(ip_h5_open(temp_path("a.h5"), true, &h), IP_EFORMAT, message);
  assert_null(h);
}

static void group(hid_t file, const char *name)
{
  H5Gclose(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void loops_of_links_are_refused(void **state)
{
  (void)state;
  static const char loop[] = "is a link that leads back to itself or to a group that it is in";
  char message[200];
  static const struct {
    const char *target, *link;
    bool soft;
  } loops[] = {{"/", "/a/b/root", false},      {"/a", "/a/b/up", false}, {"/a/b", "/a/b/self", false},
               {"/a/b/one", "/a/b/one", true}, {"/", "/a/root", true},   {"/a", "/a/b/up", true}};
  for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
    hid_t file = create();
    group(file, "a");
    group(file, "a/b");
    group(file, "z");
    if (loops[i].soft)
      assert_true(H5Lcreate_soft(loops[i].target, file, loops[i].link, H5P_DEFAULT, H5P_DEFAULT) >= 0);
    else
      assert_true(H5Lcreate_hard(file, loops[i].target, file, loops[i].link, H5P_DEFAULT, H5P_DEFAULT) >= 0);
    snprintf(message, sizeof message, "a.h5: %s %s", loops[i].link, loop);
    refuses_link(file, message);
  }
  hid_t file = create();
  H5Lcreate_soft("/two", file, "one", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/one", file, "two", H5P_DEFAULT, H5P_DEFAULT);
  refuses_link(file, loop);
}

static hid_t lead_nowhere(const char *name, hid_t group_id, const void *data, size_t size, hid_t access, hid_t transfer)
{
  (void)name, (void)group_id, (void)data, (void)size, (void)access, (void)transfer;
  return H5I_INVALID_HID;
}

static void links_of_other_kinds_are_refused(void **state)
{
  (void)state;
  hid_t file = create();
  group(file, "a");
  H5Lcreate_external("other.h5", "/x", file, "/a/x", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/a/x", file, "before", H5P_DEFAULT, H5P_DEFAULT); /* is never followed */
  refuses_link(file, "a.h5: /a/x is a link to /x in the file other.h5; infoplane reads and writes only what is inside");
  const H5L_class_t own = {
      .version = H5L_LINK_CLASS_T_VERS, .id = (H5L_type_t)200, .comment = "own", .trav_func = lead_nowhere};
  assert_true(H5Lregister(&own) >= 0);
  file = create();
  assert_true(H5Lcreate_ud(file, "u", own.id, "text", 4, H5P_DEFAULT, H5P_DEFAULT) >= 0);
  H5Lunregister(own.id);
  refuses_link(file, "a.h5: /u is a link of a kind of its own");
}

static void several_names_and_soft_links_are_no_loop(void **state)
{
  (void)state;
  hid_t file = create();
  group(file, "a");
  group(file, "a/b");
  group(file, "c");
  H5Lcreate_hard(file, "/a/b", file, "/c/b", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard(file, "/a", file, "/c/a", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/a/b", file, "/c/soft", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/nothing", file, "/c/none", H5P_DEFAULT, H5P_DEFAULT);
  ip_h5 *h = reopen(file);
  assert_int_equal(ip_h5_kind_of(h, "/c/soft"), IP_H5_GROUP);
  CHECK_OK(ip_h5_close(&h));
}

static void groups_deeper_than_64_are_refused(void **state)
{
  (void)state;
  for (int depth = 64; depth <= 65; depth++) {
    char path[400] = "";
    hid_t file = create();
    for (int i = 0; i < depth; i++) {
      strcat(path, "/g");
      group(file, path);
    }
    if (depth > 64) {
      refuses_link(file, "is in more than 64 groups, one in the other");
    } else {
      ip_h5 *h;
      H5Fclose(file);
      CHECK_OK(ip_h5_open(temp_path("a.h5"), false, &h));
      CHECK_OK(ip_h5_close(&h));
    }
  }
}

/* ---------------------------------------------------------------- filters */

static hid_t chunked(hsize_t n)
{
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  assert_true(H5Pset_chunk(list, 1, &n) >= 0);
  return list;
}

static void filters_of_the_library_are_accepted_and_others_refused(void **state)
{
  (void)state;
  hid_t list = chunked(8), file = create();
  H5Pset_shuffle(list);
  H5Pset_deflate(list, 1);
  H5Pset_fletcher32(list);
  put(file, H5T_NATIVE_FLOAT, space_of(1, 16), list);
  accepts(file);
  list = chunked(8), file = create();
  H5Pset_scaleoffset(list, H5Z_SO_INT, 0);
  H5Pset_nbit(list);
  put(file, H5T_NATIVE_INT, space_of(1, 16), list);
  accepts(file);
  static const H5Z_filter_t others[] = {32000, 305, 65535};
  for (size_t i = 0; i < 3; i++) {
    char message[60];
    list = chunked(8), file = create();
    H5Pset_filter(list, others[i], H5Z_FLAG_OPTIONAL, 0, NULL);
    put(file, H5T_NATIVE_FLOAT, space_of(1, 16), list);
    snprintf(message, sizeof message, "it is compressed with the filter without a name (number %d)", (int)others[i]);
    refuses(file, message);
  }
}

/* ---------------------------------------------------------------- types */

static void kinds(hid_t type, bool is_number, bool is_integer)
{
  hid_t file = create();
  put(file, type, space_of(1, 4), H5P_DEFAULT);
  ip_h5 *h = reopen(file);
  ip_h5_shape shape;
  double value[4];
  CHECK_OK(ip_h5_shape_of(h, "/d", &shape));
  assert_int_equal(shape.is_number, is_number);
  assert_int_equal(shape.is_integer, is_integer);
  if (!is_number)
    CHECK_FAILS(ip_h5_read(h, "/d", IP_H5_F64, sizeof value, value), IP_EIO, "its elements are not numbers");
  CHECK_OK(ip_h5_close(&h));
}

static void only_numbers_of_machines_are_numbers(void **state)
{
  (void)state;
  kinds(H5T_STD_I8BE, true, true);
  kinds(H5T_STD_U64LE, true, true);
  kinds(H5T_IEEE_F32BE, true, false);
  kinds(H5T_NATIVE_LDOUBLE, true, false);
  hid_t half = H5Tcopy(H5T_IEEE_F32LE), wide = H5Tcopy(H5T_STD_I64LE), odd = H5Tcopy(H5T_IEEE_F64LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  kinds(half, true, false);
  H5Tset_size(wide, 16); /* integers of 128 bits */
  kinds(wide, false, false);
  H5Tset_fields(odd, 63, 40, 20, 0, 40); /* an exponent of 20 bits */
  kinds(odd, false, false);
  hid_t truth = H5Tenum_create(H5T_STD_I8LE), pair = H5Tcreate(H5T_COMPOUND, 8), rows, text = H5Tcopy(H5T_C_S1);
  H5Tenum_insert(truth, "FALSE", &(char){0});
  kinds(truth, true, true);
  H5Tinsert(pair, "x", 0, H5T_NATIVE_FLOAT);
  kinds(pair, false, false);
  rows = H5Tarray_create2(H5T_NATIVE_INT, 1, &(hsize_t){2});
  kinds(rows, false, false);
  kinds(text, false, false);
  kinds(H5T_STD_REF_OBJ, false, false);
  kinds(H5T_STD_B8LE, false, false);
  const hid_t made[] = {half, wide, odd, truth, pair, rows, text};
  for (size_t i = 0; i < 7; i++) H5Tclose(made[i]);
}

/* ---------------------------------------------------------------- sizes */

static void chunks_larger_than_the_file_can_hold_are_refused(void **state)
{
  (void)state;
  hid_t file = create();
  put(file, H5T_NATIVE_FLOAT, space_of(1, (hsize_t)1 << 40), chunked((hsize_t)1 << 29)); /* 2 GB */
  refuses(file, "one of its chunks has 2147483648 bytes, more than the file can hold");
  file = create();
  hid_t growing = H5Screate_simple(1, &(hsize_t){4}, &(hsize_t){H5S_UNLIMITED});
  put(file, H5T_NATIVE_FLOAT, growing, chunked(1 << 20)); /* rows that nothing was written to */
  accepts(file);
}

/* The bytes of the file with a value of 8 bytes replaced wherever it is. */
static void replace(uint64_t old, uint64_t new)
{
  char bytes[8192];
  FILE *f = fopen(temp_path("a.h5"), "r+b");
  size_t n = fread(bytes, 1, sizeof bytes, f), n_replaced = 0;
  for (size_t i = 0; i + 8 <= n; i++)
    if (!memcmp(bytes + i, &old, 8)) memcpy(bytes + i, &new, 8), n_replaced++;
  assert_true(n_replaced > 0);
  rewind(f);
  assert_int_equal(fwrite(bytes, 1, n, f), n);
  assert_int_equal(fclose(f), 0);
}

/* A dataset of 321 numbers in one block, whose declared length is then another one. */
static void declares(uint64_t n, bool compact, const char *message)
{
  hid_t file = create(), list = H5Pcreate(H5P_DATASET_CREATE);
  double value[321] = {0};
  H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
  if (compact) H5Pset_layout(list, H5D_COMPACT);
  put(file, H5T_NATIVE_DOUBLE, space_of(1, 321), list);
  H5Fclose(file);
  replace(321, n);
  ip_h5 *h;
  ip_h5_shape shape;
  CHECK_OK(ip_h5_open(temp_path("a.h5"), false, &h));
  ip_status st = ip_h5_shape_of(h, "/d", &shape);
  if (st == IP_OK) st = ip_h5_read(h, "/d", IP_H5_F64, sizeof value, value);
  if (!message) assert_int_equal(st, IP_OK);
  if (message) {
    assert_int_not_equal(st, IP_OK);
    if (!strstr(ip_error_message(), message)) fail_msg("message is: %s", ip_error_message());
  }
  ip_error_clear();
  CHECK_OK(ip_h5_close(&h));
}

static void elements_that_have_no_room_are_refused(void **state)
{
  (void)state;
  for (int compact = 0; compact < 2; compact++) {
    declares(321, compact, NULL);
    declares(322, compact, "it has 2576 bytes of elements, but the file has only room for 2568 of them");
    declares((uint64_t)1 << 61, compact, "bytes of elements, but the file has only room for 2568 of them");
  }
}

static void blocks_that_nothing_was_written_to_are_accepted(void **state)
{
  (void)state;
  for (hsize_t begin = 0; begin <= 512; begin += 512) {
    hid_t list = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(list, begin);
    hid_t file = H5Fcreate(temp_path("a.h5"), H5F_ACC_TRUNC, list, H5P_DEFAULT);
    H5Pclose(list);
    put(file, H5T_NATIVE_DOUBLE, space_of(1, 321), H5P_DEFAULT);
    accepts(file);
  }
}

static void elements_beyond_the_end_of_the_file_are_refused(void **state)
{
  (void)state;
  hid_t access = H5Pcreate(H5P_FILE_ACCESS), list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_alignment(access, 2000, 5003); /* an address that is no other number */
  hid_t file = H5Fcreate(temp_path("a.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
  put(file, H5T_NATIVE_DOUBLE, space_of(1, 321), list);
  hid_t id = H5Dopen2(file, "d", H5P_DEFAULT);
  haddr_t at = H5Dget_offset(id);
  H5Dclose(id);
  H5Fclose(file);
  replace(at, at + 8);
  ip_h5 *h;
  ip_h5_shape shape;
  CHECK_OK(ip_h5_open(temp_path("a.h5"), false, &h));
  CHECK_FAILS(ip_h5_shape_of(h, "/d", &shape), IP_EIO, "its elements are beyond the end of the file");
  CHECK_OK(ip_h5_close(&h));
}

static void texts_longer_than_the_file_are_refused(void **state)
{
  (void)state;
  hid_t file = create(), long_text = H5Tcopy(H5T_C_S1);
  H5Tset_size(long_text, (size_t)1 << 30);
  put(file, long_text, space_of(1, (hsize_t)1 << 40), chunked(1));
  refuses(file, "one of its chunks has 1073741824 bytes");
  file = create();
  H5Tset_size(long_text, (size_t)1 << 20);
  put(file, long_text, space_of(1, (hsize_t)1 << 44), chunked(1)); /* 2^64 bytes */
  H5Tclose(long_text);
  ip_h5 *h = reopen(file);
  ip_scratch *sc;
  const char **text;
  size_t n;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_FAILS(ip_h5_get_texts(h, "/d", sc, &n, &text), IP_EFORMAT, "/d: has more elements than memory can hold");
  ip_scratch_destroy(&sc);
  CHECK_OK(ip_h5_close(&h));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(loops_of_links_are_refused),
      cmocka_unit_test(links_of_other_kinds_are_refused),
      cmocka_unit_test(several_names_and_soft_links_are_no_loop),
      cmocka_unit_test(groups_deeper_than_64_are_refused),
      cmocka_unit_test(filters_of_the_library_are_accepted_and_others_refused),
      cmocka_unit_test(only_numbers_of_machines_are_numbers),
      cmocka_unit_test(chunks_larger_than_the_file_can_hold_are_refused),
      cmocka_unit_test(elements_that_have_no_room_are_refused),
      cmocka_unit_test(blocks_that_nothing_was_written_to_are_accepted),
      cmocka_unit_test(elements_beyond_the_end_of_the_file_are_refused),
      cmocka_unit_test(texts_longer_than_the_file_are_refused),
  };
  return cmocka_run_group_tests_name("file/h5_admit", tests, temp_create, temp_remove);
}
