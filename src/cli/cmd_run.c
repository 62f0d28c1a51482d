/* cmd_run.c - infoplane run: an experiment from its configuration to its figures. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/draw.h"
#include "cli/json.h"
#include "cli/keys_json.h"
#include "cli/options.h"
#include "cli/unused_keys.h"
#include "figure/figure.h"
#include "summary/gather.h"
#include "sweep/probe.h"
#include "sweep/slurm.h"
#include "sweep/sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_run = {
    .name = "run",
    .usage = "CONFIG [--set key=value]... [-o DIR] [--slurm [-- SBATCH-OPTIONS]]",
    .summary = "Train, estimate and plot all runs of an experiment; run it again to resume",
    .details =
        "CONFIG is a YAML file, or the name of a preset (experiments/); infoplane init writes one to start from. DIR,\n"
        "by default results/NAME, receives the run files (runs/), tables (summary.csv, runs.csv, correlations.csv), "
        "the\n"
        "grid (grid.h5) and figures/. The same command again keeps finished runs, resumes interrupted runs and "
        "retries\n"
        "failed ones. Ctrl-C stops it cleanly.\n\n"
        "Examples:\n"
        "  infoplane run quickstart\n"
        "  infoplane run experiments/szt2017.yaml --set repeats=10 --set network.activation=relu -o results/relu\n"
        "  infoplane run szt2017 --slurm --jobs 20 -- --partition=short --time=30",
    .run = run,
    .complete = ip_complete_config,
};

typedef struct {
  ip_words set;
  const char *folder, *shard, *keys;
  int64_t jobs, threads;
  bool force, yes, dry_run, help_keys, slurm, json;
  size_t n_words; /* options for sbatch */
  const char *const *word;
} request;

/* "K/N" */
static ip_status parse_shard(const char *text, ip_shard *shard)
{
  char k_text[24] = "";
  int64_t k = 0, n = 0;
  const char *slash = strchr(text, '/');
  if (slash && (size_t)(slash - text) < sizeof k_text) memcpy(k_text, text, (size_t)(slash - text));
  bool fine = slash && ip_parse_int(k_text, &k) && ip_parse_int(slash + 1, &n) && k >= 1 && k <= n;
  IP_REQUIRE(fine, IP_EUSAGE, "infoplane run --shard: expected K/N with 1 <= K <= N, such as 2/8, got '%s'", text);
  *shard = (ip_shard){(size_t)k, (size_t)n};
  return IP_OK;
}

static ip_status check_size(const ip_experiment *e, bool yes)
{
  size_t n = ip_experiment_n_points(e);
  IP_REQUIRE(n != SIZE_MAX, IP_ECONFIG, "the sweep has too many points to count; shorten its lists or 'repeats'");
  IP_REQUIRE(n <= IP_POINTS_MANY || yes, IP_EUSAGE,
             "the sweep has %zu points, more than %d; use --yes to run it anyway", n, IP_POINTS_MANY);
  return IP_OK;
}

static const char *bytes_text(double bytes, char text[static 32])
{
  static const char *const unit[] = {"B", "kB", "MB", "GB", "TB"};
  size_t u = 0;
  for (; bytes >= 1000 && u + 1 < IP_COUNT(unit); u++) bytes /= 1000;
  snprintf(text, 32, "%.3g %s", bytes, unit[u]);
  return text;
}

static json_t *json_of_cost(const ip_probe *p, size_t jobs)
{
  return json_pack("{s:I, s:f, s:f, s:f, s:o, s:o, s:I, s:I, s:I}", "jobs", (json_int_t)jobs, "wall_s", p->wall_s,
                   "total_s", p->total_s, "longest_s", p->longest_s, "bytes", ip_json_count((size_t)ceil(p->bytes)),
                   "peak_bytes", ip_json_count((size_t)ceil(p->peak_bytes)), "updates", (json_int_t)p->n_updates,
                   "train", (json_int_t)p->n_train, "used_train", (json_int_t)p->used_train);
}

