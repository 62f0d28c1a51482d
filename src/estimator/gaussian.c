/* gaussian.c - information of a layer as if it were Gaussian: closed forms in the covariances.
 *
 * With noise of variance v on each unit and S the covariance of T before the noise (given=noise):
 *     I(X;T) = 1/2 log2 det(I + S / v)
 *     I(T;Y) = 1/2 log2 det(S + v I) - 1/2 sum_y p(y) log2 det(S_y + v I), at most H(Y)
 * Exact for a linear network with Gaussian inputs and noise (I(T;Y): with Gaussian classes of one mean); else I(X;T) is
 * an upper bound, for the Gaussian has the largest entropy of all variables of its covariance, and H(Y) bounds I(T;Y)
 * from above by itself. With given=inputs T is random by itself, X and T are taken as jointly Gaussian and nothing is
 * added; X may be some of the inputs, for which the others act as noise. Targets of a regression, where there are some,
 * are taken as jointly Gaussian with T instead of the classes.
 *
 * Source: Cover & Thomas 2006, theorem 8.4.1 and 8.6.5; Chechik et al., "Information bottleneck for Gaussian
 * variables", JMLR 6, 2005, sec. 2. Covariances are those of the samples: information is too large by about
 * d_A d_B / (2 N ln 2) bits for d_A and d_B jointly Gaussian variables (Bartlett's approximation to Wilks' likelihood
 * ratio).
 */
#include "estimator/covariance.h"
#include "estimator/kind.h"

#include <math.h>
#include <string.h>

enum { GIVEN, NOISE_VARIANCE, FIRST_INPUT, LAST_INPUT };
enum { GIVEN_NOISE, GIVEN_INPUTS };
static const char *const givens[] = {"noise", "inputs", NULL};
static const ip_parameter gaussian_parameters[] = {
    {"given", IP_PARAMETER_CHOICE, "noise", 0, 0, givens,
     "what T varies by for a given input: noise of known variance, or what its covariance with the inputs leaves"},
    {"noise_variance", IP_PARAMETER_REAL, "0.001", 1e-30, 1e30, NULL,
     "given=noise: variance of the noise assumed on every unit; of networks with noise of their own, that is taken"},
    {"first_input", IP_PARAMETER_INT, "1", 1, 1000000, NULL,
     "given=inputs: X is the inputs from this one, from 1, ..."},
    {"last_input", IP_PARAMETER_INT, "0", 0, 1000000, NULL, "... to this one; 0: the last input"},
};

static ip_status gaussian_check(const double *v)
{
  IP_REQUIRE(v[GIVEN] == GIVEN_NOISE || v[NOISE_VARIANCE] == 0.001, IP_ECONFIG,
             "estimator gaussian: noise_variance only goes with given=noise");
  IP_REQUIRE(v[GIVEN] == GIVEN_INPUTS || (v[FIRST_INPUT] == 1 && v[LAST_INPUT] == 0), IP_ECONFIG,
             "estimator gaussian: first_input and last_input only go with given=inputs");
  IP_REQUIRE(v[LAST_INPUT] == 0 || v[LAST_INPUT] >= v[FIRST_INPUT], IP_ECONFIG,
             "estimator gaussian: last_input: got %g, expected at least first_input, %g", v[LAST_INPUT],
             v[FIRST_INPUT]);
  return IP_OK;
}

static unsigned gaussian_bounds(const double *v)
{
  (void)v;
  return IP_BELOW_HY; /* X is continuous */
}

static unsigned gaussian_needs(const double *v)
{
  return v[GIVEN] == GIVEN_INPUTS ? IP_NEEDS_X : 0;
}

/* What T is made of: columns with covariance S, and the noise added to each of them, in the units of T. */
typedef struct noisy_layer {
  ip_variables t;
  double added; /* to the diagonal of S */
  double noise; /* variance of T for a given input; 0: not known */
} noisy_layer;

