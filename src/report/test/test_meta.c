/* test_meta.c - the JSON of the page: estimators with their parameters and intervals, runs, epochs and activations. */
#include "report/meta.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <stdlib.h>

static ip_run_set *set;
static ip_facts *facts;
static ip_explore *x;
static ip_activations *a;
static char *text;

/* Adds estimator "knn" with parameters, an interval and other attributes. */
static void add_estimator(const char *path, const char *name, size_t n_epochs, const char *series, bool is_finite)
{
  double v[2][16 * MADE_LAYERS], *value[] = {v[0], v[0], v[1]};
  const char *const names[] = {"ixt", "ity", series};
  const ip_run_attribute attribute[] = {{.name = "k", .text = "4"},
                                        {.name = "units", .text = "bits"},
                                        {.name = "metric", .text = "<max>"},
                                        {.name = "level", .text = "0.9", .is_number = true, .number = 0.9},
                                        {.name = "bootstrap", .text = "100", .is_number = true, .number = 100},
                                        {.name = "version", .text = "1"},
                                        {.name = "seed", .text = "7", .is_number = true, .number = 7},
                                        {.name = "null_shuffles", .text = "3", .is_number = true, .number = 3},
                                        {.name = "split", .text = "train"},
                                        {.name = "n_samples", .text = "4", .is_number = true, .number = 4},
                                        {.name = "hx_bits", .text = "2", .is_number = true, .number = 2},
                                        {.name = "hy_bits", .text = "1", .is_number = true, .number = 1},
                                        {.name = "missing_ity_reason", .text = "none"}};
  for (size_t i = 0; i < n_epochs * MADE_LAYERS; i++) {
    v[0][i] = 1;
    v[1][i] = is_finite && i + 1 == n_epochs * MADE_LAYERS ? 0.5 : (double)NAN; /* at the end alone */
  }
  const ip_information info = {.estimator = name,
                               .n_attributes = sizeof attribute / sizeof *attribute,
                               .attribute = attribute,
                               .n_epochs = n_epochs,
                               .n_layers = MADE_LAYERS,
                               .n_series = 3,
                               .series = names,
                               .value = value};
  CHECK_OK(ip_run_add_information(path, 1, &info, "e", true));
}

static int open_made(void **state)
{
  static char path[3][512];
  static const char *file[3];
  static const ip_explore_limits all = {.most_epochs = IP_EXPLORE_EPOCHS};
  static const char *const cut[] = {"one <thing>", "another"};
  const made_run m[] = {
      {.file = "a.h5", .experiment = "r", .config = "name: r\nb: 1\n", .seed = 7, .n_epochs = 4},
      {.file = "b", .experiment = "r", .config = "name: r\nb: 2\n", .seed = 1u << 20, .n_epochs = 4, .band = 0.125},
      {.file = "c.h5", .experiment = "r", .config = "name: r\nb: 2\n", .n_epochs = 5, .failed_to_fit = true}};
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    made_run one = m[i];
    if (i == 2) one.seed = ((uint64_t)1 << 53) + 1;
    if (i == 1) one.seed = (uint64_t)1 << 53;
    CHECK_OK(made_write(&one));
    snprintf(path[i], sizeof path[i], "%s", temp_path(one.file));
    file[i] = path[i];
  }
  add_estimator(path[0], "knn", 4, "ity_low", true);
  add_estimator(path[1], "banded", 4, "ixt_band_low", true);
  add_estimator(path[2], "none", 5, "ixt_low", false);
  CHECK_OK(ip_run_set_open(3, file, NULL, &set));
  CHECK_OK(ip_explore_read(set, &facts, &x));
  CHECK_OK(ip_explore_fill(x, &all));
  CHECK_OK(ip_activations_create(x, &a));
  set->group[0].hx_limit = 1.75; /* the estimates use fewer samples than were logged */
  set->group[0].hy_limit = 0.5;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  const ip_page_data d = {.x = x,
                          .a = a,
                          .n_clouds = a->n_clouds,
                          .description = "what <it> is",
                          .claims = "[\n  {\"claim\": \"<a>\"}\n]",
                          .cut = cut,
                          .n_cuts = 2};
  CHECK_OK(ip_page_meta(out, &d));
  fclose(out);
  return 0;
}

