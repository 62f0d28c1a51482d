/* test_findings.c - sentences about made runs whose decreases are known. */
#include "report/findings.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

enum { N_EPOCHS = 4, N = N_EPOCHS * MADE_LAYERS, MOST_RUNS = 4 };

/* I(X;T) of the two layers at the epochs 0, 1, 2, 13; I(T;Y) is 0.5 throughout. */
typedef struct {
  const char *estimator;
  double ixt[N];
  double raw[N]; /* before clipping */
  double saturated[N], dpi[N], lossy[N];
} made_estimate;

static char path[MOST_RUNS][512];
static const char *file[MOST_RUNS];
static ip_run_set *set;
static ip_facts *facts;
static char text[4096];

static void add(const char *run, size_t n, made_estimate *of)
{
  static const char *const series[] = {"ixt", "ity", "ixt_raw", "saturated", "dpi", "lossy_bins"};
  static double half[N];
  for (int i = 0; i < N; i++) half[i] = 0.5;
  for (size_t i = 0; i < n; i++) {
    double *const value[] = {of[i].ixt, half, of[i].raw, of[i].saturated, of[i].dpi, of[i].lossy};
    const ip_information info = {.estimator = of[i].estimator,
                                 .n_epochs = N_EPOCHS,
                                 .n_layers = MADE_LAYERS,
                                 .n_series = 6,
                                 .series = series,
                                 .value = value};
    CHECK_OK(ip_run_add_information(run, 1, &info, "e", true));
  }
}

/* A run whose layer 1 goes 1, peak, peak - drop/2, peak - drop by each of two estimators; layer 2 stays at 1 by the
 * first and goes down by `second` by the second. */
static void made(size_t i, double drop, double other, double second)
{
  char name[32];
  made_estimate e[2] = {{.estimator = "edges", .ixt = {1, 1, 9, 1, 9 - drop / 2, 1, 9 - drop, 1}},
                        {.estimator = "kde_upper", .ixt = {1, 2, 8, 2, 8 - other / 2, 2, 8 - other, 2 - second}}};
  for (size_t a = 0; a < 2; a++)
    for (int v = 0; v < N; v++) e[a].raw[v] = e[a].ixt[v];
  snprintf(name, sizeof name, "run%zu.h5", i);
  const made_run run = {
      .file = name, .experiment = "r", .config = "name: r\n", .seed = i, .n_epochs = N_EPOCHS, .no_information = true};
  CHECK_OK(made_write(&run));
  strcpy(path[i], temp_path(name));
  file[i] = path[i];
  add(path[i], 2, e);
}

static void open_runs(size_t n)
{
  CHECK_OK(ip_run_set_open(n, file, NULL, &set));
  CHECK_OK(ip_facts_read(set, NULL, &facts));
}

static void close_runs(void)
{
  ip_facts_destroy(&facts);
  ip_run_set_close(&set);
}

static const char *sentence(size_t k)
{
  FILE *out = fopen(temp_path("sentence"), "w+b");
  assert_non_null(out);
  CHECK_OK(ip_report_sentence(out, facts, &set->group[0], k));
  rewind(out);
  text[fread(text, 1, sizeof text - 1, out)] = 0;
  fclose(out);
  return text;
}

static void a_known_decrease_is_stated_with_its_mean_range_peak_and_networks(void **state)
{
  (void)state;
  made(0, 4, 2, 0);
  made(1, 5, 2, 0);
  made(2, 0.0625, 2, 0);
  made(3, 3, 1, 0);
  made_estimate late = {.estimator = "edges", .ixt = {1, 1, 2, 1, 9, 1, 6, 1}};
  memcpy(late.raw, late.ixt, sizeof late.raw);
  add(path[3], 1, &late);
  open_runs(4);
  size_t n;
  CHECK_NEAR(ip_facts_mean(facts, &set->group[0], 0, 0, IP_MEASURE_DROP, &n), 12.0625 / 4, 1e-12);
  assert_int_equal(n, 4);
  assert_string_equal(sentence(0),
                      "I(X;T) decreased by 3.02 bits (edges) and 1.75 bits (kde_upper), in 3 of 4 networks "
                      "(edges) and 4 of 4 networks (kde_upper); 0.06 to 5.00 bits in single networks; peak "
                      "at epoch 1 (median), by edges.");
  assert_string_equal(sentence(1), "I(X;T) did not decrease: it ends at its largest value.");
  close_runs();
}

