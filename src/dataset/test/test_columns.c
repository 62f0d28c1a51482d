/* CSV files as other programs write them: which column is what, and numbers that float32 cannot hold. */
#include "dataset/test/files.h"

#include <math.h>

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  return 0;
}

static ip_dataset_options csv_options(const char *text)
{
  return plain_options(put_text("data.csv", text));
}

/* Inputs, classes and targets as "1 2;3 4 | a b | 7 8": x rows, labels, targets. */
static void describe(const ip_dataset *ds, size_t room, char *to)
{
  size_t at = 0;
  for (size_t r = 0; r < ds->n; r++) {
    if (r) at += (size_t)snprintf(to + at, room - at, ";");
    for (size_t k = 0; k < ds->n_in; k++)
      at += (size_t)snprintf(to + at, room - at, "%s%g", k ? " " : "", (double)ds->x[r * ds->n_in + k]);
  }
  for (size_t r = 0; r < ds->n; r++)
    at += (size_t)snprintf(to + at, room - at, "%s%s", r ? " " : " | ", ds->class_name[ds->y[r]]);
  for (size_t i = 0; i < ds->n * ds->n_targets; i++)
    at += (size_t)snprintf(to + at, room - at, "%s%g", i ? " " : " | ", (double)ds->targets[i]);
}

static void check_dataset(const ip_dataset_options *opt, const char *expected, const char *remark)
{
  char got[400] = "";
  ip_dataset *ds = read_with(opt);
  describe(ds, sizeof got, got);
  if (strcmp(got, expected) != 0) fail_msg("got %s, expected %s", got, expected);
  if (remark) {
    char line[400];
    snprintf(line, sizeof line, "%s: read as: %s\n", opt->name, remark);
    assert_string_equal(ds->remark, line);
  }
  ip_dataset_destroy(&ds);
}

static void columns_are_found_by_their_names(void **state)
{
  (void)state;
  const struct {
    const char *text, *dataset, *remark;
  } list[] = {
      {"0,1,label\n5.5,3,A\n4,1,B\n", "5.5 3;4 1 | A B",
       "a first line of names, some of them numbers, labels in column label"},
      {"sensor,target2_dist,label\n1,3,A\n2,5,B\n", "1 3;2 5 | A B", "a first line of names, labels in column label"},
      {"sensor,targets,label\n1,3,A\n2,5,B\n", "1 3;2 5 | A B", "a first line of names, labels in column label"},
      {"target,u,v\nA,1,2\nB,3,4\n", "1 2;3 4 | A B", "a first line of names, labels in column target"},
      {",a,b,label\n0,5.5,3,A\n1,4,1,B\n", "5.5 3;4 1 | A B",
       "a first line of names, labels in column label, column 1 left out as an index"},
      {"Unnamed: 0,a,label\n0,5,A\n1,4,B\n", "5;4 | A B",
       "a first line of names, labels in column label, column 1 left out as an index"},
      {"Label,p0,p1\n5,0,9\n0,9,0\n", "0 9;9 0 | 5 0", "a first line of names, labels in column Label"},
      {"class,label,u\n1,a,2\n2,b,3\n", "1 2;2 3 | a b",
       "a first line of names, labels in column label"}, /* label before class */
      {"x,y,kind\n1,2,a\n3,4,b\n", "1 2;3 4 | a b", "a first line of names, labels in column kind"}, /* the last */
      {"u,target1,target2\n1,5,6\n2,7,8\n", "1;2 | 0 0 | 5 6 7 8",
       "a first line of names, no labels, 2 targets by name"},
      {"u,target7\n1,5\n2,7\n", "1;2 | 0 0 | 5 7", "a first line of names, no labels, 1 target by name"},
      {"u;v;label\n0,5;1,25;A\n1;2;B\n", "0.5 1.25;1 2 | A B",
       "semicolons between cells, decimal commas, a first line of names, labels in column label"},
      {"1,2,1.0\n3,4,0.0\n5,6,01\n", "1 2;3 4;5 6 | 1 0 1", "labels in column 3"},
      {"1,5;-1\n2;1,0\n3;1\n4;\"0,5\"\n", "1.5;2;3;4 | -1 1 1 0.5",
       "semicolons between cells, decimal commas, labels in column 2"},
      {"1,True\n2,False\n", "1;2 | True False", "labels in column 2"},
      {"1,\"NA\"\n2,b\n", "1;2 | NA b", "labels in column 2"},
      {"1,2,a,\r\n3,4,b,\r\n", "1 2;3 4 | a b", "nothing behind the last separator of each line, labels in column 3"},
      {"1|2|a\r3|4|b\r", "1 2;3 4 | a b", "pipes between cells, labels in column 3"},
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    ip_dataset_options opt = csv_options(list[i].text);
    check_dataset(&opt, list[i].dataset, list[i].remark);
  }
}

