#define _XOPEN_SOURCE 700 /* realpath */
#include "sweep/slurm.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/process.h"
#include "base/program.h"
#include "base/text.h"
#include "file/atomic.h"
#include "file/regular.h"
#include "study/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Debian's and Slurm's own default, where scontrol does not say. Task numbers go up to one less. */
enum { MAX_ARRAY_SIZE = 1001 };

/* How long a program of Slurm may take to answer. Its controller may hang for minutes. */
static double limit_seconds(void)
{
  const char *text = getenv("INFOPLANE_SLURM_SECONDS");
  double seconds;
  return text && ip_parse_real(text, &seconds) && seconds > 0 ? seconds : 300;
}

/* ---------------------------------------------------------------- scripts */

/* A path for --output of sbatch, in which %A and others are replaced: %% is a percent sign. A backslash would switch
 * all of that off and cannot be written. In scratch. */
static ip_status quote_pattern(ip_scratch *sc, const char *text, const char **quoted)
{
  char *q;
  IP_REQUIRE(!strpbrk(text, "\\\n"), IP_EINVAL,
             "%s: sbatch cannot write its logs below a directory with a backslash or a line break in its name; choose "
             "another with -o",
             text);
  IP_TRY(IP_SCRATCH(sc, q, 2 * strlen(text) + 1, "path"));
  char *to = q;
  for (; *text; text++) {
    if (*text == '%') *to++ = '%';
    *to++ = *text;
  }
  *to = 0;
  *quoted = q;
  return IP_OK;
}

/* A path in single quotes for sh, in scratch. */
static ip_status quote(ip_scratch *sc, const char *text, const char **quoted)
{
  char *q;
  IP_TRY(IP_SCRATCH(sc, q, 4 * strlen(text) + 3, "path"));
  char *to = q;
  *to++ = '\'';
  for (; *text; text++) {
    if (*text == '\'') {
      memcpy(to, "'\\''", 4);
      to += 4;
    } else
      *to++ = *text;
  }
  *to = '\'';
  *quoted = q;
  return IP_OK;
}

static ip_status absolute(ip_scratch *sc, const char *path, const char **out)
{
  char *full = realpath(path, NULL);
  IP_REQUIRE(full, IP_EIO, "%s: %s", path, strerror(errno));
  ip_status st = ip_scratch_text(sc, full, out);
  free(full);
  return st;
}

typedef struct {
  ip_scratch *sc;
  const ip_slurm_options *opt;
  ip_slurm_jobs *jobs;
  const char *folder;           /* absolute */
  const char *program, *quoted; /* this program; the directory, for sh */
  char *task, *gather;          /* scripts */
  char *task_log, *gather_log, *record;
} submission;

static ip_status write_scripts(const submission *s)
{
  char *text;
  IP_TRY(IP_FORMAT(text,
                   "#!/bin/sh\n# Made by infoplane run --slurm: task K of the array is the K-th of %zu parts of the "
                   "runs.\nexec %s run %s/" IP_FILE_EXPERIMENT " -o %s --shard \"$SLURM_ARRAY_TASK_ID/%zu\" --jobs "
                   "\"${SLURM_CPUS_PER_TASK:-1}\" --yes%s\n",
                   s->jobs->n_shards, s->program, s->quoted, s->quoted, s->jobs->n_shards,
                   s->opt->force ? " --force" : ""));
  ip_status st = ip_file_write(s->task, text);
  ip_free(text);
  IP_TRY(st);
  IP_TRY(IP_FORMAT(text,
                   "#!/bin/sh\n# Made by infoplane run --slurm: tables, grid and figures of what is there.\n"
                   "exec %s gather %s\n",
                   s->program, s->quoted));
  st = ip_file_write(s->gather, text);
  ip_free(text);
  return st;
}

/* ---------------------------------------------------------------- the array */

/* MaxArraySize of the cluster. */
static size_t max_array_size(void)
{
  const char *const argv[] = {"scontrol", "show", "config", NULL};
  char *text;
  unsigned long n = MAX_ARRAY_SIZE;
  if (ip_process_output(argv, limit_seconds(), &text) != IP_OK) {
    ip_error_clear();
    return MAX_ARRAY_SIZE;
  }
  const char *line = strstr(text, "MaxArraySize");
  if (!line || sscanf(line, "MaxArraySize = %lu", &n) != 1 || n < 2) n = MAX_ARRAY_SIZE;
  ip_free(text);
  return n;
}

