/* test_sections.c - the tables and texts of the page from facts made by hand, whose numbers all differ. */
#include "report/findings.h"
#include "report/measures.h"

#include "base/test/check.h"
#include "file/test/temp.h"
#include "report/test/elements.h"

#include <math.h>

enum { N_FILES = 4, N_LAYERS = 2, MOST_ESTIMATORS = 6, MOST_GROUPS = 25 };

static const char *layer_name[N_LAYERS] = {"7 tanh", "3 <softmax>"};
static const char *const estimator[MOST_ESTIMATORS] = {"edges", "kde", "e3", "e4", "e5", "e6"};
static const ip_drawn drawn[N_LAYERS] = {IP_DRAWN_CHOSEN, IP_DRAWN_CHOSEN};
static const size_t order[N_FILES] = {1, 0, 2, 3}; /* of the runs of the group; the last failed to fit */

static ip_fact fact[N_FILES][MOST_ESTIMATORS][N_LAYERS];
static ip_fact *facts_of[N_FILES][MOST_ESTIMATORS];
static const char *refused[N_FILES][MOST_ESTIMATORS];
static double constant[N_FILES][N_LAYERS], crossing[N_FILES][N_LAYERS];
static ip_run_facts run[N_FILES];
static ip_run_group group[MOST_GROUPS];
static ip_run_set set;
static ip_facts facts;
static char text[1 << 18];

static ip_fact made_fact(size_t r, size_t i, size_t k)
{
  static const double mixed[N_FILES] = {0, 2, 1, 3}, odd[N_FILES] = {0, 1, 0, 1}, late[N_FILES] = {0, 0, 1, 1},
                      ends[N_FILES] = {1, 0, 0, 1};
  const double x = (double)r, e = (double)i, l = (double)k, none = (double)NAN;
  double peak = 5 + l + 0.5 * e + 0.25 * x, drop = 0.5 + 0.5 * l + 0.125 * e + 0.5 * x;
  double ity = 0.25 + 0.125 * l + 0.03125 * e + 0.0625 * mixed[r];
  ip_fact f = {.decreased = r > 0,
               .ixt_low = r == 1 ? peak - drop - 0.25 : none,
               .ixt_high = r == 1 ? peak - drop + 0.5 : none,
               .ity_low = r == 1 ? ity - 0.125 : none,
               .ity_high = r == 1 ? ity + 0.0625 : none,
               .null_high = r < 2 ? 0.01 * (x + 1) + 0.1 * e + 0.002 * l : none,
               .n = 20,
               .saturated = r,
               .dpi = r == 0 ? 4 : 0,
               .clipped = r == 1 ? 6 : 0};
  for (size_t m = 0; m < IP_N_MEASURES; m++) f.measure[m] = none;
  f.measure[IP_MEASURE_PEAK] = peak;
  f.measure[IP_MEASURE_PEAK_EPOCH] = 10 * (x + 1) + l + 100 * e;
  f.measure[IP_MEASURE_DROP] = drop;
  f.measure[IP_MEASURE_IXT] = f.measure[IP_MEASURE_IXT_RAW] = peak - drop;
  f.measure[IP_MEASURE_ITY] = f.measure[IP_MEASURE_ITY_RAW] = ity;
  f.measure[IP_MEASURE_IXT_GIVEN_Y] = 2 + 0.5 * x + l + 4 * e;
  f.measure[IP_MEASURE_TEST_ACCURACY] = odd[r];
  f.measure[IP_MEASURE_ACCURACY_GAP] = late[r];
  f.measure[IP_MEASURE_LOSS_GAP] = ends[r];
  return f;
}