static void options_name_what_is_guessed_wrongly(void **state)
{
  (void)state;
  ip_dataset_options opt = csv_options("id,u,v,w\n9,1,2,3\n8,4,5,6\n");
  opt.index_column = (char[]){"id"};
  opt.target_columns = (char[]){"u, 4"};
  opt.label_column = (char[]){"none"};
  check_dataset(&opt, "2;5 | 0 0 | 1 3 4 6", "a first line of names");
  opt.target_columns = (char[]){"u,z"};
  refuse_with(&opt, IP_ECONFIG, "target_columns: unknown column 'z'", "data.csv");
  opt.target_columns = (char[]){"none"};
  refuse_with(&opt, IP_ECONFIG, "neither labels nor targets", "set label_column or target_columns");
  opt = csv_options(",target1,label\n7,5,a\n");
  opt.index_column = opt.target_columns = (char[]){"none"};
  check_dataset(&opt, "7 5 | a", "a first line of names, labels in column label");
  opt = csv_options("split,target1,label\n7,5,a\n");
  opt.named_columns = false;
  check_dataset(&opt, "7 5 | a", "a first line of names, labels in column label");
  opt = csv_options("split,u,label\n7,5,a\n");
  refuse_with(&opt, IP_EFORMAT, "data.csv:2:1: column split: expected train or test", "set named_columns to false");
  opt = csv_options("0,1,2\n5,6,7\n");
  refuse_with(&opt, IP_EFORMAT, "set header to yes or no", "data.csv");
  opt.text.header = IP_HEADER_YES;
  check_dataset(&opt, "5 6 | 7", "labels in column 2");
  opt = csv_options("1,234;a\n");
  opt.text.decimal = IP_DECIMAL_COMMA;
  check_dataset(&opt, "1.234 | a", "semicolons between cells, labels in column 2");
  opt = csv_options("u,u,label\n1,2,a\n");
  refuse_with(&opt, IP_EFORMAT, "columns 1 and 2 have the same name, 'u'", "data.csv");
  opt.text.separator = IP_SEPARATOR_TAB;
  refuse_with(&opt, IP_EFORMAT, "none of them an input", "data.csv");
  opt = ip_dataset_options_default();
  opt.text.decimal = IP_DECIMAL_COMMA;
  refuse_with(&opt, IP_ECONFIG, "decimal is for datasets from files", "sphere");
}

