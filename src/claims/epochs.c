/* Reducers over all epochs of a seed: correlations and lasting events. */
#include "claims/series.h"

#include "num/correlation.h"

ip_status ip_reduce_over_epochs(ip_correlation_kind kind, bool differences, const ip_seed_series *s, const double *y,
                                ip_scratch *sc, ip_seed_value *out)
{
  size_t mark = ip_scratch_mark(sc);
  double *a, *b;
  IP_TRY(IP_SCRATCH(sc, a, s->n_epochs, "a series"));
  IP_TRY(IP_SCRATCH(sc, b, s->n_epochs, "a series"));
  for (size_t i = 0; i < s->n_seeds; i++) {
    size_t n = 0, m = 0;
    for (size_t e = 0; e < s->n_epochs; e++) {
      double u = s->x[i * s->n_epochs + e], v = y[i * s->n_epochs + e];
      if (isfinite(u) && isfinite(v)) a[n] = u, b[n++] = v;
    }
    for (; differences && m + 1 < n; m++) a[m] = a[m + 1] - a[m], b[m] = b[m + 1] - b[m];
    if (differences) n = m;
    double r = (double)NAN;
    if (n >= 4 && kind == IP_PEARSON) r = ip_pearson(n, a, b);
    if (n >= 4 && kind == IP_SPEARMAN) IP_TRY(ip_spearman(n, a, b, sc, &r));
    out[i] = n < 4      ? ip_seed_missing("fewer than four epochs with both values")
             : isnan(r) ? ip_seed_missing("a series does not vary over the epochs")
                        : ip_seed_number(r);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Whether the condition lasts from epoch e on. */
static bool lasts(size_t e, size_t n, const int64_t *epoch, const int8_t *is_true)
{
  size_t k = e;
  while (k < n && is_true[k] == 1 && (epoch[k] <= 2 * epoch[e] || k < e + IP_LASTING_EPOCHS)) k++;
  return k >= e + IP_LASTING_EPOCHS && (k == n || epoch[k] > 2 * epoch[e]);
}

void ip_reduce_when(size_t n_seeds, size_t n_epochs, const int64_t *epoch, const int8_t *is_true, ip_seed_value *out)
{
  for (size_t i = 0; i < n_seeds; i++) {
    const int8_t *cond = is_true + i * n_epochs;
    bool any = false;
    out[i] = ip_seed_number((double)INFINITY);
    for (size_t e = 0; e < n_epochs; e++) any |= cond[e] >= 0;
    if (!any) out[i] = ip_seed_missing("no value at any epoch");
    for (size_t e = 0; e < n_epochs && any; e++)
      if (cond[e] == 1 && lasts(e, n_epochs, epoch, cond)) {
        out[i] = ip_seed_number((double)epoch[e]);
        break;
      }
  }
}
