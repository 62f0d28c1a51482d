#include "num/kdtree.h"

#include "base/steps.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LEAF = 16 }; /* samples of a node that is not divided */

/* ---------------------------------------------------------------- making one */

typedef struct builder {
  ip_kdtree *t;
  const double *const *column;
  size_t level; /* whose nodes are divided, each to the leaves if `deep` */
  bool deep;
} builder;

static size_t first_of(const ip_kdtree *t, size_t level, size_t j)
{
  return (size_t)(((uint64_t)t->n * j) >> level);
}

static double *box_of(const ip_kdtree *t, size_t level, size_t j)
{
  return t->box + (((size_t)1 << level) - 1 + j) * 2 * t->width;
}

/* Reorders id[0 .. n-1] so that the m-th smallest value of `column` is in its place, smaller ones before it and larger
 * ones behind it (Hoare 1961). */
static void select_nth(uint32_t *id, size_t n, size_t m, const double *column)
{
  size_t low = 0, high = n;
  while (high - low > 1) {
    double a = column[id[low]], b = column[id[low + (high - low) / 2]], c = column[id[high - 1]];
    double pivot = fmax(fmin(a, b), fmin(fmax(a, b), c));
    size_t i = low, j = high - 1;
    for (;;) {
      while (column[id[i]] < pivot) i++;
      while (column[id[j]] > pivot) j--;
      if (i >= j) break;
      uint32_t swap = id[i];
      id[i++] = id[j];
      id[j--] = swap;
    }
    size_t middle = i == j && !(column[id[i]] > pivot) ? i + 1 : i;
    if (middle == high) middle--;
    if (middle == low) middle++;
    if (m < middle) {
      high = middle;
    } else {
      low = middle;
    }
  }
}

static void set_box(const builder *b, size_t level, size_t j)
{
  const ip_kdtree *t = b->t;
  size_t first = first_of(t, level, j), end = first_of(t, level, j + 1);
  double *low = box_of(t, level, j), *high = low + t->width;
  for (size_t k = 0; k < t->width; k++) {
    low[k] = high[k] = b->column[k][t->id[first]];
    for (size_t i = first + 1; i < end; i++) {
      double v = b->column[k][t->id[i]];
      low[k] = v < low[k] ? v : low[k];
      high[k] = v > high[k] ? v : high[k];
    }
  }
}

/* Node j of a level, which gets its box and whose samples are parted for its children. */
static void divide(const builder *b, size_t level, size_t j)
{
  const ip_kdtree *t = b->t;
  set_box(b, level, j);
  if (level == t->depth) return;
  const double *low = box_of(t, level, j), *high = low + t->width;
  size_t widest = 0, first = first_of(t, level, j), end = first_of(t, level, j + 1);
  for (size_t k = 1; k < t->width; k++)
    if (high[k] - low[k] > high[widest] - low[widest]) widest = k;
  select_nth(t->id + first, end - first, first_of(t, level + 1, 2 * j + 1) - first, b->column[widest]);
}

static void divide_all(const builder *b, size_t level, size_t j)
{
  divide(b, level, j);
  if (level == b->t->depth) return;
  divide_all(b, level + 1, 2 * j);
  divide_all(b, level + 1, 2 * j + 1);
}

static ip_status divide_one(void *what, size_t j, size_t part)
{
  (void)part;
  const builder *b = what;
  if (b->deep) {
    divide_all(b, b->level, j);
  } else {
    divide(b, b->level, j);
  }
  return IP_OK;
}

/* Level by level, until there are some nodes for each thread; these are then divided to the leaves. */
static ip_status grow(builder *b, ip_team *team)
{
  size_t n_threads = ip_team_size(team), enough = n_threads > 1 ? 4 * n_threads : 1;
  for (; b->level < b->t->depth && ((size_t)1 << b->level) < enough; b->level++)
    IP_TRY(ip_team_steps(team, (size_t)1 << b->level, divide_one, b));
  b->deep = true;
  return ip_team_steps(team, (size_t)1 << b->level, divide_one, b);
}

static int by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Runs of sorted numbers: run i of n_runs goes from n i / n_runs to before n (i + 1) / n_runs. */
typedef struct runs {
  size_t n, n_runs;
  double *from, *to; // (n)
} runs;

