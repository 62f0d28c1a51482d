#include "num/digitize.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { N = 1000, MAX_EDGES = IP_MAX_EVEN_EDGES };

static size_t count_naively(size_t n_edges, const float *edge, float t)
{
  size_t c = 0;
  for (size_t k = 0; k < n_edges; k++) c += edge[k] <= t;
  return c;
}

/* All variants agree with counting, for every length up to 200 and all of (m). */
static void check_counts(const ip_even_edges *e, size_t m, const float *t)
{
  static uint8_t code[N + 1];
  const ip_digitize *v;
  for (size_t k = 0; (v = ip_digitize_variant(k)); k++)
    for (size_t length = 0; length <= m; length = length < 200 || length == m ? length + 1 : m) {
      memset(code, 99, sizeof code);
      v->count(e, length, t, code);
      for (size_t i = 0; i < length; i++)
        if (code[i] != count_naively(e->n, e->edge, t[i]))
          fail_msg("%s, %zu edges: t[%zu] = %.9g has code %d", v->name, e->n, i, (double)t[i], code[i]);
      assert_int_equal(code[length], 99);
    }
}

static void even_edges_are_counted_exactly(void **state)
{
  (void)state;
  static const float spans[][2] = {{-1, 1}, {-0.999f, 1.1f}, {0, 1e-30f}, {-3e6f, 1e8f}, {-2e37f, 3e37f}};
  float edge[MAX_EDGES], t[N];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t s = 0; s < sizeof spans / sizeof *spans; s++)
    for (size_t n = 1; n <= MAX_EDGES; n += n < 5 ? 1 : n < 30 ? 25 : 45) {
      float low = spans[s][0], width = spans[s][1] - low;
      for (size_t k = 0; k < n; k++) edge[k] = low + width * ((float)k / (float)(n > 1 ? n - 1 : 1));
      ip_even_edges e;
      assert_true(ip_even_edges_open(n, edge, &e));
      for (size_t i = 0; i < N; i++) t[i] = low + width * (float)(1.2 * ip_rng_uniform(&r) - 0.1);
      for (size_t i = 0; i < N; i += 7) t[i] = edge[i % n]; /* edges, and the floats around them */
      for (size_t i = 1; i < N; i += 7) t[i] = nextafterf(edge[i % n], -INFINITY);
      for (size_t i = 2; i < N; i += 14) t[i] = nextafterf(edge[i % n], INFINITY);
      t[3] = FLT_MAX;
      t[4] = -FLT_MAX;
      t[5] = -0.0f;
      t[6] = INFINITY;
      t[10] = -INFINITY;
      t[11] = FLT_TRUE_MIN;
      t[12] = -FLT_TRUE_MIN;
      check_counts(&e, N, t);
      for (size_t i = 0; i < N; i++) t[i] = i % 2 ? edge[0] : edge[n - 1]; /* saturated */
      check_counts(&e, N, t);
    }
}

/* Edges up to half a step from their place are still guessed; every float near each edge, above it and below. */
static void edges_half_a_step_off_are_counted_exactly(void **state)
{
  (void)state;
  float edge[MAX_EDGES], t[N];
  size_t taken = 0, tried = 0;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t n = 2; n <= MAX_EDGES; n = n < 40 ? n + 1 : n * 2)
    for (int off = 0; off < 6; off++, tried++) {
      for (size_t k = 0; k < n; k++) {
        bool inner = k > 0 && k + 1 < n;
        edge[k] = (float)(((double)k + (inner ? 0.2 * off * (ip_rng_uniform(&r) - 0.5) : 0)) / 7 - 3);
      }
      ip_even_edges e;
      if (!ip_even_edges_open(n, edge, &e)) continue;
      taken++;
      for (size_t i = 0; i < N; i++) {
        t[i] = edge[ip_rng_below(&r, n)];
        for (uint64_t steps = ip_rng_below(&r, 5); steps > 0; steps--) t[i] = nextafterf(t[i], i % 2 ? -9 : 90);
      }
      for (size_t i = 0; i < N; i += 5) t[i] = (float)(ip_rng_uniform(&r) * ((double)n / 7 + 2) - 4);
      check_counts(&e, N, t);
    }
  assert_true(taken > tried / 2);
}

static void edges_that_are_not_even_are_turned_down(void **state)
{
  (void)state;
  ip_even_edges e;
  assert_false(ip_even_edges_open(3, (float[]){0, 1, 4.1f}, &e));
  assert_false(ip_even_edges_open(3, (float[]){0, 0, 1}, &e));
  assert_false(ip_even_edges_open(2, (float[]){1, 1}, &e));
  assert_false(ip_even_edges_open(2, (float[]){1, INFINITY}, &e));
  assert_false(ip_even_edges_open(3, (float[]){-INFINITY, 0, INFINITY}, &e));
  assert_false(ip_even_edges_open(3, (float[]){-FLT_MAX, 0, FLT_MAX}, &e)); /* the scale is a denormal number */
  assert_false(ip_even_edges_open(3, (float[]){0, FLT_TRUE_MIN, 2 * FLT_TRUE_MIN}, &e)); /* no finite scale */
  assert_true(ip_even_edges_open(2, (float[]){1, 3}, &e));
}

