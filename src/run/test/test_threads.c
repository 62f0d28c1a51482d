/* Runs of a network that is wide enough for its layers to be shared out. */
#include "run/test/runs.h"

enum { WIDTH = 500, EPOCHS = 2 };

static const char config[] = "name: wide\nnetwork: {hidden: [500, 20]}\n"
                             "training: {epochs: 2, batch_size: 256, shuffle: true%s}\n"
                             "log: {schedule: list, list: [0, 1], samples: test}\n";

static void read_units(const char *extra, size_t n_threads, float *t)
{
  char text[400], path[128];
  snprintf(text, sizeof text, config, extra);
  in_folder(path, "threads.h5");
  ip_experiment *point = point_of(text, NULL, NULL);
  CHECK_OK(ip_run_train(point, path, n_threads, NULL));
  CHECK_OK(ip_run_publish(path, true));
  ip_run *r = open_run(path);
  CHECK_OK(ip_run_read_activation(r, 0, EPOCHS - 1, t));
  ip_run_close(&r);
  ip_experiment_destroy(&point);
  unlink(path);
}

static void neither_option_nor_key_changes_a_bit(void **state)
{
  (void)state;
  static float one[4096 * WIDTH], several[4096 * WIDTH];
  read_units("", 1, one);
  assert_true(one[0] != 0);
  read_units("", 3, several);
  assert_memory_equal(several, one, sizeof one);
  read_units(", threads: 2", 1, several);
  assert_memory_equal(several, one, sizeof one);
}

static void the_digest_of_a_run_is_that_of_any_number_of_threads(void **state)
{
  (void)state;
  char text[2][400];
  snprintf(text[0], sizeof text[0], config, "");
  snprintf(text[1], sizeof text[1], config, ", threads: 8");
  ip_experiment *a = point_of(text[0], NULL, NULL), *b = point_of(text[1], NULL, NULL);
  assert_string_equal(a->digest, b->digest);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(neither_option_nor_key_changes_a_bit),
      cmocka_unit_test(the_digest_of_a_run_is_that_of_any_number_of_threads),
  };
  return cmocka_run_group_tests_name("run/threads", tests, NULL, remove_folder);
}
