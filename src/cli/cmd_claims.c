/* cmd_claims.c - infoplane claims: statements of the literature, decided by rules from tables. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "claims/stale.h"
#include "cli/claims_files.h"
#include "cli/claims_run.h"
#include "cli/complete.h"
#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);
static ip_status complete_word(const ip_candidates *c);

const ip_command ip_cmd_claims = {
    .name = "claims",
    .usage = "[list | run CLAIM... | show CLAIM... | decide] [--check | --markdown | --json] [CLAIM...]",
    .summary = "Statements of the literature with verdicts computed from committed tables",
    .details =
        "A claim is a file with a statement, the experiments that test it, and a rule with thresholds. CLAIM is its "
        "number\n"
        "(1), the beginning of its name, or the path of a file of your own; docs/claims.md describes the files.\n\n"
        "  list    all claims with their verdicts (default)\n"
        "  run     train what is missing, with more seeds while the verdict is undecided; write table and verdict\n"
        "  show    the numbers behind a verdict, for each seed, and a figure\n"
        "  decide  store verdicts and figures again, from the tables: after a change of the program\n\n"
        "Without training, --check computes the verdicts of all tables again and compares them with the stored "
        "ones.\n\n"
        "Examples:\n"
        "  infoplane claims\n"
        "  infoplane claims run 1 --dry-run\n"
        "  infoplane claims show 1\n"
        "  infoplane claims run my-claim.yaml -o my-results",
    .run = run,
    .complete = complete_word,
};

typedef struct {
  const char *rules, *folder;
  ip_claims_options options;
  bool check, strict, markdown, json, help_rules;
  ip_scratch *sc;
} request;

/* ---------------------------------------------------------------- the claims */

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Whether a word means a claim: the beginning of its name, or its number. */
static bool is_meant(const char *word, const char *path)
{
  int64_t v, w;
  char number[24];
  const char *name = base_name(path);
  size_t n = strspn(name, "0123456789");
  if (n && n < sizeof number && ip_parse_int(word, &v)) {
    memcpy(number, name, n);
    number[n] = 0;
    return ip_parse_int(number, &w) && v == w;
  }
  return !strncmp(name, word, strlen(word));
}

static ip_status find_claims(const request *rq, size_t n_words, const char *const *word, size_t *n, const char ***path)
{
  const char **all = NULL;
  size_t n_all = 0, room = 0;
  bool own = n_words > 0;
  for (size_t i = 0; i < n_words; i++) own &= ip_claims_is_rule(word[i]) && access(word[i], R_OK) == 0;
  if (!own) IP_TRY(ip_claims_list_rules(rq->rules, rq->sc, &n_all, &all));
  *n = 0;
  *path = NULL;
  for (size_t i = 0; i < n_words; i++) {
    size_t before = *n;
    bool is_file = ip_claims_is_rule(word[i]) && access(word[i], R_OK) == 0;
    for (size_t j = 0; j < (is_file ? 1 : n_all); j++) {
      if (!is_file && !is_meant(word[i], all[j])) continue;
      IP_TRY(IP_SCRATCH_GROW(rq->sc, *path, *n, &room, "claims"));
      (*path)[(*n)++] = is_file ? word[i] : all[j];
    }
    IP_REQUIRE(*n > before, IP_EUSAGE, "infoplane claims: no claim '%s' in %s; infoplane claims list shows them",
               word[i], rq->rules);
  }
  if (n_words) return IP_OK;
  *n = n_all;
  *path = all;
  return IP_OK;
}

