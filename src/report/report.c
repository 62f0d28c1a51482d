#include "report/report.h"

#include "base/build.h"
#include "file/atomic.h"
#include "report/description.h"
#include "report/figures.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/measures.h"
#include "report/style.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { MOST_RUNS = 500 }; /* rows of a table of runs */

/* experiment.yaml of the directory, where it is; NULL otherwise. */
static ip_status read_configuration(const char *folder, char **text)
{
  char *path;
  size_t n;
  *text = NULL;
  IP_TRY(IP_FORMAT(path, "%s/experiment.yaml", folder));
  ip_status st = access(path, R_OK) == 0 ? ip_file_read(path, (size_t)16 << 20, &n, text) : IP_OK;
  ip_free(path);
  return st;
}

static void put_head(FILE *out, const char *name)
{
  fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        out);
  ip_html_text(out, name);
  fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n<h1>", ip_report_style);
  ip_html_text(out, name);
  fputs("</h1>\n", out);
}

static void put_bits(FILE *out, const char *before, double bits)
{
  fputs(before, out);
  ip_html_number(out, bits, 5);
  fputs(isnan(bits) ? " (not known)" : " bits", out);
}

/* Whether all configurations have the same H(X), H(Y) and I(X;Y). */
static bool have_same_entropies(const ip_run_set *s)
{
  bool same = true;
  for (size_t g = 1; g < s->n_groups; g++)
    same = same && !memcmp(&s->group[g].hx_bits, &s->group[0].hx_bits, sizeof(double)) &&
           !memcmp(&s->group[g].hy_bits, &s->group[0].hy_bits, sizeof(double)) &&
           !memcmp(&s->group[g].ixy_bits, &s->group[0].ixy_bits, sizeof(double));
  return same;
}

/* Numbers of runs, the data and the estimators. */
static void put_facts(FILE *out, const ip_facts *f, const ip_run_head *h)
{
  const ip_run_set *s = f->set;
  fprintf(out, "<p>%zu %s of %zu %s. Data: ", s->n_files, s->n_files == 1 ? "run" : "runs", s->n_groups,
          s->n_groups == 1 ? "configuration" : "configurations");
  ip_html_text(out, *h->dataset ? h->dataset : "not named");
  if (have_same_entropies(s)) {
    put_bits(out, ". H(X) = ", s->group[0].hx_bits);
    put_bits(out, ", H(Y) = ", s->group[0].hy_bits);
    put_bits(out, ", I(X;Y) = ", s->group[0].ixy_bits);
  } else {
    fputs(". H(X), H(Y) and I(X;Y) differ between configurations; the measures have them", out);
  }
  fputs(".</p>\n<p>", out);
  for (size_t i = 0; i < f->n_estimators; i++) {
    fputs(i ? ", " : f->n_estimators == 1 ? "Estimator: " : "Estimators: ", out);
    ip_html_text(out, f->estimator[i]);
  }
  if (f->n_estimators > 1) {
    fputs(". Figures of one estimator show ", out);
    ip_html_text(out, f->estimator[0]);
  }
  fputs(f->n_estimators ? ".</p>\n" : "No estimates of information.</p>\n", out);
  if (!*h->dataset_sha256) return;
  fputs("<p class=\"quiet\">SHA-256 of the data: <code>", out);
  ip_html_text(out, h->dataset_sha256);
  fputs("</code></p>\n", out);
}

static void put_contents(FILE *out, const ip_report_figures *d, bool configuration)
{
  fputs("<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#findings\">Findings</a></li>\n", out);
  if (ip_report_anything_left(d)) fputs("<li><a href=\"#left-out\">Left out</a></li>\n", out);
  fputs("<li><a href=\"#figures\">Figures</a></li>\n", out);
  ip_report_figure_links(out, d);
  fputs("<li><a href=\"#measures\">Measures</a></li>\n", out);
  if (d->facts->n_estimators) fputs("<li><a href=\"#networks\">Single networks</a></li>\n", out);
  fputs("<li><a href=\"#correlations\">Correlations</a></li>\n<li><a href=\"#runs\">Runs</a></li>\n", out);
  if (configuration) fputs("<li><a href=\"#configuration\">Configuration</a></li>\n", out);
  fputs("</ul></nav>\n</header>\n", out);
}

