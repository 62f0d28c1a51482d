/* test_facts.c - the facts of a run file in which every series has its own numbers. */
#include "report/facts.h"

#include "base/test/check.h"
#include "runfile/series.h"
#include "study/test/made_runs.h"

enum { N_EPOCHS = 20, LAST = N_EPOCHS - 1 };

/* Of `other`: the second estimator, whose layer 1 decreases by a little less, and is saturated in one epoch less. */
static double made_series(size_t s, size_t e, size_t k, bool other)
{
  switch (s) {
  case IP_INFORMATION_IXT:
    if (e == 3 && k == 0) return (double)NAN;
    return k ? 2 : e == 5 ? (other ? 0.0999 : 0.1) : 0;
  case IP_INFORMATION_ITY:
    return 0.5 + (double)e / 64;
  case IP_INFORMATION_IXT_RAW:
    return (k ? 2 : e == 5 ? 0.1 : 0) - (k == 0 && e < 4 ? 0.25 : 0);
  case IP_INFORMATION_ITY_RAW:
    return 0.5 + (double)e / 64 + (k == 1 && e > 17 ? 0.5 : 0);
  case IP_INFORMATION_SATURATED:
    return k == 1 ? e > (other ? 1 : 0) : e == 3 || e == 4;
  case IP_INFORMATION_DPI:
    return k == 1 ? e < 3 : 0;
  case IP_INFORMATION_LOSSY_BINS:
    return k == 0 ? e < 7 : 0;
  case IP_INFORMATION_IXT_BAND_LOW:
    return other ? 10 : (double)NAN;
  default:
    return 100 * (double)s + (double)e + 50 * (double)k;
  }
}

static ip_status add_series(const char *path)
{
  static double value[2][IP_N_INFORMATION_SERIES][N_EPOCHS * MADE_LAYERS];
  static const char *const what[] = {"ixt",      "ity",         "ixt_interval", "ity_interval",
                                     "ity_null", "ixt_given_y", "bin_loss"};
  double *of[2][IP_N_INFORMATION_SERIES];
  const char *series[IP_N_INFORMATION_SERIES];
  ip_run_attribute why[sizeof what / sizeof *what];
  char name[sizeof what / sizeof *what][64];
  ip_information info[2];
  for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
    snprintf(name[i], sizeof name[i], "missing_%s_reason", what[i]);
    why[i] = (ip_run_attribute){.name = name[i], .text = what[i]};
  }
  for (size_t i = 0; i < 2; i++) {
    for (size_t s = 0; s < IP_N_INFORMATION_SERIES; s++) {
      series[s] = ip_information_series_name(s);
      of[i][s] = value[i][s];
      for (size_t e = 0; e < N_EPOCHS; e++)
        for (size_t k = 0; k < MADE_LAYERS; k++) value[i][s][e * MADE_LAYERS + k] = made_series(s, e, k, i);
    }
    info[i] = (ip_information){.estimator = i ? "other" : "one",
                               .n_attributes = i ? 1 : sizeof what / sizeof *what,
                               .attribute = i ? &why[4] : why,
                               .n_epochs = N_EPOCHS,
                               .n_layers = MADE_LAYERS,
                               .n_series = IP_N_INFORMATION_SERIES,
                               .series = series,
                               .value = of[i]};
  }
  return ip_run_add_information(path, 2, info, "e", true);
}

static ip_run_set *set;
static ip_facts *facts;

static int open_made(void **state)
{
  static char path[512];
  static const char *const file[] = {path};
  made_run m = {
      .file = "one.h5", .experiment = "x", .config = "", .seed = 7, .n_epochs = N_EPOCHS, .no_information = true};
  (void)state;
  CHECK_OK(made_write(&m));
  snprintf(path, sizeof path, "%s", temp_path(m.file));
  CHECK_OK(add_series(path));
  CHECK_OK(ip_run_set_open(1, file, "other", &set));
  CHECK_OK(ip_facts_read(set, NULL, &facts));
  return 0;
}

static int close_made(void **state)
{
  (void)state;
  ip_facts_destroy(&facts);
  ip_run_set_close(&set);
  return 0;
}

static void epochs_and_flags_are_counted_where_there_is_an_estimate(void **state)
{
  (void)state;
  const ip_fact *first = facts->run[0].fact[1], *second = facts->run[0].fact[0];
  assert_string_equal(facts->estimator[0], "other");
  assert_string_equal(facts->estimator[1], "one");
  assert_int_equal(first[0].n, 19);
  assert_int_equal(first[0].saturated, 1);
  assert_int_equal(first[0].dpi, 0);
  assert_int_equal(first[0].lossy, 6);
  assert_int_equal(first[0].clipped, 3);
  assert_int_equal(first[1].n, 20);
  assert_int_equal(first[1].saturated, 19);
  assert_int_equal(first[1].dpi, 3);
  assert_int_equal(first[1].lossy, 0);
  assert_int_equal(first[1].clipped, 2);
  assert_int_equal(second[1].saturated, 18);
}