static int make(void **state)
{
  static const char *const name[N_FILES] = {"a.h5", "b.h5", "<c>.h5", "d.h5"};
  (void)state;
  for (size_t r = 0; r < N_FILES; r++) {
    const double x = (double)r;
    for (size_t i = 0; i < MOST_ESTIMATORS; i++) {
      for (size_t k = 0; k < N_LAYERS; k++) fact[r][i][k] = made_fact(r, i, k);
      facts_of[r][i] = fact[r][i];
      refused[r][i] = "";
    }
    for (size_t k = 0; k < N_LAYERS; k++) constant[r][k] = 0, crossing[r][k] = (double)NAN;
    run[r] = (ip_run_facts){.name = name[r],
                            .status = r == 3 ? "failed_to_fit" : "done",
                            .reason = r == 3 ? "loss <diverged>" : "",
                            .seed = 10 + r,
                            .n_epochs = 5 + r,
                            .n_samples = 1000 + r,
                            .n_layers = N_LAYERS,
                            .last_epoch = 100 + (int64_t)r,
                            .train_accuracy = 0.9 - 0.1 * x,
                            .test_accuracy = 0.8 - 0.125 * x,
                            .train_loss = 0.5 + 0.1 * x,
                            .test_loss = 0.75 + 0.1 * x,
                            .layer = layer_name,
                            .constant = constant[r],
                            .crossing = crossing[r],
                            .fact = facts_of[r],
                            .refused = refused[r]};
  }
  facts_of[2][1] = NULL; /* this file has no estimates by the second one */
  for (size_t g = 0; g < MOST_GROUPS; g++)
    group[g] = (ip_run_group){.title = "beta < 1",
                              .n_runs = 3,
                              .run = order,
                              .n_failed_to_fit = 1,
                              .n_layers = N_LAYERS,
                              .hx_bits = 12,
                              .hy_bits = 1.5,
                              .ixy_bits = (double)NAN,
                              .drawn = drawn,
                              .objective = ""};
  set = (ip_run_set){.n_files = N_FILES,
                     .estimator = "edges",
                     .n_groups = 1,
                     .group = group,
                     .n_layers = N_LAYERS,
                     .label = layer_name};
  facts = (ip_facts){.set = &set, .n_estimators = 2, .estimator = estimator, .run = run};
  return 0;
}

static FILE *begin(void)
{
  FILE *out = fopen(temp_path("section"), "w+b");
  assert_non_null(out);
  return out;
}

static void end(FILE *out)
{
  rewind(out);
  text[fread(text, 1, sizeof text - 1, out)] = 0;
  check_elements(text);
  fclose(out);
}

/* How often the text that was written has `part`. */
static int count_of(const char *part)
{
  int n = 0;
  for (const char *at = text; (at = strstr(at, part)); at++) n++;
  return n;
}

#define HAS(part)                                                                                                      \
  do {                                                                                                                 \
    if (count_of(part) != 1) fail_msg("%d times %s in:\n%s", count_of(part), part, text);                              \
  } while (0)
#define HAS_NO(part)                                                                                                   \
  do {                                                                                                                 \
    if (count_of(part)) fail_msg("%s in:\n%s", part, text);                                                            \
  } while (0)

static void measures_have_means_and_shares(void **state)
{
  (void)state;
  refused[0][0] = refused[1][0] = "I(X;T): <too few>";
  refused[2][0] = "another reason";
  FILE *out = begin();
  CHECK_OK(ip_report_measures(out, &facts));
  end(out);
  HAS("<caption>beta &lt; 1. H(X) = 12 bits, H(Y) = 1.5 bits, I(X;Y) = &ndash;</caption>");
  HAS("<tr><th rowspan=\"2\" scope=\"rowgroup\">Layer 1 (7 tanh)</th><th scope=\"row\">edges</th>"
      "<td>5.25</td><td>20</td><td>4.25</td><td>1</td><td>0.3125</td><td>2.5</td><td>0.015</td><td>2 of 3</td>"
      "<td>5 %</td><td>6.67 %</td><td>10 %</td><td>0</td></tr>");
  HAS("<tr><th scope=\"row\">kde</th>" /* of two networks */
      "<td>5.625</td><td>115</td><td>4.75</td><td>0.875</td><td>0.3438</td><td>6.25</td><td>0.115</td><td>1 of 2</td>"
      "<td>2.5 %</td><td>10 %</td><td>15 %</td><td>0</td></tr>");
  HAS("Output layer 2 (3 &lt;softmax&gt;)</th><th scope=\"row\">edges</th><td>6.25</td><td>21</td><td>4.75</td>"
      "<td>1.5</td><td>0.4375</td><td>3.5</td><td>0.017</td>");
  HAS("<th class=\"text\" scope=\"col\">layer</th><th class=\"text\" scope=\"col\">estimator</th>"
      "<th scope=\"col\">largest I(X;T)</th>");
  HAS("<p>Not available (edges): I(X;T): &lt;too few&gt;.</p>");
  HAS("<p>Not available (edges): another reason.</p>");
  HAS_NO("Not available (kde)");
  for (size_t r = 0; r < 3; r++)
    for (size_t k = 0; k < N_LAYERS; k++) fact[r][0][k].lossy = 3 * r, fact[r][1][k].n = 0;
  out = begin();
  CHECK_OK(ip_report_measures(out, &facts));
  end(out);
  assert_int_equal(count_of("<td>10 %</td><td>15 %</td></tr>"), 2);                 /* both layers, by edges */
  assert_int_equal(count_of("<td>0 of 0</td><td>&ndash;</td><td>&ndash;</td>"), 2); /* no epochs, by kde */
  facts.n_estimators = 0;
  out = begin();
  CHECK_OK(ip_report_measures(out, &facts));
  end(out);
  HAS("<p>No run file has estimates of information.");
}

