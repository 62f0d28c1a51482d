#include "num/digitize.h"

#include "num/variant.h"

#include <assert.h>
#include <math.h>

IP_VARIANTS(ip_digitize)

bool ip_all_finite(size_t m, const float *t)
{
  return ip_digitize_variant(0)->all_finite(m, t);
}

void ip_extremes(size_t m, const float *t, float *low, float *high)
{
  assert(m > 0);
  ip_digitize_variant(0)->range(m, t, low, high);
}

bool ip_even_edges_open(size_t n, const float *edge, ip_even_edges *e)
{
  assert(n >= 1 && n <= IP_MAX_EVEN_EDGES);
  *e = (ip_even_edges){.n = n, .edge = edge, .origin = edge[0]};
  if (!isfinite(edge[0]) || !isfinite(edge[n - 1] - edge[0])) return false;
  if (n == 1) return true;
  e->scale = (float)((double)(n - 1) / ((double)edge[n - 1] - (double)edge[0]));
  if (!isfinite(e->scale)) return false;
  float off = 0;
  for (size_t k = 0; k < n; k++) off = fmaxf(off, fabsf((edge[k] - e->origin) * e->scale + 1 - (float)(k + 1)));
  e->tolerance = 2 * off + 1e-6f;
  return off < 0.01f; /* false for NaN too */
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
