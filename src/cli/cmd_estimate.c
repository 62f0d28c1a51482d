/* cmd_estimate.c - infoplane estimate: estimators and measures on the activations that run files contain. */
#include "base/plain.h"
#include "cli/complete.h"
#include "cli/estimate_list.h"
#include "cli/guard.h"
#include "cli/options.h"
#include "cli/remarks.h"
#include "file/atomic.h"
#include "file/hold.h"
#include "measure/measure.h"
#include "run/run.h"
#include "runfile/from_npz.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_estimate = {
    .name = "estimate",
    .usage = "RUN.h5|ACTIVATIONS.npz... [--estimator SPEC]... [--measure SPEC]...",
    .summary = "Estimate I(X;T) and I(T;Y), and other measures, from the activations saved in run files",
    .details =
        "Each estimator writes a group /information/<estimator> of the run file, each measure a group\n"
        "/measures/<measure>, and replaces one of the same name. Without --estimator and --measure, the estimators,\n"
        "measures, intervals and null shuffles of the run's configuration are used. --list shows names, parameters "
        "and\n"
        "series. If an estimator or a measure cannot run with a file, the reason is printed, the others are written,\n"
        "and the exit status is 1. With --split, estimates are made from all samples, from training samples or from\n"
        "test samples of the file; the names of the latter two end in @train and @test. Files are replaced atomically: "
        "until the end, and after an interruption, the old\n"
        "file remains. A file that another process has open for writing is an error.\n\n"
        "Activations that numpy.savez wrote become a run file first, NAME.h5 beside NAME.npz or the file that -o "
        "names:\n"
        "y has the labels, x the inputs, epoch the epochs, and every other array is a layer, (samples, units) or\n"
        "(epochs, samples, units), in the order of the archive (docs/run-file.md).\n\n"
        "Examples: infoplane estimate results/quickstart/runs/*.h5 -e width:size=0.07 -e kde_upper -m geometry\n"
        "          infoplane estimate activations.npz -e edges -o run.h5",
    .run = run,
    .complete = ip_complete_activations,
};

/* Marks options that are not on the command line: the seed of the run and, with the estimators of its configuration,
 * its intervals and null shuffles are used. */
#define NOT_GIVEN INT64_MIN
#define USUAL_LEVEL 0.95

typedef struct {
  ip_estimate_options opt;
  int64_t seed, threads, samples;
  const char *output; /* run file of a .npz file, or NULL */
} request;

/* Prints why an estimator or a measure cannot run. */
static void print_reason(void *path, const char *estimator, const char *why)
{
  ip_print(stderr, "%s: %s: %s\n", (const char *)path, estimator, why);
}

static void note(const char *path, const char *estimator, const char *what)
{
  ip_print(stderr, "%s: %s: %s\n", path, estimator, what);
}

static ip_status estimate_able(const char *path, const ip_estimate_options *opt)
{
  ip_progress *progress = NULL;
  ip_run *run;
  size_t n_unable;
  IP_TRY(ip_run_open(path, &run));
  ip_status st = ip_progress_create(stderr, path, "epochs", (double)ip_run_n_epochs(run), &progress);
  ip_run_close(&run);
  if (st == IP_OK) st = ip_run_estimate_able(path, opt, progress, print_reason, (void *)(uintptr_t)path, &n_unable);
  ip_progress_destroy(&progress);
  IP_TRY(st);
  IP_TRY(ip_remarks_print(path, opt->n_estimators, opt->estimator, opt->n_splits, opt->split));
  size_t n = (opt->n_estimators + opt->n_measures) * (opt->n_splits ? opt->n_splits : 1);
  const char *what = !opt->n_measures ? "estimator" : !opt->n_estimators ? "measure" : "estimator and measure";
  IP_REQUIRE(n_unable < n, IP_EINVAL, "%s: no %s can run with this file", path, what);
  IP_REQUIRE(!n_unable, IP_EINVAL,
             "%s: %zu of %zu %s cannot run with this file; the results of the others were written", path, n_unable, n,
             !opt->n_measures     ? "estimators"
             : !opt->n_estimators ? "measures"
                                  : "estimators and measures");
  return IP_OK;
}