/* Name, description, data and contents, from the head of the first run. */
static ip_status put_opening(FILE *out, const ip_report_figures *d, const char *yaml)
{
  ip_run *run;
  const ip_facts *f = d->facts;
  IP_TRY(ip_run_open(f->set->file[0], &run));
  const ip_run_head *h = ip_run_head_of(run);
  char *description = NULL, *tags = NULL;
  ip_status st = ip_report_description(yaml ? yaml : h->config, &description);
  if (st == IP_OK) st = ip_report_tags(yaml ? yaml : h->config, &tags);
  if (st == IP_OK) {
    put_head(out, *h->experiment ? h->experiment : "runs");
    if (*description) {
      fputs("<p class=\"lead\">", out);
      ip_html_text(out, description);
      fputs("</p>\n", out);
    }
    put_facts(out, f, h);
    if (*tags) {
      fputs("<p>Tags: ", out);
      ip_html_text(out, tags);
      fputs("</p>\n", out);
    }
    put_contents(out, d, yaml != NULL);
  }
  ip_free(tags);
  ip_free(description);
  ip_run_close(&run);
  return st;
}

static void put_configuration(FILE *out, const char *yaml)
{
  if (!yaml) return;
  ip_report_section(out, "configuration", "Configuration");
  fputs("<details open><summary>experiment.yaml</summary>\n<pre>", out);
  ip_html_text(out, yaml);
  fputs("</pre></details></section>\n", out);
}

static ip_status write_page(FILE *out, const ip_report_figures *d, const char *yaml)
{
  IP_TRY(put_opening(out, d, yaml));
  fputs("<main>\n", out);
  IP_TRY(ip_report_findings(out, d->facts));
  ip_report_left_out(out, d);
  IP_TRY(ip_report_put_figures(out, d));
  IP_TRY(ip_report_measures(out, d->facts));
  ip_report_networks(out, d->facts, MOST_RUNS);
  IP_TRY(ip_report_correlations(out, d->facts));
  ip_report_runs(out, d->facts, MOST_RUNS);
  put_configuration(out, yaml);
  fprintf(out, "</main>\n<footer><p class=\"quiet\">infoplane %s (%s)</p></footer>\n</body>\n</html>\n", IP_VERSION,
          IP_COMMIT);
  return IP_OK;
}

static ip_status publish(const ip_report_figures *d, const char *yaml)
{
  ip_draft *draft;
  IP_TRY(ip_draft_create(d->opt->out, &draft));
  ip_status st = write_page(ip_draft_stream(draft), d, yaml);
  if (st == IP_OK) return ip_draft_publish(&draft);
  ip_draft_discard(&draft);
  return st;
}

/* An estimator that was asked for must be in some file. */
static ip_status check_estimator(const ip_facts *f, const ip_report_options *o)
{
  bool any = !o->estimator;
  for (size_t i = 0; i < f->set->n_files && f->n_estimators && !any; i++) any = f->run[i].fact[0] != NULL;
  return any ? IP_OK : ip_run_set_need_information(f->set);
}

static ip_status report(const ip_run_set *s, const ip_report_options *o, ip_scratch *sc)
{
  ip_facts *f;
  ip_report_figures *d;
  char *yaml = NULL;
  IP_TRY(IP_SCRATCH(sc, d, 1, "figures"));
  IP_TRY(ip_facts_read(s, &f));
  ip_status st = check_estimator(f, o);
  if (st == IP_OK) st = ip_report_draw(f, o, sc, d);
  if (st == IP_OK) st = read_configuration(o->folder, &yaml);
  if (st == IP_OK) st = publish(d, yaml);
  ip_free(yaml);
  ip_facts_destroy(&f);
  return st;
}

ip_status ip_report_write(size_t n_files, const char *const *file, const ip_report_options *o)
{
  ip_run_set *s;
  ip_scratch *sc;
  IP_TRY(ip_run_set_open(n_files, file, o->estimator, &s));
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) {
    st = report(s, o, sc);
    ip_scratch_destroy(&sc);
  }
  ip_run_set_close(&s);
  return st;
}
