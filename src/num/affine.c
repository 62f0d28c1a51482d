#include "num/affine.h"

#include "num/variant.h"

#include <cblas.h>
#include <string.h>

extern const ip_affine ip_affine_base;
#if IP_HAVE_X86_VARIANTS
extern const ip_affine ip_affine_avx2, ip_affine_avx512;
#endif

const ip_affine *ip_affine_variant(size_t k)
{
#if IP_HAVE_X86_VARIANTS
  if (ip_variant_avx512() && k-- == 0) return &ip_affine_avx512;
  if (ip_variant_avx2() && k-- == 0) return &ip_affine_avx2;
#endif
  return k == 0 ? &ip_affine_base : NULL;
}

/* y (m, n) = beta y + op(a) op(b), row-major, with (k) inner. */
static void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, size_t m, size_t n, size_t k, const float *a, const float *b,
                 float beta, float *y)
{
  int lda = (int)(ta == CblasNoTrans ? k : m), ldb = (int)(tb == CblasNoTrans ? n : k);
  cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1.0f, a, lda, b, ldb, beta, y, (int)n);
}

static void fill_with_biases(size_t out, size_t columns, const float *b, float *z)
{
  for (size_t o = 0; o < out; o++)
    for (size_t c = 0; c < columns; c++) z[o * columns + c] = b[o];
}

void ip_affine_forward(size_t out, size_t in, size_t columns, const float *w, const float *b, const float *x, float *z)
{
  if (ip_affine_is_wide(out, in)) {
    fill_with_biases(out, columns, b, z);
    gemm(CblasNoTrans, CblasNoTrans, out, columns, in, w, x, 1.0f, z);
  } else {
    ip_affine_variant(0)->combine(out, in, columns, w, in, 1, b, x, z);
  }
}

void ip_affine_forward_rows(size_t out, size_t in, size_t columns, const float *w, const float *b, const float *x,
                            float *z)
{
  fill_with_biases(out, columns, b, z);
  gemm(CblasNoTrans, CblasTrans, out, columns, in, w, x, 1.0f, z);
}

void ip_affine_input_gradient(size_t out, size_t in, size_t columns, const float *w, const float *d, float *dx)
{
  if (ip_affine_is_wide(out, in)) {
    gemm(CblasTrans, CblasNoTrans, in, columns, out, w, d, 0.0f, dx);
  } else {
    ip_affine_variant(0)->combine(in, out, columns, w, 1, in, NULL, d, dx);
  }
}

void ip_affine_weight_gradient(size_t out, size_t in, size_t columns, const float *d, const float *x, float *gw,
                               float *gb)
{
  const ip_affine *loops = ip_affine_variant(0);
  loops->total(out, columns, d, gb);
  if (ip_affine_is_wide(out, in)) {
    gemm(CblasNoTrans, CblasTrans, out, in, columns, d, x, 1.0f, gw);
  } else {
    loops->correlate(out, in, columns, d, x, gw);
  }
}

void ip_affine_weight_gradient_rows(size_t out, size_t in, size_t columns, const float *d, const float *x, float *gw,
                                    float *gb)
{
  ip_affine_variant(0)->total(out, columns, d, gb);
  gemm(CblasNoTrans, CblasNoTrans, out, in, columns, d, x, 1.0f, gw);
}
