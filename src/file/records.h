/* records.h - a text file of cells, plain or packed by gzip: its format is detected, then records are read in order.
 *
 * The text is held in memory, since its format follows from all of its lines (text_format.h).
 */
#ifndef IP_FILE_RECORDS_H
#define IP_FILE_RECORDS_H

#include "file/text_format.h"

typedef struct ip_records ip_records;

/* Opens `path`, "-" for standard input. IP_EIO when it cannot be read; else as ip_text_format_find. */
ip_status ip_records_open(const char *path, const ip_text_options *opt, ip_records **out);
void ip_records_close(ip_records **r);

const ip_text_format *ip_records_format(const ip_records *r);

/* As messages name the file. */
const char *ip_records_path(const ip_records *r);

/* The next record with as many cells as the first one, a header included; n = 0 at the end. IP_EFORMAT for another
 * number of cells, a quote that is not closed, and text behind a closing quote. */
ip_status ip_records_next(ip_records *r, ip_record *record);

/* Back to the first record. */
void ip_records_rewind(ip_records *r);

/* The number in a cell. IP_EFORMAT, with its place, when it is missing, no number or not finite; `where` names the
 * column in the message ("column u: "), or is "". */
ip_status ip_records_number(const ip_records *r, const ip_cell *cell, const char *where, double *value);

/* Guesses about the format that are worth a remark, without an end of line; "" if there were none. To be freed. */
ip_status ip_records_remark(const ip_records *r, char **text);

#endif
