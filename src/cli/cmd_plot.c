/* cmd_plot.c - infoplane plot: figures of run files. */
#include "base/plain.h"
#include "cli/complete.h"
#include "cli/guard.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/print_path.h"
#include "cli/temporary.h"
#include "figure/figure.h"
#include "figure/paper.h"
#include "file/reading.h"
#include "study/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_plot = {
    .name = "plot",
    .usage = "DIR|RUN.h5... [--figure NAME]... [--estimator LABEL] [--fractions] [--series NAME]...\n"
             "       [--format svg|png|pdf|eps|tex] [--width WIDTH] [--font FONT] [--terminal] [-o DIR]",
    .summary = "Plot figures of run files",
    .details =
        "DIR is a results directory; its figures go to DIR/figures. Runs that differ only in their seed are averaged;\n"
        "any other difference makes another panel. Each figure has its table (.tsv) in the same directory, from which\n"
        "the script in scripts/plot can plot it again. Without --figure, all figures that the files have data for are\n"
        "plotted; --list shows the names. The path of each figure is printed.",
    .run = run,
    .complete = ip_complete_runs,
};

static ip_status list_figures(bool json)
{
  json_t *list = json ? json_array() : NULL;
  for (size_t i = 0; i < ip_figure_count(); i++)
    if (json)
      json_array_append_new(list, json_pack("{s:s, s:s}", "name", ip_figure_name(i), "shows", ip_figure_summary(i)));
    else
      ip_print(stdout, "%-12s%s\n", ip_figure_name(i), ip_figure_summary(i));
  return json ? ip_json_print(list, stdout) : IP_OK;
}

/* Results to stdout, what is left out to stderr. */
static void tell(void *context, const char *name, const char *path, const char *why_not)
{
  (void)context;
  if (path) ip_print_path(path);
  if (why_not) ip_print(stderr, "%s: left out: %s\n", name, why_not);
}

typedef struct {
  size_t n;
  const char *const *file; // (n)
  ip_scratch *sc;
  const ip_words *figures;
  const ip_figure_options *o;
} drawing;

/* In the supervised child. */
static ip_status draw_files(void *context)
{
  drawing *d = context;
  IP_TRY(ip_reading_others(d->sc, &d->n, &d->file));
  return ip_figures_draw(d->n, d->file, d->figures->n, d->figures->word, d->o);
}

/* The directory of the figures of results; results of a stranger do not choose another by a link. */
static ip_status find_figures(const char *file, ip_scratch *sc, const char **folder)
{
  struct stat s;
  IP_TRY(ip_figures_folder(file, sc, folder));
  IP_REQUIRE(lstat(*folder, &s) || !S_ISLNK(s.st_mode), IP_EIO,
             "%s: is a link to another directory; name the directory of the figures with -o", *folder);
  return IP_OK;
}

static ip_status check_series(const ip_words *figures, size_t n_series)
{
  bool has = !figures->n || !n_series;
  for (size_t i = 0; i < figures->n && !has; i++) has = !strcmp(figures->word[i], "series");
  IP_REQUIRE(has, IP_EUSAGE, "infoplane plot: --series needs --figure series");
  return IP_OK;
}

static ip_status draw(const ip_arguments *args, const ip_words *figures, const char *folder, ip_figure_options *o)
{
  ip_scratch *sc;
  char *temporary = NULL; /* for the tables of text plots: the results may be read-only */
  drawing d = {.figures = figures, .o = o};
  IP_TRY(check_series(figures, o->n_series));
  IP_TRY(ip_scratch_create(&sc));
  d.sc = sc;
  ip_status st = ip_run_files(args->n, args->word, sc, &d.n, &d.file);
  if (st == IP_OK && !folder && o->terminal) {
    st = ip_temporary_create(&temporary);
    folder = temporary;
  } else if (st == IP_OK && !folder)
    st = find_figures(d.file[0], sc, &folder);
  o->folder = folder;
  bool draws_eps = o->format && !strcmp(o->format, "eps");
  if (st == IP_OK)
    st = ip_guard_run(&(ip_guard){.folder = folder, .goes_on = d.n > 1, .draws_eps = draws_eps}, draw_files, &d);
  ip_temporary_remove(&temporary);
  ip_scratch_destroy(&sc);
  return st;
}

/* The size of the terminal; the variables COLUMNS and LINES override it. */
static void measure_terminal(ip_figure_options *o)
{
  struct winsize size = {0};
  const char *columns = getenv("COLUMNS"), *lines = getenv("LINES");
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    o->columns = size.ws_col;
    o->lines = size.ws_row > 2 ? size.ws_row - 2 : 0;
  }
  if (columns && atoi(columns) > 0) o->columns = atoi(columns);
  if (lines && atoi(lines) > 0) o->lines = atoi(lines);
}

static ip_status run(int argc, char **argv)
{
  ip_words figures = {0}, series = {0};
  ip_figure_options o = {.format = "svg", .on_figure = tell};
  const char *folder = NULL, *width = NULL;
  bool list = false, json = false;
  const ip_option options[] = {
      {"figure", 'f', IP_OPT_WORDS, "NAME", "plot this figure (repeatable)", &figures},
      {"estimator", 'e', IP_OPT_TEXT, "LABEL", "estimates to show (default: the first estimator of the configuration)",
       &o.estimator},
      {"fractions", 0, IP_OPT_FLAG, NULL,
       "planes (plane, estimators, depth) show I(X;T)/H(X) and I(T;Y)/H(Y) in place of bits", &o.fractions},
      {"series", 's', IP_OPT_WORDS, "NAME",
       "plot this series in the figure series (repeatable): ixt, ity, bin_loss, loss, usable_bits, width/ixt, "
       "geometry/nc1",
       &series},
      {"format", 0, IP_OPT_TEXT, "FORMAT",
       "svg (default), png, pdf, eps or tex (LaTeX, with its fonts); movies are gif", &o.format},
      {"width", 'w', IP_OPT_TEXT, "WIDTH", "width of figures for a paper: 85mm, 17cm, 3.3in", &width},
      {"font", 0, IP_OPT_TEXT, "FONT", "family, points or both, as in \"Times,8\"; default: DejaVu Sans",
       &o.paper.font},
      {"terminal", 't', IP_OPT_FLAG, NULL, "print text plots instead", &o.terminal},
      {"output", 'o', IP_OPT_TEXT, "DIR", "write the figures to DIR", &folder},
      {"list", 'l', IP_OPT_FLAG, NULL, "list the figures and what they show", &list},
      {"json", 0, IP_OPT_FLAG, NULL, "with --list: print JSON", &json},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_plot, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && width) st = ip_paper_parse_width(width, &o.paper.width_mm);
  if (st == IP_OK && o.paper.font) st = ip_paper_check_font(o.paper.font);
  if (st == IP_OK && !args.help && list) {
    st = list_figures(json);
  } else if (st == IP_OK && json && !args.help) {
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE, "infoplane plot: --json needs --list");
  } else if (st == IP_OK && !args.help) {
    measure_terminal(&o);
    o.n_series = series.n;
    o.series = (const char *const *)series.word;
    if (args.n)
      st = draw(&args, &figures, folder, &o);
    else
      st = ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE,
                        "infoplane plot: expected a results directory or run files; see infoplane plot --help");
  }
  ip_words_free(&figures);
  ip_words_free(&series);
  return st;
}
