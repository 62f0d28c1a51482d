/* Rows, lengths and texts written to their places are those that HDF5 then reads. */
#define _GNU_SOURCE /* syscall */
#include "base/test/check.h"
#include "file/h5_header.h"
#include "file/h5_place.h"
#include "file/test/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* This program takes the place of pwrite and pread: with `most_at_once` they do less than they are asked for, after an
 * interruption, and with 1 nothing at all. */
static size_t most_at_once;
static int n_calls;

static bool is_interrupted(void)
{
  errno = EINTR;
  return most_at_once > 1 && n_calls++ % 2 == 0;
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
  if (is_interrupted()) return -1;
  if (most_at_once == 1) return 0;
  return syscall(SYS_pwrite64, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n, at);
}

ssize_t pread(int fd, void *bytes, size_t n, off_t at)
{
  if (is_interrupted()) return -1;
  return syscall(SYS_pread64, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n, at);
}

/* A dataset of 5 rows in chunks, reserved; its values are those of value(). */
typedef struct {
  const char *name;
  ip_h5_type type;
  size_t rank, dim[3], chunk[3], row; /* elements of a row */
} sample;

enum { N_ROWS = 5, MAX_ROW = 42 };
static const sample samples[] = {
    {"/g/series", IP_H5_F64, 1, {N_ROWS}, {2}, 1},
    {"/g/whole", IP_H5_F32, 3, {N_ROWS, 7, 6}, {1, 7, 6}, 42},
    {"/g/pieces", IP_H5_F32, 3, {N_ROWS, 7, 6}, {1, 3, 6}, 42}, /* the last is cut */
    {"/g/rows", IP_H5_F32, 2, {N_ROWS, 3}, {2, 3}, 3},
};

static float value(size_t row, size_t i)
{
  return (float)(row + 1) + (float)i / 64;
}

static ip_h5 *new_file(const char *name)
{
  ip_h5 *h;
  CHECK_OK(ip_h5_create(temp_path(name), &h));
  return h;
}

static void make(ip_h5 *h, const sample *s)
{
  ip_h5_layout layout = {.type = s->type, .rank = s->rank, .grows = true, .reserve = true};
  memcpy(layout.dim, s->dim, sizeof s->dim);
  memcpy(layout.chunk, s->chunk, sizeof s->chunk);
  CHECK_OK(ip_h5_dataset(h, s->name, &layout));
}

static void put_rows(ip_h5 *h, const sample *s)
{
  ip_h5_rows rows;
  CHECK_OK(ip_h5_rows_find(h, s->name, s->type, N_ROWS, &rows));
  for (size_t r = N_ROWS; r-- > 0;) {
    float t[MAX_ROW];
    for (size_t i = 0; i < s->row; i++) t[i] = value(r, i);
    CHECK_OK(ip_h5_rows_put(&rows, r, s->type == IP_H5_F64 ? (const void *)&(double){(double)t[0]} : t));
  }
  ip_h5_rows_release(&rows);
}

static void rows_land_where_hdf5_reads_them(void **state)
{
  (void)state;
  ip_h5 *h = new_file("rows.h5");
  for (size_t k = 0; k < 4; k++) make(h, &samples[k]);
  CHECK_OK(ip_h5_flush(h));
  for (size_t k = 0; k < 4; k++) put_rows(h, &samples[k]);
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("rows.h5"), false, &h));
  for (size_t k = 0; k < 4; k++) {
    float t[N_ROWS * MAX_ROW];
    CHECK_OK(ip_h5_read(h, samples[k].name, IP_H5_F32, N_ROWS * samples[k].row * sizeof *t, t));
    for (size_t i = 0; i < N_ROWS * samples[k].row; i++)
      CHECK_NEAR(t[i], value(i / samples[k].row, i % samples[k].row), 0);
  }
  CHECK_OK(ip_h5_close(&h));
}

