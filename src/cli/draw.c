#include "cli/draw.h"

#include "base/mem.h"
#include "figure/figure.h"
#include "study/paths.h"
#include "study/results.h"

#include <stdio.h>
#include <unistd.h>

static void told(void *context, const char *name, const char *path, const char *why_not)
{
  (void)context;
  if (path)
    printf("%s\n", path);
  else if (why_not)
    fprintf(stderr, "figure %s is left out: %s\n", name, why_not);
}

ip_status ip_draw_files(size_t n, const char *const *file, const char *folder)
{
  char *figures;
  IP_TRY(IP_FORMAT(figures, "%s/" IP_FOLDER_FIGURES, folder));
  ip_figure_options opt = {.format = "svg", .folder = figures, .lenient = true, .told = told};
  ip_status st = ip_figures_draw(n, file, 0, NULL, &opt);
  ip_free(figures);
  return st;
}

/* Paths of the run files of all points that are there, in the order of the points. */
static ip_status list_runs(const ip_experiment *e, const ip_results *results, size_t *n_files, char **file)
{
  size_t n = ip_experiment_n_points(e);
  *n_files = 0;
  for (size_t k = 0; k < n; k++) {
    ip_experiment *point;
    IP_TRY(ip_experiment_point(e, k, &point));
    ip_status st = ip_results_run_path(results->path, point->run_name, &file[*n_files]);
    ip_experiment_destroy(&point);
    IP_TRY(st);
    if (access(file[*n_files], R_OK) == 0)
      ++*n_files;
    else
      ip_free(file[*n_files]);
  }
  return IP_OK;
}

static ip_status draw_from(const ip_experiment *e, const ip_results *results, char **file)
{
  size_t n_files = 0;
  ip_figure_options opt = {.format = e->figure_format, .folder = results->figures, .lenient = true, .told = told};
  ip_status st = list_runs(e, results, &n_files, file);
  if (st == IP_OK && n_files > 0)
    st = ip_figures_draw(n_files, (const char *const *)file, e->n_figures, e->figures, &opt);
  for (size_t i = 0; i < n_files; i++) ip_free(file[i]);
  return st;
}

ip_status ip_draw_experiment(const ip_experiment *e, const char *folder)
{
  ip_results *results;
  char **file;
  if (e->n_figures == 0) return IP_OK;
  IP_TRY(ip_results_look(folder, &results));
  ip_status st = IP_NEW(file, ip_experiment_n_points(e), "run files");
  if (st == IP_OK) {
    st = draw_from(e, results, file);
    ip_free(file);
  }
  ip_results_close(&results);
  return st;
}
