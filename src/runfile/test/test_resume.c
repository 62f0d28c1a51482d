/* What an unfinished file is worth, runs whose length is not known, and how a file is laid out. */
#define _GNU_SOURCE /* syscall */
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/state.h"
#include "runfile/test/sample_run.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* This program takes the place of pwrite and pread: with `most_at_once` they do less than asked for, and are
 * interrupted. */
static size_t most_at_once;
static int n_calls;

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
  errno = EINTR;
  if (most_at_once && n_calls++ % 2 == 0) return -1;
  return syscall(SYS_pwrite64, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n, at);
}

ssize_t pread(int fd, void *bytes, size_t n, off_t at)
{
  errno = EINTR;
  if (most_at_once && n_calls++ % 2 == 0) return -1;
  return syscall(SYS_pread64, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n, at);
}

/* Room for 64 epochs grows twice. */
static void a_run_of_unknown_length_ends_like_a_planned_one(void **state)
{
  (void)state;
  enum { LONG = 150 };
  char command[1200];
  CHECK_OK(sample_write(temp_path("planned.h5"), LONG, LONG));
  CHECK_OK(sample_write(temp_path("grown.h5"), 0, LONG));
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path("grown.h5"), &r));
  assert_int_equal(ip_run_n_epochs(r), LONG);
  ip_run_close(&r);
  snprintf(command, sizeof command, "h5diff --exclude-path /provenance '%s' '%s'", temp_path("planned.h5"),
           temp_path("grown.h5"));
  assert_int_equal(system(command), 0);
}

/* The status of a file that an earlier version left unfinished was a text of fixed length. */
static void fix_status(const char *path)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(type, 32);
  H5Adelete(file, "status");
  hid_t status = H5Acreate2(file, "status", type, space, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(status, type, (char[32]){"running"}) >= 0);
  const hid_t id[] = {status, space, type};
  for (size_t i = 0; i < 3; i++) H5Idec_ref(id[i]);
  assert_true(H5Fclose(file) >= 0);
}

static void there_is_nothing_to_resume_of_another_or_no_run(void **state)
{
  (void)state;
  ip_run_writer *w;
  size_t n_epochs, n_state;
  int64_t next;
  void *bytes;
#define RESUMES_NOTHING(name, head)                                                                                    \
  do {                                                                                                                 \
    CHECK_OK(ip_run_writer_resume(temp_path(name), head, &w, &n_epochs, &next, &n_state, &bytes));                     \
    assert_null(w);                                                                                                    \
    assert_null(bytes);                                                                                                \
    assert_int_equal(ip_error_code(), IP_OK);                                                                          \
  } while (0)
  ip_run_head head = sample_head(6), another = head;
  another.digest = "another";
  RESUMES_NOTHING("none.h5", &head);
  temp_write("empty.h5.part", 0, "");
  RESUMES_NOTHING("empty.h5", &head);
  CHECK_OK(ip_run_writer_create(temp_path("d.h5"), &head, &w));
  ip_run_writer_destroy(&w);
  RESUMES_NOTHING("d.h5", &head); /* no epoch yet */
  CHECK_OK(ip_run_writer_create(temp_path("d.h5"), &head, &w));
  CHECK_OK(sample_append(w, 0));
  ip_run_writer_destroy(&w);
  RESUMES_NOTHING("d.h5", &another);
  CHECK_OK(ip_run_writer_create(temp_path("old.h5"), &head, &w));
  CHECK_OK(sample_append(w, 0));
  ip_run_writer_destroy(&w);
  fix_status(temp_path("old.h5.part"));
  RESUMES_NOTHING("old.h5", &head);
  CHECK_OK(ip_file_copy(temp_path("d.h5.state"), temp_path("kept")));
  unlink(temp_path("d.h5.state"));
  RESUMES_NOTHING("d.h5", &head);
  int at = 0;
  FILE *f = fopen(temp_path("kept"), "r+b"); /* a damaged state is no state */
  fseek(f, -20, SEEK_END);
  at = fgetc(f);
  fseek(f, -20, SEEK_END);
  fputc(at ^ 1, f);
  fclose(f);
  CHECK_OK(ip_file_copy(temp_path("kept"), temp_path("d.h5.state")));
  RESUMES_NOTHING("d.h5", &head);
#undef RESUMES_NOTHING
}

/* A file with the digest of this run and other sizes, as of another dataset or made by hand: arrays of this run would
 * be read beyond their ends. */
