/* What a file says of its run: every field comes back as it was written, also from a copy without the activations, and
 * ranges end where they should. */
#include "base/build.h"
#include "base/test/check.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "num/vmath.h"
#include "runfile/runfile.h"
#include "runfile/test/sample_run.h"

enum { N_IN = 2, N_CLASSES = 3, N_TARGETS = 1 };
static const float x[SAMPLE_N * N_IN] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
static const float target[SAMPLE_N] = {0.5F, 1.5F, 2.5F, 3.5F, 4.5F, 5.5F, 6.5F};
static float p[SAMPLE_N * N_CLASSES];
static const ip_run_layer layers[SAMPLE_LAYERS] = {
    {.kind = "hidden", .activation = "tanh", .name = "conv1", .width = SAMPLE_WIDTH, .has_mean = true},
    {.kind = "output", .activation = "softmax", .width = 2}};

/* No two fields have the same value. kind: of the noise. */
static ip_run_head full_head(int kind)
{
  ip_run_head h = sample_head(3);
  h.experiment = "an experiment", h.estimate_digest = "digest of estimates", h.objective = "vib";
  h.seed = (uint64_t)1 << 40;
  h.hx_bits = 2.5, h.hy_bits = 1.25, h.ixy_bits = 0.75;
  h.noise_variance = kind == 0 ? 0.1 : 0, h.multiplicative_noise = kind == 1 ? 0.2 : 0;
  h.dropout = kind == 2 ? 0.3 : 0;
  h.quantize_bits = 5, h.quantize_output = kind != 1, h.epochs = 11;
  h.n_classes = N_CLASSES, h.p_y_given_x = p, h.n_in = N_IN, h.x = x, h.n_targets = N_TARGETS, h.target = target;
  h.layer = layers;
  for (size_t i = 0; i < SAMPLE_N * N_CLASSES; i++) p[i] = (float)(i % N_CLASSES == (size_t)sample_y[i / N_CLASSES]);
  return h;
}

static void check_text(const char *got, const char *expected)
{
  assert_string_equal(got ? got : "", expected ? expected : "");
}

static void check_texts(size_t n, const char *const *got, size_t m, const char *const *expected)
{
  assert_int_equal(n, m);
  for (size_t i = 0; i < n; i++) assert_string_equal(got[i], expected[i]);
}

static void check_layers(const ip_run_head *got, const ip_run_head *expected, bool has_activations)
{
  assert_int_equal(got->n_layers, expected->n_layers);
  for (size_t k = 0; k < got->n_layers; k++) {
    assert_string_equal(got->layer[k].kind, expected->layer[k].kind);
    assert_string_equal(got->layer[k].activation, expected->layer[k].activation);
    check_text(got->layer[k].name, expected->layer[k].name);
    assert_int_equal(got->layer[k].width, expected->layer[k].width);
    assert_int_equal(got->layer[k].has_mean, has_activations && expected->layer[k].has_mean);
    assert_false(got->layer[k].is_double);
  }
}

static void check_samples(const ip_run_head *got, const ip_run_head *expected)
{
  size_t n = expected->n;
  assert_true(got->n == n && got->n_x == expected->n_x && got->n_classes == expected->n_classes);
  assert_true(got->n_in == expected->n_in && got->n_targets == expected->n_targets);
  assert_memory_equal(got->x_id, expected->x_id, n * sizeof *got->x_id);
  assert_memory_equal(got->y, expected->y, n * sizeof *got->y);
  assert_memory_equal(got->split, expected->split, n * sizeof *got->split);
  assert_memory_equal(got->p_y_given_x, expected->p_y_given_x, n * got->n_classes * sizeof(float));
  assert_memory_equal(got->target, expected->target, n * got->n_targets * sizeof(float));
  assert_memory_equal(got->x, expected->x, n * got->n_in * sizeof(float));
}

