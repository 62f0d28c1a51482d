/* estimate.c - estimates of a layer in an array. */
#include "core/call.h"
#include "core/samples.h"

#include "estimator/interval.h"
#include "estimator/kind.h"

#include <math.h>

/* ---------------------------------------------------------------- estimators, scratch */

static ip_status create_estimator(const char *spec, uint64_t seed, ip_capi_estimator **out)
{
  IP_REQUIRE(out, IP_EINVAL, "there is no place for the estimator (NULL)");
  *out = NULL;
  IP_REQUIRE(spec, IP_EINVAL, "the name of the estimator is NULL");
  return ip_estimator_create(spec, seed, out);
}

int32_t ip_capi_estimator_create(const char *spec, uint64_t seed, ip_capi_estimator **out)
{
  return IP_CALL(create_estimator(spec, seed, out));
}

void ip_capi_estimator_destroy(ip_capi_estimator *e)
{
  ip_estimator_destroy(&e);
}

const char *ip_capi_estimator_label(const ip_capi_estimator *e)
{
  return e ? ip_estimator_label(e) : "";
}

static ip_status create_scratch(ip_capi_scratch **out)
{
  IP_REQUIRE(out, IP_EINVAL, "there is no place for the scratch (NULL)");
  return ip_scratch_create(out);
}

int32_t ip_capi_scratch_create(ip_capi_scratch **out)
{
  return IP_CALL(create_scratch(out));
}

void ip_capi_scratch_destroy(ip_capi_scratch *sc)
{
  ip_scratch_destroy(&sc);
}

/* ---------------------------------------------------------------- the estimate */

static void keep_estimate(const ip_estimator *e, size_t n, const ip_estimate *found, ip_capi_estimate *out)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  const double none = (double)NAN;
  bool ixt_band = k->band && !found->ixt_no_value, ity_band = k->band && !found->ity_no_value;
  *out = (ip_capi_estimate){
      .ixt = found->ixt_bits,
      .ity = found->ity_bits,
      .ixt_raw = found->ixt_raw_bits,
      .ity_raw = found->ity_raw_bits,
      .ixt_error = found->ixt_error_bits,
      .ity_error = found->ity_error_bits,
      .ixt_given_y = found->ixt_given_y_bits,
      .h_t = k->rows ? found->ht_bits : none,
      .ixt_band_low = ixt_band ? found->ixt_band_low : none,
      .ixt_band_high = ixt_band ? found->ixt_band_high : none,
      .ity_band_low = ity_band ? found->ity_band_low : none,
      .ity_band_high = ity_band ? found->ity_band_high : none,
      .ixt_low = none,
      .ixt_high = none,
      .ity_low = none,
      .ity_high = none,
      .null_mean = none,
      .null_high = none,
      .null_p_value = none,
      .n_symbols = k->rows ? found->n_symbols : 0,
      .ixt_no_value = found->ixt_no_value,
      .ity_no_value = found->ity_no_value,
      .ixt_given_y_no_value = found->ixt_given_y_no_value,
      .ixt_clipped = found->ixt_clipped,
      .ity_clipped = found->ity_clipped,
      .saturated = ip_flag_saturated(e, found->ixt_bits, n),
  };
}

static ip_status estimate_intervals(const ip_estimator *e, const ip_samples *s, const ip_capi_options *o,
                                    ip_scratch *sc, ip_capi_estimate *out)
{
  ip_interval ixt, ity;
  IP_TRY(ip_call_check_size("replicates of the bootstrap", o->bootstrap, 16, sizeof(double)));
  IP_TRY(ip_estimator_bootstrap(e, s, (size_t)o->bootstrap, o->level, ip_estimator_seed(e), sc, &ixt, &ity));
  out->ixt_low = ixt.low;
  out->ixt_high = ixt.high;
  out->ity_low = ity.low;
  out->ity_high = ity.high;
  out->ixt_interval_no_value = ixt.refusal;
  out->ity_interval_no_value = ity.refusal;
  return IP_OK;
}

static ip_status estimate_null(const ip_estimator *e, const ip_samples *s, const ip_capi_options *o, ip_scratch *sc,
                               ip_capi_estimate *out)
{
  ip_null null;
  IP_TRY(ip_call_check_size("shuffles of the null", o->null_shuffles, 16, sizeof(double)));
  IP_TRY(ip_estimator_null(e, s, (size_t)o->null_shuffles, ip_estimator_seed(e), sc, &null));
  out->null_mean = null.mean_bits;
  out->null_high = null.high_bits;
  out->null_p_value = null.p_value;
  return IP_OK;
}

static ip_status estimate(const ip_estimator *e, const ip_capi_samples *given, const ip_capi_options *options,
                          ip_scratch *sc, ip_capi_estimate *to)
{
  ip_capi_options o = {0};
  ip_samples s;
  ip_estimate found;
  ip_capi_estimate out;
  if (options) IP_TRY(ip_call_read(&o, sizeof o, options, "ip_capi_options"));
  IP_TRY(ip_core_samples(given, sc, &s));
  IP_TRY(ip_estimator_run(e, &s, sc, &found));
  keep_estimate(e, s.n, &found, &out);
  bool has_value = !found.ixt_no_value || !found.ity_no_value;
  if (o.bootstrap && has_value) IP_TRY(estimate_intervals(e, &s, &o, sc, &out));
  if (o.null_shuffles && has_value) IP_TRY(estimate_null(e, &s, &o, sc, &out));
  ip_call_write(to, &out, sizeof out);
  return IP_OK;
}

static ip_status estimate_in(const ip_estimator *e, const ip_capi_samples *s, const ip_capi_options *options,
                             ip_scratch *given, ip_capi_estimate *out)
{
  ip_scratch *sc = given;
  IP_REQUIRE(e, IP_EINVAL, "the estimator is NULL");
  IP_TRY(ip_call_check_out(out, "ip_capi_estimate"));
  if (!given) IP_TRY(ip_scratch_create(&sc));
  size_t mark = ip_scratch_mark(sc);
  ip_status st = estimate(e, s, options, sc, out);
  ip_scratch_release(sc, mark);
  if (!given) ip_scratch_destroy(&sc);
  return st;
}

int32_t ip_capi_estimate_run(const ip_capi_estimator *e, const ip_capi_samples *s, const ip_capi_options *options,
                             ip_capi_scratch *sc, ip_capi_estimate *out)
{
  return IP_CALL(estimate_in(e, s, options, sc, out));
}
