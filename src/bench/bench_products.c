/* bench_products - rate of the products of a wide layer, beside sgemm's on the same shapes and the peak of the core.
 *
 *     bench_products BATCH
 *
 * The layers are 784-1024-20 of scripts/bench/train's MNIST network. One thread, processor time, both sides in turn;
 * prints the median of each in Gflop/s (a multiply-add is two operations), and the median and spread of the ratio.
 * sgemm gets the layout it likes: samples in rows. OPENBLAS_CORETYPE chooses its kernel.
 */
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "bench/peak.h"
#include "bench/timing.h"
#include "num/affine.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

enum { IN = 784, OUT = 1024, TOP = 20, ROUNDS = 15 };

/* ---------------------------------------------------------------- products */

typedef struct arrays {
  size_t n;           /* samples */
  float *w, *b;       // (OUT, IN), (OUT)
  float *top;         // (TOP, OUT)
  float *x, *z;       // (IN, n), (OUT, n)
  float *d, *dz, *dx; // (TOP, n), (OUT, n), (OUT, n)
  float *g;           // (OUT, IN)
  float *x_rows, *z_rows, *d_rows, *dz_rows, *dx_rows;
} arrays;

typedef struct product {
  const char *name;
  double flop_per_sample;
  void (*ours)(arrays *a);
  void (*sgemm)(arrays *a);
} product;

static void forward(arrays *a)
{
  ip_affine_forward(OUT, IN, a->n, a->w, a->b, a->x, a->z);
}
static void forward_sgemm(arrays *a)
{
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)a->n, OUT, IN, 1, a->x_rows, IN, a->w, IN, 0, a->z_rows,
              OUT);
}
static void weights(arrays *a)
{
  ip_affine_weight_gradient(OUT, IN, a->n, false, a->dz, a->x, a->g, a->b);
}
static void weights_sgemm(arrays *a)
{
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, OUT, IN, (int)a->n, 1, a->dz_rows, OUT, a->x_rows, IN, 0, a->g,
              IN);
}
static void forward_top(arrays *a)
{
  ip_affine_forward(TOP, OUT, a->n, a->top, a->b, a->z, a->d);
}
static void forward_top_sgemm(arrays *a)
{
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)a->n, TOP, OUT, 1, a->z_rows, OUT, a->top, OUT, 0,
              a->d_rows, TOP);
}
static void inputs_top(arrays *a)
{
  ip_affine_input_gradient(TOP, OUT, a->n, 0, OUT, a->top, a->d, NULL, a->dx);
}
static void inputs_top_sgemm(arrays *a)
{
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)a->n, OUT, TOP, 1, a->d_rows, TOP, a->top, OUT, 0,
              a->dx_rows, OUT);
}
static void weights_top(arrays *a)
{
  ip_affine_weight_gradient(TOP, OUT, a->n, false, a->d, a->z, a->g, a->b);
}
static void weights_top_sgemm(arrays *a)
{
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, TOP, OUT, (int)a->n, 1, a->d_rows, TOP, a->z_rows, OUT, 0, a->g,
              OUT);
}

static const product products[] = {
    {"forward 1024 x 784", 2.0 * OUT *IN, forward, forward_sgemm},
    {"weight gradient 1024 x 784", 2.0 * OUT *IN, weights, weights_sgemm},
    {"forward 20 x 1024", 2.0 * TOP *OUT, forward_top, forward_top_sgemm},
    {"input gradient 20 x 1024", 2.0 * TOP *OUT, inputs_top, inputs_top_sgemm},
    {"weight gradient 20 x 1024", 2.0 * TOP *OUT, weights_top, weights_top_sgemm},
};

static ip_status draw(ip_scratch *sc, ip_rng *r, size_t n, float **v)
{
  IP_TRY(IP_SCRATCH(sc, *v, n, "numbers"));
  for (size_t i = 0; i < n; i++) (*v)[i] = (float)ip_rng_uniform(r) - 0.5f;
  return IP_OK;
}

static ip_status draw_all(ip_scratch *sc, size_t n, arrays *a)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TASK, 0);
  a->n = n;
  const struct {
    float **to;
    size_t size;
  } list[] = {{&a->w, OUT * IN},      {&a->b, OUT},          {&a->top, TOP * OUT},  {&a->x, IN * n},
              {&a->z, OUT * n},       {&a->d, TOP * n},      {&a->dz, OUT * n},     {&a->dx, OUT * n},
              {&a->g, OUT * IN},      {&a->x_rows, IN * n},  {&a->z_rows, OUT * n}, {&a->d_rows, TOP * n},
              {&a->dz_rows, OUT * n}, {&a->dx_rows, OUT * n}};
  for (size_t k = 0; k < sizeof list / sizeof *list; k++) IP_TRY(draw(sc, &r, list[k].size, list[k].to));
  return IP_OK;
}

static double rate(void (*run)(arrays *a), arrays *a, double flop)
{
  size_t times = (size_t)(2e9 / flop) + 1;
  double start = processor_s();
  for (size_t i = 0; i < times; i++) run(a);
  return flop * (double)times / (processor_s() - start) * 1e-9;
}

extern void openblas_set_num_threads(int n);
extern char *openblas_get_corename(void);

int main(int argc, char **argv)
{
  int64_t n = 0;
  if (argc != 2 || !ip_parse_int(argv[1], &n) || n < 16 || n > 65536 || n % IP_COLUMNS) {
    fprintf(stderr, "usage: bench_products BATCH, a multiple of %d\n", IP_COLUMNS);
    return 2;
  }
  openblas_set_num_threads(1);
  arrays a;
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) st = draw_all(sc, (size_t)n, &a);
  double peak = st == IP_OK ? measure_peak() : 0;
  if (st == IP_OK) printf("sgemm kernel %s; peak of fused multiply-adds %.0f Gflop/s\n", openblas_get_corename(), peak);
  for (size_t k = 0; st == IP_OK && k < sizeof products / sizeof *products; k++) {
    double ours[ROUNDS], sgemm[ROUNDS], ratio[ROUNDS], flop = products[k].flop_per_sample * (double)n;
    for (int r = 0; r < ROUNDS; r++) {
      ours[r] = rate(products[k].ours, &a, flop);
      sgemm[r] = rate(products[k].sgemm, &a, flop);
    }
    for (int r = 0; r < ROUNDS; r++) ratio[r] = ours[r] / sgemm[r];
    qsort(ratio, ROUNDS, sizeof *ratio, ascending);
    qsort(ours, ROUNDS, sizeof *ours, ascending);
    qsort(sgemm, ROUNDS, sizeof *sgemm, ascending);
    printf("%-27s infoplane %5.0f Gflop/s (%.2f of the peak), sgemm %5.0f, ratio %.2f (from %.2f to %.2f)\n",
           products[k].name, ours[ROUNDS / 2], peak > 0 ? ours[ROUNDS / 2] / peak : 0, sgemm[ROUNDS / 2],
           ratio[ROUNDS / 2], ratio[0], ratio[ROUNDS - 1]);
  }
  if (st) fprintf(stderr, "bench_products: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