/* Pearson's r of 0 1 2 3 with 0 1 0 1, 0 0 1 1 and 1 0 0 1 is 1/sqrt(5), 2/sqrt(5) and 0; z is 1.96 to each side. */
static void correlations_are_over_all_runs(void **state)
{
  (void)state;
  FILE *out = begin();
  CHECK_OK(ip_report_correlations(out, &facts));
  end(out);
  assert_int_equal(count_of("<td>0.45 [-0.9, 0.98], 4</td><td>0.89 [-0.47, 1], 4</td><td>0 [-0.96, 0.96], 4</td>"
                            "<td>-0.45 [-0.98, 0.9], 4</td><td>0.89 [-0.47, 1], 4</td></tr>"),
                   2); /* layers */
  HAS("<tr><th scope=\"row\">edges</th><th scope=\"row\">2</th><td>0.45");
  assert_int_equal(count_of(", 3</td><td>"), 8); /* the second estimator, which one run lacks: without intervals */
  for (int none = 0; none < 2; none++) {
    set.n_files = none ? 4 : 3;
    facts.n_estimators = none ? 0 : 2;
    out = begin();
    CHECK_OK(ip_report_correlations(out, &facts));
    end(out);
    HAS("<p>Fewer than 4 runs with estimates: correlations are not computed.</p>");
  }
}

static void single_networks_have_their_numbers_and_intervals(void **state)
{
  (void)state;
  FILE *out = begin();
  ip_report_networks(out, &facts, 6);
  end(out);
  HAS("<caption>beta &lt; 1, edges</caption>");
  assert_int_equal(count_of("<th class=\"text\" scope=\"col\" rowspan=\"2\">run</th>"), 2); /* of two tables */
  assert_int_equal(count_of("layer 2</th></tr>\n<tr><th scope=\"col\">I(X;T)</th>"), 2);
  HAS("<tr><th scope=\"row\">b.h5</th><td>11</td><td>0.8</td><td>0.675</td><td>4.25 [4, 4.75]</td><td>1</td>"
      "<td>0.375 [0.25, 0.4375]</td><td>4.75 [4.5, 5.25]</td><td>1.5</td><td>0.5 [0.375, 0.5625]</td></tr>");
  HAS("<tr><th scope=\"row\">a.h5</th><td>10</td><td>0.9</td><td>0.8</td><td>4.5</td><td>0.5</td><td>0.25</td>");
  HAS("<tr><th scope=\"row\">&lt;c&gt;.h5</th><td>12</td><td>0.7</td><td>0.55</td><td>&ndash;</td><td>&ndash;</td>");
  HAS_NO("d.h5"); /* it did not fit */
  HAS_NO("left out");
  out = begin();
  ip_report_networks(out, &facts, 5);
  end(out);
  HAS("<p>1 of 2 tables are left out, because the page has at most 5 such rows;");
  HAS_NO("beta &lt; 1, kde");
  facts.n_estimators = 0;
  out = begin();
  ip_report_networks(out, &facts, 6);
  end(out);
  assert_string_equal(text, "");
}