/* More chunks than fit into one node of the index, in two levels of nodes and more. */
static void every_chunk_of_a_long_dataset_is_found(void **state)
{
  (void)state;
  enum { LONG = 5000 };
  ip_h5 *h = new_file("long.h5");
  ip_h5_layout layout = {
      .type = IP_H5_I32, .rank = 2, .dim = {LONG, 2}, .chunk = {1, 2}, .grows = true, .reserve = true};
  CHECK_OK(ip_h5_dataset(h, "/x", &layout));
  CHECK_OK(ip_h5_flush(h));
  ip_h5_rows rows;
  CHECK_OK(ip_h5_rows_find(h, "/x", IP_H5_I32, LONG, &rows));
  for (int32_t r = 0; r < LONG; r++) CHECK_OK(ip_h5_rows_put(&rows, (size_t)r, (const int32_t[]){r, -r}));
  ip_h5_rows_release(&rows);
  CHECK_OK(ip_h5_close(&h));
  static int32_t got[2 * LONG];
  CHECK_OK(ip_h5_open(temp_path("long.h5"), false, &h));
  CHECK_OK(ip_h5_read(h, "/x", IP_H5_I32, sizeof got, got));
  for (int32_t r = 0; r < LONG; r++) assert_true(got[2 * r] == r && got[2 * r + 1] == -r);
  CHECK_OK(ip_h5_close(&h));
}

static void a_length_is_changed_in_its_place_and_rows_beyond_it_are_found(void **state)
{
  (void)state;
  ip_h5 *h = new_file("length.h5");
  make(h, &samples[0]);
  CHECK_OK(ip_h5_flush(h));
  ip_h5_length length;
  CHECK_OK(ip_h5_length_find(h, "/g/series", &length));
  CHECK_OK(ip_h5_length_put(&length, 0));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("length.h5"), true, &h));
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(h, "/g/series", &shape));
  assert_int_equal(shape.dim[0], 0);
  put_rows(h, &samples[0]); /* all five are reserved still */
  CHECK_OK(ip_h5_length_find(h, "/g/series", &length));
  CHECK_OK(ip_h5_length_put(&length, 3));
  CHECK_OK(ip_h5_close(&h));
  double v[3];
  CHECK_OK(ip_h5_open(temp_path("length.h5"), false, &h));
  CHECK_OK(ip_h5_read(h, "/g/series", IP_H5_F64, sizeof v, v));
  for (size_t r = 0; r < 3; r++) CHECK_NEAR(v[r], value(r, 0), 0);
  CHECK_OK(ip_h5_close(&h));
}

static void rows_without_a_place_are_refused(void **state)
{
  (void)state;
  ip_h5 *h = new_file("late.h5");
  ip_h5_rows rows;
  ip_h5_length length;
  ip_h5_layout late = {.type = IP_H5_F64, .rank = 1, .dim = {4}, .chunk = {2}, .grows = true};
  CHECK_OK(ip_h5_dataset(h, "/late", &late));
  make(h, &samples[0]);
  CHECK_OK(ip_h5_put(h, "/block", IP_H5_F64, 1, (size_t[]){2}, (double[]){1, 2}));
  CHECK_OK(ip_h5_flush(h));
  const char *refusal = "its rows have no reserved places in the file";
  CHECK_FAILS(ip_h5_rows_find(h, "/late", IP_H5_F64, 4, &rows), IP_EFORMAT, refusal);
  CHECK_FAILS(ip_h5_rows_find(h, "/block", IP_H5_F64, 2, &rows), IP_EFORMAT, refusal);
  CHECK_FAILS(ip_h5_rows_find(h, "/g/series", IP_H5_F64, N_ROWS + 2, &rows), IP_EFORMAT, refusal);
  CHECK_FAILS(ip_h5_rows_find(h, "/g/series", IP_H5_F32, N_ROWS, &rows), IP_EFORMAT, refusal); /* needs conversion */
  CHECK_FAILS(ip_h5_rows_find(h, "/none", IP_H5_F64, 1, &rows), IP_EFORMAT, refusal);
  CHECK_FAILS(ip_h5_length_find(h, "/none", &length), IP_EFORMAT, "/none: its length has no known place");
  CHECK_OK(ip_h5_close(&h));
}

