/* Run files sorted into configurations: which are repeats, what a panel is called, which estimator is shown. */
#include "study/runs.h"

#include "base/test/check.h"
#include "study/series.h"
#include "study/test/made_runs.h"

#include <math.h>

enum { MOST = 6 };

/* Writes (n) runs and opens them as a set; their files are 0.h5, 1.h5, ... */
static ip_run_set *open_set(size_t n, const made_run *run, const char *estimator)
{
  static char path[MOST][512];
  static const char *file[MOST];
  ip_run_set *s;
  for (size_t i = 0; i < n; i++) {
    char name[16];
    snprintf(name, sizeof name, "%zu.h5", i);
    made_run m = run[i];
    m.file = name;
    if (!m.n_epochs) m.n_epochs = 3;
    if (!m.experiment) m.experiment = "mine";
    CHECK_OK(made_write(&m));
    snprintf(path[i], sizeof path[i], "%s", temp_path(name));
    file[i] = path[i];
  }
  CHECK_OK(ip_run_set_open(n, file, estimator, &s));
  return s;
}

static void panels_are_called_by_what_differs(void **state)
{
  (void)state;
  static const struct {
    size_t n;
    made_run run[MOST];
    const char *title[MOST]; /* of the groups */
  } cases[] = {
      {1, {{.config = "seed: 1\n"}}, {"mine"}},
      {1, {{.config = "", .experiment = ""}}, {"0.h5"}},
      {2, {{.config = "seed: 1\n"}, {.config = "seed: 2\n"}}, {"mine, 2 runs"}},
      {2,
       {{.config = "network: {activation: tanh}\n"}, {.config = "network: {activation: relu}\n"}},
       {"activation: tanh", "activation: relu"}},
      {2, {{.config = "a: {b: 2}\nc: 1\n"}, {.config = "a: {b: 1}\n"}}, {"b: 1, c: none", "b: 2, c: 1"}},
      {2,
       {{.config = "a: 2\nb: 2\nc: 2\n", .experiment = "x"}, {.config = "a: 1\nb: 1\nc: 1\n", .experiment = "y"}},
       {"y", "x"}},
      {2,
       {{.config = "a: 2\nb: 2\nc: 2\nd: 2\n"}, {.config = "a: 1\nb: 1\nc: 1\nd: 1\n"}},
       {"a: 1, b: 1, c: 1", "a: 2, b: 2, c: 2"}},
      {3,
       {{.config = "seed: 1\n"}, {.config = "seed: 2\n", .failed_to_fit = true}, {.config = "seed: 3\n"}},
       {"mine, 2 runs (1 did not fit)"}},
      {2,
       {{.config = "seed: 1\n", .failed_to_fit = true}, {.config = "seed: 2\n", .failed_to_fit = true}},
       {"mine, 2 runs (did not fit)"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_run_set *s = open_set(cases[i].n, cases[i].run, NULL);
    for (size_t g = 0; g < s->n_groups; g++) {
      if (!cases[i].title[g]) fail_msg("case %zu: group %zu: %s", i, g, s->group[g].title);
      assert_string_equal(s->group[g].title, cases[i].title[g]);
    }
    assert_null(cases[i].title[s->n_groups]);
    ip_run_set_close(&s);
  }
}

/* Runs that failed to fit are behind the others; the epochs are those of the longest of the others. */
static void runs_that_fit_come_first(void **state)
{
  (void)state;
  static const made_run run[] = {{.config = "", .n_epochs = 9, .failed_to_fit = true},
                                 {.config = "", .n_epochs = 4},
                                 {.config = "", .n_epochs = 6},
                                 {.config = "", .n_epochs = 6},
                                 {.config = "", .n_epochs = 2, .failed_to_fit = true}};
  static const size_t order[] = {1, 2, 3, 0, 4};
  ip_run_set *s = open_set(5, run, NULL);
  const ip_run_group *g = &s->group[0];
  assert_int_equal(s->n_groups, 1);
  assert_true(g->n_runs == 3 && g->n_failed_to_fit == 2 && g->longest == 2);
  assert_memory_equal(g->run, order, sizeof order);
  assert_true(g->n_layers == MADE_LAYERS && s->n_layers == MADE_LAYERS && !s->depths_differ);
  CHECK_NEAR(g->hx_bits, 2, 1e-12);
  CHECK_NEAR(g->hy_bits, 1, 1e-12);
  CHECK_NEAR(g->ixy_bits, 1, 0);
  assert_true(!g->has_squared_error && !g->noise_estimator && isnan(g->least_test_loss_epoch));
  assert_string_equal(g->objective, "cross_entropy");
  assert_string_equal(ip_layer_label(s, g, 0), "1: 2 tanh");
  assert_string_equal(ip_layer_label(s, g, 1), "2: 2 softmax");
  ip_run_set_close(&s);
}

/* That of the configuration, where the file has it, or its first side; else the first of the file. */
static void the_estimator_is_the_one_that_the_configuration_names_first(void **state)
{
  (void)state;
  static const struct {
    const char *config, *second, *chosen; /* the first in the file is edges */
  } cases[] = {
      {"", NULL, "edges"},
      {"estimators: [\"width:size=0.5\", edges]\n", NULL, "width:size=0.5"},
      {"estimators: [ksg]\n", "ksg@train", "ksg@train"},
      {"estimators: [ksg]\n", NULL, "edges"},
      {"estimators: [of_another_program]\n", NULL, "edges"},
      {"estimators: []\n", NULL, "edges"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const made_run run = {.config = cases[i].config, .estimator = cases[i].second};
    ip_run_set *s = open_set(1, &run, NULL);
    assert_string_equal(s->estimator, cases[i].chosen);
    assert_true(s->n_estimators == 2 && !s->is_asked && !s->without_estimates);
    CHECK_OK(ip_run_set_need_information(s));
    assert_string_equal(ip_error_message(), "");
    ip_run_set_close(&s);
  }
}

static void a_file_without_the_estimates_is_named(void **state)
{
  (void)state;
  static const made_run run[] = {{.config = ""}, {.config = "", .no_information = true}};
  char text[1200];
  ip_run_set *s = open_set(1, run, "ksg");
  snprintf(text, sizeof text, "%s: has no estimates by 'ksg'; it has: edges, width:size=0.5; see infoplane estimate",
           s->file[0]);
  assert_true(s->is_asked);
  CHECK_FAILS(ip_run_set_need_information(s), IP_EINVAL, text);
  ip_run_set_close(&s);
  s = open_set(2, run, NULL);
  snprintf(text, sizeof text, "%s: no estimates of mutual information yet; run infoplane estimate %s", s->file[1],
           s->file[1]);
  CHECK_FAILS(ip_run_set_need_information(s), IP_EINVAL, text);
  ip_run_set_close(&s);
  s = open_set(1, run + 1, NULL);
  assert_string_equal(s->estimator, "");
  ip_run_set_close(&s);
  CHECK_FAILS(ip_run_set_open(0, NULL, NULL, &s), IP_EINVAL, "no run files to plot");
  assert_null(s);
}

/* Noisy layers have bounds in place of estimates, unless an estimator was asked for by name. */
static void noisy_networks_need_estimates_that_are_asked_for(void **state)
{
  (void)state;
  static const made_run run = {.config = "", .no_information = true, .objective = "vib", .rate = 3};
  ip_run_set *s = open_set(1, &run, NULL);
  CHECK_OK(ip_run_set_need_information(s));
  ip_run_set_close(&s);
  s = open_set(1, &run, "edges");
  CHECK_FAILS(ip_run_set_need_information(s), IP_EINVAL, "no estimates of mutual information yet");
  ip_run_set_close(&s);
  assert_true(ip_noisy_is_label("noisy") && ip_noisy_is_label("noisy:draws=9") &&
              ip_noisy_is_label("dropout:draws=2") && ip_noisy_is_label("multiplicative"));
  assert_false(ip_noisy_is_label("noisyx") || ip_noisy_is_label("dropouts:draws=2") || ip_noisy_is_label("ksg") ||
               ip_noisy_is_label("nois"));
}

/* Within 1 % of log2 of the three training samples, 1.569 bits or more, a bound says nothing. */
static void bounds_near_their_limit_are_left_out(void **state)
{
  (void)state;
  static const double rate[] = {1.5697, 1.5685};
  const ip_series_spec spec = {IP_SERIES_INFORMATION, "ixt", NULL, false, NULL};
  for (size_t i = 0; i < 2; i++) {
    const made_run run = {.config = "", .objective = "nib", .rate = rate[i]};
    ip_series bound;
    ip_run_set *s = open_set(1, &run, NULL);
    CHECK_OK(ip_series_read(s, &s->group[0], 1, &spec, s->sc, &bound));
    if (i)
      CHECK_NEAR(bound.mean[0], rate[i], 1e-12);
    else
      assert_true(isnan(bound.mean[0]));
    CHECK_NEAR(bound.mean[MADE_LAYERS], rate[i] - 0.1, 1e-12);
    ip_run_set_close(&s);
  }
}

/* H(Y) of a part without logged samples is that of the dataset: 1 bit. */
static void bounds_of_samples_that_were_not_logged_use_the_dataset(void **state)
{
  (void)state;
  const ip_series_spec spec[] = {{IP_SERIES_INFORMATION, "ity", NULL, false, NULL},
                                 {IP_SERIES_INFORMATION, "ity_test", NULL, false, NULL}};
  for (int no_test = 0; no_test < 2; no_test++) {
    const made_run run = {.config = "", .objective = "vib", .rate = 1, .n_epochs = 6, .no_test = no_test};
    const double hy[] = {no_test ? 1 : log2(3) - 2. / 3, no_test ? 1 : 0}; /* 0 1 0 1, or 0 1 0 and 1 */
    ip_series s[2];
    ip_run_set *set = open_set(1, &run, NULL);
    CHECK_OK(ip_series_read(set, &set->group[0], 2, spec, set->sc, s));
    for (size_t part = 0; part < 2; part++)
      for (size_t i = 0; i < 6 * MADE_LAYERS; i++) {
        double loss = ((double)part + 1) / (1 + (double)(i / MADE_LAYERS));
        CHECK_NEAR(s[part].mean[i], fmax(0, hy[part] - loss / log(2)), 1e-12);
      }
    ip_run_set_close(&set);
  }
}

/* The first layer that noise reaches: that of vib and nib is before the output; files that do not say which layers have
 * noise on their units have it on all hidden ones. */
static void noise_reaches_the_layers_from_its_first(void **state)
{
  (void)state;
  static const struct {
    const char *objective;
    double variance, multiplicative, dropout;
    size_t n, has_mean; /* layers, and the one with units before the noise, from 1; 0: unknown */
    size_t from;
    const char *estimator;
  } cases[] = {
      {"cross_entropy", 0, 0, 0, 3, 0, 3, NULL},
      {"cross_entropy", 0, 0, 0, 3, 2, 3, NULL},
      {"vib", 0, 0, 0, 3, 0, 1, NULL},
      {"vib", 0, 0, 0, 2, 0, 0, NULL},
      {"vib", 0, 0, 0, 1, 0, 0, NULL},
      {"nib", 0, 0, 0, 4, 0, 2, NULL},
      {"nib_squared", 0, 0, 0, 4, 0, 2, NULL},
      {"cross_entropy", 0.5, 0, 0, 3, 0, 0, "noisy"},
      {"cross_entropy", 0.5, 0, 0, 1, 0, 0, "noisy"},
      {"cross_entropy", 0.5, 0, 0, 3, 1, 0, "noisy"},
      {"cross_entropy", 0.5, 0, 0, 3, 2, 1, "noisy"},
      {"cross_entropy", 0.5, 0, 0, 3, 3, 2, "noisy"},
      {"cross_entropy", 0, 0.5, 0, 3, 2, 1, "multiplicative"},
      {"cross_entropy", 0, 0, 0.5, 3, 2, 1, "dropout"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_run_layer layer[4] = {{.activation = "tanh"}};
    if (cases[i].has_mean) layer[cases[i].has_mean - 1].has_mean = true;
    const ip_run_head h = {.objective = cases[i].objective,
                           .noise_variance = cases[i].variance,
                           .multiplicative_noise = cases[i].multiplicative,
                           .dropout = cases[i].dropout,
                           .n_layers = cases[i].n,
                           .layer = layer};
    if (ip_noisy_from(&h) != cases[i].from) fail_msg("case %zu: %zu", i, ip_noisy_from(&h));
    const char *estimator = ip_noisy_estimator(&h);
    assert_int_equal(estimator != NULL, cases[i].estimator != NULL);
    if (estimator) assert_string_equal(estimator, cases[i].estimator);
  }
}

/* Soft labels are counted by their probabilities, others one by one. */
static void entropies_are_those_of_the_logged_samples(void **state)
{
  (void)state;
  static const uint32_t x_id[] = {0, 1, 1, 2};
  static const int32_t y[] = {0, 0, 0, 1};
  static const uint8_t split[] = {0, 1, 0, 1};
  static const float p[] = {1, 0, 0.5f, 0.5f, 0, 1, 0.5f, 0.5f};
  static const double hard[] = {0.81127812445913283, 0, 1}, soft[] = {1, 1, 1}; /* of all, and of each part */
  ip_scratch *sc;
  double bits;
  ip_run_head h = {.n = 4, .n_x = 3, .n_classes = 2, .x_id = x_id, .y = y, .split = split};
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_logged_hx(&h, sc, &bits));
  CHECK_NEAR(bits, 1.5, 1e-15);
  for (int part = -1; part < 2; part++) {
    h.p_y_given_x = NULL;
    CHECK_OK(ip_logged_hy(&h, part, &bits));
    CHECK_NEAR(bits, hard[part + 1], 1e-15);
    h.p_y_given_x = p;
    CHECK_OK(ip_logged_hy(&h, part, &bits));
    CHECK_NEAR(bits, soft[part + 1], 1e-15);
  }
  ip_scratch_destroy(&sc);
}

static void entropies_of_nothing_are_not_known(void **state)
{
  (void)state;
  static const uint32_t x_id[] = {0};
  static const int32_t y[] = {0};
  ip_scratch *sc;
  double bits;
  CHECK_OK(ip_scratch_create(&sc));
  ip_run_head h = {.n = 1, .n_x = 1, .n_classes = 1, .x_id = x_id, .y = y};
  CHECK_OK(ip_logged_hx(&h, sc, &bits));
  CHECK_NEAR(bits, 0, 0);
  CHECK_OK(ip_logged_hy(&h, 1, &bits)); /* without a split, all are of part 0 */
  assert_true(isnan(bits));
  h.n = 0;
  CHECK_OK(ip_logged_hx(&h, sc, &bits));
  assert_true(isnan(bits));
  h = (ip_run_head){.n = 1, .n_targets = 1, .n_classes = 1, .y = y};
  CHECK_OK(ip_logged_hx(&h, sc, &bits));
  assert_true(isnan(bits));
  CHECK_OK(ip_logged_hy(&h, -1, &bits));
  assert_true(isnan(bits));
  ip_scratch_destroy(&sc);
}

/* A name, safe in a table, of at most 40 characters with its number. */
static void layers_have_their_names(void **state)
{
  (void)state;
  static const char *const name[] = {"conv1", "a\tb",
                                     "a.very.long.name.of.a.layer.that.has.more.than.forty.characters"};
  static const char *const label[] = {"1: conv1", "1: a b", NULL};
  for (size_t i = 0; i < 3; i++) {
    const made_run run = {.config = "", .name = name[i]};
    ip_run_set *s = open_set(1, &run, NULL);
    const char *got = ip_layer_label(s, &s->group[0], 0);
    if (label[i])
      assert_string_equal(got, label[i]);
    else
      assert_true(strlen(got) <= 43 && !strncmp(got, "1: a.very.long.name", 19));
    assert_string_equal(ip_layer_label(s, &s->group[0], 1), "2: 2 softmax");
    ip_run_set_close(&s);
  }
}

/* ---------------------------------------------------------------- series over the repeats */

static void near_or_nan(double got, double want)
{
  if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-12)) fail_msg("%.17g, expected %.17g", got, want);
}

/* Runs of 2, 3 and 4 epochs, with I(X;T) shifted by 0, 0.3 and 0.9. */
static void series_are_means_and_deviations_of_the_runs_that_logged_an_epoch(void **state)
{
  (void)state;
  static const double shift[] = {0, 0.3, 0.9}, mean[] = {0.4, 0.4, 0.6, 0.9},
                      sd[] = {0.45825756949558400, 0.45825756949558400, 0.42426406871192851, (double)NAN};
  made_run run[3];
  for (size_t i = 0; i < 3; i++) run[i] = (made_run){.config = "", .n_epochs = 2 + i, .shift = shift[i]};
  const ip_series_spec spec[] = {
      {IP_SERIES_INFORMATION, "ixt", NULL, false, NULL},
      {IP_SERIES_INFORMATION, "ixt", "ity", false, NULL},
      {IP_SERIES_METRIC, "test/loss", "train/loss", false, NULL},
      {IP_SERIES_METRIC, "train/loss", NULL, true, NULL},
      {IP_SERIES_LAYER, "gradient_mean", "gradient_std", false, NULL},
      {IP_SERIES_MEASURE, "v_information", NULL, true, "probe"},
      {IP_SERIES_INFORMATION, "ixt", NULL, false, "none"},
  };
  enum { RATIO = 2, LOGARITHM, GRADIENT, V, MISSING, N_SPECS };
  ip_series s[N_SPECS];
  ip_run_set *set = open_set(3, run, NULL);
  CHECK_OK(ip_series_read(set, &set->group[0], N_SPECS, spec, set->sc, s));
  assert_true(s[0].n_epochs == 4 && s[0].n_columns == MADE_LAYERS && s[RATIO].n_columns == 1);
  for (size_t e = 0; e < 4; e++) {
    assert_int_equal(s[0].epoch[e], made_epoch(e));
    for (size_t k = 0; k < MADE_LAYERS; k++) {
      size_t at = e * MADE_LAYERS + k, n = e < 2 ? 3 : 4 - e;
      assert_int_equal(s[0].count[at], n);
      near_or_nan(s[0].mean[at], made_ixt(e, k) + mean[e]);
      near_or_nan(ip_series_sd(&s[0], e, k), sd[e]);
      near_or_nan(s[0].low[at], made_ixt(e, k) + shift[3 - n]);
      near_or_nan(s[0].high[at], made_ixt(e, k) + 0.9);
      near_or_nan(s[GRADIENT].mean[at], e ? made_gradient(e, k) / 2 : (double)NAN); /* 0 / 0 at first */
      near_or_nan(s[MISSING].mean[at], (double)NAN);
      assert_int_equal(s[MISSING].count[at], 0);
    }
    near_or_nan(s[RATIO].mean[e], 2);
    near_or_nan(s[LOGARITHM].mean[e], -log(1 + (double)e));
  }
  near_or_nan(s[V].mean[0], (log(0.3) + log(0.9)) / 2); /* layer 1 of epoch 0: 0, 0.3 and 0.9 */
  assert_int_equal(s[V].count[0], 2);
  assert_true(ip_series_any(&s[V]) && !ip_series_any(&s[MISSING]));
  CHECK_OK(ip_run_set_find_least_test_loss(set));
  CHECK_NEAR(set->group[0].least_test_loss_epoch, 13, 0);
  ip_run_set_close(&set);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(panels_are_called_by_what_differs),
      cmocka_unit_test(runs_that_fit_come_first),
      cmocka_unit_test(the_estimator_is_the_one_that_the_configuration_names_first),
      cmocka_unit_test(a_file_without_the_estimates_is_named),
      cmocka_unit_test(noisy_networks_need_estimates_that_are_asked_for),
      cmocka_unit_test(bounds_near_their_limit_are_left_out),
      cmocka_unit_test(bounds_of_samples_that_were_not_logged_use_the_dataset),
      cmocka_unit_test(noise_reaches_the_layers_from_its_first),
      cmocka_unit_test(entropies_are_those_of_the_logged_samples),
      cmocka_unit_test(entropies_of_nothing_are_not_known),
      cmocka_unit_test(layers_have_their_names),
      cmocka_unit_test(series_are_means_and_deviations_of_the_runs_that_logged_an_epoch),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
