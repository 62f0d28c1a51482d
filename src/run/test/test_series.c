/* Every series and attribute of a group is that of its name: each estimator's own result on the same samples, under
 * every kind of noise of the network, with what was asked for and nothing else. */
#include "base/build.h"
#include "base/rng.h"
#include "estimator/interval.h"
#include "estimator/kind.h"
#include "run/test/hand.h"

enum { N = 36, N_X = 12, N_IN = 2, N_LAYERS = 3, N_EPOCHS = 2, AT = N_EPOCHS * N_LAYERS, BOOTSTRAP = 4, NULLS = 3 };
static const size_t width_of[N_LAYERS] = {2, 3, 2};
static const int64_t epoch_of[N_EPOCHS] = {3, 8};
static const char *const activation_of[N_LAYERS] = {"tanh", "relu", "softmax"};
static float t[N_EPOCHS][N_LAYERS][N * 3], mean[N_EPOCHS][N * 2], x[N * N_IN];
static uint32_t x_id[N];
static int32_t y[N];

/* Every input three times; the first layer has noise. */
static int draw(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (uint32_t i = 0; i < N; i++) {
    x_id[i] = i % N_X;
    for (size_t j = 0; j < N_IN; j++) x[N_IN * i + j] = (float)sin(1 + 7 * x_id[i] + 3 * (double)j);
    y[i] = x[N_IN * i] > 0;
  }
  for (size_t e = 0; e < N_EPOCHS; e++)
    for (size_t i = 0; i < N; i++) {
      float *t0 = &t[e][0][2 * i], *t1 = &t[e][1][3 * i], *t2 = &t[e][2][2 * i];
      for (size_t j = 0; j < 2; j++) {
        mean[e][2 * i + j] = tanhf((float)(e + 1) * x[N_IN * i + j]);
        t0[j] = mean[e][2 * i + j] + 0.1F * (float)ip_rng_normal(&r);
      }
      t1[0] = fmaxf(0, t0[0]), t1[1] = fmaxf(0, t0[1] - t0[0]), t1[2] = t0[0] > 0 ? 1.5F : 0.5F;
      t2[0] = 1 / (1 + expf(4 * t0[0] - t0[1])), t2[1] = 1 - t2[0];
    }
  return 0;
}

typedef struct noise {
  const char *what;
  double variance, multiplicative, dropout;
  int quantize_bits;
  bool quantize_output;
} noise;

static const noise noises[] = {{"none", 0, 0, 0, 0, false},
                               {"additive", 0.01, 0, 0, 0, false},
                               {"multiplicative", 0, 0.02, 0, 0, false},
                               {"dropout", 0, 0, 0.25, 0, false},
                               {"hidden layers in bits", 0, 0, 0, 5, false},
                               {"all layers in bits", 0, 0, 0, 5, true}};

static bool is_noisy(noise o)
{
  return o.variance > 0 || o.multiplicative > 0 || o.dropout > 0;
}

static void make_run(const char *path, noise o)
{
  ip_run_layer layer[N_LAYERS];
  for (size_t k = 0; k < N_LAYERS; k++)
    layer[k] = (ip_run_layer){.kind = k + 1 < N_LAYERS ? "hidden" : "output",
                              .activation = activation_of[k],
                              .width = width_of[k],
                              .has_mean = k == 0 && is_noisy(o)};
  ip_run_head head = head_by_hand(N, x_id, 2, y, N_LAYERS, layer);
  head.n_x = N_X;
  head.n_in = N_IN, head.x = x;
  head.noise_variance = o.variance, head.multiplicative_noise = o.multiplicative, head.dropout = o.dropout;
  head.quantize_bits = o.quantize_bits, head.quantize_output = o.quantize_output;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    const float *units[N_LAYERS] = {t[e][0], t[e][1], t[e][2]}, *means[N_LAYERS] = {mean[e]};
    CHECK_OK(ip_run_writer_append(
        w, &(ip_snapshot){.epoch = epoch_of[e], .t = units, .mean = means, .next_epoch = epoch_of[e] + 1}));
  }
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

