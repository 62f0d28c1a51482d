/* claim_table.h - the numbers that the rules of a claim read, gathered from run files: small enough to be committed.
 *
 * A table consists of blocks: the runs of one condition at one point of its sweep, with the same seeds in each block.
 * Its file is text packed by gzip: lines of cells separated by tabs, the first of which is their kind (docs/claims.md).
 * Values have five significant digits; a verdict is always computed from these, so it can be computed again.
 */
#ifndef IP_CLAIMS_CLAIM_TABLE_H
#define IP_CLAIMS_CLAIM_TABLE_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define IP_CLAIM_TABLE_FORMAT 1

/* What became of a run. */
typedef enum { IP_CLAIM_RUN_MISSING, IP_CLAIM_RUN_DONE, IP_CLAIM_RUN_FAILED_TO_FIT } ip_claim_run_state;

typedef struct ip_claim_series {
  const char *name, *estimator; /* estimator "" unless it is an estimate */
  size_t layer;                 /* 1, 2, ... from the input; 0: of the run */
  double *x;                    // (n_seeds, n_epochs)
} ip_claim_series;

/* A number of each run. */
typedef struct ip_claim_scalar {
  const char *name;
  size_t layer;
  double *x; // (n_seeds)
} ip_claim_scalar;

typedef struct ip_claim_layer {
  bool is_output;
  size_t width;
  const char *activation;
} ip_claim_layer;

typedef struct ip_claim_block {
  const char *condition;
  const char *digest; /* of the first run's configuration; "" if unknown */
  size_t n_keys;
  const char **key, **value; // (n_keys) swept keys
  size_t n_epochs;
  int64_t *epoch; // (n_epochs)
  size_t n_layers;
  ip_claim_layer *layer; // (n_layers)
  uint8_t *state;        // (n_seeds) ip_claim_run_state
  size_t n_series, series_room, n_scalars, scalars_room;
  ip_claim_series *series; // (n_series)
  ip_claim_scalar *scalar; // (n_scalars)
} ip_claim_block;

typedef struct ip_claim_table {
  ip_scratch *sc; /* owns all of it */
  const char *claim, *rule_digest;
  const char *made, *version; /* when, and by which program and commit */
  size_t n_seeds;
  uint64_t *seed; // (n_seeds)
  size_t n_blocks, blocks_room;
  ip_claim_block *block; // (n_blocks)
} ip_claim_table;

ip_status ip_claim_table_create(ip_claim_table **out);
void ip_claim_table_destroy(ip_claim_table **t);

/* Adds a block; a series or scalar of a block, NaN throughout. */
ip_status ip_claim_table_add_block(ip_claim_table *t, ip_claim_block **out);
ip_status ip_claim_table_add_series(ip_claim_table *t, ip_claim_block *b, const char *name, const char *estimator,
                                    size_t layer, double **x);
ip_status ip_claim_table_add_scalar(ip_claim_table *t, ip_claim_block *b, const char *name, size_t layer, double **x);

/* NULL if the block lacks it. */
const double *ip_claim_table_series(const ip_claim_block *b, const char *name, const char *estimator, size_t layer);
const double *ip_claim_table_scalar(const ip_claim_block *b, const char *name, size_t layer);

/* Writes the file at `path`, complete or not at all, and reads it. A table that is read has the values of the one that
 * was written, rounded. IP_EFORMAT names file, line and what was expected. */
ip_status ip_claim_table_write(const ip_claim_table *t, const char *path);
ip_status ip_claim_table_read(const char *path, ip_claim_table **out);

#endif
