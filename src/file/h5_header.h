/* h5_header.h - where the header of an object keeps its length and its texts, for the files of this directory only. */
#ifndef IP_FILE_H5_HEADER_H
#define IP_FILE_H5_HEADER_H

#include "file/h5_id.h"

/* The file descriptor through which HDF5 writes the file. */
bool ip_h5_descriptor(ip_h5 *h, int *fd);

/* Place of the first dimension (8 bytes) of a dataset; false if it is not found. */
bool ip_h5_find_length(ip_h5 *h, const char *name, uint64_t *at);

/* Addresses of the chunks of a dataset into `at` (the product of n_chunks): chunk (i, j) of the first two dimensions is
 * at[i * n_chunks[1] + j]; 0 where it has no place in the file. False if the file is not as expected. */
bool ip_h5_find_chunks(ip_h5 *h, const char *name, size_t rank, const hsize_t *chunk, const size_t n_chunks[2],
                       uint64_t *at);

/* Place of the reference (ip_h5_reference) to a text of variable length; false if it is not found. */
bool ip_h5_find_text(ip_h5 *h, const char *object, const char *attribute, uint64_t *at);

/* A text of variable length as an attribute keeps it: the text itself is in a global heap. 16 bytes in the file. */
typedef struct ip_h5_reference {
  uint32_t length;
  uint32_t heap[2]; /* address, low word first */
  uint32_t index;
} ip_h5_reference;

/* Writes or reads all of the bytes; 0, or errno (EIO at the end of the file). */
int ip_h5_put_bytes(int fd, const void *bytes, size_t n, uint64_t at);
int ip_h5_get_bytes(int fd, void *bytes, size_t n, uint64_t at);

/* Numbers as they are in the file. */
uint64_t ip_h5_u16(const unsigned char *p);
uint64_t ip_h5_u64(const unsigned char *p);

/* Place of the address of the index of chunks of a dataset; false if it is not found. */
bool ip_h5_find_index(ip_h5 *h, const char *name, uint64_t *at);

#endif