static void cells_that_do_not_fit_their_column_are_refused_with_their_place(void **state)
{
  (void)state;
  const struct {
    const char *text, *message;
  } list[] = {
      {"u,p(1),p(1.0)\n1,0,1\n", "data.csv: column 3, p(1.0): each class needs one such column"},
      {"u,p(a),p(b),label\n1,1,0,a\n2,0.5,0.5,c\n",
       "data.csv:3:11: the label 'c' is none of the classes that the columns p(...) name"},
      {"u,label\n1,a\n2,NA\n",
       "data.csv:3:3: the label is NA, a missing value; expected a class (remove the sample, or "},
      {"u,label\n1,inf\n", "data.csv:2:3: the label is inf; expected a class"},
      {"u,label\n1,a\n2,\n", "data.csv:3:3: empty label; expected a class"},
      {"u,target1\n1,1\n2,1e39\n", "data.csv:3:3: column target1: expected a finite number below 3.4e38, got '1e39'"},
      {"u,p(a),p(b)\n1,1,0\n2,-1e39,0\n", "data.csv:3:3: column p(a): expected a finite number below 3.4e38"},
      {"u,v,label\n1,2,a\n3,-4e38,b\n", "data.csv:3:3: column v: expected a finite number below 3.4e38, got '-4e38'"},
      {"u,split,label\n1,train,a\n2,Test,b\n", "data.csv:3:3: column split: expected train or test, got 'Test'"},
      {"label\na\n", "data.csv: has 1 column, none of them an input; expected inputs and a label"},
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    ip_dataset_options opt = csv_options(list[i].text);
    refuse_with(&opt, IP_EFORMAT, list[i].message, "");
  }
  ip_dataset_options opt = csv_options("u,target1\n1,3.4028234663852886e38\n"); /* the largest */
  ip_dataset *ds = read_with(&opt);
  assert_true(ds->targets[0] == 3.4028234663852886e38F);
  ip_dataset_destroy(&ds);
  static const struct {
    const char *text, *column, *message;
  } unknown[] = {{"1,2\n3,4\n", "z",
                  "label_column: unknown column 'z'; expected a number from 1 to 2, because the file has no header"},
                 {"1,2\n3,4\n", "3", "label_column: unknown column '3'; expected a number from 1 to 2"},
                 {"1,2\n3,4\n", "0", "label_column: unknown column '0'; expected a number from 1 to 2"},
                 {"abc,label\n1,a\n", "zzzzz",
                  "unknown column 'zzzzz'; expected a name of the first line or a number from 1 to 2"},
                 {"abc,kind\n1,a\n", "knd", "label_column: unknown column 'knd'; did you mean 'kind'?"}};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    char column[8];
    snprintf(column, sizeof column, "%s", unknown[i].column);
    opt = csv_options(unknown[i].text);
    opt.label_column = column;
    refuse_with(&opt, IP_ECONFIG, unknown[i].message, "data.csv: ");
  }
  opt = csv_options("1,2\n3,4\n");
  for (char c = '1'; c <= '2'; c++) { /* by the first and the last number */
    opt.label_column = (char[]){c, 0};
    check_dataset(&opt, c == '1' ? "2;4 | 1 3" : "1;3 | 2 4", NULL);
  }
}

static void a_test_file_has_the_columns_of_the_training_file_in_any_order(void **state)
{
  (void)state;
  const struct {
    const char *train, *test, *dataset; /* dataset: NULL when it is refused */
    const char *message;
  } list[] = {
      {"u,v,label\n1,2,a\n", "v,label,u\n20,b,10\n", "1 2;10 20 | a b", NULL},
      {",u,label\n0,1,a\n", "label,u\nb,10\n", "1;10 | a b", NULL},
      {"u,label\n1,a\n", ",u,label\n0,10,b\n", "1;10 | a b", NULL},
      {"u,target1,target2\n1,5,6\n", "target2,u,target1\n60,10,50\n", "1;10 | 0 0 | 5 6 50 60", NULL},
      {"u,p(a),p(b)\n1,1,0\n", "p(b),p(a),u\n1,0,10\n", "1;10 | a b", NULL},
      {"u;label\n0,5;a\n", "u,label\n1.5,b\n", "0.5;1.5 | a b", NULL},
      {"u,v,label\n1,2,a\n", "u,w,label\n1,2,a\n", NULL, "column 'w' is not in"},
      {"u,v,label\n1,2,a\n", "u,label\n1,a\n", NULL, "has no column 'v'"},
      {"u,v,label\n1,2,a\n", "1,2,a\n", NULL, "its first line is a sample, that of"},
      {"1,2,a\n", "u,v,label\n1,2,a\n", NULL, "its first line is a header, that of"},
      {"1,2,a\n", "1,a\n", NULL, "its lines have 2 cells, those of"},
      {"1,2,a\n", "3,4,b\n", "1 2;3 4 | a b", NULL},
      {"u,split,label\n1,train,a\n", "u,label\n10,b\n", "1;10 | a b", NULL}, /* the split is that of the files */
      {"u,label\n1,a\n", "u,split,label\n10,x,b\n", NULL, "column 'split' is not in"},
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    ip_dataset_options opt = csv_options(list[i].train);
    char test[512];
    strcpy(test, put_text("test.csv", list[i].test));
    opt.test_file = test;
    if (list[i].dataset)
      check_dataset(&opt, list[i].dataset, NULL);
    else
      refuse_with(&opt, IP_EFORMAT, list[i].message, "test.csv");
  }
}

