/* Groups of estimates and measures: what is added comes back, in its order, with its units and reasons. */
#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/test/sample_run.h"

enum { EPOCHS = 3, SIZE = EPOCHS * SAMPLE_LAYERS };

static const ip_run_attribute attributes[] = {{.name = "missing_zeta_reason", .text = "layer 2 is constant"},
                                              {.name = "n", .text = "1e+20", .is_number = true, .number = 1e20}};
static const char *const series[] = {"zeta", "alpha", "mu"}, *const units[] = {"bits", "1", "units"};

/* Adds the measure, whose values begin at `offset`, and estimates of the same label. */
static ip_status add(const char *label, double offset, const char *digest, bool keep)
{
  double v[3][SIZE], *const value[] = {v[0], v[1], v[2]};
  for (size_t i = 0; i < 3 * SIZE; i++) v[i / SIZE][i % SIZE] = offset + (double)i;
  static const char *const both[] = {"ixt", "ity"};
  const ip_run_attribute few[] = {{.name = "n_samples", .text = "5", .is_number = true, .number = 5},
                                  {.name = "missing_ity_reason", .text = "too few samples"}};
  const ip_information part[] = {{.part = IP_RUN_MEASURES,
                                  .estimator = label,
                                  .n_epochs = EPOCHS,
                                  .n_layers = SAMPLE_LAYERS,
                                  .n_attributes = 2,
                                  .attribute = attributes,
                                  .n_series = 3,
                                  .series = series,
                                  .unit = units,
                                  .value = value},
                                 {.part = IP_RUN_INFORMATION,
                                  .estimator = label,
                                  .n_epochs = EPOCHS,
                                  .n_layers = SAMPLE_LAYERS,
                                  .n_attributes = 2,
                                  .attribute = few,
                                  .n_series = 2,
                                  .series = both,
                                  .value = value}};
  return ip_run_add_information(temp_path("m.h5"), 2, part, digest, keep);
}

static void check_measure(ip_run *r, const char *label, double offset)
{
  ip_scratch *sc;
  ip_information is, only;
  const char *reason;
  double v[SIZE];
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_measure(r, label, sc, &is));
  CHECK_OK(ip_run_describe_measure(r, label, sc, &only));
  assert_true(is.part == IP_RUN_MEASURES && is.n_epochs == EPOCHS && is.n_layers == SAMPLE_LAYERS && !only.value);
  assert_true(is.n_series == 3 && only.n_series == 3 && is.n_attributes == 2); /* not the list of series */
  assert_string_equal(is.estimator, label);
  for (size_t s = 0; s < 3; s++) {
    assert_string_equal(is.series[s], series[s]);
    assert_string_equal(only.series[s], series[s]);
    assert_string_equal(is.unit[s], units[s]);
    assert_string_equal(only.unit[s], units[s]);
    CHECK_OK(ip_run_read_measure_series(r, label, series[s], v));
    for (size_t i = 0; i < SIZE; i++) assert_true(v[i] == offset + (double)(s * SIZE + i) && is.value[s][i] == v[i]);
  }
  assert_string_equal(is.attribute[0].text, "layer 2 is constant");
  assert_true(!is.attribute[0].is_number && is.attribute[1].is_number && is.attribute[1].number == 1e20);
  assert_string_equal(is.attribute[1].text, "1e+20");
  CHECK_OK(ip_run_read_measure_no_value(r, label, "zeta", sc, &reason));
  assert_string_equal(reason, "layer 2 is constant");
  CHECK_OK(ip_run_read_measure_no_value(r, label, "mu", sc, &reason));
  assert_string_equal(reason, "");
  CHECK_OK(ip_run_read_measure_no_value(r, "none", "zeta", sc, &reason));
  assert_string_equal(reason, "");
  CHECK_OK(ip_run_read_no_value(r, label, "ity", sc, &reason));
  assert_string_equal(reason, "too few samples");
  CHECK_OK(ip_run_read_no_value(r, label, "ixt", sc, &reason));
  assert_string_equal(reason, "");
  CHECK_OK(ip_run_read_measure_series(r, label, "none", v));
  assert_true(isnan(v[0]) && isnan(v[SIZE - 1]));
  CHECK_OK(ip_run_read_information(r, label, sc, &is));
  assert_true(is.part == IP_RUN_INFORMATION && is.n_series == 2 && !is.unit &&
              is.value[1][SIZE - 1] == offset + SIZE - 1);
  assert_int_equal(ip_run_n_estimated(r, label), 5);
  CHECK_FAILS(ip_run_read_measure(r, "none", sc, &is), IP_EINVAL,
              "m.h5: no measure 'none'; the file has first, second");
  ip_scratch_destroy(&sc);
}

