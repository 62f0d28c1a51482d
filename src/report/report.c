#include "report/report.h"

#include "base/build.h"
#include "figure/figure.h"
#include "file/atomic.h"
#include "report/html.h"
#include "report/measures.h"

#include <string.h>
#include <unistd.h>

enum { MOST_RUNS = 500 }; /* rows of the table of runs */

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n"
    "body { font-family: \"DejaVu Sans\", Verdana, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem;\n"
    "       color: #222; background: #fff; line-height: 1.45; }\n"
    "figure { margin: 2rem 0; } figcaption { margin-bottom: 0.5rem; font-weight: bold; }\n"
    "img { max-width: 100%; height: auto; }\n"
    "table { border-collapse: collapse; font-size: 0.85rem; } th { font-weight: normal; text-align: left; }\n"
    "tr:first-child th { border-bottom: 1px solid #222; vertical-align: bottom; }\n"
    "td, th { padding: 0.2rem 0.8rem 0.2rem 0; vertical-align: top; border-bottom: 1px solid #ddd; }\n"
    "td { text-align: right; } pre { font-size: 0.8rem; overflow-x: auto; background: #f4f4f4; padding: 1rem; }\n"
    "</style>\n";

/* The figures that were drawn, as they are told. */
typedef struct {
  ip_scratch *sc;
  ip_status status; /* of keeping them */
  size_t n;
  const char *name[64], *path[64];
} drawn;

static void keep(void *context, const char *name, const char *path, const char *why_not)
{
  drawn *d = context;
  char *copy;
  (void)why_not;
  if (!path || d->status != IP_OK || d->n == sizeof d->name / sizeof *d->name) return;
  d->status = IP_SCRATCH(d->sc, copy, strlen(path) + 1, "paths of figures");
  if (d->status != IP_OK) return;
  strcpy(copy, path);
  d->name[d->n] = name;
  d->path[d->n++] = copy;
}

static ip_status draw(size_t n_files, const char *const *file, const ip_report_options *o, drawn *d)
{
  char *folder;
  IP_TRY(IP_FORMAT(folder, "%s/figures", o->folder));
  ip_figure_options figures = {
      .estimator = o->estimator, .format = "svg", .folder = folder, .told = keep, .context = d};
  ip_status st = ip_figures_draw(n_files, file, 0, NULL, &figures);
  ip_free(folder);
  IP_TRY(st);
  return d->status;
}

static const char *summary_of(const char *name)
{
  for (size_t i = 0; i < ip_figure_count(); i++)
    if (strcmp(ip_figure_name(i), name) == 0) return ip_figure_summary(i);
  return "";
}

static ip_status write_figures(FILE *out, const drawn *d)
{
  for (size_t i = 0; i < d->n; i++) {
    fputs("<figure id=\"", out);
    ip_html_text(out, d->name[i]);
    fputs("\"><figcaption>", out);
    ip_html_text(out, d->name[i]);
    fputs(": ", out);
    ip_html_text(out, summary_of(d->name[i]));
    fputs("</figcaption>\n", out);
    IP_TRY(ip_html_image(out, d->path[i], "image/svg+xml", summary_of(d->name[i])));
    fputs("</figure>\n", out);
  }
  return IP_OK;
}

/* The movie, where one was drawn before. */
static ip_status write_movie(FILE *out, const char *folder)
{
  char *path;
  ip_status st = IP_OK;
  IP_TRY(IP_FORMAT(path, "%s/figures/movie.gif", folder));
  if (access(path, R_OK) == 0) {
    fputs("<figure id=\"movie\"><figcaption>movie: the plane epoch by epoch</figcaption>\n", out);
    st = ip_html_image(out, path, "image/gif", "the information plane epoch by epoch");
    fputs("</figure>\n", out);
  }
  ip_free(path);
  return st;
}

