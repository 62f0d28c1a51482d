/* Kills and full disks, at every single write to a file (before each; in the middle of and full at every third).
 *
 * This program takes the place of the system's write functions, counts them, and stops at the k-th: by SIGKILL before
 * it, by SIGKILL in its middle, or by failing from then on for lack of room. Each time a fresh process then goes on
 * with what is on disk, and must end with the same file as a run that was never disturbed. */
#define _GNU_SOURCE
#include "base/test/check.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/test/sample_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Epochs of a short run; of a long one, whose rows are more than one node of HDF5's index of chunks (64) holds, and how
 * many of these are there before the kills begin. */
enum { SHORT = 4, LONG = 67, LONG_BEGUN = 62 };
static size_t epochs_wanted;

typedef enum { UNDISTURBED, KILL_BEFORE, KILL_WITHIN, DISK_FULL } disturbance;

/* Shared with the children. */
static struct {
  size_t appended; /* epochs whose append has returned IP_OK */
  size_t resumed;  /* epochs found by the process that went on */
  int finished;    /* the process came to its end: the k-th write is beyond the last one */
} * shared;

static disturbance kind;
static long writes_left = -1;
static int disturbed;

/* Memory stays writable on a full disk. */
static int is_memory(int fd)
{
  char link[64], target[64] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return readlink(link, target, sizeof target - 1) > 0 && strstr(target, "memfd:") != NULL;
}

/* Writes since `n_seen` was set to 0. */
static struct {
  char file[16]; /* the end of its name */
  off_t at;
  size_t n;
  uint64_t value; /* of 8 bytes */
} seen[64];
static size_t n_seen;

static void note_write(int fd, const void *bytes, size_t n, off_t at)
{
  char link[64], target[600] = "";
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, target, sizeof target - 1);
  if (n_seen < sizeof seen / sizeof *seen) {
    snprintf(seen[n_seen].file, sizeof seen->file, "%s", length > 10 ? target + length - 10 : "");
    seen[n_seen].at = at;
    seen[n_seen].n = n;
    seen[n_seen].value = 0;
    if (n == 8) memcpy(&seen[n_seen].value, bytes, n);
  }
  n_seen++;
}

/* Whether this write is to be the last; counts it. */
static int is_last(void)
{
  if (kind == UNDISTURBED || writes_left-- != 0) return 0;
  disturbed = 1;
  return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at)
{
  note_write(fd, bytes, n, at);
  if (!is_memory(fd) && is_last()) {
    if (kind == KILL_WITHIN) syscall(SYS_pwrite64, fd, bytes, n / 2, at);
    if (kind != DISK_FULL) raise(SIGKILL);
    writes_left = 0; /* and it stays full */
    errno = ENOSPC;
    return -1;
  }
  return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
  return pwrite64(fd, bytes, n, at);
}

int ftruncate64(int fd, off_t size)
{
  if (kind != DISK_FULL && is_last()) raise(SIGKILL);
  return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
  return ftruncate64(fd, size);
}

/* Kills leave what was written to the system alone; only a power cut needs the disk, and this test has none. */
int fsync(int fd)
{
  (void)fd;
  return 0;
}

int rename(const char *from, const char *to)
{
  if (kind != DISK_FULL && is_last()) raise(SIGKILL);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
  if (kind != DISK_FULL && is_last()) raise(SIGKILL);
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); /* arm64 has no unlink of its own */
}

/* ---------------------------------------------------------------- one process */

/* Every number of the epochs that a file says are complete is the one that was appended. */
static ip_status check_epochs(ip_run *r)
{
  float t[SAMPLE_N * SAMPLE_WIDTH];
  double value[LONG * SAMPLE_LAYERS];
  size_t n_epochs = ip_run_n_epochs(r);
  for (size_t e = 0; e < n_epochs; e++) {
    int64_t epoch = 3 * (int64_t)e;
    if (ip_run_epochs(r)[e] != epoch) IP_FAIL(IP_EFORMAT, "epoch %zu is not that one", e);
    for (size_t k = 0; k < SAMPLE_LAYERS; k++) {
      IP_TRY(ip_run_read_activation(r, k, e, t));
      for (size_t i = 0; i < SAMPLE_N * sample_layer[k].width; i++)
        if ((double)fabsf(t[i] - sample_value(epoch, k, i)) > 0)
          IP_FAIL(IP_EFORMAT, "epoch %zu of %zu, layer %zu: an activation is not that", e, n_epochs, k + 1);
    }
    IP_TRY(ip_run_read_mean(r, 0, e, t));
    if ((double)fabsf(t[5] + sample_value(epoch, 0, 5)) > 0) IP_FAIL(IP_EFORMAT, "epoch %zu: a mean is not that", e);
  }
  IP_TRY(ip_run_read_metric(r, "train/accuracy", value));
  for (size_t e = 0; e < n_epochs; e++)
    if (fabs(value[e] - (3 * (double)e + 0.125)) > 0) IP_FAIL(IP_EFORMAT, "epoch %zu: a metric is not that", e);
  IP_TRY(ip_run_read_layer_metric(r, "gradient_mean", value));
  for (size_t e = 0; e < n_epochs; e++)
    if (fabs(value[e * SAMPLE_LAYERS + 1] - (30 * (double)e + 3)) > 0)
      IP_FAIL(IP_EFORMAT, "epoch %zu: a metric of a layer is not that", e);
  return IP_OK;
}

