/* sliced.c - mean information of one-dimensional projections.
 *
 *     SI(X;T) = E I(a'X; b'T),  SI(T;Y) = E I(b'T; Y),  a and b independent and uniform on unit spheres
 *
 * (Goldfeld & Greenewald, "Sliced mutual information: a scalable measure of statistical dependence", NeurIPS 2021,
 * definition 1; Y a label is not sliced, targets of a regression are). The expectation is a mean over `slices` pairs of
 * directions; of each slice, estimator/mixture.h estimates the information, columns scaled after slicing and units not
 * before. The standard error is s / sqrt(slices), s the standard deviation over slices (divisor slices - 1), which is
 * a property of the layer too: s = 0 if all directions show the same, large if few do.
 *
 * SI <= I(X;T), and SI = 0 only for independent variables, but SI is a quantity of its own: it is not bounded by the
 * data processing inequality and may grow from layer to layer. Width 1 and one input: the estimate itself. Directions
 * come from the stream of the seed, the same for every epoch and for layers of one width; those of X are the same for
 * all layers.
 *
 * Bias: that of the one-dimensional estimates, which is small, and independent of the width. Time slices N log N.
 */
#include "estimator/direction.h"
#include "estimator/kind.h"
#include "estimator/mixture.h"
#include "num/sum.h"

#include <math.h>

enum { SLICES, K, X };
enum { X_INPUTS, X_INDEX };
static const char *const xs[] = {"inputs", "index", NULL};
static const ip_parameter sliced_parameters[] = {
    {"slices", IP_PARAMETER_INT, "100", 2, 1000000, NULL, "pairs of directions"},
    {"k", IP_PARAMETER_INT, "3", 1, 10000, NULL, "number of the neighbour whose distance is taken"},
    {"x", IP_PARAMETER_CHOICE, "inputs", 0, 0, xs, "X: the inputs, sliced, or the number of the distinct input"},
};

static unsigned sliced_bounds(const double *v)
{
  return v[X] == X_INDEX ? IP_BELOW_HX | IP_BELOW_HY : IP_BELOW_HY;
}

static unsigned sliced_needs(const double *v)
{
  return v[X] == X_INPUTS ? IP_NEEDS_X : 0;
}

/* Variables of which one projection is taken. */
typedef struct sliceable {
  size_t width;
  const float *v;    // (n, width)
  double *direction; // (width)
  double *column;    // (n)
} sliceable;

typedef struct work {
  size_t n, k;
  sliceable x, t, target; /* v is NULL where there is none */
  size_t n_x, n_y;
  const uint32_t *x_id, *label; // (n), (n); x_id NULL: X is x, or every input its own
} work;

static ip_status open_slices(size_t n, size_t width, const float *v, ip_scratch *sc, sliceable *out)
{
  *out = (sliceable){.width = width, .v = v};
  IP_TRY(IP_SCRATCH(sc, out->direction, width, "a direction"));
  return IP_SCRATCH(sc, out->column, n, "a slice");
}

/* A direction uniform on the unit sphere, and the samples along it, scaled. */
static ip_scaled_columns slice(size_t n, ip_rng *r, sliceable *s)
{
  double square = 0;
  ip_direction_draw(r, s->width, s->direction);
  for (size_t k = 0; k < s->width; k++) square += s->direction[k] * s->direction[k];
  for (size_t k = 0; k < s->width; k++) s->direction[k] /= sqrt(square);
  ip_direction_follow(n, s->width, s->v, s->direction, s->column);
  return (ip_scaled_columns){ip_column_scale(n, s->column), s->column};
}

/* Information of slice i about X and about Y; NaN if no sample has a neighbour of its class. */
static ip_status of_slice(work *w, uint64_t seed, size_t i, ip_scratch *sc, double *ixt, double *ity)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, i + 1);
  ip_scaled_columns x = {0}, target = {0};
  if (w->x.v) x = slice(w->n, &r, &w->x);
  if (w->target.v) target = slice(w->n, &r, &w->target);
  ip_scaled_columns t = slice(w->n, &r, &w->t);
  *ixt = (double)NAN;
  if (w->x.v)
    IP_TRY(ip_mixture_information(w->n, w->k, &x, &t, sc, ixt));
  else if (w->x_id)
    IP_TRY(ip_mixture_label_information(w->n, w->k, w->n_x, w->x_id, &t, sc, ixt));
  if (w->target.v) return ip_mixture_information(w->n, w->k, &target, &t, sc, ity);
  return ip_mixture_label_information(w->n, w->k, w->n_y, w->label, &t, sc, ity);
}

static ip_status open_work(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, work *w)
{
  *w = (work){.n = s->n, .k = (size_t)v[K], .n_x = s->n_x, .n_y = s->n_y};
  IP_TRY(open_slices(s->n, s->width, s->t, sc, &w->t));
  if (v[X] == X_INPUTS)
    IP_TRY(open_slices(s->n, s->n_in, s->x, sc, &w->x));
  else
    w->x_id = s->x_id;
  if (s->target) return open_slices(s->n, s->n_targets, s->target, sc, &w->target);
  uint32_t *label; // (n)
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, 0);
  IP_TRY(IP_SCRATCH(sc, label, s->n, "labels"));
  for (size_t i = 0; i < s->n; i++) label[i] = (uint32_t)ip_samples_draw_label(s, i, &r);
  w->label = label;
  return IP_OK;
}

/* Mean of v (m) and its standard error. */
static void mean_and_error(size_t m, const double *v, double *mean, double *error)
{
  ip_sum sum = {0}, square = {0};
  for (size_t i = 0; i < m; i++) ip_sum_add(&sum, v[i]);
  *mean = ip_sum_value(&sum) / (double)m;
  for (size_t i = 0; i < m; i++) ip_sum_add(&square, (v[i] - *mean) * (v[i] - *mean));
  *error = sqrt(ip_sum_value(&square) / (double)(m - 1) / (double)m);
}

static ip_status sliced_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  size_t m = (size_t)v[SLICES], k = (size_t)v[K];
  work w;
  double *ixt, *ity; // (slices)
  IP_REQUIRE(k < s->n, IP_EINVAL, "k = %zu neighbours need more than %zu samples, got %zu", k, k, s->n);
  IP_TRY(open_work(v, seed, s, sc, &w));
  IP_TRY(IP_SCRATCH(sc, ixt, m, "information of slices"));
  IP_TRY(IP_SCRATCH(sc, ity, m, "information of slices"));
  for (size_t i = 0; i < m; i++) IP_TRY(of_slice(&w, seed, i, sc, &ixt[i], &ity[i]));
  if (isnan(ixt[0]))
    out->ixt_no_value = "every input occurs once, so no sample has a neighbour of its input";
  else
    mean_and_error(m, ixt, &out->ixt_bits, &out->ixt_error_bits);
  if (isnan(ity[0]))
    out->ity_no_value = "every sample is alone in its class, so none has a neighbour of its class";
  else
    mean_and_error(m, ity, &out->ity_bits, &out->ity_error_bits);
  return IP_OK;
}

const ip_estimator_kind ip_estimator_sliced = {
    .name = "sliced",
    .help = "sliced information: mean over random one-dimensional projections (Goldfeld & Greenewald 2021)",
    .parameter = sliced_parameters,
    .n_parameters = sizeof sliced_parameters / sizeof *sliced_parameters,
    .needs = sliced_needs,
    .bounds = sliced_bounds,
    .no_chain_rule = "a slice of X does not determine Y, so sliced information has no chain rule",
    .knows_targets = true,
    .run = sliced_run,
};
