/* pool_worker.h - a pool whose workers do as they are told.
 *
 * Workers are started by executing the running program again, which is the test: called as `worker --threads N -- DIR
 * POINT` it adds a line to DIR/calls and then acts out the file DIR/act-POINT. main() begins with ACT_IF_WORKER. */
#ifndef IP_SWEEP_TEST_POOL_WORKER_H
#define IP_SWEEP_TEST_POOL_WORKER_H

#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "sweep/sweep.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define ACT_IF_WORKER(argc, argv)                                                                                      \
  if (argc == 7 && !strcmp(argv[1], "worker") && !strcmp(argv[4], "--")) return act(argv[5], argv[6], argv[3])

/* ---------------------------------------------------------------- the worker */

static inline void block_all_signals(void)
{
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
}

static inline void sleep_ms(long ms)
{
  nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static inline void write_sign_of_life(void)
{
  sleep_ms(50);
  puts("");
  fflush(stdout);
}

static inline bool is_said(const char *folder, const char *message)
{
  char path[600], text[4000];
  snprintf(path, sizeof path, "%s/messages", folder);
  FILE *in = fopen(path, "r");
  text[in ? fread(text, 1, sizeof text - 1, in) : 0] = 0;
  if (in) fclose(in);
  return in && strstr(text, message);
}

static inline int wait_for_message(const char *folder, const char *message)
{
  for (int i = 0; i < 1000; i++) {
    if (is_said(folder, message)) return 0;
    sleep_ms(10);
  }
  return 9;
}

/* What stands before the next ';' of a script, which is moved behind it; NULL at its end. */
static inline char *next_word(char **script)
{
  char *word = *script, *end = word ? strchr(word, ';') : NULL;
  if (end) *end = 0;
  *script = end ? end + 1 : NULL;
  return word;
}

static inline int say(const char *folder, char *script)
{
  for (char *message, *line; (message = next_word(&script));) {
    if (wait_for_message(folder, message)) return 9;
    if ((line = next_word(&script))) puts(line);
    fflush(stdout);
  }
  return 0;
}

/* What the file says: "ok", "kill" (itself, each time), "kill once", "fail MESSAGE", "full MESSAGE" (for want of
 * space on the disk), "fail MESSAGE" after much else with "chat MESSAGE", "stop" or "stop once" (as on a request),
 * "halt" (stopped by a signal, then ok), "halt once", "wait" (until it is ended), "hang once", "deaf" (waits with all
 * signals blocked), "chirp N" (signs of life, N times in 50 ms), "chirp until MESSAGE", "until MESSAGE" (the sweep has
 * said so), "say MESSAGE;LINE;MESSAGE;LINE..." (each line once the sweep has said the message before it). No file: ok.
 */
static inline int act(const char *folder, const char *point, const char *threads)
{
  char path[600], does[400] = "ok", line[64];
  snprintf(path, sizeof path, "%s/calls", folder);
  FILE *calls = fopen(path, "a");
  snprintf(line, sizeof line, "%s/%s/%d\n", point, threads, (int)getpid());
  if (!calls || fputs(line, calls) < 0 || fclose(calls)) return 9;
  snprintf(path, sizeof path, "%s/act-%s", folder, point);
  FILE *in = fopen(path, "r");
  if (in && !fgets(does, sizeof does, in)) return 9;
  if (in) fclose(in);
  if (strstr(does, " once") && unlink(path)) return 9;
  if (!strncmp(does, "kill", 4)) raise(SIGKILL);
  bool deaf = !strcmp(does, "deaf"), waits = deaf || !strcmp(does, "wait") || !strcmp(does, "hang once");
  if (deaf) block_all_signals();
  if (waits) alarm(20); /* a test that fails does not hang */
  while (waits) pause();
  if (!strncmp(does, "halt", 4)) return raise(SIGSTOP); /* and then ok */
  if (!strncmp(does, "until ", 6)) return wait_for_message(folder, does + 6);
  if (!strncmp(does, "say ", 4)) return say(folder, does + 4);
  bool until = !strncmp(does, "chirp until ", 12);
  if (!strncmp(does, "chirp ", 6)) {
    for (int i = 0; until ? i < 1000 && !is_said(folder, does + 12) : i < atoi(does + 6); i++) write_sign_of_life();
    return 0;
  }
  if (!strncmp(does, "stop", 4)) return ip_status_exit(IP_ESTOPPED);
  for (int i = 0; i < 1000 && !strncmp(does, "chat ", 5); i++) fprintf(stderr, "warning %d of a library\n", i);
  bool full = !strncmp(does, "full ", 5);
  if (!full && strncmp(does, "fail ", 5) != 0 && strncmp(does, "chat ", 5) != 0) return strcmp(does, "ok") ? 9 : 0;
  fprintf(stderr, "infoplane: %s\n", does + 5);
  return ip_status_exit(full ? IP_ENOSPC : IP_EIO);
}

/* ---------------------------------------------------------------- what the tests look at */

static const char *folder_name;
static double silent_s; /* the limit of the pool */

/* An empty results directory for an experiment of n points, all alike. */
static inline ip_experiment *begin(const char *name, int n, const char *more)
{
  char text[400];
  snprintf(text, sizeof text,
           "name: sample\nrepeats: %d\nseed: 0\nnetwork: {hidden: [3]}\ntraining: {epochs: 10}\nestimators: [edges]\n"
           "figures: []\n%s",
           n, more);
  folder_name = name;
  ip_experiment *e;
  CHECK_OK(ip_folder_create(temp_path(name)));
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &e));
  return e;
}

