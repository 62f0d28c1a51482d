#define _GNU_SOURCE /* syscall */
#include "dataset/isolate.h"

#include "dataset/test/files.h"
#include "dataset/transfer.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* This program takes the place of write and read: with `most_at_once` they do less than asked for, and are interrupted.
 */
static size_t most_at_once;
static int n_calls;

ssize_t write(int fd, const void *bytes, size_t n)
{
  errno = EINTR;
  if (most_at_once && n_calls++ % 2 == 0) return -1;
  return syscall(SYS_write, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n);
}

ssize_t read(int fd, void *bytes, size_t n)
{
  errno = EINTR;
  if (most_at_once && n_calls++ % 2 == 0) return -1;
  return syscall(SYS_read, fd, bytes, most_at_once && n > most_at_once ? most_at_once : n);
}

/* An isolation without a process: counts its calls. */
static int n_isolated;

static ip_status count(ip_dataset_work *work, void *context)
{
  n_isolated++;
  return work(context);
}

static int begin(void **state)
{
  (void)state;
  empty_folder();
  n_isolated = 0;
  ip_dataset_isolate(count);
  return 0;
}

static int end(void **state)
{
  (void)state;
  ip_dataset_isolate(NULL);
  return ip_mem_live() != 0;
}

static ip_dataset *generate(const char *name, int labels)
{
  ip_dataset_options opt = ip_dataset_options_default();
  opt.name = (char *)name;
  opt.labels = labels;
  opt.max_train = 60, opt.max_test = 20;
  return read_with(&opt);
}

static void check_equal(const ip_dataset *a, const ip_dataset *b)
{
  assert_string_equal(a->sha256, b->sha256); /* of x, y, p_y_given_x and targets */
  assert_string_equal(a->name, b->name);
  assert_string_equal(a->remark, b->remark);
  assert_int_equal(a->n_x, b->n_x);
  assert_int_equal(a->n_classes, b->n_classes);
  assert_int_equal(a->n_train, b->n_train);
  assert_int_equal(a->n_test, b->n_test);
  assert_memory_equal(a->shape, b->shape, sizeof a->shape);
  assert_memory_equal(&a->ixy_bits, &b->ixy_bits, sizeof a->ixy_bits);
  assert_memory_equal(a->x_id, b->x_id, a->n * sizeof *a->x_id);
  assert_memory_equal(a->split, b->split, a->n);
  assert_memory_equal(a->train, b->train, a->n_train * sizeof *a->train);
  if (a->n_test) assert_memory_equal(a->test, b->test, a->n_test * sizeof *a->test);
  for (size_t c = 0; c < a->n_classes; c++) assert_string_equal(a->class_name[c], b->class_name[c]);
}

/* ---------------------------------------------------------------- which files */

static void hdf5_and_matlab_files_are_read_elsewhere_with_the_same_result(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    int labels;
  } of[] = {{"sphere", IP_LABELS_HARD}, {"sphere", IP_LABELS_SOFT}, {"linear_gaussian", IP_LABELS_HARD}};
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
    ip_dataset *ds = generate(of[i].name, of[i].labels);
    CHECK_OK(ip_dataset_write(ds, in_folder("data.h5")));
    ip_dataset_destroy(&ds);
    ip_dataset_options opt = plain_options(in_folder("data.h5"));
    opt.train_fraction = 0.7;
    ip_dataset *there = read_with(&opt), *here;
    assert_int_equal(n_isolated, (int)i + 1);
    CHECK_OK(ip_dataset_create_here(&opt, 1, &here));
    check_equal(here, there);
    ip_dataset_destroy(&there);
    ip_dataset_destroy(&here);
  }
  ip_dataset *ds = NULL;
  assert_int_equal(
      ip_dataset_create(&(ip_dataset_options){.name = in_folder("none.mat"), .train_fraction = 1, .gamma = 1}, 1, &ds),
      IP_EIO);
  refuse(put_text("text.mat", "no MATLAB file at all, and yet longer than a header\n"), IP_EFORMAT, "MATLAB");
  assert_true(n_isolated >= 4);
  ip_error_clear();
}

