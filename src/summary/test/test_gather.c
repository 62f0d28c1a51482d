#include "base/test/check.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "runfile/test/sample_run.h"
#include "study/gathered.h"
#include "summary/gather.h"

#include <hdf5.h>
#include <math.h>

enum { EPOCHS = 3 };

static ip_experiment *parse(const char *sweep)
{
  char text[600];
  snprintf(text, sizeof text,
           "name: sample\nrepeats: 2\nseed: 5\nnetwork: {hidden: [3]}\ntraining: {epochs: 10}\n"
           "log: {schedule: list, list: [0, 3, 6]}\nestimators: [edges, \"width:size=0.5\"]\nfigures: []\n%s",
           sweep);
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &e));
  return e;
}

/* The run file of point k: I(X;T) is 100 k, 100 k + 1, ...; without `estimates` it has none. */
static void write_run(const ip_experiment *e, size_t k, bool estimates)
{
  char path[512];
  ip_experiment *point;
  CHECK_OK(ip_experiment_point(e, k, &point));
  snprintf(path, sizeof path, "%s/runs/%s.h5", temp_folder, point->run_name);
  ip_experiment_destroy(&point);
  CHECK_OK(sample_write(path, EPOCHS, EPOCHS));
  if (estimates) CHECK_OK(sample_inform(path, "edges", EPOCHS, 100 * (double)k));
}

static void clear(void)
{
  char command[400];
  snprintf(command, sizeof command, "rm -rf '%s'/*", temp_folder);
  assert_int_equal(system(command), 0);
  CHECK_OK(ip_folder_create(temp_path("runs")));
}

/* Line i of a table, without its end. */
static const char *line_of(const char *name, size_t i)
{
  static char line[4000];
  FILE *in = fopen(temp_path(name), "r");
  assert_non_null(in);
  for (size_t j = 0; j <= i; j++)
    if (!fgets(line, sizeof line, in)) *line = 0;
  fclose(in);
  line[strcspn(line, "\n")] = 0;
  return line;
}

/* The cells before the columns that describe the run and what was estimated from. */
static void check_begins(const char *line, const char *begin)
{
  if (strncmp(line, begin, strlen(begin))) fail_msg("got %s, expected %s at the beginning", line, begin);
}

/* The cell of row i below the head `column`. */
static void check_cell(const char *name, size_t i, const char *column, const char *expected)
{
  char head[4000], *rest = NULL, name_of[80];
  size_t at = 0;
  snprintf(head, sizeof head, "%s", line_of(name, 0));
  const char *h = strtok_r(head, ",", &rest);
  for (; h && strcmp(h, column); at++) h = strtok_r(NULL, ",", &rest);
  assert_non_null(h);
  const char *cell = line_of(name, i);
  while (at--) cell = strchr(cell, ',') + 1;
  snprintf(name_of, sizeof name_of, "%.*s", (int)strcspn(cell, ","), cell);
  assert_string_equal(name_of, expected);
}

static size_t count_lines(const char *name)
{
  size_t n = 0;
  while (*line_of(name, n)) n++;
  return n;
}

static ip_status gather(const ip_experiment *e, ip_gather_counts *counts)
{
  ip_points *points;
  IP_TRY(ip_points_create(e, &points));
  ip_status st = ip_gather(points, temp_folder, counts);
  ip_points_destroy(&points);
  return st;
}

