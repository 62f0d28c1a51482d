/* edge.c - EDGE: information of values that are hashed to cells, as a band over the smoothness of the cells.
 *
 * I is the median of ten grids (estimator/hashed.h), whose cells have along each of the d columns of a variable the
 * width
 *     e = 3 d c b,  b the mean distance to the k-th nearest sample along that column
 * in two passes: c = 0.9 gamma gives I_1, and c = 0.81 gamma 2^(-sqrt(2 I_1) + 1/(2 I_1)) the result. Y is hashed as
 * one column a class that occurs, 1 for its own; the targets of a regression as they are. With soft labels one is drawn
 * for each sample.
 *
 * gamma is chosen per layer in the papers (0.8 to 1.8), and halving it changes I by bits. So the estimate is a band,
 * from the smallest to the largest of gamma/2, gamma and 2 gamma; ixt and ity are those of gamma, which alone mean
 * nothing.
 *
 * Cells of many columns hold all samples. `columns` = m > 0 therefore replaces a variable of D > m columns v_k by
 *
 *     sum_k w_kc v_k / (s_k sqrt(D)),  c = 1 .. m,  w_kc standard normal, s_k the standard deviation of v_k
 *
 * (1 for one below 10^-4), so that d = m; the w of X, of T and of targets are streams of the seed, so they are the same
 * for all epochs and all layers of one width. Every class is then a cell of its own (gamma near 0, as the program
 * advises for discrete variables).
 *
 * Source: Noshad, Zeng & Hero, "Scalable mutual information estimation using dependence graphs", ICASSP 2019, and their
 * program EDGE 4.3.1, which projects to m = floor(log2(N/10)) columns if X or T has more than six, and whose b comes
 * from 500 random samples; here all samples are used. Bias: never below 0.001 bits nor above 10; cells with few samples
 * add spurious information. Time 120 hashings of N numbers a column, and N D m for projections.
 */
#include "estimator/direction.h"
#include "estimator/hashed.h"
#include "estimator/kind.h"
#include "estimator/scaled.h"
#include "num/unique.h"

#include <math.h>

enum { GAMMA, COLUMNS };
static const ip_parameter edge_parameters[] = {
    {"gamma", IP_PARAMETER_REAL, "1", 1e-6, 1e6, NULL, "smoothness in the middle of the band from gamma/2 to 2 gamma"},
    {"columns", IP_PARAMETER_INT, "0", 0, 1e6, NULL, "most columns, of random projections if there are more; 0: all"},
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

/* Streams of the estimator's seed. */
enum { OF_LABELS, OF_X, OF_T, OF_TARGETS };

/* Standard deviations (width) of the columns of v (n, width), as the authors' program has them. */
static ip_status find_deviations(size_t n, size_t width, const float *v, ip_scratch *sc, double **deviation)
{
  double *column; // (n)
  IP_TRY(IP_SCRATCH(sc, *deviation, width, "standard deviations"));
  IP_TRY(IP_SCRATCH(sc, column, n, "a column of samples"));
  for (size_t k = 0; k < width; k++) {
    for (size_t i = 0; i < n; i++) column[i] = (double)v[i * width + k];
    (*deviation)[k] = ip_column_deviation(n, column);
    if ((*deviation)[k] < 1e-4) (*deviation)[k] = 1;
  }
  return IP_OK;
}

/* Fewer columns, h->width, of v (n, width). */
static ip_status project(size_t n, size_t width, const float *v, uint64_t seed, uint64_t stream, ip_scratch *sc,
                         ip_hashed *h)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, stream);
  double *deviation, *direction; // (width)
  IP_TRY(find_deviations(n, width, v, sc, &deviation));
  IP_TRY(IP_SCRATCH(sc, direction, width, "a direction"));
  for (size_t c = 0; c < h->width; c++) {
    ip_direction_draw(&r, width, direction);
    for (size_t k = 0; k < width; k++) direction[k] /= deviation[k] * sqrt((double)width);
    ip_direction_follow(n, width, v, direction, h->v + c * n);
  }
  return IP_OK;
}

/* v (n, width) in at most `most` columns; 0: all. */
static ip_status take_numbers(size_t n, size_t width, const float *v, size_t most, uint64_t seed, uint64_t stream,
                              ip_scratch *sc, ip_hashed *h)
{
  bool wide = most && width > most;
  IP_TRY(open_columns(n, wide ? most : width, sc, h));
  if (wide) {
    IP_TRY(project(n, width, v, seed, stream, sc, h));
    return choose_cells(n, sc, h);
  }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) h->v[k * n + i] = (double)v[i * width + k];
  return choose_cells(n, sc, h);
}

/* The number (n) of each sample's class among the n_classes that occur. */
static ip_status number_classes(const ip_samples *s, uint64_t seed, ip_scratch *sc, uint32_t **number,
                                size_t *n_classes)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, OF_LABELS);
  uint64_t *label; // (n)
  IP_TRY(IP_SCRATCH(sc, *number, s->n, "classes"));
  IP_TRY(IP_SCRATCH(sc, label, s->n, "labels"));
  for (size_t i = 0; i < s->n; i++) label[i] = (uint64_t)ip_samples_draw_label(s, i, &r);
  return ip_unique_keys(s->n, label, 0, sc, *number, n_classes);
}

/* A column a class that occurs; a cell a class in one column if `apart`. */
static ip_status take_labels(const ip_samples *s, bool apart, uint64_t seed, ip_scratch *sc, ip_hashed *h)
{
  uint32_t *number; // (n) of the class
  size_t n_classes;
  IP_TRY(number_classes(s, seed, sc, &number, &n_classes));
  IP_TRY(open_columns(s->n, apart ? 1 : n_classes, sc, h));
  for (size_t i = 0; i < s->n; i++) {
    if (apart)
      h->v[i] = (double)number[i];
    else
      h->v[number[i] * s->n + i] = 1;
  }
  if (apart) return IP_OK;
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
  size_t most = (size_t)v[COLUMNS];
  ip_hashed t, x, y;
  IP_TRY(take_numbers(s->n, s->width, s->t, most, seed, OF_T, sc, &t));
  IP_TRY(take_numbers(s->n, s->n_in, s->x, most, seed, OF_X, sc, &x));
  IP_TRY(band(s->n, &x, &t, v[GAMMA], sc, &out->ixt_bits, &out->ixt_band_low, &out->ixt_band_high));
  IP_TRY(s->target ? take_numbers(s->n, s->n_targets, s->target, most, seed, OF_TARGETS, sc, &y)
                   : take_labels(s, most > 0, seed, sc, &y));
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
