/* confine.h - limits of a process that reads files of others. They also hold for the programs it starts. */
#ifndef IP_CLI_CONFINE_H
#define IP_CLI_CONFINE_H

#include <stddef.h>

/* Gives up what this process does not need, for good:
 * - memory: at most that of the machine; core files: none;
 * - files (Landlock): written, created and removed only below the (n) directories (NULL: none), besides standard output
 * and error; in `scratch` (NULL: none) files are written, but not created by name or removed: those of tmpfile(3);
 * - network, other processes (seccomp): no sockets, no tracing, no mounts, no kernel keys.
 * What the kernel lacks is skipped (Landlock: before 5.13 or disabled); docs/reliability.md has what then remains. */
void ip_confine(size_t n, const char *const *folder, const char *scratch);

#endif
