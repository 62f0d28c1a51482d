/* reader.h - an open run file, for the files of this directory. */
#ifndef IP_RUNFILE_READER_H
#define IP_RUNFILE_READER_H

#include "runfile/layout.h"

struct ip_run {
  ip_h5 *h;
  ip_scratch *sc; /* owns everything below */
  const char *path;
  ip_run_head head;
  const char *status, *reason;
  bool has_counted; /* n_epochs is known */
  size_t n_epochs;
  const int64_t *epoch; // (n_epochs)
  bool is_own;          /* written by infoplane */
  bool lacks_samples;   /* opened for its series: samples are not read yet, and series are checked when they are */
  size_t n_unwritten;   /* epochs of /epoch behind the n_epochs, whose rows were only set aside */
  bool has_activations;
  size_t n_groups[IP_N_RUN_PARTS];
  const char **group[IP_N_RUN_PARTS]; // (n_groups) labels of information and of measures
};

/* The number of samples alone. */
ip_status ip_run_count_samples(ip_run *r);

/* What is under /data except the inputs; H(X), H(Y) and I(X;Y) where the file of another program has none. */
ip_status ip_run_read_samples(ip_run *r);

/* Reads one group of a part. IP_EINVAL, with the existing labels, if there is no such group. */
ip_status ip_run_read_part(ip_run *r, ip_run_part part, const char *label, ip_scratch *sc, ip_information *out);

/* Leaves the epochs at the end out of n_epochs that another program has set aside and not written. */
ip_status ip_run_find_unwritten(ip_run *r);

/* Writes all of a run except its activations into a new file. */
ip_status ip_run_copy_into(ip_run *from, ip_h5 *to);

/* The dataset `name` exists and is as the list of schema.h has it: elements, rank, and the lengths that are known by
 * now; the file can hold its elements. Before every dataset is read. IP_EFORMAT says what is and what should be. */
ip_status ip_run_check(const ip_run *r, const char *name, ip_h5_shape *shape);

/* The same for all datasets in the file that the list has, before anything is read. */
ip_status ip_run_check_objects(ip_run *r);

#endif
