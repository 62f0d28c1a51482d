/* transpose_body.h - transposing matrices of floats in vectors, for one instruction set; see bodies.h. */
#ifndef IP_NUM_TRANSPOSE_BODY_H
#define IP_NUM_TRANSPOSE_BODY_H

#include "num/simd.h"

/* a and b with the upper half of each 2h lanes added to the lower: h lanes of a, h lanes of b, and so on. */
#define FOLD(a, b, lower, upper) (__builtin_shufflevector(a, b, lower) + __builtin_shufflevector(a, b, upper))
#if IP_SIMD == 16
#define LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#elif IP_SIMD == 8
#define LOW4 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH4 4, 5, 6, 7, 12, 13, 14, 15
#define LOW2 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW1 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH1 1, 9, 3, 11, 5, 13, 7, 15
#else
#define LOW2 0, 1, 4, 5
#define HIGH2 2, 3, 6, 7
#define LOW1 0, 4, 2, 6
#define HIGH1 1, 5, 3, 7
#endif

/* to[j * to_step + i] = row[i][j] for IP_SIMD rows and their first m <= IP_SIMD columns. */
IP_INLINE void transpose_square(const float *const *row, size_t m, float *to, size_t to_step)
{
  ip_vf v[IP_SIMD], w[IP_SIMD];
  for (size_t i = 0; i < IP_SIMD; i++) v[i] = m == IP_SIMD ? vf_load(row[i]) : vf_load_first(row[i], m);
#define EXCHANGE(h, lower, upper)                                                                                      \
  for (size_t i = 0; i < IP_SIMD; i++)                                                                                 \
    if (!(i & (h))) {                                                                                                  \
      w[i] = __builtin_shufflevector(v[i], v[i + (h)], lower);                                                         \
      w[i + (h)] = __builtin_shufflevector(v[i], v[i + (h)], upper);                                                   \
    }                                                                                                                  \
  memcpy(v, w, sizeof v);
#if IP_SIMD == 16
  EXCHANGE(8, LOW8, HIGH8)
#endif
#if IP_SIMD >= 8
  EXCHANGE(4, LOW4, HIGH4)
#endif
  EXCHANGE(2, LOW2, HIGH2)
  EXCHANGE(1, LOW1, HIGH1)
#undef EXCHANGE
  for (size_t i = 0; i < m; i++) vf_store(to + i * to_step, v[i]);
}

/* to[j * to_step + i] = row[i][j], i < IP_SIMD, j < columns. */
IP_INLINE void transpose_rows(size_t columns, const float *const *row, float *to, size_t to_step)
{
  const float *at[IP_SIMD];
  size_t j = 0;
  for (; j + IP_SIMD <= columns; j += IP_SIMD) {
    for (size_t i = 0; i < IP_SIMD; i++) at[i] = row[i] + j;
    transpose_square(at, IP_SIMD, to + j * to_step, to_step);
  }
  if (columns - j > IP_SIMD / 4) {
    for (size_t i = 0; i < IP_SIMD; i++) at[i] = row[i] + j;
    transpose_square(at, columns - j, to + j * to_step, to_step);
    return;
  }
  for (; j < columns; j++)
    for (size_t i = 0; i < IP_SIMD; i++) to[j * to_step + i] = row[i][j];
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
  for (; i < rows; i++)
    for (size_t j = 0; j < columns; j++) to[j * to_step + i] = from[i * from_step + j];
}

#endif
