/* continuous_tasks.c - X and T of real numbers; Y says whether the first coordinate of X is above its median.
 *
 * Most are tasks of Czyz, Grabowski, Vogt, Beerenwinkel & Marx, "Beyond normal: on the evaluation of mutual information
 * estimators", NeurIPS 2023: transforms of X alone and of T alone leave the information as it is (their theorem 2.1).
 */
#include "calibrate/task.h"
#include "info/discrete.h"

#include <math.h>

#define PI 3.14159265358979323846

/* I(T;Y) = 1 - E h(p(Y=1|T)) for T = X + sqrt(v) Z, X and Z standard normal, Y = (X > 0): given T = t, X has mean
 * t/(1+v) and variance v/(1+v). By the trapezoidal rule, exact to rounding for such functions. */
static double sign_information(double v)
{
  double sd = sqrt(1 + v), step = 1. / 64, missing = 0;
  for (double u = -9; u <= 9; u += step) {
    double t = u * sd, p = 0.5 * erfc(-t / sqrt(2 * v * (1 + v)));
    missing += step * exp(-u * u / 2) / sqrt(2 * PI) * ip_binary_entropy_bits(p);
  }
  return 1 - missing;
}

/* --- A Gaussian channel in two dimensions: T = X + sqrt(0.1) Z (Cover & Thomas 2006, sec. 9.1) */

#define CHANNEL_NOISE 0.1
enum { CHANNEL_WIDTH = 2 };

static double gaussian_channel_ixt_bits(void)
{
  return CHANNEL_WIDTH * 0.5 * log2(1 + 1 / CHANNEL_NOISE);
}

static double gaussian_channel_ity_bits(void)
{
  return sign_information(CHANNEL_NOISE);
}

static ip_status gaussian_channel_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, CHANNEL_WIDTH, CHANNEL_WIDTH, IP_TASK_MEAN, sc, &a, out));
  out->noise_variance = CHANNEL_NOISE;
  for (size_t k = 0; k < n * CHANNEL_WIDTH; k++) {
    a.x[k] = a.mean[k] = (float)ip_rng_normal(r);
    a.t[k] = (float)((double)a.x[k] + sqrt(CHANNEL_NOISE) * ip_rng_normal(r));
    if (k % CHANNEL_WIDTH == 0) a.y[k / CHANNEL_WIDTH] = a.x[k] > 0;
  }
  return IP_OK;
}

const ip_calibration_task ip_task_gaussian_channel = {
    .name = "gaussian_channel",
    .summary = "two standard normals through additive Gaussian noise of variance 0.1, which is known; Y = (X1 > 0)",
    .ixt_bits = gaussian_channel_ixt_bits,
    .ity_bits = gaussian_channel_ity_bits,
    .draw = gaussian_channel_draw,
};

/* --- Three pairs of normals of correlation 0.8, as they are and transformed */

#define CORRELATION 0.8
enum { PAIRS = 3 };

static double normal_ixt_bits(void)
{
  return -0.5 * PAIRS * log2(1 - CORRELATION * CORRELATION);
}

static double normal_ity_bits(void)
{
  return sign_information((1 - CORRELATION * CORRELATION) / (CORRELATION * CORRELATION));
}

/* x |x|^(1/2), of every coordinate: longer tails. */
static void half_cube(double v[static PAIRS], int first)
{
  (void)first;
  for (int k = 0; k < PAIRS; k++) v[k] *= sqrt(fabs(v[k]));
}

/* Rotates coordinates first, first + 1 by |v|^2 / 3: a map that keeps volumes. */
static void spiral(double v[static PAIRS], int first)
{
  double square = 0;
  for (int k = 0; k < PAIRS; k++) square += v[k] * v[k];
  double c = cos(square / 3), s = sin(square / 3), a = v[first], b = v[first + 1];
  v[first] = c * a - s * b;
  v[first + 1] = s * a + c * b;
}

static ip_status draw_pairs(size_t n, void (*transform)(double *, int), ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, PAIRS, PAIRS, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double x[PAIRS], t[PAIRS];
    for (int k = 0; k < PAIRS; k++) {
      x[k] = ip_rng_normal(r);
      t[k] = CORRELATION * x[k] + sqrt(1 - CORRELATION * CORRELATION) * ip_rng_normal(r);
    }
    a.y[i] = x[0] > 0;
    if (transform) {
      transform(x, 0);
      transform(t, 1);
    }
    for (size_t k = 0; k < PAIRS; k++) {
      a.x[i * PAIRS + k] = (float)x[k];
      a.t[i * PAIRS + k] = (float)t[k];
    }
  }
  return IP_OK;
}

static ip_status normal_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return draw_pairs(n, NULL, r, sc, out);
}

static ip_status half_cube_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return draw_pairs(n, half_cube, r, sc, out);
}

static ip_status spiral_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return draw_pairs(n, spiral, r, sc, out);
}

const ip_calibration_task ip_task_normal = {
    .name = "normal",
    .summary = "three pairs of normals with correlation 0.8; Y = (X1 > 0)",
    .ixt_bits = normal_ixt_bits,
    .ity_bits = normal_ity_bits,
    .draw = normal_draw,
};

