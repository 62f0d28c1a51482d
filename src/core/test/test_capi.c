/* The functions of capi.h in libinfoplane_core.so: structs of every version, and no call that ends the program. */
#include "core/test/layer.h"

#include "info/discrete.h"

/* ---------------------------------------------------------------- layout */

static void sizes_of_structs_are_known_by_name(void **state)
{
  (void)state;
  assert_int_equal(ip_capi_version(), IP_CAPI_MAJOR * 65536 + IP_CAPI_MINOR);
  assert_true(strlen(ip_capi_release()) >= 5);
  assert_int_equal(ip_capi_sizeof("ip_capi_samples"), sizeof(ip_capi_samples));
  assert_int_equal(ip_capi_sizeof("ip_capi_estimate"), sizeof(ip_capi_estimate));
  assert_int_equal(ip_capi_sizeof("ip_capi_options"), sizeof(ip_capi_options));
  assert_int_equal(ip_capi_sizeof("ip_capi_kind"), sizeof(ip_capi_kind));
  assert_int_equal(ip_capi_sizeof("ip_capi_parameter"), sizeof(ip_capi_parameter));
  assert_int_equal(ip_capi_sizeof("ip_capi_joint"), sizeof(ip_capi_joint));
  assert_int_equal(ip_capi_sizeof("ip_capi_curve_options"), sizeof(ip_capi_curve_options));
  assert_int_equal(ip_capi_sizeof("ip_capi_curve_summary"), sizeof(ip_capi_curve_summary));
  assert_int_equal(ip_capi_sizeof("ip_capi_curve_point"), sizeof(ip_capi_curve_point));
  assert_int_equal(ip_capi_sizeof("ip_capi_critical"), sizeof(ip_capi_critical));
  assert_int_equal(ip_capi_sizeof("ip_capi_nearest"), sizeof(ip_capi_nearest));
  assert_int_equal(ip_capi_sizeof("ip_samples"), 0);
  assert_int_equal(ip_capi_sizeof(NULL), 0);
}

/* The first version, whose fields stay where they are. */
static void structs_keep_their_layout(void **state)
{
  (void)state;
  assert_int_equal(offsetof(ip_capi_samples, epoch), 20 * 8 + 6 * 4 + 8);
  assert_int_equal(offsetof(ip_capi_estimate, saturated), (1 + 8 + 4 + 4 + 3 + 1 + 5) * 8 + 8);
  assert_int_equal(offsetof(ip_capi_options, level), 24);
  assert_int_equal(offsetof(ip_capi_curve_point, certified), 9 * 8 + 4);
}

static void structs_of_other_versions_are_read(void **state)
{
  data *d = *state;
  ip_capi_estimate whole, part;
  ip_capi_samples s = capi_samples(d);
  assert_int_equal(run("edges", &s, NULL, &whole), IP_CAPI_OK);

  s.struct_size = offsetof(ip_capi_samples, n_targets); /* an older program */
  part = (ip_capi_estimate){.struct_size = offsetof(ip_capi_estimate, ixt_raw), .ixt_raw = 99};
  ip_capi_estimator *e;
  assert_int_equal(ip_capi_estimator_create("edges", SEED, &e), IP_CAPI_OK);
  assert_int_equal(ip_capi_estimate_run(e, &s, NULL, NULL, &part), IP_CAPI_OK);
  SAME(part.ixt, whole.ixt);
  SAME(part.ixt_raw, 99);

  struct { /* a newer one */
    ip_capi_samples s;
    uint64_t added;
  } newer = {capi_samples(d), 0};
  newer.s.struct_size = sizeof newer;
  part.struct_size = sizeof part;
  assert_int_equal(ip_capi_estimate_run(e, &newer.s, NULL, NULL, &part), IP_CAPI_OK);
  newer.added = 1;
  assert_int_equal(ip_capi_estimate_run(e, &newer.s, NULL, NULL, &part), IP_CAPI_EINVAL);
  assert_non_null(strstr(ip_capi_error(), "does not know"));
  ip_capi_estimator_destroy(e);
}

/* ---------------------------------------------------------------- what is wrong is reported */

#define CHECK_REFUSED(call, expected, text)                                                                            \
  do {                                                                                                                 \
    assert_int_equal((call), (expected));                                                                              \
    if (!strstr(ip_capi_error(), (text))) fail_msg("message is: %s", ip_capi_error());                                 \
  } while (0)

