#include "calibrate/calibrate.h"

#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ip_calibration_options all_tasks(const ip_calibration_task **task, const size_t *size, size_t repeats)
{
  ip_calibration_options o = {.n_tasks = ip_task_count(), .task = task, .n_sizes = 1, .size = size};
  for (size_t i = 0; i < o.n_tasks; i++) task[i] = ip_task_at(i);
  o.estimator = ip_calibration_specs(&o.n_estimators);
  o.repeats = repeats;
  o.seed = 3;
  return o;
}

/* The bounds with 4 standard errors of the mean; the same draws every time. */
static void every_estimator_is_within_its_documented_bias(void **state)
{
  const ip_calibration_task *task[16];
  const size_t size[] = {250};
  ip_calibration_options o = all_tasks(task, size, 6);
  ip_calibration_row *row;
  size_t n, bounded = 0;
  CHECK_OK(ip_calibrate(&o, *state, &n, &row));
  for (size_t k = 0; k < n; k++) {
    bounded += isnan(row[k].low_bits) ? 0 : 1;
    if (!ip_calibration_holds(&row[k]))
      fail_msg("%s of %s by %s: bias %.4f, spread %.4f, documented %.4f to %.4f", ip_quantity_name(row[k].quantity),
               row[k].task->name, row[k].estimator, row[k].mean_bits - row[k].true_bits, row[k].sd_bits,
               row[k].low_bits, row[k].high_bits);
  }
  assert_int_equal(bounded, 217);
}

static void a_bias_outside_its_bounds_is_noticed(void **state)
{
  (void)state;
  ip_calibration_row row = {.true_bits = 1, .mean_bits = 1.1, .sd_bits = 0.01, .repeats = 4, .low_bits = -0.1};
  row.high_bits = 0.081;
  assert_true(ip_calibration_holds(&row));
  row.high_bits = 0.079;
  assert_false(ip_calibration_holds(&row));
  row.mean_bits = 0.8;
  assert_false(ip_calibration_holds(&row));
  row.low_bits = NAN;
  assert_true(ip_calibration_holds(&row));
}

static void bounds_are_found_by_task_quantity_and_label(void **state)
{
  (void)state;
  double low = 5, high = 5;
  assert_true(ip_bias_bounds_find("bec", IP_QUANTITY_ITY, "kde_lower", 100, &low, &high));
  CHECK_NEAR(low, -0.02, 1e-12);
  CHECK_NEAR(high, 0.02, 1e-12);
  assert_false(ip_bias_bounds_find("bec", IP_QUANTITY_IXT, "kde_lower", 100, &low, &high));
  assert_false(ip_bias_bounds_find("bec", IP_QUANTITY_ITY, "kde", 100, &low, &high));
  assert_false(ip_bias_bounds_find("ec", IP_QUANTITY_ITY, "kde_lower", 100, &low, &high));
  assert_true(ip_bias_bounds_find("sphere", IP_QUANTITY_IXT, "exact", 1000, &low, &high));
  CHECK_NEAR(low, -0.05, 1e-12);
}

/* bsc, kde_upper: its I(T;Y) is the plug-in one of 2 x 2 counts; means and spread are recomputed here. */
static void means_and_spread_are_those_of_the_repeats(void **state)
{
  const ip_calibration_task *task;
  CHECK_OK(ip_task_find("bsc", NULL, &task));
  const size_t size[] = {50, 80};
  const char *const spec[] = {"exact", "noisy", "ksg:k=60"};
  ip_calibration_options o = {1, &task, 3, spec, 2, size, 5, 11, NULL};
  ip_calibration_row *row;
  size_t n;
  CHECK_OK(ip_calibrate(&o, *state, &n, &row));
  assert_int_equal(n, 6); /* noisy refuses the task, ksg the 50 samples */
  double v[5], mean = 0, square = 0;
  for (size_t r = 0; r < 5; r++) {
    ip_rng rng = ip_rng_open(11, IP_RNG_TASK, r);
    ip_samples s;
    ip_estimator *e;
    ip_estimate out;
    CHECK_OK(task->draw(80, &rng, *state, &s));
    CHECK_OK(ip_estimator_create("exact", 11, &e));
    CHECK_OK(ip_estimator_run(e, &s, *state, &out));
    ip_estimator_destroy(&e);
    mean += (v[r] = out.ity_bits) / 5;
  }
  for (size_t r = 0; r < 5; r++) square += (v[r] - mean) * (v[r] - mean) / 4;
  const ip_calibration_row *got = &row[4];
  assert_string_equal(got->estimator, "exact");
  assert_true(got->quantity == IP_QUANTITY_ITY && got->n == 80 && got->repeats == 5);
  CHECK_NEAR(got->mean_bits, mean, 1e-12);
  CHECK_NEAR(got->sd_bits, sqrt(square), 1e-12);
  assert_string_equal(row[2].estimator, "ksg:k=60");
  assert_int_equal(row[2].n, 80);
}

