/* Run files, archives that become run files, the state of a run, and journals of sweeps. */
#include "fuzz/fuzz.h"

#include "base/mem.h"
#include "runfile/from_npz.h"
#include "runfile/runfile.h"
#include "runfile/state.h"
#include "study/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Every group of a part, and what its name says. */
static void read_groups(ip_run *r, ip_scratch *sc, double *v)
{
  ip_information info;
  const char *reason;
  for (size_t i = 0; i < ip_run_n_information(r); i++) {
    const char *name = ip_run_information_name(r, i);
    ip_fuzz_accepted(ip_run_read_information(r, name, sc, &info));
    ip_fuzz_accepted(ip_run_read_series(r, name, "ixt_raw", v));
    ip_fuzz_accepted(ip_run_read_no_value(r, name, "ixt", sc, &reason));
    ip_run_n_estimated(r, name);
    ip_run_split_of(name);
  }
  for (size_t i = 0; i < ip_run_n_measures(r); i++) {
    const char *name = ip_run_measure_name(r, i);
    if (!ip_fuzz_accepted(ip_run_read_measure(r, name, sc, &info))) continue;
    for (size_t s = 0; s < info.n_series; s++)
      ip_fuzz_accepted(ip_run_read_measure_no_value(r, name, info.series[s], sc, &reason));
  }
}

/* The first and the last epoch of every layer, into arrays that a sanitizer sees the ends of. */
static void read_layers(ip_run *r)
{
  const ip_run_head *h = ip_run_head_of(r);
  size_t n_epochs = ip_run_n_epochs(r);
  for (size_t k = 0; n_epochs && ip_run_has_activations(r) && k < h->n_layers; k++) {
    float *t = calloc(h->n * h->layer[k].width, sizeof *t);
    double *t64 = calloc(h->n * h->layer[k].width, sizeof *t64);
    ip_fuzz_require(t && t64, "memory for the activations that a small file has");
    ip_fuzz_accepted(ip_run_read_activation(r, k, 0, t));
    ip_fuzz_accepted(ip_run_read_activation_f64(r, k, n_epochs - 1, t64));
    if (h->layer[k].has_mean) ip_fuzz_accepted(ip_run_read_mean(r, k, 0, t));
    free(t);
    free(t64);
  }
}

static ip_status read_run(ip_run *r, ip_scratch *sc)
{
  const ip_run_head *h = ip_run_head_of(r);
  IP_TRY(ip_run_load_samples(r));
  IP_TRY(ip_run_load_inputs(r));
  for (size_t i = 0; i < h->n; i++) ip_fuzz_require(h->x_id[i] < h->n_x, "an input has a number below n_x");
  double *v = calloc(ip_run_n_epochs(r), sizeof *v), *by_layer = calloc(ip_run_n_epochs(r) * h->n_layers, sizeof *v);
  ip_fuzz_require(v && by_layer, "memory for the series that a small file has");
  for (size_t i = 0; i < h->n_metrics; i++) {
    ip_fuzz_accepted(ip_run_read_metric(r, h->metric[i], v));
    ip_run_final(r, h->metric[i]);
  }
  for (size_t i = 0; i < h->n_layer_metrics; i++)
    ip_fuzz_accepted(ip_run_read_layer_metric(r, h->layer_metric[i], by_layer));
  read_groups(r, sc, by_layer);
  free(by_layer);
  free(v);
  read_layers(r);
  return IP_OK;
}

static void read_file(const char *path, ip_status (*open_run)(const char *path, ip_run **out))
{
  ip_scratch *sc = NULL;
  ip_run *r = NULL;
  ip_fuzz_require(ip_scratch_create(&sc) == IP_OK, "scratch memory");
  if (ip_fuzz_accepted(open_run(path, &r))) ip_fuzz_accepted(read_run(r, sc));
  ip_run_close(&r);
  ip_scratch_destroy(&sc);
}

void ip_fuzz_read_run(const char *path)
{
  ip_run_identity identity;
  ip_fuzz_accepted(ip_run_identify(path, &identity));
  read_file(path, ip_run_open);
  read_file(path, ip_run_open_series);
}

int ip_fuzz_run(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  ip_fuzz_read_run(ip_fuzz_file("run.h5", data, n, path));
  return ip_fuzz_end();
}

/* An archive that is accepted becomes a run file that can be read. */
int ip_fuzz_run_npz(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH], run[IP_FUZZ_PATH];
  bool made;
  snprintf(run, sizeof run, "%s/made.h5", ip_fuzz_folder());
  if (ip_fuzz_accepted(ip_run_from_npz(ip_fuzz_file("acts.npz", data, n, path), run, &made))) {
    ip_run *r = NULL;
    if (ip_run_open(run, &r) != IP_OK) ip_fuzz_require(false, ip_error_message());
    ip_run_close(&r);
  }
  unlink(run);
  return ip_fuzz_end();
}

int ip_fuzz_state(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  ip_fuzz_file("run.h5.state", data, n, path);
  for (size_t n_epochs = 2; n_epochs <= 3; n_epochs++) {
    int64_t next;
    size_t n_state;
    void *state = NULL;
    ip_fuzz_accepted(ip_run_state_get(path, n_epochs, &next, &n_state, &state));
    ip_free(state);
  }
  return ip_fuzz_end();
}

static void see_event(void *user, size_t point, const ip_journal_entry *entry)
{
  (void)user;
  ip_fuzz_require(point < 8 && entry->event < IP_N_EVENTS, "an event is known, and of a point of the sweep");
  ip_fuzz_require(entry->time && entry->run && entry->message, "an event has all texts");
}

/* The journals of two shards, of which the second has half of the events. */
int ip_fuzz_journal(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH], folder[IP_FUZZ_PATH];
  uint8_t last[8];
  snprintf(folder, sizeof folder, "%s", ip_fuzz_folder());
  ip_results results = {.path = folder, .shard = {1, 1}, .lock = -1, .shard_lock = -1};
  ip_fuzz_file("journal.tsv", data, n, path);
  ip_fuzz_file("journal-2-of-3.tsv", data, n / 2, path);
  ip_fuzz_accepted(ip_journal_read(&results, sizeof last, last, see_event, NULL));
  return ip_fuzz_end();
}
