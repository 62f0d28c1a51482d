#include "calibrate/accuracy.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "calibrate/consistency.h"
#include "calibrate/published.h"
#include "info/discrete.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const ip_calibration_family *family(const char *name)
{
  for (size_t i = 0; i < ip_family_count(); i++)
    if (!strcmp(ip_family_at(i)->name, name)) return ip_family_at(i);
  fail_msg("no family %s", name);
  return NULL;
}

/* Student needs some information; sparse normals need two pairs. */
static void members_that_do_not_exist_are_left_out(void **state)
{
  const ip_calibration_family *f[] = {family("normal_pairs"), family("student_pairs"), family("sparse_normal")};
  const double nats[] = {0, 2};
  const size_t pairs[] = {1, 2};
  const ip_calibration_task **task;
  size_t n;
  CHECK_OK(ip_accuracy_tasks(3, f, 2, nats, 2, pairs, *state, &n, &task));
  assert_int_equal(n, 4 + 4 + 2);
  assert_string_equal(task[0]->name, "normal_pairs:nats=0");
  assert_string_equal(task[5]->name, "student_pairs:nats=2:freedom=2");
  assert_string_equal(task[9]->name, "sparse_normal:nats=2:pairs=2");
}

static void errors_are_means_over_members_with_published_ones_after_them(void **state)
{
  const ip_calibration_family *f[] = {family("normal_pairs")};
  const double nats[] = {5, 0.5};
  const size_t pairs[] = {1, 2};
  static const char a[] = "a", b[] = "b";
  const ip_calibration_task **task;
  ip_calibration_row row[12];
  ip_accuracy_row *out;
  size_t n, n_rows = 0, n_out;
  CHECK_OK(ip_accuracy_tasks(1, f, 2, nats, 2, pairs, *state, &n, &task));
  for (size_t t = 0; t < n; t++)
    for (int e = 0; e < 2; e++)
      for (int size = 0; size < (e ? 1 : 2); size++)
        row[n_rows++] = (ip_calibration_row){.task = task[t],
                                             .estimator = e ? b : a,
                                             .n = size ? 10000 : 500,
                                             .repeats = 3,
                                             .true_bits = 2,
                                             .mean_bits = 2 + (e ? 1 : -1) * (double)(t + 1) + size};
  CHECK_OK(ip_accuracy(n_rows, row, *state, &n_out, &out));
  /* a with 500 and 10000 samples, b with 500, and what is published for 5 nats */
  assert_int_equal(n_out, 3 + 4 + 3);
  assert_string_equal(out[0].estimator, "a");
  CHECK_NEAR(out[0].mae_nats, 1.5 * log(2), 1e-12);
  CHECK_NEAR(out[1].mae_nats, 0.5 * log(2), 1e-12);
  assert_int_equal(out[1].members, 2);
  assert_int_equal(out[1].n, 10000);
  CHECK_NEAR(out[2].mae_nats, 1.5 * log(2), 1e-12);
  assert_string_equal(out[3].estimator, "mutinfo KSG");
  CHECK_NEAR(out[3].mae_nats, 0.8327, 1e-12);
  assert_string_equal(out[3].source, "mutinfo");
  CHECK_NEAR(out[7].nats, 0.5, 0);
  CHECK_NEAR(out[7].mae_nats, 3.5 * log(2), 1e-12);
}

/* Errors are published for 0 to 10 nats, whole ones. */
static void nothing_is_published_beyond_the_table(void **state)
{
  const ip_calibration_family *f[] = {family("normal_pairs")};
  const double nats[] = {IP_PUBLISHED_LEVELS - 1, IP_PUBLISHED_LEVELS, IP_PUBLISHED_LEVELS + 1, 0.5};
  const size_t pairs[] = {1};
  const ip_calibration_task **task;
  ip_accuracy_row *out;
  size_t n, n_out;
  CHECK_OK(ip_accuracy_tasks(1, f, 4, nats, 1, pairs, *state, &n, &task));
  assert_int_equal(n, 4);
  for (size_t t = 0; t < n; t++) {
    const ip_calibration_row row = {.task = task[t], .estimator = "a", .n = IP_PUBLISHED_SAMPLES, .repeats = 3};
    CHECK_OK(ip_accuracy(1, &row, *state, &n_out, &out));
    assert_true(t == 0 ? n_out > 1 : n_out == 1);
  }
}