static void the_tables_have_a_row_for_everything_that_is_there(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  training.learning_rate: [0.25, 0.5]\n");
  for (size_t k = 0; k < 4; k++)
    if (k != 2) write_run(e, k, k != 3);
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  assert_int_equal(counts.n_runs, 3);
  /* two runs with an estimator, one without: each 3 epochs of 2 layers, and the head */
  assert_int_equal(count_lines("summary.csv"), 1 + 3 * EPOCHS * SAMPLE_LAYERS);
  assert_string_equal(
      line_of("summary.csv", 0),
      "run,training.learning_rate,seed,status,epoch,layer,layer_name,kind,width,activation,estimator,ixt,"
      "ity,ixt_raw,ity_raw,ixt_low,ixt_high,ity_low,ity_high,ity_null_high,ixt_given_y,ixt_fraction,ity_fraction,"
      "bin_loss,prediction_entropy,ixt_error,ity_error,ixt_band_low,ixt_band_high,ity_band_low,ity_band_high,saturated,"
      "dpi,clipped,lossy_bins,ixt_interval_missing,ity_interval_missing,train_"
      "loss,train_accuracy,test_loss,test_accuracy,train_usable_bits,test_usable_bits,train_label_entropy_bits,"
      "test_label_entropy_bits,train_kl_bits,test_kl_bits,train_rate_bits,test_rate_bits,logged_rate_bits,weight_norm,"
      "constant_units,gradient_mean,gradient_std,estimator_spec,split,samples,log2_samples,hx_bits,hy_bits");
  check_begins(
      line_of("summary.csv", 1 + 6 + 3),
      "learning_rate=0.25_seed=6,0.25,6,done,3,2,,output,2,softmax,edges,103,97,103,97,nan,nan,nan,nan,nan,nan,nan,nan,"
      "nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,3,3.125,nan,nan");
  check_begins(
      line_of("summary.csv", 1 + 12),
      "learning_rate=0.5_seed=6,0.5,6,done,0,1,,hidden,3,tanh,,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,"
      "nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,0,0.125,nan,nan");
  assert_int_equal(count_lines("runs.csv"), 1 + 2 * SAMPLE_LAYERS);
  check_begins(line_of("runs.csv", 2), "learning_rate=0.25_seed=5,0.25,5,done,2,2,,output,2,softmax,edges,5,6,5,"
                                       "0,0,-5,-1,0,5,-5,nan,nan,nan,nan,nan,0.5,nan,0.25,"
                                       "0.75,nan,0.5,0,0,0,0,0,0,");
  check_cell("runs.csv", 2, "estimator_spec", "edges");
  check_cell("runs.csv", 2, "split", "all");
  check_cell("runs.csv", 2, "samples", "7");
  check_cell("runs.csv", 2, "weight_norm", "61"); /* the last epoch, layer 2 */
  check_cell("runs.csv", 2, "gradient_std", "nan");
  check_cell("summary.csv", 1 + 6 + 3, "weight_norm", "31");
  check_cell("summary.csv", 1 + 6 + 3, "split", "all");
  check_cell("summary.csv", 1 + 12, "samples", "nan"); /* a run without estimates */
  assert_string_equal(line_of("correlations.csv", 0), "estimator,layer,a,b,runs,r,r_low,r_high");
  assert_int_equal(count_lines("correlations.csv"), 1 + SAMPLE_LAYERS * IP_N_MEASURES * (IP_N_MEASURES - 1) / 2);
  assert_false(temp_exists("summary.csv.part") || temp_exists("runs.csv.part") || temp_exists("grid.h5.part"));
  ip_experiment_destroy(&e);
}

/* Series of a measure: first + i, the second one NaN at the last epoch. */
static void add_measure(const ip_experiment *e, size_t k, const char *label, double first)
{
  char path[512];
  ip_experiment *point;
  enum { N = EPOCHS * SAMPLE_LAYERS };
  double value[2][N];
  for (size_t i = 0; i < N; i++) {
    value[0][i] = first + (double)i;
    value[1][i] = i < N - SAMPLE_LAYERS ? first - (double)i : (double)NAN;
  }
  CHECK_OK(ip_experiment_point(e, k, &point));
  snprintf(path, sizeof path, "%s/runs/%s.h5", temp_folder, point->run_name);
  ip_experiment_destroy(&point);
  const char *const series[] = {"zeta", "alpha"}, *const unit[] = {"1", "bits"};
  double *const of[] = {value[0], value[1]};
  const ip_run_attribute why[] = {{.name = "missing_zeta_reason", .text = "too few samples"},
                                  {.name = "missing_alpha_reason", .text = "too few samples"}};
  ip_information info = {.n_attributes = 2,
                         .attribute = why,
                         .part = IP_RUN_MEASURES,
                         .estimator = label,
                         .n_epochs = EPOCHS,
                         .n_layers = SAMPLE_LAYERS,
                         .n_series = 2,
                         .series = series,
                         .unit = unit,
                         .value = of};
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
}

