/* bench_threads.c - time on the wall of one estimate by one thread and by several, in alternation.
 *
 *     bench_threads ESTIMATOR SAMPLES INPUTS WIDTH THREADS ROUNDS
 *
 * Samples are random: units are inputs with noise, in ten classes. Prints the shortest time of each in milliseconds and
 * their ratio; the results are compared bit by bit. scripts/bench/threads runs it.
 */
#include "base/clock.h"
#include "base/rng.h"
#include "base/text.h"
#include "estimator/estimator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_Y = 10 };

static ip_status draw(size_t n, size_t n_in, size_t width, ip_scratch *sc, ip_samples *s)
{
  float *t, *x;
  int32_t *y;
  IP_TRY(IP_SCRATCH(sc, t, n * width, "units"));
  IP_TRY(IP_SCRATCH(sc, x, n * n_in, "inputs"));
  IP_TRY(IP_SCRATCH(sc, y, n, "labels"));
  ip_rng r = ip_rng_open(1, IP_RNG_TASK, 0);
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < n_in; k++) x[i * n_in + k] = (float)ip_rng_normal(&r);
    for (size_t k = 0; k < width; k++) t[i * width + k] = x[i * n_in + k % n_in] + (float)ip_rng_normal(&r);
    y[i] = (int32_t)ip_rng_below(&r, N_Y);
  }
  *s = (ip_samples){.n = n, .width = width, .t = t, .n_x = n, .n_in = n_in, .x = x, .n_y = N_Y, .y = y, .layer = 1};
  return IP_OK;
}

static ip_status time_one(const ip_estimator *e, ip_samples s, size_t n_threads, ip_scratch *sc, double *least_s,
                          ip_estimate *out)
{
  s.n_threads = n_threads;
  double start = ip_clock_s();
  IP_TRY(ip_estimator_run(e, &s, sc, out));
  *least_s = fmin(*least_s, ip_clock_s() - start);
  return IP_OK;
}

static ip_status bench(const char *spec, const int64_t *number, ip_scratch *sc)
{
  ip_samples s;
  ip_estimator *e;
  double least_s[2] = {(double)INFINITY, (double)INFINITY};
  IP_TRY(draw((size_t)number[0], (size_t)number[1], (size_t)number[2], sc, &s));
  IP_TRY(ip_estimator_create(spec, 1, &e));
  ip_status st = IP_OK;
  for (int64_t r = 0; r < number[4] && st == IP_OK; r++) {
    ip_estimate one, several;
    st = time_one(e, s, 1, sc, &least_s[0], &one);
    if (st == IP_OK) st = time_one(e, s, (size_t)number[3], sc, &least_s[1], &several);
    if (st == IP_OK && (memcmp(&one.ixt_bits, &several.ixt_bits, sizeof(double)) != 0 ||
                        memcmp(&one.ity_bits, &several.ity_bits, sizeof(double)) != 0))
      st = ip_error_set(__FILE__, __LINE__, __func__, IP_ENUMERIC, "the results differ");
  }
  ip_estimator_destroy(&e);
  IP_TRY(st);
  printf("%s, %lld samples, %lld inputs, %lld units: one thread %.1f ms, %lld threads %.1f ms, ratio %.2f\n", spec,
         (long long)number[0], (long long)number[1], (long long)number[2], 1e3 * least_s[0], (long long)number[3],
         1e3 * least_s[1], least_s[0] / least_s[1]);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t number[5];
  bool ok = argc == 7;
  for (int k = 0; ok && k < 5; k++) ok = ip_parse_int(argv[k + 2], &number[k]) && number[k] > 0;
  if (!ok) {
    fprintf(stderr, "usage: bench_threads ESTIMATOR SAMPLES INPUTS WIDTH THREADS ROUNDS\n");
    return 2;
  }
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) {
    st = bench(argv[1], number, sc);
    ip_scratch_destroy(&sc);
  }
  if (st != IP_OK) fprintf(stderr, "bench_threads: %s\n", ip_error_message());
  return ip_status_exit(st);
}