static void what_the_program_parses_itself_is_read_here(void **state)
{
  (void)state;
  ip_dataset *ds = generate("sphere", IP_LABELS_HARD);
  CHECK_OK(ip_dataset_write(ds, in_folder("data.csv")));
  CHECK_OK(ip_dataset_write(ds, in_folder("data.npz")));
  ip_dataset_destroy(&ds);
  static const char *const files[] = {"data.csv", "data.npz"};
  for (size_t i = 0; i < 2; i++) {
    ds = read_file(in_folder(files[i]));
    ip_dataset_destroy(&ds);
  }
  assert_int_equal(n_isolated, 0);
}

/* By the ending of the name in any case, else by the first bytes. */
static void a_file_is_known_by_its_name_or_its_content(void **state)
{
  (void)state;
  static const struct {
    const char *written, *name;
    bool is_isolated;
  } known[] = {{"a.h5", "a.HDF5", true},  {"a.h5", "a", true},        {"a.h5", "a.data", true},
               {"a.npz", "a.NPZ", false}, {"a.npz", "a.data", false}, {"a.npz", "a", false},
               {"a.csv", "a.TXT", false}, {"a.csv", "a.csv", false},  {"a.tsv", "a.csv", false},
               {"a.tsv", "a.tsv", false}, {"a.csv", "a.psv", false}};
  ip_dataset *made = generate("sphere", IP_LABELS_SOFT);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    empty_folder();
    CHECK_OK(ip_dataset_write(made, in_folder(known[i].written)));
    char *path = in_folder(known[i].name);
    if (strcmp(known[i].written, known[i].name) != 0) assert_int_equal(rename(in_folder(known[i].written), path), 0);
    n_isolated = 0;
    ip_dataset *ds = read_file(path);
    assert_string_equal(ds->sha256, made->sha256);
    assert_string_equal(ds->name, known[i].name);
    assert_int_equal(n_isolated, known[i].is_isolated);
    ip_dataset_destroy(&ds);
  }
  ip_dataset_destroy(&made);
  refuse(put_text("a.data", "MATLAB 5.0 MAT-file, and no more"), IP_EFORMAT, "a.data: ");
  assert_int_equal(n_isolated, 1);
  refuse(put_bytes("a.data", 4, "\0\0\10\3"), IP_EFORMAT, "a.data: truncated"); /* IDX */
  refuse(put_bytes("a.data", 4, "\0\0\7\3"), IP_EFORMAT, "a.data: unknown file type; expected IDX");
  refuse(put_bytes("a.data", 4, "\0\1\10\3"), IP_EFORMAT, "a.data: unknown file type");
  refuse(put_text("a.data", "x"), IP_EFORMAT, "a.data: unknown file type");
  refuse(put_text("a.data", "\223NUMPY"), IP_EFORMAT, "a.data: the header is truncated");
}

/* ---------------------------------------------------------------- what comes back */

static FILE *sent(const ip_dataset *ds)
{
  FILE *file = tmpfile();
  assert_non_null(file);
  CHECK_OK(ip_dataset_send(ds, fileno(file)));
  return file;
}

static void a_message_may_come_in_pieces(void **state)
{
  (void)state;
  ip_dataset *ds = generate("sphere", IP_LABELS_SOFT), *got = NULL;
  FILE *file = tmpfile();
  assert_non_null(file);
  most_at_once = 100;
  ip_status put = ip_dataset_send(ds, fileno(file)), taken = ip_dataset_receive("data.h5", fileno(file), &got);
  most_at_once = 0;
  CHECK_OK(put);
  CHECK_OK(taken);
  check_equal(ds, got);
  assert_memory_equal(got->p_y_given_x, ds->p_y_given_x, ds->n * 2 * sizeof(float));
  assert_memory_equal(got->y, ds->y, ds->n * sizeof *ds->y);
  fclose(file);
  ip_dataset_destroy(&got);
  CHECK_FAILS(ip_dataset_send(ds, -1), IP_ENOMEM, "no memory for a copy of the dataset: Bad file descriptor");
  CHECK_FAILS(ip_dataset_receive("data.h5", -1, &got), IP_EIO, "data.h5: its copy cannot be read: Bad file");
  assert_null(got);
  ip_dataset_destroy(&ds);
}

