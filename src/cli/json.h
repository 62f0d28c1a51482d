/* json.h - what commands print with --json.
 *
 * One writer for all: NaN is null, infinities are the strings "inf" and "-inf", bytes that are not UTF-8 become U+FFFD,
 * numbers have up to 15 digits. docs/json.md describes the objects.
 */
#ifndef IP_CLI_JSON_H
#define IP_CLI_JSON_H

#include "base/status.h"

#include <jansson.h>
#include <stdio.h>

json_t *ip_json_real(double x);
json_t *ip_json_finite(double x); /* the same, but infinities are null too: they mean that there is no such value */
json_t *ip_json_text(const char *text);
json_t *ip_json_count(size_t n);

/* (n) texts as an array. */
json_t *ip_json_texts(size_t n, const char *const *text);

/* Prints `value` with indented lines, or as one line, and releases it. IP_ENOMEM if it is NULL, as what could not be
 * made is. A failed output is an error of the program's end. */
ip_status ip_json_print(json_t *value, FILE *out);
ip_status ip_json_print_line(json_t *value, FILE *out);

#endif
