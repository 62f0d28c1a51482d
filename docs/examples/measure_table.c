/* measure_table.c - entropies, mutual information and divergence of tables.
 *
 * The joint distribution is that of a symmetric channel with three inputs: Y = X with probability 1/2, else each of the
 * other two with probability 1/4. So H(X) = H(Y) = log2 3, H(Y|X) = 1.5 bits, and I(X;Y) = log2 3 - 1.5.
 *
 * Prints:
 *     H(X) = 1.58496, H(Y) = 1.58496, H(X,Y) = 3.08496 bits
 *     H(Y|X) = 1.50000, I(X;Y) = 0.08496 bits
 *     of counts: I(X;Y) = 0.08496 bits
 *     KL(p||q) = 0.08496 bits
 *     p: the cells sum to 1.5; a distribution sums to 1 (within 1e-06)
 */
#include <infoplane/infoplane.h>

#include <stdio.h>

static ip_status measure(ip_scratch *scratch)
{
  const double p[3 * 3] = {2. / 12, 1. / 12, 1. / 12, 1. / 12, 2. / 12, 1. / 12, 1. / 12, 1. / 12, 2. / 12};
  IP_TRY(ip_distribution_check(3, 3, p, "p(x,y)"));
  ip_joint_measures m;
  IP_TRY(ip_joint_measure(3, 3, p, scratch, &m));
  printf("H(X) = %.5f, H(Y) = %.5f, H(X,Y) = %.5f bits\n", m.hx_bits, m.hy_bits, m.hxy_bits);
  printf("H(Y|X) = %.5f, I(X;Y) = %.5f bits\n", m.hy_given_x_bits, m.mi_bits);

  const uint32_t count[3 * 3] = {20, 10, 10, 10, 20, 10, 10, 10, 20};
  IP_TRY(ip_joint_measure_counts(3, 3, count, scratch, &m));
  printf("of counts: I(X;Y) = %.5f bits\n", m.mi_bits);

  const double row[3] = {1. / 2, 1. / 4, 1. / 4}, uniform[3] = {1. / 3, 1. / 3, 1. / 3};
  printf("KL(p||q) = %.5f bits\n", ip_kl_bits(3, row, uniform));
  return IP_OK;
}

int main(void)
{
  ip_scratch *scratch = NULL;
  ip_status st = ip_scratch_create(&scratch);
  if (st == IP_OK) st = measure(scratch);
  if (st != IP_OK) fprintf(stderr, "%s\n", ip_error_message());
  ip_scratch_destroy(&scratch);

  const double wrong[2] = {0.5, 1.0}; /* what comes from outside is checked first */
  if (ip_distribution_check(1, 2, wrong, "p") != IP_OK) printf("%s\n", ip_error_message());
  return ip_status_exit(st);
}
