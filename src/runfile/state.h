/* state.h - the state to resume a run from, beside its unfinished file.
 *
 * One small file with two slots that take turns: the state that belongs to n complete epochs goes into slot n mod 2,
 * before the n-th epoch is counted in the run file, and does not touch the state of n - 1 epochs. Each slot carries a
 * digest, so that a half-written one is known as such. It is no part of the run file: states are large, of one kind of
 * machine, and of no use once training has ended.
 */
#ifndef IP_RUNFILE_STATE_H
#define IP_RUNFILE_STATE_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

ip_status ip_run_state_put(const char *path, size_t n_epochs, int64_t next_epoch, size_t n, const void *state);

/* The state of n_epochs complete epochs in new memory (ip_free). IP_EFORMAT when there is no such one. */
ip_status ip_run_state_get(const char *path, size_t n_epochs, int64_t *next_epoch, size_t *n, void **state);

#endif
