#include "figure/curve.h"

#include "base/plain.h"
#include "figure/gnuplot.h"
#include "figure/kind.h"
#include "file/atomic.h"

#include <math.h>

static void add_row(ip_table *t, const char *title, const char *kind, double beta, double ixt, double ity, size_t n_t,
                    double ht, const ip_ib_problem *p)
{
  ip_table_text(t, title);
  ip_table_text(t, kind);
  ip_table_real(t, beta);
  ip_table_real(t, ixt);
  ip_table_real(t, ity);
  ip_table_int(t, (int64_t)n_t);
  ip_table_real(t, exp2(ht));
  ip_table_real(t, p->ixy_bits);
  ip_table_real(t, p->hx_bits);
  ip_table_end_row(t);
}

static void fill(const ip_ib_problem *p, const ip_ib_curve *c, const char *title, ip_table *t)
{
  ip_figure_head(t, "title kind beta ixt_bits ity_bits clusters effective_clusters ixy_bits hx_bits");
  for (size_t i = 0; i < c->n; i++) {
    const ip_ib_solution *s = c->point[i];
    add_row(t, title, "optimum", s->beta, s->ixt_bits, s->ity_bits, s->n_t, s->ht_bits, p);
  }
  ip_figure_gap(t, c->n_critical ? 2 : 0);
  for (size_t i = 0; i < c->n_critical; i++) {
    const ip_ib_critical *b = &c->critical[i];
    add_row(t, title, "bifurcation", b->critical_beta, b->ixt_bits, b->ity_bits, b->n_after, (double)NAN, p);
  }
}

static ip_status write_table(const ip_ib_problem *p, const ip_ib_curve *c, const char *title, const char *path)
{
  ip_scratch *sc;
  ip_table *t = NULL;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_plain_text(title, 160, sc, &title);
  if (st == IP_OK) st = ip_table_create_for_figure(path, &t);
  if (st == IP_OK) {
    fill(p, c, title, t);
    st = ip_table_publish(&t);
  }
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_curve_draw(const ip_ib_problem *p, const ip_ib_curve *c, const char *title, const char *name,
                        const ip_figure_options *o)
{
  char *table = NULL, *out = NULL, *script = NULL;
  const char *format = o->format ? o->format : "svg";
  IP_REQUIRE(c->n > 0, IP_EINVAL, "the curve has no points to plot");
  ip_status st = ip_folder_create(o->folder);
  if (st == IP_OK) st = IP_FORMAT(table, "%s/%s.tsv", o->folder, name);
  if (st == IP_OK) st = IP_FORMAT(out, "%s/%s.%s", o->folder, name, format);
  if (st == IP_OK) st = ip_gnuplot_script("curve", &script);
  if (st == IP_OK) st = write_table(p, c, title, table);
  if (st == IP_OK && o->terminal)
    st = ip_gnuplot_print(script, table, o->columns ? o->columns : 80, o->lines ? o->lines : 24);
  else if (st == IP_OK)
    st = ip_gnuplot_draw(script, table, out, format, &o->paper);
  if (st == IP_OK && o->on_figure) o->on_figure(o->context, name, o->terminal ? NULL : out, NULL);
  ip_free(script);
  ip_free(out);
  ip_free(table);
  return st;
}
