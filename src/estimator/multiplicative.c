/* multiplicative.c - information of a layer whose units the network multiplies by Gaussian noise (continuous dropout).
 *
 * T = h (1 + sqrt(a) eps), eps standard normal for every unit: given sample j, T is normal with mean h_j and variance
 * a h_jk^2 of unit k. With the density q_j(t) = prod_k N(t_k; h_jk, a h_jk^2), q their mean over all N samples, and
 * q(t|x), q(t|y) that over the samples of an input or a class,
 *     I(X;T) = 1/N sum_i E log2 q(T_i|x_i)/q(T_i),  I(T;Y) = 1/N sum_i E log2 q(T_i|y_i)/q(T_i)
 * and the expectation over eps is a mean over `draws` of it for every sample. With soft labels the samples of class y
 * have the weights p(y|x_j), and the logarithm is averaged over p(y|x_i).
 *
 * A unit with h = 0 has T = 0 exactly, and no other unit has it. Which units are 0 is therefore known from T: samples
 * with another pattern of zeros than sample i have q_j(T_i) = 0, and units with h = 0 drop out of the products. The
 * result is H(pattern) + sum p(pattern) I(X;T|pattern) without anything added to h.
 *
 * The standard error is that of the draws alone. I(X;T) is at most log2 of the number of inputs, and too small near it;
 * a -> 0 gives the entropy of the distinct h. After layers with noise, h depends on that noise, as in noisy.c. Draws of
 * a sample are the same for every layer of one pattern and every epoch. Time draws N^2 width.
 *
 * Source: Adilova, Geiger & Fischer, "Information plane analysis for dropout neural networks", ICLR 2023. Their
 * program has other variances: for the standard deviation s of the factor, s |h| in the mixture and s^2 h^2 in h(T|X).
 */
#include "base/rng.h"
#include "base/stop.h"
#include "estimator/kind.h"
#include "estimator/members.h"
#include "estimator/tally.h"
#include "info/discrete.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <math.h>

enum { DRAWS };
static const ip_parameter multiplicative_parameters[] = {
    {"draws", IP_PARAMETER_INT, "4", 1, 100000, NULL, "draws of the noise for every sample"},
};

static unsigned multiplicative_needs(const double *v)
{
  (void)v;
  return IP_NEEDS_MULTIPLICATIVE;
}

enum { ROWS = 64, BLOCK = 256 }; /* draws compared at a time, with blocks of samples */

typedef struct work {
  const ip_samples *s;
  size_t draws;
  uint64_t seed;
  uint32_t *pattern;     // (n) which units are 0
  ip_members by_pattern; /* all samples */
  double *in_class;      // (n_y) samples of each class; soft labels: sums of p(y|x)
  uint32_t *in_input;    // (n_x) samples of each input; NULL: every sample is its own
  double *t, *kernel;    // (ROWS, width), (ROWS, n)
  ip_tally x, y;
} work;

/* Samples with one pattern of zeros. */
typedef struct group {
  size_t m, d;            /* samples, and units that are not 0 */
  const uint32_t *member; // (m)
  size_t *unit;           // (d)
  double *inverse;        // (d, m) 1/h
  double *log_scale;      // (m) -sum_k ln |h_k|
} group;

static double unit_of(const work *w, size_t i, size_t k)
{
  return (double)w->s->mean[i * w->s->width + k];
}

/* p(y = c | x_i), not normalised. */
static double label_weight(const ip_samples *s, size_t i, size_t c)
{
  return s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + c] : s->y[i] == (int32_t)c;
}

static ip_status sort_patterns(work *w, ip_scratch *sc)
{
  size_t n = w->s->n, n_words = (w->s->width + 63) / 64, n_patterns;
  uint64_t *word; // (n, n_words)
  IP_TRY(IP_SCRATCH(sc, w->pattern, n, "patterns of zeros"));
  IP_TRY(IP_SCRATCH(sc, word, n * n_words, "patterns of zeros"));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < w->s->width; k++)
      if (w->s->mean[i * w->s->width + k] != 0) word[i * n_words + k / 64] |= (uint64_t)1 << k % 64;
  IP_TRY(ip_unique_rows(n, n_words, word, sc, w->pattern, &n_patterns));
  return ip_members_sort(n, n_patterns, w->pattern, sc, &w->by_pattern);
}

