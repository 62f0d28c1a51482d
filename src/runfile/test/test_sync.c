/* What has its final name is on the disk: this program takes the place of fsync, and counts. */
#include "base/test/check.h"
#include "file/test/temp.h"
#include "runfile/state.h"
#include "runfile/test/sample_run.h"

#include <errno.h>

static size_t n_synced, failing_sync; /* the number of the call that fails; 0: none */

int fsync(int fd)
{
  (void)fd;
  n_synced++;
  if (n_synced == failing_sync) errno = EIO;
  return n_synced == failing_sync ? -1 : 0;
}

/* The file before its state goes; the file, then its directory, which has the name. */
static void a_run_and_its_estimates_are_brought_to_the_disk_with_their_name(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("run.h5"), 2, 2));
  assert_int_equal(n_synced, 3);
  n_synced = 0;
  CHECK_OK(sample_inform(temp_path("run.h5"), "edges", 2, 1));
  assert_int_equal(n_synced, 2);
  n_synced = 0;
  CHECK_OK(rename(temp_path("run.h5"), temp_path("run.h5.part")) ? IP_EIO : IP_OK);
  CHECK_OK(sample_inform(temp_path("run.h5.part"), "width", 2, 1));
  assert_int_equal(n_synced, 2); /* the copy with the estimates replaces a trained run */
  n_synced = 0;
  CHECK_OK(ip_run_publish(temp_path("run.h5"), true));
  assert_int_equal(n_synced, 3);
}

/* Whatever replaces a file is removed, and the file stays as it was, where it cannot be brought to the disk. */
static void what_cannot_be_synced_replaces_nothing(void **state)
{
  (void)state;
  const char *const left[] = {"late.h5.new", "late.h5.part.new", "late.h5.part.part"};
  ip_run_writer *w;
  ip_run_head head = sample_head(0); /* of unknown length: at its end, the rows that were not used go */
  ip_run *r;
  char path[512];
  snprintf(path, sizeof path, "%s", temp_path("late.h5"));
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < 2; e++) CHECK_OK(sample_append(w, e));
  n_synced = 0;
  failing_sync = 1;
  CHECK_FAILS(sample_end(w), IP_EIO, "late.h5.new: cannot be brought to the disk");
  for (size_t i = 0; i < 3; i++) assert_false(temp_exists(left[i]));
  ip_run_writer_destroy(&w);
  failing_sync = 0;
  CHECK_OK(sample_write(path, 2, 2));
  failing_sync = n_synced + 1;
  CHECK_FAILS(sample_inform(path, "edges", 2, 1), IP_EIO, "cannot be brought to the disk");
  for (size_t i = 0; i < 3; i++) assert_false(temp_exists(left[i]));
  CHECK_OK(ip_run_open(path, &r));
  assert_int_equal(ip_run_n_information(r), 0);
  ip_run_close(&r);
  CHECK_OK(rename(path, temp_path("late.h5.part")) ? IP_EIO : IP_OK);
  for (int keep = 0; keep < 2; keep++) {
    failing_sync = n_synced + 1;
    CHECK_FAILS(ip_run_publish(path, keep), IP_EIO, "cannot be brought to the disk");
    assert_true(temp_exists("late.h5.part") && !temp_exists("late.h5") && !temp_exists("late.h5.new"));
  }
  failing_sync = 0;
  CHECK_OK(ip_run_publish(path, true));
}

static void a_state_is_that_of_its_epoch_alone(void **state)
{
  (void)state;
  const char *path = temp_path("run.state");
  char name[512];
  snprintf(name, sizeof name, "%s", path);
  int64_t next;
  size_t n;
  void *bytes;
  CHECK_OK(ip_run_state_put(name, 3, 30, 4, "abc"));
  CHECK_OK(ip_run_state_put(name, 4, 40, 4, "def"));
  for (size_t e = 3; e <= 4; e++) {
    CHECK_OK(ip_run_state_get(name, e, &next, &n, &bytes));
    assert_string_equal(bytes, e == 3 ? "abc" : "def");
    assert_int_equal(next, 10 * e);
    ip_free(bytes);
  }
  CHECK_FAILS(ip_run_state_get(name, 1, &next, &n, &bytes), IP_EFORMAT, "contains no state after 1 logged epochs");
  CHECK_FAILS(ip_run_state_get(name, 6, &next, &n, &bytes), IP_EFORMAT, "contains no state after 6 logged epochs");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_and_its_estimates_are_brought_to_the_disk_with_their_name),
      cmocka_unit_test(what_cannot_be_synced_replaces_nothing),
      cmocka_unit_test(a_state_is_that_of_its_epoch_alone),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
