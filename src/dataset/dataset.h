/* dataset.h - samples x with labels y, from a generator or a file, split into training and test rows.
 *
 * One call creates a dataset that is ready for training: it finds the source by name or file, reads or generates it,
 * keeps the number of rows asked for, splits, replaces labels, scales, numbers the distinct inputs and takes the
 * digest. The same options and seed give the same bytes everywhere.
 *
 * Every dataset satisfies: n > 0 and n_in > 0; every x, target and probability is finite and no x is -0; 0 <= y <
 * n_classes, where classes without a sample are allowed, as is a single class; rows of p_y_given_x sum to 1; at least
 * one row is a training row.
 */
#ifndef IP_DATASET_DATASET_H
#define IP_DATASET_DATASET_H

#include "base/status.h"
#include "file/text_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { IP_SPLIT_TRAIN = 0, IP_SPLIT_TEST = 1 };

typedef struct ip_dataset {
  char *name;         /* as it was asked for: "sphere", "mnist", or the file's name without its directories */
  char sha256[65];    /* of the content: shapes, x, y, p_y_given_x, targets; not of the split, nor of names */
  size_t n;           /* samples */
  size_t n_in;        /* inputs of a sample */
  size_t shape[3];    /* channels, height and width of a sample, whose product is n_in; 0: it has no such shape */
  size_t n_classes;   /* classes */
  size_t n_x;         /* distinct inputs */
  size_t n_targets;   /* real-valued targets of a sample; 0 for a classification task */
  float *x;           /* (n, n_in) */
  double *exact;      /* (n, n_in) inputs as the source has them, while the dataset is created; else NULL */
  int32_t *y;         /* (n) class; soft labels: the most probable one (the higher of equals), or a file's own y */
  float *p_y_given_x; /* (n, n_classes) the true p(y|x) for soft labels, else NULL */
  float *targets;     /* (n, n_targets) targets of a regression (linear_gaussian), else NULL */
  uint32_t *x_id;     /* (n) which distinct input, by the numbers of the source, in order of first appearance */
  uint8_t *split;     /* (n) IP_SPLIT_TRAIN or IP_SPLIT_TEST */
  uint32_t *train;    /* (n_train) the training rows, ascending */
  uint32_t *test;     /* (n_test) the test rows, ascending */
  size_t n_train, n_test;
  char **class_name; /* (n_classes) the label as the source spells it */
  char *remark;      /* guesses about the source, and warnings: lines that end with a newline, or "" */
  double ixy_bits;   /* I(X;Y) of the model that drew the targets (linear_gaussian), in bits; else NaN */
} ip_dataset;

/* Choices, in the order of the lists of names below. */
typedef enum { IP_LABELS_HARD, IP_LABELS_SOFT } ip_labels;
typedef enum {
  IP_SPLIT_BY_AUTO,
  IP_SPLIT_BY_RANDOM,
  IP_SPLIT_BY_STRATIFIED,
  IP_SPLIT_BY_FIRST,
  IP_SPLIT_BY_SOURCE
} ip_split_by;
typedef enum { IP_SCALE_AUTO, IP_SCALE_NONE, IP_SCALE_UNIT, IP_SCALE_SYMMETRIC, IP_SCALE_STANDARD } ip_scale;

/* The values that numbers of the options may have, here and in a configuration. */
#define IP_RANGE_GAMMA "(0, inf)"
#define IP_RANGE_N_SAMPLES "[2, 100000000]"
#define IP_RANGE_N_IN "[1, 100000]"
#define IP_RANGE_IRRELEVANT "[0, 100000]"
#define IP_RANGE_N_TARGETS "[1, 100000]"
#define IP_RANGE_NOISE "[0, 1e30]"
#define IP_RANGE_TRAIN_FRACTION "(0, 1]"
#define IP_RANGE_RANDOM_LABELS "[0, 1]"
#define IP_RANGE_MAX_SAMPLES "[0, inf)"

