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

/* H(X) and H(Y) of the samples that an estimator used. */
typedef struct entropies {
  double hx, hy;
} entropies;

/* As the first run has them; those of all logged samples in files that do not name them. */
static ip_status entropies_of(const ip_run_set *s, const ip_run_group *g, const char *estimator, entropies *h)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(s->file[g->run[0]], &run));
  h->hx = ip_run_information_number(run, estimator, "hx_bits");
  h->hy = ip_run_information_number(run, estimator, "hy_bits");
  ip_run_close(&run);
  bool is_all = !strcmp(ip_run_split_of(estimator), "all");
  if (is_all && isnan(h->hx)) h->hx = g->hx_bits;
  if (is_all && isnan(h->hy)) h->hy = g->hy_bits;
  return IP_OK;
}

/* What I(X;T) and I(T;Y) are divided by: 1, or H(X) and H(Y), NaN where these are 0. */
typedef struct scale {
  double x, y;
} scale;

static scale scale_of(const ip_run_set *s, entropies h)
{
  if (!s->fractions) return (scale){1, 1};
  return (scale){h.hx > 0 ? h.hx : (double)NAN, h.hy > 0 ? h.hy : (double)NAN};
}

ip_status ip_plane_lacks(const ip_run_set *s, const ip_run_group *g, const char *estimator, const char **why)
{
  entropies h;
  IP_TRY(entropies_of(s, g, estimator, &h));
  scale by = scale_of(s, h);
  *why = isnan(by.x) || isnan(by.y) ? "H(X) or H(Y) of the samples is 0 or unknown, so there are no fractions" : NULL;
  return IP_OK;
}

static const char *unit_of(const ip_run_set *s)
{
  return s->fractions ? "fraction" : "bits";
}

/* Rows of one estimator in a panel. Its side is 1 where it is the second of two in the panel. */
typedef struct {
  const ip_run_set *set;
  const ip_run_group *group;
  const char *title, *estimator, *shown; /* shown: name of the estimator in the rows */
  int side;
  scale by;
  entropies limit;
  ip_table *table;
  ip_scratch *sc;
} writing;

/* What a row shows of a layer at an epoch. */
typedef struct {
  int64_t epoch;
  size_t k, repeats, run; /* run 0: the mean */
  const char *mark, *note;
  double ixt, ity, ixt_sd, ity_sd, usable[2], end[IP_N_ENDS]; /* end: of a band */
} place;

static void begin_row(const writing *w, const place *p)
{
  ip_table_text(w->table, w->title);
  ip_table_int(w->table, p->epoch);
  ip_table_int(w->table, (int64_t)p->k + 1);
  ip_table_text(w->table, p->mark);
  ip_table_real(w->table, p->ixt / w->by.x);
  ip_table_real(w->table, p->ity / w->by.y);
  ip_table_real(w->table, p->ixt_sd / w->by.x);
  ip_table_real(w->table, p->ity_sd / w->by.y);
  ip_table_int(w->table, (int64_t)p->repeats);
  ip_table_real(w->table, w->limit.hx);
  ip_table_real(w->table, w->limit.hy);
  ip_table_text(w->table, w->title == w->group->title ? w->shown : ""); /* unless the title names it */
  ip_table_int(w->table, (int64_t)p->run);
}

/* After the flags. */
static void end_row(const writing *w, const place *p)
{
  ip_table_text(w->table, unit_of(w->set));
  for (size_t q = 0; q < IP_N_ENDS; q++) ip_table_real(w->table, p->end[q] / (q < 2 ? w->by.x : w->by.y));
  ip_table_int(w->table, w->side);
  ip_table_real(w->table, p->usable[0] / w->by.y);
  ip_table_real(w->table, p->usable[1] / w->by.y);
  ip_table_text(w->table, p->note);
  ip_table_end_row(w->table);
}

