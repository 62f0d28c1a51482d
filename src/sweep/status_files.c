#include "sweep/status.h"

#include "base/mem.h"
#include "runfile/runfile.h"

#include <string.h>

static ip_state state_of(const char *status)
{
  if (!strcmp(status, IP_RUN_RUNNING)) return IP_STATE_RUNNING;
  return strcmp(status, IP_RUN_INTERRUPTED) ? IP_STATE_DONE : IP_STATE_INTERRUPTED;
}

/* State of one file, with what there is to tell. */
static ip_status look(const char *file, ip_sweep_status *s, size_t k)
{
  ip_run *run;
  char *message = NULL;
  ip_status st = ip_run_open(file, &run);
  if (st == IP_ENOMEM) return st;
  ip_state state = IP_STATE_FAILED;
  if (st == IP_OK) {
    state = state_of(ip_run_status(run));
    st = IP_FORMAT(message, "%zu logged epochs", ip_run_n_epochs(run));
    if (!strcmp(s->experiment, "runs") && *ip_run_head_of(run)->experiment) {
      ip_free(s->experiment);
      st = st == IP_OK ? IP_STRDUP(s->experiment, ip_run_head_of(run)->experiment) : st;
    }
  } else {
    st = IP_STRDUP(message, ip_error_message());
    ip_error_clear();
  }
  ip_run_close(&run);
  s->state[k] = (uint8_t)state;
  s->count[state]++;
  char *copy = NULL;
  if (st == IP_OK && state != IP_STATE_DONE) st = IP_STRDUP(copy, file);
  if (st == IP_OK && state != IP_STATE_DONE)
    s->entry[s->n_entries++] = (struct ip_sweep_entry){.point = k, .run = copy, .message = message};
  else
    ip_free(message);
  return st;
}

static ip_status look_at_all(size_t n, const char *const *file, ip_sweep_status *s)
{
  IP_TRY(IP_NEW(s->state, n, "states of the runs"));
  IP_TRY(IP_NEW(s->entry, n, "runs to tell of"));
  s->n_points = n;
  for (size_t k = 0; k < n; k++) IP_TRY(look(file[k], s, k));
  return IP_OK;
}

ip_status ip_sweep_status_files(const char *name, size_t n, const char *const *file, ip_sweep_status **out)
{
  IP_TRY(IP_NEW(*out, 1, "status of runs"));
  ip_status st = IP_STRDUP((*out)->experiment, name);
  if (st == IP_OK) st = look_at_all(n, file, *out);
  if (st != IP_OK) ip_sweep_status_destroy(out);
  return st;
}
