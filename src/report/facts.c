#include "report/facts.h"

#include "study/files.h"
#include "study/gathered.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- estimators of all files */

/* The labels found so far, and which of them the estimators of each file are. */
typedef struct {
  ip_scratch *sc; /* owns the arrays */
  size_t n, room;
  const char **label; // (n) in the scratch of the facts
  size_t *n_of;       // (files) estimators of a file
  size_t **place;     // (files) of (n_of)
} labels;

/* The place of a label, which is added where it is new. */
static ip_status find_label(labels *l, ip_scratch *sc, const char *label, size_t *place)
{
  for (*place = 0; *place < l->n; ++*place)
    if (strcmp(l->label[*place], label) == 0) return IP_OK;
  IP_TRY(IP_SCRATCH_GROW(l->sc, l->label, l->n, &l->room, "estimators"));
  return ip_scratch_text(sc, label, &l->label[l->n++]);
}

static ip_status find_labels(labels *l, const ip_gathered *g, size_t file, ip_scratch *sc)
{
  l->n_of[file] = g->n_estimators;
  IP_TRY(IP_SCRATCH(l->sc, l->place[file], g->n_estimators, "estimators"));
  for (size_t i = 0; i < g->n_estimators; i++) IP_TRY(find_label(l, sc, g->estimator[i], &l->place[file][i]));
  return IP_OK;
}

/* ---------------------------------------------------------------- one run */

/* The file's reasons for numbers that it does not have, one clause after the other. */
static ip_status read_refused(ip_run *run, const char *label, ip_scratch *mine, ip_scratch *sc, const char **refused)
{
  static const struct {
    const char *what, *about;
  } known[] = {{IP_NAME_IXT, "I(X;T)"},
               {IP_NAME_ITY, "I(T;Y)"},
               {"ixt_interval", "interval of I(X;T)"},
               {"ity_interval", "interval of I(T;Y)"},
               {"ity_null", "I(T;Y) of shuffled labels"},
               {"ixt_given_y", "I(X;T|Y)"},
               {"bin_loss", "H(prediction|T)"}};
  char text[1024] = "";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const char *reason;
    size_t used = strlen(text);
    IP_TRY(ip_run_read_no_value(run, label, known[i].what, mine, &reason));
    if (*reason) snprintf(text + used, sizeof text - used, "%s%s: %s", used ? "; " : "", known[i].about, reason);
  }
  return ip_scratch_text(sc, text, refused);
}

/* Epochs with an estimate, and with each flag; NaN flags are not recorded, and count for none. */
static void count_flags(const ip_gathered *g, double *const *v, size_t k, ip_fact *fact)
{
  for (size_t e = 0; e < g->n_epochs; e++) {
    size_t at = e * g->n_layers + k;
    double ixt = v[IP_INFORMATION_IXT][at], ity = v[IP_INFORMATION_ITY][at];
    if (isnan(ixt)) continue;
    fact->n++;
    fact->saturated += v[IP_INFORMATION_SATURATED][at] > 0;
    fact->dpi += v[IP_INFORMATION_DPI][at] > 0;
    fact->lossy += v[IP_INFORMATION_LOSSY_BINS][at] > 0;
    fact->clipped +=
        fabs(v[IP_INFORMATION_IXT_RAW][at] - ixt) > 1e-9 || fabs(v[IP_INFORMATION_ITY_RAW][at] - ity) > 1e-9;
  }
}

static void fill_fact(const ip_gathered *g, size_t i, size_t k, ip_fact *fact)
{
  double *const *v = g->series[i];
  size_t last = (g->n_epochs - 1) * g->n_layers + k;
  memcpy(fact->measure, g->measure + (i * g->n_layers + k) * IP_N_MEASURES, sizeof fact->measure);
  bool band = isfinite(v[IP_INFORMATION_IXT_BAND_LOW][last]);
  fact->ixt_low = v[band ? IP_INFORMATION_IXT_BAND_LOW : IP_INFORMATION_IXT_LOW][last];
  fact->ixt_high = v[band ? IP_INFORMATION_IXT_BAND_HIGH : IP_INFORMATION_IXT_HIGH][last];
  fact->ity_low = v[band ? IP_INFORMATION_ITY_BAND_LOW : IP_INFORMATION_ITY_LOW][last];
  fact->ity_high = v[band ? IP_INFORMATION_ITY_BAND_HIGH : IP_INFORMATION_ITY_HIGH][last];
  fact->null_high = v[IP_INFORMATION_NULL_HIGH][last];
  count_flags(g, v, k, fact);
  fact->decreased = fact->measure[IP_MEASURE_DROP] >= IP_REPORT_DECREASE_BITS;
  fact->unable = !fact->decreased && 100 * fact->saturated >= IP_REPORT_SATURATED_PERCENT * fact->n && fact->n > 0;
}

