/* Groups along a swept key, of sets that are made by hand. */
#include "study/axis.h"

#include "base/test/check.h"

#include <stdio.h>
#include <string.h>

enum { N_KEYS = 4, N_GROUPS = 6 };

/* The batch size goes with beta; the activation does not. */
static const char *const keys[N_KEYS] = {"training.beta", "network.activation", "training.batch_size", "seeds"};
static const char *const values[N_GROUPS][N_KEYS] = {
    {"0.5", "tanh", "64", "a"}, {"10", "tanh", "32", "a"},  {"10", "relu", "32", "a"},
    {"2", "tanh", "64", "a"},   {"0.5", "relu", "64", "a"}, {"1e-3", "relu", "16", "a"},
};

static int create(void **state)
{
  static ip_run_group group[N_GROUPS];
  static ip_run_set set = {.n_keys = N_KEYS, .key = keys, .n_groups = N_GROUPS, .group = group};
  for (size_t g = 0; g < N_GROUPS; g++) group[g].value = values[g];
  *state = &set;
  return ip_scratch_create(&set.sc) == IP_OK ? 0 : -1;
}

static int destroy(void **state)
{
  ip_scratch_destroy(&((ip_run_set *)*state)->sc);
  return 0;
}

static void an_axis_is_found_by_its_name_and_has_numbers(void **state)
{
  static const struct {
    const char *name[3];
    size_t key;
  } cases[] = {
      {{"beta"}, 0},
      {{"training.beta"}, 0},
      {{"batch_size"}, 2},
      {{"batch_size", "beta"}, 0}, /* the first key, not the first name */
      {{"activation"}, N_KEYS},    /* no numbers */
      {{"activation", "batch_size"}, 2},
      {{"eta"}, N_KEYS},
      {{"network.beta"}, N_KEYS},
      {{"seeds"}, N_KEYS},
      {{NULL}, N_KEYS},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(ip_axis_find(*state, cases[i].name), cases[i].key);
}

static void a_key_determines_another_that_has_one_value_for_each_of_its_own(void **state)
{
  static const bool expected[N_KEYS][N_KEYS] = {{1, 0, 1, 1}, {0, 1, 0, 1}, {0, 0, 1, 1}, {0, 0, 0, 1}};
  for (size_t a = 0; a < N_KEYS; a++)
    for (size_t b = 0; b < N_KEYS; b++) assert_int_equal(ip_axis_determines(*state, a, b), expected[a][b]);
}

static void panels_have_their_groups_by_increasing_value(void **state)
{
  static const struct {
    const char *title;
    size_t group[3];
    double value[3];
  } expected[] = {{"activation: tanh", {0, 3, 1}, {0.5, 2, 10}}, {"activation: relu", {5, 4, 2}, {1e-3, 0.5, 10}}};
  ip_run_set *s = *state;
  size_t n;
  ip_axis_panel *panel;
  CHECK_OK(ip_axis_panels(s, 0, s->sc, &n, &panel));
  assert_int_equal(n, 2);
  for (size_t p = 0; p < 2; p++) {
    assert_string_equal(panel[p].title, expected[p].title);
    assert_int_equal(panel[p].n, 3);
    assert_memory_equal(panel[p].group, expected[p].group, sizeof expected[p].group);
    assert_memory_equal(panel[p].value, expected[p].value, sizeof expected[p].value);
  }
  /* along the batch size, beta is another key */
  CHECK_OK(ip_axis_panels(s, 2, s->sc, &n, &panel));
  assert_int_equal(n, 6);
  assert_string_equal(panel[0].title, "beta: 0.5, activation: tanh");
}

/* Every value of an axis is a number; groups with the same number stay in their order. */
static void every_group_counts(void **state)
{
  (void)state;
  static const struct {
    const char *value[3];
    bool is_axis;
  } cases[] = {{{"auto", "1", "2"}, false},
               {{"1", "auto", "2"}, false},
               {{"1", "2", "auto"}, false},
               {{"0.5", "0.25", "5e-1"}, true}};
  static const char *const name[] = {"rate", NULL}, *const key[] = {"training.rate"};
  ip_run_set s = {.n_keys = 1, .key = key, .n_groups = 3, .sc = ((ip_run_set *)*state)->sc};
  size_t n;
  ip_axis_panel *panel;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_run_group group[3] = {{0}};
    for (size_t g = 0; g < 3; g++) group[g].value = &cases[i].value[g];
    s.group = group;
    assert_int_equal(ip_axis_find(&s, name), cases[i].is_axis ? 0 : 1);
    if (!cases[i].is_axis) continue;
    CHECK_OK(ip_axis_panels(&s, 0, s.sc, &n, &panel));
    assert_true(n == 1 && panel->n == 3 && panel->group[0] == 1 && panel->group[1] == 0 && panel->group[2] == 2);
    assert_string_equal(panel->title, "");
  }
}

/* Of what is longer, the first 160 bytes. */
static void titles_have_their_longest(void **state)
{
  (void)state;
  char text[201] = "", expected[161];
  memset(text, 'x', 200);
  const char *const key[] = {"rate", "long"}, *const value[][2] = {{"1", text}, {"1", "short"}};
  ip_run_group group[2] = {{.value = value[0]}, {.value = value[1]}};
  const ip_run_set s = {.n_keys = 2, .key = key, .n_groups = 2, .group = group};
  size_t n;
  ip_axis_panel *panel;
  CHECK_OK(ip_axis_panels(&s, 0, ((ip_run_set *)*state)->sc, &n, &panel));
  assert_int_equal(n, 2);
  snprintf(expected, sizeof expected, "long: %s", text);
  assert_string_equal(panel[0].title, expected);
  assert_string_equal(panel[1].title, "long: short");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_axis_is_found_by_its_name_and_has_numbers),
      cmocka_unit_test(a_key_determines_another_that_has_one_value_for_each_of_its_own),
      cmocka_unit_test(panels_have_their_groups_by_increasing_value),
      cmocka_unit_test(every_group_counts),
      cmocka_unit_test(titles_have_their_longest),
  };
  return cmocka_run_group_tests(tests, create, destroy);
}
