/* files.h - the run files named by the arguments of a command line. */
#ifndef IP_STUDY_FILES_H
#define IP_STUDY_FILES_H

#include "base/mem.h"

/* The (n) files that (n_words) words name, in scratch: a word that is a directory means its runs in runs/ (*.h5), or
 * those in itself, in the order of their names; any other word is a run file. IP_EIO for a directory without run files
 * or a word that names nothing. */
ip_status ip_run_files(size_t n_words, const char *const *word, ip_scratch *sc, size_t *n, const char *const **file);

/* The part of a path after its last slash. */
const char *ip_file_name(const char *path);

/* The default directory for the figures of the files: figures/ in the directory of the experiment. */
ip_status ip_figures_folder(const char *file, ip_scratch *sc, const char **folder);

#endif
