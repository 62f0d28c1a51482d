#include "estimator/narrow.h"

#include "num/digitize.h"
#include "num/unique.h"

#include <string.h>

static void narrow(size_t n, size_t width, const double *from, bool moved, float *to)
{
  for (size_t j = 0; j < width; j++) {
    double mean = 0;
    for (size_t i = 0; moved && i < n; i++) mean += (from[i * width + j] - mean) / (double)(i + 1);
    for (size_t i = 0; i < n; i++) to[i * width + j] = (float)(from[i * width + j] - mean);
  }
}

/* How many different rows there are in each. */
static ip_status count_rows(size_t n, size_t width, const double *t64, const float *t, ip_scratch *sc, size_t *n64,
                            size_t *n32)
{
  size_t mark = ip_scratch_mark(sc);
  uint64_t *row; // (n, width)
  uint32_t *id;  // (n)
  IP_TRY(IP_SCRATCH(sc, row, n * width, "rows of activations"));
  IP_TRY(IP_SCRATCH(sc, id, n, "numbers of rows"));
  for (int pass = 0; pass < 2; pass++) {
    for (size_t k = 0; k < n * width; k++) {
      double v = (pass ? (double)t[k] : t64[k]) + 0.0; /* -0 becomes 0 */
      memcpy(&row[k], &v, sizeof v);
    }
    IP_TRY(ip_unique_rows(n, width, row, sc, id, pass ? n32 : n64));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static bool fits_float(size_t n, const double *t)
{
  for (size_t i = 0; i < n; i++)
    if ((double)(float)t[i] != t[i]) return false;
  return true;
}

ip_status ip_samples_narrow(size_t n, size_t width, const double *t64, ip_scratch *sc, float *t, bool *merged)
{
  size_t n64 = 0, n32 = 0;
  bool fits = fits_float(n * width, t64);
  *merged = false;
  narrow(n, width, t64, !fits, t);
  if (fits || !ip_all_finite(n * width, t)) return IP_OK; /* what is not finite is reported with its place */
  IP_TRY(count_rows(n, width, t64, t, sc, &n64, &n32));
  *merged = n32 < n64;
  return IP_OK;
}
