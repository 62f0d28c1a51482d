#include "dataset/transform.h"

#include "base/rng.h"
#include "num/random.h"
#include "num/sum.h"

#include <math.h>
#include <string.h>

ip_status ip_transform_labels(double part, uint64_t seed, ip_scratch *sc, ip_dataset *ds)
{
  size_t n_random = (size_t)floor(part * (double)ds->n_train * (1 + 1e-12));
  if (part == 0) return IP_OK;
  IP_REQUIRE(!ds->p_y_given_x, IP_ECONFIG,
             "%s has soft labels, which cannot be replaced by random ones; use hard labels", ds->name);
  IP_REQUIRE(ds->n_classes > 1, IP_ECONFIG, "%s has no classes to draw random labels from", ds->name);
  size_t mark = ip_scratch_mark(sc);
  uint32_t *row; // (n_train)
  IP_TRY(IP_SCRATCH(sc, row, ds->n_train, "rows to relabel"));
  memcpy(row, ds->train, ds->n_train * sizeof *row);
  ip_rng stream = ip_rng_open(seed, IP_RNG_LABELS, 0);
  ip_shuffle(&stream, ds->n_train, row);
  for (size_t i = 0; i < n_random && i < ds->n_train; i++)
    ds->y[row[i]] = (int32_t)ip_rng_below(&stream, ds->n_classes);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Element i of the inputs in the precision of the source. */
static double input(const ip_dataset *ds, size_t i)
{
  return ds->exact ? ds->exact[i] : (double)ds->x[i];
}

/* One input becomes (x - centre) * factor + shift. */
typedef struct {
  double centre, factor, shift;
} affine;

static affine from_range(ip_scale scale, double low, double high)
{
  double span = scale == IP_SCALE_UNIT ? 1 : 2;
  affine a = {.centre = low};
  if (high > low) {
    a.factor = span / (high - low);
    a.shift = scale == IP_SCALE_UNIT ? 0 : -1;
  }
  return a;
}

/* Ranges of all inputs over the training rows. */
static void measure_ranges(const ip_dataset *ds, ip_scale scale, double *low, affine *map)
{
  double *high = low + ds->n_in;
  for (size_t k = 0; k < ds->n_in; k++) {
    low[k] = HUGE_VAL;
    high[k] = -HUGE_VAL;
  }
  for (size_t i = 0; i < ds->n_train; i++) {
    size_t row = ds->train[i] * ds->n_in;
    for (size_t k = 0; k < ds->n_in; k++) {
      low[k] = fmin(low[k], input(ds, row + k));
      high[k] = fmax(high[k], input(ds, row + k));
    }
  }
  for (size_t k = 0; k < ds->n_in; k++) map[k] = from_range(scale, low[k], high[k]);
}

/* Means and standard deviations (of the population) over the training rows, in two passes. */
static ip_status measure_moments(const ip_dataset *ds, ip_scratch *sc, affine *map)
{
  ip_sum *sum; // (2, n_in) of x, then of (x - mean)^2
  IP_TRY(IP_SCRATCH(sc, sum, 2 * ds->n_in, "moments of the inputs"));
  for (size_t i = 0; i < ds->n_train; i++)
    for (size_t k = 0; k < ds->n_in; k++) ip_sum_add(&sum[k], input(ds, ds->train[i] * ds->n_in + k));
  for (size_t k = 0; k < ds->n_in; k++) map[k].centre = ip_sum_value(&sum[k]) / (double)ds->n_train;
  for (size_t i = 0; i < ds->n_train; i++)
    for (size_t k = 0; k < ds->n_in; k++) {
      double d = input(ds, ds->train[i] * ds->n_in + k) - map[k].centre;
      ip_sum_add(&sum[ds->n_in + k], d * d);
    }
  for (size_t k = 0; k < ds->n_in; k++) {
    double sd = sqrt(ip_sum_value(&sum[ds->n_in + k]) / (double)ds->n_train);
    /* a constant: its mean may be off by a rounding error, which must not be blown up to a deviation of 1 */
    map[k].factor = sd > 1e-12 * fabs(map[k].centre) ? 1 / sd : 0;
  }
  return IP_OK;
}

ip_status ip_transform_scale(ip_scale scale, const ip_value_range *range, ip_scratch *sc, ip_dataset *ds)
{
  if (scale == IP_SCALE_AUTO) scale = range->is_image ? IP_SCALE_UNIT : IP_SCALE_NONE;
  if (scale == IP_SCALE_NONE) return IP_OK;
  size_t mark = ip_scratch_mark(sc);
  affine *map; // (n_in)
  double *low; // (2, n_in) lowest, then highest values
  IP_TRY(IP_SCRATCH(sc, map, ds->n_in, "scales of the inputs"));
  IP_TRY(IP_SCRATCH(sc, low, 2 * ds->n_in, "ranges of the inputs"));
  if (scale == IP_SCALE_STANDARD)
    IP_TRY(measure_moments(ds, sc, map));
  else if (range->known)
    for (size_t k = 0; k < ds->n_in; k++) map[k] = from_range(scale, (double)range->low, (double)range->high);
  else
    measure_ranges(ds, scale, low, map);

  for (size_t r = 0; r < ds->n; r++)
    for (size_t k = 0; k < ds->n_in; k++) {
      float *x = &ds->x[r * ds->n_in + k];
      double v = (input(ds, r * ds->n_in + k) - map[k].centre) * map[k].factor + map[k].shift;
      *x = (float)v + 0.0f; /* no -0 */
      IP_REQUIRE(
          isfinite(*x), IP_ENUMERIC,
          "%s: row %zu, input %zu becomes %g when scaled by the training rows; remove this outlier or use the scale "
          "none",
          ds->name, r + 1, k + 1, v);
    }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
