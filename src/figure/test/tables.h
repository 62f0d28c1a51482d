/* tables.h - looks values up in the tables of figures. */
#ifndef IP_FIGURE_TEST_TABLES_H
#define IP_FIGURE_TEST_TABLES_H

#include "base/test/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char tables_folder[512];

typedef struct {
  size_t n;
  char *field[32];
  char text[1024];
} row;

/* Reads the next line; false at the end. A line without text has no fields. */
static inline bool next_row(FILE *in, row *r)
{
  r->n = 0;
  if (!fgets(r->text, sizeof r->text, in)) return false;
  r->text[strcspn(r->text, "\n")] = 0;
  if (!*r->text) return true;
  for (char *at = r->text; at; r->n++) {
    r->field[r->n] = at;
    at = strchr(at, '\t');
    if (at) *at++ = 0;
  }
  return true;
}

/* Opens a table and reads its head line. */
static inline FILE *open_table(const char *table, row *head)
{
  char path[600];
  snprintf(path, sizeof path, "%s/%s.tsv", tables_folder, table);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  assert_true(next_row(in, head));
  return in;
}

/* The value in a column, given by its name in the head line, of the first row that has these texts in the columns of
 * the given names. */
static inline double find(const char *table, const char *column, const char *const (*want)[2], size_t n)
{
  row head, r;
  FILE *in = open_table(table, &head);
  double value = 0;
  bool found = false;
  while (!found && next_row(in, &r)) {
    bool fits = r.n > 0;
    for (size_t k = 0; k < head.n && r.n; k++)
      for (size_t i = 0; i < n; i++)
        if (strcmp(head.field[k], want[i][0]) == 0 && strcmp(r.field[k], want[i][1]) != 0) fits = false;
    for (size_t k = 0; k < head.n && fits; k++)
      if (strcmp(head.field[k], column) == 0) {
        value = strtod(r.field[k], NULL);
        found = true;
      }
  }
  fclose(in);
  if (!found) fail_msg("%s has no such row", table);
  return value;
}
#define FIND(table, column, ...)                                                                                       \
  find(table, column, (const char *const[][2]){__VA_ARGS__},                                                           \
       sizeof((const char *const[][2]){__VA_ARGS__}) / sizeof(const char *[2]))

static inline size_t count_lines(const char *table, bool empty)
{
  char path[600];
  row r;
  size_t n = 0;
  snprintf(path, sizeof path, "%s/%s.tsv", tables_folder, table);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  while (next_row(in, &r)) n += empty == (r.n == 0);
  fclose(in);
  return n;
}

#endif
