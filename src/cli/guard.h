/* guard.h - work on files that others may have made, in a supervised child process.
 *
 * libhdf5 crashes on some damaged files, and nobody knows what a file from a stranger contains. Commands that open such
 * files do their work in a child with the limits of cli/confine.h. If the child is killed by a signal, the parent
 * removes what the child had half written and names the file. docs/reliability.md describes what this guarantees.
 */
#ifndef IP_CLI_GUARD_H
#define IP_CLI_GUARD_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef ip_status ip_guard_work(void *context);

typedef struct ip_guard {
  const char *folder; /* results go into this directory, which is created if it does not exist; NULL: none */
  const char *file;   /* a result with this name: into its directory; NULL: none */
  bool follows;       /* `file` is changed, and may be a link: also into the directory of what it leads to */
  bool goes_on;       /* without files that end the child, are damaged, or cannot be opened */
  bool draws_eps;     /* the Cairo of gnuplot writes such figures to a file of tmpfile(3) first */
} ip_guard;

/* Runs work(context) in a child that writes nowhere else. Status and message of the child become those of this call.
 * `goes_on`: a file that ended the child or made the work fail is reported and left out (ip_reading_is_left_out), and
 * the work is done again; the call then fails at its end. Nothing may be open or unwritten, except for standard
 * streams. */
ip_status ip_guard_run(const ip_guard *g, ip_guard_work *work, void *context);

/* The same for work that writes nothing and whose result is elsewhere: what datasets are read by (dataset/isolate.h).
 * In a supervised child it is done at once. */
ip_status ip_guard_read(ip_guard_work *work, void *context);

/* Zeroed memory in which the work may leave a result without pointers. What is found there is to be checked: a child
 * that read a file of a stranger may write anything. */
ip_status ip_guard_share(size_t size, void **out);
void ip_guard_unshare(size_t size, void **shared);

#endif
