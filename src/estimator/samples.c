#include "base/text.h"
#include "estimator/kind.h"
#include "num/digitize.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void ip_samples_where(const ip_samples *s, char out[static 64])
{
  if (!s->layer)
    snprintf(out, 64, "the layer");
  else if (s->epoch < 0)
    snprintf(out, 64, "layer %zu", s->layer);
  else
    snprintf(out, 64, "layer %zu, epoch %lld", s->layer, (long long)s->epoch);
}

static ip_status name_not_finite(const ip_samples *s, const char *where)
{
  size_t k = 0;
  while (isfinite(s->t[k])) k++;
  IP_FAIL(IP_ENUMERIC, "%s: activation of unit %zu, sample %zu: got %s, expected a finite number", where, k % s->width,
          k / s->width, isnan(s->t[k]) ? "NaN" : "infinite");
}

static ip_status check_labels(const ip_samples *s, const char *where)
{
  if (s->x_id && !(s->n_x <= UINT32_MAX && ip_all_below(s->n, s->x_id, (uint32_t)s->n_x)))
    for (size_t i = 0; i < s->n; i++)
      IP_REQUIRE(s->x_id[i] < s->n_x, IP_EINVAL, "%s: sample %zu has input %u, expected below %zu", where, i,
                 s->x_id[i], s->n_x);
  if (!s->p_y_given_x) {
    IP_REQUIRE(s->y, IP_EINVAL, "%s: no labels", where);
    uint32_t bound = s->n_y <= INT32_MAX ? (uint32_t)s->n_y : (uint32_t)1 << 31;
    if (ip_all_below(s->n, (const uint32_t *)s->y, bound)) return IP_OK; /* as such numbers negative ones are above */
    for (size_t i = 0; i < s->n; i++)
      IP_REQUIRE(s->y[i] >= 0 && (size_t)s->y[i] < s->n_y, IP_EINVAL, "%s: sample %zu has label %d, expected 0 to %zu",
                 where, i, s->y[i], s->n_y - 1);
    return IP_OK;
  }
  for (size_t i = 0; i < s->n; i++) {
    double sum = 0;
    for (size_t c = 0; c < s->n_y; c++) {
      double p = (double)s->p_y_given_x[i * s->n_y + c];
      IP_REQUIRE(p >= 0 && p <= 1, IP_EINVAL, "%s: sample %zu has p(y=%zu|x) = %s, expected 0 to 1", where, i, c,
                 ip_format_real(p, false).text);
      sum += p;
    }
    IP_REQUIRE(fabs(sum - 1) < 1e-4, IP_EINVAL, "%s: the label probabilities of sample %zu sum to %g, expected 1",
               where, i, sum);
  }
  return IP_OK;
}

/* What else estimators compute with: the inputs, the units before the noise, the targets. */
static ip_status check_others(const ip_samples *s, const char *where)
{
  const struct {
    const char *name;
    size_t width;
    const float *v;
  } other[] = {
      {"input", s->n_in, s->x}, {"unit before the noise", s->width, s->mean}, {"target", s->n_targets, s->target}};
  for (size_t o = 0; o < sizeof other / sizeof *other; o++) {
    if (!other[o].v || ip_all_finite(s->n * other[o].width, other[o].v)) continue;
    size_t k = 0;
    while (isfinite(other[o].v[k])) k++;
    IP_FAIL(IP_ENUMERIC, "%s: %s %zu of sample %zu is %s", where, other[o].name, k % other[o].width, k / other[o].width,
            isnan(other[o].v[k]) ? "NaN" : "infinite");
  }
  return IP_OK;
}

ip_status ip_samples_check(const ip_samples *s)
{
  char where[64];
  ip_samples_where(s, where);
  IP_REQUIRE(s->n > 0 && s->width > 0, IP_EINVAL, "%s: %zu samples of %zu units, expected at least one of each", where,
             s->n, s->width);
  IP_REQUIRE(s->n < UINT32_MAX && s->n_y > 0 && s->n_y < UINT32_MAX, IP_EINVAL,
             "%s: %zu samples of %zu classes are beyond what can be counted", where, s->n, s->n_y);
  IP_REQUIRE(s->t, IP_EINVAL, "%s: no activations", where);
  if (!ip_all_finite(s->n * s->width, s->t)) return name_not_finite(s, where);
  IP_REQUIRE(!s->has_run_range || (isfinite(s->low) && isfinite(s->high) && s->low <= s->high), IP_EINVAL,
             "%s: the range of the run is [%g, %g]", where, s->low, s->high);
  IP_TRY(check_others(s, where));
  return check_labels(s, where);
}

bool ip_samples_constant(const ip_samples *s)
{
  for (size_t k = s->width; s->t64 && k < s->n * s->width; k++)
    if (s->t64[k] != s->t64[k - s->width]) return false;
  if (s->t64) return true;
  for (size_t k = s->width; k < s->n * s->width; k++)
    if (s->t[k] != s->t[k - s->width]) return false;
  return true;
}

int32_t ip_samples_draw_label(const ip_samples *s, size_t i, ip_rng *r)
{
  if (!s->p_y_given_x) return s->y[i];
  const float *p = s->p_y_given_x + i * s->n_y;
  double left = ip_rng_uniform(r);
  size_t c = 0;
  while (c + 1 < s->n_y && left >= (double)p[c]) left -= (double)p[c++];
  while (c && p[c] <= 0) c--; /* rounding of the sum of a row */
  return (int32_t)c;
}

ip_status ip_samples_team(const ip_samples *s, size_t most, ip_team **team)
{
  size_t n = s->n_threads < most ? s->n_threads : most;
  *team = NULL;
  return n > 1 ? ip_team_create(n, team) : IP_OK;
}