/* Layer k at logged epoch e, as an estimator is to get it. prediction (N): that of the output. */
static ip_samples samples_of(noise o, size_t e, size_t k, int32_t *prediction)
{
  bool noisy = k == 0 && is_noisy(o), is_output = k + 1 == N_LAYERS;
  double low = (double)INFINITY, high = -low;
  for (size_t f = 0; f < N_EPOCHS; f++)
    for (size_t i = 0; i < N * width_of[k]; i++) {
      if ((double)t[f][k][i] < low) low = (double)t[f][k][i];
      if ((double)t[f][k][i] > high) high = (double)t[f][k][i];
    }
  for (size_t i = 0; i < N; i++) prediction[i] = t[e][2][2 * i + 1] > t[e][2][2 * i];
  return (ip_samples){.n = N,
                      .width = width_of[k],
                      .t = t[e][k],
                      .n_x = N_X,
                      .x_id = x_id,
                      .n_in = N_IN,
                      .x = x,
                      .n_y = 2,
                      .y = y,
                      .prediction = prediction,
                      .has_run_range = true,
                      .low = low,
                      .high = high,
                      .noise_variance = noisy ? o.variance : 0,
                      .multiplicative_noise = noisy ? o.multiplicative : 0,
                      .dropout = noisy ? o.dropout : 0,
                      .mean = noisy ? mean[e] : NULL,
                      .noise_below = k > 0 && is_noisy(o),
                      .quantize_bits = is_output && !o.quantize_output ? 0 : o.quantize_bits,
                      .is_output = is_output,
                      .activation = activation_of[k],
                      .layer = k + 1,
                      .epoch = epoch_of[e]};
}

/* ---------------------------------------------------------------- what is expected of one estimator */

enum { MOST_SERIES = 27 };
typedef struct expected {
  const char *name[MOST_SERIES];
  double v[MOST_SERIES][AT];
} expected;

static void expect(expected *to, size_t at, const char *name, double value)
{
  size_t s = 0;
  while (s < MOST_SERIES && to->name[s] && strcmp(to->name[s], name)) s++;
  assert_true(s < MOST_SERIES);
  to->name[s] = name;
  to->v[s][at] = value;
}

static double number_or_nan(double v, const char *no_value)
{
  return no_value ? (double)NAN : v;
}

static void expect_intervals(expected *want, size_t at, const ip_estimator *est, const ip_samples *s, ip_scratch *sc)
{
  ip_interval ixt, ity;
  if (ip_estimator_bootstrap(est, s, BOOTSTRAP, 0.9, 1, sc, &ixt, &ity) != IP_OK)
    ixt = ity = (ip_interval){(double)NAN, (double)NAN, "failed"};
  expect(want, at, "ixt_low", ixt.low);
  expect(want, at, "ixt_high", ixt.high);
  expect(want, at, "ity_low", ity.low);
  expect(want, at, "ity_high", ity.high);
  expect(want, at, "ixt_interval_missing", ixt.refusal != NULL);
  expect(want, at, "ity_interval_missing", ity.refusal != NULL);
  ip_null null;
  if (ip_estimator_null(est, s, NULLS, 1, sc, &null) != IP_OK) null = (ip_null){(double)NAN, (double)NAN, (double)NAN};
  expect(want, at, "ity_null_mean", null.mean_bits);
  expect(want, at, "ity_null_high", null.high_bits);
  ip_error_clear();
}