const ip_calibration_task ip_task_half_cube = {
    .name = "half_cube",
    .summary = "the task normal with every coordinate v replaced by v |v|^(1/2) (Czyz et al. 2023)",
    .ixt_bits = normal_ixt_bits,
    .ity_bits = normal_ity_bits,
    .draw = half_cube_draw,
};

const ip_calibration_task ip_task_spiral = {
    .name = "spiral",
    .summary = "the task normal with X and T turned by a third of their squared lengths (Czyz et al. 2023)",
    .ixt_bits = normal_ixt_bits,
    .ity_bits = normal_ity_bits,
    .draw = spiral_draw,
};

/* --- A bivariate Student distribution with 3 degrees of freedom, correlation 0.8 */

enum { FREEDOM = 3 };

/* psi(k/2) for whole k > 0, by psi(x+1) = psi(x) + 1/x from psi(1/2) = -gamma - 2 ln 2 and psi(1) = -gamma. */
static double digamma_half(int k)
{
  double psi = -0.57721566490153286061 - (k % 2 ? 2 * log(2) : 0);
  for (int j = k % 2 ? 1 : 2; j < k; j += 2) psi += 2. / j;
  return psi;
}

static double student_f(int k)
{
  return lgamma(k / 2.) - k / 2. * digamma_half(k);
}

/* I(X;T) of the normal of that correlation + f(v) + f(v+2) - 2 f(v+1), f(v) = ln Gamma(v/2) - v/2 psi(v/2)
 * (Arellano-Valle, Contreras-Reyes & Genton, Scand. J. Stat. 40, 2013; Czyz et al. 2023, appendix). */
static double student_ixt_bits(void)
{
  double nats = student_f(FREEDOM) + student_f(FREEDOM + 2) - 2 * student_f(FREEDOM + 1);
  return -0.5 * log2(1 - CORRELATION * CORRELATION) + nats / IP_NATS_PER_BIT;
}

/* Given T = t, X is 0.8 t plus a Student variable of 4 degrees of freedom times sqrt((1 - 0.64)(3 + t^2)/4). With t =
 * sqrt(3) tan(a) the density of T is 2/pi cos(a)^2. */
static double student_ity_bits(void)
{
  enum { STEPS = 20000 };
  double missing = 0;
  for (int k = 1; k < STEPS; k++) {
    double a = PI * ((double)k / STEPS - 0.5), t = sqrt(FREEDOM) * tan(a);
    double z = CORRELATION * t / sqrt((1 - CORRELATION * CORRELATION) * (FREEDOM + t * t) / (FREEDOM + 1));
    double q = z * z / (4 + z * z), p = 0.5 + (z < 0 ? -0.25 : 0.25) * sqrt(q) * (3 - q);
    missing += 2 / PI * cos(a) * cos(a) * ip_binary_entropy_bits(p) * PI / STEPS;
  }
  return 1 - missing;
}

/* Both coordinates of a normal divided by one root of a mean of 3 squares. */
static ip_status student_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, 1, 1, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double x = ip_rng_normal(r), t = CORRELATION * x + sqrt(1 - CORRELATION * CORRELATION) * ip_rng_normal(r);
    double square = 0;
    for (int k = 0; k < FREEDOM; k++) {
      double z = ip_rng_normal(r);
      square += z * z / FREEDOM;
    }
    a.x[i] = (float)(x / sqrt(square));
    a.t[i] = (float)(t / sqrt(square));
    a.y[i] = x > 0;
  }
  return IP_OK;
}

const ip_calibration_task ip_task_student = {
    .name = "student",
    .summary = "a bivariate Student distribution, 3 degrees of freedom, correlation 0.8; Y = (X > 0)",
    .ixt_bits = student_ixt_bits,
    .ity_bits = student_ity_bits,
    .draw = student_draw,
};

/* --- Uniform X in [0, 1) plus uniform noise in [-e, e), e = 0.1 */

#define REACH 0.1

/* e - ln(2e) nats for e <= 1/2 (Czyz et al. 2023, appendix). */
static double uniform_ixt_bits(void)
{
  return (REACH - log(2 * REACH)) / IP_NATS_PER_BIT;
}

/* Y is unknown where |T - 1/2| < e, with p(Y=1|T) increasing there from 0 to 1: int_0^1 h(q) dq = 1/(2 ln 2). */
static double uniform_ity_bits(void)
{
  return 1 - REACH / IP_NATS_PER_BIT;
}

static ip_status uniform_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, 1, 1, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double x = ip_rng_uniform(r);
    a.x[i] = (float)x;
    a.t[i] = (float)(x + REACH * (2 * ip_rng_uniform(r) - 1));
    a.y[i] = x > 0.5;
  }
  return IP_OK;
}

const ip_calibration_task ip_task_uniform = {
    .name = "uniform",
    .summary = "a uniform number in [0,1) plus uniform noise in [-0.1,0.1); Y = (X > 1/2)",
    .ixt_bits = uniform_ixt_bits,
    .ity_bits = uniform_ity_bits,
    .draw = uniform_draw,
};
