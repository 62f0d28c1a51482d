/* grid.h5 and the tables hold the same numbers: compared cell by cell over real runs. */
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "run/run.h"
#include "summary/gather.h"

#include <math.h>

enum { POINTS = 6, ESTIMATORS = 3, EPOCHS = 5, LAYERS = 3, POINT_DIMS = 2, MOST_COLUMNS = 120 };
static const char *const estimator_label[ESTIMATORS] = {"edges", "width:size=0.5", "edge"};
static const int64_t logged[EPOCHS] = {0, 1, 4, 9, 12};

/* A column of a table and the array of the grid that repeats it. */
typedef struct {
  const char *column, *array;
  bool by_estimator, by_epoch, by_layer;
} pair;

static const pair of_runs[] = {
    {"ixt_peak", "ixt_peak", true, false, true},
    {"ixt_peak_epoch", "ixt_peak_epoch", true, false, true},
    {"ixt_final", "ixt_final", true, false, true},
    {"ixt_drop", "ixt_drop", true, false, true},
    {"ixt_drop_fraction", "ixt_drop_fraction", true, false, true},
    {"ity_final", "ity_final", true, false, true},
    {"ity_peak", "ity_peak", true, false, true},
    {"ity_peak_epoch", "ity_peak_epoch", true, false, true},
    {"samples", "samples", true, false, false},
    {"log2_samples", "log2_samples", true, false, false},
    {"hx_bits", "hx_bits", true, false, false},
    {"hy_bits", "hy_bits", true, false, false},
    {"least_test_loss_epoch", "least_test_loss_epoch", false, false, false},
    {"train_usable_bits", "final_train_usable_bits", false, false, false},
    {"test_usable_bits", "final_test_usable_bits", false, false, false},
    {"test_kl_bits", "final_test_kl_bits", false, false, false},
    {"gradient_crossing_epoch", "gradient_crossing_epoch", false, false, true},
    {"train_accuracy", "final_train_accuracy", false, false, false},
    {"test_accuracy", "final_test_accuracy", false, false, false},
    {"train_loss", "final_train_loss", false, false, false},
    {"test_loss", "final_test_loss", false, false, false},
    {"accuracy_gap", "accuracy_gap", false, false, false},
    {"loss_gap", "loss_gap", false, false, false},
};
static const pair of_summary[] = {
    {"ixt", "ixt", true, true, true},
    {"ity", "ity", true, true, true},
    {"ixt_raw", "ixt_raw", true, true, true},
    {"ity_raw", "ity_raw", true, true, true},
    {"ixt_given_y", "ixt_given_y", true, true, true},
    {"ixt_fraction", "ixt_fraction", true, true, true},
    {"ity_fraction", "ity_fraction", true, true, true},
    {"bin_loss", "bin_loss", true, true, true},
    {"ixt_band_low", "ixt_band_low", true, true, true},
    {"ixt_band_high", "ixt_band_high", true, true, true},
    {"ity_band_low", "ity_band_low", true, true, true},
    {"ity_band_high", "ity_band_high", true, true, true},
    {"train_loss", "train_loss", false, true, false},
    {"train_accuracy", "train_accuracy", false, true, false},
    {"test_loss", "test_loss", false, true, false},
    {"test_accuracy", "test_accuracy", false, true, false},
    {"train_usable_bits", "train_usable_bits", false, true, false},
    {"test_usable_bits", "test_usable_bits", false, true, false},
    {"test_label_entropy_bits", "test_label_entropy_bits", false, true, false},
    {"train_kl_bits", "train_kl_bits", false, true, false},
    {"weight_norm", "weight_norm", false, true, true},
    {"constant_units", "constant_units", false, true, true},
    {"gradient_mean", "gradient_mean", false, true, true},
    {"gradient_std", "gradient_std", false, true, true},
    {"epoch", "logged_epoch", false, true, false},
    {"geometry/nc1", "measures/geometry/nc1", false, true, true},
    {"geometry/cka_next", "measures/geometry/cka_next", false, true, true},
};

/* The cells of a line, in place. */
static size_t cut(char *line, char **cell)
{
  size_t n = 0;
  line[strcspn(line, "\n")] = 0;
  for (char *at = line; at && n < MOST_COLUMNS;) {
    cell[n++] = at;
    if (*at == '"') at = strchr(at + 1, '"'); /* a text with commas */
    at = strchr(at, ',');
    if (at) *at++ = 0;
  }
  return n;
}

static const char *cell_of(size_t n, char **head, char **cell, const char *column)
{
  for (size_t i = 0; i < n; i++)
    if (!strcmp(head[i], column)) return cell[i];
  fail_msg("no column %s", column);
  return NULL;
}

static size_t find_point(const ip_experiment *e, const char *run)
{
  size_t k = 0;
  for (bool found = false; !found; k += !found) {
    ip_experiment *point;
    assert_true(k < POINTS);
    CHECK_OK(ip_experiment_point(e, k, &point));
    found = !strcmp(point->run_name, run);
    ip_experiment_destroy(&point);
  }
  return k;
}

static size_t find_epoch(const char *text)
{
  size_t e = 0;
  while (e < EPOCHS && logged[e] != strtoll(text, NULL, 10)) e++;
  assert_true(e < EPOCHS);
  return e;
}