/* With the activations and without them, in a file that has some already. */
static void what_is_added_comes_back(void **state)
{
  (void)state;
  for (int keep = 1; keep >= 0; keep--) {
    ip_run *r;
    size_t live = ip_mem_live();
    float t[SAMPLE_N * SAMPLE_WIDTH];
    CHECK_OK(sample_write(temp_path("m.h5"), EPOCHS, EPOCHS));
    CHECK_OK(add("second", 100, "before", true));
    CHECK_OK(add("first", 7, "after", true));
    CHECK_OK(add("second", 200, NULL, keep)); /* replaces the one of this label, and leaves the digest */
    assert_false(temp_exists("m.h5.new"));
    for (int only_series = 0; only_series < 2; only_series++) {
      CHECK_OK(only_series ? ip_run_open_series(temp_path("m.h5"), &r) : ip_run_open(temp_path("m.h5"), &r));
      assert_string_equal(ip_run_head_of(r)->estimate_digest, "after");
      assert_int_equal(ip_run_n_measures(r), 2);
      assert_string_equal(ip_run_measure_name(r, 0), "first");
      assert_string_equal(ip_run_measure_name(r, 1), "second");
      assert_int_equal(ip_run_n_information(r), 2);
      check_measure(r, "first", 7);
      check_measure(r, "second", 200);
      assert_int_equal(ip_run_has_activations(r), keep);
      if (keep)
        CHECK_OK(ip_run_read_activation(r, 0, 2, t));
      else
        CHECK_FAILS(ip_run_read_activation(r, 0, 2, t), IP_EFORMAT, "m.h5: contains no activations");
      ip_run_close(&r);
    }
    assert_int_equal(ip_mem_live(), live);
  }
  CHECK_OK(add("third", 0, "last", false)); /* there is nothing to leave out any more */
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path("m.h5"), &r));
  assert_int_equal(ip_run_n_measures(r), 3);
  assert_string_equal(ip_run_head_of(r)->estimate_digest, "last");
  ip_run_close(&r);
}

/* A measure of another program: no order of its own, no units. */
static void a_measure_without_order_is_in_that_of_the_alphabet(void **state)
{
  (void)state;
  static const double v[2][SIZE] = {{1, 2, 3, 4, 5, 6}, {11, 12, 13, 14, 15, 16}};
  static const char *const orders[] = {NULL, "", "b", "b a", "c b x a"};
  static const bool is_turned[] = {false, false, true, true, true};
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
    ip_h5 *h;
    ip_run *r;
    ip_scratch *sc;
    ip_information is;
    CHECK_OK(sample_write(temp_path("o.h5"), EPOCHS, EPOCHS));
    CHECK_OK(ip_h5_open(temp_path("o.h5"), true, &h));
    CHECK_OK(ip_h5_put(h, "/measures/mine/b", IP_H5_F64, 2, (size_t[]){EPOCHS, SAMPLE_LAYERS}, v[1]));
    CHECK_OK(ip_h5_put(h, "/measures/mine/a", IP_H5_F64, 2, (size_t[]){EPOCHS, SAMPLE_LAYERS}, v[0]));
    if (orders[i]) CHECK_OK(ip_h5_set_text(h, "/measures/mine", "series", orders[i]));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_scratch_create(&sc));
    CHECK_OK(ip_run_open(temp_path("o.h5"), &r));
    CHECK_OK(ip_run_read_measure(r, "mine", sc, &is));
    assert_true(is.n_series == 2 && is.n_attributes == 0 && !*is.unit[0] && !*is.unit[1]);
    for (size_t s = 0; s < 2; s++) {
      bool is_b = is_turned[i] == (s == 0);
      if (strcmp(is.series[s], is_b ? "b" : "a") != 0) fail_msg("order %zu: series %zu is %s", i, s, is.series[s]);
      assert_memory_equal(is.value[s], v[is_b], sizeof v[0]);
    }
    ip_run_close(&r);
    ip_scratch_destroy(&sc);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_added_comes_back),
      cmocka_unit_test(a_measure_without_order_is_in_that_of_the_alphabet),
  };
  return cmocka_run_group_tests_name("runfile/parts", tests, temp_create, temp_remove);
}
