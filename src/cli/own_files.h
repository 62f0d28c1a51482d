/* own_files.h - folders of run files that infoplane run did not make. For the commands that take folders. */
#ifndef IP_CLI_OWN_FILES_H
#define IP_CLI_OWN_FILES_H

#include "base/mem.h"

/* The run files that the words mean, when they are not the folder of one experiment of infoplane run; *n is 0 when they
 * are. A folder counts as one of an experiment when its experiment.yaml names a run that is there, or when it has no
 * run files at all. *folder is where tables and figures go: the folder itself, or the one of the first file. */
ip_status ip_own_files(size_t n_words, const char *const *word, ip_scratch *sc, size_t *n, const char *const **file,
                       const char **folder);

#endif
