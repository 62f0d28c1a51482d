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

/* Each of (m) numbers is below `bound`. */
bool ip_all_below(size_t m, const uint32_t *v, uint32_t bound);

/* Edges that lie evenly enough for a guess.
 *
 * The guess is the whole part of t * scale + shift, computed in float32 and kept within 0 .. n - 1. It never falls as t
 * grows. ip_even_edges_open has looked at the guess of every edge and of the float below it, and that proves for every
 * float: the guess is the number of edges <= t, or one less. So one comparison with edge[guess] makes it exact. */
typedef struct ip_even_edges {
  size_t n;
  const float *edge; // (n) ascending
  float scale, shift;
} ip_even_edges;

/* The guess, for values of any kind; 0 for NaN. The vector code makes the same operations. */
static inline size_t ip_even_edges_guess(const ip_even_edges *e, float t)
{
  float q = t * e->scale + e->shift, most = (float)(e->n - 1);
  q = q > 0 ? q : 0;
  return (size_t)(q < most ? q : most);
}

enum { IP_MAX_EVEN_EDGES = 255 };

/* Whether (n) ascending edges, n from 1 to IP_MAX_EVEN_EDGES, are even enough: none is half a step or more from where
 * even steps between the first and the last would have it. `edge` stays the caller's and in use. */
bool ip_even_edges_open(size_t n, const float *edge, ip_even_edges *e);

/* code (m): the number of edges <= t. */
void ip_even_edges_count(const ip_even_edges *e, size_t m, const float *t, uint8_t *code);

/* code (m): the number of (n) ascending edges that are <= t, for edges of any kind, 0 < n < 2^31. */
void ip_search_edges(size_t n, const float *edge, size_t m, const float *t, uint32_t *code);

/* The functions of one variant. */
typedef struct ip_digitize {
  const char *name;
  bool (*all_finite)(size_t m, const float *t);
  bool (*all_below)(size_t m, const uint32_t *v, uint32_t bound);
  void (*range)(size_t m, const float *t, float *low, float *high);
  void (*count)(const ip_even_edges *e, size_t m, const float *t, uint8_t *code);
  void (*search)(size_t n, const float *edge, size_t m, const float *t, uint32_t *code);
} ip_digitize;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_digitize *ip_digitize_variant(size_t k);

#endif
