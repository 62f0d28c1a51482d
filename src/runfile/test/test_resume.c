/* What an unfinished file is worth, and runs whose length is not known. */
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/state.h"
#include "runfile/test/sample_run.h"

#include <hdf5.h>
#include <unistd.h>

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
      cmocka_unit_test(a_damaged_state_is_none),
      cmocka_unit_test(a_state_is_not_written_through_a_link),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
