/* alternative.c - the text of a figure, for those who do not see it: what it shows, computed from the facts. */
#include "report/findings.h"
#include "report/html.h"

#include <math.h>
#include <string.h>

enum { MOST_CONFIGURATIONS = 4 };

/* "layer 5 ends at I(X;T) 6.81 and I(T;Y) 0.98 bits" for every layer. */
static void put_ends(FILE *out, const ip_facts *f, const ip_run_group *g)
{
  for (size_t k = 0; k < g->n_layers; k++) {
    size_t n, m;
    double ixt = ip_facts_mean(f, g, 0, k, IP_MEASURE_IXT, &n), ity = ip_facts_mean(f, g, 0, k, IP_MEASURE_ITY, &m);
    if (!n || !m) continue;
    fprintf(out, "%slayer %zu ends at I(X;T) %.3g and I(T;Y) %.3g bits", k ? "; " : "", k + 1, ixt, ity);
    size_t down;
    double drop = ip_facts_mean(f, g, 0, k, IP_MEASURE_DROP, &down);
    if (drop >= IP_REPORT_DECREASE_BITS) fprintf(out, ", %.3g bits of X below its largest value", drop);
  }
}

typedef double of_run(const ip_run_facts *r);

static double train_loss(const ip_run_facts *r)
{
  return r->train_loss;
}

static double test_loss(const ip_run_facts *r)
{
  return r->test_loss;
}

static double train_accuracy(const ip_run_facts *r)
{
  return r->train_accuracy;
}

static double test_accuracy(const ip_run_facts *r)
{
  return r->test_accuracy;
}

static void put_mean(FILE *out, const ip_facts *f, const ip_run_group *g, const char *what, of_run *value, bool *any)
{
  double sum = 0;
  size_t n = 0;
  for (size_t j = 0; j < g->n_runs; j++) {
    double v = value(&f->run[g->run[j]]);
    if (!isfinite(v)) continue;
    sum += v;
    n++;
  }
  if (!n) return;
  fprintf(out, "%s%s %.3g", *any ? ", " : "at the end: ", what, sum / (double)n);
  *any = true;
}

static void put_losses(FILE *out, const ip_facts *f, const ip_run_group *g)
{
  bool any = false;
  put_mean(out, f, g, "training loss", train_loss, &any);
  put_mean(out, f, g, "test loss", test_loss, &any);
  put_mean(out, f, g, "training accuracy", train_accuracy, &any);
  put_mean(out, f, g, "test accuracy", test_accuracy, &any);
  if (!any) fputs("no losses were logged", out);
}

static void put_crossings(FILE *out, const ip_facts *f, const ip_run_group *g)
{
  for (size_t k = 0; k < g->n_layers; k++) {
    double least = (double)NAN, most = (double)NAN;
    for (size_t j = 0; j < g->n_runs; j++) {
      const ip_run_facts *r = &f->run[g->run[j]];
      if (k >= r->n_layers) continue;
      least = fmin(least, r->crossing[k]);
      most = fmax(most, r->crossing[k]);
    }
    fprintf(out, "%slayer %zu: ", k ? "; " : "", k + 1);
    if (isnan(least))
      fputs("the mean gradient stays above its standard deviation", out);
    else if (least < most)
      fprintf(out, "the mean gradient is below its standard deviation first at epoch %.0f to %.0f", least, most);
    else
      fprintf(out, "the mean gradient is below its standard deviation first at epoch %.0f", least);
  }
}

void ip_report_alternative(FILE *out, const ip_facts *f, const char *figure, const char *summary)
{
  static const struct {
    const char *figure;
    void (*put)(FILE *, const ip_facts *, const ip_run_group *);
  } kinds[] = {{"plane", put_ends},  {"estimators", put_ends}, {"depth", put_ends},  {"snapshots", put_ends},
               {"layers", put_ends}, {"repeats", put_ends},    {"loss", put_losses}, {"gradients", put_crossings}};
  const ip_run_set *s = f->set;
  ip_html_text(out, summary);
  putc('.', out);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strcmp(kinds[i].figure, figure) != 0 || (kinds[i].put == put_ends && !f->n_estimators)) continue;
    for (size_t g = 0; g < s->n_groups && g < MOST_CONFIGURATIONS; g++) {
      putc(' ', out);
      ip_html_text(out, s->group[g].title);
      fputs(" - ", out);
      kinds[i].put(out, f, &s->group[g]);
      putc('.', out);
    }
  }
  fputs(" The measures below have the numbers of all configurations.", out);
}
