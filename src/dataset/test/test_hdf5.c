#include "dataset/test/files.h"

#include "base/rng.h"
#include "file/h5.h"

#include <math.h>
#include <sys/stat.h>

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

/* A file with one dataset after the other; end with a NULL name. */
typedef struct {
  const char *name;
  ip_h5_type type;
  size_t rank, dim[3];
  const void *data;
} array;

static char *put_arrays(const array *a)
{
  char *path = in_folder("data.h5");
  unlink(path);
  ip_h5 *h;
  CHECK_OK(ip_h5_create(path, &h));
  for (; a->name; a++) CHECK_OK(ip_h5_put(h, a->name, a->type, a->rank, a->dim, a->data));
  CHECK_OK(ip_h5_close(&h));
  return path;
}

static const double inputs[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5};
static const int64_t labels[3] = {5, -1, 5};

static void x_and_y_of_any_number_type_and_orientation_are_read(void **state)
{
  (void)state;
  const array flat[] = {{"x", IP_H5_F64, 2, {3, 4}, inputs}, {"y", IP_H5_I64, 1, {3}, labels}, {0}};
  const array deep[] = {{"x", IP_H5_F64, 3, {3, 2, 2}, inputs}, {"y", IP_H5_I64, 2, {1, 3}, labels}, {0}};
  const array tall[] = {{"x", IP_H5_F64, 2, {3, 4}, inputs}, {"y", IP_H5_I64, 2, {3, 1}, labels}, {0}};
  const array *files[] = {flat, deep, tall};
  for (size_t i = 0; i < 3; i++) {
    ip_dataset *ds = read_file(put_arrays(files[i]));
    assert_int_equal(ds->n, 3);
    assert_int_equal(ds->n_in, 4);
    assert_true(ds->x[11] == 11.5f);
    assert_int_equal(ds->n_classes, 2);
    assert_string_equal(ds->class_name[0], "-1");
    assert_int_equal(ds->y[0], 1);
    assert_int_equal(ds->y[1], 0);
    ip_dataset_destroy(&ds);
  }
}

static void one_hot_rows_are_labels(void **state)
{
  (void)state;
  const int64_t hot[6] = {0, 1, 1, 0, 0, 1};
  const array file[] = {{"x", IP_H5_F64, 2, {3, 4}, inputs}, {"y", IP_H5_I64, 2, {3, 2}, hot}, {0}};
  ip_dataset *ds = read_file(put_arrays(file));
  assert_int_equal(ds->n_classes, 2);
  assert_memory_equal(ds->y, ((const int32_t[]){1, 0, 1}), 3 * sizeof *ds->y);
  ip_dataset_destroy(&ds);
}

static void soft_labels_without_y_get_the_most_probable_class(void **state)
{
  (void)state;
  const float p[6] = {0.25f, 0.75f, 1, 0, 0.5f, 0.5f};
  const array file[] = {{"x", IP_H5_F64, 2, {3, 4}, inputs}, {"p_y_given_x", IP_H5_F32, 2, {3, 2}, p}, {0}};
  ip_dataset *ds = read_file(put_arrays(file));
  const int32_t y[3] = {1, 0, 1};
  assert_memory_equal(ds->y, y, sizeof y);
  assert_memory_equal(ds->p_y_given_x, p, sizeof p);
  ip_dataset_destroy(&ds);
}

