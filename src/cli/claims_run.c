/* claims_run.c - training what a claim needs, and storing its verdict. */
#include "cli/claims_run.h"

#include "base/clock.h"
#include "base/plain.h"
#include "claims/runs.h"
#include "cli/guard.h"
#include "experiment/points.h"
#include "file/atomic.h"
#include "sweep/probe.h"
#include "sweep/sweep.h"

ip_status ip_claims_file(const ip_claim_entry *e, const char *name, ip_scratch *sc, const char **path)
{
  return ip_scratch_format(sc, path, "%s/%s", e->folder, name);
}

static ip_status print_cost(const ip_claim *c, const ip_claims_options *o)
{
  ip_scratch *sc;
  ip_claim_needs needs;
  size_t jobs = ip_sweep_jobs((size_t)o->jobs);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_claim_find_needs(c, sc, &needs);
  for (size_t k = 0; k < c->n_conditions && st == IP_OK; k++) {
    ip_experiment *e;
    ip_points *points;
    ip_probe p;
    char first[32], last[32];
    if (!c->condition[k].experiment || c->condition[k].runs_of != k) continue;
    if ((st = ip_claim_experiment(c, k, c->look[0], &needs, &e)) != IP_OK) break;
    if ((st = ip_points_create(e, &points)) == IP_OK) {
      if ((st = ip_sweep_probe(points, jobs, &p)) == IP_OK) {
        ip_clock_format(p.wall_s, first);
        ip_clock_format(p.wall_s * (double)c->look[c->n_looks - 1] / (double)c->look[0], last);
        ip_print(stdout, "%s\t%s\t%zu seeds: %zu runs, about %s with %zu at a time; %zu seeds: about %s\n", c->name,
                 c->condition[k].name, c->look[0], ip_points_count(points), first, jobs, c->look[c->n_looks - 1], last);
      }
      ip_points_destroy(&points);
    }
    ip_experiment_destroy(&e);
  }
  ip_scratch_destroy(&sc);
  return st;
}

/* Whether all runs of a table exist, or any. */
static bool has_runs(const ip_claim_table *t, bool all)
{
  for (size_t i = 0; i < t->n_blocks; i++)
    for (size_t j = 0; j < t->n_seeds; j++)
      if ((t->block[i].state[j] == IP_CLAIM_RUN_MISSING) == all) return !all;
  return all;
}

/* Verdict and figure of the table in its file, which has fewer digits than what was gathered. */
ip_status ip_claims_store(ip_claim_entry *e, ip_scratch *sc)
{
  const char *table, *verdict, *figure;
  ip_claim_table_destroy(&e->table);
  ip_claim_result_destroy(&e->result);
  IP_TRY(ip_claims_file(e, IP_CLAIMS_TABLE, sc, &table));
  IP_TRY(ip_claim_table_read(table, &e->table));
  IP_TRY(ip_claim_decide(e->claim, e->table, &e->result));
  IP_TRY(ip_claims_file(e, IP_CLAIMS_VERDICT, sc, &verdict));
  IP_TRY(ip_claim_result_write(e->result, verdict));
  IP_TRY(ip_claims_draw_plane(e, sc));
  return ip_claims_draw(e, &figure, sc);
}

typedef struct {
  const ip_claims_options *o;
  const ip_claim_entry *e;
  const ip_claim_work *work;
  size_t n_seeds;
  bool *is_written; /* shared with the parent */
  ip_scratch *sc;
} gathering;

/* In the supervised child, because conditions may name run files of others: writes the table. */
static ip_status gather(void *context)
{
  const gathering *g = context;
  const char *table;
  ip_claim_table *gathered;
  IP_TRY(ip_claim_gather(g->e->claim, g->work, g->n_seeds, &gathered));
  bool is_empty = !has_runs(gathered, false), is_later = g->o->gather && g->e->result;
  if (is_empty || (is_later && !has_runs(gathered, true))) {
    ip_claim_table_destroy(&gathered);
    bool only_files = ip_claim_has_only_files(g->e->claim);
    IP_REQUIRE(!is_empty, IP_EIO, "%s: no run of its conditions %s%s", g->e->claim->name,
               only_files ? "is finished" : "exists in ", only_files ? "" : g->e->folder);
    return IP_OK;
  }
  ip_status st = ip_claims_file(g->e, IP_CLAIMS_TABLE, g->sc, &table);
  if (st == IP_OK) st = ip_claim_table_write(gathered, table);
  *g->is_written = st == IP_OK;
  ip_claim_table_destroy(&gathered);
  return st;
}

/* Table, verdict and figure of the runs with so many seeds. With --gather, a later look is left out where its runs are
 * not all there. */
static ip_status decide(const ip_claims_options *o, ip_claim_entry *e, const ip_claim_work *work, size_t n_seeds,
                        ip_scratch *sc)
{
  void *shared;
  IP_TRY(ip_guard_share(sizeof(bool), &shared));
  gathering g = {.o = o, .e = e, .work = work, .n_seeds = n_seeds, .is_written = shared, .sc = sc};
  ip_status st = ip_guard_run(&(ip_guard){.folder = e->folder}, gather, &g);
  bool is_written = *g.is_written;
  ip_guard_unshare(sizeof(bool), &shared);
  IP_TRY(st);
  return is_written ? ip_claims_store(e, sc) : IP_OK;
}

static ip_status run_claim(const ip_claims_options *o, ip_claim_entry *e, ip_scratch *sc)
{
  const ip_claim *c = e->claim;
  ip_claim_work work = {.folder = e->folder,
                        .jobs = (size_t)o->jobs,
                        .threads = (size_t)o->threads,
                        .force = o->force,
                        .messages = stderr};
  IP_TRY(ip_folder_create(e->folder));
  if (ip_claim_has_only_files(c)) return decide(o, e, &work, 0, sc);
  for (size_t i = 0; i < c->n_looks; i++) {
    if (!o->gather) IP_TRY(ip_claim_train(c, &work, c->look[i]));
    IP_TRY(decide(o, e, &work, c->look[i], sc));
    if (e->result->verdict != IP_VERDICT_UNDECIDED) break;
    if (!o->gather && i + 1 < c->n_looks)
      ip_print(stderr, "%s: undecided with %zu seeds; continuing with %zu\n", c->name, c->look[i], c->look[i + 1]);
  }
  return IP_OK;
}

ip_status ip_claims_run(const ip_claims_options *o, size_t n, ip_claim_entry *e, ip_scratch *sc)
{
  IP_REQUIRE(o->jobs >= 0, IP_EUSAGE, "infoplane claims --jobs: expected 0 or more, got %lld", (long long)o->jobs);
  IP_REQUIRE(o->threads >= 0 && o->threads <= 1024, IP_EUSAGE,
             "infoplane claims --threads: expected 0 to 1024, got %lld", (long long)o->threads);
  for (size_t i = 0; i < n; i++) {
    if (o->dry_run) {
      IP_TRY(print_cost(e[i].claim, o));
      continue;
    }
    IP_TRY(run_claim(o, &e[i], sc));
    ip_claims_print_line(&e[i], stdout);
    fflush(stdout);
  }
  return IP_OK;
}