static void a_file_of_other_sizes_is_not_resumed(void **state)
{
  (void)state;
  const ip_run_head head = sample_head(6);
  ip_run_layer wider[SAMPLE_LAYERS], noisy[SAMPLE_LAYERS];
  const char *series[16] = {0};
  memcpy(wider, head.layer, sizeof wider);
  memcpy(noisy, head.layer, sizeof noisy);
  wider[0].width++;
  noisy[0].has_mean = !noisy[0].has_mean;
  memcpy(series, head.metric, head.n_metrics * sizeof *series);
  series[0] = "train/other";
  ip_run_head other[8];
  for (size_t i = 0; i < 8; i++) other[i] = head;
  other[0].n--;
  other[1].n_layers--;
  other[2].layer = wider;
  other[3].layer = noisy;
  other[4].n_metrics--;
  other[5].metric = series;
  other[6].n_layer_metrics--;
  other[7].dataset_sha256 = "of another dataset";
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(temp_path("sizes.h5"), &head, &w));
  CHECK_OK(sample_append(w, 0));
  ip_run_writer_destroy(&w);
  for (size_t i = 0; i <= 8; i++) {
    size_t n_epochs, n_state;
    int64_t next;
    void *bytes;
    const ip_run_head *asked = i < 8 ? &other[i] : &head;
    CHECK_OK(ip_run_writer_resume(temp_path("sizes.h5"), asked, &w, &n_epochs, &next, &n_state, &bytes));
    if (!w != (i < 8)) fail_msg("head %zu is %s", i, w ? "resumed" : "not resumed");
    ip_free(bytes);
    ip_run_writer_destroy(&w);
  }
}

static ip_status resume(const char *path, const ip_run_head *head, size_t *n_epochs)
{
  ip_run_writer *w;
  size_t n_state;
  int64_t next;
  void *bytes;
  *n_epochs = 0;
  ip_status st = ip_run_writer_resume(path, head, &w, n_epochs, &next, &n_state, &bytes);
  assert_true(st == IP_OK || (!w && !bytes && !*n_epochs));
  ip_free(bytes);
  ip_run_writer_destroy(&w);
  return st;
}

/* To begin anew would cost its epochs: whatever is in the way of reading it now is a failure. */
static void a_run_that_cannot_be_read_now_is_not_begun_anew(void **state)
{
  (void)state;
  const ip_run_head head = sample_head(6);
  ip_run_writer *w;
  size_t n_epochs;
  char path[512];
  snprintf(path, sizeof path, "%s", temp_path("later.h5"));
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  CHECK_OK(sample_append(w, 0));
  ip_run_writer_destroy(&w);
  CHECK_EVERY_ALLOCATION(resume(path, &head, &n_epochs), (void)0);
  assert_int_equal(n_epochs, 1);
  if (!getenv("HDF5_USE_FILE_LOCKING")) { /* another process writes the file */
    int fd = open(temp_path("later.h5.part"), O_RDWR);
    assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
    CHECK_FAILS(resume(path, &head, &n_epochs), IP_ELOCKED, "later.h5.part: is open for writing in another process");
    close(fd);
  }
  assert_int_equal(rename(temp_path("later.h5.part"), temp_path("kept")), 0);
  assert_int_equal(mkdir(temp_path("later.h5.part"), 0777), 0);
  CHECK_FAILS(resume(path, &head, &n_epochs), IP_EIO, "later.h5.part: is not a file");
  assert_int_equal(rmdir(temp_path("later.h5.part")), 0);
  assert_int_equal(rename(temp_path("kept"), temp_path("later.h5.part")), 0);
  CHECK_OK(resume(path, &head, &n_epochs));
  assert_int_equal(n_epochs, 1);
}

/* Every byte of a state and of its header counts. */
static void a_damaged_state_is_none(void **state)
{
  (void)state;
  enum { HEADER = 16 + 3 * 8 }; /* magic, epochs, bytes, next epoch; the digest follows */
  char path[512];
  snprintf(path, sizeof path, "%s", temp_path("flip.h5.state"));
  int64_t next;
  size_t n, size;
  void *got;
  char *bytes;
  CHECK_OK(ip_run_state_put(path, 2, 30, 5, "abcd"));
  CHECK_OK(ip_run_state_get(path, 2, &next, &n, &got));
  assert_int_equal(next, 30);
  assert_int_equal(n, 5);
  assert_string_equal(got, "abcd");
  ip_free(got);
  CHECK_OK(ip_file_read(path, 1 << 20, &size, &bytes));
  for (size_t i = 0; i < HEADER + 5; i++) {
    size_t at = i < HEADER ? i : size - 5 + (i - HEADER);
    bytes[at] ^= 1;
    temp_write("flip.h5.state", size, bytes);
    if (ip_run_state_get(path, 2, &next, &n, &got) != IP_EFORMAT) fail_msg("byte %zu may be changed", at);
    ip_error_clear();
    assert_null(got);
    bytes[at] ^= 1;
  }
  ip_free(bytes);
}

