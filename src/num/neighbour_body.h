/* neighbour_body.h - the loops of neighbour.h for one instruction set; see bodies.h. */
#include "num/neighbour.h"
#include "num/simd.h"
#include "num/variant.h"

enum { NEIGHBOUR_ROWS = 4, COMPARED = 16 }; /* COMPARED: numbers compared with the k-th smallest at once */

IP_INLINE ip_vd larger(ip_vd a, ip_vd b)
{
  return vd_select(a > b, a, b);
}

IP_INLINE ip_vd distance_to(ip_vd a, double b)
{
  return (ip_vd)((ip_vl)(a - b) & INT64_MAX);
}

/* R rows against the samples from c on; R is a constant where this is inlined. */
IP_INLINE void max_distances_rows(int R, size_t n, size_t width, size_t stride, const double *a, const double *b,
                                  size_t ld, double *d)
{
  size_t c = 0;
  for (; c + IP_SIMD64 <= n; c += IP_SIMD64) {
    ip_vd most[NEIGHBOUR_ROWS];
    memset(most, 0, sizeof most);
    for (size_t k = 0; k < width; k++) {
      ip_vd v = vd_load(b + k * stride + c);
      for (int r = 0; r < R; r++) most[r] = larger(most[r], distance_to(v, a[k * stride + (size_t)r]));
    }
    for (int r = 0; r < R; r++) memcpy(d + (size_t)r * ld + c, &most[r], sizeof most[r]);
  }
  for (; c < n; c++)
    for (int r = 0; r < R; r++) {
      double most = 0;
      for (size_t k = 0; k < width; k++) {
        double e = b[k * stride + c] - a[k * stride + (size_t)r];
        e = e < 0 ? -e : e;
        most = e > most ? e : most;
      }
      d[(size_t)r * ld + c] = most;
    }
}

static void max_distances(size_t rows, size_t n, size_t width, size_t stride, const double *a, const double *b,
                          size_t ld, double *d)
{
  size_t r = 0;
  for (; r + NEIGHBOUR_ROWS <= rows; r += NEIGHBOUR_ROWS)
    max_distances_rows(NEIGHBOUR_ROWS, n, width, stride, a + r, b, ld, d + r * ld);
  for (; r < rows; r++) max_distances_rows(1, n, width, stride, a + r, b, ld, d + r * ld);
}

/* Puts v in its place among the `held` smallest so far, k at most; returns how many are held then. */
static size_t insert(size_t k, size_t held, double *nearest, double v)
{
  size_t at = held < k ? held++ : k - 1;
  for (; at > 0 && nearest[at - 1] > v; at--) nearest[at] = nearest[at - 1];
  nearest[at] = v;
  return held;
}

static double kth(size_t k, size_t n, const double *d, const double *e, double *nearest)
{
  size_t held = 0, i = 0;
  for (; i < n && (held < k || i % COMPARED); i++) {
    double v = d[i] > e[i] ? d[i] : e[i];
    if (held < k || v < nearest[k - 1]) held = insert(k, held, nearest, v);
  }
  for (; i + COMPARED <= n; i += COMPARED) {
    double z[COMPARED];
    ip_vl below = {0};
    for (int p = 0; p < COMPARED / IP_SIMD64; p++) {
      ip_vd v = larger(vd_load(d + i + p * IP_SIMD64), vd_load(e + i + p * IP_SIMD64));
      below |= v < nearest[k - 1];
      memcpy(z + p * IP_SIMD64, &v, sizeof v);
    }
    int64_t found = 0;
    for (int p = 0; p < IP_SIMD64; p++) found |= below[p];
    for (int p = 0; found && p < COMPARED; p++)
      if (z[p] < nearest[k - 1]) insert(k, k, nearest, z[p]);
  }
  for (; i < n; i++) {
    double v = d[i] > e[i] ? d[i] : e[i];
    if (v < nearest[k - 1]) insert(k, k, nearest, v);
  }
  return nearest[k - 1];
}

static size_t count_below(size_t n, const double *d, double limit)
{
  ip_vl count = {0};
  size_t i = 0, total = 0;
  for (; i + IP_SIMD64 <= n; i += IP_SIMD64) count -= vd_load(d + i) < limit;
  for (int p = 0; p < IP_SIMD64; p++) total += (size_t)count[p];
  for (; i < n; i++) total += d[i] < limit;
  return total;
}

const ip_neighbour IP_VARIANT(ip_neighbour) = {
    .name = IP_VARIANT_NAME,
    .distances = max_distances,
    .kth = kth,
    .count_below = count_below,
};
