/* Runs that are asked to stop in the middle of training go on with the same bits.
 *
 * This program takes the place of pwrite, and asks for a stop at the k-th write, which is in a logged epoch: training
 * ends before the next batch. */
#define _GNU_SOURCE
#include "base/stop.h"
#include "run/test/runs.h"

#include <sys/syscall.h>

static long writes_left = -1;

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at)
{
  if (writes_left >= 0 && writes_left-- == 0) ip_stop_set(true);
  return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
  return pwrite64(fd, bytes, n, at);
}

static void check_interrupted_run(const char *text, const char *set1, const char *set2)
{
  char path[128], whole_path[128];
  in_folder(path, "interrupted.h5");
  in_folder(whole_path, "whole.h5");
  ip_experiment *point = point_of(text, set1, set2);
  CHECK_OK(ip_run_train(point, whole_path, 1, NULL));
  CHECK_OK(ip_run_publish(whole_path, true));
  ip_status st = IP_ESTOPPED;
  size_t n_stopped = 0;
  for (long at = 60; st == IP_ESTOPPED; at += 20) { /* beyond the writes of a file that begins */
    ip_error_clear();
    writes_left = at;
    st = ip_run_train(point, path, 1, NULL);
    writes_left = -1;
    n_stopped += ip_stop_requested();
    ip_stop_set(false);
  }
  CHECK_OK(st);
  assert_true(n_stopped >= 2);
  CHECK_OK(ip_run_publish(path, true));
  ip_run *a = open_run(path), *b = open_run(whole_path);
  check_same_run(a, b);
  ip_run_close(&a);
  ip_run_close(&b);
  unlink(path);
  unlink(whole_path);
  ip_experiment_destroy(&point);
}

static void check_interrupted(const char *set1, const char *set2)
{
  check_interrupted_run(SMALL, set1, set2);
}

static void with_one_order_of_the_samples(void **state)
{
  (void)state;
  check_interrupted(NULL, NULL);
}

static void with_convolutions(void **state)
{
  (void)state;
  check_interrupted_run("network: {layers: [conv:channels=3:kernel=2:padding=1, maxpool:size=2, 3]}\n"
                        "dataset: {shape: [1, 3, 4]}\n"
                        "training: {epochs: 12, batch_size: 256}\n"
                        "log: {schedule: list, list: [0, 1, 4, 9, 12]}\n",
                        NULL, NULL);
}

static void with_a_new_order_in_every_epoch(void **state)
{
  (void)state;
  check_interrupted("training.shuffle=true", "training.optimizer=momentum");
}

static void with_noise(void **state)
{
  (void)state;
  check_interrupted("network.noise_variance=0.1", "training.optimizer=sgd");
  check_interrupted("network.multiplicative_noise=0.1", "training.optimizer=sgd");
  check_interrupted("network.dropout=0.3", "training.optimizer=sgd");
  check_interrupted("training.objective=nib", "training.shuffle=true");
}

/* The mean of the weights, the place in a schedule and the number of updates are part of the state. */
static void with_a_schedule_and_the_mean_of_the_weights(void **state)
{
  (void)state;
  check_interrupted("training.optimizer=adamw", "training.ema_decay=0.9");
  check_interrupted("training.rate_schedule=cosine", "training.warmup=30");
  check_interrupted("training.epochs=0", "training.updates=150");
}

static void put_dataset(const char *path, int n)
{
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  for (int i = 0; i < n; i++) fprintf(f, "%d,%d,%d\n", i % 7, i % 5, i % 2);
  assert_int_equal(fclose(f), 0);
}

/* The configuration is the same, so is its digest; the samples that the file has room for are others. */
static void of_a_dataset_that_has_changed_begin_again(void **state)
{
  (void)state;
  char path[128], whole_path[128], data[128], set[160];
  in_folder(path, "interrupted.h5");
  in_folder(whole_path, "whole.h5");
  in_folder(data, "data.csv");
  snprintf(set, sizeof set, "dataset.name=%s", data);
  ip_experiment *point = point_of(SMALL, set, "training.batch_size=16");
  put_dataset(data, 200);
  writes_left = 100;
  assert_int_equal(ip_run_train(point, path, 1, NULL), IP_ESTOPPED);
  writes_left = -1;
  ip_stop_set(false);
  ip_error_clear();
  put_dataset(data, 100);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_run_train(point, whole_path, 1, NULL));
  CHECK_OK(ip_run_publish(path, true));
  CHECK_OK(ip_run_publish(whole_path, true));
  ip_run *a = open_run(path), *b = open_run(whole_path);
  assert_int_equal(ip_run_head_of(a)->n, 100);
  check_same_run(a, b);
  ip_run_close(&a);
  ip_run_close(&b);
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(with_one_order_of_the_samples),
      cmocka_unit_test(with_convolutions),
      cmocka_unit_test(with_a_new_order_in_every_epoch),
      cmocka_unit_test(with_noise),
      cmocka_unit_test(with_a_schedule_and_the_mean_of_the_weights),
      cmocka_unit_test(of_a_dataset_that_has_changed_begin_again),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
