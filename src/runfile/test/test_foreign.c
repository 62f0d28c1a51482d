#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/test/sample_run.h"

#include <math.h>

/* The least that a file of another program must hold: 2 epochs, 3 samples, one layer of 2 units. */
static ip_h5 *foreign(const char *name)
{
  ip_h5 *h;
  CHECK_OK(ip_h5_create(temp_path(name), &h));
  CHECK_OK(ip_h5_set_int(h, "/", "format_version", 1));
  CHECK_OK(ip_h5_put(h, "/epoch", IP_H5_I64, 1, (size_t[]){2}, (int64_t[]){0, 5}));
  CHECK_OK(ip_h5_put(h, "/data/x_id", IP_H5_I64, 1, (size_t[]){3}, (int64_t[]){0, 1, 2}));
  CHECK_OK(ip_h5_put(h, "/data/y", IP_H5_I64, 1, (size_t[]){3}, (int64_t[]){0, 1, 2}));
  float t[12];
  for (int i = 0; i < 12; i++) t[i] = (float)i;
  CHECK_OK(ip_h5_put(h, "/layers/1/activation", IP_H5_F32, 3, (size_t[]){2, 3, 2}, t));
  return h;
}

static void the_least_a_file_must_hold_is_enough(void **state)
{
  (void)state;
  ip_h5 *h = foreign("least.h5");
  CHECK_OK(ip_h5_close(&h));
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path("least.h5"), &r));
  assert_string_equal(ip_run_status(r), "done");
  assert_string_equal(ip_run_head_of(r)->layer[0].kind, "output");
  assert_int_equal(ip_run_head_of(r)->layer[0].width, 2);
  assert_int_equal(ip_run_head_of(r)->n_classes, 3);
  assert_int_equal(ip_run_head_of(r)->n_metrics, 0);
  float t[6];
  CHECK_OK(ip_run_read_activation(r, 0, 1, t));
  assert_true(t[0] == 6 && t[5] == 11);
  ip_run_close(&r);
  double v[2] = {1, 2};
  const char *const series[] = {"ixt", "ity"};
  double *const value[] = {v, v};
  ip_information info = {
      .estimator = "edges", .n_epochs = 2, .n_layers = 1, .n_series = 2, .series = series, .value = value};
  CHECK_OK(ip_run_add_information(temp_path("least.h5"), 1, &info, NULL, true));
  CHECK_OK(ip_run_open(temp_path("least.h5"), &r));
  double got[2];
  CHECK_OK(ip_run_read_series(r, "edges", "ity", got));
  assert_true(got[0] == 1 && got[1] == 2);
  ip_run_close(&r);
}

/* H(Y) of labels follows from the samples; with regression targets the labels are not Y, and H(Y) is unknown. */
static void the_labels_of_a_regression_have_no_entropy(void **state)
{
  (void)state;
  for (int regression = 0; regression < 2; regression++) {
    ip_h5 *h = foreign("targets.h5");
    ip_run *r;
    const float target[] = {0.5f, 1.5f, 2.5f};
    if (regression) CHECK_OK(ip_h5_put(h, "/data/target", IP_H5_F32, 2, (const size_t[]){3, 1}, target));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_run_open(temp_path("targets.h5"), &r));
    const ip_run_head *head = ip_run_head_of(r);
    assert_true(isfinite(head->hx_bits));
    assert_true(isnan(head->hy_bits) == regression && isnan(head->ixy_bits) == regression);
    ip_run_close(&r);
  }
}

/* Breaks one rule and looks for the object and the rule in the message. */
static void refused(const char *remove, const char *put, ip_h5_type type, size_t rank, const size_t *dim,
                    const void *data, const char *message)
{
  ip_h5 *h = foreign("broken.h5");
  if (remove) CHECK_OK(ip_h5_remove(h, remove));
  if (put) CHECK_OK(ip_h5_put(h, put, type, rank, dim, data));
  CHECK_OK(ip_h5_close(&h));
  ip_run *r;
  CHECK_FAILS(ip_run_open(temp_path("broken.h5"), &r), IP_EFORMAT, message);
  assert_null(r);
}