static void names_of_files_end_in_any_case(void **state)
{
  (void)state;
  const char text[] = "1,2,a\n";
  const char *const names[] = {"A.CSV", "a.Txt", "a.TSV", "a.psv"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ip_dataset_options opt = plain_options(put_text(names[i], text));
    check_dataset(&opt, "1 2 | a", NULL);
  }
  const char *const packed[] = {"a.TSV.GZ", "a.txt.gz", "a.csv.GZ"};
  for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
    ip_dataset_options opt = plain_options(put_packed(packed[i], sizeof text - 1, text));
    check_dataset(&opt, "1 2 | a", NULL);
  }
}

static void missing_values_and_thousands_are_refused_with_their_place(void **state)
{
  (void)state;
  const struct {
    const char *text, *message;
  } list[] = {
      {"u,v,label\n1,NA,a\n", "data.csv:2:3: column v: a missing value, 'NA'"},
      {"u,v,label\n1,2,a\n1,?,a\n", "data.csv:3:3: column v: a missing value, '?'"},
      {"1,2,a\n3,null,b\n", "data.csv:2:3: column 2: a missing value, 'null'"},
      {"1,2,a\n3,4,NA\n", "data.csv:2:5: the label is NA, a missing value"},
      {"u,label\n\"1,234,567\",a\n",
       "data.csv:2:1: column u: expected a number, got '1,234,567'; write numbers without"},
      {"u,label\n\"1,234\",a\n", "data.csv:2:1: '1,234' has a decimal comma or a thousands separator"},
      {"u;v;label\n1.5;0,5;a\n",
       "data.csv:2:5: column v: expected a number, got '0,5'; for decimal commas, set decimal"},
      {"u,label\n\"1\n\",a\n2,b\nx,c\n", "data.csv:2:1: column u: expected a number, got '1"},
      {"u,label\n1,a\n\n#\n\"2\",\"b\nc\"\nx,c\n", "data.csv:7:1: column u: expected a number, got 'x'"},
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    refuse(put_text("data.csv", list[i].text), IP_EFORMAT, list[i].message);
}

/* --- Precision */

enum { N = 200 };

static char *put_timestamps(void)
{
  static char text[N * 16];
  size_t n = 0;
  for (int i = 0; i < N; i++) n += (size_t)snprintf(text + n, sizeof text - n, "%d,%d\n", 1700000000 + i, i % 2);
  return put_bytes("data.csv", n, text);
}

static void inputs_are_told_apart_by_the_numbers_of_the_file(void **state)
{
  (void)state;
  ip_dataset_information info;
  ip_dataset *ds = read_file(put_timestamps());
  assert_int_equal(ds->n_x, N);
  CHECK_OK(ip_dataset_measure(ds, &info));
  CHECK_NEAR(info.hx_bits, log2(N), 1e-12);
  CHECK_NEAR(info.hy_given_x_bits, 0, 1e-12);
  assert_non_null(strstr(ds->remark, "warning: 200 distinct inputs become 3 as float32"));
  assert_null(ds->exact);
  ip_dataset_destroy(&ds);
  ds = read_file(put_text("data.csv", "0.1,a\n0.10,b\n1e-1,a\n-0,a\n0,a\n0.1000000001,a\n"));
  const uint32_t id[] = {0, 0, 0, 1, 1, 2};
  assert_memory_equal(ds->x_id, id, sizeof id);
  assert_false(signbit(ds->x[3]));
  ip_dataset_destroy(&ds);
}

/* (x - mean) / sd of 0 ... N - 1, and (x - low) / (high - low), computed here without the large offset. */
static void inputs_are_scaled_before_they_are_narrowed(void **state)
{
  (void)state;
  ip_dataset_options opt = plain_options(put_timestamps());
  double mean = (N - 1) / 2.0, sd = sqrt((N * (double)N - 1) / 12);
  const int scales[] = {IP_SCALE_STANDARD, IP_SCALE_UNIT, IP_SCALE_SYMMETRIC};
  for (size_t s = 0; s < 3; s++) {
    opt.scale = scales[s];
    ip_dataset *ds = read_with(&opt);
    for (int i = 0; i < N; i++) {
      double unit = i / (N - 1.0), v = s == 0 ? (i - mean) / sd : s == 1 ? unit : 2 * unit - 1;
      CHECK_NEAR((double)ds->x[i], v, 1e-7 * (1 + fabs(v)));
    }
    assert_int_equal(ds->n_x, N);
    assert_null(strstr(ds->remark, "warning"));
    ip_dataset_destroy(&ds);
  }
  opt = csv_options("1e300,a\n2e300,b\n");
  refuse_with(&opt, IP_EFORMAT, "data.csv:1:1: column 1: expected a finite number below 3.4e38", "1e300");
  opt.scale = IP_SCALE_UNIT;
  check_dataset(&opt, "0;1 | a b", NULL);
}

static void limits_keep_the_numbers_of_their_rows(void **state)
{
  (void)state;
  ip_dataset_options opt = plain_options(put_timestamps());
  opt.split = IP_SPLIT_BY_FIRST;
  opt.max_train = 50;
  opt.scale = IP_SCALE_UNIT;
  ip_dataset *ds = read_with(&opt);
  assert_int_equal(ds->n, 50);
  assert_int_equal(ds->n_x, 50);
  assert_true(ds->x[0] == 0 && ds->x[49] == 1);
  ip_dataset_destroy(&ds);
  opt.train_fraction = 0.5; /* the test rows, 100 to 199, move up to row 50 */
  ds = read_with(&opt);
  assert_int_equal(ds->n, 150);
  for (int i = 0; i < 150; i++) CHECK_NEAR((double)ds->x[i], (i < 50 ? i : i + 50) / 49.0, 1e-6);
  ip_dataset_destroy(&ds);
}

/* 0.145 * 200 is 28.999999999999996 in double. */
static void a_fraction_that_is_whole_but_for_rounding_is_whole(void **state)
{
  (void)state;
  const struct {
    double fraction;
    size_t n;
  } known[] = {{0.145, 29}, {0.57, 114}, {0.1449, 28}, {0.5, 100}, {0.001, 1}, {1, 200}};
  ip_dataset_options opt = plain_options(put_timestamps());
  opt.scale = IP_SCALE_UNIT;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    opt.train_fraction = known[i].fraction;
    ip_dataset *ds = read_with(&opt);
    assert_int_equal(ds->n_train, known[i].n);
    ip_dataset_destroy(&ds);
  }
}

