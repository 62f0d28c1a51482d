/* bench_roofline - what one core can do, and what the hot loops do: arithmetic, memory, kernels. One thread.
 *
 *     bench_roofline [sgemm]
 *
 * Prints lines of fields separated by tabs, each rate the best of several rounds in processor time:
 *     peak    Gflop/s of fused multiply-adds
 *     sgemm   kernel of OpenBLAS (OPENBLAS_CORETYPE), Gflop/s of a product of matrices 1024 x 1024
 *     read, copy   bytes, GB/s: of the array that is read; of the two arrays of memcpy together
 *     kernel  name, operations, bytes, seconds of one call
 * An operation is an addition, a multiplication, a division or a root, two of them a fused multiply-add. Bytes count
 * every array once for each reading and each writing, as if it came from memory. With `sgemm`, only that line is
 * printed. scripts/bench/roofline makes the table and the figure.
 */
#include "base/mem.h"
#include "base/rng.h"
#include "bench/peak.h"
#include "bench/timing.h"
#include "network/inside.h"
#include "num/affine.h"
#include "num/digitize.h"
#include "num/kernelsum.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

extern void openblas_set_num_threads(int n);
extern char *openblas_get_corename(void);

enum { ROUNDS = 7, MIB = 1 << 20 };
static const double ROUND_S = 0.02; /* the least time of a round */

/* Shortest time of one call, in seconds. */
static double shortest(void (*call)(void *), void *with)
{
  double best = HUGE_VAL;
  call(with);
  size_t times = 1;
  for (int r = 0; r < ROUNDS;) {
    double start = processor_s();
    for (size_t i = 0; i < times; i++) call(with);
    double time_s = processor_s() - start;
    if (time_s < ROUND_S && times < 100000000) {
      times *= 2;
      continue;
    }
    best = fmin(best, time_s / (double)times);
    r++;
  }
  return best;
}

/* ---------------------------------------------------------------- memory */

typedef struct array {
  size_t n; /* numbers */
  float *x, *y;
} array;

typedef float sixteen __attribute__((vector_size(64)));

static inline __attribute__((always_inline)) void read_all(const array *a)
{
  enum { CHAINS = 8 };
  sixteen sum[CHAINS] = {{0}};
  for (size_t i = 0; i < a->n; i += CHAINS * 16)
    for (size_t k = 0; k < CHAINS; k++) sum[k] += *(const sixteen *)(const void *)(a->x + i + k * 16);
  volatile float used = 0;
  for (size_t k = 0; k < CHAINS; k++) used = used + sum[k][0];
}

static void read_base(void *a)
{
  read_all(a);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void read_avx2(void *a)
{
  read_all(a);
}
__attribute__((target("avx512f"))) static void read_avx512(void *a)
{
  read_all(a);
}
#endif

static void (*best_read(void))(void *)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return read_avx512;
  if (__builtin_cpu_supports("avx2")) return read_avx2;
#endif
  return read_base;
}

static void copy(void *what)
{
  array *a = what;
  memcpy(a->y, a->x, a->n * sizeof *a->x);
}

static ip_status measure_memory(void)
{
  enum { LEAST = 16 << 10, MOST = 256 * MIB };
  array a;
  IP_TRY(IP_NEW(a.x, MOST / 4 + 16, "numbers to read"));
  ip_status st = IP_NEW(a.y, MOST / 8 + 16, "numbers to write");
  float *x = a.x;
  a.x += (64 - (uintptr_t)x % 64) / 4;
  for (size_t bytes = LEAST; st == IP_OK && bytes <= MOST; bytes *= 2) {
    a.n = bytes / 4;
    printf("read\t%zu\t%.1f\n", bytes, (double)bytes / shortest(best_read(), &a) * 1e-9);
    a.n = bytes / 8; /* both arrays together are of that size */
    printf("copy\t%zu\t%.1f\n", bytes, (double)bytes / shortest(copy, &a) * 1e-9);
  }
  ip_free(x);
  ip_free(st == IP_OK ? a.y : NULL);
  return st;
}

/* ---------------------------------------------------------------- kernels */