static void check_head(const ip_run_head *got, const ip_run_head *expected)
{
  check_text(got->name, expected->name);
  check_text(got->experiment, expected->experiment);
  check_text(got->config, expected->config);
  check_text(got->digest, expected->digest);
  check_text(got->estimate_digest, expected->estimate_digest);
  check_text(got->dataset, expected->dataset);
  check_text(got->dataset_sha256, expected->dataset_sha256);
  check_text(got->objective, expected->objective);
  assert_true(got->seed == expected->seed && got->epochs == expected->epochs);
  assert_true(got->hx_bits == expected->hx_bits && got->hy_bits == expected->hy_bits &&
              got->ixy_bits == expected->ixy_bits);
  assert_true(got->noise_variance == expected->noise_variance);
  assert_true(got->multiplicative_noise == expected->multiplicative_noise);
  assert_true(got->dropout == expected->dropout);
  assert_int_equal(got->quantize_bits, expected->quantize_bits);
  assert_int_equal(got->quantize_output, expected->quantize_output);
  check_texts(got->n_metrics, got->metric, expected->n_metrics, expected->metric);
  check_texts(got->n_layer_metrics, got->layer_metric, expected->n_layer_metrics, expected->layer_metric);
}

/* Every series of the first two logged epochs, which are those of sample_append. */
static void check_series(ip_run *r)
{
  for (size_t m = 0; m < SAMPLE_METRICS; m++) {
    double v[2], final[] = {0.25, 0.5, 0.75};
    CHECK_OK(ip_run_read_metric(r, sample_metric[m], v));
    for (size_t e = 0; e < 2; e++) {
      assert_int_equal(ip_run_epochs(r)[e], 3 * e);
      if (m == 2)
        assert_true(isnan(v[e]));
      else
        assert_true(v[e] == 3 * (double)e + (double)m / 8);
    }
    assert_true(ip_run_final(r, sample_metric[m]) == final[m]);
  }
  for (size_t m = 0; m < 2; m++) {
    double v[2 * SAMPLE_LAYERS];
    CHECK_OK(ip_run_read_layer_metric(r, sample_layer_metric[m], v));
    for (size_t at = 0; at < 2 * SAMPLE_LAYERS; at++)
      assert_true(v[at] == 30 * (double)(at / SAMPLE_LAYERS) + (double)(m * SAMPLE_LAYERS + at % SAMPLE_LAYERS));
  }
}

static void write_run(const char *path, const ip_run_head *head, const char *status, const char *reason)
{
  static const double value[SAMPLE_METRICS] = {0.25, 0.5, 0.75};
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, head, &w));
  for (size_t e = 0; e < 2; e++) CHECK_OK(sample_append(w, e));
  ip_run_end end = {
      .status = status, .reason = reason, .n_metrics = SAMPLE_METRICS, .metric = sample_metric, .value = value};
  CHECK_OK(ip_run_writer_end(w, &end));
  ip_run_writer_destroy(&w);
}

static void every_field_comes_back_with_and_without_activations(void **state)
{
  (void)state;
  char path[512], part[520];
  snprintf(path, sizeof path, "%s", temp_path("full.h5"));
  snprintf(part, sizeof part, "%s.part", path);
  for (int kind = 0; kind < 3; kind++)
    for (int keep = 0; keep < 2; keep++) {
      ip_run_head head = full_head(kind);
      size_t live = ip_mem_live();
      const char *status = kind == 2 ? "failed_to_fit" : "done", *reason = kind ? "a reason" : "";
      write_run(path, &head, status, reason);
      ip_run_identity is;
      CHECK_OK(ip_run_identify(part, &is));
      assert_true(is.version == IP_RUN_FORMAT && !strcmp(is.digest, head.digest) && !strcmp(is.status, status));
      assert_string_equal(is.estimate_digest, head.estimate_digest);
      CHECK_OK(ip_run_publish(path, keep));
      ip_run *r;
      CHECK_OK(ip_run_open(path, &r));
      CHECK_OK(ip_run_load_inputs(r));
      check_head(ip_run_head_of(r), &head);
      check_samples(ip_run_head_of(r), &head);
      check_layers(ip_run_head_of(r), &head, keep);
      assert_int_equal(ip_run_n_epochs(r), 2);
      check_series(r);
      assert_int_equal(ip_run_has_activations(r), keep);
      assert_string_equal(ip_run_path(r), path);
      assert_string_equal(ip_run_status(r), status);
      assert_string_equal(ip_run_reason(r), reason);
      ip_run_close(&r);
      assert_int_equal(ip_mem_live(), live);
    }
}

