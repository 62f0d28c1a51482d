#include "claims/gather_run.h"

#include "claims/estimator_name.h"
#include "claims/excess.h"
#include "runfile/runfile.h"

#include <math.h>
#include <string.h>

typedef struct {
  const ip_claim *claim;
  const ip_claim_needs *needs;
  const char *path;
  size_t seed;
  bool failed; /* read it if it failed to fit; else if it did not */
  ip_claim_table *table;
  ip_claim_block *block;
  ip_scratch *sc;
  ip_run *run;
  const ip_run_head *head;
  size_t n_epochs;
  const int64_t *epoch; // (n_epochs)
  size_t *to;           // (n_epochs) index of the epoch in the block, or its n_epochs
  double *v;            // (n_epochs, n_layers) buffer
  ip_ib_curve *curve;   /* of the data, if the excess over it is read */
} reading;

size_t ip_claim_layer_number(ip_layer_choice choice, size_t n_layers)
{
  if (choice.number >= 1) return (size_t)choice.number <= n_layers ? (size_t)choice.number : 0;
  size_t from_output = (size_t)-choice.number;
  return from_output < n_layers ? n_layers - from_output : 0;
}

/* ---------------------------------------------------------------- the block */

static ip_status begin_block(reading *r)
{
  ip_claim_block *b = r->block;
  b->n_epochs = r->n_epochs;
  b->n_layers = r->head->n_layers;
  IP_TRY(IP_SCRATCH(r->table->sc, b->epoch, b->n_epochs, "epochs"));
  IP_TRY(IP_SCRATCH(r->table->sc, b->layer, b->n_layers, "layers"));
  memcpy(b->epoch, r->epoch, b->n_epochs * sizeof *b->epoch);
  for (size_t k = 0; k < b->n_layers; k++) {
    const ip_run_layer *l = &r->head->layer[k];
    b->layer[k] = (ip_claim_layer){.is_output = !strcmp(l->kind, "output"), .width = l->width};
    IP_TRY(
        ip_scratch_text(r->table->sc, l->activation && *l->activation ? l->activation : "-", &b->layer[k].activation));
  }
  return IP_OK;
}

/* Where the epochs of the run are in the block, which must be the same: the final window of a run that was trained for
 * longer, or logged at other epochs, is another one. A network that failed to fit may have ended before. */
static ip_status match_epochs(reading *r)
{
  IP_REQUIRE(r->head->n_layers == r->block->n_layers, IP_EINVAL,
             "%s: %zu layers, but other runs of condition %s have %zu; give them a condition of their own", r->path,
             r->head->n_layers, r->block->condition, r->block->n_layers);
  IP_TRY(IP_SCRATCH(r->sc, r->to, r->n_epochs, "epochs"));
  size_t j = 0, n_same = 0;
  for (size_t e = 0; e < r->n_epochs; e++) {
    while (j < r->block->n_epochs && r->block->epoch[j] < r->epoch[e]) j++;
    r->to[e] = j < r->block->n_epochs && r->block->epoch[j] == r->epoch[e] ? j : r->block->n_epochs;
    n_same += r->to[e] < r->block->n_epochs;
  }
  IP_REQUIRE(
      r->failed || (n_same == r->n_epochs && n_same == r->block->n_epochs), IP_EINVAL,
      "%s: logs other epochs than the runs before it in condition %s (%zu epochs, %zu of them the same as the %zu "
      "there); give runs with other epochs conditions of their own",
      r->path, r->block->condition, r->n_epochs, n_same, r->block->n_epochs);
  return IP_OK;
}

/* The series of the block, which is added by the first run that has it. */
static ip_status series_of(reading *r, const char *name, const char *estimator, size_t layer, double **x)
{
  const double *found = ip_claim_table_series(r->block, name, estimator, layer);
  for (size_t i = 0; i < r->block->n_series && found; i++)
    if (r->block->series[i].x == found) *x = r->block->series[i].x;
  return found ? IP_OK : ip_claim_table_add_series(r->table, r->block, name, estimator, layer, x);
}

