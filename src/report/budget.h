/* budget.h - how much of the data fits into a page of a given size. For report.c.
 *
 * What does not fit is left out in this order, until the page is small enough: every second point of clouds, figures
 * but plane, layers and loss, again every second point, clouds from the last to the second, every second epoch,
 * estimators but the one that figures show, series of measures, histograms and the last cloud, single runs in favour of
 * quantiles. Above IP_EXPLORE_RUNS runs, only quantiles are there in any case. The rest stays, whatever its size: the
 * page is then larger, and says so.
 */
#ifndef IP_REPORT_BUDGET_H
#define IP_REPORT_BUDGET_H

#include "report/figures.h"
#include "report/meta.h"

/* What the page is made of. */
typedef struct ip_report_contents {
  ip_report_figures *figures;
  const char *yaml;         /* experiment.yaml; NULL: none */
  const char *description;  /* "" */
  const char *tags;         /* "" */
  ip_explore *explore;      /* what the runs have to explore; NULL: the page is static */
  const ip_page_data *data; /* ... and what the page has of it; NULL: nothing */
  bool is_measured;         /* for its size: without the data of figures and blocks */
} ip_report_contents;

/* Writes the page. In report.c. */
ip_status ip_report_put(FILE *out, const ip_report_contents *c);

typedef struct ip_budget ip_budget;

/* Reads the data of c->explore and chooses what fits; sets c->data, and c->figures->only_main. The data are there until
 * the budget is destroyed. */
ip_status ip_budget_create(ip_report_contents *c, const ip_report_options *o, ip_budget **out);
void ip_budget_destroy(ip_budget **b);

#endif