static ip_status sort_run(void *what, size_t i, size_t part)
{
  (void)part;
  const runs *r = what;
  size_t first = r->n * i / r->n_runs, end = r->n * (i + 1) / r->n_runs;
  qsort(r->from + first, end - first, sizeof *r->from, by_value);
  return IP_OK;
}

static ip_status merge_two(void *what, size_t i, size_t part)
{
  (void)part;
  const runs *r = what;
  size_t a = r->n * (2 * i) / r->n_runs, middle = r->n * (2 * i + 1) / r->n_runs, end = r->n * (2 * i + 2) / r->n_runs;
  for (size_t b = middle, at = a; at < end; at++)
    r->to[at] = b == end || (a < middle && r->from[a] <= r->from[b]) ? r->from[a++] : r->from[b++];
  return IP_OK;
}

/* Sorts x (n): a run for each thread, or a few less, and then two by two. */
static ip_status sort(size_t n, double *x, ip_team *team, ip_scratch *sc)
{
  size_t mark = ip_scratch_mark(sc);
  runs r = {n, 1, x, NULL};
  while (2 * r.n_runs <= ip_team_size(team)) r.n_runs *= 2;
  if (r.n_runs > 1) IP_TRY(IP_SCRATCH(sc, r.to, n, "sorted numbers"));
  IP_TRY(ip_team_steps(team, r.n_runs, sort_run, &r));
  for (; r.n_runs > 1; r.n_runs /= 2) {
    IP_TRY(ip_team_steps(team, r.n_runs / 2, merge_two, &r));
    double *was = r.from;
    r.from = r.to;
    r.to = was;
  }
  if (r.from != x) memcpy(x, r.from, n * sizeof *x);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_kdtree_create(size_t n, size_t width, const double *const *column, ip_team *team, ip_scratch *sc,
                           ip_kdtree *out)
{
  assert(n > 0 && width > 0);
  *out = (ip_kdtree){.n = n, .width = width};
  IP_TRY(IP_SCRATCH(sc, out->point, n * width, "points of a tree"));
  if (width == 1) {
    memcpy(out->point, column[0], n * sizeof *out->point);
    return sort(n, out->point, team, sc);
  }
  while ((n >> out->depth) > LEAF) out->depth++;
  IP_TRY(IP_SCRATCH(sc, out->id, n, "order of a tree"));
  IP_TRY(IP_SCRATCH(sc, out->box, (((size_t)2 << out->depth) - 1) * 2 * width, "nodes of a tree"));
  for (size_t i = 0; i < n; i++) out->id[i] = (uint32_t)i;
  IP_TRY(grow(&(builder){.t = out, .column = column}, team));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) out->point[i * width + k] = column[k][out->id[i]];
  return IP_OK;
}

/* ---------------------------------------------------------------- one column, sorted */

/* The samples nearer than `limit` are those from *first on, before *end. Rounded differences rise with true ones, so
 * the two ends are found by halving. */