/* The states after an odd and an even number of epochs have places of their own, however long they are. */
static void the_state_before_the_last_is_still_there(void **state)
{
  (void)state;
  static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 9000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    size_t size = sizes[i];
    char *bytes = malloc(size + 1), name[32];
    snprintf(name, sizeof name, "size%zu.state", size);
    for (size_t e = 1; e <= 4; e++) {
      memset(bytes, (int)e, size);
      most_at_once = e % 2 ? 0 : 1000;
      CHECK_OK(ip_run_state_put(temp_path(name), e, 10 * (int64_t)e, size, bytes));
      most_at_once = e > 2 ? 0 : 900;
      for (size_t asked = 1; asked <= 5; asked++) {
        int64_t next = -1;
        size_t n;
        void *got;
        ip_error_clear();
        ip_status st = ip_run_state_get(temp_path(name), asked, &next, &n, &got);
        assert_int_equal(st == IP_OK, asked == e || asked + 1 == e);
        assert_true(st == IP_OK ? next == 10 * (int64_t)asked && n == size : st == IP_EFORMAT && !got);
        for (size_t k = 0; st == IP_OK && k < size; k++) assert_int_equal(((char *)got)[k], asked);
        ip_free(got);
      }
    }
    free(bytes);
    most_at_once = 0;
  }
  ip_error_clear();
  if (access("/dev/full", W_OK) == 0)
    CHECK_FAILS(ip_run_state_put("/dev/full", 1, 2, 4, "abc"), IP_ENOSPC,
                "/dev/full: cannot be written: No space left on device");
  CHECK_FAILS(ip_run_state_put("/nowhere/a.state", 1, 2, 4, "abc"), IP_EIO, "/nowhere/a.state: cannot be written: No ");
}

/* ---------------------------------------------------------------- the shape of the file */

static void check_chunk(const char *file, const char *name, int rank, const hsize_t *expected)
{
  hid_t f = H5Fopen(temp_path(file), H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, name, H5P_DEFAULT);
  hid_t plist = H5Dget_create_plist(d);
  hsize_t got[3] = {0};
  assert_int_equal(H5Pget_chunk(plist, 3, got), rank);
  assert_int_equal(H5Pget_nfilters(plist), 0);
  for (int i = 0; i < rank; i++)
    if (got[i] != expected[i]) fail_msg("%s: dimension %d of a chunk is %llu", name, i, (unsigned long long)got[i]);
  H5Pclose(plist);
  H5Dclose(d);
  H5Fclose(f);
}

/* A chunk is one epoch of one layer near 1 MB, and up to 64 epochs of a series: what was written stays where it is. */
static void a_chunk_is_a_snapshot_of_a_layer(void **state)
{
  (void)state;
  enum { WIDE = 70000 };
  ip_run_writer *w;
  for (size_t planned = 3; planned <= 100; planned += 97) {
    ip_run_layer layer[SAMPLE_LAYERS] = {sample_layer[0], {.kind = "output", .activation = "tanh", .width = WIDE}};
    ip_run_head head = sample_head(planned);
    if (planned == 3) head.layer = layer;
    CHECK_OK(ip_run_writer_create(temp_path("chunks.h5"), &head, &w));
    ip_run_writer_destroy(&w);
    const hsize_t series[] = {planned == 3 ? 3 : 64};
    check_chunk("chunks.h5.part", "/layers/1/activation", 3, (const hsize_t[]){1, SAMPLE_N, SAMPLE_WIDTH});
    check_chunk("chunks.h5.part", "/layers/1/mean", 3, (const hsize_t[]){1, SAMPLE_N, SAMPLE_WIDTH});
    if (planned == 3) /* 7 rows of 280 kB in two pieces */
      check_chunk("chunks.h5.part", "/layers/2/activation", 3, (const hsize_t[]){1, 4, WIDE});
    check_chunk("chunks.h5.part", "/layers/2/weight_norm", 1, series);
    check_chunk("chunks.h5.part", "/metrics/train/loss", 1, series);
    check_chunk("chunks.h5.part", "/epoch", 1, (const hsize_t[]){planned});
  }
}

/* Every dimension has a scale, by which xarray and h5py name it. */
static void check_scale(hid_t f, const char *name, unsigned dim, const char *scale, const char *label)
{
  char got[32] = "";
  hid_t d = H5Dopen2(f, name, H5P_DEFAULT), s = H5Dopen2(f, scale, H5P_DEFAULT);
  if (H5DSis_attached(d, s, dim) <= 0) fail_msg("%s: dimension %u lacks the scale %s", name, dim, scale);
  assert_true(H5DSget_scale_name(s, got, sizeof got) > 0);
  assert_string_equal(got, label);
  H5Dclose(s);
  H5Dclose(d);
}

