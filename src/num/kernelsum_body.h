/* kernelsum_body.h - the loops of kernelsum.h for one instruction set; see bodies.h. */
#include "num/affine.h"
#include "num/kernelsum.h"
#include "num/simd.h"
#include "num/variant.h"

#include <assert.h>

enum { DISTANCE_ROWS = 4 };

/* Distances of R samples to IP_COLUMNS others; R is a constant where this is inlined. */
IP_INLINE void distances_tile(int R, size_t columns, size_t width, size_t stride, const float *a, const float *b,
                              float *d)
{
  ip_vf sum[DISTANCE_ROWS][IP_COLUMN_VECTORS];
  for (int r = 0; r < R; r++)
    for (int p = 0; p < IP_COLUMN_VECTORS; p++) sum[r][p] = vf_set(0.0f);
  for (size_t k = 0; k < width; k++)
    for (int p = 0; p < IP_COLUMN_VECTORS; p++) {
      ip_vf v = vf_load(b + k * stride + (size_t)p * IP_SIMD);
      for (int r = 0; r < R; r++) {
        ip_vf e = v - a[k * stride + (size_t)r];
        sum[r][p] += e * e;
      }
    }
  for (int r = 0; r < R; r++)
    for (int p = 0; p < IP_COLUMN_VECTORS; p++) vf_store(d + (size_t)r * columns + (size_t)p * IP_SIMD, sum[r][p]);
}

static void distances(size_t rows, size_t columns, size_t width, size_t stride, const float *a, const float *b,
                      float *d)
{
  assert(columns % IP_COLUMNS == 0);
  size_t r = 0;
  for (; r + DISTANCE_ROWS <= rows; r += DISTANCE_ROWS)
    for (size_t c = 0; c < columns; c += IP_COLUMNS)
      distances_tile(DISTANCE_ROWS, columns, width, stride, a + r, b + c, d + r * columns + c);
  for (; r < rows; r++)
    for (size_t c = 0; c < columns; c += IP_COLUMNS)
      distances_tile(1, columns, width, stride, a + r, b + c, d + r * columns + c);
}

static void products(size_t rows, size_t columns, size_t width, const float *a, size_t a_step, const float *b,
                     size_t d_step, float *d)
{
  enum { GROUP = 4 * IP_KERNEL_PANEL }; /* columns whose panels fit the second cache */
  assert(columns % IP_COLUMNS == 0);
  for (size_t c = 0; c < columns; c += GROUP)
    for (size_t k = 0; k < width; k += INNER) {
      tile t = {.inner = at_most(width - k, INNER),
                .a = a + k,
                .row_step = a_step,
                .inner_step = 1,
                .x = b + c * width + k * IP_KERNEL_PANEL,
                .x_step = IP_KERNEL_PANEL,
                .y = d + c,
                .y_step = d_step,
                .go_on = k > 0};
      tile_rows(rows, at_most(columns - c, GROUP), IP_KERNEL_PANEL, width * IP_KERNEL_PANEL, &t);
    }
}

static void from_products(size_t rows, size_t columns, const float *a_norm, const float *b_norm, float near,
                          float margin, float large, float *d, uint8_t *doubtful)
{
  for (size_t r = 0; r < rows; r++) {
    ip_vf na = vf_set(a_norm[r]);
    ip_vi flags = {0};
    for (size_t c = 0; c < columns; c += IP_SIMD) {
      float *at = d + r * columns + c;
      ip_vf norms = vf_load(b_norm + c) + na, v = vf_load(at);
      v = vf_at_least(norms - (v + v), 0.0f);
      flags |= (v < norms * margin + near) & (norms > large);
      vf_store(at, v);
    }
    doubtful[r] = vi_any(flags);
  }
}

typedef float four __attribute__((vector_size(16)));

/* The sum of IP_COLUMNS numbers: halves are added until one is left. */
IP_INLINE float sum_of_parts(const ip_vf *part)
{
  float lane[IP_COLUMNS];
  four v[4];
  memcpy(lane, part, sizeof lane);
  memcpy(v, lane, sizeof v);
  four s = (v[0] + v[2]) + (v[1] + v[3]);
  return (s[0] + s[2]) + (s[1] + s[3]);
}

