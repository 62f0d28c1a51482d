/* cmd_status.c - infoplane status: which runs of a sweep are done, running or failed. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/guard.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/own_files.h"
#include "file/reading.h"
#include "sweep/slurm.h"
#include "sweep/status.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_status = {
    .name = "status",
    .usage = "DIR...|RUN.h5... [--tag TAG]... [--json]",
    .summary = "Show which runs of a results directory are finished, running or failed",
    .details =
        "DIR is a results directory of infoplane run, which may be running. For runs submitted to Slurm, squeue and\n"
        "sacct are queried too. For run files of other programs, the files themselves are read. Several directories\n"
        "give one line each; --tag selects those whose configuration has all of these tags. --json prints an object:\n"
        "counts, the state of every run, and the failures; or a list of objects, one per directory.\n\n"
        "Examples: infoplane status results/quickstart\n"
        "          infoplane status results/* --tag mnist",
    .run = run,
    .complete = ip_complete_runs,
};

/* ---------------------------------------------------------------- one experiment */

static void print_text(const char *folder, const ip_sweep_status *s, const char *slurm)
{
  ip_print(stdout, "%s: experiment %s, %zu run%s\n", folder, s->experiment, s->n_points, ip_plural(s->n_points));
  for (int i = 0; i < IP_N_STATES; i++)
    if (s->count[i])
      ip_print(stdout, "%9zu %-12s %s\n", s->count[i], ip_state_word((ip_state)i), ip_state_meaning((ip_state)i));
  for (size_t i = 0; i < s->n_entries; i++)
    if (s->state[s->entry[i].point] == IP_STATE_FAILED)
      ip_print(stdout, "failed: run %zu, %s: %s\n", s->entry[i].point, s->entry[i].run, s->entry[i].message);
  for (size_t i = 0; i < s->n_tags; i++)
    ip_print(stdout, "%s%s%s", i ? ", " : "tags: ", s->tag[i], i + 1 < s->n_tags ? "" : "\n");
  ip_print(stdout, "%s", slurm);
}

static json_t *json_of(const char *folder, const ip_sweep_status *s, const char *slurm)
{
  json_t *counts = json_object(), *states = json_array(), *failed = json_array(), *running = json_array();
  for (int i = 0; i < IP_N_STATES; i++)
    json_object_set_new(counts, ip_state_word((ip_state)i), ip_json_count(s->count[i]));
  for (size_t k = 0; k < s->n_points; k++)
    json_array_append_new(states, json_string(ip_state_word((ip_state)s->state[k])));
  for (size_t i = 0; i < s->n_entries; i++) {
    const struct ip_sweep_entry *t = &s->entry[i];
    json_t *object = json_pack("{s:o, s:o, s:I, s:o}", "point", ip_json_count(t->point), "run", ip_json_text(t->run),
                               "pid", (json_int_t)t->pid, "message", ip_json_text(t->message));
    json_array_append_new(s->state[t->point] == IP_STATE_FAILED ? failed : running, object);
  }
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "folder", ip_json_text(folder), "experiment",
                   ip_json_text(s->experiment), "tags", ip_json_texts(s->n_tags, (const char *const *)s->tag), "runs",
                   ip_json_count(s->n_points), "counts", counts, "failed", failed, "running", running, "states", states,
                   "slurm", ip_json_text(slurm));
}

static ip_status print_status(const char *folder, const ip_sweep_status *s, const char *slurm, bool json)
{
  if (json) return ip_json_print(json_of(folder, s, slurm), stdout);
  print_text(folder, s, slurm);
  return IP_OK;
}

/* Of a results directory: no run file is opened. */
static ip_status print_folder(const char *folder, bool json)
{
  ip_sweep_status *s;
  char *slurm;
  IP_TRY(ip_sweep_status_read(folder, &s));
  ip_status st = ip_slurm_state(folder, &slurm);
  if (st == IP_OK) {
    st = print_status(folder, s, slurm, json);
    ip_free(slurm);
  }
  ip_sweep_status_destroy(&s);
  return st;
}

/* ---------------------------------------------------------------- run files */

typedef struct {
  const ip_own_files *files;
  ip_file_status *found; // (files->n) in memory shared with the parent
} look;

/* In the supervised child. A file that ended an earlier one is left out; what that one found is kept. */
static ip_status look_at_files(void *context)
{
  const look *l = context;
  for (size_t i = 0; i < l->files->n; i++)
    if (!l->found[i].is_known && !ip_reading_is_left_out(l->files->file[i]))
      IP_TRY(ip_sweep_look_at_file(l->files->file[i], &l->found[i]));
  return IP_OK;
}

/* Of run files. *s is also there if the call fails with IP_EFORMAT because some ended the process that read them. */
static ip_status read_files(const ip_own_files *files, ip_sweep_status **s)
{
  *s = NULL;
  size_t size = files->n * sizeof(ip_file_status);
  void *found;
  IP_TRY(ip_guard_share(size, &found));
  ip_status st = ip_guard_run(&(ip_guard){.goes_on = true}, look_at_files, &(look){files, found});
  ip_status made = IP_OK;
  if (st == IP_OK || st == IP_EFORMAT) made = ip_sweep_status_files("runs", files->n, files->file, found, s);
  ip_guard_unshare(size, &found);
  return made != IP_OK ? made : st;
}

