/* The lock of a results directory, held by others: by a live process, by one of another machine, by the workers of a
 * parent that has died. The time that a caller waits is counted, not waited for. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "study/lock.h"

#include "base/test/check.h"
#include "file/test/temp.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static double waited_s;
static bool waits; /* for others; not for this test's own sleeps */

int nanosleep(const struct timespec *t, struct timespec *rest)
{
  static int (*real)(const struct timespec *, struct timespec *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "nanosleep");
  if (!waits) return real(t, rest);
  waited_s += (double)t->tv_sec + 1e-9 * (double)t->tv_nsec;
  return 0;
}

static int flock_error; /* with which the next one fails; 0: none */

int flock(int fd, int operation)
{
  static int (*real)(int, int);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "flock");
  if (!flock_error) return real(fd, operation);
  errno = flock_error;
  flock_error = 0;
  return -1;
}

static const char *path_of(const char *name)
{
  static char path[500];
  snprintf(path, sizeof path, "%s", temp_path(name));
  return path;
}

static void check_locked(const char *path, const char *text, double expected_s)
{
  int fd;
  waited_s = 0;
  waits = true;
  CHECK_FAILS(ip_lock_take(path, false, &fd), IP_ELOCKED, text);
  waits = false;
  close(fd);
  CHECK_NEAR(waited_s, expected_s, 1e-9);
}

static void check_owner(const char *path)
{
  char host[256] = "", text[300] = "", expected[300];
  gethostname(host, 255);
  snprintf(expected, sizeof expected, "%d %s\n", (int)getpid(), host);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = 0;
  fclose(in);
  assert_string_equal(text, expected);
}

/* ---------------------------------------------------------------- owners that live */

static void the_owner_is_written_over_what_was_there(void **state)
{
  (void)state;
  int fd, again;
  temp_write("a.lock", 30, "123456789 a.host.with.a.name.\n");
  CHECK_OK(ip_lock_take(path_of("a.lock"), false, &fd));
  check_owner(temp_path("a.lock"));
  close(fd);
  CHECK_OK(ip_lock_take(path_of("a.lock"), true, &fd));
  CHECK_OK(ip_lock_take(path_of("a.lock"), true, &again)); /* shared by shards */
  check_locked(path_of("a.lock"), "a.lock: held by process ", 0);
  close(fd);
  close(again);
  CHECK_FAILS(ip_lock_take(path_of("no/a.lock"), false, &fd), IP_EIO,
              "no/a.lock: cannot be opened: No such file or directory; choose a writable directory with -o");
}

/* Of an owner that cannot be asked nobody knows whether it lives: the caller does not wait. */
static void of_other_owners_the_file_says_who_they_are(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"17 no.such.host\n", "held by process 17 on host no.such.host; wait for it"},
      {"17 no.such.host", "held by process 17 on host no.such.host; wait for it"},
      {"999999999 no.such.host\n", "held by process 999999999 on host no.such.host;"},
      {"x y\n", "held by process 0 on host y;"},
      {"17\n", "held by process 0 on host ?;"},
      {"", "held by process 0 on host ?;"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    temp_write("b.lock", strlen(cases[i][0]), cases[i][0]);
    int fd = open(path_of("b.lock"), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    check_locked(path_of("b.lock"), cases[i][1], 0);
    close(fd);
  }
}

/* What a stranger put in the place of the lock is not opened as one, and a failure is not taken for another owner. */
static void what_cannot_be_a_lock_is_refused(void **state)
{
  (void)state;
  static const struct {
    enum { LINK, FIFO, FOLDER, NO_LOCKS } what;
    const char *text;
  } cases[] = {{LINK, "d.lock: is a link or not a file; remove it, or choose another directory with -o"},
               {FIFO, "d.lock: is a link or not a file; remove it"},
               {FOLDER, "d.lock: cannot be opened: Is a directory; choose a writable directory with -o"},
               {NO_LOCKS, "d.lock: cannot be locked: No locks available"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int fd;
    temp_write("aim", 3, "aim");
    if (cases[i].what == LINK) assert_int_equal(symlink("aim", temp_path("d.lock")), 0);
    if (cases[i].what == FIFO) assert_int_equal(mkfifo(temp_path("d.lock"), 0600), 0);
    if (cases[i].what == FOLDER) assert_int_equal(mkdir(temp_path("d.lock"), 0700), 0);
    flock_error = cases[i].what == NO_LOCKS ? ENOLCK : 0;
    CHECK_FAILS(ip_lock_take(path_of("d.lock"), false, &fd), IP_EIO, cases[i].text);
    close(fd);
    assert_int_equal(remove(temp_path("d.lock")), 0);
  }
}

static void owners_elsewhere_are_seen_in_any_lock_of_the_directory(void **state)
{
  (void)state;
  char text[300], host[256] = "";
  gethostname(host, 255);
  static const struct {
    const char *file, *host; /* NULL: this one */
    bool here;
  } cases[] = {{".lock", NULL, true},
               {".lock-1-of-2", NULL, true},
               {"lock", "no.such.host", true}, /* no lock */
               {".lock-2-of-2", "no.such.host", false},
               {".lock", "no.such.host", false}};
  assert_true(ip_lock_owners_are_here(temp_path("nowhere")));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char folder[32], file[64];
    snprintf(folder, sizeof folder, "dir%zu", i);
    snprintf(file, sizeof file, "%s/%s", folder, cases[i].file);
    assert_int_equal(mkdir(temp_path(folder), 0755), 0);
    snprintf(text, sizeof text, "17 %s\n", cases[i].host ? cases[i].host : host);
    temp_write(file, strlen(text), text);
    assert_int_equal(ip_lock_owners_are_here(temp_path(folder)), cases[i].here);
  }
}

