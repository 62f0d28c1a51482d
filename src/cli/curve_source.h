/* curve_source.h - the joint distribution that a word on the command line of infoplane curve means. */
#ifndef IP_CLI_CURVE_SOURCE_H
#define IP_CLI_CURVE_SOURCE_H

#include "bottleneck/gaussian.h"

typedef struct ip_curve_source {
  char *name;
  ip_ib_problem *problem; /* NULL for the Gaussian channel */
  double rho;             /* its correlation */
} ip_curve_source;

/* A channel, an experiment (.yaml), a table p(x,y) (.csv, .tsv, .txt, - for standard input), an HDF5 file with p_xy or
 * with x and y (.h5), or the name of a dataset. (n_set) overrides "key=value" go with experiments and datasets
 * (IP_EUSAGE elsewhere). */
ip_status ip_curve_source_open(const char *word, size_t n_set, const char *const *set, ip_curve_source *out);
void ip_curve_source_close(ip_curve_source *s);

#endif
