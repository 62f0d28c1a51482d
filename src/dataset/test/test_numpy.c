#include "dataset/test/files.h"

#include "file/npz.h"

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

/* A .npz with one array after the other; end with a NULL name. Texts have the type -1. */
typedef struct {
  const char *name;
  int type;
  size_t rank, dim[3];
  const void *data;
} array;

enum { TEXTS = -1 };

static char *put_arrays(const array *a)
{
  char *path = in_folder("data.npz");
  ip_npz *z;
  CHECK_OK(ip_npz_create(path, &z));
  for (; a->name; a++)
    if (a->type == TEXTS)
      CHECK_OK(ip_npz_put_texts(z, a->name, a->dim[0], a->data));
    else
      CHECK_OK(ip_npz_put(z, a->name, (ip_npz_type)a->type, a->rank, a->dim, a->data));
  CHECK_OK(ip_npz_publish(&z));
  return path;
}

/* A .npy file of 8-byte floating-point numbers or, with integers, of bytes. */
static char *put_array(const char *name, const char *type, const char *shape, size_t n, const void *bytes)
{
  unsigned char all[1024] = "\x93NUMPY\1";
  int length = snprintf((char *)all + 10, 500, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type, shape);
  all[8] = (unsigned char)length;
  memcpy(all + 10 + length, bytes, n);
  return put_bytes(name, 10 + (size_t)length + n, all);
}

static const float inputs[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5f};
static const int32_t labels[3] = {5, -1, 5};
static const char *const animals[3] = {"dog", "cat", "dog"};

static void check(ip_dataset *ds, const char *class_0, const char *class_1)
{
  const int32_t y[3] = {1, 0, 1};
  assert_int_equal(ds->n, 3);
  assert_int_equal(ds->n_in, 4);
  for (size_t i = 0; i < 12; i++) assert_true(ds->x[i] == inputs[i]);
  assert_int_equal(ds->n_classes, 2);
  assert_string_equal(ds->class_name[0], class_0);
  assert_string_equal(ds->class_name[1], class_1);
  assert_memory_equal(ds->y, y, sizeof y);
  ip_dataset_destroy(&ds);
}

static void x_and_y_of_an_archive_are_read(void **state)
{
  (void)state;
  const array flat[] = {{"x", IP_NPZ_F32, 2, {3, 4}, inputs}, {"y", IP_NPZ_I32, 1, {3}, labels}, {0}};
  const array upper[] = {{"y", IP_NPZ_I32, 2, {1, 3}, labels}, {"X", IP_NPZ_F32, 3, {3, 2, 2}, inputs}, {0}};
  check(read_file(put_arrays(flat)), "-1", "5");
  check(read_file(put_arrays(upper)), "-1", "5");
  const array texts[] = {{"x", IP_NPZ_F32, 2, {3, 4}, inputs}, {"y", TEXTS, 1, {3}, animals}, {0}};
  check(read_file(put_arrays(texts)), "cat", "dog");
}

