#include "report/measures.h"

#include "report/html.h"
#include "sweep/measures.h"

#include <math.h>
#include <string.h>

/* A mean over the runs where there is a number: of raw values, between the smallest and largest of the clipped ones. */
typedef struct {
  double sum, low, high;
  size_t n;
} mean;

static void add_raw(mean *m, double raw, double clipped)
{
  if (!isfinite(raw) || !isfinite(clipped)) return;
  m->low = m->n ? fmin(m->low, clipped) : clipped;
  m->high = m->n ? fmax(m->high, clipped) : clipped;
  m->sum += raw;
  m->n++;
}

static void add(mean *m, double value)
{
  add_raw(m, value, value);
}

static double value_of(const mean *m)
{
  return m->n ? fmin(fmax(m->sum / (double)m->n, m->low), m->high) : (double)NAN;
}

typedef struct {
  const ip_run_set *set;
  ip_scratch *sc;
  mean (*layer)[IP_N_MEASURES]; // (n_layers)
  mean train, test;
} sums;

/* The last value that is a number. */
static double last_of(size_t n, const double *v)
{
  while (n && isnan(v[n - 1])) n--;
  return n ? v[n - 1] : (double)NAN;
}

static ip_status add_layers(ip_run *run, sums *s, double *ixt, double *ity)
{
  size_t n = ip_run_n_epochs(run), layers = ip_run_head_of(run)->n_layers, mark = ip_scratch_mark(s->sc);
  double *raw[2];
  if (!s->set->estimator) return IP_OK;
  IP_TRY(ip_run_read_series(run, s->set->estimator, "ixt", ixt));
  IP_TRY(ip_run_read_series(run, s->set->estimator, "ity", ity));
  for (int i = 0; i < 2; i++) {
    IP_TRY(IP_SCRATCH(s->sc, raw[i], n * layers, "a series"));
    IP_TRY(ip_run_read_series(run, s->set->estimator, i ? "ity_raw" : "ixt_raw", raw[i]));
  }
  for (size_t k = 0; k < layers; k++) {
    double measure[IP_N_MEASURES];
    for (int m = 0; m < IP_N_MEASURES; m++) measure[m] = (double)NAN;
    ip_measure_compression(n, ip_run_epochs(run), ixt + k, ity + k, layers, measure);
    for (int m = 0; m < IP_N_MEASURES; m++) {
      double value = m == IP_MEASURE_IXT   ? ip_measure_final(n, raw[0] + k, layers)
                     : m == IP_MEASURE_ITY ? ip_measure_final(n, raw[1] + k, layers)
                                           : measure[m];
      add_raw(&s->layer[k][m], value, measure[m]);
    }
  }
  ip_scratch_release(s->sc, mark);
  return IP_OK;
}

static ip_status add_run(ip_run *run, size_t i, void *context)
{
  (void)i;
  sums *s = context;
  size_t n = ip_run_n_epochs(run), layers = ip_run_head_of(run)->n_layers, mark = ip_scratch_mark(s->sc);
  double *ixt, *ity;
  IP_TRY(IP_SCRATCH(s->sc, ixt, n * layers, "a series"));
  IP_TRY(IP_SCRATCH(s->sc, ity, n * layers, "a series"));
  if (n) IP_TRY(add_layers(run, s, ixt, ity));
  IP_TRY(ip_run_read_metric(run, "train/accuracy", ixt));
  IP_TRY(ip_run_read_metric(run, "test/accuracy", ity));
  add(&s->train, last_of(n, ixt));
  add(&s->test, last_of(n, ity));
  ip_scratch_release(s->sc, mark);
  return IP_OK;
}

static void cell(FILE *out, const mean *m, int digits)
{
  fputs("<td>", out);
  ip_html_number(out, value_of(m), digits);
  fputs("</td>", out);
}