static void wrong_samples_are_refused(void **state)
{
  data *d = *state;
  const struct {
    ip_capi_samples s;
    int32_t code;
    const char *text;
  } wrong[] = {
      {{.struct_size = 3}, IP_CAPI_EINVAL, "struct_size of ip_capi_samples: got 3"},
      {{.struct_size = SIZE_MAX}, IP_CAPI_EINVAL, "struct_size"},
      {{.struct_size = sizeof wrong->s}, IP_CAPI_EINVAL, "0 samples of 0 units"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = 0, .t = d->t}, IP_CAPI_EINVAL, "200 samples of 0 units"},
      {{.struct_size = sizeof wrong->s, .n = UINT64_MAX, .width = 2, .t = d->t}, IP_CAPI_EINVAL, "beyond"},
      {{.struct_size = sizeof wrong->s, .n = 1U << 31, .width = 1U << 31, .t = d->t}, IP_CAPI_EINVAL, "memory"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .y = d->y}, IP_CAPI_EINVAL, "no activations"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t}, IP_CAPI_EINVAL, "no labels"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .y = d->y, .n_y = 2},
       IP_CAPI_EINVAL,
       "expected 0 to 1"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .y = d->y, .y_type = 9},
       IP_CAPI_EINVAL,
       "the type of the labels"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .y = d->y, .n_y = UINT64_MAX},
       IP_CAPI_EINVAL,
       "number them"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .p_y_given_x = d->t, .n_y = UINT64_MAX},
       IP_CAPI_EINVAL,
       "memory"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .y = d->y, .dropout = (double)NAN},
       IP_CAPI_EINVAL,
       "dropout: got"},
      {{.struct_size = sizeof wrong->s, .n = N, .width = WIDTH, .t = d->t, .y = d->y, .noise_variance = -1},
       IP_CAPI_EINVAL,
       "noise_variance: got -1"},
      {{.struct_size = sizeof wrong->s,
        .n = N,
        .width = WIDTH,
        .t = d->t,
        .y = d->y,
        .has_run_range = 1,
        .low = 1,
        .high = -1},
       IP_CAPI_EINVAL,
       "range of the run"},
  };
  ip_capi_estimate out;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK_REFUSED(run("edges", &wrong[i].s, NULL, &out), wrong[i].code, wrong[i].text);
  CHECK_REFUSED(run("edges", NULL, NULL, &out), IP_CAPI_EINVAL, "ip_capi_samples is NULL");
}

static void wrong_values_are_refused_with_their_place(void **state)
{
  data *d = *state;
  ip_capi_estimate out;
  ip_capi_samples s = capi_samples(d);
  d->y64[5] = -1;
  s.y = d->y64;
  s.y_type = IP_CAPI_I64;
  CHECK_REFUSED(run("edges", &s, NULL, &out), IP_CAPI_EINVAL, "sample 5 has label -1, expected 0 to 3");
  d->y64[5] = INT64_MAX;
  CHECK_REFUSED(run("edges", &s, NULL, &out), IP_CAPI_EINVAL, "number them from 0");
  s = capi_samples(d);
  s.x_id = d->y64;
  s.x_id_type = IP_CAPI_I64;
  d->y64[5] = INT64_MIN;
  CHECK_REFUSED(run("edges", &s, NULL, &out), IP_CAPI_EINVAL, "sample 5 has input -9223372036854775808");
  s.x_id = NULL;
  d->t[4] = NAN;
  CHECK_REFUSED(run("edges", &s, NULL, &out), IP_CAPI_ENUMERIC, "the layer: activation of unit 1, sample 1: got NaN");
  s.layer = 2;
  s.epoch = 10;
  d->t[4] = INFINITY;
  CHECK_REFUSED(run("edges", &s, NULL, &out), IP_CAPI_ENUMERIC, "layer 2, epoch 10: activation");
}

