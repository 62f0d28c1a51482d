#include "sweep/pool.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/stop.h"
#include "base/team.h"
#include "base/text.h"
#include "sweep/worker.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 2, WAKE_MS = 200, STOPPED_S = 3, SILENT_S = 600 };

typedef struct {
  ip_worker *worker; /* NULL: free */
  const ip_task *task;
  int tries;
  const char *run; /* its name */
  ip_worker_progress progress;
  bool started;      /* it has reported progress */
  double first;      /* epoch it went on from */
  double start_s;    /* of training */
  double estimate_s; /* start of estimating */
  double heard_s;    /* of its last progress */
  bool is_silent;    /* and that was reported */
} slot;

/* What a stage took: seconds of workers for an amount of work (epochs trained, runs estimated). */
typedef struct {
  double seconds, amount;
} rate;

typedef struct pool {
  const ip_pool_options *opt;
  size_t n;
  const ip_task *task; // (n) costliest first
  size_t next;
  slot *slot;                // (opt->jobs)
  struct pollfd *polls;      // (2 jobs)
  double epochs_done;        /* of ended runs */
  double epochs_waiting;     /* of runs that have not begun */
  rate training, estimating; /* of ended runs */
  ip_progress *progress;
  ip_pool_outcome *outcome;
  bool stopping;
  size_t most; /* workers at a time, as far as the system has room for them */
} pool;

static int by_cost(const void *a, const void *b)
{
  const ip_task *x = a, *y = b;
  if (x->cost != y->cost) return x->cost < y->cost ? 1 : -1;
  return (x->point > y->point) - (x->point < y->point);
}

/* ---------------------------------------------------------------- telling */

static size_t n_running(const pool *p)
{
  size_t n = 0;
  for (size_t i = 0; i < p->opt->jobs; i++) n += p->slot[i].worker != NULL;
  return n;
}

static double epochs_of(const slot *s)
{
  return s->progress.estimating || s->progress.epoch > s->task->epochs ? s->task->epochs : s->progress.epoch;
}

/* Adds what this worker has taken so far. */
static void add_rate(const slot *s, double now, rate *training, rate *estimating)
{
  if (!s->started) return;
  training->seconds += (s->progress.estimating ? s->estimate_s : now) - s->start_s;
  training->amount += epochs_of(s) - s->first;
  if (!s->progress.estimating) return;
  estimating->seconds += now - s->estimate_s;
  estimating->amount += s->progress.estimated;
}

static double seconds_per_unit(rate p)
{
  return p.amount > 0 ? p.seconds / p.amount : 0;
}

/* Seconds until all is done, by what epochs and estimates have taken; negative when nothing is known yet. Estimates
 * count from the moment the first ones are on their way. */
static double time_left(const pool *p)
{
  double now = ip_clock_s(), epochs = p->epochs_waiting, runs = (double)(p->n - p->next);
  rate training = p->training, estimating = p->estimating;
  for (size_t i = 0; i < p->opt->jobs; i++) {
    const slot *s = &p->slot[i];
    if (!s->worker) continue;
    add_rate(s, now, &training, &estimating);
    epochs += s->task->epochs - epochs_of(s);
    runs += 1 - s->progress.estimated;
  }
  if (training.amount <= 0 && estimating.amount <= 0) return -1;
  size_t active = n_running(p) + p->n - p->next;
  if (active > p->opt->jobs) active = p->opt->jobs;
  return active ? (epochs * seconds_per_unit(training) + runs * seconds_per_unit(estimating)) / (double)active : 0;
}

static void show(const pool *p)
{
  double epochs = p->epochs_done, share = 0;
  size_t n_estimating = 0;
  for (size_t i = 0; i < p->opt->jobs; i++) {
    const slot *s = &p->slot[i];
    if (!s->worker) continue;
    epochs += epochs_of(s);
    n_estimating += s->progress.estimating;
    share += s->progress.estimating ? s->progress.estimated : 0;
  }
  char note[80], stage[40] = "";
  if (n_estimating)
    snprintf(stage, sizeof stage, " (%zu estimating, %.0f %%)", n_estimating, 100 * share / (double)n_estimating);
  snprintf(note, sizeof note, "%zu/%zu run%s, %zu running%s, %zu failed", p->outcome->n_done, p->n, ip_plural(p->n),
           n_running(p), stage, p->outcome->n_failed);
  ip_progress_set_left(p->progress, time_left(p));
  ip_progress_update(p->progress, epochs, note);
}

