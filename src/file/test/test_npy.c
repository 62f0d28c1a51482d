#include "base/test/check.h"

#include "file/npy.h"
#include "file/npz.h"
#include "file/test/temp.h"

#include <math.h>
#include <stdio.h>
#include <zip.h>

/* A .npy file: a dictionary behind a header of version `version`, then the elements. */
static size_t make(unsigned char *to, int version, const char *dictionary, size_t n, const void *elements)
{
  size_t length = strlen(dictionary), at = version == 1 ? 10 : 12;
  memcpy(to, "\x93NUMPY", 6);
  to[6] = (unsigned char)version, to[7] = 0;
  for (size_t i = 8; i < at; i++) to[i] = (unsigned char)(length >> 8 * (i - 8));
  memcpy(to + at, dictionary, length);
  if (n) memcpy(to + at + length, elements, n);
  return at + length + n;
}

static const char *put_file(int version, const char *dictionary, size_t n, const void *elements)
{
  static unsigned char bytes[1 << 17];
  temp_write("a.npy", make(bytes, version, dictionary, n, elements), bytes);
  return temp_path("a.npy");
}

/* What a caller does with a stranger's file: all numbers and texts of all arrays. */
static ip_status read_all(const char *path)
{
  ip_npy *f;
  ip_scratch *sc;
  IP_TRY(ip_npy_open(path, &f));
  ip_status st = ip_scratch_create(&sc);
  if (st != IP_OK) sc = NULL;
  for (size_t i = 0; i < ip_npy_n_arrays(f) && st == IP_OK; i++) {
    const ip_npy_array *a = ip_npy_array_at(f, i);
    const char **text;
    double *value;
    if (ip_npy_is_text(a))
      st = ip_npy_read_texts(f, a, sc, &text);
    else if ((st = IP_SCRATCH(sc, value, a->n, "values")) == IP_OK)
      st = ip_npy_read(f, a, 0, a->n, value);
  }
  ip_scratch_destroy(&sc);
  ip_npy_close(&f);
  return st;
}

static void check_numbers(const char *path, size_t n, const double *want)
{
  ip_npy *f;
  double got[16];
  CHECK_OK(ip_npy_open(path, &f));
  const ip_npy_array *a = ip_npy_array_at(f, 0);
  assert_int_equal(a->n, n);
  CHECK_OK(ip_npy_read(f, a, 0, n, got));
  for (size_t i = 0; i < n; i++) assert_true(got[i] == want[i] || (isnan(got[i]) && isnan(want[i])));
  for (size_t i = n; i-- > 0;) { /* one by one, backwards */
    CHECK_OK(ip_npy_read(f, a, i, 1, got));
    assert_true(got[0] == want[i] || (isnan(got[0]) && isnan(want[i])));
  }
  ip_npy_close(&f);
}

static void every_type_of_number_is_read_in_both_byte_orders(void **state)
{
  (void)state;
  const struct {
    const char *type;
    size_t size;
    unsigned char bytes[16]; /* of two elements */
    double want[2];
  } cases[] = {
      {"|b1", 1, {1, 0}, {1, 0}},
      {"|i1", 1, {0x80, 0x7f}, {-128, 127}},
      {"|u1", 1, {0x80, 0xff}, {128, 255}},
      {"<i2", 2, {0xfe, 0xff, 0x00, 0x80}, {-2, -32768}},
      {">u2", 2, {0x01, 0x02, 0xff, 0xff}, {258, 65535}},
      {"<i4", 4, {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x80}, {-1, -2147483648.0}},
      {">i4", 4, {0, 0, 1, 0, 0xff, 0xff, 0xff, 0xfe}, {256, -2}},
      {"<u4", 4, {0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0}, {4294967295.0, 1}},
      {"<i8", 8, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 7}, {-1, 7}},
      {">u8", 8, {0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}, {9007199254740992.0, 3}},
      {"<f2", 2, {0x00, 0x3c, 0xff, 0x7b}, {1, 65504}},
      {">f2", 2, {0xc0, 0x00, 0x00, 0x01}, {-2, 0x1p-24}},
      {"<f2", 2, {0x00, 0xfc, 0x01, 0x7e}, {-(double)INFINITY, (double)NAN}},
      {"<f4", 4, {0, 0, 0xc0, 0x3f, 0, 0, 0, 0x80}, {1.5, 0}},
      {">f4", 4, {0x7f, 0x80, 0, 0, 0xbf, 0x80, 0, 0}, {(double)INFINITY, -1}},
      {"<f8", 8, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f}, {1, 0.5}},
      {">f8", 8, {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0}, {1.5, -2}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char dictionary[100];
    snprintf(dictionary, sizeof dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (2,), }", cases[i].type);
    for (int version = 1; version <= 3; version++)
      check_numbers(put_file(version, dictionary, 2 * cases[i].size, cases[i].bytes), 2, cases[i].want);
  }
}