static void random_damage_to_names_and_options_never_gets_through(void **state)
{
  (void)state;
  const char good[] = ",u,target1,p(a),p(b),split,label\n0,0.1,5,0.5,0.5,train,a\n1,1e9,6,1,0,test,\"b\"\n";
  const char alphabet[] = ",;|\"\n\r\t 0159.-eEnaN#x\0targetsplilabel()";
  uint64_t at = 12345;
  for (int i = 0; i < 3000; i++) {
    char bad[sizeof good];
    memcpy(bad, good, sizeof good);
    for (int k = 0; k <= i % 4; k++) {
      at = at * 6364136223846793005u + 1442695040888963407u;
      bad[(at >> 33) % (sizeof good - 1)] = alphabet[(at >> 20) % (sizeof alphabet - 1)];
    }
    ip_dataset_options opt = plain_options(put_bytes("data.csv", sizeof good - 1, bad));
    opt.scale = i % 5;
    opt.text.header = i % 3;
    survive(&opt);
  }
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  char test[512];
  strcpy(test, put_text("test.csv", "target1,label,u\n1,a,1700000001\n"));
  ip_dataset_options opt = csv_options(",u,target1,label\n0,1700000000,5,b\n1,1700000001,6,a\n");
  opt.test_file = test;
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(columns_are_found_by_their_names, fresh),
      cmocka_unit_test_setup(options_name_what_is_guessed_wrongly, fresh),
      cmocka_unit_test_setup(cells_that_do_not_fit_their_column_are_refused_with_their_place, fresh),
      cmocka_unit_test_setup(a_test_file_has_the_columns_of_the_training_file_in_any_order, fresh),
      cmocka_unit_test_setup(names_of_files_end_in_any_case, fresh),
      cmocka_unit_test_setup(missing_values_and_thousands_are_refused_with_their_place, fresh),
      cmocka_unit_test_setup(inputs_are_told_apart_by_the_numbers_of_the_file, fresh),
      cmocka_unit_test_setup(inputs_are_scaled_before_they_are_narrowed, fresh),
      cmocka_unit_test_setup(limits_keep_the_numbers_of_their_rows, fresh),
      cmocka_unit_test_setup(a_fraction_that_is_whole_but_for_rounding_is_whole, fresh),
      cmocka_unit_test_setup(random_damage_to_names_and_options_never_gets_through, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/columns", tests, make_folder, remove_folder);
}
