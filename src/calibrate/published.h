/* published.h - errors of estimators that other packages have published for the calibration families. */
#ifndef IP_CALIBRATE_PUBLISHED_H
#define IP_CALIBRATE_PUBLISHED_H

#include <stddef.h>

enum { IP_PUBLISHED_LEVELS = 11, IP_PUBLISHED_SAMPLES = 10000 };

/* Mean absolute error in nats at I(X;T) = 0, 1, ... 10 nats; NaN: not published. */
typedef struct ip_published_errors {
  const char *family;    /* name of the family here */
  const char *estimator; /* "mutinfo KSG" */
  double mae_nats[IP_PUBLISHED_LEVELS];
} ip_published_errors;

/* All of them, by family. */
const ip_published_errors *ip_published(size_t *n);

#endif