/* ---------------------------------------------------------------- owners that have died */

/* A parent that locks the file, starts (n) workers, which keep it open, and ends. Its pid; it is a zombie. */
static pid_t leave_workers(const char *path, int n, pid_t *worker)
{
  int to_us[2];
  assert_int_equal(pipe(to_us), 0);
  pid_t parent = fork();
  if (parent == 0) {
    int fd;
    if (ip_lock_take(path, false, &fd) != IP_OK) _exit(1);
    for (int i = 0; i < n; i++) {
      pid_t child = fork();
      if (child == 0) {
        alarm(20);                                      /* a test that fails leaves none behind */
        if (open("/dev/null", O_RDONLY) < fd) _exit(1); /* the lock is not the last of its files */
        for (;;) pause();
      }
      if (write(to_us[1], &child, sizeof child) != sizeof child) _exit(1);
    }
    _exit(0);
  }
  siginfo_t end = {0};
  assert_true(waitid(P_PID, (id_t)parent, &end, WEXITED | WNOWAIT) == 0 && end.si_status == 0);
  assert_int_equal(read(to_us[0], worker, (size_t)n * sizeof *worker), (size_t)n * sizeof *worker);
  close(to_us[0]);
  close(to_us[1]);
  return parent;
}

static void wait_for_stop(pid_t pid)
{
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  for (int i = 0; i < 10000 && state != 'T'; i++) {
    FILE *in = fopen(path, "r");
    if (in && fscanf(in, "%*d (%*[^)]) %c", &state) != 1) state = 0;
    if (in) fclose(in);
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
}

static void the_workers_of_a_dead_parent_are_waited_for_and_named(void **state)
{
  (void)state;
  pid_t worker[2];
  char text[400];
  int fd;
  pid_t parent = leave_workers(path_of("c.lock"), 2, worker);
  int least = worker[0] < worker[1] ? 0 : 1;
  snprintf(text, sizeof text,
           "c.lock: process %d has ended, but its workers have not: process %d, %d; wait for them, or choose another "
           "directory with -o",
           (int)parent, (int)worker[least], (int)worker[1 - least]);
  check_locked(path_of("c.lock"), text, 30);
  assert_int_equal(waitpid(parent, NULL, 0), parent); /* no longer a zombie, but gone */
  check_locked(path_of("c.lock"), text, 30);
  kill(worker[least], SIGSTOP);
  wait_for_stop(worker[least]);
  snprintf(text, sizeof text, "process %d, %d (a signal has stopped it: kill -CONT %d lets it end); wait for them",
           (int)worker[least], (int)worker[1 - least], (int)worker[least]);
  check_locked(path_of("c.lock"), text, 2);
  for (int i = 0; i < 2; i++) kill(worker[i], SIGKILL);
  CHECK_OK(ip_lock_take(path_of("c.lock"), false, &fd)); /* as soon as they have ended */
  check_owner(temp_path("c.lock"));
  close(fd);
}

static int by_value(const void *a, const void *b)
{
  const pid_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* The list ends with a whole number. */
static void of_many_workers_the_first_are_named(void **state)
{
  (void)state;
  enum { N = 20, ROOM = 128, LONGEST = 32 };
  pid_t worker[N];
  char list[ROOM + LONGEST] = "", text[400];
  int fd;
  pid_t parent = leave_workers(path_of("e.lock"), N, worker);
  qsort(worker, N, sizeof *worker, by_value);
  for (size_t i = 0; i < N && strlen(list) + LONGEST <= ROOM; i++)
    sprintf(list + strlen(list), "%s%d", i ? ", " : "", (int)worker[i]);
  snprintf(text, sizeof text, "its workers have not: process %s; wait for them", list);
  check_locked(path_of("e.lock"), text, 30);
  for (size_t i = 0; i < N; i++) kill(worker[i], SIGKILL);
  assert_int_equal(waitpid(parent, NULL, 0), parent);
  CHECK_OK(ip_lock_take(path_of("e.lock"), false, &fd));
  close(fd);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_owner_is_written_over_what_was_there),
      cmocka_unit_test(of_other_owners_the_file_says_who_they_are),
      cmocka_unit_test(what_cannot_be_a_lock_is_refused),
      cmocka_unit_test(owners_elsewhere_are_seen_in_any_lock_of_the_directory),
      cmocka_unit_test(the_workers_of_a_dead_parent_are_waited_for_and_named),
      cmocka_unit_test(of_many_workers_the_first_are_named),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
