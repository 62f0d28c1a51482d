/* cmd_report.c - infoplane report: one page of an experiment. */
#include "base/plain.h"
#include "base/text.h"
#include "cli/claims_files.h"
#include "cli/complete.h"
#include "cli/guard.h"
#include "cli/options.h"
#include "cli/print_path.h"
#include "cli/temporary.h"
#include "file/reading.h"
#include "report/report.h"
#include "runfile/runfile.h"
#include "study/files.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_report = {
    .name = "report",
    .usage = "DIR|RUN.h5... [--estimator LABEL] [--max-size SIZE] [--static] [-o FILE]",
    .summary = "Write a self-contained HTML page to explore, with figures, measures and configuration",
    .details =
        "Writes DIR/report.html or FILE, which needs no other file and no network: the curves of every network, "
        "linked\n"
        "by epoch, layer and network, to explore in a browser; findings in a sentence per layer, figures, measures of\n"
        "every estimator with their flags, the numbers of every network, correlations, runs and configuration. DIR is "
        "a\n"
        "directory of run files, by default that of the first file. Figures are plotted again from the run files into\n"
        "DIR/figures. The page and standard error list what is left out. docs/page.md describes the page.",
    .run = run,
    .complete = ip_complete_runs,
};

static void tell(void *context, const char *figure, const char *why_not)
{
  (void)context;
  ip_print(stderr, "%s: left out: %s\n", figure, why_not);
}

static void tell_cut(void *context, const char *what)
{
  (void)context;
  ip_print(stderr, "left out to keep the page small: %s\n", what);
}

/* "3M", "500k" or a number of bytes; 0 for NULL. */
static ip_status read_size(const char *text, size_t *size)
{
  char number[32];
  size_t n = text ? strlen(text) : 0;
  int64_t factor = 1, value = 0;
  if (n && (text[n - 1] == 'k' || text[n - 1] == 'M')) factor = text[--n] == 'k' ? 1000 : 1000000;
  snprintf(number, sizeof number, "%.*s", (int)n, text ? text : "");
  IP_REQUIRE(!text || (n < sizeof number && ip_parse_int(number, &value) && value > 0 && value <= 1000000000 / factor),
             IP_EUSAGE, "infoplane report --max-size: expected a size up to 1000M, as 3M, 500k or 2500000, got '%s'",
             text);
  *size = (size_t)(value * factor);
  return IP_OK;
}

/* The directory of the experiment: the given one, or the one that receives the figures of the file. */
static ip_status choose_folder(size_t n_words, const char *const *word, const char *file, ip_scratch *sc,
                               const char **folder)
{
  struct stat s;
  char *text;
  *folder = word[0];
  if (n_words == 1 && stat(word[0], &s) == 0 && S_ISDIR(s.st_mode)) return IP_OK;
  IP_TRY(ip_figures_folder(file, sc, folder));
  IP_TRY(IP_SCRATCH(sc, text, strlen(*folder) + 2, "folder"));
  strcpy(text, *folder);
  char *end = text + strlen(text) - strlen("figures");
  if (end == text)
    *end++ = '.';
  else if (end > text + 1)
    end--;
  *end = 0;
  *folder = text;
  return IP_OK;
}

/* The verdicts on claims that use the experiment of a file, from results/claims beside the folder, or above it where
 * its runs are those of a claim; NULL if there are none. */
static ip_status find_claims(const char *file, const char *folder, ip_scratch *sc, char **json)
{
  const char *results;
  ip_run *run;
  *json = NULL;
  IP_TRY(ip_run_open_series(file, &run));
  ip_status st = IP_OK;
  for (size_t i = 0; i < 2 && st == IP_OK && !*json; i++) {
    st = ip_scratch_format(sc, &results, i ? "%s/../../../claims" : "%s/../claims", folder);
    if (st == IP_OK) st = ip_claims_about(ip_run_head_of(run)->experiment, IP_CLAIMS_RULES, results, json);
  }
  ip_run_close(&run);
  return st;
}

typedef struct {
  ip_scratch *sc;
  size_t n;
  const char *const *file; // (n)
  ip_report_options *o;
} writing;

/* In the supervised child. */
static ip_status write_page(void *context)
{
  writing *w = context;
  char *claims = NULL;
  IP_TRY(ip_reading_others(w->sc, &w->n, &w->file));
  if (!w->o->is_static) IP_TRY(find_claims(w->file[0], w->o->folder, w->sc, &claims));
  w->o->claims = claims;
  ip_status st = ip_report_write(w->n, w->file, w->o);
  ip_free(claims);
  return st;
}

static ip_status write_report(size_t n_words, const char *const *word, const char *out, ip_report_options *o)
{
  const char *folder = "";
  ip_scratch *sc;
  writing w = {.o = o};
  char *page = NULL, *temporary = NULL;
  IP_TRY(ip_scratch_create(&sc));
  w.sc = sc;
  ip_status st = ip_run_files(n_words, word, sc, &w.n, &w.file);
  if (st == IP_OK) st = choose_folder(n_words, word, w.file[0], sc, &folder);
  if (st == IP_OK) st = IP_FORMAT(page, "%s%s", out ? out : folder, out ? "" : "/report.html");
  /* With -o, results that are read-only stay as they are. */
  if (st == IP_OK && out && access(folder, W_OK)) st = ip_temporary_create(&temporary);
  o->folder = folder;
  o->figures = temporary;
  o->out = page;
  if (st == IP_OK)
    st = ip_guard_run(&(ip_guard){.folder = temporary ? temporary : folder, .file = page, .goes_on = w.n > 1},
                      write_page, &w);
  if (st == IP_OK) ip_print_path(page);
  ip_temporary_remove(&temporary);
  ip_free(page);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status run(int argc, char **argv)
{
  const char *out = NULL, *size = NULL;
  ip_report_options o = {.on_figure = tell, .on_cut = tell_cut};
  const ip_option options[] = {
      {"estimator", 'e', IP_OPT_TEXT, "LABEL", "estimates to show (default: the first estimator of the configuration)",
       &o.estimator},
      {"max-size", 0, IP_OPT_TEXT, "SIZE",
       "bytes of the page, as 3M or 500k (default: 3M); what does not fit is left out", &size},
      {"static", 0, IP_OPT_FLAG, NULL, "nothing to explore, no script: all figures and tables", &o.is_static},
      {"output", 'o', IP_OPT_TEXT, "FILE", "write FILE instead of DIR/report.html", &out},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_report, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n >= 1, IP_EUSAGE,
             "infoplane report: expected a results directory or run files; see infoplane report --help");
  IP_TRY(read_size(size, &o.max_size));
  return write_report(args.n, args.word, out, &o);
}