static ip_status estimate_with(const char *path, const request *rq, ip_run **run)
{
  const ip_run_head *head = ip_run_head_of(*run);
  ip_estimate_options opt = rq->opt;
  ip_experiment *e = NULL;
  opt.seed = rq->seed == NOT_GIVEN ? head->seed : (uint64_t)rq->seed;
  if (rq->samples != NOT_GIVEN) opt.samples = (size_t)rq->samples;
  if (!opt.n_estimators && !opt.n_measures) {
    IP_REQUIRE(*head->config, IP_EUSAGE,
               "%s: no estimators specified, and the file contains no configuration; use --estimator SPEC or "
               "--measure SPEC",
               path);
    IP_TRY(ip_experiment_parse(path, head->config, 0, NULL, &e));
    opt.n_estimators = e->n_estimators;
    opt.estimator = e->estimators;
    opt.n_measures = e->n_measures;
    opt.measure = e->measures;
    if (opt.bootstrap == NOT_GIVEN) opt.bootstrap = e->estimate.bootstrap;
    if (opt.null_shuffles == NOT_GIVEN) opt.null_shuffles = e->estimate.null_shuffles;
    if (opt.level == 0) opt.level = e->estimate.level;
    opt.bin_loss |= e->estimate.bin_loss;
    if (!opt.n_splits) opt.split = e->estimate.split, opt.n_splits = e->estimate.n_splits;
    if (rq->samples == NOT_GIVEN) opt.samples = (size_t)e->estimate.samples;
  }
  if (opt.bootstrap == NOT_GIVEN) opt.bootstrap = 0;
  if (opt.null_shuffles == NOT_GIVEN) opt.null_shuffles = 0;
  if (opt.level == 0) opt.level = USUAL_LEVEL;
  opt.note = note;
  ip_run_close(run);
  ip_status st = estimate_able(path, &opt);
  ip_experiment_destroy(&e);
  return st;
}

/* Checks before long work that the file can be replaced at the end. */
static ip_status check_writable(const char *path)
{
  ip_hold *hold;
  IP_TRY(ip_hold_take(path, &hold));
  ip_status st = ip_file_check_place(ip_hold_path(hold), false);
  ip_hold_release(&hold);
  return st;
}

static ip_status estimate_run(const char *path, const request *rq)
{
  ip_run *run;
  IP_TRY(ip_run_open(path, &run));
  ip_status st = check_writable(path);
  if (st == IP_OK) st = estimate_with(path, rq, &run);
  ip_run_close(&run);
  return st;
}

static bool ends_with_npy(const char *path)
{
  size_t n = strlen(path);
  return n > 4 && strcasecmp(path + n - 4, ".npy") == 0;
}

/* The activations of a .npz file become a run file first, beside it unless there is -o. */
static ip_status estimate_file(const char *path, const request *rq)
{
  char *run;
  bool made = false;
  IP_REQUIRE(!ends_with_npy(path), IP_EFORMAT,
             "%s: one array without labels; numpy.savez(\"%.*s.npz\", layer=t, y=y) saves activations with labels, for "
             "infoplane estimate %.*s.npz",
             path, (int)strlen(path) - 4, path, (int)strlen(path) - 4, path);
  if (!ip_run_is_npz(path)) return estimate_run(path, rq);
  if (rq->output)
    IP_TRY(IP_STRDUP(run, rq->output));
  else
    IP_TRY(IP_FORMAT(run, "%.*s.h5", (int)strlen(path) - 4, path));
  ip_status st = ip_run_from_npz(path, run, &made);
  if (made) ip_print(stderr, "wrote %s from %s\n", run, path);
  if (st == IP_OK) st = estimate_run(run, rq);
  ip_free(run);
  return st;
}

