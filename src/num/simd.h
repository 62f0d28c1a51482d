/* simd.h - vectors of IP_SIMD floats and the elementary functions on them; for the *_body.h files only.
 *
 * A body is compiled once per instruction set: IP_SIMD is 4 (SSE2 on x86-64, NEON on arm64), 8 (AVX2) or 16 (AVX-512).
 * Every operation is one IEEE operation per element, and products are fused with sums only where vf_fma is written
 * (-ffp-contract=off), so that each set gives the same bits. That is why these functions are here and glibc's libmvec
 * is not used: its variants differ from each other in the last bits, and its expf leaves the vector unit where results
 * underflow, which the kernels of density estimates do all the time.
 */
#ifndef IP_NUM_SIMD_H
#define IP_NUM_SIMD_H

#include "num/affine.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#ifndef IP_SIMD
#error "define IP_SIMD before including this header"
#endif

typedef float ip_vf __attribute__((vector_size(4 * IP_SIMD)));
typedef int32_t ip_vi __attribute__((vector_size(4 * IP_SIMD)));
typedef uint32_t ip_vu __attribute__((vector_size(4 * IP_SIMD)));
typedef double ip_vd __attribute__((vector_size(4 * IP_SIMD)));
typedef int64_t ip_vl __attribute__((vector_size(4 * IP_SIMD)));
typedef uint64_t ip_vul __attribute__((vector_size(4 * IP_SIMD)));

#define IP_SIMD64 (IP_SIMD / 2)                  /* float64 numbers in a vector */
#define IP_COLUMN_VECTORS (IP_COLUMNS / IP_SIMD) /* vectors that IP_COLUMNS columns fill */

/* Before a loop with constant bounds whose arrays of vectors are to be registers. */
#if defined(__clang__)
#define IP_UNROLL _Pragma("clang loop unroll(full)")
#else
#define IP_UNROLL _Pragma("GCC unroll 16")
#endif

#define IP_INLINE static inline __attribute__((always_inline, unused))

/* How many of `left` rows or columns the next tile gets, at most `most`; the last two share what is left evenly. */
IP_INLINE size_t next_tile(size_t left, size_t most)
{
  return left <= most ? left : left < 2 * most ? (left + 1) / 2 : most;
}

IP_INLINE ip_vf vf_load(const float *p)
{
  ip_vf v;
  memcpy(&v, p, sizeof v);
  return v;
}

IP_INLINE void vf_store(float *p, ip_vf v)
{
  memcpy(p, &v, sizeof v);
}

IP_INLINE ip_vd vd_load(const double *p)
{
  ip_vd v;
  memcpy(&v, p, sizeof v);
  return v;
}

IP_INLINE ip_vf vf_set(float x)
{
  return x - (ip_vf){0};
}

/* The 64-bit products of the low halves of 64-bit elements. */
IP_INLINE ip_vl vl_mul_low(ip_vl a, ip_vl b)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vl)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vl)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (ip_vl)_mm_mul_epu32((__m128i)a, (__m128i)b);
#elif defined(__aarch64__)
  return (ip_vl)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
#else
  for (int k = 0; k < IP_SIMD64; k++) a[k] = (int64_t)((uint64_t)(uint32_t)a[k] * (uint32_t)b[k]);
  return a;
#endif
}

/* mask ? a : b, element by element; a mask element is 0 or -1, as comparisons give. */
IP_INLINE ip_vf vf_select(ip_vi mask, ip_vf a, ip_vf b)
{
  return (ip_vf)(((ip_vi)a & mask) | ((ip_vi)b & ~mask));
}

IP_INLINE ip_vd vd_select(ip_vl mask, ip_vd a, ip_vd b)
{
  return (ip_vd)(((ip_vl)a & mask) | ((ip_vl)b & ~mask));
}

/* Whether any element of a mask is set. */
IP_INLINE bool vi_any(ip_vi mask)
{
  uint64_t word[sizeof mask / sizeof(uint64_t)], all = 0;
  memcpy(word, &mask, sizeof mask);
  for (size_t k = 0; k < sizeof word / sizeof *word; k++) all |= word[k];
  return all != 0;
}

IP_INLINE ip_vf vf_abs(ip_vf x)
{
  return (ip_vf)((ip_vi)x & INT32_MAX);
}

#if defined(__x86_64__) && IP_SIMD == 4
/* p + c rounded to odd, p the exact product of two floats: rounding that to a float gives the float nearest to the
 * exact sum (Boldo & Melquiond 2008). */
