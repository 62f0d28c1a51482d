#include "measure/saturation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LEAST_SLOPE 0.01 /* of the largest */

/* |f'(z)| / max |f'| as a function of t = f(z). */
static double slope_tanh(double t)
{
  return 1 - t * t;
}

static double slope_sigmoid(double t)
{
  return 4 * t * (1 - t);
}

static double slope_relu(double t)
{
  return t > 0 ? 1 : 0;
}

static double slope_leaky_relu(double t)
{
  return t > 0 ? 1 : 0.01;
}

static double slope_elu(double t)
{
  return t > 0 ? 1 : t + 1;
}

static double slope_softplus(double t)
{
  return -expm1(-t);
}

static double slope_softsign(double t)
{
  return (1 - fabs(t)) * (1 - fabs(t));
}

static double slope_linear(double t)
{
  (void)t;
  return 1;
}

typedef double slope(double t);

static slope *slope_of(const char *activation)
{
  static const struct {
    const char *activation;
    slope *of;
  } known[] = {{"tanh", slope_tanh},         {"sigmoid", slope_sigmoid},
               {"relu", slope_relu},         {"leaky_relu", slope_leaky_relu},
               {"elu", slope_elu},           {"softplus", slope_softplus},
               {"softsign", slope_softsign}, {"linear", slope_linear}};
  for (size_t i = 0; activation && i < sizeof known / sizeof *known; i++)
    if (!strcmp(known[i].activation, activation)) return known[i].of;
  return NULL;
}

/* The units before the network's own noise, if it has any. */
static const float *units(const ip_samples *s)
{
  return s->mean ? s->mean : s->t;
}

double ip_saturated_units(const ip_samples *s, const char **why_not)
{
  slope *f = slope_of(s->activation);
  *why_not = NULL;
  if (s->quantize_bits)
    *why_not = "the units are quantized, so the slope of the activation function is not known";
  else if (!s->activation || !*s->activation)
    *why_not = "the file does not name the activation function of the layer";
  else if (!f)
    *why_not = "the slope of this activation function does not follow from its value";
  if (*why_not) return (double)NAN;
  size_t n_saturated = 0;
  for (size_t j = 0; j < s->width; j++) {
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) n += f((double)units(s)[i * s->width + j]) < LEAST_SLOPE;
    n_saturated += 20 * n > 19 * s->n; /* 95 % */
  }
  return (double)n_saturated / (double)s->width;
}

static bool is_dead(const ip_samples *s, size_t j)
{
  for (size_t i = 1; i < s->n; i++) {
    size_t at = i * s->width + j;
    if (s->t64 && !s->mean ? s->t64[at] != s->t64[j] : units(s)[at] != units(s)[j]) return false;
  }
  return true;
}

double ip_dead_units(const ip_samples *s)
{
  size_t n = 0;
  for (size_t j = 0; j < s->width; j++) n += is_dead(s, j);
  return (double)n / (double)s->width;
}