/* Compares a line's column with the grid; whether it is a number. */
static bool compare(ip_h5 *grid, const pair *p, const char *text, size_t point, size_t i, size_t e, size_t k)
{
  static double value[POINTS * ESTIMATORS * EPOCHS * LAYERS];
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(grid, p->array, &shape));
  assert_int_equal(shape.rank, POINT_DIMS + p->by_estimator + p->by_epoch + p->by_layer);
  size_t at = point, n = POINTS * (p->by_estimator ? (size_t)ESTIMATORS : 1) * (p->by_epoch ? (size_t)EPOCHS : 1) *
                         (p->by_layer ? (size_t)LAYERS : 1);
  CHECK_OK(ip_h5_read(grid, p->array, IP_H5_F64, n * sizeof *value, value));
  if (p->by_estimator) at = at * ESTIMATORS + i;
  if (p->by_epoch) at = at * EPOCHS + e;
  if (p->by_layer) at = at * LAYERS + k;
  double want = strtod(text, NULL);
  if (isnan(want) ? !isnan(value[at]) : !(value[at] <= want && value[at] >= want))
    fail_msg("%s of point %zu, estimator %zu, epoch %zu, layer %zu: %.17g in the grid, %s in the table", p->column,
             point, i, e, k, value[at], text);
  return !isnan(want);
}

/* Every line of a table; the number of rows. Each column must have numbers. */
static size_t compare_table(const ip_experiment *e, ip_h5 *grid, const char *table, size_t n_pairs, const pair *p,
                            bool epochs)
{
  static char head_line[4000], line[4000];
  char *head[MOST_COLUMNS], *cell[MOST_COLUMNS];
  size_t rows = 0, numbers[MOST_COLUMNS] = {0};
  double fits[POINTS];
  CHECK_OK(ip_h5_read(grid, "fits", IP_H5_F64, sizeof fits, fits));
  FILE *in = fopen(temp_path(table), "r");
  assert_non_null(in);
  assert_non_null(fgets(head_line, sizeof head_line, in));
  size_t n = cut(head_line, head);
  for (; fgets(line, sizeof line, in); rows++) {
    assert_int_equal(cut(line, cell), n);
    size_t point = find_point(e, cell_of(n, head, cell, "run"));
    size_t i = 0;
    while (i < ESTIMATORS && strcmp(cell_of(n, head, cell, "estimator"), estimator_label[i]) != 0) i++;
    assert_true(i < ESTIMATORS);
    size_t k = strtoul(cell_of(n, head, cell, "layer"), NULL, 10) - 1;
    size_t at = epochs ? find_epoch(cell_of(n, head, cell, "epoch")) : 0;
    for (size_t j = 0; j < n_pairs; j++)
      numbers[j] += compare(grid, &p[j], cell_of(n, head, cell, p[j].column), point, i, at, k);
    assert_true(fits[point] == (strcmp(cell_of(n, head, cell, "status"), "failed_to_fit") != 0));
  }
  fclose(in);
  for (size_t j = 0; j < n_pairs; j++)
    if (!numbers[j]) fail_msg("%s: column %s has no number", table, p[j].column);
  return rows;
}

static void every_cell_of_the_tables_is_in_the_grid(void **state)
{
  (void)state;
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse(
      "test",
      "name: cells\nrepeats: 2\nseed: 3\ndataset: {labels: soft}\nnetwork: {hidden: [5, 3]}\n"
      "training: {epochs: 12, batch_size: 256}\n"
      "log: {schedule: list, list: [0, 1, 4, 9, 12], keep: none, samples: test}\n"
      "estimators: [edges, 'width:size=0.5', edge]\nmeasures: [geometry]\nestimate: {bin_loss: true}\nfigures: []\n"
      "sweep:\n  training.learning_rate: [0.01, 1.0e-9, 0.02]\n",
      0, NULL, &e));
  CHECK_OK(ip_folder_create(temp_path("runs")));
  assert_int_equal(ip_experiment_n_points(e), POINTS);
  for (size_t k = 0; k < POINTS; k++) {
    ip_experiment *point;
    char path[512];
    CHECK_OK(ip_experiment_point(e, k, &point));
    snprintf(path, sizeof path, "%s/runs/%s.h5", temp_folder, point->run_name);
    CHECK_OK(ip_run_point(point, path, 1, NULL));
    ip_experiment_destroy(&point);
  }
  ip_gather_counts counts;
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  CHECK_OK(ip_gather(points, temp_folder, &counts));
  ip_points_destroy(&points);
  assert_true(counts.n_runs == POINTS && counts.n_failed_to_fit == 2);
  ip_h5 *grid;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &grid));
  size_t n = compare_table(e, grid, "runs.csv", sizeof of_runs / sizeof *of_runs, of_runs, false);
  assert_int_equal(n, POINTS * ESTIMATORS * LAYERS);
  n = compare_table(e, grid, "summary.csv", sizeof of_summary / sizeof *of_summary, of_summary, true);
  assert_int_equal(n, POINTS * ESTIMATORS * EPOCHS * LAYERS);
  double fits[POINTS], gap[POINTS], train[POINTS], test[POINTS];
  CHECK_OK(ip_h5_read(grid, "fits", IP_H5_F64, sizeof fits, fits));
  CHECK_OK(ip_h5_read(grid, "accuracy_gap", IP_H5_F64, sizeof gap, gap));
  CHECK_OK(ip_h5_read(grid, "final_train_accuracy", IP_H5_F64, sizeof train, train));
  CHECK_OK(ip_h5_read(grid, "final_test_accuracy", IP_H5_F64, sizeof test, test));
  assert_true(fits[0] == 1 && fits[2] == 0 && fits[4] == 1);
  for (size_t k = 0; k < POINTS; k++) CHECK_NEAR(gap[k], train[k] - test[k], 0);
  CHECK_OK(ip_h5_close(&grid));
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_cell_of_the_tables_is_in_the_grid),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
