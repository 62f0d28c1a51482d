/* transpose_body.h - transposing matrices of floats in vectors, for one instruction set; see bodies.h. */
#ifndef IP_NUM_TRANSPOSE_BODY_H
#define IP_NUM_TRANSPOSE_BODY_H

#include "num/simd.h"

/* Of each four elements of two vectors: the first two of both in turn, the last two in turn, the first two one after
 * the other, the last two. */
#if IP_SIMD == 16
#define MIX(a, b, i, j, k, l)                                                                                          \
  __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8, l + 8, i + 12, j + 12,    \
                          k + 12, l + 12)
#elif IP_SIMD == 8
#define MIX(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4)
#else
#define MIX(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#endif
#define FIRST_IN_TURN(a, b) MIX(a, b, 0, IP_SIMD, 1, IP_SIMD + 1)
#define LAST_IN_TURN(a, b) MIX(a, b, 2, IP_SIMD + 2, 3, IP_SIMD + 3)
#define FIRST_PAIRS(a, b) MIX(a, b, 0, 1, IP_SIMD, IP_SIMD + 1)
#define LAST_PAIRS(a, b) MIX(a, b, 2, 3, IP_SIMD + 2, IP_SIMD + 3)

typedef float four __attribute__((vector_size(16)));

/* The first m <= 4 numbers at p, and zeros; m is a constant where this is inlined. */
IP_INLINE four load_four(const float *p, size_t m)
{
#if defined(__x86_64__)
  if (m == 4) return (four)_mm_loadu_ps(p);
  if (m == 1) return (four)_mm_load_ss(p);
  __m128 pair = _mm_loadl_pi(_mm_setzero_ps(), (const __m64 *)p);
  return (four)(m == 2 ? pair : _mm_movelh_ps(pair, _mm_load_ss(p + 2)));
#else
  four v = {0};
  for (size_t k = 0; k < m; k++) v[k] = p[k];
  return v;
#endif
}

/* Elements 4 g .. of the result are the first m numbers of row[4 g]. */
IP_INLINE ip_vf load_fours(const float *const *row, size_t j, size_t m)
{
#if defined(__x86_64__) && IP_SIMD == 16
  __m512 v = _mm512_castps128_ps512((__m128)load_four(row[0] + j, m));
  v = _mm512_insertf32x4(v, (__m128)load_four(row[4] + j, m), 1);
  v = _mm512_insertf32x4(v, (__m128)load_four(row[8] + j, m), 2);
  return (ip_vf)_mm512_insertf32x4(v, (__m128)load_four(row[12] + j, m), 3);
#elif defined(__x86_64__) && IP_SIMD == 8
  __m256 v = _mm256_castps128_ps256((__m128)load_four(row[0] + j, m));
  return (ip_vf)_mm256_insertf128_ps(v, (__m128)load_four(row[4] + j, m), 1);
#else
  return (ip_vf)load_four(row[0] + j, m);
#endif
}

/* to[k * to_step + i] = row[i][j + k] for IP_SIMD rows and k < m <= 4. */
IP_INLINE void transpose_fours(const float *const *row, size_t j, size_t m, float *to, size_t to_step)
{
  ip_vf v[4];
  for (size_t q = 0; q < 4; q++) v[q] = load_fours(row + q, j, m);
  ip_vf even = FIRST_IN_TURN(v[0], v[2]), odd = FIRST_IN_TURN(v[1], v[3]);
  vf_store(to, FIRST_IN_TURN(even, odd));
  if (m > 1) vf_store(to + to_step, LAST_IN_TURN(even, odd));
  even = LAST_IN_TURN(v[0], v[2]), odd = LAST_IN_TURN(v[1], v[3]);
  if (m > 2) vf_store(to + 2 * to_step, FIRST_IN_TURN(even, odd));
  if (m > 3) vf_store(to + 3 * to_step, LAST_IN_TURN(even, odd));
}

/* to[j * to_step + i] = row[i][j], i < IP_SIMD, j < columns. */
IP_INLINE void transpose_rows(size_t columns, const float *const *row, float *to, size_t to_step)
{
  size_t j = 0;
  for (; j + 4 <= columns; j += 4) transpose_fours(row, j, 4, to + j * to_step, to_step);
  to += j * to_step;
  if (columns - j == 3) transpose_fours(row, j, 3, to, to_step);
  if (columns - j == 2) transpose_fours(row, j, 2, to, to_step);
  if (columns - j == 1) transpose_fours(row, j, 1, to, to_step);
}

