/* What replaces the contents of a file that others may use, and what stays as it was. */
#define _GNU_SOURCE /* realpath */
#include "file/hold.h"

#include "base/stop.h"
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/content.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

/* This program takes the place of nanosleep, which then lasts no time with `hurry`, of fsync, which is counted, and of
 * copy_file_range, which fails with `range_errno`. */
static int n_steps, n_syncs, range_errno;
static bool hurry;

int nanosleep(const struct timespec *step, struct timespec *rest)
{
  n_steps++;
  return hurry ? 0 : (int)syscall(SYS_nanosleep, step, rest);
}

int fsync(int fd)
{
  n_syncs++;
  return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t n, unsigned int flags)
{
  errno = range_errno;
  return range_errno ? -1 : syscall(SYS_copy_file_range, in, in_at, out, out_at, n, flags);
}

static struct stat stat_of(const char *name)
{
  struct stat s;
  assert_int_equal(stat(temp_path(name), &s), 0);
  return s;
}

/* Replaces the contents of the file `name`. */
static ip_status replace(const char *name, const char *content)
{
  ip_hold *h;
  temp_write("fresh", strlen(content), content);
  IP_TRY(ip_hold_take(temp_path(name), &h));
  ip_status st = ip_hold_replace(h, temp_path("fresh"), true);
  ip_hold_release(&h);
  assert_null(h);
  ip_hold_release(&h);
  return st;
}

/* Mode, owner (where this process may give files away) and attributes (where there are any) go with the name. */
static void a_replaced_file_keeps_what_is_not_contents(void **state)
{
  (void)state;
  char value[16] = "";
  temp_write("a", 3, "old");
  bool given = chown(temp_path("a"), 12, 34) == 0, has = !setxattr(temp_path("a"), "user.note", "kept", 5, 0);
  bool empty = !setxattr(temp_path("a"), "user.empty", "", 0, 0);
  assert_int_equal(chmod(temp_path("a"), 02640), 0);
  struct stat old = stat_of("a");
  CHECK_OK(replace("a", "new and longer"));
  struct stat new = stat_of("a");
  check_content("a", "new and longer");
  assert_false(temp_exists("fresh"));
  assert_true(new.st_ino != old.st_ino &&new.st_mode == old.st_mode);
  assert_true(new.st_uid == old.st_uid &&new.st_gid == old.st_gid);
  assert_true(!given || (new.st_uid == 12 && new.st_gid == 34));
  assert_true(!has || getxattr(temp_path("a"), "user.note", value, sizeof value) == 5);
  assert_string_equal(value, has ? "kept" : "");
  assert_true(!empty || getxattr(temp_path("a"), "user.empty", value, sizeof value) == 0);
}

/* A file with several names stays the same file, with nothing behind the new end. */
static void all_names_of_a_file_have_the_new_contents(void **state)
{
  (void)state;
  temp_write("one", 11, "old content");
  assert_int_equal(link(temp_path("one"), temp_path("other")), 0);
  struct stat old = stat_of("one");
  for (int i = 0; i < 2; i++) {
    const char *content = i ? "longer than the old content" : "new";
    CHECK_OK(replace("one", content));
    check_content("one", content);
    check_content("other", content);
    assert_false(temp_exists("fresh"));
    assert_true(stat_of("one").st_ino == old.st_ino);
  }
}

static void a_symbolic_link_leads_to_the_file_that_is_replaced(void **state)
{
  (void)state;
  char path[512];
  temp_write("real", 3, "old");
  assert_int_equal(symlink("real", temp_path("link")), 0);
  ip_hold *h;
  CHECK_OK(ip_hold_take(temp_path("link"), &h));
  assert_true(realpath(temp_path("real"), path) && !strcmp(ip_hold_path(h), path));
  ip_hold_release(&h);
  CHECK_OK(replace("link", "new"));
  check_content("real", "new");
  struct stat s;
  assert_true(lstat(temp_path("link"), &s) == 0 && S_ISLNK(s.st_mode));
}

