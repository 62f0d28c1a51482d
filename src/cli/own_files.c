#include "cli/own_files.h"

#include "base/stop.h"
#include "study/files.h"
#include "study/paths.h"
#include "study/results.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a run file of the experiment exists. */
static ip_status has_points(const ip_experiment *e, const ip_results *results, bool *has)
{
  size_t n = ip_experiment_n_points(e);
  *has = false;
  for (size_t k = 0; k < n && !*has; k++) { /* mostly ends at the first */
    ip_experiment *point;
    char *path;
    IP_TRY(ip_stop_check());
    IP_TRY(ip_experiment_point(e, k, &point));
    ip_status st = ip_results_run_path(results->path, point->run_name, &path);
    ip_experiment_destroy(&point);
    IP_TRY(st);
    *has = access(path, F_OK) == 0;
    ip_free(path);
  }
  return IP_OK;
}

/* Whether the directory has the configuration of an experiment and one of its runs. A configuration that cannot be read
 * is not one of infoplane run. */
static ip_status is_experiment(const char *folder, bool *is)
{
  ip_results *results;
  ip_experiment *e;
  *is = false;
  ip_status st = ip_results_open_readonly(folder, &results);
  if (st == IP_OK && (st = ip_experiment_load_stored(results->config, &e)) == IP_OK) {
    st = has_points(e, results, is);
    ip_experiment_destroy(&e);
  }
  ip_results_close(&results);
  if (st == IP_ENOMEM || st == IP_ESTOPPED) return st;
  if (st != IP_OK) ip_error_clear();
  return IP_OK;
}

/* The parent of the file's figures directory. */
static ip_status folder_of(const char *file, ip_scratch *sc, const char **folder)
{
  const char *figures;
  char *text;
  IP_TRY(ip_figures_folder(file, sc, &figures));
  size_t n = strlen(figures) - strlen(IP_FOLDER_FIGURES);
  while (n > 1 && figures[n - 1] == '/') n--;
  IP_TRY(IP_SCRATCH(sc, text, n + 2, "folder"));
  memcpy(text, n ? figures : ".", n ? n : 1);
  *folder = text;
  return IP_OK;
}

static ip_status find(size_t n_words, const char *const *word, ip_own_files *f)
{
  struct stat s;
  bool experiment = false, is_folder = n_words == 1 && stat(word[0], &s) == 0 && S_ISDIR(s.st_mode);
  f->folder = word[0];
  if (is_folder) IP_TRY(is_experiment(word[0], &experiment));
  if (experiment) return IP_OK;
  ip_status st = ip_run_files(n_words, word, f->sc, &f->n, &f->file);
  if (st == IP_EIO && is_folder) { /* no run files: perhaps an experiment that has just started */
    ip_results *results;
    f->n = 0;
    if (ip_results_open_readonly(word[0], &results) != IP_OK) return st; /* the message is the one about run files */
    ip_results_close(&results);
    ip_error_clear();
    return IP_OK;
  }
  IP_TRY(st);
  return is_folder ? IP_OK : folder_of(f->file[0], f->sc, &f->folder);
}

ip_status ip_own_files_open(const char *command, size_t n_words, const char *const *word, ip_own_files *f)
{
  *f = (ip_own_files){0};
  IP_REQUIRE(n_words >= 1, IP_EUSAGE, "infoplane %s: expected a results directory or run files", command);
  IP_TRY(ip_scratch_create(&f->sc));
  ip_status st = find(n_words, word, f);
  if (st != IP_OK) ip_own_files_close(f);
  return st;
}

void ip_own_files_close(ip_own_files *f)
{
  ip_scratch_destroy(&f->sc);
  *f = (ip_own_files){0};
}
