/* bench_bottleneck.c - time of the Information Bottleneck solver.
 *
 *     bench_bottleneck FILE steps BETA STEPS REPEATS     STEPS plain steps from T = X, without merging or acceleration
 *     bench_bottleneck FILE solve BETA REPEATS           from T = X to the optimum, as infoplane does it
 *     bench_bottleneck FILE curve GRID REPEATS           all of a curve, with its critical betas
 *
 * FILE holds, in the machine's byte order: u32 inputs, u32 outcomes, f64 p(x,y). Prints the shortest time, in seconds
 * of the processor, then I(X;T), I(T;Y), L in nats (of a curve: of its last point), clusters and steps.
 * scripts/bench/bottleneck runs it against NumPy.
 */
#include "base/mem.h"
#include "base/text.h"
#include "bench/timing.h"
#include "bottleneck/curve.h"
#include "bottleneck/grid.h"
#include "info/discrete.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

extern void openblas_set_num_threads(int n);

enum { MAX_REPEATS = 10000 };

static ip_status read_problem(const char *path, ip_ib_problem **p)
{
  uint32_t size[2];
  double *cell;
  FILE *f = fopen(path, "rb");
  IP_REQUIRE(f, IP_EIO, "%s: cannot be opened", path);
  bool whole = fread(size, 4, 2, f) == 2 && size[0] > 0 && size[1] > 0 && size[0] < 100000 && size[1] < 100000;
  size_t n = whole ? (size_t)size[0] * size[1] : 0;
  ip_status st = IP_NEW(cell, n, "p(x,y)");
  whole = whole && st == IP_OK && fread(cell, sizeof *cell, n, f) == n;
  fclose(f);
  if (whole) st = ip_ib_problem_create(size[0], size[1], cell, p);
  ip_free(cell);
  IP_TRY(st);
  IP_REQUIRE(whole, IP_EFORMAT, "%s: no table, or too short", path);
  return IP_OK;
}

/* One timed run; *s is the last point it found. */
static ip_status run_once(const ip_ib_problem *p, const char *mode, const char *what, int64_t steps, ip_ib_solution **s)
{
  if (strcmp(mode, "curve") == 0) {
    ip_ib_curve_options opt = ip_ib_curve_options_default();
    ip_ib_curve *c;
    size_t n;
    double *beta;
    IP_TRY(ip_ib_grid_parse(what, &n, &beta));
    ip_status st = ip_ib_curve_create(p, &opt, n, beta, &c);
    ip_free(beta);
    IP_TRY(st);
    st = ip_ib_solution_copy(c->point[c->n - 1], s);
    ip_ib_curve_destroy(&c);
    return st;
  }
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_solution *start;
  double beta;
  IP_REQUIRE(ip_parse_real(what, &beta), IP_EUSAGE, "'%s' is no beta", what);
  if (strcmp(mode, "steps") == 0) {
    opt.accelerate = opt.merge = false;
    opt.max_iterations = (size_t)steps;
  }
  IP_TRY(ip_ib_start_identity(p, 0, &start));
  ip_status st = ip_ib_solve(p, &opt, beta, start, s);
  ip_ib_solution_destroy(&start);
  return st;
}

static ip_status bench(int argc, char **argv)
{
  ip_ib_problem *p;
  ip_ib_solution *s = NULL;
  int64_t steps = 0, repeats;
  double least_s = HUGE_VAL;
  IP_REQUIRE(argc >= 5, IP_EUSAGE,
             "usage: bench_bottleneck FILE steps BETA STEPS REPEATS | solve BETA REPEATS | curve GRID REPEATS");
  bool stepping = strcmp(argv[2], "steps") == 0;
  IP_REQUIRE(!stepping || (argc == 6 && ip_parse_int(argv[4], &steps) && steps > 1), IP_EUSAGE, "STEPS: 2 or more");
  IP_REQUIRE(ip_parse_int(argv[argc - 1], &repeats) && repeats > 0 && repeats <= MAX_REPEATS, IP_EUSAGE,
             "REPEATS: 1 to %d", MAX_REPEATS);
  IP_TRY(read_problem(argv[1], &p));
  ip_status st = IP_OK;
  for (int64_t i = 0; i < repeats && st == IP_OK; i++) {
    ip_ib_solution_destroy(&s);
    double begin_s = processor_s();
    st = run_once(p, argv[2], argv[3], steps, &s);
    least_s = fmin(least_s, processor_s() - begin_s);
  }
  if (st == IP_OK) {
    printf("%.9g\n%.15g %.15g %.15g %zu %zu\n", least_s, s->ixt_bits, s->ity_bits, s->lagrangian_bits * IP_NATS_PER_BIT,
           s->n_t, s->iterations);
  }
  ip_ib_solution_destroy(&s);
  ip_ib_problem_destroy(&p);
  return st;
}

int main(int argc, char **argv)
{
  openblas_set_num_threads(1);
  ip_status st = bench(argc, argv);
  if (st != IP_OK) fprintf(stderr, "bench_bottleneck: %s\n", ip_error_message());
  return ip_status_exit(st);
}