/* One row a layer and epoch of the i-th run of the group, sorted by layer, with an empty line before each layer. */
static ip_status write_run(ip_run *run, size_t i, void *context)
{
  const writing *w = context;
  const ip_series_spec spec[] = {{IP_SERIES_INFORMATION, IP_NAME_IXT, NULL, false, w->estimator},
                                 {IP_SERIES_INFORMATION, IP_NAME_ITY, NULL, false, w->estimator}};
  size_t n = ip_run_n_epochs(run), layers = w->group->n_layers, mark = ip_scratch_mark(w->sc), n_shown, *shown;
  const double none = (double)NAN;
  double *v[2], *room;
  IP_TRY(IP_SCRATCH(w->sc, room, n * layers, "a series"));
  for (int q = 0; q < 2; q++) {
    IP_TRY(IP_SCRATCH(w->sc, v[q], n * layers, "a series"));
    IP_TRY(ip_series_of_run(w->set, run, &spec[q], v[q], room));
  }
  IP_TRY(ip_series_thin(n, ip_run_epochs(run), RUN_EPOCHS, w->sc, &n_shown, &shown));
  for (size_t k = 0; k < layers; k++) {
    ip_figure_gap(w->table, 1);
    for (size_t j = 0; j < n_shown; j++) {
      size_t at = shown[j] * layers + k;
      const place p = {.epoch = ip_run_epochs(run)[shown[j]],
                       .k = k,
                       .repeats = 1,
                       .run = i + 1,
                       .mark = "",
                       .note = "-",
                       .ixt = v[0][at],
                       .ity = v[1][at],
                       .ixt_sd = none,
                       .ity_sd = none,
                       .usable = {none, none},
                       .end = {none, none, none, none}}; /* bands are of means */
      begin_row(w, &p);
      ip_table_int(w->table, w->group->drawn[k] == IP_DRAWN_BOUND);
      ip_table_text(w->table, "-");
      end_row(w, &p);
    }
  }
  ip_scratch_release(w->sc, mark);
  return IP_OK;
}

/* The means over repeats. */
static ip_status write_means(const writing *w, size_t most_epochs, const char *more_note)
{
  static const ip_series_spec output[2] = {{IP_SERIES_METRIC, IP_NAME_TRAIN_USABLE, NULL, false, NULL},
                                           {IP_SERIES_METRIC, IP_NAME_TEST_USABLE, NULL, false, NULL}};
  ip_series v[IP_N_SHOWN], band[IP_N_ENDS], usable[2];
  const ip_run_group *g = w->group;
  size_t n, *index, layers = g->n_layers;
  const char **mark, *note;
  IP_TRY(ip_shown_read(w->set, g, w->estimator, w->sc, v));
  IP_TRY(ip_shown_bands(w->set, g, w->estimator, w->sc, band));
  IP_TRY(ip_series_read(w->set, g, 2, output, w->sc, usable));
  IP_TRY(ip_shown_note(w->set, g, w->estimator, v, w->sc, &note));
  if (*more_note)
    IP_TRY(ip_scratch_format(w->sc, &note, "%s%s%s", more_note, strcmp(note, "-") ? "; " : "",
                             strcmp(note, "-") ? note : ""));
  IP_TRY(ip_series_thin(v[0].n_epochs, v[0].epoch, most_epochs, w->sc, &n, &index));
  IP_TRY(IP_SCRATCH(w->sc, mark, layers, "names of layers"));
  size_t last = (v[0].n_epochs - 1) * layers;
  IP_TRY(ip_plane_marks(g, v[0].mean + last, v[1].mean + last, w->sc, mark));
  for (size_t i = 0; i < n; i++) {
    if (i || w->side) ip_figure_gap(w->table, 1);
    for (size_t k = 0; k < layers; k++) {
      size_t e = index[i], at = e * layers + k;
      place p = {.epoch = v[0].epoch[e],
                 .k = k,
                 .repeats = v[0].count[at],
                 .mark = i + 1 == n && !w->side ? mark[k] : "",
                 .note = i + k == 0 ? note : "-",
                 .ixt = v[0].mean[at],
                 .ity = v[1].mean[at],
                 .ixt_sd = ip_series_sd(&v[0], e, k),
                 .ity_sd = ip_series_sd(&v[1], e, k),
                 .usable = {usable[0].mean[e], usable[1].mean[e]}};
      for (size_t q = 0; q < IP_N_ENDS; q++) p.end[q] = band[q].mean[at];
      begin_row(w, &p);
      ip_shown_cells(g, v, e, k, w->table);
      end_row(w, &p);
    }
  }
  return IP_OK;
}

