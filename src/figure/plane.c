#include "figure/kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* plane: one row a layer and epoch, an empty line after each epoch. */

enum { MOST_FRAMES = 120 };
enum { RUN_EPOCHS = 50 }; /* of the thin line of one run */

static double larger(double a, double b)
{
  return b > a ? b : a; /* a where b is NaN */
}

/* Appends the layers from a to b (counted from 0) of n: "2", "1-3", "out". */
static void append(char *text, size_t room, size_t a, size_t b, size_t n)
{
  for (size_t k = a; k <= b; k += b > a ? b - a : 1) {
    size_t used = strlen(text);
    const char *between = !used ? "" : k > a ? "-" : ", ";
    if (k + 1 == n)
      snprintf(text + used, room - used, "%sout", between);
    else
      snprintf(text + used, room - used, "%s%zu", between, k + 1);
  }
}

ip_status ip_plane_marks(const ip_run_group *g, const double *x, const double *y, ip_scratch *sc, const char **mark)
{
  size_t n = g->n_layers, *first;
  double width = larger(1e-9, g->hx_bits), height = larger(1e-9, g->hy_bits);
  for (size_t k = 0; k < n; k++) width = larger(width, x[k]), height = larger(height, y[k]);
  IP_TRY(IP_SCRATCH(sc, first, n, "names of layers"));
  for (size_t k = 0; k < n; k++) {
    first[k] = 0;
    while (first[k] < k && !(first[first[k]] == first[k] && fabs(x[k] - x[first[k]]) < 0.05 * width &&
                             fabs(y[k] - y[first[k]]) < 0.07 * height))
      first[k]++;
  }
  for (size_t k = 0; k < n; k++) {
    char *text;
    size_t room = 24 * n;
    IP_TRY(IP_SCRATCH(sc, text, room, "names of layers"));
    mark[k] = text;
    for (size_t a = k, b; a < n; a = b + 1) {
      for (b = a; b + 1 < n && first[a] == k && first[b + 1] == k; b++) {
      }
      if (first[a] == k) append(text, room, a, b, n);
    }
  }
  return IP_OK;
}

/* What I(X;T) and I(T;Y) are divided by: 1, or H(X) and H(Y), NaN where these are 0. */
typedef struct scale {
  double x, y;
} scale;

static scale scale_of(const ip_run_set *s, const ip_run_group *g)
{
  if (!s->fractions) return (scale){1, 1};
  return (scale){g->hx_bits > 0 ? g->hx_bits : (double)NAN, g->hy_bits > 0 ? g->hy_bits : (double)NAN};
}

const char *ip_plane_lacks(const ip_run_set *s, const ip_run_group *g)
{
  scale by = scale_of(s, g);
  return isnan(by.x) || isnan(by.y) ? "H(X) or H(Y) of the logged samples is 0 or unknown, so there are no fractions"
                                    : NULL;
}

static const char *unit_of(const ip_run_set *s)
{
  return s->fractions ? "fraction" : "bits";
}

typedef struct {
  const ip_run_set *set;
  const ip_run_group *group;
  const char *title, *estimator;
  ip_table *table;
  ip_scratch *sc;
} writing;

/* One row a layer and epoch of the i-th run of the group, sorted by layer, with an empty line before each layer. */
static ip_status write_run(ip_run *run, size_t i, void *context)
{
  const writing *w = context;
  const ip_series_spec spec[] = {{IP_SERIES_INFORMATION, IP_NAME_IXT, NULL, false, w->estimator},
                                 {IP_SERIES_INFORMATION, IP_NAME_ITY, NULL, false, w->estimator}};
  size_t n = ip_run_n_epochs(run), layers = w->group->n_layers, mark = ip_scratch_mark(w->sc), n_shown, *shown;
  double *v[2], *room;
  scale by = scale_of(w->set, w->group);
  IP_TRY(IP_SCRATCH(w->sc, room, n * layers, "a series"));
  for (int q = 0; q < 2; q++) {
    IP_TRY(IP_SCRATCH(w->sc, v[q], n * layers, "a series"));
    IP_TRY(ip_series_of_run(w->set, run, &spec[q], v[q], room));
  }
  IP_TRY(ip_series_thin(n, ip_run_epochs(run), RUN_EPOCHS, w->sc, &n_shown, &shown));
  for (size_t k = 0; k < layers; k++) {
    ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n_shown; j++) {
      ip_table_text(w->table, w->title);
      ip_table_int(w->table, ip_run_epochs(run)[shown[j]]);
      ip_table_int(w->table, (int64_t)k + 1);
      ip_table_text(w->table, "");
      ip_table_real(w->table, v[0][shown[j] * layers + k] / by.x);
      ip_table_real(w->table, v[1][shown[j] * layers + k] / by.y);
      ip_table_real(w->table, (double)NAN);
      ip_table_real(w->table, (double)NAN);
      ip_table_int(w->table, 1);
      ip_table_real(w->table, w->group->hx_bits);
      ip_table_real(w->table, w->group->hy_bits);
      ip_table_text(w->table, w->title == w->group->title ? w->estimator : "");
      ip_table_int(w->table, (int64_t)i + 1);
      ip_table_int(w->table, w->group->drawn[k] == IP_DRAWN_BOUND);
      ip_table_text(w->table, "-");
      ip_table_text(w->table, unit_of(w->set));
      for (size_t q = 0; q < IP_N_ENDS; q++) ip_table_real(w->table, (double)NAN); /* bands are of means */
      ip_table_text(w->table, "-");
      ip_table_end_row(w->table);
    }
  }
  ip_scratch_release(w->sc, mark);
  return IP_OK;
}

