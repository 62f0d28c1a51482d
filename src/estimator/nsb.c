#include "estimator/nsb.h"

#include "num/gamma.h"

#include <math.h>
#include <stdbool.h>

/* The counts, as functions of u = ln beta. */
typedef struct posterior {
  size_t n_distinct;
  const ip_count_times *distinct; // (n_distinct)
  double n, possible, seen;
} posterior;

/* ln of the integrand without H: rho(beta) dxi/dbeta beta, up to a constant. */
static double log_weight(const posterior *p, double u)
{
  double beta = exp(u), sum = -ip_log_rising(p->possible * beta, p->n);
  for (size_t k = 0; k < p->n_distinct; k++)
    sum += (double)p->distinct[k].times * ip_log_rising(beta, (double)p->distinct[k].count);
  return sum + log(ip_trigamma_step(beta, p->possible * beta));
}

static double mean_entropy(const posterior *p, double u)
{
  double beta = exp(u), total = p->n + p->possible * beta;
  double sum = (p->possible - p->seen) * beta * ip_digamma(beta + 1);
  for (size_t k = 0; k < p->n_distinct; k++) {
    double c = (double)p->distinct[k].count + beta;
    sum += (double)p->distinct[k].times * c * ip_digamma(c + 1);
  }
  return ip_digamma(total + 1) - sum / total;
}

#define LOWEST (-20.)
#define HIGHEST 40.
#define NEGLIGIBLE 36. /* e^-36 of the largest weight */

/* Where the weight is largest, to 2^-9: the best of a coarse grid, then halved steps. */
static double find_peak(const posterior *p, double *log_peak)
{
  double best = LOWEST;
  *log_peak = log_weight(p, best);
  for (double u = LOWEST + 2; u <= HIGHEST; u += 2) {
    double w = log_weight(p, u);
    if (w > *log_peak) *log_peak = w, best = u;
  }
  for (double step = 1; step > 1. / 512; step /= 2)
    for (int side = -1; side <= 1; side += 2) {
      double w = log_weight(p, best + side * step);
      if (w > *log_peak) *log_peak = w, best += side * step;
    }
  return best;
}

typedef struct sums {
  double weight, entropy; /* sum of weights, and of weights times entropies */
  size_t nodes;
} sums;

/* Adds the nodes u, u + step, ... up to the first with a negligible weight. */
static void add_nodes(const posterior *p, double u, double step, double log_peak, sums *s)
{
  for (;; u += step) {
    double relative = log_weight(p, u) - log_peak;
    if (!(relative > -NEGLIGIBLE)) return;
    double w = exp(relative);
    s->weight += w;
    s->entropy += w * mean_entropy(p, u);
    s->nodes++;
  }
}

enum { MIN_NODES = 16, MAX_HALVINGS = 16 };

double ip_nsb_entropy_nats(size_t n_distinct, const ip_count_times *distinct, double n, double possible)
{
  posterior p = {n_distinct, distinct, n, possible, 0};
  for (size_t k = 0; k < n_distinct; k++) p.seen += (double)distinct[k].times;
  double log_peak, peak = find_peak(&p, &log_peak), step = 0.5;
  sums s = {0};
  add_nodes(&p, peak, step, log_peak, &s);
  add_nodes(&p, peak - step, -step, log_peak, &s);
  double h = s.entropy / s.weight, before;
  bool close = false;
  for (int i = 0; i < MAX_HALVINGS && !close; i++) {
    before = h;
    add_nodes(&p, peak + step / 2, step, log_peak, &s);
    add_nodes(&p, peak - step / 2, -step, log_peak, &s);
    step /= 2;
    h = s.entropy / s.weight;
    close = s.nodes >= MIN_NODES && fabs(h - before) < 1e-12 * fmax(1, h);
  }
  return h;
}
