/* text_format.h - how a text file of numbers is written: its separator, its decimal sign, and whether it has a header.
 *
 * Options that are not set are detected from all lines, not from the first one alone:
 *   separator  the one of comma, semicolon, tab, pipe and blanks that gives every record the same number of cells (two
 *              or more); of several, the one whose cells are most often numbers, or else words without separators, then
 *              the first of this list. An empty cell behind the last separator of every line is dropped.
 *   decimal    a comma if cells such as 0,5 occur and none with a point. If every such cell has three digits behind
 *              the comma (1,000), it could also be a thousand, and the file is rejected.
 *   header     the first record is one if none of its cells is a number; if a name is above numbers only; if one of its
 *              cells is a usual name of a label column and no label; and if its numbers count the columns (0, 1, 2)
 *              and the other records show that they are not a sample. An ambiguous case is rejected.
 */
#ifndef IP_FILE_TEXT_FORMAT_H
#define IP_FILE_TEXT_FORMAT_H

#include "file/cells.h"

/* Choices, in the order of the lists of names below. */
typedef enum {
  IP_SEPARATOR_AUTO,
  IP_SEPARATOR_COMMA,
  IP_SEPARATOR_SEMICOLON,
  IP_SEPARATOR_TAB,
  IP_SEPARATOR_PIPE,
  IP_SEPARATOR_BLANK
} ip_separator;
typedef enum { IP_DECIMAL_AUTO, IP_DECIMAL_POINT, IP_DECIMAL_COMMA } ip_decimal;
typedef enum { IP_HEADER_AUTO, IP_HEADER_YES, IP_HEADER_NO } ip_header;

/* auto, comma, ...; auto, point, comma; auto, yes, no: each list ends with NULL. */
const char *const *ip_separator_names(void);
const char *const *ip_decimal_names(void);
const char *const *ip_header_names(void);

typedef struct ip_text_options {
  int separator, decimal, header;
} ip_text_options;

typedef struct ip_text_format {
  char separator; /* as ip_cells_next expects it */
  char decimal;   /* '.' or ',' */
  bool header;
  bool numbered; /* the header contains numbers */
  bool trailing; /* every line ends with a separator: its last, empty cell is no column */
  size_t width;  /* cells of the first record, without the trailing one */
} ip_text_format;

/* Finds the format of all records of `cells`, which is rewound. width = 0 if there are no records. IP_EFORMAT if the
 * format is ambiguous; the message names the option that decides, which is --NAME in the program and dataset.NAME in an
 * experiment. */
ip_status ip_text_format_find(const ip_text_options *opt, const char *path, ip_cells *cells, ip_text_format *out);

/* The whole cell is one number in this decimal sign, finite or not. */
bool ip_text_number(char decimal, const char *text, double *value);

/* The cell is a usual notation for a missing value: nothing, NA, N/A, NaN, null, None, ?, - . */
bool ip_text_is_missing(const char *text);

/* Why a cell is no number, to be put behind "got '...'": thousands separators, the other decimal sign, or "". */
const char *ip_text_advice(char decimal, const char *text);

/* A usual name of a column of labels, in any case: label, labels, class, classes, target. Its place in this list, from
 * 1; 0 for any other text. */
int ip_text_label_name(const char *text);

#endif
