/* binning.c - the four ways to bin activations: edges, width, equal_width, equal_mass.
 *
 * Every unit is coded by itself, the symbol of T is the row of its units' codes, and information is that of the joint
 * counts (estimator/discrete.h). Codes are exactly those of float64 arithmetic.
 */
#include "estimator/codes.h"
#include "estimator/kind.h"

#include <math.h>

/* edge (n_edges): n_edges points from low to high, the way numpy.linspace rounds them. */
static void space_evenly(double low, double high, size_t n_edges, double *edge)
{
  double step = n_edges > 1 ? (high - low) / (double)(n_edges - 1) : 0;
  for (size_t k = 0; k < n_edges; k++) edge[k] = (double)k * step + low;
  if (n_edges > 1) edge[n_edges - 1] = high;
}

static ip_status check_low_high(const char *name, double low, double high)
{
  IP_REQUIRE(low < high, IP_ECONFIG, "estimator %s: low must be below high, got low=%g and high=%g", name, low, high);
  return IP_OK;
}

/* --- edges: the rule of Shwartz-Ziv & Tishby 2017 */

enum { EDGES_COUNT, EDGES_LOW, EDGES_HIGH, EDGES_CORRECTION };
static const ip_parameter edges_parameters[] = {
    {"count", IP_PARAMETER_INT, "30", 2, 65536, NULL, "number of edges, from low to high"},
    {"low", IP_PARAMETER_REAL, "-1", -1e30, 1e30, NULL, "first edge; what is below it has a bin of its own"},
    {"high", IP_PARAMETER_REAL, "1", -1e30, 1e30, NULL, "last edge; what reaches it has a bin of its own"},
    IP_PARAMETER_CORRECTION,
};

static ip_status edges_check(const double *v)
{
  return check_low_high("edges", v[EDGES_LOW], v[EDGES_HIGH]);
}

static ip_status edges_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  size_t n_edges = (size_t)v[EDGES_COUNT];
  double *edge; // (n_edges)
  IP_TRY(IP_SCRATCH(sc, edge, n_edges, "bin edges"));
  space_evenly(v[EDGES_LOW], v[EDGES_HIGH], n_edges, edge);
  return ip_codes_by_edges(s, n_edges, edge, sc, rows);
}

const ip_estimator_kind ip_estimator_edges = {
    .name = "edges",
    .help = "bin = number of evenly spaced edges <= t (Shwartz-Ziv & Tishby 2017)",
    .parameter = edges_parameters,
    .n_parameters = sizeof edges_parameters / sizeof *edges_parameters,
    .check = edges_check,
    .correction_at = EDGES_CORRECTION,
    .rows = edges_rows,
};

/* --- width: the rule of Saxe et al. 2018 */

enum { WIDTH_SIZE, WIDTH_CORRECTION };
static const ip_parameter width_parameters[] = {
    {"size", IP_PARAMETER_REAL, "0.07", 1e-30, 1e30, NULL, "width w of the bins [k w, (k+1) w)"},
    IP_PARAMETER_CORRECTION,
};

static ip_status width_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  return ip_codes_by_width(s, v[WIDTH_SIZE], sc, rows);
}

const ip_estimator_kind ip_estimator_width = {
    .name = "width",
    .help = "bin = floor(t / size) (Saxe et al. 2018)",
    .parameter = width_parameters,
    .n_parameters = sizeof width_parameters / sizeof *width_parameters,
    .correction_at = WIDTH_CORRECTION,
    .rows = width_rows,
};

/* --- equal_width: bins of one width over the range of the layer */

enum { EQUAL_WIDTH_BINS, EQUAL_WIDTH_RANGE, EQUAL_WIDTH_LOW, EQUAL_WIDTH_HIGH, EQUAL_WIDTH_CORRECTION };
enum { RANGE_EPOCH, RANGE_RUN, RANGE_FIXED };
static const char *const ranges[] = {"epoch", "run", "fixed", NULL};
static const ip_parameter equal_width_parameters[] = {
    {"bins", IP_PARAMETER_INT, "30", 1, 65536, NULL, "number of bins"},
    {"range", IP_PARAMETER_CHOICE, "epoch", 0, 0, ranges,
     "what the bins cover: the layer's values at this epoch, over the whole run, or low to high"},
    {"low", IP_PARAMETER_REAL, "-1", -1e30, 1e30, NULL, "range=fixed: begin of the first bin"},
    {"high", IP_PARAMETER_REAL, "1", -1e30, 1e30, NULL, "range=fixed: end of the last bin"},
    IP_PARAMETER_CORRECTION,
};