static void elements_come_in_the_order_of_c_whatever_that_of_the_file(void **state)
{
  (void)state;
  unsigned char bytes[12];
  double rows[12], columns[12]; /* (2, 3, 2): element (i, j, k) */
  for (size_t i = 0; i < 12; i++) bytes[i] = (unsigned char)i, rows[i] = (double)i;
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 3; j++)
      for (size_t k = 0; k < 2; k++) columns[(i * 3 + j) * 2 + k] = (double)(i + 2 * j + 6 * k);
  check_numbers(put_file(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 2)}", 12, bytes), 12, rows);
  check_numbers(put_file(1, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2)}", 12, bytes), 12, columns);
  /* a header as Python 2 and other writers have it; no dimension: one element */
  check_numbers(put_file(2, " {\"shape\":(12L ,) ,\"fortran_order\" : True,\"descr\":\"|u1\"}\n", 12, bytes), 12, rows);
  check_numbers(put_file(1, "{'descr': '|u1', 'fortran_order': False, 'shape': ()}", 1, bytes + 7), 1, rows + 7);
  check_numbers(put_file(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 0)}", 0, bytes), 0, rows);
}

static void what_is_no_array_of_numbers_is_refused_with_its_fault(void **state)
{
  (void)state;
  static const unsigned char zeros[64];
#define HEAD(type, shape) "{'descr': " type ", 'fortran_order': False, 'shape': " shape "}"
  const struct {
    const char *dictionary, *message;
  } cases[] = {
      {HEAD("'|O'", "(8,)"), "contains Python objects (pickled), which are not read because reading them runs code"},
      {HEAD("'<f80000000000000000000000000'", "(8,)"), "expected bool, int8 to int64"},
      {HEAD("'<c8'", "(8,)"), "has the type '<c8'"},
      {HEAD("'<M8[ns]'", "(8,)"), "has the type '<M8[ns]'"},
      {HEAD("'|V2'", "(8,)"), "has the type '|V2'"},
      {HEAD("'<f16'", "(4,)"), "has the type '<f16'"},
      {HEAD("'<i3'", "(4,)"), "has the type '<i3'"},
      {HEAD("'<i0'", "(4,)"), "has the type '<i0'"},
      {HEAD("'f4'", "(4,)"), "has the type 'f4'"},
      {HEAD("'<'", "(4,)"), "has the type '<'"},
      {HEAD("''", "(4,)"), "has the type ''"},
      {HEAD("'<U99999999'", "(1,)"), "has the type '<U99999999'"},
      {HEAD("'|S0'", "(99999999999,)"), "has elements of 0 bytes"},
      {HEAD("[('a', '<i4'), ('b', '<f4')]", "(8,)"), "has a structured type"},
      {HEAD("'<f8'", "(9,)"), "where its header announces"},
      {HEAD("'<f8'", "(7,)"), "where its header announces"},
      {HEAD("'<f8'", "(4294967296, 4294967296)"), "more than memory can hold"},
      {HEAD("'<f8'", "(2305843009213693952,)"), "more than memory can hold"},
      {HEAD("'<f8'", "(99999999999999999999999,)"), "dimension 1 of the shape is no size"},
      {HEAD("'<f8'", "(-8,)"), "dimension 1 of the shape is no size"},
      {HEAD("'<f8'", "(2.0,)"), "the shape in the header is damaged"},
      {HEAD("'<f8'", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,8)"), "more than 32 dimensions"},
      {HEAD("'<f8'", "8"), "no shape in parentheses"},
      {"{'descr': '<f8', 'shape': (8,)}", "lacks one of descr, fortran_order and shape"},
      {"{'descr': '<f8', 'fortran_order': 0, 'shape': (8,)}", "neither True nor False"},
      {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (8,)}", "the key 'descr'"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (8,), 'x': 1}", "the key 'x'"},
      {HEAD("'<f8'", "(8,)") "#", "lacks one of"},
      {HEAD("'<f8'", "(8,"), "dimension 2 of the shape is no size"},
      {"(1, 2)", "no dictionary of Python"},
      {"{'descr", "no dictionary of Python"},
      {"{}", "lacks one of"},
  };
#undef HEAD
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_FAILS(read_all(put_file(1, cases[i].dictionary, 64, zeros)), IP_EFORMAT, cases[i].message);
    CHECK_FAILS(read_all(put_file(1, cases[i].dictionary, 64, zeros)), IP_EFORMAT, "a.npy");
  }
  const unsigned char large[8] = {1, 0, 0, 0, 0, 0, 0x20, 0};
  CHECK_FAILS(read_all(put_file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': ()}", 8, large)), IP_EFORMAT,
              "element 0 (from 0): is 9007199254740993; expected integers between -2^53 and 2^53");
}