static void a_broken_rule_is_named_with_its_object(void **state)
{
  (void)state;
  static const int64_t wrong[] = {0, 1, -2, 0, 0, 0};
  static const int64_t huge[] = {0, 1 << 20, 2};
  static const double real[] = {0.5, 1, 2, 0, 0, 0};
  const size_t two[] = {2}, three[] = {3}, flat[] = {2, 3};
  const size_t *none = NULL;
  refused("/epoch", NULL, IP_H5_I64, 0, none, NULL, "broken.h5: /epoch is missing");
  refused("/epoch", "/epoch/inside", IP_H5_I64, 1, two, wrong, "/epoch must be a dataset");
  refused("/epoch", "/epoch", IP_H5_F64, 1, two, real, "/epoch must contain integers");
  refused("/epoch", "/epoch", IP_H5_I64, 2, flat, wrong, "/epoch: got shape [2, 3], expected [any] (epochs)");
  refused("/epoch", "/epoch", IP_H5_I64, 1, two, &wrong[1], "/epoch must be strictly increasing: [0] is 1, [1] is -2");
  refused("/data/y", NULL, IP_H5_I64, 0, none, NULL, "/data/y is missing");
  refused("/data/y", "/data/y", IP_H5_I64, 1, three, wrong, "/data/y[2]: got -2");
  refused("/data/y", "/data/y", IP_H5_I64, 1, three, huge,
          "/data/y[1]: got 1048576, expected a label from 0 and below");
  refused(NULL, "/data/split", IP_H5_I64, 1, three, huge,
          "/data/split[1]: got 1048576, expected 0 (training) or 1 (test)");
  refused("/data/y", "/data/y", IP_H5_I64, 1, two, wrong,
          "/data/y has 2 samples, but /layers/1/activation has 3; layers and labels must have the same samples");
  refused("/data/y", "/data/y", IP_H5_I64, 2, flat, wrong,
          "/data/y: got shape [2, 3], expected [any] (samples); expected class numbers 0, 1, 2, ...");
  refused("/data/y", "/data/y", IP_H5_F64, 1, three, real,
          "/data/y must contain integers; expected class numbers 0, 1");
  refused("/data/x_id", "/data/x_id", IP_H5_F64, 1, three, real, "/data/x_id must contain integers");
  refused(NULL, "/data/split", IP_H5_F64, 1, three, real, "/data/split must contain integers");
  refused("/data/y", "/data/y", IP_H5_I64, 1, (const size_t[]){0}, wrong, "/data/y has 0 samples, but /layers/1/");
  refused("/data/x_id", "/data/x_id", IP_H5_I64, 1, three, wrong, "/data/x_id[2]: got -2");
  refused("/data/x_id", "/data/x_id", IP_H5_I64, 1, two, wrong, "/data/x_id: got shape [2], expected [3] (samples)");
  refused(NULL, "/data/p_y_given_x", IP_H5_F64, 2, (const size_t[]){3, 2}, real,
          "/data/p_y_given_x has 2 columns for 3 classes");
  refused("/layers", NULL, IP_H5_I64, 0, none, NULL, "/layers is missing");
  refused("/layers/1", NULL, IP_H5_I64, 0, none, NULL, "/layers is empty");
  refused(NULL, "/layers/3/activation", IP_H5_F64, 1, two, real, "/layers/2 is missing");
  refused("/layers/1/activation", "/layers/1/activation", IP_H5_F64, 2, flat, real,
          "/layers/1/activation: got shape [2, 3], expected [2, 3, any] (epochs, samples, units)");
  static const double mean[18] = {0};
  refused(NULL, "/layers/1/mean", IP_H5_F64, 3, (const size_t[]){2, 3, 3}, mean,
          "/layers/1/mean: got shape [2, 3, 3], expected [2, 3, 2] (epochs, samples, units)");
  refused("/layers/1/activation", "/layers/1/other", IP_H5_F64, 2, flat, real, "/layers/1 has no units");
  refused(NULL, "/layers/2/other", IP_H5_F64, 1, two, real, "has activations, but");
  refused(NULL, "/metrics/train/loss", IP_H5_F64, 1, (const size_t[]){1}, real,
          "/metrics/train/loss: got shape [1], expected [2] (epochs)");
  refused(NULL, "/metrics/train/loss/inside", IP_H5_F64, 1, two, real, "/metrics/train/loss must be a dataset");
  refused(NULL, "/information/edges/ixt", IP_H5_F64, 2, (const size_t[]){2, 1}, real,
          "/information/edges/ity is missing");
}