static void wrong_calls_are_refused(void **state)
{
  data *d = *state;
  ip_capi_samples s = capi_samples(d);
  ip_capi_options o = {.struct_size = sizeof o, .bootstrap = 20, .level = 2};
  ip_capi_estimate out;
  ip_capi_estimator *e;
  CHECK_REFUSED(ip_capi_estimator_create(NULL, 1, &e), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_estimator_create("edges", 1, NULL), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_estimator_create("edgs", 1, &e), IP_CAPI_ECONFIG, "'edges'");
  CHECK_REFUSED(ip_capi_estimator_create("width:size=-1", 1, &e), IP_CAPI_ECONFIG, "size");
  CHECK_REFUSED(run("edges", &s, &o, &out), IP_CAPI_EINVAL, "level");
  o.level = 0.9;
  o.bootstrap = 1;
  CHECK_REFUSED(run("edges", &s, &o, &out), IP_CAPI_EINVAL, "replicates");
  o.bootstrap = UINT64_MAX;
  CHECK_REFUSED(run("edges", &s, &o, &out), IP_CAPI_EINVAL, "bootstrap");
  o.bootstrap = 0;
  o.null_shuffles = UINT64_MAX;
  CHECK_REFUSED(run("edges", &s, &o, &out), IP_CAPI_EINVAL, "null");
  assert_int_equal(ip_capi_estimator_create("edges", 1, &e), IP_CAPI_OK);
  assert_string_equal(ip_capi_error(), "");
  CHECK_REFUSED(ip_capi_estimate_run(NULL, &s, NULL, NULL, &out), IP_CAPI_EINVAL, "the estimator is NULL");
  CHECK_REFUSED(ip_capi_estimate_run(e, &s, NULL, NULL, NULL), IP_CAPI_EINVAL, "ip_capi_estimate is NULL");
  ip_capi_estimator_destroy(e);
  ip_capi_estimator_destroy(NULL);
  ip_capi_scratch_destroy(NULL);
  ip_capi_curve_destroy(NULL);
  assert_string_equal(ip_capi_estimator_label(NULL), "");
  assert_int_equal(ip_capi_estimator_needs(NULL), 0);
  ip_capi_kind kind = {.struct_size = sizeof kind};
  ip_capi_parameter p = {.struct_size = sizeof p};
  CHECK_REFUSED(ip_capi_kind_at(UINT64_MAX, &kind), IP_CAPI_EINVAL, "expected below");
  CHECK_REFUSED(ip_capi_kind_at(0, NULL), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_kind_parameter(0, 1000, &p), IP_CAPI_EINVAL, "expected below");
}

/* ---------------------------------------------------------------- tables, curve */

static void tables_have_the_values_of_closed_forms(void **state)
{
  (void)state;
  const double p[] = {0.5, 0.25, 0.25}, channel[] = {0.45, 0.05, 0.05, 0.45};
  const uint32_t count[] = {2, 0, 0, 2};
  double bits;
  ip_capi_joint m = {.struct_size = sizeof m};
  assert_int_equal(ip_capi_entropy(3, p, &bits), IP_CAPI_OK);
  SAME(bits, 1.5);
  assert_int_equal(ip_capi_entropy_counts(4, count, &bits), IP_CAPI_OK);
  SAME(bits, 1);
  assert_int_equal(ip_capi_joint_measure(2, 2, channel, &m), IP_CAPI_OK);
  CHECK_NEAR(m.mi, 1 - ip_binary_entropy_bits(0.1), 1e-15);
  assert_int_equal(ip_capi_joint_measure_counts(2, 2, count, &m), IP_CAPI_OK);
  SAME(m.mi, 1);
  CHECK_REFUSED(ip_capi_entropy(2, p, &bits), IP_CAPI_EINVAL, "sum");
  CHECK_REFUSED(ip_capi_entropy(0, p, &bits), IP_CAPI_EINVAL, "at least one");
  CHECK_REFUSED(ip_capi_entropy(3, NULL, &bits), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_entropy(3, p, NULL), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_entropy_counts(2, count + 1, &bits), IP_CAPI_EINVAL, "all counts are 0");
  CHECK_REFUSED(ip_capi_joint_measure(UINT64_MAX, 2, channel, &m), IP_CAPI_EINVAL, "memory");
  CHECK_REFUSED(ip_capi_joint_measure_counts(0, 2, NULL, &m), IP_CAPI_EINVAL, "NULL");
}

