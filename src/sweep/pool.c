#include "sweep/pool.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/stop.h"
#include "base/team.h"
#include "base/text.h"
#include "sweep/silence.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Times a point is started; how often to look at the workers; how long the pool itself may be held up before that time
 * does not count as their silence; how long to wait for room for a single worker. */
enum { TRIES = 2, WAKE_MS = 200, HELD_UP_S = 2, NO_ROOM_S = 60 };

typedef struct {
  const ip_task *task; /* NULL: free */
  ip_worker *worker;   /* NULL: free, or the point waits for room in the system to be started again */
  int tries;
  const char *run; /* its name */
  ip_worker_progress progress;
  bool started;      /* it has reported progress */
  double first;      /* epoch it went on from */
  double start_s;    /* of training */
  double estimate_s; /* start of estimating */
  ip_silence silence;
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
  size_t most;      /* workers at a time, as far as the system has room for them */
  double no_room_s; /* since when it has no room for a single one; 0: it has */
  double awake_s;   /* when the workers were last looked at */
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
  size_t active = p->n - p->next;
  for (size_t i = 0; i < p->opt->jobs; i++) {
    const slot *s = &p->slot[i];
    if (!s->task) continue;
    add_rate(s, now, &training, &estimating);
    epochs += s->task->epochs - epochs_of(s);
    runs += 1 - s->progress.estimated;
    active++;
  }
  if (training.amount <= 0 && estimating.amount <= 0) return -1;
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

/* ---------------------------------------------------------------- starting workers */

/* After a start for which the limits of the system had no room: the pool goes on with the workers that run. Where none
 * does, others use what there is, and it tries again for a while. */
static bool go_on_with_fewer(pool *p)
{
  size_t n = n_running(p);
  double now = ip_clock_s();
  bool waits = p->no_room_s > 0;
  if (waits && now - p->no_room_s > NO_ROOM_S) return false;
  if (!waits && p->opt->messages) {
    ip_progress_clear(p->progress);
    ip_print(p->opt->messages, n ? "%s: continuing with %zu at a time\n" : "%s: trying again for a minute\n",
             ip_error_message(), n);
    fflush(p->opt->messages);
  }
  if (!n && !waits) p->no_room_s = now;
  ip_error_clear();
  p->most = n ? n : 1;
  return true;
}

/* Starts the worker of the slot's point. *started: false where there was no room for it, but there may be later. */
static ip_status start(pool *p, slot *s, bool *started)
{
  const ip_results *r = p->opt->results;
  size_t todo = p->n - p->next + n_running(p) + 1;
  size_t workers = todo < p->opt->jobs ? todo : p->opt->jobs, cores = ip_team_cores();
  size_t threads = p->opt->threads ? p->opt->threads : cores > workers ? cores / workers : 1;
  s->progress = (ip_worker_progress){0};
  s->started = false;
  ip_status st = ip_worker_start(r->path, s->task->point, threads, &s->worker);
  *started = st == IP_OK;
  if (st != IP_OK && ip_worker_had_no_room() && go_on_with_fewer(p)) return IP_OK;
  IP_TRY(st);
  p->no_room_s = 0;
  s->silence = (ip_silence){.heard_s = ip_clock_s()};
  ip_journal_add(p->opt->journal, IP_EVENT_STARTED, s->task->point, s->run, ip_worker_pid(s->worker), "");
  return IP_OK;
}

static ip_status start_next(pool *p, slot *s, bool *started)
{
  const ip_point *point;
  IP_TRY(ip_points_get(p->opt->points, p->task[p->next].point, &point));
  *s = (slot){.task = &p->task[p->next], .run = point->run_name, .tries = 1};
  p->next++;
  p->epochs_waiting -= s->task->epochs;
  IP_TRY(start(p, s, started));
  if (*started) return IP_OK;
  p->next--;
  p->epochs_waiting += s->task->epochs;
  *s = (slot){0};
  return IP_OK;
}

/* Fills the slots that are free, as far as there is work and room for it. */
static ip_status start_workers(pool *p)
{
  bool started = true;
  for (size_t i = 0; i < p->opt->jobs && started && n_running(p) < p->most; i++) {
    slot *s = &p->slot[i];
    if (s->worker) continue;
    if (s->task)
      IP_TRY(start(p, s, &started));
    else if (p->next < p->n)
      IP_TRY(start_next(p, s, &started));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- ending workers */

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
  for (size_t i = 0; i < p->opt->jobs; i++) {
    if (!p->slot[i].worker) continue;
    kill(ip_worker_pid(p->slot[i].worker), SIGTERM);
    kill(ip_worker_pid(p->slot[i].worker), SIGCONT); /* a stopped one would not notice */
  }
}

/* The worker of the slot has ended. */
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
  if (how == IP_WORKER_DIED && s->silence.killed_s > 0)
    snprintf(message, sizeof message, "it had reported nothing for %.0f s (silent_limit)", s->silence.killed_s);
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
    if (again) return start(p, s, &again);
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
  if (s->progress.n_bytes != before.n_bytes) s->silence = (ip_silence){.heard_s = now, .killed_s = s->silence.killed_s};
  return ended;
}

/* Waits until a worker has something to say or some time has passed, and listens to those that have. */
static ip_status attend(pool *p)
{
  nfds_t n = 0;
  char report[IP_SILENCE_TEXT];
  for (size_t i = 0; i < p->opt->jobs; i++)
    if (p->slot[i].worker) n += (nfds_t)ip_worker_streams(p->slot[i].worker, p->polls + n);
  poll(p->polls, n, WAKE_MS);
  double now = ip_clock_s(), held_up_s = now - p->awake_s;
  if (held_up_s > HELD_UP_S) /* this process was stopped, and the workers perhaps with it */
    for (size_t i = 0; i < p->opt->jobs; i++) p->slot[i].silence.heard_s += held_up_s;
  p->awake_s = now;
  for (size_t i = 0; i < p->opt->jobs; i++) {
    slot *s = &p->slot[i];
    if (!s->worker) continue;
    if (read_worker(s) && ip_worker_has_ended(s->worker))
      IP_TRY(end(p, s));
    else if (ip_silence_check(&s->silence, s->worker, now, p->opt->silent_s, report))
      tell(p, s, report, "");
  }
  show(p);
  return IP_OK;
}

/* Whether points are left for later: not begun, or waiting to be started again. */
static bool any_waits(const pool *p)
{
  bool any = p->next < p->n;
  for (size_t i = 0; i < p->opt->jobs; i++) any = any || (p->slot[i].task && !p->slot[i].worker);
  return any;
}

static ip_status work(pool *p)
{
  for (;;) {
    if (ip_stop_requested()) stop_all(p);
    if (!p->stopping) IP_TRY(start_workers(p));
    if (n_running(p) == 0 && (p->stopping || !any_waits(p))) return IP_OK;
    IP_TRY(attend(p));
  }
}

static ip_status open_pool(pool *p)
{
  double total = 0;
  for (size_t i = 0; i < p->n; i++) total += p->task[i].epochs;
  p->epochs_waiting = total;
  p->most = p->opt->jobs;
  p->awake_s = ip_clock_s();
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
