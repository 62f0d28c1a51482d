#include "core/samples.h"

#include "core/call.h"
#include "estimator/narrow.h"

#include <math.h>

/* Memory of an estimate grows with the number of classes and of distinct inputs. Where that is counted here, numbers
 * far above that of the samples are taken for names. */
enum { MOST_CLASSES = 1 << 24, FEW_CLASSES = 1 << 16, CLASSES_PER_SAMPLE = 4 };

/* ---------------------------------------------------------------- whole numbers */

static int64_t number_at(const void *v, int32_t type, size_t i)
{
  switch (type) {
  case IP_CAPI_I32:
    return ((const int32_t *)v)[i];
  case IP_CAPI_I64:
    return ((const int64_t *)v)[i];
  default:
    return ((const uint8_t *)v)[i];
  }
}

static void find_ends(size_t n, const void *v, int32_t type, int64_t *least, int64_t *most)
{
  *least = *most = number_at(v, type, 0);
  for (size_t i = 1; i < n; i++) {
    int64_t k = number_at(v, type, i);
    if (k < *least) *least = k;
    if (k > *most) *most = k;
  }
}

static ip_status name_wrong_number(size_t n, const void *v, int32_t type, const char *what, uint64_t bound)
{
  size_t i = 0;
  while (number_at(v, type, i) >= 0 && (uint64_t)number_at(v, type, i) < bound && i + 1 < n) i++;
  IP_FAIL(IP_EINVAL, "sample %zu has %s %lld, expected 0 to %llu", i, what, (long long)number_at(v, type, i),
          (unsigned long long)bound - 1);
}

/* The numbers v (n) as 32 bits, all below *bound; a bound of 0 becomes one more than the largest. Numbers that are of
 * 32 bits are not copied. */
static ip_status read_numbers(size_t n, const void *v, int32_t type, const char *what, ip_scratch *sc, uint64_t *bound,
                              const int32_t **out)
{
  int64_t least, most;
  int32_t *copy;
  IP_REQUIRE(type >= IP_CAPI_I32 && type <= IP_CAPI_U8, IP_EINVAL, "the type of the %ss is unknown: %d", what,
             (int)type);
  find_ends(n, v, type, &least, &most);
  uint64_t limit = *bound ? MOST_CLASSES : FEW_CLASSES + CLASSES_PER_SAMPLE * (uint64_t)n;
  if (!*bound) *bound = most < 0 ? 1 : (uint64_t)most + 1;
  IP_REQUIRE(*bound <= limit, IP_EINVAL, "%s %llu: expected below %llu; number them from 0 without gaps", what,
             (unsigned long long)*bound - 1, (unsigned long long)limit);
  if (least < 0 || (uint64_t)most >= *bound) return name_wrong_number(n, v, type, what, *bound);
  if (type == IP_CAPI_I32) {
    *out = v;
    return IP_OK;
  }
  IP_TRY(IP_SCRATCH(sc, copy, n, what));
  for (size_t i = 0; i < n; i++) copy[i] = (int32_t)number_at(v, type, i);
  *out = copy;
  return IP_OK;
}

static ip_status read_labels(const ip_capi_samples *g, ip_scratch *sc, ip_samples *s)
{
  const int32_t *x_id = NULL;
  uint64_t n_x = g->n_x, n_y = g->n_y;
  if (g->x_id) IP_TRY(read_numbers(s->n, g->x_id, g->x_id_type, "input", sc, &n_x, &x_id));
  s->x_id = (const uint32_t *)x_id;
  s->n_x = x_id ? (size_t)n_x : s->n;
  if (g->p_y_given_x) {
    IP_TRY(ip_call_check_size("soft labels", g->n, n_y, sizeof(float)));
    s->p_y_given_x = g->p_y_given_x;
  } else if (g->y) {
    IP_TRY(read_numbers(s->n, g->y, g->y_type, "label", sc, &n_y, &s->y));
  } else if (g->target) {
    IP_TRY(IP_SCRATCH(sc, *(int32_t **)&s->y, s->n, "labels")); /* one class, of which nothing can be known */
    n_y = 1;
  }
  s->n_y = n_y ? (size_t)n_y : 1;
  return IP_OK;
}