static void expect_layer(expected *want, noise o, size_t at, const ip_estimator *est, ip_scratch *sc)
{
  int32_t prediction[N];
  ip_samples s = samples_of(o, at / N_LAYERS, at % N_LAYERS, prediction);
  ip_estimate out;
  double hx, hy;
  CHECK_OK(ip_estimate_entropies(est, &s, sc, &hx, &hy));
  if (ip_estimator_run(est, &s, sc, &out) != IP_OK)
    out = (ip_estimate){.ixt_no_value = "failed",
                        .ity_no_value = "failed",
                        .ixt_given_y_no_value = "failed",
                        .bin_loss_bits = (double)NAN,
                        .prediction_bits = (double)NAN};
  ip_error_clear();
  bool failed = out.ixt_no_value && !strcmp(out.ixt_no_value, "failed");
  double ixt_raw = number_or_nan(out.ixt_raw_bits, failed ? "" : NULL), lost = out.bin_loss_bits;
  double ity_raw = number_or_nan(out.ity_raw_bits, failed ? "" : NULL),
         ixt = number_or_nan(out.ixt_bits, out.ixt_no_value);
  expect(want, at, "ixt", ixt);
  expect(want, at, "ity", number_or_nan(out.ity_bits, out.ity_no_value));
  expect(want, at, "ixt_raw", ixt_raw);
  expect(want, at, "ity_raw", ity_raw);
  expect(want, at, "ixt_error", number_or_nan(out.ixt_error_bits, failed ? "" : NULL));
  expect(want, at, "ity_error", number_or_nan(out.ity_error_bits, failed ? "" : NULL));
  expect(want, at, "ixt_given_y", number_or_nan(out.ixt_given_y_bits, out.ixt_given_y_no_value));
  expect(want, at, "bin_loss", lost);
  expect(want, at, "prediction_entropy", out.prediction_bits);
  expect(want, at, "lossy_bins", isnan(lost) ? lost : lost > 0.01 * out.prediction_bits);
  expect(want, at, "clipped", out.ixt_clipped || out.ity_clipped);
  expect(want, at, "ixt_fraction", hx > 0 ? ixt_raw / hx : (double)NAN);
  expect(want, at, "ity_fraction", hy > 0 ? ity_raw / hy : (double)NAN);
  expect(want, at, "saturated", ip_flag_saturated(est, ixt, N));
  if (ip_estimator_kind_of(est)->band) {
    expect(want, at, "ixt_band_low", number_or_nan(out.ixt_band_low, out.ixt_no_value));
    expect(want, at, "ixt_band_high", number_or_nan(out.ixt_band_high, out.ixt_no_value));
    expect(want, at, "ity_band_low", number_or_nan(out.ity_band_low, out.ity_no_value));
    expect(want, at, "ity_band_high", number_or_nan(out.ity_band_high, out.ity_no_value));
  }
  if (out.ixt_no_value && out.ity_no_value) {
    static const char *const none[] = {"ixt_low", "ixt_high", "ity_low", "ity_high", "ity_null_mean", "ity_null_high"};
    for (size_t i = 0; i < 6; i++) expect(want, at, none[i], (double)NAN);
    expect(want, at, "ixt_interval_missing", 1);
    expect(want, at, "ity_interval_missing", 1);
  } else
    expect_intervals(want, at, est, &s, sc);
}

/* ---------------------------------------------------------------- what the file has */

static const double *values_of(const ip_information *info, const char *name)
{
  for (size_t s = 0; s < info->n_series; s++)
    if (!strcmp(info->series[s], name)) return info->value[s];
  return NULL;
}

static bool has_number(const double *v)
{
  for (size_t at = 0; at < AT; at++)
    if (!isnan(v[at])) return true;
  return false;
}

/* A series without a number is not there, but for ixt and ity. */
static void check_series(const char *what, const ip_information *info, const expected *want)
{
  size_t n = 0;
  for (size_t s = 0; s < MOST_SERIES && want->name[s]; s++) {
    const double *got = values_of(info, want->name[s]);
    bool any = !strcmp(want->name[s], "ixt") || !strcmp(want->name[s], "ity") || has_number(want->v[s]);
    if (any != (got != NULL)) fail_msg("%s, %s: series %s", what, info->estimator, want->name[s]);
    n += any;
    for (size_t at = 0; got && at < AT; at++)
      if (!(fabs(got[at] - want->v[s][at]) <= 1e-12 || (isnan(got[at]) && isnan(want->v[s][at]))))
        fail_msg("%s, %s, %s at %zu: got %.17g, expected %.17g", what, info->estimator, want->name[s], at, got[at],
                 want->v[s][at]);
  }
  assert_int_equal(info->n_series, n + 1); /* dpi */
}

static void check_attribute(const ip_information *info, const char *name, const char *text)
{
  const char *got = NULL;
  for (size_t i = 0; i < info->n_attributes; i++)
    if (!strcmp(info->attribute[i].name, name)) got = info->attribute[i].text;
  if (!text ? got != NULL : !got || strcmp(got, text)) fail_msg("%s, %s: %s", info->estimator, name, got);
}

