#include "num/descent.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { N = 131, STEPS = 3 };
typedef enum { PLAIN, MOMENTUM, ADAM, AVERAGE, N_RULES } rule;
typedef struct {
  float w[N], m[N], v[N];
} numbers;
static const ip_adam_step adam = {0.9f, 0.999f, 0.1f, 0.001f, 0.01f, 31.6f, 1e-8f};
static numbers start;
static float g[N];

static int draw(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    start.w[i] = (float)ip_rng_normal(&r);
    start.m[i] = (float)ip_rng_normal(&r);
    start.v[i] = (float)ip_rng_uniform(&r);
    g[i] = (float)(ip_rng_normal(&r) * pow(10, (double)(i % 11) - 5));
  }
  g[3] = start.m[3] = start.v[3] = 0; /* 0 / epsilon */
  g[70] = INFINITY;
  return 0;
}

/* A step of numbers first .. end-1 by a variant. */
static void step(const ip_descent *d, rule what, size_t first, size_t end, numbers *x)
{
  size_t n = end - first;
  float *w = x->w + first, *m = x->m + first, *v = x->v + first;
  if (what == PLAIN) d->plain(n, 0.1f, g + first, w);
  if (what == MOMENTUM) d->momentum(n, 0.1f, 0.9f, g + first, m, w);
  if (what == ADAM) d->adam(n, &adam, g + first, m, v, w);
  if (what == AVERAGE) d->average(n, 0.75f, 0.25f, w, m);
}

/* The same by the formulas of descent.h, rounded after each operation. */
static void expect(rule what, numbers *x)
{
  for (size_t i = 0; i < N; i++) {
    volatile float a, b, c;
    float *w = &x->w[i], *m = &x->m[i], *v = &x->v[i];
    if (what == PLAIN) a = 0.1f * g[i], *w = *w - a;
    if (what == MOMENTUM) a = 0.9f * *m, *m = a + g[i], b = 0.1f * *m, *w = *w - b;
    if (what == AVERAGE) a = 0.75f * *m, b = 0.25f * *w, *m = a + b;
    if (what != ADAM) continue;
    a = adam.beta1 * *m, b = adam.rest1 * g[i], *m = a + b;
    a = g[i] * g[i], b = adam.rest2 * a, a = adam.beta2 * *v, *v = a + b;
    a = sqrtf(*v), a = a * adam.scale, b = a + adam.epsilon, c = adam.rate * *m, a = c / b, *w = *w - a;
  }
}

static void check_bits(const float *got, const float *want)
{
  for (size_t i = 0; i < N; i++)
    if (isnan(want[i]))
      assert_true(isnan(got[i])); /* the bits of NaN are free */
    else
      assert_memory_equal(&got[i], &want[i], sizeof *got);
}

static void every_variant_and_every_part_steps_by_the_formula(void **state)
{
  (void)state;
  for (rule what = 0; what < N_RULES; what++)
    for (size_t v = 0; ip_descent_variant(v); v++)
      for (size_t cut = 0; cut <= N; cut += cut < 40 ? 1 : 13) { /* the numbers of two threads */
        numbers got = start, want = start;
        for (int s = 0; s < STEPS; s++) {
          step(ip_descent_variant(v), what, 0, cut, &got);
          step(ip_descent_variant(v), what, cut, N, &got);
          expect(what, &want);
        }
        check_bits(got.w, want.w);
        check_bits(got.m, want.m);
        check_bits(got.v, want.v);
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_variant_and_every_part_steps_by_the_formula)};
  return cmocka_run_group_tests_name("num/descent", tests, draw, NULL);
}
