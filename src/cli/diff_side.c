#include "cli/diff_side.h"

#include "base/stop.h"
#include "runfile/runfile.h"
#include "study/files.h"
#include "study/results.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The files of the points that exist. */
static ip_status find_points(const ip_results *results, ip_scratch *sc, ip_diff_side *s)
{
  const char **file = NULL;
  size_t room = 0, n = ip_experiment_n_points(s->e);
  for (size_t k = 0; k < n; k++) {
    ip_experiment *point;
    char *path;
    IP_TRY(ip_stop_check());
    IP_TRY(ip_experiment_point(s->e, k, &point));
    ip_status st = ip_results_run_path(results->path, point->run_name, &path);
    ip_experiment_destroy(&point);
    IP_TRY(st);
    if (access(path, F_OK) == 0) {
      st = IP_SCRATCH_GROW(sc, file, s->n_files, &room, "run files");
      if (st == IP_OK) st = ip_scratch_text(sc, path, &file[s->n_files++]);
    }
    ip_free(path);
    IP_TRY(st);
  }
  s->file = file;
  return IP_OK;
}

/* A configuration that another program wrote is left out, with the reason. */
static ip_status read_config_of_run(ip_scratch *sc, ip_diff_side *s)
{
  ip_run *run;
  IP_TRY(ip_run_open(s->file[0], &run));
  const char *config = ip_run_head_of(run)->config;
  ip_status st = IP_OK;
  if (!*config)
    s->no_config = "the run file contains no configuration";
  else if ((st = ip_experiment_parse(s->file[0], config, 0, NULL, &s->e)) == IP_ECONFIG) {
    st = ip_scratch_text(sc, ip_error_message(), &s->no_config);
    ip_error_clear();
  }
  ip_run_close(&run);
  return st;
}

static ip_status open_folder(const char *word, ip_scratch *sc, ip_diff_side *s)
{
  ip_results *results;
  if (ip_results_open_readonly(word, &results) != IP_OK) { /* run files of another program */
    ip_error_clear();
    IP_TRY(ip_run_files(1, &word, sc, &s->n_files, &s->file));
    return read_config_of_run(sc, s);
  }
  ip_status st = ip_experiment_load_stored(results->config, &s->e);
  if (st == IP_OK) st = find_points(results, sc, s);
  ip_results_close(&results);
  return st;
}

static bool is_run_file(const char *word)
{
  size_t n = strlen(word);
  return n > 3 && !strcmp(word + n - 3, ".h5");
}

ip_status ip_diff_side_open(const char *word, ip_scratch *sc, ip_diff_side *s)
{
  struct stat about;
  *s = (ip_diff_side){.path = word};
  if (stat(word, &about) == 0 && S_ISDIR(about.st_mode)) return open_folder(word, sc, s);
  if (!is_run_file(word)) return ip_experiment_load(word, 0, NULL, &s->e);
  IP_TRY(ip_run_files(1, &word, sc, &s->n_files, &s->file));
  return read_config_of_run(sc, s);
}

void ip_diff_side_close(ip_diff_side *s)
{
  ip_experiment_destroy(&s->e);
}
