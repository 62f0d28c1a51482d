/* mat73.h - variables of MATLAB files of version 7.3, which are HDF5. For mat.c.
 *
 * Read by file/h5.h and not by matio, which needs class names that end with a zero byte and follows links out of the
 * file. Written so by MATLAB itself and from Python by hdf5storage.
 */
#ifndef IP_DATASET_MAT73_H
#define IP_DATASET_MAT73_H

#include "file/h5.h"

/* Whether the file at `path` is one. */
ip_status ip_mat73_is(const char *path, bool *is);

/* Rows and columns of a matrix of real numbers; IP_EFORMAT if it is not such a matrix, or is missing; the message then
 * lists the variables of the file. */
ip_status ip_mat73_size(ip_h5 *h, const char *name, size_t *n_rows, size_t *n_cols);

/* Its (n_rows * n_cols) elements, down the columns. */
ip_status ip_mat73_read(ip_h5 *h, const char *name, size_t n, double *value);

#endif