/* ---------------------------------------------------------------- texts */

static void check_text(ip_h5 *h, const char *object, const char *attribute, const char *expected)
{
  char *text;
  CHECK_OK(ip_h5_text(h, object, attribute, &text));
  assert_string_equal(text, expected);
  ip_free(text);
}

/* Everything behind the first 4 GiB; nothing is written to those, so that they take no room. */
static void a_file_beyond_4_gib_is_written_like_any_other(void **state)
{
  (void)state;
  enum { GIB = 1 << 28 }; /* of 4 bytes */
  ip_h5 *h = new_file("large.h5");
  ip_h5_layout large = {
      .type = IP_H5_F32, .rank = 2, .dim = {5, GIB}, .chunk = {1, GIB}, .grows = true, .reserve = true};
  CHECK_OK(ip_h5_set_text(h, "/", "first", "old"));
  CHECK_OK(ip_h5_dataset(h, "/large", &large));
  CHECK_OK(ip_h5_flush(h));
  for (int i = 0; i < 100; i++) { /* more than the room that HDF5 has left before */
    char name[16];
    snprintf(name, sizeof name, "/g/%d", i);
    CHECK_OK(ip_h5_group(h, name));
  }
  make(h, &samples[0]);
  CHECK_OK(ip_h5_group(h, "/late"));
  CHECK_OK(ip_h5_set_text(h, "/late", "status", "running"));
  CHECK_OK(ip_h5_flush(h));
  put_rows(h, &samples[0]);
  ip_h5_length length;
  CHECK_OK(ip_h5_length_find(h, "/g/series", &length));
  assert_true(length.at > UINT32_MAX);
  CHECK_OK(ip_h5_length_put(&length, 3));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_h5_open(temp_path("large.h5"), true, &h));
  const ip_h5_new_text new[] = {{"/late", "status", "done"}, {"/", "first", "new"}};
  CHECK_OK(ip_h5_close_with_texts(&h, 2, new));
  double v[3];
  CHECK_OK(ip_h5_open(temp_path("large.h5"), false, &h));
  CHECK_OK(ip_h5_read(h, "/g/series", IP_H5_F64, sizeof v, v));
  for (size_t r = 0; r < 3; r++) CHECK_NEAR(v[r], value(r, 0), 0);
  for (int i = 0; i < 2; i++) check_text(h, new[i].object, new[i].attribute, new[i].text);
  CHECK_OK(ip_h5_close(&h));
  unlink(temp_path("large.h5"));
}

