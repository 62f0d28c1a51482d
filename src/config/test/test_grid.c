#include "config/grid.h"

#include "config/test/table.h"

#include <stdlib.h>

static ip_grid *grid_of(ip_config *c)
{
  ip_grid *g;
  CHECK_OK(ip_grid_create(c, &g));
  CHECK_OK(ip_config_check(c));
  return g;
}

/* The value of a key at point k. */
static void check_point(const ip_config *c, const ip_grid *g, size_t k, const char *key, const char *want)
{
  ip_config *point;
  char *text;
  CHECK_OK(ip_config_copy(c, &point));
  CHECK_OK(ip_grid_apply(g, k, point));
  CHECK_OK(ip_config_value_text(point, key, &text));
  assert_string_equal(text, want);
  ip_free(text);
  ip_config_destroy(&point);
}

static void points_are_the_product_with_the_last_axis_fastest(void **state)
{
  (void)state;
  ip_config *c = read_text("sweep:\n  network.hidden: [[10, 7], [10, 7, 5]]\n  network.colour: [red, green, blue]\n");
  ip_grid *g = grid_of(c);
  assert_int_equal(g->n_axes, 2);
  assert_int_equal(ip_grid_count(g), 6);
  assert_string_equal(g->axis[0].key[0], "network.hidden");
  assert_string_equal(g->axis[0].value[0][1], "[10, 7, 5]");
  static const char *const want[] = {"red", "green", "blue"};
  for (size_t k = 0; k < 6; k++) {
    size_t place[2];
    ip_grid_place(g, k, place);
    assert_true(place[0] == k / 3 && place[1] == k % 3);
    check_point(c, g, k, "network.hidden", k < 3 ? "[10, 7]" : "[10, 7, 5]");
    check_point(c, g, k, "network.colour", want[k % 3]);
    check_point(c, g, k, "training.epochs", "8000");
  }
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

static void without_a_sweep_there_is_one_point(void **state)
{
  (void)state;
  static const char *const none[] = {"name: x", "sweep:\n", "sweep: {}\n"};
  for (size_t i = 0; i < 3; i++) {
    ip_config *c = read_text(none[i]);
    ip_grid *g = grid_of(c);
    assert_int_equal(g->n_axes, 0);
    assert_int_equal(ip_grid_count(g), 1);
    ip_grid_place(g, 0, NULL);
    check_point(c, g, 0, "training.epochs", "8000");
    ip_grid_destroy(&g);
    ip_config_destroy(&c);
  }
}

static void keys_in_a_zip_change_together(void **state)
{
  (void)state;
  ip_config *c =
      read_text("sweep:\n  training.loud: [true, false]\n"
                "  zip:\n    training.epochs: [1, 2, 3]\n    training.rate: {from: 0.1, to: 0.3, count: 3}\n");
  ip_grid *g = grid_of(c);
  assert_int_equal(ip_grid_count(g), 6);
  assert_int_equal(g->axis[1].n_keys, 2);
  check_point(c, g, 4, "training.loud", "false");
  check_point(c, g, 4, "training.epochs", "2");
  check_point(c, g, 4, "training.rate", "0.2");
  ip_grid_destroy(&g);
  ip_config_destroy(&c);

  c = read_text("sweep:\n  zip:\n  - {training.epochs: [1, 2], training.rate: [0.1, 0.2]}\n"
                "  - {training.small: [7, 7, 8], seed: [1, 2, 3]}\n");
  g = grid_of(c);
  assert_int_equal(ip_grid_count(g), 6);
  check_point(c, g, 4, "training.rate", "0.2");
  check_point(c, g, 4, "training.small", "7");
  check_point(c, g, 4, "seed", "2");
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

static void check_axis(const char *text, size_t n, const char *const *want)
{
  ip_config *c = read_text(text);
  ip_grid *g = grid_of(c);
  assert_int_equal(g->axis[0].n, n);
  for (size_t i = 0; i < n; i++) assert_string_equal(g->axis[0].value[0][i], want[i]);
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

static void ranges_have_round_values_and_exact_ends(void **state)
{
  (void)state;
  static const char *const tenths[] = {"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"},
                           *const decades[] = {"1.0e-09", "1.0e-08", "1.0e-07", "1.0e-06", "1.0e-05",
                                               "0.0001",  "0.001",   "0.01",    "0.1",     "1"},
                           *const whole[] = {"1", "4", "7", "10"}, *const powers[] = {"1", "10", "100", "1000"},
                           *const ends[] = {"0.12345678901234568", "0.9876543210987654"};
  check_axis("sweep: {training.rate: {from: 0.1, to: 1, count: 10}}", 10, tenths);
  check_axis("sweep: {training.rate: {from: 1e-9, to: 1, count: 10, scale: log}}", 10, decades);
  check_axis("sweep: {training.epochs: {from: 1, to: 10, count: 4, scale: linear}}", 4, whole);
  check_axis("sweep: {training.epochs: {from: 1, to: 1000, count: 4, scale: log}}", 4, powers);
  check_axis("sweep: {training.rate: {from: 0.12345678901234568, to: 0.98765432109876543, count: 2}}", 2, ends);
}

static void refuse(const char *text, const char *message)
{
  ip_config *c = read_text(text);
  ip_grid *g;
  CHECK_OK(ip_grid_create(c, &g));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, message);
  assert_int_equal(ip_grid_count(g), 1); /* no half of a grid is left to be run by mistake */
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

/* Every {text, message} of `wrong` (n) as the value of sweep, between `before` and `after`. */
static void refuse_sweeps(const char *before, const char *after, size_t n, const char *const (*wrong)[2])
{
  for (size_t i = 0; i < n; i++) {
    char text[256];
    snprintf(text, sizeof text, "sweep: %s%s%s\n", before, wrong[i][0], after);
    refuse(text, wrong[i][1]);
  }
}

static void wrong_axes_are_told_with_their_places(void **state)
{
  (void)state;
  static const char *const wrong[][2] = {
      {"{network.hiden: [[1]]}", "1:9: error: unknown key 'network.hiden'; did you mean 'network.hidden'?"},
      {"{qwertyuiop: [1]}", "1:9: error: unknown key 'qwertyuiop'"},
      {"{network: {colour: [red]}}",
       "1:9: error: 'network' is a section; its keys are named in full, as in network.hidden"},
      {"{training.epochs: []}", "1:26: error: training.epochs: the list of values is empty"},
      {"{training.epochs: 5}",
       "training.epochs: expected a list of values or a range {from, to, count, scale}, got '5'"},
      {"{training.epochs: }", "expected a list of values or a range {from, to, count, scale}, got nothing"},
      {"{training.epochs: [1, 1e3]}", "1:30: error: training.epochs: expected an integer, got '1e3'"},
      {"{training.epochs: [1, 0]}", "training.epochs: expected an integer of at least 1, got '0'"},
      {"{network.colour: [red, pink]}", "network.colour: expected red, green or blue, got 'pink'"},
      {"{network.hidden: [10, 7]}", "network.hidden: expected a list of integers, such as [10, 7, 5], got '10'"},
      {"{network.hidden: {from: 1, to: 2, count: 2}}", "network.hidden: a range requires a numeric key; use a list"},
      {"{training.epochs: [3, 4, +3]}", "training.epochs: duplicate value 3; to train a point with several seeds"},
      {"{training.epochs: [3], training.epochs: [4]}", "duplicate key 'training.epochs'"},
      {"{training.epochs: [3], zip: {training.epochs: [4]}}", "training.epochs: is swept twice, first in line 1"},
      {"{name: [a, b]}", "1:9: error: name: cannot be swept because it does not affect training"},
      {"{specs: [[a], [b]]}", "specs: cannot be swept"},
      {"{zip: {training.epochs: [1, 2], training.rate: [0.1]}}",
       "training.rate: got 1 values, expected 2 as in training.epochs; lists in a zip must have equal length"},
      {"{zip: {training.epochs: [1, 1], training.rate: [0.1, 0.1]}}", "training.epochs: duplicate value 1"},
      {"{zip: 5}", "zip: expected a mapping of keys to lists of equal length, got '5'"},
      {"{zip: {}}", "zip: expected a mapping of keys to lists of equal length, got a mapping"},
      {"{zip: [5]}", "zip: expected a mapping"},
      {"{zip: {network.hiden: [[1]], training.rate: [0.1, 0.2]}}", "unknown key 'network.hiden'"},
  };
  refuse_sweeps("", "", sizeof wrong / sizeof *wrong, wrong);
}

static void wrong_ranges_are_told_with_their_places(void **state)
{
  (void)state;
  static const char *const wrong[][2] = {
      {"from: 2, to: 1, count: 3", "1:24: error: training.rate: range: got from 2 to 1, expected from < to"},
      {"from: 1, to: 1, count: 3", "range: got from 1 to 1, expected from < to"},
      {"from: 0, to: 1, count: 3, scale: log", "logarithmic range: expected from > 0, got 0"},
      {"from: -1, to: 1, count: 3, scale: log", "logarithmic range: expected from > 0, got -1"},
      {"from: 0.1, to: 1", "incomplete range; expected from, to and count, as in {from: 0.1, to: 0.9, count: 5}"},
      {"from: 0.1, to: 1, count: 1", "training.rate: expected an integer in [2, 100000], got '1'"},
      {"from: 0.1, to: 1, count: 1e9", "training.rate: expected an integer, got '1e9'"},
      {"from: 0.1, to: 1, count: 9999999", "expected an integer in [2, 100000], got '9999999'"},
      {"from: nan, to: 1, count: 3", "training.rate: expected a number, got 'nan'"},
      {"from: 0.1, to: 1, count: 3, scale: lin", "expected linear or log, got 'lin'"},
      {"from: 0.1, to: 1, step: 0.1",
       "1:43: error: training.rate: unknown key 'step' of a range; expected from, to, count and scale"},
      {"from: 0, to: 1, count: 3", "training.rate: expected a number in (0, 1], got '0'"},
      {"from: 0.5, to: 2, count: 3", "training.rate: expected a number in (0, 1], got '1.25'"},
  };
  refuse_sweeps("{training.rate: {", "}}", sizeof wrong / sizeof *wrong, wrong);
  refuse("sweep: {training.epochs: {from: 1, to: 4, count: 10}}", "training.epochs: duplicate value 1");
}

static void an_override_of_a_swept_key_is_refused(void **state)
{
  (void)state;
  ip_config *c = read_text("training: {epochs: 7}\nsweep:\n  training.epochs: [1, 2]\n");
  CHECK_OK(ip_config_set(c, "training.epochs=3"));
  ip_grid *g;
  CHECK_OK(ip_grid_create(c, &g));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "--set training.epochs=3: error: training.epochs: is swept in f.yaml:3");
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

/* 20000^4 * 201 points: more than there are numbers, and only the axes are in memory. */
static void grids_are_counted_to_the_end_of_numbers(void **state)
{
  (void)state;
  ip_config *c = read_text("sweep:\n  training.small: {from: -100, to: 100, count: 201}\n"
                           "  seed: {from: 1, to: 1000000, count: 20000}\n"
                           "  training.epochs: {from: 1, to: 1000000, count: 20000}\n"
                           "  training.rate: {from: 0.5, to: 1, count: 20000}\n"
                           "  training.noise: {from: 0, to: 1, count: 20000}\n");
  ip_grid *g = grid_of(c);
  assert_true(ip_grid_count(g) == SIZE_MAX);
  size_t place[5], k = (size_t)123 * 20000 * 20000 * 20000 + 7 * 20000 + 5;
  ip_grid_place(g, k, place);
  assert_true(place[0] == 0 && place[1] == 123 && place[2] == 0 && place[3] == 7 && place[4] == 5);
  check_point(c, g, k, "training.small", "-100");
  check_point(c, g, k, "training.noise", "0.000250012500625");
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

static ip_status make(ip_config *c, ip_config **point, ip_grid **g)
{
  *point = NULL;
  *g = NULL;
  IP_TRY(ip_grid_create(c, g));
  IP_TRY(ip_config_copy(c, point));
  return ip_grid_apply(*g, 3, *point);
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state)
{
  (void)state;
  ip_config *c = read_text("sweep:\n  network.hidden: [[1], [2, 3]]\n  zip: {network.shade: [red, blue], "
                           "training.rate: {from: 0.1, to: 1, count: 2}}\n"),
            *point;
  ip_grid *g;
  CHECK_EVERY_ALLOCATION(make(c, &point, &g), (ip_grid_destroy(&g), ip_config_destroy(&point)));
  ip_config_destroy(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_are_the_product_with_the_last_axis_fastest),
      cmocka_unit_test(without_a_sweep_there_is_one_point),
      cmocka_unit_test(keys_in_a_zip_change_together),
      cmocka_unit_test(ranges_have_round_values_and_exact_ends),
      cmocka_unit_test(wrong_axes_are_told_with_their_places),
      cmocka_unit_test(wrong_ranges_are_told_with_their_places),
      cmocka_unit_test(an_override_of_a_swept_key_is_refused),
      cmocka_unit_test(grids_are_counted_to_the_end_of_numbers),
      cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
