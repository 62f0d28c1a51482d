#include "num/lapack.h"

#include "base/mem.h"

#include <math.h>

/* Fortran reads columns, so what is the lower half here is the upper half there. The lengths of strings come last. */
extern void dsyevd_(const char *job, const char *half, const int *n, double *a, const int *lda, double *value,
                    double *work, const int *n_work, int *iwork, const int *n_iwork, int *info, size_t, size_t);
extern void dsyevr_(const char *job, const char *range, const char *half, const int *n, double *a, const int *lda,
                    const double *low, const double *high, const int *first, const int *last, const double *tolerance,
                    int *n_found, double *value, double *vector, const int *ldz, int *support, double *work,
                    const int *n_work, int *iwork, const int *n_iwork, int *info, size_t, size_t, size_t);
extern void dpotrf_(const char *half, const int *n, double *a, const int *lda, int *info, size_t);
extern void dpotri_(const char *half, const int *n, double *a, const int *lda, int *info, size_t);
extern void dgesvd_(const char *job_u, const char *job_vt, const int *m, const int *n, double *a, const int *lda,
                    double *value, double *u, const int *ldu, double *vt, const int *ldvt, double *work,
                    const int *n_work, int *info, size_t, size_t);

enum { ASK = -1 }; /* as the size of work: how much is needed */

/* The lower half alone is read. */
static bool is_finite(size_t n, const double *a)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      if (!isfinite(a[i * n + j])) return false;
  return true;
}

static ip_status make_work(double n_work, int n_iwork, double **work, int **iwork)
{
  *iwork = NULL;
  IP_TRY(IP_NEW(*work, (size_t)n_work, "work of LAPACK"));
  ip_status st = n_iwork > 0 ? IP_NEW(*iwork, (size_t)n_iwork, "work of LAPACK") : IP_OK;
  if (st != IP_OK) ip_free(*work);
  return st;
}

ip_status ip_lapack_eigen(size_t n, double *a, bool vectors, double *value, bool *found)
{
  const char *job = vectors ? "V" : "N";
  int size = (int)n, lda = n ? size : 1, info = 0, n_iwork = 0, ask = ASK, *iwork;
  double n_work = 0, *work;
  *found = is_finite(n, a);
  if (!*found) return IP_OK;
  dsyevd_(job, "U", &size, a, &lda, value, &n_work, &ask, &n_iwork, &ask, &info, 1, 1);
  IP_TRY(make_work(n_work, n_iwork, &work, &iwork));
  int room = (int)n_work;
  dsyevd_(job, "U", &size, a, &lda, value, work, &room, iwork, &n_iwork, &info, 1, 1);
  *found = info == 0;
  ip_free(work);
  ip_free(iwork);
  return IP_OK;
}

/* With room for all eigenvalues, values (n), and support (2 k). */
static ip_status find_largest(size_t n, size_t k, double *a, double *values, double *vector, int *support, bool *found)
{
  int size = (int)n, first = (int)(n - k + 1), info = 0, n_iwork = 0, ask = ASK, n_found = 0, *iwork;
  double n_work = 0, unused = 0, *work;
  dsyevr_("V", "I", "U", &size, a, &size, &unused, &unused, &first, &size, &unused, &n_found, values, vector, &size,
          support, &n_work, &ask, &n_iwork, &ask, &info, 1, 1, 1);
  IP_TRY(make_work(n_work, n_iwork, &work, &iwork));
  int room = (int)n_work;
  dsyevr_("V", "I", "U", &size, a, &size, &unused, &unused, &first, &size, &unused, &n_found, values, vector, &size,
          support, work, &room, iwork, &n_iwork, &info, 1, 1, 1);
  *found = info == 0 && (size_t)n_found == k;
  ip_free(work);
  ip_free(iwork);
  return IP_OK;
}

ip_status ip_lapack_largest_eigen(size_t n, size_t k, double *a, double *value, double *vector, bool *found)
{
  double *values;
  int *support;
  *found = is_finite(n, a);
  if (!*found) return IP_OK;
  IP_TRY(IP_NEW(values, n, "eigenvalues"));
  ip_status st = IP_NEW(support, 2 * k, "eigenvectors");
  if (st == IP_OK) {
    st = find_largest(n, k, a, values, vector, support, found);
    for (size_t i = 0; i < k; i++) value[i] = values[i];
    ip_free(support);
  }
  ip_free(values);
  return st;
}

bool ip_lapack_cholesky(size_t n, double *a)
{
  int size = (int)n, lda = n ? size : 1, info = 0;
  if (!is_finite(n, a)) return false;
  dpotrf_("U", &size, a, &lda, &info, 1);
  return info == 0;
}

bool ip_lapack_inverse(size_t n, double *a)
{
  int size = (int)n, lda = n ? size : 1, info = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++)
      if (!isfinite(a[i * n + j])) return false;
  dpotrf_("L", &size, a, &lda, &info, 1);
  if (!info) dpotri_("L", &size, a, &lda, &info, 1);
  return info == 0;
}

ip_status ip_lapack_singular_values(size_t rows, size_t columns, const double *a, double *value, bool *found)
{
  int m = (int)rows, n = (int)columns, lda = m ? m : 1, one = 1, info = 0, ask = ASK, *none;
  double n_work = 0, unused = 0, *work, *copy;
  *found = true;
  for (size_t i = 0; i < rows * columns; i++) *found = *found && isfinite(a[i]);
  if (!*found) return IP_OK;
  IP_TRY(IP_NEW(copy, rows * columns, "matrix"));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) copy[j * rows + i] = a[i * columns + j];
  dgesvd_("N", "N", &m, &n, copy, &lda, value, &unused, &one, &unused, &one, &n_work, &ask, &info, 1, 1);
  ip_status st = make_work(n_work, 0, &work, &none);
  if (st == IP_OK) {
    int room = (int)n_work;
    dgesvd_("N", "N", &m, &n, copy, &lda, value, &unused, &one, &unused, &one, work, &room, &info, 1, 1);
    *found = info == 0;
    ip_free(work);
  }
  ip_free(copy);
  return st;
}
