/* cmd_report.c - infoplane report: one page of an experiment. */
#include "cli/options.h"
#include "figure/files.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_report = {
    .name = "report",
    .usage = "DIR [--estimator LABEL] [-o FILE]",
    .summary = "Write one self-contained HTML page of an experiment",
    .details =
        "Figures, measures of compression, the runs and the configuration in one file that refers to nothing else:\n"
        "DIR/report.html, or FILE. The figures are drawn again from the run files, into DIR/figures.",
    .run = run,
};

static ip_status write(const char *folder, const char *out, const char *estimator)
{
  ip_scratch *sc;
  size_t n;
  const char *const *file;
  char *page = NULL;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_run_files(1, &folder, sc, &n, &file);
  if (st == IP_OK) st = IP_FORMAT(page, "%s%s", out ? out : folder, out ? "" : "/report.html");
  ip_report_options o = {.folder = folder, .out = page, .estimator = estimator};
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
      {"estimator", 'e', IP_OPT_TEXT, "LABEL", "show the estimates of LABEL; default: the first of the configuration",
       &estimator},
      {"output", 'o', IP_OPT_TEXT, "FILE", "write FILE instead of DIR/report.html", &out},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_report, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1, IP_EUSAGE,
             "infoplane report: expected the folder of one experiment; see infoplane report --help");
  return write(args.word[0], out, estimator);
}
