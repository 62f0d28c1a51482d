#include "report/figures.h"

#include "base/text.h"
#include "figure/figure.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/measures.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---------------------------------------------------------------- drawing */

static ip_status keep_path(ip_report_figures *d, const char *name, const char *path)
{
  char *copy;
  size_t i = 0;
  IP_TRY(IP_SCRATCH(d->sc, copy, strlen(path) + 1, "paths of figures"));
  strcpy(copy, path);
  while (i < d->n && strcmp(d->drawn[i].name, name) != 0) i++;
  if (i == d->n && d->n < IP_REPORT_MAX_FIGURES) d->n++;
  if (i == d->n) return IP_OK;
  d->drawn[i].name = name;
  d->drawn[i].path = copy;
  d->drawn[i].n_files = d->n_files;
  return IP_OK;
}

static void on_figure(void *context, const char *name, const char *path, const char *why_not)
{
  ip_report_figures *d = context;
  size_t i = 0;
  if (path && d->status == IP_OK) d->status = keep_path(d, name, path);
  if (path) return;
  while (i < d->n_left && strcmp(d->left[i].name, name) != 0) i++;
  if (i < d->n_left || i == IP_REPORT_MAX_FIGURES) return;
  d->left[d->n_left].name = name;
  d->left[d->n_left++].why = why_not;
  if (d->opt->on_figure) d->opt->on_figure(d->opt->context, name, why_not);
}

/* What the plane of a page to explore shows. */
static const char *const explored[] = {"estimators", "depth", "snapshots", "repeats", "measures"};

/* What is left of the figures in a page that would be too large. */
static bool is_main(const char *name)
{
  static const char *const main_figures[] = {"plane", "layers", "loss"};
  for (size_t i = 0; i < sizeof main_figures / sizeof *main_figures; i++)
    if (strcmp(main_figures[i], name) == 0) return true;
  return false;
}

static ip_status draw_from(ip_report_figures *d, size_t n_files, const char *const *file, size_t n_names,
                           const char *const *name)
{
  char *folder;
  d->n_files = n_files;
  bool own = d->opt->figures != NULL;
  IP_TRY(IP_FORMAT(folder, "%s%s", own ? d->opt->figures : d->opt->folder, own ? "" : "/figures"));
  ip_figure_options o = {.estimator = n_names ? NULL : d->opt->estimator,
                         .format = "svg",
                         .folder = folder,
                         .lenient = true,
                         .n_without = d->opt->is_static ? 0 : sizeof explored / sizeof *explored,
                         .without = explored,
                         .on_figure = on_figure,
                         .context = d};
  ip_status st = ip_figures_draw(n_files, file, n_names, name, &o);
  ip_free(folder);
  IP_TRY(st);
  return d->status;
}

/* The files that have estimates by the set's estimator. */
static ip_status estimated(const ip_facts *f, ip_scratch *sc, size_t *n, const char ***file)
{
  IP_TRY(IP_SCRATCH(sc, *file, f->set->n_files, "run files"));
  *n = 0;
  for (size_t i = 0; i < f->set->n_files && f->n_estimators; i++)
    if (f->run[i].fact[0]) (*file)[(*n)++] = f->set->file[i];
  return IP_OK;
}

static ip_status draw(ip_report_figures *d)
{
  static const char *const of_training[] = {"loss", "gradients"};
  const ip_run_set *s = d->facts->set;
  const char **file;
  size_t n;
  IP_TRY(estimated(d->facts, d->sc, &n, &file));
  if (n == 0 || n == s->n_files) return draw_from(d, s->n_files, s->file, 0, NULL);
  IP_TRY(draw_from(d, n, file, 0, NULL));
  return draw_from(d, s->n_files, s->file, sizeof of_training / sizeof *of_training, of_training);
}

#define MOVIE_TYPE "image/gif"

static size_t base64_size(const char *path)
{
  struct stat s;
  return sizeof "data:" MOVIE_TYPE ";base64," - 1 + (stat(path, &s) == 0 ? ((size_t)s.st_size + 2) / 3 * 4 : 0);
}

static ip_status find_movie(ip_report_figures *d)
{
  char *path;
  size_t n = strlen(d->opt->folder) + sizeof "/figures/movie.gif";
  IP_TRY(IP_SCRATCH(d->sc, path, n, "path of the movie"));
  snprintf(path, n, "%s/figures/movie.gif", d->opt->folder);
  d->movie = access(path, R_OK) == 0 ? path : NULL;
  if (d->movie) d->movie_size = base64_size(path);
  return IP_OK;
}

static ip_status find_sizes(ip_report_figures *d)
{
  for (size_t i = 0; i < d->n; i++) IP_TRY(ip_html_svg_size(d->drawn[i].path, &d->drawn[i].size));
  return IP_OK;
}

ip_status ip_report_draw(const ip_facts *f, const ip_report_options *o, ip_scratch *sc, ip_report_figures *figures)
{
  *figures = (ip_report_figures){.facts = f, .opt = o, .sc = sc};
  IP_TRY(draw(figures));
  IP_TRY(find_sizes(figures));
  return find_movie(figures);
}

/* ---------------------------------------------------------------- on the page */

static const char *summary_of(const char *name)
{
  for (size_t i = 0; i < ip_figure_count(); i++)
    if (strcmp(ip_figure_name(i), name) == 0) return ip_figure_summary(i);
  return "";
}