static void a_damaged_start_is_refused(void **state)
{
  (void)state;
  unsigned char bytes[256], wrong[256];
  size_t n = make(bytes, 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (4,)}", 4, "abcd");
  for (size_t cut = 1; cut < n; cut++) { /* truncated anywhere */
    temp_write("a.npy", cut, bytes);
    CHECK_FAILS(read_all(temp_path("a.npy")), IP_EFORMAT, "a.npy");
  }
  temp_write("a.npy", n + 1, bytes);
  CHECK_FAILS(read_all(temp_path("a.npy")), IP_EFORMAT, "a.npy");
  const struct {
    size_t at;
    unsigned char value;
    const char *message;
  } cases[] = {{0, 'N', "does not begin with"},  {6, 4, "has version 4.0"},
               {6, 0, "has version 0.0"},        {7, 1, "has version 1.1"},
               {9, 0xff, "a.npy: is truncated"}, {8, 1, "declares a header of 1 bytes"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    memcpy(wrong, bytes, n);
    wrong[cases[i].at] = cases[i].value;
    temp_write("a.npy", n, wrong);
    CHECK_FAILS(read_all(temp_path("a.npy")), IP_EFORMAT, cases[i].message);
  }
  n = make(bytes, 2, "{}", 0, "");
  bytes[11] = 0x40; /* a header of 1 GB */
  temp_write("a.npy", n, bytes);
  CHECK_FAILS(read_all(temp_path("a.npy")), IP_EFORMAT, "declares a header of 1073741826 bytes");
  CHECK_FAILS(read_all(temp_path("none.npy")), IP_EIO, "none.npy");
  CHECK_FAILS(read_all(temp_folder), IP_EIO, "Is a directory");
}

static void texts_of_unicode_and_bytes_are_read_as_utf_8(void **state)
{
  (void)state;
  const uint32_t characters[6] = {'a', 0, 0x3b2, 0x1f600, 'b', 0x20ac}; /* "a", "β😀", "b€" */
  const char *const want[3] = {"a", "\xce\xb2\xf0\x9f\x98\x80", "b\xe2\x82\xac"};
  ip_npy *f;
  ip_scratch *sc;
  const char **text;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_npy_open(
      put_file(3, "{'descr': '<U2', 'fortran_order': False, 'shape': (3,)}", sizeof characters, characters), &f));
  CHECK_OK(ip_npy_read_texts(f, ip_npy_array_at(f, 0), sc, &text));
  for (size_t i = 0; i < 3; i++) assert_string_equal(text[i], want[i]);
  ip_npy_close(&f);
  CHECK_OK(ip_npy_open(put_file(1, "{'descr': '|S3', 'fortran_order': False, 'shape': (2,)}", 6, "abcx\0"), &f));
  CHECK_OK(ip_npy_read_texts(f, ip_npy_array_at(f, 0), sc, &text));
  assert_string_equal(text[0], "abc");
  assert_string_equal(text[1], "x");
  ip_npy_close(&f);
  ip_scratch_destroy(&sc);
  const uint32_t wrong[] = {0xd800, 0x110000, 0xffffffff};
  for (size_t i = 0; i < 3; i++)
    CHECK_FAILS(read_all(put_file(1, "{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", 4, &wrong[i])),
                IP_EFORMAT, "element 0 (from 0): is no text");
  CHECK_FAILS(read_all(put_file(1, "{'descr': '|S1', 'fortran_order': False, 'shape': (1,)}", 1, "\xe9")), IP_EFORMAT,
              "contains the character 0xe9");
  CHECK_FAILS(read_all(put_file(1, "{'descr': '|S1', 'fortran_order': False, 'shape': (1,1)}", 1, "x")), IP_EFORMAT,
              "expected a list");
}

/* --- Archives */

static const float numbers[6] = {1, 2, 3, 4, 5, 6.5f};
static const char *const words[3] = {"cat", "", "na\xc3\xafve"};

