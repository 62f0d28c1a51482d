/* Estimates of libinfoplane_core.so beside those of the archive: equal bits, in threads too. */
#include "core/test/layer.h"

#include "estimator/interval.h"

#include <pthread.h>

static ip_samples plain_samples(const data *d)
{
  return (ip_samples){.n = N,
                      .width = WIDTH,
                      .t = d->t,
                      .n_x = N,
                      .n_y = N_CLASSES,
                      .y = d->y,
                      .n_in = N_IN,
                      .x = d->x,
                      .has_run_range = true,
                      .low = -1,
                      .high = 1,
                      .epoch = -1};
}

/* What an estimator needs of the noise of a network. */
static void add_noise(uint32_t needs, const data *d, ip_capi_samples *c, ip_samples *s)
{
  if (needs & IP_CAPI_NEEDS_NOISE) c->noise_variance = s->noise_variance = 0.1;
  if (needs & IP_CAPI_NEEDS_MULTIPLICATIVE) c->multiplicative_noise = s->multiplicative_noise = 0.1;
  if (needs & IP_CAPI_NEEDS_DROPOUT) c->dropout = s->dropout = 0.1;
  if (needs & (IP_CAPI_NEEDS_NOISE | IP_CAPI_NEEDS_MULTIPLICATIVE | IP_CAPI_NEEDS_DROPOUT)) c->mean = s->mean = d->mean;
}

/* ---------------------------------------------------------------- the same bits as the archive */

static void check_against_archive(const ip_capi_kind *kind, data *d)
{
  ip_capi_options o = {.struct_size = sizeof o, .null_shuffles = 5, .bootstrap = 20, .level = 0.9};
  ip_capi_samples c = capi_samples(d);
  ip_samples s = plain_samples(d);
  ip_estimator *e;
  ip_scratch *sc;
  ip_estimate want;
  ip_capi_estimate got;
  ip_interval ixt, ity;
  ip_null null;
  add_noise(kind->needs, d, &c, &s);
  CHECK_OK(ip_estimator_create(kind->name, SEED, &e));
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_estimator_run(e, &s, sc, &want));
  CHECK_OK(ip_estimator_bootstrap(e, &s, 20, 0.9, SEED, sc, &ixt, &ity));
  CHECK_OK(ip_estimator_null(e, &s, 5, SEED, sc, &null));
  if (run(kind->name, &c, &o, &got)) fail_msg("%s: %s", kind->name, ip_capi_error());
  SAME(got.ixt, want.ixt_bits);
  SAME(got.ity, want.ity_bits);
  SAME(got.ixt_raw, want.ixt_raw_bits);
  SAME(got.ity_raw, want.ity_raw_bits);
  SAME(got.ixt_error, want.ixt_error_bits);
  SAME(got.ity_error, want.ity_error_bits);
  SAME(got.ixt_given_y, want.ixt_given_y_bits);
  if (kind->is_discrete) SAME(got.h_t, want.ht_bits);
  assert_int_equal(got.n_symbols, want.n_symbols);
  SAME(got.ixt_low, ixt.low);
  SAME(got.ixt_high, ixt.high);
  SAME(got.ity_low, ity.low);
  SAME(got.ity_high, ity.high);
  assert_int_equal(!got.ity_interval_no_value, !ity.refusal);
  SAME(got.null_mean, null.mean_bits);
  SAME(got.null_high, null.high_bits);
  SAME(got.null_p_value, null.p_value);
  assert_int_equal(got.saturated, ip_flag_saturated(e, want.ixt_bits, N));
  ip_scratch_destroy(&sc);
  ip_estimator_destroy(&e);
}

static void every_estimator_gives_the_bits_of_the_archive(void **state)
{
  assert_true(ip_capi_n_kinds() >= 17);
  for (uint64_t i = 0; i < ip_capi_n_kinds(); i++) {
    ip_capi_kind kind = {.struct_size = sizeof kind};
    assert_int_equal(ip_capi_kind_at(i, &kind), IP_CAPI_OK);
    assert_string_equal(kind.name, ip_estimator_names()[i]);
    assert_true(strlen(kind.help) > 10 && kind.n_parameters > 0);
    check_against_archive(&kind, *state);
    for (uint64_t k = 0; k < kind.n_parameters; k++) {
      ip_capi_parameter p = {.struct_size = sizeof p};
      assert_int_equal(ip_capi_kind_parameter(i, k, &p), IP_CAPI_OK);
      assert_true(p.name && p.help && p.fallback);
      assert_int_equal(p.type == IP_CAPI_CHOICE, p.n_choices > 0);
    }
  }
}

