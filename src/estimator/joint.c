#include "estimator/joint.h"

#include "estimator/discrete.h"
#include "num/unique.h"

#include <math.h>

ip_status ip_joint_labels_vary(const ip_samples *s, ip_scratch *sc, bool *vary)
{
  *vary = false;
  if (!s->x_id || s->p_y_given_x) return IP_OK;
  size_t mark = ip_scratch_mark(sc);
  uint32_t *label; // (n_x) the first label of each input, plus 1
  IP_TRY(IP_SCRATCH(sc, label, s->n_x, "labels of inputs"));
  for (size_t i = 0; i < s->n && !*vary; i++) {
    uint32_t *first = &label[s->x_id[i]], here = (uint32_t)s->y[i] + 1;
    if (!*first) *first = here;
    *vary = *first != here;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_joint_ity_given_x(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                               ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc), n = s->n, n_pairs;
  uint64_t *key;  // (n)
  uint32_t *pair; // (n) number of the pair of input and label
  double given_x, given_both;
  IP_TRY(IP_SCRATCH(sc, key, n, "pairs of input and label"));
  IP_TRY(IP_SCRATCH(sc, pair, n, "pairs of input and label"));
  for (size_t i = 0; i < n; i++) key[i] = (uint64_t)s->x_id[i] * s->n_y + (uint64_t)s->y[i];
  IP_TRY(ip_unique_keys(n, key, 0, sc, pair, &n_pairs));
  IP_TRY(ip_discrete_entropy_given(n, symbol, n_symbols, s->x_id, s->n_x, how, sc, &given_x));
  IP_TRY(ip_discrete_entropy_given(n, symbol, n_symbols, pair, n_pairs, how, sc, &given_both));
  *bits = given_x - given_both;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Every symbol has one prediction: its entropy given the symbols is then 0, and not a rounding error. */
static ip_status is_function(size_t n, const uint32_t *symbol, size_t n_symbols, const int32_t *prediction,
                             ip_scratch *sc, bool *function)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *first; // (n_symbols) prediction plus 1
  IP_TRY(IP_SCRATCH(sc, first, n_symbols, "predictions of symbols"));
  *function = true;
  for (size_t i = 0; i < n && *function; i++) {
    uint32_t here = (uint32_t)prediction[i] + 1;
    if (!first[symbol[i]]) first[symbol[i]] = here;
    *function = first[symbol[i]] == here;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_joint_bin_loss(size_t n, const uint32_t *symbol, size_t n_symbols, const int32_t *prediction,
                            ip_scratch *sc, double *lost_bits, double *prediction_bits)
{
  size_t n_predictions = 1;
  const uint32_t *class = (const uint32_t *)prediction; /* not negative: the same numbers */
  bool function;
  for (size_t i = 0; i < n; i++)
    if (class[i] >= n_predictions) n_predictions = (size_t) class[i] + 1;
  IP_TRY(ip_discrete_entropy(n, class, n_predictions, IP_CORRECTION_NONE, sc, prediction_bits));
  IP_TRY(is_function(n, symbol, n_symbols, prediction, sc, &function));
  *lost_bits = 0;
  if (function) return IP_OK;
  const ip_samples s = {.n = n, .y = prediction, .n_y = n_predictions};
  double kept;
  IP_TRY(ip_discrete_label_information(&s, symbol, n_symbols, IP_CORRECTION_NONE, sc, &kept));
  *lost_bits = fmin(fmax(0, *prediction_bits - kept), *prediction_bits);
  return IP_OK;
}