static ip_status put_archive(const char *path)
{
  ip_npz *z;
  IP_TRY(ip_npz_create(path, &z));
  ip_status st = ip_npz_put(z, "layers/1", IP_NPZ_F32, 2, (size_t[]){2, 3}, numbers);
  if (st == IP_OK) st = ip_npz_put_texts(z, "words", 3, words);
  if (st == IP_OK) st = ip_npz_put(z, "y", IP_NPZ_I32, 1, (size_t[]){2}, (const int32_t[]){-7, 7});
  if (st == IP_OK) st = ip_npz_publish(&z);
  ip_npz_discard(&z);
  return st;
}

static void what_was_written_to_an_archive_is_read_from_it(void **state)
{
  (void)state;
  ip_npy *f;
  ip_scratch *sc;
  double value[6];
  const char **text;
  CHECK_OK(put_archive(temp_path("a.npz")));
  assert_false(temp_exists("a.npz.part"));
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_npy_open(temp_path("a.npz"), &f));
  assert_true(ip_npy_is_archive(f));
  assert_int_equal(ip_npy_n_arrays(f), 3);
  assert_null(ip_npy_find(f, "x"));
  const ip_npy_array *a = ip_npy_find(f, "layers/1");
  assert_ptr_equal(a, ip_npy_array_at(f, 0));
  assert_int_equal(a->rank, 2);
  CHECK_OK(ip_npy_read(f, a, 4, 2, value));
  assert_true(value[0] == 5 && value[1] == 6.5);
  CHECK_OK(ip_npy_read(f, ip_npy_find(f, "y"), 0, 2, value)); /* another array, then back */
  assert_true(value[0] == -7 && value[1] == 7);
  CHECK_OK(ip_npy_read(f, a, 1, 5, value));
  for (size_t i = 0; i < 5; i++) assert_true(value[i] == (double)numbers[i + 1]);
  CHECK_OK(ip_npy_read_texts(f, ip_npy_find(f, "words"), sc, &text));
  for (size_t i = 0; i < 3; i++) assert_string_equal(text[i], words[i]);
  ip_npy_close(&f);
  ip_scratch_destroy(&sc);
}

/* The first and the last characters of one to four bytes, and around those that no text may have. */
static void characters_at_the_ends_of_their_ranges_come_back(void **state)
{
  (void)state;
  static const char *const good[] = {"\x01\x7f", "\xc2\x80\xdf\xbf", "\xe0\xa0\x80\xed\x9f\xbf",
                                     "\xee\x80\x80\xef\xbf\xbf", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {"\x80",
                                    "\xbf",
                                    "\xc1\xbf",
                                    "\xc3",
                                    "\xc3x",
                                    "\xe0\x9f\xbf",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80",
                                    "\xf8\x88\x80\x80\x80",
                                    "\xe2\x82"};
  enum { N_GOOD = sizeof good / sizeof *good };
  ip_npz *z;
  ip_npy *f;
  ip_scratch *sc;
  const char **text;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_npz_create(temp_path("u.npz"), &z));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CHECK_FAILS(ip_npz_put_texts(z, "bad", 1, &bad[i]), IP_EINVAL, "is not UTF-8, which texts of NumPy require");
  CHECK_OK(ip_npz_put_texts(z, "good", N_GOOD, good));
  CHECK_OK(ip_npz_publish(&z));
  CHECK_OK(ip_npy_open(temp_path("u.npz"), &f));
  CHECK_OK(ip_npy_read_texts(f, ip_npy_find(f, "good"), sc, &text));
  for (size_t i = 0; i < N_GOOD; i++) assert_string_equal(text[i], good[i]);
  ip_npy_close(&f);
  ip_scratch_destroy(&sc);
}

/* A zip with one member, as libzip makes it. */
static const char *put_zip(const char *member, size_t n, const void *bytes, zip_int32_t method, const char *password)
{
  int code;
  unlink(temp_path("b.npz"));
  zip_t *z = zip_open(temp_path("b.npz"), ZIP_CREATE | ZIP_TRUNCATE, &code);
  assert_non_null(z);
  zip_int64_t at = zip_file_add(z, member, zip_source_buffer(z, bytes, n, 0), 0);
  assert_int_equal(zip_set_file_compression(z, (zip_uint64_t)at, method, 0), 0);
  if (password) assert_int_equal(zip_file_set_encryption(z, (zip_uint64_t)at, ZIP_EM_AES_128, password), 0);
  assert_int_equal(zip_close(z), 0);
  return temp_path("b.npz");
}

static size_t get_file(const char *path, size_t room, unsigned char *bytes)
{
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  size_t n = fread(bytes, 1, room, in);
  fclose(in);
  return n;
}

