/* lock.h - who works on a directory of results.
 *
 * A lock is an flock(2) on a file that contains "pid host" of its owner, for the messages of other processes. Workers
 * inherit it, so the kernel releases it when the last of these processes ends, even after a crash.
 */
#ifndef IP_STUDY_LOCK_H
#define IP_STUDY_LOCK_H

#include "base/status.h"

#include <stdbool.h>

/* Takes the lock `path`, exclusive or shared, and returns its descriptor. IP_ELOCKED, with pid and host of the owner,
 * if another process holds it. If the owner has died but its workers are still exiting, waits up to 30 s. */
ip_status ip_lock_take(const char *path, bool shared, int *fd);

/* Whether all owners that the lock files of the directory name are on this host: pids then show which are alive. */
bool ip_lock_owners_are_here(const char *folder);

#endif
