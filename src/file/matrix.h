/* matrix.h - a table of numbers from a text file or an array of NumPy, with the place of every cell for error messages.
 *
 * For distributions and channels given as CSV (`infoplane measure`, `infoplane curve`), plain or packed by gzip. Its
 * format (separator, decimal sign, header) is detected as text_format.h describes. A file is rejected, with
 * file:line:column, unless every cell is a finite number and every line has the same number of cells. A .npy file has
 * one or two dimensions, whose rows and columns take the place of lines and columns; of a .npz file, the array p_xy is
 * read, or the only one.
 */
#ifndef IP_FILE_MATRIX_H
#define IP_FILE_MATRIX_H

#include "file/text_format.h"

typedef struct ip_matrix {
  char *path;   /* as messages name it */
  char *remark; /* guesses about its format; "" if there were none */
  size_t n_rows, n_cols;
  double *cell;     // (n_rows, n_cols)
  uint32_t *line;   // (n_rows) line of the file, from 1
  uint32_t *column; // (n_rows, n_cols) column in its line at which the cell begins, from 1
} ip_matrix;

/* Reads `path`, "-" for standard input; `opt` may be NULL: everything is detected. At least one row and one column.
 * IP_EIO when it cannot be read, IP_EFORMAT when it holds no such table, IP_ENOMEM. */
ip_status ip_matrix_read(const char *path, const ip_text_options *opt, ip_matrix **out);
void ip_matrix_destroy(ip_matrix **m);

/* Fails with IP_EINVAL and the place unless cells first_row .. first_row + n_rows - 1 of the matrix are together a
 * distribution: not negative, sum 1 within IP_SUM_TOLERANCE of info/discrete.h. */
ip_status ip_matrix_check_distribution(const ip_matrix *m, size_t first_row, size_t n_rows);

#endif