static void the_rules_hold_from_their_limits_on(void **state)
{
  (void)state;
  const ip_fact *first = facts->run[0].fact[1], *second = facts->run[0].fact[0];
  CHECK_NEAR(first[0].measure[IP_MEASURE_DROP], IP_REPORT_DECREASE_BITS, 0);
  assert_true(first[0].decreased && !first[0].unable);
  assert_true(!second[0].decreased && !second[0].unable);
  assert_true(!first[1].decreased && first[1].unable); /* 19 of 20 epochs are 95 % */
  assert_true(!second[1].decreased && !second[1].unable);
}

static void intervals_are_bands_where_there_are_some(void **state)
{
  (void)state;
  for (size_t k = 0; k < MADE_LAYERS; k++) {
    const ip_fact *f = &facts->run[0].fact[1][k];
    const double rest = LAST + 50 * (double)k;
    CHECK_NEAR(f->ixt_low, 100 * IP_INFORMATION_IXT_LOW + rest, 0);
    CHECK_NEAR(f->ixt_high, 100 * IP_INFORMATION_IXT_HIGH + rest, 0);
    CHECK_NEAR(f->ity_low, 100 * IP_INFORMATION_ITY_LOW + rest, 0);
    CHECK_NEAR(f->ity_high, 100 * IP_INFORMATION_ITY_HIGH + rest, 0);
    CHECK_NEAR(f->null_high, 100 * IP_INFORMATION_NULL_HIGH + rest, 0);
    f = &facts->run[0].fact[0][k];
    CHECK_NEAR(f->ixt_low, 10, 0);
    CHECK_NEAR(f->ixt_high, 100 * IP_INFORMATION_IXT_BAND_HIGH + rest, 0);
    CHECK_NEAR(f->ity_low, 100 * IP_INFORMATION_ITY_BAND_LOW + rest, 0);
    CHECK_NEAR(f->ity_high, 100 * IP_INFORMATION_ITY_BAND_HIGH + rest, 0);
    CHECK_NEAR(f->null_high, 100 * IP_INFORMATION_NULL_HIGH + rest, 0);
  }
}

static void every_reason_is_named_with_what_is_missing(void **state)
{
  (void)state;
  assert_string_equal(facts->run[0].refused[1],
                      "I(X;T): ixt; I(T;Y): ity; interval of I(X;T): ixt_interval; interval of I(T;Y): ity_interval; "
                      "I(T;Y) of shuffled labels: ity_null; I(X;T|Y): ixt_given_y; H(prediction|T): bin_loss");
  assert_string_equal(facts->run[0].refused[0], "I(T;Y) of shuffled labels: ity_null");
}

static void a_run_has_its_own_numbers(void **state)
{
  (void)state;
  const ip_run_facts *r = &facts->run[0];
  assert_string_equal(r->name, "one.h5");
  assert_string_equal(r->status, "done");
  assert_int_equal(r->seed, 7);
  assert_int_equal(r->n_epochs, N_EPOCHS);
  assert_int_equal(r->n_samples, MADE_SAMPLES);
  assert_int_equal(r->last_epoch, made_epoch(LAST));
  CHECK_NEAR(r->train_accuracy, 0.5 + 0.01 * LAST, 1e-6);
  CHECK_NEAR(r->test_accuracy, 0.4, 1e-6);
  CHECK_NEAR(r->train_loss, 1.0 / N_EPOCHS, 1e-6);
  CHECK_NEAR(r->test_loss, 2.0 / N_EPOCHS, 1e-6);
  assert_string_equal(r->layer[0], "2 tanh");
  assert_string_equal(r->layer[1], "2 softmax");
  size_t n;
  const ip_run_group *g = &set->group[0];
  CHECK_NEAR(ip_facts_mean(facts, g, 1, 1, IP_MEASURE_ITY, &n), 0.5 + LAST / 64.0, 1e-9); /* its raw value, clipped */
  assert_int_equal(n, 1);
  assert_null(ip_facts_of(facts, g, 0, 2, 0));
  assert_null(ip_facts_of(facts, g, 0, 0, MADE_LAYERS));
  assert_non_null(ip_facts_of(facts, g, 0, 1, 1));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(epochs_and_flags_are_counted_where_there_is_an_estimate),
      cmocka_unit_test(the_rules_hold_from_their_limits_on),
      cmocka_unit_test(intervals_are_bands_where_there_are_some),
      cmocka_unit_test(every_reason_is_named_with_what_is_missing),
      cmocka_unit_test(a_run_has_its_own_numbers),
  };
  return cmocka_run_group_tests(tests, open_made, close_made);
}