typedef struct {
  const char *path;
  const request *rq;
} one_file;

/* In the supervised child. */
static ip_status estimate_one(void *context)
{
  const one_file *one = context;
  return estimate_file(one->path, one->rq);
}

/* Continues with the next file after a failure. Prints the failures if there are several files. */
static ip_status estimate_each(const ip_arguments *args, const request *rq)
{
  size_t n_failed = 0;
  for (size_t i = 0; i < args->n; i++) {
    const ip_guard beside = {.file = rq->output ? rq->output : args->word[i], .follows = !rq->output};
    ip_status st = ip_guard_run(&beside, estimate_one, &(one_file){args->word[i], rq});
    if (st == IP_OK) continue;
    if (args->n == 1 || st == IP_ESTOPPED || st == IP_ENOMEM) return st;
    ip_print(stderr, "infoplane: %s\n", ip_error_message());
    ip_error_clear();
    n_failed++;
  }
  IP_REQUIRE(!n_failed, IP_EINVAL, "%zu of %zu run files lack requested estimates", n_failed, args->n);
  return IP_OK;
}

/* Checks the specs before the first file is opened. */
static ip_status check_specs(const ip_estimate_options *opt)
{
  for (size_t i = 0; i < opt->n_estimators; i++) {
    ip_estimator *e;
    ip_status st = ip_estimator_create(opt->estimator[i], 0, &e);
    if (st != IP_OK) ip_error_prefix("--estimator %s: error", opt->estimator[i]);
    IP_TRY(st);
    ip_estimator_destroy(&e);
  }
  for (size_t i = 0; i < opt->n_measures; i++) {
    ip_measure *m;
    ip_status st = ip_measure_create(opt->measure[i], 0, &m);
    if (st != IP_OK) ip_error_prefix("--measure %s: error", opt->measure[i]);
    IP_TRY(st);
    ip_measure_destroy(&m);
  }
  return IP_OK;
}

static bool is_count(int64_t n)
{
  return n >= 0 || n == NOT_GIVEN;
}

static ip_status estimate_files(const ip_arguments *args, const request *rq)
{
  const ip_estimate_options *opt = &rq->opt;
  IP_REQUIRE(args->n > 0, IP_EUSAGE, "infoplane estimate: expected at least one run file");
  IP_REQUIRE(is_count(opt->bootstrap) && opt->bootstrap != 1 && is_count(opt->null_shuffles), IP_EUSAGE,
             "infoplane estimate: --bootstrap: expected 0 or at least 2; --null-shuffles: expected 0 or more");
  IP_REQUIRE(rq->threads >= 0 && is_count(rq->seed) && is_count(rq->samples), IP_EUSAGE,
             "infoplane estimate: --threads, --seed and --samples: expected 0 or more");
  IP_REQUIRE(rq->threads <= 1024, IP_EUSAGE, "infoplane estimate --threads: expected 0 to 1024, got %lld",
             (long long)rq->threads);
  IP_REQUIRE(opt->level == 0 || (opt->level > 0 && opt->level < 1), IP_EUSAGE,
             "infoplane estimate --level: expected a number in (0, 1), got %g", opt->level);
  IP_REQUIRE(!rq->output || (args->n == 1 && ip_run_is_npz(args->word[0])), IP_EUSAGE,
             "infoplane estimate --output: names the run file of one .npz file; estimates are written into run files");
  IP_TRY(check_specs(opt));
  return estimate_each(args, rq);
}

/* "train,test" and repeated options, into names (MOST_SPLITS); *n of them. */
enum { MOST_SPLITS = 3 };

