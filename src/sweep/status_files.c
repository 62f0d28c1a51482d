#include "sweep/status.h"

#include "base/mem.h"
#include "runfile/runfile.h"

#include <stdio.h>
#include <string.h>

static ip_state state_of(const char *status)
{
  if (!strcmp(status, IP_RUN_RUNNING)) return IP_STATE_RUNNING;
  return strcmp(status, IP_RUN_INTERRUPTED) ? IP_STATE_DONE : IP_STATE_INTERRUPTED;
}

ip_status ip_sweep_look_at_file(const char *file, ip_file_status *out)
{
  ip_run *run;
  *out = (ip_file_status){.state = IP_STATE_FAILED};
  ip_status st = ip_run_open(file, &run);
  if (st == IP_ENOMEM) return st;
  if (st == IP_OK) {
    out->state = (int)state_of(ip_run_status(run));
    out->n_epochs = ip_run_n_epochs(run);
  }
  snprintf(out->text, sizeof out->text, "%s", st == IP_OK ? ip_run_head_of(run)->experiment : ip_error_message());
  if (st != IP_OK) ip_error_clear();
  ip_run_close(&run);
  out->is_known = true;
  return IP_OK;
}

/* A message about a file that is not done: the number of its epochs, or why it cannot be opened. */
static ip_status message_of(const ip_file_status *f, char **message)
{
  if (!f->is_known) return IP_STRDUP(*message, "could not be read");
  if (f->state == IP_STATE_FAILED) return IP_FORMAT(*message, "%.*s", (int)sizeof f->text - 1, f->text);
  return IP_FORMAT(*message, "%zu logged epochs", f->n_epochs);
}

static ip_status add(const char *file, const ip_file_status *f, size_t k, ip_sweep_status *s)
{
  bool is_state = f->is_known && f->state >= 0 && f->state < IP_N_STATES;
  ip_state state = is_state ? (ip_state)f->state : IP_STATE_FAILED;
  s->state[k] = (uint8_t)state;
  s->count[state]++;
  if (state != IP_STATE_FAILED && *f->text && !strcmp(s->experiment, "runs")) {
    ip_free(s->experiment);
    IP_TRY(IP_FORMAT(s->experiment, "%.*s", (int)sizeof f->text - 1, f->text));
  }
  if (state == IP_STATE_DONE) return IP_OK;
  struct ip_sweep_entry *entry = &s->entry[s->n_entries++];
  entry->point = k;
  IP_TRY(IP_STRDUP(entry->run, file));
  return message_of(f, &entry->message);
}

static ip_status add_all(size_t n, const char *const *file, const ip_file_status *found, ip_sweep_status *s)
{
  IP_TRY(IP_NEW(s->state, n, "states of the runs"));
  IP_TRY(IP_NEW(s->entry, n, "runs to report"));
  s->n_points = n;
  for (size_t k = 0; k < n; k++) IP_TRY(add(file[k], &found[k], k, s));
  return IP_OK;
}

ip_status ip_sweep_status_files(const char *name, size_t n, const char *const *file, const ip_file_status *found,
                                ip_sweep_status **out)
{
  IP_TRY(IP_NEW(*out, 1, "status of runs"));
  ip_status st = IP_STRDUP((*out)->experiment, name);
  if (st == IP_OK) st = add_all(n, file, found, *out);
  if (st != IP_OK) ip_sweep_status_destroy(out);
  return st;
}