/* Texts that are longer than any of ours are none. */
static void a_text_that_does_not_fit_identifies_nothing(void **state)
{
  (void)state;
  for (size_t n = 64; n <= 65; n++) {
    char text[66] = "";
    ip_h5 *h;
    ip_run_identity is;
    memset(text, 'a', n);
    CHECK_OK(ip_h5_create(temp_path("long.h5"), &h));
    CHECK_OK(ip_h5_set_text(h, "/", "digest", text));
    CHECK_OK(ip_h5_set_text(h, "/", "estimate_digest", "mine"));
    text[n - 49] = 0; /* 15 or 16 */
    CHECK_OK(ip_h5_set_text(h, "/", "status", text));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_run_identify(temp_path("long.h5"), &is));
    assert_int_equal(is.version, 0); /* no run file */
    assert_int_equal(strlen(is.digest), n == 64 ? 64 : 0);
    assert_string_equal(is.estimate_digest, "mine");
    assert_int_equal(strlen(is.status), n == 64 ? 15 : 0);
  }
  ip_run_identity is;
  temp_write("words", 10, "some words");
  CHECK_FAILS(ip_run_identify(temp_path("words"), &is), IP_EFORMAT, "words: is not an HDF5 file");
  CHECK_FAILS(ip_run_identify(temp_path("absent"), &is), IP_EIO, "absent: cannot be opened: No such file");
}

static void the_origin_of_a_file_is_in_it(void **state)
{
  (void)state;
  char host[256] = "", *text;
  gethostname(host, sizeof host - 1);
  const struct {
    const char *name, *text; /* NULL: a time of the day */
  } known[] = {{"program", "infoplane " IP_VERSION},
               {"commit", IP_COMMIT},
               {"compiler", IP_COMPILER},
               {"vector_math", ip_vmath_name()},
               {"host", host},
               {"started", NULL},
               {"ended", NULL}};
  ip_run_head head = sample_head(2);
  ip_h5 *h;
  write_run(temp_path("origin.h5"), &head, "done", "");
  CHECK_OK(ip_h5_open(temp_path("origin.h5.part"), false, &h));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    CHECK_OK(ip_h5_text(h, "/provenance", known[i].name, &text));
    if (known[i].text)
      assert_string_equal(text, known[i].text);
    else
      assert_true(strlen(text) == 20 && text[4] == '-' && text[10] == 'T' && text[19] == 'Z');
    ip_free(text);
  }
  CHECK_OK(ip_h5_text(h, "/", "format", &text));
  assert_string_equal(text, "infoplane run");
  ip_free(text);
  CHECK_OK(ip_h5_close(&h));
}

/* ---------------------------------------------------------------- ranges */

static void check_number(const char *name, double value, bool is_integer, const char *message)
{
  ip_run_head head = sample_head(2);
  ip_run *r;
  ip_h5 *h;
  write_run(temp_path("range.h5"), &head, "done", "");
  CHECK_OK(ip_h5_open(temp_path("range.h5.part"), true, &h));
  CHECK_OK(is_integer ? ip_h5_set_int(h, "/", name, (int64_t)value) : ip_h5_set_real(h, "/", name, value));
  CHECK_OK(ip_h5_close(&h));
  if (message) {
    CHECK_FAILS(ip_run_open(temp_path("range.h5.part"), &r), IP_EFORMAT, message);
    return;
  }
  CHECK_OK(ip_run_open(temp_path("range.h5.part"), &r));
  ip_run_close(&r);
}

