#include "study/runs.h"

#include "base/plain.h"
#include "config/settings.h"
#include "estimator/estimator.h"
#include "experiment/experiment.h"
#include "study/files.h"

#include <math.h>
#include <string.h>

/* What is kept of a group while files are read; the public part is made from it at the end. */
typedef struct {
  const char *signature; /* equal for repeats */
  uint64_t hash;         /* of the signature, to tell most of them apart quickly */
  ip_settings settings;
  const char *name;   /* of the experiment or the file */
  const char **layer; /* (n_layers) "7 tanh" */
  size_t n_runs, n_failed_to_fit, room;
  size_t *run;         // (n_runs)
  bool *failed_to_fit; // (n_runs)
} draft;

typedef struct {
  ip_run_set *set;
  size_t n, room;
  draft *draft; // (n)
} reading;

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const char *text)
{
  uint64_t h = 0xcbf29ce484222325u;
  for (; *text; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
  return h;
}

/* Fills a draft with what tells the run's configuration from others. */
static ip_status describe(const ip_run *run, ip_scratch *sc, draft *d)
{
  const ip_run_head *h = ip_run_head_of(run);
  const char *settings, *shape = "";
  IP_TRY(ip_settings_read(h->config, ip_experiment_schema()->renamed, sc, &d->settings));
  IP_TRY(ip_settings_text(&d->settings, sc, &settings));
  IP_TRY(IP_SCRATCH(sc, d->layer, h->n_layers, "layers"));
  for (size_t k = 0; k < h->n_layers; k++) {
    const ip_run_layer *layer = &h->layer[k];
    IP_TRY(
        ip_scratch_format(sc, &d->layer[k], "%zu%s%s", layer->width, *layer->activation ? " " : "", layer->activation));
    if (*layer->name) IP_TRY(ip_scratch_format(sc, &d->layer[k], "%s", layer->name));
    IP_TRY(ip_scratch_format(sc, &shape, "%s%s %zu|", shape, d->layer[k], layer->width));
  }
  const char *name = *h->experiment ? h->experiment : ip_file_name(ip_run_path(run));
  IP_TRY(ip_scratch_text(sc, name, &d->name));
  IP_TRY(ip_scratch_format(sc, &d->signature, "%s\n%s\n%s", *h->config ? settings : name, h->dataset, shape));
  d->hash = hash_of(d->signature);
  return IP_OK;
}

/* Puts the run of a file into group g, a new one where g is their number. */
static ip_status sort_in(reading *r, size_t g, const draft *one, size_t file, bool failed_to_fit)
{
  ip_scratch *sc = r->set->sc;
  if (g == r->n) {
    IP_TRY(IP_SCRATCH_GROW(sc, r->draft, r->n, &r->room, "configurations"));
    r->draft[r->n++] = *one;
  }
  draft *d = &r->draft[g];
  size_t room = d->room;
  IP_TRY(IP_SCRATCH_GROW(sc, d->failed_to_fit, d->n_runs, &room, "runs"));
  IP_TRY(IP_SCRATCH_GROW(sc, d->run, d->n_runs, &d->room, "runs"));
  d->failed_to_fit[d->n_runs] = failed_to_fit;
  d->n_failed_to_fit += failed_to_fit;
  d->run[d->n_runs++] = file;
  return IP_OK;
}

bool ip_run_has_estimates(const ip_run *run, const char *estimator)
{
  for (size_t i = 0; i < ip_run_n_information(run); i++)
    if (strcmp(ip_run_information_name(run, i), estimator) == 0) return true;
  return false;
}

/* The first estimator that the configuration names, where the file has it; otherwise the first of the file. */
static ip_status choose_estimator(ip_run_set *s, const ip_run *run)
{
  const char *spec;
  ip_estimator *e = NULL;
  s->estimator = s->estimators[0];
  IP_TRY(ip_settings_first_estimator(ip_run_head_of(run)->config, s->sc, &spec));
  if (!*spec) return IP_OK;
  ip_status st = ip_estimator_create(spec, 0, &e);
  if (st == IP_ENOMEM) return st;
  if (st != IP_OK) { /* of another version of the program: its name decides nothing */
    ip_error_clear();
    return IP_OK;
  }
  for (size_t i = 0; i < s->n_estimators; i++)
    if (strcmp(s->estimators[i], ip_estimator_label(e)) == 0) s->estimator = s->estimators[i];
  size_t n = strlen(ip_estimator_label(e));
  for (size_t i = 0; i < s->n_estimators && strcmp(s->estimator, ip_estimator_label(e)) != 0; i++)
    if (strncmp(s->estimators[i], ip_estimator_label(e), n) == 0 && s->estimators[i][n] == '@') {
      s->estimator = s->estimators[i]; /* of one side of the split, where the file has none of all samples */
      break;
    }
  ip_estimator_destroy(&e);
  return IP_OK;
}

static ip_status keep_estimators(ip_run_set *s, const ip_run *run)
{
  const char **label;
  size_t n = ip_run_n_information(run);
  IP_TRY(IP_SCRATCH(s->sc, label, n, "estimators"));
  for (size_t i = 0; i < n; i++) IP_TRY(ip_scratch_text(s->sc, ip_run_information_name(run, i), &label[i]));
  s->n_estimators = n;
  s->estimators = label;
  if (n && !s->estimator) return choose_estimator(s, run);
  return IP_OK;
}

/* Reads the head of one file. Its settings stay in memory only where they are those of a new group. */
static ip_status read_head(reading *r, ip_run *run, size_t i)
{
  ip_run_set *s = r->set;
  draft one = {0};
  s->n_epochs[i] = ip_run_n_epochs(run);
  if (!s->n_estimators) IP_TRY(keep_estimators(s, run));
  IP_TRY(ip_measured_add_run(&s->measured, run, s->sc));
  bool has = s->estimator && ip_run_has_estimates(run, s->estimator);
  if (!s->is_asked) has = has || ip_noisy_from(ip_run_head_of(run)) < ip_run_head_of(run)->n_layers;
  if (!s->without_estimates && !has) s->without_estimates = s->file[i];
  size_t mark = ip_scratch_mark(s->sc), g = 0;
  IP_TRY(describe(run, s->sc, &one));
  while (g < r->n && !(r->draft[g].hash == one.hash && strcmp(r->draft[g].signature, one.signature) == 0)) g++;
  if (g < r->n) ip_scratch_release(s->sc, mark);
  return sort_in(r, g, &one, i, strcmp(ip_run_status(run), IP_RUN_FAILED_TO_FIT) == 0);
}

static ip_status read_file(reading *r, size_t i)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(r->set->file[i], &run));
  ip_status st = read_head(r, run, i);
  ip_run_close(&run);
  return st;
}