static ip_status count_members(work *w, ip_scratch *sc)
{
  const ip_samples *s = w->s;
  IP_TRY(IP_SCRATCH(sc, w->in_class, s->n_y, "samples of each class"));
  if (s->x_id) IP_TRY(IP_SCRATCH(sc, w->in_input, s->n_x, "samples of each input"));
  for (size_t i = 0; i < s->n; i++) {
    if (s->x_id) w->in_input[s->x_id[i]]++;
    if (!s->p_y_given_x) w->in_class[s->y[i]]++;
    for (size_t c = 0; s->p_y_given_x && c < s->n_y; c++) w->in_class[c] += label_weight(s, i, c);
  }
  return IP_OK;
}

static ip_status open_group(const work *w, size_t pattern, ip_scratch *sc, group *g)
{
  size_t first;
  g->member = w->by_pattern.of + w->by_pattern.begin[pattern];
  g->m = ip_members_count(&w->by_pattern, pattern);
  g->d = 0;
  first = g->member[0];
  IP_TRY(IP_SCRATCH(sc, g->unit, w->s->width, "units"));
  for (size_t k = 0; k < w->s->width; k++)
    if (w->s->mean[first * w->s->width + k] != 0) g->unit[g->d++] = k;
  IP_TRY(IP_SCRATCH(sc, g->inverse, g->d * g->m + 1, "units"));
  IP_TRY(IP_SCRATCH(sc, g->log_scale, g->m, "scales"));
  for (size_t k = 0; k < g->d; k++)
    for (size_t j = 0; j < g->m; j++) {
      double h = unit_of(w, g->member[j], g->unit[k]);
      g->inverse[k * g->m + j] = 1 / h;
      g->log_scale[j] -= log(fabs(h));
    }
  return IP_OK;
}

/* t (rows, d): draws first .. of the group's samples, `draws` of each. */
static void draw_rows(work *w, const group *g, size_t first, size_t rows)
{
  ip_rng r = {0};
  double sd = sqrt(w->s->multiplicative_noise);
  for (size_t k = 0; k < rows; k++) {
    size_t i = g->member[(first + k) / w->draws], draw = (first + k) % w->draws;
    if (k == 0 || draw == 0) {
      r = ip_rng_open(w->seed, IP_RNG_ESTIMATOR, i);
      ip_rng_skip_normals(&r, draw * g->d);
    }
    for (size_t u = 0; u < g->d; u++) w->t[k * g->d + u] = unit_of(w, i, g->unit[u]) * (1 + sd * ip_rng_normal(&r));
  }
}

static void add_squares(size_t n, double t, const double *restrict inverse, double *restrict sum)
{
  for (size_t j = 0; j < n; j++) {
    double z = t * inverse[j] - 1;
    sum[j] += z * z;
  }
}

/* kernel (rows, m): ln q_j(t), less what all samples have in common. */
static void compare(const work *w, const group *g, size_t rows)
{
  double scale = -0.5 / w->s->multiplicative_noise;
  for (size_t k = 0; k < rows * g->m; k++) w->kernel[k] = 0;
  for (size_t from = 0; from < g->m; from += BLOCK) {
    size_t n = g->m - from < BLOCK ? g->m - from : BLOCK;
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < g->d; u++)
        add_squares(n, w->t[r * g->d + u], g->inverse + u * g->m + from, w->kernel + r * g->m + from);
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < g->m; j++) w->kernel[r * g->m + j] = w->kernel[r * g->m + j] * scale + g->log_scale[j];
}

/* ln of the mean density of class c, its weights p(c|x), relative to the largest density; at least the part of the
 * sample itself, whose density e may have lost. */
static double log_class(const work *w, const group *g, size_t c, const double *e, size_t i, double self)
{
  double sum = 0;
  for (size_t j = 0; j < g->m; j++) sum += label_weight(w->s, g->member[j], c) * e[j];
  return fmax(log(sum), log(label_weight(w->s, i, c)) + self) - log(w->in_class[c]);
}