static void figures_have_a_line_for_each_estimator_of_a_family(void **state)
{
  const ip_accuracy_row row[] = {
      {"p", "a", 1, 100, 2, 1, 0.1, ""}, {"p", "m", 1, 10000, 0, 0, 0.3, "m"}, {"p", "a", 2, 100, 2, 1, 0.2, ""},
      {"p", "b", 2, 100, 2, 1, 0.4, ""}, {"q", "b", 1, 100, 2, 1, 0.5, ""},
  };
  char folder[] = "accuracy-XXXXXX", path[64], text[1024];
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/table.tsv", folder);
  CHECK_OK(ip_accuracy_write_figure(path, 5, row, *state));
  FILE *f = fopen(path, "r");
  text[fread(text, 1, sizeof text - 1, f)] = '\0';
  fclose(f);
  assert_string_equal(text, "family\tnats\testimator\tsamples\trepeats\tmembers\tmae_nats\tsource\tseries\n"
                            "p\t1\ta\t100\t2\t1\t0.1\t-\t1\np\t2\ta\t100\t2\t1\t0.2\t-\t1\n\n"
                            "p\t2\tb\t100\t2\t1\t0.4\t-\t2\n\np\t1\tm\t10000\t0\t0\t0.3\tm\t3\n\n\n"
                            "q\t1\tb\t100\t2\t1\t0.5\t-\t2\n");
  CHECK_OK(ip_accuracy_write(path, 2, row));
  f = fopen(path, "r");
  text[fread(text, 1, sizeof text - 1, f)] = '\0';
  fclose(f);
  assert_string_equal(text, "family\tnats\testimator\tsamples\trepeats\tmembers\tmae_nats\tsource\n"
                            "p\t1\ta\t100\t2\t1\t0.1\t-\np\t1\tm\t10000\t0\t0\t0.3\tm\n");
  remove(path);
  rmdir(folder);
}

/* Within 0.05 and 4 standard errors: of 4 repeats with a deviation of 0.1, 0.25. */
static void consistency_holds_up_to_its_margin(void **state)
{
  (void)state;
  ip_consistency_row row[] = {{IP_INDEPENDENCE, "a", 2, 100, 4, 0, 0.2499, 0.1},
                              {IP_DATA_PROCESSING, "a", 2, 100, 4, 1, 1.2501, 0.1},
                              {IP_ADDITIVITY, "b", 3, 200, 16, 2, 1.8501, 0.1},
                              {IP_ADDITIVITY, "b", 3, 200, 16, 2, 1.8499, 0.1}};
  for (int k = 0; k < 4; k++) assert_int_equal(ip_consistency_holds(&row[k]), k % 2 == 0);
  char folder[] = "consistency-XXXXXX", path[64], text[1024];
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/table.csv", folder);
  CHECK_OK(ip_consistency_write(path, 3, row));
  FILE *f = fopen(path, "r");
  text[fread(text, 1, sizeof text - 1, f)] = '\0';
  fclose(f);
  assert_string_equal(text, "estimator,nats,samples,repeats,test,expected,mean,sd,holds\n"
                            "a,2,100,4,independence,0,0.2499,0.1,yes\na,2,100,4,data_processing,1,1.2501,0.1,no\n"
                            "b,3,200,16,additivity,2,1.8501,0.1,yes\n");
  remove(path);
  rmdir(folder);
}

/* Of independent samples half of the estimates are below 0, and are not raised to it. */
static void consistency_is_of_raw_values(void **state)
{
  const char *const spec[] = {"ksg"};
  const size_t size[] = {60};
  const double nats[] = {1};
  size_t n, n_negative = 0;
  for (uint64_t seed = 1; seed <= 12; seed++) {
    ip_calibration_options o = {
        .n_estimators = 1, .estimator = spec, .n_sizes = 1, .size = size, .repeats = 2, .seed = seed};
    ip_consistency_row *row;
    CHECK_OK(ip_consistency(&o, 1, nats, *state, &n, &row));
    n_negative += row[IP_INDEPENDENCE].mean < 0;
  }
  assert_true(n_negative >= 1 && n_negative <= 11);
}

