#include "summary/stamp.h"

#include "base/advice.h"
#include "base/build.h"
#include "base/text.h"
#include "file/atomic.h"
#include "study/files.h"
#include "study/paths.h"
#include "study/results.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const tables[] = {IP_FILE_SUMMARY, IP_FILE_RUNS, IP_FILE_CORRELATIONS, IP_FILE_GRID};

/* A stamp names a few dozen files. */
enum { MOST_BYTES = 1 << 20, STATE_SIZE = 80 };

/* Size and time of modification, or "-" when there is no such file. */
static const char *state_of(const char *path, char text[static STATE_SIZE])
{
  struct stat s;
  if (stat(path, &s) != 0) return "-";
  snprintf(text, STATE_SIZE, "%jd:%jd.%09ld", (intmax_t)s.st_size, (intmax_t)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  return text;
}

static ip_status stamp_path(const char *folder, char **path)
{
  return IP_FORMAT(*path, "%s/" IP_FILE_STAMP, folder);
}

/* ---------------------------------------------------------------- inputs */

static void add_text(ip_digest *d, const char *text)
{
  ip_digest_add(d, text, strlen(text) + 1);
}

static ip_status add_point(ip_digest *d, const ip_point *point, const char *folder)
{
  char *path, state[STATE_SIZE];
  IP_TRY(ip_results_run_path(folder, point->run_name, &path));
  add_text(d, point->run_name);
  add_text(d, point->digest);
  add_text(d, point->estimate_digest);
  add_text(d, state_of(path, state));
  ip_free(path);
  return IP_OK;
}

static ip_status add_experiment(ip_digest *d, const ip_experiment *e)
{
  static const char *const drawing[] = {"INFOPLANE_GNUPLOT", "INFOPLANE_PLOT"};
  char *text;
  IP_TRY(ip_experiment_text(e, &text));
  add_text(d, IP_VERSION);
  add_text(d, IP_COMMIT);
  add_text(d, text);
  ip_free(text);
  for (size_t i = 0; i < sizeof drawing / sizeof *drawing; i++) {
    const char *value = getenv(drawing[i]);
    add_text(d, value ? value : "");
  }
  return IP_OK;
}

ip_status ip_stamp_begin(ip_points *points, const char *folder, ip_scratch *sc, ip_stamp *s)
{
  ip_digest d;
  *s = (ip_stamp){.sc = sc};
  ip_digest_begin(&d);
  IP_TRY(add_experiment(&d, ip_points_experiment(points)));
  for (size_t k = 0; k < ip_points_count(points); k++) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point));
    IP_TRY(add_point(&d, point, folder));
  }
  ip_digest_end(&d, s->inputs);
  return IP_OK;
}

/* ---------------------------------------------------------------- figures */

ip_status ip_stamp_add(ip_stamp *s, const char *name, const char *path, const char *why_not)
{
  ip_stamp_figure one = {.name = NULL};
  IP_TRY(ip_scratch_text(s->sc, name, &one.name));
  if (path) IP_TRY(ip_scratch_text(s->sc, ip_file_name(path), &one.file));
  if (why_not) IP_TRY(ip_scratch_text(s->sc, why_not, &one.why_not));
  IP_TRY(IP_SCRATCH_GROW(s->sc, s->figure, s->n_figures, &s->room, "figures"));
  s->figure[s->n_figures++] = one;
  return IP_OK;
}

/* The state of the file and of the table beside it, as one text. */
static ip_status figure_state(const ip_stamp *s, const char *folder, const char *file, const char **text)
{
  char own[STATE_SIZE], beside[STATE_SIZE];
  const char *dot = strrchr(file, '.'), *path, *table;
  int n = dot ? (int)(dot - file) : (int)strlen(file);
  IP_TRY(ip_scratch_format(s->sc, &path, "%s/" IP_FOLDER_FIGURES "/%s", folder, file));
  IP_TRY(ip_scratch_format(s->sc, &table, "%s/" IP_FOLDER_FIGURES "/%.*s.tsv", folder, n, file));
  return ip_scratch_format(s->sc, text, "%s,%s", state_of(path, own), state_of(table, beside));
}

/* ---------------------------------------------------------------- the text */

static ip_status put_table(const ip_stamp *s, const char *folder, const char *table, FILE *out)
{
  char state[STATE_SIZE];
  const char *path;
  IP_TRY(ip_scratch_format(s->sc, &path, "%s/%s", folder, table));
  fprintf(out, "table\t%s\t%s\n", table, state_of(path, state));
  return IP_OK;
}

