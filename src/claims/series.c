#include "claims/series.h"

#include "claims/fall.h"
#include "claims/peak.h"
#include "num/correlation.h"

#include <string.h>

static const struct {
  const char *name, *meaning;
  bool is_cross_fitted;
} reducers[] = {
#define X(symbol, name, is_cross_fitted, meaning) {#name, meaning, is_cross_fitted},
    IP_REDUCER_LIST(X)
#undef X
};

const char *ip_reducer_name(ip_reducer r)
{
  return reducers[r].name;
}

const char *ip_reducer_meaning(ip_reducer r)
{
  return reducers[r].meaning;
}

bool ip_reducer_is_cross_fitted(ip_reducer r)
{
  return reducers[r].is_cross_fitted;
}

ip_reducer ip_reducer_of(const char *name)
{
  for (int r = 0; r < IP_N_REDUCERS; r++)
    if (!strcmp(reducers[r].name, name)) return (ip_reducer)r;
  return IP_N_REDUCERS;
}

/* ---------------------------------------------------------------- of one seed */

/* One seed: its values, smoothed, and the index of its cross-fitted peak (n if it has none). */
typedef struct {
  size_t n, before; /* epochs; those before W */
  const int64_t *epoch;
  const double *x, *smooth;
  size_t peak;
  double *room; // (2, n)
} seed;

/* Index of the largest (sign 1) or smallest (-1) of n values; n if all are missing. */
static size_t extreme(size_t n, const double *x, int sign)
{
  size_t best = n;
  for (size_t e = 0; e < n; e++)
    if (!isnan(x[e]) && (best == n || sign * x[e] > sign * x[best])) best = e;
  return best;
}

static ip_seed_value minus(ip_seed_value a, ip_seed_value b)
{
  if (isnan(a.value)) return a;
  return isnan(b.value) ? b : ip_seed_number(a.value - b.value);
}

static ip_seed_value share_of(ip_seed_value drop, ip_seed_value level)
{
  if (isnan(drop.value)) return drop;
  return level.value > 0 ? ip_seed_number(drop.value / level.value)
                         : ip_seed_missing("the level at the peak is not positive");
}

static ip_seed_value first(const seed *s)
{
  if (!s->n || s->epoch[0] != 0) return ip_seed_missing("epoch 0 is not logged");
  return isnan(s->x[0]) ? ip_seed_missing("no value at epoch 0") : ip_seed_number(s->x[0]);
}

static ip_seed_value last(const seed *s)
{
  return ip_window_mean(s->n, s->epoch, s->x);
}

static ip_seed_value level(const seed *s)
{
  if (s->peak == s->n) return ip_seed_missing(ip_no_peak_epoch);
  double v = s->smooth[s->peak];
  return isnan(v) ? ip_seed_missing("no value at the peak epoch of the other half") : ip_seed_number(v);
}

/* The run's own highest smoothed value before W. */
static ip_seed_value own_peak(const seed *s)
{
  size_t e = extreme(s->before, s->smooth, 1);
  return e == s->before ? ip_seed_missing("no value before the final window of epochs") : ip_seed_number(s->smooth[e]);
}

static ip_seed_value drop_half(const seed *s)
{
  size_t best = s->n;
  for (size_t e = 1; e + 1 < s->before; e += 2)
    if (!isnan(s->x[e] + s->x[e - 1] + s->x[e + 1]) && (best == s->n || s->x[e] > s->x[best])) best = e;
  if (best == s->n) return ip_seed_missing("fewer than three epochs with values before the final window");
  return minus(ip_seed_number((s->x[best - 1] + s->x[best + 1]) / 2), last(s));
}

/* Of white noise, the residual about a mean of five that includes the value has 4/5 of the variance. */
static ip_seed_value residual_sd(const seed *s)
{
  double sum = 0, n = 0;
  ip_running_mean(&(ip_seed_series){1, s->n, s->epoch, s->x}, 5, s->room);
  for (size_t e = 2; e + 2 < s->n; e++)
    if (!isnan(s->room[e])) sum += (s->x[e] - s->room[e]) * (s->x[e] - s->room[e]), n++;
  return n > 0 ? ip_seed_number(sqrt(sum / n * 5 / 4)) : ip_seed_missing("fewer than five epochs with values");
}

static ip_seed_value at_extreme(const seed *s, int sign)
{
  size_t e = extreme(s->n, s->x, sign);
  return e == s->n ? ip_seed_missing("no value at any epoch") : ip_seed_number(s->x[e]);
}

static ip_seed_value argmin_epoch(const seed *s)
{
  size_t e = extreme(s->n, s->smooth, -1);
  return e == s->n ? ip_seed_missing("no value at any epoch") : ip_seed_number((double)s->epoch[e]);
}

