/* cmd_train.c - infoplane train: one run's training stage alone. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/team.h"
#include "cli/complete.h"
#include "cli/options.h"
#include "cli/unused_keys.h"
#include "file/atomic.h"
#include "run/run.h"

#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_train = {
    .name = "train",
    .usage = "CONFIG -o RUN.h5 [--set key=value]...",
    .summary = "Train a single network and save its activations in a run file, without estimates",
    .details = "CONFIG must describe one run; for a sweep or repeats, choose one with --point K. An interrupted run is "
               "resumed,\n"
               "a finished run is left as it is. infoplane run does this for all runs of an experiment, and estimates "
               "and plots.\n\n"
               "Example: infoplane train experiments/szt2017.yaml --point 0 -o run.h5",
    .run = run,
    .complete = ip_complete_config,
};

/* Whether the run is finished already. A file of another configuration is an error, unless `force`. */
static ip_status check_existing(const ip_experiment *point, const char *path, bool force, bool *done)
{
  ip_point_state state;
  IP_TRY(ip_file_check_place(path, false));
  IP_TRY(ip_run_point_state(point, path, &state));
  IP_REQUIRE(state != IP_POINT_STALE || force, IP_EUSAGE,
             "%s: exists, with a different configuration; use --force to replace it, or -o to write another file",
             path);
  *done = !force && (state == IP_POINT_DONE || state == IP_POINT_ESTIMATE);
  return IP_OK;
}

static ip_status train_point(const ip_experiment *point, const char *path, size_t n_threads, bool force)
{
  bool done = false;
  IP_TRY(check_existing(point, path, force, &done));
  if (done) {
    ip_print(stderr, "%s: already trained\n", path);
    return IP_OK;
  }
  ip_progress *progress;
  int64_t n_epochs;
  IP_TRY(ip_experiment_length(point, &n_epochs));
  IP_TRY(ip_progress_create(stderr, point->run_name, "epochs", (double)n_epochs, &progress));
  ip_status st = ip_run_train(point, path, n_threads, progress);
  ip_progress_destroy(&progress);
  IP_TRY(st);
  return ip_run_publish(path, true);
}

static ip_status train(const ip_experiment *e, const char *config, int64_t k, const char *path, size_t n_threads,
                       bool force)
{
  size_t n = ip_experiment_n_points(e);
  IP_REQUIRE(k >= 0 || n == 1, IP_EUSAGE,
             "%s describes %zu runs; choose one with --point K, 0 to %zu, or use infoplane run", config, n, n - 1);
  IP_REQUIRE(k < 0 || (size_t)k < n, IP_EUSAGE, "--point: got %lld, but %s describes %zu runs; expected 0 to %zu",
             (long long)k, config, n, n - 1);
  ip_experiment *point;
  IP_TRY(ip_experiment_point(e, k < 0 ? 0 : (size_t)k, &point));
  ip_status st = train_point(point, path, n_threads, force);
  ip_experiment_destroy(&point);
  return st;
}

static ip_status load_and_train(const ip_arguments *args, const ip_words *set, int64_t k, const char *path,
                                int64_t threads, bool force)
{
  IP_REQUIRE(args->n == 1 && path, IP_EUSAGE,
             "infoplane train: expected one configuration and -o RUN.h5; see infoplane train --help");
  IP_REQUIRE(threads >= 0 && threads <= 1024, IP_EUSAGE, "--threads: expected 0 to 1024, got %lld", (long long)threads);
  ip_experiment *e;
  IP_TRY(ip_experiment_load(args->word[0], set->n, set->word, &e));
  ip_status st = ip_unused_keys_print(e);
  if (st == IP_OK) st = train(e, args->word[0], k, path, threads ? (size_t)threads : ip_team_cores(), force);
  ip_experiment_destroy(&e);
  return st;
}

static ip_status run(int argc, char **argv)
{
  ip_words set = {0};
  const char *out = NULL;
  int64_t k = -1, threads = 0;
  bool force = false;
  const ip_option options[] = {
      {"output", 'o', IP_OPT_TEXT, "RUN.h5", "the run file to write", &out},
      {"set", 0, IP_OPT_WORDS, "KEY=VALUE", "override a key of the configuration (repeatable)", &set},
      {"point", 0, IP_OPT_INT, "K", "number of the run in a sweep, from 0", &k},
      {"threads", 0, IP_OPT_INT, "N", "number of threads, which does not change the results (default 0: one per core)",
       &threads},
      {"force", 0, IP_OPT_FLAG, NULL, "train again, and replace a run with a different configuration", &force},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_train, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && !args.help) st = load_and_train(&args, &set, k, out, threads, force);
  ip_words_free(&set);
  return st;
}