static ip_status put_figure(const ip_stamp *s, const char *folder, const ip_stamp_figure *f, FILE *out)
{
  const char *state;
  if (!f->file) {
    fprintf(out, "left_out\t%s\t%s\n", f->name, f->why_not ? f->why_not : "");
    return IP_OK;
  }
  IP_TRY(figure_state(s, folder, f->file, &state));
  fprintf(out, "figure\t%s\t%s\t%s\n", f->name, f->file, state);
  return IP_OK;
}

/* The stamp as it is written, from the files as they are now. */
static ip_status put_all(const ip_stamp *s, const char *folder, FILE *out)
{
  fprintf(out, "inputs\t%s\n", s->inputs);
  fprintf(out, "runs\t%zu\t%zu\t%d\n", s->counts.n_runs, s->counts.n_failed_to_fit, s->finished);
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) IP_TRY(put_table(s, folder, tables[i], out));
  for (size_t i = 0; i < s->n_figures; i++) IP_TRY(put_figure(s, folder, &s->figure[i], out));
  return IP_OK;
}

static ip_status text_of(const ip_stamp *s, const char *folder, char **text)
{
  size_t n;
  char *own = NULL;
  *text = NULL;
  FILE *out = open_memstream(&own, &n);
  IP_REQUIRE(out, IP_ENOMEM, "no memory for the stamp of the tables");
  ip_status st = put_all(s, folder, out);
  bool failed = fclose(out) != 0;
  if (st == IP_OK) st = failed ? IP_ENOMEM : IP_STRDUP(*text, own);
  free(own);
  return st;
}

ip_status ip_stamp_write(const ip_stamp *s, const char *folder)
{
  char *text, *path;
  IP_TRY(text_of(s, folder, &text));
  ip_status st = stamp_path(folder, &path);
  if (st == IP_OK) {
    st = ip_file_write(path, text);
    ip_free(path);
  }
  ip_free(text);
  return st;
}

ip_status ip_stamp_remove(const char *folder)
{
  char *path;
  IP_TRY(stamp_path(folder, &path));
  int failed = unlink(path) != 0 && errno != ENOENT ? errno : 0;
  ip_status st = failed ? ip_error_set(__FILE__, __LINE__, __func__, ip_status_of_write(failed),
                                       "%s: cannot be removed: %s", path, strerror(failed))
                        : IP_OK;
  ip_free(path);
  return st;
}

/* ---------------------------------------------------------------- reading */

/* Takes the counts and figures from a line; the rest is known or compared. */
static ip_status read_line(ip_stamp *s, char *line)
{
  char *rest = NULL, *field[4] = {strtok_r(line, "\t", &rest), NULL, NULL, NULL};
  for (size_t i = 1; i < 4 && field[i - 1]; i++) field[i] = strtok_r(NULL, "\t", &rest);
  if (!field[2]) return IP_OK;
  int64_t n;
  if (!strcmp(field[0], "runs")) {
    if (ip_parse_int(field[1], &n)) s->counts.n_runs = (size_t)n;
    if (ip_parse_int(field[2], &n)) s->counts.n_failed_to_fit = (size_t)n;
    s->finished = field[3] && !strcmp(field[3], "1");
  }
  if (!strcmp(field[0], "figure")) return ip_stamp_add(s, field[1], field[2], NULL);
  if (!strcmp(field[0], "left_out")) return ip_stamp_add(s, field[1], NULL, field[2]);
  return IP_OK;
}

static ip_status read_text(ip_stamp *s, const char *text)
{
  char *copy, *rest = NULL;
  IP_TRY(IP_STRDUP(copy, text));
  ip_status st = IP_OK;
  for (char *line = strtok_r(copy, "\n", &rest); line && st == IP_OK; line = strtok_r(NULL, "\n", &rest))
    st = read_line(s, line);
  ip_free(copy);
  return st;
}

/* The stamp holds when the same text would be written now; a file that is missing now has another state. */
static ip_status compare(ip_stamp *s, const char *folder, const char *text, bool *holds)
{
  char *now;
  IP_TRY(read_text(s, text));
  IP_TRY(text_of(s, folder, &now));
  *holds = !strcmp(now, text);
  ip_free(now);
  return IP_OK;
}

ip_status ip_stamp_holds(ip_stamp *s, const char *folder, bool *holds)
{
  char *path, *text = NULL;
  size_t n;
  *holds = false;
  IP_TRY(stamp_path(folder, &path));
  ip_status st = access(path, R_OK) == 0 ? ip_file_read(path, MOST_BYTES, &n, &text) : IP_OK;
  ip_free(path);
  if (st == IP_OK && text) st = compare(s, folder, text, holds);
  ip_free(text);
  if (*holds) return st;
  s->counts = (ip_gather_counts){0};
  s->n_figures = 0;
  s->finished = false;
  if (st == IP_ENOMEM) return st;
  ip_error_clear(); /* a stamp that cannot be read holds nothing */
  return IP_OK;
}