static bool is_there(const ip_report_figures *d, size_t i)
{
  return !d->only_main || is_main(d->drawn[i].name);
}

size_t ip_report_figures_size(const ip_report_figures *d)
{
  size_t n = d->movie && !d->only_main ? d->movie_size : 0;
  for (size_t i = 0; i < d->n; i++)
    if (is_there(d, i)) n += d->drawn[i].size;
  return n;
}

void ip_report_figure_links(FILE *out, const ip_report_figures *d)
{
  for (size_t i = 0; i < d->n; i++) {
    if (!is_there(d, i)) continue;
    fputs("<li><a href=\"#figure-", out);
    ip_html_text(out, d->drawn[i].name);
    fputs("\">", out);
    ip_html_text(out, d->drawn[i].name);
    fputs("</a></li>\n", out);
  }
  if (d->movie && !d->only_main) fputs("<li><a href=\"#figure-movie\">movie</a></li>\n", out);
}

static void put_head(FILE *out, const ip_report_figures *d, const char *name, size_t n_files)
{
  fputs("<figure id=\"figure-", out);
  ip_html_text(out, name);
  fputs("\"><figcaption><strong>", out);
  ip_html_text(out, name);
  fputs("</strong>: ", out);
  ip_html_text(out, summary_of(name));
  if (n_files < d->facts->set->n_files)
    fprintf(out, " (from the %zu of %zu runs that have estimates)", n_files, d->facts->set->n_files);
  fputs("</figcaption>\n<div class=\"picture\" role=\"group\" tabindex=\"0\" aria-label=\"", out);
  ip_html_text(out, name);
  fputs("\"><img alt=\"", out);
  ip_report_alternative(out, d->facts, name, summary_of(name));
  fputs("\" src='", out);
}

ip_status ip_report_put_figures(FILE *out, const ip_report_figures *d, bool with_data)
{
  static const char end[] = "'></div></figure>\n";
  ip_report_section(out, "figures", "Figures");
  for (size_t i = 0; i < d->n; i++) {
    if (!is_there(d, i)) continue;
    put_head(out, d, d->drawn[i].name, d->drawn[i].n_files);
    if (with_data) IP_TRY(ip_html_svg(out, d->drawn[i].path));
    fputs(end, out);
  }
  if (d->movie && !d->only_main) {
    put_head(out, d, "movie", d->facts->set->n_files);
    if (with_data) IP_TRY(ip_html_data(out, d->movie, MOVIE_TYPE));
    fputs(end, out);
  }
  fputs("</section>\n", out);
  return IP_OK;
}

/* ---------------------------------------------------------------- what is not there */

enum { MOST_NAMES = 20 };

static size_t count_without(const ip_facts *f, size_t i)
{
  size_t n = 0;
  for (size_t r = 0; r < f->set->n_files; r++) n += f->run[r].fact[i] == NULL;
  return n;
}

static void put_runs_without(FILE *out, const ip_facts *f, size_t i)
{
  size_t n = count_without(f, i), shown = 0;
  if (!n) return;
  fprintf(out, "<li>%zu of %zu run%s %s no estimates by ", n, f->set->n_files, ip_plural(f->set->n_files),
          n == 1 ? "has" : "have");
  ip_html_text(out, f->estimator[i]);
  fprintf(out, " and %s not part of its numbers%s", n == 1 ? "is" : "are",
          i == 0 ? " and of the figures of information" : "");
  fputs(": ", out);
  for (size_t r = 0; r < f->set->n_files && shown < MOST_NAMES; r++) {
    if (f->run[r].fact[i]) continue;
    fputs(shown++ ? ", " : "", out);
    ip_html_text(out, f->run[r].name);
  }
  fprintf(out, "%s. <code>infoplane estimate</code> adds them.</li>\n", n > shown ? ", ..." : "");
}

static size_t count_failed_to_fit(const ip_run_set *s)
{
  size_t n = 0;
  for (size_t g = 0; g < s->n_groups; g++) n += s->group[g].n_failed_to_fit;
  return n;
}

bool ip_report_anything_left(const ip_report_figures *d)
{
  bool any = d->n_left || count_failed_to_fit(d->facts->set);
  for (size_t i = 0; i < d->facts->n_estimators; i++) any = any || count_without(d->facts, i);
  return any;
}

void ip_report_left_out(FILE *out, const ip_report_figures *d)
{
  if (!ip_report_anything_left(d)) return;
  size_t failed_to_fit = count_failed_to_fit(d->facts->set);
  ip_report_section(out, "left-out", "Left out");
  fputs("<ul>\n", out);
  for (size_t i = 0; i < d->n_left; i++) {
    fputs("<li>Figure ", out);
    ip_html_text(out, d->left[i].name);
    fputs(": ", out);
    ip_html_text(out, d->left[i].why);
    fputs(".</li>\n", out);
  }
  for (size_t i = 0; i < d->facts->n_estimators; i++) put_runs_without(out, d->facts, i);
  if (failed_to_fit)
    fprintf(out,
            "<li>%zu of %zu run%s failed to fit and %s left out of means, findings and figures; the table of runs "
            "has the reason.</li>\n",
            failed_to_fit, d->facts->set->n_files, ip_plural(d->facts->set->n_files),
            failed_to_fit == 1 ? "is" : "are");
  fputs("</ul></section>\n", out);
}
