/* errors.h - errors of a configuration, collected with their places and reported together.
 *
 * For the files of this directory. A place is a line and column of a file, or an origin alone ("--set a.b=1").
 */
#ifndef IP_CONFIG_ERRORS_H
#define IP_CONFIG_ERRORS_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ip_place {
  const char *origin;  /* file name, override, or NULL for a default */
  size_t line, column; /* from 1; 0: the origin as a whole */
} ip_place;

typedef struct ip_config_errors ip_config_errors;

ip_status ip_config_errors_create(ip_config_errors **out);
void ip_config_errors_destroy(ip_config_errors **f);
size_t ip_config_errors_count(const ip_config_errors *f);

/* Adds "place: error: key: message"; `key` may be NULL. Beyond the first hundred only their number is kept. */
ip_status ip_config_errors_add(ip_config_errors *f, ip_place place, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* IP_ECONFIG with all errors, sorted by place, if there are any. */
ip_status ip_config_errors_check(const ip_config_errors *f);

/* "'text'" for messages: at most 60 bytes, control characters shown as '?'. */
typedef struct ip_quote {
  char text[72];
} ip_quote;
ip_quote ip_quote_text(const char *s);

#endif
