/* correlate_body.h - the weight gradient of layers with few inputs, for one instruction set; see bodies.h.
 *
 * Every number is a sum over the columns: IP_COLUMNS chains, of every IP_COLUMNS-th column each, then their pairwise
 * sum. The bias of a unit counts as a weight whose input is 1. All chains of some units are stored first, then
 * summed for IP_SIMD weights at a time.
 */
#ifndef IP_NUM_CORRELATE_BODY_H
#define IP_NUM_CORRELATE_BODY_H

#include "num/affine.h"
#include "num/simd.h"
#include "num/transpose_body.h"

#include <assert.h>
#include <stdbool.h>

/* Tiles keep rows x columns vectors of sums in registers, and one more per row for the bias. */
#if IP_SIMD == 16
enum { SUM_ROWS = 5, SUM_COLUMNS = 4 };
#elif IP_SIMD == 8
enum { SUM_ROWS = 2, SUM_COLUMNS = 4 };
#else
enum { SUM_ROWS = 2, SUM_COLUMNS = 2 };
#endif

/* Numbers whose chains are stored at a time, and the bound on `inner`. */
enum { MANY = 64, CHAINS = SUM_ROWS * (MANY + 1) > 320 ? SUM_ROWS *(MANY + 1) : 320 };

/* R rows of d and K of x; with biases, also the chains of the rows' sums. R, K and biases are constants where this is
 * inlined. */
IP_INLINE void correlate_tile(int R, int K, bool biases, size_t columns, const float *d, const float *x, float *chain,
                              size_t row_step, float *bias_chain)
{
  for (size_t p = 0; p < IP_COLUMNS; p += IP_SIMD) {
    ip_vf sum[SUM_ROWS][SUM_COLUMNS], total[SUM_ROWS];
    IP_UNROLL
    for (int r = 0; r < R; r++) {
      IP_UNROLL
      for (int k = 0; k < K; k++) sum[r][k] = vf_set(0.0f);
      total[r] = vf_set(0.0f);
    }
    for (size_t c = p; c < columns; c += IP_COLUMNS) {
      ip_vf v[SUM_COLUMNS];
      IP_UNROLL
      for (int k = 0; k < K; k++) v[k] = vf_load(x + (size_t)k * columns + c);
      IP_UNROLL
      for (int r = 0; r < R; r++) {
        ip_vf f = vf_load(d + (size_t)r * columns + c);
        IP_UNROLL
        for (int k = 0; k < K; k++) sum[r][k] = vf_fma(f, v[k], sum[r][k]);
        if (biases) total[r] += f;
      }
    }
    float *to = chain + p;
    IP_UNROLL
    for (int r = 0; r < R; r++, to += row_step * IP_COLUMNS) {
      IP_UNROLL
      for (int k = 0; k < K; k++) vf_store(to + k * IP_COLUMNS, sum[r][k]);
    }
    IP_UNROLL
    for (int r = 0; biases && r < R; r++) vf_store(bias_chain + r * IP_COLUMNS + p, total[r]);
  }
}

typedef void correlate_function(size_t columns, const float *d, const float *x, float *chain, size_t row_step,
                                float *bias_chain);
#define DEFINE_CORRELATE(R, K)                                                                                         \
  static __attribute__((noinline)) void correlate_##R##_##K(size_t columns, const float *d, const float *x,            \
                                                            float *chain, size_t row_step, float *bias_chain)          \
  {                                                                                                                    \
    (void)bias_chain;                                                                                                  \
    correlate_tile(R, K, false, columns, d, x, chain, row_step, NULL);                                                 \
  }                                                                                                                    \
  static __attribute__((noinline)) void correlate_biased_##R##_##K(size_t columns, const float *d, const float *x,     \
                                                                   float *chain, size_t row_step, float *bias_chain)   \
  {                                                                                                                    \
    correlate_tile(R, K, true, columns, d, x, chain, row_step, bias_chain);                                            \
  }
#define PAIR_OF_CORRELATE(R, K) {correlate_##R##_##K, correlate_biased_##R##_##K},
#if IP_SIMD == 4
#define FOR_COLUMNS(R, DO) DO(R, 0) DO(R, 1) DO(R, 2)
#else
#define FOR_COLUMNS(R, DO) DO(R, 0) DO(R, 1) DO(R, 2) DO(R, 3) DO(R, 4)
#endif
FOR_COLUMNS(1, DEFINE_CORRELATE)
FOR_COLUMNS(2, DEFINE_CORRELATE)
#if IP_SIMD == 16
FOR_COLUMNS(3, DEFINE_CORRELATE)
FOR_COLUMNS(4, DEFINE_CORRELATE)
FOR_COLUMNS(5, DEFINE_CORRELATE)
#endif

