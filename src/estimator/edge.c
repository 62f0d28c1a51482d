/* edge.c - EDGE: information of values that are hashed to cells, as a band over the smoothness of the cells.
 *
 * I is the median of ten grids (estimator/hashed.h), whose cells have along each of the d columns of a variable the
 * width
 *     e = 3 d c b,  b the mean distance to the k-th nearest sample along that column
 * in two passes: c = 0.9 gamma gives I_1, and c = 0.81 gamma 2^(-sqrt(2 I_1) + 1/(2 I_1)) the result. Y is hashed as
 * one column a class, 1 for its own; the targets of a regression as they are. With soft labels one is drawn for each
 * sample.
 *
 * gamma is chosen per layer in the papers (0.8 to 1.8), and halving it changes I by bits. So the estimate is a band,
 * from the smallest to the largest of gamma/2, gamma and 2 gamma; ixt and ity are those of gamma, which alone mean
 * nothing.
 *
 * Source: Noshad, Zeng & Hero, "Scalable mutual information estimation using dependence graphs", ICASSP 2019, and their
 * program EDGE 4.3.1, whose columns are first projected at random and whose b comes from 500 random samples; here
 * nothing is projected, and all samples are used. Bias: never below 0.001 bits nor above 10; cells with few samples add
 * spurious information. Time 120 hashings of N (n_in + width + classes) numbers.
 */
#include "estimator/hashed.h"
#include "estimator/kind.h"

#include <math.h>

enum { GAMMA };
static const ip_parameter edge_parameters[] = {
    {"gamma", IP_PARAMETER_REAL, "1", 1e-6, 1e6, NULL, "smoothness in the middle of the band from gamma/2 to 2 gamma"},
};

static unsigned edge_bounds(const double *v)
{
  (void)v;
  return IP_BELOW_HY; /* X is continuous */
}

static unsigned edge_needs(const double *v)
{
  (void)v;
  return IP_NEEDS_X;
}

static ip_status open_columns(size_t n, size_t width, ip_scratch *sc, ip_hashed *h)
{
  h->width = width;
  IP_REQUIRE(width <= SIZE_MAX / n, IP_ENOMEM, "%zu columns of %zu samples", width, n);
  IP_TRY(IP_SCRATCH(sc, h->v, width * n, "columns of samples"));
  return IP_SCRATCH(sc, h->cell, width, "widths of cells");
}

/* cell (width) for c = 1. */
static ip_status choose_cells(size_t n, ip_scratch *sc, ip_hashed *h)
{
  for (size_t k = 0; k < h->width; k++) {
    IP_TRY(ip_hashed_spacing(n, h->width, h->v + k * n, sc, &h->cell[k]));
    h->cell[k] *= 3 * (double)h->width;
  }
  return IP_OK;
}

static ip_status take_numbers(size_t n, size_t width, const float *v, ip_scratch *sc, ip_hashed *h)
{
  IP_TRY(open_columns(n, width, sc, h));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) h->v[k * n + i] = (double)v[i * width + k];
  return choose_cells(n, sc, h);
}

static ip_status take_labels(const ip_samples *s, uint64_t seed, ip_scratch *sc, ip_hashed *h)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, 0);
  IP_TRY(open_columns(s->n, s->n_y, sc, h));
  for (size_t i = 0; i < s->n; i++) h->v[(size_t)ip_samples_draw_label(s, i, &r) * s->n + i] = 1;
  return choose_cells(s->n, sc, h);
}

static ip_status information(size_t n, const ip_hashed *a, const ip_hashed *t, double gamma, ip_scratch *sc,
                             double *bits)
{
  double first;
  IP_TRY(ip_hashed_ensemble(n, a, t, 0.9 * gamma, sc, &first));
  return ip_hashed_ensemble(n, a, t, 0.81 * gamma * exp2(-sqrt(2 * first) + 1 / (2 * first)), sc, bits);
}

static ip_status band(size_t n, const ip_hashed *a, const ip_hashed *t, double gamma, ip_scratch *sc, double *middle,
                      double *low, double *high)
{
  double finer, coarser;
  IP_TRY(information(n, a, t, gamma / 2, sc, &finer));
  IP_TRY(information(n, a, t, gamma, sc, middle));
  IP_TRY(information(n, a, t, gamma * 2, sc, &coarser));
  *low = fmin(*middle, fmin(finer, coarser));
  *high = fmax(*middle, fmax(finer, coarser));
  return IP_OK;
}

static ip_status edge_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  ip_hashed t, x, y;
  IP_TRY(take_numbers(s->n, s->width, s->t, sc, &t));
  IP_TRY(take_numbers(s->n, s->n_in, s->x, sc, &x));
  IP_TRY(band(s->n, &x, &t, v[GAMMA], sc, &out->ixt_bits, &out->ixt_band_low, &out->ixt_band_high));
  IP_TRY(s->target ? take_numbers(s->n, s->n_targets, s->target, sc, &y) : take_labels(s, seed, sc, &y));
  return band(s->n, &y, &t, v[GAMMA], sc, &out->ity_bits, &out->ity_band_low, &out->ity_band_high);
}

const ip_estimator_kind ip_estimator_edge = {
    .name = "edge",
    .help = "EDGE, hashing to cells, as a band over its smoothness: no single number (Noshad, Zeng & Hero 2019)",
    .parameter = edge_parameters,
    .n_parameters = sizeof edge_parameters / sizeof *edge_parameters,
    .needs = edge_needs,
    .bounds = edge_bounds,
    .no_chain_rule = "terms of cells are clamped one by one, so estimates by hashing have no chain rule",
    .knows_targets = true,
    .band = "from half to double the smoothness gamma",
    .run = edge_run,
};
