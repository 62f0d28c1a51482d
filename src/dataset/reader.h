/* reader.h - how a file format becomes a dataset: one reader per format, one part per file.
 *
 * A reader works in two steps, so that the rows of a training file and a test file get one array of the right size:
 * `open` determines the number of rows, `read` stores them at given rows of the array.
 */
#ifndef IP_DATASET_READER_H
#define IP_DATASET_READER_H

#include "dataset/labels.h"
#include "dataset/source.h"

typedef struct ip_part {
  const char *path, *label_file; /* label_file: NULL or "" when none is given */
  const ip_dataset_options *opt;
  const struct ip_part *first; /* of a test file: the training file, which is open; else NULL */
  size_t n, n_in;
  size_t shape[3];  /* channels, height, width of a sample; 0: unknown */
  size_t n_classes; /* if the file defines the classes and their order, which must not change; else 0 */
  bool has_soft;    /* p_y_given_x (n, n_classes) is there */
  size_t n_targets; /* 0: the file has none */
  bool has_split;   /* the file marks its own test rows */
  char *remark;     /* guesses about the file; NULL: none. Freed with the part */
  void *state;      /* the reader's */
} ip_part;

typedef struct ip_reader {
  const char *format; /* for messages: "IDX" */
  ip_value_range range;
  bool needs_library; /* libhdf5 or libmatio parses the file */
  /* Fills n, n_in and what follows; checks them against the size of the file. */
  ip_status (*open)(ip_part *part);
  /* Fills x, y (numbers of the pool), and p_y_given_x, targets and split if the part has them, of rows first .. first +
   * n - 1. If n_classes is set, the pool gets those classes first, in their order. */
  ip_status (*read)(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds);
  void (*close)(ip_part *part); /* also after a failed open */
} ip_reader;

extern const ip_reader ip_reader_idx, ip_reader_csv, ip_reader_mat, ip_reader_h5, ip_reader_numpy;

#endif