/* A reader of HDF5 holds a shared lock. It keeps the old file, unless the file must stay the same one. */
static void readers_keep_out_only_what_would_change_their_file(void **state)
{
  (void)state;
  temp_write("read", 3, "old");
  int reader = open(temp_path("read"), O_RDONLY);
  assert_true(reader >= 0 && flock(reader, LOCK_SH) == 0);
  CHECK_OK(replace("read", "new"));
  check_content("read", "new");
  char old[4] = "";
  assert_true(read(reader, old, 3) == 3 && !strcmp(old, "old"));
  close(reader);
  assert_int_equal(link(temp_path("read"), temp_path("read2")), 0);
  reader = open(temp_path("read"), O_RDONLY);
  assert_true(reader >= 0 && flock(reader, LOCK_SH) == 0);
  CHECK_FAILS(replace("read", "newer"), IP_ELOCKED,
              "read: has several names or an owner that must stay, and another process has it open; close it there");
  assert_false(temp_exists("fresh"));
  check_content("read", "new");
  close(reader);
  CHECK_OK(replace("read", "newer"));
  check_content("read2", "newer");
}

static void without_room_the_file_stays_as_it_was(void **state)
{
  (void)state;
  struct rlimit old, small;
  temp_write("room", 3, "old");
  assert_int_equal(link(temp_path("room"), temp_path("room2")), 0);
  ip_hold *h;
  temp_write("fresh", 8, "too long");
  getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  small.rlim_cur = 5;
  signal(SIGXFSZ, SIG_IGN);
  CHECK_OK(ip_hold_take(temp_path("room"), &h));
  setrlimit(RLIMIT_FSIZE, &small);
  ip_error_clear();
  ip_status st = ip_hold_replace(h, temp_path("fresh"), false);
  setrlimit(RLIMIT_FSIZE, &old);
  assert_int_equal(st, IP_EIO);
  assert_non_null(strstr(ip_error_message(), "room: cannot be written: File too large"));
  ip_error_clear();
  ip_hold_release(&h);
  check_content("room", "old");
  assert_false(temp_exists("fresh"));
}

/* Where half of the new contents may be in the file, all of them stay beside it. */
static void contents_that_could_not_be_written_to_the_end_stay(void **state)
{
  (void)state;
  ip_hold *h;
  temp_write("one end", 3, "old");
  unlink(temp_path("other end"));
  assert_int_equal(link(temp_path("one end"), temp_path("other end")), 0);
  temp_write("fresh", 3, "new");
  CHECK_OK(ip_hold_take(temp_path("one end"), &h));
  static const int error[] = {EIO, ENOSPC};
  for (size_t i = 0; i < 2; i++) {
    range_errno = error[i];
    CHECK_FAILS(ip_hold_replace(h, temp_path("fresh"), true), i ? IP_ENOSPC : IP_EIO,
                i ? "one end: could not be written to its end: No space left on device; its complete contents are in "
                  : "one end: could not be written to its end: Input/output error; its complete contents are in ");
    range_errno = 0;
    check_content("fresh", "new");
  }
  CHECK_OK(ip_hold_replace(h, temp_path("fresh"), true));
  ip_hold_release(&h);
  check_content("other end", "new");
}

static void a_file_is_brought_to_the_disk_if_that_is_asked_for(void **state)
{
  (void)state;
  for (int sync = 0; sync < 2; sync++) {
    ip_hold *h;
    temp_write("sync", 3, "old");
    temp_write("fresh", 3, "new");
    CHECK_OK(ip_hold_take(temp_path("sync"), &h));
    n_syncs = 0;
    CHECK_OK(ip_hold_replace(h, temp_path("fresh"), sync));
    assert_true((n_syncs > 0) == sync);
    ip_hold_release(&h);
    check_content("sync", "new");
    assert_false(temp_exists("fresh"));
  }
}

static void what_cannot_be_held_is_named(void **state)
{
  (void)state;
  ip_hold *h;
  CHECK_FAILS(ip_hold_take(temp_path("none"), &h), IP_EIO, "none: cannot be opened: No such file or directory");
  assert_null(h);
  CHECK_FAILS(ip_hold_take(temp_folder, &h), IP_EIO, "cannot be written: Is a directory");
  assert_null(h);
  temp_write("held", 3, "old");
  CHECK_OK(ip_hold_take(temp_path("held"), &h));
  CHECK_FAILS(ip_hold_replace(h, temp_path("no fresh"), true), IP_EIO, "no fresh: cannot be opened: No such file");
  ip_hold_release(&h);
  check_content("held", "old");
}

