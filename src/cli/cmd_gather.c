/* cmd_gather.c - infoplane gather: tables, grid and figures of the runs that are there. */
#include "base/mem.h"
#include "cli/draw.h"
#include "cli/options.h"
#include "sweep/gather.h"
#include "sweep/results.h"

#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_gather = {
    .name = "gather",
    .usage = "DIR",
    .summary = "Make the tables, the grid and the figures of a folder anew (infoplane run does it at its end)",
    .details =
        "DIR is a folder of infoplane run. Writes summary.csv, runs.csv, correlations.csv, grid.h5 and figures/ from "
        "the\n"
        "run files that are there: after shards on several machines, or to look at a sweep that has not ended. Exit\n"
        "status 1 when runs are missing.",
    .run = run,
};

static ip_status gather(const ip_results *results)
{
  ip_experiment *e;
  ip_gather_counts counts = {0};
  IP_TRY(ip_experiment_load(results->config, 0, NULL, &e));
  size_t n = ip_experiment_n_points(e);
  ip_status st = ip_gather(e, results->path, &counts);
  if (st == IP_OK) st = ip_draw_experiment(e, results->path);
  ip_experiment_destroy(&e);
  IP_TRY(st);
  IP_REQUIRE(counts.n_runs == n, IP_ECHILD, "%s: %zu of %zu runs are missing; infoplane status %s says why",
             results->path, n - counts.n_runs, n, results->path);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_gather, 0, NULL, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1, IP_EUSAGE, "infoplane gather takes one folder, got %zu", args.n);
  ip_results *results;
  IP_TRY(ip_results_look(args.word[0], &results)); /* makes no folder where none was */
  ip_results_close(&results);
  IP_TRY(ip_results_open(args.word[0], (ip_shard){1, 1}, &results));
  ip_status st = gather(results);
  ip_results_close(&results);
  return st;
}
