#include "measure/logistic.h"

#include "base/stop.h"
#include "num/lapack.h"
#include "num/sum.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SMALLEST_GRADIENT 1e-10
enum { MOST_NEWTON_STEPS = 200, MOST_CG_STEPS = 2000, MOST_HALVINGS = 40 };

/* The problem, its current point, and arrays of the size of W. */
typedef struct fit {
  size_t n, columns, n_classes, size; /* columns: d + 1; size: n_classes * columns */
  const double *x, *p;                // (n, columns), (n, n_classes)
  double lambda;
  double *w, *gradient;                                    // (n_classes, columns)
  double value;                                            /* of the objective at w */
  double *q;                                               // (n, n_classes) probabilities at w
  double *step, *trial, *residual, *solved, *along, *turn; // (n_classes, columns)
  double *u;                                               // (n, n_classes)
  double *weighted;                                        // (n, columns)
  double *factor;                                          // (columns, columns)
} fit;

/* ---------------------------------------------------------------- value and derivatives */

/* v = X W', one column a class. */
static void apply(size_t n, size_t columns, size_t n_classes, const double *x, const double *w, double *v)
{
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)n_classes, (int)columns, 1, x, (int)columns, w,
              (int)columns, 0, v, (int)n_classes);
}

/* out = u' X / n + lambda W, without the penalty for the last column. */
static void collect(const fit *f, const double *u, const double *w, double *out)
{
  memcpy(out, w, f->size * sizeof *out);
  for (size_t c = 0; c < f->n_classes; c++) out[(c + 1) * f->columns - 1] = 0;
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)f->n_classes, (int)f->columns, (int)f->n, 1 / (double)f->n,
              u, (int)f->n_classes, f->x, (int)f->columns, f->lambda, out, (int)f->columns);
}

void ip_logistic_predict(size_t n, size_t d, size_t n_classes, const double *x, const double *w, double *log_q)
{
  apply(n, d + 1, n_classes, x, w, log_q);
  for (size_t i = 0; i < n; i++) {
    double *z = log_q + i * n_classes, all = ip_logsumexp(n_classes, z);
    for (size_t c = 0; c < n_classes; c++) z[c] -= all;
  }
}

/* The objective at w; q becomes the probabilities there. */
static double objective(const fit *f, const double *w, double *q)
{
  ip_sum loss = {0}, penalty = {0};
  ip_logistic_predict(f->n, f->columns - 1, f->n_classes, f->x, w, q);
  for (size_t k = 0; k < f->n * f->n_classes; k++) {
    if (f->p[k] > 0) ip_sum_add(&loss, -f->p[k] * q[k]);
    q[k] = exp(q[k]);
  }
  for (size_t k = 0; k < f->size; k++)
    if ((k + 1) % f->columns) ip_sum_add(&penalty, w[k] * w[k]);
  return ip_sum_value(&loss) / (double)f->n + f->lambda / 2 * ip_sum_value(&penalty);
}

/* The gradient at w; its largest element. */
static double differentiate(const fit *f)
{
  double largest = 0;
  for (size_t k = 0; k < f->n * f->n_classes; k++) f->u[k] = f->q[k] - f->p[k];
  collect(f, f->u, f->w, f->gradient);
  for (size_t k = 0; k < f->size; k++) largest = fmax(largest, fabs(f->gradient[k]));
  return largest;
}

/* turn = the Hessian at w times along. */
static void multiply_hessian(const fit *f)
{
  apply(f->n, f->columns, f->n_classes, f->x, f->along, f->u);
  for (size_t i = 0; i < f->n; i++) {
    const double *q = f->q + i * f->n_classes;
    double *u = f->u + i * f->n_classes, mean = 0;
    for (size_t c = 0; c < f->n_classes; c++) mean += q[c] * u[c];
    for (size_t c = 0; c < f->n_classes; c++) u[c] = q[c] * (u[c] - mean);
  }
  collect(f, f->u, f->along, f->turn);
}

/* ---------------------------------------------------------------- a Newton step */

/* Cholesky's factor of the mean over classes of the Hessian's blocks on the diagonal, X' diag(v) X / n + lambda, v_i
 * the mean over classes of q (1 - q). One small ridge more lets it exist where all v_i vanish. */
static ip_status precondition(const fit *f)
{
  size_t m = f->columns;
  double trace = 0;
  for (size_t i = 0; i < f->n; i++) {
    const double *q = f->q + i * f->n_classes;
    double v = 0;
    for (size_t c = 0; c < f->n_classes; c++) v += q[c] * (1 - q[c]);
    v = sqrt(v / (double)(f->n_classes * f->n));
    for (size_t k = 0; k < m; k++) f->weighted[i * m + k] = v * f->x[i * m + k];
  }
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)m, (int)f->n, 1, f->weighted, (int)m, 0, f->factor, (int)m);
  for (size_t k = 0; k < m; k++) trace += f->factor[k * m + k] += k + 1 < m ? f->lambda : 0;
  for (size_t k = 0; k < m; k++) f->factor[k * m + k] += 1e-11 * trace / (double)m;
  IP_REQUIRE(ip_lapack_cholesky(m, f->factor), IP_ENUMERIC,
             "the logistic regression is singular to rounding; use a larger lambda");
  return IP_OK;
}

