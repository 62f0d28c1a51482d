/* leftovers.h - half-written files of a process that was killed: NAME.part and NAME.new (file/atomic.h). */
#ifndef IP_CLI_LEFTOVERS_H
#define IP_CLI_LEFTOVERS_H

#include "base/mem.h"
#include "base/status.h"

typedef struct ip_leftovers {
  ip_scratch *sc;
  size_t n_folders, n, room;
  const char *folder[8];
  const char **before; // (n) half-written files of other processes
} ip_leftovers;

/* Notes the half-written files that exist in (n) directories and their subdirectories figures/; NULL: none. */
ip_status ip_leftovers_note(size_t n, const char *const *folder, ip_leftovers *l);

/* Removes those that have appeared since. */
void ip_leftovers_remove(ip_leftovers *l);

void ip_leftovers_free(ip_leftovers *l);

#endif
