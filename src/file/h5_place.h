/* h5_place.h - rows, lengths and texts written straight to their places in an HDF5 file, past the library.
 *
 * For runfile/. Where a dataset's space was reserved at its creation, a new row changes nothing but its own bytes, so
 * one write to the file adds it, and the order of writes is that of the calls: HDF5 itself promises no order, and looks
 * through all its metadata at every flush. Every write here is small and leaves a valid file, whenever the process is
 * killed. The library reads these files as any others; only the handle through which a place was found does not see
 * what changed.
 *
 * The places are looked up in the file itself: superblock of version 0, object headers of version 1, the format that
 * h5.h writes (HDF5 File Format Specification, sections II.A, III.A.1, III.E, IV.A). IP_EFORMAT for any other file.
 */
#ifndef IP_FILE_H5_PLACE_H
#define IP_FILE_H5_PLACE_H

#include "file/h5.h"

/* The rows of a dataset whose space was reserved; with the handle it was found through. */
typedef struct ip_h5_rows {
  int fd;
  const char *path, *name;
  size_t n_rows, row_bytes;
  size_t chunk_rows;            /* rows of a chunk; above 1 a row has one piece */
  size_t n_pieces, piece_bytes; /* of a row, each in a chunk of its own */
  uint64_t *at;                 // (chunks of rows, n_pieces) addresses of the chunks
} ip_h5_rows;

/* Finds n_rows rows of a dataset of `type` in chunks without filters, after a flush. The dataset may be shorter, if
 * these rows are reserved. `name` must live as long as `out`. */
ip_status ip_h5_rows_find(ip_h5 *h, const char *name, ip_h5_type type, size_t n_rows, ip_h5_rows *out);
void ip_h5_rows_release(ip_h5_rows *r);

/* Writes row `row` < n_rows, with the elements of a row. IP_ENOSPC if the disk is full. */
ip_status ip_h5_rows_put(const ip_h5_rows *r, size_t row, const void *data);

/* The length of a one-dimensional dataset: 8 bytes in its header. */
typedef struct ip_h5_length {
  int fd;
  const char *path, *name;
  uint64_t at;
} ip_h5_length;

ip_status ip_h5_length_find(ip_h5 *h, const char *name, ip_h5_length *out);
ip_status ip_h5_length_put(const ip_h5_length *l, size_t n_rows);

/* An attribute of variable-length text and the text that it gets. */
typedef struct ip_h5_new_text {
  const char *object, *attribute, *text;
} ip_h5_new_text;

/* Whether the text of an attribute can be replaced so. */
bool ip_h5_is_replaceable(ip_h5 *h, const char *object, const char *attribute);

/* Closes the file, then replaces the texts (n), one after the other: the new ones are appended to the file, and each
 * text is the old or the new one at any moment. IP_EFORMAT, with the file as it was, if one of them is not there or is
 * not a text of variable length. *h is NULL afterwards in any case. */
ip_status ip_h5_close_with_texts(ip_h5 **h, size_t n, const ip_h5_new_text *text);

#endif
