/* meta_runs.c - experiment, estimators and runs in the JSON of the page. */
#include "report/meta_parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

ip_status ip_page_meta_experiment(ip_page_json *j, const ip_run_set *s, const char *description)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(s->file[0], &run));
  const ip_run_head *h = ip_run_head_of(run);
  ip_page_json_text(j, "experiment", *h->experiment ? h->experiment : "runs");
  ip_page_json_text(j, "description", description);
  ip_page_json_text(j, "dataset", h->dataset);
  ip_page_json_int(j, "samples", (int64_t)h->n);
  ip_run_close(&run);
  return IP_OK;
}

/* ---------------------------------------------------------------- estimators */

/* Attributes of a group that are no parameters of its estimator. */
static bool is_parameter(const char *name)
{
  static const char *const other[] = {"units", "version",   "seed",    "bootstrap", "level", "null_shuffles",
                                      "split", "n_samples", "hx_bits", "hy_bits",   "series"};
  for (size_t i = 0; i < sizeof other / sizeof *other; i++)
    if (!strcmp(name, other[i])) return false;
  return strncmp(name, "missing_", strlen("missing_")) != 0;
}

static double number_of(const ip_information *info, const char *name)
{
  for (size_t i = 0; i < info->n_attributes; i++)
    if (!strcmp(info->attribute[i].name, name) && info->attribute[i].is_number) return info->attribute[i].number;
  return 0;
}

static bool has_numbers(const ip_information *info, const char *series)
{
  for (size_t i = 0; i < info->n_series; i++)
    for (size_t v = 0; !strcmp(info->series[i], series) && v < info->n_epochs * info->n_layers; v++)
      if (isfinite(info->value[i][v])) return true;
  return false;
}

static ip_status put_estimator(ip_page_json *j, const ip_information *info, ip_scratch *sc)
{
  const char *text = "", *interval = "";
  for (size_t i = 0; i < info->n_attributes; i++)
    if (is_parameter(info->attribute[i].name))
      IP_TRY(ip_scratch_format(sc, &text, "%s%s%s=%s", text, *text ? ", " : "", info->attribute[i].name,
                               info->attribute[i].text));
  if (has_numbers(info, "ixt_band_low"))
    interval = "band";
  else if (has_numbers(info, "ixt_low") || has_numbers(info, "ity_low"))
    IP_TRY(ip_scratch_format(sc, &interval, "%g%% bootstrap", 100 * number_of(info, "level")));
  ip_page_json_text(j, "text", text);
  ip_page_json_text(j, "interval", interval);
  return IP_OK;
}

/* From the first run that has the estimator. */
static ip_status read_estimator(ip_page_json *j, const ip_explore *x, size_t i, ip_scratch *sc)
{
  size_t r = 0;
  ip_run *run;
  ip_information info;
  while (r < x->facts->set->n_files && !x->facts->run[r].fact[i]) r++;
  if (r == x->facts->set->n_files) return IP_OK;
  IP_TRY(ip_run_open_series(x->facts->set->file[r], &run));
  ip_status st = ip_run_read_information(run, x->facts->estimator[i], sc, &info);
  if (st == IP_OK) st = put_estimator(j, &info, sc);
  ip_run_close(&run);
  return st;
}

ip_status ip_page_meta_estimators(ip_page_json *j, const ip_explore *x)
{
  ip_scratch *sc;
  ip_status st = IP_OK;
  IP_TRY(ip_scratch_create(&sc));
  ip_page_json_open(j, "estimators", '[');
  for (size_t i = 0; i < x->n_estimators && st == IP_OK; i++) {
    ip_page_json_open(j, NULL, '{');
    ip_page_json_text(j, "name", x->facts->estimator[i]);
    st = read_estimator(j, x, i, sc);
    ip_page_json_close(j, '}');
    ip_scratch_release(sc, 0);
  }
  ip_page_json_close(j, ']');
  ip_scratch_destroy(&sc);
  return st;
}

/* ---------------------------------------------------------------- runs */

static const ip_compression_measure shown[] = {IP_MEASURE_PEAK, IP_MEASURE_PEAK_EPOCH, IP_MEASURE_IXT,
                                               IP_MEASURE_DROP, IP_MEASURE_ITY,        IP_MEASURE_ITY_PEAK};
