/* Which estimators can run on a file, and what is said of the others. */
#include "run/test/hand.h"

enum { N = 24, N_SPECS = 5 };
static const char *const spec[N_SPECS] = {"edges", "ksg:k=2", "noisy:draws=2", "multiplicative", "dropout"};
#define NO_X "needs the inputs themselves: add /data/x (samples, inputs) to the file"
#define NO_NOISE "needs a network trained with noise on its units, and the units before that noise"
#define NO_MULTIPLICATIVE "needs a network trained with multiplicative noise, and the units before that noise"
#define NO_DROPOUT "needs a network trained with dropout, and the units before it"

typedef struct file_kind {
  const char *what;
  bool has_x, has_mean;
  double variance, multiplicative, dropout;
  const char *lacks[N_SPECS]; /* NULL: nothing */
} file_kind;

static const file_kind files[] = {
    {"plain", false, false, 0, 0, 0, {NULL, NO_X, NO_NOISE, NO_MULTIPLICATIVE, NO_DROPOUT}},
    {"inputs", true, false, 0, 0, 0, {NULL, NULL, NO_NOISE, NO_MULTIPLICATIVE, NO_DROPOUT}},
    {"additive", true, true, 0.1, 0, 0, {NULL, NULL, NULL, NO_MULTIPLICATIVE, NO_DROPOUT}},
    {"multiplicative", true, true, 0, 0.1, 0, {NULL, NULL, NO_NOISE, NULL, NO_DROPOUT}},
    {"dropout", true, true, 0, 0, 0.1, {NULL, NULL, NO_NOISE, NO_MULTIPLICATIVE, NULL}},
    {"no units before the noise", true, false, 0, 0.1, 0, {NULL, NULL, NO_NOISE, NO_MULTIPLICATIVE, NO_DROPOUT}}};

/* The first of two layers has noise. */
static void write_run(const char *path, const file_kind *f)
{
  float t[N], u[N], x[N];
  uint32_t x_id[N];
  int32_t y[N];
  for (uint32_t i = 0; i < N; i++) {
    x_id[i] = i;
    x[i] = (float)sin(3.0 * i), t[i] = x[i] / 2, u[i] = t[i] + 0.1F * (float)cos(5.0 * i);
    y[i] = x[i] > 0;
  }
  const ip_run_layer layer[2] = {{.kind = "hidden", .activation = "tanh", .width = 1, .has_mean = f->has_mean},
                                 {.kind = "output", .activation = "tanh", .width = 1}};
  static const uint8_t split[N] = {[5] = 1};
  ip_run_head head = head_by_hand(N, x_id, 2, y, 2, layer);
  head.split = split;
  if (f->has_x) head.n_in = 1, head.x = x;
  head.noise_variance = f->variance, head.multiplicative_noise = f->multiplicative, head.dropout = f->dropout;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  const ip_snapshot s = {
      .t = (const float *const[]){u, u}, .mean = (const float *const[]){t, NULL}, .epoch = 0, .next_epoch = 1};
  CHECK_OK(ip_run_writer_append(w, &s));
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

typedef struct heard {
  const file_kind *file;
  size_t at, n; /* the next estimator that is unable */
} heard;

static void hear(void *context, const char *estimator, const char *why)
{
  heard *h = context;
  while (h->at < N_SPECS && !h->file->lacks[h->at]) h->at++;
  assert_true(h->at < N_SPECS);
  assert_string_equal(estimator, spec[h->at]);
  if (!strstr(why, h->file->lacks[h->at])) fail_msg("%s, %s: %s", h->file->what, estimator, why);
  h->at++;
  h->n++;
}

static void estimators_that_lack_something_are_named_and_the_others_run(void **state)
{
  (void)state;
  for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
    heard h = {&files[f], 0, 0};
    size_t n_unable = 99, n_expected = 0;
    ip_estimate_options opt = estimators(N_SPECS, spec);
    char path[128];
    in_folder(path, "able.h5");
    write_run(path, &files[f]);
    CHECK_OK(ip_run_estimate_able(path, &opt, NULL, hear, &h, &n_unable));
    for (size_t i = 0; i < N_SPECS; i++) n_expected += files[f].lacks[i] != NULL;
    assert_true(n_unable == n_expected && h.n == n_expected);
    ip_run *r = open_run(path);
    assert_int_equal(ip_run_n_information(r), N_SPECS - n_expected);
    for (size_t i = 0; i < N_SPECS; i++) {
      bool found = false;
      for (size_t k = 0; k < ip_run_n_information(r); k++)
        found = found || !strcmp(ip_run_information_name(r, k), spec[i]);
      assert_int_equal(found, !files[f].lacks[i]);
    }
    ip_run_close(&r);
  }
}

static void without_any_that_can_run_nothing_is_done(void **state)
{
  (void)state;
  heard h = {&files[0], 1, 0};
  size_t n_unable;
  char path[128];
  in_folder(path, "unable.h5");
  write_run(path, &files[0]);
  ip_estimate_options opt = estimators(N_SPECS - 1, spec + 1);
  CHECK_OK(ip_run_estimate_able(path, &opt, NULL, hear, &h, &n_unable));
  assert_true(n_unable == 4 && h.n == 4);
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_information(r), 0);
  ip_run_close(&r);
  static const char *const wrong[] = {"edgs"};
  opt = estimators(1, wrong);
  CHECK_FAILS(ip_run_estimate_able(path, &opt, NULL, hear, &h, &n_unable), IP_ECONFIG, "did you mean 'edges'");
}

/* A side of one sample, of which there are no numbers: estimators and measures of that side are named with it. */
static void hear_of_one_side(void *context, const char *label, const char *why)
{
  static const char *const labels[] = {"edges@test", "geometry@test", "hsic@test"};
  size_t *n = context;
  assert_true(*n < 3);
  assert_string_equal(label, labels[(*n)++]);
  assert_string_equal(why, "fewer than 2 test samples");
}

static void estimators_and_measures_without_a_number_are_reported_by_name(void **state)
{
  (void)state;
  static const char *const splits[] = {"test", "train"}, *const measure[] = {"geometry", "hsic"};
  size_t n = 0;
  char path[128];
  in_folder(path, "side.h5");
  write_run(path, &files[1]);
  ip_estimate_options opt = estimators(1, spec);
  opt.n_measures = 2, opt.measure = measure, opt.n_splits = 2, opt.split = splits;
  opt.remark = hear_of_one_side, opt.remark_context = &n;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  assert_int_equal(n, 3);
  ip_run *r = open_run(path);
  assert_true(ip_run_n_information(r) == 2 && ip_run_n_measures(r) == 4);
  ip_run_close(&r);
  opt.n_splits = 1;
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL, "side.h5: estimator edges@test: fewer than 2 test samples");
  opt.n_estimators = 0;
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL,
              "side.h5: measure geometry@test: fewer than 2 test samples");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(estimators_that_lack_something_are_named_and_the_others_run),
      cmocka_unit_test(without_any_that_can_run_nothing_is_done),
      cmocka_unit_test(estimators_and_measures_without_a_number_are_reported_by_name),
  };
  return cmocka_run_group_tests_name("run/able", tests, NULL, remove_folder);
}