static void attributes_beyond_their_range_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    double value;
    const char *message;
  } broken[] = {{"classes", -1, "attribute classes: got -1"},
                {"classes", 1e15, "attribute classes: got 1000000000000000, expected 0 to 1048576"},
                {"quantize_bits", 33, "attribute quantize_bits: got 33, expected 0 to 32"},
                {"noise_variance", -0.5, "attribute noise_variance: got -0.5"},
                {"noise_variance", (double)NAN, "attribute noise_variance: got nan"},
                {"multiplicative_noise", -1, "attribute multiplicative_noise: got -1"},
                {"dropout", 1, "attribute dropout: got 1, expected a probability below 1"}};
  ip_run *r;
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    ip_h5 *h = foreign("attribute.h5");
    if (i < 3)
      CHECK_OK(ip_h5_set_int(h, "/", broken[i].name, (int64_t)broken[i].value));
    else
      CHECK_OK(ip_h5_set_real(h, "/", broken[i].name, broken[i].value));
    CHECK_OK(ip_h5_close(&h));
    CHECK_FAILS(ip_run_open(temp_path("attribute.h5"), &r), IP_EFORMAT, broken[i].message);
  }
  ip_h5 *h = foreign("noises.h5");
  CHECK_OK(ip_h5_set_real(h, "/", "noise_variance", 0.1));
  CHECK_OK(ip_h5_set_real(h, "/", "dropout", 0.2));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("noises.h5"), &r), IP_EFORMAT,
              "attributes noise_variance and dropout: expected at most one kind of noise above 0");
  h = foreign("quantized.h5"); /* as in version 0.1.0 */
  CHECK_OK(ip_h5_set_int(h, "/", "quantised_bits", 3));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_open(temp_path("quantized.h5"), &r));
  assert_int_equal(ip_run_head_of(r)->quantize_bits, 3);
  ip_run_close(&r);
  h = foreign("status.h5");
  CHECK_OK(ip_h5_set_text(h, "/", "status", "finished"));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("status.h5"), &r), IP_EFORMAT, "status: got 'finished', expected done");
}

static void inputs_may_have_any_numbers(void **state)
{
  (void)state;
  ip_h5 *h = foreign("numbers.h5");
  CHECK_OK(ip_h5_remove(h, "/data/x_id"));
  CHECK_OK(ip_h5_put(h, "/data/x_id", IP_H5_I64, 1, (size_t[]){3}, (int64_t[]){4294967294, 7, 4294967294}));
  CHECK_OK(ip_h5_close(&h));
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path("numbers.h5"), &r));
  const ip_run_head *head = ip_run_head_of(r);
  assert_int_equal(head->n_x, 2);
  assert_true(head->x_id[0] == head->x_id[2] && head->x_id[0] != head->x_id[1]);
  assert_true(head->x_id[0] < 2 && head->x_id[1] < 2);
  ip_run_close(&r);
}

/* Whether layer k is meant: 2: both layers, 1: the first alone, 3: the second alone, 0: none. */
static bool is_meant(char digit, int k)
{
  return digit == '2' || digit == (k ? '3' : '1');
}

/* Five epochs of two layers, of which another program has written some, or written them as zeros. */
static void check_unwritten(const char *written, const char *zero, size_t n_epochs, size_t n_unwritten)
{
  ip_h5 *h = foreign("unwritten.h5");
  ip_run *r;
  const float some[2][6] = {{1}, {[5] = 1}}, zeros[6] = {0}; /* one number is enough */
  const ip_h5_layout layout = {.type = IP_H5_F32, .rank = 3, .dim = {5, 3, 2}, .chunk = {1, 2, 2}, .grows = true};
  CHECK_OK(ip_h5_remove(h, "/epoch"));
  CHECK_OK(ip_h5_put(h, "/epoch", IP_H5_I64, 1, (size_t[]){5}, (int64_t[]){0, 1, 2, 3, 4}));
  CHECK_OK(ip_h5_remove(h, "/layers/1/activation"));
  for (int k = 0; k < 2; k++) {
    const char *name = k ? "/layers/2/activation" : "/layers/1/activation";
    CHECK_OK(ip_h5_dataset(h, name, &layout));
    for (size_t e = 0; e < 5; e++)
      if (is_meant(written[e], k))
        CHECK_OK(ip_h5_write_rows(h, name, e, 1, IP_H5_F32, is_meant(zero[e], k) ? zeros : some[e % 2]));
  }
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_open(temp_path("unwritten.h5"), &r));
  if (ip_run_n_epochs(r) != n_epochs || ip_run_n_unwritten(r) != n_unwritten)
    fail_msg("written %s, zero %s: %zu epochs and %zu unwritten", written, zero, ip_run_n_epochs(r),
             ip_run_n_unwritten(r));
  ip_run_close(&r);
}

