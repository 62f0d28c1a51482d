/* cmd_diff.c - infoplane diff: two experiments side by side, their configurations and their results. */
#include "base/plain.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/diff_side.h"
#include "cli/guard.h"
#include "cli/json.h"
#include "study/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static ip_status run(int argc, char **argv);
static ip_status complete_side(const ip_candidates *c);

const ip_command ip_cmd_diff = {
    .name = "diff",
    .usage = "A B [--all] [--level P] [--json]",
    .summary = "Compare the configurations and results of two experiments",
    .details =
        "A and B are results directories of infoplane run, run files, configuration files or presets. Prints the keys\n"
        "that differ, and of runs the means of A and B and the mean of B - A with its confidence interval: losses and\n"
        "accuracies, and for each layer and estimator the peak, end and decrease of I(X;T) and the end of I(T;Y).\n"
        "Runs are compared in pairs with the same seed, in sweeps at the same values of the swept keys; the interval\n"
        "is the t interval of the paired differences. * marks an interval without 0.\n\n"
        "The exit status is 0 whether or not A and B differ; for programs, --json has the field equal.\n\n"
        "Examples: infoplane diff results/tanh results/relu\n"
        "          infoplane diff szt2017 mine.yaml",
    .run = run,
    .complete = complete_side,
};

typedef struct {
  bool all, json;
  double level;
  ip_diff_side a, b;
  size_t n_changes;
  ip_config_change *change; // (n_changes)
  ip_comparison results;
} comparison;

static const char *const role_words[] = {
    [IP_KEY_TRAIN] = "training", [IP_KEY_ESTIMATE] = "estimates", [IP_KEY_SHOW] = "none", [IP_KEY_FILE] = "none"};

/* ---------------------------------------------------------------- text */

static void print_side(const char *letter, const ip_diff_side *s)
{
  ip_print(stdout, "%s: %s", letter, s->path);
  if (s->e) ip_print(stdout, ", experiment %s", s->e->name);
  if (s->n_files) ip_print(stdout, ", %zu run%s", s->n_files, ip_plural(s->n_files));
  putchar('\n');
}

enum { WIDEST = 40 };

static int wider(int width, const char *text)
{
  size_t n = strlen(text);
  return n <= WIDEST && (int)n > width ? (int)n : width;
}

static const char *value_of(const char *text)
{
  return *text ? text : "-";
}

static void print_change(const ip_config_change *change, int key, int from, int to)
{
  const char *a = value_of(change->from), *b = value_of(change->to), *needs = role_words[change->role];
  bool fits = strlen(a) <= WIDEST && strlen(b) <= WIDEST;
  if (change->role > IP_KEY_ESTIMATE) needs = NULL;
  ip_print(stdout, "  %-*s", fits ? key : 0, change->key);
  if (fits && needs)
    ip_print(stdout, "  %-*s  %-*s  (needs new %s)\n", from, a, to, b, needs);
  else if (fits)
    ip_print(stdout, "  %-*s  %s\n", from, a, b);
  else
    ip_print(stdout, "%s%s%s\n    A: %s\n    B: %s\n", needs ? "  (needs new " : "", needs ? needs : "",
             needs ? ")" : "", a, b);
}

static void print_changes(const comparison *c)
{
  int key = 4, from = 1, to = 1;
  if (!c->a.e || !c->b.e) {
    ip_print(stdout, "\nConfigurations are not compared: %s: %s\n", c->a.e ? c->b.path : c->a.path,
             c->a.e ? c->b.no_config : c->a.no_config);
    return;
  }
  if (c->n_changes)
    ip_print(stdout, "\nConfiguration: %zu key%s differ%s\n", c->n_changes, ip_plural(c->n_changes),
             c->n_changes == 1 ? "s" : "");
  else
    puts("\nConfiguration: the same");
  for (size_t i = 0; i < c->n_changes; i++) {
    key = wider(key, c->change[i].key);
    from = wider(from, value_of(c->change[i].from));
    to = wider(to, value_of(c->change[i].to));
  }
  for (size_t i = 0; i < c->n_changes; i++) print_change(&c->change[i], key, from, to);
}

