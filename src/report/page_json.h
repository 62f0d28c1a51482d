/* page_json.h - JSON written to a stream, safe inside <script> of a page. For the files of this directory.
 *
 *     ip_page_json j = {.out = out};
 *     ip_page_json_open(&j, NULL, '{');
 *     ip_page_json_text(&j, "name", "a");        "name":"a"
 *     ip_page_json_open(&j, "runs", '[');
 *     ip_page_json_number(&j, NULL, 0.5);        elements of arrays have no name
 *     ip_page_json_close(&j, ']');
 *     ip_page_json_close(&j, '}');
 */
#ifndef IP_REPORT_PAGE_JSON_H
#define IP_REPORT_PAGE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct ip_page_json {
  FILE *out;
  bool follows; /* the next element follows another one */
} ip_page_json;

void ip_page_json_open(ip_page_json *j, const char *name, char bracket);
void ip_page_json_close(ip_page_json *j, char bracket);

/* "<" is written as \u003c, so no text can end the script; U+2028 and U+2029 as escapes, bytes that are no UTF-8 as
 * U+FFFD. */
void ip_page_json_text(ip_page_json *j, const char *name, const char *text);

/* Six significant digits, all of a whole number; null for a number that is not finite. And with all its digits. */
void ip_page_json_number(ip_page_json *j, const char *name, double value);
void ip_page_json_exact(ip_page_json *j, const char *name, double value);

void ip_page_json_int(ip_page_json *j, const char *name, int64_t value);
void ip_page_json_bool(ip_page_json *j, const char *name, bool value);
void ip_page_json_null(ip_page_json *j, const char *name);

#endif
