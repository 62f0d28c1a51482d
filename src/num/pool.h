/* pool.h - pooling over positions, for samples that stand in columns (num/affine.h).
 *
 * x is (channels, height, width, columns) and y (channels, out_height, out_width, columns). A window of size x size
 * positions moves by `stride`; positions that no window covers have no part in y. Channels first .. end-1 are computed.
 */
#ifndef IP_NUM_POOL_H
#define IP_NUM_POOL_H

#include <stddef.h>

typedef struct ip_pool_shape {
  size_t height, width, out_height, out_width, size, stride, columns;
} ip_pool_shape;

/* y = the largest number of each window (NaN if one is NaN), or their mean, summed in the order of the positions. */
void ip_pool_max(ip_pool_shape s, size_t first, size_t end, const float *x, float *y);
void ip_pool_mean(ip_pool_shape s, size_t first, size_t end, const float *x, float *y);

/* dx = the derivative by x from dy, that by y; of equal largest numbers of a window, the first one has it. */
void ip_pool_max_gradient(ip_pool_shape s, size_t first, size_t end, const float *x, const float *y, const float *dy,
                          float *dx);
void ip_pool_mean_gradient(ip_pool_shape s, size_t first, size_t end, const float *dy, float *dx);

/* The loops of one variant (see num/vmath.h), of one channel. */
typedef struct ip_pool {
  const char *name;
  void (*max)(const ip_pool_shape *s, const float *x, float *y);
  void (*mean)(const ip_pool_shape *s, const float *x, float *y);
  void (*max_gradient)(const ip_pool_shape *s, const float *x, const float *y, const float *dy, float *dx);
  void (*mean_gradient)(const ip_pool_shape *s, const float *dy, float *dx);
} ip_pool;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_pool *ip_pool_variant(size_t k);

#endif