/* The keys that groups differ in. */
static ip_status find_keys(reading *r)
{
  ip_settings *all; // (r->n)
  IP_TRY(IP_SCRATCH(r->set->sc, all, r->n, "settings"));
  for (size_t g = 0; g < r->n; g++) all[g] = r->draft[g].settings;
  return ip_settings_differing(r->n, all, r->set->sc, &r->set->n_keys, &r->set->key);
}

/* Whether a comes before b: by the first key whose values have an order, as numbers or lengths of lists. */
static bool before(const ip_run_set *s, const draft *a, const draft *b)
{
  for (size_t k = 0; k < s->n_keys; k++) {
    int order = ip_setting_order(ip_settings_get(&a->settings, s->key[k]), ip_settings_get(&b->settings, s->key[k]));
    if (order) return order < 0;
  }
  return false;
}

/* Stable: what has no order, such as activations, stays in the order of the files. */
static void sort_groups(reading *r)
{
  for (size_t i = 1; i < r->n; i++) {
    draft one = r->draft[i];
    size_t j = i;
    for (; j > 0 && before(r->set, &one, &r->draft[j - 1]); j--) r->draft[j] = r->draft[j - 1];
    r->draft[j] = one;
  }
}

/* "activation: relu, hidden: [10, 7]": the settings that tell this group apart, or its name where names do. */
static ip_status title_of(const reading *r, size_t g, const char **title)
{
  const ip_run_set *s = r->set;
  bool alone = true;
  for (size_t h = 0; h < r->n; h++) alone = alone && (h == g || strcmp(r->draft[h].name, r->draft[g].name) != 0);
  if (r->n == 1 || s->n_keys == 0 || (alone && s->n_keys > 2)) return ip_scratch_text(s->sc, r->draft[g].name, title);
  *title = "";
  for (size_t k = 0; k < s->n_keys && k < 3; k++) {
    const char *dot = strchr(s->key[k], '.'), *value = s->group[g].value[k];
    IP_TRY(ip_scratch_format(s->sc, &*title, "%s%s%s: %s", *title, k ? ", " : "", dot ? dot + 1 : s->key[k],
                             *value ? value : "none"));
  }
  return IP_OK;
}