enum { N_SHOWN = sizeof shown / sizeof *shown };

static void put_measures(ip_page_json *j, const ip_explore *x, const ip_run_facts *f)
{
  ip_page_json_open(j, "measures", '[');
  for (size_t i = 0; i < x->n_estimators; i++) {
    if (!f->fact[i]) {
      ip_page_json_null(j, NULL);
      continue;
    }
    ip_page_json_open(j, NULL, '[');
    for (size_t k = 0; k < f->n_layers; k++) {
      const ip_fact *fact = &f->fact[i][k];
      const size_t count[] = {fact->n,     fact->saturated, fact->dpi,   fact->clipped,
                              fact->lossy, fact->decreased, fact->unable};
      ip_page_json_open(j, NULL, '[');
      for (size_t m = 0; m < N_SHOWN; m++) ip_page_json_number(j, NULL, fact->measure[shown[m]]);
      for (size_t m = 0; m < sizeof count / sizeof *count; m++) ip_page_json_int(j, NULL, (int64_t)count[m]);
      ip_page_json_close(j, ']');
    }
    ip_page_json_close(j, ']');
  }
  ip_page_json_close(j, ']');
}

static void put_finals(ip_page_json *j, const ip_run_facts *f)
{
  ip_page_json_open(j, "final", '{');
  ip_page_json_number(j, "train_loss", f->train_loss);
  ip_page_json_number(j, "train_accuracy", f->train_accuracy);
  ip_page_json_number(j, "test_loss", f->test_loss);
  ip_page_json_number(j, "test_accuracy", f->test_accuracy);
  ip_page_json_close(j, '}');
}

/* A number that scripts would round is a text. */
static void put_seed(ip_page_json *j, uint64_t seed)
{
  char text[24];
  snprintf(text, sizeof text, "%" PRIu64, seed);
  if (seed <= (uint64_t)1 << 53)
    ip_page_json_int(j, "seed", (int64_t)seed);
  else
    ip_page_json_text(j, "seed", text);
}

static void put_run(ip_page_json *j, const ip_explore *x, size_t i)
{
  const ip_run_facts *f = &x->facts->run[i];
  const ip_explore_run *r = &x->run[i];
  const ip_run_set *s = x->facts->set;
  size_t n = strlen(f->name);
  char name[256];
  if (n > 3 && !strcmp(f->name + n - 3, ".h5")) n -= 3;
  snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), f->name);
  ip_page_json_open(j, NULL, '{');
  ip_page_json_text(j, "name", name);
  put_seed(j, f->seed);
  ip_page_json_text(j, "status", f->status);
  ip_page_json_text(j, "reason", f->reason);
  ip_page_json_int(j, "group", (int64_t)r->group);
  ip_page_json_open(j, "values", '[');
  for (size_t k = 0; k < s->n_keys; k++) ip_page_json_text(j, NULL, s->group[r->group].value[k]);
  ip_page_json_close(j, ']');
  if (r->set == SIZE_MAX)
    ip_page_json_null(j, "epochs");
  else
    ip_page_json_int(j, "epochs", (int64_t)r->set);
  ip_page_json_number(j, "best_test_epoch", r->best_test_epoch);
  put_finals(j, f);
  ip_page_json_open(j, "crossing", '[');
  for (size_t k = 0; k < f->n_layers; k++) ip_page_json_number(j, NULL, f->crossing[k]);
  ip_page_json_close(j, ']');
  put_measures(j, x, f);
  ip_page_json_close(j, '}');
}

void ip_page_meta_runs(ip_page_json *j, const ip_explore *x)
{
  static const char *const counts[] = {"epochs", "saturated", "dpi", "clipped", "lossy_bins", "decreased", "unable"};
  ip_page_json_open(j, "runs", '[');
  for (size_t i = 0; i < x->facts->set->n_files; i++) put_run(j, x, i);
  ip_page_json_close(j, ']');
  ip_page_json_open(j, "measure_names", '[');
  for (size_t m = 0; m < N_SHOWN; m++) ip_page_json_text(j, NULL, ip_measure_name(shown[m]));
  for (size_t m = 0; m < sizeof counts / sizeof *counts; m++) ip_page_json_text(j, NULL, counts[m]);
  ip_page_json_close(j, ']');
}
