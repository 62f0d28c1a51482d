/* search.h - the iterations from a start to an optimum; not for use outside this folder.
 *
 * Steps of iterate.h, accelerated by Anderson's mixing (anderson.h) wherever the Lagrangian is lower there than a step
 * back, and clusters are merged where that does not raise it. So L never rises, which is asserted.
 */
#ifndef IP_BOTTLENECK_SEARCH_H
#define IP_BOTTLENECK_SEARCH_H

#include "bottleneck/anderson.h"
#include "bottleneck/iterate.h"
#include "bottleneck/solve.h"

typedef struct {
  const ip_ib_options *opt;
  ib_map map;
  ib_anderson mixing;
  size_t n_y, n_t, steps;
  double *now, *next;             // (n_y + 1, n_t) the state and one step on from it
  double *trial, *after;          // (n_y + 1, n_t) a state led to or merged, and one step on from it
  double *all;                    /* owns the four */
  double here;                    /* L at `now` */
  double noise_next, noise_after; /* H(T|X) of the p(t|x) that led to `next`, to `after` */
  double decrease, move;          /* of the last round: the decrease of L, the largest change of a probability */
  double shrinking;               /* last residual over the one before */
  double stride;                  /* how many times a step to try in one go where steps do not shrink */
  int quiet;                      /* rounds in a row that hardly moved */
} ib_search;

ip_status ib_search_open(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                         ib_search *s);
void ib_search_close(ib_search *s);

/* Runs until it has converged or the steps are used up. The result is s->now. */
ip_status ib_search_run(ib_search *s, bool *converged);

#endif