static void check_numbers(hid_t f, const char *name, size_t n, uint32_t first)
{
  uint32_t got[16];
  hid_t d = H5Dopen2(f, name, H5P_DEFAULT), space = H5Dget_space(d);
  assert_int_equal(H5Sget_simple_extent_npoints(space), n);
  assert_true(H5Dread(d, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, got) >= 0);
  for (size_t i = 0; i < n; i++) assert_int_equal(got[i], first + i);
  H5Sclose(space);
  H5Dclose(d);
}

static void every_dimension_has_its_scale(void **state)
{
  (void)state;
  ip_run_writer *w;
  ip_run_head head = sample_head(2);
  float p[SAMPLE_N * 2] = {0}, x[SAMPLE_N * 3] = {0};
  head.p_y_given_x = p, head.x = x, head.n_in = 3, head.target = x, head.n_targets = 1;
  CHECK_OK(ip_run_writer_create(temp_path("scales.h5"), &head, &w));
  for (size_t e = 0; e < 2; e++) CHECK_OK(sample_append(w, e));
  CHECK_OK(sample_end(w));
  ip_run_writer_destroy(&w);
  CHECK_OK(sample_inform(temp_path("scales.h5.part"), "edges", 2, 1));
  hid_t f = H5Fopen(temp_path("scales.h5.part"), H5F_ACC_RDONLY, H5P_DEFAULT);
  assert_true(f >= 0);
  static const struct {
    const char *name;
    unsigned dim;
    const char *scale, *label;
  } known[] = {{"/layers/1/activation", 0, "/epoch", "epoch"},
               {"/layers/1/activation", 1, "/sample", "sample"},
               {"/layers/1/activation", 2, "/layers/1/unit", "unit"},
               {"/layers/2/activation", 2, "/layers/2/unit", "unit"},
               {"/layers/1/mean", 0, "/epoch", "epoch"},
               {"/layers/1/mean", 1, "/sample", "sample"},
               {"/layers/1/mean", 2, "/layers/1/unit", "unit"},
               {"/layers/2/weight_norm", 0, "/epoch", "epoch"},
               {"/metrics/test/loss", 0, "/epoch", "epoch"},
               {"/data/x_id", 0, "/sample", "sample"},
               {"/data/y", 0, "/sample", "sample"},
               {"/data/split", 0, "/sample", "sample"},
               {"/data/p_y_given_x", 0, "/sample", "sample"},
               {"/data/p_y_given_x", 1, "/class", "class"},
               {"/data/x", 0, "/sample", "sample"},
               {"/data/target", 0, "/sample", "sample"},
               {"/information/edges/ity", 0, "/epoch", "epoch"},
               {"/information/edges/ity", 1, "/layer", "layer"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    check_scale(f, known[i].name, known[i].dim, known[i].scale, known[i].label);
  check_numbers(f, "/sample", SAMPLE_N, 0);
  check_numbers(f, "/class", 2, 0);
  check_numbers(f, "/layer", SAMPLE_LAYERS, 1);
  check_numbers(f, "/layers/1/unit", SAMPLE_WIDTH, 0);
  check_numbers(f, "/layers/2/unit", 2, 0);
  H5Fclose(f);
}

/* In a results directory that somebody sent, the state may be a link to a file of the user. */
static void a_state_is_not_written_through_a_link(void **state)
{
  (void)state;
  temp_write("precious", 8, "precious");
  assert_int_equal(symlink(temp_path("precious"), temp_path("l.h5.state")), 0);
  CHECK_FAILS(ip_run_state_put(temp_path("l.h5.state"), 1, 2, 4, "abc"), IP_EIO,
              "l.h5.state: cannot be written: Too many");
  size_t n;
  char *text;
  CHECK_OK(ip_file_read(temp_path("precious"), 100, &n, &text));
  assert_int_equal(n, 8);
  assert_memory_equal(text, "precious", 8);
  ip_free(text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_of_unknown_length_ends_like_a_planned_one),
      cmocka_unit_test(there_is_nothing_to_resume_of_another_or_no_run),
      cmocka_unit_test(a_file_of_other_sizes_is_not_resumed),
      cmocka_unit_test(a_run_that_cannot_be_read_now_is_not_begun_anew),
      cmocka_unit_test(a_damaged_state_is_none),
      cmocka_unit_test(the_state_before_the_last_is_still_there),
      cmocka_unit_test(a_chunk_is_a_snapshot_of_a_layer),
      cmocka_unit_test(every_dimension_has_its_scale),
      cmocka_unit_test(a_state_is_not_written_through_a_link),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