/* p[0 .. m-1] = the first m <= 4 numbers of v; m is a constant where this is inlined. */
IP_INLINE void store_four(float *p, four v, size_t m)
{
#if defined(__x86_64__)
  if (m == 4) _mm_storeu_ps(p, (__m128)v);
  if (m == 1 || m == 3) _mm_store_ss(p + m - 1, m == 1 ? (__m128)v : _mm_movehl_ps((__m128)v, (__m128)v));
  if (m == 2 || m == 3) _mm_storel_pi((__m64 *)p, (__m128)v);
#else
  for (size_t k = 0; k < m; k++) p[k] = v[k];
#endif
}

/* The first m of elements 4 g .. of v are stored at p + 4 g * step. */
IP_INLINE void store_fours(float *p, size_t step, ip_vf v, size_t m)
{
#if defined(__x86_64__) && IP_SIMD == 16
  store_four(p, (four)_mm512_castps512_ps128((__m512)v), m);
  store_four(p + 4 * step, (four)_mm512_extractf32x4_ps((__m512)v, 1), m);
  store_four(p + 8 * step, (four)_mm512_extractf32x4_ps((__m512)v, 2), m);
  store_four(p + 12 * step, (four)_mm512_extractf32x4_ps((__m512)v, 3), m);
#elif defined(__x86_64__) && IP_SIMD == 8
  store_four(p, (four)_mm256_castps256_ps128((__m256)v), m);
  store_four(p + 4 * step, (four)_mm256_extractf128_ps((__m256)v, 1), m);
#else
  (void)step;
  store_four(p, (four)v, m);
#endif
}

/* to[j * to_step + i] = from[i * from_step + j] for i < m <= 4 and whole vectors of j < columns; returns the first j
 * that is left. */
IP_INLINE size_t transpose_four_rows(size_t m, size_t columns, const float *from, size_t from_step, float *to,
                                     size_t to_step)
{
  size_t j = 0;
  for (; j + IP_SIMD <= columns; j += IP_SIMD) {
    ip_vf v[4] = {0};
    for (size_t i = 0; i < m; i++) v[i] = vf_load(from + i * from_step + j);
    ip_vf even = FIRST_IN_TURN(v[0], v[2]), odd = FIRST_IN_TURN(v[1], v[3]);
    store_fours(to + j * to_step, to_step, FIRST_IN_TURN(even, odd), m);
    store_fours(to + (j + 1) * to_step, to_step, LAST_IN_TURN(even, odd), m);
    even = LAST_IN_TURN(v[0], v[2]), odd = LAST_IN_TURN(v[1], v[3]);
    store_fours(to + (j + 2) * to_step, to_step, FIRST_IN_TURN(even, odd), m);
    store_fours(to + (j + 3) * to_step, to_step, LAST_IN_TURN(even, odd), m);
  }
  return j;
}

/* Fewer than IP_SIMD rows. */
static void transpose_few(size_t rows, size_t columns, const float *from, size_t from_step, float *to, size_t to_step)
{
  for (size_t i = 0; i < rows; i += 4, from += 4 * from_step, to += 4) {
    size_t m = rows - i < 4 ? rows - i : 4, j = 0;
    if (m == 4) j = transpose_four_rows(4, columns, from, from_step, to, to_step);
    if (m == 3) j = transpose_four_rows(3, columns, from, from_step, to, to_step);
    if (m == 2) j = transpose_four_rows(2, columns, from, from_step, to, to_step);
    if (m == 1) j = transpose_four_rows(1, columns, from, from_step, to, to_step);
    for (; j < columns; j++)
      for (size_t k = 0; k < m; k++) to[j * to_step + k] = from[k * from_step + j];
  }
}

/* to[j * to_step + i] = from[i * from_step + j], i < rows, j < columns. */
static void transpose(size_t rows, size_t columns, const float *from, size_t from_step, float *to, size_t to_step)
{
  size_t i = 0;
  for (; i + IP_SIMD <= rows; i += IP_SIMD) {
    const float *row[IP_SIMD];
    for (size_t r = 0; r < IP_SIMD; r++) row[r] = from + (i + r) * from_step;
    transpose_rows(columns, row, to + i, to_step);
  }
  transpose_few(rows - i, columns, from + i * from_step, from_step, to + i, to_step);
}

#endif