IP_INLINE ip_vd vd_add_to_odd(ip_vd p, ip_vd c)
{
  ip_vd sum = p + c, back = sum - p, error = (p - (sum - back)) + (c - back);
  ip_vl bits = (ip_vl)sum, even = (bits & 1) == 0, inexact = (error > 0.0) | (error < 0.0);
  ip_vl outward = (error > 0.0) == (sum > 0.0); /* -1: the exact value is larger in magnitude than the sum */
  return (ip_vd)(bits + (inexact & even & (-1 - 2 * outward)));
}

/* Elements 0 and 1. */
IP_INLINE ip_vf vf_fma_pair(__m128 a, __m128 b, __m128 c)
{
  ip_vd p = (ip_vd)_mm_cvtps_pd(a) * (ip_vd)_mm_cvtps_pd(b);
  return (ip_vf)_mm_cvtpd_ps((__m128d)vd_add_to_odd(p, (ip_vd)_mm_cvtps_pd(c)));
}
#endif

/* a b + c, rounded once. SSE2 has no such instruction: there it is put together from float64 numbers, which is exact
 * but some thirty times as slow. */
IP_INLINE ip_vf vf_fma(ip_vf a, ip_vf b, ip_vf c)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__x86_64__)
  __m128 u = (__m128)a, v = (__m128)b, w = (__m128)c;
  ip_vf low = vf_fma_pair(u, v, w);
  ip_vf high = vf_fma_pair(_mm_movehl_ps(u, u), _mm_movehl_ps(v, v), _mm_movehl_ps(w, w));
  return (ip_vf)_mm_movelh_ps((__m128)low, (__m128)high);
#elif defined(__aarch64__)
  return (ip_vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  for (int k = 0; k < IP_SIMD; k++) c[k] = __builtin_fmaf(a[k], b[k], c[k]);
  return c;
#endif
}

/* x where it is smaller (larger) than y, else y: also where one is NaN, as x86's instructions do. */
IP_INLINE ip_vf vf_smaller(ip_vf x, ip_vf y)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_min_ps((__m512)x, (__m512)y);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_min_ps((__m256)x, (__m256)y);
#elif defined(__x86_64__)
  return (ip_vf)_mm_min_ps((__m128)x, (__m128)y);
#else
  return vf_select(x < y, x, y);
#endif
}
IP_INLINE ip_vf vf_larger(ip_vf x, ip_vf y)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_max_ps((__m512)x, (__m512)y);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_max_ps((__m256)x, (__m256)y);
#elif defined(__x86_64__)
  return (ip_vf)_mm_max_ps((__m128)x, (__m128)y);
#else
  return vf_select(x > y, x, y);
#endif
}

/* Bounds that let NaN through: x86's minimum and maximum return their second operand where one is NaN. */
IP_INLINE ip_vf vf_at_least(ip_vf x, float low)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_max_ps((__m512)vf_set(low), (__m512)x);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_max_ps((__m256)vf_set(low), (__m256)x);
#elif defined(__x86_64__)
  return (ip_vf)_mm_max_ps((__m128)vf_set(low), (__m128)x);
#else
  return vf_select(x < low, vf_set(low), x);
#endif
}
IP_INLINE ip_vf vf_at_most(ip_vf x, float high)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_min_ps((__m512)vf_set(high), (__m512)x);
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_min_ps((__m256)vf_set(high), (__m256)x);
#elif defined(__x86_64__)
  return (ip_vf)_mm_min_ps((__m128)vf_set(high), (__m128)x);
#else
  return vf_select(x > high, vf_set(high), x);
#endif
}

/* x between two bounds, and `low` where it is NaN. */
IP_INLINE ip_vf vf_within(ip_vf x, float low, float high)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_min_ps(_mm512_max_ps((__m512)x, (__m512)vf_set(low)), (__m512)vf_set(high));
#elif defined(__x86_64__) && IP_SIMD == 8
  return (ip_vf)_mm256_min_ps(_mm256_max_ps((__m256)x, (__m256)vf_set(low)), (__m256)vf_set(high));
#elif defined(__x86_64__)
  return (ip_vf)_mm_min_ps(_mm_max_ps((__m128)x, (__m128)vf_set(low)), (__m128)vf_set(high));
#else
  x = vf_select(x > low, x, vf_set(low));
  return vf_select(x < high, x, vf_set(high));
#endif
}

/* Element index[k] & 15 of a table, for each k. */
IP_INLINE ip_vf vf_lookup(const float table[16], ip_vi index)
{
#if defined(__x86_64__) && IP_SIMD == 16
  return (ip_vf)_mm512_permutexvar_ps((__m512i)index, _mm512_loadu_ps(table));
#elif defined(__x86_64__) && IP_SIMD == 8
  __m256 low = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)index);
  __m256 high = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), (__m256i)index);
  return (ip_vf)_mm256_blendv_ps(low, high, (__m256)(index << 28)); /* by bit 3 */