static ip_status finish_group(reading *r, size_t g)
{
  ip_run_set *s = r->set;
  draft *d = &r->draft[g];
  ip_run_group *to = &s->group[g];
  const char **value, *title;
  bool all_failed_to_fit = d->n_failed_to_fit == d->n_runs;
  size_t n = 0, *run, at = 0;
  IP_TRY(IP_SCRATCH(s->sc, run, d->n_runs, "runs"));
  for (size_t i = 0; i < d->n_runs; i++) n += all_failed_to_fit || !d->failed_to_fit[i];
  for (size_t i = 0, failed = n; i < d->n_runs; i++)
    run[all_failed_to_fit || !d->failed_to_fit[i] ? at++ : failed++] = d->run[i];
  to->n_failed_to_fit = all_failed_to_fit ? 0 : d->n_failed_to_fit;
  to->n_runs = n;
  to->run = run;
  IP_TRY(IP_SCRATCH(s->sc, value, s->n_keys, "values"));
  for (size_t k = 0; k < s->n_keys; k++) value[k] = ip_settings_get(&d->settings, s->key[k]);
  to->value = value;
  to->longest = to->run[0];
  for (size_t i = 1; i < n; i++)
    if (s->n_epochs[to->run[i]] > s->n_epochs[to->longest]) to->longest = to->run[i];
  IP_TRY(title_of(r, g, &title));
  if (n > 1) IP_TRY(ip_scratch_format(s->sc, &title, "%s, %zu runs", title, n));
  if (to->n_failed_to_fit) IP_TRY(ip_scratch_format(s->sc, &title, "%s (%zu did not fit)", title, to->n_failed_to_fit));
  if (all_failed_to_fit) IP_TRY(ip_scratch_format(s->sc, &title, "%s (did not fit)", title));
  return ip_plain_text(title, 160, s->sc, &to->title);
}

static ip_status read_common(ip_run_set *s, ip_run *run, ip_run_group *g)
{
  g->least_test_loss_epoch = (double)NAN;
  const ip_run_head *h = ip_run_head_of(run);
  ip_drawn *drawn;
  g->n_layers = h->n_layers;
  g->noise_estimator = ip_noisy_estimator(h);
  g->ixy_bits = h->ixy_bits;
  IP_TRY(ip_run_load_samples(run));
  IP_TRY(ip_scratch_text(s->sc, h->objective, &g->objective));
  g->has_squared_error = h->n_layers > 0 && strcmp(h->layer[h->n_layers - 1].activation, "linear") == 0;
  IP_TRY(ip_logged_hx(h, s->sc, &g->hx_bits));
  IP_TRY(ip_logged_hy(h, -1, &g->hy_bits));
  g->hx_limit = ip_run_information_number(run, s->estimator, "hx_bits");
  g->hy_limit = ip_run_information_number(run, s->estimator, "hy_bits");
  if (isnan(g->hx_limit)) g->hx_limit = g->hx_bits;
  if (isnan(g->hy_limit)) g->hy_limit = g->hy_bits;
  IP_TRY(IP_SCRATCH(s->sc, drawn, h->n_layers, "layers"));
  for (size_t k = 0; k < h->n_layers && !s->is_asked; k++) drawn[k] = ip_noisy_drawn(run, s->estimator, k);
  g->drawn = drawn;
  if (h->n_layers > s->n_layers) s->n_layers = h->n_layers;
  return IP_OK;
}

/* H(X), H(Y) and the layers of a group, from its first run. */
static ip_status open_common(ip_run_set *s, ip_run_group *g)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(s->file[g->run[0]], &run));
  ip_status st = read_common(s, run, g);
  ip_run_close(&run);
  return st;
}

const char *ip_layer_label(const ip_run_set *s, const ip_run_group *g, size_t k)
{
  return s->label[k + s->n_layers - g->n_layers];
}

/* The label of layer k, where the numbers of layers differ: "output", "output - 1". */
static ip_status name_from_output(ip_run_set *s, size_t k, const char **label)
{
  size_t before = s->n_layers - 1 - k;
  if (before)
    IP_TRY(ip_scratch_format(s->sc, &*label, "output - %zu", before));
  else
    IP_TRY(ip_scratch_format(s->sc, &*label, "%s", "output"));
  return IP_OK;
}

