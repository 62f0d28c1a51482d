/* arrays.h - a dataset from named arrays of a file: what the readers of HDF5 and NumPy files share.
 *
 * Arrays: x (samples, inputs), more dimensions being flattened, and y, as labels or their numbers (samples), or as
 * one-hot rows (samples, classes). Also understood, as ip_dataset_write leaves them: class_name (classes) for y in 0 ..
 * classes-1, p_y_given_x (samples, classes), targets (samples, targets) and split (samples), 0 for training and 1 for
 * test rows.
 */
#ifndef IP_DATASET_ARRAYS_H
#define IP_DATASET_ARRAYS_H

#include "dataset/reader.h"

#define IP_ARRAY_MAX_RANK 32

typedef struct ip_array_shape {
  bool is_number, is_text;
  size_t rank;
  size_t dim[IP_ARRAY_MAX_RANK];
} ip_array_shape;

/* A file format: how its arrays are found and read. Names are those above; `file` is an open file. */
typedef struct ip_array_format {
  const char *noun; /* for messages: "dataset" */
  bool (*is_there)(void *file, const char *name);
  ip_status (*shape_of)(void *file, const char *name, ip_array_shape *shape);
  /* Rows first .. first + n - 1 of the first dimension, of an array of numbers with one. */
  ip_status (*read_rows)(void *file, const char *name, size_t first, size_t n, double *to);
  ip_status (*read_texts)(void *file, const char *name, ip_scratch *sc, size_t *n, const char ***text);
} ip_array_format;

/* The steps of a reader (reader.h) for a file that is open. */
ip_status ip_arrays_open(const ip_array_format *format, void *file, ip_part *part);
ip_status ip_arrays_read(const ip_array_format *format, void *file, ip_part *part, size_t first, ip_label_pool *pool,
                         ip_dataset *ds);

#endif