static void networks_are_counted_once_where_estimators_agree_and_not_for_one_network(void **state)
{
  (void)state;
  made(0, 4, 3, 0);
  made(1, 5, 4, 0);
  open_runs(2);
  assert_string_equal(sentence(0),
                      "I(X;T) decreased by 4.50 bits (edges) and 3.50 bits (kde_upper), in 2 of 2 networks; "
                      "4.00 to 5.00 bits in single networks; peak at epoch 1 (median), by edges.");
  close_runs();
  open_runs(1);
  assert_string_equal(sentence(0),
                      "I(X;T) decreased by 4.00 bits (edges) and 3.00 bits (kde_upper); peak at epoch 1, by edges.");
  close_runs();
}

static void the_threshold_and_estimators_that_disagree_are_told_apart(void **state)
{
  (void)state;
  made(0, 0.09375, 0.125, 1);
  made(1, 0.0625, 0.125, 1);
  open_runs(2);
  assert_string_equal(sentence(0),
                      "the estimators disagree. I(X;T) decreased according to kde_upper (0.12 bits, 2 of 2 "
                      "networks); it did not decrease according to edges (0.08 bits, 0 of 2 networks).");
  assert_string_equal(sentence(1),
                      "the estimators disagree. I(X;T) decreased according to kde_upper (1.00 bits, 2 of 2 "
                      "networks); it did not decrease according to edges (0 bits, 0 of 2 networks).");
  close_runs();
  made(0, 2, 2, 0);
  made(1, 0, 0, 0);
  open_runs(2);
  assert_string_equal(sentence(0),
                      "I(X;T) decreased in at most half of the networks: on average by 1.00 bits (edges) and "
                      "1.00 bits (kde_upper), in 1 of 2 networks; 0 to 2.00 bits in single networks; peak at "
                      "epoch 1, by edges.");
  close_runs();
}

static void flags_are_stated_and_a_saturated_estimator_is_not_compared(void **state)
{
  (void)state;
  made(0, 4, 2, 0);
  made_estimate e[2] = {{.estimator = "edges", .ixt = {2, 1, 2, 1, 2, 1, 2, 1}, .saturated = {1, 0, 1, 0, 1, 0, 1, 0}},
                        {.estimator = "kde_upper",
                         .ixt = {1, 2, 8, 2, 7, 2, 6, 0},
                         .saturated = {0, 1, 1, 0, 0, 0, 0, 0},
                         .dpi = {0, 1, 0, 1, 0, 0, 0, 0},
                         .lossy = {0, 1, 0, 1, 0, 1, 0, 0}}};
  for (size_t a = 0; a < 2; a++)
    for (int v = 0; v < N; v++) e[a].raw[v] = e[a].ixt[v];
  e[1].raw[N - 1] = -0.5; /* layer 2 at the end: a decrease is one of the clipped estimates */
  add(path[0], 2, e);
  open_runs(1);
  assert_string_equal(sentence(0),
                      "I(X;T) decreased by 2.00 bits (kde_upper); peak at epoch 1. Saturated: kde_upper at 25 "
                      "% and edges at 100 % of the logged epochs.");
  const ip_fact *fact = ip_facts_of(facts, &set->group[0], 0, 1, 1);
  CHECK_NEAR(fact->measure[IP_MEASURE_DROP], 2, 1e-12);
  size_t n;
  CHECK_NEAR(ip_facts_mean(facts, &set->group[0], 1, 1, IP_MEASURE_IXT, &n), 0, 0); /* clipped after the mean */
  assert_int_equal(fact->clipped, 1);
  assert_non_null(strstr(sentence(1), "decreased according to kde_upper (2.00 bits, 1 of 1 network)"));
  assert_non_null(strstr(sentence(1),
                         "DPI violated: kde_upper at 50 % of the logged epochs. Clipped: kde_upper at 25 % of "
                         "the logged epochs. Bins lose predictions: kde_upper at 75 % of the logged epochs."));
  close_runs();
}