static ip_status print_files(const ip_own_files *files, bool json)
{
  ip_sweep_status *s;
  ip_status st = read_files(files, &s);
  ip_status printed = s ? print_status(files->folder, s, "", json) : IP_OK;
  ip_sweep_status_destroy(&s);
  return st != IP_OK ? st : printed;
}

/* ---------------------------------------------------------------- several */

static bool has_tags(const ip_sweep_status *s, const ip_words *tags)
{
  for (size_t i = 0; i < tags->n; i++) {
    bool has = false;
    for (size_t j = 0; j < s->n_tags; j++) has |= !strcmp(s->tag[j], tags->word[i]);
    if (!has) return false;
  }
  return true;
}

static void print_one_line(const char *folder, const ip_sweep_status *s)
{
  ip_print(stdout, "%-30s %6zu run%-2s", folder, s->n_points, ip_plural(s->n_points));
  for (int i = 0, n = 0; i < IP_N_STATES; i++)
    if (s->count[i]) ip_print(stdout, "%s%zu %s", n++ ? ", " : "", s->count[i], ip_state_word((ip_state)i));
  for (size_t i = 0; i < s->n_tags; i++)
    ip_print(stdout, "%s%s%s", i ? ", " : "  [", s->tag[i], i + 1 < s->n_tags ? "" : "]");
  putchar('\n');
}

static bool is_folder(const char *path)
{
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Of a results directory, or of the run files of another program in it (read_files). */
static ip_status read_folder(const char *folder, ip_sweep_status **s)
{
  *s = NULL;
  ip_own_files files;
  IP_TRY(ip_own_files_open("status", 1, &folder, &files));
  ip_status st = files.n ? read_files(&files, s) : ip_sweep_status_read(folder, s);
  ip_own_files_close(&files);
  return st;
}

typedef struct {
  json_t *list;              /* NULL: text */
  size_t n_listed, n_failed; /* failed: some of its files ended the process that read them */
} listing;

/* Files, which a shell pattern gives too, are left out; so are directories without runs, with a message. */
static ip_status list_folder(const char *folder, const ip_words *tags, listing *out)
{
  ip_sweep_status *s;
  json_t *list = out->list;
  char *slurm;
  if (!is_folder(folder)) return IP_OK;
  ip_status st = read_folder(folder, &s);
  if (st == IP_ENOMEM) return st;
  if (st != IP_OK) {
    ip_print(stderr, "%s%s\n", s ? "infoplane: " : "left out: ", ip_error_message());
    ip_error_clear();
    if (!s) return IP_OK;
    out->n_failed++;
    st = IP_OK;
  }
  if (has_tags(s, tags)) {
    out->n_listed++;
    if (list && (st = ip_slurm_state(folder, &slurm)) == IP_OK) {
      json_array_append_new(list, json_of(folder, s, slurm));
      ip_free(slurm);
    } else if (!list)
      print_one_line(folder, s);
  }
  ip_sweep_status_destroy(&s);
  return st;
}

static ip_status list_folders(const ip_arguments *args, const ip_words *tags, bool json)
{
  listing out = {.list = json ? json_array() : NULL};
  ip_status st = IP_OK;
  for (size_t i = 0; i < args->n && st == IP_OK; i++) st = list_folder(args->word[i], tags, &out);
  if (st == IP_OK && json)
    st = ip_json_print(out.list, stdout);
  else
    json_decref(out.list);
  IP_TRY(st);
  if (!json && !out.n_listed) ip_print(stderr, "no results directory%s\n", tags->n ? " has these tags" : "");
  IP_REQUIRE(!out.n_failed, IP_EFORMAT, "%zu of %zu directories have files that could not be read", out.n_failed,
             args->n);
  return IP_OK;
}

/* ---------------------------------------------------------------- command line */

static ip_status print_all(const ip_arguments *args, const ip_words *tags, bool json)
{
  size_t n_folders = 0;
  for (size_t i = 0; i < args->n; i++) n_folders += is_folder(args->word[i]);
  if (n_folders > 1 || (tags->n && args->n)) return list_folders(args, tags, json);
  ip_own_files files;
  IP_TRY(ip_own_files_open("status", args->n, args->word, &files));
  ip_status st = files.n ? print_files(&files, json) : print_folder(files.folder, json);
  ip_own_files_close(&files);
  return st;
}

static ip_status run(int argc, char **argv)
{
  bool json = false;
  ip_words tags = {0};
  const ip_option options[] = {
      {"tag", 0, IP_OPT_WORDS, "TAG", "only directories whose configuration has this tag (repeatable: all of them)",
       &tags},
      {"json", 0, IP_OPT_FLAG, NULL, "print JSON", &json},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_status, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && !args.help) st = print_all(&args, &tags, json);
  ip_words_free(&tags);
  return st;
}
