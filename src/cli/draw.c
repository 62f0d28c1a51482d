#include "cli/draw.h"

#include "base/mem.h"
#include "figure/figure.h"
#include "study/paths.h"
#include "study/results.h"

#include <stdio.h>
#include <unistd.h>

static void report(void *context, const char *name, const char *path, const char *why_not)
{
  (void)context;
  if (path)
    printf("%s\n", path);
  else if (why_not)
    fprintf(stderr, "figure %s: left out: %s\n", name, why_not);
}

ip_status ip_draw_files(size_t n, const char *const *file, const char *folder)
{
  char *figures;
  IP_TRY(IP_FORMAT(figures, "%s/" IP_FOLDER_FIGURES, folder));
  ip_figure_options opt = {.format = "svg", .folder = figures, .lenient = true, .told = report};
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
    if (access(file[*n_files], R_OK) == 0)
      ++*n_files;
    else
      ip_free(file[*n_files]);
  }
  return IP_OK;
}

static ip_status draw_from(ip_points *points, const ip_results *results, char **file)
{
  size_t n_files = 0;
  const ip_experiment *e = ip_points_experiment(points);
  ip_figure_options opt = {.format = e->figure_format, .folder = results->figures, .lenient = true, .told = report};
  ip_status st = list_runs(points, results->path, &n_files, file);
  if (st == IP_OK && n_files > 0)
    st = ip_figures_draw(n_files, (const char *const *)file, e->n_figures, e->figures, &opt);
  for (size_t i = 0; i < n_files; i++) ip_free(file[i]);
  return st;
}

ip_status ip_draw_experiment(ip_points *points, const char *folder)
{
  ip_results *results;
  char **file;
  if (ip_points_experiment(points)->n_figures == 0) return IP_OK;
  IP_TRY(ip_results_open_readonly(folder, &results));
  ip_status st = IP_NEW(file, ip_points_count(points), "run files");
  if (st == IP_OK) {
    st = draw_from(points, results, file);
    ip_free(file);
  }
  ip_results_close(&results);
  return st;
}