/* sum[..] += (factor (a - b))^2 of IP_COLUMNS features. */
IP_INLINE void add_squares(const float *a, const float *b, float factor, ip_vf *sum)
{
  for (int p = 0; p < IP_COLUMN_VECTORS; p++) {
    ip_vf e = (vf_load(a + (size_t)p * IP_SIMD) - vf_load(b + (size_t)p * IP_SIMD)) * factor;
    sum[p] += e * e;
  }
}

static float distance(size_t width, const float *a, const float *b, float factor)
{
  ip_vf sum[IP_COLUMN_VECTORS];
  size_t k = 0;
  for (int p = 0; p < IP_COLUMN_VECTORS; p++) sum[p] = vf_set(0.0f);
  for (; k + IP_COLUMNS <= width; k += IP_COLUMNS) add_squares(a + k, b + k, factor, sum);
  if (k < width) {
    float rest[2][IP_COLUMNS] = {{0}};
    memcpy(rest[0], a + k, (width - k) * sizeof *a);
    memcpy(rest[1], b + k, (width - k) * sizeof *b);
    add_squares(rest[0], rest[1], factor, sum);
  }
  return sum_of_parts(sum);
}

/* exp(-x) for x >= 0. Where it would be below 1.7e-38 it is that: next to the 1 of j = i it does not count, and no
 * number below the normal ones, which slow processors down, comes up. */
IP_INLINE ip_vf exp_minus(ip_vf x)
{
  ip_vi k;
  ip_vf p = vf_exp_reduce(vf_at_least(-x, -87.0f), &k) + 1.0f;
  return p * vf_pow2(k);
}

/* x^4, for the same reason no less than 2^-124. */
IP_INLINE ip_vf fourth_power(ip_vf x)
{
  ip_vf y = vf_at_least(x, 0x1p-31f);
  y *= y;
  return y * y;
}

IP_INLINE ip_vf where(ip_vi mask, ip_vf x)
{
  return (ip_vf)((ip_vi)x & mask);
}

IP_INLINE void add_to(float *p, ip_vf v)
{
  vf_store(p, vf_load(p) + v);
}

/* LABELS: pairs of one label are summed too. STORE: kernels are kept. Constants where this is inlined. */
IP_INLINE void sums_of(const ip_kernel_tile *t, bool LABELS, bool STORE)
{
  enum { U = IP_KERNEL_OF_UPPER, L = IP_KERNEL_OF_LOWER };
  assert(t->columns % IP_COLUMNS == 0);
  for (size_t r = 0; r < t->rows; r++) {
    ip_vf row[IP_N_KERNELS][IP_COLUMN_VECTORS], own[IP_N_KERNELS][IP_COLUMN_VECTORS];
    memset(row, 0, sizeof row);
    memset(own, 0, sizeof own);
    for (size_t c = 0; c < t->columns; c += IP_COLUMNS)
      for (int p = 0; p < IP_COLUMN_VECTORS; p++) {
        size_t j = c + (size_t)p * IP_SIMD, at = r * t->columns + j;
        ip_vf wide = exp_minus(vf_load(t->d + at) * t->scale), narrow = fourth_power(wide);
        row[U][p] += narrow;
        row[L][p] += wide;
        add_to(t->column[U] + j, narrow);
        add_to(t->column[L] + j, wide);
        if (STORE) {
          vf_store(t->value[U] + at, narrow);
          vf_store(t->value[L] + at, wide);
        }
        if (LABELS) {
          ip_vi label;
          memcpy(&label, t->column_label + j, sizeof label);
          ip_vi same = label == t->row_label[r];
          own[U][p] += where(same, narrow);
          own[L][p] += where(same, wide);
          add_to(t->own_column[U] + j, where(same, narrow));
          add_to(t->own_column[L] + j, where(same, wide));
        }
      }
    for (int k = 0; k < IP_N_KERNELS; k++) t->row[k][r] = sum_of_parts(row[k]);
    for (int k = 0; LABELS && k < IP_N_KERNELS; k++) t->own_row[k][r] = sum_of_parts(own[k]);
  }
}

static void sums(const ip_kernel_tile *t)
{
  if (t->value[0])
    sums_of(t, false, true);
  else if (t->row_label)
    sums_of(t, true, false);
  else
    sums_of(t, false, false);
}

const ip_kernel IP_VARIANT(ip_kernel) = {
    .name = IP_VARIANT_NAME,
    .distances = distances,
    .products = products,
    .from_products = from_products,
    .distance = distance,
    .sums = sums,
};
