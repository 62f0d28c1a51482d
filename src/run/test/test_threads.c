/* Runs of a network that is wide enough for its layers to be shared out. */
#include "dataset/isolate.h"
#include "file/h5.h"
#include "run/test/runs.h"

#include <dirent.h>

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

static size_t count_threads(void)
{
  size_t n = 0;
  DIR *d = opendir("/proc/self/task");
  for (struct dirent *e; d && (e = readdir(d));) n += e->d_name[0] != '.';
  if (d) closedir(d);
  return n;
}

static size_t n_reading = SIZE_MAX; /* threads of this process while the data are read */

static ip_status note_threads(ip_dataset_work *work, void *context)
{
  n_reading = count_threads();
  return work(context);
}

/* The program forks to read them, and a child has the locks of threads that it does not have. */
static void data_are_read_before_threads_start(void **state)
{
  (void)state;
  char text[400], data[128], path[128];
  const float x[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  const int64_t y[8] = {0, 1, 0, 1, 0, 1, 0, 1};
  ip_h5 *h;
  in_folder(data, "data.h5");
  in_folder(path, "read.h5");
  CHECK_OK(ip_h5_create(data, &h));
  CHECK_OK(ip_h5_put(h, "/x", IP_H5_F32, 2, (const size_t[]){8, 1}, x));
  CHECK_OK(ip_h5_put(h, "/y", IP_H5_I64, 1, (const size_t[]){8}, y));
  CHECK_OK(ip_h5_close(&h));
  snprintf(text, sizeof text, "dataset: {name: %s}\nnetwork: {hidden: [2]}\ntraining: {epochs: 1, batch_size: 0}\n",
           data);
  ip_experiment *point = point_of(text, NULL, NULL);
  size_t n_before = count_threads(); /* OpenBLAS may have some */
  ip_dataset_isolate(note_threads);
  ip_status st = ip_run_train(point, path, 3, NULL);
  ip_dataset_isolate(NULL);
  CHECK_OK(st);
  assert_int_equal(n_reading, n_before);
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_are_read_before_threads_start),
      cmocka_unit_test(neither_option_nor_key_changes_a_bit),
      cmocka_unit_test(the_digest_of_a_run_is_that_of_any_number_of_threads),
  };
  return cmocka_run_group_tests_name("run/threads", tests, NULL, remove_folder);
}