#else
  ip_vf v;
  for (int k = 0; k < IP_SIMD; k++) v[k] = table[index[k] & 15];
  return v;
#endif
}

/* slope x + constant. */
IP_INLINE ip_vf vf_line(ip_vf x, float slope, float constant)
{
  return vf_fma(x, vf_set(slope), vf_set(constant));
}

/* x = k ln 2 + r with |r| <= ln(2)/2 (k whole, |x| < 2^20); ln 2 in two parts, the first short enough for an exact
 * product (Cody and Waite 1980). Returns exp(r) - 1 by the polynomial of Cephes (Moshier 1992), within 1 ulp. */
IP_INLINE ip_vf vf_exp_reduce(ip_vf x, ip_vi *k)
{
  const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to whole numbers and leaves them in the low bits */
  ip_vf shifted = vf_fma(x, vf_set(1.44269504f), vf_set(magic));
  ip_vf n = shifted - magic;
  *k = (ip_vi)shifted - 0x4b400000;
  ip_vf r = vf_fma(n, vf_set(2.12194440e-4f), vf_fma(n, vf_set(-0.693359375f), x));
  ip_vf p = vf_line(r, 1.9875691500e-4f, 1.3981999507e-3f), r2 = r * r;
  p = vf_fma(p, r2, vf_line(r, 8.3334519073e-3f, 4.1665795894e-2f));
  p = vf_fma(p, r2, vf_line(r, 1.6666665459e-1f, 5.0000001201e-1f));
  return vf_fma(p, r2, r);
}

/* 2^k for -126 <= k <= 127. */
IP_INLINE ip_vf vf_pow2(ip_vi k)
{
  return (ip_vf)((k + 127) << 23);
}

/* exp(x): +0 below -103.98, gradual underflow, +inf above 88.73. Two powers of two, for 2^k alone may not be a float.
 */
IP_INLINE ip_vf vf_exp(ip_vf x)
{
  ip_vi k;
  ip_vf p = vf_exp_reduce(vf_at_most(vf_at_least(x, -106.0f), 90.0f), &k) + 1.0f;
  ip_vi half = k >> 1;
  return p * vf_pow2(half) * vf_pow2(k - half);
}

/* exp(x) - 1, for x <= 88. */
IP_INLINE ip_vf vf_expm1(ip_vf x)
{
  ip_vi k;
  ip_vf p = vf_exp_reduce(vf_at_least(x, -80.0f), &k);
  ip_vf scale = vf_pow2(k);
  return vf_fma(p, scale, scale - 1.0f);
}

/* 1 / (1 + exp(-x)), without overflow and with gradual underflow. */
IP_INLINE ip_vf vf_sigmoid(ip_vf x)
{
  ip_vf e = vf_exp(-vf_abs(x));
  return vf_select(x < 0.0f, e, vf_set(1.0f)) / (e + 1.0f);
}

/* ln(1 + exp(x)) = max(x, 0) + 2 artanh(e / (2 + e)), e = exp(-|x|); the series of artanh(s)/s in s^2 <= 1/9 fitted at
 * Chebyshev nodes, relative error 4e-9. */
IP_INLINE ip_vf vf_softplus(ip_vf x)
{
  ip_vf e = vf_exp(-vf_abs(x));
  ip_vf s = e / (e + 2.0f);
  ip_vf w = s * s;
  ip_vf q = vf_line(w, 0.14087329f, 0.13980709f);
  q = vf_fma(q, w, vf_set(0.20012427f));
  q = vf_fma(q, w, vf_set(0.33333158f));
  q = vf_fma(q, w, vf_set(1.0f));
  return vf_fma(s + s, q, vf_at_least(x, 0.0f));
}

/* exp(x) in double precision; within 1 ulp in the normal range, +0 below -745.2. Taylor to degree 13 on |r| <= ln(2)/2.
 */
IP_INLINE ip_vd vd_exp(ip_vd x)
{
  const double magic = 6755399441055744.0; /* 1.5 * 2^52 */
  x = vd_select(x < -750.0, -750.0 - (ip_vd){0}, x);
  x = vd_select(x > 710.0, 710.0 - (ip_vd){0}, x);
  ip_vd shifted = x * 1.4426950408889634 + magic;
  ip_vd n = shifted - magic;
  ip_vl k = (ip_vl)shifted - 0x4338000000000000;
  ip_vd r = (x - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;
  ip_vd p = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = (p * (r * r) + r) + 1.0;
  ip_vl half = k >> 1;
  return p * (ip_vd)((half + 1023) << 52) * (ip_vd)((k - half + 1023) << 52);
}

#endif