static ip_status name_layers(reading *r)
{
  ip_run_set *s = r->set;
  const char **label;
  IP_TRY(IP_SCRATCH(s->sc, label, s->n_layers, "layers"));
  s->label = label;
  for (size_t g = 0; g < r->n; g++) s->depths_differ = s->depths_differ || s->group[g].n_layers != s->n_layers;
  for (size_t k = 0; k < s->n_layers; k++) {
    if (s->depths_differ) {
      IP_TRY(name_from_output(s, k, &label[k]));
      continue;
    }
    const char *same = NULL;
    bool differs = false;
    for (size_t g = 0; g < r->n; g++) {
      if (same && strcmp(same, r->draft[g].layer[k]) != 0) differs = true;
      same = r->draft[g].layer[k];
    }
    if (differs)
      IP_TRY(ip_scratch_format(s->sc, &label[k], "layer %zu", k + 1));
    else
      IP_TRY(ip_scratch_format(s->sc, &label[k], "%zu: %s", k + 1, same));
    IP_TRY(ip_plain_text(label[k], 40, s->sc, &label[k]));
  }
  return IP_OK;
}

static ip_status read_all(reading *r)
{
  ip_run_set *s = r->set;
  IP_TRY(ip_scratch_create(&s->sc));
  IP_TRY(IP_SCRATCH(s->sc, s->n_epochs, s->n_files, "epochs"));
  for (size_t i = 0; i < s->n_files; i++) IP_TRY(read_file(r, i));
  if (!s->estimator) s->estimator = "";
  IP_TRY(find_keys(r));
  sort_groups(r);
  s->n_groups = r->n;
  IP_TRY(IP_SCRATCH(s->sc, s->group, r->n, "configurations"));
  for (size_t g = 0; g < r->n; g++) IP_TRY(finish_group(r, g));
  for (size_t g = 0; g < r->n; g++) IP_TRY(open_common(s, &s->group[g]));
  return name_layers(r);
}

ip_status ip_run_set_open(size_t n, const char *const *file, const char *estimator, ip_run_set **out)
{
  reading r = {0};
  *out = NULL;
  IP_REQUIRE(n > 0, IP_EINVAL, "no run files to plot");
  IP_TRY(IP_NEW(r.set, 1, "set of runs"));
  r.set->n_files = n;
  r.set->file = file;
  r.set->estimator = estimator;
  r.set->is_asked = estimator != NULL;
  ip_status st = read_all(&r);
  if (st != IP_OK) {
    ip_run_set_close(&r.set);
    return st;
  }
  *out = r.set;
  return IP_OK;
}

void ip_run_set_close(ip_run_set **s)
{
  if (!*s) return;
  ip_scratch_destroy(&(*s)->sc);
  ip_free(*s);
  *s = NULL;
}

/* Fails with the estimators that a file has. */
static ip_status fail_without_estimates(const ip_run_set *s, const ip_run *run)
{
  char names[512] = "";
  size_t n = ip_run_n_information(run);
  for (size_t i = 0; i < n; i++) {
    if (i) strncat(names, ", ", sizeof names - strlen(names) - 1);
    strncat(names, ip_run_information_name(run, i), sizeof names - strlen(names) - 1);
  }
  IP_REQUIRE(n, IP_EINVAL, "%s: no estimates of mutual information yet; run infoplane estimate %s",
             s->without_estimates, s->without_estimates);
  IP_FAIL(IP_EINVAL, "%s: has no estimates by '%s'; it has: %s; see infoplane estimate --help", s->without_estimates,
          s->estimator, names);
}

ip_status ip_run_set_need_information(const ip_run_set *s)
{
  if (!s->without_estimates) return IP_OK;
  ip_run *run;
  IP_TRY(ip_run_open_series(s->without_estimates, &run));
  ip_status st = fail_without_estimates(s, run);
  ip_run_close(&run);
  return st;
}

ip_status ip_run_group_visit(const ip_run_set *s, const ip_run_group *g, ip_run_visit visit, void *context)
{
  for (size_t i = 0; i < g->n_runs; i++) {
    ip_run *run;
    IP_TRY(ip_run_open_series(s->file[g->run[i]], &run));
    ip_status st = visit(run, i, context);
    ip_run_close(&run);
    IP_TRY(st);
  }
  return IP_OK;
}
