/* records.h - text files of cells, one record after the other: CSV (RFC 4180), TSV, and columns parted by blanks.
 *
 * The separator is the first of comma, semicolon, tab and blank that stands in the first record outside quotes. Cells
 * lose the blanks around them and their quotes. Blank lines and lines beginning with # are skipped. A record ends with
 * its line, unless a quoted cell goes on in the next one.
 */
#ifndef IP_DATASET_RECORDS_H
#define IP_DATASET_RECORDS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ip_records ip_records;

typedef struct ip_record {
  size_t line; /* of the file, from 1 */
  size_t n;
  char **cell; /* (n); valid until the next record is read */
} ip_record;

ip_status ip_records_open(const char *path, ip_records **out);
void ip_records_close(ip_records **r);

/* The next record; n = 0 at the end of the file. IP_EFORMAT for a quote that is not closed, text behind a closing
 * quote, zero bytes, and lines longer than 64 MiB. */
ip_status ip_records_next(ip_records *r, ip_record *record);

/* Back to the first record. */
ip_status ip_records_rewind(ip_records *r);

#endif
