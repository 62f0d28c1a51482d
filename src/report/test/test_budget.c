/* test_budget.c - a page that would be too large leaves out what docs/page.md lists, in that order, and names it. */
#include "report/report.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <sys/stat.h>

static char text[4 << 20];

typedef struct {
  size_t n;
  char what[16][200];
} cuts;

static void told(void *context, const char *what)
{
  cuts *c = context;
  snprintf(c->what[c->n++], sizeof c->what[0], "%s", what);
}

enum { N_RUNS = 6 };

static size_t page(size_t max_size, bool is_static, cuts *c)
{
  static char path[N_RUNS][512];
  const char *file[N_RUNS];
  char folder[512], out[512], config[N_RUNS][40], name[N_RUNS][24];
  mkdir(temp_path("x"), 0755);
  for (size_t i = 0; i < N_RUNS; i++) { /* three configurations of two networks */
    snprintf(name[i], sizeof name[i], "x/%zu.h5", i);
    snprintf(config[i], sizeof config[i], "name: r\na: %zu\nseed: %zu\n", i / 2, i);
    made_run run = {.file = name[i], .experiment = "r", .config = config[i], .seed = i, .n_epochs = 60};
    if (!temp_exists(name[i])) CHECK_OK(made_write(&run));
    strcpy(path[i], temp_path(name[i]));
    file[i] = path[i];
  }
  strcpy(folder, temp_path("x"));
  strcpy(out, temp_path("page.html"));
  *c = (cuts){0};
  ip_report_options o = {
      .folder = folder, .out = out, .max_size = max_size, .is_static = is_static, .on_cut = told, .context = c};
  CHECK_OK(ip_report_write(N_RUNS, file, &o));
  FILE *in = fopen(out, "rb");
  assert_non_null(in);
  size_t n = fread(text, 1, sizeof text - 1, in);
  text[n] = 0;
  fclose(in);
  return n;
}

static void cuts_come_in_their_order_and_the_page_names_them(void **state)
{
  (void)state;
  static const char *const want[] = {"points above 2 of each cloud of points",
                                     "figures other than plane",
                                     "the clouds of points of 2 of 3 networks",
                                     "1 of 2 estimators",
                                     "the curves of measures",
                                     "histograms and clouds of points",
                                     "the curves of single networks",
                                     "nothing more"};
  cuts c;
  size_t whole = page(0, false, &c);
  assert_int_equal(c.n, 0);
  assert_non_null(strstr(text, "<p id=\"cuts\" class=\"quiet\"></p>"));
  assert_non_null(strstr(text, "\"cuts\":[]"));
  assert_non_null(strstr(text, "id=\"figure-gradients\""));
  size_t smallest = page(1, false, &c);
  assert_int_equal(c.n, 8);
  for (size_t i = 0; i < 8; i++) {
    if (strncmp(c.what[i], want[i], strlen(want[i])) != 0) fail_msg("cut %zu is: %s", i, c.what[i]);
    assert_non_null(strstr(text, c.what[i]));
  }
  assert_null(strstr(text, "id=\"figure-gradients\""));
  assert_non_null(strstr(text, "id=\"figure-plane\""));
  assert_non_null(strstr(text, "\"quantile\":0.5"));
  assert_non_null(strstr(text, "\"hist\":null"));
  assert_true(smallest < whole);
}

static void a_page_is_as_large_as_it_may_be_and_no_larger(void **state)
{
  (void)state;
  cuts c;
  size_t whole = page(0, false, &c), most = whole - 1000;
  assert_true(page(most, false, &c) <= most);
  assert_in_range(c.n, 1, 2); /* a little too large */
  most = page(most, false, &c);
  assert_true(page(most, false, &c) == most); /* the size is known before the page is written */
  assert_true(page(whole, false, &c) == whole);
  assert_int_equal(c.n, 0);
}

/* Pages that are always a little too large: clouds have fewer points before there are fewer clouds, one at a time. */
static void clouds_are_left_out_one_at_a_time(void **state)
{
  (void)state;
  cuts c;
  bool one = false, two = false;
  for (size_t size = page(0, false, &c), i = 0; i < 12 && !one; i++) {
    size = page(size - 1, false, &c);
    bool points = c.n && !strcmp(c.what[0], "points above 2 of each cloud of points");
    assert_true(points);
    for (size_t k = 1; k < c.n; k++) {
      one |= !strcmp(c.what[k], "the clouds of points of 1 of 3 networks");
      two |= !strcmp(c.what[k], "the clouds of points of 2 of 3 networks");
    }
  }
  assert_true(one && !two);
}

static void a_static_page_has_no_script_and_all_figures(void **state)
{
  (void)state;
  cuts c;
  page(0, true, &c);
  assert_null(strstr(text, "<script"));
  assert_null(strstr(text, "id=\"explore\""));
  assert_null(strstr(text, "script-src"));
  assert_non_null(strstr(text, "default-src 'none'"));
  assert_non_null(strstr(text, "id=\"figure-snapshots\""));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cuts_come_in_their_order_and_the_page_names_them),
      cmocka_unit_test(a_page_is_as_large_as_it_may_be_and_no_larger),
      cmocka_unit_test(clouds_are_left_out_one_at_a_time),
      cmocka_unit_test(a_static_page_has_no_script_and_all_figures),
  };
  return cmocka_run_group_tests_name("report/budget", tests, temp_create, temp_remove);
}
