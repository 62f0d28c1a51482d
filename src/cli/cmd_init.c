/* cmd_init.c - infoplane init: a commented experiment file to start from. */
#include "base/mem.h"
#include "cli/complete.h"
#include "cli/print_path.h"
#include "config/emit.h"
#include "experiment/experiment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_init = {
    .name = "init",
    .usage = "NAME [--from PRESET | --extends PRESET] [--all]",
    .summary = "Write a commented experiment file to start from",
    .details =
        "Writes NAME.yaml, which infoplane run accepts as it is. It has the keys of the preset (default: quickstart) "
        "with\n"
        "their values, each under its description. With --extends, the file inherits from the preset instead, and its\n"
        "keys are there to be uncommented. PRESET may also be the path of a file. An existing file is never "
        "replaced.\n\n"
        "Examples: infoplane init mine\n"
        "          infoplane init mine --from saxe2018-tanh\n"
        "          infoplane init relu --extends szt2017 --all",
    .run = run,
};

#define USUAL_PRESET "quickstart"
static const char ending[] = ".yaml";

typedef struct {
  const char *path, *from;
  ip_config_template how;
} request;

/* ---------------------------------------------------------------- the text */

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Text of a comment, without line breaks. */
static void print_plain(const char *text, FILE *out)
{
  for (; *text; text++) fputc((unsigned char)*text < ' ' ? '?' : *text, out);
}

static void print_head(const request *rq, FILE *out)
{
  const char *file = base_name(rq->path);
  int stem = (int)(strlen(file) - strlen(ending));
  fprintf(out, "# An experiment for infoplane, written by infoplane init %s ",
          rq->how.inherits ? "--extends" : "--from");
  print_plain(base_name(rq->from), out);
  fputs(".\n#\n", out);
  fprintf(out, "#     infoplane run %s --dry-run    list the runs and estimate their cost\n", file);
  fprintf(out, "#     infoplane run %s              train, estimate and plot, into results/%.*s\n#\n", file, stem,
          file);
  fputs("# Comments are the descriptions of infoplane run --help-keys, which lists all keys. Lines that begin with # "
        "and no\n"
        "# blank are values to uncomment.\n",
        out);
}

static void print_extends(const request *rq, FILE *out)
{
  fputs("\n# Every key below replaces the value of this file; \"key: ~\" returns it to its default.\nextends: ", out);
  ip_emit_text(rq->from, out);
  fputc('\n', out);
}

static void print_sweep(const ip_experiment *e, const request *rq, FILE *out)
{
  if (e->grid->n_axes && !rq->how.inherits) return;
  fputs(
      "\n# Values of keys to combine: each combination is trained `repeats` times (docs/experiment-file.md, Sweeps).\n"
      "#sweep: {network.activation: [tanh, relu]}\n",
      out);
}

static ip_status print_text(const ip_experiment *e, const request *rq, FILE *out)
{
  print_head(rq, out);
  if (rq->how.inherits) print_extends(rq, out);
  ip_config_print_template(e->config, &rq->how, out);
  print_sweep(e, rq, out);
  return IP_OK;
}

/* ---------------------------------------------------------------- the file */

static ip_status write_file(const ip_experiment *e, const request *rq)
{
  FILE *out = fopen(rq->path, "wx");
  IP_REQUIRE(out || errno != EEXIST, IP_EUSAGE, "%s: exists; choose another name, or remove it", rq->path);
  IP_REQUIRE(out, IP_EIO, "%s: cannot be created: %s", rq->path, strerror(errno));
  ip_status st = print_text(e, rq, out);
  bool failed = fflush(out) != 0 || ferror(out);
  failed |= fclose(out) != 0;
  if (st == IP_OK && failed) st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "%s: cannot be written", rq->path);
  if (st != IP_OK) unlink(rq->path);
  return st;
}

/* The new file is an experiment, as its reader will find it. */
static ip_status check_file(const char *path)
{
  ip_experiment *e;
  ip_status st = ip_experiment_load(path, 0, NULL, &e);
  ip_experiment_destroy(&e);
  if (st != IP_OK) unlink(path);
  return st;
}

static ip_status make(const request *rq)
{
  ip_experiment *e;
  IP_TRY(ip_experiment_load(rq->from, 0, NULL, &e));
  ip_status st = write_file(e, rq);
  ip_experiment_destroy(&e);
  IP_TRY(st);
  IP_TRY(check_file(rq->path));
  ip_print_path(rq->path);
  return IP_OK;
}

/* ---------------------------------------------------------------- command line */

/* The name is that of the experiment and its results, so it has only characters that both accept. */
static ip_status check_name(const char *name)
{
  static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+=";
  const char *base = base_name(name);
  size_t n = strlen(base);
  IP_REQUIRE(
      n && n <= 100 && !base[strspn(base, good)] && *base != '.' && *base != '-', IP_EUSAGE,
      "infoplane init: '%s': expected a name of 1 to 100 letters, digits and _ . - + =, not starting with . or -",
      base);
  return IP_OK;
}

/* A relative path is relative to the new file when that inherits from it. */
static ip_status check_inherited(const request *rq)
{
  bool relative = *rq->from != '/' && access(rq->from, F_OK) == 0, elsewhere = strchr(rq->path, '/') != NULL;
  IP_REQUIRE(!rq->how.inherits || !relative || !elsewhere, IP_EUSAGE,
             "infoplane init --extends: give %s as an absolute path, because the new file is in another directory",
             rq->from);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  static const char *const also[] = {"description", "tags", "repeats", NULL};
  static const char *const own[] = {"description", NULL};
  const char *from = NULL, *extends = NULL;
  request rq = {0};
  const ip_option options[] = {
      {"from", 0, IP_OPT_TEXT, "PRESET", "copy the values of this experiment (default: " USUAL_PRESET ")", &from},
      {"extends", 0, IP_OPT_TEXT, "PRESET", "inherit from this experiment", &extends},
      {"all", 0, IP_OPT_FLAG, NULL, "also write all other keys, commented out", &rq.how.all},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_init, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1, IP_EUSAGE, "infoplane init: got %zu names, expected one", args.n);
  IP_REQUIRE(!from || !extends, IP_EUSAGE, "infoplane init: --from and --extends are alternatives; give one of them");
  IP_TRY(check_name(args.word[0]));
  size_t n = strlen(args.word[0]), m = strlen(ending);
  bool has_ending = n > m && !strcmp(args.word[0] + n - m, ending);
  char *path;
  IP_TRY(IP_FORMAT(path, "%s%s", args.word[0], has_ending ? "" : ending));
  rq.path = path;
  rq.from = extends ? extends : from ? from : USUAL_PRESET;
  rq.how.inherits = extends != NULL;
  rq.how.also = extends ? own : also;
  ip_status st = check_inherited(&rq);
  if (st == IP_OK) st = make(&rq);
  ip_free(path);
  return st;
}
