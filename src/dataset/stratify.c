#include "dataset/stratify.h"

#include "num/random.h"

#include <assert.h>
#include <string.h>

/* Divides k among classes of count[c] rows (m in all) in proportion: the whole parts of k count[c] / m, and one more
 * for the largest remainders (the first of equals). */
static ip_status apportion(size_t n_classes, const size_t *count, size_t m, size_t k, ip_scratch *sc, size_t *share)
{
  double *remainder; // (n_classes)
  IP_TRY(IP_SCRATCH(sc, remainder, n_classes, "remainders of classes"));
  size_t given = 0;
  assert(m > 0);
  for (size_t c = 0; c < n_classes; c++) {
    uint64_t product = (uint64_t)k * count[c]; /* both below 2^32 */
    share[c] = product / m;
    remainder[c] = (double)(product % m);
    given += share[c];
  }
  for (; given < k; given++) {
    size_t best = 0;
    for (size_t c = 1; c < n_classes; c++)
      if (remainder[c] > remainder[best]) best = c;
    share[best]++;
    remainder[best] = -1;
  }
  return IP_OK;
}

/* Sorts the rows by class, keeping their order within one: class c ends up at sorted[start[c]] .. [start[c + 1] - 1].
 */
static void group_by_class(size_t n_classes, const int32_t *y, size_t m, const uint32_t *row, size_t *start,
                           uint32_t *sorted)
{
  memset(start, 0, (n_classes + 1) * sizeof *start);
  for (size_t i = 0; i < m; i++) start[y[row[i]] + 1]++;
  for (size_t c = 0; c < n_classes; c++) start[c + 1] += start[c];
  for (size_t i = 0; i < m; i++) sorted[start[y[row[i]]]++] = row[i];
  for (size_t c = n_classes; c > 0; c--) start[c] = start[c - 1];
  start[0] = 0;
}

ip_status ip_stratify(size_t n_classes, const int32_t *y, size_t m, const uint32_t *row, size_t k,
                      ip_stratified_stream stream, ip_scratch *sc, uint8_t *chosen)
{
  size_t mark = ip_scratch_mark(sc), *start, *share, *count;
  uint32_t *order; // (m) rows class by class
  IP_TRY(IP_SCRATCH(sc, order, m, "order of rows"));
  IP_TRY(IP_SCRATCH(sc, start, n_classes + 1, "starts of classes"));
  IP_TRY(IP_SCRATCH(sc, share, n_classes, "shares of classes"));
  IP_TRY(IP_SCRATCH(sc, count, n_classes, "rows of classes"));
  group_by_class(n_classes, y, m, row, start, order);
  for (size_t c = 0; c < n_classes; c++) count[c] = start[c + 1] - start[c];
  IP_TRY(apportion(n_classes, count, m, k, sc, share));
  for (size_t c = 0; c < n_classes; c++) {
    ip_rng r = ip_rng_open(stream.seed, stream.purpose, stream.index | c);
    ip_shuffle(&r, count[c], order + start[c]);
    for (size_t i = 0; i < share[c]; i++) chosen[order[start[c] + i]] = 1;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
