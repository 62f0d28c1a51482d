#include "network/inside.h"

#include "num/vmath.h"

/* An activation: the name that files have is in IP_ACTIVATION_LIST. NaN stays NaN in each of them: a run that diverges
 * is found by its loss. */
typedef struct kind {
  void (*value)(size_t n, const float *z, float *t); /* t = f(z), the same array; NULL: the identity */
  void (*slope)(size_t n, const float *t, float *d); /* d times f'(z), which follows from t */
  /* Activations whose derivative needs sigmoid(z), which is kept in `aux`. */
  void (*value_aux)(size_t n, float *z, float *aux);
  void (*slope_aux)(size_t n, const float *t, const float *aux, float *d);
} kind;

static void swish(size_t n, float *z, float *aux)
{
  ip_vsigmoid(n, z, aux);
  ip_vscale(n, aux, z);
}

/* sigmoid(z) + t (1 - sigmoid(z)) */
static void swish_slope(size_t n, const float *restrict t, const float *restrict aux, float *restrict d)
{
  for (size_t i = 0; i < n; i++) d[i] *= aux[i] + t[i] * (1.0f - aux[i]);
}

static void softplus(size_t n, float *z, float *aux)
{
  ip_vsigmoid(n, z, aux);
  ip_vsoftplus(n, z, z);
}

static void softplus_slope(size_t n, const float *t, const float *aux, float *d)
{
  (void)t;
  ip_vscale(n, aux, d);
}

static const kind kinds[IP_N_ACTIVATIONS] = {
    [IP_TANH] = {.value = ip_vtanh, .slope = ip_vtanh_slope},
    [IP_RELU] = {.value = ip_vrelu, .slope = ip_vrelu_slope},
    [IP_LEAKY_RELU] = {.value = ip_vleaky_relu, .slope = ip_vleaky_relu_slope},
    [IP_ELU] = {.value = ip_velu, .slope = ip_velu_slope},
    [IP_SIGMOID] = {.value = ip_vsigmoid, .slope = ip_vsigmoid_slope},
    [IP_SOFTSIGN] = {.value = ip_vsoftsign, .slope = ip_vsoftsign_slope},
    [IP_SOFTPLUS] = {.value_aux = softplus, .slope_aux = softplus_slope},
    [IP_SWISH] = {.value_aux = swish, .slope_aux = swish_slope},
    [IP_LINEAR] = {.value = NULL},
};

bool ip_activation_needs_aux(ip_activation k)
{
  return kinds[k].value_aux != NULL;
}

void ip_activation_apply(ip_activation k, size_t n, float *z, float *aux)
{
  if (kinds[k].value_aux) {
    kinds[k].value_aux(n, z, aux);
  } else if (kinds[k].value) {
    kinds[k].value(n, z, z);
  }
}

void ip_activation_backward(ip_activation k, size_t n, const float *t, const float *aux, float *d)
{
  if (kinds[k].slope_aux) {
    kinds[k].slope_aux(n, t, aux, d);
  } else if (kinds[k].slope) {
    kinds[k].slope(n, t, d);
  }
}