static const char *end_of(const char *line, size_t n_cells)
{
  const char *at = line + strlen(line);
  while (n_cells) n_cells -= *--at == ',';
  return at;
}

static void measures_have_columns_at_the_end(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, true);
  write_run(e, 1, false);
  add_measure(e, 0, "shape:k=2", 10);
  add_measure(e, 1, "shape:k=2", 20);
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  assert_string_equal(end_of(line_of("summary.csv", 0), 2), ",shape:k=2/zeta,shape:k=2/alpha");
  assert_string_equal(end_of(line_of("summary.csv", 1), 2), ",10,10");
  assert_string_equal(end_of(line_of("summary.csv", EPOCHS * SAMPLE_LAYERS), 2), ",15,nan");
  assert_string_equal(end_of(line_of("summary.csv", EPOCHS * SAMPLE_LAYERS + 1), 2), ",20,20");
  assert_int_equal(count_lines("runs.csv"), 1 + 2 * SAMPLE_LAYERS);
  assert_string_equal(end_of(line_of("runs.csv", 0), 2), ",shape:k=2/zeta,shape:k=2/alpha");
  assert_non_null(strstr(line_of("runs.csv", 2), "\"shape:k=2/zeta, shape:k=2/alpha: too few samples\""));
  assert_string_equal(end_of(line_of("runs.csv", 2), 2), ",15,7"); /* the last number of each */
  assert_string_equal(end_of(line_of("runs.csv", 3), 2), ",24,18");
  ip_h5 *grid;
  double zeta[2 * EPOCHS * SAMPLE_LAYERS];
  char *unit;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &grid));
  CHECK_OK(ip_h5_read(grid, "measures/shape:k=2/zeta", IP_H5_F64, sizeof zeta, zeta));
  assert_true(zeta[0] == 10 && zeta[EPOCHS * SAMPLE_LAYERS] == 20);
  CHECK_OK(ip_h5_text(grid, "measures/shape:k=2/alpha", "units", &unit));
  assert_string_equal(unit, "bits");
  ip_free(unit);
  CHECK_OK(ip_h5_close(&grid));
  ip_experiment_destroy(&e);
}

/* I(X;T) of the runs is 100 apart, zeta starts at 10, 20, 60: r of (0, 1, 2) and (10, 20, 60). */
static void measures_are_correlated_with_those_of_compression(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  training.batch_size: [16, 32]\n");
  static const double first[] = {10, 20, 60};
  const double r = 50 / sqrt(2.0 * 1400);
  char expected[200];
  for (size_t k = 0; k < 3; k++) {
    write_run(e, k, true);
    add_measure(e, k, "shape:k=2", first[k]);
  }
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  size_t n = count_lines("correlations.csv"), found = 0;
  assert_int_equal(n, 1 + SAMPLE_LAYERS * (IP_N_MEASURES * (IP_N_MEASURES - 1) / 2 + 2 * IP_N_MEASURES + 1));
  for (size_t i = 1; i < n; i++) {
    snprintf(expected, sizeof expected, "edges,%zu,ixt_final,shape:k=2/zeta,3,", found + 1);
    const char *line = line_of("correlations.csv", i);
    if (strncmp(line, expected, strlen(expected)) != 0) continue;
    CHECK_NEAR(strtod(line + strlen(expected), NULL), r, 1e-12);
    found++;
  }
  assert_int_equal(found, SAMPLE_LAYERS);
  ip_experiment_destroy(&e);
}