static ip_status open_entries(const request *rq, size_t n, const char *const *path, ip_claim_entry *e)
{
  for (size_t i = 0; i < n; i++) {
    IP_TRY(ip_claims_open(path[i], rq->folder, rq->sc, &e[i]));
    if (e[i].table && !ip_claims_is_stale(&e[i])) IP_TRY(ip_claim_decide(e[i].claim, e[i].table, &e[i].result));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- show, check */

static ip_status show(const request *rq, size_t n, ip_claim_entry *e)
{
  const char *figure;
  for (size_t i = 0; i < n; i++) {
    if (i) putchar('\n');
    IP_TRY(ip_claims_print(&e[i], stdout));
    if (!e[i].result) continue;
    IP_TRY(ip_claims_draw(&e[i], &figure, rq->sc));
    if (figure) ip_print(stdout, "\n%s\n", figure);
  }
  return IP_OK;
}

static ip_status decide_again(const request *rq, size_t n, ip_claim_entry *e)
{
  for (size_t i = 0; i < n; i++) {
    if (!e[i].table) continue;
    if (!ip_claims_is_stale(&e[i])) IP_TRY(ip_claims_store(&e[i], rq->sc));
    ip_claims_print_line(&e[i], stdout);
  }
  return IP_OK;
}

/* A claim that has been run has a table. */
static ip_status check_is_new(const request *rq, const ip_claim_entry *e)
{
  const char *verdict;
  IP_TRY(ip_claims_file(e, IP_CLAIMS_VERDICT, rq->sc, &verdict));
  IP_REQUIRE(access(verdict, F_OK), IP_EINVAL, "%s: its table, " IP_CLAIMS_TABLE ", is missing; run the claim again",
             verdict);
  return IP_OK;
}

/* Says so if the experiments of a claim have changed since its table was made; the verdict remains one on the old ones.
 */
static ip_status check_experiments(const ip_claim_entry *e, size_t *n_changed)
{
  const ip_claim_condition *changed;
  ip_status st = ip_claim_find_changed(e->claim, e->table, &changed);
  if (st == IP_ENOMEM || st == IP_ESTOPPED) return st;
  if (st != IP_OK) {
    ip_print(stderr, "%s: its experiment cannot be compared: %s\n", e->claim->name, ip_error_message());
    ip_error_clear();
  } else if (changed)
    ip_print(stderr, "%s: condition %s: its table (%s) was made with another configuration than %s now has\n",
             e->claim->name, changed->name, e->table->made, changed->experiment);
  *n_changed += st != IP_OK || changed;
  return IP_OK;
}

static ip_status check(const request *rq, size_t n, const char *const *path, ip_claim_entry *e)
{
  size_t n_checked = 0, n_wrong = 0, n_changed = 0;
  for (size_t i = 0; i < n; i++) {
    const char *verdict;
    ip_status st = ip_claims_open(path[i], rq->folder, rq->sc, &e[i]);
    bool is_new = st == IP_OK && !e[i].table;
    if (is_new && (st = check_is_new(rq, &e[i])) == IP_OK) continue;
    n_checked++;
    if (st == IP_OK) st = ip_claim_decide(e[i].claim, e[i].table, &e[i].result);
    if (st == IP_OK) st = ip_claims_file(&e[i], IP_CLAIMS_VERDICT, rq->sc, &verdict);
    if (st == IP_OK) st = ip_claim_result_compare(e[i].result, verdict);
    if (st == IP_OK) st = check_experiments(&e[i], &n_changed);
    if (st == IP_ENOMEM || st == IP_ESTOPPED) return st;
    if (st == IP_OK) continue;
    n_wrong++;
    ip_print(stderr, "%s\n", ip_error_message());
    ip_error_clear();
  }
  IP_REQUIRE(!n_wrong, IP_EINVAL, "%zu of %zu verdicts differ from the stored ones", n_wrong, n_checked);
  IP_REQUIRE(n_checked, IP_EINVAL, "%s has no table of %s; infoplane claims run makes it", rq->folder,
             n == 1 ? "this claim" : "these claims");
  ip_print(stdout, "%zu verdict%s computed again from %s: all as stored\n", n_checked, ip_plural(n_checked),
           rq->folder);
  if (n_changed) printf("%zu of them on experiments that have changed since\n", n_changed);
  IP_REQUIRE(!n_changed || !rq->strict, IP_EINVAL, "%zu of %zu verdicts are on experiments that have changed since",
             n_changed, n_checked);
  return IP_OK;
}

/* ---------------------------------------------------------------- command line */

typedef enum { VERB_LIST, VERB_RUN, VERB_SHOW, VERB_DECIDE, VERB_CHECK, N_VERBS } verb;
static const char *const verbs[N_VERBS] = {"list", "run", "show", "decide", "check"};

static ip_status complete_claim(const request *rq, const ip_candidates *c)
{
  size_t n;
  const char **path;
  ip_status st = ip_claims_list_rules(rq->rules, rq->sc, &n, &path);
  if (st == IP_ENOMEM) return st;
  if (st != IP_OK) ip_error_clear(); /* no claims in the working directory */
  for (size_t i = 0; i < n && st == IP_OK; i++) {
    const char *name = base_name(path[i]), *stem;
    IP_TRY(ip_scratch_format(rq->sc, &stem, "%.*s", (int)(strlen(name) - strlen(".yaml")), name));
    ip_candidate(c, stem, "", NULL);
  }
  return IP_OK;
}

static ip_status complete_word(const ip_candidates *c)
{
  request rq = {.rules = IP_CLAIMS_RULES};
  for (size_t i = 0; i < N_VERBS; i++) ip_candidate(c, verbs[i], "", NULL);
  ip_candidate_files(c, "yaml");
  IP_TRY(ip_scratch_create(&rq.sc));
  ip_status st = complete_claim(&rq, c);
  ip_scratch_destroy(&rq.sc);
  return st;
}

static ip_status act(const request *rq, verb v, size_t n, const char *const *path, ip_claim_entry *e)
{
  if (rq->check) return check(rq, n, path, e);
  bool is_run = v == VERB_RUN;
  for (size_t i = 0; i < n && is_run; i++) { /* the old table may be of another rule */
    IP_TRY(ip_claim_load(path[i], &e[i].claim));
    IP_TRY(ip_scratch_format(rq->sc, &e[i].folder, "%s/%s", rq->folder, e[i].claim->name));
  }
  if (is_run) return ip_claims_run(&rq->options, n, e, rq->sc);
  IP_TRY(open_entries(rq, n, path, e));
  if (rq->json) return ip_claims_print_json(n, e, stdout);
  if (rq->markdown) return ip_claims_print_markdown(n, e, stdout);
  if (v == VERB_SHOW) return show(rq, n, e);
  if (v == VERB_DECIDE) return decide_again(rq, n, e);
  ip_claims_print_list(n, e, stdout);
  return IP_OK;
}

static ip_status find_and_act(const request *rq, const ip_arguments *args)
{
  verb v = VERB_LIST;
  const char **path;
  size_t n, skip = 0;
  for (int i = 0; i < N_VERBS && args->n; i++)
    if (!strcmp(args->word[0], verbs[i])) {
      v = (verb)i;
      skip = 1;
    }
  request r = *rq;
  r.check |= v == VERB_CHECK;
  IP_REQUIRE((v != VERB_RUN && v != VERB_SHOW) || args->n > skip, IP_EUSAGE,
             "infoplane claims %s: expected claims; infoplane claims list shows them", verbs[v]);
  IP_REQUIRE(r.check + r.markdown + r.json < 2, IP_EUSAGE,
             "infoplane claims: give one of --check, --markdown and --json");
  IP_TRY(find_claims(&r, args->n - skip, args->word + skip, &n, &path));
  ip_claim_entry *e;
  IP_TRY(IP_NEW(e, n, "claims"));
  ip_status st = act(&r, v, n, path, e);
  ip_claims_close(n, e);
  ip_free(e);
  return st;
}

static ip_status run(int argc, char **argv)
{
  request rq = {.rules = IP_CLAIMS_RULES, .folder = IP_CLAIMS_RESULTS};
  const ip_option options[] = {
      {"check", 0, IP_OPT_FLAG, NULL, "compute the verdicts again from their tables; exit status 1 if one differs",
       &rq.check},
      {"strict", 0, IP_OPT_FLAG, NULL, "with --check: exit status 1, too, if an experiment has changed since its table",
       &rq.strict},
      {"markdown", 0, IP_OPT_FLAG, NULL, "print a page: a table of the claims, then a section on each", &rq.markdown},
      {"json", 0, IP_OPT_FLAG, NULL, "print all numbers as JSON", &rq.json},
      {"rules", 0, IP_OPT_TEXT, "DIR", "directory of the claims (default: " IP_CLAIMS_RULES ")", &rq.rules},
      {"output", 'o', IP_OPT_TEXT, "DIR", "directory of tables and verdicts (default: " IP_CLAIMS_RESULTS ")",
       &rq.folder},
      {"jobs", 'j', IP_OPT_INT, "N", "run: number of parallel runs (default 0: one per core)", &rq.options.jobs},
      {"threads", 0, IP_OPT_INT, "N", "run: number of threads per run (default 0: the cores left idle)",
       &rq.options.threads},
      {"dry-run", 0, IP_OPT_FLAG, NULL, "run: estimate the time from a short measured run", &rq.options.dry_run},
      {"gather", 0, IP_OPT_FLAG, NULL, "run: train nothing; use the run files that exist", &rq.options.gather},
      {"force", 0, IP_OPT_FLAG, NULL, "run: replace finished runs that have a different configuration",
       &rq.options.force},
      {"help-rules", 0, IP_OPT_FLAG, NULL, "list the functions of the language of rules", &rq.help_rules},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_claims, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  if (rq.help_rules) {
    ip_rule_help(stdout);
    return IP_OK;
  }
  IP_TRY(ip_scratch_create(&rq.sc));
  ip_status st = find_and_act(&rq, &args);
  ip_scratch_destroy(&rq.sc);
  return st;
}
