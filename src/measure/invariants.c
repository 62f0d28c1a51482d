/* invariants.c - who holds a layer's information: its units each for themselves, twice over, or only together.
 *
 * T_1 ... T_w are the codes of the units, made by a discrete estimator with edges common to the layer, T all of them
 * and T_-i all but T_i. All entropies are plug-in, in bits; Y is the label.
 *
 *     redundancy            r = sum_i I(T_i;Y) / I(T;Y), the average degree of redundancy, 0 ... w
 *     vulnerability         v = sum_i I(T_i;Y|T_-i) / I(T;Y) = w - sum_i I(T_-i;Y) / I(T;Y), 0 ... w
 *     redundancy_synergy    sum_i I(T_i;Y) - I(T;Y) = (r - 1) I(T;Y)
 *     total_correlation     TC = sum_i H(T_i) - H(T)
 *     dual_total_correlation  DTC = H(T) - sum_i H(T_i|T_-i) = sum_i H(T_-i) - (w - 1) H(T)
 *     o_information         TC - DTC: above 0 where redundancy prevails, below 0 where synergy does
 *
 * These are 2w + 1 countings of N samples. T_-i is counted without its row: every sample has the sum of one random word
 * for each code, and T_-i is that sum less one word. Unlike rows have the same sum with probability 2^-64 a pair.
 *
 * Bias: that of plug-in entropies, largest for T and T_-i. Where most samples are alone in their symbol, r is too small
 * and v too large.
 *
 * Sources: Gutknecht, Rosas, Ehrlich, Makkeh, Mediano & Wibral, "Shannon invariants: a scalable approach to information
 * decomposition", arXiv:2504.15779, 2025 (r, v); Rosas, Mediano, Gastpar & Jensen, "Quantifying high-order
 * interdependencies via multivariate extensions of the mutual information", Phys. Rev. E 100, 2019 (O-information).
 */
#include "estimator/discrete.h"
#include "measure/kind.h"

#include <assert.h>
#include <stdio.h>

static const char *const code_names[] = {"width", "edges", "equal_width", "equal_mass", "ebab", "exact", NULL};
enum { BY_WIDTH, BY_EDGES, BY_EQUAL_WIDTH, BY_EQUAL_MASS, BY_EBAB, BY_VALUE };

enum { CODES, SIZE, BINS };
static const ip_parameter invariants_parameters[] = {
    {"codes", IP_PARAMETER_CHOICE, "width", 0, 0, code_names, "the estimator whose bins are the codes of the units"},
    {"size", IP_PARAMETER_REAL, "0.5", 1e-30, 1e30, NULL, "codes=width: width of a bin"},
    {"bins", IP_PARAMETER_INT, "30", 1, 65536, NULL, "number of bins, or of edges"},
};

enum {
  REDUNDANCY,
  VULNERABILITY,
  REDUNDANCY_SYNERGY,
  TOTAL_CORRELATION,
  DUAL_TOTAL_CORRELATION,
  O_INFORMATION,
  N_SERIES
};
static const ip_measure_series invariants_series[N_SERIES] = {
    [REDUNDANCY] = {"redundancy", "1", "sum of I(T_i;Y) over units / I(T;Y), 0 to width"},
    [VULNERABILITY] = {"vulnerability", "1", "sum of I(T_i;Y|other units) / I(T;Y), 0 to width"},
    [REDUNDANCY_SYNERGY] = {"redundancy_synergy", "bits", "sum of I(T_i;Y) over units, less I(T;Y)"},
    [TOTAL_CORRELATION] = {"total_correlation", "bits", "sum of H(T_i) over units, less H(T)"},
    [DUAL_TOTAL_CORRELATION] = {"dual_total_correlation", "bits", "H(T) less the sum of H(T_i|other units)"},
    [O_INFORMATION] = {"o_information", "bits", "total less dual total correlation; above 0: redundancy prevails"},
};

/* word (n * width): the code of every activation, as rows of one unit: edges are those of the whole layer. */
static ip_status unit_codes(const double *v, const ip_samples *s, ip_scratch *sc, uint64_t **word)
{
  char spec[96];
  ip_estimator *e;
  ip_key_rows rows = {0};
  ip_samples units = *s;
  IP_REQUIRE(s->n <= (UINT32_MAX - 1) / s->width, IP_EINVAL, "%zu samples of %zu units: more activations than 2^32",
             s->n, s->width);
  units.n = s->n * s->width;
  units.width = 1;
  units.quantize_bits = 0; /* a promise about each unit, not about all together */
  switch ((int)v[CODES]) {
  case BY_WIDTH:
    snprintf(spec, sizeof spec, "width:size=%.17g", v[SIZE]);
    break;
  case BY_VALUE:
    snprintf(spec, sizeof spec, "exact");
    break;
  default:
    snprintf(spec, sizeof spec, "%s:%s=%.0f", code_names[(int)v[CODES]], v[CODES] == BY_EDGES ? "count" : "bins",
             v[BINS]);
  }
  IP_TRY(ip_estimator_create(spec, 0, &e));
  ip_status st = ip_estimator_kind_of(e)->rows(ip_estimator_values(e), &units, sc, &rows);
  ip_estimator_destroy(&e);
  assert(st != IP_OK || rows.n_words == 1);
  *word = rows.word;
  return st;
}

