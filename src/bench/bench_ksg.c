/* bench_ksg - time of ksg, both quantities, in processor time.
 *
 *     bench_ksg FILE REPEATS
 *
 * FILE: u32 samples, inputs, units, classes; then inputs f32 (samples, inputs), units f32 (samples, units), labels i32.
 * Prints the median time in seconds, I(X;T) and I(T;Y) in bits; scripts/bench/ksg runs it against scikit-learn.
 */
#include "base/text.h"
#include "bench/timing.h"
#include "estimator/estimator.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_REPEATS = 100 };

static ip_status read_array(FILE *in, size_t n, size_t size, void *to)
{
  IP_REQUIRE(fread(to, size, n, in) == n, IP_EIO, "the file is shorter than its first numbers declare");
  return IP_OK;
}

static ip_status run(FILE *in, size_t repeats, ip_scratch *sc)
{
  uint32_t head[4];
  double time_s[MOST_REPEATS];
  float *x, *t;
  int32_t *y;
  ip_estimator *ksg;
  ip_estimate e;
  IP_TRY(read_array(in, 4, sizeof *head, head));
  size_t n = head[0], n_in = head[1], width = head[2];
  IP_TRY(IP_SCRATCH(sc, x, n * n_in, "inputs"));
  IP_TRY(IP_SCRATCH(sc, t, n * width, "units"));
  IP_TRY(IP_SCRATCH(sc, y, n, "labels"));
  IP_TRY(read_array(in, n * n_in, sizeof *x, x));
  IP_TRY(read_array(in, n * width, sizeof *t, t));
  IP_TRY(read_array(in, n, sizeof *y, y));
  ip_samples s = {.n = n, .width = width, .t = t, .n_in = n_in, .x = x, .n_x = n, .n_y = head[3], .y = y, .layer = 1};
  IP_TRY(ip_estimator_create("ksg", 1, &ksg));
  ip_status st = IP_OK;
  for (size_t r = 0; r < repeats && st == IP_OK; r++) {
    double start = processor_s();
    st = ip_estimator_run(ksg, &s, sc, &e);
    time_s[r] = processor_s() - start;
  }
  ip_estimator_destroy(&ksg);
  IP_TRY(st);
  qsort(time_s, repeats, sizeof *time_s, ascending);
  printf("%.9f\n%.17g\n%.17g\n", time_s[repeats / 2], e.ixt_bits, e.ity_bits);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t repeats = 0;
  if (argc != 3 || !ip_parse_int(argv[2], &repeats) || repeats < 1 || repeats > MOST_REPEATS) {
    fprintf(stderr, "usage: bench_ksg FILE REPEATS\n");
    return 2;
  }
  FILE *in = fopen(argv[1], "rb");
  if (!in) {
    perror(argv[1]);
    return 1;
  }
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = run(in, (size_t)repeats, sc);
  if (st) fprintf(stderr, "bench_ksg: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  fclose(in);
  return ip_status_exit(st);
}
