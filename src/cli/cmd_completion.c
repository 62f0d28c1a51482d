/* cmd_completion.c - infoplane completion: the scripts by which shells ask the program for candidates (complete.h). */
#include "base/mem.h"
#include "base/share.h"
#include "base/text.h"
#include "cli/complete.h"

#include <stdio.h>

static ip_status run(int argc, char **argv);
static ip_status complete_shell(const ip_candidates *c);

const ip_command ip_cmd_completion = {
    .name = "completion",
    .usage = "bash|zsh|fish",
    .summary = "Print a script that completes command lines in a shell",
    .details =
        "The script asks the program for candidates, so it fits every version: commands, options, values, estimators\n"
        "with their parameters, keys for --set, presets and files. An installed program has it in place already\n"
        "(bash needs the package bash-completion). Otherwise:\n\n"
        "  bash: source <(infoplane completion bash), for example in ~/.bashrc\n"
        "  zsh:  infoplane completion zsh > DIR/_infoplane, where DIR is in $fpath, before compinit\n"
        "  fish: infoplane completion fish > ~/.config/fish/completions/infoplane.fish",
    .run = run,
    .complete = complete_shell,
};

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static ip_status complete_shell(const ip_candidates *c)
{
  ip_candidate_names(c, shells);
  return IP_OK;
}

/* The script as it is installed. */
static ip_status print_script(const char *file)
{
  static const ip_share scripts = {"INFOPLANE_COMPLETION", "scripts/completion", "completion"};
  char *path;
  IP_TRY(ip_share_find(&scripts, file, &path));
  IP_REQUIRE(path, IP_EIO, "the script %s is not installed; set INFOPLANE_COMPLETION to the directory that has it",
             file);
  FILE *in = fopen(path, "r");
  ip_free(path);
  IP_REQUIRE(in, IP_EIO, "the script %s cannot be read", file);
  for (int ch; (ch = getc(in)) != EOF;) putchar(ch);
  fclose(in);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  static const char *const script[] = {"infoplane.bash", "_infoplane", "infoplane.fish"};
  ip_arguments args;
  size_t at;
  IP_TRY(ip_options_parse(&ip_cmd_completion, 0, NULL, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1, IP_EUSAGE, "infoplane completion: expected bash, zsh or fish");
  ip_status st = ip_text_choose(IP_EUSAGE, "shell", args.word[0], IP_COUNT(script), shells, &at);
  if (st != IP_OK) ip_error_prefix("infoplane completion");
  return st == IP_OK ? print_script(script[at]) : st;
}
