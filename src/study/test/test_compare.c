/* Two sets of runs are compared in pairs of the same seed and point; the values are known in closed form. */
#include "study/compare.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <math.h>

static const char tanh_config[] = "network: {activation: tanh}\ntraining: {learning_rate: 0.1}\n";
static const char relu_config[] = "network: {activation: relu}\ntraining: {learning_rate: 0.1}\n";
static const char slow_config[] = "network: {activation: tanh}\ntraining: {learning_rate: 0.2}\n";

/* I(X;T) of estimator edges is shifted by 0.1, 0.3 in A and by 0.2, 0.6 in B for seeds 1 and 2; seed 3 is in A alone.
 */
static const made_run runs[] = {
    {.file = "a1.h5", .experiment = "a", .config = tanh_config, .seed = 1, .n_epochs = 5, .shift = 0.1},
    {.file = "a2.h5", .experiment = "a", .config = tanh_config, .seed = 2, .n_epochs = 5, .shift = 0.3},
    {.file = "a3.h5", .experiment = "a", .config = tanh_config, .seed = 3, .n_epochs = 5, .shift = 0.9},
    {.file = "r1.h5", .experiment = "a", .config = relu_config, .seed = 1, .n_epochs = 5, .shift = 0},
    {.file = "b1.h5", .experiment = "b", .config = slow_config, .seed = 1, .n_epochs = 4, .shift = 0.2},
    {.file = "b2.h5", .experiment = "b", .config = slow_config, .seed = 2, .n_epochs = 4, .shift = 0.6},
    {.file = "none.h5", .experiment = "b", .config = slow_config, .seed = 1, .n_epochs = 4, .no_information = true},
};
enum { A1, A2, A3, R1, B1, B2, NONE, N_RUNS };

static const char *paths[N_RUNS];

static int write_runs(void **state)
{
  (void)state;
  static char path[N_RUNS][512];
  if (temp_create(state)) return 1;
  for (size_t i = 0; i < N_RUNS; i++) {
    if (made_write(&runs[i]) != IP_OK) return 1;
    snprintf(path[i], sizeof path[i], "%s", temp_path(runs[i].file));
    paths[i] = path[i];
  }
  return 0;
}

static const ip_compared *find(const ip_comparison *c, const char *layer, const char *source, const char *quantity)
{
  for (size_t i = 0; i < c->n; i++)
    if (!strcmp(c->row[i].layer, layer) && !strcmp(c->row[i].source, source) && !strcmp(c->row[i].quantity, quantity))
      return &c->row[i];
  return NULL;
}

static void differences_are_paired_by_seed(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_comparison c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_compare_runs(3, &paths[A1], 2, &paths[B1], 0.5, sc, &c));
  assert_int_equal(c.n_keys, 0); /* the learning rate varies in neither */
  assert_int_equal(c.n_points, 1);
  assert_true(c.point[0].n_a == 3 && c.point[0].n_b == 2 && c.point[0].n_pairs == 2);
  /* The peak is at epoch 0; B - A is 0.1 and 0.3, and t(0.75, 1 degree of freedom) = tan(pi/4) = 1. */
  const ip_compared *peak = find(&c, "1", "edges", "ixt_peak");
  assert_non_null(peak);
  assert_int_equal(peak->n, 2);
  CHECK_NEAR(peak->mean_a, made_ixt(0, 0) + 0.2, 1e-12);
  CHECK_NEAR(peak->mean_b, made_ixt(0, 0) + 0.4, 1e-12);
  CHECK_NEAR(peak->difference, 0.2, 1e-12);
  CHECK_NEAR(peak->interval.low, 0.1, 1e-9); /* 0.2 -+ 1 * (0.1 sqrt 2) / sqrt 2 */
  CHECK_NEAR(peak->interval.high, 0.3, 1e-9);
  /* The last epochs are 14 and 13, at positions 4 and 3. */
  const ip_compared *end = find(&c, "output", "edges", "ixt_final_raw");
  CHECK_NEAR(end->difference, 0.2 + made_ixt(3, 1) - made_ixt(4, 1), 1e-12);
  const ip_compared *width = find(&c, "1", "width:size=0.5", "ixt_peak");
  assert_true(width->difference == 0 && width->interval.low == 0 && width->interval.high == 0);
  const ip_compared *nc1 = find(&c, "output", "geometry", "nc1");
  CHECK_NEAR(nc1->difference, made_nc1(3, 1) - made_nc1(4, 1), 1e-12);
  const ip_compared *loss = find(&c, "", "", "test_loss");
  CHECK_NEAR(loss->mean_b, 2 * 0.25, 1e-12);
  assert_ptr_equal(&c.row[0], find(&c, "", "", c.row[0].quantity)); /* networks come first */
  assert_null(find(&c, "2", "edges", "ixt_peak"));                  /* the output is not numbered */
  ip_scratch_destroy(&sc);
}

