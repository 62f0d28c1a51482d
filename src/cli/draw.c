#include "cli/draw.h"

#include "base/mem.h"
#include "base/plain.h"
#include "cli/print_path.h"
#include "figure/figure.h"
#include "file/reading.h"
#include "study/paths.h"
#include "study/results.h"
#include "summary/stamp.h"

#include <stdio.h>
#include <unistd.h>

static void report(void *context, const char *name, const char *path, const char *why_not)
{
  (void)context;
  if (path)
    ip_print_path(path);
  else if (why_not)
    ip_print(stderr, "figure %s: left out: %s\n", name, why_not);
}

ip_status ip_draw_files(size_t n, const char *const *file, const char *folder)
{
  char *figures;
  IP_TRY(IP_FORMAT(figures, "%s/" IP_FOLDER_FIGURES, folder));
  ip_figure_options opt = {.format = "svg", .folder = figures, .lenient = true, .on_figure = report};
  ip_status st = ip_figures_draw(n, file, 0, NULL, &opt);
  ip_free(figures);
  return st;
}

/* Paths of the existing run files, in the order of the points. */
static ip_status list_runs(ip_points *points, const char *folder, size_t *n_files, char **file)
{
  *n_files = 0;
  for (size_t k = 0; k < ip_points_count(points); k++) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point));
    IP_TRY(ip_results_run_path(folder, point->run_name, &file[*n_files]));
    if (access(file[*n_files], R_OK) == 0 && !ip_reading_is_left_out(file[*n_files]))
      ++*n_files;
    else
      ip_free(file[*n_files]);
  }
  return IP_OK;
}

/* Figures are added to the stamp as they are reported. */
typedef struct {
  ip_stamp *stamp;
  ip_status status;
} recording;

static void record(void *context, const char *name, const char *path, const char *why_not)
{
  recording *r = context;
  report(NULL, name, path, why_not);
  if (r->status == IP_OK) r->status = ip_stamp_add(r->stamp, name, path, why_not);
}

static ip_status draw_from(ip_points *points, const ip_results *results, ip_stamp *stamp, char **file)
{
  size_t n_files = 0;
  const ip_experiment *e = ip_points_experiment(points);
  recording recorded = {stamp, IP_OK};
  ip_figure_options opt = {.format = e->figure_format,
                           .folder = results->figures,
                           .lenient = true,
                           .on_figure = record,
                           .context = &recorded};
  ip_status st = list_runs(points, results->path, &n_files, file);
  if (st == IP_OK && n_files > 0)
    st = ip_figures_draw(n_files, (const char *const *)file, e->n_figures, e->figures, &opt);
  for (size_t i = 0; i < n_files; i++) ip_free(file[i]);
  return st == IP_OK ? recorded.status : st;
}

static ip_status draw(ip_points *points, const char *folder, ip_stamp *stamp)
{
  ip_results *results;
  char **file;
  if (ip_points_experiment(points)->n_figures == 0) return IP_OK;
  IP_TRY(ip_results_open_readonly(folder, &results));
  ip_status st = IP_NEW(file, ip_points_count(points), "run files");
  if (st == IP_OK) {
    st = draw_from(points, results, stamp, file);
    ip_free(file);
  }
  ip_results_close(&results);
  return st;
}

/* ---------------------------------------------------------------- tables and figures */

static ip_status make(ip_points *points, const char *folder, ip_stamp *stamp)
{
  IP_TRY(ip_stamp_remove(folder));
  IP_TRY(ip_gather(points, folder, &stamp->counts));
  IP_TRY(draw(points, folder, stamp));
  return ip_stamp_write(stamp, folder);
}

/* What `make` would print of the figures. */
static ip_status report_kept(const ip_stamp *stamp, const char *folder)
{
  for (size_t i = 0; i < stamp->n_figures; i++) {
    const ip_stamp_figure *f = &stamp->figure[i];
    const char *path = NULL;
    if (f->file) IP_TRY(ip_scratch_format(stamp->sc, &path, "%s/" IP_FOLDER_FIGURES "/%s", folder, f->file));
    report(NULL, f->name, path, f->why_not);
  }
  return IP_OK;
}

static ip_status summarize(ip_points *points, const char *folder, bool again, bool finished, ip_stamp *stamp)
{
  bool holds = false;
  if (!again) IP_TRY(ip_stamp_holds(stamp, folder, &holds));
  bool was_finished = stamp->finished;
  stamp->finished = finished;
  if (!holds) return make(points, folder, stamp);
  if (finished != was_finished) IP_TRY(ip_stamp_write(stamp, folder));
  return report_kept(stamp, folder);
}

ip_status ip_summarize(ip_points *points, const char *folder, bool again, bool finished, ip_gather_counts *counts)
{
  ip_scratch *sc;
  ip_stamp stamp;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_stamp_begin(points, folder, sc, &stamp);
  if (st == IP_OK) st = summarize(points, folder, again, finished, &stamp);
  *counts = stamp.counts;
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_summary_is_finished(ip_points *points, const char *folder, bool *finished)
{
  ip_scratch *sc;
  ip_stamp stamp;
  bool holds = false;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_stamp_begin(points, folder, sc, &stamp);
  if (st == IP_OK) st = ip_stamp_holds(&stamp, folder, &holds);
  *finished = holds && stamp.finished;
  ip_scratch_destroy(&sc);
  return st;
}