static void runs_have_their_status(void **state)
{
  (void)state;
  FILE *out = begin();
  ip_report_runs(out, &facts, 4);
  end(out);
  assert_int_equal(count_of("<th class=\"text\" scope=\"col\">run<") + count_of("col\">remark<"), 2);
  assert_int_equal(count_of("<th scope=\"col\">"), 5);
  HAS("<tr><th scope=\"row\">b.h5</th><td>11</td><td>done</td><td>6</td><td>101</td><td>1001</td><td class=\"text\">"
      "</td></tr>");
  HAS("<tr><th scope=\"row\">d.h5</th><td>13</td><td>failed to fit</td><td>8</td><td>103</td><td>1003</td>"
      "<td class=\"text\">loss &lt;diverged&gt;</td></tr>");
  HAS_NO("The first");
  out = begin();
  ip_report_runs(out, &facts, 3);
  end(out);
  HAS("<p>The first 3 of 4 runs.</p>");
  HAS_NO("d.h5");
}

static const char *alternative(const char *figure)
{
  FILE *out = begin();
  ip_report_alternative(out, &facts, figure, "what");
  end(out);
  return text;
}

static void figures_are_told_in_words(void **state)
{
  (void)state;
#define AROUND(words) "what. beta &lt; 1 - " words ". The measures below have the numbers of all configurations."
  assert_string_equal(alternative("plane"),
                      AROUND("layer 1 ends at I(X;T) 4.25 and I(T;Y) 0.312 bits, 1 bits of X below its largest value; "
                             "layer 2 ends at I(X;T) 4.75 and I(T;Y) 0.438 bits, 1.5 bits of X below its largest "
                             "value"));
  for (size_t r = 0; r < 3; r++) fact[r][0][0].measure[IP_MEASURE_DROP] = 0.0999;
  assert_non_null(strstr(alternative("layers"), "layer 1 ends at I(X;T) 4.25 and I(T;Y) 0.312 bits; layer 2"));
  assert_string_equal(alternative("loss"), AROUND("at the end: training loss 0.6, test loss 0.85, training accuracy "
                                                  "0.8, test accuracy 0.675"));
  for (size_t r = 0; r < 3; r++)
    run[r].train_loss = run[r].test_loss = run[r].train_accuracy = run[r].test_accuracy = (double)NAN;
  assert_string_equal(alternative("loss"), AROUND("no losses were logged"));
  crossing[0][0] = 3, crossing[1][0] = 8, crossing[2][0] = 5;
  crossing[3][0] = 99; /* not of the group */
#define BELOW "the mean gradient is below its standard deviation first at epoch "
#define ABOVE "the mean gradient stays above its standard deviation"
  assert_string_equal(alternative("gradients"), AROUND("layer 1: " BELOW "3 to 8; layer 2: " ABOVE));
  crossing[1][1] = 20;
  assert_string_equal(alternative("gradients"), AROUND("layer 1: " BELOW "3 to 8; layer 2: " BELOW "20"));
  run[1].n_layers = 1; /* a network without layer 2 */
  assert_string_equal(alternative("gradients"), AROUND("layer 1: " BELOW "3 to 8; layer 2: " ABOVE));
  run[1].n_layers = N_LAYERS;
  assert_string_equal(alternative("heatmap"), "what. The measures below have the numbers of all configurations.");
  set.n_groups = 5;
  alternative("loss");
  assert_int_equal(count_of("no losses were logged"), 4); /* the first four configurations */
  facts.n_estimators = 0;
  assert_string_equal(alternative("plane"), "what. The measures below have the numbers of all configurations.");
}

static const char *sentence(size_t k)
{
  FILE *out = begin();
  CHECK_OK(ip_report_sentence(out, &facts, &group[0], k));
  end(out);
  return text;
}

static void units_that_do_not_vary_are_counted(void **state)
{
  (void)state;
  constant[1][0] = 2, constant[2][0] = 3, constant[0][1] = 1;
  sentence(0);
  HAS(". At the last logged epoch, up to 3 units have the same activation for every sample, in 2 of 3 networks.");
  sentence(1);
  HAS(". At the last logged epoch, 1 unit has the same activation for every sample, in 1 of 3 networks.");
  run[0].n_layers = 1; /* a network without this layer */
  sentence(1);
  HAS_NO("same activation");
}

