/* cells.h - cuts a text into records of cells: CSV (RFC 4180) and its relatives. All readers of text files use it.
 *
 * A record ends with its line, unless a quoted cell continues on the next one. Lines end with LF, CR LF or CR. Blank
 * lines and lines beginning with # are skipped, as is a byte order mark. A cell loses the blanks around it; one that
 * begins with a quote loses its quotes, and doubled quotes in it become one.
 */
#ifndef IP_FILE_CELLS_H
#define IP_FILE_CELLS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The separator of a text with one cell a line. */
#define IP_NO_SEPARATOR '\n'

typedef struct ip_cell {
  char *text;            /* ends with a 0 */
  uint32_t line, column; /* where it begins, from 1; a column is a byte of its line */
  bool quoted;
} ip_cell;

typedef struct ip_record {
  size_t line; /* of the file, from 1 */
  size_t n;
  ip_cell *cell; /* (n); valid until the next record is cut */
} ip_record;

typedef struct ip_cells ip_cells;

/* Cuts the (n) bytes of `text`, which a 0 follows and which the caller keeps; `path` is for messages. IP_EFORMAT for
 * zero bytes and UTF-16. */
ip_status ip_cells_create(const char *path, size_t n, const char *text, ip_cells **out);
void ip_cells_destroy(ip_cells **c);

/* The next record, its cells parted by `separator`: a character, ' ' for any run of blanks and tabs, or
 * IP_NO_SEPARATOR. n = 0 at the end. IP_EFORMAT for a quote that is not closed and for text behind a closing one. */
ip_status ip_cells_next(ip_cells *c, char separator, ip_record *record);

/* Back to the first record. */
void ip_cells_rewind(ip_cells *c);

#endif
