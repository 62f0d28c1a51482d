/* bench_kde.c - time of both kernel bounds of one logged epoch, or of one wide layer against sgemm.
 *
 *     bench_kde FILE NOISE_VARIANCE REPEATS
 *     bench_kde sgemm SAMPLES WIDTH [BITS]
 *
 * FILE is as bench/epoch.h says. Prints the median time of an epoch in seconds, the peak memory of the program in MiB,
 * then upper and lower bounds of I(X;T) and I(T;Y) of every layer; scripts/bench/kde runs it against
 * PyTorch. The second form times both bounds of a layer of clustered samples and the product of all its pairs by sgemm,
 * alternately, and prints both rates: multiplications and additions a second, of which the bounds need half. BITS
 * limits the vectors of the bounds. OPENBLAS_CORETYPE chooses the kernel of sgemm. Times are of the processor.
 */
#include "base/rng.h"
#include "base/text.h"
#include "bench/epoch.h"
#include "estimator/kde.h"
#include "num/kernelsum.h"
#include "num/variant.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void openblas_set_num_threads(int n);
extern char *openblas_get_corename(void);

enum { MAX_REPEATS = 1000, WIDE_REPEATS = 5 };

/* Linux only, else 0; getrusage would count what the program had been before exec. */
static double peak_mib(void)
{
  char line[256];
  double kib = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f))
    if (!strncmp(line, "VmHWM:", 6)) kib = strtod(line + 6, NULL);
  if (f) fclose(f);
  return kib / 1024;
}

static ip_status run_epoch(const char *path, double noise_variance, size_t repeats, ip_scratch *sc)
{
  epoch e = {0};
  ip_estimate upper[MAX_LAYERS], lower[MAX_LAYERS];
  static double time_s[MAX_REPEATS];
  IP_TRY(read_epoch(path, sc, &e));
  for (size_t r = 0; r < repeats; r++) {
    double start = processor_s();
    for (size_t k = 0; k < e.n_layers; k++) {
      ip_samples s = epoch_samples(&e, k);
      IP_TRY(ip_kde_bounds(&s, noise_variance, sc, &upper[k], &lower[k]));
    }
    time_s[r] = processor_s() - start;
  }
  qsort(time_s, repeats, sizeof *time_s, ascending);
  printf("%.9f\n%.1f\n", time_s[repeats / 2], peak_mib());
  for (size_t k = 0; k < e.n_layers; k++)
    printf("%.17g %.17g %.17g %.17g\n", upper[k].ixt_bits, lower[k].ixt_bits, upper[k].ity_bits, lower[k].ity_bits);
  return IP_OK;
}

/* t (n, width): ten classes, each around a point of its own, as a hidden layer of a trained classifier is. */
static void fill(size_t n, size_t width, float *t, int32_t *y)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TASK, 0);
  for (size_t i = 0; i < n; i++) {
    y[i] = (int32_t)(i % 10);
    for (size_t k = 0; k < width; k++) {
      float centre = i < 10 ? (float)ip_rng_normal(&r) : t[(i % 10) * width + k];
      t[i * width + k] = i < 10 ? centre : centre + 0.2f * (float)ip_rng_normal(&r);
    }
  }
}

static double all_products(size_t n, size_t width, const float *t, size_t rows, float *product)
{
  double start = processor_s();
  for (size_t i = 0; i < n; i += rows) {
    size_t m = n - i < rows ? n - i : rows;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)width, 1.0f, t + i * width, (int)width, t,
                (int)width, 0.0f, product, (int)n);
  }
  return processor_s() - start;
}

static ip_status run_wide(size_t n, size_t width, ip_scratch *sc)
{
  enum { ROWS = 1024 }; /* of products at a time */
  float *t, *product;   // (n, width), (ROWS, n)
  int32_t *y;           // (n)
  double sgemm_s[WIDE_REPEATS], kde_s[WIDE_REPEATS];
  IP_TRY(IP_SCRATCH(sc, t, n * width, "activations"));
  IP_TRY(IP_SCRATCH(sc, y, n, "labels"));
  fill(n, width, t, y);
  ip_samples s = {.n = n, .width = width, .t = t, .n_x = n, .n_y = 10, .y = y, .layer = 1};
  ip_estimate upper, lower;
  IP_TRY(ip_kde_bounds(&s, 0.1, sc, &upper, &lower));
  double memory = peak_mib();
  IP_TRY(IP_SCRATCH(sc, product, ROWS * n, "products"));
  for (size_t r = 0; r < WIDE_REPEATS; r++) {
    sgemm_s[r] = all_products(n, width, t, ROWS, product);
    double start = processor_s();
    IP_TRY(ip_kde_bounds(&s, 0.1, sc, &upper, &lower));
    kde_s[r] = processor_s() - start;
  }
  double ratio[WIDE_REPEATS], flop = 2.0 * (double)n * (double)n * (double)width;
  for (size_t r = 0; r < WIDE_REPEATS; r++) ratio[r] = sgemm_s[r] / kde_s[r] / 2;
  qsort(sgemm_s, WIDE_REPEATS, sizeof *sgemm_s, ascending);
  qsort(kde_s, WIDE_REPEATS, sizeof *kde_s, ascending);
  qsort(ratio, WIDE_REPEATS, sizeof *ratio, ascending);
  printf(
      "%zu x %zu: sgemm (%s) of all pairs %.1f Gflop/s, both bounds (%s) %.1f Gflop/s on half of the pairs; ratio %.2f "
      "(from %.2f to %.2f), peak memory %.0f MiB\n",
      n, width, openblas_get_corename(), flop / sgemm_s[WIDE_REPEATS / 2] * 1e-9, ip_kernel_variant(0)->name,
      flop / 2 / kde_s[WIDE_REPEATS / 2] * 1e-9, ratio[WIDE_REPEATS / 2], ratio[0], ratio[WIDE_REPEATS - 1], memory);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t n = 0, width = 0, bits = 0;
  double variance = 0;
  bool wide = (argc == 4 || argc == 5) && !strcmp(argv[1], "sgemm");
  bool fine =
      wide ? ip_parse_int(argv[2], &n) && n > 1 && n < 1000000 && ip_parse_int(argv[3], &width) && width > 0 &&
                 (argc == 4 || ip_parse_int(argv[4], &bits))
           : argc == 4 && ip_parse_real(argv[2], &variance) && ip_parse_int(argv[3], &n) && n > 0 && n <= MAX_REPEATS;
  if (!fine) {
    fprintf(stderr, "usage: bench_kde FILE NOISE_VARIANCE REPEATS, or bench_kde sgemm SAMPLES WIDTH [BITS]\n");
    return 2;
  }
  openblas_set_num_threads(1);
  ip_variant_limit((int)bits);
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = wide ? run_wide((size_t)n, (size_t)width, sc) : run_epoch(argv[1], variance, (size_t)n, sc);
  if (st) fprintf(stderr, "bench_kde: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