static void a_shorter_message_is_rejected_at_every_length(void **state)
{
  (void)state;
  ip_dataset *ds = generate("sphere", IP_LABELS_SOFT), *got;
  FILE *file = sent(ds);
  struct stat s;
  assert_int_equal(fstat(fileno(file), &s), 0);
  for (off_t n = s.st_size - 1; n >= 0; n -= n > 600 ? 97 : 1) {
    assert_int_equal(ftruncate(fileno(file), n), 0);
    CHECK_FAILS(ip_dataset_receive("data.h5", fileno(file), &got), IP_EFORMAT, "data.h5: the process that read it");
    assert_null(got);
  }
  fclose(file);
  ip_dataset_destroy(&ds);
}

static void refuse_message(const ip_dataset *ds)
{
  ip_dataset *got;
  FILE *file = sent(ds);
  CHECK_FAILS(ip_dataset_receive("data.h5", fileno(file), &got), IP_EFORMAT, "data.h5: the process that read it left");
  assert_null(got);
  fclose(file);
}

static void inputs_targets_and_probabilities_are_numbers(void **state)
{
  (void)state;
  static const float bad[] = {NAN, INFINITY, -0.5F, 1.5F};
  ip_dataset *soft = generate("sphere", IP_LABELS_SOFT), *linear = generate("linear_gaussian", IP_LABELS_HARD);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    float p = soft->p_y_given_x[2];
    soft->p_y_given_x[2] = bad[i];
    refuse_message(soft);
    soft->p_y_given_x[2] = p;
  }
  float row[2];
  memcpy(row, soft->p_y_given_x, sizeof row);
  memset(soft->p_y_given_x, 0, sizeof row); /* no class could be drawn */
  refuse_message(soft);
  memcpy(soft->p_y_given_x, row, sizeof row);
  for (size_t i = 0; i < 2; i++) {
    float x = soft->x[5], target = linear->targets[0];
    soft->x[5] = bad[i];
    linear->targets[0] = bad[i];
    refuse_message(soft);
    refuse_message(linear);
    soft->x[5] = x;
    linear->targets[0] = target;
  }
  ip_dataset_destroy(&soft);
  ip_dataset_destroy(&linear);
}

/* A file with a hole declares any length at no cost to who made it. */
static void memory_is_taken_for_what_was_written(void **state)
{
  (void)state;
  ip_dataset *ds = generate("sphere", IP_LABELS_HARD), *got, large;
  large = *ds;
  large.n = (size_t)1 << 34;
  FILE *file = sent(ds);
  assert_int_equal(pwrite(fileno(file), &large, sizeof large, 0), sizeof large);
  assert_int_equal(ftruncate(fileno(file), (off_t)1 << 42), 0);
  CHECK_FAILS(ip_dataset_receive("data.h5", fileno(file), &got), IP_EFORMAT, "data.h5: the process that read it left");
  assert_null(got);
  fclose(file);
  ip_dataset_destroy(&ds);
}

