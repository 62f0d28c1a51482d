/* dropout.c - information of a layer with binary dropout.
 *
 * Every unit h is 0 with probability p, else h / (1 - p). T shows which units were kept, of those that were not 0
 * before: a set A, and the values of the units in it. Given sample j, whose units other than 0 are s_j in number, T is
 * this with probability
 *     q_j(A, values) = (1 - p)^|A| p^(s_j - |A|)  if sample j has these values in A, all of them not 0, else 0
 * With q their mean over all samples, and q(.|x), q(.|y) that over the samples of an input or a class,
 *     I(X;T) = 1/N sum_i E log2 q(T_i|x_i)/q(T_i),  I(T;Y) = 1/N sum_i E log2 q(T_i|y_i)/q(T_i)
 * the expectation over the sets A that are kept of sample i. With soft labels the samples of class y have the weights
 * p(y|x_j), and the logarithm is averaged over p(y|x_i).
 *
 * A sample shares A with others only if they share the values of all its units: units whose value no other row has are
 * taken together. If c units of a sample have values that other rows have too, the sum over the 2^c subsets of these is
 * exact for c <= `exact`; else it is a mean over `draws` random subsets, with its standard error. Without shared
 * values, and no unit 0, I(X;T) = (1 - p^width) H(X).
 *
 * X is the number of the input; for a continuous X the information is infinite (Adilova, Geiger & Fischer
 * 2023). After layers with noise, h depends on that noise, as in noisy.c. Time N^2 c + N c 2^c, or N^2 draws.
 */
#include "base/rng.h"
#include "base/stop.h"
#include "estimator/kind.h"
#include "estimator/members.h"
#include "estimator/tally.h"
#include "info/discrete.h"
#include "num/unique.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS, EXACT };
static const ip_parameter dropout_parameters[] = {
    {"draws", IP_PARAMETER_INT, "100", 2, 100000, NULL, "random subsets of the units of a sample that share values"},
    {"exact", IP_PARAMETER_INT, "10", 0, 16, NULL, "all subsets instead, if so many units at most share values"},
};

static unsigned dropout_needs(const double *v)
{
  (void)v;
  return IP_NEEDS_DROPOUT;
}

typedef struct work {
  const ip_samples *s;
  double p;
  size_t draws, most; /* most units whose subsets are all visited */
  uint64_t seed;
  size_t n_rows;      /* distinct rows */
  uint32_t *row;      // (n) of each sample
  uint32_t *first;    // (n_rows) a sample that has it
  uint32_t *shared;   // (n_rows, width) number of the value if other rows have it too, else 0
  double *weight;     // (n_rows) p^(s_j - the least s)
  double *log_weight; // (n_rows) its ln, which does not underflow
  size_t *n_units;    // (n_rows) s_j
  ip_members by_row, by_class, by_input;
  double *in_class, *total_class; // (n_y) sums of p(y|x), of p(y|x) times weight
  double *total_input;            // (n_x) sums of weight
  double *p_sum;                  // (n) soft labels: what normalises p(y|x)
  double total;

  /* Of the sample at hand. */
  size_t i, c;          /* units that share values */
  size_t *unit;         // (c)
  uint32_t *subset;     // (n_rows) of these units, those whose values the row has
  bool *match;          // (n_rows) has all values that a draw kept
  double *sum;          // (2^most)
  size_t n_kept, *kept; // (n_kept) units that a draw kept, of those that share values
  ip_tally of_x, of_y;
} work;

/* All samples, or those of an input or a class; with soft labels, with the weights p(y = c|x). */
typedef enum of_set { OF_ALL, OF_INPUT, OF_CLASS } of_set;

/* ---------------------------------------------------------------- rows and values */

static ip_status number_rows(work *w, ip_scratch *sc)
{
  const ip_samples *s = w->s;
  uint64_t *word; // (n, width)
  IP_TRY(IP_SCRATCH(sc, word, s->n * s->width, "rows"));
  for (size_t k = 0; k < s->n * s->width; k++) {
    double v = (double)s->mean[k] + 0.0; /* -0 becomes 0 */
    memcpy(&word[k], &v, sizeof v);
  }
  IP_TRY(IP_SCRATCH(sc, w->row, s->n, "rows of samples"));
  IP_TRY(ip_unique_rows(s->n, s->width, word, sc, w->row, &w->n_rows));
  IP_TRY(ip_members_sort(s->n, w->n_rows, w->row, sc, &w->by_row));
  IP_TRY(IP_SCRATCH(sc, w->first, w->n_rows, "rows"));
  for (size_t r = 0; r < w->n_rows; r++) w->first[r] = w->by_row.of[w->by_row.begin[r]];
  return IP_OK;
}