static void rows_that_were_set_aside_and_never_written_are_no_epochs(void **state)
{
  (void)state;
  check_unwritten("22222", "00000", 5, 0);
  check_unwritten("22220", "00000", 4, 1);
  check_unwritten("22211", "00000", 3, 2);
  check_unwritten("22233", "00000", 3, 2);
  check_unwritten("20222", "00000", 5, 0); /* only at the end */
  check_unwritten("22222", "00022", 3, 2);
  check_unwritten("22222", "02222", 1, 4);
  check_unwritten("22220", "02220", 1, 4);
  check_unwritten("20000", "00000", 1, 4);
  check_unwritten("22222", "00011", 5, 0); /* one layer may be 0 */
  check_unwritten("22222", "00033", 5, 0);
  check_unwritten("22200", "00200", 2, 3);
  check_unwritten("22222", "22222", 5, 0); /* a network that is 0 throughout */
  check_unwritten("22220", "22220", 4, 1);
  check_unwritten("00000", "00000", 0, 5);
}

/* Without a list of series, those with known names are read, in the order of the documentation. */
static void series_of_known_names_are_found_without_a_list(void **state)
{
  (void)state;
  const double v[4][2] = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
  ip_h5 *h = foreign("series.h5");
  ip_run *r;
  CHECK_OK(ip_h5_put(h, "/metrics/test/accuracy", IP_H5_F64, 1, (size_t[]){2}, v[1]));
  CHECK_OK(ip_h5_put(h, "/metrics/train/loss", IP_H5_F64, 1, (size_t[]){2}, v[0]));
  CHECK_OK(ip_h5_put(h, "/metrics/train/other", IP_H5_F64, 1, (size_t[]){2}, v[0]));
  CHECK_OK(ip_h5_put(h, "/layers/1/gradient_std", IP_H5_F64, 1, (size_t[]){2}, v[3]));
  CHECK_OK(ip_h5_put(h, "/layers/1/weight_norm", IP_H5_F64, 1, (size_t[]){2}, v[2]));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_open(temp_path("series.h5"), &r));
  const ip_run_head *head = ip_run_head_of(r);
  static const char *const name[] = {"train/loss", "test/accuracy", "weight_norm", "gradient_std"};
  assert_true(head->n_metrics == 2 && head->n_layer_metrics == 2);
  for (size_t i = 0; i < 4; i++) {
    double got[2];
    assert_string_equal(i < 2 ? head->metric[i] : head->layer_metric[i - 2], name[i]);
    CHECK_OK(i < 2 ? ip_run_read_metric(r, name[i], got) : ip_run_read_layer_metric(r, name[i], got));
    assert_memory_equal(got, v[i], sizeof got);
  }
  ip_run_close(&r);
  h = foreign("listed.h5");
  CHECK_OK(ip_h5_group(h, "/metrics"));
  CHECK_OK(ip_h5_set_text(h, "/metrics", "series", "train/loss absent"));
  CHECK_OK(ip_h5_put(h, "/metrics/train/loss", IP_H5_F64, 1, (size_t[]){2}, v[0]));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("listed.h5"), &r), IP_EFORMAT, "/metrics/absent is missing");
}

/* Activations in any type of numbers come out in both that are read; is_double is what float32 would lose. */
static void activations_have_the_digits_of_their_type(void **state)
{
  (void)state;
  static const double real[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x1.000000000001p0};
  static const float narrow[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.1F};
  static const int32_t whole[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16777217};
  static const uint8_t bytes[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255};
  const struct {
    ip_h5_type type;
    const void *t;
    bool is_double;
    double last;
  } known[] = {{IP_H5_F64, real, true, 0x1.000000000001p0},
               {IP_H5_F32, narrow, false, (double)0.1F},
               {IP_H5_I32, whole, true, 16777217},
               {IP_H5_U8, bytes, false, 255}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_h5 *h = foreign("types.h5");
    ip_run *r;
    double t[6];
    float f[6];
    CHECK_OK(ip_h5_remove(h, "/layers/1/activation"));
    CHECK_OK(ip_h5_put(h, "/layers/1/activation", known[i].type, 3, (size_t[]){2, 3, 2}, known[i].t));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_run_open(temp_path("types.h5"), &r));
    assert_int_equal(ip_run_head_of(r)->layer[0].is_double, known[i].is_double);
    CHECK_OK(ip_run_read_activation_f64(r, 0, 1, t));
    CHECK_OK(ip_run_read_activation(r, 0, 1, f));
    assert_true(t[0] == 6 && f[0] == 6 && t[5] == known[i].last && f[5] == (float)known[i].last);
    ip_run_close(&r);
  }
}

