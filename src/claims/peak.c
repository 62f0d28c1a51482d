#include "claims/peak.h"

const char ip_no_final_value[] = "no value in the final window of epochs";
const char ip_no_peak_epoch[] = "no epoch before the final window has a value in all seeds of the other half";

size_t ip_window_begin(size_t n_epochs, const int64_t *epoch)
{
  size_t e = 0;
  while (e < n_epochs && 10 * epoch[e] < 8 * epoch[n_epochs - 1]) e++;
  return e;
}

ip_seed_value ip_window_mean(size_t n_epochs, const int64_t *epoch, const double *x)
{
  double sum = 0, n = 0;
  for (size_t e = ip_window_begin(n_epochs, epoch); e < n_epochs; e++)
    if (isfinite(x[e])) sum += x[e], n++;
  return n > 0 ? ip_seed_number(sum / n) : ip_seed_missing(ip_no_final_value);
}

void ip_running_mean(const ip_seed_series *s, size_t width, double *out)
{
  size_t n = s->n_epochs, side = width / 2;
  for (size_t i = 0; i < s->n_seeds; i++)
    for (size_t e = 0; e < n; e++) {
      const double *x = s->x + i * n;
      double sum = 0, count = 0;
      for (size_t k = 0; k < width; k++) {
        size_t at = e + k < side ? 0 : e + k - side;
        double v = x[at < n ? at : n - 1];
        if (isfinite(v)) sum += v, count++;
      }
      out[i * n + e] = isfinite(x[e]) ? sum / count : (double)NAN;
    }
}

ip_status ip_cross_fitted_peaks(const ip_seed_series *x, const double *smooth, ip_scratch *sc, size_t peak[2])
{
  size_t n = x->n_epochs, before = ip_window_begin(n, x->epoch), mark = ip_scratch_mark(sc);
  double *sum;
  IP_TRY(IP_SCRATCH(sc, sum, n, "mean over seeds"));
  for (size_t half = 0; half < 2; half++) {
    size_t seeds = 0;
    for (size_t e = 0; e < before; e++) sum[e] = 0;
    for (size_t i = 1 - half; i < x->n_seeds; i += 2) { /* the other half */
      if (isnan(ip_window_mean(n, x->epoch, x->x + i * n).value)) continue;
      seeds++;
      for (size_t e = 0; e < before; e++) sum[e] += smooth[i * n + e];
    }
    peak[half] = n;
    for (size_t e = 0; e < before && seeds; e++)
      if (!isnan(sum[e]) && (peak[half] == n || sum[e] > sum[peak[half]])) peak[half] = e;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
