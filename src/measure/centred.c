#include "measure/centred.h"

#include <cblas.h>
#include <stdbool.h>

ip_status ip_centre_columns(size_t n, size_t width, const float *v, ip_scratch *sc, ip_centred *out)
{
  double *mean; // (width)
  *out = (ip_centred){.n = n, .width = width};
  IP_TRY(IP_SCRATCH(sc, out->v, n * width, "centred columns"));
  IP_TRY(IP_SCRATCH(sc, mean, width, "means"));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) mean[j] += (double)v[i * width + j];
  for (size_t j = 0; j < width; j++) mean[j] /= (double)n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) out->v[i * width + j] = (double)v[i * width + j] - mean[j];
  return IP_OK;
}

ip_status ip_centred_gram(const ip_centred *a, ip_scratch *sc, size_t *d, double **gram)
{
  bool by_sample = a->n < a->width;
  *d = by_sample ? a->n : a->width;
  IP_TRY(IP_SCRATCH(sc, *gram, *d * *d, "products of columns"));
  cblas_dsyrk(CblasRowMajor, CblasUpper, by_sample ? CblasNoTrans : CblasTrans, (int)*d,
              (int)(by_sample ? a->width : a->n), 1, a->v, (int)a->width, 0, *gram, (int)*d);
  for (size_t k = 0; k < *d; k++)
    for (size_t l = 0; l < k; l++) (*gram)[k * *d + l] = (*gram)[l * *d + k];
  return IP_OK;
}

static double sum_of_squares(size_t n, const double *v)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += v[i] * v[i];
  return sum;
}

ip_status ip_centred_product(const ip_centred *a, const ip_centred *b, ip_scratch *sc, double *sum)
{
  size_t mark = ip_scratch_mark(sc);
  double *product; // (a->width, b->width)
  IP_TRY(IP_SCRATCH(sc, product, a->width * b->width, "products of columns"));
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)a->width, (int)b->width, (int)a->n, 1, a->v, (int)a->width,
              b->v, (int)b->width, 0, product, (int)b->width);
  *sum = sum_of_squares(a->width * b->width, product);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_centred_square(const ip_centred *a, ip_scratch *sc, double *sum)
{
  size_t mark = ip_scratch_mark(sc), d;
  double *gram; // (d, d)
  IP_TRY(ip_centred_gram(a, sc, &d, &gram));
  *sum = sum_of_squares(d * d, gram);
  ip_scratch_release(sc, mark);
  return IP_OK;
}
