/* h5.h - the operations on HDF5 files that we use, with error messages that give the cause.
 *
 * For runfile/, dataset/ and sweep/. Objects inside a file are named by their path ("/metrics/train/loss"); parent
 * groups are created. No HDF5 id leaves this directory. Files are in HDF5's default (oldest) format: only this format
 * remains readable if a process is killed after a flush. Times of objects are not recorded, so that equal contents give
 * equal bytes. Numbers are stored little-endian and converted to the type of the caller. A file never leads to reads or
 * writes outside it: external storage, virtual datasets and links to other files are rejected, as are loops of links,
 * filters that libhdf5 does not have, and elements that the file has no room for (h5_links.c, h5_admit.c).
 *
 * Not thread-safe. Never fork with a file open and use it in the child.
 */
#ifndef IP_FILE_H5_H
#define IP_FILE_H5_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ip_h5 ip_h5;

/* symbol, C type, HDF5 type in memory, HDF5 type in the file */
#define IP_H5_TYPE_LIST(X)                                                                                             \
  X(IP_H5_F32, float, H5T_NATIVE_FLOAT, H5T_IEEE_F32LE)                                                                \
  X(IP_H5_F64, double, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE)                                                              \
  X(IP_H5_I64, int64_t, H5T_NATIVE_INT64, H5T_STD_I64LE)                                                               \
  X(IP_H5_I32, int32_t, H5T_NATIVE_INT32, H5T_STD_I32LE)                                                               \
  X(IP_H5_U32, uint32_t, H5T_NATIVE_UINT32, H5T_STD_U32LE)                                                             \
  X(IP_H5_U8, uint8_t, H5T_NATIVE_UINT8, H5T_STD_U8LE)

typedef enum ip_h5_type {
#define X(symbol, c, memory, file) symbol,
  IP_H5_TYPE_LIST(X)
#undef X
} ip_h5_type;

/* ---------------------------------------------------------------- files */

/* Creates a file, replacing an existing one that no other process writes (file/part.h). */
ip_status ip_h5_create(const char *path, ip_h5 **out);

/* An existing file. IP_EIO: not there, not readable, locked by its writer; IP_EFORMAT: empty, truncated, not HDF5.
 * Readers ignore the lock: a file that is being written is read as it was at its last flush. */
ip_status ip_h5_open(const char *path, bool write, ip_h5 **out);

/* The same for reading attributes of the root alone. Nothing else of the file is looked at, its links neither. */
ip_status ip_h5_open_root(const char *path, ip_h5 **out);

/* Hands everything written so far to the operating system: a kill from here on loses nothing. */
ip_status ip_h5_flush(ip_h5 *h);

/* Closes; *h is NULL afterwards even when what was still to be written could not be (IP_EIO). */
ip_status ip_h5_close(ip_h5 **h);

const char *ip_h5_path(const ip_h5 *h);

/* ---------------------------------------------------------------- objects */

typedef enum { IP_H5_NOTHING, IP_H5_GROUP, IP_H5_DATASET, IP_H5_OTHER } ip_h5_kind;

ip_h5_kind ip_h5_kind_of(ip_h5 *h, const char *name);

/* Creates a group with its parents; succeeds if it exists. */
ip_status ip_h5_group(ip_h5 *h, const char *name);

/* Removes the link to an object. Its space in the file is not freed. */
ip_status ip_h5_remove(ip_h5 *h, const char *name);

/* Names in a group, in alphabetical order, in scratch. */
ip_status ip_h5_children(ip_h5 *h, const char *group, ip_scratch *sc, size_t *n, const char ***name);

/* Copies an object with all below it from one file into another. */
ip_status ip_h5_copy(ip_h5 *from, const char *name, ip_h5 *to, const char *new_name);

/* ---------------------------------------------------------------- datasets */

#define IP_H5_MAX_RANK 32

/* Description of a new dataset. */
typedef struct ip_h5_layout {
  ip_h5_type type;
  size_t rank;
  size_t dim[IP_H5_MAX_RANK];   /* in elements */
  size_t chunk[IP_H5_MAX_RANK]; /* chunk[0] == 0: one block, of fixed size */
  bool grows;                   /* the first dimension may be changed later; needs chunks */
  bool reserve;                 /* all space is allocated now: later writes do not move anything else in the file */
} ip_h5_layout;

/* Description of an existing dataset. */
typedef struct ip_h5_shape {
  bool is_number, is_integer, is_text;
  size_t element_size; /* bytes of an element in the file */
  size_t rank;
  size_t dim[IP_H5_MAX_RANK];
} ip_h5_shape;

