/* reasons.h - why some numbers of a run are NaN, on the way to the attributes of the run file. For estimate.c. */
#ifndef IP_RUN_REASONS_H
#define IP_RUN_REASONS_H

#include "estimator/estimator.h"

enum { IP_REASON_ROOM = 256 };

/* Why a layer has no number, at the earliest epoch where it has none. */
typedef struct ip_reason {
  bool is_set;
  size_t epoch;
  char text[IP_REASON_ROOM];
} ip_reason;

/* Keeps the reason of logged epoch e if it is the earliest. Threads may call it at the same time. */
void ip_reason_set(ip_reason *r, size_t e, const char *text);

/* The reasons of (n_layers) as one text in scratch: "layers 2, 3: the reason", without the layers if it is all of them
 * and one reason; NULL if no number is missing. */
ip_status ip_reasons_text(const ip_reason *r, size_t n_layers, ip_scratch *sc, const char **text);

/* Whether a failure concerns one estimator or measure on these samples, which have been checked, and not the program:
 * the others go on. */
bool ip_failure_is_its_own(ip_status st);

/* The recorded error of one estimator or measure (`what`) without the place at which its message begins. */
const char *ip_reason_of_failure(const ip_samples *s, const char *what, const char *label);

#endif
