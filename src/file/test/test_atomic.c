#define _GNU_SOURCE /* syscall */
#include "base/stop.h"
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/part.h"
#include "file/test/content.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>

/* This program takes the place of fsync and rename, and keeps what they were called for, in order: "sync a.part;". */
static char calls[600];
static int fsync_errno;

static void note(const char *verb, const char *path)
{
  const char *slash = strrchr(path, '/');
  size_t n = strlen(calls);
  snprintf(calls + n, sizeof calls - n, "%s %s;", verb, slash ? slash + 1 : path);
}

int fsync(int fd)
{
  char link[64], path[512] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (readlink(link, path, sizeof path - 1) > 0) note("sync", path);
  errno = fsync_errno;
  return fsync_errno ? -1 : 0;
}

int rename(const char *from, const char *to)
{
  note("rename", to);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* And of copy_file_range and write: with `most_at_once`, as file systems that cannot do the one after so many bytes,
 * which is `range_errno`, and do the other in pieces, `interrupted` at first. */
static size_t most_at_once;
static int n_ranges, range_errno = EXDEV;
static bool interrupted;

ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t n, unsigned int flags)
{
  if (most_at_once && n_ranges++) {
    errno = range_errno;
    return -1;
  }
  return syscall(SYS_copy_file_range, in, in_at, out, out_at, most_at_once ? most_at_once : n, flags);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
  if (interrupted) {
    interrupted = false;
    errno = EINTR;
    return -1;
  }
  return syscall(SYS_write, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n);
}

static void a_file_has_its_name_only_when_it_is_complete(void **state)
{
  (void)state;
  CHECK_OK(ip_file_write(temp_path("a"), "old"));
  ip_draft *d;
  CHECK_OK(ip_draft_create(temp_path("a"), &d));
  fputs("new", ip_draft_stream(d));
  fflush(ip_draft_stream(d));
  check_content("a", "old");
  assert_true(temp_exists("a.part"));
  CHECK_OK(ip_draft_publish(&d));
  assert_null(d);
  check_content("a", "new");
  assert_false(temp_exists("a.part"));
}

/* And of statvfs: a disk whose numbers all differ. */
int statvfs(const char *path, struct statvfs *s)
{
  *s = (struct statvfs){.f_bsize = 4096, .f_frsize = 512, .f_blocks = 11000, .f_bfree = 900, .f_bavail = 7};
  return access(path, F_OK);
}