/* Of three networks, `edges` is saturated throughout; in the first `falling` of them layer 1 decreases all the same. */
static void saturated(size_t falling)
{
  for (size_t i = 0; i < 3; i++) {
    double end = i < falling ? 7 : 8;
    made_estimate e = {.estimator = "edges", .ixt = {8, 1, 8, 1, 8, 1, end, 1}, .saturated = {1, 0, 1, 0, 1, 0, 1, 0}};
    memcpy(e.raw, e.ixt, sizeof e.raw);
    made(i, 0, 2, 0);
    add(path[i], 1, &e);
  }
  open_runs(3);
}

static void a_saturated_estimator_is_compared_where_half_of_the_networks_decrease(void **state)
{
  (void)state;
  saturated(1);
  assert_non_null(strstr(sentence(0), "I(X;T) decreased by 2.00 bits (kde_upper), in 3 of 3 networks"));
  const ip_fact *fact = ip_facts_of(facts, &set->group[0], 0, 0, 0);
  assert_true(fact->decreased && !fact->unable);
  fact = ip_facts_of(facts, &set->group[0], 2, 0, 0);
  assert_true(!fact->decreased && fact->unable);
  close_runs();
  saturated(2);
  assert_non_null(strstr(sentence(0), "I(X;T) decreased by 0.67 bits (edges) and 2.00 bits (kde_upper), in 2 of 3"));
  close_runs();
}

static void where_no_estimator_can_show_a_decrease_the_sentence_says_so(void **state)
{
  (void)state;
  made_estimate e[2] = {
      {.estimator = "edges", .ixt = {2, 1, 2, 1, 2, 1, 2, 1}, .saturated = {1, 0, 1, 0, 1, 0, 1, 0}},
      {.estimator = "kde_upper", .ixt = {3, 1, 3, 1, 3, 1, 3, 1}, .saturated = {1, 0, 1, 0, 1, 0, 1, 0}}};
  made(0, 0, 0, 0);
  for (size_t a = 0; a < 2; a++) memcpy(e[a].raw, e[a].ixt, sizeof e[a].raw);
  add(path[0], 2, e);
  open_runs(1);
  assert_string_equal(sentence(0), "every estimator is saturated and cannot show whether I(X;T) decreased. Saturated: "
                                   "edges at 100 % and kde_upper at 100 % of the logged epochs.");
  close_runs();
  const made_run one = {.file = "one.h5",
                        .experiment = "r",
                        .config = "name: r\n",
                        .seed = 1,
                        .n_epochs = N_EPOCHS,
                        .no_information = true};
  CHECK_OK(made_write(&one));
  strcpy(path[0], temp_path("one.h5"));
  add(path[0], 1, e);
  open_runs(1);
  assert_string_equal(sentence(0), "the estimator is saturated and cannot show whether I(X;T) decreased. Saturated: "
                                   "edges at 100 % of the logged epochs.");
  close_runs();
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  made(0, 4, 2, 0);
  CHECK_OK(ip_run_set_open(1, file, NULL, &set));
  CHECK_EVERY_ALLOCATION(ip_facts_read(set, NULL, &facts), ip_facts_destroy(&facts));
  ip_run_set_close(&set);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_known_decrease_is_stated_with_its_mean_range_peak_and_networks),
      cmocka_unit_test(networks_are_counted_once_where_estimators_agree_and_not_for_one_network),
      cmocka_unit_test(the_threshold_and_estimators_that_disagree_are_told_apart),
      cmocka_unit_test(flags_are_stated_and_a_saturated_estimator_is_not_compared),
      cmocka_unit_test(a_saturated_estimator_is_compared_where_half_of_the_networks_decrease),
      cmocka_unit_test(where_no_estimator_can_show_a_decrease_the_sentence_says_so),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("report/findings", tests, temp_create, temp_remove);
}
