/* The probe of --dry-run: how much it trains, and what it makes of it. Where times matter, a test sets them. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "base/test/check.h"
#include "file/test/temp.h"
#include "run/run.h"
#include "sweep/probe.h"
#include "sweep/probe_data.h"

#include <dlfcn.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>

/* What the next measured times are: reading the dataset, and runs. NULL: the real ones. */
static const double *times;
static size_t n_looks; /* at the clock, two for each of them */

int clock_gettime(clockid_t clock, struct timespec *t)
{
  static int (*real)(clockid_t, struct timespec *);
  static double now_s;
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  if (!times || clock != CLOCK_MONOTONIC) return real(clock, t);
  if (n_looks++ % 2) now_s += times[n_looks / 2 - 1];
  *t = (struct timespec){.tv_sec = (time_t)now_s, .tv_nsec = (long)((now_s - floor(now_s)) * 1e9)};
  return 0;
}

static ip_probe_size choose(size_t n_train, size_t n_test, double weights, size_t batch)
{
  ip_dataset ds = {.n = n_train + n_test, .n_train = n_train, .n_test = n_test};
  return ip_probe_choose(&ds, weights, batch);
}

static void a_small_dataset_is_used_as_a_whole(void **state)
{
  (void)state;
  ip_probe_size size = choose(3276, 820, 300, 512);
  assert_int_equal(size.n_train, 3276);
  assert_int_equal(size.n_test, 820);
}

static void a_selection_is_bounded_in_samples_and_in_work_and_has_whole_batches(void **state)
{
  (void)state;
  ip_probe_size size = choose(60000, 10000, 1000, 100); /* 4096 of 70000 samples */
  assert_int_equal(size.n_train, 3500);
  assert_int_equal(size.n_test, 586);
  size = choose(60000, 10000, 2e6, 100); /* 1000 of 70000 */
  assert_int_equal(size.n_train, 800);
  assert_int_equal(size.n_test, 143);
  size = choose(60000, 10000, 2e6, 1000); /* two batches of the real size */
  assert_int_equal(size.n_train, 2000);
  size = choose(60000, 0, 2e6, 0); /* full batches are cut */
  assert_int_equal(size.n_train, 1000);
  assert_int_equal(size.n_test, 0);
  size = choose(60000, 10000, 2e6, 50000);
  assert_int_equal(size.n_train, 857);
  size = choose(1, 9999, 1000, 1); /* not more than there are */
  assert_int_equal(size.n_train, 1);
}

/* Two samples of each part of the split, through their file. */
static ip_dataset *selected(const ip_dataset *ds)
{
  char path[512];
  ip_dataset *some;
  ip_dataset_options opt = ip_dataset_options_default();
  snprintf(path, sizeof path, "%s", temp_path("some.h5"));
  CHECK_OK(ip_probe_select(ds, (ip_probe_size){2, 2}, path));
  opt.name = path;
  opt.split = IP_SPLIT_BY_SOURCE;
  opt.scale = IP_SCALE_NONE;
  CHECK_OK(ip_dataset_create(&opt, 0, &some));
  return some;
}

static void a_selection_is_spread_over_both_parts_of_the_split(void **state)
{
  (void)state;
  float x[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  int32_t y[8] = {0, 0, 1, 1, 0, 0, 1, 1};
  uint8_t split[8] = {0, 0, 0, 0, 1, 1, 1, 1};
  uint32_t train[] = {0, 1, 2, 3}, test[] = {4, 5, 6, 7};
  char *class_name[] = {(char *)"0", (char *)"1"};
  ip_dataset ds = {.name = (char *)"eight",
                   .n = 8,
                   .n_in = 1,
                   .n_classes = 2,
                   .x = x,
                   .y = y,
                   .split = split,
                   .train = train,
                   .test = test,
                   .n_train = 4,
                   .n_test = 4,
                   .class_name = class_name};
  ip_dataset *some = selected(&ds);
  const float expected[] = {0, 2, 4, 6};
  assert_int_equal(some->n, 4);
  assert_int_equal(some->n_train, 2);
  for (size_t i = 0; i < 4; i++) {
    CHECK_NEAR((double)some->x[i], (double)expected[i], 0);
    assert_int_equal(some->y[i], i % 2);
  }
  ip_dataset_destroy(&some);
  /* soft labels, and then two targets */
  float p[16], targets[16];
  for (int i = 0; i < 16; i++) p[i] = i % 2 ? 1 - (float)(i / 2) / 8 : (float)(i / 2) / 8, targets[i] = (float)(10 * i);
  ds.p_y_given_x = p;
  some = selected(&ds);
  assert_non_null(some->p_y_given_x);
  for (size_t i = 0; i < 8; i++) CHECK_NEAR((double)some->p_y_given_x[i], (double)p[4 * (i / 2) + i % 2], 0);
  ip_dataset_destroy(&some);
  ds.p_y_given_x = NULL;
  ds.n_classes = 1;
  ds.class_name = class_name;
  ds.n_targets = 2;
  ds.targets = targets;
  memset(y, 0, sizeof y);
  some = selected(&ds);
  assert_int_equal(some->n_targets, 2);
  for (size_t i = 0; i < 8; i++) CHECK_NEAR((double)some->targets[i], (double)targets[4 * (i / 2) + i % 2], 0);
  ip_dataset_destroy(&some);
}

static const char *const large = "name: large\nrepeats: 2\nseed: 0\ndataset: {name: linear_gaussian, n_samples: 40000, "
                                 "n_in: 2}\nnetwork: {hidden: [3], output: linear}\n"
                                 "training: {epochs: 3, batch_size: 256}\n"
                                 "log: {schedule: list, list: [0, 2]}\nestimators: []\nfigures: []\n";

static ip_experiment *parse(const char *text)
{
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &e));
  return e;
}

