/* cmd_report.c - infoplane report: one page of an experiment. */
#include "cli/options.h"
#include "report/report.h"
#include "study/files.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_report = {
    .name = "report",
    .usage = "DIR|RUN.h5... [--estimator LABEL] [-o FILE]",
    .summary = "Write a self-contained HTML page with figures, measures and configuration",
    .details =
        "Writes DIR/report.html or FILE, which needs no other file: findings in a sentence per layer, figures, "
        "measures\n"
        "of every estimator with their flags, the numbers of every network, correlations, runs and configuration. DIR\n"
        "is a directory of run files, by default that of the first file. Figures are plotted again from the run files\n"
        "into DIR/figures. The page and standard error list what is left out.",
    .run = run,
};

static void tell(void *context, const char *figure, const char *why_not)
{
  (void)context;
  fprintf(stderr, "%s: left out: %s\n", figure, why_not);
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

static ip_status write(size_t n_words, const char *const *word, const char *out, const char *estimator)
{
  const char *folder = "";
  ip_scratch *sc;
  size_t n;
  const char *const *file;
  char *page = NULL;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_run_files(n_words, word, sc, &n, &file);
  if (st == IP_OK) st = choose_folder(n_words, word, file[0], sc, &folder);
  if (st == IP_OK) st = IP_FORMAT(page, "%s%s", out ? out : folder, out ? "" : "/report.html");
  ip_report_options o = {.folder = folder, .out = page, .estimator = estimator, .on_figure = tell};
  if (st == IP_OK) st = ip_report_write(n, file, &o);
  if (st == IP_OK) printf("%s\n", page);
  ip_free(page);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status run(int argc, char **argv)
{
  const char *out = NULL, *estimator = NULL;
  const ip_option options[] = {
      {"estimator", 'e', IP_OPT_TEXT, "LABEL", "estimates to show (default: the first estimator of the configuration)",
       &estimator},
      {"output", 'o', IP_OPT_TEXT, "FILE", "write FILE instead of DIR/report.html", &out},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_report, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n >= 1, IP_EUSAGE,
             "infoplane report: expected a results directory or run files; see infoplane report --help");
  return write(args.n, args.word, out, estimator);
}
