/* grid.h - the points of a sweep, one at a time.
 *
 * The `sweep` section of a configuration holds axes: a key with a list of values, or a range
 *
 *     sweep:
 *       network.activation: [tanh, relu]
 *       training.learning_rate: {from: 1e-5, to: 1e-2, count: 4, scale: log}
 *       zip:                                    # keys that change together are one axis
 *         dataset.labels: [hard, soft]
 *         dataset.gamma: [12, 41.64]
 *
 * Points are the Cartesian product of the axes in the order of the file, the last one running fastest. Only the axes
 * are in memory, never the product.
 */
#ifndef IP_CONFIG_GRID_H
#define IP_CONFIG_GRID_H

#include "config/config.h"

typedef struct ip_grid_axis {
  size_t n, n_keys;
  const char *const *key;          // (n_keys) more than one for zip
  const char *const *const *value; // (n_keys, n) as YAML flow text, in canonical form
} ip_grid_axis;

typedef struct ip_grid {
  size_t n_axes;
  const ip_grid_axis *axis; // (n_axes)
  ip_scratch *sc;           /* owns all of it */
} ip_grid;

/* Reads the sweep of `c`; errors are added to those of `c`. Without a sweep there are no axes and
 * one point. Keys of roles beyond IP_KEY_TRAIN are refused: they need no new training. */
ip_status ip_grid_create(ip_config *c, ip_grid **out);
void ip_grid_destroy(ip_grid **g);

/* Number of points; SIZE_MAX if larger. */
size_t ip_grid_count(const ip_grid *g);

/* The place on every axis of point k < count. */
void ip_grid_place(const ip_grid *g, size_t k, size_t *place /* (n_axes) */);

/* Sets the swept keys of `c` to their values at point k. */
ip_status ip_grid_apply(const ip_grid *g, size_t k, ip_config *c);

#endif
