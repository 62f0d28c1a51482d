#include "sweep/gather.h"

#include "base/mem.h"
#include "base/stop.h"
#include "file/atomic.h"
#include "sweep/cube.h"
#include "sweep/tables.h"

#include <string.h>
#include <unistd.h>

typedef struct gathering {
  const ip_experiment *e;
  const char *folder;
  ip_scratch *sc;
  ip_tables *tables;
  ip_cube *cube;
  ip_gather_counts counts;
} gathering;

static ip_status add_run(gathering *gt, const char *path, ip_gathered *g)
{
  IP_TRY(ip_gathered_open(path, gt->sc, g));
  ip_status st = ip_tables_add(gt->tables, g);
  if (st == IP_OK) st = ip_cube_add(gt->cube, g);
  gt->counts.n_runs++;
  gt->counts.n_unfit += !strcmp(ip_run_status(g->run), "failed_to_fit");
  ip_gathered_close(g);
  return st;
}

static ip_status add_point(gathering *gt, size_t k, const ip_experiment *point)
{
  char *path;
  const char **value;
  ip_gathered g = {.point = point, .k = k};
  IP_TRY(IP_SCRATCH(gt->sc, value, ip_gathered_keys(gt->e->grid, 0, NULL), "swept keys"));
  ip_gathered_values(gt->e->grid, k / (size_t)gt->e->repeats, value);
  g.axis_value = value;
  IP_TRY(IP_FORMAT(path, "%s/runs/%s.h5", gt->folder, point->run_name));
  ip_status st = access(path, F_OK) ? ip_cube_add(gt->cube, NULL) : add_run(gt, path, &g);
  ip_free(path);
  return st;
}

static ip_status add_all(gathering *gt)
{
  size_t n = ip_experiment_n_points(gt->e);
  for (size_t k = 0; k < n; k++) {
    IP_TRY(ip_stop_check());
    ip_experiment *point;
    IP_TRY(ip_experiment_point(gt->e, k, &point));
    ip_status st = add_point(gt, k, point);
    ip_experiment_destroy(&point);
    ip_scratch_release(gt->sc, 0);
    IP_TRY(st);
  }
  return IP_OK;
}

ip_status ip_gather(const ip_experiment *e, const char *folder, ip_gather_counts *counts)
{
  gathering gt = {.e = e, .folder = folder};
  ip_status st;
  IP_TRY_GOTO(st, ip_folder_create(folder), end);
  IP_TRY_GOTO(st, ip_scratch_create(&gt.sc), end);
  IP_TRY_GOTO(st, ip_tables_create(e, folder, &gt.tables), end);
  IP_TRY_GOTO(st, ip_cube_create(e, folder, &gt.cube), end);
  IP_TRY_GOTO(st, add_all(&gt), end);
  IP_TRY_GOTO(st, ip_tables_publish(gt.tables), end);
  IP_TRY_GOTO(st, ip_cube_publish(gt.cube), end);
end:
  ip_cube_destroy(&gt.cube);
  ip_tables_destroy(&gt.tables);
  ip_scratch_destroy(&gt.sc);
  if (counts) *counts = gt.counts;
  return st;
}
