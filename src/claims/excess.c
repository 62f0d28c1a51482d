#include "claims/excess.h"

#include <math.h>

enum { N_BETAS = 60 };
static const double least_beta = 1, most_beta = 300;

static ip_status make_problem(const ip_run_head *h, ip_scratch *sc, ip_ib_problem **p)
{
  uint32_t *id, *new_id, n = 0;
  IP_TRY(IP_SCRATCH(sc, id, h->n, "inputs"));
  IP_TRY(IP_SCRATCH(sc, new_id, h->n_x, "inputs"));
  for (size_t i = 0; i < h->n; i++) { /* numbered again: not all may have been logged */
    if (!new_id[h->x_id[i]]) new_id[h->x_id[i]] = ++n;
    id[i] = new_id[h->x_id[i]] - 1;
  }
  return ip_ib_problem_from_samples(h->n, h->n_classes, h->p_y_given_x, h->y, n, id, p);
}

ip_status ip_excess_curve(ip_run *run, ip_scratch *sc, ip_ib_curve **out)
{
  double beta[N_BETAS];
  ip_ib_problem *p;
  ip_ib_curve_options o = ip_ib_curve_options_default();
  o.critical_clusters = 0; /* only the curve is needed */
  o.tolerance_bits = 0.001;
  o.n_refine = N_BETAS;
  IP_TRY(ip_run_load_samples(run));
  IP_TRY(make_problem(ip_run_head_of(run), sc, &p));
  for (size_t i = 0; i < N_BETAS; i++) beta[i] = least_beta * pow(most_beta / least_beta, (double)i / (N_BETAS - 1));
  ip_status st = ip_ib_curve_create(p, &o, N_BETAS, beta, out);
  ip_ib_problem_destroy(&p);
  return st;
}

double ip_excess_rate(const ip_ib_curve *c, double ity)
{
  double x0 = 0, y0 = 0;
  if (isnan(ity)) return ity;
  if (ity <= 0) return 0;
  for (size_t i = 0; i <= c->n; i++) {
    double x1 = i < c->n ? c->point[i]->ixt_bits : c->h_classes_bits,
           y1 = i < c->n ? c->point[i]->ity_bits : c->ixy_bits;
    if (y1 <= y0) continue;
    if (ity <= y1) return x0 + (x1 - x0) * (ity - y0) / (y1 - y0);
    x0 = x1;
    y0 = y1;
  }
  return c->h_classes_bits;
}
