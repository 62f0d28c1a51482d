/* spec.h - specs "name:key=value:key=value", which select an estimator (estimator/kind.h) or a measure
 * (measure/kind.h) with its parameters.
 *
 * Parameters are a table of the kind. Every value is checked against it and arrives as a number in the order of the
 * table (a choice as its index), so the file of a kind names the indices by an enum. Messages name what was selected,
 * the parameter and what was expected.
 */
#ifndef IP_ESTIMATOR_SPEC_H
#define IP_ESTIMATOR_SPEC_H

#include "estimator/estimator.h"

typedef enum { IP_PARAMETER_INT, IP_PARAMETER_REAL, IP_PARAMETER_CHOICE } ip_parameter_type;

typedef struct ip_parameter {
  const char *name;
  ip_parameter_type type;
  const char *fallback;       /* the default, as it would be written in a spec */
  double low, high;           /* allowed values, both included; not for choices */
  const char *const *choices; /* NULL-terminated; only for choices */
  const char *help;
} ip_parameter;

#define IP_MAX_PARAMETERS 12

/* Smallest positive value: the `low` of a real parameter that must be above 0. */
#define IP_ABOVE_ZERO 1e-300

/* A spec that has been read. */
typedef struct ip_spec {
  size_t n_parameters;
  const ip_parameter *parameter;    // (n_parameters)
  double value[IP_MAX_PARAMETERS];  // (n_parameters)
  char text[IP_MAX_PARAMETERS][32]; // (n_parameters) the shortest text that reads back as the value
  char label[512];                  /* canonical: the name and the parameters that differ from their defaults */
} ip_spec;

/* The position of the spec's name among (n) names of what is chosen ("estimator"). IP_ECONFIG with the nearest name. */
ip_status ip_spec_choose(const char *what, const char *spec, size_t n, const char *const *names, size_t *at);

/* Reads the parameters of a spec. IP_ECONFIG begins with "WHAT NAME: ". */
ip_status ip_spec_read(const char *what, const char *name, size_t n_parameters, const ip_parameter *parameter,
                       const char *spec, ip_spec *out);

/* Parameter i. */
ip_parameter_value ip_spec_value(const ip_spec *s, size_t i);

#endif
