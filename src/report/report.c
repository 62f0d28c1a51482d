#include "report/report.h"

#include "base/build.h"
#include "file/atomic.h"
#include "report/budget.h"
#include "report/description.h"
#include "report/figures.h"
#include "report/findings.h"
#include "report/html.h"
#include "report/measures.h"
#include "report/page.h"

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
  fputs("</ul></nav>\n</div>\n</header>\n", out);
}

/* Name, description, data and contents, from the head of the first run. */
static ip_status put_opening(FILE *out, const ip_report_contents *c)
{
  ip_run *run;
  const ip_facts *f = c->figures->facts;
  IP_TRY(ip_run_open(f->set->file[0], &run));
  const ip_run_head *h = ip_run_head_of(run);
  const char *name = *h->experiment ? h->experiment : "runs";
  ip_page_head(out, name, c->data != NULL);
  fputs("<header id=\"top\">\n<h1>", out);
  ip_html_text(out, name);
  fputs("</h1>\n", out);
  if (*c->description) {
    fputs("<p class=\"lead\">", out);
    ip_html_text(out, c->description);
    fputs("</p>\n", out);
  }
  fputs("<div id=\"facts\">\n", out);
  put_facts(out, f, h);
  if (*c->tags) {
    fputs("<p>Tags: ", out);
    ip_html_text(out, c->tags);
    fputs("</p>\n", out);
  }
  put_contents(out, c->figures, c->yaml != NULL);
  ip_run_close(&run);
  return IP_OK;
}

static void put_configuration(FILE *out, const char *yaml)
{
  if (!yaml) return;
  ip_report_section(out, "configuration", "Configuration");
  fputs("<details open><summary>experiment.yaml</summary>\n<pre>", out);
  ip_html_text(out, yaml);
  fputs("</pre></details></section>\n", out);
}

ip_status ip_report_put(FILE *out, const ip_report_contents *c)
{
  const ip_facts *f = c->figures->facts;
  IP_TRY(put_opening(out, c));
  fputs("<main>\n", out);
  if (c->data) ip_page_explore_begin(out);
  IP_TRY(ip_report_findings(out, f));
  ip_report_left_out(out, c->figures);
  IP_TRY(ip_report_put_figures(out, c->figures, !c->is_measured));
  IP_TRY(ip_report_measures(out, f));
  ip_report_networks(out, f, MOST_RUNS);
  IP_TRY(ip_report_correlations(out, f));
  ip_report_runs(out, f, MOST_RUNS);
  put_configuration(out, c->yaml);
  if (c->data) ip_page_explore_end(out);
  fputs("</main>\n", out);
  ip_page_foot(out, c->data);
  return ip_page_end(out, c->data, !c->is_measured);
}

static ip_status publish(const ip_report_contents *c, const char *path)
{
  ip_draft *draft;
  IP_TRY(ip_draft_create(path, &draft));
  ip_status st = ip_report_put(ip_draft_stream(draft), c);
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

/* With the data to explore, as much of them as fits. */
static ip_status write_page(ip_report_contents *c, const ip_report_options *o)
{
  ip_budget *b = NULL;
  if (!c->explore) return publish(c, o->out);
  ip_status st = ip_budget_create(c, o, &b);
  if (st == IP_OK) st = publish(c, o->out);
  ip_budget_destroy(&b);
  return st;
}

/* Description and tags, of experiment.yaml or the first run. */
static ip_status read_texts(const ip_report_figures *d, const char *yaml, char **description, char **tags)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(d->facts->set->file[0], &run));
  const char *config = yaml ? yaml : ip_run_head_of(run)->config;
  ip_status st = ip_report_description(config, description);
  if (st == IP_OK) st = ip_report_tags(config, tags);
  ip_run_close(&run);
  return st;
}

static ip_status report_figures(const ip_report_options *o, ip_report_figures *d, ip_explore *x)
{
  char *yaml, *description = NULL, *tags = NULL;
  IP_TRY(read_configuration(o->folder, &yaml));
  ip_status st = read_texts(d, yaml, &description, &tags);
  ip_report_contents c = {.figures = d, .yaml = yaml, .description = description, .tags = tags, .explore = x};
  if (st == IP_OK) st = write_page(&c, o);
  ip_free(tags);
  ip_free(description);
  ip_free(yaml);
  return st;
}

static ip_status report(const ip_run_set *s, const ip_report_options *o, ip_scratch *sc)
{
  ip_facts *f = NULL;
  ip_explore *x = NULL;
  ip_report_figures *d;
  IP_TRY(IP_SCRATCH(sc, d, 1, "figures"));
  ip_status st = o->is_static ? ip_facts_read(s, NULL, &f) : ip_explore_read(s, &f, &x);
  if (st == IP_OK) st = check_estimator(f, o);
  if (st == IP_OK) st = ip_report_draw(f, o, sc, d);
  if (st == IP_OK) st = report_figures(o, d, x);
  ip_explore_destroy(&x);
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
