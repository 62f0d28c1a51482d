/* npy_header.h - the header of an array of NumPy, and its elements. For npy.c. */
#ifndef IP_FILE_NPY_HEADER_H
#define IP_FILE_NPY_HEADER_H

#include "file/npy.h"

#define IP_NPY_MAGIC "\x93NUMPY"

enum {
  IP_NPY_MAGIC_SIZE = 6,
  IP_NPY_START = 12,           /* magic, version and length of the longest kind */
  IP_NPY_MAX_HEADER = 1 << 16, /* NumPy's headers have some 100 bytes */
  IP_NPY_MAX_ELEMENT = 1 << 16 /* bytes of an element; a text */
};

/* The first `got` (at most IP_NPY_START) bytes of an array: where its dictionary begins, and its length. IP_EFORMAT,
 * without the name of the file, for wrong magic, another version or a header that is too long. */
ip_status ip_npy_start(size_t got, const unsigned char *start, size_t *at, size_t *length);

/* The dictionary, (n) bytes: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }. Fills everything but the
 * name. */
ip_status ip_npy_dictionary(size_t n, const char *text, ip_npy_array *out);

/* An element, `size` bytes: a number, or a text as UTF-8 with a 0 behind it, into room for ip_npy_text_room bytes.
 * IP_EFORMAT for an integer beyond 2^53 and for what is no Unicode. */
ip_status ip_npy_number(const ip_npy_array *a, const unsigned char *bytes, double *value);
size_t ip_npy_text_room(const ip_npy_array *a);
ip_status ip_npy_text(const ip_npy_array *a, const unsigned char *bytes, char *text);

#endif
