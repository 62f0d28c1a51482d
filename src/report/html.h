/* html.h - parts of an HTML page, with all text escaped. For the files of this directory. */
#ifndef IP_REPORT_HTML_H
#define IP_REPORT_HTML_H

#include "base/status.h"

#include <stdio.h>

/* Text with & < > " ' as entities; bytes that are no UTF-8 text of HTML as question marks. */
void ip_html_text(FILE *out, const char *text);

/* A number with `digits` significant digits; an empty dash for NaN. */
void ip_html_number(FILE *out, double value, int digits);

/* Bytes in base64 (RFC 4648). */
void ip_html_base64(FILE *out, size_t n, const unsigned char *bytes);

/* A file of this media type as a data: URL (RFC 2397), in base64. IP_EIO if it cannot be read. */
ip_status ip_html_data(FILE *out, const char *path, const char *type);

/* An SVG file as a data: URL for an attribute in single quotes, as text: a fifth smaller than in base64. Line ends
 * and tabs become spaces, which an SVG of gnuplot does not tell apart. IP_EIO if it cannot be read. */
ip_status ip_html_svg(FILE *out, const char *path);

/* Bytes of what ip_html_svg writes. */
ip_status ip_html_svg_size(const char *path, size_t *n);

#endif
