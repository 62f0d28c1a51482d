/* matrix_npy.h - a table of numbers from a .npy or .npz file, which the ending of its name tells. For matrix.c. */
#ifndef IP_FILE_MATRIX_NPY_H
#define IP_FILE_MATRIX_NPY_H

#include "file/matrix.h"

#include <stdbool.h>

bool ip_matrix_is_npy(const char *path);
ip_status ip_matrix_read_npy(const char *path, ip_matrix **out);

#endif