/* Train, estimate, publish: whatever is missing, as the program does it. */
static ip_status work(const char *path)
{
  ip_run_writer *w = NULL;
  ip_run *r = NULL;
  char part[600];
  snprintf(part, sizeof part, "%s.part", path);
  if (!access(path, F_OK)) return IP_OK;
  size_t n_epochs = 0, n_state;
  int64_t next = 0;
  void *bytes;
  bool opened = !access(part, F_OK) && ip_run_open(part, &r) == IP_OK;
  bool trained = opened && strcmp(ip_run_status(r), "running") != 0;
  bool estimated = trained && ip_run_n_information(r) > 0;
  if (trained) n_epochs = ip_run_n_epochs(r);
  ip_status found = opened ? check_epochs(r) : IP_OK;
  ip_run_close(&r);
  IP_TRY(found);
  ip_error_clear();
  if (!trained) {
    ip_run_head head = sample_head(epochs_wanted);
    IP_TRY(ip_run_writer_resume(path, &head, &w, &n_epochs, &next, &n_state, &bytes));
    if (w && (n_state != SAMPLE_STATE || ((unsigned char *)bytes)[50] != n_epochs || next != 3 * (int64_t)n_epochs - 2))
      IP_FAIL(IP_EFORMAT, "the state is not that of epoch %zu", n_epochs);
    ip_free(bytes);
  }
  shared->resumed = n_epochs;
  if (!trained) {
    ip_run_head head = sample_head(epochs_wanted);
    ip_status st = w ? IP_OK : ip_run_writer_create(path, &head, &w);
    for (size_t e = n_epochs; st == IP_OK && e < epochs_wanted; e++)
      if ((st = sample_append(w, e)) == IP_OK) shared->appended = e + 1;
    if (st == IP_OK) st = sample_end(w);
    ip_run_writer_destroy(&w);
    IP_TRY(st);
  }
  if (!estimated) IP_TRY(sample_inform(part, "edges", epochs_wanted, 1));
  return ip_run_publish(path, true);
}

/* The first LONG_BEGUN epochs of a long run, in begun.h5.part. */
static ip_status begin_long(const char *path)
{
  ip_run_writer *w;
  ip_run_head head = sample_head(LONG);
  IP_TRY(ip_run_writer_create(path, &head, &w));
  ip_status st = IP_OK;
  for (size_t e = 0; st == IP_OK && e < LONG_BEGUN; e++) st = sample_append(w, e);
  ip_run_writer_destroy(&w);
  return st;
}

/* Runs `work` in a new process; its wait status. HDF5 is never used by this process before a fork. */
static int process(const char *path, disturbance d, long at)
{
  shared->finished = 0;
  pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL); /* not cmocka's handler, which would go on with the next test here */
    kind = d;
    writes_left = at;
    ip_status st = work(path);
    shared->finished = !disturbed;
    kind = UNDISTURBED;
    if (st != IP_OK && d != DISK_FULL) fprintf(stderr, "%s\n%s", ip_error_message(), ip_error_backtrace());
    if (st != IP_OK && !strstr(ip_error_message(), "No space left") && d == DISK_FULL)
      fprintf(stderr, "write %ld: %s\n", at, ip_error_message());
    exit(ip_status_exit(st)); /* with the exit handlers of HDF5 */
  }
  int status = 0;
  assert_true(child > 0 && waitpid(child, &status, 0) == child);
  return status;
}

static void compare(const char *whole, const char *path)
{
  char command[1400];
  snprintf(command, sizeof command, "h5diff --exclude-path /provenance '%s/%s' '%s'", temp_folder, whole, path);
  if (system(command)) fail_msg("%s differs from an undisturbed run", path);
}

/* Puts the begun long run where the next process finds it. */
static void put_begun(const char *path)
{
  char command[2400];
  if (!temp_exists("begun.h5.part")) {
    pid_t child = fork();
    if (child == 0) _exit(begin_long(temp_path("begun.h5")) != IP_OK);
    int status = 1;
    assert_true(waitpid(child, &status, 0) == child && status == 0);
  }
  snprintf(command, sizeof command, "cp '%s/begun.h5.part' '%s.part' && cp '%s/begun.h5.state' '%s.state'", temp_folder,
           path, temp_folder, path);
  assert_int_equal(system(command), 0);
}

