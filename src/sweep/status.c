#include "sweep/status.h"

#include "base/mem.h"
#include "study/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

const char *ip_state_word(ip_state s)
{
  static const char *const words[] = {
#define X(symbol, word, meaning) #word,
      IP_PROGRESS_LIST(X)
#undef X
  };
  return words[s];
}

const char *ip_state_meaning(ip_state s)
{
  static const char *const meanings[] = {
#define X(symbol, word, meaning) meaning,
      IP_PROGRESS_LIST(X)
#undef X
  };
  return meanings[s];
}

/* ---------------------------------------------------------------- is a worker alive? */

/* On other hosts nobody can be asked, and a run that has started counts as running. */
static ip_state state_of(ip_event event, int64_t pid, bool here)
{
  switch (event) {
  case IP_EVENT_DONE:
  case IP_EVENT_KEPT:
    return IP_STATE_DONE;
  case IP_EVENT_FAILED:
    return IP_STATE_FAILED;
  case IP_EVENT_STOPPED:
  case IP_EVENT_KILLED:
    return IP_STATE_INTERRUPTED;
  case IP_EVENT_STARTED:
    return here && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH ? IP_STATE_INTERRUPTED : IP_STATE_RUNNING;
  default:
    return IP_STATE_PENDING;
  }
}

/* ---------------------------------------------------------------- reading */

typedef struct {
  int64_t *pid;          // (n_points)
  char **run, **message; // (n_points) kept of points that are running or failed
  ip_status st;
} notes;

/* Keeps what may have to be entry of a point; later events of it replace it. */
static void note(void *user, size_t k, const ip_journal_entry *entry)
{
  notes *nt = user;
  nt->pid[k] = entry->pid;
  ip_free(nt->run[k]);
  ip_free(nt->message[k]);
  nt->run[k] = nt->message[k] = NULL;
  if (entry->event == IP_EVENT_DONE || entry->event == IP_EVENT_KEPT || nt->st != IP_OK) return;
  nt->st = IP_STRDUP(nt->run[k], entry->run);
  if (nt->st == IP_OK) nt->st = IP_STRDUP(nt->message[k], entry->message);
}

static bool has_entry(uint8_t state)
{
  return state == IP_STATE_FAILED || state == IP_STATE_RUNNING;
}

static ip_status tell(ip_sweep_status *s, notes *nt)
{
  size_t n = 0;
  for (size_t k = 0; k < s->n_points; k++) n += has_entry(s->state[k]);
  IP_TRY(IP_NEW(s->entry, n, "runs to tell of"));
  for (size_t k = 0; k < s->n_points; k++) {
    if (!has_entry(s->state[k])) continue;
    s->entry[s->n_entries++] = (struct ip_sweep_entry){k, nt->run[k], nt->message[k], nt->pid[k]};
    nt->run[k] = nt->message[k] = NULL;
  }
  return IP_OK;
}

static ip_status read_states(const ip_results *r, ip_sweep_status *s, notes *nt)
{
  IP_TRY(IP_NEW(s->state, s->n_points, "states of the points"));
  IP_TRY(IP_NEW(nt->pid, s->n_points, "pids"));
  IP_TRY(IP_NEW(nt->run, s->n_points, "names of runs"));
  IP_TRY(IP_NEW(nt->message, s->n_points, "messages"));
  IP_TRY(ip_journal_read(r, s->n_points, s->state, note, nt));
  IP_TRY(nt->st);
  bool here = ip_lock_owners_are_here(r->path);
  for (size_t k = 0; k < s->n_points; k++) {
    s->state[k] = (uint8_t)state_of((ip_event)s->state[k], nt->pid[k], here);
    s->count[s->state[k]]++;
  }
  return tell(s, nt);
}

static ip_status keep_tags(const ip_experiment *e, ip_sweep_status *s)
{
  IP_TRY(IP_NEW(s->tag, e->n_tags, "tags"));
  for (size_t i = 0; i < e->n_tags; i++) IP_TRY(IP_STRDUP(s->tag[s->n_tags++], e->tags[i]));
  return IP_OK;
}

static ip_status read_all(const char *folder, ip_sweep_status *s)
{
  ip_results *r;
  ip_experiment *e;
  notes nt = {0};
  IP_TRY(ip_results_open_readonly(folder, &r));
  ip_status st = ip_experiment_load_stored(r->config, &e);
  if (st == IP_OK) {
    s->n_points = ip_experiment_n_points(e);
    st = IP_STRDUP(s->experiment, e->name);
    if (st == IP_OK) st = keep_tags(e, s);
    ip_experiment_destroy(&e);
  }
  if (st == IP_OK) st = read_states(r, s, &nt);
  for (size_t k = 0; nt.run && nt.message && k < s->n_points; k++) {
    ip_free(nt.run[k]);
    ip_free(nt.message[k]);
  }
  ip_free(nt.run);
  ip_free(nt.message);
  ip_free(nt.pid);
  ip_results_close(&r);
  return st;
}

ip_status ip_sweep_status_read(const char *folder, ip_sweep_status **out)
{
  IP_TRY(IP_NEW(*out, 1, "status of a sweep"));
  ip_status st = read_all(folder, *out);
  if (st != IP_OK) ip_sweep_status_destroy(out);
  return st;
}

void ip_sweep_status_destroy(ip_sweep_status **status)
{
  ip_sweep_status *s = *status;
  if (!s) return;
  for (size_t i = 0; i < s->n_entries; i++) {
    ip_free(s->entry[i].run);
    ip_free(s->entry[i].message);
  }
  for (size_t i = 0; i < s->n_tags; i++) ip_free(s->tag[i]);
  ip_free(s->tag);
  ip_free(s->entry);
  ip_free(s->state);
  ip_free(s->experiment);
  ip_free(s);
  *status = NULL;
}
