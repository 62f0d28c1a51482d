/* digitize_body.h - the functions of digitize.h for one instruction set; see bodies.h. */
#include "num/digitize.h"
#include "num/simd.h"
#include "num/variant.h"

enum { VALUES = 64 }; /* values looked at together */

/* The exponent of a value that is not finite has all bits set: one more at its end carries into the sign. */
static bool all_finite(size_t m, const float *t)
{
  ip_vi bad = {0};
  size_t i = 0;
  for (; i + IP_SIMD <= m; i += IP_SIMD) bad |= (ip_vi)(((ip_vu)vf_load(t + i) & INT32_MAX) + 0x800000);
  for (; i < m; i++) {
    int32_t bits;
    memcpy(&bits, &t[i], sizeof bits);
    bad[0] |= -((bits & INT32_MAX) > 0x7f7fffff);
  }
  return !vi_any(bad < 0);
}

static bool all_below(size_t m, const uint32_t *v, uint32_t bound)
{
  uint32_t bad = 0;
  for (size_t i = 0; i < m; i++) bad |= v[i] >= bound;
  return !bad;
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
        small[k] = vf_smaller(x, small[k]);
        large[k] = vf_larger(x, large[k]);
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

/* The edges, ready to be looked up by number. */
typedef struct edge_table {
  const float *edge;
#if defined(__x86_64__) && IP_SIMD >= 8
  bool few; /* 32 at most: `part` holds them */
  ip_vf part[32 / IP_SIMD];
#endif
} edge_table;

IP_INLINE edge_table table_open(const ip_even_edges *e)
{
  edge_table table = {.edge = e->edge};
#if defined(__x86_64__) && IP_SIMD >= 8
  table.few = e->n <= 32;
  for (size_t k = 0; table.few && k < e->n; k++) table.part[k / IP_SIMD][k % IP_SIMD] = e->edge[k];
#endif
  return table;
}

/* edge[k], element by element. */
IP_INLINE ip_vf table_look_up(const edge_table *table, bool few, ip_vi k)
{
#if defined(__x86_64__) && IP_SIMD == 16
  if (few) return (ip_vf)_mm512_permutex2var_ps((__m512)table->part[0], (__m512i)k, (__m512)table->part[1]);
  return (ip_vf)_mm512_i32gather_ps((__m512i)k, table->edge, 4);
#elif defined(__x86_64__) && IP_SIMD == 8
  if (!few) return (ip_vf)_mm256_i32gather_ps(table->edge, (__m256i)k, 4);
  __m256 v[4], bit3 = (__m256)(k << 28), bit4 = (__m256)(k << 27); /* as signs, which is what blends read */
  for (size_t part = 0; part < 4; part++) v[part] = _mm256_permutevar8x32_ps((__m256)table->part[part], (__m256i)k);
  return (ip_vf)_mm256_blendv_ps(_mm256_blendv_ps(v[0], v[1], bit3), _mm256_blendv_ps(v[2], v[3], bit3), bit4);
#else
  (void)few;
  ip_vf v = {0};
  for (size_t lane = 0; lane < IP_SIMD; lane++) v[lane] = table->edge[k[lane]];
  return v;
#endif
}

/* The same two steps for a few values: a guess, and one comparison with the edge of that number. */
static void count_some(const ip_even_edges *e, size_t m, const float *t, uint8_t *code)
{
  for (size_t i = 0; i < m; i++) {
    size_t k = ip_even_edges_guess(e, t[i]);
    code[i] = (uint8_t)(k + (t[i] >= e->edge[k]));
  }
}

IP_INLINE void count_all(const ip_even_edges *e, bool few, size_t m, const float *t, uint8_t *code)
{
  edge_table table = table_open(e);
  float most = (float)(e->n - 1);
  size_t i = 0;
  for (; i + VALUES <= m; i += VALUES) {
#if !defined(__x86_64__) || IP_SIMD != 16
    int32_t number[VALUES];
#endif
    for (size_t j = 0; j < VALUES; j += IP_SIMD) {
      ip_vf x = vf_load(t + i + j);
      ip_vi k = __builtin_convertvector(vf_within(x * e->scale + e->shift, 0, most), ip_vi);
      ip_vi n = k - (x >= table_look_up(&table, few, k));
#if defined(__x86_64__) && IP_SIMD == 16
      _mm_storeu_si128((__m128i *)(code + i + j), _mm512_cvtepi32_epi8((__m512i)n));
#else
      memcpy(number + j, &n, sizeof n);
#endif
    }
#if !defined(__x86_64__) || IP_SIMD != 16
    for (size_t j = 0; j < VALUES; j++) code[i + j] = (uint8_t)number[j];
#endif
  }
  count_some(e, m - i, t + i, code + i);
}

static void count_edges(const ip_even_edges *e, size_t m, const float *t, uint8_t *code)
{
  if (e->n <= 32)
    count_all(e, true, m, t, code);
  else
    count_all(e, false, m, t, code);
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
    .all_below = all_below,
    .range = range,
    .count = count_edges,
    .search = search_edges,
};
