#include "info/discrete.h"

#include "num/sum.h"

#include <assert.h>

ip_cell_fault ip_distribution_fault(size_t n, const double *p, double tolerance, size_t *cell, double *sum)
{
  ip_sum total = {0};
  *cell = 0;
  *sum = NAN;
  for (size_t i = 0; i < n; i++) {
    *cell = i;
    if (!isfinite(p[i])) return IP_CELL_NOT_FINITE;
    if (p[i] < 0) return IP_CELL_NEGATIVE;
    ip_sum_add(&total, p[i]);
  }
  *sum = ip_sum_value(&total);
  /* a hair more than the tolerance, for 0.333333 three times to pass 1e-6 in spite of rounding */
  return fabs(*sum - 1) <= tolerance * (1 + 1e-6) ? IP_CELL_FINE : IP_CELL_SUM;
}

const char *ip_distribution_advice(size_t n, const double *p)
{
  for (size_t i = 0; i < n; i++)
    if (p[i] != floor(p[i])) return "";
  return "; if these are counts, divide them by their sum";
}

ip_status ip_distribution_check(size_t n_rows, size_t n_cols, const double *p, const char *what)
{
  size_t cell;
  double sum;
  IP_REQUIRE(n_rows > 0 && n_cols > 0, IP_EINVAL, "%s: a distribution needs at least one cell, this one is %zu x %zu",
             what, n_rows, n_cols);
  switch (ip_distribution_fault(n_rows * n_cols, p, IP_SUM_TOLERANCE, &cell, &sum)) {
  case IP_CELL_NOT_FINITE:
  case IP_CELL_NEGATIVE:
    IP_FAIL(IP_EINVAL, "%s: row %zu, column %zu holds %g; probabilities are finite and not negative", what,
            cell / n_cols + 1, cell % n_cols + 1, p[cell]);
  case IP_CELL_SUM:
    IP_FAIL(IP_EINVAL, "%s: the cells sum to %.9g; a distribution sums to 1 (within %g)%s", what, sum, IP_SUM_TOLERANCE,
            ip_distribution_advice(n_rows * n_cols, p));
  case IP_CELL_FINE:
    break;
  }
  return IP_OK;
}

/* Rounding may leave a quantity that cannot be negative just below 0, or at -0; NaN passes. */
static double not_negative(double x)
{
  return x <= 0 ? 0 : x;
}

double ip_log2_ratio(double p, double q)
{
  double ratio = p / q;
  /* a quotient that is not normal has lost digits, or everything: of two normal numbers it is when they are far apart,
   * and a difference of logarithms is exact enough then; near 1 it would not be */
  return isnormal(ratio) ? log2(ratio) : log2(p) - log2(q);
}

/* p log2 (p/q) with the conventions of the header. */
static double divergence_term(double p, double q)
{
  return p > 0 ? p * ip_log2_ratio(p, q) : 0;
}

double ip_entropy_bits(size_t n, const double *p)
{
  ip_sum h = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&h, divergence_term(p[i], 1));
  return not_negative(-ip_sum_value(&h));
}

double ip_cross_entropy_bits(size_t n, const double *p, const double *q)
{
  ip_sum h = {0};
  for (size_t i = 0; i < n; i++)
    if (p[i] > 0) ip_sum_add(&h, -p[i] * log2(q[i]));
  return ip_sum_value(&h);
}

double ip_kl_bits(size_t n, const double *p, const double *q)
{
  ip_sum d = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&d, divergence_term(p[i], q[i]));
  return not_negative(ip_sum_value(&d));
}

double ip_binary_entropy_bits(double p)
{
  double cells[2] = {p, 1 - p};
  return ip_entropy_bits(2, cells);
}

double ip_entropy_counts_bits(size_t n, const uint32_t *count)
{
  uint64_t total = 0;
  ip_sum s = {0};
  for (size_t i = 0; i < n; i++) {
    total += count[i];
    if (count[i] > 1) ip_sum_add(&s, count[i] * log2(count[i])); /* 1 log 1 = 0, and most bins hold one sample */
  }
  if (total == 0) return 0;
  return not_negative(log2((double)total) - ip_sum_value(&s) / (double)total);
}

/* --- Joint tables. Counts and probabilities share the walk: cells are w = p * total. */

typedef struct {
  size_t n_x, n_y;
  const double *p;       /* (n_x, n_y) or NULL */
  const uint32_t *count; /* (n_x, n_y) or NULL */
} table;

static double cell_weight(const table *t, size_t x, size_t y)
{
  return t->p ? t->p[x * t->n_y + y] : (double)t->count[x * t->n_y + y];
}

