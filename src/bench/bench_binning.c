/* bench_binning.c - time to bin one logged epoch: I(X;T) and I(T;Y) of every layer.
 *
 *     bench_binning FILE SPEC REPEATS
 *
 * FILE is as bench/epoch.h says. Prints the median time of an epoch in seconds, then the information of every layer, so
 * that whoever compares times can compare results too. scripts/bench/binning runs it against NumPy.
 */
#include "base/text.h"
#include "bench/epoch.h"
#include "estimator/estimator.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_REPEATS = 10000 };

static ip_status estimate_epoch(const ip_estimator *estimator, const epoch *e, ip_scratch *sc, ip_estimate *out)
{
  for (size_t k = 0; k < e->n_layers; k++) {
    ip_samples s = epoch_samples(e, k);
    IP_TRY(ip_estimator_run(estimator, &s, sc, &out[k]));
  }
  return IP_OK;
}

static ip_status run(const char *path, const char *spec, size_t repeats, ip_scratch *sc)
{
  epoch e = {0};
  ip_estimator *estimator;
  ip_estimate out[MAX_LAYERS] = {0};
  static double time_s[MAX_REPEATS];
  IP_TRY(read_epoch(path, sc, &e));
  IP_TRY(ip_estimator_create(spec, 0, &estimator));
  ip_status st = IP_OK;
  for (size_t r = 0; r < repeats && !st; r++) {
    double start = processor_s();
    st = estimate_epoch(estimator, &e, sc, out);
    time_s[r] = processor_s() - start;
  }
  ip_estimator_destroy(&estimator);
  IP_TRY(st);
  qsort(time_s, repeats, sizeof *time_s, ascending);
  printf("%.9f\n", time_s[repeats / 2]);
  for (size_t k = 0; k < e.n_layers; k++) printf("%.17g %.17g\n", out[k].ixt_bits, out[k].ity_bits);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t repeats;
  if (argc != 4 || !ip_parse_int(argv[3], &repeats) || repeats < 1 || repeats > MAX_REPEATS) {
    fprintf(stderr, "usage: bench_binning FILE SPEC REPEATS   (see scripts/bench/binning)\n");
    return 2;
  }
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = run(argv[1], argv[2], (size_t)repeats, sc);
  if (st) fprintf(stderr, "bench_binning: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