static void one_hot_rows_are_labels_in_the_order_of_their_columns(void **state)
{
  (void)state;
  const int32_t hot[9] = {0, 0, 1, 1, 0, 0, 0, 0, 1};
  const float real[9] = {0, 0, 1, 1, 0, 0, 0, 0, 1}, soft[6] = {0.25f, 0.75f, 1, 0, 0, 1}, two[6] = {1, 1, 1, 0, 0, 1};
  const float none[6] = {0, 1, 0, 0, 0, 1}, p[9] = {0, 0.5f, 0.5f, 1, 0, 0, 0, 0, 1};
  const array x = {"x", IP_NPZ_F32, 2, {3, 4}, inputs}, end = {0}, one_hot = {"y", IP_NPZ_I32, 2, {3, 3}, hot};
  const char *const names[3] = {"zebra", "ant", "never seen"};
  const array file[3][4] = {{x, one_hot, end},
                            {x, {"y", IP_NPZ_F32, 2, {3, 3}, real}, {"class_name", TEXTS, 1, {3}, names}, end},
                            {{"x_train", IP_NPZ_F32, 2, {1, 4}, inputs},
                             {"x_test", IP_NPZ_F32, 2, {2, 4}, inputs + 4},
                             {"y_train", IP_NPZ_I32, 2, {1, 3}, hot},
                             {"y_test", IP_NPZ_I32, 2, {2, 3}, hot + 3}}};
  for (size_t i = 0; i < 3; i++) {
    array arrays[5] = {0};
    memcpy(arrays, file[i], sizeof file[i]);
    ip_dataset *ds = read_file(put_arrays(arrays));
    assert_int_equal(ds->n_classes, 3);
    assert_string_equal(ds->class_name[0], i == 1 ? "zebra" : "0");
    assert_string_equal(ds->class_name[2], i == 1 ? "never seen" : "2");
    assert_memory_equal(ds->y, ((const int32_t[]){2, 0, 2}), 3 * sizeof *ds->y);
    ip_dataset_destroy(&ds);
  }
  const struct {
    const char *message;
    array file[4];
  } wrong[] = {
      {"y: row 0 (from 0) is not one-hot; expected labels (samples), or one 1 in each row and 0 elsewhere; soft labels "
       "belong in p_y_given_x, real-valued targets in targets",
       {x, {"y", IP_NPZ_F32, 2, {3, 2}, soft}, end}},
      {"y: row 0 (from 0) is not one-hot", {x, {"y", IP_NPZ_F32, 2, {3, 2}, two}, end}},
      {"y: row 1 (from 0) is not one-hot", {x, {"y", IP_NPZ_F32, 2, {3, 2}, none}, end}},
      {"y has 3 columns for the 2 classes of class_name", {x, one_hot, {"class_name", TEXTS, 1, {2}, names}, end}},
      {"y has 2 columns for the 3 classes of p_y_given_x",
       {x, {"y", IP_NPZ_F32, 2, {3, 2}, soft}, {"p_y_given_x", IP_NPZ_F32, 2, {3, 3}, p}, end}},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    refuse(put_arrays(wrong[i].file), IP_EFORMAT, wrong[i].message);
}

static void arrays_of_training_and_test_samples_are_the_split(void **state)
{
  (void)state;
  const array file[] = {{"x_train", IP_NPZ_F32, 2, {2, 4}, inputs},
                        {"y_train", TEXTS, 1, {2}, animals},
                        {"x_test", IP_NPZ_F32, 2, {1, 4}, inputs + 8},
                        {"y_test", TEXTS, 1, {1}, animals + 2},
                        {0}};
  ip_dataset *ds = read_file(put_arrays(file));
  const uint8_t split[3] = {0, 0, 1};
  assert_memory_equal(ds->split, split, sizeof split);
  check(ds, "cat", "dog");
  const array numbers[] = {{"X_train", IP_NPZ_F32, 2, {1, 4}, inputs},
                           {"X_test", IP_NPZ_F32, 2, {2, 4}, inputs + 4},
                           {"y_train", IP_NPZ_I32, 1, {1}, labels},
                           {"y_test", IP_NPZ_I32, 1, {2}, labels + 1},
                           {0}};
  check(read_file(put_arrays(numbers)), "-1", "5");
}

static void a_file_of_one_array_has_its_labels_beside_it(void **state)
{
  (void)state;
  const unsigned char y[3] = {9, 8, 9}, rest[1] = {8};
  double x[12];
  for (size_t i = 0; i < 12; i++) x[i] = (double)inputs[i];
  char *path = put_array("x.npy", "<f8", "(3, 4)", sizeof x, x);
  refuse(path, IP_EFORMAT, "x.npy: an array without labels; name them with label_file");
  put_array("y.npy", "|u1", "(3,)", sizeof y, y);
  check(read_file(in_folder("x.npy")), "8", "9");
  ip_dataset_options opt = plain_options(put_array("samples.npy", "<f8", "(3, 4)", sizeof x, x));
  opt.label_file = in_folder("y.npy");
  check(read_with(&opt), "8", "9");
  put_array("X_train.npy", "<f8", "(2, 4)", 64, x);
  put_array("y_train.npy", "|u1", "(2,)", 2, y);
  put_array("X_test.npy", "<f8", "(1, 4)", 32, x);
  put_array("y_test.npy", "|u1", "(1,)", 1, rest);
  ip_dataset *ds = read_file(in_folder("X_train.npy"));
  assert_int_equal(ds->n, 3);
  assert_int_equal(ds->n_train, 2);
  assert_int_equal(ds->y[2], 0);
  ip_dataset_destroy(&ds);
  put_array("y_test.npy", "|u1", "(3,)", 3, y);
  opt = plain_options(in_folder("X_train.npy"));
  refuse_with(&opt, IP_EFORMAT, "X_test.npy: y has the shape (3); expected (1)", "");
}

static void other_shapes_types_and_pairs_are_refused_by_name(void **state)
{
  (void)state;
  const float half[3] = {0, 0.5f, 1};
  const array x = {"x", IP_NPZ_F32, 2, {3, 4}, inputs}, y = {"y", IP_NPZ_I32, 1, {3}, labels}, end = {0};
  const struct {
    const char *message;
    array file[5];
  } cases[] = {
      {"no array x", {y, end}},
      {"no array y", {x, end}},
      {"no array x", {y, {"x_test", IP_NPZ_F32, 2, {3, 4}, inputs}, end}},
      {"x has the shape (12)", {{"x", IP_NPZ_F32, 1, {12}, inputs}, y, end}},
      {"x has the shape ()", {{"x", IP_NPZ_F32, 0, {0}, inputs}, y, end}},
      {"x contains no numbers", {{"x", TEXTS, 1, {3}, animals}, y, end}},
      {"y has the shape (2)", {x, {"y", IP_NPZ_I32, 1, {2}, labels}, end}},
      {"y: element 1 (from 0): got 0.5, expected classes as whole numbers or texts; real-valued targets belong in an "
       "array targets",
       {x, {"y", IP_NPZ_F32, 1, {3}, half}, end}},
      {"y has the shape (2)", {x, {"y", TEXTS, 1, {2}, animals}, end}},
      {"y has the shape ()", {x, {"y", IP_NPZ_I32, 0, {0}, labels}, end}},
      {"y contains texts", {x, {"y", TEXTS, 1, {3}, animals}, {"class_name", TEXTS, 1, {2}, animals}, end}},
      {"split: element 1 (from 0) is 0.5", {x, y, {"split", IP_NPZ_F32, 1, {3}, half}, end}},
      {"class_name has the shape (3); expected a list", {x, y, {"class_name", IP_NPZ_F32, 1, {3}, half}, end}},
      {"x_train has the shape (3, 4) and x_test the shape (4, 3)",
       {{"x_train", IP_NPZ_F32, 2, {3, 4}, inputs}, {"x_test", IP_NPZ_F32, 2, {4, 3}, inputs}, y, end}},
      {"x_train has 1 rows and y_train has 2",
       {{"x_train", IP_NPZ_F32, 2, {1, 4}, inputs},
        {"x_test", IP_NPZ_F32, 2, {2, 4}, inputs},
        {"y_train", IP_NPZ_I32, 1, {2}, labels},
        {"y_test", IP_NPZ_I32, 1, {1}, labels}}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    array file[6] = {0};
    memcpy(file, cases[i].file, sizeof cases[i].file);
    refuse(put_arrays(file), IP_EFORMAT, cases[i].message);
  }
  const array good[] = {x, y, end};
  ip_dataset_options opt = plain_options(put_arrays(good));
  opt.label_file = in_folder("y.npy");
  refuse_with(&opt, IP_ECONFIG, "label_file is for .npy and IDX", "data.npz");
  refuse(put_text("data.npz", "PK\3\4"), IP_EFORMAT, "data.npz: cannot be read as a zip archive");
  refuse(put_text("data.npy", "1,2,3"), IP_EFORMAT, "data.npy: not an array of NumPy");
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  const array file[] = {{"x_train", IP_NPZ_F32, 2, {2, 4}, inputs},
                        {"y_train", TEXTS, 1, {2}, animals},
                        {"x_test", IP_NPZ_F32, 2, {1, 4}, inputs + 8},
                        {"y_test", TEXTS, 1, {1}, animals + 2},
                        {0}};
  ip_dataset_options opt = plain_options(put_arrays(file));
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(x_and_y_of_an_archive_are_read, fresh),
      cmocka_unit_test_setup(one_hot_rows_are_labels_in_the_order_of_their_columns, fresh),
      cmocka_unit_test_setup(arrays_of_training_and_test_samples_are_the_split, fresh),
      cmocka_unit_test_setup(a_file_of_one_array_has_its_labels_beside_it, fresh),
      cmocka_unit_test_setup(other_shapes_types_and_pairs_are_refused_by_name, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/numpy", tests, make_folder, remove_folder);
}
