#include "report/measures.h"

#include "report/findings.h"
#include "report/html.h"

#include <math.h>
#include <string.h>

void ip_report_section(FILE *out, const char *id, const char *heading)
{
  fprintf(out, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n", id, id, heading);
}

void ip_report_table(FILE *out, const char *about)
{
  fputs("<div class=\"box\" role=\"group\" tabindex=\"0\" aria-label=\"", out);
  ip_html_text(out, about);
  fputs("\"><table>\n", out);
}

void ip_report_table_end(FILE *out)
{
  fputs("</tbody></table></div>\n", out);
}

void ip_report_cell(FILE *out, double value, int digits)
{
  fputs("<td>", out);
  ip_html_number(out, value, digits);
  fputs("</td>", out);
}

void ip_report_decrease_cell(FILE *out, double bits)
{
  ip_report_cell(out, round(bits * 1e4) / 1e4, 3);
}

void ip_report_column(FILE *out, const char *name, bool text)
{
  fprintf(out, "<th%s scope=\"col\">%s</th>", text ? " class=\"text\"" : "", name);
}

/* ---------------------------------------------------------------- means */

/* Flags of a layer by an estimator, over the networks of a configuration. */
typedef struct {
  size_t n, saturated, dpi, clipped, lossy, networks, down;
} flags;

static flags flags_of(const ip_facts *f, const ip_run_group *g, size_t i, size_t k)
{
  flags sum = {0};
  for (size_t j = 0; j < g->n_runs; j++) {
    const ip_fact *fact = ip_facts_of(f, g, j, i, k);
    if (!fact || !fact->n) continue;
    sum.n += fact->n;
    sum.saturated += fact->saturated;
    sum.dpi += fact->dpi;
    sum.clipped += fact->clipped;
    sum.lossy += fact->lossy;
    sum.networks++;
    sum.down += fact->decreased;
  }
  return sum;
}

static void put_share(FILE *out, size_t count, size_t n)
{
  if (count)
    fprintf(out, "<td>%.3g %%</td>", 100.0 * (double)count / (double)n);
  else
    fputs(n ? "<td>0</td>" : "<td>&ndash;</td>", out);
}

/* Mean of the ends of the label-shuffle null, where it was computed. */
static double null_of(const ip_facts *f, const ip_run_group *g, size_t i, size_t k)
{
  double sum = 0;
  size_t n = 0;
  for (size_t j = 0; j < g->n_runs; j++) {
    const ip_fact *fact = ip_facts_of(f, g, j, i, k);
    if (!fact || !isfinite(fact->null_high)) continue;
    sum += fact->null_high;
    n++;
  }
  return n ? sum / (double)n : (double)NAN;
}

static void layer_rows(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k)
{
  static const ip_compression_measure columns[] = {IP_MEASURE_PEAK, IP_MEASURE_PEAK_EPOCH, IP_MEASURE_IXT,
                                                   IP_MEASURE_DROP, IP_MEASURE_ITY,        IP_MEASURE_IXT_GIVEN_Y};
  for (size_t i = 0; i < f->n_estimators; i++) {
    flags sum = flags_of(f, g, i, k);
    size_t n;
    fputs("<tr>", out);
    if (i == 0) {
      fprintf(out, "<th rowspan=\"%zu\" scope=\"rowgroup\">", f->n_estimators);
      ip_report_layer(out, f, g, k);
      fputs("</th>", out);
    }
    fputs("<th scope=\"row\">", out);
    ip_html_text(out, f->estimator[i]);
    fputs("</th>", out);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
      double mean = ip_facts_mean(f, g, i, k, columns[c], &n);
      if (columns[c] == IP_MEASURE_DROP)
        ip_report_decrease_cell(out, mean);
      else
        ip_report_cell(out, mean, 4);
    }
    ip_report_cell(out, null_of(f, g, i, k), 3);
    fprintf(out, "<td>%zu of %zu</td>", sum.down, sum.networks);
    put_share(out, sum.saturated, sum.n);
    put_share(out, sum.dpi, sum.n);
    put_share(out, sum.clipped, sum.n);
    put_share(out, sum.lossy, sum.n);
    fputs("</tr>\n", out);
  }
}

/* Reasons that files give for numbers they lack, each once. */
static void put_refused(FILE *out, const ip_facts *f, const ip_run_group *g)
{
  for (size_t i = 0; i < f->n_estimators; i++)
    for (size_t j = 0; j < g->n_runs; j++) {
      const char *text = f->run[g->run[j]].refused[i];
      bool before = !*text;
      for (size_t a = 0; a < j && !before; a++) before = strcmp(f->run[g->run[a]].refused[i], text) == 0;
      if (before) continue;
      fputs("<p>Not available (", out);
      ip_html_text(out, f->estimator[i]);
      fputs("): ", out);
      ip_html_text(out, text);
      fputs(".</p>\n", out);
    }
}

static void put_entropy(FILE *out, const char *name, double bits)
{
  fprintf(out, "%s = ", name);
  ip_html_number(out, bits, 5);
  if (isfinite(bits)) fputs(" bits", out);
}

static void put_caption(FILE *out, const ip_run_group *g)
{
  fputs("<caption>", out);
  ip_html_text(out, g->title);
  putc('.', out);
  put_entropy(out, " H(X)", g->hx_bits);
  put_entropy(out, ", H(Y)", g->hy_bits);
  put_entropy(out, ", I(X;Y)", g->ixy_bits);
  fputs("</caption>\n", out);
}