ip_status ip_plane_rows(const ip_run_set *s, const ip_run_group *g, const char *title, const char *estimator,
                        size_t most_epochs, ip_table *t, ip_scratch *sc)
{
  writing w = {.set = s, .group = g, .title = title, .estimator = estimator, .shown = estimator, .table = t, .sc = sc};
  IP_TRY(entropies_of(s, g, estimator, &w.limit));
  w.by = scale_of(s, w.limit);
  IP_TRY(write_means(&w, most_epochs, ""));
  return g->n_runs > 1 ? ip_run_group_visit(s, g, write_run, &w) : IP_OK;
}

/* ---------------------------------------------------------------- training and test samples in one panel */

/* The names of both sides where the panel shows them: the files have them, nobody asked for another estimator, and
 * hollow points do not mean bounds. */
static ip_status find_sides(const ip_run_set *s, const ip_run_group *g, ip_scratch *sc, const char **label,
                            const char *side[2])
{
  bool found[2] = {false, false};
  const char *at = strcmp(ip_run_split_of(s->estimator), "all") ? strrchr(s->estimator, '@') : NULL;
  side[0] = side[1] = NULL;
  IP_TRY(ip_scratch_format(sc, label, "%.*s", (int)(at ? (size_t)(at - s->estimator) : strlen(s->estimator)),
                           s->estimator));
  for (size_t k = 0; k < g->n_layers; k++)
    if (s->is_asked || g->drawn[k] != IP_DRAWN_CHOSEN) return IP_OK;
  const char *name[2];
  for (size_t i = 0; i < 2; i++) {
    IP_TRY(ip_run_name_group(*label, i ? "test" : "train", sc, &name[i]));
    for (size_t j = 0; j < s->n_estimators; j++) found[i] = found[i] || !strcmp(s->estimators[j], name[i]);
  }
  if (found[0] && found[1]) side[0] = name[0], side[1] = name[1];
  return IP_OK;
}

/* Filled: training samples; hollow: test samples. */
static ip_status write_sides(const ip_run_set *s, const ip_run_group *g, const char *label, const char *const side[2],
                             size_t most_epochs, ip_table *t, ip_scratch *sc)
{
  for (int i = 0; i < 2; i++) {
    entropies h;
    writing w = {s, g, g->title, side[i], label, i, {1, 1}, {g->hx_bits, g->hy_bits}, t, sc};
    IP_TRY(entropies_of(s, g, side[i], &h));
    w.by = scale_of(s, h);
    IP_TRY(write_means(&w, most_epochs, i ? "" : "filled: training samples, hollow: test samples"));
    if (g->n_runs > 1 && i == 1) {
      w.estimator = side[0];
      w.side = 0;
      IP_TRY(entropies_of(s, g, side[0], &h));
      w.by = scale_of(s, h);
      IP_TRY(ip_run_group_visit(s, g, write_run, &w));
    }
  }
  return IP_OK;
}

/* One panel a group, in the order that `order` (n_groups) says; with the sides of the split apart where the files have
 * both. */
static ip_status fill(const ip_run_set *s, const size_t *order, size_t most_epochs, bool sides, ip_table *t,
                      ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, IP_PLANE_COLUMNS);
  for (size_t i = 0; i < s->n_groups; i++) {
    const ip_run_group *g = &s->group[order ? order[i] : i];
    size_t mark = ip_scratch_mark(sc);
    const char *lacks, *label, *side[2];
    if (!s->n_epochs[g->longest]) continue;
    IP_TRY(find_sides(s, g, sc, &label, side));
    bool both = sides && side[0];
    IP_TRY(ip_plane_lacks(s, g, both ? side[0] : s->estimator, &lacks));
    if (lacks) *why_not = lacks;
    if (lacks) continue;
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(both ? write_sides(s, g, label, side, most_epochs, t, sc)
                : ip_plane_rows(s, g, g->title, s->estimator, most_epochs, t, sc));
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
  return fill(s, NULL, IP_PLANE_EPOCHS, true, t, sc, why_not);
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
  return *why_not ? IP_OK : fill(s, order, IP_PLANE_EPOCHS, true, t, sc, why_not);
}

ip_status ip_figure_movie_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  ip_run_set in_bits = *s; /* movie.gp has no other axes */
  in_bits.fractions = false;
  return fill(&in_bits, NULL, MOST_FRAMES, false, t, sc, why_not);
}