/* The i-th estimator of the file. */
static ip_status read_estimator(const ip_gathered *g, size_t i, ip_scratch *mine, ip_scratch *sc, ip_run_facts *r)
{
  r->refused[i] = "";
  if (!g->n_epochs || !g->n_layers) return IP_OK;
  IP_TRY(read_refused(g->run, g->estimator[i], mine, sc, &r->refused[i]));
  IP_TRY(IP_SCRATCH(sc, r->fact[i], g->n_layers, "measures"));
  for (size_t k = 0; k < g->n_layers; k++) fill_fact(g, i, k, &r->fact[i][k]);
  return IP_OK;
}

static ip_status read_layers(const ip_gathered *g, ip_scratch *mine, ip_scratch *sc, ip_run_facts *r)
{
  double *constant;
  IP_TRY(IP_SCRATCH(mine, constant, g->n_epochs * g->n_layers, "constant units"));
  IP_TRY(IP_SCRATCH(sc, r->layer, g->n_layers, "layers"));
  IP_TRY(IP_SCRATCH(sc, r->constant, g->n_layers, "layers"));
  IP_TRY(IP_SCRATCH(sc, r->crossing, g->n_layers, "layers"));
  IP_TRY(ip_run_read_layer_metric(g->run, IP_NAME_CONSTANT_UNITS, constant));
  for (size_t k = 0; k < g->n_layers; k++) {
    const ip_run_layer *layer = &g->head->layer[k];
    IP_TRY(ip_scratch_format(sc, &r->layer[k], "%.40s%s%zu %.40s", layer->name, *layer->name ? ": " : "", layer->width,
                             layer->activation));
    r->constant[k] = g->n_epochs ? constant[(g->n_epochs - 1) * g->n_layers + k] : (double)NAN;
    r->crossing[k] = g->crossing[k];
  }
  return IP_OK;
}

/* With the estimators in the order of the file. */
static ip_status read_run(const ip_gathered *g, const ip_facts *f, ip_scratch *mine, ip_run_facts *r)
{
  IP_TRY(ip_scratch_text(f->sc, ip_file_name(ip_run_path(g->run)), &r->name));
  IP_TRY(ip_scratch_text(f->sc, ip_run_status(g->run), &r->status));
  IP_TRY(ip_scratch_text(f->sc, ip_run_reason(g->run), &r->reason));
  r->seed = g->head->seed;
  r->n_epochs = g->n_epochs;
  r->n_samples = g->head->n;
  r->n_layers = g->n_layers;
  r->last_epoch = g->n_epochs ? g->epoch[g->n_epochs - 1] : 0;
  r->train_accuracy = g->final[IP_METRIC_TRAIN_ACCURACY];
  r->test_accuracy = g->final[IP_METRIC_TEST_ACCURACY];
  r->train_loss = g->final[IP_METRIC_TRAIN_LOSS];
  r->test_loss = g->final[IP_METRIC_TEST_LOSS];
  IP_TRY(read_layers(g, mine, f->sc, r));
  IP_TRY(IP_SCRATCH(f->sc, r->fact, g->n_estimators, "measures"));
  IP_TRY(IP_SCRATCH(f->sc, r->refused, g->n_estimators, "measures"));
  for (size_t i = 0; i < g->n_estimators; i++) IP_TRY(read_estimator(g, i, mine, f->sc, r));
  return IP_OK;
}

/* ---------------------------------------------------------------- all runs */

/* The estimators of a run in the order of those of all files. */
static ip_status reorder(ip_facts *f, const labels *l, size_t file)
{
  ip_run_facts *r = &f->run[file];
  ip_fact **fact;
  const char **refused;
  IP_TRY(IP_SCRATCH(f->sc, fact, l->n, "measures"));
  IP_TRY(IP_SCRATCH(f->sc, refused, l->n, "measures"));
  for (size_t i = 0; i < l->n; i++) refused[i] = "";
  for (size_t i = 0; i < l->n_of[file]; i++) {
    fact[l->place[file][i]] = r->fact[i];
    refused[l->place[file][i]] = r->refused[i];
  }
  r->fact = fact;
  r->refused = refused;
  return IP_OK;
}

