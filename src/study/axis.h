/* axis.h - groups of runs along a key that was swept, such as beta or the fraction of training samples.
 *
 * For figures and the report. Keys that change together with the axis (zipped) belong to it; every other key that
 * differs gives a panel.
 */
#ifndef IP_STUDY_AXIS_H
#define IP_STUDY_AXIS_H

#include "study/runs.h"

typedef struct ip_axis_panel {
  const char *title; /* "" when there is one panel */
  size_t n;
  const size_t *group; // (n) by increasing value
  const double *value; // (n)
} ip_axis_panel;

/* The first key that differs between groups, has numbers for values, and is called one of `names` (NULL-terminated),
 * with or without its section; the number of keys if no key fits. */
size_t ip_axis_find(const ip_run_set *s, const char *const *names);

/* The panels along the key number `axis`. */
ip_status ip_axis_panels(const ip_run_set *s, size_t axis, ip_scratch *sc, size_t *n, ip_axis_panel **panel);

/* Whether key b has one value for each of key a's. */
bool ip_axis_determines(const ip_run_set *s, size_t a, size_t b);

#endif