/* The means of the sets are those of each layer; the last epochs are at positions 4 and 3, the shifts 0.2 and 0.4. */
static void measures_are_those_of_their_layer(void **state)
{
  (void)state;
  static const struct {
    const char *source, *quantity;
    double (*at)(size_t e, size_t k);
    bool is_shifted;
  } known[] = {{"geometry", "nc1", made_nc1, false},
               {"geometry", "effective_rank", made_rank, true},
               {"probe", "v_information", made_v, true}};
  ip_scratch *sc;
  ip_comparison c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_compare_runs(3, &paths[A1], 2, &paths[B1], 0.5, sc, &c));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    for (size_t k = 0; k < MADE_LAYERS; k++) {
      const ip_compared *row = find(&c, k ? "output" : "1", known[i].source, known[i].quantity);
      assert_non_null(row);
      CHECK_NEAR(row->mean_a, known[i].at(4, k) + (known[i].is_shifted ? 0.2 : 0), 1e-12);
      CHECK_NEAR(row->mean_b, known[i].at(3, k) + (known[i].is_shifted ? 0.4 : 0), 1e-12);
    }
  ip_scratch_destroy(&sc);
}

static void rows_are_in_order_and_have_their_units(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_comparison c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_compare_runs(3, &paths[A1], 2, &paths[B1], 0.5, sc, &c));
  for (size_t i = 1; i < c.n; i++) { /* networks, then layers, the output last; each in the order of the file */
    const ip_compared *p = &c.row[i - 1], *q = &c.row[i];
    int before = !*p->layer               ? 0
                 : !strcmp(p->layer, "1") ? 1
                                          : 2,
        after = !*q->layer               ? 0
                : !strcmp(q->layer, "1") ? 1
                                         : 2;
    assert_true(before < after || (before == after && p->order < q->order));
  }
  static const char *const with_units[][3] = {{"ixt_peak", "bits", "main"},      {"ixt_peak_epoch", "epochs", ""},
                                              {"ixt_final_raw", "bits", "main"}, {"ixt_drop", "bits", "main"},
                                              {"ixt_drop_fraction", "", ""},     {"ity_peak", "bits", ""},
                                              {"ity_peak_epoch", "epochs", ""},  {"ity_final_raw", "bits", "main"}};
  for (size_t i = 0; i < sizeof with_units / sizeof *with_units; i++) {
    const ip_compared *row = find(&c, "1", "edges", with_units[i][0]);
    assert_non_null(row);
    assert_string_equal(row->unit, with_units[i][1]);
    assert_int_equal(row->is_main, *with_units[i][2] != 0);
  }
  static const char *const of_network[][3] = {{"train_loss", "nats", "main"},    {"train_accuracy", "", "main"},
                                              {"test_loss", "nats", "main"},     {"test_accuracy", "", "main"},
                                              {"train_usable_bits", "bits", ""}, {"test_usable_bits", "bits", ""}};
  for (size_t i = 0; i < sizeof of_network / sizeof *of_network; i++) {
    const ip_compared *row = find(&c, "", "", of_network[i][0]);
    assert_non_null(row);
    assert_string_equal(row->unit, of_network[i][1]);
    assert_int_equal(row->is_main, *of_network[i][2] != 0);
  }
  assert_string_equal(find(&c, "1", "geometry", "nc1")->unit, "");
  assert_string_equal(find(&c, "1", "probe", "v_information")->unit, "bits");
  ip_scratch_destroy(&sc);
}

static void points_are_values_of_keys_that_vary_within_a_set(void **state)
{
  (void)state;
  const char *a[] = {paths[A1], paths[R1]};
  ip_scratch *sc;
  ip_comparison c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_compare_runs(2, a, 1, &paths[B1], 0.95, sc, &c));
  assert_int_equal(c.n_keys, 1);
  assert_string_equal(c.key[0], "network.activation");
  assert_int_equal(c.n_points, 2);
  for (size_t i = 0; i < 2; i++) assert_int_equal(c.point[i].n_pairs, !strcmp(c.point[i].value[0], "tanh"));
  const ip_compared *peak = find(&c, "1", "edges", "ixt_peak");
  CHECK_NEAR(peak->difference, 0.1, 1e-12);
  assert_true(isnan(peak->interval.low)); /* of one pair */
  ip_scratch_destroy(&sc);
}

static void numbers_that_one_side_lacks_are_left_out(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_comparison c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_compare_runs(1, &paths[A1], 1, &paths[NONE], 0.95, sc, &c));
  assert_null(find(&c, "1", "edges", "ixt_peak"));
  assert_non_null(find(&c, "", "", "train_loss"));
  CHECK_OK(ip_compare_runs(1, &paths[A1], 0, NULL, 0.95, sc, &c));
  assert_int_equal(c.n, 0);
  assert_int_equal(c.point[0].n_pairs, 0);
  ip_scratch_destroy(&sc);
}

static ip_status compare_all(ip_scratch **sc, ip_comparison *c)
{
  *sc = NULL;
  IP_TRY(ip_scratch_create(sc));
  return ip_compare_runs(1, &paths[NONE], 1, &paths[NONE], 0.95, *sc, c);
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_comparison c;
  CHECK_EVERY_ALLOCATION(compare_all(&sc, &c), ip_scratch_destroy(&sc));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(differences_are_paired_by_seed),
      cmocka_unit_test(measures_are_those_of_their_layer),
      cmocka_unit_test(rows_are_in_order_and_have_their_units),
      cmocka_unit_test(points_are_values_of_keys_that_vary_within_a_set),
      cmocka_unit_test(numbers_that_one_side_lacks_are_left_out),
      cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, write_runs, temp_remove);
}