/* solved = the preconditioner's solution for the residual. */
static void solve(const fit *f)
{
  int m = (int)f->columns, rows = (int)f->n_classes;
  memcpy(f->solved, f->residual, f->size * sizeof *f->solved);
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rows, m, 1, f->factor, m, f->solved, m);
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, rows, m, 1, f->factor, m, f->solved,
              m);
}

static double dot(const fit *f, const double *a, const double *b)
{
  return cblas_ddot((int)f->size, a, 1, b, 1);
}

/* step = -Hessian^-1 gradient by preconditioned conjugate gradients, until the residual is a part of the gradient that
 * decreases with it: the steps then converge faster than linearly (Nocedal & Wright 2006, algorithm 7.1). */
static void find_step(const fit *f)
{
  double first = sqrt(dot(f, f->gradient, f->gradient));
  double enough = fmax(fmin(0.1, sqrt(first)) * first, 0.1 * SMALLEST_GRADIENT);
  memset(f->step, 0, f->size * sizeof *f->step);
  for (size_t k = 0; k < f->size; k++) f->residual[k] = -f->gradient[k];
  solve(f);
  memcpy(f->along, f->solved, f->size * sizeof *f->along);
  double product = dot(f, f->residual, f->solved);
  for (int i = 0; i < MOST_CG_STEPS && sqrt(dot(f, f->residual, f->residual)) > enough; i++) {
    multiply_hessian(f);
    double curvature = dot(f, f->along, f->turn);
    if (!(curvature > 0)) return;
    cblas_daxpy((int)f->size, product / curvature, f->along, 1, f->step, 1);
    cblas_daxpy((int)f->size, -product / curvature, f->turn, 1, f->residual, 1);
    solve(f);
    double next = dot(f, f->residual, f->solved), ratio = next / product;
    for (size_t k = 0; k < f->size; k++) f->along[k] = f->solved[k] + ratio * f->along[k];
    product = next;
  }
}

/* Goes along the step, or a part of it, to a smaller value; false if there is none. The last digits of the value are
 * rounding. */
static bool descend(fit *f)
{
  double slope = dot(f, f->gradient, f->step), part = 1;
  for (int i = 0; i < MOST_HALVINGS; i++, part /= 2) {
    for (size_t k = 0; k < f->size; k++) f->trial[k] = f->w[k] + part * f->step[k];
    double value = objective(f, f->trial, f->q);
    if (!(value <= f->value + 1e-4 * part * slope + 1e-14 * fabs(f->value))) continue;
    memcpy(f->w, f->trial, f->size * sizeof *f->w);
    f->value = value;
    return true;
  }
  return false;
}

static ip_status allocate(fit *f, ip_scratch *sc)
{
  double **of_size[] = {&f->gradient, &f->step, &f->trial, &f->residual, &f->solved, &f->along, &f->turn};
  for (size_t k = 0; k < sizeof of_size / sizeof *of_size; k++)
    IP_TRY(IP_SCRATCH(sc, *of_size[k], f->size, "weights of a logistic regression"));
  IP_TRY(IP_SCRATCH(sc, f->q, f->n * f->n_classes, "probabilities"));
  IP_TRY(IP_SCRATCH(sc, f->u, f->n * f->n_classes, "probabilities"));
  IP_TRY(IP_SCRATCH(sc, f->weighted, f->n * f->columns, "weighted samples"));
  return IP_SCRATCH(sc, f->factor, f->columns * f->columns, "a preconditioner");
}

/* The start: no weights, and the frequencies of the classes. */
static void start(const fit *f)
{
  memset(f->w, 0, f->size * sizeof *f->w);
  for (size_t c = 0; c < f->n_classes; c++) {
    double sum = 0;
    for (size_t i = 0; i < f->n; i++) sum += f->p[i * f->n_classes + c];
    f->w[(c + 1) * f->columns - 1] = log(sum / (double)f->n);
  }
}

ip_status ip_logistic_fit(size_t n, size_t d, size_t n_classes, const double *x, const double *p, double lambda,
                          ip_scratch *sc, double *w)
{
  size_t mark = ip_scratch_mark(sc);
  fit f = {.n = n, .columns = d + 1, .n_classes = n_classes, .x = x, .p = p, .lambda = lambda, .w = w};
  f.size = n_classes * f.columns;
  IP_TRY(allocate(&f, sc));
  start(&f);
  f.value = objective(&f, f.w, f.q);
  double largest = differentiate(&f);
  for (int i = 0; i < MOST_NEWTON_STEPS && largest > SMALLEST_GRADIENT; i++) {
    IP_TRY(ip_stop_check());
    IP_TRY(precondition(&f));
    find_step(&f);
    if (!descend(&f)) break;
    largest = differentiate(&f);
  }
  IP_REQUIRE(largest <= SMALLEST_GRADIENT, IP_ENUMERIC,
             "the logistic regression did not converge (gradient %.1e); use a larger lambda, or scaled units", largest);
  ip_scratch_release(sc, mark);
  return IP_OK;
}