static void check_entropy(const ip_information *info, const char *name, double bits)
{
  double got = (double)NAN;
  for (size_t i = 0; i < info->n_attributes; i++)
    if (!strcmp(info->attribute[i].name, name) && info->attribute[i].is_number) got = info->attribute[i].number;
  if (!(fabs(got - bits) <= 1e-9 || (isnan(got) && isnan(bits))))
    fail_msg("%s, %s: got %g, expected %g", info->estimator, name, got, bits);
}

static void check_group(ip_run *r, noise o, const char *spec, ip_scratch *sc)
{
  expected want = {0};
  ip_estimator *est;
  ip_information info;
  double hx, hy;
  int32_t prediction[N];
  CHECK_OK(ip_estimator_create(spec, 1, &est));
  for (size_t at = 0; at < AT; at++) expect_layer(&want, o, at, est, sc);
  CHECK_OK(ip_run_read_information(r, ip_estimator_label(est), sc, &info));
  check_series(o.what, &info, &want);
  const ip_samples s = samples_of(o, 0, 0, prediction);
  CHECK_OK(ip_estimate_entropies(est, &s, sc, &hx, &hy));
  check_entropy(&info, "hx_bits", hx);
  check_entropy(&info, "hy_bits", hy);
  check_attribute(&info, "units", "bits");
  check_attribute(&info, "version", IP_VERSION);
  check_attribute(&info, "seed", "1");
  check_attribute(&info, "split", "all");
  check_attribute(&info, "n_samples", "36");
  check_attribute(&info, "bootstrap", "4");
  check_attribute(&info, "level", "0.9");
  check_attribute(&info, "null_shuffles", "3");
  ip_estimator_destroy(&est);
}

enum { MOST_SPECS = 40 };
static size_t all_specs(const char *spec[MOST_SPECS])
{
  size_t n = 0;
  for (; ip_estimator_names()[n]; n++) spec[n] = ip_estimator_names()[n];
  spec[n++] = "equal_width:range=run";
  spec[n++] = "equal_width:bins=2";
  spec[n++] = "edges:count=2:correction=miller_madow";
  spec[n++] = "kde_upper:noise=network";
  spec[n++] = "kde_lower:noise=network";
  assert_true(n < MOST_SPECS);
  return n;
}

static void every_series_has_the_number_of_its_name(void **state)
{
  (void)state;
  const char *spec[MOST_SPECS];
  ip_estimate_options opt = estimators(all_specs(spec), spec);
  opt.bootstrap = BOOTSTRAP, opt.null_shuffles = NULLS, opt.bin_loss = true, opt.level = 0.9;
  for (size_t k = 0; k < sizeof noises / sizeof *noises; k++) {
    char path[128];
    ip_scratch *sc;
    in_folder(path, "series.h5");
    make_run(path, noises[k]);
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    ip_run *r = open_run(path);
    CHECK_OK(ip_scratch_create(&sc));
    assert_int_equal(ip_run_n_information(r), opt.n_estimators);
    for (size_t i = 0; i < opt.n_estimators; i++) check_group(r, noises[k], spec[i], sc);
    ip_scratch_destroy(&sc);
    ip_run_close(&r);
    unlink(path);
  }
}

