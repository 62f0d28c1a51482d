#include "bottleneck/save.h"

#include "base/build.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/table.h"

#include <math.h>
#include <stdio.h>

/* name of the column, its number at a point s */
#define POINT_COLUMNS(X)                                                                                               \
  X(slope_beta, s->slope_beta)                                                                                         \
  X(ixt_bits, s->ixt_bits)                                                                                             \
  X(ity_bits, s->ity_bits)                                                                                             \
  X(ht_bits, s->ht_bits)                                                                                               \
  X(clusters, (double)s->n_t)                                                                                          \
  X(lagrangian_bits, s->lagrangian_bits)                                                                               \
  X(optimality_gap_bits, s->optimality_gap_bits)                                                                       \
  X(iterations, (double)s->iterations)                                                                                 \
  X(converged, (double)s->converged)                                                                                   \
  X(certified, (double)s->certified)

#define CRITICAL_COLUMNS(X)                                                                                            \
  X(critical_beta, k->critical_beta)                                                                                   \
  X(split_beta, k->split_beta)                                                                                         \
  X(clusters_before, (double)k->n_before)                                                                              \
  X(clusters_after, (double)k->n_after)                                                                                \
  X(ixt_bits, k->ixt_bits)                                                                                             \
  X(ity_bits, k->ity_bits)

ip_status ip_ib_curve_write_csv(const ip_ib_curve *c, const char *path)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  ip_table_text(t, "beta");
#define X(name, value) ip_table_text(t, #name);
  POINT_COLUMNS(X)
#undef X
  ip_table_end_row(t);
  for (size_t i = 0; i < c->n; i++) {
    const ip_ib_solution *s = c->point[i];
    ip_table_real(t, s->beta);
#define X(name, value) ip_table_real(t, value);
    POINT_COLUMNS(X)
#undef X
    ip_table_end_row(t);
  }
  return ip_table_publish(&t);
}

ip_status ip_ib_critical_write_csv(const ip_ib_curve *c, const char *path)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
#define X(name, value) ip_table_text(t, #name);
  CRITICAL_COLUMNS(X)
#undef X
  ip_table_end_row(t);
  for (size_t i = 0; i < c->n_critical; i++) {
    const ip_ib_critical *k = &c->critical[i];
#define X(name, value) ip_table_real(t, value);
    CRITICAL_COLUMNS(X)
#undef X
    ip_table_end_row(t);
  }
  return ip_table_publish(&t);
}

/* --- HDF5 */

