/* What is done of a point is never done again: a training whose estimates failed waits for the next attempt. */
#include "file/h5.h"
#include "run/test/runs.h"

#include <fcntl.h>
#include <sys/file.h>

/* Trained and not estimated, with a mark that only a file which is trained again would lack. */
static void train_and_mark(const ip_experiment *point, const char *path, char part[static 140])
{
  ip_h5 *h;
  snprintf(part, 140, "%s.part", path);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_h5_open(part, true, &h));
  CHECK_OK(ip_h5_set_text(h, "/provenance", "mark", "first training"));
  CHECK_OK(ip_h5_close(&h));
}

static void check_mark(const char *path)
{
  ip_h5 *h;
  char *text;
  CHECK_OK(ip_h5_open(path, false, &h));
  CHECK_OK(ip_h5_text(h, "/provenance", "mark", &text));
  assert_string_equal(text, "first training");
  ip_free(text);
  CHECK_OK(ip_h5_close(&h));
}

static void check_state(const ip_experiment *point, const char *path, ip_point_state expected)
{
  ip_point_state is;
  CHECK_OK(ip_run_point_state(point, path, &is));
  assert_int_equal(is, expected);
}

/* Memory runs out at every k-th allocation in turn, so that estimating fails at each of its stages. */
static void estimates_that_fail_leave_the_training_for_the_next_attempt(void **state)
{
  (void)state;
  char path[128], part[140];
  in_folder(path, "point.h5");
  ip_experiment *point = point_of(SMALL, NULL, NULL);
  train_and_mark(point, path, part);
  size_t n_failed = 0, at = 1;
  for (ip_status st = IP_ENOMEM; st == IP_ENOMEM; at += 1 + at / 4) {
    check_state(point, path, IP_POINT_PARTIAL);
    check_mark(part);
    ip_error_clear();
    ip_mem_fail_at(at);
    st = ip_run_point(point, path, 1, NULL);
    ip_mem_fail_at(0);
    n_failed += st == IP_ENOMEM;
    if (st != IP_ENOMEM) CHECK_OK(st);
    if (access(path, F_OK) == 0) break; /* what fails after the name is there is nothing of this point's */
  }
  assert_true(n_failed > 5);
  check_state(point, path, IP_POINT_DONE);
  check_mark(path);
  ip_run *r = open_run(path);
  assert_string_equal(ip_run_status(r), "done");
  assert_int_equal(ip_run_n_information(r), 2);
  assert_int_equal(ip_run_n_epochs(r), 5);
  ip_run_close(&r);
  ip_experiment_destroy(&point);
}

static void other_estimators_take_over_a_training_that_was_not_estimated(void **state)
{
  (void)state;
  char path[128], part[140];
  in_folder(path, "other.h5");
  ip_experiment *point = point_of(SMALL, NULL, NULL), *other = point_of(SMALL, "estimators=[equal_mass]", NULL);
  train_and_mark(point, path, part);
  check_state(other, path, IP_POINT_PARTIAL);
  CHECK_OK(ip_run_point(other, path, 1, NULL));
  check_state(other, path, IP_POINT_DONE);
  check_mark(path);
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_information(r), 1);
  assert_string_equal(ip_run_information_name(r, 0), "equal_mass");
  ip_run_close(&r);
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&other);
}

/* The part is trained, estimated and without activations where a kill came before it got its name. */
static void an_estimated_part_without_activations_only_lacks_its_name(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges", "width:size=0.07"};
  char path[128], part[140];
  in_folder(path, "none.h5");
  ip_experiment *point = point_of(SMALL, "log.keep=none", NULL);
  train_and_mark(point, path, part);
  ip_estimate_options opt = {.n_estimators = 2,
                             .estimator = spec,
                             .seed = point->seed,
                             .n_threads = 1,
                             .level = 0.95,
                             .drop_activations = true,
                             .digest = point->estimate_digest};
  CHECK_OK(ip_run_estimate(part, &opt, NULL));
  check_state(point, path, IP_POINT_PARTIAL);
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  check_state(point, path, IP_POINT_DONE);
  ip_run *r = open_run(path);
  assert_false(ip_run_has_activations(r));
  assert_int_equal(ip_run_n_information(r), 2);
  ip_run_close(&r);
  assert_int_not_equal(access(part, F_OK), 0);
  ip_experiment_destroy(&point);
}

/* A program that has the part open for writing is waited for by the user; its file is not taken for worthless. */
static void a_part_that_is_open_elsewhere_is_not_trained_again(void **state)
{
  (void)state;
  char path[128], part[140];
  in_folder(path, "locked.h5");
  ip_experiment *point = point_of(SMALL, NULL, NULL);
  train_and_mark(point, path, part);
  int fd = open(part, O_RDWR);
  assert_true(fd >= 0 && flock(fd, LOCK_EX) == 0);
  CHECK_FAILS(ip_run_point(point, path, 1, NULL), IP_ELOCKED, "open for writing");
  check_state(point, path, IP_POINT_PARTIAL);
  close(fd);
  check_mark(part);
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  check_mark(path);
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(estimates_that_fail_leave_the_training_for_the_next_attempt),
      cmocka_unit_test(a_part_that_is_open_elsewhere_is_not_trained_again),
      cmocka_unit_test(other_estimators_take_over_a_training_that_was_not_estimated),
      cmocka_unit_test(an_estimated_part_without_activations_only_lacks_its_name),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
