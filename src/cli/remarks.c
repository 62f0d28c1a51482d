#include "cli/remarks.h"

#include "base/mem.h"
#include "base/plain.h"
#include "estimator/estimator.h"
#include "runfile/runfile.h"

#include <stdio.h>

typedef struct {
  const ip_run *run;
  const char *path, *label;
  size_t n_epochs, n_layers, n_samples;
  const double *ixt, *saturated; // (n_epochs, n_layers)
} estimates;

/* Epochs at which layer k is saturated. */
static size_t count_saturated(const estimates *es, size_t k)
{
  size_t n = 0;
  for (size_t e = 0; e < es->n_epochs; e++) n += es->saturated[e * es->n_layers + k] > 0;
  return n;
}

/* "fc1", or "3" of a layer without a name. */
static void put_layer(const estimates *es, size_t k)
{
  const char *name = ip_run_head_of(es->run)->layer[k].name;
  if (*name)
    ip_print(stderr, "%s", name);
  else
    ip_print(stderr, "%zu", k + 1);
}

/* Reports layers, grouping neighbours that are saturated at equally many epochs: "layer 3", "layers 1-4", "layers fc1
 * to fc4". */
static void remark_saturated(const estimates *es)
{
  for (size_t first = 0, last; first < es->n_layers; first = last + 1) {
    size_t n = count_saturated(es, first);
    last = first;
    while (last + 1 < es->n_layers && count_saturated(es, last + 1) == n) last++;
    if (!n) continue;
    const ip_run_layer *layer = ip_run_head_of(es->run)->layer;
    ip_print(stderr, "%s: %s: layer%s ", es->path, es->label, last > first ? "s" : "");
    put_layer(es, first);
    if (last > first) {
      fputs(*layer[first].name || *layer[last].name ? " to " : "-", stderr);
      put_layer(es, last);
    }
    if (n == es->n_epochs)
      ip_print(stderr, " saturated at every logged epoch");
    else
      ip_print(stderr, " saturated at %zu of %zu epochs", n, es->n_epochs);
    fprintf(stderr,
            ": I(X;T) is at its limit for %zu samples, because the estimator separates almost all inputs; it "
            "reflects the number of samples, not the layer\n",
            es->n_samples);
  }
}

/* A layer that lost all information between two epochs may be a row that was allocated but not written. */
static void remark_lost(const estimates *es)
{
  const int64_t *epoch = ip_run_epochs(es->run);
  for (size_t k = 0; k < es->n_layers; k++)
    for (size_t e = 1; e < es->n_epochs; e++) {
      double before = es->ixt[(e - 1) * es->n_layers + k], now = es->ixt[e * es->n_layers + k];
      if (!(before > 0 && now == 0)) continue;
      ip_print(stderr, "%s: %s: layer ", es->path, es->label);
      put_layer(es, k);
      ip_print(stderr,
               " is constant at epoch %lld but not at epoch %lld: unless the network collapsed, its activations were "
               "not written\n",
               (long long)epoch[e], (long long)epoch[e - 1]);
      break;
    }
}

static ip_status remark_estimates(ip_run *run, const char *path, const char *label, ip_scratch *sc)
{
  size_t n_epochs = ip_run_n_epochs(run), n_layers = ip_run_head_of(run)->n_layers;
  double *ixt, *saturated;
  IP_TRY(IP_SCRATCH(sc, ixt, n_epochs * n_layers, "estimates"));
  IP_TRY(IP_SCRATCH(sc, saturated, n_epochs * n_layers, "flags"));
  IP_TRY(ip_run_read_series(run, label, IP_NAME_IXT, ixt));
  IP_TRY(ip_run_read_series(run, label, IP_NAME_SATURATED, saturated));
  estimates es = {run, path, label, n_epochs, n_layers, ip_run_n_estimated(run, label), ixt, saturated};
  remark_saturated(&es);
  remark_lost(&es);
  return IP_OK;
}

/* One estimator, from every choice of samples. */
static ip_status remark_estimator(ip_run *run, const char *path, const char *label, size_t n_splits,
                                  const char *const *split, ip_scratch *sc)
{
  if (!n_splits) return remark_estimates(run, path, label, sc);
  for (size_t i = 0; i < n_splits; i++) {
    const char *name;
    IP_TRY(ip_run_name_group(label, split[i], sc, &name));
    IP_TRY(remark_estimates(run, path, name, sc));
  }
  return IP_OK;
}

static ip_status remark_all(ip_run *run, const char *path, size_t n, const char *const *spec, size_t n_splits,
                            const char *const *split, ip_scratch *sc)
{
  size_t unwritten = ip_run_n_unwritten(run);
  if (unwritten)
    ip_print(
        stderr,
        "%s: the last %zu of the %zu epochs in /epoch (from epoch %lld) have no activations; their estimates are NaN\n",
        path, unwritten, ip_run_n_epochs(run) + unwritten, (long long)ip_run_epochs(run)[ip_run_n_epochs(run)]);
  ip_status st = IP_OK;
  for (size_t i = 0; i < n && st == IP_OK; i++) {
    ip_estimator *e;
    if ((st = ip_estimator_create(spec[i], 0, &e)) != IP_OK) break;
    st = remark_estimator(run, path, ip_estimator_label(e), n_splits, split, sc);
    ip_estimator_destroy(&e);
    ip_scratch_release(sc, 0);
  }
  return st;
}

ip_status ip_remarks_print(const char *path, size_t n, const char *const *spec, size_t n_splits,
                           const char *const *split)
{
  ip_run *run;
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_run_open(path, &run);
  if (st == IP_OK) st = remark_all(run, path, n, spec, n_splits, split, sc);
  ip_run_close(&run);
  ip_scratch_destroy(&sc);
  return st;
}