/* The bytes are on the disk before the name says that they are there, and the name after that. */
static void a_file_reaches_the_disk_before_its_name(void **state)
{
  (void)state;
  char expected[600];
  *calls = 0;
  CHECK_OK(ip_file_write(temp_path("synced"), "text"));
  snprintf(expected, sizeof expected, "sync synced.part;rename synced;sync %s;", strrchr(temp_folder, '/') + 1);
  assert_string_equal(calls, expected);
  static const struct {
    int error;
    ip_status status;
    const char *message;
  } known[] = {{EIO, IP_EIO, "cannot be brought to the disk: Input/output error"},
               {ENOSPC, IP_ENOSPC, "cannot be brought to the disk: No space left on device"},
               {EDQUOT, IP_ENOSPC, "cannot be brought to the disk: Disk quota exceeded"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char message[100];
    snprintf(message, sizeof message, "synced.part: %s", known[i].message);
    fsync_errno = known[i].error;
    CHECK_FAILS(ip_file_write(temp_path("synced"), "other"), known[i].status, message);
    snprintf(message, sizeof message, "synced: %s", known[i].message);
    CHECK_FAILS(ip_file_sync(temp_path("synced")), known[i].status, message);
    fsync_errno = 0;
    check_content("synced", "text");
    assert_false(temp_exists("synced.part"));
  }
  *calls = 0;
  CHECK_OK(ip_file_sync(temp_path("synced")));
  assert_string_equal(calls, "sync synced;");
  CHECK_FAILS(ip_file_sync(temp_path("none")), IP_EIO, "none: cannot be brought to the disk: No such file");
}

/* The directory of a name without slashes is the working directory. */
static void a_file_of_the_working_directory_reaches_the_disk_too(void **state)
{
  (void)state;
  char expected[600], *old = getcwd(NULL, 0);
  assert_true(old && chdir(temp_folder) == 0);
  *calls = 0;
  ip_status st = ip_file_write("relative", "text");
  int failed = chdir(old);
  free(old);
  CHECK_OK(st);
  assert_int_equal(failed, 0);
  snprintf(expected, sizeof expected, "sync relative.part;rename relative;sync %s;", strrchr(temp_folder, '/') + 1);
  assert_string_equal(calls, expected);
  check_content("relative", "text");
}

static void a_name_that_is_taken_by_a_directory_is_not_given(void **state)
{
  (void)state;
  CHECK_OK(ip_folder_create(temp_path("taken")));
  CHECK_FAILS(ip_file_write(temp_path("taken"), "text"), IP_EIO, "taken.part: cannot be renamed to ");
  assert_false(temp_exists("taken.part"));
  temp_write("ready", 4, "text");
  CHECK_FAILS(ip_file_replace(temp_path("ready"), temp_path("taken")), IP_EIO, "taken: Is a directory");
  CHECK_FAILS(ip_file_publish(temp_path("ready"), temp_path("taken")), IP_EIO, "taken: Is a directory");
  check_content("ready", "text");
}

static void a_discarded_draft_leaves_the_old_file_alone(void **state)
{
  (void)state;
  CHECK_OK(ip_file_write(temp_path("b"), "old"));
  ip_draft *d;
  CHECK_OK(ip_draft_create(temp_path("b"), &d));
  fputs("half", ip_draft_stream(d));
  ip_draft_discard(&d);
  ip_draft_discard(&d);
  check_content("b", "old");
  assert_false(temp_exists("b.part"));
}

/* A limit on the size of files stands for a full disk. */
static void a_full_disk_leaves_the_old_file_and_no_rest(void **state)
{
  (void)state;
  CHECK_OK(ip_file_write(temp_path("c"), "old"));
  char *big = malloc(100001);
  memset(big, 'x', 100000);
  big[100000] = 0;
  struct rlimit old, small;
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  small.rlim_cur = 10000;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  ip_error_clear();
  ip_status st = ip_file_write(temp_path("c"), big);
  ip_status copy = IP_OK;
  setrlimit(RLIMIT_FSIZE, &old);
  assert_int_equal(st, IP_EIO);
  assert_non_null(strstr(ip_error_message(), "c.part: cannot be written: File too large"));
  check_content("c", "old");
  assert_false(temp_exists("c.part"));

  ip_draft *d; /* there is room again, and errno is of something else, when the draft is published */
  CHECK_OK((ip_error_clear(), ip_draft_create(temp_path("c"), &d)));
  setrlimit(RLIMIT_FSIZE, &small);
  fputs(big, ip_draft_stream(d));
  setrlimit(RLIMIT_FSIZE, &old);
  errno = 0;
  CHECK_FAILS(ip_draft_publish(&d), IP_EIO, "c.part: cannot be written");
  check_content("c", "old");
  assert_false(temp_exists("c.part"));

  CHECK_OK((ip_error_clear(), ip_file_write(temp_path("big"), big)));
  setrlimit(RLIMIT_FSIZE, &small);
  ip_error_clear();
  copy = ip_file_copy(temp_path("big"), temp_path("copy"));
  setrlimit(RLIMIT_FSIZE, &old);
  assert_int_equal(copy, IP_EIO);
  assert_non_null(strstr(ip_error_message(), "cannot be copied"));
  assert_false(temp_exists("copy"));
  ip_error_clear();
  free(big);
}

/* Takes the place of nanosleep: nothing waits, and the other writer ends when `steps_of_other` are over. */
static int n_steps, steps_of_other = -1, other = -1;

int nanosleep(const struct timespec *step, struct timespec *rest)
{
  (void)step;
  (void)rest;
  if (++n_steps != steps_of_other) return 0;
  assert_int_equal(syscall(SYS_renameat2, AT_FDCWD, temp_path("shared.part"), AT_FDCWD, temp_path("shared"), 0), 0);
  close(other); /* its lock ends */
  other = -1;
  return 0;
}

static int begin_other(void)
{
  temp_write("shared.part", 5, "other");
  int fd = open(temp_path("shared.part"), O_WRONLY | O_CLOEXEC);
  assert_true(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
  n_steps = 0;
  return fd;
}

static void two_writers_of_one_file_do_not_mix(void **state)
{
  (void)state;
  other = begin_other();
  steps_of_other = -1;
  CHECK_FAILS(ip_file_write(temp_path("shared"), "mine"), IP_ELOCKED, "shared.part: another process is writing");
  CHECK_FAILS(ip_part_clear(temp_path("shared.part")), IP_ELOCKED, "shared.part: another process is writing");
  assert_int_equal(n_steps, 2 * 500); /* of 20 ms: each waited for 10 s */
  ip_stop_set(true);                  /* whoever waits can be stopped */
  CHECK_FAILS(ip_file_write(temp_path("shared"), "mine"), IP_ESTOPPED, "stopped on request");
  ip_stop_set(false);
  assert_false(temp_exists("shared"));
  check_content("shared.part", "other");
  close(other);

  other = begin_other(); /* it ends in time: first its text, then ours */
  steps_of_other = 3;
  ip_draft *d;
  CHECK_OK(ip_draft_create(temp_path("shared"), &d));
  assert_int_equal(n_steps, 3);
  check_content("shared", "other");
  fputs("mine", ip_draft_stream(d));
  CHECK_OK(ip_draft_publish(&d));
  check_content("shared", "mine");

  other = begin_other();
  CHECK_OK(ip_part_clear(temp_path("shared.part")));
  check_content("shared", "other");
  assert_false(temp_exists("shared.part"));
}

/* A link or pipe that has the name of a part is not written to. */
static void a_part_is_a_file_of_its_own(void **state)
{
  (void)state;
  temp_write("precious", 8, "precious");
  char part[512];
  snprintf(part, sizeof part, "%s", temp_path("own.part"));
  for (int kind = 0; kind < 12; kind++) {
    if (kind % 4 == 0) assert_int_equal(symlink(temp_path("precious"), part), 0);
    if (kind % 4 == 1) assert_int_equal(symlink(temp_path("nowhere"), part), 0);
    if (kind % 4 == 2) assert_int_equal(link(temp_path("precious"), part), 0);
    if (kind % 4 == 3) assert_int_equal(mkfifo(part, 0600), 0);
    if (kind < 4) {
      if (kind % 2) CHECK_OK(ip_part_clear(part));
      CHECK_OK(ip_file_write(temp_path("own"), "own"));
      check_content("own", "own");
    } else if (kind < 8) {
      CHECK_OK(ip_file_copy(temp_path("own"), part));
      check_content("own.part", "own");
    } else {
      ip_h5 *h;
      CHECK_OK(ip_h5_create(part, &h));
      CHECK_OK(ip_h5_close(&h));
    }
    check_content("precious", "precious");
    assert_false(temp_exists("nowhere"));
    unlink(part);
  }
  assert_int_equal(mkdir(part, 0700), 0);
  CHECK_FAILS(ip_file_write(temp_path("own"), "new"), IP_EIO, "own.part: cannot be written: Is a directory");
  CHECK_FAILS(ip_part_clear(part), IP_EIO, "own.part: cannot be written: Is a directory");
  assert_int_equal(rmdir(part), 0);
}

static void a_copy_has_the_same_bytes(void **state)
{
  (void)state;
  size_t n = 300007, got;
  char *bytes = malloc(n), *text;
  for (size_t i = 0; i < n; i++) bytes[i] = (char)(i * i >> 3);
  temp_write("from", n, bytes);
  CHECK_OK(ip_file_copy(temp_path("from"), temp_path("to")));
  CHECK_OK(ip_file_read(temp_path("to"), n, &got, &text));
  assert_int_equal(got, n);
  assert_memory_equal(text, bytes, n);
  ip_free(text);
  CHECK_FAILS(ip_file_read(temp_path("to"), n - 1, &got, &text), IP_EIO, "is larger than 300006 bytes");
  static const struct {
    int error;
    ip_status status;
  } known[] = {{EXDEV, IP_OK},      {ENOSYS, IP_OK},     {EINVAL, IP_OK},
               {EOPNOTSUPP, IP_OK}, {ENOSPC, IP_ENOSPC}, {EIO, IP_EIO}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    most_at_once = 7000, n_ranges = 0, range_errno = known[i].error, interrupted = known[i].status == IP_OK;
    ip_error_clear();
    ip_status st = ip_file_copy(temp_path("from"), temp_path("in_pieces"));
    most_at_once = 0, interrupted = false;
    assert_int_equal(st, known[i].status);
    assert_int_equal(temp_exists("in_pieces"), st == IP_OK);
    if (st == IP_OK) {
      CHECK_OK(ip_file_read(temp_path("in_pieces"), n, &got, &text));
      assert_int_equal(got, n);
      assert_memory_equal(text, bytes, n);
      ip_free(text);
    } else
      assert_non_null(strstr(ip_error_message(), "from: cannot be copied to "));
    unlink(temp_path("in_pieces"));
  }
  ip_error_clear();
  temp_write("from", 0, "");
  CHECK_OK(ip_file_copy(temp_path("from"), temp_path("to")));
  check_content("to", "");
  free(bytes);
}

static void folders_are_made_with_their_parents(void **state)
{
  (void)state;
  CHECK_OK(ip_folder_create(temp_path("x/y//z")));
  CHECK_OK(ip_folder_create(temp_path("x/y/z/")));
  CHECK_OK(ip_file_write(temp_path("x/y/z/file"), ""));
  CHECK_FAILS(ip_folder_create(temp_path("x/y/z/file")), IP_EIO, "Not a directory");
  CHECK_FAILS(ip_folder_create(temp_path("x/y/z/file/w")), IP_EIO, "Not a directory");
  uint64_t room;
  CHECK_OK(ip_folder_room(temp_folder, &room));
  assert_int_equal(room, 7 * 512);
  CHECK_FAILS(ip_folder_room(temp_path("none"), &room), IP_EIO, "No such file");
}

static void a_place_is_looked_at_before_long_work(void **state)
{
  (void)state;
  CHECK_OK(ip_file_check_place(temp_path("new"), false));
  CHECK_OK(ip_file_check_place("new", false)); /* the working directory */
  CHECK_OK(ip_file_check_place(temp_path("p/q/r/new"), true));
  CHECK_FAILS(ip_file_check_place(temp_path("p/q/r/new"), false), IP_EIO,
              "No such file or directory; make its directory");
  CHECK_FAILS(ip_file_check_place(temp_folder, false), IP_EIO, "is a directory; name a file");
  CHECK_OK(ip_file_write(temp_path("plain"), "text"));
  CHECK_OK(ip_file_check_place(temp_path("plain"), false));
  CHECK_FAILS(ip_file_check_place(temp_path("plain/a"), true), IP_EIO, "Not a directory; a parent of this path");
  assert_false(temp_exists("new") || temp_exists("p"));
  CHECK_EVERY_ALLOCATION(ip_file_check_place(temp_path("new"), false), (void)0);
}

static void what_is_not_there_is_named(void **state)
{
  (void)state;
  ip_draft *d;
  CHECK_FAILS(ip_draft_create(temp_path("none/a"), &d), IP_EIO, "none/a.part: cannot be written: No such file");
  assert_null(d);
  CHECK_FAILS(ip_file_copy(temp_path("none"), temp_path("to")), IP_EIO, "none: cannot be opened: No such file");
  CHECK_FAILS(ip_file_publish(temp_path("none"), temp_path("to")), IP_EIO, "none: cannot be brought to the disk");
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(ip_file_write(temp_path("d"), "text"), assert_false(temp_exists("d.part")));
  char *text = NULL;
  size_t n;
  CHECK_EVERY_ALLOCATION(ip_file_read(temp_path("from"), 1 << 20, &n, &text), ip_free(text));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_has_its_name_only_when_it_is_complete),
      cmocka_unit_test(a_file_reaches_the_disk_before_its_name),
      cmocka_unit_test(a_file_of_the_working_directory_reaches_the_disk_too),
      cmocka_unit_test(a_name_that_is_taken_by_a_directory_is_not_given),
      cmocka_unit_test(a_discarded_draft_leaves_the_old_file_alone),
      cmocka_unit_test(a_full_disk_leaves_the_old_file_and_no_rest),
      cmocka_unit_test(two_writers_of_one_file_do_not_mix),
      cmocka_unit_test(a_part_is_a_file_of_its_own),
      cmocka_unit_test(a_copy_has_the_same_bytes),
      cmocka_unit_test(folders_are_made_with_their_parents),
      cmocka_unit_test(a_place_is_looked_at_before_long_work),
      cmocka_unit_test(what_is_not_there_is_named),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
