/* lapack.h - the factorizations of LAPACK that we use, of matrices of doubles.
 *
 * OpenBLAS contains LAPACK itself. Its C interface is a library of its own, which needs three more libraries, and to
 * load them takes as long as a tenth of a small run; so these few functions call LAPACK directly. Only the results that
 * are compared with a tolerance may come from here: bits depend on the machine.
 *
 * *found is false, with IP_OK, if a matrix has an element that is not finite, or the algorithm fails. IP_ENOMEM.
 */
#ifndef IP_NUM_LAPACK_H
#define IP_NUM_LAPACK_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Eigenvalues (n) of a symmetric matrix (n, n), in increasing order. a is lost; with `vectors`, its rows become the
 * eigenvectors. Reads the lower half, a[i * n + j] with j <= i. */
ip_status ip_lapack_eigen(size_t n, double *a, bool vectors, double *value, bool *found);

/* The 1 <= k <= n largest eigenvalues (k), in increasing order, and their eigenvectors as rows (k, n). Reads the lower
 * half; a is lost. */
ip_status ip_lapack_largest_eigen(size_t n, size_t k, double *a, double *value, double *vector, bool *found);

/* Cholesky's factor of a positive definite matrix (n, n): a = L L', with L in the lower half, a[i * n + j], j <= i. The
 * upper half is left as it is. False if the matrix is not positive definite. */
bool ip_lapack_cholesky(size_t n, double *a);

/* The inverse of a positive definite matrix (n, n), of which the upper half is read and written, a[i * n + j], j >= i.
 * False if the matrix is not positive definite. */
bool ip_lapack_inverse(size_t n, double *a);

/* Singular values (the smaller of rows and columns) of a matrix (rows, columns), in decreasing order. */
ip_status ip_lapack_singular_values(size_t rows, size_t columns, const double *a, double *value, bool *found);

#endif