/* A child process that holds the file until the other end of the pipe is closed; it may write HDF5, or be an infoplane.
 */
static pid_t hold_in_child(const char *name, bool is_infoplane, int *end)
{
  int ready[2], go[2];
  char byte;
  assert_true(pipe(ready) == 0 && pipe(go) == 0);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    ip_hold *h;
    close(go[1]);
    int fd = is_infoplane ? -1 : open(temp_path(name), O_RDWR);
    bool held = is_infoplane ? ip_hold_take(temp_path(name), &h) == IP_OK : fd >= 0 && flock(fd, LOCK_EX) == 0;
    if (!held || write(ready[1], "x", 1) != 1) _exit(1);
    _exit(read(go[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(ready[1]);
  close(go[0]);
  assert_int_equal(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  *end = go[1];
  return pid;
}

static void one_process_at_a_time_holds_a_file(void **state)
{
  (void)state;
  temp_write("shared", 3, "old");
  for (int is_infoplane = 0; is_infoplane < 2; is_infoplane++) {
    ip_hold *h;
    int end, status;
    pid_t pid = hold_in_child("shared", is_infoplane, &end);
    ip_stop_set(true); /* whoever waits can be stopped */
    CHECK_FAILS(ip_hold_take(temp_path("shared"), &h), IP_ESTOPPED, "stopped on request");
    ip_stop_set(false);
    assert_null(h);
    close(end);
    CHECK_OK(ip_hold_take(temp_path("shared"), &h)); /* waits for its end */
    ip_hold_release(&h);
    assert_true(waitpid(pid, &status, 0) == pid && status == 0);
  }
}

/* A program that writes HDF5 for longer than anybody waits is named, as far as this system knows it. */
static void a_writer_that_does_not_end_is_named(void **state)
{
  (void)state;
  int end, status;
  char expected[200];
  ip_hold *h;
  temp_write("busy", 3, "old");
  pid_t pid = hold_in_child("busy", false, &end);
  n_steps = 0;
  hurry = true;
  CHECK_FAILS(ip_hold_take(temp_path("busy"), &h), IP_ELOCKED,
              " has it open for writing; nothing is added to it before it is closed: wait for that program");
  assert_null(h);
  assert_int_equal(n_steps, 250); /* of 20 ms */
  char name[32] = "";
  FILE *comm = fopen("/proc/self/comm", "r");
  if (comm && fgets(name, sizeof name, comm)) name[strcspn(name, "\n")] = 0;
  if (comm) fclose(comm);
  snprintf(expected, sizeof expected, "busy: %s (process %d) has it open", name, (int)pid);
  ip_error_clear();
  assert_int_equal(ip_hold_take(temp_path("busy"), &h), IP_ELOCKED);
  hurry = false;
  if (!strstr(ip_error_message(), "another process has it")) assert_non_null(strstr(ip_error_message(), expected));
  ip_error_clear();
  close(end);
  assert_true(waitpid(pid, &status, 0) == pid && status == 0);
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  ip_hold *h = NULL;
  CHECK_EVERY_ALLOCATION(ip_hold_take(temp_path("held"), &h), ip_hold_release(&h));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_replaced_file_keeps_what_is_not_contents),
      cmocka_unit_test(all_names_of_a_file_have_the_new_contents),
      cmocka_unit_test(a_symbolic_link_leads_to_the_file_that_is_replaced),
      cmocka_unit_test(readers_keep_out_only_what_would_change_their_file),
      cmocka_unit_test(without_room_the_file_stays_as_it_was),
      cmocka_unit_test(contents_that_could_not_be_written_to_the_end_stay),
      cmocka_unit_test(a_file_is_brought_to_the_disk_if_that_is_asked_for),
      cmocka_unit_test(what_cannot_be_held_is_named),
      cmocka_unit_test(one_process_at_a_time_holds_a_file),
      cmocka_unit_test(a_writer_that_does_not_end_is_named),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("file/hold", tests, temp_create, temp_remove);
}
