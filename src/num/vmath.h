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

void ip_vexp(size_t n, const float *x, float *y);        /* exp(x), 1.5 ulp */
void ip_vexp64(size_t n, const double *x, double *y);    /* exp(x) in double precision, 1.5 ulp */
void ip_vtanh(size_t n, const float *x, float *y);       /* tanh(x), 1.5 ulp */
void ip_vsigmoid(size_t n, const float *x, float *y);    /* 1 / (1 + exp(-x)), 3 ulp */
void ip_vsoftplus(size_t n, const float *x, float *y);   /* ln(1 + exp(x)), 4 ulp */
void ip_velu(size_t n, const float *x, float *y);        /* x > 0 ? x : exp(x) - 1, 2 ulp */
void ip_vrelu(size_t n, const float *x, float *y);       /* max(x, 0) */
void ip_vleaky_relu(size_t n, const float *x, float *y); /* x > 0 ? x : 0.01 x */
void ip_vsoftsign(size_t n, const float *x, float *y);   /* x / (1 + |x|) */

/* d (n) times the derivative of a function, which follows from t = f(x): tanh 1 - t^2, sigmoid t (1 - t), softsign
 * (1 - |t|)^2, elu t > 0 ? 1 : t + 1, relu t > 0, leaky_relu t > 0 ? 1 : 0.01. */
void ip_vtanh_slope(size_t n, const float *t, float *d);
void ip_vsigmoid_slope(size_t n, const float *t, float *d);
void ip_vsoftsign_slope(size_t n, const float *t, float *d);
void ip_velu_slope(size_t n, const float *t, float *d);
void ip_vrelu_slope(size_t n, const float *t, float *d);
void ip_vleaky_relu_slope(size_t n, const float *t, float *d);

/* y times x, element by element. */
void ip_vscale(size_t n, const float *x, float *y);

/* Name of the variant in use, "avx512", "avx2" or "base", for the record of a run. */
const char *ip_vmath_name(void);

/* The functions that map (n) floats to floats, which read y too where it says so above. */
#define IP_VMATH_LIST(X)                                                                                               \
  X(exp)                                                                                                               \
  X(tanh)                                                                                                              \
  X(sigmoid)                                                                                                           \
  X(softplus)                                                                                                          \
  X(elu)                                                                                                               \
  X(relu)                                                                                                              \
  X(leaky_relu)                                                                                                        \
  X(softsign)                                                                                                          \
  X(tanh_slope)                                                                                                        \
  X(sigmoid_slope)                                                                                                     \
  X(softsign_slope)                                                                                                    \
  X(elu_slope)                                                                                                         \
  X(relu_slope)                                                                                                        \
  X(leaky_relu_slope)                                                                                                  \
  X(scale)

/* The functions of one variant. */
typedef struct ip_vmath {
  const char *name;
#define IP_VMATH_MEMBER(f) void (*f)(size_t n, const float *x, float *y);
  IP_VMATH_LIST(IP_VMATH_MEMBER)
#undef IP_VMATH_MEMBER
  void (*exp64)(size_t n, const double *x, double *y);
} ip_vmath;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_vmath *ip_vmath_variant(size_t k);

#endif