static ip_probe probe_with(ip_experiment *e, size_t jobs)
{
  ip_points *points;
  ip_probe p;
  CHECK_OK(ip_points_create(e, &points));
  CHECK_OK(ip_sweep_probe(points, jobs, &p));
  ip_points_destroy(&points);
  return p;
}

static ip_probe probe(ip_experiment *e)
{
  return probe_with(e, 1);
}

static void a_probe_of_a_large_dataset_trains_a_few_batches(void **state)
{
  (void)state;
  ip_experiment *e = parse(large);
  ip_probe p = probe(e);
  assert_int_equal(p.n_train, 32000);
  assert_int_equal(p.used_train, 12 * 256);
  assert_int_equal(p.n_updates, (1 + 3 + 3) * (12 + 6)); /* the selection, and half of it */
  assert_true(p.longest_s > 0 && fabs(p.total_s - 2 * p.longest_s) <= 1e-9 * p.total_s);
  ip_experiment_destroy(&e);
}

/* The file of a run grows with the samples, from those of the selection to all. */
static void the_disk_space_is_that_of_a_run_on_all_samples(void **state)
{
  (void)state;
  ip_experiment *e = parse(large), *point;
  ip_probe p = probe(e);
  CHECK_OK(ip_experiment_point(e, 0, &point));
  CHECK_OK(ip_run_point(point, temp_path("run.h5"), 1, NULL));
  struct stat s;
  assert_int_equal(stat(temp_path("run.h5"), &s), 0);
  CHECK_NEAR(p.bytes / 2 / (double)s.st_size, 1, 0.02); /* chunks and alignment do not grow with the samples */
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&e);
}

static void a_probe_of_a_small_dataset_uses_all_samples(void **state)
{
  (void)state;
  ip_experiment *e = parse("name: small\nrepeats: 1\nnetwork: {hidden: [3]}\ntraining: {epochs: 2, batch_size: 512}\n"
                           "estimators: [edges]\nfigures: []\n");
  ip_probe p = probe(e);
  assert_int_equal(p.n_train, 3276);
  assert_int_equal(p.used_train, 3276);
  assert_int_equal(p.n_updates, (1 + 2 + 2) * 7);
  ip_experiment_destroy(&e);
}

/* Four runs of one configuration: all times are multiples of one run's, and so are the bytes. */
static void jobs_share_the_time_and_have_their_files_in_work_at_once(void **state)
{
  (void)state;
  const char *set[] = {"repeats=4",      "training.epochs=2",      "dataset.n_samples=4000",
                       "log.list=[0,1]", "training.batch_size=80", "log.keep=all"};
  ip_experiment *e, *bare;
  CHECK_OK(ip_experiment_parse("test", large, 6, set, &e));
  set[5] = "log.keep=none";
  CHECK_OK(ip_experiment_parse("test", large, 6, set, &bare));
  double of_bare = 0, of_all = 0;
  static const struct {
    size_t jobs;
    double rounds, in_work;
  } cases[] = {{1, 4, 1}, {2, 2, 2}, {3, 4. / 3, 3}, {4, 1, 4}, {50, 1, 4}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_probe p = probe_with(e, cases[i].jobs), q = probe_with(bare, cases[i].jobs);
    CHECK_NEAR(p.total_s / p.longest_s, 4, 1e-9);
    CHECK_NEAR(p.wall_s / p.longest_s, cases[i].rounds, 1e-9);
    CHECK_NEAR(p.peak_bytes / p.bytes, 1 + cases[i].in_work / 4, 1e-9);
    /* without activations only what is in work has them */
    CHECK_NEAR(q.peak_bytes - q.bytes, cases[i].in_work * p.bytes / 4, 1e-6 * p.bytes);
    assert_true(q.bytes < p.bytes && p.longest_s > 0.03); /* of which 0.03 s start a process */
    if (i) assert_true(of_all == p.bytes && of_bare == q.bytes);
    of_all = p.bytes;
    of_bare = q.bytes;
  }
  ip_experiment_destroy(&bare);
  ip_experiment_destroy(&e);
}

