/* source.h - where samples come from: what the generators and readers of this directory share.
 *
 * A source fills n, n_in, n_classes, x, y and class_name of an empty dataset, and p_y_given_x, targets and split if it
 * has them; everything else (the split, limits, scale, identities, digest) is done to all of them alike in create.c. On
 * failure it leaves what it has allocated in the dataset, whose owner destroys it.
 */
#ifndef IP_DATASET_SOURCE_H
#define IP_DATASET_SOURCE_H

#include "base/mem.h"
#include "dataset/dataset.h"

/* The range of possible values of x, if the source knows it: pixels are 0..255 whatever the brightest one is. */
typedef struct {
  bool known;
  float low, high;
  bool is_image; /* the automatic scale is then IP_SCALE_UNIT */
} ip_value_range;

/* Sources with a name: the name, the function that reads or generates the samples, whether the program generates them
 * (options of files are then rejected). Every other name is the path of a file, for ip_source_file. */
#define IP_SOURCE_LIST(X)                                                                                              \
  X("sphere", ip_source_sphere, true)                                                                                  \
  X("linear_gaussian", ip_source_linear_gaussian, true)                                                                \
  X("mnist", ip_source_mnist, false)                                                                                   \
  X("fashion-mnist", ip_source_fashion, false)

typedef ip_status ip_source_read(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range);
#define X(name, read, is_generated) ip_source_read read;
IP_SOURCE_LIST(X)
#undef X
ip_source_read ip_source_file; /* a file, or a directory of IDX files, with the test file that the options name or that
                                  lies in the same directory */

/* Whether the samples come from a file that a library parses: libhdf5 or libmatio. */
bool ip_source_needs_library(const ip_dataset_options *opt);
bool ip_source_file_needs_library(const char *path);

/* Allocates x and y for n samples of n_in inputs, and sets n and n_in. Fails with IP_EFORMAT when there are too many or
 * none; `what` names the source in that message. */
ip_status ip_source_allocate(ip_dataset *ds, size_t n, size_t n_in, const char *what);

/* Whether an input can be used: finite, and in the range of float32 unless it is scaled before it is narrowed. */
bool ip_source_fits(const ip_dataset_options *opt, double value);

/* Puts an input at element `at` of x (n, n_in), and into `exact` from the first one on that float32 cannot hold. */
ip_status ip_source_store(ip_dataset *ds, size_t at, double value);

/* The name of an option that is set and only CSV has, or NULL. */
const char *ip_dataset_csv_option(const ip_dataset_options *o);

/* Appends a line, which is given without its end, to the remarks. */
ip_status ip_dataset_add_remark(ip_dataset *ds, const char *line);

/* Sets n_classes and names the classes "0", "1", ... */
ip_status ip_source_number_classes(ip_dataset *ds, size_t n_classes);

#endif