/* What was not asked for is not there, in any of the combinations. */
static void only_what_was_asked_for_is_recorded(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges:count=2"};
  static const char *const always[] = {"ixt",          "ity",       "ixt_raw",     "ity_raw",
                                       "ixt_error",    "ity_error", "ixt_given_y", "ixt_fraction",
                                       "ity_fraction", "clipped",   "saturated",   "dpi"};
  static const struct {
    int option;
    const char *series[7], *attribute[3];
  } asked[] = {{1, {"ity_low", "ity_high", "ixt_interval_missing", "ity_interval_missing"}, {"bootstrap", "level"}},
               {2, {"ity_null_mean", "ity_null_high"}, {"null_shuffles"}},
               {4, {"bin_loss", "prediction_entropy", "lossy_bins"}, {NULL}}};
  char path[128];
  in_folder(path, "asked.h5");
  make_run(path, noises[0]);
  for (int which = 0; which < 8; which++) {
    ip_estimate_options opt = estimators(1, spec);
    ip_scratch *sc;
    ip_information info;
    opt.bootstrap = which & 1 ? 20 : 0, opt.null_shuffles = which & 2 ? 2 : 0, opt.bin_loss = (which & 4) != 0;
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    ip_run *r = open_run(path);
    CHECK_OK(ip_scratch_create(&sc));
    CHECK_OK(ip_run_read_information(r, spec[0], sc, &info));
    size_t n = sizeof always / sizeof *always;
    for (size_t s = 0; s < n; s++)
      if (!values_of(&info, always[s])) fail_msg("no series %s", always[s]);
    for (size_t a = 0; a < sizeof asked / sizeof *asked; a++) {
      bool has = (which & asked[a].option) != 0;
      for (size_t s = 0; asked[a].series[s]; s++) {
        n += has;
        if (has != (values_of(&info, asked[a].series[s]) != NULL)) fail_msg("%d: %s", which, asked[a].series[s]);
      }
      for (size_t s = 0; asked[a].attribute[s] && !has; s++) check_attribute(&info, asked[a].attribute[s], NULL);
    }
    if (which & 1) n += values_of(&info, "ixt_low") ? 2 : 0;
    assert_int_equal(info.n_series, n);
    ip_scratch_destroy(&sc);
    ip_run_close(&r);
  }
}

/* Flags that are 1, each for its reason: a first layer of two values, a second that has a value for each input. */
static void every_flag_is_set_where_it_applies(void **state)
{
  (void)state;
  enum { M = 16 };
  static const char *const spec[] = {"exact"};
  float coarse[M], fine[M], output[2 * M];
  uint32_t own[M];
  int32_t label[M];
  for (uint32_t i = 0; i < M; i++) {
    own[i] = i, label[i] = (int32_t)(i % 2);
    coarse[i] = i < M / 2 ? -1 : 1, fine[i] = (float)(i + 1) / (M + 1);
    output[2 * i] = label[i] ? 0.25F : 0.75F, output[2 * i + 1] = 1 - output[2 * i];
  }
  const ip_run_layer layer[] = {{.kind = "hidden", .activation = "tanh", .width = 1},
                                {.kind = "hidden", .activation = "tanh", .width = 1},
                                {.kind = "output", .activation = "softmax", .width = 2}};
  ip_run_head head = head_by_hand(M, own, 2, label, 3, layer);
  const ip_snapshot s = {.t = (const float *const[]){coarse, fine, output}, .next_epoch = 1};
  ip_estimate_options opt = estimators(1, spec);
  ip_run_writer *w;
  double ixt[3], ity[3], saturated[3], dpi[3], lossy[3], lost[3];
  char path[128];
  in_folder(path, "flags.h5");
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  CHECK_OK(ip_run_writer_append(w, &s));
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
  opt.bin_loss = true;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, "exact", "ixt", ixt);
  series_of(path, "exact", "ity", ity);
  series_of(path, "exact", "saturated", saturated);
  series_of(path, "exact", "dpi", dpi);
  series_of(path, "exact", "bin_loss", lost);
  series_of(path, "exact", "lossy_bins", lossy);
  const double expected_ixt[] = {1, 4, 1}, expected_ity[] = {0, 1, 1}, expected_lost[] = {1, 0, 0};
  for (size_t k = 0; k < 3; k++) {
    CHECK_NEAR(ixt[k], expected_ixt[k], 1e-12);
    CHECK_NEAR(ity[k], expected_ity[k], 1e-12);
    CHECK_NEAR(lost[k], expected_lost[k], 1e-12);
    assert_true(saturated[k] == (k == 1) && dpi[k] == (k == 1) && lossy[k] == (k == 0));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_series_has_the_number_of_its_name),
      cmocka_unit_test(every_flag_is_set_where_it_applies),
      cmocka_unit_test(only_what_was_asked_for_is_recorded),
  };
  return cmocka_run_group_tests_name("run/series", tests, draw, remove_folder);
}