/* The probe trains the most expensive point; the disk space of a point goes by its own logged epochs. */
static void every_point_has_its_own_logged_epochs(void **state)
{
  (void)state;
  static const char *const text =
      "name: mixed\nrepeats: 2\nseed: 0\ndataset: {name: linear_gaussian, n_samples: 100, n_in: 2}\n"
      "network: {hidden: [3], output: linear}\ntraining: {epochs: 4, batch_size: 80}\n"
      "log: {schedule: every, every: 1, keep: all}\nestimators: []\nfigures: []\n"
      "sweep: {training.epochs: [2, 4, 3]}\n";
  ip_experiment *e = parse(text);
  ip_probe p = probe(e);
  assert_int_equal(p.n_updates, 1 + 4 + 4);
  double bytes = 0;
  for (size_t k = 0; k < 6; k += 2) {
    ip_experiment *point;
    struct stat s;
    CHECK_OK(ip_experiment_point(e, k, &point));
    CHECK_OK(ip_run_point(point, temp_path("mixed.h5"), 1, NULL));
    assert_int_equal(stat(temp_path("mixed.h5"), &s), 0);
    unlink(temp_path("mixed.h5"));
    bytes += 2 * (double)s.st_size;
    ip_experiment_destroy(&point);
  }
  CHECK_NEAR(p.bytes / bytes, 1, 0.02);
  assert_true(p.longest_s < p.total_s / 2 && p.longest_s >= p.total_s / 6 * (1 - 1e-9));
  ip_experiment_destroy(&e);
}

static ip_probe timed_probe(ip_experiment *e, size_t jobs, size_t n, const double *set_times)
{
  times = set_times;
  n_looks = 0;
  ip_probe p = probe_with(e, jobs);
  times = NULL;
  assert_int_equal(n_looks, 2 * n);
  return p;
}

/* Runs of 1 and 4 epochs with one snapshot and of 4 with 4 take 10, 19 and 34 s: 3 s for an epoch, 5 s for a snapshot,
 * 2 s for the rest, and a process is started in 0.03 s. */
static void a_run_takes_its_start_its_epochs_and_its_snapshots(void **state)
{
  (void)state;
  static const double set_times[] = {0.5, 10, 19, 34};
  const char *set[] = {"training.epochs=4", "dataset.n_samples=100", "training.batch_size=80", "log.list=[0,1,3]",
                       "repeats=3"};
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test", large, 5, set, &e));
  double run_s = 2 + 0.03 + 4 * 3 + 3 * 5;
  ip_probe p = timed_probe(e, 2, 4, set_times);
  CHECK_NEAR(p.longest_s, run_s, 1e-6);
  CHECK_NEAR(p.total_s, 3 * run_s, 1e-6);
  CHECK_NEAR(p.wall_s, 1.5 * run_s, 1e-6);
  ip_experiment_destroy(&e);
}

/* One point has half of the epochs, each of 84 / 384 of the cost (experiment/points.c); the other is measured. With 8
 * epochs or more, 8 of them are logged; epochs are added while they take no half second. */
static void cheaper_points_are_scaled_by_weights_and_epochs(void **state)
{
  (void)state;
  static const double set_times[] = {0, 10, 10.25, 10.45, 52, 45};
  const char *set[] = {"dataset.n_samples=100", "training.batch_size=80", "log.list=[0]", "repeats=1"};
  static const char *const points[] = {"network.hidden: [[2], [8]], training.epochs: [50, 100]",
                                       "network.hidden: [[8], [2]], training.epochs: [100, 50]"};
  for (size_t i = 0; i < 2; i++) {
    char text[1000];
    snprintf(text, sizeof text, "%ssweep: {zip: {%s}}\n", large, points[i]);
    ip_experiment *e;
    CHECK_OK(ip_experiment_parse("test", text, 4, set, &e));
    ip_probe p = timed_probe(e, 1, 6, set_times);
    assert_int_equal(p.n_updates, 1 + 4 + 16 + 64 + 8);
    double epoch_s = 42. / 63, snapshot_s = 35. / 7 - epoch_s, start_s = 10 - epoch_s - snapshot_s + 0.03;
    CHECK_NEAR(p.longest_s, start_s + 100 * epoch_s + snapshot_s, 1e-6);
    CHECK_NEAR(p.total_s, p.longest_s + start_s + 50 * epoch_s * 84 / 384 + snapshot_s, 1e-6);
    CHECK_NEAR(p.wall_s, p.total_s, 1e-9);
    ip_experiment_destroy(&e);
  }
}

