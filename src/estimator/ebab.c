/* ebab.c - ebab: entropy-based adaptive binning (Chelombiev, Houghton & O'Donnell 2019).
 *
 * Bins hold equally many distinct activation levels, so they follow the activations of an unbounded unit wherever these
 * go. With u_0 < ... < u_(m-1) the distinct activations of all units of the layer at this epoch, the edges are
 *
 *     u_floor(k m / bins)  for k = 0 .. bins - 1,  and u_(m-1),
 *
 * and the bin of t is the number of edges <= t, as in the authors' program: the largest activation has a bin of its
 * own. So have activations that are exactly 0 where none is negative (units that are off): 0 is then left out of the
 * levels and the first edge lies above it. Unlike equal_mass, a level counts once however many samples share it.
 */
#include "estimator/codes.h"
#include "estimator/kind.h"

enum { EBAB_BINS, EBAB_CORRECTION };
static const ip_parameter ebab_parameters[] = {
    {"bins", IP_PARAMETER_INT, "30", 1, 65536, NULL, "number of bins between levels"},
    IP_PARAMETER_CORRECTION,
};

/* Leaves the distinct values of (m) sorted ones at the front and returns their number. */
static size_t drop_repeats(size_t m, double *sorted)
{
  size_t kept = 0;
  for (size_t k = 0; k < m; k++)
    if (!kept || sorted[k] != sorted[kept - 1]) sorted[kept++] = sorted[k];
  return kept;
}

static ip_status ebab_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  size_t bins = (size_t)v[EBAB_BINS], n = s->n * s->width;
  double *level, *edge; // (n * width), (bins + 1)
  IP_TRY(IP_SCRATCH(sc, level, n, "activation levels"));
  IP_TRY(IP_SCRATCH(sc, edge, bins + 1, "bin edges"));
  IP_TRY(ip_codes_sort(s, sc, level));
  size_t m = drop_repeats(n, level);
  if (level[0] == 0 && m > 1) {
    level++;
    m--;
  }
  for (size_t k = 0; k < bins; k++) edge[k] = level[k * m / bins];
  edge[bins] = level[m - 1];
  return ip_codes_by_edges(s, bins + 1, edge, sc, rows);
}

const ip_estimator_kind ip_estimator_ebab = {
    .name = "ebab",
    .help = "bins with equally many distinct activation levels of this epoch (Chelombiev et al. 2019)",
    .parameter = ebab_parameters,
    .n_parameters = sizeof ebab_parameters / sizeof *ebab_parameters,
    .correction_at = EBAB_CORRECTION,
    .rows = ebab_rows,
};
