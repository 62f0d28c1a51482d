#define _GNU_SOURCE /* memfd_create */
#include "figure/gnuplot.h"

#include "base/advice.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/process.h"
#include "base/share.h"
#include "base/stop.h"
#include "base/text.h"
#include "figure/latex.h"
#include "file/atomic.h"
#include "file/part.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *ip_gnuplot_program(void)
{
  const char *program = getenv("INFOPLANE_GNUPLOT");
  return program && *program ? program : "gnuplot";
}

ip_status ip_gnuplot_script(const char *name, char **path)
{
  static const ip_share scripts = {"INFOPLANE_PLOT", "scripts/plot", "plot"};
  char file[64];
  snprintf(file, sizeof file, "%s.gp", name);
  IP_TRY(ip_share_find(&scripts, file, path));
  IP_REQUIRE(*path, IP_EIO,
             "the plot script %s was not found in share/infoplane/plot of the installation; set INFOPLANE_PLOT to the "
             "directory that has it",
             file);
  return IP_OK;
}

/* Messages one a line, without empty lines. */
static void squeeze(char *text)
{
  char *to = text;
  for (const char *c = text; *c; c++)
    if (*c != '\n' || (to > text && to[-1] != '\n')) *to++ = *c;
  while (to > text && to[-1] == '\n') to--;
  *to = 0;
}

/* How long one figure may take; a gnuplot that waits for something would do so for ever. */
static double limit_seconds(void)
{
  const char *text = getenv("INFOPLANE_GNUPLOT_SECONDS");
  double seconds;
  return text && ip_parse_real(text, &seconds) && seconds > 0 ? seconds : 600;
}

/* Whether gnuplot did it. `what` is the figure, for messages. */
static ip_status check_run(const ip_process_result *r, const char *what)
{
  const char *program = ip_gnuplot_program();
  IP_REQUIRE(r->error != ENOENT, IP_ECHILD,
             "%s cannot be plotted: the program '%s' was not found; install gnuplot (Debian: apt-get install "
             "gnuplot-nox), or set INFOPLANE_GNUPLOT to its path",
             what, program);
  IP_REQUIRE(!r->error, IP_ECHILD, "%s cannot be plotted: '%s' could not be started: %s", what, program,
             strerror(r->error));
  IP_REQUIRE(
      !r->timed_out, IP_ECHILD,
      "%s cannot be plotted: '%s' did not end within %g s and was killed; INFOPLANE_GNUPLOT_SECONDS sets another "
      "limit",
      what, program, limit_seconds());
  if (r->signal) IP_TRY(ip_stop_check());
  IP_REQUIRE(!r->signal, IP_ECHILD, "%s cannot be plotted: gnuplot was ended by signal %d", what, r->signal);
  squeeze(r->err);
  IP_REQUIRE(r->exit == 0, IP_ECHILD, "%s cannot be plotted: gnuplot failed with exit status %d:\n%.2047s", what,
             r->exit, r->err);
  return IP_OK;
}

/* gnuplot takes names that begin with '<' or '|' for commands: "./" in front makes them plain names. */
static ip_status plain_name(const char *path, char **plain)
{
  return IP_FORMAT(*plain, "%s%s", *path == '/' ? "" : "./", path);
}

/* gnuplot -d -c SCRIPT ARGUMENT..., to its end. What it prints is printed here, where main checks that it could be
 * written: gnuplot does not. */
static ip_status call(const char *script, size_t n, const char *const *argument, const char *what)
{
  const char *argv[10] = {ip_gnuplot_program(), "-d", "-c", script};
  ip_process_result r;
  for (size_t i = 0; i < n; i++) argv[4 + i] = argument[i];
  IP_TRY(ip_process_run(&(ip_process_spec){.argv = argv, .ends_with_parent = true, .seconds = limit_seconds()}, &r));
  ip_status st = check_run(&r, what);
  if (st == IP_OK) {
    char *text = r.out + (*r.out == '\f'); /* its terminal dumb begins with a form feed */
    ip_plain_terminal(text);
    fputs(text, stdout);
  }
  ip_process_result_free(&r);
  return st;
}

static ip_status check_written(const char *part, const char *out)
{
  struct stat about;
  IP_REQUIRE(stat(part, &about) == 0, IP_EIO, "%s: gnuplot wrote no file there: %s", out, strerror(errno));
  IP_REQUIRE(about.st_size > 0, IP_ECHILD, "%s: gnuplot left an empty file", out);
  return IP_OK;
}

/* gnuplot writes the figure of `out` to `part`. */
static ip_status run_script(const char *script, const char *table, const char *out, const char *part,
                            const char *format, const ip_paper *paper)
{
  char width[32] = "", *data;
  bool as_wanted = paper && (paper->width_mm > 0 || paper->font);
  if (as_wanted && paper->width_mm > 0) snprintf(width, sizeof width, "%.6g", paper->width_mm);
  IP_TRY(plain_name(table, &data));
  const char *argument[] = {data, part, format, width, as_wanted && paper->font ? paper->font : ""};
  ip_status st = call(script, as_wanted ? 5 : 3, argument, out);
  if (st == IP_OK) st = check_written(part, out);
  ip_free(data);
  return st;
}

