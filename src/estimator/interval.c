#include "estimator/interval.h"

#include "base/rng.h"
#include "base/stop.h"
#include "estimator/discrete.h"
#include "estimator/kind.h"
#include "num/normal.h"
#include "num/sum.h"
#include "num/unique.h"

#include <math.h>
#include <stdlib.h>

enum { PAIR_SAMPLES = 5, LONERS_PER = 40 };

/* Uniform on {0, ..., n-1}, n < 2^32, from one word (Lemire 2019). */
static inline uint32_t draw_below(ip_rng *r, uint32_t n)
{
  uint64_t m = (uint64_t)ip_rng_u32(r) * n;
  if ((uint32_t)m < n)
    for (uint32_t odd = -n % n; (uint32_t)m < odd;) m = (uint64_t)ip_rng_u32(r) * n;
  return (uint32_t)(m >> 32);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Quantile p of (n) sorted values, interpolated linearly (Hyndman & Fan 1996, definition 7). */
static double quantile(size_t n, const double *sorted, double p)
{
  double at = p * (double)(n - 1), whole = floor(at), part = at - whole;
  size_t i = (size_t)whole;
  return part > 0 ? sorted[i] + part * (sorted[i + 1] - sorted[i]) : sorted[i];
}

/* --- samples drawn from samples */

/* Room for a resample of s: copies of the arrays that belong to samples, filled by `take`. */
typedef struct resample {
  ip_samples s;
  float *t, *x, *p, *target, *mean; /* of s; NULL where s has none or they are not copied */
  uint32_t *x_id, *symbol;
  int32_t *y;
  uint32_t *from; // (n) which sample each one is
} resample;

static ip_status float_room(const float *of, size_t n, size_t width, ip_scratch *sc, float **copy)
{
  *copy = NULL;
  return of ? IP_SCRATCH(sc, *copy, n * width, "resampled rows") : IP_OK;
}

/* What is drawn along with inputs and labels. */
typedef enum { WITH_ROWS, WITH_SYMBOLS, LABELS_ALONE } companion;

static ip_status resample_open(const ip_samples *s, companion with, ip_scratch *sc, resample *r)
{
  *r = (resample){.s = *s};
  IP_TRY(IP_SCRATCH(sc, r->from, s->n, "resampled numbers"));
  if (with == WITH_SYMBOLS) IP_TRY(IP_SCRATCH(sc, r->symbol, s->n, "resampled symbols"));
  if (with == WITH_ROWS) {
    IP_TRY(float_room(s->t, s->n, s->width, sc, &r->t));
    IP_TRY(float_room(s->x, s->n, s->n_in, sc, &r->x));
    IP_TRY(float_room(s->mean, s->n, s->width, sc, &r->mean));
    r->s.t = r->t;
    r->s.t64 = NULL; /* estimators that read rows read t */
    r->s.x = r->x;
    r->s.mean = r->mean;
  }
  IP_TRY(float_room(s->p_y_given_x, s->n, s->n_y, sc, &r->p));
  IP_TRY(float_room(s->target, s->n, s->n_targets, sc, &r->target));
  if (s->y) IP_TRY(IP_SCRATCH(sc, r->y, s->n, "resampled labels"));
  r->s.p_y_given_x = r->p;
  r->s.target = r->target;
  r->s.y = r->y;
  if (with == LABELS_ALONE) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, r->x_id, s->n, "resampled inputs"));
  r->s.x_id = r->x_id; /* an input of its own is drawn twice as any other */
  r->s.n_x = s->x_id ? s->n_x : s->n;
  return IP_OK;
}

static void take_rows(size_t n, size_t width, const uint32_t *from, const float *of, float *copy)
{
  if (!copy) return;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) copy[i * width + j] = of[from[i] * width + j];
}

static void take_labels(const ip_samples *s, resample *r)
{
  take_rows(s->n, s->n_y, r->from, s->p_y_given_x, r->p);
  take_rows(s->n, s->n_targets, r->from, s->target, r->target);
  for (size_t i = 0; i < s->n && r->y; i++) r->y[i] = s->y[r->from[i]];
}

/* Fills the resample with the samples `from`. */
static void take(const ip_samples *s, const uint32_t *symbol, resample *r)
{
  take_rows(s->n, s->width, r->from, s->t, r->t);
  take_rows(s->n, s->n_in, r->from, s->x, r->x);
  take_rows(s->n, s->width, r->from, s->mean, r->mean);
  take_labels(s, r);
  for (size_t i = 0; i < s->n; i++) r->x_id[i] = s->x_id ? s->x_id[r->from[i]] : r->from[i];
  for (size_t i = 0; i < s->n && r->symbol; i++) r->symbol[i] = symbol[r->from[i]];
}

