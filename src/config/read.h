/* read.h - reading files, and the files they inherit from.
 *
 * For the files of this directory.
 */
#ifndef IP_CONFIG_READ_H
#define IP_CONFIG_READ_H

#include "config/state.h"

/* A file that is being read. Those that wait for the files they inherit from are a list. */
typedef struct ip_config_source {
  const char *path;
  bool is_text;                        /* not a file, and cannot inherit */
  ip_place extends;                    /* its key that names the next file */
  const struct ip_config_source *heir; /* the file that inherits from this one, or NULL */
} ip_config_source;

/* The bytes of a file, to be freed with ip_free. IP_ECONFIG if it cannot be read or is too large. */
ip_status ip_config_slurp(const char *path, size_t *n, char **text);

/* Reads (n) bytes of the file s->path, after the file it inherits from. */
ip_status ip_config_read_source(ip_config *c, size_t n, const char *text, ip_config_source *s);

/* Reads the file that the mapping `root` of `s` inherits from, if it names one. */
ip_status ip_config_inherit(ip_config *c, const ip_node *root, ip_config_source *s);

#endif