static ip_status put_points(ip_h5 *h, const ip_ib_curve *c, double *column /* (c->n) */)
{
  for (size_t i = 0; i < c->n; i++) column[i] = c->point[i]->beta;
  IP_TRY(ip_h5_put(h, "/beta", IP_H5_F64, 1, &c->n, column));
  IP_TRY(ip_h5_scale(h, "/beta", "beta"));
#define X(name, value)                                                                                                 \
  for (size_t i = 0; i < c->n; i++) {                                                                                  \
    const ip_ib_solution *s = c->point[i];                                                                             \
    column[i] = value;                                                                                                 \
  }                                                                                                                    \
  IP_TRY(ip_h5_put(h, "/" #name, IP_H5_F64, 1, &c->n, column));                                                        \
  IP_TRY(ip_h5_attach(h, "/" #name, 0, "/beta"));
  POINT_COLUMNS(X)
#undef X
  return IP_OK;
}

static ip_status put_critical(ip_h5 *h, const ip_ib_curve *c, double *column /* (c->n_critical) */)
{
#define X(name, value)                                                                                                 \
  for (size_t i = 0; i < c->n_critical; i++) {                                                                         \
    const ip_ib_critical *k = &c->critical[i];                                                                         \
    column[i] = value;                                                                                                 \
  }                                                                                                                    \
  IP_TRY(ip_h5_put(h, "/critical/" #name, IP_H5_F64, 1, &c->n_critical, column));
  CRITICAL_COLUMNS(X)
#undef X
  return IP_OK;
}

static ip_status put_problem(ip_h5 *h, const ip_ib_problem *p, ip_scratch *sc)
{
  size_t n_x = p->n_x, n_y = p->n_y;
  double *p_x, *conditional; // (n_x), (n_x, n_y)
  IP_TRY(IP_SCRATCH(sc, p_x, n_x, "p(x)"));
  IP_TRY(IP_SCRATCH(sc, conditional, n_x * n_y, "p(y|x)"));
  for (size_t x = 0; x < n_x; x++) {
    p_x[x] = p->p_xy[x * (n_y + 1) + n_y];
    for (size_t y = 0; y < n_y; y++) conditional[x * n_y + y] = p->p_y_given_x[x * (n_y + 1) + y];
  }
  IP_TRY(ip_h5_put(h, "/p_x", IP_H5_F64, 1, &n_x, p_x));
  IP_TRY(ip_h5_put(h, "/p_y_given_x", IP_H5_F64, 2, (size_t[]){n_x, n_y}, conditional));
  IP_TRY(ip_h5_put(h, "/p_y", IP_H5_F64, 1, &n_y, p->p_y));
  IP_TRY(ip_h5_put(h, "/class_of_input", IP_H5_U32, 1, &p->n_inputs, p->class_of));
  IP_TRY(ip_h5_set_real(h, "/", "hx_bits", p->hx_bits));
  IP_TRY(ip_h5_set_real(h, "/", "hy_bits", p->hy_bits));
  return ip_h5_set_real(h, "/", "h_classes_bits", p->h_classes_bits);
}

/* One point's distributions, with room for n_t clusters. */
static ip_status put_solution(ip_h5 *h, const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                              size_t row, size_t n_t, ip_scratch *sc)
{
  size_t n_y = p->n_y, mark = ip_scratch_mark(sc);
  double *p_t, *decoder, *encoder, *wide; // (n_t), (n_t, n_y), (n_x, s->n_t), (n_x, n_t)
  IP_TRY(IP_SCRATCH(sc, p_t, n_t, "p(t)"));
  IP_TRY(IP_SCRATCH(sc, decoder, n_t * n_y, "p(y|t)"));
  IP_TRY(IP_SCRATCH(sc, encoder, p->n_x * s->n_t, "p(t|x)"));
  IP_TRY(IP_SCRATCH(sc, wide, p->n_x * n_t, "p(t|x)"));
  IP_TRY(ip_ib_encoder(p, opt, s, encoder));
  for (size_t t = 0; t < n_t; t++) {
    p_t[t] = t < s->n_t ? s->joint[n_y * s->n_t + t] : 0;
    for (size_t y = 0; y < n_y; y++)
      decoder[t * n_y + y] = p_t[t] > 0 ? s->joint[y * s->n_t + t] / p_t[t] : (double)NAN;
    for (size_t x = 0; x < p->n_x; x++) wide[x * n_t + t] = t < s->n_t ? encoder[x * s->n_t + t] : 0;
  }
  IP_TRY(ip_h5_write_rows(h, "/p_t", row, 1, IP_H5_F64, p_t));
  IP_TRY(ip_h5_write_rows(h, "/p_y_given_t", row, 1, IP_H5_F64, decoder));
  IP_TRY(ip_h5_write_rows(h, "/p_t_given_x", row, 1, IP_H5_F64, wide));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status put_solutions(ip_h5 *h, const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_curve *c,
                               ip_scratch *sc)
{
  size_t n_t = 1;
  for (size_t i = 0; i < c->n; i++) n_t = c->point[i]->n_t > n_t ? c->point[i]->n_t : n_t;
  const ip_h5_layout p_t = {.type = IP_H5_F64, .rank = 2, .dim = {c->n, n_t}},
                     decoder = {.type = IP_H5_F64, .rank = 3, .dim = {c->n, n_t, p->n_y}},
                     encoder = {.type = IP_H5_F64, .rank = 3, .dim = {c->n, p->n_x, n_t}};
  IP_TRY(ip_h5_dataset(h, "/p_t", &p_t));
  IP_TRY(ip_h5_dataset(h, "/p_y_given_t", &decoder));
  IP_TRY(ip_h5_dataset(h, "/p_t_given_x", &encoder));
  for (size_t i = 0; i < c->n; i++) IP_TRY(put_solution(h, p, opt, c->point[i], i, n_t, sc));
  IP_TRY(ip_h5_attach(h, "/p_t", 0, "/beta"));
  IP_TRY(ip_h5_attach(h, "/p_y_given_t", 0, "/beta"));
  return ip_h5_attach(h, "/p_t_given_x", 0, "/beta");
}

static ip_status put_all(ip_h5 *h, const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_curve *c,
                         const char *source, ip_scratch *sc)
{
  double *column;
  size_t most = c->n > c->n_critical ? c->n : c->n_critical;
  IP_TRY(IP_SCRATCH(sc, column, most, "a column"));
  IP_TRY(ip_h5_set_text(h, "/", "source", source));
  IP_TRY(ip_h5_set_text(h, "/", "program", "infoplane " IP_VERSION));
  IP_TRY(ip_h5_set_text(h, "/", "units", "bit"));
  IP_TRY(ip_h5_set_real(h, "/", "alpha", opt->alpha));
  IP_TRY(ip_h5_set_int(h, "/", "squared", c->squared));
  IP_TRY(ip_h5_set_real(h, "/", "ixy_bits", c->ixy_bits));
  IP_TRY(ip_h5_set_real(h, "/", "first_critical_beta", c->constant.critical_beta));
  IP_TRY(ip_h5_set_real(h, "/", "unstable_beta", c->constant.unstable_beta));
  IP_TRY(put_points(h, c, column));
  if (c->n_critical) IP_TRY(put_critical(h, c, column));
  if (!p) return IP_OK;
  IP_TRY(put_problem(h, p, sc));
  return put_solutions(h, p, opt, c, sc);
}

ip_status ip_ib_curve_write_h5(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_curve *c,
                               const char *source, const char *path)
{
  ip_scratch *sc;
  ip_h5 *h = NULL;
  const char *part;
  IP_TRY(ip_scratch_create(&sc));
  char *name = NULL;
  ip_status st = IP_FORMAT(name, "%s.part", path);
  part = name;
  if (st == IP_OK) st = ip_h5_create(part, &h);
  bool made = st == IP_OK;
  if (st == IP_OK) st = put_all(h, p, opt, c, source, sc);
  if (h) {
    ip_status closed = ip_h5_close(&h);
    if (st == IP_OK) st = closed;
  }
  if (st == IP_OK) st = ip_file_publish(part, path);
  if (st != IP_OK && made) remove(part);
  ip_free(name);
  ip_scratch_destroy(&sc);
  return st;
}