static void other_shapes_and_types_are_refused_by_name(void **state)
{
  (void)state;
  const float one[2] = {1, 1}, half[6] = {0.5f, 0.25f, 1, 0, 1, 0};
  const double bad[3] = {0, NAN, 1}, part[3] = {0, 0.5, 1};
  const array x = {"x", IP_H5_F64, 2, {3, 4}, inputs}, y = {"y", IP_H5_I64, 1, {3}, labels}, end = {0};
  const struct {
    const char *message;
    array file[4];
  } cases[] = {
      {"no dataset x", {y, end}},
      {"no dataset y", {x, end}},
      {"x has the shape (12)", {{"x", IP_H5_F64, 1, {12}, inputs}, y, end}},
      {"x has the shape (0, 4): it is empty", {{"x", IP_H5_F64, 2, {0, 4}, inputs}, y, end}},
      {"y has the shape (2)", {x, {"y", IP_H5_I64, 1, {2}, labels}, end}},
      {"y has the shape (3, 2, 2)", {x, {"y", IP_H5_F64, 3, {3, 2, 2}, inputs}, end}},
      {"y: row 0 (from 0) is not one-hot", {x, {"y", IP_H5_F64, 2, {3, 4}, inputs}, end}},
      {"y: element 1 (from 0): the label is nan", {x, {"y", IP_H5_F64, 1, {3}, bad}, end}},
      {"split has the shape (2)", {x, y, {"split", IP_H5_F32, 1, {2}, one}, end}},
      {"split: element 0 (from 0) is 5", {x, y, {"split", IP_H5_I64, 1, {3}, labels}, end}},
      {"p_y_given_x has the shape (3)", {x, {"p_y_given_x", IP_H5_F64, 1, {3}, part}, end}},
      {"sample 1: p(y|x) is not a distribution", {x, {"p_y_given_x", IP_H5_F32, 2, {3, 2}, half}, end}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    refuse(put_arrays(cases[i].file), IP_EFORMAT, cases[i].message);

  const array halves[] = {x, {"y", IP_H5_F64, 1, {3}, part}, end};
  refuse(put_arrays(halves), IP_EFORMAT, "y: element 1 (from 0): got 0.5, expected classes as whole numbers");
  double damaged[12];
  memcpy(damaged, inputs, sizeof inputs);
  damaged[6] = INFINITY;
  const array infinite[] = {{"x", IP_H5_F64, 2, {3, 4}, damaged}, y, end};
  refuse(put_arrays(infinite), IP_EFORMAT, "x: row 1, column 2 (from 0) is inf");
  damaged[6] = 1e300;
  refuse(put_arrays(infinite), IP_EFORMAT, "x: row 1, column 2 (from 0) is 1e+300");

  char *path = in_folder("data.h5");
  ip_h5 *h;
  CHECK_OK(ip_h5_create(path, &h));
  CHECK_OK(ip_h5_put_texts(h, "x", 2, (const char *const[]){"a", "b"}));
  CHECK_OK(ip_h5_close(&h));
  refuse(path, IP_EFORMAT, "x contains no numbers");
}

static void classes_named_in_the_file_keep_their_order_and_their_bounds(void **state)
{
  (void)state;
  const char *const names[] = {"zebra", "ant", "never seen"};
  int32_t y[3] = {1, 0, 1};
  char *path = in_folder("data.h5");
  ip_h5 *h;
  for (int i = 0; i < 2; i++) {
    unlink(path);
    y[2] = i ? 3 : 1;
    CHECK_OK(ip_h5_create(path, &h));
    CHECK_OK(ip_h5_put(h, "x", IP_H5_F64, 2, (size_t[]){3, 4}, inputs));
    CHECK_OK(ip_h5_put(h, "y", IP_H5_I32, 1, (size_t[]){3}, y));
    CHECK_OK(ip_h5_put_texts(h, "class_name", 3, names));
    CHECK_OK(ip_h5_close(&h));
    if (i) break;
    ip_dataset *ds = read_file(path);
    assert_int_equal(ds->n_classes, 3);
    for (size_t c = 0; c < 3; c++) assert_string_equal(ds->class_name[c], names[c]);
    assert_memory_equal(ds->y, y, sizeof y);
    ip_dataset_destroy(&ds);
  }
  refuse(path, IP_EFORMAT, "y: element 2 (from 0) is 3; expected a class from 0 to 2");
}

/* A dataset that announces more than its file holds: HDF5 would fill the rest with zeros. */
static void an_array_larger_than_its_file_is_refused_before_memory_is_taken(void **state)
{
  (void)state;
  char *path = in_folder("data.h5");
  ip_h5 *h;
  CHECK_OK(ip_h5_create(path, &h));
  ip_h5_layout layout = {.type = IP_H5_F32, .rank = 2, .dim = {1u << 30, 1u << 20}, .chunk = {16, 16}};
  CHECK_OK(ip_h5_dataset(h, "x", &layout));
  CHECK_OK(ip_h5_put(h, "y", IP_H5_I64, 1, (size_t[]){3}, labels));
  CHECK_OK(ip_h5_close(&h));
  refuse(path, IP_EFORMAT, "cannot hold");
}

static void what_is_no_hdf5_file_is_refused(void **state)
{
  (void)state;
  refuse(put_text("data.h5", ""), IP_EFORMAT, "is empty");
  refuse(put_text("data.h5", "1,2,3\n"), IP_EFORMAT, "not an HDF5 file");
  const array good[] = {{"x", IP_H5_F64, 2, {3, 4}, inputs}, {"y", IP_H5_I64, 1, {3}, labels}, {0}};
  static unsigned char bytes[1 << 16];
  size_t n = get_bytes(put_arrays(good), sizeof bytes, bytes);
  ip_dataset_options opt = plain_options(in_folder("data.h5"));
  for (size_t cut = 8; cut < n; cut += 97) {
    opt.name = put_bytes("data.h5", cut, bytes);
    refuse_with(&opt, IP_EFORMAT, "data.h5", ": ");
  }
}

static void a_data_set_written_and_read_is_the_same(void **state)
{
  (void)state;
  const char *const endings[] = {".h5", ".csv", ".tsv", ".hdf5", ".npz"};
  for (int i = 0; i < 15; i++) {
    ip_dataset_options opt = ip_dataset_options_default();
    char name[32];
    snprintf(name, sizeof name, "written%s", endings[i % 5]);
    opt.labels = i / 5 == 1 ? IP_LABELS_SOFT : IP_LABELS_HARD;
    opt.scale = IP_SCALE_STANDARD;
    char source[] = "linear_gaussian";
    if (i / 5 == 2) opt.name = source;
    opt.n_samples = 200, opt.n_targets = 2;
    ip_dataset *made = read_with(&opt), *again;
    CHECK_OK(ip_dataset_write(made, in_folder(name)));
    again = read_file(in_folder(name));
    assert_string_equal(made->sha256, again->sha256);
    assert_memory_equal(made->split, again->split, made->n);
    assert_int_equal(made->n_classes, again->n_classes);
    ip_dataset_destroy(&made);
    ip_dataset_destroy(&again);
  }
}

static void writing_where_nothing_can_be_written_leaves_nothing_behind(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *ds = read_with(&opt);
  CHECK_FAILS(ip_dataset_write(ds, in_folder("data.xls")), IP_EUSAGE, "expected .csv");
  CHECK_FAILS(ip_dataset_write(ds, "/nowhere/data.h5"), IP_EIO, "/nowhere/data.h5");
  CHECK_FAILS(ip_dataset_write(ds, "/nowhere/data.csv"), IP_EIO, "/nowhere/data.csv");
  CHECK_FAILS(ip_dataset_write(ds, "/nowhere/data.npz"), IP_EIO, "/nowhere/data.npz");
  char *taken = in_folder("folder.h5");
  assert_int_equal(mkdir(taken, 0777), 0);
  CHECK_FAILS(ip_dataset_write(ds, taken), IP_EIO, "folder.h5");
  assert_int_equal(rmdir(taken), 0);
  assert_int_not_equal(access(in_folder("folder.h5.part"), F_OK), 0);
  char *path = in_folder("data.h5"), *csv = in_folder("data.csv"), *npz = in_folder("data.npz");
  CHECK_EVERY_ALLOCATION(ip_dataset_write(ds, path), (void)0);
  CHECK_EVERY_ALLOCATION(ip_dataset_write(ds, csv), (void)0);
  CHECK_EVERY_ALLOCATION(ip_dataset_write(ds, npz), (void)0);
  assert_int_not_equal(access(in_folder("data.h5.part"), F_OK), 0);
  assert_int_not_equal(access(in_folder("data.csv.part"), F_OK), 0);
  ip_dataset_destroy(&ds);
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  opt.labels = IP_LABELS_SOFT;
  opt.max_train = 50, opt.max_test = 50;
  ip_dataset *ds = read_with(&opt);
  CHECK_OK(ip_dataset_write(ds, in_folder("data.h5")));
  ip_dataset_destroy(&ds);
  opt = plain_options(in_folder("data.h5"));
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(x_and_y_of_any_number_type_and_orientation_are_read, fresh),
      cmocka_unit_test_setup(one_hot_rows_are_labels, fresh),
      cmocka_unit_test_setup(soft_labels_without_y_get_the_most_probable_class, fresh),
      cmocka_unit_test_setup(other_shapes_and_types_are_refused_by_name, fresh),
      cmocka_unit_test_setup(classes_named_in_the_file_keep_their_order_and_their_bounds, fresh),
      cmocka_unit_test_setup(an_array_larger_than_its_file_is_refused_before_memory_is_taken, fresh),
      cmocka_unit_test_setup(what_is_no_hdf5_file_is_refused, fresh),
      cmocka_unit_test_setup(a_data_set_written_and_read_is_the_same, fresh),
      cmocka_unit_test_setup(writing_where_nothing_can_be_written_leaves_nothing_behind, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/hdf5", tests, make_folder, remove_folder);
}