typedef struct entry {
  float value;
  uint32_t row;
} entry;

static int by_value(const void *a, const void *b)
{
  const entry *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static ip_status number_values(work *w, ip_scratch *sc)
{
  size_t width = w->s->width;
  entry *sorted; // (n_rows)
  IP_TRY(IP_SCRATCH(sc, w->shared, w->n_rows * width, "values"));
  IP_TRY(IP_SCRATCH(sc, sorted, w->n_rows, "values"));
  for (size_t k = 0; k < width; k++) {
    for (size_t r = 0; r < w->n_rows; r++) sorted[r] = (entry){w->s->mean[w->first[r] * width + k], (uint32_t)r};
    qsort(sorted, w->n_rows, sizeof *sorted, by_value);
    uint32_t number = 1;
    for (size_t from = 0, end; from < w->n_rows; from = end, number++) {
      for (end = from + 1; end < w->n_rows && sorted[end].value == sorted[from].value;) end++;
      for (size_t j = from; j < end && end > from + 1 && sorted[from].value != 0; j++)
        w->shared[sorted[j].row * width + k] = number;
    }
  }
  return IP_OK;
}

static ip_status weigh_rows(work *w, ip_scratch *sc)
{
  size_t width = w->s->width, least = width;
  IP_TRY(IP_SCRATCH(sc, w->n_units, w->n_rows, "numbers of units"));
  IP_TRY(IP_SCRATCH(sc, w->weight, w->n_rows, "weights"));
  IP_TRY(IP_SCRATCH(sc, w->log_weight, w->n_rows, "weights"));
  for (size_t r = 0; r < w->n_rows; r++) {
    for (size_t k = 0; k < width; k++) w->n_units[r] += w->s->mean[w->first[r] * width + k] != 0;
    if (w->n_units[r] < least) least = w->n_units[r];
  }
  for (size_t r = 0; r < w->n_rows; r++) {
    w->log_weight[r] = (double)(w->n_units[r] - least) * log(w->p);
    w->weight[r] = exp(w->log_weight[r]);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- labels and inputs */

/* p(y = c|x_i). */
static double label_weight(const work *w, size_t i, size_t c)
{
  if (!w->s->p_y_given_x) return w->s->y[i] == (int32_t)c;
  return (double)w->s->p_y_given_x[i * w->s->n_y + c] / w->p_sum[i];
}

static ip_status sum_labels(work *w, ip_scratch *sc)
{
  const ip_samples *s = w->s;
  if (!s->p_y_given_x) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, w->p_sum, s->n, "soft labels"));
  for (size_t i = 0; i < s->n; i++)
    for (size_t c = 0; c < s->n_y; c++) w->p_sum[i] += (double)s->p_y_given_x[i * s->n_y + c];
  return IP_OK;
}

static ip_status sum_sets(work *w, ip_scratch *sc)
{
  const ip_samples *s = w->s;
  IP_TRY(sum_labels(w, sc));
  IP_TRY(IP_SCRATCH(sc, w->in_class, s->n_y, "classes"));
  IP_TRY(IP_SCRATCH(sc, w->total_class, s->n_y, "classes"));
  if (s->x_id) IP_TRY(IP_SCRATCH(sc, w->total_input, s->n_x, "inputs"));
  if (s->x_id) IP_TRY(ip_members_sort(s->n, s->n_x, s->x_id, sc, &w->by_input));
  if (!s->p_y_given_x) IP_TRY(ip_members_sort(s->n, s->n_y, (const uint32_t *)s->y, sc, &w->by_class));
  for (size_t i = 0; i < s->n; i++) {
    double weight = w->weight[w->row[i]];
    w->total += weight;
    if (s->x_id) w->total_input[s->x_id[i]] += weight;
    if (!s->p_y_given_x) {
      w->in_class[s->y[i]]++;
      w->total_class[s->y[i]] += weight;
    }
    for (size_t c = 0; s->p_y_given_x && c < s->n_y; c++) {
      double q = label_weight(w, i, c);
      w->in_class[c] += q;
      w->total_class[c] += q * weight;
    }
  }
  return IP_OK;
}

/* The samples that a sum over a set visits: member[0 .. n-1], or 0 .. n-1 if member is NULL. */
typedef struct visit {
  size_t n;
  const uint32_t *member;
  double size, total; /* of the set: weights 1, and p^s */
} visit;

static visit visit_set(const work *w, of_set set, size_t c)
{
  const ip_samples *s = w->s;
  static const uint32_t none = 0;
  if (set == OF_ALL) return (visit){s->n, NULL, (double)s->n, w->total};
  if (set == OF_CLASS) {
    visit v = {s->n, NULL, w->in_class[c], w->total_class[c]};
    if (s->p_y_given_x) return v;
    v.n = ip_members_count(&w->by_class, c);
    v.member = w->by_class.of + w->by_class.begin[c];
    return v;
  }
  if (!s->x_id) return (visit){0, &none, 1, w->weight[w->row[w->i]]}; /* itself alone */
  size_t x = s->x_id[w->i], n = ip_members_count(&w->by_input, x);
  return (visit){n, w->by_input.of + w->by_input.begin[x], (double)n, w->total_input[x]};
}

static double weight_in(const work *w, of_set set, size_t c, size_t j)
{
  return set == OF_CLASS && w->s->p_y_given_x ? label_weight(w, j, c) : 1;
}

/* Samples of the set with the row of the sample at hand. */
static double own_size(const work *w, of_set set, size_t c)
{
  uint32_t r = w->row[w->i];
  double sum = 0;
  for (size_t k = w->by_row.begin[r]; k < w->by_row.begin[r + 1]; k++) {
    size_t j = w->by_row.of[k];
    bool is_in = set == OF_ALL || (set == OF_CLASS && (w->s->p_y_given_x || w->s->y[j] == (int32_t)c)) ||
                 (set == OF_INPUT && (w->s->x_id ? w->s->x_id[j] == w->s->x_id[w->i] : j == w->i));
    if (is_in) sum += weight_in(w, set, c, j);
  }
  return sum;
}

/* ---------------------------------------------------------------- one sample */

static void find_shared_units(work *w)
{
  const uint32_t *shared = w->shared + w->row[w->i] * w->s->width;
  w->c = 0;
  for (size_t k = 0; k < w->s->width; k++)
    if (shared[k]) w->unit[w->c++] = k;
}

/* sum[A] for all subsets A of the shared units: of the weights of the set's samples that have the values of A. */
static void sum_subsets(work *w, of_set set, size_t c, const visit *v)
{
  size_t size = (size_t)1 << w->c;
  memset(w->sum, 0, size * sizeof *w->sum);
  for (size_t k = 0; w->c && k < v->n; k++) {
    size_t j = v->member ? v->member[k] : k;
    w->sum[w->subset[w->row[j]]] += weight_in(w, set, c, j) * w->weight[w->row[j]];
  }
  if (!v->n) w->sum[size - 1] = v->total;
  for (size_t bit = 1; bit < size; bit *= 2)
    for (size_t a = 0; a < size; a++)
      if (!(a & bit)) w->sum[a] += w->sum[a | bit];
  w->sum[0] = v->total;
}

/* ln of the mean of q over the set, from a sum of weights, at least that of the row at hand, of which there are
 * `own` samples: its weight may have vanished. */
static double log_mean(const work *w, double sum, double own, double size)
{
  double self = log(own) + w->log_weight[w->row[w->i]];
  return fmax(log(sum), self) - log(size);
}

static double probability(const work *w, size_t n_kept)
{
  return pow(1 - w->p, (double)n_kept) * pow(w->p, (double)(w->c - n_kept));
}

/* E ln q(T|set) of the sample at hand: over all subsets of the shared units, or given the subset that a draw kept. */
typedef double expectation(work *w, of_set set, size_t c);

static double over_other_units(const work *w, double over_shared, double own, double size)
{
  double none_kept = pow(w->p, (double)(w->n_units[w->row[w->i]] - w->c));
  return none_kept * over_shared + (1 - none_kept) * log_mean(w, 0, own, size);
}

static double over_all_subsets(work *w, of_set set, size_t c)
{
  visit v = visit_set(w, set, c);
  double own = own_size(w, set, c), sum = 0;
  sum_subsets(w, set, c, &v);
  for (size_t a = 0; a < (size_t)1 << w->c; a++)
    sum += probability(w, (size_t)__builtin_popcountl(a)) * log_mean(w, w->sum[a], own, v.size);
  return over_other_units(w, sum, own, v.size);
}

static double given_draw(work *w, of_set set, size_t c)
{
  visit v = visit_set(w, set, c);
  double own = own_size(w, set, c), sum = v.n ? 0 : v.total;
  for (size_t k = 0; w->n_kept && k < v.n; k++) {
    size_t j = v.member ? v.member[k] : k;
    if (w->match[w->row[j]]) sum += weight_in(w, set, c, j) * w->weight[w->row[j]];
  }
  if (!w->n_kept) sum = v.total;
  return over_other_units(w, log_mean(w, sum, own, v.size), own, v.size);
}

static void information(work *w, expectation *expect, double *of_x, double *of_y)
{
  const ip_samples *s = w->s;
  double all = expect(w, OF_ALL, 0), label = 0;
  for (size_t c = 0; s->p_y_given_x && c < s->n_y; c++) {
    double q = label_weight(w, w->i, c);
    if (q > 0) label += q * expect(w, OF_CLASS, c);
  }
  if (!s->p_y_given_x) label = expect(w, OF_CLASS, (size_t)s->y[w->i]);
  *of_x = (expect(w, OF_INPUT, 0) - all) / IP_NATS_PER_BIT;
  *of_y = (label - all) / IP_NATS_PER_BIT;
}

/* Keeps each of the shared units with probability 1 - p, and finds the rows with the values of those kept. */
static void draw_units(work *w, ip_rng *r)
{
  size_t width = w->s->width;
  const uint32_t *own = w->shared + w->row[w->i] * width;
  w->n_kept = 0;
  for (size_t k = 0; k < w->c; k++)
    if (ip_rng_uniform(r) >= w->p) w->kept[w->n_kept++] = w->unit[k];
  for (size_t j = 0; j < w->n_rows; j++) {
    size_t k = 0;
    while (k < w->n_kept && w->shared[j * width + w->kept[k]] == own[w->kept[k]]) k++;
    w->match[j] = k == w->n_kept;
  }
}

static void find_subsets(work *w)
{
  size_t width = w->s->width;
  const uint32_t *own = w->shared + w->row[w->i] * width;
  for (size_t j = 0; w->c && j < w->n_rows; j++) {
    w->subset[j] = 0;
    for (size_t k = 0; k < w->c; k++)
      w->subset[j] |= (uint32_t)(w->shared[j * width + w->unit[k]] == own[w->unit[k]]) << k;
  }
}

static void estimate_sample(work *w)
{
  double x, y;
  find_shared_units(w);
  if (w->c <= w->most) {
    find_subsets(w);
    information(w, over_all_subsets, &x, &y);
    ip_tally_exact(&w->of_x, x);
    ip_tally_exact(&w->of_y, y);
    return;
  }
  ip_rng r = ip_rng_open(w->seed, IP_RNG_ESTIMATOR, w->i);
  for (size_t draw = 0; draw < w->draws; draw++) {
    draw_units(w, &r);
    information(w, given_draw, &x, &y);
    ip_tally_draw(&w->of_x, draw, x);
    ip_tally_draw(&w->of_y, draw, y);
  }
  ip_tally_end(&w->of_x, w->draws);
  ip_tally_end(&w->of_y, w->draws);
}

static ip_status open_work(work *w, ip_scratch *sc)
{
  IP_TRY(number_rows(w, sc));
  IP_TRY(number_values(w, sc));
  IP_TRY(weigh_rows(w, sc));
  IP_TRY(sum_sets(w, sc));
  IP_TRY(IP_SCRATCH(sc, w->unit, w->s->width, "units"));
  IP_TRY(IP_SCRATCH(sc, w->kept, w->s->width, "units"));
  IP_TRY(IP_SCRATCH(sc, w->subset, w->n_rows, "subsets"));
  IP_TRY(IP_SCRATCH(sc, w->match, w->n_rows, "rows"));
  return IP_SCRATCH(sc, w->sum, (size_t)1 << w->most, "sums over subsets");
}

static ip_status dropout_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  IP_REQUIRE(s->dropout > 0 && s->dropout < 1, IP_EINVAL,
             "the dropout of the network is %g, expected a probability above 0 and below 1: this estimator is for "
             "networks trained with dropout",
             s->dropout);
  work w = {.s = s, .p = s->dropout, .draws = (size_t)v[DRAWS], .most = (size_t)v[EXACT], .seed = seed};
  IP_TRY(open_work(&w, sc));
  for (w.i = 0; w.i < s->n; w.i++) {
    IP_TRY(ip_stop_check());
    estimate_sample(&w);
  }
  ip_tally_result(&w.of_x, s->n, w.draws, &out->ixt_bits, &out->ixt_error_bits);
  ip_tally_result(&w.of_y, s->n, w.draws, &out->ity_bits, &out->ity_error_bits);
  return IP_OK;
}

const ip_estimator_kind ip_estimator_dropout = {
    .name = "dropout",
    .help = "exact or Monte Carlo, for networks trained with binary dropout of their units",
    .parameter = dropout_parameters,
    .n_parameters = sizeof dropout_parameters / sizeof *dropout_parameters,
    .needs = dropout_needs,
    .no_pca = "dropout sets units to 0, and not components",
    .run = dropout_run,
};