/* Makes a dataset. In a new file it stays open until the file is closed or it is removed: using it again is then much
 * faster, and what is written to it is in the file after the next ip_h5_flush. */
ip_status ip_h5_dataset(ip_h5 *h, const char *name, const ip_h5_layout *layout);

/* Makes a dataset of fixed size (dim of `rank`) and writes all of it. */
ip_status ip_h5_put(ip_h5 *h, const char *name, ip_h5_type type, size_t rank, const size_t *dim, const void *data);

/* Shape and class of the elements. IP_EFORMAT if `name` does not exist or is not a dataset. */
ip_status ip_h5_shape_of(ip_h5 *h, const char *name, ip_h5_shape *shape);

/* Fails with IP_EFORMAT if the file cannot hold n_rows rows of what a dataset declares (SIZE_MAX: all of them). Memory
 * for them is to be asked for after this only. */
ip_status ip_h5_check_size(ip_h5 *h, const char *name, const ip_h5_shape *shape, size_t n_rows);

/* Whether a row has its place in the file. Rows of datasets in chunks get it when they are first written; of other
 * layouts nothing is known, and the answer is yes. */
bool ip_h5_has_row(ip_h5 *h, const char *name, size_t row);

/* Changes the number of rows (first dimension) of a dataset that grows. */
ip_status ip_h5_resize(ip_h5 *h, const char *name, size_t n_rows);

/* The whole of a dataset. `size` is the room in `data`, in bytes: IP_EFORMAT when the dataset has another number of
 * elements than fit exactly, so that no file decides how much is written into memory. */
ip_status ip_h5_write(ip_h5 *h, const char *name, ip_h5_type type, const void *data);
ip_status ip_h5_read(ip_h5 *h, const char *name, ip_h5_type type, size_t size, void *data);

/* Rows first .. first + n - 1 with all that is in them. */
ip_status ip_h5_write_rows(ip_h5 *h, const char *name, size_t first, size_t n, ip_h5_type type, const void *data);
ip_status ip_h5_read_rows(ip_h5 *h, const char *name, size_t first, size_t n, ip_h5_type type, void *data);

/* The block of `count` elements from `start` on; both have the dataset's rank. */
ip_status ip_h5_write_block(ip_h5 *h, const char *name, const size_t *start, const size_t *count, ip_h5_type type,
                            const void *data);
ip_status ip_h5_read_block(ip_h5 *h, const char *name, const size_t *start, const size_t *count, ip_h5_type type,
                           void *data);

/* A text of any length as a dataset (attributes end at 64 kB), and (n) texts as a list. The text read is new. */
ip_status ip_h5_put_text(ip_h5 *h, const char *name, const char *text);
ip_status ip_h5_get_text(ip_h5 *h, const char *name, char **text);
ip_status ip_h5_put_texts(ip_h5 *h, const char *name, size_t n, const char *const *text);

/* The texts of a list, in scratch. The caller has looked at its length (ip_h5_shape_of). */
ip_status ip_h5_get_texts(ip_h5 *h, const char *name, ip_scratch *sc, size_t *n, const char ***text);

/* Makes a one-dimensional dataset a dimension scale called `label`, and attaches a scale to dimension `dim` of a data
 * set: h5py and xarray then know the axis by that name. */
ip_status ip_h5_scale(ip_h5 *h, const char *name, const char *label);
ip_status ip_h5_attach(ip_h5 *h, const char *dataset, size_t dim, const char *scale);

/* ---------------------------------------------------------------- attributes of a group or dataset */

bool ip_h5_has(ip_h5 *h, const char *object, const char *attribute);

/* Sets. A number takes the place of a number that was there, without anything in the file moving. */
ip_status ip_h5_set_text(ip_h5 *h, const char *object, const char *attribute, const char *text);
ip_status ip_h5_set_real(ip_h5 *h, const char *object, const char *attribute, double value);
ip_status ip_h5_set_int(ip_h5 *h, const char *object, const char *attribute, int64_t value);

/* IP_EFORMAT names file, object and attribute if it does not exist or has another kind. The text is new (ip_free). */
ip_status ip_h5_text(ip_h5 *h, const char *object, const char *attribute, char **text);
ip_status ip_h5_real(ip_h5 *h, const char *object, const char *attribute, double *value);
ip_status ip_h5_int(ip_h5 *h, const char *object, const char *attribute, int64_t *value);

/* Names of the attributes, in alphabetical order, in scratch; and whether one is a single number. */
ip_status ip_h5_attributes(ip_h5 *h, const char *object, ip_scratch *sc, size_t *n, const char ***name);
bool ip_h5_is_number(ip_h5 *h, const char *object, const char *attribute);

#endif
