/* networks.c - the tables with a row per run: its numbers layer by layer, and its status. */
#include "report/html.h"
#include "report/measures.h"

#include <math.h>
#include <string.h>

/* "6.81" or "6.81 [6.70, 6.92]" */
static void estimate_cell(FILE *out, double value, double low, double high)
{
  fputs("<td>", out);
  ip_html_number(out, value, 4);
  if (isfinite(low) && isfinite(high)) fprintf(out, " [%.4g, %.4g]", low, high);
  fputs("</td>", out);
}

static void head(FILE *out, const ip_run_group *g)
{
  static const char *const column[] = {"run", "seed", "train accuracy", "test accuracy"};
  fputs("<thead><tr>", out);
  for (size_t c = 0; c < sizeof column / sizeof *column; c++)
    fprintf(out, "<th%s scope=\"col\" rowspan=\"2\">%s</th>", c ? "" : " class=\"text\"", column[c]);
  for (size_t k = 0; k < g->n_layers; k++) fprintf(out, "<th scope=\"colgroup\" colspan=\"3\">layer %zu</th>", k + 1);
  fputs("</tr>\n<tr>", out);
  for (size_t k = 0; k < g->n_layers; k++)
    fputs("<th scope=\"col\">I(X;T)</th><th scope=\"col\">decrease</th><th scope=\"col\">I(T;Y)</th>", out);
  fputs("</tr></thead>\n<tbody>\n", out);
}

static void run_cells(FILE *out, const ip_facts *f, const ip_run_group *g, size_t j, size_t i)
{
  const ip_run_facts *r = &f->run[g->run[j]];
  fputs("<tr><th scope=\"row\">", out);
  ip_html_text(out, r->name);
  fprintf(out, "</th><td>%llu</td>", (unsigned long long)r->seed);
  ip_report_cell(out, r->train_accuracy, 4);
  ip_report_cell(out, r->test_accuracy, 4);
  for (size_t k = 0; k < g->n_layers; k++) {
    const ip_fact *fact = ip_facts_of(f, g, j, i, k);
    if (!fact) {
      fputs("<td>&ndash;</td><td>&ndash;</td><td>&ndash;</td>", out);
      continue;
    }
    estimate_cell(out, fact->measure[IP_MEASURE_IXT], fact->ixt_low, fact->ixt_high);
    ip_report_decrease_cell(out, fact->measure[IP_MEASURE_DROP]);
    estimate_cell(out, fact->measure[IP_MEASURE_ITY], fact->ity_low, fact->ity_high);
  }
  fputs("</tr>\n", out);
}

static void one_table(FILE *out, const ip_facts *f, const ip_run_group *g, size_t i)
{
  ip_report_table(out, g->title);
  fputs("<caption>", out);
  ip_html_text(out, g->title);
  fputs(", ", out);
  ip_html_text(out, f->estimator[i]);
  fputs("</caption>\n", out);
  head(out, g);
  for (size_t j = 0; j < g->n_runs; j++) run_cells(out, f, g, j, i);
  ip_report_table_end(out);
}

void ip_report_networks(FILE *out, const ip_facts *f, size_t most)
{
  size_t rows = 0, left = 0;
  if (!f->n_estimators) return;
  ip_report_section(out, "networks", "Single networks");
  fputs("<p>Information in bits at the last logged epoch, raw where the estimate was clipped, with its confidence "
        "interval where one was computed, or its band if the estimator is a band (edge); decrease of I(X;T) from its "
        "largest value.</p>\n",
        out);
  for (size_t i = 0; i < f->n_estimators; i++)
    for (size_t g = 0; g < f->set->n_groups; g++) {
      const ip_run_group *group = &f->set->group[g];
      if (rows + group->n_runs > most) {
        left++;
        continue;
      }
      rows += group->n_runs;
      one_table(out, f, group, i);
    }
  if (left)
    fprintf(out,
            "<p>%zu of %zu tables are left out, because the page has at most %zu such rows; runs.csv has all "
            "numbers.</p>\n",
            left, f->n_estimators * f->set->n_groups, most);
  fputs("</section>\n", out);
}

/* ---------------------------------------------------------------- status */

static void run_row(FILE *out, const ip_run_facts *r)
{
  fputs("<tr><th scope=\"row\">", out);
  ip_html_text(out, r->name);
  fprintf(out, "</th><td>%llu</td><td>", (unsigned long long)r->seed);
  ip_html_text(out, strcmp(r->status, IP_RUN_FAILED_TO_FIT) == 0 ? "failed to fit" : r->status);
  fprintf(out, "</td><td>%zu</td><td>%lld</td><td>%zu</td><td class=\"text\">", r->n_epochs, (long long)r->last_epoch,
          r->n_samples);
  ip_html_text(out, r->reason);
  fputs("</td></tr>\n", out);
}

void ip_report_runs(FILE *out, const ip_facts *f, size_t most)
{
  static const char *const column[] = {"run", "seed", "status", "logged epochs", "last epoch", "samples", "remark"};
  ip_report_section(out, "runs", "Runs");
  ip_report_table(out, "Runs");
  fputs("<caption>Status of the runs</caption>\n<thead><tr>", out);
  const size_t last = sizeof column / sizeof *column - 1;
  for (size_t c = 0; c <= last; c++) ip_report_column(out, column[c], c == 0 || c == last);
  fputs("</tr></thead>\n<tbody>\n", out);
  for (size_t i = 0; i < f->set->n_files && i < most; i++) run_row(out, &f->run[i]);
  ip_report_table_end(out);
  if (f->set->n_files > most) fprintf(out, "<p>The first %zu of %zu runs.</p>\n", most, f->set->n_files);
  fputs("</section>\n", out);
}
