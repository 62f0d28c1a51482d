#include "dataset/test/files.h"

#include "base/rng.h"
#include "dataset/sphere.h"

#include <math.h>
#include <matio.h>
#include <zlib.h>

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

static enum matio_compression packing = MAT_COMPRESSION_ZLIB;

/* A variable as MATLAB stores it: down the columns. */
static void add(mat_t *file, const char *name, enum matio_classes class, enum matio_types type, size_t rows,
                size_t cols, void *data)
{
  matvar_t *v = Mat_VarCreate(name, class, type, 2, (size_t[]){rows, cols}, data, 0);
  assert_non_null(v);
  assert_int_equal(Mat_VarWrite(file, v, packing), 0);
  Mat_VarFree(v);
}

static mat_t *start(enum mat_ft version)
{
  unlink(in_folder("data.mat"));
  mat_t *file = Mat_CreateVer(in_folder("data.mat"), NULL, version);
  assert_non_null(file);
  return file;
}

static char *finish(mat_t *file)
{
  Mat_Close(file);
  return in_folder("data.mat");
}

static void the_sphere_as_var_u_mat_has_the_digest_of_the_generated_one(void **state)
{
  (void)state;
  static double f[4096 * 12];
  static uint8_t y[4096];
  ip_dataset_options opt = ip_dataset_options_default();
  opt.train_fraction = 1;
  ip_dataset *made = read_with(&opt);
  for (size_t r = 0; r < 4096; r++) {
    y[r] = ip_sphere_label((unsigned)r);
    for (size_t k = 0; k < 12; k++) f[k * 4096 + r] = (double)made->x[r * 12 + k];
  }
  const enum mat_ft versions[] = {MAT_FT_MAT4, MAT_FT_MAT5, MAT_FT_MAT73};
  for (size_t i = 0; i < 3; i++) {
    mat_t *file = start(versions[i]);
    add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 4096, 12, f);
    add(file, "y", MAT_C_UINT8, MAT_T_UINT8, 1, 4096, y);
    ip_dataset *ds = read_file(finish(file));
    assert_string_equal(ds->sha256, made->sha256);
    ip_dataset_destroy(&ds);
  }
  ip_dataset_destroy(&made);
}

static void both_orientations_and_all_number_classes_are_read(void **state)
{
  (void)state;
  int16_t across[6] = {1, 2, 3, 4, 5, 6}; /* (2 inputs, 3 samples): the columns are samples */
  float along[6] = {1, 3, 5, 2, 4, 6};    /* (3, 2) */
  int8_t y[3] = {1, -1, 1};
  for (int i = 0; i < 2; i++) {
    mat_t *file = start(MAT_FT_MAT5);
    if (i == 0)
      add(file, "F", MAT_C_INT16, MAT_T_INT16, 2, 3, across);
    else
      add(file, "F", MAT_C_SINGLE, MAT_T_SINGLE, 3, 2, along);
    add(file, "y", MAT_C_INT8, MAT_T_INT8, 3, 1, y);
    ip_dataset *ds = read_file(finish(file));
    const float x[6] = {1, 2, 3, 4, 5, 6};
    assert_int_equal(ds->n_in, 2);
    assert_memory_equal(ds->x, x, sizeof x);
    assert_string_equal(ds->class_name[0], "-1");
    assert_int_equal(ds->y[1], 0);
    ip_dataset_destroy(&ds);
  }
}

static void one_hot_labels_of_both_orientations_are_read(void **state)
{
  (void)state;
  double f[8] = {1, 2, 3, 4, 5, 6, 7, 8},
         along[12] = {0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1};  /* (4, 3), down the columns */
  double across[12] = {0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1}; /* (3, 4) */
  for (int i = 0; i < 2; i++) {
    mat_t *file = start(i ? MAT_FT_MAT73 : MAT_FT_MAT5);
    add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 4, 2, f);
    if (i)
      add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 4, across);
    else
      add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 4, 3, along);
    ip_dataset *ds = read_file(finish(file));
    assert_int_equal(ds->n_classes, 3);
    assert_string_equal(ds->class_name[2], "2");
    assert_memory_equal(ds->y, ((const int32_t[]){2, 2, 0, 2}), 4 * sizeof *ds->y);
    ip_dataset_destroy(&ds);
  }
}

