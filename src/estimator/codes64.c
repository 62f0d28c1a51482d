#include "estimator/codes64.h"

#include <math.h>
#include <string.h>

static uint64_t bits_of(double x)
{
  uint64_t bits;
  x += 0.0; /* -0 becomes 0 */
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* How many of the ascending edges are <= t. */
static uint64_t count_edges(size_t n, const double *edge, double t)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (edge[mid] <= t)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

typedef struct coder {
  size_t n_edges;
  const double *edge; // (n_edges); NULL: by width
  double size;        /* 0: the values themselves */
} coder;

static ip_status make_rows(const ip_samples *s, const coder *c, ip_scratch *sc, ip_key_rows *rows)
{
  uint64_t *row; // (n, width)
  IP_REQUIRE(s->width <= SIZE_MAX / s->n, IP_ENOMEM, "%zu rows of %zu codes", s->n, s->width);
  IP_TRY(IP_SCRATCH(sc, row, s->n * s->width, "rows of bin codes"));
  for (size_t k = 0; k < s->n * s->width; k++) {
    double t = s->t64[k];
    row[k] = c->edge ? count_edges(c->n_edges, c->edge, t) : bits_of(c->size > 0 ? floor(t / c->size) : t);
  }
  *rows = (ip_key_rows){s->width, row};
  return IP_OK;
}

ip_status ip_codes64_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc,
                              ip_key_rows *rows)
{
  return make_rows(s, &(coder){.n_edges = n_edges, .edge = edge}, sc, rows);
}

ip_status ip_codes64_by_width(const ip_samples *s, double size, ip_scratch *sc, ip_key_rows *rows)
{
  return make_rows(s, &(coder){.size = size}, sc, rows);
}

ip_status ip_codes64_exact(const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  return make_rows(s, &(coder){0}, sc, rows);
}
