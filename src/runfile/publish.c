#include "base/mem.h"
#include "file/atomic.h"
#include "runfile/reader.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

static ip_status has_activations(const char *path, bool *has)
{
  ip_h5 *h;
  char name[IP_RUN_NAME_SIZE];
  IP_TRY(ip_h5_open(path, false, &h));
  *has = ip_h5_kind_of(h, ip_run_layer_name(name, 0, "activation")) != IP_H5_NOTHING;
  return ip_h5_close(&h);
}

/* ---------------------------------------------------------------- a copy without the activations */

static ip_status copy_series(ip_run *r, ip_h5 *to, double *v)
{
  char name[IP_RUN_NAME_SIZE];
  const ip_run_head *head = &r->head;
  size_t n_layers = head->n_layers;
  if (r->n_epochs == 0) return IP_OK;
  for (size_t m = 0; m < head->n_metrics; m++) {
    IP_TRY(ip_run_read_metric(r, head->metric[m], v));
    IP_TRY(ip_h5_write(to, ip_run_metric_name(name, head->metric[m]), IP_H5_F64, v));
  }
  for (size_t m = 0; m < head->n_layer_metrics; m++)
    for (size_t k = 0; k < n_layers; k++) {
      ip_run_layer_name(name, k, head->layer_metric[m]);
      IP_TRY(ip_h5_read_rows(r->h, name, 0, r->n_epochs, IP_H5_F64, v));
      IP_TRY(ip_h5_write(to, name, IP_H5_F64, v));
    }
  IP_TRY(ip_h5_resize(to, "/epoch", r->n_epochs));
  return ip_h5_write(to, "/epoch", IP_H5_I64, r->epoch);
}

static ip_status copy_information(ip_run *r, ip_h5 *to)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_OK;
  for (ip_run_part part = 0; part < IP_N_RUN_PARTS; part++)
    for (size_t i = 0; st == IP_OK && i < r->n_groups[part]; i++) {
      ip_information info;
      st = ip_run_read_part(r, part, r->group[part][i], sc, &info);
      if (st == IP_OK) st = ip_run_put_information(to, &info);
      ip_scratch_release(sc, 0);
    }
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status copy_end(ip_run *r, ip_h5 *to)
{
  char name[IP_RUN_NAME_SIZE];
  for (size_t m = 0; m < r->head.n_metrics; m++) {
    double value = ip_run_final(r, r->head.metric[m]);
    IP_TRY(ip_h5_set_real(to, "/final", ip_run_final_name(name, r->head.metric[m]), value));
  }
  IP_TRY(ip_h5_set_text(to, "/", "reason", r->reason));
  if (ip_h5_kind_of(r->h, "/provenance") != IP_H5_NOTHING) {
    IP_TRY(ip_h5_remove(to, "/provenance"));
    IP_TRY(ip_h5_copy(r->h, "/provenance", to, "/provenance"));
  }
  return ip_h5_set_text(to, "/", "status", r->status);
}

ip_status ip_run_copy_into(ip_run *from, ip_h5 *to)
{
  IP_TRY(ip_run_load_inputs(from));
  IP_TRY(ip_run_layout(to, &from->head, from->n_epochs, false));
  size_t mark = ip_scratch_mark(from->sc);
  double *v;
  IP_TRY(IP_SCRATCH(from->sc, v, from->n_epochs, "series"));
  IP_TRY(copy_series(from, to, v));
  ip_scratch_release(from->sc, mark);
  IP_TRY(copy_information(from, to));
  return copy_end(from, to);
}

static ip_status copy_without_activations(const char *from, const char *to)
{
  ip_run *r = NULL;
  ip_h5 *h = NULL;
  ip_status st;
  IP_TRY_GOTO(st, ip_run_open(from, &r), end);
  IP_TRY_GOTO(st, ip_h5_create(to, &h), end);
  IP_TRY_GOTO(st, ip_run_copy_into(r, h), end);
  IP_TRY_GOTO(st, ip_h5_close(&h), end);
end:
  ip_h5_close(&h);
  ip_run_close(&r);
  return st;
}

/* ---------------------------------------------------------------- */

/* The state goes once the file is on the disk, so that a power failure costs at most one of them, and before the file
 * has its name, after which nobody looks at the state. */
static ip_status publish_synced(const char *file, const char *path, const char *state)
{
  IP_TRY(ip_file_sync(file));
  bool gone = !unlink(state) || errno == ENOENT;
  IP_TRY(ip_file_publish(file, path));
  if (!gone) unlink(state);
  return IP_OK;
}

static ip_status publish(const char *path, const char *part, const char *small, const char *state, bool keep)
{
  bool drop = false;
  if (!keep) IP_TRY(has_activations(part, &drop));
  if (!drop)
    IP_TRY(publish_synced(part, path, state));
  else {
    ip_status st = copy_without_activations(part, small);
    if (st == IP_OK) st = publish_synced(small, path, state);
    if (st != IP_OK) {
      unlink(small);
      return st;
    }
    unlink(part);
  }
  return IP_OK;
}

ip_status ip_run_publish(const char *path, bool keep_activations)
{
  char *part = NULL, *small = NULL, *state = NULL;
  ip_status st;
  IP_TRY_GOTO(st, IP_FORMAT(part, "%s.part", path), end);
  IP_TRY_GOTO(st, IP_FORMAT(small, "%s.new", path), end);
  IP_TRY_GOTO(st, IP_FORMAT(state, "%s.state", path), end);
  IP_TRY_GOTO(st, publish(path, part, small, state, keep_activations), end);
end:
  ip_free(state);
  ip_free(small);
  ip_free(part);
  return st;
}
