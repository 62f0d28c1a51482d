/* places.h - where the rows of an epoch go in a file that is being written.
 *
 * A run file reserves the rows of all epochs when it is laid out. To append an epoch is to write its rows to their
 * places, its number to /epoch, and last the length of /epoch: 8 bytes that complete it.
 */
#ifndef IP_RUNFILE_PLACES_H
#define IP_RUNFILE_PLACES_H

#include "file/h5_place.h"
#include "runfile/runfile.h"

typedef struct ip_run_places {
  size_t n_rows, n_layers, n_metrics, n_layer_metrics;
  ip_h5_rows *activation, *mean; // (n_layers); mean is empty for layers without
  ip_h5_rows *metric;            // (n_metrics)
  ip_h5_rows *layer_metric;      // (n_layer_metrics, n_layers)
  ip_h5_rows epoch;
  ip_h5_length length; /* of /epoch */
} ip_run_places;

/* Finds the places of `n_rows` epochs in a file, after a flush; the names are in `sc`. IP_EFORMAT if they are not
 * reserved. Release it even after a failure. */
ip_status ip_run_places_find(ip_h5 *h, const ip_run_head *head, size_t n_rows, ip_scratch *sc, ip_run_places *out);
void ip_run_places_release(ip_run_places *p);

/* Writes the rows of epoch number e of the file. */
ip_status ip_run_places_put(const ip_run_places *p, size_t e, const ip_snapshot *s);

/* Counts epoch number e: with this it is complete. */
ip_status ip_run_places_count(const ip_run_places *p, size_t e, int64_t epoch);

#endif
