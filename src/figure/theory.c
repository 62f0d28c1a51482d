#include "figure/theory.h"
#include "bottleneck/curve.h"
#include "figure/kind.h"

#include <math.h>
#include <string.h>

/* theory: two datasets a configuration: the IB curve of its data, and the layers' way under it with their distances.
 */

enum { N_BETAS = 40 };
static const double least_beta = 1, most_beta = 300;

/* The curve of the data in the panel before, which is used again while the data stay the same. */
typedef struct {
  ip_ib_problem *problem;
  ip_ib_curve *curve;
} theory;

static void forget(theory *y)
{
  ip_ib_curve_destroy(&y->curve);
  ip_ib_problem_destroy(&y->problem);
}

static bool same(const ip_ib_problem *a, const ip_ib_problem *b)
{
  return a && a->n_x == b->n_x && a->n_y == b->n_y &&
         memcmp(a->p_xy, b->p_xy, a->n_x * (a->n_y + 1) * sizeof *a->p_xy) == 0;
}

/* The joint distribution of the samples that the run logged; inputs are numbered again, for not all may be among them.
 */
static ip_status read_problem(const ip_run_head *h, ip_scratch *sc, ip_ib_problem **p)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *id, *new_id, n = 0;
  IP_TRY(IP_SCRATCH(sc, id, h->n, "inputs"));
  IP_TRY(IP_SCRATCH(sc, new_id, h->n_x, "inputs"));
  for (size_t i = 0; i < h->n; i++) {
    if (!new_id[h->x_id[i]]) new_id[h->x_id[i]] = ++n;
    id[i] = new_id[h->x_id[i]] - 1;
  }
  IP_TRY(ip_ib_problem_from_samples(h->n, h->n_classes, h->p_y_given_x, h->y, n, id, p));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status solve(theory *y, const ip_run_head *h, ip_scratch *sc)
{
  ip_ib_problem *p;
  IP_TRY(read_problem(h, sc, &p));
  if (same(y->problem, p)) {
    ip_ib_problem_destroy(&p);
    return IP_OK;
  }
  forget(y);
  y->problem = p;
  double beta[N_BETAS];
  for (size_t i = 0; i < N_BETAS; i++) beta[i] = least_beta * pow(most_beta / least_beta, (double)i / (N_BETAS - 1));
  ip_ib_curve_options o = ip_ib_curve_options_default();
  o.critical_clusters = 0; /* only the curve is needed */
  return ip_ib_curve_create(p, &o, N_BETAS, beta, &y->curve);
}

static ip_status solve_for(theory *y, const char *file, ip_scratch *sc)
{
  ip_run *run;
  IP_TRY(ip_run_open(file, &run));
  ip_status st = solve(y, ip_run_head_of(run), sc);
  ip_run_close(&run);
  return st;
}

typedef struct {
  const ip_run_set *set;
  const ip_run_group *group;
  const theory *theory;
  ip_table *table;
} writing;

static void add_row(const writing *w, const char *kind, int64_t epoch, size_t layer, const char *mark, double beta,
                    double ixt, double ity, double distance, double gap, const char *note)
{
  ip_table_text(w->table, w->group->title);
  ip_table_text(w->table, kind);
  ip_table_int(w->table, epoch);
  ip_table_int(w->table, (int64_t)layer);
  ip_table_text(w->table, mark);
  ip_table_real(w->table, beta);
  ip_table_real(w->table, ixt);
  ip_table_real(w->table, ity);
  ip_table_real(w->table, distance);
  ip_table_real(w->table, gap);
  ip_table_real(w->table, w->theory->problem->ixy_bits);
  ip_table_real(w->table, w->theory->problem->hx_bits);
  ip_table_text(w->table, w->set->estimator);
  ip_table_int(w->table, layer && w->group->drawn[layer - 1] == IP_DRAWN_BOUND);
  ip_table_text(w->table, note);
  ip_table_end_row(w->table);
}

/* From (0, 0) through the optima to where the curve ends, and on to H(X). */
static void add_curve(const writing *w)
{
  const ip_ib_curve *c = w->theory->curve;
  add_row(w, "curve", 0, 0, "", 0, 0, 0, 0, 0, "-");
  for (size_t i = 0; i < c->n; i++)
    add_row(w, "curve", 0, 0, "", c->point[i]->slope_beta, c->point[i]->ixt_bits, c->point[i]->ity_bits, 0, 0, "-");
  add_row(w, "curve", 0, 0, "", INFINITY, c->h_classes_bits, c->ixy_bits, 0, 0, "-");
  add_row(w, "curve", 0, 0, "", INFINITY, fmax(c->h_classes_bits, w->theory->problem->hx_bits), c->ixy_bits, 0, 0, "-");
}

