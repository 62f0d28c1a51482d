#include "claims/excess.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <math.h>
#include <string.h>

static double entropy(double p)
{
  return p <= 0 || p >= 1 ? 0 : -p * log2(p) - (1 - p) * log2(1 - p);
}

/* X a uniform bit and Y = X with errors of probability d. The optimal T is X with errors of probability a (Mrs.
 * Gerber's lemma, Wyner & Ziv 1973): I(X;T) = 1 - h(a), I(T;Y) = 1 - h(a (1 - d) + d (1 - a)). */
static void the_rate_is_that_of_a_binary_symmetric_channel(void **state)
{
  (void)state;
  enum { N_BETAS = 60 };
  const double d = 0.1;
  const float p_y_given_x[] = {0.9F, 0.1F, 0.1F, 0.9F};
  const uint32_t id[] = {0, 1};
  double beta[N_BETAS];
  ip_ib_problem *p;
  ip_ib_curve *c;
  ip_ib_curve_options o = ip_ib_curve_options_default();
  o.critical_clusters = 0;
  o.tolerance_bits = 0.001;
  o.n_refine = N_BETAS;
  for (size_t i = 0; i < N_BETAS; i++) beta[i] = pow(300, (double)i / (N_BETAS - 1));
  CHECK_OK(ip_ib_problem_from_samples(2, 2, p_y_given_x, NULL, 2, id, &p));
  CHECK_OK(ip_ib_curve_create(p, &o, N_BETAS, beta, &c));
  for (double a = 0; a <= 0.5; a += 0.01) {
    double ixt = 1 - entropy(a), ity = 1 - entropy(a * (1 - d) + d * (1 - a));
    double rate = ip_excess_rate(c, ity);
    CHECK_NEAR(rate, ixt, 0.01);
    assert_true(rate >= ixt - 1e-6); /* chords are above a convex curve */
  }
  CHECK_NEAR(ip_excess_rate(c, 0.9), 1, 1e-6); /* beyond I(X;Y): a lossless layer has the excess H(X) - H(classes) */
  assert_true(ip_excess_rate(c, 0) == 0 && ip_excess_rate(c, -0.1) == 0);
  assert_true(isnan(ip_excess_rate(c, (double)NAN)));
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

/* Hard labels 0 1 0 1: T = Y up to any part of its bit, from beta 1 on; the curve is known up to beta 300. */
static void the_curve_of_a_run_is_that_of_its_labels(void **state)
{
  (void)state;
  const made_run m = {.file = "a.h5", .experiment = "a", .config = "", .n_epochs = 2};
  ip_run *run;
  ip_scratch *sc;
  ip_ib_curve *c;
  CHECK_OK(made_write(&m));
  CHECK_OK(ip_run_open(temp_path("a.h5"), &run));
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_excess_curve(run, sc, &c));
  CHECK_NEAR(c->point[0]->beta, 1, 1e-12);
  CHECK_NEAR(c->point[c->n - 1]->beta, 300, 1e-9);
  assert_true(c->n >= 60);
  for (double ity = 0; ity <= 1; ity += 0.125) CHECK_NEAR(ip_excess_rate(c, ity), ity, 1e-6);
  ip_ib_curve_destroy(&c);
  ip_scratch_destroy(&sc);
  ip_run_close(&run);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_rate_is_that_of_a_binary_symmetric_channel),
      cmocka_unit_test(the_curve_of_a_run_is_that_of_its_labels),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
