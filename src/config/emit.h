/* emit.h - scalars written as YAML that reads back to the same value.
 *
 * For the files of this directory.
 */
#ifndef IP_CONFIG_EMIT_H
#define IP_CONFIG_EMIT_H

#include <stdbool.h>
#include <stdio.h>

/* A text, plain where that is safe in every reader of YAML, else in double quotes; fits in a list. */
void ip_emit_text(const char *text, FILE *out);

/* The fewest digits that read back to the same double. */
void ip_emit_real(double v, FILE *out);

bool ip_is_utf8(const char *text);

#endif
