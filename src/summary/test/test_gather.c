#include "file/h5.h"
#include "summary/test/gathered.h"

#include <hdf5.h>

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
