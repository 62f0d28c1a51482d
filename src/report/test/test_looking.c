/* test_looking.c - which samples and units of a large run are looked at, and how wide layers become points. */
#include "report/looking.h"

#include "base/test/check.h"
#include "file/test/temp.h"
#include "report/description.h"

#include <math.h>

enum { N = 1500, N_EPOCHS = 3, WIDE = 100, NARROW = 3, N_RARE = 10 };

static ip_looking look;
static ip_scratch *sc;
static bool few[N_EPOCHS] = {true, false, true};

/* Of a wide layer two units vary. */
static float wide(size_t e, size_t i, size_t u)
{
  return u == 7 ? (float)sin((double)i) + (float)e : u == 60 ? 0.25f * (float)cos(3 * (double)i) : 0.5f;
}

static float narrow(size_t e, size_t i, size_t u)
{
  return u == 2 && i % 7 == 0 ? NAN : (float)(i % 101) / 101 + (float)u + 10 * (float)e;
}

static int32_t class_of(size_t i, int32_t n_classes)
{
  if (n_classes == 1) return 0;
  return i % 150 == 149 ? 2 : i % 3 == 0;
}

static void open_run(int32_t n_classes)
{
  static float first[N * WIDE], second[N * NARROW];
  static uint32_t x_id[N];
  static int32_t y[N];
  static const ip_run_layer layer[] = {{.kind = "hidden", .activation = "tanh", .width = WIDE},
                                       {.kind = "output", .activation = "softmax", .width = NARROW}};
  for (size_t i = 0; i < N; i++) x_id[i] = (uint32_t)i, y[i] = class_of(i, n_classes);
  ip_run_head h = {.name = "r",
                   .experiment = "",
                   .config = "",
                   .digest = "d",
                   .estimate_digest = "",
                   .dataset = "made",
                   .dataset_sha256 = "",
                   .objective = "cross_entropy",
                   .epochs = 100,
                   .n = N,
                   .n_x = N,
                   .n_classes = (size_t)n_classes,
                   .x_id = x_id,
                   .y = y,
                   .n_layers = 2,
                   .layer = layer};
  ip_run_writer *w;
  ip_run_end end = {.status = "done", .reason = ""};
  const float *t[] = {first, second};
  char path[512];
  snprintf(path, sizeof path, "%s", temp_path("large.h5"));
  CHECK_OK(ip_run_writer_create(path, &h, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    ip_snapshot s = {.epoch = (int64_t)e, .t = t, .next_epoch = 1, .n_state = 1, .state = "x"};
    for (size_t i = 0; i < N; i++) {
      for (size_t u = 0; u < WIDE; u++) first[i * WIDE + u] = wide(e, i, u);
      for (size_t u = 0; u < NARROW; u++) second[i * NARROW + u] = narrow(e, i, u);
    }
    CHECK_OK(ip_run_writer_append(w, &s));
  }
  CHECK_OK(ip_run_writer_end(w, &end));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
  CHECK_OK(ip_scratch_create(&sc));
  ip_explore_run r = {.n_epochs = N_EPOCHS, .n_layers = 2, .is_few = few, .has_activations = true};
  CHECK_OK(ip_looking_open(path, &r, sc, &look));
}

static void close_run(void)
{
  ip_looking_close(&look);
  ip_scratch_destroy(&sc);
}

static void samples_are_even_and_classes_have_equally_many_points(void **state)
{
  (void)state;
  open_run(3);
  assert_int_equal(look.n_epochs, 2);
  assert_int_equal(look.epoch[0], 0);
  assert_int_equal(look.epoch[1], 2);
  assert_int_equal(look.n_samples, IP_HISTOGRAM_SAMPLES);
  for (size_t i = 0; i < look.n_samples; i++) assert_int_equal(look.sample[i], i * N / IP_HISTOGRAM_SAMPLES);
  size_t n_of[3] = {0}, before[3] = {0}, all[3] = {0}, most = IP_CLOUD_SAMPLES / 3;
  for (size_t i = 0; i < N; i++) all[class_of(i, 3)]++;
  for (size_t i = 0; i < look.n_cloud; i++) {
    if (i) assert_true(look.cloud[i] > look.cloud[i - 1]);
    n_of[class_of(look.cloud[i], 3)]++;
  }
  assert_int_equal(all[2], N_RARE);
  assert_int_equal(n_of[2], N_RARE); /* all of a rare class */
  assert_int_equal(n_of[0], most);
  assert_int_equal(n_of[1], most);
  for (size_t i = 0, at[3] = {0}; i < N; i++) { /* evenly over the class: never more than one part away */
    size_t c = (size_t)class_of(i, 3);
    at[c]++;
    for (size_t k = 0; k < look.n_cloud; k++) before[c] += look.cloud[k] == i;
    double share = (double)at[c] / (double)all[c] * (double)n_of[c];
    assert_true((double)before[c] <= share + 1e-9 && (double)before[c] > share - 1);
  }
  close_run();
  open_run(1);
  assert_int_equal(look.n_cloud, IP_CLOUD_SAMPLES);
  for (size_t i = 0; i < look.n_cloud; i++) assert_int_equal(look.cloud[i], i * N / IP_CLOUD_SAMPLES);
  close_run();
}

static void wide_layers_have_their_axes_of_the_last_epoch(void **state)
{
  (void)state;
  ip_looked l;
  double mean[2] = {0};
  open_run(3);
  CHECK_OK(ip_looking_read(&look, 0, sc, &l));
  assert_true(l.are_components);
  assert_int_equal(l.n_units, 2);
  CHECK_NEAR(l.share[0] + l.share[1], 1, 1e-6);
  assert_true(l.share[0] > 0.9);
  for (size_t i = 0; i < look.n_cloud; i++) {
    mean[0] += (double)wide(2, look.cloud[i], 7) / (double)look.n_cloud;
    mean[1] += (double)wide(2, look.cloud[i], 60) / (double)look.n_cloud;
  }
  for (size_t e = 0; e < 2; e++)
    for (size_t i = 0; i < look.n_cloud; i++) {
      const float *p = l.cloud + (e * look.n_cloud + i) * 2;
      double a = (double)wide(2 * e, look.cloud[i], 7) - mean[0], b = (double)wide(2 * e, look.cloud[i], 60) - mean[1];
      CHECK_NEAR((double)p[0] * (double)p[0] + (double)p[1] * (double)p[1], a * a + b * b, 1e-4);
      CHECK_NEAR((double)p[0], a, 0.1); /* nearly along unit 7 */
    }
  assert_int_equal(l.n_kept, IP_HISTOGRAM_SAMPLES * IP_HISTOGRAM_UNITS);
  for (size_t e = 0; e < 2; e++)
    for (size_t k = 0; k < l.n_kept; k += 13) {
      size_t i = k / IP_HISTOGRAM_UNITS, u = k % IP_HISTOGRAM_UNITS * WIDE / IP_HISTOGRAM_UNITS;
      CHECK_NEAR((double)l.kept[e * l.n_kept + k], (double)wide(2 * e, look.sample[i], u), 0);
    }
  close_run();
}

static void narrow_layers_are_their_units(void **state)
{
  (void)state;
  ip_looked l;
  ip_cloud cloud = {0};
  open_run(3);
  CHECK_OK(ip_looking_read(&look, 1, sc, &l));
  assert_true(!l.are_components && l.n_units == NARROW && l.n_epochs == 2);
  CHECK_OK(ip_cloud_begin(&look, sc, &cloud));
  look.n_code = 0;
  CHECK_OK(ip_cloud_add(&look, &l, 1, sc, &cloud));
  const ip_cloud_layer *to = &cloud.layer[1];
  assert_int_equal(look.n_code, NARROW * look.n_cloud * 2);
  size_t n_nan = 0;
  for (size_t u = 0; u < NARROW; u++)
    for (size_t i = 0; i < look.n_cloud; i++)
      for (size_t e = 0; e < 2; e++) {
        double value = (double)narrow(2 * e, look.cloud[i], u);
        double code = cloud.code[(u * look.n_cloud + i) * 2 + e];
        n_nan += isnan(value) != 0;
        if (isnan(value))
          CHECK_NEAR(code, 0, 0);
        else
          CHECK_NEAR(to->low[u] + code / 255 * (to->high[u] - to->low[u]), value,
                     0.51 / 255 * (to->high[u] - to->low[u]));
      }
  assert_true(n_nan > 0);
  for (size_t i = 0; i < look.n_cloud; i++) assert_int_equal(cloud.label[i], class_of(look.cloud[i], 3));
  close_run();
}

static void descriptions_and_tags_are_those_of_the_configuration(void **state)
{
  (void)state;
  static const char *const cases[][3] = {
      {"name: a\ndescription: what it is\ntags: [one, two, three]\n", "what it is", "one, two, three"},
      {"tags: [one]\ndescription: [x]\n", "", "one"},
      {"name: a\ntags: one\n", "", ""},
      {"tags: [one, [two], three]\n", "", "one, three"},
      {"", "", ""},
      {"[description]\n", "", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *text;
    CHECK_OK(ip_report_description(cases[i][0], &text));
    assert_string_equal(text, cases[i][1]);
    ip_free(text);
    CHECK_OK(ip_report_tags(cases[i][0], &text));
    assert_string_equal(text, cases[i][2]);
    ip_free(text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(samples_are_even_and_classes_have_equally_many_points),
      cmocka_unit_test(wide_layers_have_their_axes_of_the_last_epoch),
      cmocka_unit_test(narrow_layers_are_their_units),
      cmocka_unit_test(descriptions_and_tags_are_those_of_the_configuration),
  };
  return cmocka_run_group_tests_name("report/looking", tests, temp_create, temp_remove);
}
