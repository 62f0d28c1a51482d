/* plain.h - texts of others, made fit for tables and pages. */
#ifndef IP_BASE_PLAIN_H
#define IP_BASE_PLAIN_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdio.h>

/* The bytes of the UTF-8 character at s; 0 when there is none. */
size_t ip_utf8_character(const char *s);

/* Replaces, in place, what a terminal would act on: control characters other than line breaks and tabs (those of C1
 * too, alone or in UTF-8), and the marks that reverse the direction of text, by '?'. Error messages are always made so.
 */
void ip_plain_terminal(char *text);

/* printf for a terminal, for texts with names from files and paths: as ip_plain_terminal. Commands print every text
 * that is not their own by it, which a test checks. Returns the number of bytes. */
int ip_print(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes a text, in place, one that gnuplot shows as it is, in one field of one line: valid UTF-8, control characters
 * and marks of direction as blanks, double quotes as single ones, no "]]>". */
void ip_plain_figure(char *text);

/* The same for a copy of at most `most` bytes. */
ip_status ip_plain_text(const char *text, size_t most, ip_scratch *sc, const char **plain);

#endif
