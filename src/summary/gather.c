#include "summary/gather.h"

#include "base/mem.h"
#include "base/stop.h"
#include "file/atomic.h"
#include "file/reading.h"
#include "study/results.h"
#include "summary/grid_file.h"
#include "summary/tables.h"

#include <string.h>
#include <unistd.h>

typedef struct gathering {
  ip_points *points;       /* or NULL, and */
  const char *const *file; // (n_files) run files
  const char *folder;
  ip_scratch *plan_sc, *sc; /* of all runs, of one run */
  ip_gather_plan plan;
  ip_tables *tables;
  ip_grid_file *cube;
  ip_gather_counts counts;
} gathering;

static bool is_missing(const char *path)
{
  return ip_reading_is_left_out(path) || access(path, F_OK);
}

/* Run k of the grid, from its file. */
static ip_status add_run(gathering *gt, const char *path, size_t grid_point, ip_gathered *g)
{
  const char **value;
  IP_TRY(IP_SCRATCH(gt->sc, value, ip_gathered_keys(gt->plan.grid, 0, NULL), "swept keys"));
  ip_gathered_values(gt->plan.grid, grid_point, value);
  g->axis_value = value;
  IP_TRY(ip_gathered_open(path, gt->sc, g));
  if (!gt->points) g->seed = g->head->seed;
  ip_status st = ip_tables_add(gt->tables, g);
  if (st == IP_OK) st = ip_grid_file_add(gt->cube, g);
  gt->counts.n_runs++;
  gt->counts.n_failed_to_fit += !strcmp(ip_run_status(g->run), IP_RUN_FAILED_TO_FIT);
  ip_gathered_close(g);
  return st;
}

static ip_status add_point(gathering *gt, size_t grid_point, const ip_point *point)
{
  char *path;
  ip_gathered g = {.name = point->run_name, .seed = point->seed};
  IP_TRY(ip_results_run_path(gt->folder, point->run_name, &path));
  ip_status st = is_missing(path) ? ip_grid_file_add(gt->cube, NULL) : add_run(gt, path, grid_point, &g);
  ip_free(path);
  ip_scratch_release(gt->sc, 0);
  return st;
}

static ip_status add_points(gathering *gt)
{
  size_t repeats = (size_t)ip_points_experiment(gt->points)->repeats;
  for (size_t k = 0; k < ip_points_count(gt->points); k++) {
    const ip_point *point;
    IP_TRY(ip_stop_check());
    IP_TRY(ip_points_get(gt->points, k, &point));
    IP_TRY(add_point(gt, k / repeats, point));
  }
  return IP_OK;
}

static ip_status add_files(gathering *gt, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    ip_gathered g = {0};
    IP_TRY(ip_stop_check());
    IP_TRY(ip_gather_run_name(gt->file[k], gt->sc, &g.name));
    IP_TRY(add_run(gt, gt->file[k], k, &g));
    ip_scratch_release(gt->sc, 0);
  }
  return IP_OK;
}

/* Measures that were added to the files of an experiment later: those of the first file. */
static ip_status plan_measures(gathering *gt)
{
  for (size_t k = 0; gt->points && k < ip_points_count(gt->points); k++) {
    const ip_point *point;
    char *path;
    ip_run *run;
    IP_TRY(ip_points_get(gt->points, k, &point));
    IP_TRY(ip_results_run_path(gt->folder, point->run_name, &path));
    bool exists = !is_missing(path);
    ip_status st = exists ? ip_run_open_series(path, &run) : IP_OK;
    ip_free(path);
    IP_TRY(st);
    if (!exists) continue;
    st = ip_measured_add_run(&gt->plan.measured, run, gt->plan_sc);
    ip_run_close(&run);
    return st;
  }
  return IP_OK;
}

/* Of `n` files, or of the experiment when there are none. */
static ip_status gather(gathering *gt, size_t n, ip_gather_counts *counts)
{
  ip_status st;
  IP_TRY_GOTO(st, ip_folder_create(gt->folder), end);
  IP_TRY_GOTO(st, ip_scratch_create(&gt->plan_sc), end);
  IP_TRY_GOTO(st, ip_scratch_create(&gt->sc), end);
  IP_TRY_GOTO(st,
              gt->points ? ip_gather_plan_experiment(gt->points, gt->plan_sc, &gt->plan)
                         : ip_gather_plan_files("runs", n, gt->file, gt->plan_sc, &gt->plan),
              end);
  IP_TRY_GOTO(st, plan_measures(gt), end);
  IP_TRY_GOTO(st, ip_tables_create(&gt->plan, gt->folder, &gt->tables), end);
  IP_TRY_GOTO(st, ip_grid_file_create(&gt->plan, gt->folder, &gt->cube), end);
  IP_TRY_GOTO(st, gt->points ? add_points(gt) : add_files(gt, n), end);
  IP_TRY_GOTO(st, ip_tables_publish(gt->tables), end);
  IP_TRY_GOTO(st, ip_grid_file_publish(gt->cube), end);
end:
  ip_grid_file_destroy(&gt->cube);
  ip_tables_destroy(&gt->tables);
  ip_scratch_destroy(&gt->sc);
  ip_scratch_destroy(&gt->plan_sc);
  if (counts) *counts = gt->counts;
  return st;
}

ip_status ip_gather(ip_points *points, const char *folder, ip_gather_counts *counts)
{
  return gather(&(gathering){.points = points, .folder = folder}, 0, counts);
}

ip_status ip_gather_files(size_t n, const char *const *file, const char *folder, ip_gather_counts *counts)
{
  return gather(&(gathering){.file = file, .folder = folder}, n, counts);
}