/* Column `layer` (from 1; 0: the only one) of the buffer with n columns. */
static ip_status put_series(reading *r, const char *name, const char *estimator, size_t layer, size_t n)
{
  double *x;
  size_t column = layer ? layer - 1 : 0;
  IP_TRY(series_of(r, name, estimator, layer, &x));
  x += r->seed * r->block->n_epochs;
  for (size_t e = 0; e < r->n_epochs; e++)
    if (r->to[e] < r->block->n_epochs) x[r->to[e]] = r->v[e * n + column];
  return IP_OK;
}

static ip_status put_scalar(reading *r, const char *name, size_t layer, double value)
{
  double *x = NULL;
  for (size_t i = 0; i < r->block->n_scalars; i++)
    if (r->block->scalar[i].layer == layer && !strcmp(r->block->scalar[i].name, name)) x = r->block->scalar[i].x;
  if (!x) IP_TRY(ip_claim_table_add_scalar(r->table, r->block, name, layer, &x));
  x[r->seed] = value;
  return IP_OK;
}

/* ---------------------------------------------------------------- series */

/* The layers that a series is read of. */
static bool is_read(const reading *r, const ip_claim_need *need, size_t layer)
{
  bool is_hidden = !r->block->layer[layer - 1].is_output;
  if (need->layer.is_given) return ip_claim_layer_number(need->layer, r->block->n_layers) == layer;
  if (need->all_hidden && is_hidden) return true;
  if (r->claim->layers == IP_LAYERS_HIDDEN) return is_hidden;
  for (size_t i = 0; i < r->claim->n_layers; i++)
    if (ip_claim_layer_number(r->claim->layer[i], r->block->n_layers) == layer) return true;
  return false;
}

static ip_status put_layers(reading *r, const ip_claim_need *need, const char *estimator)
{
  for (size_t k = 1; k <= r->block->n_layers; k++)
    if (is_read(r, need, k)) IP_TRY(put_series(r, need->name, estimator, k, r->block->n_layers));
  return IP_OK;
}

/* The group of the file whose spec means the estimator. */
static ip_status find_group(reading *r, const char *label, const char **group)
{
  size_t n = ip_run_n_information(r->run);
  const char *names = "none", *of_name;
  *group = label;
  for (size_t i = 0; i < n; i++) {
    const char *name = ip_run_information_name(r->run, i);
    if (!strcmp(name, label)) return IP_OK;
    IP_TRY(ip_scratch_format(r->sc, &names, "%s%s%s", i ? names : "", i ? ", " : "", name));
  }
  for (size_t i = 0; i < n; i++) {
    *group = ip_run_information_name(r->run, i);
    if (ip_estimator_name_label(*group, r->sc, &of_name) != IP_OK)
      ip_error_clear(); /* an estimator of another program */
    else if (!strcmp(of_name, label))
      return IP_OK;
  }
  IP_FAIL(IP_EINVAL, "%s: has no estimates by '%s'; it has: %s", r->path, label, names);
}

static ip_status read_excess(reading *r, const char *group)
{
  double *ity;
  size_t n = r->n_epochs * r->block->n_layers;
  if (!r->curve) IP_TRY(ip_excess_curve(r->run, r->sc, &r->curve));
  IP_TRY(IP_SCRATCH(r->sc, ity, n, "series"));
  IP_TRY(ip_run_read_series(r->run, group, IP_NAME_IXT, r->v));
  IP_TRY(ip_run_read_series(r->run, group, IP_NAME_ITY, ity));
  for (size_t i = 0; i < n; i++) r->v[i] -= ip_excess_rate(r->curve, ity[i]);
  return IP_OK;
}

static ip_status read_estimate(reading *r, const ip_claim_need *need, const char *estimator)
{
  const char *group;
  IP_TRY(find_group(r, estimator, &group));
  if (!strcmp(need->path, "excess"))
    IP_TRY(read_excess(r, group));
  else
    IP_TRY(ip_run_read_series(r->run, group, need->path, r->v));
  return put_layers(r, need, estimator);
}

static ip_status read_measure(reading *r, const ip_claim_need *need)
{
  const char *slash = strrchr(need->path, '/'), *label;
  IP_TRY(ip_scratch_format(r->sc, &label, "%.*s", (int)(slash - need->path), need->path));
  IP_TRY(ip_run_read_measure_series(r->run, label, slash + 1, r->v));
  return put_layers(r, need, "");
}

