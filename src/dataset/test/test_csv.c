#include "dataset/test/files.h"

#include "base/rng.h"

#include <math.h>

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

/* What `text`, as data.csv, gives: two inputs a sample, samples (1, 2), (3, 4.5), labels b, a. */
static void check_two_samples(const char *text)
{
  ip_dataset *ds = read_file(put_text("data.csv", text));
  const float x[4] = {1, 2, 3, 4.5f};
  assert_int_equal(ds->n, 2);
  assert_int_equal(ds->n_in, 2);
  assert_memory_equal(ds->x, x, sizeof x);
  assert_int_equal(ds->n_classes, 2);
  assert_string_equal(ds->class_name[0], "a");
  assert_int_equal(ds->y[0], 1);
  assert_int_equal(ds->y[1], 0);
  ip_dataset_destroy(&ds);
}

static void separators_quotes_line_ends_headers_and_comments_are_understood(void **state)
{
  (void)state;
  const char *same[] = {
      "1,2,b\n3,4.5,a\n",
      "1,2,b\r\n3,4.5,a\r\n",
      "1,2,b\n3,4.5,a",
      "u,v,class\n1,2,b\n3,4.5,a\n",
      "\xef\xbb\xbfu,v,class\n1,2,b\n\n3,4.5,a\n\n",
      "# from somewhere\n1;2;b\n3;4.5;a\n",
      "1\t2\tb\n3\t4.5\ta\n",
      "  1   2 b\n3 4.5  a \n",
      "\"1\",\"2\",\"b\"\n3,\"4.5\",\"a\"\n",
      "\"the first, \"\"u\"\"\",v,class\n1 , 2 , b \n 3,45e-1,\"a\" \n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) check_two_samples(same[i]);
}

static void a_packed_file_is_read_like_a_plain_one(void **state)
{
  (void)state;
  const char text[] = "u,v,class\n1,2,b\n3,4.5,a\n";
  ip_dataset *plain = read_file(put_text("data.csv", text)),
             *packed = read_file(put_packed("data.csv.gz", sizeof text - 1, text));
  assert_string_equal(plain->sha256, packed->sha256);
  ip_dataset_destroy(&plain);
  ip_dataset_destroy(&packed);
}

static void quoted_labels_may_hold_separators_quotes_and_line_breaks(void **state)
{
  (void)state;
  ip_dataset *ds = read_file(put_text("data.csv", "1,\"one, \"\"1\"\"\"\n2,\"two\nlines\"\n3,\" blank \"\n4,\"\n"
                                                  "\"\n"));
  assert_int_equal(ds->n_classes, 4);
  assert_string_equal(ds->class_name[ds->y[0]], "one, \"1\"");
  assert_string_equal(ds->class_name[ds->y[1]], "two\nlines");
  assert_string_equal(ds->class_name[ds->y[2]], " blank ");
  ip_dataset_destroy(&ds);
  refuse(put_text("data.csv", "1,a\n2,\"b\n3,c\n"), IP_EFORMAT, ":2:3: a quote is opened and never closed");
  refuse(put_text("data.csv", "1,a\n2,\"b\"c\n"), IP_EFORMAT, ":2:6: 'c' follows a closing quote");
}

static void the_label_column_goes_by_name_or_number(void **state)
{
  (void)state;
  ip_dataset_options opt = plain_options(put_text("data.csv", "kind,u,v\nb,1,2\na,3,4.5\n"));
  const char *const names[] = {"kind", "1"};
  for (size_t i = 0; i < 2; i++) {
    char name[8];
    strcpy(name, names[i]);
    opt.label_column = name;
    ip_dataset *ds = read_with(&opt);
    assert_true(ds->x[3] == 4.5f);
    assert_string_equal(ds->class_name[ds->y[0]], "b");
    ip_dataset_destroy(&ds);
  }
  opt.label_file = (char[]){"labels-idx1-ubyte"};
  refuse_with(&opt, IP_ECONFIG, "label_file is for IDX", "data.csv");
  opt.label_file = NULL;
  opt.label_column = (char[]){"knd"};
  refuse_with(&opt, IP_ECONFIG, "did you mean 'kind'?", "data.csv");
  opt.label_column = (char[]){"4"};
  refuse_with(&opt, IP_ECONFIG, "expected a name of the first line or a number from 1 to 3", "data.csv");
  opt.label_column = (char[]){"0"};
  refuse_with(&opt, IP_ECONFIG, "unknown column '0'; expected", "data.csv");
}

static void classes_are_ordered_by_value_where_all_are_numbers(void **state)
{
  (void)state;
  ip_dataset *ds = read_file(put_text("data.csv", "1,10\n2,9\n3,-1\n4,9.0\n5,010\n"));
  assert_int_equal(ds->n_classes, 3);
  const char *const names[] = {"-1", "9", "10"};
  for (size_t c = 0; c < 3; c++) assert_string_equal(ds->class_name[c], names[c]);
  const int32_t y[] = {2, 1, 0, 1, 2};
  assert_memory_equal(ds->y, y, sizeof y);
  ip_dataset_destroy(&ds);
  ds = read_file(put_text("data.csv", "1,10\n2,9\n3,x\n"));
  assert_string_equal(ds->class_name[0], "10"); /* by text: "10" < "9" < "x" */
  ip_dataset_destroy(&ds);
}

/* To 15 digits, which every double has; in whichever way the same number is written. */
static void numbers_that_differ_in_any_digit_are_classes_of_their_own(void **state)
{
  (void)state;
  static const char *const pairs[][2] = {{"1000001", "1000002"},
                                         {"999999", "1000000"},
                                         {"-1000002", "-1000001"},
                                         {"20240131", "20240201"},
                                         {"123456789012345", "123456789012346"},
                                         {"0.1234567", "0.1234568"},
                                         {"1.00000000000001", "1.00000000000002"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char text[200];
    const char *quote = strchr(pairs[i][0], '.') ? "\"" : ""; /* without, fractions look like targets */
    snprintf(text, sizeof text, "1,%s%s%s\n2,%s%s%s\n3,%s%se0%s\n", quote, pairs[i][1], quote, quote, pairs[i][0],
             quote, quote, pairs[i][1], quote);
    ip_dataset *ds = read_file(put_text("data.csv", text));
    assert_int_equal(ds->n_classes, 2);
    for (size_t c = 0; c < 2; c++) assert_string_equal(ds->class_name[c], pairs[i][c]);
    assert_true(ds->y[0] == 1 && ds->y[1] == 0 && ds->y[2] == 1);
    ip_dataset_destroy(&ds);
  }
  ip_dataset *ds = read_file(put_text("data.csv", "1,0\n2,-0\n3,-0.0\n"));
  assert_int_equal(ds->n_classes, 1);
  assert_string_equal(ds->class_name[0], "0");
  ip_dataset_destroy(&ds);
}

static void a_test_file_and_a_split_column_hold_rows_out(void **state)
{
  (void)state;
  char test[512];
  strcpy(test, put_text("test.csv", "5,6,b\n7,8,c\n"));
  ip_dataset_options opt = plain_options(put_text("data.csv", "1,2,b\n3,4.5,a\n"));
  opt.test_file = test;
  ip_dataset *ds = read_with(&opt);
  assert_int_equal(ds->n_train, 2);
  assert_int_equal(ds->n_test, 2);
  assert_int_equal(ds->n_classes, 3);
  assert_int_equal(ds->y[3], 2);
  ip_dataset_destroy(&ds);
  ds = read_file(put_text("data.csv", "u,split,class\n1,train,a\n2,test,b\n3,train,b\n"));
  assert_int_equal(ds->n_in, 1);
  assert_int_equal(ds->n_train, 2);
  assert_int_equal(ds->test[0], 1);
  ip_dataset_destroy(&ds);
  refuse(put_text("data.csv", "u,split,class\n1,maybe,a\n"), IP_EFORMAT, "expected train or test, got 'maybe'");
  opt = plain_options(put_text("data.csv", "u,split,class\n1,test,a\n"));
  refuse_with(&opt, IP_EFORMAT, "data.csv: none of the 1 rows", "is a training row");
  opt = plain_options(put_text("data.csv", "1,b\n"));
  opt.test_file = test;
  refuse_with(&opt, IP_EFORMAT, "its lines have 3 cells", "have 2");
  opt.test_file = (char[]){"/nowhere/test.csv"};
  refuse_with(&opt, IP_EIO, "/nowhere/test.csv", "No such file");
}

static void soft_labels_and_targets_are_known_by_the_names_of_their_columns(void **state)
{
  (void)state;
  ip_dataset *ds = read_file(put_text("data.csv", "u,p(no),p(yes),target1,label\n1,0.25,0.75,7,yes\n2,1,0,8,no\n"));
  assert_int_equal(ds->n_in, 1);
  assert_int_equal(ds->n_classes, 2);
  assert_string_equal(ds->class_name[0], "no");
  assert_int_equal(ds->y[0], 1);
  assert_true(ds->p_y_given_x[1] == 0.75f && ds->targets[1] == 8);
  ip_dataset_destroy(&ds);
  refuse(put_text("data.csv", "u,p(no),p(yes),label\n1,0.25,0.75,maybe\n"), IP_EFORMAT,
         "'maybe' is none of the classes");
  refuse(put_text("data.csv", "u,p(no),p(yes),label\n1,0.25,0.8,no\n"), IP_EFORMAT,
         "sample 1: p(y|x) is not a distribution");
  refuse(put_text("data.csv", "u,p(no),p(yes),label\n1,0,1,no\n1,-1,2,no\n"), IP_EFORMAT, "sample 2: p(y|x)");
  refuse(put_text("data.csv", "u,p(no),p(no),label\n1,0,1,no\n"), IP_EFORMAT,
         "columns 2 and 3 have the same name, 'p(no)'");
}

static void numbers_of_any_length_and_form_are_read_to_the_nearest_float(void **state)
{
  (void)state;
  ip_dataset *ds = read_file(put_text("data.csv", "999999,1000000,12345678901,0.1,-7,+7,.5,1e-3,16777217,0\n"));
  const float x[9] = {999999, 1000000, 12345678901.0f, 0.1f, -7, 7, 0.5f, 1e-3f, 16777216};
  assert_int_equal(ds->n_in, 9);
  assert_memory_equal(ds->x, x, sizeof x);
  ip_dataset_destroy(&ds);
}

static void what_is_no_table_of_numbers_is_refused_with_its_line_and_column(void **state)
{
  (void)state;
  refuse(put_text("data.csv", "1,2,a\n3,b\n"), IP_EFORMAT, ":2: got 2 cells, expected 3 as in line 1");
  refuse(put_text("data.csv", "1,2,a\n3,4,b,c\n"), IP_EFORMAT, ":2: got 4 cells, expected 3 as in line 1");
  refuse(put_text("data.csv", "1,2,a\n3,four,b\n"), IP_EFORMAT, ":2:3: column 2: expected a number, got 'four'");
  refuse(put_text("data.csv", "u,v,c\n1,2,a\n\n3,0x4,b\n"), IP_EFORMAT, ":4:3: column v: expected a number, got '0x4'");
  refuse(put_text("data.csv", "1,2,a\n3,nan,b\n"), IP_EFORMAT, ":2:3: column 2: a missing value, 'nan'");
  refuse(put_text("data.csv", "1,2,a\n3,-inf,b\n"), IP_EFORMAT, "expected a finite number");
  refuse(put_text("data.csv", "1,2,a\n3,4e38,b\n"), IP_EFORMAT, "below 3.4e38, got '4e38'");
  refuse(put_text("data.csv", "1,2,a\n3,,b\n"), IP_EFORMAT, ":2:3: column 2: an empty cell");
  refuse(put_text("data.csv", "1,2,a\n3,4,\n"), IP_EFORMAT, ":2:5: empty label");
  refuse(put_text("data.csv", "1,2,0\n3,4,nan\n"), IP_EFORMAT, ":2:5: the label is nan");
  refuse(put_text("data.csv", ""), IP_EFORMAT, "contains no lines of cells");
  refuse(put_text("data.csv", "\n# nothing\n\n"), IP_EFORMAT, "contains no lines of cells");
  refuse(put_text("data.csv", "u,v,label\n"), IP_EFORMAT, "a header but no samples");
  refuse(put_text("data.csv", "1\n2\n"), IP_EFORMAT, "none of them an input");
  refuse(put_bytes("data.csv", 8, "1,2\n3\0,4"), IP_EFORMAT, ":2:2: a zero byte");
  refuse(in_folder("missing.csv"), IP_EIO, "and no file of that name");
}

/* A column of measurements is no label; doses may be one, in quotes, and are written so again. */
static void fractions_are_classes_only_in_quotes(void **state)
{
  (void)state;
  refuse(put_text("data.csv", "u,price\n1,2\n2,0.37\n"), IP_EFORMAT,
         ":3:3: the label is 0.37, expected a class: a whole number or a word; if column price has the targets of a "
         "regression, set target_columns to it; if its numbers are classes, put them in quotes");
  refuse(put_text("data.csv", "1;0,5\n2;0,25\n"), IP_EFORMAT, ":1:3: the label is 0,5, expected a class");
  ip_dataset_options opt = plain_options(put_text("data.csv", "u,price\n1,2\n2,0.37\n"));
  opt.target_columns = (char[]){"price"};
  ip_dataset *ds = read_with(&opt);
  assert_true(ds->n_targets == 1 && ds->targets[1] == 0.37f);
  ip_dataset_destroy(&ds);
  char *path = put_text("data.csv", "u,label\n1,\"10\"\n2,\"0.5\"\n3,2.0\n4,1e1\n");
  for (int i = 0; i < 2; i++) {
    ds = read_file(path);
    assert_int_equal(ds->n_classes, 3);
    assert_string_equal(ds->class_name[0], "0.5");
    assert_string_equal(ds->class_name[1], "2");
    assert_memory_equal(ds->y, ((const int32_t[]){2, 0, 1, 2}), 4 * sizeof *ds->y);
    path = in_folder("again.csv");
    CHECK_OK(ip_dataset_write(ds, path));
    ip_dataset_destroy(&ds);
  }
  ds = read_file(put_text("data.csv", "u,label\n1,\"nan\"\n2,\"inf\"\n3,b\n"));
  CHECK_OK(ip_dataset_write(ds, path));
  ip_dataset_destroy(&ds);
  ds = read_file(path);
  assert_string_equal(ds->class_name[1], "inf");
  assert_string_equal(ds->class_name[2], "nan");
  ip_dataset_destroy(&ds);
  ds = read_file(put_text("data.csv", "u,p(0.5),p(1),label\n1,0.25,0.75,0.5\n2,0,1,1\n")); /* declared classes */
  assert_int_equal(ds->y[0], 0);
  ip_dataset_destroy(&ds);
}

/* Numbers have as few digits as give the same float back, and a text is quoted only where it would be read otherwise.
 */
static void a_written_table_is_short_and_says_what_is_in_it(void **state)
{
  (void)state;
  char name[5][4] = {"cat", "1.5", "NA", "2", "a,b"}, *class_name[] = {name[0], name[1], name[2], name[3], name[4]};
  float x[10] = {0, -3, 0.1F, 999999, 1e6F, 1e7F, -1e-7F, 16777217.0F, 3.4e38F, 1.0F / 3},
        target[5] = {1, 2, 3, 4, 0.5F};
  float p[25] = {[0] = 1, [6] = 1, [12] = 1, [18] = 1, [23] = 0.25F, [24] = 0.75F};
  int32_t y[5] = {0, 1, 2, 3, 4};
  uint8_t split[5] = {0, 1, 0, 1, 0};
  const struct {
    const char *name, *text;
  } known[] = {{"w.csv", "x1,x2,p(cat),p(1.5),p(NA),p(2),\"p(a,b)\",target1,split,label\n"
                         "0,-3,1,0,0,0,0,1,train,cat\n0.1,999999,0,1,0,0,0,2,test,\"1.5\"\n"
                         "1000000,10000000,0,0,1,0,0,3,train,\"NA\"\n-1e-07,16777216,0,0,0,1,0,4,test,2\n"
                         "3.4e+38,0.33333334,0,0,0,0.25,0.75,0.5,train,\"a,b\"\n"},
               {"w.tsv", "x1\tx2\tp(cat)\tp(1.5)\tp(NA)\tp(2)\tp(a,b)\ttarget1\tsplit\tlabel\n"
                         "0\t-3\t1\t0\t0\t0\t0\t1\ttrain\tcat\n0.1\t999999\t0\t1\t0\t0\t0\t2\ttest\t\"1.5\"\n"
                         "1000000\t10000000\t0\t0\t1\t0\t0\t3\ttrain\t\"NA\"\n"
                         "-1e-07\t16777216\t0\t0\t0\t1\t0\t4\ttest\t2\n"
                         "3.4e+38\t0.33333334\t0\t0\t0\t0.25\t0.75\t0.5\ttrain\ta,b\n"}};
  const ip_dataset ds = {.n = 5,
                         .n_in = 2,
                         .n_classes = 5,
                         .n_targets = 1,
                         .x = x,
                         .y = y,
                         .p_y_given_x = p,
                         .targets = target,
                         .split = split,
                         .class_name = class_name};
  for (size_t i = 0; i < 2; i++) {
    unsigned char got[2048];
    CHECK_OK(ip_dataset_write(&ds, in_folder(known[i].name)));
    got[get_bytes(in_folder(known[i].name), sizeof got, got)] = 0;
    assert_string_equal((char *)got, known[i].text);
  }
}

/* Inputs that differ in the file and not as float32 are counted as they are in the file, with a remark. */
static void inputs_that_float32_cannot_tell_apart_are_remarked_on(void **state)
{
  (void)state;
  ip_dataset_options opt =
      plain_options(put_text("data.csv", "u,label\n16777216,a\n16777217,b\n16777219,a\n16777216,a\n"));
  for (int scaled = 0; scaled < 2; scaled++) {
    opt.scale = scaled ? IP_SCALE_STANDARD : IP_SCALE_NONE;
    ip_dataset *ds = read_with(&opt);
    assert_int_equal(ds->n_x, 3);
    assert_int_equal(ds->x_id[3], ds->x_id[0]);
    const char *warning = strstr(ds->remark, "data.csv: warning: ");
    if (scaled)
      assert_null(warning);
    else
      assert_string_equal(warning, "data.csv: warning: 3 distinct inputs become 2 as float32, which the network is "
                                   "trained on; use a scale such as standard, or subtract a constant\n");
    assert_null(ds->exact);
    ip_dataset_destroy(&ds);
  }
}

static void more_classes_than_make_sense_are_refused(void **state)
{
  (void)state;
  enum { N = 10001 };
  static char text[N * 16];
  size_t n = 0;
  for (int i = 0; i < N; i++) n += (size_t)snprintf(text + n, sizeof text - n, "1,%d\n", i);
  refuse(put_bytes("data.csv", n, text), IP_EFORMAT, ":10001:3: more than 10000 different labels");
}

static void a_long_line_crosses_the_blocks_it_is_read_in(void **state)
{
  (void)state;
  enum { WIDTH = 70000 };
  static char text[2 * WIDTH * 6 + 100];
  size_t n = 0;
  for (int r = 0; r < 2; r++) {
    for (int k = 0; k < WIDTH; k++) n += (size_t)snprintf(text + n, 8, "%d,", k % 100 + r);
    n += (size_t)snprintf(text + n, 8, "%d\n", r);
  }
  ip_dataset *ds = read_file(put_bytes("data.csv", n, text));
  assert_int_equal(ds->n_in, WIDTH);
  for (size_t k = 0; k < WIDTH; k++)
    assert_true(ds->x[k] == (float)(k % 100) && ds->x[WIDTH + k] == (float)(k % 100 + 1));
  ip_dataset_destroy(&ds);
}

static void random_damage_never_gets_through_unchecked(void **state)
{
  (void)state;
  const char good[] = "u,p(a),p(b),split,\"la\"\"bel\"\n1,0.5,0.5,train,a\n-2e3,1,0,test,\"b\"\n3,0,1,train,a\n";
  const char alphabet[] = ",;\"\n\r\t 0159.-eEnaN#x\0ab";
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (int i = 0; i < 3000; i++) {
    char bad[sizeof good];
    size_t n = sizeof good - 1;
    memcpy(bad, good, n);
    for (uint64_t k = 0; k <= ip_rng_below(&r, 4); k++)
      bad[ip_rng_below(&r, n)] = alphabet[ip_rng_below(&r, sizeof alphabet - 1)];
    ip_dataset_options opt = plain_options(put_bytes("data.csv", i % 5 ? n : ip_rng_below(&r, n), bad));
    survive(&opt);
  }
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  char test[512];
  strcpy(test, put_text("test.csv", "u,p(a),p(b),label\n1,0.5,0.5,a\n"));
  ip_dataset_options opt = plain_options(put_text("data.csv", "u,p(a),p(b),label\n1,0.5,0.5,a\n2,1,0,b\n"));
  opt.test_file = test;
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(fractions_are_classes_only_in_quotes, fresh),
      cmocka_unit_test_setup(separators_quotes_line_ends_headers_and_comments_are_understood, fresh),
      cmocka_unit_test_setup(a_packed_file_is_read_like_a_plain_one, fresh),
      cmocka_unit_test_setup(quoted_labels_may_hold_separators_quotes_and_line_breaks, fresh),
      cmocka_unit_test_setup(the_label_column_goes_by_name_or_number, fresh),
      cmocka_unit_test_setup(classes_are_ordered_by_value_where_all_are_numbers, fresh),
      cmocka_unit_test_setup(numbers_that_differ_in_any_digit_are_classes_of_their_own, fresh),
      cmocka_unit_test_setup(a_test_file_and_a_split_column_hold_rows_out, fresh),
      cmocka_unit_test_setup(soft_labels_and_targets_are_known_by_the_names_of_their_columns, fresh),
      cmocka_unit_test_setup(numbers_of_any_length_and_form_are_read_to_the_nearest_float, fresh),
      cmocka_unit_test_setup(what_is_no_table_of_numbers_is_refused_with_its_line_and_column, fresh),
      cmocka_unit_test_setup(a_written_table_is_short_and_says_what_is_in_it, fresh),
      cmocka_unit_test_setup(inputs_that_float32_cannot_tell_apart_are_remarked_on, fresh),
      cmocka_unit_test_setup(more_classes_than_make_sense_are_refused, fresh),
      cmocka_unit_test_setup(a_long_line_crosses_the_blocks_it_is_read_in, fresh),
      cmocka_unit_test_setup(random_damage_never_gets_through_unchecked, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/csv", tests, make_folder, remove_folder);
}
