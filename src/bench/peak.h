/* peak.h - the peak of one core in fused multiply-adds, float32. */
#ifndef IP_BENCH_PEAK_H
#define IP_BENCH_PEAK_H

#include "bench/timing.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { SUMS = 16, STEPS = 4000000 };

#if defined(__x86_64__)
/* SUMS sums without dependence on each other keep every unit busy. */
#define PEAK(name, isa, vector, set, fma, lanes)                                                                       \
  __attribute__((target(isa))) static double name(void)                                                                \
  {                                                                                                                    \
    vector s[SUMS], a = set(0.999f), b = set(1e-3f);                                                                   \
    for (int k = 0; k < SUMS; k++) s[k] = set((float)k);                                                               \
    double start = processor_s();                                                                                      \
    for (int i = 0; i < STEPS; i++)                                                                                    \
      for (int k = 0; k < SUMS; k++) s[k] = fma(s[k], a, b);                                                           \
    double time_s = processor_s() - start;                                                                             \
    float sum = 0, lane[lanes];                                                                                        \
    for (int k = 0; k < SUMS; k++) {                                                                                   \
      memcpy(lane, &s[k], sizeof lane);                                                                                \
      sum += lane[0];                                                                                                  \
    }                                                                                                                  \
    volatile float used = sum;                                                                                         \
    (void)used;                                                                                                        \
    return 2.0 * lanes * SUMS * STEPS / time_s * 1e-9;                                                                 \
  }
PEAK(peak_avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps, 16)
PEAK(peak_avx2, "avx2,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps, 8)

/* Gflop/s of fused multiply-adds with the widest vectors; 0 where nothing is known. */
static inline double measure_peak(void)
{
  if (__builtin_cpu_supports("avx512f")) return peak_avx512();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return peak_avx2();
  return 0;
}
#else
static inline double measure_peak(void)
{
  return 0;
}
#endif

#endif