/* The arrays of all kernels: a dense layer, a layer of samples, a network. */
typedef struct arrays {
  size_t out, in, n;
  const float *w, *b, *x;
  float *y, *g;
  const ip_even_edges *edges;
  uint8_t *code;
  ip_network *net;
  ip_scratch *sc;
  ip_kernel_sums sums;
  int32_t *label;
  double scale; /* of the kernels */
} arrays;

static void forward(void *what)
{
  arrays *a = what;
  ip_affine_forward(a->out, a->in, a->n, a->w, a->b, a->x, a->y);
}
static void weights(void *what)
{
  arrays *a = what;
  ip_affine_weight_gradient(a->out, a->in, a->n, false, a->w, a->x, a->g, a->y);
}
static void inputs(void *what)
{
  arrays *a = what;
  ip_affine_input_gradient(a->out, a->in, a->n, 0, a->in, a->w, a->x, NULL, a->y);
}
static void tanh_of(void *what)
{
  arrays *a = what;
  ip_vtanh(a->n, a->x, a->y);
}
static void digitize(void *what)
{
  arrays *a = what;
  ip_even_edges_count(a->edges, a->n, a->x, a->code);
}
static void step(void *what)
{
  ip_optimizer_step(((arrays *)what)->net);
}
static void bounds(void *what)
{
  arrays *a = what;
  if (ip_kernel_sum(a->n, a->in, a->x, a->scale, 1, a->label, NULL, NULL, a->sc, &a->sums) != IP_OK)
    fprintf(stderr, "bench_roofline: %s\n", ip_error_message());
}

static void report(const char *name, double flop, double bytes, void (*call)(void *), arrays *a)
{
  printf("kernel\t%s\t%.0f\t%.0f\t%.4g\n", name, flop, bytes, shortest(call, a));
}

static void measure_layer(const char *name, arrays a, size_t out, size_t in, size_t n, void (*call)(void *))
{
  a.out = out;
  a.in = in;
  a.n = n;
  report(name, 2.0 * (double)(out * in * n), 4.0 * (double)(out * in + (out + in) * n), call, &a);
}

static ip_status measure_optimizer(const char *name, ip_training_options training, double flop, double numbers)
{
  const size_t hidden[] = {1024, 20, 20, 20};
  ip_network_options o = {.hidden = hidden,
                          .n_hidden = 4,
                          .activation = IP_TANH,
                          .output = IP_OUTPUT_SOFTMAX,
                          .initializer = IP_GLOROT_UNIFORM,
                          .output_initializer = IP_INITIALIZER_SAME};
  arrays a = {0};
  IP_TRY(ip_network_create(&o, &training, 784, 10, 1, &a.net));
  double n = (double)a.net->n_parameters;
  report(name, flop * n, 4 * numbers * n, step, &a);
  ip_network_destroy(&a.net);
  return IP_OK;
}

/* Bounds of n samples; 30 operations are those of two kernels and their sums. */
static ip_status measure_bounds(const char *name, arrays a, size_t n, size_t width, double scale, double per_feature)
{
  a.scale = scale;
  a.n = n;
  a.in = width;
  for (int k = 0; k < IP_N_KERNELS; k++) {
    IP_TRY(IP_SCRATCH(a.sc, a.sums.all[k], n, "sums"));
    IP_TRY(IP_SCRATCH(a.sc, a.sums.own[k], n, "sums"));
  }
  IP_TRY(IP_SCRATCH(a.sc, a.label, n, "labels"));
  report(name, (double)n * (double)n / 2 * (per_feature * (double)width + 30), 4.0 * (double)(n * width), bounds, &a);
  return IP_OK;
}

