/* state.h - functions shared by the files of this directory. */
#ifndef IP_EXPERIMENT_STATE_H
#define IP_EXPERIMENT_STATE_H

#include "experiment/experiment.h"

bool ip_experiment_is_swept(const ip_experiment *e, const char *key);

/* Adds an error for every value that conflicts with others: schedule, estimators, name. */
ip_status ip_experiment_check(ip_experiment *e);
ip_status ip_experiment_check_sweep(ip_experiment *e);

/* Fills e->twins, which the grid then owns. */
ip_status ip_experiment_find_twins(ip_experiment *e);

/* The short name of point k of `of`, whose values `point` has; `point->digest` must be set. */
ip_status ip_experiment_name_point(const ip_experiment *of, size_t k, ip_experiment *point);

/* SHA-256 of the resolved configuration up to a role, as 64 hexadecimal digits. */
ip_status ip_experiment_digest(const ip_config *c, ip_key_role last, char out[static 65]);

/* A list of layers, also one of the sweep, takes the place of the default of network.hidden. */
ip_status ip_experiment_clear_hidden(ip_experiment *e);

#endif
