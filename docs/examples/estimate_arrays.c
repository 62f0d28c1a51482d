/* estimate_arrays.c - I(X;T) and I(T;Y) of a layer whose activations are in an array.
 *
 * The layer has one unit with four values, each equally probable, so I(X;T) = H(T) = 2 bits. The label is the unit's
 * sign, wrong for one sample in ten, so I(T;Y) = 1 - h(0.1) = 0.531 bits.
 *
 * Prints:
 *     equal_width: I(X;T) = 2.000 bits, I(T;Y) = 0.531 bits
 *     95 % interval of I(T;Y): 0.470 to 0.588 bits
 *     no interval of I(X;T): yes
 *     I(T;Y) under shuffled labels: below 0.01 bits
 */
#include <infoplane/infoplane.h>

#include <stdio.h>

enum { N = 1000 };

static ip_status estimate(const ip_estimator *estimator, const ip_samples *samples, ip_scratch *scratch)
{
  ip_estimate found;
  IP_TRY(ip_estimator_run(estimator, samples, scratch, &found));
  printf("%s: I(X;T) = %.3f bits, I(T;Y) = %.3f bits\n", ip_estimator_label(estimator), found.ixt_bits, found.ity_bits);

  ip_interval ixt, ity;
  IP_TRY(ip_estimator_bootstrap(estimator, samples, 200, 0.95, 1, scratch, &ixt, &ity));
  printf("95 %% interval of I(T;Y): %.3f to %.3f bits\n", ity.low, ity.high);
  printf("no interval of I(X;T): %s\n", ixt.refusal ? "yes" : "no"); /* every input occurs once: ixt.refusal says so */

  ip_null null;
  IP_TRY(ip_estimator_null(estimator, samples, 200, 1, scratch, &null));
  printf("I(T;Y) under shuffled labels: %s 0.01 bits\n", null.high_bits < 0.01 ? "below" : "above");
  return IP_OK;
}

int main(void)
{
  float t[N];   /* (n, width), here of width 1 */
  int32_t y[N]; /* (n) */
  for (int i = 0; i < N; i++) {
    t[i] = 0.5F * (float)(i % 4) - 0.75F;
    y[i] = (t[i] > 0) ^ (i / 4 % 10 == 0);
  }
  ip_samples samples = {.n = N, .width = 1, .t = t, .n_x = N, .y = y, .n_y = 2, .epoch = -1};

  ip_estimator *estimator = NULL;
  ip_scratch *scratch = NULL;
  ip_status st = ip_estimator_create("equal_width", 1, &estimator);
  if (st == IP_OK) st = ip_scratch_create(&scratch);
  if (st == IP_OK) st = estimate(estimator, &samples, scratch);
  if (st != IP_OK) fprintf(stderr, "%s\n", ip_error_message());
  ip_scratch_destroy(&scratch);
  ip_estimator_destroy(&estimator);
  return ip_status_exit(st);
}
