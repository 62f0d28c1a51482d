/* vmath.h - elementary functions over whole arrays, ten times as fast as calling libm for each element.
 *
 * The best variant this processor has is chosen at run time: AVX-512, AVX2, or the baseline (SSE2 on x86-64, NEON on
 * arm64). All variants give the same bits, and so does any way of cutting an array into pieces; NaN gives NaN,
 * infinities their limits. x and y have n elements each and are the same array or do not overlap. Errors in units of
 * the last place (ulp) hold for all finite arguments whose result is a normal number; the tests measure them against
 * libm in double precision.
 */
#ifndef IP_NUM_VMATH_H
#define IP_NUM_VMATH_H

#include <stddef.h>

void ip_vexp(size_t n, const float *x, float *y);      /* exp(x), 1.5 ulp */
void ip_vexp64(size_t n, const double *x, double *y);  /* exp(x) in double precision, 1.5 ulp */
void ip_vtanh(size_t n, const float *x, float *y);     /* tanh(x), 3 ulp */
void ip_vsigmoid(size_t n, const float *x, float *y);  /* 1 / (1 + exp(-x)), 3 ulp */
void ip_vsoftplus(size_t n, const float *x, float *y); /* ln(1 + exp(x)), 4 ulp */
void ip_velu(size_t n, const float *x, float *y);      /* x > 0 ? x : exp(x) - 1, 2 ulp */

/* Name of the variant in use, "avx512", "avx2" or "base", for the record of a run. */
const char *ip_vmath_name(void);

/* The functions of one variant. */
typedef struct ip_vmath {
  const char *name;
  void (*exp)(size_t n, const float *x, float *y);
  void (*exp64)(size_t n, const double *x, double *y);
  void (*tanh)(size_t n, const float *x, float *y);
  void (*sigmoid)(size_t n, const float *x, float *y);
  void (*softplus)(size_t n, const float *x, float *y);
  void (*elu)(size_t n, const float *x, float *y);
} ip_vmath;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_vmath *ip_vmath_variant(size_t k);

#endif