/* Tiles by rows - 1, columns, biases. */
static correlate_function *const correlate_tiles[SUM_ROWS][SUM_COLUMNS + 1][2] = {
    {FOR_COLUMNS(1, PAIR_OF_CORRELATE)}, {FOR_COLUMNS(2, PAIR_OF_CORRELATE)},
#if IP_SIMD == 16
    {FOR_COLUMNS(3, PAIR_OF_CORRELATE)}, {FOR_COLUMNS(4, PAIR_OF_CORRELATE)}, {FOR_COLUMNS(5, PAIR_OF_CORRELATE)},
#endif
};

/* The chains of `rows` x `inner` weights, and after them those of the biases if requested. */
static void correlate_chains(size_t rows, size_t inner, size_t columns, bool biases, const float *d, const float *x,
                             float *chain)
{
  float *bias_chain = chain + rows * inner * IP_COLUMNS;
  for (size_t r = 0, n; r < rows; r += n) {
    size_t k = 0, m;
    n = next_tile(rows - r, SUM_ROWS);
    do {
      m = next_tile(inner - k, SUM_COLUMNS);
      correlate_tiles[n - 1][m][biases && k == 0](columns, d + r * columns, x + k * columns,
                                                  chain + (r * inner + k) * IP_COLUMNS, inner,
                                                  bias_chain + r * IP_COLUMNS);
      k += m;
    } while (k < inner);
  }
}

#if IP_SIMD == 16
#define HALVES(a, b)                                                                                                   \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +                             \
   __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define QUARTERS(a, b)                                                                                                 \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +                           \
   __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
#elif IP_SIMD == 8
#define QUARTERS(a, b)                                                                                                 \
  (__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#endif

/* Elements of chain number i, its later ones added where a vector does not hold all. */
IP_INLINE ip_vf load_chain(const float *chain, size_t i)
{
  ip_vf v[IP_COLUMN_VECTORS];
  for (int p = 0; p < IP_COLUMN_VECTORS; p++) v[p] = vf_load(chain + i * IP_COLUMNS + (size_t)p * IP_SIMD);
  for (int h = IP_COLUMN_VECTORS / 2; h > 0; h /= 2)
    for (int p = 0; p < h; p++) v[p] += v[p + h];
  return v[0];
}

/* Each four elements are those that are left of chains i, i + 4, ... */
IP_INLINE ip_vf load_chains(const float *chain, size_t i)
{
#if IP_SIMD == 16
  ip_vf a = HALVES(load_chain(chain, i), load_chain(chain, i + 4));
  ip_vf b = HALVES(load_chain(chain, i + 8), load_chain(chain, i + 12));
  return QUARTERS(a, b);
#elif IP_SIMD == 8
  return QUARTERS(load_chain(chain, i), load_chain(chain, i + 4));
#else
  return load_chain(chain, i);
#endif
}

/* Element i is the pairwise sum of the elements of chain i. */
IP_INLINE ip_vf sums_of_chains(const float *chain)
{
  ip_vf v[4];
  for (size_t i = 0; i < 4; i++) v[i] = load_chains(chain, i);
  ip_vf a = FIRST_IN_TURN(v[0], v[1]) + LAST_IN_TURN(v[0], v[1]);
  ip_vf b = FIRST_IN_TURN(v[2], v[3]) + LAST_IN_TURN(v[2], v[3]);
  return FIRST_PAIRS(a, b) + LAST_PAIRS(a, b);
}

/* g[i] (+)= the sum of chain i, i < n; after the n chains, room for IP_SIMD - 1 more. */
static void sum_chains(size_t n, const float *chain, bool add, float *g)
{
  size_t i = 0;
  for (; i + IP_SIMD <= n; i += IP_SIMD) {
    ip_vf sum = sums_of_chains(chain + i * IP_COLUMNS);
    vf_store(g + i, add ? vf_load(g + i) + sum : sum);
  }
  float rest[IP_SIMD];
  if (i < n) vf_store(rest, sums_of_chains(chain + i * IP_COLUMNS));
  for (size_t k = 0; i + k < n; k++) g[i + k] = add ? g[i + k] + rest[k] : rest[k];
}

/* g (rows, inner) (+)= d x', and gb (rows) (+)= d 1 unless NULL, for inner < MANY. */
static void correlate_few(size_t rows, size_t inner, size_t columns, bool add, const float *d, const float *x, float *g,
                          float *gb)
{
  _Alignas(64) float chain[(CHAINS + IP_SIMD) * IP_COLUMNS];
  size_t per_row = inner + (gb != NULL), some = rows * per_row <= CHAINS ? rows : CHAINS / per_row;
  for (size_t r = 0; r < rows; r += some) {
    size_t n = rows - r < some ? rows - r : some, weights = n * inner;
    correlate_chains(n, inner, columns, gb != NULL, d + r * columns, x, chain);
    bool together = gb && n == rows && gb == g + weights; /* as networks have them */
    sum_chains(together ? weights + n : weights, chain, add, g + r * inner);
    if (gb && !together) sum_chains(n, chain + weights * IP_COLUMNS, add, gb + r);
  }
}

#endif