static ip_status read_need(reading *r, const ip_claim_need *need)
{
  if (need->source == IP_SOURCE_METRIC) {
    IP_TRY(ip_run_read_metric(r->run, need->path, r->v));
    return put_series(r, need->name, "", 0, 1);
  }
  if (need->source == IP_SOURCE_LAYER) {
    IP_TRY(ip_run_read_layer_metric(r->run, need->path, r->v));
    return put_layers(r, need, "");
  }
  if (need->source == IP_SOURCE_MEASURE) return read_measure(r, need);
  for (size_t i = 0; i < (need->estimator ? 1 : r->claim->n_estimators); i++) {
    const char *label;
    IP_TRY(ip_estimator_name_on(need->estimator ? need->estimator : r->claim->estimator[i], need->split, r->table->sc,
                                &label));
    IP_TRY(read_estimate(r, need, label));
  }
  return IP_OK;
}

static double last_value(const double *v, size_t n, size_t stride)
{
  return n ? v[(n - 1) * stride] : (double)NAN;
}

static ip_status read_scalars(reading *r)
{
  IP_TRY(put_scalar(r, "hx_bits", 0, r->head->hx_bits));
  IP_TRY(put_scalar(r, "hy_bits", 0, r->head->hy_bits));
  IP_TRY(put_scalar(r, "ixy_bits", 0, r->head->ixy_bits));
  IP_TRY(put_scalar(r, "log2_n", 0, log2((double)r->head->n)));
  for (size_t i = 0; i < r->needs->n_finals; i++) {
    const char *path;
    ip_rule_source(r->needs->final[i], &path);
    double value = ip_run_final(r->run, path);
    IP_TRY(ip_run_read_metric(r->run, path, r->v));
    IP_TRY(put_scalar(r, r->needs->final[i], 0, isnan(value) ? last_value(r->v, r->n_epochs, 1) : value));
  }
  IP_TRY(ip_run_read_layer_metric(r->run, "constant_units", r->v));
  for (size_t k = 0; k < r->block->n_layers; k++)
    IP_TRY(put_scalar(r, "constant_units", k + 1, last_value(r->v + k, r->n_epochs, r->block->n_layers)));
  return IP_OK;
}

static ip_status read(reading *r)
{
  const char *status = ip_run_status(r->run);
  r->head = ip_run_head_of(r->run);
  r->n_epochs = ip_run_n_epochs(r->run);
  r->epoch = ip_run_epochs(r->run);
  bool failed = !strcmp(status, IP_RUN_FAILED_TO_FIT);
  bool unfinished = !strcmp(status, IP_RUN_RUNNING) || !strcmp(status, IP_RUN_INTERRUPTED);
  if (unfinished || failed != r->failed) return IP_OK;
  if (!r->block->n_layers) IP_TRY(begin_block(r));
  IP_TRY(match_epochs(r));
  IP_TRY(IP_SCRATCH(r->sc, r->v, r->n_epochs * r->block->n_layers, "series"));
  for (size_t i = 0; i < r->needs->n; i++) IP_TRY(read_need(r, &r->needs->need[i]));
  IP_TRY(read_scalars(r));
  r->block->state[r->seed] = failed ? IP_CLAIM_RUN_FAILED_TO_FIT : IP_CLAIM_RUN_DONE;
  return IP_OK;
}

ip_status ip_claim_gather_run(const ip_claim *c, const ip_claim_needs *needs, const char *path, size_t seed,
                              bool failed, const char *digest, ip_claim_table *t, ip_claim_block *b)
{
  reading r = {.claim = c, .needs = needs, .path = path, .seed = seed, .failed = failed, .table = t, .block = b};
  IP_TRY(ip_scratch_create(&r.sc));
  ip_status st = ip_run_open_series(path, &r.run);
  if (st == IP_OK && digest && strcmp(ip_run_head_of(r.run)->digest, digest) != 0)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EINVAL,
                      "%s: was trained with another configuration than the claim has now; run the claim with --force",
                      path);
  if (st == IP_OK) st = read(&r);
  ip_ib_curve_destroy(&r.curve);
  ip_run_close(&r.run);
  ip_scratch_destroy(&r.sc);
  return st;
}