static void the_grid_has_every_run_at_its_place(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  zip:\n    training.learning_rate: [0.25, 0.5, 1]\n"
                           "    network.activation: [tanh, relu, elu]\n  training.batch_size: [16, 32]\n");
  size_t n = ip_experiment_n_points(e);
  assert_int_equal(n, 12);
  for (size_t k = 0; k < n; k++)
    if (k != 7) write_run(e, k, true);
  CHECK_OK(gather(e, NULL));
  ip_h5 *h;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &h));
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(h, "ixt", &shape));
  const size_t dim[] = {3, 2, 2, 2, EPOCHS, 2}; /* rate with activation, batch, seed, estimator, epoch, layer */
  assert_int_equal(shape.rank, 6);
  assert_memory_equal(shape.dim, dim, sizeof dim);
  assert_int_equal(ip_h5_kind_of(h, "ixt_band_low"), IP_H5_NOTHING); /* none of the estimators is a band */
  static double ixt[12][2][EPOCHS][2], gap[12], final[12][2][2];
  CHECK_OK(ip_h5_read(h, "ixt", IP_H5_F64, sizeof ixt, ixt));
  CHECK_OK(ip_h5_read(h, "loss_gap", IP_H5_F64, sizeof gap, gap));
  CHECK_OK(ip_h5_read(h, "ity_final", IP_H5_F64, sizeof final, final));
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < EPOCHS * 2; i++) {
      assert_true(k == 7 ? isnan(ixt[k][0][i / 2][i % 2]) : ixt[k][0][i / 2][i % 2] == (double)(100 * k + i));
      assert_true(isnan(ixt[k][1][i / 2][i % 2])); /* nobody estimated with this one */
      assert_true(k == 7 ? isnan(gap[k]) : gap[k] == 0.5);
      assert_true(k == 7 ? isnan(final[k][0][1]) : final[k][0][1] == 100 * (double)k - 5);
    }
  double rate[3];
  int64_t seed[2], epoch[3];
  CHECK_OK(ip_h5_read(h, "training.learning_rate", IP_H5_F64, sizeof rate, rate));
  CHECK_OK(ip_h5_read(h, "seed", IP_H5_I64, sizeof seed, seed));
  CHECK_OK(ip_h5_read(h, "epoch", IP_H5_I64, sizeof epoch, epoch));
  assert_true(rate[2] == 1 && seed[1] == 6 && epoch[2] == 6);
  CHECK_OK(ip_h5_shape_of(h, "network.activation", &shape));
  assert_true(shape.is_text && shape.rank == 1 && shape.dim[0] == 3);
  CHECK_OK(ip_h5_close(&h));
  ip_experiment_destroy(&e);
}

static void a_large_grid_is_written_block_by_block(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  training.batch_size: [16, 32, 64]\n"
                           "  training.learning_rate: {from: 0.1, to: 0.8, count: 71}\n");
  enum { N = 3 * 71 * 2 }; /* a block is the two seeds of one rate */
  assert_int_equal(ip_experiment_n_points(e), N);
  const size_t there[] = {0, 5, 290, N - 1};
  for (size_t i = 0; i < 4; i++) write_run(e, there[i], true);
  CHECK_OK(gather(e, NULL));
  ip_h5 *h;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &h));
  static double ixt[N][2][EPOCHS][2], fits[N];
  CHECK_OK(ip_h5_read(h, "ixt", IP_H5_F64, sizeof ixt, ixt));
  CHECK_OK(ip_h5_read(h, "fits", IP_H5_F64, sizeof fits, fits));
  for (size_t k = 0, i = 0; k < N; k++) {
    bool is_there = i < 4 && there[i] == k;
    i += is_there;
    assert_true(is_there ? ixt[k][0][2][1] == 100 * (double)k + 5 : isnan(ixt[k][0][2][1]));
    assert_true(is_there ? fits[k] == 1 : isnan(fits[k]));
  }
  CHECK_OK(ip_h5_close(&h));
  ip_experiment_destroy(&e);
}

