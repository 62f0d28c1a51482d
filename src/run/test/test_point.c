/* What is done of a point is never done again: a training whose estimates failed waits for the next attempt. */
#include "file/h5.h"
#include "run/test/hand.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

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

/* ---------------------------------------------------------------- what a file is worth */

typedef enum { NO_FILE, NOT_HDF5, RUNNING, TRAINED, TRAINED_WITHOUT_UNITS, ESTIMATED, ANOTHER } kind;

/* A run with the digest "mine" of its configuration, or "another", and with "estimates" where it is estimated. */
static void make(kind is, const char *path)
{
  static const uint32_t x_id[2] = {0, 1};
  static const int32_t y[2] = {0, 1};
  static const float t[2] = {0, 1};
  const ip_run_layer layer = {.kind = "output", .activation = "tanh", .width = 1};
  ip_run_head head = head_by_hand(2, x_id, 2, y, 1, &layer);
  ip_run_writer *w;
  char base[128], part[140];
  in_folder(base, "made.h5");
  snprintf(part, sizeof part, "%s.part", base);
  unlink(path);
  if (is == NO_FILE) return;
  FILE *out = fopen(path, "w");
  assert_true(out && fputs("no run file", out) >= 0 && fclose(out) == 0);
  if (is == NOT_HDF5) return;
  head.digest = is == ANOTHER ? "another" : "mine";
  head.estimate_digest = is == ESTIMATED ? "estimates" : "other estimates";
  CHECK_OK(ip_run_writer_create(base, &head, &w));
  CHECK_OK(ip_run_writer_append(w, &(ip_snapshot){.t = (const float *const[]){t}, .next_epoch = 1}));
  if (is != RUNNING) CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  if (is != RUNNING) {
    CHECK_OK(ip_run_publish(base, is != TRAINED_WITHOUT_UNITS));
    assert_int_equal(rename(base, path), 0);
  } else
    assert_int_equal(rename(part, path), 0);
}

static void every_pair_of_files_has_its_state(void **state)
{
  (void)state;
  static const struct {
    kind finished, part;
    ip_point_state expected;
  } known[] = {{NO_FILE, NO_FILE, IP_POINT_NEW},
               {NO_FILE, NOT_HDF5, IP_POINT_NEW},
               {NO_FILE, ANOTHER, IP_POINT_NEW},
               {NO_FILE, RUNNING, IP_POINT_PARTIAL},
               {NO_FILE, TRAINED, IP_POINT_PARTIAL},
               {NO_FILE, ESTIMATED, IP_POINT_PARTIAL},
               {NOT_HDF5, NO_FILE, IP_POINT_STALE},
               {NOT_HDF5, TRAINED, IP_POINT_STALE},
               {ANOTHER, NO_FILE, IP_POINT_STALE},
               {ANOTHER, RUNNING, IP_POINT_STALE},
               {RUNNING, NO_FILE, IP_POINT_NEW},
               {TRAINED, NO_FILE, IP_POINT_ESTIMATE},
               {TRAINED, NOT_HDF5, IP_POINT_ESTIMATE},
               {TRAINED_WITHOUT_UNITS, NO_FILE, IP_POINT_NEW},
               {TRAINED_WITHOUT_UNITS, RUNNING, IP_POINT_PARTIAL},
               {ESTIMATED, NO_FILE, IP_POINT_DONE},
               {ESTIMATED, ANOTHER, IP_POINT_DONE}};
  char path[128], part[140];
  in_folder(path, "state.h5");
  snprintf(part, sizeof part, "%s.part", path);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_point_state is;
    make(known[i].finished, path);
    make(known[i].part, part);
    CHECK_OK(ip_run_file_state("mine", "estimates", path, &is));
    if (is != known[i].expected) fail_msg("case %zu: state %d, expected %d", i, (int)is, (int)known[i].expected);
    assert_int_equal(ip_error_code(), IP_OK);
  }
  ip_h5 *h;
  ip_point_state is;
  make(NO_FILE, path); /* what cannot be read stops only the run that needs it */
  make(NO_FILE, part);
  assert_int_equal(mkdir(path, 0700), 0);
  CHECK_OK(ip_run_file_state("mine", "estimates", path, &is));
  assert_int_equal(is, IP_POINT_NEW);
  assert_int_equal(rmdir(path), 0);
  make(ESTIMATED, path);
  CHECK_OK(ip_h5_open(path, true, &h));
  CHECK_OK(ip_h5_set_int(h, "/", "format_version", 99));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_file_state("mine", "estimates", path, &is));
  assert_int_equal(is, IP_POINT_STALE);
  make(TRAINED, path); /* of this configuration, and damaged */
  CHECK_OK(ip_h5_open(path, true, &h));
  CHECK_OK(ip_h5_remove(h, "/data/y"));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_file_state("mine", "estimates", path, &is));
  assert_int_equal(is, IP_POINT_STALE);
  assert_int_equal(ip_error_code(), IP_OK);
}

/* The settings of the configuration that estimating needs arrive in the file. */
static void every_setting_of_the_estimates_counts(void **state)
{
  (void)state;
  ip_experiment *point = point_of("name: settings\nnetwork: {hidden: [3]}\nseed: 5\n"
                                  "dataset: {max_train: 300, max_test: 60}\ntraining: {epochs: 2, batch_size: 64}\n"
                                  "log: {schedule: list, list: [0, 2], keep: none}\n"
                                  "estimators: ['edges:count=2']\nmeasures: [geometry]\n"
                                  "estimate: {bootstrap: 20, null_shuffles: 3, level: 0.8, bin_loss: true, "
                                  "split: [train, test], samples: 40}\n",
                                  NULL, NULL);
  static const struct {
    const char *name, *text;
  } known[] = {{"seed", "5"},    {"bootstrap", "20"}, {"null_shuffles", "3"},
               {"level", "0.8"}, {"split", "train"},  {"n_samples", "40"}};
  char path[128];
  in_folder(path, "settings.h5");
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  ip_run *r = open_run(path);
  ip_scratch *sc;
  ip_information info;
  CHECK_OK(ip_scratch_create(&sc));
  assert_false(ip_run_has_activations(r));
  assert_true(ip_run_n_information(r) == 2 && ip_run_n_measures(r) == 2);
  assert_string_equal(ip_run_head_of(r)->estimate_digest, point->estimate_digest);
  CHECK_OK(ip_run_read_information(r, "edges:count=2@train", sc, &info));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const char *got = "";
    for (size_t a = 0; a < info.n_attributes; a++)
      if (!strcmp(info.attribute[a].name, known[i].name)) got = info.attribute[a].text;
    assert_string_equal(got, known[i].text);
  }
  size_t n_loss = 0;
  for (size_t s = 0; s < info.n_series; s++) n_loss += !strcmp(info.series[s], "bin_loss");
  assert_int_equal(n_loss, 1);
  CHECK_OK(ip_run_read_measure(r, "geometry@test", sc, &info));
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(estimates_that_fail_leave_the_training_for_the_next_attempt),
      cmocka_unit_test(a_part_that_is_open_elsewhere_is_not_trained_again),
      cmocka_unit_test(other_estimators_take_over_a_training_that_was_not_estimated),
      cmocka_unit_test(an_estimated_part_without_activations_only_lacks_its_name),
      cmocka_unit_test(every_pair_of_files_has_its_state),
      cmocka_unit_test(every_setting_of_the_estimates_counts),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