ip_status ip_plane_rows(const ip_run_set *s, const ip_run_group *g, const char *title, const char *estimator,
                        size_t most_epochs, ip_table *t, ip_scratch *sc)
{
  ip_series v[IP_N_SHOWN], band[IP_N_ENDS];
  size_t n, *index, layers = g->n_layers;
  const char **mark, *note;
  scale by = scale_of(s, g);
  IP_TRY(ip_shown_read(s, g, estimator, sc, v));
  IP_TRY(ip_shown_bands(s, g, estimator, sc, band));
  IP_TRY(ip_shown_note(s, g, estimator, v, sc, &note));
  IP_TRY(ip_series_thin(v[0].n_epochs, v[0].epoch, most_epochs, sc, &n, &index));
  IP_TRY(IP_SCRATCH(sc, mark, layers, "names of layers"));
  size_t last = (v[0].n_epochs - 1) * layers;
  IP_TRY(ip_plane_marks(g, v[0].mean + last, v[1].mean + last, sc, mark));
  for (size_t i = 0; i < n; i++) {
    if (i) ip_figure_gap(t, 1);
    for (size_t k = 0; k < layers; k++) {
      size_t e = index[i], at = e * layers + k;
      ip_table_text(t, title);
      ip_table_int(t, v[0].epoch[e]);
      ip_table_int(t, (int64_t)k + 1);
      ip_table_text(t, i + 1 == n ? mark[k] : "");
      ip_table_real(t, v[0].mean[at] / by.x);
      ip_table_real(t, v[1].mean[at] / by.y);
      ip_table_real(t, ip_series_sd(&v[0], e, k) / by.x);
      ip_table_real(t, ip_series_sd(&v[1], e, k) / by.y);
      ip_table_int(t, (int64_t)v[0].count[at]);
      ip_table_real(t, g->hx_bits);
      ip_table_real(t, g->hy_bits);
      ip_table_text(t, title == g->title ? estimator : ""); /* unless the title names it */
      ip_table_int(t, 0);
      ip_shown_cells(g, v, e, k, t);
      ip_table_text(t, unit_of(s));
      for (size_t q = 0; q < IP_N_ENDS; q++) ip_table_real(t, band[q].mean[at] / (q < 2 ? by.x : by.y));
      ip_table_text(t, i + k == 0 ? note : "-");
      ip_table_end_row(t);
    }
  }
  writing w = {s, g, title, estimator, t, sc};
  return g->n_runs > 1 ? ip_run_group_visit(s, g, write_run, &w) : IP_OK;
}

/* One panel a group, in the order that `order` (n_groups) says. */
static ip_status fill(const ip_run_set *s, const size_t *order, size_t most_epochs, ip_table *t, ip_scratch *sc,
                      const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, IP_PLANE_COLUMNS);
  for (size_t i = 0; i < s->n_groups; i++) {
    const ip_run_group *g = &s->group[order ? order[i] : i];
    size_t mark = ip_scratch_mark(sc);
    const char *lacks = ip_plane_lacks(s, g);
    if (!s->n_epochs[g->longest]) continue;
    if (lacks) *why_not = lacks;
    if (lacks) continue;
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(ip_plane_rows(s, g, g->title, s->estimator, most_epochs, t, sc));
    ip_scratch_release(sc, mark);
  }
  if (shown)
    *why_not = NULL;
  else if (!*why_not)
    *why_not = "no epoch has been logged yet";
  return IP_OK;
}

ip_status ip_figure_plane_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  return fill(s, NULL, IP_PLANE_EPOCHS, t, sc, why_not);
}

/* Groups by increasing number of layers, in their order where it is equal; `moved` when that is another order. */
static ip_status order_by_depth(const ip_run_set *s, ip_scratch *sc, size_t **out, bool *moved)
{
  size_t *order;
  IP_TRY(IP_SCRATCH(sc, order, s->n_groups, "order"));
  *moved = false;
  for (size_t i = 0; i < s->n_groups; i++) {
    size_t j = i;
    for (; j > 0 && s->group[order[j - 1]].n_layers > s->group[i].n_layers; j--) order[j] = order[j - 1];
    order[j] = i;
    *moved = *moved || j < i;
  }
  *out = order;
  return IP_OK;
}

ip_status ip_figure_depth_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t *order;
  bool moved;
  IP_TRY(order_by_depth(s, sc, &order, &moved));
  if (!s->depths_differ)
    *why_not = "all networks have the same number of layers";
  else if (!moved && s->has_plane)
    *why_not = "the figure plane has its panels in this order already";
  return *why_not ? IP_OK : fill(s, order, IP_PLANE_EPOCHS, t, sc, why_not);
}

ip_status ip_figure_movie_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  ip_run_set in_bits = *s; /* movie.gp has no other axes */
  in_bits.fractions = false;
  return fill(&in_bits, NULL, MOST_FRAMES, t, sc, why_not);
}
