#include "report/findings.h"

#include "base/text.h"
#include "report/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_CONFIGURATIONS = 24, /* with sentences of their own */
  MOST_NAMED = 4            /* estimators that a sentence names */
};

/* In how many networks the I(X;T) of a layer decreased. */
typedef enum { IN_NONE, IN_SOME, IN_MOST } extent;

/* What one estimator finds for one layer over the networks of a configuration. */
typedef struct {
  const char *estimator;
  size_t n, down, unable;   /* networks with a number, those that decreased, and those that could not show it */
  double mean, least, most; /* of the decrease over the networks, bits */
  double peak_epoch;        /* median over the networks that decreased; NaN: none */
  size_t n_epochs, saturated, dpi, clipped, lossy; /* logged epochs of all networks, and those with a flag */
  extent extent;
} view;

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The lower median: one of the values. */
static double median(size_t n, double *v)
{
  if (!n) return (double)NAN;
  qsort(v, n, sizeof *v, by_size);
  return v[(n - 1) / 2];
}

/* `room` (n_runs) */
static view view_of(const ip_facts *f, const ip_run_group *g, size_t i, size_t k, double *room)
{
  view v = {.estimator = f->estimator[i], .least = (double)INFINITY, .most = -(double)INFINITY};
  double sum = 0;
  for (size_t j = 0; j < g->n_runs; j++) {
    const ip_fact *fact = ip_facts_of(f, g, j, i, k);
    if (!fact || !isfinite(fact->measure[IP_MEASURE_DROP])) continue;
    double drop = fact->measure[IP_MEASURE_DROP];
    v.n++;
    sum += drop;
    v.least = fmin(v.least, drop);
    v.most = fmax(v.most, drop);
    if (fact->decreased) room[v.down++] = fact->measure[IP_MEASURE_PEAK_EPOCH];
    v.unable += fact->unable;
    v.n_epochs += fact->n;
    v.saturated += fact->saturated;
    v.dpi += fact->dpi;
    v.clipped += fact->clipped;
    v.lossy += fact->lossy;
  }
  v.mean = v.n ? sum / (double)v.n : (double)NAN;
  v.peak_epoch = median(v.down, room);
  v.extent = 2 * v.down > v.n ? IN_MOST : v.down ? IN_SOME : IN_NONE;
  return v;
}