static noisy_layer layer_of(const double *v, const ip_samples *s)
{
  if (v[GIVEN] == GIVEN_INPUTS) return (noisy_layer){{s->t, s->width}, 0, 0};
  if (s->noise_variance > 0 && s->mean) return (noisy_layer){{s->mean, s->width}, s->noise_variance, s->noise_variance};
  if (s->noise_variance > 0) return (noisy_layer){{s->t, s->width}, 0, s->noise_variance};
  return (noisy_layer){{s->t, s->width}, v[NOISE_VARIANCE], v[NOISE_VARIANCE]};
}

/* 1/2 log2 det of the layer's covariance in units of the noise, samples weighted. Each unit is first divided by
 * `unit` (d), so that neither huge nor tiny activations leave the floating-point numbers. */
static ip_status half_log_det(const noisy_layer *l, size_t n, const double *weight, const double *unit, ip_scratch *sc,
                              double *bits)
{
  size_t mark = ip_scratch_mark(sc), d = l->t.width;
  double *cov; // (d, d)
  IP_TRY(IP_SCRATCH(sc, cov, d * d, "covariance"));
  IP_TRY(ip_covariance(n, 1, &l->t, weight, sc, cov));
  for (size_t k = 0; k < d; k++) {
    cov[k * d + k] += l->added;
    for (size_t j = 0; j < d; j++) cov[k * d + j] /= unit[k] * unit[j];
  }
  IP_TRY(ip_log2_det(d, cov, l->noise > 0 ? 1 : 1e-12, sc, bits));
  *bits /= 2;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* weight (n) = p(y|x_i); returns their sum. */
static double class_weights(const ip_samples *s, size_t c, double *weight)
{
  double sum = 0;
  for (size_t i = 0; i < s->n; i++) {
    weight[i] = s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + c] : s->y[i] == (int32_t)c;
    sum += weight[i];
  }
  return sum;
}