static inline const char *inside(const char *name)
{
  char path[200];
  snprintf(path, sizeof path, "%s/%s", folder_name, name);
  return temp_path(path);
}

static inline void tell(size_t point, const char *act)
{
  char name[32];
  snprintf(name, sizeof name, "act-%zu", point);
  CHECK_OK(ip_file_write(inside(name), act));
}

/* One number of every call of a worker, in order: 0 its point, 1 its threads, 2 its pid. */
static inline size_t read_calls(int which, long *value /* (64) */)
{
  FILE *in = fopen(inside("calls"), "r");
  size_t n = 0;
  long v[3];
  if (!in) return 0;
  while (n < 64 && fscanf(in, "%ld/%ld/%ld", &v[0], &v[1], &v[2]) == 3) value[n++] = v[which];
  fclose(in);
  return n;
}

static inline void check_calls(size_t n, const long *expected)
{
  long got[64];
  assert_int_equal(read_calls(0, got), n);
  for (size_t i = 0; i < n; i++) assert_int_equal(got[i], expected[i]);
}

/* The events of a point in the journal, "started killed started done ". */
static inline const char *events_of(const char *journal, size_t point)
{
  static char events[200];
  char line[1000], word[32];
  size_t k;
  *events = 0;
  FILE *in = fopen(inside(journal), "r");
  assert_non_null(in);
  while (fgets(line, sizeof line, in))
    if (*line != '#' && sscanf(line, "%*s %31s %zu", word, &k) == 2 && k == point) strcat(strcat(events, word), " ");
  fclose(in);
  return events;
}

static inline const char *text_of(const char *name)
{
  static char text[4000];
  FILE *in = fopen(inside(name), "r");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = 0;
  fclose(in);
  return text;
}

static inline ip_status run_pool(const ip_experiment *e, size_t jobs, size_t n, ip_task *task, ip_pool_outcome *outcome)
{
  ip_results *r;
  ip_journal *j;
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  CHECK_OK(ip_results_open(temp_path(folder_name), (ip_shard){1, 1}, &r));
  CHECK_OK(ip_journal_open(r, &j));
  FILE *messages = fopen(inside("messages"), "w");
  assert_non_null(messages);
  ip_pool_options opt = {
      .results = r, .points = points, .journal = j, .jobs = jobs, .silent_s = silent_s, .messages = messages};
  ip_status st = ip_pool_run(&opt, n, task, outcome);
  fclose(messages);
  ip_journal_close(&j);
  ip_results_close(&r);
  ip_points_destroy(&points);
  return st;
}

static inline ip_status run_sweep(const ip_experiment *e, const ip_sweep_options *opt, ip_sweep_outcome *outcome)
{
  ip_points *points;
  IP_TRY(ip_points_create(e, &points));
  memset(outcome, 0xff, sizeof *outcome); /* it begins anew */
  ip_status st = ip_sweep_run(points, opt, outcome);
  ip_points_destroy(&points);
  return st;
}

/* Waits for a child; -1 when it has not ended after ten seconds. */
static inline int status_of(pid_t child)
{
  int status = -1;
  for (int i = 0; i < 1000; i++) {
    pid_t got = waitpid(child, &status, WNOHANG);
    if (got == child) return status;
    if (got < 0 && errno != EINTR && errno != ECHILD) break; /* ECHILD: not handed to this process yet */
    sleep_ms(10);
  }
  return -1;
}

#endif