/* So many attributes that their header is in several blocks; texts that were empty, and become empty, long or short. */
static void texts_are_replaced_in_a_closed_file(void **state)
{
  (void)state;
  enum { MANY = 40 };
  char name[16], text[5000];
  memset(text, 'y', sizeof text - 1);
  text[sizeof text - 1] = 0;
  ip_h5 *h = new_file("texts.h5");
  CHECK_OK(ip_h5_set_text(h, "/", "empty", ""));
  CHECK_OK(ip_h5_set_text(h, "/", "also empty", ""));
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof name, "n%d", i);
    CHECK_OK(ip_h5_set_text(h, "/", name, name));
  }
  CHECK_OK(ip_h5_group(h, "/g"));
  CHECK_OK(ip_h5_set_text(h, "/g", "status", "running"));
  CHECK_OK(ip_h5_close(&h));
  for (int round = 0; round < 2; round++) { /* a replaced text can be replaced */
    CHECK_OK(ip_h5_open(temp_path("texts.h5"), true, &h));
    const ip_h5_new_text new[] = {{"/", "empty", round ? "" : "filled"},
                                  {"/", "also empty", ""},
                                  {"/", "n39", text},
                                  {"/", "n0", round ? "again" : ""},
                                  {"/g", "status", round ? "failed_to_fit" : "done"}};
    CHECK_OK(ip_h5_close_with_texts(&h, 5, new));
    assert_null(h);
    CHECK_OK(ip_h5_open(temp_path("texts.h5"), true, &h));
    for (int i = 0; i < 5; i++) check_text(h, new[i].object, new[i].attribute, new[i].text);
    check_text(h, "/", "n38", "n38");
    CHECK_OK(ip_h5_set_text(h, "/", "n7", "by the library")); /* which finds its room after ours */
    CHECK_OK(ip_h5_set_text(h, "/", "n39", round ? "short" : text));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_h5_open(temp_path("texts.h5"), false, &h));
    check_text(h, "/", "n7", "by the library");
    check_text(h, "/", "n39", round ? "short" : text);
    check_text(h, "/g", "status", new[4].text);
    CHECK_OK(ip_h5_close(&h));
  }
}

/* Texts of different heaps may have the same number there. */
static void texts_of_different_heaps_are_replaced_together(void **state)
{
  (void)state;
  enum { LONG = 6000, N_TEXTS = 6 };
  char filler[LONG], name[N_TEXTS][8];
  memset(filler, 'z', LONG - 1);
  filler[LONG - 1] = 0;
  ip_h5_new_text new[N_TEXTS];
  for (int i = 0; i < N_TEXTS; i++) { /* a heap of its own for each, by its length or by the opening of the file */
    ip_h5 *h;
    snprintf(name[i], sizeof name[i], "t%d", i);
    if (i == 0)
      h = new_file("heaps.h5");
    else
      CHECK_OK(ip_h5_open(temp_path("heaps.h5"), true, &h));
    CHECK_OK(ip_h5_set_text(h, "/", name[i], i % 2 ? "short" : filler));
    CHECK_OK(ip_h5_close(&h));
    new[i] = (ip_h5_new_text){"/", name[i], name[N_TEXTS - 1 - i]};
  }
  ip_h5 *h;
  CHECK_OK(ip_h5_open(temp_path("heaps.h5"), true, &h));
  CHECK_OK(ip_h5_close_with_texts(&h, N_TEXTS, new));
  CHECK_OK(ip_h5_open(temp_path("heaps.h5"), false, &h));
  for (int i = 0; i < N_TEXTS; i++) check_text(h, "/", new[i].attribute, new[i].text);
  CHECK_OK(ip_h5_close(&h));
}

static void what_is_no_text_is_not_replaced(void **state)
{
  (void)state;
  ip_h5 *h = new_file("none.h5");
  CHECK_OK(ip_h5_set_text(h, "/", "text", "old"));
  CHECK_OK(ip_h5_set_real(h, "/", "number", 1));
  CHECK_FAILS(ip_h5_close_with_texts(&h, 2, (const ip_h5_new_text[]){{"/", "text", "new"}, {"/", "number", "x"}}),
              IP_EFORMAT, "/: attribute number is not a text of variable length");
  assert_null(h);
  CHECK_OK(ip_h5_open(temp_path("none.h5"), true, &h));
  check_text(h, "/", "text", "old");
  CHECK_FAILS(ip_h5_close_with_texts(&h, 1, &(ip_h5_new_text){"/none", "text", "new"}), IP_EFORMAT, "/none: attribute");
}