static ip_status show_plan_as_json(ip_points *points, const ip_probe *p, size_t jobs)
{
  const ip_experiment *e = ip_points_experiment(points);
  json_t *runs = json_array();
  for (size_t k = 0; k < ip_points_count(points); k++) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point)); /* all are made already */
    json_array_append_new(runs,
                          json_pack("{s:I, s:s, s:I, s:I, s:I, s:s}", "point", (json_int_t)k, "run", point->run_name,
                                    "seed", (json_int_t)point->seed, "epochs", (json_int_t)point->epochs,
                                    "logged_epochs", (json_int_t)point->n_logged, "digest", point->digest));
  }
  return ip_json_print(json_pack("{s:s, s:o, s:o, s:o}", "name", e->name, "tags", ip_json_texts(e->n_tags, e->tags),
                                 "runs", runs, "cost", json_of_cost(p, jobs)),
                       stdout);
}

/* Prints the runs, one per line, and their estimated cost. */
static ip_status show_plan(ip_points *points, size_t jobs, bool json)
{
  size_t n = ip_points_count(points);
  for (size_t k = 0; k < n; k++) {
    const ip_point *point;
    IP_TRY(ip_stop_check());
    IP_TRY(ip_points_get(points, k, &point));
    if (!json) ip_print(stdout, "%zu\t%s\n", k, point->run_name);
  }
  ip_probe p;
  char wall[32], longest[32], disk[32], peak[32];
  IP_TRY(ip_sweep_probe(points, jobs, &p));
  if (json) return show_plan_as_json(points, &p, jobs);
  ip_clock_format(p.wall_s, wall);
  ip_clock_format(p.longest_s, longest);
  ip_print(
      stdout,
      "%zu run%s; about %s with %zu at a time (longest run %s); %s on disk at the end, at most %s during the sweep\n",
      n, ip_plural(n), wall, jobs, longest, bytes_text(p.bytes, disk), bytes_text(p.peak_bytes, peak));
  ip_print(stdout, "estimated from %zu update%s of the most expensive run with %zu of its %zu training samples%s\n",
           p.n_updates, ip_plural(p.n_updates), p.used_train, p.n_train,
           p.used_train < p.n_train ? ", scaled to the number of samples" : "");
  return IP_OK;
}

/* Checks the names of the figures before anything is trained. */
static ip_status check_figures(const ip_experiment *e)
{
  const char *names[64];
  size_t n = ip_figure_count();
  for (size_t i = 0; i < n && i < IP_COUNT(names); i++) names[i] = ip_figure_name(i);
  return ip_experiment_check_figures(e, n < IP_COUNT(names) ? n : IP_COUNT(names), names, ip_figure_renamed());
}

/* Before anything is made: whether the data are there and fit the rest, which else each run would find for itself. In a
 * sweep over datasets the first one stands for all. */
static ip_status check_data(const ip_experiment *e)
{
  ip_experiment *point;
  ip_dataset *ds = NULL;
  IP_TRY(ip_experiment_point(e, 0, &point));
  ip_status st = ip_dataset_create(&point->dataset, point->seed, &ds);
  if (st == IP_OK) ip_print(stderr, "%s", ds->remark);
  if (st == IP_OK) st = ip_experiment_check_data(point, ds);
  ip_dataset_destroy(&ds);
  ip_experiment_destroy(&point);
  return st;
}

/* ---------------------------------------------------------------- the experiment */

