/* gathered.h - small experiments whose run files have numbers that follow from their place, and cells of their tables.
 */
#ifndef IP_SUMMARY_TEST_GATHERED_H
#define IP_SUMMARY_TEST_GATHERED_H

#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "runfile/test/sample_run.h"
#include "study/gathered.h"
#include "summary/gather.h"

#include <math.h>

enum { EPOCHS = 3 };

static inline ip_experiment *parse(const char *sweep)
{
  char text[600];
  snprintf(text, sizeof text,
           "name: sample\nrepeats: 2\nseed: 5\nnetwork: {hidden: [3]}\ntraining: {epochs: 10}\n"
           "log: {schedule: list, list: [0, 3, 6]}\nestimators: [edges, \"width:size=0.5\"]\nfigures: []\n%s",
           sweep);
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &e));
  return e;
}

/* The run file of point k: I(X;T) is 100 k, 100 k + 1, ...; without `estimates` it has none. */
static inline void write_run(const ip_experiment *e, size_t k, bool estimates)
{
  char path[512];
  ip_experiment *point;
  CHECK_OK(ip_experiment_point(e, k, &point));
  snprintf(path, sizeof path, "%s/runs/%s.h5", temp_folder, point->run_name);
  ip_experiment_destroy(&point);
  CHECK_OK(sample_write(path, EPOCHS, EPOCHS));
  if (estimates) CHECK_OK(sample_inform(path, "edges", EPOCHS, 100 * (double)k));
}

static inline void clear(void)
{
  char command[400];
  snprintf(command, sizeof command, "rm -rf '%s'/*", temp_folder);
  assert_int_equal(system(command), 0);
  CHECK_OK(ip_folder_create(temp_path("runs")));
}

/* Line i of a table, without its end. */
static inline const char *line_of(const char *name, size_t i)
{
  static char line[4000];
  FILE *in = fopen(temp_path(name), "r");
  assert_non_null(in);
  for (size_t j = 0; j <= i; j++)
    if (!fgets(line, sizeof line, in)) *line = 0;
  fclose(in);
  line[strcspn(line, "\n")] = 0;
  return line;
}

/* The cells before the columns that describe the run and what was estimated from. */
static inline void check_begins(const char *line, const char *begin)
{
  if (strncmp(line, begin, strlen(begin))) fail_msg("got %s, expected %s at the beginning", line, begin);
}

/* The cell of row i below the head `column`. */
static inline void check_cell(const char *name, size_t i, const char *column, const char *expected)
{
  char head[4000], *rest = NULL, name_of[80];
  size_t at = 0;
  snprintf(head, sizeof head, "%s", line_of(name, 0));
  const char *h = strtok_r(head, ",", &rest);
  for (; h && strcmp(h, column); at++) h = strtok_r(NULL, ",", &rest);
  assert_non_null(h);
  const char *cell = line_of(name, i);
  while (at--) cell = strchr(cell, ',') + 1;
  snprintf(name_of, sizeof name_of, "%.*s", (int)strcspn(cell, ","), cell);
  assert_string_equal(name_of, expected);
}

static inline size_t count_lines(const char *name)
{
  size_t n = 0;
  while (*line_of(name, n)) n++;
  return n;
}

static inline ip_status gather(const ip_experiment *e, ip_gather_counts *counts)
{
  ip_points *points;
  IP_TRY(ip_points_create(e, &points));
  ip_status st = ip_gather(points, temp_folder, counts);
  ip_points_destroy(&points);
  return st;
}

#endif
