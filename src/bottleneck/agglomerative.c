#include "bottleneck/agglomerative.h"

#include "base/mem.h"
#include "base/stop.h"
#include "info/discrete.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef struct {
  size_t n_x, n_y;
  double *joint;     // (n_x, n_y + 1) p(t,y) and p(t) of the clusters left; a merged cluster has p(t) = 0
  double *cost;      // (n_x, n_x) I(T;Y) lost by merging i < j, in bits
  uint32_t *partner; // (n_x) the j > i with the least cost
} state;

/* p log2( p / (a b) ), 0 for p = 0; finite also where a b is below every number. */
static double term(double p, double a, double b)
{
  if (!(p > 0)) return 0;
  return p * (isnormal(a * b) ? ip_log2_ratio(p, a * b) : ip_log2_ratio(p, a) - log2(b));
}

/* (p(a) + p(b)) times the Jensen-Shannon divergence of p(y|a) and p(y|b). */
static double merge_cost(const state *s, size_t a, size_t b)
{
  size_t n_y = s->n_y;
  const double *p = s->joint + a * (n_y + 1), *q = s->joint + b * (n_y + 1);
  double p_a = p[n_y], p_b = q[n_y], cost = 0;
  for (size_t y = 0; y < n_y; y++) {
    double mean = (p[y] + q[y]) / (p_a + p_b);
    cost += term(p[y], mean, p_a) + term(q[y], mean, p_b);
  }
  return cost > 0 ? cost : 0;
}

static bool is_alive(const state *s, size_t t)
{
  return s->joint[t * (s->n_y + 1) + s->n_y] > 0;
}

static void find_partner(state *s, size_t i)
{
  s->partner[i] = UINT32_MAX;
  for (size_t j = i + 1; j < s->n_x; j++) {
    if (!is_alive(s, j)) continue;
    if (s->partner[i] == UINT32_MAX || s->cost[i * s->n_x + j] < s->cost[i * s->n_x + s->partner[i]])
      s->partner[i] = (uint32_t)j;
  }
}

static size_t cheapest(const state *s)
{
  size_t best = s->n_x;
  double least = HUGE_VAL;
  for (size_t i = 0; i < s->n_x; i++)
    if (is_alive(s, i) && s->partner[i] != UINT32_MAX && s->cost[i * s->n_x + s->partner[i]] < least) {
      best = i;
      least = s->cost[i * s->n_x + s->partner[i]];
    }
  assert(best < s->n_x);
  return best;
}

/* Moves cluster j into cluster i < j and brings costs and partners up to date. */
static void merge(state *s, size_t i, size_t j)
{
  size_t width = s->n_y + 1;
  for (size_t y = 0; y < width; y++) {
    s->joint[i * width + y] += s->joint[j * width + y];
    s->joint[j * width + y] = 0;
  }
  for (size_t k = 0; k < s->n_x; k++) {
    if (k == i || !is_alive(s, k)) continue;
    size_t a = k < i ? k : i, b = k < i ? i : k;
    s->cost[a * s->n_x + b] = merge_cost(s, a, b);
  }
  for (size_t k = 0; k < s->n_x; k++) {
    if (!is_alive(s, k)) continue;
    bool lost = k == i || s->partner[k] == i || s->partner[k] == j;
    if (lost)
      find_partner(s, k);
    else if (k < i && s->cost[k * s->n_x + i] < s->cost[k * s->n_x + s->partner[k]])
      s->partner[k] = (uint32_t)i;
  }
}

static void measure(const state *s, const ip_ib_problem *p, double *ht_bits, double *ity_bits)
{
  double ht = 0, ity = 0;
  for (size_t t = 0; t < s->n_x; t++) {
    const double *row = s->joint + t * (s->n_y + 1);
    double p_t = row[s->n_y];
    ht -= term(p_t, 1, 1);
    for (size_t y = 0; y < s->n_y; y++) ity += term(row[y], p_t, p->p_y[y]);
  }
  *ht_bits = fmax(ht, 0);
  *ity_bits = fmax(ity, 0);
}