static bool excludes_0(const ip_compared *r)
{
  return r->interval.low > 0 || r->interval.high < 0;
}

/* In columns as wide as `source` and `unit`. */
static void print_row(const ip_compared *r, int source, int unit)
{
  char interval[40] = "-";
  if (!isnan(r->interval.low)) snprintf(interval, sizeof interval, "%.3g to %.3g", r->interval.low, r->interval.high);
  ip_print(stdout, "  %-7s  %-*s  %-16s %-*s %9.4g %9.4g %10.3g  %-22s %3zu%s\n", *r->layer ? r->layer : "network",
           source, *r->source ? r->source : "", r->quantity, unit, r->unit, r->mean_a, r->mean_b, r->difference,
           interval, r->n, excludes_0(r) ? " *" : "");
}

static bool is_shown(const comparison *c, const ip_compared *r)
{
  return c->all || r->is_main;
}

static void print_point(const comparison *c, size_t at, int source, int unit)
{
  const ip_comparison *r = &c->results;
  const ip_compared_point *p = &r->point[at];
  char level[40];
  snprintf(level, sizeof level, "%.3g %% interval", 100 * r->level);
  putchar('\n');
  for (size_t k = 0; k < r->n_keys; k++) ip_print(stdout, "%s%s=%s", k ? ", " : "", r->key[k], p->value[k]);
  ip_print(stdout, "%s%zu pair%s, from %zu run%s of A and %zu of B\n", r->n_keys ? ": " : "Results: ", p->n_pairs,
           ip_plural(p->n_pairs), p->n_a, ip_plural(p->n_a), p->n_b);
  if (!p->n_pairs) return;
  ip_print(stdout, "  %-7s  %-*s  %-16s %-*s %9s %9s %10s  %-22s %3s\n", "layer", source, "", "", unit, "unit", "A",
           "B", "B - A", level, "n");
  for (size_t i = 0; i < r->n; i++)
    if (r->row[i].point == at && is_shown(c, &r->row[i])) print_row(&r->row[i], source, unit);
}

static void print_results(const comparison *c)
{
  int source = 0, unit = 4;
  size_t n = 0, n_marked = 0;
  const ip_comparison *r = &c->results;
  for (size_t i = 0; i < r->n; i++) {
    if (!is_shown(c, &r->row[i])) continue;
    source = wider(source, r->row[i].source);
    unit = wider(unit, r->row[i].unit);
    n += isfinite(r->row[i].interval.low) ? 1 : 0;
    n_marked += excludes_0(&r->row[i]);
  }
  for (size_t at = 0; at < r->n_points; at++) print_point(c, at, source, unit);
  if (n_marked)
    printf("\n* %zu of %zu intervals exclude 0; about %.2g would do so by chance if A and B did not differ.\n",
           n_marked, n, (1 - c->level) * (double)n);
}

static void print_text(const comparison *c)
{
  print_side("A", &c->a);
  print_side("B", &c->b);
  print_changes(c);
  if (c->a.n_files && c->b.n_files) print_results(c);
}

/* ---------------------------------------------------------------- JSON */

static json_t *json_of_side(const ip_diff_side *s)
{
  return json_pack("{s:o, s:o, s:o}", "path", ip_json_text(s->path), "experiment",
                   s->e ? ip_json_text(s->e->name) : json_null(), "runs", ip_json_count(s->n_files));
}

static json_t *json_of_changes(const comparison *c)
{
  json_t *list = json_array();
  for (size_t i = 0; i < c->n_changes; i++)
    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "key", c->change[i].key, "a",
                                          ip_json_text(c->change[i].from), "b", ip_json_text(c->change[i].to),
                                          "change_needs_new", role_words[c->change[i].role]));
  return list;
}

