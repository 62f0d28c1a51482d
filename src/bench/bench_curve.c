/* bench_curve.c - the curve's optima beside those of an independent annealing, on random tables.
 *
 *     bench_curve FIRST LAST     tables FIRST .. LAST - 1
 *
 * The tables and the annealing are those of bottleneck/test/annealing.h. No point of the curve may be
 * above its lowest L by more than 1e-9 (1 + beta) bit. Prints every such table and, in the end, how many there were,
 * how many points were certified by number of labels, and how many certified gaps were broken.
 */
#include "base/text.h"
#include "bottleneck/curve.h"
#include "bottleneck/test/annealing.h"
#include "info/discrete.h"

#include <math.h>
#include <stdio.h>

extern void openblas_set_num_threads(int n);

/* --- Beside each other */

typedef struct {
  size_t tables, worse, broken, points[MOST_Y + 1], certified[MOST_Y + 1];
  double worst;
} tally;

static ip_status compare(uint64_t number, tally *count)
{
  double cell[MOST_X * MOST_Y];
  size_t n_x, n_y;
  ip_ib_problem *p;
  ip_ib_curve *c;
  annealing a;
  if (!draw_table(number, &n_x, &n_y, cell)) return IP_OK;
  ip_rng r = ip_rng_open(number, IP_RNG_TEST, 100);
  double beta = exp(0.1 + 2.5 * ip_rng_uniform(&r));
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  IP_TRY(ip_ib_problem_create(n_x, n_y, cell, &p));
  ip_status st = ip_ib_curve_create(p, &opt, 1, &beta, &c);
  if (st == IP_OK) {
    fill(&a, n_x, n_y, cell);
    const ip_ib_solution *s = c->point[0];
    double best = anneal(&a, number, beta), above = (s->lagrangian_bits - best) / (1 + beta);
    count->tables++;
    count->points[n_y]++;
    count->certified[n_y] += s->certified;
    count->worst = fmax(count->worst, above);
    count->worse += above > 1e-9;
    count->broken += s->certified && s->lagrangian_bits - best > s->optimality_gap_bits + 1e-12 * (1 + beta);
    if (above > 1e-9)
      printf("table %llu (%zu x %zu) at beta %.15g: L is %.3g bit above the annealing's%s\n",
             (unsigned long long)number, n_x, n_y, beta, s->lagrangian_bits - best, s->certified ? ", certified" : "");
  }
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
  return st;
}

static ip_status bench(int argc, char **argv)
{
  int64_t first, last;
  tally count = {0};
  IP_REQUIRE(argc == 3 && ip_parse_int(argv[1], &first) && ip_parse_int(argv[2], &last) && first >= 0, IP_EUSAGE,
             "usage: bench_curve FIRST LAST");
  for (int64_t i = first; i < last; i++) IP_TRY(compare((uint64_t)i, &count));
  printf("%zu tables: %zu above the annealing by more than 1e-9 (1 + beta); the worst by %.2g (1 + beta)\n",
         count.tables, count.worse, count.worst);
  for (size_t n_y = 2; n_y <= MOST_Y; n_y++)
    printf("%zu labels: %zu of %zu certified\n", n_y, count.certified[n_y], count.points[n_y]);
  printf("%zu certified gaps were broken\n", count.broken);
  return IP_OK;
}

int main(int argc, char **argv)
{
  openblas_set_num_threads(1);
  ip_status st = bench(argc, argv);
  if (st != IP_OK) fprintf(stderr, "bench_curve: %s\n", ip_error_message());
  return ip_status_exit(st);
}
