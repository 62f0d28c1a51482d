#include "estimator/discrete.h"

#include "num/unique.h"

#include <math.h>

/* H = 1/N sum_c m_c c (log2 N - log2 c), m_c the number of symbols that were counted c times; counts (n_counts) sum to
 * n. One symbol alone gives exactly 0. */
static ip_status entropy_of_counts(size_t n_counts, const uint32_t *count, size_t n, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t most = 0;
  for (size_t k = 0; k < n_counts; k++) most = count[k] > most ? count[k] : most;
  uint32_t *times; // (most + 1) how many symbols have each count
  IP_TRY(IP_SCRATCH(sc, times, (size_t)most + 1, "distribution of counts"));
  for (size_t k = 0; k < n_counts; k++) times[count[k]]++;
  double sum = 0, log_n = log2((double)n);
  for (size_t c = 1; c <= most; c++)
    if (times[c]) sum += (double)times[c] * (double)c * (log_n - log2((double)c));
  *bits = sum / (double)n;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status entropy(size_t n, const uint32_t *id, size_t n_ids, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *count; // (n_ids)
  IP_TRY(IP_SCRATCH(sc, count, n_ids, "counts"));
  for (size_t i = 0; i < n; i++) count[id[i]]++;
  IP_TRY(entropy_of_counts(n_ids, count, n, sc, bits));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* H(A,B) of numbers a below n_a and b below n_b: one counter for each pair where that is not much more than n. */
static ip_status joint_entropy(size_t n, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, ip_scratch *sc,
                               double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *count; // (n_pairs)
  if (n_a <= (16 * n + 1024) / n_b) {
    IP_TRY(IP_SCRATCH(sc, count, n_a * n_b, "joint counts"));
    for (size_t i = 0; i < n; i++) count[(size_t)a[i] * n_b + b[i]]++;
    IP_TRY(entropy_of_counts(n_a * n_b, count, n, sc, bits));
  } else {
    uint64_t *pair; // (n)
    uint32_t *id;   // (n)
    size_t n_pairs;
    IP_TRY(IP_SCRATCH(sc, pair, n, "pairs"));
    IP_TRY(IP_SCRATCH(sc, id, n, "numbers of pairs"));
    for (size_t i = 0; i < n; i++) pair[i] = (uint64_t)a[i] << 32 | b[i];
    IP_TRY(ip_unique_keys(n, pair, 0, sc, id, &n_pairs));
    IP_TRY(entropy(n, id, n_pairs, sc, bits));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* H(T|X); 0 where every sample has an input of its own. */
static ip_status entropy_given_x(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                 double *bits)
{
  *bits = 0;
  if (!s->x_id) return IP_OK;
  double hx, hxt;
  IP_TRY(entropy(s->n, s->x_id, s->n_x, sc, &hx));
  IP_TRY(joint_entropy(s->n, s->x_id, s->n_x, symbol, n_symbols, sc, &hxt));
  *bits = hxt - hx;
  return IP_OK;
}

static ip_status label_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, double ht,
                                   ip_scratch *sc, double *bits)
{
  const uint32_t *y = (const uint32_t *)s->y; /* not negative: the same numbers */
  double hy, hty;
  IP_TRY(entropy(s->n, y, s->n_y, sc, &hy));
  IP_TRY(joint_entropy(s->n, symbol, n_symbols, y, s->n_y, sc, &hty));
  *bits = ht + hy - hty;
  return IP_OK;
}

/* Numbers of the samples, those with equal symbols side by side; first (n_symbols + 1) is where each symbol begins. */
static void group_by_symbol(size_t n, const uint32_t *symbol, size_t n_symbols, uint32_t *first, uint32_t *order)
{
  for (size_t i = 0; i < n; i++) first[symbol[i] + 1]++;
  for (size_t k = 0; k < n_symbols; k++) first[k + 1] += first[k];
  for (size_t i = 0; i < n; i++) order[first[symbol[i]]++] = (uint32_t)i;
  for (size_t k = n_symbols; k > 0; k--) first[k] = first[k - 1];
  first[0] = 0;
}

/* p (n_y) = sum over the given samples of p(y|x), each row scaled to sum to 1 in float64. */
static void add_label_rows(const ip_samples *s, size_t m, const uint32_t *sample, double *p)
{
  for (size_t c = 0; c < s->n_y; c++) p[c] = 0;
  for (size_t k = 0; k < m; k++) {
    const float *row = s->p_y_given_x + sample[k] * s->n_y;
    double sum = 0;
    for (size_t c = 0; c < s->n_y; c++) sum += (double)row[c];
    for (size_t c = 0; c < s->n_y; c++) p[c] += (double)row[c] / sum;
  }
}

/* sum_ty p(t,y) log2( p(t,y) / (p(t) p(y)) ) with p(y|x) given. */
static ip_status soft_label_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                        double *bits)
{
  size_t mark = ip_scratch_mark(sc), n = s->n;
  uint32_t *first, *order; // (n_symbols + 1), (n)
  double *py, *pty;        // (n_y) each, times n
  IP_TRY(IP_SCRATCH(sc, first, n_symbols + 1, "groups of samples"));
  IP_TRY(IP_SCRATCH(sc, order, n, "samples by symbol"));
  IP_TRY(IP_SCRATCH(sc, py, s->n_y, "p(y)"));
  IP_TRY(IP_SCRATCH(sc, pty, s->n_y, "p(t,y)"));
  group_by_symbol(n, symbol, n_symbols, first, order);
  add_label_rows(s, n, order, py);
  double sum = 0;
  for (size_t k = 0; k < n_symbols; k++) {
    size_t m = first[k + 1] - first[k];
    add_label_rows(s, m, order + first[k], pty);
    for (size_t c = 0; c < s->n_y; c++)
      if (pty[c] > 0) sum += pty[c] * log2(pty[c] / (double)m * ((double)n / py[c]));
  }
  *bits = sum / (double)n;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_discrete_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                  ip_estimate *out)
{
  double ht, ht_given_x, ity;
  IP_TRY(entropy(s->n, symbol, n_symbols, sc, &ht));
  IP_TRY(entropy_given_x(s, symbol, n_symbols, sc, &ht_given_x));
  if (n_symbols == 1)
    ity = 0;
  else if (s->p_y_given_x)
    IP_TRY(soft_label_information(s, symbol, n_symbols, sc, &ity));
  else
    IP_TRY(label_information(s, symbol, n_symbols, ht, sc, &ity));
  out->ixt_bits = fmax(0, ht - ht_given_x);
  out->ity_bits = fmax(0, ity);
  out->ht_bits = ht;
  out->n_symbols = n_symbols;
  return IP_OK;
}