static void one_edge_of_any_kind_is_counted(void **state)
{
  (void)state;
  const float edges[] = {-INFINITY, -FLT_MAX, -FLT_TRUE_MIN, -0.0f, 0, FLT_TRUE_MIN, 1, FLT_MAX, INFINITY};
  enum { MANY = 70, KINDS = sizeof edges / sizeof *edges };
  float t[MANY];
  for (size_t i = 0; i < MANY; i++) t[i] = edges[i % KINDS];
  for (size_t k = 0; k < KINDS; k++) {
    ip_even_edges e;
    assert_true(ip_even_edges_open(1, &edges[k], &e));
    check_counts(&e, MANY, t);
  }
}

static void edges_of_any_kind_are_searched_exactly(void **state)
{
  (void)state;
  enum { M = 150, EDGES = 700 };
  static float edge[EDGES], t[M];
  static uint32_t code[M + 1];
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (size_t n = 1; n <= EDGES; n += n < 9 ? 1 : n) {
    for (size_t k = 0; k < n; k++) /* some edges more than once, some infinite */
      edge[k] = (k ? edge[k - 1] : -3) + (float)((double)ip_rng_below(&r, 3) * exp(3 * ip_rng_normal(&r)));
    if (n > 5) edge[n - 1] = INFINITY;
    for (size_t i = 0; i < M; i++) {
      t[i] = edge[ip_rng_below(&r, n)];
      if (i % 3) t[i] = nextafterf(t[i], i % 3 == 1 ? -INFINITY : INFINITY);
    }
    const ip_digitize *v;
    for (size_t k = 0; (v = ip_digitize_variant(k)); k++)
      for (size_t m = 0; m <= M; m++) {
        code[m] = 12345;
        v->search(n, edge, m, t, code);
        for (size_t i = 0; i < m; i++) assert_int_equal(code[i], count_naively(n, edge, t[i]));
        assert_int_equal(code[m], 12345);
      }
  }
}

static void values_that_are_not_finite_are_found_wherever_they_are(void **state)
{
  (void)state;
  float t[70], bad[] = {NAN, -NAN, INFINITY, -INFINITY};
  const ip_digitize *v;
  for (size_t k = 0; (v = ip_digitize_variant(k)); k++) {
    for (size_t i = 0; i < 70; i++) t[i] = i % 2 ? FLT_MAX : -FLT_TRUE_MIN;
    for (size_t m = 0; m <= 70; m++) assert_true(v->all_finite(m, t));
    for (size_t i = 0; i < 70; i++)
      for (size_t b = 0; b < 4; b++) {
        float was = t[i];
        t[i] = bad[b];
        assert_false(v->all_finite(70, t));
        assert_true(v->all_finite(i, t));
        t[i] = was;
      }
  }
}

static void a_number_that_is_not_below_the_bound_is_found_wherever_it_is(void **state)
{
  (void)state;
  uint32_t v[70] = {0};
  const ip_digitize *variant;
  for (size_t k = 0; (variant = ip_digitize_variant(k)); k++)
    for (size_t i = 0; i < 70; i++) {
      v[i] = 6;
      assert_true(variant->all_below(70, v, 7));
      assert_false(variant->all_below(70, v, 6));
      assert_true(variant->all_below(i, v, 6));
      v[i] = UINT32_MAX;
      assert_false(variant->all_below(70, v, (uint32_t)1 << 31));
      v[i] = 0;
    }
}

static void the_range_is_found_wherever_its_ends_are(void **state)
{
  (void)state;
  float t[70], low, high;
  const ip_digitize *v;
  for (size_t k = 0; (v = ip_digitize_variant(k)); k++)
    for (size_t m = 1; m <= 70; m++)
      for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < m; j++) t[j] = (float)j / 100;
        t[i] = -3;
        t[m - 1 - i] = i == m - 1 - i ? -3.0f : 7.0f;
        v->range(m, t, &low, &high);
        float most = t[0];
        for (size_t j = 0; j < m; j++) most = fmaxf(most, t[j]);
        assert_true(low == -3 && high == most);
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(even_edges_are_counted_exactly),
      cmocka_unit_test(edges_that_are_not_even_are_turned_down),
      cmocka_unit_test(edges_half_a_step_off_are_counted_exactly),
      cmocka_unit_test(one_edge_of_any_kind_is_counted),
      cmocka_unit_test(a_number_that_is_not_below_the_bound_is_found_wherever_it_is),
      cmocka_unit_test(edges_of_any_kind_are_searched_exactly),
      cmocka_unit_test(values_that_are_not_finite_are_found_wherever_they_are),
      cmocka_unit_test(the_range_is_found_wherever_its_ends_are),
  };
  return cmocka_run_group_tests_name("num/digitize", tests, NULL, NULL);
}
