#include "bottleneck/problem.h"

#include "base/mem.h"
#include "info/discrete.h"
#include "num/sum.h"
#include "num/unique.h"

#include <math.h>
#include <string.h>

/* p(y|x) to 38 of its 52 binary digits: rows that differ by the rounding of a division are the same. (Two such rows on
 * either side of a step, one in ten thousand, stay apart; that costs time only.) */
static uint64_t without_rounding(double p)
{
  uint64_t bits;
  memcpy(&bits, &p, sizeof bits);
  return (bits + (UINT64_C(1) << 13)) >> 14;
}

static ip_status check(size_t n_x, size_t n_y, const double *p_xy)
{
  IP_TRY(ip_distribution_check(n_x, n_y, p_xy, "the joint distribution p(x,y)"));
  for (size_t x = 0; x < n_x; x++) {
    double row = 0;
    for (size_t y = 0; y < n_y; y++) row += p_xy[x * n_y + y];
    IP_REQUIRE(row > 0, IP_EINVAL,
               "the joint distribution p(x,y): row %zu holds nothing but zeros; leave out inputs that do not occur",
               x + 1);
  }
  return IP_OK;
}

/* Numbers the classes of inputs with the same p(y|x). */
static ip_status find_classes(size_t n_x, size_t n_y, const double *p_xy, ip_ib_problem *p)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  uint64_t *key; // (n_x, n_y)
  ip_status st = IP_SCRATCH(sc, key, n_x * n_y, "conditional distributions");
  for (size_t x = 0; x < n_x && st == IP_OK; x++) {
    double row = ip_sum_pairwise(n_y, p_xy + x * n_y);
    for (size_t y = 0; y < n_y; y++) key[x * n_y + y] = without_rounding(p_xy[x * n_y + y] / row);
  }
  if (st == IP_OK) st = ip_unique_rows(n_x, n_y, key, sc, p->class_of, &p->n_x);
  ip_scratch_destroy(&sc);
  return st;
}

/* Adds up the inputs of each class, with the sum of all cells scaled to 1. */
static void fill(size_t n_inputs, const double *p_xy, ip_ib_problem *p)
{
  size_t n_y = p->n_y, width = n_y + 1;
  double total = ip_sum_pairwise(n_inputs * n_y, p_xy);
  for (size_t i = 0; i < n_inputs; i++)
    for (size_t y = 0; y < n_y; y++) p->p_xy[p->class_of[i] * width + y] += p_xy[i * n_y + y] / total;
  for (size_t x = 0; x < p->n_x; x++) {
    double *joint = p->p_xy + x * width, *conditional = p->p_y_given_x + x * width;
    double p_x = joint[n_y] = ip_sum_pairwise(n_y, joint);
    for (size_t y = 0; y < n_y; y++) {
      conditional[y] = joint[y] / p_x;
      p->p_y[y] += joint[y];
    }
    conditional[n_y] = 1;
  }
}

static ip_status measure(size_t n_inputs, const double *p_xy, ip_ib_problem *p)
{
  ip_scratch *sc;
  ip_joint_measures m, merged;
  double *table; // (n_x, n_y) without the column of p(x)
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_joint_measure(n_inputs, p->n_y, p_xy, sc, &m);
  if (st == IP_OK) st = IP_SCRATCH(sc, table, p->n_x * p->n_y, "merged joint distribution");
  if (st == IP_OK) {
    for (size_t x = 0; x < p->n_x; x++)
      for (size_t y = 0; y < p->n_y; y++) table[x * p->n_y + y] = p->p_xy[x * (p->n_y + 1) + y];
    st = ip_joint_measure(p->n_x, p->n_y, table, sc, &merged);
  }
  ip_scratch_destroy(&sc);
  IP_TRY(st);
  p->hx_bits = m.hx_bits;
  p->h_classes_bits = merged.hx_bits;
  p->hy_bits = merged.hy_bits;
  p->hy_given_x_bits = merged.hy_given_x_bits;
  p->ixy_bits = merged.mi_bits;
  return IP_OK;
}

static ip_status make(size_t n_x, size_t n_y, const double *p_xy, ip_ib_problem *p)
{
  p->n_inputs = n_x;
  p->n_y = n_y;
  IP_TRY(IP_NEW(p->class_of, n_x, "classes of inputs"));
  IP_TRY(find_classes(n_x, n_y, p_xy, p));
  IP_TRY(IP_NEW(p->p_xy, p->n_x * (n_y + 1), "merged joint distribution"));
  IP_TRY(IP_NEW(p->p_y_given_x, p->n_x * (n_y + 1), "conditional distributions"));
  IP_TRY(IP_NEW(p->p_y, n_y, "distribution of outcomes"));
  fill(n_x, p_xy, p);
  return measure(n_x, p_xy, p);
}

