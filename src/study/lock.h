/* lock.h - who works on a folder of results.
 *
 * A lock is one of the operating system (flock) on a file that holds "pid host" of its owner for the messages of
 * others. It goes with its owner however that ends; worker processes inherit it.
 */
#ifndef IP_STUDY_LOCK_H
#define IP_STUDY_LOCK_H

#include "base/status.h"

#include <stdbool.h>

/* Takes the lock `path`, alone or shared, and hands out its descriptor. IP_ELOCKED when another process has it, with
 * its pid and host. A lock whose owner has died but whose workers are just ending is waited for. */
ip_status ip_lock_take(const char *path, bool shared, int *fd);

/* Whether every owner that a lock file of the folder names is of this host: then pids say who is alive. */
bool ip_lock_owners_are_here(const char *folder);

#endif