/* experiment.yaml, where it is. */
static ip_status write_configuration(FILE *out, const char *folder)
{
  char *path, *text = NULL;
  size_t n;
  IP_TRY(IP_FORMAT(path, "%s/experiment.yaml", folder));
  ip_status st = access(path, R_OK) == 0 ? ip_file_read(path, (size_t)16 << 20, &n, &text) : IP_OK;
  ip_free(path);
  IP_TRY(st);
  if (!text) return IP_OK;
  fputs("<h2>Configuration</h2>\n<details open><summary>experiment.yaml</summary>\n<pre>", out);
  ip_html_text(out, text);
  fputs("</pre></details>\n", out);
  ip_free(text);
  return IP_OK;
}

/* Name, data and numbers of runs, from the head of the first run. */
static ip_status write_opening(FILE *out, const ip_run_set *s)
{
  ip_run *run;
  size_t unfit = 0;
  for (size_t g = 0; g < s->n_groups; g++) unfit += s->group[g].n_unfit;
  IP_TRY(ip_run_open(s->file[0], &run));
  const ip_run_head *h = ip_run_head_of(run);
  const char *name = *h->experiment ? h->experiment : "runs";
  fputs("<title>", out);
  ip_html_text(out, name);
  fputs("</title>\n</head>\n<body>\n<h1>", out);
  ip_html_text(out, name);
  fprintf(out, "</h1>\n<p>%zu %s of %zu %s", s->n_files, s->n_files == 1 ? "run" : "runs", s->n_groups,
          s->n_groups == 1 ? "configuration" : "configurations");
  if (unfit) fprintf(out, "; %zu did not fit and are left out of means", unfit);
  fputs(". Data: ", out);
  ip_html_text(out, *h->dataset ? h->dataset : "not named");
  if (*h->dataset_sha256) {
    fputs(" (SHA-256 <code>", out);
    ip_html_text(out, h->dataset_sha256);
    fputs("</code>)", out);
  }
  fputs(". H(X) = ", out);
  ip_html_number(out, h->hx_bits, 5);
  fputs(" bits, H(Y) = ", out);
  ip_html_number(out, h->hy_bits, 5);
  fputs(" bits, I(X;Y) = ", out);
  ip_html_number(out, h->ixy_bits, 5);
  fputs(" bits.", out);
  if (s->estimator) {
    fputs(" Estimates: ", out);
    ip_html_text(out, s->estimator);
    fputs(".", out);
  }
  fputs("</p>\n", out);
  ip_run_close(&run);
  return IP_OK;
}

static ip_status write_page(FILE *out, const ip_run_set *s, const drawn *d, const ip_report_options *o)
{
  fputs(head, out);
  IP_TRY(write_opening(out, s));
  IP_TRY(write_figures(out, d));
  IP_TRY(write_movie(out, o->folder));
  fputs("<h2>Measures</h2>\n<p>Means over the runs of a configuration; information in bits. The fall is how much lower "
        "I(X;T) is at the end than where it was largest.</p>\n",
        out);
  IP_TRY(ip_report_measures(out, s));
  fputs("<h2>Runs</h2>\n", out);
  IP_TRY(ip_report_runs(out, s, MOST_RUNS));
  IP_TRY(write_configuration(out, o->folder));
  fprintf(out, "<p><small>infoplane %s (%s)</small></p>\n</body>\n</html>\n", IP_VERSION, IP_COMMIT);
  return IP_OK;
}

static ip_status publish(const ip_run_set *s, const drawn *d, const ip_report_options *o)
{
  ip_draft *draft;
  IP_TRY(ip_draft_create(o->out, &draft));
  ip_status st = write_page(ip_draft_stream(draft), s, d, o);
  if (st == IP_OK) return ip_draft_publish(&draft);
  ip_draft_discard(&draft);
  return st;
}

ip_status ip_report_write(size_t n_files, const char *const *file, const ip_report_options *o)
{
  drawn d = {0};
  ip_run_set *s = NULL;
  IP_TRY(ip_run_set_open(n_files, file, o->estimator, &s));
  ip_status st = o->estimator ? ip_run_set_need_information(s) : IP_OK;
  if (st == IP_OK) st = ip_scratch_create(&d.sc);
  if (st == IP_OK) st = draw(n_files, file, o, &d);
  if (st == IP_OK) st = publish(s, &d, o);
  ip_run_set_close(&s);
  ip_scratch_destroy(&d.sc);
  return st;
}
