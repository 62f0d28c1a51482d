/* digitize_body.h - the functions of digitize.h for one instruction set; see bodies.h. */
#include "num/digitize.h"
#include "num/simd.h"
#include "num/variant.h"

enum { VALUES = 64 }; /* values looked at together */

/* The exponent of a value that is not finite has all bits set. */
static bool all_finite(size_t m, const float *t)
{
  ip_vi bad = {0};
  size_t i = 0;
  for (; i + IP_SIMD <= m; i += IP_SIMD) bad |= (((ip_vi)vf_load(t + i) & INT32_MAX) > 0x7f7fffff);
  for (; i < m; i++) {
    int32_t bits;
    memcpy(&bits, &t[i], sizeof bits);
    bad[0] |= (bits & INT32_MAX) > 0x7f7fffff;
  }
  return !vi_any(bad);
}

static void range(size_t m, const float *t, float *low, float *high)
{
  float least = t[0], most = t[0];
  size_t i = 0;
  if (m >= 2 * IP_SIMD) {
    ip_vf small[2] = {vf_load(t), vf_load(t)}, large[2] = {small[0], small[0]};
    for (; i + 2 * IP_SIMD <= m; i += 2 * IP_SIMD)
      for (size_t k = 0; k < 2; k++) {
        ip_vf x = vf_load(t + i + k * IP_SIMD);
        small[k] = vf_select(x < small[k], x, small[k]);
        large[k] = vf_select(x > large[k], x, large[k]);
      }
    for (size_t k = 0; k < 2; k++)
      for (size_t lane = 0; lane < IP_SIMD; lane++) {
        least = small[k][lane] < least ? small[k][lane] : least;
        most = large[k][lane] > most ? large[k][lane] : most;
      }
  }
  for (; i < m; i++) {
    least = t[i] < least ? t[i] : least;
    most = t[i] > most ? t[i] : most;
  }
  *low = least;
  *high = most;
}

/* Compares each of (m) values with the edge nearest to it. */
static void count_some(const ip_even_edges *e, size_t m, const float *t, uint8_t *code)
{
  float most = (float)(e->n - 1);
  for (size_t i = 0; i < m; i++) {
    float q = (t[i] - e->origin) * e->scale;
    q = q > 0 ? q : 0;
    size_t k = (size_t)((q < most ? q : most) + 0.5f);
    code[i] = (uint8_t)(k + (t[i] >= e->edge[k]));
  }
}

/* The code is the whole part of q + 1. What is not between the first edge and the last gets the code and a half, so
 * that saturated units, which sit on those edges, are never in doubt. */
static void count_edges(const ip_even_edges *e, size_t m, const float *t, uint8_t *code)
{
  float first = e->edge[0], last = e->edge[e->n - 1], above = (float)e->n + 0.5f;
  size_t i = 0;
  for (; i + VALUES <= m; i += VALUES) {
    int32_t number[VALUES];
    ip_vf worst = {0}; /* distance from the middle between whole numbers */
    for (size_t k = 0; k < VALUES; k += IP_SIMD) {
      ip_vf x = vf_load(t + i + k);
      ip_vf q = (x - e->origin) * e->scale + 1.0f;
      q = vf_select(x <= first, vf_set(1.5f), q);
      q = vf_select(x < first, vf_set(0.5f), q);
      q = vf_select(x >= last, vf_set(above), q);
      ip_vi whole = __builtin_convertvector(q, ip_vi);
      ip_vf off = vf_abs(q - __builtin_convertvector(whole, ip_vf) - 0.5f);
      worst = vf_select(off > worst, off, worst);
      memcpy(number + k, &whole, sizeof whole);
    }
    if (vi_any(worst > 0.5f - e->tolerance))
      count_some(e, VALUES, t + i, code + i);
    else
      for (size_t k = 0; k < VALUES; k++) code[i + k] = (uint8_t)number[k];
  }
  count_some(e, m - i, t + i, code + i);
}

/* Binary search for all values of a block at once: no branch depends on a value, and loads do not wait for each other.
 */
static void search_edges(size_t n, const float *edge, size_t m, const float *t, uint32_t *code)
{
  for (size_t i = 0; i < m; i += VALUES) {
    float x[VALUES] = {0};
    int32_t at[VALUES] = {0};
    size_t size = m - i < VALUES ? m - i : VALUES;
    memcpy(x, t + i, size * sizeof *x);
    for (size_t left = n; left > 1;) {
      int32_t half = (int32_t)(left / 2);
      for (size_t k = 0; k < VALUES; k++) at[k] += half & -(int32_t)(edge[at[k] + half - 1] <= x[k]);
      left -= (size_t)half;
    }
    for (size_t k = 0; k < VALUES; k++) at[k] += edge[at[k]] <= x[k];
    memcpy(code + i, at, size * sizeof *code);
  }
}

const ip_digitize IP_VARIANT(ip_digitize) = {
    .name = IP_VARIANT_NAME,
    .all_finite = all_finite,
    .range = range,
    .count = count_edges,
    .search = search_edges,
};
