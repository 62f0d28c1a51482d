/* diff_side.h - what infoplane diff compares: a results directory, run files, or a configuration. */
#ifndef IP_CLI_DIFF_SIDE_H
#define IP_CLI_DIFF_SIDE_H

#include "experiment/experiment.h"

typedef struct ip_diff_side {
  const char *path;      /* as given */
  ip_experiment *e;      /* NULL if it has no configuration */
  const char *no_config; /* why */
  size_t n_files;
  const char *const *file; // (n_files) existing run files
} ip_diff_side;

/* Strings are in scratch. Fails if the word is none of these. */
ip_status ip_diff_side_open(const char *word, ip_scratch *sc, ip_diff_side *s);
void ip_diff_side_close(ip_diff_side *s);

#endif
