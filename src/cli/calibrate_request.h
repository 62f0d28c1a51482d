/* calibrate_request.h - what infoplane calibrate was asked for. For the files of this command. */
#ifndef IP_CLI_CALIBRATE_REQUEST_H
#define IP_CLI_CALIBRATE_REQUEST_H

#include "calibrate/calibrate.h"
#include "cli/options.h"

typedef struct ip_calibrate_request {
  ip_words tasks, estimators, samples, families, nats, pairs;
  int64_t repeats, seed;
  const char *output, *figure;
  bool check, json, list, consistency;
} ip_calibrate_request;

/* Mean absolute errors on families of problems, and the tests of self-consistency. The options have everything but
 * tasks, progress and what the words of the request left open. */
ip_status ip_calibrate_families(const ip_calibrate_request *w, ip_calibration_options *o, ip_scratch *sc);
ip_status ip_calibrate_consistency(const ip_calibrate_request *w, ip_calibration_options *o, ip_scratch *sc);

/* Draws `figure` by a script from the table of the same name with the extension .tsv, which `write` makes. */
ip_status ip_calibrate_draw(const char *figure, const char *script, size_t n, const void *row, ip_scratch *sc,
                            ip_status (*write)(const char *path, size_t n, const void *row, ip_scratch *sc));

#endif
