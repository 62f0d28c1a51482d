/* What has its final name is on the disk: this program takes the place of fsync, and counts. */
#include "base/test/check.h"
#include "file/test/temp.h"
#include "runfile/state.h"
#include "runfile/test/sample_run.h"

static size_t n_synced;

int fsync(int fd)
{
  (void)fd;
  n_synced++;
  return 0;
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
      cmocka_unit_test(a_state_is_that_of_its_epoch_alone),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
