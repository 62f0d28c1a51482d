/* npy.h - arrays of NumPy: a .npy file (also packed as .npy.gz) contains one, a .npz file is a zip archive of them.
 *
 * Formats 1.0 to 3.0, integers and floating-point numbers of 1 to 8 bytes, booleans and texts, of either byte order, in
 * the order of C or Fortran. Arrays of Python objects (pickles), structured, complex and other types are rejected: they
 * are never needed for samples, and unpickling runs code. The sizes that a file declares are compared with the bytes
 * that it contains before memory is allocated for them. libzip reads the archives.
 */
#ifndef IP_FILE_NPY_H
#define IP_FILE_NPY_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_NPY_MAX_RANK 32

typedef enum { IP_NPY_BOOL, IP_NPY_INT, IP_NPY_UINT, IP_NPY_FLOAT, IP_NPY_UNICODE, IP_NPY_BYTES } ip_npy_kind;

typedef struct ip_npy_array {
  const char *name; /* in its archive, without .npy; of a .npy file "" */
  ip_npy_kind kind;
  size_t size; /* bytes of an element; 0 only if the array is empty */
  bool big_endian, fortran;
  size_t rank;
  size_t dim[IP_NPY_MAX_RANK];
  size_t n; /* elements */
} ip_npy_array;

bool ip_npy_is_text(const ip_npy_array *a);

/* "(4096, 12)", for messages. */
const char *ip_npy_shape_text(const ip_npy_array *a, char text[static 80]);

typedef struct ip_npy ip_npy;

/* Opens a .npy or .npz file, which its first bytes distinguish, and reads the headers of its arrays. IP_EIO if it
 * cannot be read, IP_EFORMAT with file, array and fault. Members of an archive that are no arrays are ignored. */
ip_status ip_npy_open(const char *path, ip_npy **out);
void ip_npy_close(ip_npy **f);

const char *ip_npy_path(const ip_npy *f);
bool ip_npy_is_archive(const ip_npy *f);

/* The arrays in the order of the file; the one with a name, or NULL. */
size_t ip_npy_n_arrays(const ip_npy *f);
const ip_npy_array *ip_npy_array_at(const ip_npy *f, size_t i);
const ip_npy_array *ip_npy_find(const ip_npy *f, const char *name);

/* Reads elements first .. first + n - 1, counted in the order of C, of an array of numbers; booleans are 0 and 1.
 * Reading on where the last call for this array ended is fast; all bytes of an array in Fortran order are kept in
 * memory. IP_EFORMAT if the file is damaged, and for an integer beyond 2^53, which double cannot hold. */
ip_status ip_npy_read(ip_npy *f, const ip_npy_array *a, size_t first, size_t n, double *to);

/* All elements of an array of texts as UTF-8, in scratch. */
ip_status ip_npy_read_texts(ip_npy *f, const ip_npy_array *a, ip_scratch *sc, const char ***text);

#endif
