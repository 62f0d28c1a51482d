/* cmd_gather.c - infoplane gather: tables, grid and figures of the existing runs. */
#include "base/mem.h"
#include "cli/complete.h"
#include "cli/draw.h"
#include "cli/guard.h"
#include "cli/options.h"
#include "cli/own_files.h"
#include "file/reading.h"
#include "study/results.h"
#include "summary/gather.h"
#include "summary/stamp.h"

#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_gather = {
    .name = "gather",
    .usage = "DIR|RUN.h5... [--no-figures]",
    .summary = "Rebuild tables, grid and figures from run files; infoplane run does it at its end",
    .details =
        "DIR is a results directory of infoplane run, or any directory of run files. Use it after shards on several\n"
        "machines, or to see the results of an unfinished sweep. Writes summary.csv, runs.csv, correlations.csv, "
        "grid.h5\n"
        "and figures/. The exit status is 1 if runs are missing. Run files of other programs need no experiment.yaml:\n"
        "every file is a run, and the keys in which their configurations differ become columns.",
    .run = run,
    .complete = ip_complete_runs,
};

/* Without the stamp, infoplane run knows that its figures are older than its tables. */
static ip_status make_tables(ip_points *points, const char *folder, ip_gather_counts *counts)
{
  IP_TRY(ip_stamp_remove(folder));
  return ip_gather(points, folder, counts);
}

static ip_status gather(const ip_results *results, bool figures)
{
  ip_experiment *e;
  ip_points *points = NULL;
  ip_gather_counts counts = {0};
  IP_TRY(ip_experiment_load_stored(results->config, &e));
  size_t n = ip_experiment_n_points(e);
  ip_status st = ip_points_create(e, &points);
  if (st == IP_OK)
    st = figures ? ip_summarize(points, results->path, true, false, &counts)
                 : make_tables(points, results->path, &counts);
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
  IP_TRY(st);
  IP_REQUIRE(counts.n_runs == n, IP_ECHILD, "%s: %zu of %zu run%s missing; for the reasons, run infoplane status %s",
             results->path, n - counts.n_runs, n, n == 1 ? " is" : "s are", results->path);
  return IP_OK;
}

static ip_status gather_experiment(const char *folder, bool figures)
{
  ip_results *results;
  IP_TRY(ip_results_open_readonly(folder, &results)); /* creates nothing */
  ip_results_close(&results);
  IP_TRY(ip_results_open(folder, (ip_shard){1, 1}, &results));
  ip_status st = gather(results, figures);
  ip_results_close(&results);
  return st;
}

static ip_status gather_files(size_t n, const char *const *file, const char *folder, bool figures)
{
  IP_TRY(ip_gather_files(n, file, folder, NULL));
  return figures ? ip_draw_files(n, file, folder) : IP_OK;
}

typedef struct {
  ip_own_files *files;
  bool figures;
} request;

/* In the supervised child. */
static ip_status gather_all(void *context)
{
  const request *rq = context;
  ip_own_files *f = rq->files;
  if (!f->n) return gather_experiment(f->folder, rq->figures);
  IP_TRY(ip_reading_others(f->sc, &f->n, &f->file));
  return gather_files(f->n, f->file, f->folder, rq->figures);
}

static ip_status run(int argc, char **argv)
{
  bool no_figures = false;
  const ip_option options[] = {{"no-figures", 0, IP_OPT_FLAG, NULL, "tables and grid only", &no_figures}};
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_gather, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  ip_own_files files;
  IP_TRY(ip_own_files_open("gather", args.n, args.word, &files));
  const ip_guard guard = {.folder = files.folder, .goes_on = files.n != 1, .draws_eps = !no_figures};
  ip_status st = ip_guard_run(&guard, gather_all, &(request){&files, !no_figures});
  ip_own_files_close(&files);
  return st;
}
