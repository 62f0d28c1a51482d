/* solve_curve.c - the Information Bottleneck curve of a joint distribution, and the distance of a layer from it.
 *
 * X is a fair bit and Y is X, flipped with probability 0.1. The curve is known: a T that is X flipped with probability
 * a has I(X;T) = 1 - h(a) and I(T;Y) = 1 - h(a + 0.1 - 0.2 a), the most there can be (Mrs. Gerber's lemma). T is
 * constant up to beta = 1 / (1 - 0.2)^2 = 1.5625.
 *
 * Prints:
 *     I(X;Y) = 0.5310 bits
 *     T is constant up to beta = 1.5625
 *     beta 1.6: I(X;T) = 0.1287, I(T;Y) = 0.0814; Mrs. Gerber 0.0814
 *     beta 2.0: I(X;T) = 0.6964, I(T;Y) = 0.4072; Mrs. Gerber 0.4072
 *     beta 2.5: I(X;T) = 0.8824, I(T;Y) = 0.4920; Mrs. Gerber 0.4920
 *     beta 3.0: I(X;T) = 0.9490, I(T;Y) = 0.5166; Mrs. Gerber 0.5166
 *     beta 4.0: I(X;T) = 0.9895, I(T;Y) = 0.5287; Mrs. Gerber 0.5287
 *     beta 8.0: I(X;T) = 1.0000, I(T;Y) = 0.5310; Mrs. Gerber 0.5310
 *     a layer with I(X;T) = 0.9, I(T;Y) = 0.4 bits is 0.10 bits below the curve
 */
#include <infoplane/infoplane.h>

#include <math.h>
#include <stdio.h>

/* The curve at I(X;T) = ixt: a by bisection. */
static double gerber(double ixt)
{
  double low = 0, high = 0.5;
  for (int i = 0; i < 60; i++) {
    double a = (low + high) / 2;
    *(1 - ip_binary_entropy_bits(a) > ixt ? &low : &high) = a;
  }
  return 1 - ip_binary_entropy_bits(low + 0.1 - 0.2 * low);
}

static ip_status solve(const ip_ib_problem *problem)
{
  const double beta[] = {1.6, 2, 2.5, 3, 4, 8};
  const ip_ib_curve_options options = ip_ib_curve_options_default();
  ip_ib_curve *curve;
  IP_TRY(ip_ib_curve_create(problem, &options, sizeof beta / sizeof *beta, beta, &curve));
  printf("I(X;Y) = %.4f bits\n", curve->ixy_bits);
  printf("T is constant up to beta = %.4f\n", curve->constant.critical_beta);
  for (size_t i = 0; i < curve->n; i++) {
    const ip_ib_solution *t = curve->point[i];
    printf("beta %.1f: I(X;T) = %.4f, I(T;Y) = %.4f; Mrs. Gerber %.4f\n", t->beta, t->ixt_bits, t->ity_bits,
           gerber(t->ixt_bits));
  }
  ip_ib_nearest layer = ip_ib_curve_nearest(curve, 0.9, 0.4);
  printf("a layer with I(X;T) = 0.9, I(T;Y) = 0.4 bits is %.2f bits below the curve\n", layer.ity_gap_bits);
  ip_ib_curve_destroy(&curve);
  return IP_OK;
}

int main(void)
{
  const double p_xy[2 * 2] = {0.45, 0.05, 0.05, 0.45}; /* (n_x, n_y) */
  ip_ib_problem *problem = NULL;
  ip_status st = ip_ib_problem_create(2, 2, p_xy, &problem);
  if (st == IP_OK) st = solve(problem);
  if (st != IP_OK) fprintf(stderr, "%s\n", ip_error_message());
  ip_ib_problem_destroy(&problem);
  return ip_status_exit(st);
}
