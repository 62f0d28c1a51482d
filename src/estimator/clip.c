/* clip.c - the bounds that theory gives an estimate, whatever the estimator. */
#include "estimator/discrete.h"
#include "estimator/kind.h"

#include <math.h>

#define ROUNDING_BITS 1e-9

/* H(X) of the samples: log2 n where every input occurs once, else with the estimator's correction. */
static ip_status input_entropy(const ip_samples *s, ip_correction how, ip_scratch *sc, double *bits)
{
  bool once;
  IP_TRY(ip_discrete_each_once(s->n, s->x_id, s->n_x, sc, &once));
  *bits = log2((double)s->n);
  return once ? IP_OK : ip_discrete_entropy(s->n, s->x_id, s->n_x, how, sc, bits);
}

static double within(double most, double bits)
{
  return fmin(fmax(0, bits), fmax(0, most));
}

static void clip(double most, double *bits, double *raw, bool *clipped)
{
  double inside = within(most, *bits);
  *clipped = fabs(inside - *bits) > ROUNDING_BITS;
  *raw = *clipped ? *bits : inside;
  *bits = inside;
}

static bool labels_carry_nothing(const ip_samples *s)
{
  if (s->p_y_given_x) return s->n_y == 1;
  for (size_t i = 1; i < s->n; i++)
    if (s->y[i] != s->y[0]) return false;
  return true;
}

static ip_correction correction_of(const ip_estimator *e)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  return k->rows ? (ip_correction)ip_estimator_values(e)[k->correction_at] : IP_CORRECTION_NONE;
}

/* The upper bounds that hold, of I(X;T) and I(T;Y); others stay. */
static ip_status bounds(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, double *hx, double *hy)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  unsigned below = k->bounds ? k->bounds(ip_estimator_values(e)) : IP_BELOW_HX | IP_BELOW_HY;
  if (below & IP_BELOW_HX) IP_TRY(input_entropy(s, correction_of(e), sc, hx));
  return below & IP_BELOW_HY && !(s->target && k->knows_targets) ? ip_discrete_label_entropy(s, sc, hy) : IP_OK;
}

ip_status ip_estimate_entropies(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, double *hx, double *hy)
{
  *hx = *hy = (double)NAN;
  return bounds(e, s, sc, hx, hy);
}

ip_status ip_estimate_clip(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  const ip_estimator_kind *k = ip_estimator_kind_of(e);
  double hx = (double)INFINITY, hy = (double)INFINITY;
  bool plug_in = k->rows && correction_of(e) == IP_CORRECTION_NONE; /* is below both by itself */
  if (s->target && !k->knows_targets && labels_carry_nothing(s))
    out->ity_no_value = "Y is the target of a regression, and this estimator knows classes only";
  if (!plug_in) IP_TRY(bounds(e, s, sc, &hx, &hy));
  clip(hx, &out->ixt_bits, &out->ixt_raw_bits, &out->ixt_clipped);
  clip(hy, &out->ity_bits, &out->ity_raw_bits, &out->ity_clipped);
  out->ixt_band_low = within(hx, out->ixt_band_low);
  out->ixt_band_high = within(hx, out->ixt_band_high);
  out->ity_band_low = within(hy, out->ity_band_low);
  out->ity_band_high = within(hy, out->ity_band_high);
  const double none = (double)NAN;
  out->ixt_given_y_bits += out->ixt_raw_bits - out->ity_raw_bits;
  out->ixt_given_y_no_value = out->ixt_no_value   ? out->ixt_no_value
                              : out->ity_no_value ? out->ity_no_value
                                                  : k->no_chain_rule;
  if (out->ixt_given_y_no_value) out->ixt_given_y_bits = none;
  if (!k->rows || !s->prediction) out->bin_loss_bits = out->prediction_bits = none;
  if (out->ixt_no_value) out->ixt_bits = out->ixt_raw_bits = out->ixt_error_bits = none, out->ixt_clipped = false;
  if (out->ity_no_value) out->ity_bits = out->ity_raw_bits = out->ity_error_bits = none, out->ity_clipped = false;
  return IP_OK;
}
