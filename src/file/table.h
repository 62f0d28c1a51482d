/* table.h - tables as text files: comma separated (.csv) or tab separated (.tsv), by the extension of the name.
 *
 * A text that contains a separator, a quote or a line break is quoted, with its quotes doubled (RFC 4180). Numbers are
 * written with the fewest of 15, 16 or 17 digits that read back to the same double; nan, inf and -inf as such. The file
 * gets its name when it is complete (atomic.h).
 *
 *     ip_table *t;
 *     IP_TRY(ip_table_create(path, &t));
 *     ip_table_text(t, "epoch"); ip_table_text(t, "loss"); ip_table_end_row(t);
 *     ip_table_int(t, 10);       ip_table_real(t, 0.25);   ip_table_end_row(t);
 *     IP_TRY(ip_table_publish(&t));
 */
#ifndef IP_FILE_TABLE_H
#define IP_FILE_TABLE_H

#include "base/status.h"

#include <stdint.h>
#include <stdio.h>

typedef struct ip_table ip_table;

ip_status ip_table_create(const char *path, ip_table **out);

/* A table that gnuplot reads: texts are made fit for it (ip_plain_figure of base/plain.h). */
ip_status ip_table_create_for_figure(const char *path, ip_table **out);

/* A table on an open stream, which stays the caller's. */
ip_status ip_table_create_on(FILE *out, char separator, ip_table **table);

/* Fields of the current row. A failed write shows when the table is published. */
void ip_table_text(ip_table *t, const char *text);
void ip_table_quoted(ip_table *t, const char *text); /* always in quotes */
void ip_table_real(ip_table *t, double value);
void ip_table_int(ip_table *t, int64_t value);
void ip_table_end_row(ip_table *t);

/* Ends the table: publish gives the file its name (on a stream: flushes it), discard removes what was written. *t is
 * NULL afterwards; discard does nothing then. */
ip_status ip_table_publish(ip_table **t);
void ip_table_discard(ip_table **t);

#endif