static int close_made(void **state)
{
  (void)state;
  ip_activations_destroy(&a);
  ip_explore_destroy(&x);
  ip_facts_destroy(&facts);
  ip_run_set_close(&set);
  free(text);
  return 0;
}

#define HAS(part)                                                                                                      \
  do {                                                                                                                 \
    if (!strstr(text, part)) fail_msg("no %s in:\n%s", part, text);                                                    \
  } while (0)

static void estimators_have_their_parameters_and_intervals(void **state)
{
  (void)state;
  HAS("\"estimators\":[{\"name\":\"edges\",\"text\":\"\",\"interval\":\"\"},"
      "{\"name\":\"knn\",\"text\":\"k=4, metric=\\u003cmax>\",\"interval\":\"90% bootstrap\"},");
  HAS("{\"name\":\"banded\",\"text\":\"k=4, metric=\\u003cmax>\",\"interval\":\"band\"}");
  HAS("{\"name\":\"none\",\"text\":\"k=4, metric=\\u003cmax>\",\"interval\":\"\"}");
}

static void runs_have_their_numbers(void **state)
{
  (void)state;
  HAS("\"experiment\":\"r\",\"description\":\"what \\u003cit> is\",\"dataset\":\"made\",\"samples\":4,");
  HAS("\"keys\":[\"b\"],\"depths_differ\":false,\"least_decrease\":0.1,");
  HAS("{\"title\":\"b: 2 (1 did not fit)\",\"values\":[\"2\"],\"runs\":[1],\"failed\":1,\"layers\":[{\"label\":\"1: 2 "
      "tanh\","
      "\"name\":\"\",\"kind\":\"hidden\",\"width\":2,\"activation\":\"tanh\",\"bound\":false},");
  HAS("\"hx\":1.75,\"hy\":0.5,\"ixy\":1,\"curve\":0},");
  HAS("\"hx\":2,\"hy\":1,\"ixy\":1,\"curve\":0}],\"curves\":[{\"ixt\":[0,1],\"ity\":[0,1]}],");
  HAS("{\"name\":\"a\",\"seed\":7,\"status\":\"done\",\"reason\":\"\",\"group\":0,\"values\":[\"1\"],\"epochs\":0,"
      "\"best_test_epoch\":13,\"final\":{\"train_loss\":0.25,\"train_accuracy\":0.53,\"test_loss\":0.5,"
      "\"test_accuracy\":0.4},\"crossing\":[13,null],\"measures\":[[[2,0,1.97,0.03,0.53,0.53,4,0,0,0,0,0,0],"
      "[1.5,0,1.47,0.03,0.43,0.43,4,0,0,0,0,0,0]],[[1,0,1,0,1,1,4,0,0,0,0,0,0],");
  HAS("{\"name\":\"b\",\"seed\":9007199254740992,\"status\":\"done\"");
  HAS("{\"name\":\"c\",\"seed\":\"9007199254740993\",\"status\":\"failed_to_fit\",\"reason\":\"\",\"group\":1,"
      "\"values\":"
      "[\"2\"],\"epochs\":1,");
  HAS("\"measures\":[[[2,0,1.97,0.03,0.53,0.53,4,0,0,0,1,0,0],[1.5,0,1.47,0.03,0.43,0.43,4,0,0,0,0,0,0]],null,");
  HAS("\"measure_names\":[\"ixt_peak\",\"ixt_peak_epoch\",\"ixt_final\",\"ixt_drop\",\"ity_final\",\"ity_peak\","
      "\"epochs\","
      "\"saturated\",\"dpi\",\"clipped\",\"lossy_bins\",\"decreased\",\"unable\"],");
}