ip_status ip_ib_problem_create(size_t n_x, size_t n_y, const double *p_xy, ip_ib_problem **out)
{
  *out = NULL;
  IP_TRY(check(n_x, n_y, p_xy));
  ip_ib_problem *p;
  IP_TRY(IP_NEW(p, 1, "bottleneck problem"));
  ip_status st = make(n_x, n_y, p_xy, p);
  if (st != IP_OK) ip_ib_problem_destroy(&p);
  *out = p;
  return st;
}

void ip_ib_problem_destroy(ip_ib_problem **p)
{
  if (!*p) return;
  ip_free((*p)->class_of);
  ip_free((*p)->p_xy);
  ip_free((*p)->p_y_given_x);
  ip_free((*p)->p_y);
  ip_free(*p);
  *p = NULL;
}

/* Of more classes than samples most have none, and a table would have a column for each: numbers those that occur. */
static ip_status number_classes(size_t n, const int32_t *y, size_t *n_classes, int32_t *number)
{
  ip_scratch *sc;
  uint64_t *key;
  uint32_t *id;
  ip_status st;
  IP_TRY(ip_scratch_create(&sc));
  IP_TRY_GOTO(st, IP_SCRATCH(sc, key, n, "classes"), end);
  IP_TRY_GOTO(st, IP_SCRATCH(sc, id, n, "classes"), end);
  for (size_t i = 0; i < n; i++) key[i] = (uint64_t)y[i];
  IP_TRY_GOTO(st, ip_unique_keys(n, key, 0, sc, id, n_classes), end);
  for (size_t i = 0; i < n; i++) number[i] = (int32_t)id[i];
end:
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status from_some_classes(size_t n, const int32_t *y, size_t n_ids, const uint32_t *x_id, ip_ib_problem **out)
{
  int32_t *number; // (n)
  size_t n_classes;
  IP_TRY(IP_NEW(number, n, "classes"));
  ip_status st = number_classes(n, y, &n_classes, number);
  if (st == IP_OK) st = ip_ib_problem_from_samples(n, n_classes, NULL, number, n_ids, x_id, out);
  ip_free(number);
  return st;
}

ip_status ip_ib_problem_from_samples(size_t n, size_t n_classes, const float *p_y_given_x, const int32_t *y,
                                     size_t n_ids, const uint32_t *x_id, ip_ib_problem **out)
{
  *out = NULL;
  IP_REQUIRE(n > 0 && n_classes > 0 && n_ids > 0, IP_EINVAL, "%zu samples of %zu inputs in %zu classes have no p(x,y)",
             n, n_ids, n_classes);
  IP_REQUIRE(n_ids <= SIZE_MAX / n_classes, IP_ENOMEM, "a table of %zu x %zu cells does not fit", n_ids, n_classes);
  for (size_t i = 0; i < n; i++) {
    IP_REQUIRE(x_id[i] < n_ids, IP_EINVAL, "sample %zu: got input %u, expected less than %zu", i, x_id[i], n_ids);
    IP_REQUIRE(p_y_given_x || (y[i] >= 0 && (size_t)y[i] < n_classes), IP_EINVAL,
               "sample %zu: got label %d, expected 0 to %zu", i, y[i], n_classes - 1);
  }
  if (!p_y_given_x && n_classes > n) return from_some_classes(n, y, n_ids, x_id, out);
  double *joint; // (n_ids, n_classes)
  IP_TRY(IP_NEW(joint, n_ids * n_classes, "joint distribution"));
  for (size_t i = 0; i < n; i++) {
    double *row = joint + x_id[i] * n_classes;
    if (p_y_given_x) {
      const float *given = p_y_given_x + i * n_classes;
      double sum = ip_sum_pairwise_f32(n_classes, given); /* float rows sum to 1 up to 1e-7 only */
      for (size_t k = 0; k < n_classes; k++) row[k] += (double)given[k] / (sum * (double)n);
    } else {
      row[y[i]] += 1 / (double)n;
    }
  }
  ip_status st = ip_ib_problem_create(n_ids, n_classes, joint, out);
  ip_free(joint);
  return st;
}