static void numbers_are_accepted_up_to_the_ends_of_their_ranges(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    double value;
    bool is_integer;
    const char *message; /* NULL: accepted */
  } known[] = {{"format_version", 0, true, "got 0, expected 1; create it again, or use the infoplane that wrote it"},
               {"format_version", 1, true, NULL},
               {"classes", 0, true, NULL},
               {"classes", IP_RUN_MAX_CLASSES, true, NULL},
               {"classes", IP_RUN_MAX_CLASSES + 1, true, "attribute classes: got 1048577, expected 0 to 1048576"},
               {"quantize_bits", -1, true, "attribute quantize_bits: got -1, expected 0 to 32"},
               {"quantize_bits", 0, true, NULL},
               {"quantize_bits", 32, true, NULL},
               {"noise_variance", 0, false, NULL},
               {"noise_variance", 1e300, false, NULL},
               {"noise_variance", (double)INFINITY, false, "attribute noise_variance: got inf, expected 0 or more"},
               {"dropout", 0, false, NULL},
               {"dropout", 0.999, false, NULL},
               {"dropout", -0.1, false, "attribute dropout: got -0.1, expected 0 or more"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    check_number(known[i].name, known[i].value, known[i].is_integer, known[i].message);
}

static void every_status_is_known_and_done_is_that_of_a_file_without_one(void **state)
{
  (void)state;
  static const char *const known[] = {"done", "failed_to_fit", "running", "interrupted"};
  ip_run_head head = sample_head(2);
  for (size_t i = 0; i <= 4; i++) {
    ip_run *r;
    ip_h5 *h;
    write_run(temp_path("status.h5"), &head, "failed_to_fit", "");
    CHECK_OK(ip_h5_open(temp_path("status.h5.part"), true, &h));
    CHECK_OK(ip_h5_set_text(h, "/", "status", i < 4 ? known[i] : ""));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_run_open(temp_path("status.h5.part"), &r));
    assert_string_equal(ip_run_status(r), i < 4 ? known[i] : "done");
    ip_run_close(&r);
  }
}

/* A run needs samples, layers and units. */
static void an_empty_run_is_not_begun(void **state)
{
  (void)state;
  static const ip_run_layer empty[] = {{.kind = "hidden", .activation = "tanh", .width = 1},
                                       {.kind = "output", .activation = "softmax"}};
  ip_run_head head[3] = {sample_head(1), sample_head(1), sample_head(1)};
  const char *const message[] = {"a run needs samples and layers", "a run needs samples and layers",
                                 "layer 2 has no units"};
  head[0].n = 0, head[1].n_layers = 0, head[2].layer = empty;
  for (size_t i = 0; i < 3; i++) {
    ip_run_writer *w;
    CHECK_FAILS(ip_run_writer_create(temp_path("no.h5"), &head[i], &w), IP_EINVAL, message[i]);
    assert_null(w);
    assert_false(temp_exists("no.h5.part"));
  }
}

/* ---------------------------------------------------------------- labels of other programs */

/* Two epochs of four samples, one unit, without entropies. */
static ip_run *open_foreign(const int64_t *x_id, const int64_t *y, const float *soft)
{
  ip_h5 *h;
  ip_run *r;
  const size_t n = 4;
  const float t[8] = {0};
  CHECK_OK(ip_h5_create(temp_path("foreign.h5"), &h));
  CHECK_OK(ip_h5_set_int(h, "/", "format_version", 1));
  CHECK_OK(ip_h5_put(h, "/epoch", IP_H5_I64, 1, (size_t[]){2}, (int64_t[]){0, 1}));
  CHECK_OK(ip_h5_put(h, "/data/x_id", IP_H5_I64, 1, &n, x_id));
  CHECK_OK(ip_h5_put(h, "/data/y", IP_H5_I64, 1, &n, y));
  if (soft) CHECK_OK(ip_h5_put(h, "/data/p_y_given_x", IP_H5_F32, 2, (size_t[]){4, 2}, soft));
  CHECK_OK(ip_h5_put(h, "/layers/1/activation", IP_H5_F32, 3, (size_t[]){2, 4, 1}, t));
  CHECK_OK(ip_h5_close(&h));
  ip_status st = ip_run_open(temp_path("foreign.h5"), &r);
  assert_true((st == IP_OK) == (r != NULL));
  return r;
}