static void tell(const pool *p, const slot *s, const char *what, const char *message)
{
  if (!p->opt->messages) return;
  ip_progress_clear(p->progress);
  ip_print(p->opt->messages, "%s: %s%s%s\n", s->run, what, *message ? ": " : "", message);
  fflush(p->opt->messages);
}

/* ---------------------------------------------------------------- starting and ending workers */

static ip_status start(pool *p, slot *s)
{
  const ip_results *r = p->opt->results;
  size_t todo = p->n - p->next + n_running(p) + 1;
  size_t workers = todo < p->opt->jobs ? todo : p->opt->jobs, cores = ip_team_cores();
  size_t threads = p->opt->threads ? p->opt->threads : cores > workers ? cores / workers : 1;
  IP_TRY(ip_worker_start(r->path, s->task->point, threads, &s->worker));
  s->progress = (ip_worker_progress){0};
  s->started = s->is_silent = false;
  s->heard_s = ip_clock_s();
  ip_journal_add(p->opt->journal, IP_EVENT_STARTED, s->task->point, s->run, ip_worker_pid(s->worker), "");
  return IP_OK;
}

/* Goes on with the workers that run where the limits of the system let no more start. */
static void go_on_with_fewer(pool *p)
{
  size_t n = n_running(p);
  ip_progress_clear(p->progress);
  if (p->opt->messages) fprintf(p->opt->messages, "%s: continuing with %zu at a time\n", ip_error_message(), n);
  ip_error_clear();
  p->most = n;
}

/* A worker that was stopped, or has reported nothing for long. */
static void check_silence(pool *p, slot *s, double now)
{
  char text[160];
  double silent_s = now - s->heard_s;
  if (s->is_silent || silent_s < STOPPED_S) return;
  bool stopped = ip_worker_is_stopped(s->worker);
  if (!stopped && silent_s < SILENT_S) return;
  s->is_silent = true;
  snprintf(text, sizeof text, "process %ld has reported nothing for %.0f s%s", (long)ip_worker_pid(s->worker), silent_s,
           stopped ? "; a signal has stopped it: continue it with kill -CONT, or kill it to start it again" : "");
  tell(p, s, stopped ? "the worker is stopped" : "the worker is silent", text);
}

static ip_status start_next(pool *p, slot *s)
{
  const ip_point *point;
  s->task = &p->task[p->next];
  IP_TRY(ip_points_get(p->opt->points, s->task->point, &point));
  s->run = point->run_name;
  p->next++;
  p->epochs_waiting -= s->task->epochs;
  s->tries = 1;
  ip_status st = start(p, s);
  if (st == IP_OK || !ip_worker_had_no_room() || !n_running(p)) return st;
  p->next--;
  p->epochs_waiting += s->task->epochs;
  *s = (slot){0};
  go_on_with_fewer(p);
  return IP_OK;
}

static void vacate(pool *p, slot *s, bool finished)
{
  p->epochs_done += finished ? s->task->epochs : epochs_of(s);
  if (finished) {
    s->progress.estimated = 1;
    add_rate(s, ip_clock_s(), &p->training, &p->estimating);
  }
  *s = (slot){0};
}

static void stop_all(pool *p)
{
  if (p->stopping) return;
  p->stopping = true;
  for (size_t i = 0; i < p->opt->jobs; i++)
    if (p->slot[i].worker) kill(ip_worker_pid(p->slot[i].worker), SIGTERM);
}