static ip_status agglomerate(const ip_ib_problem *p, ip_scratch *sc, ip_ib_agglomeration *a)
{
  size_t n_x = p->n_x, width = p->n_y + 1;
  state s = {.n_x = n_x, .n_y = p->n_y};
  IP_REQUIRE(n_x <= SIZE_MAX / n_x, IP_ENOMEM, "the costs of %zu x %zu merges do not fit", n_x, n_x);
  IP_TRY(IP_SCRATCH(sc, s.joint, n_x * width, "clusters"));
  IP_TRY(IP_SCRATCH(sc, s.cost, n_x * n_x, "costs of merging"));
  IP_TRY(IP_SCRATCH(sc, s.partner, n_x, "cheapest partners"));
  memcpy(s.joint, p->p_xy, n_x * width * sizeof *s.joint);
  for (size_t i = 0; i < n_x; i++) {
    for (size_t j = i + 1; j < n_x; j++) s.cost[i * n_x + j] = merge_cost(&s, i, j);
    find_partner(&s, i);
    IP_TRY(ip_stop_check());
  }
  measure(&s, p, &a->ht_bits[0], &a->ity_bits[0]);
  for (size_t k = 0; k + 1 < n_x; k++) {
    size_t i = cheapest(&s), j = s.partner[i];
    a->into[k] = (uint32_t)i;
    a->from[k] = (uint32_t)j;
    merge(&s, i, j);
    measure(&s, p, &a->ht_bits[k + 1], &a->ity_bits[k + 1]);
    IP_TRY(ip_stop_check());
  }
  return IP_OK;
}

static ip_status make(const ip_ib_problem *p, ip_ib_agglomeration *a)
{
  ip_scratch *sc;
  a->n_x = p->n_x;
  a->n_y = p->n_y;
  IP_TRY(IP_NEW(a->from, p->n_x, "merges"));
  IP_TRY(IP_NEW(a->into, p->n_x, "merges"));
  IP_TRY(IP_NEW(a->ht_bits, p->n_x, "H(T) of clusterings"));
  IP_TRY(IP_NEW(a->ity_bits, p->n_x, "I(T;Y) of clusterings"));
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = agglomerate(p, sc, a);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_ib_agglomerate(const ip_ib_problem *p, ip_ib_agglomeration **out)
{
  *out = NULL;
  IP_TRY(IP_NEW(*out, 1, "agglomeration"));
  ip_status st = make(p, *out);
  if (st != IP_OK) ip_ib_agglomeration_destroy(out);
  return st;
}

void ip_ib_agglomeration_destroy(ip_ib_agglomeration **a)
{
  if (!*a) return;
  ip_free((*a)->from);
  ip_free((*a)->into);
  ip_free((*a)->ht_bits);
  ip_free((*a)->ity_bits);
  ip_free(*a);
  *a = NULL;
}

ip_status ip_ib_agglomeration_cut(const ip_ib_agglomeration *a, size_t n_t, uint32_t *cluster)
{
  IP_REQUIRE(n_t >= 1 && n_t <= a->n_x, IP_EINVAL, "got %zu clusters, expected 1 to %zu", n_t, a->n_x);
  uint32_t *number; // (n_x) of the cluster an index ended up in
  IP_TRY(IP_NEW(number, a->n_x, "numbers of clusters"));
  for (size_t x = 0; x < a->n_x; x++) cluster[x] = (uint32_t)x;
  for (size_t k = a->n_x - n_t; k-- > 0;) cluster[a->from[k]] = cluster[a->into[k]]; /* last merge first */
  for (size_t x = 0; x < a->n_x; x++) number[x] = UINT32_MAX;
  for (size_t x = 0, n = 0; x < a->n_x; x++) {
    if (number[cluster[x]] == UINT32_MAX) number[cluster[x]] = (uint32_t)n++;
    cluster[x] = number[cluster[x]];
  }
  ip_free(number);
  return IP_OK;
}

ip_status ip_ib_start_agglomerated(const ip_ib_problem *p, const ip_ib_agglomeration *a, size_t n_t,
                                   ip_ib_solution **out)
{
  uint32_t *cluster; // (n_x)
  *out = NULL;
  IP_TRY(IP_NEW(cluster, a->n_x, "clusters of inputs"));
  ip_status st = ip_ib_agglomeration_cut(a, n_t, cluster);
  if (st == IP_OK) st = ip_ib_solution_create(p->n_y, n_t, out);
  for (size_t x = 0; x < p->n_x && st == IP_OK; x++)
    for (size_t y = 0; y <= p->n_y; y++) (*out)->joint[y * n_t + cluster[x]] += p->p_xy[x * (p->n_y + 1) + y];
  ip_free(cluster);
  return st;
}

size_t ip_ib_agglomeration_best(const ip_ib_agglomeration *a, double beta)
{
  size_t best = 0;
  for (size_t k = 1; k < a->n_x; k++)
    if (a->ht_bits[k] - beta * a->ity_bits[k] <= a->ht_bits[best] - beta * a->ity_bits[best]) best = k;
  return a->n_x - best;
}