static void entropies_that_a_file_lacks_are_those_of_its_samples(void **state)
{
  (void)state;
  const double h_quarter = 2 - 0.75 * log2(3); /* bits of (1/4, 3/4) */
  const int64_t x_id[] = {0, 0, 1, 2}, y[] = {0, 1, 1, 1};
  const float soft[] = {1, 0, 0.25F, 0.75F, 0.25F, 0.75F, 0.5F, 0.5F};
  ip_run *r = open_foreign(x_id, y, NULL);
  const ip_run_head *h = ip_run_head_of(r);
  assert_true(h->n_x == 3 && h->n_classes == 2);
  CHECK_NEAR(h->hx_bits, 1.5, 1e-12);
  CHECK_NEAR(h->hy_bits, h_quarter, 1e-12);
  CHECK_NEAR(h->ixy_bits, h_quarter - 0.5, 1e-12); /* H(Y|X): half of the samples have an input of both labels */
  ip_run_close(&r);
  r = open_foreign(x_id, y, soft);
  h = ip_run_head_of(r);
  CHECK_NEAR(h->hx_bits, 1.5, 1e-12);
  CHECK_NEAR(h->hy_bits, 1, 1e-7); /* the mean of the rows is (1/2, 1/2) */
  CHECK_NEAR(h->ixy_bits, 1 - (2 * h_quarter + 1) / 4, 1e-7);
  ip_run_close(&r);
}

/* Each of the three is filled in on its own, and what the file says stays. */
static void what_a_file_says_of_its_entropies_stays(void **state)
{
  (void)state;
  const int64_t x_id[] = {0, 0, 1, 2}, y[] = {0, 1, 1, 1};
  static const char *const name[] = {"hx_bits", "hy_bits", "ixy_bits"};
  const double h_quarter = 2 - 0.75 * log2(3), of_samples[] = {1.5, h_quarter, h_quarter - 0.5};
  for (unsigned said = 0; said < 8; said++) {
    ip_run *r = open_foreign(x_id, y, NULL);
    ip_h5 *h;
    ip_run_close(&r);
    CHECK_OK(ip_h5_open(temp_path("foreign.h5"), true, &h));
    for (unsigned i = 0; i < 3; i++)
      if (said >> i & 1) CHECK_OK(ip_h5_set_real(h, "/", name[i], 10 + i));
    CHECK_OK(ip_h5_close(&h));
    CHECK_OK(ip_run_open(temp_path("foreign.h5"), &r));
    const ip_run_head *head = ip_run_head_of(r);
    const double got[] = {head->hx_bits, head->hy_bits, head->ixy_bits};
    for (unsigned i = 0; i < 3; i++) CHECK_NEAR(got[i], said >> i & 1 ? 10 + i : of_samples[i], 1e-12);
    ip_run_close(&r);
  }
}

static void labels_and_inputs_may_be_as_large_as_their_limits(void **state)
{
  (void)state;
  const int64_t plain[] = {0, 1, 1, 0}, most[] = {0, 1, IP_RUN_MAX_CLASSES - 1, 0},
                more[] = {0, IP_RUN_MAX_CLASSES, 0, 0};
  const int64_t far[] = {0, 4294967294, 1, 0}, farther[] = {0, 4294967295, 1, 0};
  ip_run *r = open_foreign(plain, most, NULL);
  assert_int_equal(ip_run_head_of(r)->n_classes, IP_RUN_MAX_CLASSES);
  ip_run_close(&r);
  assert_null(open_foreign(plain, more, NULL));
  assert_non_null(strstr(ip_error_message(), "/data/y[1]: got 1048576, expected a label from 0 and below 1048576"));
  ip_error_clear();
  r = open_foreign(far, plain, NULL);
  assert_int_equal(ip_run_head_of(r)->n_x, 3);
  ip_run_close(&r);
  assert_null(open_foreign(farther, plain, NULL));
  assert_non_null(strstr(ip_error_message(), "/data/x_id[1]: got 4294967295"));
  ip_error_clear();
}