/* Submits the missing runs as a job array, and a job that gathers after it. */
static ip_status submit_missing(ip_points *points, const request *rq, const char *folder, uint8_t *missing)
{
  ip_sweep_options opt = {.folder = folder, .shard = {1, 1}, .force = rq->force, .messages = stderr};
  ip_sweep_outcome outcome;
  ip_slurm_jobs jobs;
  IP_TRY(ip_sweep_prepare(points, &opt, missing, &outcome));
  ip_slurm_options slurm = {.folder = folder,
                            .n_points = outcome.n_points,
                            .missing = missing,
                            .limit = (size_t)rq->jobs,
                            .force = rq->force,
                            .n_words = rq->n_words,
                            .word = rq->word};
  IP_TRY(ip_slurm_submit(&slurm, &jobs));
  if (jobs.n_tasks)
    ip_print(stdout, "job %s: %zu run%s in %zu task%s (finished and up to date: %zu)\n", jobs.array, outcome.n_left,
             ip_plural(outcome.n_left), jobs.n_tasks, ip_plural(jobs.n_tasks), outcome.n_kept);
  else
    printf("finished: %zu of %zu\n", outcome.n_points, outcome.n_points);
  ip_print(stdout, "job %s: tables, grid and figures after the last run\ninfoplane status %s shows the progress\n",
           jobs.gather, folder);
  return IP_OK;
}

static ip_status submit(ip_points *points, const request *rq, const char *folder)
{
  uint8_t *missing;
  IP_TRY(IP_NEW(missing, ip_points_count(points), "points of the sweep"));
  ip_status st = submit_missing(points, rq, folder, missing);
  ip_free(missing);
  return st;
}

static ip_status run_in(ip_points *points, const request *rq, ip_shard shard, const char *folder)
{
  if (rq->slurm) return submit(points, rq, folder);
  ip_sweep_options opt = {.folder = folder,
                          .shard = shard,
                          .jobs = (size_t)rq->jobs,
                          .threads = (size_t)rq->threads,
                          .force = rq->force,
                          .messages = stderr};
  if (shard.n == 1) IP_TRY(ip_summary_is_finished(points, folder, &opt.finished));
  ip_sweep_outcome outcome;
  ip_status st = ip_sweep_run(points, &opt, &outcome);
  if (outcome.n_points)
    ip_print(stderr, "%s: %zu run%s: %zu done now, %zu kept, %zu failed, %zu remaining\n", folder, outcome.n_points,
             ip_plural(outcome.n_points), outcome.n_done, outcome.n_kept, outcome.n_failed, outcome.n_left);
  IP_TRY(st);
  if (shard.n > 1) return IP_OK; /* a shard has only a part of the runs */
  ip_gather_counts counts;
  IP_TRY(ip_summarize(points, folder, false, true, &counts));
  if (counts.n_failed_to_fit)
    ip_print(stderr, "%s: %zu of %zu network%s failed to fit their training data; see the column status of runs.csv\n",
             folder, counts.n_failed_to_fit, counts.n_runs, ip_plural(counts.n_runs));
  return IP_OK;
}

static ip_status run_experiment(const ip_experiment *e, const request *rq)
{
  char *folder;
  ip_shard shard = {1, 1};
  if (rq->shard) IP_TRY(parse_shard(rq->shard, &shard));
  IP_REQUIRE(!rq->slurm || shard.n == 1, IP_EUSAGE, "infoplane run: --slurm divides the runs itself; remove --shard");
  IP_REQUIRE(rq->jobs >= 0, IP_EUSAGE, "infoplane run --jobs: expected 0 or more, got %lld", (long long)rq->jobs);
  IP_TRY(check_size(e, rq->yes));
  IP_TRY(check_figures(e));
  IP_TRY(ip_experiment_check_noise(e));
  IP_TRY(ip_unused_keys_print(e));
  IP_TRY(check_data(e));
  IP_REQUIRE(rq->threads >= 0 && rq->threads <= 1024, IP_EUSAGE,
             "infoplane run --threads: expected 0 to 1024, got %lld", (long long)rq->threads);
  IP_REQUIRE(!rq->threads || !rq->slurm, IP_EUSAGE,
             "infoplane run --threads: the tasks of --slurm take it from the configuration; give --set "
             "training.threads=%lld, and --cpus-per-task=%lld behind --",
             (long long)rq->threads, (long long)rq->threads);
  ip_points *points;
  IP_TRY(rq->folder ? IP_STRDUP(folder, rq->folder) : IP_FORMAT(folder, "results/%s", e->name));
  ip_status st = ip_points_create(e, &points);
  if (st == IP_OK)
    st = rq->dry_run ? show_plan(points, ip_sweep_jobs((size_t)rq->jobs), rq->json) : run_in(points, rq, shard, folder);
  ip_points_destroy(&points);
  ip_free(folder);
  return st;
}