/* Six elements of every class of numbers that MATLAB has; no two types have the same largest element. */
static void every_class_of_numbers_is_read(void **state)
{
  (void)state;
  static double f8[] = {-1.5, 2, 3, 4, 5, 0x1p60};
  static float f4[] = {-1.5F, 2, 3, 4, 5, 0x1p40F};
  static int8_t i1[] = {-1, 2, 3, 4, 5, -128};
  static uint8_t u1[] = {1, 2, 3, 4, 5, 255};
  static int16_t i2[] = {-1, 2, 3, 4, 5, -32768};
  static uint16_t u2[] = {1, 2, 3, 4, 5, 65535};
  static int32_t i4[] = {-1, 2, 3, 4, 5, INT32_MIN};
  static uint32_t u4[] = {1, 2, 3, 4, 5, 0xffffff00};
  static int64_t i8[] = {-1, 2, 3, 4, 5, -(INT64_C(1) << 52)};
  static uint64_t u8[] = {1, 2, 3, 4, 5, UINT64_C(1) << 52};
  const struct {
    enum matio_classes class;
    enum matio_types type;
    void *element;
    float first, last;
  } known[] = {{MAT_C_DOUBLE, MAT_T_DOUBLE, f8, -1.5F, 0x1p60F},
               {MAT_C_SINGLE, MAT_T_SINGLE, f4, -1.5F, 0x1p40F},
               {MAT_C_INT8, MAT_T_INT8, i1, -1, -128},
               {MAT_C_UINT8, MAT_T_UINT8, u1, 1, 255},
               {MAT_C_INT16, MAT_T_INT16, i2, -1, -32768},
               {MAT_C_UINT16, MAT_T_UINT16, u2, 1, 65535},
               {MAT_C_INT32, MAT_T_INT32, i4, -1, -2147483648.0F},
               {MAT_C_UINT32, MAT_T_UINT32, u4, 1, 4294967040.0F},
               {MAT_C_INT64, MAT_T_INT64, i8, -1, -0x1p52F},
               {MAT_C_UINT64, MAT_T_UINT64, u8, 1, 0x1p52F}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    double y[3] = {1, 2, 1};
    mat_t *file = start(MAT_FT_MAT5);
    add(file, "F", known[i].class, known[i].type, 3, 2, known[i].element);
    add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 1, y);
    ip_dataset *ds = read_file(finish(file));
    const float x[6] = {known[i].first, 4, 2, 5, 3, known[i].last}; /* down the columns */
    if (memcmp(ds->x, x, sizeof x) != 0)
      fail_msg("class %d: %g %g", (int)known[i].class, (double)ds->x[0], (double)ds->x[5]);
    ip_dataset_destroy(&ds);
  }
}

/* A file with these two variables, F (rows, columns) and y (y_rows, y_columns). */
static void refuse_pair(size_t rows, size_t columns, double *f, size_t y_rows, size_t y_columns, double *y,
                        const char *message)
{
  mat_t *file = start(MAT_FT_MAT5);
  add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, rows, columns, f);
  add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, y_rows, y_columns, y);
  refuse(finish(file), IP_EFORMAT, message);
}

static void missing_or_misshapen_variables_are_named(void **state)
{
  (void)state;
  double data[6] = {1, 2, 3, 4, 5, NAN}, whole[6] = {1, 2, 3, 4, 5, 6};
  char text[] = "abc";
  mat_t *file = start(MAT_FT_MAT5);
  add(file, "A", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 2, data);
  refuse(finish(file), IP_EFORMAT, "no variable F; expected F (samples, inputs) and y (labels), found: A");
  file = start(MAT_FT_MAT5);
  add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 2, data);
  refuse(finish(file), IP_EFORMAT, "no variable y");
  refuse_pair(3, 2, whole, 3, 2, whole, "y: row 1 is not one-hot; expected one label for each sample");
  refuse_pair(2, 3, whole, 2, 3, whole, "y: column 1 is not one-hot; expected one label for each sample");
  refuse_pair(3, 2, data, 1, 5, data, "F is 3 x 2 and y is 1 x 5; expected one label for each sample");
  refuse_pair(3, 2, data, 1, 3, data, "F(3, 2) is nan");
  refuse_pair(2, 3, data, 1, 3, data, "F(2, 3) is nan"); /* across */
  refuse_pair(3, 2, (double[]){1, 2, 3, 4, INFINITY, 6}, 1, 3, data, "F(2, 2) is inf; expected finite numbers below");
  refuse_pair(3, 1, data, 1, 3, data + 3, "y(3): the label is nan");
  refuse_pair(3, 1, data, 1, 3, (double[]){1, 2.5, 3}, "y(2): got 2.5, expected classes as whole numbers");
  file = start(MAT_FT_MAT5);
  add(file, "F", MAT_C_CHAR, MAT_T_UTF8, 1, 3, text);
  add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 3, data);
  refuse(finish(file), IP_EFORMAT, "F is not a matrix of real numbers");
  refuse(put_text("data.mat", ""), IP_EFORMAT, "is empty");
  refuse(put_text("data.mat", "this is no matrix"), IP_EFORMAT, ": ");
}