static json_t *json_of_points(const ip_comparison *r)
{
  json_t *list = json_array();
  for (size_t i = 0; i < r->n_points; i++) {
    json_t *values = json_object();
    for (size_t k = 0; k < r->n_keys; k++) json_object_set_new(values, r->key[k], ip_json_text(r->point[i].value[k]));
    json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "values", values, "pairs",
                                          ip_json_count(r->point[i].n_pairs), "runs_a", ip_json_count(r->point[i].n_a),
                                          "runs_b", ip_json_count(r->point[i].n_b)));
  }
  return list;
}

static json_t *json_of_results(const ip_comparison *r)
{
  json_t *list = json_array();
  for (size_t i = 0; i < r->n; i++) {
    const ip_compared *row = &r->row[i];
    json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "point",
                                          ip_json_count(row->point), "layer",
                                          *row->layer ? ip_json_text(row->layer) : json_null(), "of",
                                          *row->source ? ip_json_text(row->source) : json_null(), "quantity",
                                          ip_json_text(row->quantity), "unit", ip_json_text(row->unit), "pairs",
                                          ip_json_count(row->n), "mean_a", ip_json_real(row->mean_a), "mean_b",
                                          ip_json_real(row->mean_b), "difference", ip_json_real(row->difference), "low",
                                          ip_json_real(row->interval.low), "high", ip_json_real(row->interval.high)));
  }
  return list;
}

static json_t *json_of(const comparison *c)
{
  bool has_configurations = c->a.e && c->b.e, same = true;
  for (size_t i = 0; i < c->n_changes; i++) same &= c->change[i].role > IP_KEY_TRAIN;
  json_t *equal = has_configurations ? json_boolean(c->n_changes == 0) : json_null(),
         *same_training = has_configurations ? json_boolean(same) : json_null();
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o}", "a", json_of_side(&c->a), "b", json_of_side(&c->b),
                   "equal", equal, "same_training", same_training, "keys", json_of_changes(c), "level", c->level,
                   "points", json_of_points(&c->results), "results", json_of_results(&c->results));
}

/* ---------------------------------------------------------------- command line */

static ip_status compare(comparison *c, const char *const *word, ip_scratch *sc)
{
  IP_TRY(ip_diff_side_open(word[0], sc, &c->a));
  IP_TRY(ip_diff_side_open(word[1], sc, &c->b));
  if (c->a.e && c->b.e) IP_TRY(ip_config_diff(c->a.e->config, c->b.e->config, sc, &c->n_changes, &c->change));
  if (c->a.n_files && c->b.n_files)
    IP_TRY(ip_compare_runs(c->a.n_files, c->a.file, c->b.n_files, c->b.file, c->level, sc, &c->results));
  if (c->json) return ip_json_print(json_of(c), stdout);
  print_text(c);
  return IP_OK;
}

static ip_status complete_side(const ip_candidates *c)
{
  ip_candidate_files(c, "");
  return ip_complete_preset(c);
}

typedef struct {
  comparison *c;
  const char *const *word;
} request;

/* In the supervised child. */
static ip_status compare_words(void *context)
{
  const request *r = context;
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = compare(r->c, r->word, sc);
  ip_diff_side_close(&r->c->a);
  ip_diff_side_close(&r->c->b);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status run(int argc, char **argv)
{
  comparison c = {.level = 0.95};
  const ip_option options[] = {
      {"all", 0, IP_OPT_FLAG, NULL, "print all quantities: the columns of runs.csv, and measures", &c.all},
      {"level", 0, IP_OPT_REAL, "P", "level of the confidence intervals (default 0.95)", &c.level},
      {"json", 0, IP_OPT_FLAG, NULL, "print all numbers as JSON", &c.json},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_diff, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 2, IP_EUSAGE, "infoplane diff: got %zu words, expected two: A and B", args.n);
  IP_REQUIRE(c.level > 0 && c.level < 1, IP_EUSAGE, "infoplane diff --level: expected a number in (0, 1), got %g",
             c.level);
  return ip_guard_run(&(ip_guard){0}, compare_words, &(request){&c, args.word});
}