/* The worker of the slot has closed its streams. */
static ip_status end(pool *p, slot *s)
{
  ip_worker_end how;
  char message[IP_WORKER_MESSAGE];
  int64_t pid = ip_worker_pid(s->worker);
  ip_worker_finish(&s->worker, &how, message);
  ip_event event = how == IP_WORKER_DONE      ? IP_EVENT_DONE
                   : how == IP_WORKER_STOPPED ? IP_EVENT_STOPPED
                   : how == IP_WORKER_DIED    ? IP_EVENT_KILLED
                                              : IP_EVENT_FAILED;
  bool asked = p->stopping || ip_stop_requested();
  if (how == IP_WORKER_DIED && asked) event = IP_EVENT_STOPPED;
  if (how == IP_WORKER_STOPPED && !asked) {
    event = IP_EVENT_KILLED;
    snprintf(message, sizeof message, "somebody else stopped it");
  }
  ip_journal_add(p->opt->journal, event, s->task->point, s->run, pid, message);
  if (event == IP_EVENT_KILLED) {
    bool again = s->tries++ < TRIES;
    tell(p, s, again ? "the worker was killed and is restarted once" : "the worker was killed again", message);
    if (again) return start(p, s);
  }
  if (event == IP_EVENT_FAILED) tell(p, s, "failed", message);
  if (how == IP_WORKER_NO_SPACE) {
    p->outcome->disk_full = true;
    stop_all(p);
  }
  p->outcome->n_done += event == IP_EVENT_DONE;
  p->outcome->n_failed += event == IP_EVENT_FAILED || event == IP_EVENT_KILLED;
  vacate(p, s, event == IP_EVENT_DONE);
  return IP_OK;
}

/* ---------------------------------------------------------------- the loop */

/* True once the worker has no more to say. */
static bool read_worker(slot *s)
{
  ip_worker_progress before = s->progress;
  bool ended = ip_worker_read(s->worker, &s->progress);
  double now = ip_clock_s();
  if (!s->started &&
      (s->progress.epoch > 0 || s->progress.estimating)) { /* what came before is no training of this worker's */
    s->started = true;
    s->first = epochs_of(s);
    s->start_s = now;
  }
  if (s->progress.estimating && !before.estimating) s->estimate_s = now;
  if (memcmp(&before, &s->progress, sizeof before) != 0) {
    s->heard_s = now;
    s->is_silent = false;
  }
  return ended;
}

/* Waits until a worker has something to say or some time has passed, and listens to those that have. */
static ip_status attend(pool *p)
{
  nfds_t n = 0;
  for (size_t i = 0; i < p->opt->jobs; i++)
    if (p->slot[i].worker) n += (nfds_t)ip_worker_streams(p->slot[i].worker, p->polls + n);
  poll(p->polls, n, WAKE_MS);
  for (size_t i = 0; i < p->opt->jobs; i++) {
    slot *s = &p->slot[i];
    if (!s->worker) continue;
    if (read_worker(s))
      IP_TRY(end(p, s));
    else
      check_silence(p, s, ip_clock_s());
  }
  show(p);
  return IP_OK;
}

static ip_status work(pool *p)
{
  for (;;) {
    if (ip_stop_requested()) stop_all(p);
    for (size_t i = 0; i < p->opt->jobs && p->next < p->n && n_running(p) < p->most && !p->stopping; i++)
      if (!p->slot[i].worker) IP_TRY(start_next(p, &p->slot[i]));
    if (n_running(p) == 0) return IP_OK;
    IP_TRY(attend(p));
  }
}

static ip_status open_pool(pool *p)
{
  double total = 0;
  for (size_t i = 0; i < p->n; i++) total += p->task[i].epochs;
  p->epochs_waiting = total;
  p->most = p->opt->jobs;
  IP_TRY(IP_NEW(p->slot, p->opt->jobs, "slots of the pool"));
  IP_TRY(IP_NEW(p->polls, 2 * p->opt->jobs, "streams of the workers"));
  return ip_progress_create(p->opt->messages, "runs", "epochs", total, &p->progress);
}

static void close_pool(pool *p)
{
  for (size_t i = 0; p->slot && i < p->opt->jobs; i++) ip_worker_destroy(&p->slot[i].worker);
  ip_progress_destroy(&p->progress);
  ip_free(p->slot);
  ip_free(p->polls);
}

ip_status ip_pool_run(const ip_pool_options *opt, size_t n, ip_task *task, ip_pool_outcome *outcome)
{
  *outcome = (ip_pool_outcome){0};
  if (n == 0) return IP_OK;
  qsort(task, n, sizeof *task, by_cost);
  pool p = {.opt = opt, .n = n, .task = task, .outcome = outcome};
  ip_status st = open_pool(&p);
  if (st == IP_OK) st = work(&p);
  close_pool(&p);
  outcome->n_left = n - outcome->n_done - outcome->n_failed;
  if (st == IP_OK && ip_stop_requested()) return ip_stop_check();
  return st;
}