/* 1/2 log2 det S - sum_y p(y) 1/2 log2 det S_y. */
static ip_status class_information(const noisy_layer *l, const ip_samples *s, const double *unit, double whole,
                                   ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  double *weight, *p, total = 0; // (n), (n_y)
  IP_TRY(IP_SCRATCH(sc, weight, s->n, "weights of samples"));
  IP_TRY(IP_SCRATCH(sc, p, s->n_y, "p(y)"));
  for (size_t c = 0; c < s->n_y; c++) total += p[c] = class_weights(s, c, weight);
  *bits = whole;
  for (size_t c = 0; c < s->n_y; c++) {
    double part;
    p[c] /= total;
    if (class_weights(s, c, weight) == 0) continue;
    IP_TRY(half_log_det(l, s->n, weight, unit, sc, &part));
    *bits -= p[c] * part;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* I(A;T) of columns A taken as jointly Gaussian with T. */
static ip_status joint_information(const noisy_layer *l, const char *name, ip_variables a, size_t n, ip_scratch *sc,
                                   double *bits)
{
  size_t mark = ip_scratch_mark(sc), d = a.width + l->t.width;
  double *cov; // (d, d)
  IP_REQUIRE(l->added > 0 || n > d + 1, IP_EINVAL,
             "covariance of %zu %s and %zu units: got %zu samples, expected more than %zu", a.width, name, l->t.width,
             n, d + 1);
  IP_TRY(IP_SCRATCH(sc, cov, d * d, "covariance"));
  IP_TRY(ip_covariance(n, 2, (ip_variables[]){a, l->t}, NULL, sc, cov));
  for (size_t k = a.width; k < d; k++) cov[k * d + k] += l->added;
  IP_TRY(ip_gaussian_information(a.width, l->t.width, cov, sc, bits));
  IP_REQUIRE(isfinite(*bits), IP_EINVAL,
             "T is a linear function of the %s without noise, so their information is infinite; "
             "estimate with given=noise, or train with noise",
             name);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* unit (d): the noise's standard deviation, or where that is not known the unit's own; 1 for what does not vary. */
static ip_status choose_units(const noisy_layer *l, size_t n, ip_scratch *sc, double *unit)
{
  size_t mark = ip_scratch_mark(sc), d = l->t.width;
  double *cov; // (d, d)
  if (l->noise > 0) {
    for (size_t k = 0; k < d; k++) unit[k] = sqrt(l->noise);
    return IP_OK;
  }
  IP_TRY(IP_SCRATCH(sc, cov, d * d, "covariance"));
  IP_TRY(ip_covariance(n, 1, &l->t, NULL, sc, cov));
  for (size_t k = 0; k < d; k++) unit[k] = cov[k * d + k] > 0 ? sqrt(cov[k * d + k]) : 1;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Some of the inputs, side by side. */
static ip_status choose_inputs(const double *v, const ip_samples *s, ip_scratch *sc, ip_variables *x)
{
  size_t first = (size_t)v[FIRST_INPUT], last = v[LAST_INPUT] > 0 ? (size_t)v[LAST_INPUT] : s->n_in;
  IP_REQUIRE(first <= last && last <= s->n_in, IP_EINVAL,
             "inputs %zu to %zu: the samples have %zu; choose first_input and last_input among them", first, last,
             s->n_in);
  *x = (ip_variables){s->x, s->n_in};
  if (first == 1 && last == s->n_in) return IP_OK;
  float *part; // (n, width)
  x->width = last - first + 1;
  IP_TRY(IP_SCRATCH(sc, part, s->n * x->width, "inputs"));
  for (size_t i = 0; i < s->n; i++)
    memcpy(part + i * x->width, s->x + i * s->n_in + first - 1, x->width * sizeof *part);
  x->v = part;
  return IP_OK;
}

static ip_status gaussian_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  (void)seed;
  noisy_layer l = layer_of(v, s);
  double *unit, whole; // (width)
  IP_TRY(IP_SCRATCH(sc, unit, s->width, "scales of units"));
  IP_TRY(choose_units(&l, s->n, sc, unit));
  IP_TRY(half_log_det(&l, s->n, NULL, unit, sc, &whole));
  out->ixt_bits = whole;
  if (v[GIVEN] == GIVEN_INPUTS) {
    ip_variables x;
    IP_TRY(choose_inputs(v, s, sc, &x));
    IP_TRY(joint_information(&l, "inputs", x, s->n, sc, &out->ixt_bits));
  }
  if (s->target)
    return joint_information(&l, "targets", (ip_variables){s->target, s->n_targets}, s->n, sc, &out->ity_bits);
  return class_information(&l, s, unit, whole, sc, &out->ity_bits);
}

/* Covariances may be resampled; with few samples to a unit bias outweighs spread, and resampled ones turn singular. */
static const char *gaussian_bootstrap_invalid(const double *v, const ip_samples *s)
{
  size_t others = (v[GIVEN] == GIVEN_INPUTS ? s->n_in : 0) + (s->target ? s->n_targets : 0);
  return s->n >= 10 * (s->width + others)
             ? NULL
             : "fewer than 10 samples per unit, input and target: bias outweighs spread, and resampling does not show "
               "bias of that size";
}

const ip_estimator_kind ip_estimator_gaussian = {
    .name = "gaussian",
    .help = "closed form from covariances, exact for linear networks with Gaussian inputs and noise",
    .parameter = gaussian_parameters,
    .n_parameters = sizeof gaussian_parameters / sizeof *gaussian_parameters,
    .check = gaussian_check,
    .needs = gaussian_needs,
    .bounds = gaussian_bounds,
    .knows_targets = true,
    .run = gaussian_run,
    .ixt_bootstrap_invalid = gaussian_bootstrap_invalid,
    .ity_bootstrap_invalid = gaussian_bootstrap_invalid,
};
