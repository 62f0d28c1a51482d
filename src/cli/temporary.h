/* temporary.h - a directory for what a command needs only until its end. */
#ifndef IP_CLI_TEMPORARY_H
#define IP_CLI_TEMPORARY_H

#include "base/status.h"

/* Creates a directory under TMPDIR (/tmp). */
ip_status ip_temporary_create(char **folder);

/* Removes it with the files in it, and frees its name; does nothing for NULL. */
void ip_temporary_remove(char **folder);

#endif