/* ---------------------------------------------------------------- activations and the rest */

static ip_status read_activations(const ip_capi_samples *g, ip_scratch *sc, ip_samples *s)
{
  bool merged;
  float *t; // (n, width)
  if (!g->t64 || g->t) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, t, s->n * s->width, "activations"));
  IP_TRY(ip_samples_narrow(s->n, s->width, g->t64, sc, t, &merged));
  s->t = t;
  return IP_OK;
}

static ip_status check_noise(const ip_capi_samples *g)
{
  const struct {
    const char *name;
    double value, most;
  } noise[] = {{"noise_variance", g->noise_variance, HUGE_VAL},
               {"multiplicative_noise", g->multiplicative_noise, HUGE_VAL},
               {"dropout", g->dropout, 1}};
  size_t n_kinds = 0;
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
    IP_REQUIRE(noise[i].value >= 0 && noise[i].value < noise[i].most, IP_EINVAL, "%s: got %g, expected 0 or more%s",
               noise[i].name, noise[i].value, noise[i].most == 1 ? ", and below 1" : "");
    n_kinds += noise[i].value > 0;
  }
  IP_REQUIRE(n_kinds <= 1, IP_EINVAL, "noise of %zu kinds, expected at most one", n_kinds);
  return IP_OK;
}

static ip_status check_sizes(const ip_capi_samples *g)
{
  IP_REQUIRE(g->n && g->width, IP_EINVAL, "%llu samples of %llu units, expected at least one of each",
             (unsigned long long)g->n, (unsigned long long)g->width);
  IP_REQUIRE(g->n < UINT32_MAX && g->width < UINT32_MAX, IP_EINVAL,
             "%llu samples of %llu units are beyond what can be counted", (unsigned long long)g->n,
             (unsigned long long)g->width);
  IP_TRY(ip_call_check_size("activations", g->n, g->width, sizeof(double)));
  IP_TRY(ip_call_check_size("inputs", g->n, g->n_in, sizeof(double)));
  IP_TRY(ip_call_check_size("targets", g->n, g->n_targets, sizeof(double)));
  IP_REQUIRE(g->quantize_bits >= 0 && g->quantize_bits <= 24, IP_EINVAL, "quantize_bits: got %d, expected 0 to 24",
             (int)g->quantize_bits);
  return check_noise(g);
}

static ip_status fill(const ip_capi_samples *g, ip_scratch *sc, ip_samples *out)
{
  *out = (ip_samples){
      .n = (size_t)g->n,
      .width = (size_t)g->width,
      .t = g->t,
      .t64 = g->t64,
      .n_in = g->x ? (size_t)g->n_in : 0,
      .x = g->x,
      .n_targets = g->target ? (size_t)g->n_targets : 0,
      .target = g->n_targets ? g->target : NULL,
      .has_run_range = g->has_run_range,
      .low = g->low,
      .high = g->high,
      .noise_variance = g->noise_variance,
      .multiplicative_noise = g->multiplicative_noise,
      .dropout = g->dropout,
      .mean = g->mean,
      .noise_below = g->noise_below,
      .quantize_bits = (int)g->quantize_bits,
      .is_output = g->is_output,
      .layer = (size_t)g->layer,
      .epoch = g->epoch,
  };
  IP_TRY(read_labels(g, sc, out));
  return read_activations(g, sc, out);
}

ip_status ip_core_samples(const ip_capi_samples *given, ip_scratch *sc, ip_samples *out)
{
  ip_capi_samples g;
  IP_TRY(ip_call_read(&g, sizeof g, given, "ip_capi_samples"));
  IP_TRY(check_sizes(&g));
  return fill(&g, sc, out);
}
