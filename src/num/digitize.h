/* digitize.h - passes over arrays of floats that end in bin numbers: are all finite, their range, edges below each.
 *
 * Like num/vmath.h, compiled for several instruction sets and chosen at run time; results are exact and the same for
 * all of them.
 */
#ifndef IP_NUM_DIGITIZE_H
#define IP_NUM_DIGITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* None of (m) values is NaN or infinite. */
bool ip_all_finite(size_t m, const float *t);

/* Smallest and largest of (m) finite values, m > 0. */
void ip_extremes(size_t m, const float *t, float *low, float *high);

/* Edges that lie so evenly that (t - origin) * scale + 1, computed in float32, is within `tolerance` of k + 1 at edge
 * k.
 *
 * That number never falls as t grows. So where it is further than `tolerance` from every whole number, its floor tells
 * how many edges are <= t, exactly; elsewhere t is compared with the nearest edge. */
typedef struct ip_even_edges {
  size_t n;
  const float *edge; // (n) ascending
  float origin, scale, tolerance;
} ip_even_edges;

enum { IP_MAX_EVEN_EDGES = 255 };

/* Whether (n) ascending edges, n from 1 to IP_MAX_EVEN_EDGES, are even enough; `edge` stays the caller's and in use. */
bool ip_even_edges_open(size_t n, const float *edge, ip_even_edges *e);

/* code (m): the number of edges <= t. */
void ip_even_edges_count(const ip_even_edges *e, size_t m, const float *t, uint8_t *code);

/* code (m): the number of (n) ascending edges that are <= t, for edges of any kind, 0 < n < 2^31. */
void ip_search_edges(size_t n, const float *edge, size_t m, const float *t, uint32_t *code);

/* The functions of one variant. */
typedef struct ip_digitize {
  const char *name;
  bool (*all_finite)(size_t m, const float *t);
  void (*range)(size_t m, const float *t, float *low, float *high);
  void (*count)(const ip_even_edges *e, size_t m, const float *t, uint8_t *code);
  void (*search)(size_t n, const float *edge, size_t m, const float *t, uint32_t *code);
} ip_digitize;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_digitize *ip_digitize_variant(size_t k);

#endif