/* log2( w all / (wx wy) ) of a cell w in a row that sums to wx and a column that sums to wy. */
static double log2_lift(double w, double wx, double wy, double all)
{
  double share = w / wx, other = all / wy, lift = share * other;
  if (isnormal(share) && isnormal(other) && isnormal(lift)) return log2(lift);
  return ip_log2_ratio(w, wx) + ip_log2_ratio(all, wy);
}

static ip_status measure_table(const table *t, ip_scratch *sc, ip_joint_measures *out)
{
  size_t mark = ip_scratch_mark(sc);
  ip_sum *sum_x, *sum_y; /* (n_x), (n_y) */
  IP_TRY(IP_SCRATCH(sc, sum_x, t->n_x, "marginal of x"));
  IP_TRY(IP_SCRATCH(sc, sum_y, t->n_y, "marginal of y"));
  ip_sum total = {0};
  for (size_t x = 0; x < t->n_x; x++)
    for (size_t y = 0; y < t->n_y; y++) {
      double w = cell_weight(t, x, y);
      ip_sum_add(&sum_x[x], w);
      ip_sum_add(&sum_y[y], w);
      ip_sum_add(&total, w);
    }
  double all = ip_sum_value(&total);
  IP_REQUIRE(all > 0, IP_EINVAL, "the joint table of %zu x %zu cells holds nothing but zeros", t->n_x, t->n_y);

  ip_sum hx = {0}, hy = {0}, hxy = {0}, hx_y = {0}, hy_x = {0}, mi = {0};
  for (size_t y = 0; y < t->n_y; y++) ip_sum_add(&hy, -divergence_term(ip_sum_value(&sum_y[y]) / all, 1));
  for (size_t x = 0; x < t->n_x; x++) {
    double wx = ip_sum_value(&sum_x[x]);
    ip_sum_add(&hx, -divergence_term(wx / all, 1));
    for (size_t y = 0; y < t->n_y; y++) {
      double w = cell_weight(t, x, y), wy = ip_sum_value(&sum_y[y]);
      if (w == 0) continue;
      double p = w / all;
      ip_sum_add(&hxy, -p * log2(p));
      ip_sum_add(&hx_y, -p * ip_log2_ratio(w, wy));
      ip_sum_add(&hy_x, -p * ip_log2_ratio(w, wx));
      ip_sum_add(&mi, p * log2_lift(w, wx, wy, all));
    }
  }
  ip_scratch_release(sc, mark);
  *out = (ip_joint_measures){.hx_bits = not_negative(ip_sum_value(&hx)),
                             .hy_bits = not_negative(ip_sum_value(&hy)),
                             .hxy_bits = not_negative(ip_sum_value(&hxy)),
                             .hx_given_y_bits = not_negative(ip_sum_value(&hx_y)),
                             .hy_given_x_bits = not_negative(ip_sum_value(&hy_x)),
                             .mi_bits = not_negative(ip_sum_value(&mi))};
  return IP_OK;
}

ip_status ip_joint_measure(size_t n_x, size_t n_y, const double *p, ip_scratch *sc, ip_joint_measures *out)
{
  return measure_table(&(table){n_x, n_y, p, NULL}, sc, out);
}

ip_status ip_joint_measure_counts(size_t n_x, size_t n_y, const uint32_t *count, ip_scratch *sc, ip_joint_measures *out)
{
  return measure_table(&(table){n_x, n_y, NULL, count}, sc, out);
}

ip_status ip_mi_labels(size_t n, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, ip_scratch *sc,
                       double *mi_bits)
{
  assert(sc && mi_bits);
  IP_REQUIRE(n > 0, IP_EINVAL, "mutual information of no samples");
  IP_REQUIRE(n_b == 0 || n_a <= SIZE_MAX / n_b, IP_ENOMEM, "a joint table of %zu x %zu labels does not fit", n_a, n_b);

  size_t mark = ip_scratch_mark(sc);
  uint32_t *count; /* (n_a, n_b) */
  IP_TRY(IP_SCRATCH(sc, count, n_a * n_b, "joint label counts"));
  for (size_t i = 0; i < n; i++) {
    IP_REQUIRE(a[i] < n_a && b[i] < n_b, IP_EINVAL, "sample %zu: label (%u, %u) is outside %zu x %zu", i + 1, a[i],
               b[i], n_a, n_b);
    count[a[i] * n_b + b[i]]++;
  }
  ip_joint_measures m;
  IP_TRY(ip_joint_measure_counts(n_a, n_b, count, sc, &m));
  ip_scratch_release(sc, mark);
  *mi_bits = m.mi_bits;
  return IP_OK;
}