static ip_seed_value onset(const seed *s)
{
  ip_seed_value peak = own_peak(s), fall = minus(peak, last(s));
  if (isnan(fall.value)) return fall;
  if (fall.value > 0 && fall.value >= 0.1 * peak.value)
    for (size_t e = extreme(s->before, s->smooth, 1); e < s->n; e++)
      if (s->smooth[e] <= peak.value - 0.1 * fall.value) return ip_seed_number((double)s->epoch[e]);
  return ip_seed_number((double)INFINITY);
}

static ip_seed_value slope_epochs(const seed *s)
{
  size_t n = 0;
  for (size_t e = 0; e < s->n; e++)
    if (!isnan(s->x[e])) s->room[n] = log1p((double)s->epoch[e]), s->room[s->n + n++] = s->x[e];
  return n >= 2 ? ip_seed_number(ip_slope(n, s->room, s->room + s->n))
                : ip_seed_missing("fewer than two epochs with values");
}

static ip_seed_value reduce_one(ip_reducer r, const seed *s)
{
  switch (r) {
  case IP_REDUCE_FIRST:
    return first(s);
  case IP_REDUCE_LAST:
    return last(s);
  case IP_REDUCE_LEVEL:
    return level(s);
  case IP_REDUCE_PEAK_EPOCH:
    return isnan(level(s).value) ? level(s) : ip_seed_number((double)s->epoch[s->peak]);
  case IP_REDUCE_DROP:
    return minus(level(s), last(s));
  case IP_REDUCE_SHARE:
    return share_of(minus(level(s), last(s)), level(s));
  case IP_REDUCE_RISE:
    return minus(level(s), first(s));
  case IP_REDUCE_DROP_HALF:
    return drop_half(s);
  case IP_REDUCE_SHARE_HALF:
    return share_of(drop_half(s), own_peak(s));
  case IP_REDUCE_DROP_RUN:
    return minus(own_peak(s), last(s));
  case IP_REDUCE_SHARE_RUN:
    return share_of(minus(own_peak(s), last(s)), own_peak(s));
  case IP_REDUCE_RESIDUAL_SD:
    return residual_sd(s);
  case IP_REDUCE_FALL_P:
    return s->peak == s->n ? ip_seed_missing(ip_no_peak_epoch) : ip_fall_p(s->n, s->x, s->peak);
  case IP_REDUCE_LOWEST:
    return at_extreme(s, -1);
  case IP_REDUCE_HIGHEST:
    return at_extreme(s, 1);
  case IP_REDUCE_ONSET:
    return onset(s);
  case IP_REDUCE_ARGMIN_EPOCH:
    return argmin_epoch(s);
  case IP_REDUCE_SLOPE_EPOCHS:
    return slope_epochs(s);
  case IP_N_REDUCERS:
    break;
  }
  return ip_seed_missing("no such reducer");
}

/* ---------------------------------------------------------------- of all seeds */

ip_status ip_reduce(ip_reducer r, const ip_seed_series *x, ip_scratch *sc, ip_seed_value *out)
{
  size_t n = x->n_epochs, mark = ip_scratch_mark(sc), peak[2] = {n, n};
  double *smooth, *room;
  IP_TRY(IP_SCRATCH(sc, smooth, x->n_seeds * n, "running means"));
  IP_TRY(IP_SCRATCH(sc, room, 2 * n, "a series"));
  ip_running_mean(x, 3, smooth);
  if (ip_reducer_is_cross_fitted(r)) IP_TRY(ip_cross_fitted_peaks(x, smooth, sc, peak));
  for (size_t i = 0; i < x->n_seeds; i++) {
    seed s = {.n = n,
              .before = ip_window_begin(n, x->epoch),
              .epoch = x->epoch,
              .x = x->x + i * n,
              .smooth = smooth + i * n,
              .peak = peak[i % 2],
              .room = room};
    out[i] = reduce_one(r, &s);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_reduce_at_peak(const ip_seed_series *x, const double *y, ip_scratch *sc, ip_seed_value *out)
{
  size_t n = x->n_epochs, mark = ip_scratch_mark(sc), peak[2];
  double *smooth;
  IP_TRY(IP_SCRATCH(sc, smooth, x->n_seeds * n, "running means"));
  ip_running_mean(x, 3, smooth);
  IP_TRY(ip_cross_fitted_peaks(x, smooth, sc, peak));
  for (size_t i = 0; i < x->n_seeds; i++) {
    double v = peak[i % 2] < n ? y[i * n + peak[i % 2]] : (double)NAN;
    out[i] = peak[i % 2] == n ? ip_seed_missing(ip_no_peak_epoch)
             : isnan(v)       ? ip_seed_missing("no value at the peak epoch of the other half")
                              : ip_seed_number(v);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
