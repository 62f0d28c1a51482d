/* timing.h - processor time and medians, for benchmarks. */
#ifndef IP_BENCH_TIMING_H
#define IP_BENCH_TIMING_H

#include <stdlib.h>
#include <time.h>

/* Processor time of this process, seconds. */
static inline double processor_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Compares doubles, for qsort. */
static inline int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

#endif