static void epochs_are_differences_and_series_follow_runs(void **state)
{
  (void)state;
  HAS("\"epochs\":[[0,1,1,11],[0,1,1,11,1]],\"few\":[[0,1,2,3],[0,1,2,3,4]],");
  HAS("\"series\":[{\"run\":0,\"group\":0,\"epochs\":0},{\"run\":1,\"group\":1,\"epochs\":0},{\"run\":2,\"group\":1,"
      "\"epochs\":1}],\"blocks\":[{\"name\":\"ixt\",\"of\":\"estimates\",\"type\":\"u16\",\"coding\":\"dz\",\"scale\":"
      "\"linear\",\"low\":0,\"high\":2.25,\"unit\":\"bits\",\"n\":130,\"sha256\":");
  HAS("{\"name\":\"flags\",\"of\":\"estimates\",\"type\":\"u8\",\"coding\":\"d8\",\"unit\":\"\",\"n\":130,");
  HAS("{\"name\":\"train_loss\",\"of\":\"metrics\",\"type\":\"u16\",\"coding\":\"dz\",\"scale\":\"linear\",\"low\":0.2,"
      "\"high\":1,\"unit\":\"nats\",\"n\":13,");
  HAS("\"hist\":{\"runs\":[0,1],\"fields\":40,\"range\":[[[-0.75,0.75],[-0.75,0.75]],[[-0.75,0.75],[-0.75,0.75]]]},"
      "\"hist_why\":\"\",");
  HAS(",\"labels\":[0,1,0,1],\"layers\":[{\"units\":2,\"low\":[-0.75,-0.25],\"high\":[0.25,0.75],\"components\":false,"
      "\"share\":[]},");
  HAS("\"clouds_why\":\"\",\"claims\":[{\"claim\": \"\\u003ca>\"}],\"cuts\":[\"one \\u003cthing>\",\"another\"]}");
}

/* A cloud's block is its place among all: that has its digest. */
static void clouds_refer_to_their_blocks(void **state)
{
  (void)state;
  size_t n = 0, of_cloud = 0;
  const char *at = strstr(text, "\"blocks\":["), *end = strstr(text, "\"hist\":{");
  for (; (at = strstr(at, "\"sha256\":\"")) && at < end; at++, n++)
    if (!strncmp(at + 10, a->cloud[0].packed.sha256, 64) && !of_cloud) of_cloud = n;
  char want[64];
  snprintf(want, sizeof want, "{\"run\":0,\"block\":%zu,", of_cloud);
  assert_true(of_cloud > 0);
  HAS(want);
  snprintf(want, sizeof want, "{\"run\":1,\"block\":%zu,", of_cloud + 1);
  HAS(want);
  assert_int_equal(n, of_cloud + 2);
}

static char *meta_of(const ip_page_data *d)
{
  size_t n;
  char *out = NULL;
  FILE *to = open_memstream(&out, &n);
  CHECK_OK(ip_page_meta(to, d));
  fclose(to);
  return out;
}

static void what_is_left_out_has_a_reason(void **state)
{
  (void)state;
  char *kept = text;
  text = meta_of(&(ip_page_data){.x = x, .a = a, .n_clouds = 0, .no_histograms = true, .description = ""});
  HAS("\"hist\":null,\"hist_why\":\"left out to keep the page small\",\"clouds\":[],\"clouds_why\":"
      "\"left out to keep the page small\",\"claims\":[],\"cuts\":[]}");
  assert_null(strstr(text, "\"of\":\"cloud\""));
  assert_null(strstr(text, "\"of\":\"hist\""));
  free(text);
  text = meta_of(&(ip_page_data){.x = x, .a = NULL, .description = ""});
  HAS("\"hist\":null,\"hist_why\":\"left out to keep the page small\"");
  free(text);
  text = kept;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(estimators_have_their_parameters_and_intervals),
      cmocka_unit_test(runs_have_their_numbers),
      cmocka_unit_test(epochs_are_differences_and_series_follow_runs),
      cmocka_unit_test(clouds_refer_to_their_blocks),
      cmocka_unit_test(what_is_left_out_has_a_reason),
  };
  temp_create(NULL);
  int failed = cmocka_run_group_tests_name("report/meta", tests, open_made, close_made);
  temp_remove(NULL);
  return failed;
}
