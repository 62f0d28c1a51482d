/* cmd_status.c - infoplane status: which runs of a sweep are done, running or failed. */
#include "base/mem.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/own_files.h"
#include "sweep/slurm.h"
#include "sweep/status.h"

#include <jansson.h>
#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_status = {
    .name = "status",
    .usage = "DIR|RUN.h5... [--json]",
    .summary = "Show which runs of a results directory are finished, running or failed",
    .details =
        "DIR is a results directory of infoplane run, which may be running. For runs submitted to Slurm, squeue and\n"
        "sacct are queried too. For run files of other programs, the files themselves are read. --json prints one\n"
        "object: counts, the state of every run, and the failures.",
    .run = run,
};

static void print_text(const char *folder, const ip_sweep_status *s, const char *slurm)
{
  printf("%s: experiment %s, %zu run%s\n", folder, s->experiment, s->n_points, ip_plural(s->n_points));
  for (int i = 0; i < IP_N_STATES; i++)
    if (s->count[i]) printf("%9zu %-12s %s\n", s->count[i], ip_state_word((ip_state)i), ip_state_meaning((ip_state)i));
  for (size_t i = 0; i < s->n_entries; i++)
    if (s->state[s->entry[i].point] == IP_STATE_FAILED)
      printf("failed: run %zu, %s: %s\n", s->entry[i].point, s->entry[i].run, s->entry[i].message);
  fputs(slurm, stdout);
}

static json_t *json_of(const ip_sweep_status *s, const char *slurm)
{
  json_t *counts = json_object(), *states = json_array(), *failed = json_array(), *running = json_array();
  for (int i = 0; i < IP_N_STATES; i++)
    json_object_set_new(counts, ip_state_word((ip_state)i), json_integer((json_int_t)s->count[i]));
  for (size_t k = 0; k < s->n_points; k++)
    json_array_append_new(states, json_string(ip_state_word((ip_state)s->state[k])));
  for (size_t i = 0; i < s->n_entries; i++) {
    const struct ip_sweep_entry *t = &s->entry[i];
    json_t *object = json_pack("{s:I, s:s, s:I, s:s}", "point", (json_int_t)t->point, "run", t->run, "pid",
                               (json_int_t)t->pid, "message", t->message);
    json_array_append_new(s->state[t->point] == IP_STATE_FAILED ? failed : running, object);
  }
  return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:s}", "experiment", s->experiment, "runs", (json_int_t)s->n_points,
                   "counts", counts, "failed", failed, "running", running, "states", states, "slurm", slurm);
}

static ip_status print_json(const ip_sweep_status *s, const char *slurm)
{
  json_t *object = json_of(s, slurm);
  bool written = object && json_dumpf(object, stdout, JSON_INDENT(2)) == 0;
  json_decref(object);
  IP_REQUIRE(written, IP_ENOMEM, "cannot write the JSON");
  putchar('\n');
  return IP_OK;
}

/* Of an experiment, or of (n) files. */
static ip_status print_status(const char *folder, size_t n, const char *const *file, bool json)
{
  ip_sweep_status *s;
  char *slurm;
  IP_TRY(n ? ip_sweep_status_files("runs", n, file, &s) : ip_sweep_status_read(folder, &s));
  ip_status st = n ? IP_STRDUP(slurm, "") : ip_slurm_state(folder, &slurm);
  if (st == IP_OK) {
    if (json)
      st = print_json(s, slurm);
    else
      print_text(folder, s, slurm);
    ip_free(slurm);
  }
  ip_sweep_status_destroy(&s);
  return st;
}

static ip_status run(int argc, char **argv)
{
  bool json = false;
  const ip_option options[] = {{"json", 0, IP_OPT_FLAG, NULL, "print JSON", &json}};
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_status, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  ip_own_files files;
  IP_TRY(ip_own_files_open("status", args.n, args.word, &files));
  ip_status st = print_status(files.folder, files.n, files.file, json);
  ip_own_files_close(&files);
  return st;
}