/* Newer headers carry checksums: nothing in them may be changed. */
/* Attributes beyond the first block of a header are in blocks that other messages name. */
static void every_attribute_of_many_is_found(void **state)
{
  (void)state;
  enum { MANY = 60 };
  ip_h5 *h = new_file("many.h5");
  char name[40], text[40];
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof name, "%.*s%d", i % 17 + 1, "abcdefghijklmnopqrs", i);
    CHECK_OK(i % 3 ? ip_h5_set_text(h, "/", name, "old") : ip_h5_set_real(h, "/", name, i));
  }
  CHECK_OK(ip_h5_flush(h));
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof name, "%.*s%d", i % 17 + 1, "abcdefghijklmnopqrs", i);
    assert_int_equal(ip_h5_is_replaceable(h, "/", name), i % 3 != 0);
  }
  assert_false(ip_h5_is_replaceable(h, "/", "abc"));
  snprintf(text, sizeof text, "%s", "new");
  const ip_h5_new_text new[] = {{"/", "abcdefghijklmno31", text}, {"/", "abcdefgh58", text}};
  CHECK_OK(ip_h5_close_with_texts(&h, 2, new));
  CHECK_OK(ip_h5_open(temp_path("many.h5"), false, &h));
  check_text(h, "/", "abcdefghijklmno31", "new");
  check_text(h, "/", "abcdefgh58", "new");
  check_text(h, "/", "abcdefgh7", "old");
  CHECK_OK(ip_h5_close(&h));
}

static void bytes_are_written_and_read_in_pieces_to_the_end(void **state)
{
  (void)state;
  char bytes[100], got[100] = "";
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i + 1);
  int fd = open(temp_path("pieces"), O_RDWR | O_CREAT, 0600);
  assert_true(fd >= 0);
  most_at_once = 7;
  int failed = ip_h5_put_bytes(fd, bytes, sizeof bytes, 11);
  int beyond = ip_h5_get_bytes(fd, got, sizeof got, 12), missing = ip_h5_get_bytes(-1, got, 1, 0);
  int read = ip_h5_get_bytes(fd, got, sizeof got, 11), closed = ip_h5_put_bytes(-1, bytes, 1, 0);
  most_at_once = 1;
  int nothing = ip_h5_put_bytes(fd, bytes, sizeof bytes, 0);
  most_at_once = 0;
  close(fd);
  assert_true(failed == 0 && read == 0 && beyond == EIO && nothing == EIO && missing == EBADF && closed == EBADF);
  assert_memory_equal(got, bytes, sizeof bytes);
}

static void a_file_in_a_newer_format_is_refused(void **state)
{
  (void)state;
  const char *path = temp_path("latest.h5");
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(list, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list);
  H5Fclose(file);
  H5Pclose(list);
  ip_h5 *h;
  CHECK_OK(ip_h5_open(path, true, &h));
  make(h, &samples[0]);
  CHECK_OK(ip_h5_set_text(h, "/", "text", "old"));
  CHECK_OK(ip_h5_flush(h));
  ip_h5_rows rows;
  CHECK_FAILS(ip_h5_rows_find(h, "/g/series", IP_H5_F64, N_ROWS, &rows), IP_EFORMAT, "no reserved places");
  CHECK_FAILS(ip_h5_close_with_texts(&h, 1, &(ip_h5_new_text){"/", "text", "new"}), IP_EFORMAT, "attribute text");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_land_where_hdf5_reads_them),
      cmocka_unit_test(every_chunk_of_a_long_dataset_is_found),
      cmocka_unit_test(a_length_is_changed_in_its_place_and_rows_beyond_it_are_found),
      cmocka_unit_test(rows_without_a_place_are_refused),
      cmocka_unit_test(a_file_beyond_4_gib_is_written_like_any_other),
      cmocka_unit_test(texts_are_replaced_in_a_closed_file),
      cmocka_unit_test(texts_of_different_heaps_are_replaced_together),
      cmocka_unit_test(what_is_no_text_is_not_replaced),
      cmocka_unit_test(every_attribute_of_many_is_found),
      cmocka_unit_test(bytes_are_written_and_read_in_pieces_to_the_end),
      cmocka_unit_test(a_file_in_a_newer_format_is_refused),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
