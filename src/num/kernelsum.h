/* kernelsum.h - sums over all pairs of samples of two Gaussian kernels, one four times as wide (in variance) as the
 * other.
 *
 *     wide(i,j) = exp(-scale |t_i - t_j|^2),  narrow(i,j) = wide(i,j)^4 = exp(-4 scale |t_i - t_j|^2)
 *
 * With scale = 1 / (8 s^2) these are the kernels of the lower and the upper bound of Kolchinsky & Tracey 2017 on the
 * information of a layer, so that both cost one exponential. Every pair is looked at once, (i,j) and (j,i) together, in
 * blocks; all N^2 values are never held: memory is the samples again (wide layers and several
 * threads: twice) and a few blocks for each thread, time
 * N^2 (width + 20) / 2. Threads take blocks, and add to a sample's sums in the order of the samples on the other side,
 * so results do not depend on their number.
 *
 * Kernels are float32 with a relative error of a few 1e-7; at most 256 of them are added before the sum goes on in
 * float64. Layers of up to IP_KERNEL_NARROW units go through loops that hold all units of a few samples in registers.
 * Wider ones go through products, |a|^2 + |b|^2 - 2 ab of centred samples, which lose digits where samples are near
 * each other and far from the centre: there the difference is used directly. Both have the same bits on every
 * processor.
 */
#ifndef IP_NUM_KERNELSUM_H
#define IP_NUM_KERNELSUM_H

#include "base/mem.h"
#include "base/status.h"
#include "base/team.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IP_KERNEL_NARROW = 24 };

/* Wide layers are held in panels of so many samples next to each other, feature by feature. */
enum { IP_KERNEL_PANEL = 32 };

/* Threads that n samples have work for. */
#define IP_KERNEL_THREADS(n) (((n) + 511) / 512)

/* Sums for the narrow and the wide kernel; both have the same shape. */
enum { IP_KERNEL_OF_UPPER, IP_KERNEL_OF_LOWER, IP_N_KERNELS };
typedef struct ip_kernel_sums {
  double *all[IP_N_KERNELS]; // (n) sum_j k(i,j), j = i with its 1 included
  double *own[IP_N_KERNELS]; // hard labels: (n) the same over j with the label of i
                             // soft labels: (n_y, n) sum_j p(y|j) k(i,j)
} ip_kernel_sums;

/**
 * Sums both kernels over all pairs.
 *
 * @param t      (n, width), finite
 * @param scale  > 0, may be infinite (only equal samples count)
 * @param label  (n), 0 <= label < n_y; not looked at when p is given
 * @param p      (n, n_y) soft labels, or NULL
 * @param team   threads that share the pairs, NULL: one; at most IP_KERNEL_THREADS(n) of them have work
 * @param out    arrays of the shapes above, set by this function
 * @return IP_ENOMEM; IP_ESTOPPED (base/stop.h)
 */
ip_status ip_kernel_sum(size_t n, size_t width, const float *t, double scale, size_t n_y, const int32_t *label,
                        const float *p, ip_team *team, ip_scratch *sc, const ip_kernel_sums *out);

/* A block of pairs: `rows` samples against `columns` others, columns a multiple of IP_COLUMNS (num/affine.h). */
typedef struct ip_kernel_tile {
  size_t rows, columns;
  float scale;
  const float *d;                                          // (rows, columns) |t_i - t_j|^2, not negative
  const int32_t *row_label, *column_label;                 // (rows), (columns): sum pairs of one label too; NULL: don't
  float *value[IP_N_KERNELS];                              // (rows, columns): the kernels themselves; NULL: not wanted
  float *row[IP_N_KERNELS];                                // (rows) sums over columns, set
  float *column[IP_N_KERNELS];                             // (columns) sums over rows, added to
  float *own_row[IP_N_KERNELS], *own_column[IP_N_KERNELS]; // the same of pairs of one label
} ip_kernel_tile;

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_kernel {
  const char *name;
  /* d (rows, columns): squared distances between samples of two feature-major arrays, a (width, stride), b likewise. */
  void (*distances)(size_t rows, size_t columns, size_t width, size_t stride, const float *a, const float *b, float *d);
  /* d (rows, columns) = a b' of wide samples: a (rows, width), rows a_step apart, b (.., width, IP_KERNEL_PANEL), rows
   * of d d_step apart. Each is one chain of fused multiply-adds in the order of features. */
  void (*products)(size_t rows, size_t columns, size_t width, const float *a, size_t a_step, const float *b,
                   size_t d_step, float *d);
  /* d = max(0, |a|^2 + |b|^2 - 2 d), where d holds the products ab on entry. doubtful[r] says which row needs a second
   * look: for some of its pairs |a|^2 + |b|^2 is above `large`, and d is below near + margin (|a|^2 + |b|^2). */
  void (*from_products)(size_t rows, size_t columns, const float *a_norm, const float *b_norm, float near, float margin,
                        float large, float *d, uint8_t *doubtful);
  /* |factor (a - b)|^2 of two samples. */
  float (*distance)(size_t width, const float *a, const float *b, float factor);
  void (*sums)(const ip_kernel_tile *t);
} ip_kernel;

const ip_kernel *ip_kernel_variant(size_t k);

#endif