static void tables_have_a_row_each_and_gaps_for_figures(void **state)
{
  const ip_calibration_task *task[2];
  CHECK_OK(ip_task_find("bsc", NULL, &task[0]));
  CHECK_OK(ip_task_find("uniform", NULL, &task[1]));
  const size_t size[] = {20, 30};
  const char *const spec[] = {"exact", "gaussian:given=inputs"};
  ip_calibration_options o = {2, task, 2, spec, 2, size, 2, 11, NULL};
  ip_calibration_row *row;
  size_t n;
  char path[] = "calibration-XXXXXX", name[64], line[512];
  CHECK_OK(ip_calibrate(&o, *state, &n, &row));
  assert_int_equal(n, 16);
  assert_non_null(mkdtemp(path));
  for (int figure = 0; figure < 2; figure++) {
    snprintf(name, sizeof name, "%s/table.tsv", path);
    if (figure)
      CHECK_OK(ip_calibration_write_figure(name, n, row, *state));
    else
      CHECK_OK(ip_calibration_write(name, n, row));
    FILE *f = fopen(name, "r");
    int lines = 0, empty = 0;
    while (fgets(line, sizeof line, f)) {
      lines++;
      empty += line[0] == '\n';
    }
    fclose(f);
    remove(name);
    /* with bounds: exact of bsc twice, gaussian of uniform twice, two sizes each: 8 rows in 4 panels, 6 empty lines */
    assert_int_equal(lines, figure ? 15 : 17);
    assert_int_equal(empty, figure ? 6 : 0);
  }
  rmdir(path);
}

static void read_table(const char *path, size_t room, char *text)
{
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  text[fread(text, 1, room - 1, f)] = 0;
  fclose(f);
  remove(path);
}

/* Numbers that all differ; a bias of 0.25, with and without bounds. The figure has the bounded ones alone. */
static void every_number_is_in_its_column(void **state)
{
  const ip_calibration_row row[] = {{&ip_task_bsc, IP_QUANTITY_IXT, "exact", 50, 4, 0.5, 0.75, 0.125, -0.375, 0.0625},
                                    {&ip_task_bsc, IP_QUANTITY_ITY, "exact", 60, 9, 1.5, 1.75, 0.03125, -0.375, 0.125},
                                    {&ip_task_bsc, IP_QUANTITY_ITY, "edges", 60, 9, 1.5, 1.25, 0.03125, NAN, NAN},
                                    {&ip_task_sphere, IP_QUANTITY_ITY, "edges", 70, 9, 2.5, 2.25, 0.03125, -0.25, 0}};
#define HEAD                                                                                                           \
  "task\tquantity\testimator\tsamples\trepeats\ttrue_bits\tmean_bits\tbias_bits\tsd_bits\tlow_bits\thigh_bits\twithin"
#define FIRST "bsc\tI(X;T)\texact\t50\t4\t0.5\t0.75\t0.25\t0.125\t-0.375\t0.0625\tyes"
#define SECOND "bsc\tI(T;Y)\texact\t60\t9\t1.5\t1.75\t0.25\t0.03125\t-0.375\t0.125\tno"
#define LAST "sphere\tI(T;Y)\tedges\t70\t9\t2.5\t2.25\t-0.25\t0.03125\t-0.25\t0\tyes"
  char folder[] = "calibration-XXXXXX", path[64], text[2048];
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/table.tsv", folder);
  CHECK_OK(ip_calibration_write(path, 4, row));
  read_table(path, sizeof text, text);
  assert_string_equal(text, HEAD "\n" FIRST "\n" SECOND
                                 "\nbsc\tI(T;Y)\tedges\t60\t9\t1.5\t1.25\t-0.25\t0.03125\tnan\tnan\t\n" LAST "\n");
  CHECK_OK(ip_calibration_write_figure(path, 4, row, *state));
  read_table(path, sizeof text, text);
  assert_string_equal(text, HEAD "\tseries\n" FIRST "\t1\n\n\n" SECOND "\t1\n\n\n" LAST "\t2\n");
  rmdir(folder);
}

static ip_status run(void)
{
  ip_scratch *sc = NULL;
  const ip_calibration_task *task = &ip_task_sphere;
  const size_t size[] = {8};
  const char *const spec[] = {"exact", "gaussian"};
  ip_calibration_options o = {1, &task, 2, spec, 1, size, 2, 1, NULL};
  ip_calibration_row *row;
  size_t n;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = ip_calibrate(&o, sc, &n, &row);
  ip_scratch_destroy(&sc);
  return st;
}

static void failures_are_reported_and_leak_nothing(void **state)
{
  CHECK_EVERY_ALLOCATION(run(), (void)0);
  const ip_calibration_task *task = &ip_task_bsc;
  const size_t size[] = {1};
  const char *const spec[] = {"exact", "exakt"};
  ip_calibration_options o = {1, &task, 1, spec, 1, size, 2, 1, NULL};
  ip_calibration_row *row;
  size_t n;
  CHECK_FAILS(ip_calibrate(&o, *state, &n, &row), IP_EINVAL, "1 samples carry no information");
  o.n_sizes = 0;
  o.n_estimators = 2;
  CHECK_FAILS(ip_calibrate(&o, *state, &n, &row), IP_ECONFIG, "did you mean 'exact'?");
  o.repeats = 1;
  CHECK_FAILS(ip_calibrate(&o, *state, &n, &row), IP_EINVAL, "1 repeats have no spread");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
  const struct CMUnitTest tests[] = {
      TEST(every_estimator_is_within_its_documented_bias), TEST(a_bias_outside_its_bounds_is_noticed),
      TEST(bounds_are_found_by_task_quantity_and_label),   TEST(means_and_spread_are_those_of_the_repeats),
      TEST(tables_have_a_row_each_and_gaps_for_figures),   TEST(every_number_is_in_its_column),
      TEST(failures_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("calibrate/calibrate", tests, NULL, NULL);
}