/* Task numbers (from 1) with something to do, as "1-3,7,9-12", in scratch. */
static ip_status list_tasks(submission *s, const char **list)
{
  const ip_slurm_options *opt = s->opt;
  size_t n = s->jobs->n_shards, used = 0;
  uint8_t *busy;
  char *text;
  IP_TRY(IP_SCRATCH(s->sc, busy, n + 1, "tasks"));
  for (size_t k = 0; k < opt->n_points; k++)
    if (opt->missing[k]) busy[k % n] = 1;
  size_t size = 24 * n + 64;
  IP_TRY(IP_SCRATCH(s->sc, text, size, "list of tasks"));
  for (size_t i = 0; i < n; i++) {
    if (!busy[i]) continue;
    size_t from = i;
    while (busy[i + 1]) i++;
    s->jobs->n_tasks += i - from + 1;
    used += (size_t)snprintf(text + used, size - used, "%s%zu", used ? "," : "", from + 1);
    if (i > from) used += (size_t)snprintf(text + used, size - used, "-%zu", i + 1);
  }
  if (opt->limit) snprintf(text + used, size - used, "%%%zu", opt->limit);
  *list = text;
  return IP_OK;
}

/* Runs sbatch --parsable; the id is what stands before a ';'. */
static ip_status sbatch(const char *const *argv, char id[static 32])
{
  char *text;
  IP_TRY(ip_process_output(argv, limit_seconds(), &text));
  snprintf(id, 32, "%.*s", (int)strcspn(text, ";\n"), text);
  ip_free(text);
  IP_REQUIRE(*id, IP_ECHILD, "sbatch did not print a job number");
  return IP_OK;
}

static ip_status submit_array(submission *s)
{
  const char *list, **argv;
  char *array, *name;
  IP_TRY(list_tasks(s, &list));
  if (!s->jobs->n_tasks) return IP_OK;
  IP_TRY(IP_SCRATCH(s->sc, argv, s->opt->n_words + 16, "arguments of sbatch"));
  IP_TRY(IP_SCRATCH(s->sc, array, strlen(list) + 16, "arguments of sbatch"));
  IP_TRY(IP_SCRATCH(s->sc, name, PATH_MAX, "arguments of sbatch"));
  sprintf(array, "--array=%s", list);
  snprintf(name, PATH_MAX, "--job-name=infoplane:%s", strrchr(s->folder, '/') ? strrchr(s->folder, '/') + 1 : "sweep");
  size_t n = 0;
  argv[n++] = "sbatch";
  argv[n++] = "--parsable";
  argv[n++] = array;
  argv[n++] = name;
  argv[n++] = "--cpus-per-task=1";
  argv[n++] = "--output";
  argv[n++] = s->task_log;
  for (size_t i = 0; i < s->opt->n_words; i++) argv[n++] = s->opt->word[i]; /* the user's come last and win */
  argv[n++] = s->task;
  return sbatch(argv, s->jobs->array);
}

static ip_status submit_gather(submission *s)
{
  char dependency[64];
  snprintf(dependency, sizeof dependency, "--dependency=afterany:%s", s->jobs->array);
  const char *argv[12] = {"sbatch", "--parsable", "--job-name=infoplane:gather", "--output", s->gather_log};
  size_t n = 5;
  if (*s->jobs->array) argv[n++] = dependency;
  argv[n] = s->gather;
  return sbatch(argv, s->jobs->gather);
}

/* ---------------------------------------------------------------- the whole */

static ip_status name_files(submission *s)
{
  char self[PATH_MAX];
  IP_TRY(ip_program_path(sizeof self, self));
  IP_TRY(absolute(s->sc, s->opt->folder, &s->folder));
  IP_TRY(quote(s->sc, self, &s->program));
  IP_TRY(quote(s->sc, s->folder, &s->quoted));
  IP_TRY(IP_FORMAT(s->task, "%s/slurm/task.sh", s->folder));
  IP_TRY(IP_FORMAT(s->gather, "%s/slurm/gather.sh", s->folder));
  const char *pattern = NULL;
  IP_TRY(quote_pattern(s->sc, s->folder, &pattern));
  IP_TRY(IP_FORMAT(s->task_log, "%s/slurm/%%A_%%a.log", pattern));
  IP_TRY(IP_FORMAT(s->gather_log, "%s/slurm/%%j_gather.log", pattern));
  IP_TRY(IP_FORMAT(s->record, "%s/slurm/jobs.txt", s->folder));
  char *folder;
  IP_TRY(IP_FORMAT(folder, "%s/slurm", s->folder));
  ip_status st = ip_folder_create(folder);
  ip_free(folder);
  return st;
}