static void layers_and_epochs_that_vary_have_room_for_the_most(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  network.hidden: [[3], [3, 4, 2]]\n  log.list: [[0, 3, 6], [0, 3, 6, 7]]\n");
  write_run(e, 0, true);
  CHECK_OK(gather(e, NULL));
  ip_h5 *h;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &h));
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(h, "ity", &shape));
  const size_t dim[] = {2, 2, 2, 2, 4, 4};
  assert_memory_equal(shape.dim, dim, sizeof dim);
  static double ity[2][2][2][2][4][4], logged[2][2][2][4];
  CHECK_OK(ip_h5_read(h, "ity", IP_H5_F64, sizeof ity, ity));
  CHECK_OK(ip_h5_read(h, "logged_epoch", IP_H5_F64, sizeof logged, logged));
  assert_true(ity[0][0][0][0][2][1] == -5 && isnan(ity[0][0][0][0][3][1]) && isnan(ity[0][0][0][0][2][2]));
  assert_true(logged[0][0][0][2] == 6 && isnan(logged[0][0][0][3]) && isnan(logged[1][0][0][0]));
  assert_int_equal(ip_h5_kind_of(h, "snapshot"), IP_H5_DATASET);
  assert_int_equal(ip_h5_kind_of(h, "epoch"), IP_H5_NOTHING);
  CHECK_OK(ip_h5_close(&h));
  ip_experiment_destroy(&e);
}

static void a_damaged_run_file_is_named_and_the_old_tables_stay(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, true);
  write_run(e, 1, true);
  CHECK_OK(gather(e, NULL));
  temp_write("runs/seed=6.h5", 100, temp_folder);
  CHECK_FAILS(gather(e, NULL), IP_EFORMAT, "runs/seed=6.h5: is not an HDF5 file");
  assert_int_equal(count_lines("summary.csv"), 1 + 2 * EPOCHS * SAMPLE_LAYERS);
  assert_true(temp_exists("grid.h5"));
  assert_false(temp_exists("summary.csv.part") || temp_exists("grid.h5.part"));
  ip_experiment_destroy(&e);
}

/* Files of other programs may end without saying where: what was logged last is what the run came to. */
static void a_file_without_final_values_ends_at_its_last_logged_epoch(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, true);
  hid_t h = H5Fopen(temp_path("runs/seed=5.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(h >= 0 && H5Ldelete(h, "/final", H5P_DEFAULT) >= 0 && H5Fclose(h) >= 0);
  CHECK_OK(gather(e, NULL));
  check_begins(line_of("runs.csv", 1),
               "seed=5,5,done,2,1,,hidden,3,tanh,edges,4,6,4,0,0,-4,0,0,4,-4,nan,nan,nan,nan,nan,6.125,nan,6,nan,"
               "nan,nan,0,0,0,0,0,0,");
  ip_h5 *grid;
  double loss[2], accuracy[2];
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &grid));
  CHECK_OK(ip_h5_read(grid, "final_train_loss", IP_H5_F64, sizeof loss, loss));
  CHECK_OK(ip_h5_read(grid, "final_train_accuracy", IP_H5_F64, sizeof accuracy, accuracy));
  assert_true(loss[0] == 6 && accuracy[0] == 6.125);
  CHECK_OK(ip_h5_close(&grid));
  ip_experiment_destroy(&e);
}

static void a_sweep_without_any_run_makes_empty_tables(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  assert_int_equal(counts.n_runs, 0);
  assert_int_equal(count_lines("summary.csv"), 1);
  assert_int_equal(count_lines("correlations.csv"), 1);
  ip_experiment_destroy(&e);
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, true);
  CHECK_EVERY_ALLOCATION(gather(e, NULL), assert_false(temp_exists("summary.csv.part") || temp_exists("grid.h5.part")));
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_tables_have_a_row_for_everything_that_is_there),
      cmocka_unit_test(measures_have_columns_at_the_end),
      cmocka_unit_test(measures_are_correlated_with_those_of_compression),
      cmocka_unit_test(the_grid_has_every_run_at_its_place),
      cmocka_unit_test(a_large_grid_is_written_block_by_block),
      cmocka_unit_test(layers_and_epochs_that_vary_have_room_for_the_most),
      cmocka_unit_test(a_damaged_run_file_is_named_and_the_old_tables_stay),
      cmocka_unit_test(a_file_without_final_values_ends_at_its_last_logged_epoch),
      cmocka_unit_test(a_sweep_without_any_run_makes_empty_tables),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
