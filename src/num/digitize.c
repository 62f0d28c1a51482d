#include "num/digitize.h"

#include "num/variant.h"

#include <assert.h>
#include <math.h>

IP_VARIANTS(ip_digitize)

bool ip_all_finite(size_t m, const float *t)
{
  return ip_digitize_variant(0)->all_finite(m, t);
}

bool ip_all_below(size_t m, const uint32_t *v, uint32_t bound)
{
  return ip_digitize_variant(0)->all_below(m, v, bound);
}

void ip_extremes(size_t m, const float *t, float *low, float *high)
{
  assert(m > 0);
  ip_digitize_variant(0)->range(m, t, low, high);
}

/* For all t, ip_even_edges_guess(t) is the number of edges <= t or one less. The guess does not fall, so it is enough
 * that it has reached j at edge j, and has not passed j just below it. */
static bool guess_is_near(const ip_even_edges *e)
{
  for (size_t j = 0; j < e->n; j++)
    if (ip_even_edges_guess(e, e->edge[j]) < j || ip_even_edges_guess(e, nextafterf(e->edge[j], -INFINITY)) > j)
      return false;
  return true;
}

bool ip_even_edges_open(size_t n, const float *edge, ip_even_edges *e)
{
  assert(n >= 1 && n <= IP_MAX_EVEN_EDGES);
  *e = (ip_even_edges){.n = n, .edge = edge};
  if (n == 1) return true;
  double scale = (double)(n - 1) / ((double)edge[n - 1] - (double)edge[0]);
  e->scale = (float)scale;
  e->shift = (float)(0.5 - scale * (double)edge[0]);
  return isnormal(e->scale) && isfinite(e->shift) && guess_is_near(e);
}

void ip_even_edges_count(const ip_even_edges *e, size_t m, const float *t, uint8_t *code)
{
  ip_digitize_variant(0)->count(e, m, t, code);
}

void ip_search_edges(size_t n, const float *edge, size_t m, const float *t, uint32_t *code)
{
  assert(n > 0 && n <= INT32_MAX);
  ip_digitize_variant(0)->search(n, edge, m, t, code);
}
