/* identity.h - which rows are the same input, and which datasets are the same. */
#ifndef IP_DATASET_IDENTITY_H
#define IP_DATASET_IDENTITY_H

#include "base/mem.h"
#include "dataset/dataset.h"

/* Fills x_id and n_x: rows have one number when all their numbers are equal in the precision of the source, that is of
 * `exact` if it exists, else of x. -0 becomes 0. */
ip_status ip_identity_number_rows(ip_scratch *sc, ip_dataset *ds);

/* Turns every -0 of x into 0, then counts the distinct rows of x. */
ip_status ip_identity_count_rows(ip_scratch *sc, ip_dataset *ds, size_t *n_x);

/* SHA-256 over a line of text, "infoplane data 1 N N_IN N_CLASSES N_TARGETS P\n" with P = 1 for soft labels and else 0,
 * and the bytes (little-endian) of x, y, p_y_given_x and targets, if they exist. */
void ip_identity_digest(ip_dataset *ds);

#endif
