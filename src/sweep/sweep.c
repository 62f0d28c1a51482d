#include "sweep/sweep.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/team.h"
#include "base/text.h"
#include "file/atomic.h"
#include "run/run.h"

#include <string.h>
#include <unistd.h>

/* Maximum number of changed keys in the message. */
enum { MOST_CHANGES = 20 };

size_t ip_sweep_jobs(size_t jobs)
{
  return jobs ? jobs : ip_team_cores();
}

/* ---------------------------------------------------------------- what is there */

typedef struct scan {
  const ip_experiment *e;
  ip_points *points;
  const ip_results *results;
  bool finished; /* all points */
  size_t n_tasks, n_kept, n_stale;
  ip_task *task; // (n_points of the shard)
  ip_journal *journal;
} scan;

static size_t n_of_shard(size_t n, ip_shard shard)
{
  return n / shard.n + (n % shard.n >= shard.k ? 1 : 0);
}

static ip_status find_state(const scan *found, const ip_point *point, ip_point_state *state)
{
  char *path;
  *state = IP_POINT_DONE;
  if (found->finished) return IP_OK;
  IP_TRY(ip_results_run_path(found->results->path, point->run_name, &path));
  ip_status st = ip_run_file_state(point->digest, point->estimate_digest, path, state);
  ip_free(path);
  return st;
}

static ip_status scan_point(scan *found, size_t k, const ip_point *point)
{
  ip_point_state state;
  IP_TRY(find_state(found, point, &state));
  if (state == IP_POINT_DONE) {
    found->n_kept++;
    if (found->journal) ip_journal_add(found->journal, IP_EVENT_KEPT, k, point->run_name, 0, "");
    return IP_OK;
  }
  found->n_stale += state == IP_POINT_STALE;
  found->task[found->n_tasks++] = (ip_task){k, point->cost, (double)point->epochs};
  return IP_OK;
}