static double log_input(const work *w, const group *g, const double *e, size_t i, double self)
{
  if (!w->in_input) return self;
  double sum = 0;
  for (size_t j = 0; j < g->m; j++) sum += w->s->x_id[g->member[j]] == w->s->x_id[i] ? e[j] : 0;
  return fmax(log(sum), self) - log(w->in_input[w->s->x_id[i]]);
}

/* log2 q(t|x)/q(t) and log2 q(t|y)/q(t) of a draw from the group's sample `at`, whose exponents e (m) are used up. */
static void log_ratios(const work *w, const group *g, size_t at, double *e, double *of_x, double *of_y)
{
  const ip_samples *s = w->s;
  size_t i = g->member[at];
  double largest = e[at], label = 0, total = 0;
  for (size_t j = 0; j < g->m; j++) largest = e[j] > largest ? e[j] : largest;
  double self = e[at] - largest;
  for (size_t j = 0; j < g->m; j++) e[j] -= largest;
  ip_vexp64(g->m, e, e);
  double all = fmax(log(ip_sum_pairwise(g->m, e)), self) - log((double)s->n);
  if (s->p_y_given_x) {
    for (size_t c = 0; c < s->n_y; c++) total += label_weight(s, i, c);
    for (size_t c = 0; c < s->n_y; c++)
      if (label_weight(s, i, c) > 0) label += label_weight(s, i, c) / total * log_class(w, g, c, e, i, self);
  } else {
    label = log_class(w, g, (size_t)s->y[i], e, i, self);
  }
  *of_x = (log_input(w, g, e, i, self) - all) / IP_NATS_PER_BIT;
  *of_y = (label - all) / IP_NATS_PER_BIT;
}

static ip_status estimate_group(work *w, size_t pattern, ip_scratch *sc)
{
  size_t mark = ip_scratch_mark(sc);
  group g;
  IP_TRY(open_group(w, pattern, sc, &g));
  size_t total = g.m * w->draws;
  for (size_t first = 0; first < total; first += ROWS) {
    size_t rows = total - first < ROWS ? total - first : ROWS;
    IP_TRY(ip_stop_check());
    draw_rows(w, &g, first, rows);
    compare(w, &g, rows);
    for (size_t k = 0; k < rows; k++) {
      size_t draw = (first + k) % w->draws;
      double of_x, of_y;
      log_ratios(w, &g, (first + k) / w->draws, w->kernel + k * g.m, &of_x, &of_y);
      ip_tally_draw(&w->x, draw, of_x);
      ip_tally_draw(&w->y, draw, of_y);
      if (draw + 1 < w->draws) continue;
      ip_tally_end(&w->x, w->draws);
      ip_tally_end(&w->y, w->draws);
    }
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status multiplicative_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc,
                                    ip_estimate *out)
{
  IP_REQUIRE(s->multiplicative_noise > 0 && isfinite(s->multiplicative_noise), IP_EINVAL,
             "the multiplicative noise of the network is %g, expected above 0: this estimator is for networks that "
             "multiply their units by Gaussian noise",
             s->multiplicative_noise);
  work w = {.s = s, .draws = (size_t)v[DRAWS], .seed = seed};
  IP_TRY(sort_patterns(&w, sc));
  IP_TRY(count_members(&w, sc));
  IP_TRY(IP_SCRATCH(sc, w.t, ROWS * s->width, "draws"));
  IP_TRY(IP_SCRATCH(sc, w.kernel, ROWS * s->n, "densities"));
  for (size_t done = 0, p = 0; done < s->n; done += ip_members_count(&w.by_pattern, p++))
    IP_TRY(estimate_group(&w, p, sc));
  ip_tally_result(&w.x, s->n, w.draws, &out->ixt_bits, &out->ixt_error_bits);
  ip_tally_result(&w.y, s->n, w.draws, &out->ity_bits, &out->ity_error_bits);
  return IP_OK;
}

const ip_estimator_kind ip_estimator_multiplicative = {
    .name = "multiplicative",
    .help = "Monte Carlo, for networks trained with multiplicative Gaussian noise on their units (Adilova et al. 2023)",
    .parameter = multiplicative_parameters,
    .n_parameters = sizeof multiplicative_parameters / sizeof *multiplicative_parameters,
    .needs = multiplicative_needs,
    .no_pca = "the noise of a unit depends on the unit, and that of a component would not",
    .run = multiplicative_run,
};
