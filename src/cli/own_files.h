/* own_files.h - directories of run files that infoplane run did not create. For commands that accept directories. */
#ifndef IP_CLI_OWN_FILES_H
#define IP_CLI_OWN_FILES_H

#include "base/mem.h"

/* The run files that the words of a command name, unless they name the results directory of one experiment of infoplane
 * run; then n is 0. A directory is a results directory if a run of its experiment.yaml exists, or if it has no run
 * files at all. */
typedef struct ip_own_files {
  ip_scratch *sc;
  size_t n;
  const char *const *file; // (n)
  const char *folder;      /* for tables and figures: the directory itself, or that of the first file */
} ip_own_files;

/* IP_EUSAGE if there are no words. */
ip_status ip_own_files_open(const char *command, size_t n_words, const char *const *word, ip_own_files *f);
void ip_own_files_close(ip_own_files *f);

#endif