static ip_status group_rows(FILE *out, const ip_run_set *set, const ip_run_group *g, ip_scratch *sc)
{
  sums s = {.set = set, .sc = sc};
  IP_TRY(IP_SCRATCH(sc, s.layer, g->n_layers, "measures"));
  IP_TRY(ip_run_group_visit(set, g, add_run, &s));
  for (size_t k = 0; k < g->n_layers; k++) {
    static const ip_measure shown[] = {IP_MEASURE_PEAK, IP_MEASURE_PEAK_EPOCH, IP_MEASURE_IXT, IP_MEASURE_DROP,
                                       IP_MEASURE_ITY};
    fputs("<tr>", out);
    if (k == 0) {
      fprintf(out, "<th rowspan=\"%zu\" scope=\"rowgroup\">", g->n_layers);
      ip_html_text(out, g->title);
      fputs("</th>", out);
    }
    fputs("<th scope=\"row\">", out);
    ip_html_text(out, set->label[k]);
    fputs("</th>", out);
    for (size_t m = 0; m < sizeof shown / sizeof *shown; m++) cell(out, &s.layer[k][shown[m]], 4);
    if (k == 0) {
      fprintf(out, "<td rowspan=\"%zu\">", g->n_layers);
      ip_html_number(out, value_of(&s.train), 4);
      fprintf(out, "</td><td rowspan=\"%zu\">", g->n_layers);
      ip_html_number(out, value_of(&s.test), 4);
      fputs("</td>", out);
    }
    fputs("</tr>\n", out);
  }
  return IP_OK;
}

ip_status ip_report_measures(FILE *out, const ip_run_set *s)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  fputs("<table>\n<tr><th>configuration</th><th>layer</th><th>largest I(X;T)</th><th>at epoch</th><th>I(X;T) at the "
        "end</th><th>fall</th><th>I(T;Y) at the end</th><th>train accuracy</th><th>test accuracy</th></tr>\n",
        out);
  ip_status st = IP_OK;
  for (size_t g = 0; g < s->n_groups && st == IP_OK; g++) {
    size_t mark = ip_scratch_mark(sc);
    st = group_rows(out, s, &s->group[g], sc);
    ip_scratch_release(sc, mark);
  }
  fputs("</table>\n", out);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status run_row(FILE *out, const ip_run *run)
{
  const ip_run_head *h = ip_run_head_of(run);
  const char *slash = strrchr(ip_run_path(run), '/');
  const int64_t *epoch = ip_run_epochs(run);
  size_t n = ip_run_n_epochs(run);
  fputs("<tr><th scope=\"row\">", out);
  ip_html_text(out, slash ? slash + 1 : ip_run_path(run));
  fprintf(out, "</th><td>%llu</td><td>", (unsigned long long)h->seed);
  ip_html_text(out, strcmp(ip_run_status(run), "failed_to_fit") == 0 ? "failed to fit" : ip_run_status(run));
  fprintf(out, "</td><td>%zu</td><td>%lld</td><td>%zu</td><td>", n, n ? (long long)epoch[n - 1] : 0LL, h->n);
  ip_html_text(out, ip_run_reason(run));
  fputs("</td></tr>\n", out);
  return IP_OK;
}

ip_status ip_report_runs(FILE *out, const ip_run_set *s, size_t most)
{
  fputs("<table>\n<tr><th>run</th><th>seed</th><th>status</th><th>logged epochs</th><th>last epoch</th><th>samples</th>"
        "<th>remark</th></tr>\n",
        out);
  for (size_t i = 0; i < s->n_files && i < most; i++) {
    ip_run *run;
    IP_TRY(ip_run_open(s->file[i], &run));
    ip_status st = run_row(out, run);
    ip_run_close(&run);
    IP_TRY(st);
  }
  fputs("</table>\n", out);
  if (s->n_files > most) fprintf(out, "<p>The first %zu of %zu runs.</p>\n", most, s->n_files);
  return IP_OK;
}