/* 3072 of 32000 training and 820 of 8000 test samples, and half of them: the start grows with the samples, an epoch
 * with the training samples, a snapshot by 5 / 1.5 for twice as many, if there are estimators. */
static void times_of_a_selection_are_scaled_to_all_samples(void **state)
{
  (void)state;
  static const double set_times[] = {0.5, 10, 16, 26, 5, 8, 11}, linear[] = {0.5, 10, 16, 26, 5, 8, 20};
  static const double quadratic[] = {0.5, 10, 16, 26, 5, 8, 8.25};
  static const struct {
    const char *estimators;
    const double *times;
    double power;
  } cases[] = {{"estimators=[]", set_times, 1},
               {"estimators=['width:size=0.5']", set_times, 1.736965594166206}, /* log2(5 / 1.5) */
               {"estimators=['width:size=0.5']", linear, 1},                    /* 5 s and 6 s */
               {"estimators=['width:size=0.5']", quadratic, 2}};                /* 5 s and 0.125 s */
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_experiment *e;
    CHECK_OK(ip_experiment_parse("test", large, 1, &cases[i].estimators, &e));
    ip_probe p = timed_probe(e, 1, 7, cases[i].times);
    double ratio = 40000. / 3892;
    CHECK_NEAR(p.longest_s, 2 * ratio + 0.5 + 0.03 + 3 * 3 * 32000. / 3072 + 2 * 5 * pow(ratio, cases[i].power), 1e-5);
    ip_experiment_destroy(&e);
  }
}

/* The samples of a selection are images too. */
static void a_selection_of_images_trains_a_convolution(void **state)
{
  (void)state;
  const char *set[] = {"dataset.shape=[1,2,1]", "network.hidden=[]",
                       "network.layers=['conv:channels=2:kernel=1', 'flatten', '3']"};
  static const double set_times[] = {0.5, 10, 16, 26, 5, 8, 11};
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test", large, 3, set, &e));
  ip_probe p = timed_probe(e, 1, 7, set_times);
  assert_int_equal(p.n_train, 32000);
  assert_int_equal(p.used_train, 3072);
  ip_experiment_destroy(&e);
}

static void a_probe_without_a_place_names_it_and_leaves_nothing(void **state)
{
  (void)state;
  ip_experiment *e = parse(large);
  ip_points *points;
  ip_probe p;
  char before[500], place[500];
  const char *tmp = getenv("TMPDIR");
  snprintf(before, sizeof before, "%s", tmp ? tmp : "");
  CHECK_OK(ip_points_create(e, &points));
  setenv("TMPDIR", temp_path("no/such"), 1);
  CHECK_FAILS(ip_sweep_probe(points, 1, &p), IP_EIO,
              ": cannot be created: No such file or directory; set TMPDIR to a writable directory");
  snprintf(place, sizeof place, "%s", temp_path("place"));
  assert_int_equal(mkdir(place, 0755), 0);
  setenv("TMPDIR", place, 1);
  CHECK_OK(ip_sweep_probe(points, 1, &p));
  if (tmp)
    setenv("TMPDIR", before, 1);
  else
    unsetenv("TMPDIR");
  assert_int_equal(rmdir(place), 0); /* it is empty */
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_dataset_is_used_as_a_whole),
      cmocka_unit_test(a_selection_is_bounded_in_samples_and_in_work_and_has_whole_batches),
      cmocka_unit_test(a_selection_is_spread_over_both_parts_of_the_split),
      cmocka_unit_test(a_probe_of_a_large_dataset_trains_a_few_batches),
      cmocka_unit_test(the_disk_space_is_that_of_a_run_on_all_samples),
      cmocka_unit_test(a_probe_of_a_small_dataset_uses_all_samples),
      cmocka_unit_test(jobs_share_the_time_and_have_their_files_in_work_at_once),
      cmocka_unit_test(every_point_has_its_own_logged_epochs),
      cmocka_unit_test(a_run_takes_its_start_its_epochs_and_its_snapshots),
      cmocka_unit_test(cheaper_points_are_scaled_by_weights_and_epochs),
      cmocka_unit_test(times_of_a_selection_are_scaled_to_all_samples),
      cmocka_unit_test(a_selection_of_images_trains_a_convolution),
      cmocka_unit_test(a_probe_without_a_place_names_it_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