static ip_status measure_kernels(ip_scratch *sc)
{
  enum { WIDE_IN = 784, WIDE_OUT = 1024, BATCH = 128, MANY = 2048 * 1024, VALUES = 4096 * 10, EDGES = 30 };
  float *x, *w, *y, *g, edge[EDGES];
  arrays a = {.sc = sc};
  ip_even_edges edges;
  ip_rng r = ip_rng_open(1, IP_RNG_TASK, 0);
  IP_TRY(IP_SCRATCH(sc, x, MANY, "samples"));
  IP_TRY(IP_SCRATCH(sc, w, WIDE_OUT * WIDE_IN, "weights"));
  IP_TRY(IP_SCRATCH(sc, y, WIDE_OUT * WIDE_IN, "units"));
  IP_TRY(IP_SCRATCH(sc, g, WIDE_OUT * WIDE_IN, "gradient"));
  IP_TRY(IP_SCRATCH(sc, a.code, VALUES, "bins"));
  for (size_t k = 0; k < MANY; k++) x[k] = (float)ip_rng_normal(&r);
  for (size_t k = 0; k < WIDE_OUT * WIDE_IN; k++) w[k] = (float)ip_rng_uniform(&r) - 0.5f;
  for (int k = 0; k < EDGES; k++) edge[k] = -1 + 2 * (float)k / (EDGES - 1);
  IP_REQUIRE(ip_even_edges_open(EDGES, edge, &edges), IP_EINVAL, "even edges are not even");
  a = (arrays){.w = w, .b = w, .x = x, .y = y, .g = g, .edges = &edges, .code = a.code, .sc = sc};
  measure_layer("forward 1024 x 784, batch 128", a, WIDE_OUT, WIDE_IN, BATCH, forward);
  measure_layer("weight gradient 1024 x 784", a, WIDE_OUT, WIDE_IN, BATCH, weights);
  measure_layer("input gradient 20 x 1024", a, 20, WIDE_OUT, BATCH, inputs);
  measure_layer("forward 10 x 12, batch 256", a, 10, 12, 256, forward);
  measure_layer("weight gradient 10 x 12", a, 10, 12, 256, weights);
  a.n = 2560;
  report("tanh of 2560 values", 13.0 * (double)a.n, 8.0 * (double)a.n, tanh_of, &a);
  a.n = VALUES;
  report("digitising 4096 x 10 values", 3.0 * (double)a.n, 5.0 * (double)a.n, digitize, &a);
  IP_TRY(measure_bounds("kernel bounds 4096 x 10", a, 4096, 10, 1.25, 3));
  IP_TRY(measure_bounds("kernel bounds 2048 x 1024", a, 2048, 1024, 1.25, 2));
  IP_TRY(
      measure_optimizer("SGD, 8e5 weights", (ip_training_options){.optimizer = IP_SGD, .learning_rate = 1e-9}, 2, 3));
  return measure_optimizer(
      "Adam, 8e5 weights",
      (ip_training_options){.optimizer = IP_ADAM, .learning_rate = 1e-9, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8},
      13, 7);
}

/* ---------------------------------------------------------------- sgemm */

enum { SIDE = 1024 };

static void multiply(void *what)
{
  array *a = what;
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, a->x, SIDE, a->x, SIDE, 0, a->y, SIDE);
}

static ip_status measure_sgemm(ip_scratch *sc)
{
  array a = {.n = SIDE * SIDE};
  IP_TRY(IP_SCRATCH(sc, a.x, a.n, "a matrix"));
  IP_TRY(IP_SCRATCH(sc, a.y, a.n, "a matrix"));
  for (size_t k = 0; k < a.n; k++) a.x[k] = (float)(k % 7) - 3;
  printf("sgemm\t%s\t%.1f\n", openblas_get_corename(), 2.0 * SIDE * SIDE * SIDE / shortest(multiply, &a) * 1e-9);
  return IP_OK;
}

static ip_status measure_all(ip_scratch *sc)
{
  printf("peak\t%.1f\n", measure_peak());
  IP_TRY(measure_sgemm(sc));
  IP_TRY(measure_memory());
  return measure_kernels(sc);
}

int main(int argc, char **argv)
{
  bool only_sgemm = argc == 2 && strcmp(argv[1], "sgemm") == 0;
  if (argc > 1 && !only_sgemm) {
    fprintf(stderr, "usage: bench_roofline [sgemm]\n");
    return 2;
  }
  openblas_set_num_threads(1);
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) st = only_sgemm ? measure_sgemm(sc) : measure_all(sc);
  if (st != IP_OK) fprintf(stderr, "bench_roofline: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
