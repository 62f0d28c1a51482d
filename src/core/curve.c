/* curve.c - the IB curve of a table. */
#include "core/call.h"

#include "base/mem.h"
#include "bottleneck/curve.h"
#include "bottleneck/grid.h"

#include <math.h>

struct ip_capi_curve {
  ip_ib_problem *problem;
  ip_ib_curve *curve;
};

enum { MOST_BETAS = 100000, MOST_RESTARTS = 10000 };

/* ---------------------------------------------------------------- creating one */

static ip_status read_options(const ip_capi_curve_options *given, ip_ib_curve_options *opt)
{
  ip_capi_curve_options o;
  *opt = ip_ib_curve_options_default();
  if (!given) return IP_OK;
  IP_TRY(ip_call_read(&o, sizeof o, given, "ip_capi_curve_options"));
  IP_REQUIRE(o.alpha >= 0 && o.alpha <= 1, IP_ECONFIG,
             "alpha: got %g, expected 0 (deterministic) to 1 (the bottleneck)", o.alpha);
  IP_REQUIRE(!o.squared || o.alpha == 1, IP_ECONFIG, "squared: got alpha %g, expected 1", o.alpha);
  IP_REQUIRE(isfinite(o.tolerance) && o.tolerance >= 0, IP_ECONFIG, "tolerance: got %g bits, expected 0 or more",
             o.tolerance);
  IP_REQUIRE(o.restarts <= MOST_RESTARTS, IP_ECONFIG, "restarts: got %llu, expected at most %d",
             (unsigned long long)o.restarts, MOST_RESTARTS);
  IP_REQUIRE(o.refine <= MOST_BETAS, IP_ECONFIG, "refine: got %llu, expected at most %d", (unsigned long long)o.refine,
             MOST_BETAS);
  opt->solve.alpha = o.alpha;
  opt->squared = o.squared;
  opt->tolerance_bits = o.tolerance;
  opt->n_refine = (size_t)o.refine;
  opt->n_restarts = (size_t)o.restarts;
  opt->seed = o.seed;
  return IP_OK;
}

static ip_status solve_at(const ip_ib_problem *p, const ip_ib_curve_options *opt, uint64_t n, const double *beta,
                          ip_ib_curve **out)
{
  size_t n_default;
  double *fallback;
  IP_REQUIRE(n <= MOST_BETAS, IP_ECONFIG, "%llu betas, expected at most %d", (unsigned long long)n, MOST_BETAS);
  IP_REQUIRE(beta || !n, IP_EINVAL, "the betas are NULL");
  if (n) return ip_ib_curve_create(p, opt, (size_t)n, beta, out);
  IP_TRY(ip_ib_grid_parse(IP_IB_GRID_DEFAULT, &n_default, &fallback));
  ip_status st = ip_ib_curve_create(p, opt, n_default, fallback, out);
  ip_free(fallback);
  return st;
}

static ip_status solve(uint64_t n_x, uint64_t n_y, const double *p, const ip_capi_curve_options *options, uint64_t n,
                       const double *beta, ip_capi_curve *c)
{
  ip_ib_curve_options opt;
  IP_TRY(read_options(options, &opt));
  IP_REQUIRE(p, IP_EINVAL, "the table is NULL");
  IP_REQUIRE(n_x && n_y, IP_EINVAL, "the table has %llu rows and %llu columns, expected at least one of each",
             (unsigned long long)n_x, (unsigned long long)n_y);
  IP_TRY(ip_call_check_size("table", n_x, n_y, 4 * sizeof(double)));
  IP_TRY(ip_ib_problem_create((size_t)n_x, (size_t)n_y, p, &c->problem));
  return solve_at(c->problem, &opt, n, beta, &c->curve);
}

static ip_status create(uint64_t n_x, uint64_t n_y, const double *p, const ip_capi_curve_options *options, uint64_t n,
                        const double *beta, ip_capi_curve **out)
{
  IP_REQUIRE(out, IP_EINVAL, "there is no place for the curve (NULL)");
  IP_TRY(IP_NEW(*out, 1, "curve"));
  ip_status st = solve(n_x, n_y, p, options, n, beta, *out);
  if (st == IP_OK) return IP_OK;
  ip_capi_curve_destroy(*out);
  *out = NULL;
  return st;
}

