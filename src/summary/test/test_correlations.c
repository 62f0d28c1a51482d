#include "summary/correlations.h"

#include "base/test/check.h"
#include "file/test/temp.h"

#include <math.h>

enum { N_RUNS = 22 };

/* Decrease and loss gap of runs by activation: over all runs they rise together, because the activations differ; within
 * the activations they do not. `leaky` has too few runs, and `none` does not vary. */
static const struct {
  const char *activation;
  double drop, gap;
} RUN[N_RUNS] = {
    {"tanh", 1.0, 0.50}, {"tanh", 1.5, 0.30}, {"tanh", 0.5, 0.60}, {"tanh", 2.0, 0.10}, {"tanh", 1.2, 0.55},
    {"tanh", 0.8, 0.40}, {"relu", 3.0, 1.5},  {"relu", 3.5, 1.4},  {"relu", 2.5, 1.6},  {"relu", 4.0, 1.45},
    {"relu", 3.1, 1.2},  {"elu", 5.0, 2.5},   {"elu", 5.5, 2.6},   {"elu", 4.5, 2.2},   {"elu", 6.0, 2.4},
    {"leaky", 7, 3},     {"leaky", 8, 4},     {"leaky", 9, 2},     {"none", 2, 1},      {"none", 2, 2},
    {"none", 2, 3},      {"none", 2, 4},
};

/* Gathers RUN with the second swept key alternating, so that `by` has to find its own. */
static ip_status gather(size_t n_by, const char *const *by, ip_scratch **sc)
{
  static const char *keys[] = {"training.learning_rate", "network.activation"}, *label[] = {"edges"};
  const ip_grid_axis axis = {.n = N_RUNS, .n_keys = 2, .key = keys};
  const ip_grid grid = {.n_axes = 1, .axis = (ip_grid_axis *)&axis};
  static ip_measured_series series[] = {{"geometry", "cka", "1", "geometry/cka"},
                                        {"geometry", "nc1", "1", "geometry/nc1"}};
  const ip_gather_plan p = {
      .name = "", .level = 0.95, .n_by = n_by, .by = by, .grid = &grid, .measured = {.n = 2, .series = series}};
  ip_correlations *c;
  IP_TRY(ip_scratch_create(sc));
  IP_TRY(ip_correlations_create(&p, *sc, &c));
  for (size_t i = 0; i < N_RUNS; i++) {
    double measure[IP_N_MEASURES], cka[] = {9, RUN[i].drop}, nc1[] = {7, RUN[i].gap}; /* at two epochs */
    double *measured[] = {cka, nc1};
    const char *value[] = {i % 2 ? "0.1" : "0.2", RUN[i].activation};
    for (int m = 0; m < IP_N_MEASURES; m++) measure[m] = (double)NAN;
    measure[IP_MEASURE_DROP] = RUN[i].drop;
    measure[IP_MEASURE_LOSS_GAP] = RUN[i].gap;
    ip_gathered g = {.axis_value = value,
                     .n_epochs = 2,
                     .n_layers = 1,
                     .n_estimators = 1,
                     .estimator = label,
                     .measure = measure,
                     .measured = p.measured,
                     .measured_value = measured};
    IP_TRY(ip_correlations_add(c, &g));
  }
  return ip_correlations_publish(c, temp_path("correlations.csv"));
}

/* The row of the decrease and the loss gap, or the head. */
static const char *row(const char *begin)
{
  static char line[400];
  FILE *in = fopen(temp_path("correlations.csv"), "r");
  assert_non_null(in);
  while (fgets(line, sizeof line, in) && strncmp(line, begin, strlen(begin)) != 0) continue;
  fclose(in);
  line[strcspn(line, "\n")] = 0;
  return line;
}

/* NumPy and SciPy: pearsonr in each group, then the formulas of num/pooled.h. */
static void differences_between_groups_do_not_enter(void **state)
{
  (void)state;
  static const char *const by[] = {"network.activation"};
  double v[11];
  ip_scratch *sc = NULL;
  CHECK_OK(gather(1, by, &sc));
  ip_scratch_destroy(&sc);
  assert_string_equal(row("estimator"), "estimator,layer,a,b,runs,r,r_low,r_high,groups,pooled_runs,pooled_r,"
                                        "pooled_r_low,pooled_r_high,pooled_p,heterogeneity_p");
  const char *got = row("edges,1,ixt_drop,loss_gap,");
  assert_int_equal(sscanf(got, "edges,1,ixt_drop,loss_gap,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &v[0], &v[1],
                          &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10]),
                   11);
  assert_true(v[0] == 22 && v[4] == 3 && v[5] == 15);
  CHECK_NEAR(v[1], 0.6071949355417321, 1e-13);
  CHECK_NEAR(v[6], -0.5120405391309654, 1e-12);
  CHECK_NEAR(v[7], -0.9932588518792597, 1e-10);
  CHECK_NEAR(v[8], 0.9370956584364549, 1e-10);
  CHECK_NEAR(v[9], 0.39751432512684803, 1e-12);
  CHECK_NEAR(v[10], 0.20938624947777923, 1e-12);
  char same[400]; /* the series of a measure ends with the same values as the loss gap */
  snprintf(same, sizeof same, "%s", got + strlen("edges,1,ixt_drop,loss_gap,"));
  assert_string_equal(row("edges,1,ixt_drop,geometry/nc1,") + strlen("edges,1,ixt_drop,geometry/nc1,"), same);
  assert_string_equal(row("-,1,geometry/cka,geometry/nc1,") + strlen("-,1,geometry/cka,geometry/nc1,"), same);
}

/* With both keys, the groups have at most three runs. */
static void without_a_group_of_four_runs_there_is_no_number(void **state)
{
  (void)state;
  static const char *const by[] = {"network.activation", "training.learning_rate"};
  ip_scratch *sc = NULL;
  CHECK_OK(gather(2, by, &sc));
  ip_scratch_destroy(&sc);
  assert_non_null(strstr(row("edges,1,ixt_drop,loss_gap,"), ",0,0,nan,nan,nan,nan,nan"));
}

static void without_keys_the_table_has_no_groups(void **state)
{
  (void)state;
  ip_scratch *sc = NULL;
  CHECK_OK(gather(0, NULL, &sc));
  ip_scratch_destroy(&sc);
  assert_string_equal(row("estimator"), "estimator,layer,a,b,runs,r,r_low,r_high");
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  static const char *const by[] = {"network.activation"};
  ip_scratch *sc = NULL;
  CHECK_EVERY_ALLOCATION(gather(1, by, &sc), ip_scratch_destroy(&sc));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(differences_between_groups_do_not_enter),
      cmocka_unit_test(without_a_group_of_four_runs_there_is_no_number),
      cmocka_unit_test(without_keys_the_table_has_no_groups),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