/* All estimators that have a number for the layer; *n of them. */
static ip_status read_views(const ip_facts *f, const ip_run_group *g, size_t k, ip_scratch *sc, size_t *n, view **out)
{
  double *room;
  IP_TRY(IP_SCRATCH(sc, *out, f->n_estimators, "estimators"));
  IP_TRY(IP_SCRATCH(sc, room, g->n_runs, "runs"));
  *n = 0;
  for (size_t i = 0; i < f->n_estimators; i++) {
    view v = view_of(f, g, i, k, room);
    if (v.n) (*out)[(*n)++] = v;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- sentences */

/* ", ", " and " or nothing in front of the i-th of n. */
static const char *between(size_t i, size_t n)
{
  return i == 0 ? "" : i + 1 == n ? " and " : ", ";
}

/* Three digits from 1 bit, two decimals from 0.095; one digit below. */
static void put_number(FILE *out, double bits)
{
  fprintf(out, fabs(bits) < 0.095 ? "%.1g" : fabs(bits) < 9.995 ? "%.2f" : "%.1f", bits);
}

static void put_bits(FILE *out, double bits)
{
  put_number(out, bits);
  fputs(" bits", out);
}

/* "4.10 bits (edges) and 3.90 bits (kde_upper)" */
static void put_means(FILE *out, size_t n, const view *v)
{
  size_t named = n < MOST_NAMED ? n : MOST_NAMED;
  for (size_t i = 0; i < named; i++) {
    fputs(between(i, named), out);
    put_bits(out, v[i].mean);
    fputs(" (", out);
    ip_html_text(out, v[i].estimator);
    putc(')', out);
  }
  if (n > named) fprintf(out, ", and likewise by %zu other estimator%s", n - named, ip_plural(n - named));
}

/* ", in 9 of 10 networks (edges) and 8 of 10 networks (kde_upper)"; once where all have the same; nothing for a single
 * network. */
static void put_networks(FILE *out, size_t n, const view *v)
{
  bool same = true, alone = true;
  size_t named = n < MOST_NAMED ? n : MOST_NAMED;
  for (size_t i = 0; i < n; i++) {
    same = same && v[i].n == v[0].n && v[i].down == v[0].down;
    alone = alone && v[i].n == 1;
  }
  if (alone) return;
  fputs(", in ", out);
  for (size_t i = 0; i < (same ? 1 : named); i++) {
    fprintf(out, "%s%zu of %zu network%s", same ? "" : between(i, named), v[i].down, v[i].n, ip_plural(v[i].n));
    if (same) continue;
    fputs(" (", out);
    ip_html_text(out, v[i].estimator);
    putc(')', out);
  }
}

/* How far the networks differ, and where the peak is: of the first estimator. */
static void put_range(FILE *out, size_t n, const view *v)
{
  if (v->n > 1) {
    fputs("; ", out);
    put_number(out, v->least);
    fputs(" to ", out);
    put_bits(out, v->most);
    fputs(" in single networks", out);
  }
  if (isfinite(v->peak_epoch)) fprintf(out, "; peak at epoch %.0f%s", v->peak_epoch, v->down > 1 ? " (median)" : "");
  if (n > 1 && (v->n > 1 || isfinite(v->peak_epoch))) {
    fputs(", by ", out);
    ip_html_text(out, v->estimator);
  }
}

static void put_agreed(FILE *out, size_t n, const view *v)
{
  static const char *const begin[] = {"I(X;T) did not decrease; it ends ",
                                      "I(X;T) decreased in at most half of the networks: on average by ",
                                      "I(X;T) decreased by "};
  bool none = v->extent == IN_NONE;
  for (size_t i = 0; i < n; i++) none = none && v[i].most < 5e-4;
  if (none) {
    fputs("I(X;T) did not decrease: it ends at its largest value", out);
    return;
  }
  fputs(begin[v->extent], out);
  put_means(out, n, v);
  if (v->extent == IN_NONE) {
    fputs(" below its largest value", out);
    return;
  }
  put_networks(out, n, v);
  put_range(out, n, v);
}

static void put_disagreed(FILE *out, size_t n, const view *v)
{
  static const char *const verb[] = {"did not decrease", "decreased in at most half of the networks", "decreased"};
  fputs("the estimators disagree. I(X;T) ", out);
  for (int e = IN_MOST, shown = 0; e >= IN_NONE; e--) {
    size_t of_kind = 0, i = 0;
    for (size_t a = 0; a < n; a++) of_kind += v[a].extent == (extent)e;
    if (!of_kind) continue;
    fprintf(out, "%s%s according to ", shown++ ? "; it " : "", verb[e]);
    size_t named = of_kind < MOST_NAMED ? of_kind : MOST_NAMED;
    for (size_t a = 0; a < n && i < named; a++) {
      if (v[a].extent != (extent)e) continue;
      fputs(between(i++, named), out);
      ip_html_text(out, v[a].estimator);
      fputs(" (", out);
      put_bits(out, v[a].mean);
      fprintf(out, ", %zu of %zu network%s)", v[a].down, v[a].n, ip_plural(v[a].n));
    }
    if (of_kind > named)
      fprintf(out, ", and likewise by %zu other estimator%s", of_kind - named, ip_plural(of_kind - named));
  }
}

/* ". Saturated: edges at 40 % and exact at 100 % of the logged epochs" */
static void put_flag(FILE *out, const char *what, size_t n, const view *v, size_t count(const view *))
{
  size_t i = 0, of_kind = 0;
  for (size_t a = 0; a < n; a++) of_kind += count(&v[a]) > 0;
  if (!of_kind) return;
  fprintf(out, ". %s: ", what);
  for (size_t a = 0; a < n; a++) {
    if (!count(&v[a])) continue;
    fputs(between(i++, of_kind), out);
    ip_html_text(out, v[a].estimator);
    fprintf(out, " at %.3g %%", 100.0 * (double)count(&v[a]) / (double)v[a].n_epochs);
  }
  fputs(" of the logged epochs", out);
}

static size_t saturated(const view *v)
{
  return v->saturated;
}

static size_t dpi(const view *v)
{
  return v->dpi;
}

static size_t clipped(const view *v)
{
  return v->clipped;
}

static size_t lossy(const view *v)
{
  return v->lossy;
}

/* Networks with units that do not vary. */
static void put_constant(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k)
{
  size_t networks = 0;
  double most = 0;
  for (size_t j = 0; j < g->n_runs; j++) {
    const ip_run_facts *r = &f->run[g->run[j]];
    if (k >= r->n_layers || !(r->constant[k] > 0)) continue;
    networks++;
    most = fmax(most, r->constant[k]);
  }
  if (networks)
    fprintf(out, ". At the last logged epoch, %s%.0f %s the same activation for every sample, in %zu of %zu network%s",
            networks > 1 ? "up to " : "", most, most > 1 ? "units have" : "unit has", networks, g->n_runs,
            ip_plural(g->n_runs));
}

/* Can show a decrease in at least half of the networks; `any`: in one. */
static bool can_show(const view *v, bool any)
{
  return any ? v->unable < v->n : 2 * v->unable <= v->n;
}

/* Moves the estimators that can show a decrease to the front, and returns how many they are; where none can in half of
 * the networks, those that can in some. */
static size_t set_aside(size_t n, view *v)
{
  size_t half = 0, to = 0;
  for (size_t i = 0; i < n; i++) half += can_show(&v[i], false);
  for (size_t i = 0; i < n; i++) /* stable: the shown estimator stays first */
    if (can_show(&v[i], half == 0)) {
      view one = v[i];
      memmove(&v[to + 1], &v[to], (i - to) * sizeof *v);
      v[to++] = one;
    }
  return to;
}

static void put_sentence(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k, size_t n, view *v)
{
  size_t useful = set_aside(n, v);
  bool agree = true;
  for (size_t i = 1; i < useful; i++) agree = agree && v[i].extent == v[0].extent;
  if (!n)
    fputs("no estimates of information", out);
  else if (!useful)
    fprintf(out, "%s is saturated and cannot show whether I(X;T) decreased",
            n > 1 ? "every estimator" : "the estimator");
  else if (agree)
    put_agreed(out, useful, v);
  else
    put_disagreed(out, useful, v);
  put_flag(out, "Saturated", n, v, saturated);
  put_flag(out, "DPI violated", n, v, dpi);
  put_flag(out, "Clipped", n, v, clipped);
  put_flag(out, "Bins lose predictions", n, v, lossy);
  put_constant(out, f, g, k);
  putc('.', out);
}

ip_status ip_report_sentence(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k)
{
  ip_scratch *sc;
  size_t n;
  view *v;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = read_views(f, g, k, sc, &n, &v);
  if (st == IP_OK) put_sentence(out, f, g, k, n, v);
  ip_scratch_destroy(&sc);
  return st;
}

void ip_report_layer(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k)
{
  fprintf(out, "%s %zu (", k + 1 == g->n_layers ? "Output layer" : "Layer", k + 1);
  ip_html_text(out, f->run[g->run[0]].layer[k]);
  putc(')', out);
}

ip_status ip_report_findings(FILE *out, const ip_facts *f)
{
  const ip_run_set *s = f->set;
  fprintf(out,
          "<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings</h2>\n<p>A layer's I(X;T) counts as "
          "decreased in a network if, at the last logged epoch, it is at least %.2g bits below its largest value. "
          "The numbers are means of this difference over the networks. It depends on the estimator, and noise in the "
          "estimates increases it. <a href=\"#networks\">Single networks</a> lists every network.</p>\n"
          "<p>Flags of the estimates. Saturated: the estimator distinguishes nearly all inputs. In a network where "
          "that is so "
          "at %d %% or more of the logged epochs, and I(X;T) did not decrease, it cannot show a decrease; if these are "
          "more "
          "than half of the networks, it is not compared with the others. DPI violated: "
          "the layer appears to have more information than the layer before it, which the data processing inequality "
          "rules out. Clipped: the raw estimate was outside what theory allows.</p>\n",
          IP_REPORT_DECREASE_BITS, IP_REPORT_SATURATED_PERCENT);
  for (size_t i = 0; i < s->n_groups && i < MOST_CONFIGURATIONS; i++) {
    const ip_run_group *g = &s->group[i];
    fputs("<h3>", out);
    ip_html_text(out, g->title);
    fputs("</h3>\n<ul>\n", out);
    for (size_t k = 0; k < g->n_layers; k++) {
      fprintf(out, "<li id=\"finding-%zu-%zu\"><strong>", i, k + 1);
      ip_report_layer(out, f, g, k);
      fputs("</strong>: ", out);
      IP_TRY(ip_report_sentence(out, f, g, k));
      fputs("</li>\n", out);
    }
    fputs("</ul>\n", out);
  }
  if (s->n_groups > MOST_CONFIGURATIONS)
    fprintf(out,
            "<p>The first %d of %zu configurations; the numbers of all are under <a href=\"#measures\">Measures"
            "</a>.</p>\n",
            MOST_CONFIGURATIONS, s->n_groups);
  fputs("</section>\n", out);
  return IP_OK;
}