/* In half of the networks is enough. */
static void estimators_that_can_show_it_in_half_of_the_networks_are_compared(void **state)
{
  (void)state;
  group[0].n_runs = 2;
  for (size_t r = 0; r < 2; r++) fact[r][0][0].decreased = false, fact[r][1][0].decreased = true;
  fact[0][0][0].unable = true;
  assert_non_null(strstr(sentence(0), "the estimators disagree"));
  fact[1][0][0].unable = true;
  sentence(0);
  HAS_NO("disagree");
}

/* Four estimators are named, and all are counted. */
static void many_estimators_are_not_all_named(void **state)
{
  (void)state;
  facts_of[2][1] = fact[2][1];
  facts.n_estimators = 5;
  sentence(0);
  HAS("1.38 bits (e4), and likewise by 1 other estimator, in 2 of 3 networks");
  facts.n_estimators = 6;
  sentence(0);
  HAS("I(X;T) decreased by 1.00 bits (edges), 1.12 bits (kde), 1.25 bits (e3) and 1.38 bits (e4), and likewise by 2 "
      "other estimators, in 2 of 3 networks; 0.50 to 1.50 bits in single networks; peak at epoch 20 (median), by "
      "edges");
  for (size_t r = 0; r < 3; r++) fact[r][5][0].decreased = false;
  sentence(0);
  HAS("the estimators disagree. I(X;T) decreased according to edges (1.00 bits, 2 of 3 networks), kde (1.12 bits, 2 of "
      "3 networks), e3 (1.25 bits, 2 of 3 networks) and e4 (1.38 bits, 2 of 3 networks), and likewise by 1 other "
      "estimator; it did not decrease according to e6 (1.62 bits, 0 of 3 networks)");
  for (size_t r = 0; r < 3; r++)
    for (size_t i = 0; i < 6; i++) fact[r][i][0].measure[IP_MEASURE_DROP] = (double)NAN;
  assert_string_equal(sentence(0), "no estimates of information.");
}

/* One digit below 0.095 bits, two decimals below 9.995, one above. */
static void numbers_have_digits_by_their_size(void **state)
{
  (void)state;
  static const struct {
    double drop;
    const char *words;
  } cases[] = {{0.0005, "it ends 0.0005 bits (edges) below its largest value"},
               {0.0004, "I(X;T) did not decrease: it ends at its largest value"},
               {0.0949, "it ends 0.09 bits (edges) below"},
               {0.0951, "it ends 0.10 bits (edges) below"},
               {9.994, "it ends 9.99 bits (edges) below"},
               {9.996, "it ends 10.0 bits (edges) below"}};
  facts.n_estimators = 1;
  group[0].n_runs = 1;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_fact *f = &fact[order[0]][0][0];
    f->decreased = false;
    f->measure[IP_MEASURE_DROP] = cases[i].drop;
    sentence(0);
    HAS(cases[i].words);
  }
}

static void findings_are_of_24_configurations(void **state)
{
  (void)state;
  facts.n_estimators = 1;
  for (size_t n = 24; n < 26; n++) {
    set.n_groups = n;
    FILE *out = begin();
    CHECK_OK(ip_report_findings(out, &facts));
    end(out);
    HAS("it is at least 0.1 bits below its largest value");
    HAS("at 95 % or more of the logged epochs");
    HAS("<li id=\"finding-23-2\"><strong>Output layer 2 (3 &lt;softmax&gt;)</strong>: I(X;T) decreased by");
    HAS_NO("finding-24-1");
    assert_int_equal(count_of("<p>The first 24 of 25 configurations;"), n - 24);
  }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, make)
  const struct CMUnitTest tests[] = {
      TEST(measures_have_means_and_shares),
      TEST(correlations_are_over_all_runs),
      TEST(single_networks_have_their_numbers_and_intervals),
      TEST(runs_have_their_status),
      TEST(figures_are_told_in_words),
      TEST(units_that_do_not_vary_are_counted),
      TEST(estimators_that_can_show_it_in_half_of_the_networks_are_compared),
      TEST(many_estimators_are_not_all_named),
      TEST(numbers_have_digits_by_their_size),
      TEST(findings_are_of_24_configurations),
  };
  return cmocka_run_group_tests_name("report/sections", tests, temp_create, temp_remove);
}