/* Every `step`-th write, of a short run or of the end of a long one. */
static void disturb_everywhere(disturbance d, long step, size_t n_epochs)
{
  char path[512];
  const char *whole = n_epochs == LONG ? "long.h5" : "short.h5";
  snprintf(path, sizeof path, "%s", temp_path("run.h5"));
  memset(shared, 0, sizeof *shared);
  epochs_wanted = n_epochs;
  if (!temp_exists(whole)) assert_int_equal(process(temp_path(whole), UNDISTURBED, -1), 0);
  long at = 0;
  for (int over = 0; !over; at += step) {
    syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (n_epochs == LONG) put_begun(path);
    memset(shared, 0, sizeof *shared);
    int status = process(path, d, at);
    over = shared->finished;
    if (!over && d != DISK_FULL) assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    if (!over && d == DISK_FULL && !(WIFEXITED(status) && WEXITSTATUS(status) == ip_status_exit(IP_ENOSPC)))
      fail_msg("a full disk at write %ld ends with wait status %d", at, status);
    size_t appended = shared->appended ? shared->appended : n_epochs == LONG ? LONG_BEGUN : 0;
    shared->resumed = n_epochs;
    assert_int_equal(process(path, UNDISTURBED, -1), 0);
    if (!over && access(path, F_OK)) fail_msg("after write %ld the run was not finished", at);
    if (!over && shared->resumed < appended)
      fail_msg("write %ld: %zu epochs were appended, %zu found again", at, appended, shared->resumed);
    assert_false(temp_exists("run.h5.part") || temp_exists("run.h5.state"));
    if (at % 15 == 0 || over) compare(whole, path);
  }
  assert_true(at > 100);
}

static void a_kill_before_any_write_loses_no_complete_epoch(void **state)
{
  (void)state;
  disturb_everywhere(KILL_BEFORE, 1, SHORT);
}

static void a_kill_while_the_rows_of_a_long_run_grow_loses_no_complete_epoch(void **state)
{
  (void)state;
  disturb_everywhere(KILL_BEFORE, 1, LONG);
}

static void a_kill_in_the_middle_of_a_write_loses_no_complete_epoch(void **state)
{
  (void)state;
  disturb_everywhere(KILL_WITHIN, 3, SHORT);
}

/* An epoch counts once /epoch is longer: that is the last of its writes, after the rows, the state and its number. The
 * length has one place, to which nothing else is written. */
static int append_and_count(void)
{
  enum { N_ROWS = 3 + SAMPLE_METRICS + 2 * SAMPLE_LAYERS, N_STATE = 2, N_COUNT = 2 };
  ip_run_writer *w;
  ip_run_head head = sample_head(SHORT);
  int wrong = ip_run_writer_create(temp_path("ordered.h5"), &head, &w) != IP_OK;
  off_t length = 0;
  for (size_t e = 0; e < SHORT && !wrong; e++) {
    n_seen = 0;
    wrong = sample_append(w, e) != IP_OK || n_seen != N_ROWS + N_STATE + N_COUNT;
    if (wrong) break;
    size_t last = n_seen - 1;
    if (e == 0) length = seen[last].at;
    wrong = seen[last].at != length || seen[last].n != 8 || seen[last].value != e + 1;
    wrong |= seen[last - 1].n != 8 || seen[last - 1].value != 3 * e; /* the epoch's number */
    for (size_t i = 0; i < last; i++) {
      bool is_state = i >= N_ROWS && i < N_ROWS + N_STATE;
      wrong |= !strstr(seen[i].file, is_state ? ".h5.state" : ".h5.part");
      wrong |= !is_state && seen[i].at < length + 8 && seen[i].at + (off_t)seen[i].n > length;
    }
  }
  if (wrong) fprintf(stderr, "%zu writes, the last of %zu bytes\n", n_seen, n_seen ? seen[n_seen - 1].n : 0);
  ip_run_writer_destroy(&w);
  return wrong;
}

static void the_last_write_of_an_epoch_counts_it(void **state)
{
  (void)state;
  pid_t child = fork();
  if (child == 0) _exit(append_and_count());
  int status = 1;
  assert_true(waitpid(child, &status, 0) == child);
  assert_int_equal(status, 0);
}

static void a_full_disk_at_some_write_stops_cleanly_and_loses_no_complete_epoch(void **state)
{
  (void)state;
  disturb_everywhere(DISK_FULL, 3, SHORT);
}

int main(void)
{
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_kill_before_any_write_loses_no_complete_epoch),
      cmocka_unit_test(a_kill_while_the_rows_of_a_long_run_grow_loses_no_complete_epoch),
      cmocka_unit_test(a_kill_in_the_middle_of_a_write_loses_no_complete_epoch),
      cmocka_unit_test(the_last_write_of_an_epoch_counts_it),
      cmocka_unit_test(a_full_disk_at_some_write_stops_cleanly_and_loses_no_complete_epoch),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