static void truncated_files_are_refused(void **state)
{
  (void)state;
  double data[600], y[300];
  for (int i = 0; i < 600; i++) data[i] = i * 0.37;
  for (int i = 0; i < 300; i++) y[i] = i % 3;
  const enum mat_ft versions[] = {MAT_FT_MAT4, MAT_FT_MAT5, MAT_FT_MAT5};
  for (size_t v = 0; v < 3; v++) {
    packing = v == 2 ? MAT_COMPRESSION_NONE : MAT_COMPRESSION_ZLIB;
    static unsigned char bytes[1 << 16];
    mat_t *file = start(versions[v]);
    add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 300, 2, data);
    add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 300, y);
    size_t n = get_bytes(finish(file), sizeof bytes, bytes);
    for (size_t cut = 1; cut < n; cut += 53) {
      ip_dataset_options opt = plain_options(put_bytes("data.mat", cut, bytes));
      refuse_with(&opt, IP_EFORMAT, "data.mat", ": ");
    }
  }
}

static void random_damage_never_gets_through_unchecked(void **state)
{
  (void)state;
  double data[60], y[30];
  for (int i = 0; i < 60; i++) data[i] = i * 0.37;
  for (int i = 0; i < 30; i++) y[i] = i % 3;
  const enum mat_ft versions[] = {MAT_FT_MAT4, MAT_FT_MAT5, MAT_FT_MAT5};
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t v = 0; v < 3; v++) {
    packing = v == 2 ? MAT_COMPRESSION_NONE : MAT_COMPRESSION_ZLIB;
    static unsigned char good[1 << 14], bad[1 << 14];
    mat_t *file = start(versions[v]);
    add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 30, 2, data);
    add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 30, y);
    size_t n = get_bytes(finish(file), sizeof good, good);
    for (int i = 0; i < 1000; i++) {
      memcpy(bad, good, n);
      for (uint64_t k = 0; k <= ip_rng_below(&r, 3); k++) bad[ip_rng_below(&r, n)] = (unsigned char)ip_rng_u32(&r);
      ip_dataset_options opt = plain_options(put_bytes("data.mat", n, bad));
      survive(&opt);
    }
  }
}

/* libmatio 1.5.23 allocates 2 GB for such a file of 0.5 kB. */
static void an_element_longer_than_its_variable_is_refused_plain_and_packed(void **state)
{
  (void)state;
  enum { BEGIN = 128, DIMENSIONS = BEGIN + 8 + 16, LENGTH = DIMENSIONS + 4 };
  double data[6] = {1, 2, 3, 4, 5, 6}, y[3] = {0, 1, 0};
  unsigned char bytes[1 << 10], packed[1 << 10] = {15};
  packing = MAT_COMPRESSION_NONE;
  mat_t *file = start(MAT_FT_MAT5);
  add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 2, data);
  add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 3, y);
  size_t n = get_bytes(finish(file), sizeof bytes, bytes), variable = 8 + bytes[BEGIN + 4];
  assert_int_equal(bytes[DIMENSIONS], 5);
  assert_int_equal(bytes[LENGTH], 8);
  bytes[LENGTH + 3] = 0x80;
  refuse(put_bytes("data.mat", n, bytes), IP_EFORMAT, "a variable is damaged");
  uLongf size = sizeof packed - 8;
  assert_int_equal(compress(packed + 8, &size, bytes + BEGIN, variable), Z_OK);
  packed[4] = (unsigned char)size;
  memcpy(bytes + BEGIN, packed, 8 + size);
  refuse(put_bytes("data.mat", BEGIN + 8 + size, bytes), IP_EFORMAT, "a packed variable is damaged");
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  double data[6] = {1, 2, 3, 4, 5, 6}, y[3] = {0, 1, 1};
  mat_t *file = start(MAT_FT_MAT5);
  add(file, "F", MAT_C_DOUBLE, MAT_T_DOUBLE, 3, 2, data);
  add(file, "y", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 3, y);
  ip_dataset_options opt = plain_options(finish(file));
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(the_sphere_as_var_u_mat_has_the_digest_of_the_generated_one, fresh),
      cmocka_unit_test_setup(both_orientations_and_all_number_classes_are_read, fresh),
      cmocka_unit_test_setup(one_hot_labels_of_both_orientations_are_read, fresh),
      cmocka_unit_test_setup(every_class_of_numbers_is_read, fresh),
      cmocka_unit_test_setup(missing_or_misshapen_variables_are_named, fresh),
      cmocka_unit_test_setup(truncated_files_are_refused, fresh),
      cmocka_unit_test_setup(random_damage_never_gets_through_unchecked, fresh),
      cmocka_unit_test_setup(an_element_longer_than_its_variable_is_refused_plain_and_packed, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/mat", tests, make_folder, remove_folder);
}