static ip_status scan_all(scan *found)
{
  size_t n = ip_points_count(found->points);
  ip_shard shard = found->results->shard;
  for (size_t k = shard.k - 1; k < n; k += shard.n) {
    IP_TRY(ip_stop_check());
    const ip_point *point;
    IP_TRY(ip_points_get(found->points, k, &point));
    IP_TRY(scan_point(found, k, point));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the configuration of the directory */

/* The keys that differ from the directory's experiment.yaml, one a line, in a new text. */
static ip_status list_changes(const scan *found, char **text)
{
  ip_experiment *old = NULL;
  ip_scratch *sc;
  size_t n = 0;
  ip_config_change *change = NULL;
  IP_TRY(IP_STRDUP(*text, ""));
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_experiment_load_stored(found->results->config, &old);
  if (st == IP_OK) st = ip_config_diff(old->config, found->e->config, sc, &n, &change);
  for (size_t i = 0; i < n && i < MOST_CHANGES && st == IP_OK; i++) {
    char *longer;
    st = IP_FORMAT(longer, "%s\n  %s: %s -> %s", *text, change[i].key, change[i].from, change[i].to);
    if (st != IP_OK) break;
    ip_free(*text);
    *text = longer;
  }
  ip_scratch_destroy(&sc);
  ip_experiment_destroy(&old);
  return st;
}

static ip_status reject(const scan *found)
{
  char *changes;
  ip_status st = list_changes(found, &changes);
  if (st == IP_OK)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG,
                      "%s: %zu finished runs have a different configuration and would be repeated (%zu match). Changed "
                      "keys:%s\nUse --force to replace them, or -o DIR to keep both",
                      found->results->path, found->n_stale, found->n_kept, changes);
  ip_free(changes);
  return st;
}

/* experiment.yaml: what the workers, later stages and a continuation read. All shards write the same, each under a name
 * of its own first. */
static ip_status write_config(const scan *found)
{
  const ip_results *r = found->results;
  char *text, *mine;
  IP_TRY(ip_experiment_text(found->e, &text));
  ip_status st = IP_FORMAT(mine, "%s.%zu-of-%zu", r->config, r->shard.k, r->shard.n);
  if (st == IP_OK) {
    st = ip_file_write(mine, text);
    if (st == IP_OK) st = ip_file_publish(mine, r->config);
    if (st != IP_OK) unlink(mine);
    ip_free(mine);
  }
  ip_free(text);
  return st;
}

/* ---------------------------------------------------------------- the sweep */

static ip_status run_tasks(scan *found, const ip_sweep_options *opt, ip_sweep_outcome *outcome)
{
  ip_pool_options pool = {
      .results = found->results,
      .points = found->points,
      .journal = found->journal,
      .jobs = ip_sweep_jobs(opt->jobs),
      .threads = opt->threads,
      .silent_s = found->e->silent_limit,
      .messages = opt->messages,
  };
  ip_pool_outcome po;
  ip_status st = ip_pool_run(&pool, found->n_tasks, found->task, &po);
  outcome->n_done = po.n_done;
  outcome->n_failed = po.n_failed;
  outcome->n_left = po.n_left;
  outcome->disk_full = po.disk_full;
  IP_TRY(st);
  IP_REQUIRE(!po.disk_full, IP_ENOSPC, "%s: disk full; free some space, then run the same command to resume",
             opt->folder);
  IP_REQUIRE(po.n_failed == 0, IP_ECHILD,
             "%s: %zu of %zu run%s failed; for the reasons, run infoplane status %s; to retry, run the same command",
             opt->folder, po.n_failed, outcome->n_points, ip_plural(outcome->n_points), opt->folder);
  IP_REQUIRE(po.n_left == 0, IP_ESTOPPED, "%s: %zu of %zu run%s remain; to resume, run the same command", opt->folder,
             po.n_left, outcome->n_points, ip_plural(outcome->n_points));
  return IP_OK;
}

/* Finds out what is to be done, and refuses what --force would allow. */
static ip_status prepare(scan *found, const ip_sweep_options *opt, ip_sweep_outcome *outcome)
{
  outcome->n_points = n_of_shard(ip_points_count(found->points), opt->shard);
  IP_TRY(IP_NEW(found->task, outcome->n_points, "points of the sweep"));
  IP_TRY(ip_journal_open(found->results, &found->journal));
  IP_TRY(scan_all(found));
  outcome->n_kept = found->n_kept;
  outcome->n_left = found->n_tasks;
  if (found->n_stale && !opt->force) return reject(found);
  return write_config(found);
}

ip_status ip_sweep_run(ip_points *points, const ip_sweep_options *opt, ip_sweep_outcome *outcome)
{
  *outcome = (ip_sweep_outcome){0};
  ip_results *results;
  IP_TRY(ip_results_open(opt->folder, opt->shard, &results));
  scan found = {.e = ip_points_experiment(points), .points = points, .results = results, .finished = opt->finished};
  ip_status st = prepare(&found, opt, outcome);
  if (st == IP_OK) st = run_tasks(&found, opt, outcome);
  ip_journal_close(&found.journal);
  ip_free(found.task);
  ip_results_close(&results);
  return st;
}

ip_status ip_sweep_prepare(ip_points *points, const ip_sweep_options *opt, uint8_t *missing, ip_sweep_outcome *outcome)
{
  *outcome = (ip_sweep_outcome){0};
  ip_results *results;
  IP_TRY(ip_results_open(opt->folder, opt->shard, &results));
  scan found = {.e = ip_points_experiment(points), .points = points, .results = results};
  ip_status st = prepare(&found, opt, outcome);
  for (size_t i = 0; st == IP_OK && i < found.n_tasks; i++) missing[found.task[i].point] = 1;
  ip_journal_close(&found.journal);
  ip_free(found.task);
  ip_results_close(&results);
  return st;
}