static void sorted_range(const ip_kdtree *t, double at, double limit, size_t *first, size_t *end)
{
  size_t low = 0, high = t->n;
  while (low < high) { /* the first sample that is not below `at` by limit or more */
    size_t middle = low + (high - low) / 2;
    bool far = t->point[middle] < at && !(at - t->point[middle] < limit);
    if (far) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  *first = low;
  high = t->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    bool far = t->point[middle] > at && !(t->point[middle] - at < limit);
    if (far) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  *end = low;
}

static double sorted_kth(const ip_kdtree *t, double at, size_t k)
{
  size_t low = 0, high = t->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (t->point[middle] < at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  size_t before = low, after = low; /* samples before .. after - 1 are taken */
  double d = 0;
  for (size_t i = 0; i < k; i++) {
    double left = before > 0 ? at - t->point[before - 1] : (double)INFINITY;
    double right = after < t->n ? t->point[after] - at : (double)INFINITY;
    if (left < right) {
      d = left;
      before--;
    } else {
      d = right;
      after++;
    }
  }
  return d;
}

/* ---------------------------------------------------------------- several columns; width is a constant where inlined
 */

#define INLINE static inline __attribute__((always_inline))

INLINE double distance(size_t width, const double *a, const double *b)
{
  double d = 0;
  for (size_t k = 0; k < width; k++) {
    double e = fabs(a[k] - b[k]);
    d = e > d ? e : d;
  }
  return d;
}

/* Of the nearest point of a box, and of its farthest. */
INLINE double nearest_of(size_t width, const double *box, const double *at)
{
  double d = 0;
  for (size_t k = 0; k < width; k++) {
    double below = box[k] - at[k], above = at[k] - box[width + k];
    double e = below > above ? below : above;
    d = e > d ? e : d;
  }
  return d;
}

INLINE double farthest_of(size_t width, const double *box, const double *at)
{
  double d = 0;
  for (size_t k = 0; k < width; k++) {
    double low = fabs(at[k] - box[k]), high = fabs(box[width + k] - at[k]);
    double e = low > high ? low : high;
    d = e > d ? e : d;
  }
  return d;
}

typedef struct node {
  size_t level, j;
  double d; /* distance of its box */
} node;

enum { DEEPEST = 64 };

INLINE double search_kth(size_t width, const ip_kdtree *t, const double *at, size_t k, double *nearest)
{
  node stack[DEEPEST + 1];
  size_t held = 0, n = 1;
  stack[0] = (node){0, 0, nearest_of(width, t->box, at)};
  while (n > 0) {
    node s = stack[--n];
    if (held == k && !(s.d < nearest[k - 1])) continue;
    while (s.level < t->depth) { /* down to the leaf, the nearer child first */
      node a = {s.level + 1, 2 * s.j, 0}, b = {s.level + 1, 2 * s.j + 1, 0};
      const double *box = t->box + (((size_t)1 << a.level) - 1 + a.j) * 2 * width;
      a.d = nearest_of(width, box, at);
      b.d = nearest_of(width, box + 2 * width, at);
      bool b_first = b.d < a.d;
      stack[n++] = b_first ? a : b;
      s = b_first ? b : a;
    }
    if (held == k && !(s.d < nearest[k - 1])) continue;
    for (size_t i = first_of(t, s.level, s.j), end = first_of(t, s.level, s.j + 1); i < end; i++) {
      double d = distance(width, t->point + i * width, at);
      if (held == k && !(d < nearest[k - 1])) continue;
      size_t place = held < k ? held++ : k - 1;
      for (; place > 0 && nearest[place - 1] > d; place--) nearest[place] = nearest[place - 1];
      nearest[place] = d;
    }
  }
  return nearest[k - 1];
}

INLINE size_t search_count(size_t width, const ip_kdtree *t, const double *at, double limit)
{
  node stack[DEEPEST + 1];
  size_t count = 0, n = 1;
  stack[0] = (node){0, 0, 0};
  while (n > 0) {
    node s = stack[--n];
    const double *box = t->box + (((size_t)1 << s.level) - 1 + s.j) * 2 * width;
    if (!(nearest_of(width, box, at) < limit)) continue;
    size_t first = first_of(t, s.level, s.j), end = first_of(t, s.level, s.j + 1);
    if (farthest_of(width, box, at) < limit) {
      count += end - first;
    } else if (s.level < t->depth) {
      stack[n++] = (node){s.level + 1, 2 * s.j, 0};
      stack[n++] = (node){s.level + 1, 2 * s.j + 1, 0};
    } else {
      for (size_t i = first; i < end; i++) count += distance(width, t->point + i * width, at) < limit;
    }
  }
  return count;
}

double ip_kdtree_kth(const ip_kdtree *t, const double *at, size_t k, double *nearest)
{
  assert(k > 0 && k <= t->n);
  switch (t->width) {
  case 1:
    return sorted_kth(t, at[0], k);
  case 2:
    return search_kth(2, t, at, k, nearest);
  case 3:
    return search_kth(3, t, at, k, nearest);
  case 4:
    return search_kth(4, t, at, k, nearest);
  default:
    return search_kth(t->width, t, at, k, nearest);
  }
}

size_t ip_kdtree_count_below(const ip_kdtree *t, const double *at, double limit)
{
  size_t first, end;
  switch (t->width) {
  case 1:
    if (!(limit > 0)) return 0;
    sorted_range(t, at[0], limit, &first, &end);
    return end - first;
  case 2:
    return search_count(2, t, at, limit);
  case 3:
    return search_count(3, t, at, limit);
  case 4:
    return search_count(4, t, at, limit);
  default:
    return search_count(t->width, t, at, limit);
  }
}