/* Each number that another one is looked up by, out of its range. */
static void numbers_out_of_range_are_rejected(void **state)
{
  (void)state;
  enum { N_FAULTS = 24 };
  for (int fault = 0; fault < N_FAULTS; fault++) {
    ip_dataset *ds = generate("sphere", IP_LABELS_HARD);
    ip_dataset keep = *ds, bad = *ds;
    size_t last = ds->n - 1;
    switch (fault) {
    case 0:
      ds->y[3] = -1;
      break;
    case 1:
      ds->y[last] = (int32_t)ds->n_classes;
      break;
    case 2:
      ds->x_id[last] = (uint32_t)ds->n_x;
      break;
    case 3:
      ds->split[0] = 2;
      break;
    case 4:
      ds->train[ds->n_train - 1] = (uint32_t)ds->n;
      break;
    case 5:
      ds->train[1] = ds->train[0];
      break;
    case 6:
      ds->test[0] = UINT32_MAX;
      break;
    case 7:
      bad.n_x = ds->n + 1;
      break;
    case 8:
      bad.n_train = 0;
      break;
    case 9:
      bad.shape[0] = 7, bad.shape[1] = bad.shape[2] = 1;
      break;
    case 10:
      bad.n_targets = 2;
      break;
    case 11:
      bad.x = NULL;
      break;
    case 12:
      bad.x_id = NULL;
      break;
    case 13:
      bad.test = NULL;
      break;
    case 14:
      bad.y = NULL;
      break;
    case 15:
      bad.split = NULL;
      break;
    case 16:
      bad.train = NULL;
      break;
    case 17:
      bad.class_name = NULL;
      break;
    case 18:
      bad.targets = bad.x; /* of no columns */
      break;
    case 19:
      bad.shape[0] = 12, bad.shape[1] = 1, bad.shape[2] = (size_t)1 << 61;
      break;
    case 20:
      bad.n_classes = 0;
      break;
    case 21:
      ds->test[ds->n_test - 1] = ds->test[ds->n_test - 2];
      break;
    case 22:
      ds->train[2] = ds->train[1] - 1;
      break;
    default:
      memset(bad.sha256, 'x', sizeof bad.sha256);
    }
    bool in_head = fault >= 7 && fault != 21 && fault != 22;
    refuse_message(in_head ? &bad : ds);
    *ds = keep;
    ip_dataset_destroy(&ds);
  }
}

static void sizes_that_the_message_does_not_hold_are_rejected_before_memory_is_taken(void **state)
{
  (void)state;
  static const size_t sizes[] = {0, SIZE_MAX, SIZE_MAX / 4 + 2, (size_t)1 << 40};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int field = 0; field < 4; field++) {
      ip_dataset *ds = generate("sphere", IP_LABELS_SOFT), *got;
      FILE *file = sent(ds);
      ip_dataset head = *ds;
      *(field == 0 ? &head.n : field == 1 ? &head.n_in : field == 2 ? &head.n_classes : &head.n_test) = sizes[i];
      if (field == 3 && !sizes[i]) head.n_test = ds->n + 1;
      assert_int_equal(pwrite(fileno(file), &head, sizeof head, 0), sizeof head);
      CHECK_FAILS(ip_dataset_receive("data.h5", fileno(file), &got), IP_EFORMAT, "data.h5: the process that read it");
      assert_null(got);
      fclose(file);
      ip_dataset_destroy(&ds);
    }
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  ip_dataset *ds = generate("sphere", IP_LABELS_SOFT), *got = NULL;
  FILE *file = sent(ds);
  CHECK_EVERY_ALLOCATION(ip_dataset_receive("data.h5", fileno(file), &got), ip_dataset_destroy(&got));
  fclose(file);
  ip_dataset_destroy(&ds);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(hdf5_and_matlab_files_are_read_elsewhere_with_the_same_result, begin, end),
      cmocka_unit_test_setup_teardown(what_the_program_parses_itself_is_read_here, begin, end),
      cmocka_unit_test_setup_teardown(a_file_is_known_by_its_name_or_its_content, begin, end),
      cmocka_unit_test_setup_teardown(a_message_may_come_in_pieces, begin, end),
      cmocka_unit_test_setup_teardown(a_shorter_message_is_rejected_at_every_length, begin, end),
      cmocka_unit_test_setup_teardown(inputs_targets_and_probabilities_are_numbers, begin, end),
      cmocka_unit_test_setup_teardown(memory_is_taken_for_what_was_written, begin, end),
      cmocka_unit_test_setup_teardown(numbers_out_of_range_are_rejected, begin, end),
      cmocka_unit_test_setup_teardown(sizes_that_the_message_does_not_hold_are_rejected_before_memory_is_taken, begin,
                                      end),
      cmocka_unit_test_setup_teardown(failing_allocations_are_reported_and_leak_nothing, begin, end),
  };
  return cmocka_run_group_tests_name("dataset/isolate", tests, make_folder, remove_folder);
}