static void hostile_archives_are_refused(void **state)
{
  (void)state;
  static unsigned char member[4096 + 100], bytes[1 << 16], wrong[1 << 16];
  const char *dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (4096,)}";
  static const unsigned char zeros[4096];
  size_t n = make(member, 1, dictionary, sizeof zeros, zeros);
  CHECK_OK(read_all(put_zip("x.npy", n, member, ZIP_CM_STORE, NULL)));
  CHECK_OK(read_all(put_zip("x.npy", n, member, ZIP_CM_DEFLATE, NULL)));
  CHECK_FAILS(read_all(put_zip("x.npy", n - 1, member, ZIP_CM_STORE, NULL)), IP_EFORMAT, "b.npz: x: has");
  CHECK_FAILS(read_all(put_zip("x.npy", 5, member, ZIP_CM_STORE, NULL)), IP_EFORMAT, "b.npz: x: not an array of NumPy");
  CHECK_FAILS(read_all(put_zip("x.txt", n, member, ZIP_CM_STORE, NULL)), IP_EFORMAT, "contains no arrays");
  CHECK_FAILS(read_all(put_zip("x.npy", n, member, ZIP_CM_BZIP2, NULL)), IP_EFORMAT, "x: is packed by method 12");
  CHECK_FAILS(read_all(put_zip("x.npy", n, member, ZIP_CM_STORE, "secret")), IP_EFORMAT, "x: is encrypted");

  /* every truncation, and every byte changed: an error or numbers, never a crash */
  size_t size = get_file(put_zip("x.npy", n, member, ZIP_CM_DEFLATE, NULL), sizeof bytes, bytes);
  for (size_t cut = 1; cut < size; cut++) {
    temp_write("c.npz", cut, bytes);
    ip_error_clear();
    assert_int_not_equal(read_all(temp_path("c.npz")), IP_OK);
  }
  size_t silent = 0;
  for (size_t at = 0; at < size; at++)
    for (int change = 0; change < 3; change++) {
      memcpy(wrong, bytes, size);
      wrong[at] = (unsigned char)(change == 0 ? ~wrong[at] : change == 1 ? 0xff : wrong[at] + 1);
      temp_write("c.npz", size, wrong);
      ip_error_clear();
      silent += read_all(temp_path("c.npz")) == IP_OK;
    }
  assert_in_range(silent, 1, 3 * size / 2); /* times, versions and names may change */

  /* a packed member that declares other sizes than it has, in the directory of the archive at its end */
  size_t directory = 0;
  for (size_t i = 0; i + 4 < size; i++)
    if (memcmp(bytes + i, "PK\1\2", 4) == 0) directory = i;
  for (int field = 20; field <= 24; field += 4) {
    memcpy(wrong, bytes, size);
    memcpy(wrong + directory + field, "\xfe\xff\xff\x7f", 4);
    temp_write("c.npz", size, wrong);
    CHECK_FAILS(read_all(temp_path("c.npz")), IP_EFORMAT, "c.npz");
  }
  ip_error_clear();
}

static void a_failed_write_leaves_nothing(void **state)
{
  (void)state;
  ip_npz *z;
  CHECK_FAILS(ip_npz_create("/nowhere/a.npz", &z), IP_EIO, "/nowhere/a.npz");
  CHECK_OK(ip_npz_create(temp_path("d.npz"), &z));
  CHECK_FAILS(ip_npz_put_texts(z, "t", 1, (const char *const[]){"\xff"}), IP_EINVAL, "is not UTF-8");
  CHECK_FAILS(ip_npz_put_texts(z, "t", 1, (const char *const[]){"\xc0\x80"}), IP_EINVAL, "is not UTF-8");
  ip_npz_discard(&z);
  assert_false(temp_exists("d.npz") || temp_exists("d.npz.part"));
  const char *path = temp_path("d.npz");
  CHECK_EVERY_ALLOCATION(put_archive(path), (void)0);
  CHECK_EVERY_ALLOCATION(read_all(path), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_of_number_is_read_in_both_byte_orders),
      cmocka_unit_test(elements_come_in_the_order_of_c_whatever_that_of_the_file),
      cmocka_unit_test(what_is_no_array_of_numbers_is_refused_with_its_fault),
      cmocka_unit_test(a_damaged_start_is_refused),
      cmocka_unit_test(texts_of_unicode_and_bytes_are_read_as_utf_8),
      cmocka_unit_test(what_was_written_to_an_archive_is_read_from_it),
      cmocka_unit_test(characters_at_the_ends_of_their_ranges_come_back),
      cmocka_unit_test(hostile_archives_are_refused),
      cmocka_unit_test(a_failed_write_leaves_nothing),
  };
  return cmocka_run_group_tests_name("file/npy", tests, temp_create, temp_remove);
}
