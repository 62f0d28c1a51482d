#include "bottleneck/stability.h"

#include "base/mem.h"
#include "num/lapack.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define LEAST_SHARE 1e-14 /* inputs with a smaller p(x|t) do not move an eigenvalue */

/* Rows sqrt(p(x|t)) (p(y|x) - p(y|t)) / sqrt(p(y|t)) of the inputs that belong to t; returns their number. */
static size_t centred_rows(const ip_ib_problem *p, const ip_ib_solution *s, const double *encoder, size_t t, double *g)
{
  size_t n_y = p->n_y, n_t = s->n_t, m = 0;
  double p_t = s->joint[n_y * n_t + t];
  for (size_t x = 0; x < p->n_x; x++) {
    double share = encoder[x * n_t + t] * p->p_xy[x * (n_y + 1) + n_y] / p_t;
    if (!(share > LEAST_SHARE)) continue;
    for (size_t y = 0; y < n_y; y++) {
      double q = s->joint[y * n_t + t] / p_t;
      g[m * n_y + y] =
          q > 0 ? sqrt(share) * ((p->p_y_given_x[x * (n_y + 1) + y] - q) / sqrt(q)) : 0; /* share / q may overflow */
    }
    m++;
  }
  return m;
}

/* Largest eigenvalue of the symmetric matrix a (n, n), lower half, with its vector; a is lost. */
static ip_status top_eigen(size_t n, double *a, double *value, double *vector)
{
  bool found;
  IP_TRY(ip_lapack_largest_eigen(n, 1, a, value, vector, &found));
  IP_REQUIRE(found && isfinite(*value), IP_ENUMERIC, "the eigenvalues of a %zu x %zu matrix were not found", n, n);
  return IP_OK;
}

/* Largest singular value of g (m, n_y), squared, and its right vector; by the Gram matrix of the shorter side. */
static ip_status top_singular(size_t m, size_t n_y, const double *g, double *gram, double *left, double *lambda,
                              double *right)
{
  memset(right, 0, n_y * sizeof *right);
  *lambda = 0;
  if (m == 0) return IP_OK;
  bool rows = m < n_y; /* the Gram matrix of the rows is the smaller one */
  size_t n = rows ? m : n_y;
  cblas_dsyrk(CblasRowMajor, CblasLower, rows ? CblasNoTrans : CblasTrans, (blasint)n, (blasint)(rows ? n_y : m), 1, g,
              (blasint)n_y, 0, gram, (blasint)n);
  IP_TRY(top_eigen(n, gram, lambda, rows ? left : right));
  *lambda = fmax(*lambda, 0);
  if (rows && *lambda > 0)
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)m, (blasint)n_y, 1 / sqrt(*lambda), g, (blasint)n_y, left, 1, 0,
                right, 1);
  return IP_OK;
}

static ip_status measure_clusters(const ip_ib_problem *p, const ip_ib_solution *s, const double *encoder,
                                  ip_scratch *sc, ip_ib_stability *out)
{
  size_t n_y = p->n_y, n_t = s->n_t, side = p->n_x < n_y ? p->n_x : n_y;
  double *g, *gram, *left; // (n_x, n_y), (side, side), (side)
  IP_TRY(IP_SCRATCH(sc, g, p->n_x * n_y, "centred conditionals"));
  IP_TRY(IP_SCRATCH(sc, gram, side * side, "stability matrix"));
  IP_TRY(IP_SCRATCH(sc, left, side, "singular vector"));
  for (size_t t = 0; t < n_t; t++) {
    double p_t = s->joint[n_y * n_t + t], *direction = out->direction + t * n_y;
    if (!(p_t > 0)) continue;
    size_t m = centred_rows(p, s, encoder, t, g);
    IP_TRY(top_singular(m, n_y, g, gram, left, &out->lambda[t], direction));
    for (size_t y = 0; y < n_y; y++) direction[y] *= sqrt(s->joint[y * n_t + t] / p_t);
    out->most = fmax(out->most, out->lambda[t]);
  }
  return IP_OK;
}

ip_status ip_ib_stability_measure(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                                  ip_ib_stability *out)
{
  *out = (ip_ib_stability){.n_t = s->n_t, .n_y = s->n_y};
  ip_scratch *sc;
  double *encoder; // (n_x, n_t)
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, encoder, p->n_x * s->n_t, "p(t|x)");
  if (st == IP_OK) st = IP_NEW(out->lambda, s->n_t, "eigenvalues of clusters");
  if (st == IP_OK) st = IP_NEW(out->direction, s->n_t * s->n_y, "directions of clusters");
  if (st == IP_OK) st = ip_ib_encoder(p, opt, s, encoder);
  if (st == IP_OK) st = measure_clusters(p, s, encoder, sc, out);
  if (st != IP_OK) ip_ib_stability_free(out);
  ip_scratch_destroy(&sc);
  return st;
}

void ip_ib_stability_free(ip_ib_stability *st)
{
  ip_free(st->lambda);
  ip_free(st->direction);
  *st = (ip_ib_stability){0};
}

/* Half the largest move that keeps p(y|t) on both sides positive, and at most a third of its unit. */
static double split_size(const ip_ib_solution *s, const double *direction, size_t t)
{
  double size = 1.0 / 3, p_t = s->joint[s->n_y * s->n_t + t];
  for (size_t y = 0; y < s->n_y; y++)
    if (direction[y] != 0) size = fmin(size, 0.5 * s->joint[y * s->n_t + t] / p_t / fabs(direction[y]));
  return size;
}

ip_status ip_ib_split(const ip_ib_solution *s, const ip_ib_stability *stability, double beta, ip_ib_solution **out)
{
  size_t n_y = s->n_y, n_t = s->n_t, n = n_t;
  for (size_t t = 0; t < n_t; t++) n += beta * stability->lambda[t] > 1;
  IP_TRY(ip_ib_solution_create(n_y, n, out));
  double *joint = (*out)->joint;
  for (size_t t = 0, u = 0; t < n_t; t++) {
    bool splits = beta * stability->lambda[t] > 1;
    const double *direction = stability->direction + t * n_y;
    double p_t = s->joint[n_y * n_t + t], size = splits ? split_size(s, direction, t) : 0;
    for (int side = 1; side >= (splits ? -1 : 1); side -= 2, u++) {
      double part = splits ? 0.5 : 1;
      for (size_t y = 0; y < n_y; y++)
        joint[y * n + u] = part * (s->joint[y * n_t + t] + side * size * p_t * direction[y]);
      joint[n_y * n + u] = part * p_t;
    }
  }
  return IP_OK;
}

ip_status ip_ib_unstable_beta(const ip_ib_problem *p, double *beta)
{
  ip_ib_solution *trivial;
  ip_ib_stability stability;
  ip_ib_options opt = ip_ib_options_default();
  IP_TRY(ip_ib_start_trivial(p, &trivial));
  trivial->beta = 1;
  ip_status st = ip_ib_stability_measure(p, &opt, trivial, &stability);
  ip_ib_solution_destroy(&trivial);
  IP_TRY(st);
  *beta = stability.most > 0 ? 1 / stability.most : HUGE_VAL;
  ip_ib_stability_free(&stability);
  return IP_OK;
}