static ip_status add_layers(const writing *w, ip_scratch *sc)
{
  ip_series v[IP_N_SHOWN];
  size_t n, *index, layers = w->group->n_layers;
  const char **mark, *note;
  IP_TRY(ip_shown_read(w->set, w->group, NULL, sc, v));
  IP_TRY(ip_shown_note(w->set, w->group, NULL, NULL, sc, &note));
  IP_TRY(ip_series_thin(v[0].n_epochs, v[0].epoch, IP_PLANE_EPOCHS, sc, &n, &index));
  IP_TRY(IP_SCRATCH(sc, mark, layers, "names of layers"));
  size_t last = (v[0].n_epochs - 1) * layers;
  IP_TRY(ip_plane_marks(w->group, v[0].mean + last, v[1].mean + last, sc, mark));
  for (size_t i = 0; i < n; i++) {
    if (i) ip_figure_gap(w->table, 1);
    for (size_t k = 0; k < layers; k++) {
      double ixt = v[0].mean[index[i] * layers + k], ity = v[1].mean[index[i] * layers + k];
      ip_ib_nearest near = {.distance_bits = (double)NAN, .ity_gap_bits = (double)NAN, .beta = (double)NAN};
      if (isfinite(ixt) && isfinite(ity)) near = ip_ib_curve_nearest(w->theory->curve, ixt, ity);
      add_row(w, "layer", v[0].epoch[index[i]], k + 1, i + 1 == n ? mark[k] : "", near.beta, ixt, ity,
              near.distance_bits, near.ity_gap_bits, i + k == 0 ? note : "-");
    }
  }
  return IP_OK;
}

static ip_status fill(const ip_run_set *s, theory *y, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel kind epoch layer mark beta ixt_bits ity_bits distance_bits ity_gap_bits ixy_bits hx_bits "
                    "estimator bound note");
  for (size_t g = 0; g < s->n_groups; g++) {
    writing w = {s, &s->group[g], y, t};
    size_t mark = ip_scratch_mark(sc);
    if (!s->n_epochs[w.group->longest]) continue;
    if (!(w.group->hy_bits > 0)) {
      *why_not = "there is a run file whose labels have no entropy (targets of a regression have no curve)";
      return IP_OK;
    }
    if (shown++) ip_figure_gap(t, 2);
    IP_TRY(solve_for(y, s->file[w.group->run[0]], sc));
    add_curve(&w);
    ip_figure_gap(t, 2);
    IP_TRY(add_layers(&w, sc));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}

ip_status ip_figure_theory_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  theory y = {0};
  ip_status st = fill(s, &y, t, sc, why_not);
  forget(&y);
  return st;
}

/* ---------------------------------------------------------------- the curves alone */

enum { MOST_SOFT_INPUTS = 256 }; /* with a p(y|x) each; with hard labels, inputs of one label are one */

static void add_point(ip_theory_curve *to, double ixt, double ity)
{
  bool is_same = fabs(to->ixt[to->n - 1] - ixt) < 1e-9 && fabs(to->ity[to->n - 1] - ity) < 1e-9;
  if (is_same) return;
  to->ixt[to->n] = ixt;
  to->ity[to->n++] = ity;
}

/* From (0, 0) through the optima to where the curve ends; an optimum of several beta once. */
static ip_status copy_curve(const ip_ib_curve *c, ip_scratch *sc, ip_theory_curve *to)
{
  IP_TRY(IP_SCRATCH(sc, to->ixt, c->n + 2, "curve"));
  IP_TRY(IP_SCRATCH(sc, to->ity, c->n + 2, "curve"));
  to->n = 1;
  for (size_t i = 0; i < c->n; i++) add_point(to, c->point[i]->ixt_bits, c->point[i]->ity_bits);
  add_point(to, c->h_classes_bits, c->ixy_bits);
  return IP_OK;
}

/* *is_new: another curve than that of the group before. */
static ip_status curve_of_group(const ip_run_set *s, const ip_run_group *g, theory *y, ip_scratch *sc, bool *is_there,
                                bool *is_new)
{
  ip_run *run;
  const ip_ib_curve *before = y->curve;
  IP_TRY(ip_run_open(s->file[g->run[0]], &run));
  const ip_run_head *h = ip_run_head_of(run);
  *is_there = g->hy_bits > 0 && (!h->p_y_given_x || h->n_x <= MOST_SOFT_INPUTS);
  ip_status st = *is_there ? solve(y, h, sc) : IP_OK;
  *is_new = *is_there && y->curve != before;
  ip_run_close(&run);
  return st;
}

static ip_status find_curves(const ip_run_set *s, theory *y, ip_scratch *sc, size_t *n, ip_theory_curve *curve,
                             size_t *curve_of)
{
  for (size_t g = 0; g < s->n_groups; g++) {
    bool is_there, is_new;
    IP_TRY(curve_of_group(s, &s->group[g], y, sc, &is_there, &is_new));
    if (is_new) IP_TRY(copy_curve(y->curve, sc, &curve[(*n)++]));
    curve_of[g] = is_there ? *n - 1 : SIZE_MAX;
  }
  return IP_OK;
}

ip_status ip_theory_curves(const ip_run_set *s, ip_scratch *sc, size_t *n, ip_theory_curve **curve, size_t **curve_of)
{
  theory y = {0};
  *n = 0;
  IP_TRY(IP_SCRATCH(sc, *curve, s->n_groups, "curves"));
  IP_TRY(IP_SCRATCH(sc, *curve_of, s->n_groups, "curves"));
  ip_status st = find_curves(s, &y, sc, n, *curve, *curve_of);
  forget(&y);
  return st;
}
