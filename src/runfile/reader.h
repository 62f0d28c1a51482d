/* reader.h - an open run file, for the files of this folder. */
#ifndef IP_RUNFILE_READER_H
#define IP_RUNFILE_READER_H

#include "runfile/layout.h"

struct ip_run {
  ip_h5 *h;
  ip_scratch *sc; /* owns everything below */
  const char *path;
  ip_run_head head;
  const char *status, *reason;
  size_t n_epochs;
  const int64_t *epoch; // (n_epochs)
  bool has_activations;
  size_t n_information;
  const char **information; // (n_information)
};

/* Writes the run file `from` again as `to`, without its activations. `to` is left behind, unfinished, by a failure. */
ip_status ip_run_copy_without_activations(const char *from, const char *to);

/* The data set `name` exists, holds numbers (whole ones), and has the dimensions `dim` of `rank`; SIZE_MAX there stands
 * for any. A first dimension may be longer in a file that is being written. IP_EFORMAT says what is and what should be;
 * `axes` names the dimensions for people: "epochs, samples, units". */
ip_status ip_run_check(const ip_run *r, const char *name, bool whole, size_t rank, const size_t *dim, const char *axes,
                       ip_h5_shape *shape);

#endif