static ip_status keep_labels(ip_facts *f, const labels *l)
{
  const char **label;
  IP_TRY(IP_SCRATCH(f->sc, label, l->n, "estimators"));
  for (size_t i = 0; i < l->n; i++) label[i] = l->label[i];
  f->n_estimators = l->n;
  f->estimator = label;
  for (size_t i = 0; i < f->set->n_files; i++) IP_TRY(reorder(f, l, i));
  return IP_OK;
}

static ip_status read_file(ip_facts *f, size_t i, labels *l, ip_scratch *mine, const ip_facts_visitor *v)
{
  ip_gathered g = {0};
  IP_TRY(ip_gathered_open(f->set->file[i], mine, &g));
  ip_status st = find_labels(l, &g, i, f->sc);
  if (st == IP_OK) st = read_run(&g, f, mine, &f->run[i]);
  if (st == IP_OK && v) st = v->visit(v->context, i, &g, mine);
  ip_gathered_close(&g);
  return st;
}

static ip_status read_files(ip_facts *f, labels *l, ip_scratch *mine, const ip_facts_visitor *v)
{
  size_t first;
  IP_TRY(IP_SCRATCH(f->sc, f->run, f->set->n_files, "runs"));
  IP_TRY(IP_SCRATCH(l->sc, l->n_of, f->set->n_files, "runs"));
  IP_TRY(IP_SCRATCH(l->sc, l->place, f->set->n_files, "runs"));
  if (*f->set->estimator) IP_TRY(find_label(l, f->sc, f->set->estimator, &first));
  for (size_t i = 0; i < f->set->n_files; i++) {
    IP_TRY(read_file(f, i, l, mine, v));
    ip_scratch_release(mine, 0);
  }
  return keep_labels(f, l);
}

static ip_status read_all(ip_facts *f, const ip_facts_visitor *v)
{
  ip_scratch *mine = NULL;
  labels l = {0};
  IP_TRY(ip_scratch_create(&f->sc));
  IP_TRY(ip_scratch_create(&l.sc));
  ip_status st = ip_scratch_create(&mine);
  if (st == IP_OK) st = read_files(f, &l, mine, v);
  ip_scratch_destroy(&mine);
  ip_scratch_destroy(&l.sc);
  return st;
}

ip_status ip_facts_read(const ip_run_set *set, const ip_facts_visitor *visitor, ip_facts **out)
{
  ip_facts *f;
  *out = NULL;
  IP_TRY(IP_NEW(f, 1, "facts of runs"));
  f->set = set;
  ip_status st = read_all(f, visitor);
  if (st != IP_OK) ip_facts_destroy(&f);
  *out = f;
  return st;
}

void ip_facts_destroy(ip_facts **f)
{
  if (!*f) return;
  ip_scratch_destroy(&(*f)->sc);
  ip_free(*f);
  *f = NULL;
}

const ip_fact *ip_facts_of(const ip_facts *f, const ip_run_group *g, size_t j, size_t i, size_t k)
{
  const ip_run_facts *r = &f->run[g->run[j]];
  return i < f->n_estimators && r->fact[i] && k < r->n_layers ? &r->fact[i][k] : NULL;
}

double ip_facts_mean(const ip_facts *f, const ip_run_group *g, size_t i, size_t k, ip_compression_measure m, size_t *n)
{
  ip_compression_measure of = m == IP_MEASURE_IXT ? IP_MEASURE_IXT_RAW : m == IP_MEASURE_ITY ? IP_MEASURE_ITY_RAW : m;
  double sum = 0, low = (double)INFINITY, high = -(double)INFINITY;
  *n = 0;
  for (size_t j = 0; j < g->n_runs; j++) {
    const ip_fact *fact = ip_facts_of(f, g, j, i, k);
    if (!fact || !isfinite(fact->measure[of])) continue;
    sum += fact->measure[of];
    low = fmin(low, fact->measure[m]);
    high = fmax(high, fact->measure[m]);
    ++*n;
  }
  double mean = *n ? sum / (double)*n : (double)NAN;
  return of != m && *n ? fmin(fmax(mean, low), high) : mean;
}
