#include "num/neighbour.h"

#include "num/variant.h"

extern const ip_neighbour ip_neighbour_base;
#if IP_HAVE_X86_VARIANTS
extern const ip_neighbour ip_neighbour_avx2, ip_neighbour_avx512;
#endif

const ip_neighbour *ip_neighbour_variant(size_t k)
{
#if IP_HAVE_X86_VARIANTS
  if (ip_variant_avx512() && k-- == 0) return &ip_neighbour_avx512;
  if (ip_variant_avx2() && k-- == 0) return &ip_neighbour_avx2;
#endif
  return k == 0 ? &ip_neighbour_base : NULL;
}