static void labels_of_every_type_are_the_same(void **state)
{
  data *d = *state;
  const void *y[] = {d->y, d->y64, d->y8};
  ip_capi_estimate want, got;
  ip_capi_samples s = capi_samples(d);
  assert_int_equal(run("kde_lower", &s, NULL, &want), IP_CAPI_OK);
  for (int32_t type = IP_CAPI_I32; type <= IP_CAPI_U8; type++) {
    s.y = s.x_id = y[type];
    s.y_type = s.x_id_type = type;
    assert_int_equal(run("edges", &s, NULL, &got), IP_CAPI_OK);
    assert_true(got.ixt <= 2); /* four inputs */
    s.x_id = NULL;
    assert_int_equal(run("kde_lower", &s, NULL, &got), IP_CAPI_OK);
    SAME(got.ity, want.ity);
  }
}

static void activations_of_float64_keep_their_digits(void **state)
{
  data *d = *state;
  ip_capi_estimate want, got;
  ip_capi_samples s = capi_samples(d);
  assert_int_equal(run("kde_upper", &s, NULL, &want), IP_CAPI_OK);
  s.t = NULL;
  s.t64 = d->t64;
  assert_int_equal(run("kde_upper", &s, NULL, &got), IP_CAPI_OK);
  SAME(got.ixt, want.ixt);
  for (size_t i = 0; i < N * WIDTH; i++) d->t64[i] = 1 + 1e-12 * (double)(i / WIDTH % 2);
  assert_int_equal(run("exact", &s, NULL, &got), IP_CAPI_OK);
  SAME(got.ixt, 1); /* float32 would not tell the two values apart */
}

static void regressions_have_targets_in_place_of_labels(void **state)
{
  data *d = *state;
  ip_capi_estimate got;
  ip_capi_samples s = capi_samples(d);
  s.y = NULL;
  s.target = d->x;
  s.n_targets = N_IN;
  assert_int_equal(run("gaussian", &s, NULL, &got), IP_CAPI_OK);
  assert_true(isfinite(got.ity));
  assert_int_equal(run("edges", &s, NULL, &got), IP_CAPI_OK);
  assert_true(isnan(got.ity) && got.ity_no_value && isfinite(got.ixt));
}

/* ---------------------------------------------------------------- threads */

typedef struct {
  data *d;
  ip_capi_estimator *e;
  ip_capi_estimate out;
  int32_t code, wrong;
  char message[256];
} job;

static void *work(void *what)
{
  job *j = what;
  ip_capi_samples s = capi_samples(j->d), bad = s;
  bad.n = 0;
  j->wrong = ip_capi_estimate_run(j->e, &bad, NULL, NULL, &j->out);
  strncpy(j->message, ip_capi_error(), sizeof j->message - 1);
  for (int k = 0; k < 20 && !j->code; k++) j->code = ip_capi_estimate_run(j->e, &s, NULL, NULL, &j->out);
  return NULL;
}

static void threads_share_an_estimator_and_get_equal_bits(void **state)
{
  const char *specs[] = {"edges", "kde_upper", "ksg", "gaussian"};
  for (size_t k = 0; k < sizeof specs / sizeof *specs; k++) {
    pthread_t thread[2];
    job j[2];
    ip_capi_estimator *e;
    assert_int_equal(ip_capi_estimator_create(specs[k], SEED, &e), IP_CAPI_OK);
    for (int i = 0; i < 2; i++) {
      j[i] = (job){.d = *state, .e = e, .out = {.struct_size = sizeof j->out}};
      assert_int_equal(pthread_create(&thread[i], NULL, work, &j[i]), 0);
    }
    for (int i = 0; i < 2; i++) pthread_join(thread[i], NULL);
    for (int i = 0; i < 2; i++) {
      assert_int_equal(j[i].code, IP_CAPI_OK);
      assert_int_equal(j[i].wrong, IP_CAPI_EINVAL);
      assert_non_null(strstr(j[i].message, "0 samples"));
    }
    SAME(j[0].out.ixt, j[1].out.ixt);
    SAME(j[0].out.ity, j[1].out.ity);
    ip_capi_estimator_destroy(e);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_estimator_gives_the_bits_of_the_archive), TEST(labels_of_every_type_are_the_same),
      TEST(activations_of_float64_keep_their_digits),      TEST(regressions_have_targets_in_place_of_labels),
      TEST(threads_share_an_estimator_and_get_equal_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