/* --- whether an interval says anything */

/* Enough samples for each distinct value of (n) keys, most of them shared. */
static ip_status well_sampled(size_t n, const uint64_t *key, ip_scratch *sc, bool *well)
{
  size_t mark = ip_scratch_mark(sc), n_unique, alone = 0;
  uint32_t *id, *count; // (n)
  IP_TRY(IP_SCRATCH(sc, id, n, "numbers of pairs"));
  IP_TRY(IP_SCRATCH(sc, count, n, "counts of pairs"));
  IP_TRY(ip_unique_keys(n, key, 0, sc, id, &n_unique));
  for (size_t i = 0; i < n; i++) count[id[i]]++;
  for (size_t k = 0; k < n_unique; k++) alone += count[k] == 1;
  *well = n >= PAIR_SAMPLES * n_unique && alone * LONERS_PER <= n;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static const char too_few[] =
    "too few samples for each pair of symbol and label or input (fewer than 5 on average, or more than 1 in 40 alone "
    "in "
    "theirs): bias outweighs spread, and neither resampling nor the jackknife shows bias of that size";

/* Pairs with Y count for I(T;Y). For I(X;T) it is pairs with X, or T alone where T is a function of X. */
static ip_status refuse_discrete(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                 const char **ixt, const char **ity)
{
  size_t mark = ip_scratch_mark(sc);
  uint64_t *key; // (n)
  bool well, once;
  IP_TRY(IP_SCRATCH(sc, key, s->n, "pairs"));
  for (size_t i = 0; i < s->n; i++) key[i] = (uint64_t)symbol[i] << 32 | (s->p_y_given_x ? 0 : (uint32_t)s->y[i]);
  IP_TRY(well_sampled(s->n, key, sc, &well));
  *ity = well ? NULL : too_few;
  IP_TRY(ip_discrete_each_once(s->n, s->x_id, s->n_x, sc, &once));
  *ixt = once ? "every input occurs once, so I(X;T) is the entropy of T over just these inputs and not over a sample"
              : NULL;
  if (!once) {
    double given_x;
    IP_TRY(ip_discrete_entropy_given_input(s, symbol, n_symbols, sc, &given_x));
    for (size_t i = 0; i < s->n; i++) key[i] = (uint64_t)symbol[i] << 32 | (given_x > 0 ? s->x_id[i] : 0);
    IP_TRY(well_sampled(s->n, key, sc, &well));
    if (!well) *ixt = too_few;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static const char *refuse_by_kind(const char *(*refusal)(const double *, const ip_samples *), const ip_estimator *e,
                                  const ip_samples *s)
{
  return refusal ? refusal(ip_estimator_values(e), s)
                 : "resampling makes duplicates, and this estimator reads distances between samples";
}

/* --- the estimate, and its repetitions */

/* Symbols (n) of a discrete T, NULL for other estimators. */
static ip_status symbols_of(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, uint32_t **symbol,
                            size_t *n_symbols)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  *symbol = NULL;
  *n_symbols = 0;
  if (!k->rows) return IP_OK;
  ip_key_rows rows;
  ip_samples seen;
  IP_TRY(IP_SCRATCH(sc, *symbol, s->n, "symbols"));
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(ip_estimator_see(e, s, sc, &seen));
  IP_TRY(k->rows(ip_estimator_values(e), &seen, sc, &rows));
  IP_TRY(ip_unique_rows(s->n, rows.n_words, rows.word, sc, *symbol, n_symbols));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_correction correction_of(const ip_estimator *e)
{
  return (ip_correction)ip_estimator_values(e)[ip_estimator_kind_of(e)->correction_at];
}

/* Raw I(X;T) and I(T;Y) of a resample; plug-in ones of a discrete T. */
static ip_status estimate_again(const ip_estimator *e, const resample *r, size_t n_symbols, ip_scratch *sc, double *ixt,
                                double *ity)
{
  ip_estimate out;
  if (r->symbol) {
    IP_TRY(ip_discrete_information(&r->s, r->symbol, n_symbols, IP_CORRECTION_NONE, sc, &out));
    *ixt = out.ixt_bits;
    *ity = out.ity_bits;
    return IP_OK;
  }
  IP_TRY(ip_estimator_run(e, &r->s, sc, &out));
  *ixt = out.ixt_raw_bits;
  *ity = out.ity_raw_bits;
  return IP_OK;
}

/* What an interval is made from. */
typedef struct centre {
  bool is_jackknife;
  double value;     /* the estimate; that of the jackknife where there is one */
  double bias_bits; /* of the jackknife, roughly: what it takes away beyond Miller's first-order correction */
} centre;

/* The basic interval around the estimate, or the normal one around the jackknife's; sorts (n) replicates. */
static void make_interval(const centre *c, size_t n, double *replicate, double level, ip_interval *out)
{
  if (out->refusal) return;
  double low, high;
  if (c->is_jackknife) {
    double mean = ip_sum_pairwise(n, replicate) / (double)n;
    ip_sum square = {0};
    for (size_t i = 0; i < n; i++) ip_sum_add(&square, (replicate[i] - mean) * (replicate[i] - mean));
    double half = ip_normal_quantile(level) * hypot(sqrt(ip_sum_value(&square) / (double)(n - 1)), c->bias_bits);
    low = c->value - half;
    high = c->value + half;
  } else {
    qsort(replicate, n, sizeof *replicate, ascending);
    low = 2 * c->value - quantile(n, replicate, 0.5 + level / 2);
    high = 2 * c->value - quantile(n, replicate, 0.5 - level / 2);
  }
  out->low = fmax(0, low);
  out->high = fmax(0, high);
}

/* The centres of both intervals. Soft labels have no whole counts, and so no jackknife. */
static ip_status find_centres(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, const ip_estimate *value,
                              ip_scratch *sc, centre *ixt, centre *ity)
{
  *ixt = (centre){.value = value->ixt_raw_bits};
  *ity = (centre){.value = value->ity_raw_bits};
  if (!symbol || s->p_y_given_x) return IP_OK;
  ip_estimate jackknife, miller;
  IP_TRY(ip_discrete_information(s, symbol, n_symbols, IP_CORRECTION_JACKKNIFE, sc, &jackknife));
  IP_TRY(ip_discrete_information(s, symbol, n_symbols, IP_CORRECTION_MILLER_MADOW, sc, &miller));
  *ixt = (centre){true, jackknife.ixt_bits, jackknife.ixt_bits - miller.ixt_bits};
  *ity = (centre){true, jackknife.ity_bits, jackknife.ity_bits - miller.ity_bits};
  return IP_OK;
}

static ip_status bootstrap(const ip_estimator *e, const ip_samples *s, size_t replicates, double level, uint64_t seed,
                           ip_scratch *sc, ip_interval *ixt, ip_interval *ity)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  uint32_t *symbol;
  size_t n_symbols;
  double *a, *b; // (replicates)
  resample r;
  centre ixt_centre, ity_centre;
  IP_TRY(symbols_of(e, s, sc, &symbol, &n_symbols));
  if (symbol)
    IP_TRY(refuse_discrete(s, symbol, n_symbols, sc, &ixt->refusal, &ity->refusal));
  else {
    ixt->refusal = refuse_by_kind(k->ixt_bootstrap_invalid, e, s);
    ity->refusal = refuse_by_kind(k->ity_bootstrap_invalid, e, s);
  }
  ip_estimate value;
  IP_TRY(ip_estimator_run(e, s, sc, &value));
  if (value.ixt_no_value) ixt->refusal = value.ixt_no_value;
  if (value.ity_no_value) ity->refusal = value.ity_no_value;
  if (ixt->refusal && ity->refusal) return IP_OK;
  IP_TRY(find_centres(s, symbol, n_symbols, &value, sc, &ixt_centre, &ity_centre));
  IP_TRY(IP_SCRATCH(sc, a, replicates, "replicates"));
  IP_TRY(IP_SCRATCH(sc, b, replicates, "replicates"));
  IP_TRY(resample_open(s, symbol ? WITH_SYMBOLS : WITH_ROWS, sc, &r));
  for (size_t i = 0; i < replicates; i++) {
    IP_TRY(ip_stop_check());
    ip_rng rng = ip_rng_open(seed, IP_RNG_BOOTSTRAP, i);
    for (size_t j = 0; j < s->n; j++) r.from[j] = draw_below(&rng, (uint32_t)s->n);
    take(s, symbol, &r);
    if (symbol && ixt->refusal) r.s.x_id = NULL; /* nobody asks for H(T|X) */
    IP_TRY(estimate_again(e, &r, n_symbols, sc, &a[i], &b[i]));
  }
  make_interval(&ixt_centre, replicates, a, level, ixt);
  make_interval(&ity_centre, replicates, b, level, ity);
  return IP_OK;
}

ip_status ip_estimator_bootstrap(const ip_estimator *e, const ip_samples *s, size_t replicates, double level,
                                 uint64_t seed, ip_scratch *sc, ip_interval *ixt, ip_interval *ity)
{
  IP_REQUIRE(replicates >= 2, IP_EINVAL, "a bootstrap of %zu replicates: expected at least 2", replicates);
  IP_REQUIRE(level > 0 && level < 1, IP_EINVAL, "a confidence level of %g: expected above 0 and below 1", level);
  *ixt = *ity = (ip_interval){NAN, NAN, NULL};
  IP_TRY(ip_samples_check(s));
  if (ip_samples_constant(s)) {
    *ixt = *ity = (ip_interval){0, 0, NULL};
    return IP_OK;
  }
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(bootstrap(e, s, replicates, level, seed, sc, ixt, ity));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static void shuffle(uint64_t seed, size_t index, size_t n, uint32_t *order)
{
  ip_rng rng = ip_rng_open(seed, IP_RNG_NULL, index);
  for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
  for (uint32_t i = (uint32_t)n; i > 1; i--) {
    uint32_t j = draw_below(&rng, i), was = order[i - 1];
    order[i - 1] = order[j];
    order[j] = was;
  }
}

/* ity (shuffles): I(T;Y) of each permutation. */
static ip_status shuffled_information(const ip_estimator *e, const ip_samples *s, size_t shuffles, uint64_t seed,
                                      ip_scratch *sc, double *ity)
{
  uint32_t *symbol;
  size_t n_symbols;
  resample r;
  IP_TRY(symbols_of(e, s, sc, &symbol, &n_symbols));
  IP_TRY(resample_open(s, LABELS_ALONE, sc, &r));
  for (size_t i = 0; i < shuffles; i++) {
    IP_TRY(ip_stop_check());
    shuffle(seed, i, s->n, r.from);
    take_labels(s, &r);
    if (symbol) {
      IP_TRY(ip_discrete_label_information(&r.s, symbol, n_symbols, correction_of(e), sc, &ity[i]));
      continue;
    }
    ip_estimate again;
    IP_TRY(ip_estimator_run(e, &r.s, sc, &again));
    ity[i] = again.ity_raw_bits;
  }
  return IP_OK;
}

ip_status ip_estimator_null(const ip_estimator *e, const ip_samples *s, size_t shuffles, uint64_t seed, ip_scratch *sc,
                            ip_null *out)
{
  IP_REQUIRE(shuffles >= 1, IP_EINVAL, "a null distribution of no shuffles: expected at least 1");
  ip_estimate value;
  *out = (ip_null){0, 0, 1};
  IP_TRY(ip_estimator_run(e, s, sc, &value));
  if (value.ity_no_value) *out = (ip_null){(double)NAN, (double)NAN, (double)NAN};
  if (value.ity_no_value || ip_samples_constant(s)) return IP_OK;
  size_t mark = ip_scratch_mark(sc), as_large = 0;
  double *ity; // (shuffles)
  IP_TRY(IP_SCRATCH(sc, ity, shuffles, "shuffles"));
  IP_TRY(shuffled_information(e, s, shuffles, seed, sc, ity));
  for (size_t i = 0; i < shuffles; i++) as_large += ity[i] >= value.ity_raw_bits - 1e-12;
  qsort(ity, shuffles, sizeof *ity, ascending);
  out->mean_bits = fmax(0, ip_sum_pairwise(shuffles, ity) / (double)shuffles);
  out->high_bits = fmax(0, quantile(shuffles, ity, 0.95));
  out->p_value = (1 + (double)as_large) / (1 + (double)shuffles);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

bool ip_flag_saturated(const ip_estimator *e, double ixt_bits, size_t n)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  bool below_hx = !k->bounds || k->bounds(ip_estimator_values(e)) & IP_BELOW_HX;
  return below_hx && n > 1 && ixt_bits >= 0.99 * log2((double)n);
}

void ip_flag_dpi(size_t n_layers, const double *value_bits, const double *low_bits, const double *high_bits, bool *flag)
{
  for (size_t k = 0; k < n_layers; k++) {
    flag[k] = false;
    if (!k) continue;
    double low = low_bits && !isnan(low_bits[k]) ? low_bits[k] : value_bits[k];
    double high = high_bits && !isnan(high_bits[k - 1]) ? high_bits[k - 1] : value_bits[k - 1];
    flag[k] = low > high + 1e-9;
  }
}
