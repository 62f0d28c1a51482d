#include "run/test/runs.h"

/* The 12 inputs of the sphere as an image of 3 x 4. */
#define IMAGES                                                                                                         \
  "name: images\n"                                                                                                     \
  "dataset: {shape: [1, 3, 4]}\n"                                                                                      \
  "network: {layers: [conv:channels=3:kernel=2:padding=1, maxpool:size=2, flatten, 6]}\n"                              \
  "training: {epochs: 12, batch_size: 256, learning_rate: 0.01}\n"                                                     \
  "log: {schedule: list, list: [0, 4, 12]}\n"                                                                          \
  "estimators: [edges]\n"

static void layers_have_names_and_what_was_asked_of_their_positions(void **state)
{
  (void)state;
  static const char *const names[] = {"conv1", "maxpool1", "dense1", "output"};
  static const size_t flat[] = {3 * 4 * 5, 3 * 2 * 2, 6, 2}, mean[] = {3, 3, 6, 2};
  static float t[4096 * 60], m[4096 * 3];
  char flat_path[128], mean_path[128];
  in_folder(flat_path, "flat.h5");
  in_folder(mean_path, "mean.h5");
  train_to(flat_path, IMAGES, NULL);
  train_to(mean_path, IMAGES, "log.conv=mean");
  ip_run *a = open_run(flat_path), *b = open_run(mean_path);
  const ip_run_head *h = ip_run_head_of(a), *g = ip_run_head_of(b);
  assert_int_equal(h->n_layers, 4);
  for (size_t k = 0; k < 4; k++) {
    assert_string_equal(h->layer[k].name, names[k]);
    assert_int_equal(h->layer[k].width, flat[k]);
    assert_int_equal(g->layer[k].width, mean[k]);
  }
  assert_string_equal(h->layer[0].activation, "tanh");
  assert_string_equal(h->layer[1].activation, "linear");
  CHECK_OK(ip_run_read_activation(a, 0, 2, t)); /* the same training, whatever is logged */
  CHECK_OK(ip_run_read_activation(b, 0, 2, m));
  for (size_t i = 0; i < h->n * 3; i++) {
    double sum = 0;
    for (size_t p = 0; p < 20; p++) sum += (double)t[i * 20 + p];
    CHECK_NEAR((double)m[i], sum / 20, 1e-6);
  }
  ip_run_close(&a);
  ip_run_close(&b);
}

static void pooling_has_no_weights_to_measure(void **state)
{
  (void)state;
  char path[128];
  double norm[3 * 4], gradient[3 * 4];
  in_folder(path, "norms.h5");
  train_to(path, IMAGES, "log.conv=max");
  ip_run *r = open_run(path);
  CHECK_OK(ip_run_read_layer_metric(r, "weight_norm", norm));
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_mean", gradient));
  for (size_t e = 0; e < 3; e++)
    for (size_t k = 0; k < 4; k++) {
      assert_int_equal(isnan(norm[e * 4 + k]) != 0, k == 1);
      assert_int_equal(isnan(gradient[e * 4 + k]) != 0, k == 1 || e == 2);
    }
  ip_run_close(&r);
}

static void shapes_and_layers_that_do_not_fit_the_data_are_refused_before_training(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "refused.h5");
  ip_experiment *point = point_of(IMAGES, "dataset.shape=[1, 3, 5]", NULL);
  CHECK_FAILS(ip_run_train(point, path, 1, NULL), IP_ECONFIG, "dataset.shape: 1 x 3 x 5 is not the number of inputs");
  ip_experiment_destroy(&point);
  point = point_of(IMAGES, "dataset.shape=[]", NULL);
  CHECK_FAILS(ip_run_train(point, path, 1, NULL), IP_ECONFIG, "dataset.shape: convolution and pooling need the shape");
  ip_experiment_destroy(&point);
  point = point_of(IMAGES, "network.layers=[maxpool:size=4]", NULL);
  CHECK_FAILS(ip_run_train(point, path, 1, NULL), IP_ECONFIG, "a window of 4x4 does not fit into an image of 3x4");
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_have_names_and_what_was_asked_of_their_positions),
      cmocka_unit_test(pooling_has_no_weights_to_measure),
      cmocka_unit_test(shapes_and_layers_that_do_not_fit_the_data_are_refused_before_training),
  };
  return cmocka_run_group_tests_name("run/conv", tests, NULL, remove_folder);
}