int32_t ip_capi_curve_create(uint64_t n_x, uint64_t n_y, const double *p, const ip_capi_curve_options *options,
                             uint64_t n, const double *beta, ip_capi_curve **out)
{
  return IP_CALL(create(n_x, n_y, p, options, n, beta, out));
}

void ip_capi_curve_destroy(ip_capi_curve *c)
{
  if (!c) return;
  ip_ib_curve_destroy(&c->curve);
  ip_ib_problem_destroy(&c->problem);
  ip_free(c);
}

/* ---------------------------------------------------------------- reading it */

static ip_status check_curve(const ip_capi_curve *c, const void *out, const char *name)
{
  IP_REQUIRE(c, IP_EINVAL, "the curve is NULL");
  return ip_call_check_out(out, name);
}

static ip_status summarize(const ip_capi_curve *c, ip_capi_curve_summary *out)
{
  IP_TRY(check_curve(c, out, "ip_capi_curve_summary"));
  ip_capi_curve_summary found = {
      .n_points = c->curve->n,
      .n_critical = c->curve->n_critical,
      .n_classes = c->problem->n_x,
      .hx = c->problem->hx_bits,
      .hy = c->problem->hy_bits,
      .ixy = c->problem->ixy_bits,
      .h_classes = c->problem->h_classes_bits,
      .critical_beta = c->curve->constant.critical_beta,
      .unstable_beta = c->curve->constant.unstable_beta,
      .critical_certified = c->curve->constant.certified,
  };
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_curve_summarize(const ip_capi_curve *c, ip_capi_curve_summary *out)
{
  return IP_CALL(summarize(c, out));
}

static ip_status point_at(const ip_capi_curve *c, uint64_t i, ip_capi_curve_point *out)
{
  IP_TRY(check_curve(c, out, "ip_capi_curve_point"));
  IP_REQUIRE(i < c->curve->n, IP_EINVAL, "point %llu: expected below %zu", (unsigned long long)i, c->curve->n);
  const ip_ib_solution *s = c->curve->point[i];
  ip_capi_curve_point found = {
      .beta = s->beta,
      .slope_beta = s->slope_beta,
      .ixt = s->ixt_bits,
      .ity = s->ity_bits,
      .h_t = s->ht_bits,
      .lagrangian = s->lagrangian_bits,
      .optimality_gap = s->optimality_gap_bits,
      .n_clusters = s->n_t,
      .converged = s->converged,
      .certified = s->certified,
  };
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_curve_point_at(const ip_capi_curve *c, uint64_t i, ip_capi_curve_point *out)
{
  return IP_CALL(point_at(c, i, out));
}

static ip_status critical_at(const ip_capi_curve *c, uint64_t i, ip_capi_critical *out)
{
  IP_TRY(check_curve(c, out, "ip_capi_critical"));
  IP_REQUIRE(i < c->curve->n_critical, IP_EINVAL, "critical beta %llu: expected below %zu", (unsigned long long)i,
             c->curve->n_critical);
  const ip_ib_critical *k = &c->curve->critical[i];
  ip_capi_critical found = {
      .critical_beta = k->critical_beta,
      .split_beta = k->split_beta,
      .ixt = k->ixt_bits,
      .ity = k->ity_bits,
      .n_before = k->n_before,
      .n_after = k->n_after,
  };
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_curve_critical_at(const ip_capi_curve *c, uint64_t i, ip_capi_critical *out)
{
  return IP_CALL(critical_at(c, i, out));
}

double ip_capi_curve_at(const ip_capi_curve *c, double ixt)
{
  return c && !isnan(ixt) ? ip_ib_curve_at(c->curve, ixt) : (double)NAN;
}

static ip_status nearest(const ip_capi_curve *c, double ixt, double ity, ip_capi_nearest *out)
{
  IP_TRY(check_curve(c, out, "ip_capi_nearest"));
  IP_REQUIRE(isfinite(ixt) && isfinite(ity), IP_ENUMERIC, "the point (%g, %g) is not finite", ixt, ity);
  ip_ib_nearest near = ip_ib_curve_nearest(c->curve, ixt, ity);
  ip_capi_nearest found = {.distance = near.distance_bits,
                           .ity_gap = near.ity_gap_bits,
                           .beta = near.beta,
                           .ixt = near.ixt_bits,
                           .ity = near.ity_bits};
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_curve_nearest(const ip_capi_curve *c, double ixt, double ity, ip_capi_nearest *out)
{
  return IP_CALL(nearest(c, ixt, ity, out));
}
