/* cmd_worker.c - infoplane worker: runs one point of a sweep. Started by infoplane run and by batch systems. */
#include "base/alive.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/options.h"
#include "run/run.h"
#include "study/results.h"

#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_worker = {
    .name = "worker",
    .usage = "DIR POINT [--threads N]",
    .summary = "Run one point of the experiment in DIR (infoplane run starts these)",
    .details = "Prints the current epoch on standard output, one number per line, then +K/N during the estimation of N "
               "logged\n"
               "epochs; empty lines are signs of life within a long step. Acquires no lock: the caller must not start "
               "two\nworkers for the same point.",
    .run = run,
    .complete = ip_complete_runs,
};

static ip_status run_point(const ip_results *results, const ip_experiment *point, size_t n_threads)
{
  char *path;
  ip_progress *progress;
  IP_TRY(ip_results_run_path(results->path, point->run_name, &path));
  ip_alive_report(stdout);
  ip_status st = ip_progress_relay(stdout, &progress);
  if (st == IP_OK) st = ip_run_point(point, path, n_threads, progress);
  ip_alive_report(NULL);
  ip_progress_destroy(&progress);
  ip_free(path);
  return st;
}

static ip_status run_in(const ip_results *results, int64_t k, size_t n_threads)
{
  ip_experiment *e, *point;
  IP_TRY(ip_experiment_load_stored(results->config, &e));
  size_t n = ip_experiment_n_points(e);
  ip_status st = (size_t)k < n
                     ? ip_experiment_point(e, (size_t)k, &point)
                     : ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE,
                                    "%s: got point number %lld, expected below %zu", results->config, (long long)k, n);
  if (st == IP_OK) {
    st = run_point(results, point, n_threads);
    ip_experiment_destroy(&point);
  }
  ip_experiment_destroy(&e);
  return st;
}

static ip_status run(int argc, char **argv)
{
  int64_t threads = 1, k = 0;
  const ip_option options[] = {
      {"threads", 0, IP_OPT_INT, "N", "number of threads, which does not change the results (default 1)", &threads},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_worker, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(
      args.n == 2 && ip_parse_int(args.word[1], &k) && k >= 0 && threads >= 1, IP_EUSAGE,
      "infoplane worker: expected a results directory, the number of a point from 0, and --threads of at least 1");
  ip_results *results;
  IP_TRY(ip_results_open_readonly(args.word[0], &results));
  ip_status st = run_in(results, k, (size_t)threads);
  ip_results_close(&results);
  return st;
}