ip_status ip_report_measures(FILE *out, const ip_facts *f)
{
  ip_report_section(out, "measures", "Measures");
  if (!f->n_estimators) {
    fputs("<p>No run file has estimates of information. <code>infoplane estimate</code> adds them.</p>\n", out);
    IP_TRY(ip_report_measured(out, f));
    fputs("</section>\n", out);
    return IP_OK;
  }
  fputs("<p>Means over the networks of a configuration, in bits. Decrease: the largest I(X;T) minus I(X;T) at the last "
        "logged epoch. I(X;T|Y): information about the input beyond the label. Shuffled labels: 95 % "
        "quantile of I(T;Y) with permuted labels. Saturated, DPI violated, "
        "clipped and bins lose predictions (H(prediction|T) above 1 % of H(prediction), with "
        "<code>estimate.bin_loss</code>): the percentage of the logged epochs that has this flag, as under "
        "<a href=\"#findings\">Findings</a>.</p>\n",
        out);
  for (size_t g = 0; g < f->set->n_groups; g++) {
    const ip_run_group *group = &f->set->group[g];
    ip_report_table(out, group->title);
    put_caption(out, group);
    fputs("<thead><tr>", out);
    static const char *const column[] = {
        "layer",     "estimator",     "largest I(X;T)",  "at epoch (mean)",      "I(X;T) at end",
        "decrease",  "I(T;Y) at end", "I(X;T|Y) at end", "shuffled labels",      "decreased in networks",
        "saturated", "DPI violated",  "clipped",         "bins lose predictions"};
    for (size_t c = 0; c < sizeof column / sizeof *column; c++) ip_report_column(out, column[c], c < 2);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t k = 0; k < group->n_layers; k++) layer_rows(out, f, group, k);
    ip_report_table_end(out);
    put_refused(out, f, group);
  }
  IP_TRY(ip_report_measured(out, f));
  fputs("</section>\n", out);
  return IP_OK;
}

/* ---------------------------------------------------------------- correlations */

enum { LEAST_RUNS = 4 }; /* for an interval */

static const struct {
  ip_compression_measure a, b;
  const char *name;
} pairs[] = {{IP_MEASURE_DROP, IP_MEASURE_TEST_ACCURACY, "decrease, test accuracy"},
             {IP_MEASURE_DROP, IP_MEASURE_ACCURACY_GAP, "decrease, accuracy gap"},
             {IP_MEASURE_DROP, IP_MEASURE_LOSS_GAP, "decrease, loss gap"},
             {IP_MEASURE_IXT, IP_MEASURE_TEST_ACCURACY, "I(X;T) at end, test accuracy"},
             {IP_MEASURE_ITY, IP_MEASURE_TEST_ACCURACY, "I(T;Y) at end, test accuracy"}};
enum { N_PAIRS = sizeof pairs / sizeof *pairs };

static void correlate(const ip_facts *f, size_t i, size_t k, ip_correlation *c)
{
  *c = (ip_correlation){0};
  for (size_t r = 0; r < f->set->n_files; r++)
    if (f->run[r].fact[i] && k < f->run[r].n_layers) ip_correlation_add(c, f->run[r].fact[i][k].measure);
}

static void correlation_row(FILE *out, const ip_facts *f, size_t i, size_t k, const ip_correlation *c)
{
  fputs("<tr><th scope=\"row\">", out);
  ip_html_text(out, f->estimator[i]);
  fprintf(out, "</th><th scope=\"row\">%zu</th>", k + 1);
  for (size_t p = 0; p < N_PAIRS; p++) {
    double n, r, low, high;
    ip_correlation_get(c, pairs[p].a, pairs[p].b, 0.95, &n, &r, &low, &high);
    fputs("<td>", out);
    ip_html_number(out, r, 2);
    if (isfinite(low)) fprintf(out, " [%.2g, %.2g]", low, high);
    if (isfinite(r)) fprintf(out, ", %.0f", n);
    fputs("</td>", out);
  }
  fputs("</tr>\n", out);
}

ip_status ip_report_correlations(FILE *out, const ip_facts *f)
{
  ip_correlation *c;
  ip_report_section(out, "correlations", "Correlations");
  if (f->set->n_files < LEAST_RUNS || !f->n_estimators) {
    fprintf(out, "<p>Fewer than %d runs with estimates: correlations are not computed.</p></section>\n", LEAST_RUNS);
    return IP_OK;
  }
  IP_TRY(IP_NEW(c, 1, "correlations"));
  fputs("<p>Pearson's r of measures over all runs, with its 95 % confidence interval (Fisher's z) and the number of "
        "runs. The accuracy gap is training minus test accuracy, the loss gap test minus training loss. The interval "
        "treats runs as independent; seeds of one configuration are not.</p>\n",
        out);
  ip_report_table(out, "Correlations");
  fputs("<caption>Correlations over all runs</caption>\n<thead><tr>"
        "<th class=\"text\" scope=\"col\">estimator</th><th class=\"text\" scope=\"col\">layer</th>",
        out);
  for (size_t p = 0; p < N_PAIRS; p++) ip_report_column(out, pairs[p].name, false);
  fputs("</tr></thead>\n<tbody>\n", out);
  for (size_t i = 0; i < f->n_estimators; i++)
    for (size_t k = 0; k < f->set->n_layers; k++) {
      correlate(f, i, k, c);
      correlation_row(out, f, i, k, c);
    }
  ip_report_table_end(out);
  fputs("</section>\n", out);
  ip_free(c);
  return IP_OK;
}
