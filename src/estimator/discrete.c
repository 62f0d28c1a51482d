#include "estimator/discrete.h"

#include "info/discrete.h"

#include <math.h>

/* Numbers of the samples, those of one group side by side: order (n); group g begins at first[g], first (n_groups + 1)
 * starts out as zeros. */
static void sort_by_group(size_t n, const uint32_t *group, size_t n_groups, uint32_t *first, uint32_t *order)
{
  for (size_t i = 0; i < n; i++) first[group[i] + 1]++;
  for (size_t g = 0; g < n_groups; g++) first[g + 1] += first[g];
  for (size_t i = 0; i < n; i++) order[first[group[i]]++] = (uint32_t)i;
  for (size_t g = n_groups; g > 0; g--) first[g] = first[g - 1];
  first[0] = 0;
}

ip_status ip_discrete_entropy(size_t n, const uint32_t *symbol, size_t n_symbols, ip_correction how, ip_scratch *sc,
                              double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  ip_spectrum sp;
  uint32_t *count; // (n_symbols)
  IP_TRY(ip_spectrum_open(n, sc, &sp));
  IP_TRY(IP_SCRATCH(sc, count, n_symbols, "counts"));
  for (size_t i = 0; i < n; i++) count[symbol[i]]++;
  for (size_t k = 0; k < n_symbols; k++) ip_spectrum_add(&sp, k, count[k]);
  *bits = ip_spectrum_entropy(&sp, n, how);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* sum_g N_g/N H(T|G=g). Without correction that is H(T,G) - H(G), one spectrum for all groups. */
ip_status ip_discrete_entropy_given(size_t n, const uint32_t *symbol, size_t n_symbols, const uint32_t *group,
                                    size_t n_groups, ip_correction how, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  ip_spectrum sp, groups;
  uint32_t *count, *first, *order; // (n_symbols), (n_groups + 1), (n)
  IP_TRY(ip_spectrum_open(n, sc, &sp));
  IP_TRY(ip_spectrum_open(n, sc, &groups));
  IP_TRY(IP_SCRATCH(sc, count, n_symbols, "counts"));
  IP_TRY(IP_SCRATCH(sc, first, n_groups + 1, "groups of samples"));
  IP_TRY(IP_SCRATCH(sc, order, n, "samples by group"));
  sort_by_group(n, group, n_groups, first, order);
  double sum = 0;
  for (size_t g = 0; g < n_groups; g++) {
    for (size_t i = first[g]; i < first[g + 1]; i++) count[symbol[order[i]]]++;
    for (size_t i = first[g]; i < first[g + 1]; i++) {
      ip_spectrum_add(&sp, i, count[symbol[order[i]]]); /* 0 once the symbol has been seen to */
      count[symbol[order[i]]] = 0;
    }
    size_t m = first[g + 1] - first[g];
    ip_spectrum_add(&groups, g, (uint32_t)m);
    if (how == IP_CORRECTION_NONE) continue;
    sum += (double)m * ip_spectrum_entropy(&sp, m, how);
    ip_spectrum_clear(&sp);
  }
  *bits = how == IP_CORRECTION_NONE ? ip_spectrum_entropy(&sp, n, how) - ip_spectrum_entropy(&groups, n, how)
                                    : sum / (double)n;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* The spectra of a table of counts and of its margins. */
static void read_table(const uint32_t *table, size_t n_symbols, size_t n_y, ip_spectrum *t, ip_spectrum *ty,
                       uint32_t *column)
{
  for (size_t k = 0; k < n_symbols; k++) {
    const uint32_t *row = table + k * n_y;
    uint32_t sum = 0;
    for (size_t c = 0; c < n_y; c++) {
      ip_spectrum_add(ty, 2 * k + c, row[c]);
      column[c] += row[c];
      sum += row[c];
    }
    ip_spectrum_add(t, k, sum);
  }
}

enum { PAIR_BITS = 3, PAIR_COUNTS = 1 << PAIR_BITS, PAIR_LANES = 4 };

/* The same for two classes, which are common: a row of two counts below PAIR_COUNTS adds to one cell in place of three,
 * and cells are added to the spectra at the end. */
static void read_pairs(const uint32_t *table, size_t n_symbols, ip_spectrum *t, ip_spectrum *ty, uint32_t *column)
{
  uint32_t pairs[PAIR_LANES][PAIR_COUNTS * PAIR_COUNTS] = {0};
  for (size_t k = 0; k < n_symbols; k++) {
    uint32_t a = table[2 * k], b = table[2 * k + 1];
    if ((a | b) < PAIR_COUNTS)
      pairs[k % PAIR_LANES][a << PAIR_BITS | b]++;
    else
      read_table(table + 2 * k, 1, 2, t, ty, column);
  }
  for (uint32_t cell = 0; cell < PAIR_COUNTS * PAIR_COUNTS; cell++) {
    uint32_t a = cell >> PAIR_BITS, b = cell % PAIR_COUNTS, times = 0;
    for (size_t lane = 0; lane < PAIR_LANES; lane++) times += pairs[lane][cell];
    ip_spectrum_add_small(ty, a, times);
    ip_spectrum_add_small(ty, b, times);
    ip_spectrum_add_small(t, a + b, times);
    column[0] += a * times;
    column[1] += b * times;
  }
}

/* Plug-in H(T) and I(T;Y) from table (n_symbols, s->n_y), the counts of pairs. */
static ip_status information_of_table(const ip_samples *s, const uint32_t *table, size_t n_symbols, ip_scratch *sc,
                                      double *ht, double *ity)
{
  size_t mark = ip_scratch_mark(sc), n_y = s->n_y;
  ip_spectrum t, ty, y;
  uint32_t *column; // (n_y)
  IP_TRY(ip_spectrum_open(s->n, sc, &t));
  IP_TRY(ip_spectrum_open(s->n, sc, &ty));
  IP_TRY(ip_spectrum_open(s->n, sc, &y));
  IP_TRY(IP_SCRATCH(sc, column, n_y, "class counts"));
  if (n_y == 2)
    read_pairs(table, n_symbols, &t, &ty, column);
  else
    read_table(table, n_symbols, n_y, &t, &ty, column);
  for (size_t c = 0; c < n_y; c++) ip_spectrum_add(&y, c, column[c]);
  *ht = ip_spectrum_entropy(&t, s->n, IP_CORRECTION_NONE);
  *ity = *ht + ip_spectrum_entropy(&y, s->n, IP_CORRECTION_NONE) - ip_spectrum_entropy(&ty, s->n, IP_CORRECTION_NONE);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status information_of_pairs(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                      double *ht, double *ity)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *table; // (n_symbols, n_y)
  IP_TRY(IP_SCRATCH(sc, table, n_symbols * s->n_y, "joint counts"));
  for (size_t i = 0; i < s->n; i++) table[symbol[i] * s->n_y + (size_t)s->y[i]]++;
  IP_TRY(information_of_table(s, table, n_symbols, sc, ht, ity));
  ip_scratch_release(sc, mark);
  return IP_OK;
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
  sort_by_group(n, symbol, n_symbols, first, order);
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

static bool table_is_small(const ip_samples *s, size_t n_symbols)
{
  return n_symbols <= (16 * s->n + 1024) / s->n_y;
}

/* H(T), and I(T;Y). */
static ip_status label_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                                   ip_scratch *sc, double *ht, double *ity)
{
  IP_REQUIRE(how == IP_CORRECTION_NONE || !s->p_y_given_x, IP_EINVAL,
             "correction=%s needs whole counts of labels, and soft labels have none; use correction=none",
             ip_corrections[how]);
  if (how == IP_CORRECTION_NONE && !s->p_y_given_x && table_is_small(s, n_symbols))
    return information_of_pairs(s, symbol, n_symbols, sc, ht, ity);
  IP_TRY(ip_discrete_entropy(s->n, symbol, n_symbols, how, sc, ht));
  if (s->p_y_given_x) return soft_label_information(s, symbol, n_symbols, sc, ity);
  double given_y;
  IP_TRY(ip_discrete_entropy_given(s->n, symbol, n_symbols, (const uint32_t *)s->y, s->n_y, how, sc, &given_y));
  *ity = *ht - given_y;
  return IP_OK;
}

ip_status ip_discrete_label_entropy(const ip_samples *s, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  double *p; // (n_y)
  if (!s->p_y_given_x) {
    const uint32_t *y = (const uint32_t *)s->y; /* not negative: the same numbers */
    return ip_discrete_entropy(s->n, y, s->n_y, IP_CORRECTION_NONE, sc, bits);
  }
  IP_TRY(IP_SCRATCH(sc, p, s->n_y, "p(y)"));
  for (size_t i = 0; i < s->n; i++) {
    const float *row = s->p_y_given_x + i * s->n_y;
    double sum = 0;
    for (size_t c = 0; c < s->n_y; c++) sum += (double)row[c];
    for (size_t c = 0; c < s->n_y; c++) p[c] += (double)row[c] / (sum * (double)s->n);
  }
  *bits = ip_entropy_bits(s->n_y, p);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Whether they are 0, 1, 2, ..., as inputs are numbered that differ. */
static bool are_in_order(size_t n, const uint32_t *number)
{
  uint32_t differ = 0;
  for (size_t i = 0; i < n; i++) differ |= number[i] ^ (uint32_t)i;
  return n <= UINT32_MAX && differ == 0;
}

ip_status ip_discrete_each_once(size_t n, const uint32_t *number, size_t n_numbers, ip_scratch *sc, bool *once)
{
  *once = !number || n <= n_numbers;
  if (!number || !*once || are_in_order(n, number)) return IP_OK;
  size_t mark = ip_scratch_mark(sc);
  uint8_t *seen; // (n_numbers)
  IP_TRY(IP_SCRATCH(sc, seen, n_numbers, "numbers seen"));
  for (size_t i = 0; i < n; i++) {
    *once = *once && !seen[number[i]];
    seen[number[i]] = 1;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_discrete_label_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols,
                                        ip_correction how, ip_scratch *sc, double *ity_bits)
{
  double ht, ity;
  IP_TRY(label_information(s, symbol, n_symbols, how, sc, &ht, &ity));
  *ity_bits = ht > 0 ? ity : 0;
  return IP_OK;
}

static void set_information(double ht, double ht_given_x, double ity, size_t n_symbols, ip_estimate *out)
{
  out->ixt_bits = ht - ht_given_x;
  out->ity_bits = ht > 0 ? ity : 0;
  out->ht_bits = ht;
  out->n_symbols = n_symbols;
}

ip_status ip_discrete_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                                  ip_scratch *sc, ip_estimate *out)
{
  double ht, ity, given_x = 0;
  bool own; /* as below */
  IP_TRY(ip_discrete_each_once(s->n, s->x_id, s->n_x, sc, &own));
  IP_TRY(label_information(s, symbol, n_symbols, how, sc, &ht, &ity));
  if (!own) IP_TRY(ip_discrete_entropy_given(s->n, symbol, n_symbols, s->x_id, s->n_x, how, sc, &given_x));
  set_information(ht, given_x, ity, n_symbols, out);
  return IP_OK;
}

enum { MOST_CLASSES = 16 }; /* for a table with room for a symbol per sample */

ip_status ip_discrete_information_of_rows(const ip_samples *s, const ip_key_rows *rows, ip_correction how,
                                          ip_scratch *sc, ip_estimate *out)
{
  size_t mark = ip_scratch_mark(sc), n_symbols;
  bool own; /* every sample is an input of its own, so that H(T|X) = 0 */
  IP_TRY(ip_discrete_each_once(s->n, s->x_id, s->n_x, sc, &own));
  if (how == IP_CORRECTION_NONE && !s->p_y_given_x && own && s->n_y <= MOST_CLASSES) {
    uint32_t *table; // (n, n_y)
    double ht, ity;
    IP_TRY(IP_SCRATCH(sc, table, s->n * s->n_y, "joint counts"));
    IP_TRY(ip_unique_count(s->n, rows, s->n_y, (const uint32_t *)s->y, sc, table, &n_symbols));
    IP_TRY(information_of_table(s, table, n_symbols, sc, &ht, &ity));
    set_information(ht, 0, ity, n_symbols, out);
  } else {
    uint32_t *symbol; // (n)
    IP_TRY(IP_SCRATCH(sc, symbol, s->n, "symbols"));
    IP_TRY(ip_unique_rows(s->n, rows->n_words, rows->word, sc, symbol, &n_symbols));
    IP_TRY(ip_discrete_information(s, symbol, n_symbols, how, sc, out));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_discrete_entropy_given_input(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                          double *bits)
{
  *bits = 0;
  if (!s->x_id) return IP_OK;
  return ip_discrete_entropy_given(s->n, symbol, n_symbols, s->x_id, s->n_x, IP_CORRECTION_NONE, sc, bits);
}
