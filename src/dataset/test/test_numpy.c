#include "dataset/test/files.h"

#include "file/npz.h"

#include <math.h>

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

/* Classes are in the order of their numbers, of which 0 and -0 are one. */
static void zero_has_one_class_whatever_its_sign(void **state)
{
  (void)state;
  const float y[3] = {-0.0f, 10, 0};
  const array file[] = {{"x", IP_NPZ_F32, 2, {3, 4}, inputs}, {"y", IP_NPZ_F32, 1, {3}, y}, {0}};
  ip_dataset *ds = read_file(put_arrays(file));
  assert_int_equal(ds->n_classes, 2);
  assert_string_equal(ds->class_name[0], "0");
  assert_string_equal(ds->class_name[1], "10");
  assert_memory_equal(ds->y, ((const int32_t[]){0, 1, 0}), 3 * sizeof *ds->y);
  ip_dataset_destroy(&ds);
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

static void classes_and_rows_that_do_not_fit_are_refused_by_name(void **state)
{
  (void)state;
  const int32_t outside[3] = {0, 2, 1}, below[3] = {0, 1, -1};
  const float half[3] = {0, 0.5f, 1}, p[6] = {0, 1, 1, 0, 0.5f, 0.5f}, infinite[3] = {1, 2, INFINITY};
  const char *const twice[3] = {"dog", "cat", "dog"}, *const empty[3] = {"dog", "", "cat"};
  const array x = {"x", IP_NPZ_F32, 2, {3, 4}, inputs}, soft = {"p_y_given_x", IP_NPZ_F32, 2, {3, 2}, p}, end = {0};
  const array two = {"class_name", TEXTS, 1, {2}, animals}, first = {"y", IP_NPZ_I32, 1, {3}, (int32_t[3]){0}};
  const struct {
    const char *message;
    array file[5];
  } cases[] = {
      {"class_name: element 2, 'dog': classes stand once, in one order",
       {x, first, {"class_name", TEXTS, 1, {3}, twice}}},
      {"class_name: element 1: empty label", {x, first, {"class_name", TEXTS, 1, {3}, empty}}},
      {"class_name has 3 names for the 2 columns of p_y_given_x", {x, soft, {"class_name", TEXTS, 1, {3}, twice}}},
      {"y: element 1 (from 0) is 2; expected a class from 0 to 1", {x, soft, {"y", IP_NPZ_I32, 1, {3}, outside}}},
      {"y: element 2 (from 0) is -1; expected a class from 0 to 1", {x, two, {"y", IP_NPZ_I32, 1, {3}, below}}},
      {"y: element 1 (from 0) is 0.5; expected a class from 0 to 1", {x, two, {"y", IP_NPZ_F32, 1, {3}, half}}},
      {"y contains texts; with class_name or p_y_given_x, expected numbers", {x, soft, {"y", TEXTS, 1, {3}, animals}}},
      {"targets has the shape (3); expected (3, width)", {x, {"targets", IP_NPZ_F32, 1, {3}, half}, end}},
      {"targets has the shape (2, 2); expected (3, width)", {x, {"targets", IP_NPZ_F32, 2, {2, 2}, p}, end}},
      {"targets: row 2, column 0 (from 0) is inf", {x, {"targets", IP_NPZ_F32, 2, {3, 1}, infinite}, end}},
      {"p_y_given_x has the shape (3, 2, 1)", {x, {"p_y_given_x", IP_NPZ_F32, 3, {3, 2, 1}, p}, end}},
      {"p_y_given_x: row 1, column 0 (from 0) is inf",
       {x, {"p_y_given_x", IP_NPZ_F32, 2, {3, 2}, (float[6]){0, 1, INFINITY, 0, 0, 1}}, end}},
      {"sample 3: p(y|x) is not a distribution (its sum is 0.75)",
       {x, {"p_y_given_x", IP_NPZ_F32, 2, {3, 2}, (float[6]){0, 1, 1, 0, 0.5f, 0.25f}}, end}},
      {"x has the shape (3, 0): it is empty", {{"x", IP_NPZ_F32, 2, {3, 0}, inputs}, first, end}},
      {"class_name has the shape (0)", {x, first, {"class_name", TEXTS, 1, {0}, animals}}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    array file[6] = {0};
    memcpy(file, cases[i].file, sizeof cases[i].file);
    refuse(put_arrays(file), IP_EFORMAT, cases[i].message);
  }
}

/* Arrays are read in blocks of some thousand numbers: what is wrong in a later one has the number of its row. */
static void rows_beyond_the_first_block_keep_their_numbers(void **state)
{
  (void)state;
  enum { N = 5001, BAD = 4999 };
  static float x[N * 2], y[N], hot[N * 3], p[N * 2], target[N * 2], side[N];
  for (size_t r = 0; r < N; r++) {
    x[2 * r] = (float)r, x[2 * r + 1] = -(float)r;
    y[r] = (float)(r % 3), side[r] = (float)(r % 2);
    hot[3 * r + r % 3] = 1;
    p[2 * r + r % 2] = 1;
    target[2 * r] = (float)r / 2, target[2 * r + 1] = (float)r / 4;
  }
  const array all[] = {{"x", IP_NPZ_F32, 2, {N, 2}, x},           {"y", IP_NPZ_F32, 1, {N}, y},
                       {"y", IP_NPZ_F32, 2, {1, N}, y},           {"y", IP_NPZ_F32, 2, {N, 3}, hot},
                       {"p_y_given_x", IP_NPZ_F32, 2, {N, 2}, p}, {"targets", IP_NPZ_F32, 2, {N, 2}, target},
                       {"split", IP_NPZ_F32, 1, {N}, side}};
  const struct {
    size_t other;
    float *at;
    const char *message;
  } cases[] = {{1, &x[2 * BAD + 1], "x: row 4999, column 1 (from 0) is nan"},
               {1, &y[BAD], "y: element 4999 (from 0): the label is nan"},
               {2, &y[BAD], "y: element 4999 (from 0): the label is nan"},
               {3, &hot[3 * BAD + BAD % 3], "y: row 4999 (from 0) is not one-hot"},
               {4, &p[2 * BAD], "p_y_given_x: row 4999, column 0 (from 0) is nan"},
               {5, &target[2 * BAD + 1], "targets: row 4999, column 1 (from 0) is nan"},
               {6, &side[BAD], "split: element 4999 (from 0) is nan; expected 0 (train) or 1 (test)"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const array file[] = {all[0], all[cases[i].other], cases[i].other == 6 ? all[1] : (array){0}, {0}};
    ip_dataset *ds = read_file(put_arrays(file));
    for (size_t r = 0; r < N; r++) {
      assert_true(ds->x[2 * r] == x[2 * r] && ds->x[2 * r + 1] == x[2 * r + 1]);
      if (cases[i].other == 4) assert_true(ds->p_y_given_x[2 * r + 1] == p[2 * r + 1] && ds->y[r] == (int)(r % 2));
      if (cases[i].other == 5) assert_true(ds->targets[2 * r + 1] == target[2 * r + 1] && ds->y[r] == 0);
      if (cases[i].other == 6) assert_int_equal(ds->split[r], r % 2);
      if (cases[i].other < 4 || cases[i].other == 6) assert_int_equal(ds->y[r], r % 3);
    }
    ip_dataset_destroy(&ds);
    float good = *cases[i].at;
    *cases[i].at = NAN;
    refuse(put_arrays(file), IP_EFORMAT, cases[i].message);
    *cases[i].at = good;
  }
}

/* The samples of a test file follow those of the first file, and both list the same classes and targets. */
static void a_test_file_has_the_arrays_of_the_first(void **state)
{
  (void)state;
  const float p[6] = {0, 1, 1, 0, 0.75f, 0.25f}, target[6] = {1, 2, 3, 4, 5, 6}, side[2] = {1, 1};
  const int32_t y[3] = {1, 0, 1};
  const char *const turned[3] = {"cat", "dog", "ant"}, *const named[3] = {"dog", "cat", "ant"};
  const array second[] = {{"x", IP_NPZ_F32, 2, {2, 4}, inputs},
                          {"y", IP_NPZ_I32, 1, {2}, y},
                          {"p_y_given_x", IP_NPZ_F32, 2, {2, 2}, p},
                          {"targets", IP_NPZ_F32, 2, {2, 2}, target},
                          {"class_name", TEXTS, 1, {2}, named},
                          {"split", IP_NPZ_F32, 1, {2}, side},
                          {0}};
  char test[512];
  snprintf(test, sizeof test, "%s", in_folder("test.npz"));
  assert_int_equal(rename(put_arrays(second), test), 0);
  const array x = {"x", IP_NPZ_F32, 2, {1, 4}, inputs + 8}, label = {"y", IP_NPZ_I32, 1, {1}, y + 1};
  const array soft = {"p_y_given_x", IP_NPZ_F32, 2, {1, 2}, p + 4},
              goal = {"targets", IP_NPZ_F32, 2, {1, 2}, target + 4};
  const array names = {"class_name", TEXTS, 1, {2}, named}, end = {0};
  const array first[] = {x, label, soft, goal, names, end};
  ip_dataset_options opt = plain_options(put_arrays(first));
  opt.test_file = test;
  ip_dataset *ds = read_with(&opt);
  assert_memory_equal(ds->x, inputs + 8, 4 * sizeof(float));
  assert_memory_equal(ds->x + 4, inputs, 8 * sizeof(float));
  assert_memory_equal(ds->y, ((const int32_t[]){0, 1, 0}), sizeof y);
  assert_memory_equal(ds->p_y_given_x, ((const float[]){0.75f, 0.25f, 0, 1, 1, 0}), sizeof p);
  assert_memory_equal(ds->targets, ((const float[]){5, 6, 1, 2, 3, 4}), sizeof target);
  assert_memory_equal(ds->split, ((const uint8_t[]){0, 1, 1}), 3);
  assert_string_equal(ds->class_name[0], "dog");
  ip_dataset_destroy(&ds);
  const struct {
    const char *message;
    array file[6];
  } cases[] = {
      {"its samples have 4 inputs, those of ", {{"x", IP_NPZ_F32, 2, {1, 3}, inputs}, label, soft, goal, names}},
      {"lists 2 classes with soft labels and has 2 targets; ", {x, label, goal, names, end}},
      {"data.npz lists 2 with soft labels and has 0", {x, label, soft, names, end}},
      {"data.npz lists 3 and has 2", {x, label, goal, {"class_name", TEXTS, 1, {3}, named}, end}},
      {"class_name: element 0, 'dog': classes stand once, in one order in all files",
       {x, label, soft, goal, {"class_name", TEXTS, 1, {2}, turned}}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    array file[7] = {0};
    memcpy(file, cases[i].file, sizeof cases[i].file);
    opt.name = put_arrays(file);
    refuse_with(&opt, IP_EFORMAT, cases[i].message, "test.npz: ");
  }
  opt.name = put_arrays(first);
  opt.test_file = put_text("test.csv", "u,label\n1,a\n");
  refuse_with(&opt, IP_ECONFIG, "data.npz is a file of the kind ", "test.csv of the kind ");
  refuse_with(&opt, IP_ECONFIG, "both have to be the same", "");
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
      cmocka_unit_test_setup(zero_has_one_class_whatever_its_sign, fresh),
      cmocka_unit_test_setup(arrays_of_training_and_test_samples_are_the_split, fresh),
      cmocka_unit_test_setup(a_file_of_one_array_has_its_labels_beside_it, fresh),
      cmocka_unit_test_setup(other_shapes_types_and_pairs_are_refused_by_name, fresh),
      cmocka_unit_test_setup(classes_and_rows_that_do_not_fit_are_refused_by_name, fresh),
      cmocka_unit_test_setup(rows_beyond_the_first_block_keep_their_numbers, fresh),
      cmocka_unit_test_setup(a_test_file_has_the_arrays_of_the_first, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/numpy", tests, make_folder, remove_folder);
}
