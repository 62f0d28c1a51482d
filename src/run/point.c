#include "base/mem.h"
#include "run/run.h"

#include <string.h>
#include <unistd.h>

/* What a file, finished or not, is worth to a point. A part that is no run file is what a kill left of its first
 * moments: worth nothing. */
typedef struct {
  bool stale;                    /* of another configuration, or no run file */
  bool fits, trained, estimated; /* trained: and of use, with activations or all its estimates */
} file_state;

/* Whether a file whose training has ended can be estimated. */
static ip_status look_for_activations(const char *path, file_state *s)
{
  ip_run *run;
  ip_status st = ip_run_open(path, &run);
  if (st == IP_EFORMAT) {
    *s = (file_state){.stale = true};
    ip_error_clear();
    return IP_OK;
  }
  IP_TRY(st);
  s->trained = ip_run_has_activations(run);
  ip_run_close(&run);
  return IP_OK;
}

/* Fails where the file may be good and only cannot be read now (no memory, no permission): what it holds must not be
 * taken for worthless and trained again. */
static ip_status look_at(const char *digest, const char *estimate_digest, const char *path, file_state *s)
{
  *s = (file_state){0};
  if (access(path, F_OK) != 0) return IP_OK;
  ip_run_identity is;
  ip_status st = ip_run_identify(path, &is);
  s->stale = st == IP_EFORMAT || (st == IP_OK && is.version != IP_RUN_FORMAT);
  if (s->stale) {
    ip_error_clear();
    return IP_OK;
  }
  IP_TRY(st);
  s->fits = !strcmp(is.digest, digest);
  s->stale = !s->fits;
  bool ended = s->fits && strcmp(is.status, IP_RUN_RUNNING) != 0;
  s->estimated = s->trained = ended && !strcmp(is.estimate_digest, estimate_digest);
  return ended && !s->trained ? look_for_activations(path, s) : IP_OK;
}

static ip_status look(const char *digest, const char *estimate_digest, const char *path, file_state *finished,
                      file_state *part)
{
  char *part_path;
  *finished = *part = (file_state){0};
  IP_TRY(IP_FORMAT(part_path, "%s.part", path));
  ip_status st = look_at(digest, estimate_digest, path, finished);
  if (st == IP_OK) st = look_at(digest, estimate_digest, part_path, part);
  ip_free(part_path);
  return st;
}

ip_status ip_run_file_state(const char *digest, const char *estimate_digest, const char *path, ip_point_state *state)
{
  file_state finished, part;
  ip_status st = look(digest, estimate_digest, path, &finished, &part);
  if (st != IP_EIO && st != IP_ELOCKED) IP_TRY(st);
  ip_error_clear(); /* a file that cannot be read is reported by the run that needs it, and stops no other */
  bool only_estimates = finished.trained && !finished.estimated;
  *state = finished.estimated ? IP_POINT_DONE
           : only_estimates   ? IP_POINT_ESTIMATE
           : finished.stale   ? IP_POINT_STALE
           : part.fits        ? IP_POINT_PARTIAL
                              : IP_POINT_NEW;
  return IP_OK;
}

ip_status ip_run_point_state(const ip_experiment *point, const char *path, ip_point_state *state)
{
  return ip_run_file_state(point->digest, point->estimate_digest, path, state);
}

static ip_status estimate(const ip_experiment *point, const char *path, size_t n_threads, ip_progress *progress)
{
  int64_t *epoch, length;
  size_t n_epochs;
  IP_TRY(ip_experiment_length(point, &length));
  IP_TRY(ip_experiment_epochs(point, length, &n_epochs, &epoch));
  ip_free(epoch);
  ip_progress_second_part(progress, (double)n_epochs);
  ip_estimate_options opt = {
      .n_estimators = point->n_estimators,
      .estimator = point->estimators,
      .n_measures = point->n_measures,
      .measure = point->measures,
      .n_splits = point->estimate.n_splits,
      .split = point->estimate.split,
      .samples = (size_t)point->estimate.samples,
      .seed = point->seed,
      .n_threads = n_threads,
      .bootstrap = point->estimate.bootstrap,
      .bin_loss = point->estimate.bin_loss,
      .null_shuffles = point->estimate.null_shuffles,
      .level = point->estimate.level,
      .drop_activations = point->log.keep == IP_KEEP_NONE,
      .digest = point->estimate_digest,
  };
  return ip_run_estimate(path, &opt, progress);
}

ip_status ip_run_point(const ip_experiment *point, const char *path, size_t n_threads, ip_progress *progress)
{
  file_state finished, part;
  if (point->training.threads > 0) n_threads = (size_t)point->training.threads;
  IP_TRY(look(point->digest, point->estimate_digest, path, &finished, &part));
  if (finished.estimated) return IP_OK;
  if (finished.trained) return estimate(point, path, n_threads, progress);
  char *part_path;
  IP_TRY(IP_FORMAT(part_path, "%s.part", path));
  ip_status st = part.trained ? IP_OK : ip_run_train(point, path, n_threads, progress);
  if (st == IP_OK && !part.estimated) st = estimate(point, part_path, n_threads, progress);
  if (st == IP_OK) st = ip_run_publish(path, point->log.keep == IP_KEEP_ALL);
  ip_free(part_path);
  return st;
}