/* The mean and the standard deviation of three repeats are those of two and what the third adds. */
static void repeats_of_consistency_all_count(void **state)
{
  const char *const spec[] = {"ksg"};
  const size_t size[] = {60};
  const double nats[] = {1};
  ip_consistency_row *row[2];
  size_t n;
  for (size_t k = 0; k < 2; k++) {
    ip_calibration_options o = {
        .n_estimators = 1, .estimator = spec, .n_sizes = 1, .size = size, .repeats = 2 + k, .seed = 1};
    CHECK_OK(ip_consistency(&o, 1, nats, *state, &n, &row[k]));
    assert_int_equal(n, IP_N_CONSISTENCY);
  }
  for (size_t k = 0; k < n; k++) {
    const ip_consistency_row *two = &row[0][k], *three = &row[1][k];
    double off = 3 * (three->mean - two->mean);
    assert_true(two->repeats == 2 && three->repeats == 3 && two->sd > 0 && two->test == (ip_consistency_test)k);
    CHECK_NEAR(three->sd, sqrt((two->sd * two->sd + off * off * 2 / 3) / 2), 1e-12);
  }
}

/* The estimator of normals has all three properties; neighbours lack additivity where samples are too few. */
static void estimators_of_normals_are_consistent_and_neighbours_are_not_additive(void **state)
{
  const char *const spec[] = {"gaussian:given=inputs", "ksg", "noisy"}; /* noisy rejects the samples */
  const size_t size[] = {400};
  const double nats[] = {5};
  ip_calibration_options o = {
      .n_estimators = 3, .estimator = spec, .n_sizes = 1, .size = size, .repeats = 4, .seed = 1};
  ip_consistency_row *row;
  size_t n;
  CHECK_OK(ip_consistency(&o, 1, nats, *state, &n, &row));
  assert_int_equal(n, 2 * IP_N_CONSISTENCY);
  for (size_t k = 0; k < n; k++) {
    bool lacking = !strcmp(row[k].estimator, "ksg") && row[k].test == IP_ADDITIVITY;
    assert_int_equal(ip_consistency_holds(&row[k]), !lacking);
  }
  CHECK_NEAR(row[IP_DATA_PROCESSING].mean, 1, 1e-3);
  CHECK_NEAR(row[IP_ADDITIVITY].mean, 2, 0.02);
  for (size_t k = 0; k < IP_N_CONSISTENCY; k++) {
    assert_true(row[k].nats == 5 && row[k].n == 400 && row[k].repeats == 4 && row[k].expected == (double)k);
    assert_true(row[k].sd > 0 && row[k].sd < 0.2);
    assert_string_equal(row[k].estimator, "gaussian:given=inputs");
  }
  o.repeats = 1;
  CHECK_FAILS(ip_consistency(&o, 1, nats, *state, &n, &row), IP_EINVAL, "at least 2");
}

/* Of normals without a relation, the mean estimate is about 1 / (2 n) nats. */
static void independence_is_in_nats(void **state)
{
  const char *const spec[] = {"gaussian:given=inputs"};
  const size_t size[] = {50};
  const double nats[] = {1};
  ip_calibration_options o = {
      .n_estimators = 1, .estimator = spec, .n_sizes = 1, .size = size, .repeats = 400, .seed = 1};
  ip_consistency_row *row;
  size_t n;
  CHECK_OK(ip_consistency(&o, 1, nats, *state, &n, &row));
  CHECK_NEAR(row[IP_INDEPENDENCE].mean, 1 / (2 * 50.0), 0.001);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
  const struct CMUnitTest tests[] = {
      TEST(members_that_do_not_exist_are_left_out),
      TEST(errors_are_means_over_members_with_published_ones_after_them),
      TEST(nothing_is_published_beyond_the_table),
      TEST(figures_have_a_line_for_each_estimator_of_a_family),
      TEST(consistency_holds_up_to_its_margin),
      TEST(independence_is_in_nats),
      TEST(repeats_of_consistency_all_count),
      TEST(consistency_is_of_raw_values),
      TEST(estimators_of_normals_are_consistent_and_neighbours_are_not_additive),
  };
  return cmocka_run_group_tests_name("calibrate/accuracy", tests, NULL, NULL);
}