static ip_status list_splits(const ip_words *words, const char *names[MOST_SPLITS], size_t *n)
{
  static const char *const choices[] = {"all", "train", "test"};
  *n = 0;
  for (size_t w = 0; w < words->n; w++)
    for (const char *at = words->word[w]; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
      size_t length = strcspn(at, ","), c = 0;
      while (c < MOST_SPLITS && !(strlen(choices[c]) == length && !strncmp(choices[c], at, length))) c++;
      IP_REQUIRE(c < MOST_SPLITS, IP_EUSAGE, "infoplane estimate --split: got '%.*s', expected all, train or test",
                 (int)length, at);
      for (size_t i = 0; i < *n; i++)
        IP_REQUIRE(names[i] != choices[c], IP_EUSAGE, "infoplane estimate --split: '%s' is given twice", choices[c]);
      names[(*n)++] = choices[c];
    }
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  ip_words estimator = {0}, measure = {0}, split = {0};
  const char *splits[MOST_SPLITS];
  bool list = false, json = false;
  request rq = {.opt = {.bootstrap = NOT_GIVEN, .null_shuffles = NOT_GIVEN}, .seed = NOT_GIVEN, .samples = NOT_GIVEN};
  const ip_option options[] = {
      {"estimator", 'e', IP_OPT_WORDS, "SPEC", "estimator to run: name or name:key=value:... (repeatable)", &estimator},
      {"measure", 'm', IP_OPT_WORDS, "SPEC", "measure to run: name or name:key=value:... (repeatable)", &measure},
      {"list", 0, IP_OPT_FLAG, NULL, "list the estimators and measures with their parameters", &list},
      {"json", 0, IP_OPT_FLAG, NULL, "with --list: print JSON", &json},
      {"bootstrap", 0, IP_OPT_INT, "N", "number of bootstrap resamples for confidence intervals (default 0: none)",
       &rq.opt.bootstrap},
      {"null-shuffles", 0, IP_OPT_INT, "N",
       "number of label shuffles for the null distribution of I(T;Y) (default 0: none)", &rq.opt.null_shuffles},
      {"null", 0, IP_OPT_RENAMED, "null-shuffles", NULL, NULL},
      {"level", 0, IP_OPT_REAL, "P", "level of the confidence intervals (default 0.95)", &rq.opt.level},
      {"bin-loss", 0, IP_OPT_FLAG, NULL, "what bins lose of the class that the network predicts, H(prediction|T)",
       &rq.opt.bin_loss},
      {"split", 0, IP_OPT_WORDS, "WHICH",
       "samples to estimate from: all, train, test, or several of them, as in train,test (repeatable; default all)",
       &split},
      {"samples", 0, IP_OPT_INT, "N",
       "at most N samples of each, stratified by class, as many training as test samples (default 0: no limit)",
       &rq.samples},
      {"seed", 0, IP_OPT_INT, "N", "seed of the random numbers (default: the seed of the run)", &rq.seed},
      {"partial", 0, IP_OPT_FLAG, NULL, "also estimate the complete epochs of a run that is still training",
       &rq.opt.partial},
      {"output", 'o', IP_OPT_TEXT, "RUN.h5", "run file to make from a .npz file (default: NAME.h5 beside it)",
       &rq.output},
      {"threads", 0, IP_OPT_INT, "N", "number of threads, which does not change the results (default 0: one per core)",
       &rq.threads},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_estimate, IP_COUNT(options), options, argc, argv, &args);
  rq.opt.n_threads = (size_t)rq.threads;
  rq.opt.n_estimators = estimator.n;
  rq.opt.estimator = estimator.word;
  rq.opt.n_measures = measure.n;
  rq.opt.measure = measure.word;
  if (st == IP_OK) st = list_splits(&split, splits, &rq.opt.n_splits);
  rq.opt.split = splits;
  if (st == IP_OK && list)
    st = ip_estimate_list(json, stdout);
  else if (st == IP_OK && json && !args.help)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE, "infoplane estimate: --json needs --list");
  else if (st == IP_OK && !args.help)
    st = estimate_files(&args, &rq);
  ip_words_free(&estimator);
  ip_words_free(&measure);
  ip_words_free(&split);
  return st;
}