/* Mrs. Gerber's lemma: the curve of a binary symmetric channel with crossover 0.1 and equally likely inputs. */
static void the_curve_of_a_binary_channel_is_that_of_its_closed_form(void **state)
{
  (void)state;
  const double p[] = {0.45, 0.05, 0.05, 0.45}, beta[] = {2, 3, 5, 20}, falling[] = {3, 2};
  ip_capi_curve *c;
  ip_capi_curve_summary all = {.struct_size = sizeof all};
  ip_capi_curve_point point = {.struct_size = sizeof point};
  ip_capi_critical critical = {.struct_size = sizeof critical};
  ip_capi_nearest near = {.struct_size = sizeof near};
  assert_int_equal(ip_capi_curve_create(2, 2, p, NULL, 4, beta, &c), IP_CAPI_OK);
  assert_int_equal(ip_capi_curve_summarize(c, &all), IP_CAPI_OK);
  assert_int_equal(all.n_points, 4);
  CHECK_NEAR(all.ixy, 1 - ip_binary_entropy_bits(0.1), 1e-12);
  CHECK_NEAR(all.critical_beta, 1 / (0.8 * 0.8), 1e-6); /* 1 over the squared maximal correlation */
  for (uint64_t i = 0; i < all.n_points; i++) {
    assert_int_equal(ip_capi_curve_point_at(c, i, &point), IP_CAPI_OK);
    double low = 0, high = 0.5; /* q with h(q) = 1 - I(X;T) */
    for (int k = 0; k < 100; k++)
      *(ip_binary_entropy_bits(0.5 * (low + high)) < 1 - point.ixt ? &low : &high) = 0.5 * (low + high);
    CHECK_NEAR(point.ity, 1 - ip_binary_entropy_bits(0.9 * low + 0.1 * (1 - low)), 1e-6);
    CHECK_NEAR(ip_capi_curve_at(c, point.ixt), point.ity, 1e-12);
  }
  assert_int_equal(ip_capi_curve_nearest(c, point.ixt, point.ity, &near), IP_CAPI_OK);
  CHECK_NEAR(near.distance, 0, 1e-9);
  CHECK_REFUSED(ip_capi_curve_point_at(c, 4, &point), IP_CAPI_EINVAL, "expected below 4");
  CHECK_REFUSED(ip_capi_curve_critical_at(c, UINT64_MAX, &critical), IP_CAPI_EINVAL, "expected below");
  CHECK_REFUSED(ip_capi_curve_nearest(c, (double)NAN, 0, &near), IP_CAPI_ENUMERIC, "not finite");
  assert_true(isnan(ip_capi_curve_at(NULL, 1)) && isnan(ip_capi_curve_at(c, (double)NAN)));
  ip_capi_curve_destroy(c);
  CHECK_REFUSED(ip_capi_curve_create(2, 2, p, NULL, 2, falling, &c), IP_CAPI_EINVAL, "beta");
  assert_null(c);
  CHECK_REFUSED(ip_capi_curve_create(2, 2, NULL, NULL, 0, NULL, &c), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_curve_create(2, 2, p, NULL, 3, NULL, &c), IP_CAPI_EINVAL, "NULL");
  CHECK_REFUSED(ip_capi_curve_create(2, 0, p, NULL, 0, NULL, &c), IP_CAPI_EINVAL, "at least one");
  CHECK_REFUSED(ip_capi_curve_create(2, 2, p, NULL, UINT64_MAX, beta, &c), IP_CAPI_ECONFIG, "at most");
  ip_capi_curve_options o = {.struct_size = sizeof o, .alpha = (double)NAN};
  CHECK_REFUSED(ip_capi_curve_create(2, 2, p, &o, 4, beta, &c), IP_CAPI_ECONFIG, "alpha");
}

static void a_curve_that_rounding_ruins_is_an_error(void **state)
{
  (void)state;
  const double p[] = {4.6e-16, 4.9e-10, 7.4e-22, 1 - 4.9e-10, 3.4e-12, 0}, beta = 1e300;
  ip_capi_curve *c;
  CHECK_REFUSED(ip_capi_curve_create(2, 3, p, NULL, 1, &beta, &c), IP_CAPI_ENUMERIC, "beta");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(sizes_of_structs_are_known_by_name),        TEST(structs_keep_their_layout),
      TEST(structs_of_other_versions_are_read),        TEST(wrong_samples_are_refused),
      TEST(wrong_values_are_refused_with_their_place), TEST(wrong_calls_are_refused),
      TEST(tables_have_the_values_of_closed_forms),    TEST(the_curve_of_a_binary_channel_is_that_of_its_closed_form),
      TEST(a_curve_that_rounding_ruins_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