/* ---------------------------------------------------------------- estimates */

static void estimates_may_cover_fewer_epochs_but_no_other_layers(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("few.h5"), 3, 3));
  CHECK_OK(sample_inform(temp_path("few.h5"), "edges", 2, 10));
  double v[3 * SAMPLE_LAYERS];
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path("few.h5"), &r));
  for (int raw = 0; raw < 2; raw++) { /* without raw values, the estimates are these */
    CHECK_OK(ip_run_read_series(r, "edges", raw ? "ixt_raw" : "ixt", v));
    for (size_t at = 0; at < 3 * SAMPLE_LAYERS; at++)
      assert_true(at < 2 * SAMPLE_LAYERS ? v[at] == 10 + (double)at : isnan(v[at]));
    CHECK_OK(ip_run_read_series(r, "edges", raw ? "ity_raw" : "ity", v));
    for (size_t at = 0; at < 2 * SAMPLE_LAYERS; at++) assert_true(v[at] == 10 - (double)at);
  }
  assert_true(ip_run_information_number(r, "edges", "bins") == 30);
  assert_true(isnan(ip_run_information_number(r, "edges", "range"))); /* a text */
  assert_true(isnan(ip_run_information_number(r, "edges", "none")));
  assert_true(isnan(ip_run_information_number(r, "none", "bins")));
  assert_int_equal(ip_run_n_estimated(r, "edges"), SAMPLE_N);
  ip_run_close(&r);
  CHECK_FAILS(sample_inform(temp_path("few.h5"), "width", 4, 1), IP_EINVAL,
              "changed since it was read: the estimates 'width' have 4 epochs and 2 layers, the file has 3 and 2");
  ip_information info = {.estimator = "width", .n_epochs = 3, .n_layers = 1};
  CHECK_FAILS(ip_run_add_information(temp_path("few.h5"), 1, &info, NULL, true), IP_EINVAL,
              "'width' have 3 epochs and 1 layers, the file has 3 and 2");
  assert_false(temp_exists("few.h5.new"));
}

static void a_name_of_a_group_has_its_choice_of_samples(void **state)
{
  (void)state;
  static const struct {
    const char *split, *name;
  } known[] = {{"all", "edges"}, {"train", "edges@train"}, {"test", "edges@test"}};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < 3; i++) {
    const char *name;
    CHECK_OK(ip_run_name_group("edges", known[i].split, sc, &name));
    assert_string_equal(name, known[i].name);
    assert_string_equal(ip_run_split_of(name), known[i].split);
  }
  assert_string_equal(ip_run_split_of("a@test:b"), "all");
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_field_comes_back_with_and_without_activations),
      cmocka_unit_test(the_origin_of_a_file_is_in_it),
      cmocka_unit_test(a_text_that_does_not_fit_identifies_nothing),
      cmocka_unit_test(numbers_are_accepted_up_to_the_ends_of_their_ranges),
      cmocka_unit_test(every_status_is_known_and_done_is_that_of_a_file_without_one),
      cmocka_unit_test(an_empty_run_is_not_begun),
      cmocka_unit_test(entropies_that_a_file_lacks_are_those_of_its_samples),
      cmocka_unit_test(what_a_file_says_of_its_entropies_stays),
      cmocka_unit_test(labels_and_inputs_may_be_as_large_as_their_limits),
      cmocka_unit_test(estimates_may_cover_fewer_epochs_but_no_other_layers),
      cmocka_unit_test(a_name_of_a_group_has_its_choice_of_samples),
  };
  return cmocka_run_group_tests_name("runfile/head", tests, temp_create, temp_remove);
}
