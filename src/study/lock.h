/* lock.h - who works on a directory of results.
 *
 * A lock is one of the operating system (flock) on a file that holds "pid host" of its owner for the messages of
 * others. It goes with its owner however that ends; worker processes inherit it.
 */
#ifndef IP_STUDY_LOCK_H
#define IP_STUDY_LOCK_H

#include "base/status.h"

#include <stdbool.h>

/* Takes the lock `path`, alone or shared, and hands out its descriptor. IP_ELOCKED when another process has it, with
 * its pid and host. If the owner has died but its workers are still exiting, waits up to 30 s. */
ip_status ip_lock_take(const char *path, bool shared, int *fd);

/* Whether every owner that a lock file of the directory names is of this host: then pids say who is alive. */
bool ip_lock_owners_are_here(const char *folder);

#endif
