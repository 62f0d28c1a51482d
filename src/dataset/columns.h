/* columns.h - what each column of a CSV file is: an input, the label, a target, p(y|x), the split, or an index.
 *
 * With a header, columns go by name, also from a training file to its test file; without one, by position.
 */
#ifndef IP_DATASET_COLUMNS_H
#define IP_DATASET_COLUMNS_H

#include "dataset/dataset.h"
#include "file/records.h"

typedef enum {
  IP_COLUMN_INPUT,
  IP_COLUMN_LABEL,
  IP_COLUMN_PROBABILITY,
  IP_COLUMN_TARGET,
  IP_COLUMN_SPLIT,
  IP_COLUMN_INDEX /* left out */
} ip_column_role;

enum { IP_COLUMN_N_ROLES = IP_COLUMN_INDEX + 1 };

typedef struct ip_named_column {
  const char *name;
  size_t column;
} ip_named_column;

typedef struct ip_columns {
  size_t n;
  char **name;             // (n) from the header, or NULL
  ip_named_column *sorted; // (n) by name; NULL without a header
  ip_column_role *role;    // (n)
  size_t *place;           // (n) among the columns of its role in the training file, from 0
  size_t n_of[IP_COLUMN_N_ROLES];
} ip_columns;

/* Columns of a file whose first record is `first`; their roles follow from the options and the names. IP_ECONFIG if the
 * options name a column that the file lacks, IP_EFORMAT for a duplicate name. */
ip_status ip_columns_create(const char *path, const ip_dataset_options *opt, const ip_record *first, bool header,
                            ip_columns **out);

/* Columns of a test file, in any order, whose roles are those of the training file. IP_EFORMAT if they differ. */
ip_status ip_columns_match(const char *path, const ip_columns *train, const char *train_path, const ip_record *first,
                           bool header, ip_columns **out);
void ip_columns_destroy(ip_columns **c);

/* How messages name column k: its name, or its number from 1. */
const char *ip_columns_text(const ip_columns *c, size_t k, char room[static 32]);

/* What the options left open and how it was decided, in one line; "" for nothing. To be freed. */
ip_status ip_columns_remark(const ip_columns *c, const ip_dataset_options *opt, char **text);

#endif
