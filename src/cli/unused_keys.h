/* unused_keys.h - keys of an experiment that another key makes meaningless. For cmd_run.c and cmd_train.c. */
#ifndef IP_CLI_UNUSED_KEYS_H
#define IP_CLI_UNUSED_KEYS_H

#include "experiment/experiment.h"

/* Prints a note on standard error for every key that the file, an override or the sweep sets although no run uses it,
 * such as training.momentum with training.optimizer: adam. Of a complete configuration, as infoplane stores it, only
 * keys that differ from their defaults. */
ip_status ip_unused_keys_print(const ip_experiment *e);

#endif
