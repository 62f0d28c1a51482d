#include "estimator/hashed.h"

#include "num/kdtree.h"
#include "num/sum.h"
#include "num/unique.h"

#include <math.h>
#include <string.h>

#define LEAST_BITS 0.001
#define MOST_BITS 10.

enum { GRIDS = 10 };

/* id (n): the number of each sample's cell among those that have any. */
static ip_status number_cells(size_t n, const ip_hashed *a, double scale, int l, ip_scratch *sc, uint32_t *id,
                              size_t *n_cells)
{
  size_t mark = ip_scratch_mark(sc);
  uint64_t *row; // (n, width)
  IP_REQUIRE(a->width <= SIZE_MAX / n, IP_ENOMEM, "%zu rows of %zu cells", n, a->width);
  IP_TRY(IP_SCRATCH(sc, row, n * a->width, "cells"));
  for (size_t k = 0; k < a->width; k++) {
    double e = scale * a->cell[k] * (1 + 0.1 * l / 9), shift = e * l / 10;
    for (size_t i = 0; i < n; i++) {
      double v = a->v[k * n + i], cell = (e > 0 ? floor((v + shift) / e) : v) + 0.0; /* -0 becomes 0 */
      memcpy(&row[i * a->width + k], &cell, sizeof cell);
    }
  }
  IP_TRY(ip_unique_rows(n, a->width, row, sc, id, n_cells));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status count(size_t n, const uint32_t *id, size_t n_cells, ip_scratch *sc, uint32_t **counts)
{
  IP_TRY(IP_SCRATCH(sc, *counts, n_cells, "samples of cells"));
  for (size_t i = 0; i < n; i++) (*counts)[id[i]]++;
  return IP_OK;
}

ip_status ip_hashed_grid(size_t n, const ip_hashed *a, const ip_hashed *t, double scale, int l, ip_scratch *sc,
                         double *bits)
{
  size_t mark = ip_scratch_mark(sc), n_a, n_t, n_both;
  uint32_t *in_a, *in_t, *in_both, *of_a, *of_t, *of_both; // (n), of cells
  uint64_t *both;                                          // (n)
  ip_sum sum = {0};
  IP_TRY(IP_SCRATCH(sc, in_a, n, "cells of samples"));
  IP_TRY(IP_SCRATCH(sc, in_t, n, "cells of samples"));
  IP_TRY(IP_SCRATCH(sc, in_both, n, "cells of samples"));
  IP_TRY(IP_SCRATCH(sc, both, n, "cells of samples"));
  IP_TRY(number_cells(n, a, scale, l, sc, in_a, &n_a));
  IP_TRY(number_cells(n, t, scale, l, sc, in_t, &n_t));
  for (size_t i = 0; i < n; i++) both[i] = (uint64_t)in_a[i] << 32 | in_t[i];
  IP_TRY(ip_unique_keys(n, both, 0, sc, in_both, &n_both));
  IP_TRY(count(n, in_a, n_a, sc, &of_a));
  IP_TRY(count(n, in_t, n_t, sc, &of_t));
  IP_TRY(count(n, in_both, n_both, sc, &of_both));
  for (size_t i = 0; i < n; i++) { /* every sample has its share of the term of its cell */
    double ratio = (double)n * of_both[in_both[i]] / ((double)of_a[in_a[i]] * of_t[in_t[i]]);
    ip_sum_add(&sum, fmin(fmax(log2(ratio), LEAST_BITS), MOST_BITS));
  }
  *bits = ip_sum_value(&sum) / (double)n;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_hashed_ensemble(size_t n, const ip_hashed *a, const ip_hashed *t, double scale, ip_scratch *sc,
                             double *bits)
{
  double value[GRIDS]; // ascending
  for (int l = 0; l < GRIDS; l++) {
    double v;
    int at = l;
    IP_TRY(ip_hashed_grid(n, a, t, scale, l, sc, &v));
    for (; at > 0 && value[at - 1] > v; at--) value[at] = value[at - 1];
    value[at] = v;
  }
  *bits = (value[GRIDS / 2 - 1] + value[GRIDS / 2]) / 2;
  return IP_OK;
}

ip_status ip_hashed_spacing(size_t n, size_t width, const double *column, ip_scratch *sc, double *spacing)
{
  size_t mark = ip_scratch_mark(sc);
  double d = (double)width, nearest;
  double rule = 0.43 * pow((double)n, 2. / 3 + 0.17 * d / (d + 1)) * exp(-1 / fmax(1e4, d * d * d * d));
  size_t k = rule < 1 ? 1 : rule < (double)n ? (size_t)rule : n;
  ip_kdtree sorted;
  ip_sum sum = {0};
  IP_TRY(ip_kdtree_create(n, 1, &column, NULL, sc, &sorted));
  for (size_t i = 0; i < n; i++) ip_sum_add(&sum, ip_kdtree_kth(&sorted, &column[i], k, &nearest));
  *spacing = ip_sum_value(&sum) / (double)n + 1e-4;
  ip_scratch_release(sc, mark);
  return IP_OK;
}
