/* plain.h - texts of others, made fit for tables and pages. */
#ifndef IP_BASE_PLAIN_H
#define IP_BASE_PLAIN_H

#include "base/mem.h"

/* The bytes of the UTF-8 character at s; 0 when there is none. */
size_t ip_utf8_character(const char *s);

/* Text that gnuplot shows as it is, in one field of one line: valid UTF-8 of at most `most` bytes, control characters
 * as blanks, double quotes as single ones. */
ip_status ip_plain_text(const char *text, size_t most, ip_scratch *sc, const char **plain);

#endif