/* The ids, for infoplane status. */
static ip_status write_record(const submission *s)
{
  char now[21], *text;
  ip_clock_utc(now);
  IP_TRY(IP_FORMAT(text, "submitted %s\narray %s\ngather %s\ntasks %zu\nshards %zu\n", now,
                   *s->jobs->array ? s->jobs->array : "-", s->jobs->gather, s->jobs->n_tasks, s->jobs->n_shards));
  ip_status st = ip_file_write(s->record, text);
  ip_free(text);
  return st;
}

static ip_status submit(submission *s)
{
  IP_TRY(ip_scratch_create(&s->sc));
  IP_TRY(name_files(s));
  size_t most = max_array_size() - 1;
  s->jobs->n_shards = s->opt->n_points < most ? s->opt->n_points : most;
  IP_TRY(write_scripts(s));
  IP_TRY(submit_array(s));
  IP_TRY(submit_gather(s));
  return write_record(s);
}

ip_status ip_slurm_submit(const ip_slurm_options *opt, ip_slurm_jobs *jobs)
{
  *jobs = (ip_slurm_jobs){0};
  submission s = {.opt = opt, .jobs = jobs};
  ip_status st = submit(&s);
  ip_free(s.task);
  ip_free(s.gather);
  ip_free(s.task_log);
  ip_free(s.gather_log);
  ip_free(s.record);
  ip_scratch_destroy(&s.sc);
  return st;
}

/* ---------------------------------------------------------------- asking */

/* Counts the words of a column of states into "3 RUNNING, 40 PENDING". */
static void count_states(char *lines, char *text, size_t size)
{
  struct {
    const char *word;
    size_t n;
  } seen[32];
  size_t n_seen = 0, used = 0;
  char *rest = NULL;
  for (char *w = strtok_r(lines, "\n", &rest); w; w = strtok_r(NULL, "\n", &rest)) {
    w[strcspn(w, " +")] = 0; /* "CANCELLED by 0" */
    size_t i = 0;
    while (i < n_seen && strcmp(seen[i].word, w) != 0) i++;
    if (i == 32) continue;
    if (i == n_seen) seen[n_seen++].word = w, seen[i].n = 0;
    seen[i].n++;
  }
  *text = 0;
  for (size_t i = 0; i < n_seen && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, "%s%zu %s", i ? ", " : "", seen[i].n, seen[i].word);
}

static void ask(const char *const *argv, char *text, size_t size)
{
  char *lines;
  *text = 0;
  if (ip_process_output(argv, limit_seconds(), &lines) != IP_OK) {
    if (strstr(ip_error_message(), "did not end")) snprintf(text, size, "no answer (%s)", ip_error_message());
    ip_error_clear(); /* not installed, no accounts kept, or the job is long forgotten */
    return;
  }
  count_states(lines, text, size);
  ip_free(lines);
}

ip_status ip_slurm_state(const char *folder, char **text)
{
  char *path, array[32] = "", gather[32] = "", jobs[72], queued[512], ended[512];
  IP_TRY(IP_FORMAT(path, "%s/slurm/jobs.txt", folder));
  FILE *in;
  ip_status st = ip_file_stream(path, false, &in);
  ip_free(path);
  if (st != IP_OK) {
    ip_error_clear();
    return IP_STRDUP(*text, "");
  }
  bool known = fscanf(in, "submitted %*s array %31s gather %31s", array, gather) == 2;
  fclose(in);
  if (!known) return IP_STRDUP(*text, "");
  snprintf(jobs, sizeof jobs, "%s%s%s", *array == '-' ? "" : array, *array == '-' ? "" : ",", gather);
  const char *const squeue[] = {"squeue", "--noheader", "--array", "--states=all", "--format=%T", "--jobs", jobs, NULL};
  const char *const sacct[] = {"sacct", "--noheader", "--allocations", "--parsable2", "--format=State", "--jobs",
                               jobs,    NULL};
  ask(squeue, queued, sizeof queued);
  ask(sacct, ended, sizeof ended);
  return IP_FORMAT(*text, "%s%s%s%s%s%s%s", *queued || *ended ? "Slurm jobs " : "", *queued || *ended ? jobs : "",
                   *queued ? ": " : "", queued, *ended ? "; accounts: " : "", ended, *queued || *ended ? "\n" : "");
}