static ip_status load_and_run(const ip_arguments *args, request *rq)
{
  IP_REQUIRE(!rq->keys, IP_EUSAGE, "infoplane run: --key needs --help-keys");
  IP_REQUIRE(!rq->json || rq->dry_run, IP_EUSAGE, "infoplane run: --json needs --dry-run or --help-keys");
  IP_REQUIRE(args->n == 1 || (args->n > 1 && rq->slurm), IP_EUSAGE,
             "infoplane run: got %zu configurations, expected one; see infoplane run --help", args->n);
  rq->n_words = args->n - 1;
  rq->word = args->word + 1;
  ip_experiment *e;
  IP_TRY(ip_experiment_load(args->word[0], rq->set.n, rq->set.word, &e));
  ip_status st = run_experiment(e, rq);
  ip_experiment_destroy(&e);
  return st;
}

static bool is_start_of_key(const char *start)
{
  const ip_schema *schema = ip_experiment_schema();
  for (size_t k = 0; k < schema->n_keys; k++)
    if (!strncmp(schema->key[k].name, start, strlen(start))) return true;
  return false;
}

static ip_status show_keys(const request *rq)
{
  IP_REQUIRE(!rq->keys || is_start_of_key(rq->keys), IP_EUSAGE,
             "infoplane run --key: no key starts with '%.60s'; infoplane run --help-keys lists all", rq->keys);
  if (rq->json) return ip_keys_print_json(rq->keys, stdout);
  ip_experiment_help(rq->keys, stdout);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  request rq = {0};
  const ip_option options[] = {
      {"set", 0, IP_OPT_WORDS, "KEY=VALUE", "override a key of the configuration (repeatable)", &rq.set},
      {"output", 'o', IP_OPT_TEXT, "DIR", "results directory (default: results/NAME)", &rq.folder},
      {"jobs", 'j', IP_OPT_INT, "N", "number of parallel runs, one process each (default 0: one per core)", &rq.jobs},
      {"threads", 0, IP_OPT_INT, "N",
       "number of threads per run, which does not change the results (default 0: the cores left idle)", &rq.threads},
      {"shard", 0, IP_OPT_TEXT, "K/N", "run only the K-th of N shards of the sweep, for several machines", &rq.shard},
      {"slurm", 0, IP_OPT_FLAG, NULL,
       "submit the runs to Slurm, at most --jobs at a time; options after -- are passed to sbatch", &rq.slurm},
      {"dry-run", 0, IP_OPT_FLAG, NULL, "list the runs and estimate time and disk space from a short measured run",
       &rq.dry_run},
      {"json", 0, IP_OPT_FLAG, NULL, "with --dry-run or --help-keys: print JSON", &rq.json},
      {"force", 0, IP_OPT_FLAG, NULL, "replace finished runs that have a different configuration", &rq.force},
      {"yes", 0, IP_OPT_FLAG, NULL, "allow sweeps of more than a million runs", &rq.yes},
      {"help-keys", 0, IP_OPT_FLAG, NULL, "list all configuration keys; --key selects some", &rq.help_keys},
      {"key", 0, IP_OPT_TEXT, "PREFIX", "with --help-keys: list only keys that start with PREFIX", &rq.keys},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_run, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && rq.help_keys)
    st = show_keys(&rq);
  else if (st == IP_OK && !args.help)
    st = load_and_run(&args, &rq);
  ip_words_free(&rq.set);
  return st;
}