/* H(T) and I(T;Y) of the symbols that are equal keys (n). */
typedef struct information {
  double h, iy;
} information;

static ip_status count(const ip_samples *s, const uint64_t *key, ip_scratch *sc, information *out)
{
  size_t mark = ip_scratch_mark(sc), n_symbols;
  uint32_t *symbol; // (n)
  ip_estimate e = {0};
  IP_TRY(IP_SCRATCH(sc, symbol, s->n, "symbols"));
  IP_TRY(ip_unique_keys(s->n, key, 0, sc, symbol, &n_symbols));
  IP_TRY(ip_discrete_information(s, symbol, n_symbols, IP_CORRECTION_NONE, sc, &e));
  *out = (information){e.ht_bits, e.ity_bits};
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* A random word for each unit and code (Steele, Lea & Flood 2014, splitmix64). */
static uint64_t mix(uint64_t z)
{
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static uint64_t word_of(size_t unit, uint64_t code)
{
  return mix(mix(code + 0x9e3779b97f4a7c15u) + (unit + 1) * 0x9e3779b97f4a7c15u);
}

/* Sums over units of single units and of all but one. */
static ip_status count_units(const ip_samples *s, const uint64_t *code, ip_scratch *sc, information *single,
                             information *others, information *all)
{
  uint64_t *sum, *key; // (n) each
  information one;
  IP_TRY(IP_SCRATCH(sc, sum, s->n, "rows of codes"));
  IP_TRY(IP_SCRATCH(sc, key, s->n, "rows of codes"));
  *single = *others = (information){0, 0};
  for (size_t i = 0; i < s->n; i++)
    for (size_t j = 0; j < s->width; j++) sum[i] += word_of(j, code[i * s->width + j]);
  IP_TRY(count(s, sum, sc, all));
  for (size_t j = 0; j < s->width; j++) {
    for (size_t i = 0; i < s->n; i++) key[i] = code[i * s->width + j];
    IP_TRY(count(s, key, sc, &one));
    *single = (information){single->h + one.h, single->iy + one.iy};
    for (size_t i = 0; i < s->n; i++) key[i] = sum[i] - word_of(j, key[i]);
    IP_TRY(count(s, key, sc, &one));
    *others = (information){others->h + one.h, others->iy + one.iy};
  }
  return IP_OK;
}

static void say_why_not(bool classes, double iy, const char **reason)
{
  if (classes && iy > 1e-12) return;
  const char *why = classes ? "I(T;Y) is 0" : IP_WHY_NO_CLASSES;
  ip_measure_no_value(reason, REDUNDANCY, 2, why);
  if (!classes) reason[REDUNDANCY_SYNERGY] = why;
}

static ip_status invariants_run(const double *v, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                                const char **reason)
{
  (void)seed;
  ip_samples s = *in->s;
  information single = {0, 0}, others = {0, 0}, all = {0, 0};
  bool classes = ip_measure_has_classes(&s);
  double w = (double)s.width;
  s.x_id = NULL; /* nobody asks for H(T|X) */
  if (!ip_samples_constant(&s)) {
    uint64_t *code = NULL; // (n, width)
    IP_TRY(unit_codes(v, &s, sc, &code));
    IP_TRY(count_units(&s, code, sc, &single, &others, &all));
  }
  say_why_not(classes, all.iy, reason);
  out[REDUNDANCY] = single.iy / all.iy;
  out[VULNERABILITY] = w - others.iy / all.iy;
  out[REDUNDANCY_SYNERGY] = single.iy - all.iy;
  out[TOTAL_CORRELATION] = single.h - all.h;
  out[DUAL_TOTAL_CORRELATION] = others.h - (w - 1) * all.h;
  out[O_INFORMATION] = out[TOTAL_CORRELATION] - out[DUAL_TOTAL_CORRELATION];
  return IP_OK;
}

const ip_measure_kind ip_measure_invariants = {
    .name = "invariants",
    .help = "degrees of redundancy and vulnerability, O-information and its parts, of the units' bins",
    .parameter = invariants_parameters,
    .n_parameters = sizeof invariants_parameters / sizeof *invariants_parameters,
    .series = invariants_series,
    .n_series = N_SERIES,
    .run = invariants_run,
};