/* Points of the font: style.gp has the same rule. */
static double font_points(const ip_paper *paper)
{
  const char *comma = paper && paper->font ? strchr(paper->font, ',') : NULL;
  return comma ? strtod(comma + 1, NULL) : paper && paper->width_mm > 0 ? 7.5 : 9;
}

/* Two files: NAME.tex with the texts, and the PDF NAME-graphics.pdf, which it includes. */
static ip_status draw_latex(const char *script, const char *table, const char *target, const ip_paper *paper)
{
  char *stem = NULL, *raw = NULL, *lines = NULL, *graphics = NULL;
  size_t n = strlen(target) - (sizeof ".tex" - 1);
  ip_status st = IP_FORMAT(stem, "%.*s-graphics", (int)n, target);
  if (st == IP_OK) st = IP_FORMAT(raw, "%s.part.tex", stem);
  if (st == IP_OK) st = IP_FORMAT(lines, "%s.part.pdf", stem);
  if (st == IP_OK) st = IP_FORMAT(graphics, "%s.pdf", stem);
  if (st == IP_OK) st = ip_part_clear(raw);
  if (st == IP_OK) st = ip_part_clear(lines);
  if (st == IP_OK) st = run_script(script, table, target, raw, "tex", paper);
  if (st == IP_OK) st = check_written(lines, graphics);
  if (st == IP_OK) st = ip_file_publish(lines, graphics);
  if (st == IP_OK) st = ip_latex_finish(raw, strrchr(stem, '/') + 1, font_points(paper), target);
  if (raw) unlink(raw);
  if (lines && st != IP_OK) unlink(lines);
  ip_free(graphics);
  ip_free(lines);
  ip_free(raw);
  ip_free(stem);
  return st;
}

/* Writes the figure in `memory` to target. */
static ip_status write_figure(int memory, const char *target)
{
  ip_draft *d;
  IP_TRY(ip_draft_create(target, &d));
  int error = lseek(memory, 0, SEEK_SET) < 0 ? errno : ip_file_copy_bytes(memory, fileno(ip_draft_stream(d)));
  if (!error) return ip_draft_publish(&d);
  ip_draft_discard(&d);
  IP_FAIL(ip_status_of_write(error), "%s: cannot be written: %s%s", target, strerror(error),
          ip_advice_on_writing(error));
}

/* gnuplot does not check its writes: on a full disk, a figure without some of its lines would look finished. So it
 * writes to memory, by the name of an inherited descriptor, and the file is written here. */
static ip_status draw_in_memory(const char *script, const char *table, const char *target, const char *format,
                                const ip_paper *paper)
{
  char part[32];
  int memory = memfd_create("infoplane-figure", 0);
  IP_REQUIRE(memory >= 0, IP_ENOMEM, "%s cannot be plotted: no memory for the figure: %s", target, strerror(errno));
  snprintf(part, sizeof part, "/proc/self/fd/%d", memory);
  ip_status st = run_script(script, table, target, part, format, paper);
  if (st == IP_OK) st = write_figure(memory, target);
  close(memory);
  return st;
}

/* Where /proc is not mounted, descriptors have no names. */
static ip_status draw_file(const char *script, const char *table, const char *target, const char *format,
                           const ip_paper *paper)
{
  char *part;
  if (!access("/proc/self/fd", X_OK)) return draw_in_memory(script, table, target, format, paper);
  IP_TRY(IP_FORMAT(part, "%s.part", target));
  ip_status st = ip_part_clear(part);
  if (st == IP_OK) st = run_script(script, table, target, part, format, paper);
  if (st == IP_OK) st = ip_file_publish(part, target);
  if (st != IP_OK) unlink(part);
  ip_free(part);
  return st;
}

ip_status ip_gnuplot_draw(const char *script, const char *table, const char *out, const char *format,
                          const ip_paper *paper)
{
  char *target;
  IP_TRY(plain_name(out, &target));
  ip_status st = strcmp(format, "tex") == 0 ? draw_latex(script, table, target, paper)
                                            : draw_file(script, table, target, format, paper);
  ip_free(target);
  return st;
}

ip_status ip_gnuplot_print(const char *script, const char *table, int columns, int lines)
{
  char *data = NULL, width[24], height[24];
  snprintf(width, sizeof width, "%d", columns);
  snprintf(height, sizeof height, "%d", lines);
  IP_TRY(plain_name(table, &data));
  const char *argument[] = {data, "", "dumb", width, height};
  ip_status st = call(script, 5, argument, table);
  ip_free(data);
  return st;
}