static ip_status equal_width_check(const double *v)
{
  bool fixed = v[EQUAL_WIDTH_RANGE] == RANGE_FIXED;
  IP_REQUIRE(fixed || (v[EQUAL_WIDTH_LOW] == -1 && v[EQUAL_WIDTH_HIGH] == 1), IP_ECONFIG,
             "estimator equal_width: low and high only go with range=fixed");
  return check_low_high("equal_width", v[EQUAL_WIDTH_LOW], v[EQUAL_WIDTH_HIGH]);
}

static unsigned equal_width_needs(const double *v)
{
  return v[EQUAL_WIDTH_RANGE] == RANGE_RUN ? IP_NEEDS_RUN_RANGE : 0;
}

/* Only the edges between bins are counted: the end of the range belongs to the last bin, and so does what is beyond a
 * fixed range. */
static ip_status equal_width_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  size_t bins = (size_t)v[EQUAL_WIDTH_BINS];
  double low = s->low, high = s->high, *edge; // (bins + 1)
  if (v[EQUAL_WIDTH_RANGE] == RANGE_EPOCH) ip_codes_range(s, &low, &high);
  if (v[EQUAL_WIDTH_RANGE] == RANGE_FIXED) {
    low = v[EQUAL_WIDTH_LOW];
    high = v[EQUAL_WIDTH_HIGH];
  }
  IP_TRY(IP_SCRATCH(sc, edge, bins + 1, "bin edges"));
  space_evenly(low, high, bins + 1, edge);
  if (bins == 1) edge[1] = INFINITY;
  return ip_codes_by_edges(s, bins > 1 ? bins - 1 : 1, edge + 1, sc, rows);
}

const ip_estimator_kind ip_estimator_equal_width = {
    .name = "equal_width",
    .help = "bins of one width over the range of the layer",
    .parameter = equal_width_parameters,
    .n_parameters = sizeof equal_width_parameters / sizeof *equal_width_parameters,
    .check = equal_width_check,
    .needs = equal_width_needs,
    .correction_at = EQUAL_WIDTH_CORRECTION,
    .rows = equal_width_rows,
};

/* --- equal_mass: as many activations in each bin, as far as ties allow */

enum { EQUAL_MASS_BINS, EQUAL_MASS_CORRECTION };
static const ip_parameter equal_mass_parameters[] = {
    {"bins", IP_PARAMETER_INT, "30", 1, 65536, NULL, "number of bins"},
    IP_PARAMETER_CORRECTION,
};

/* The k-th of q quantiles of (m) ascending values, interpolated linearly between neighbours (Hyndman & Fan 1996,
 * definition 7). At a whole position it is the value there, to the last bit. */
static double quantile(size_t m, const double *sorted, size_t k, size_t q)
{
  size_t whole = (m - 1) / q * k + (m - 1) % q * k / q, rest = (m - 1) % q * k % q; /* k (m - 1) / q, exactly */
  double here = sorted[whole];
  return rest ? here + (double)rest / (double)q * (sorted[whole + 1] - here) : here;
}

/* Edges are the quantiles of all activations of the layer at this epoch. Equal activations always share a bin (the one
 * above the edge they tie with), so that many ties leave bins unequal or empty. */
static ip_status equal_mass_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  size_t bins = (size_t)v[EQUAL_MASS_BINS], m = s->n * s->width, n_edges = bins > 1 ? bins - 1 : 1;
  double *sorted, *edge; // (n * width), (n_edges)
  IP_TRY(IP_SCRATCH(sc, sorted, m, "sorted activations"));
  IP_TRY(IP_SCRATCH(sc, edge, n_edges, "bin edges"));
  IP_TRY(ip_codes_sort(s, sc, sorted));
  for (size_t k = 1; k < bins; k++) edge[k - 1] = quantile(m, sorted, k, bins);
  if (bins == 1) edge[0] = INFINITY;
  return ip_codes_by_edges(s, n_edges, edge, sc, rows);
}

const ip_estimator_kind ip_estimator_equal_mass = {
    .name = "equal_mass",
    .help = "bins between quantiles of the layer's activations at this epoch; ties share a bin",
    .parameter = equal_mass_parameters,
    .n_parameters = sizeof equal_mass_parameters / sizeof *equal_mass_parameters,
    .correction_at = EQUAL_MASS_CORRECTION,
    .rows = equal_mass_rows,
};