/* Plain fields for a table of keys to fill. Start from ip_dataset_options_default. */
typedef struct ip_dataset_options {
  char *name;       /* a name of ip_dataset_names, or the path of a file (or of a directory with the four IDX files) */
  char *label_file; /* labels of an IDX file of images, or of a .npy file; NULL or "": the file beside it */
  char *test_file;  /* held-out rows in a second file of the same kind; NULL or "": none, or found beside an IDX file */
  char *label_column; /* CSV: name or number (from 1) of the label column, or none; NULL or "": by name, or the last */
  char *target_columns;  /* CSV: names or numbers of target columns, separated by commas, or none; "": target1, ... */
  char *index_column;    /* CSV: names or numbers of columns to leave out, or none; "": a first one without a name */
  bool named_columns;    /* CSV: columns named split, p(CLASS) and target1, ... are what they are named */
  ip_text_options text;  /* CSV: separator, decimal sign, header */
  int labels;            /* ip_labels; sphere */
  double gamma;          /* sphere, soft labels: steepness */
  double theta;          /* sphere, soft labels: threshold */
  int64_t n_samples;     /* linear_gaussian: samples */
  int64_t n_in;          /* linear_gaussian: inputs */
  int64_t irrelevant;    /* linear_gaussian: of these, the last ones, which the targets do not depend on */
  int64_t n_targets;     /* linear_gaussian: targets */
  double noise;          /* linear_gaussian: standard deviation of the noise on each target */
  const size_t *shape;   /* (n_shape) channels, height, width of a sample; n_shape 0: as the source says */
  size_t n_shape;        /* 0 or 3 */
  int split;             /* ip_split_by; auto: the source's own split if it has one, else random */
  double train_fraction; /* fraction of the rows to train on; unused if the source splits */
  int64_t max_train;     /* maximum number of training rows, 0: no limit */
  int64_t max_test;      /* maximum number of test rows, 0: no limit */
  double random_labels;  /* fraction of the training rows whose label is replaced by a random class */
  int scale;             /* ip_scale; auto: unit for images (IDX), else none */
} ip_dataset_options;

/* sphere, hard labels, random split of 80 %, auto scale. Strings point to constants; nothing to free. */
ip_dataset_options ip_dataset_options_default(void);

/* Names of the choices, each ending with NULL: sources with a name; labels; split; scale. */
const char *const *ip_dataset_names(void);
const char *const *ip_dataset_labels_names(void);
const char *const *ip_dataset_split_names(void);
const char *const *ip_dataset_scale_names(void);

/* Creates the dataset that `opt` describes. Random parts (split, limits, random labels, linear_gaussian) come from
 * `seed`. Errors: IP_ECONFIG for options that contradict each other or the data, IP_EIO and IP_EFORMAT for files,
 * naming the file and the line or element. */
ip_status ip_dataset_create(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out);
void ip_dataset_destroy(ip_dataset **ds);

/* The targets of training, one row per sample: the targets of a regression when `regression` is set and the dataset has
 * some; else p(y|x) for soft labels; else one-hot rows. */
size_t ip_dataset_target_width(const ip_dataset *ds, bool regression);
void ip_dataset_fill_target(const ip_dataset *ds, bool regression, float *target /* (n, target width) */);

/* Information of the labels, in bits, with X the distinct input, over all rows: H(Y), H(Y|X), I(X;Y), H(X). */
typedef struct ip_dataset_information {
  double hx_bits, hy_bits, hy_given_x_bits, ixy_bits;
} ip_dataset_information;
ip_status ip_dataset_measure(const ip_dataset *ds, ip_dataset_information *out);

/* Writes x, y, p_y_given_x, targets and split to `path` (.csv, .tsv, .h5, .hdf5 or .npz by its extension), under a
 * temporary name first. Reading the file with scale none gives the same digest (from CSV: when every class has a sample
 * and their names are in alphabetical order). */
ip_status ip_dataset_write(const ip_dataset *ds, const char *path);

#endif