/* What attributes and texts say must not contradict the datasets. */
static void attributes_agree_with_the_datasets_beside_them(void **state)
{
  (void)state;
  ip_run *r;
  ip_h5 *h = foreign("width.h5");
  CHECK_OK(ip_h5_set_int(h, "/layers/1", "width", 3));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("width.h5"), &r), IP_EFORMAT,
              "/layers/1/activation has 2 units, but the attribute width is 3");
  h = foreign("config.h5");
  CHECK_OK(ip_h5_put_texts(h, "/config", 2, (const char *const[]){"a", "b"}));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("config.h5"), &r), IP_EFORMAT, "config.h5: /config must be a single string");
  h = foreign("config.h5");
  CHECK_OK(ip_h5_put_texts(h, "/config", 1, (const char *const[]){"seed: 3\n"}));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_open(temp_path("config.h5"), &r)); /* a list of one is as good */
  assert_string_equal(ip_run_head_of(r)->config, "seed: 3\n");
  ip_run_close(&r);
  h = foreign("config.h5");
  CHECK_OK(ip_h5_put(h, "/config", IP_H5_I64, 1, (size_t[]){1}, (int64_t[]){1}));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("config.h5"), &r), IP_EFORMAT, "config.h5: /config must contain a string");
  h = foreign("own.h5"); /* with a layer without noise, and no estimates */
  CHECK_OK(ip_h5_close(&h));
  ip_scratch *sc;
  ip_information info;
  float t[6];
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_open(temp_path("own.h5"), &r));
  CHECK_FAILS(ip_run_read_mean(r, 0, 0, t), IP_EFORMAT, "own.h5: layer 1 contains no activations before the noise");
  CHECK_FAILS(ip_run_read_information(r, "edges", sc, &info), IP_EINVAL,
              "own.h5: no estimates 'edges'; the file has none");
  CHECK_FAILS(ip_run_read_measure(r, "rank", sc, &info), IP_EINVAL, "own.h5: no measure 'rank'; the file has none");
  ip_run_close(&r);
  ip_scratch_destroy(&sc);
}

static void another_format_version_is_refused_with_what_to_do(void **state)
{
  (void)state;
  ip_run *r;
  ip_h5 *h = foreign("version.h5");
  CHECK_OK(ip_h5_set_int(h, "/", "format_version", 2));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("version.h5"), &r), IP_EFORMAT,
              "version.h5: format version: got 2, expected 1; use a newer infoplane");
  CHECK_OK(ip_h5_create(temp_path("none.h5"), &h));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("none.h5"), &r), IP_EFORMAT, "not a run file");
  h = foreign("text.h5");
  CHECK_OK(ip_h5_set_text(h, "/", "format_version", "one"));
  CHECK_OK(ip_h5_close(&h));
  CHECK_FAILS(ip_run_open(temp_path("text.h5"), &r), IP_EFORMAT, "attribute format_version is not a single integer");
  CHECK_FAILS(ip_run_open(temp_path("nothing.h5"), &r), IP_EIO, "nothing.h5: cannot be opened");
}

/* HDF5 itself does not survive every flipped bit, so files are only cut here. */
static void a_file_cut_off_anywhere_is_refused(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("whole.h5"), 3, 3));
  CHECK_OK(sample_inform(temp_path("whole.h5"), "edges", 3, 1));
  FILE *f = fopen(temp_path("whole.h5"), "rb");
  static unsigned char bytes[1 << 18];
  size_t n = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  assert_true(n > 1000 && n < sizeof bytes);
  ip_run *r;
  for (size_t cut = 0; cut < n; cut += 997) {
    temp_write("cut.h5", cut, bytes);
    ip_error_clear();
    assert_int_equal(ip_run_open(temp_path("cut.h5"), &r), IP_EFORMAT);
  }
  ip_error_clear();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_least_a_file_must_hold_is_enough),
      cmocka_unit_test(the_labels_of_a_regression_have_no_entropy),
      cmocka_unit_test(a_broken_rule_is_named_with_its_object),
      cmocka_unit_test(attributes_beyond_their_range_are_refused),
      cmocka_unit_test(inputs_may_have_any_numbers),
      cmocka_unit_test(rows_that_were_set_aside_and_never_written_are_no_epochs),
      cmocka_unit_test(series_of_known_names_are_found_without_a_list),
      cmocka_unit_test(activations_have_the_digits_of_their_type),
      cmocka_unit_test(attributes_agree_with_the_datasets_beside_them),
      cmocka_unit_test(another_format_version_is_refused_with_what_to_do),
      cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
