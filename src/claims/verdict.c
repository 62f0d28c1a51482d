#include "claims/verdict.h"

#include "claims/gather_run.h"
#include "claims/stale.h"

#include <math.h>
#include <string.h>

typedef struct {
  const ip_claim *claim;
  const ip_claim_table *table;
  ip_claim_result *result;
  ip_scratch *sc; /* for the computation */
  ip_rule_view view;
  size_t n_layers;
  ip_layer_choice *layer; // (n_layers) one that is not given if the rule needs none
  bool is_recording;
  size_t fewest;          /* values of any test */
  ip_decision *estimator; // (n_estimators) decisions, and ...
  size_t *measurable;     // (n_estimators) ... numbers of measurable layers
  /* the row being recorded */
  const char *part, *part_text;
  bool is_also;
  ip_status status;
} deciding;

const char *ip_decision_text(ip_decision d)
{
  return d == IP_HOLDS ? "holds" : d == IP_FAILS ? "fails" : "undecided";
}

const char *ip_claim_choice_text(ip_claim_choice choice)
{
  static const char *const text[IP_N_CHOICES] = {"without the networks that failed to fit",
                                                 "with the networks that failed to fit",
                                                 "without layers that end with constant units"};
  return text[choice];
}

void ip_claim_result_destroy(ip_claim_result **r)
{
  if (!*r) return;
  ip_scratch_destroy(&(*r)->sc);
  ip_free(*r);
  *r = NULL;
}

/* ---------------------------------------------------------------- recording */

static size_t layer_number(const ip_rule_view *v)
{
  const ip_claim_block *b;
  if (!v->layer.is_given) return 0;
  if (ip_rule_block(v, &b) == IP_OK) return ip_claim_layer_number(v->layer, b->n_layers);
  ip_error_clear(); /* a sweep */
  for (size_t i = 0; i < v->table->n_blocks; i++)
    if (v->table->block[i].n_layers) return ip_claim_layer_number(v->layer, v->table->block[i].n_layers);
  return 0;
}

/* The characters of the test in its part. */
static ip_status test_text(deciding *d, const ip_rule *test, const char **out)
{
  return ip_scratch_format(d->result->sc, out, "%.*s", (int)(test->end - test->begin), d->part_text + test->begin);
}

/* Seeds of an undecided test: in proportion, because its values may be those of several points, or missing. */
static double seeds_needed(const ip_rule_view *v, const ip_rule *test, const ip_effect *e)
{
  ip_effect point = *e;
  point.interval = (ip_bounds){e->value, e->value};
  bool is_any = ip_test_decide(&test->test, &point) == (v->is_negated ? IP_FAILS : IP_HOLDS); /* evaluate.c */
  double level = is_any ? ip_any_level(e->level, v->n_alternatives) : e->level;
  return ceil((double)v->table->n_seeds * ip_seeds_needed(&test->test, e, level) / (double)e->n - 1e-9);
}

static ip_status record(deciding *d, const ip_rule_view *v, const ip_rule *test, const ip_effect *e,
                        ip_decision decision)
{
  ip_claim_result *r = d->result;
  IP_TRY(IP_SCRATCH_GROW(r->sc, r->row, r->n_rows, &r->rows_room, "tests of a claim"));
  ip_claim_row *row = &r->row[r->n_rows++];
  *row = (ip_claim_row){.estimator = v->estimator,
                        .layer = layer_number(v),
                        .choice = v->layer,
                        .part = d->part,
                        .is_also = d->is_also,
                        .test = test,
                        .effect = *e,
                        .decision = decision,
                        .seeds_needed = (double)NAN};
  row->firmness = ip_test_firmness(&test->test, e, &row->at_half, &row->at_double);
  if (decision == IP_UNDECIDED) row->seeds_needed = seeds_needed(v, test, e);
  return test_text(d, test, &row->text);
}

static void see(void *user, const ip_rule_view *v, const ip_rule *test, const ip_effect *e, ip_decision decision)
{
  deciding *d = user;
  if (!d->is_also && e->n < d->fewest) d->fewest = e->n;
  if (d->is_recording && d->status == IP_OK) d->status = record(d, v, test, e, decision);
}

/* ---------------------------------------------------------------- one estimator and layer */

static ip_status is_measurable(deciding *d, bool *is, double *measured)
{
  *is = true;
  *measured = (double)NAN;
  const ip_rule *r = d->claim->measurable;
  if (!r) return IP_OK;
  ip_decision decision;
  ip_effect e;
  ip_rule_view v = d->view;
  v.see = NULL;
  v.factor = 1;
  v.by_value = true; /* a layer is not left out because too few runs are there */
  IP_TRY(ip_rule_decide(&v, r, NULL, d->sc, &decision));
  *is = decision == IP_HOLDS;
  if (r->op != IP_OP_TEST) return IP_OK;
  IP_TRY(ip_rule_effect(&v, r->arg[0], ip_claim_level(false, 1), d->sc, &e));
  *measured = e.value;
  return IP_OK;
}

static ip_status decide_cell(deciding *d, ip_decision *out)
{
  const ip_claim *c = d->claim;
  ip_decision *part;
  IP_TRY(IP_SCRATCH(d->sc, part, c->n_parts, "parts"));
  for (size_t i = 0; i < c->n_parts; i++) {
    d->part = c->part[i].name;
    d->part_text = c->part[i].text;
    IP_TRY(ip_rule_decide(&d->view, c->part[i].rule, NULL, d->sc, &part[i]));
  }
  d->part = "verdict";
  d->part_text = c->verdict_text;
  IP_TRY(ip_rule_decide(&d->view, c->verdict, part, d->sc, out));
  d->is_also = true;
  for (size_t i = 0; i < c->n_also && d->is_recording; i++) {
    ip_decision ignored;
    d->part = c->also[i].name;
    d->part_text = c->also[i].text;
    IP_TRY(ip_rule_decide(&d->view, c->also[i].rule, NULL, d->sc, &ignored));
  }
  d->is_also = false;
  return d->status;
}

static void record_cell(deciding *d, bool measurable, double measured, ip_decision decision)
{
  ip_claim_result *r = d->result;
  if (!d->is_recording) return;
  r->cell[r->n_cells++] = (ip_claim_cell){.estimator = d->view.estimator,
                                          .layer = layer_number(&d->view),
                                          .is_output = d->view.layer.is_given && d->view.layer.number == 0,
                                          .is_measurable = measurable,
                                          .measured = measured,
                                          .decision = decision};
}

static ip_status decide_estimator(deciding *d, size_t i)
{
  bool any = d->claim->any_layer;
  ip_decision all = any ? IP_FAILS : IP_HOLDS;
  d->measurable[i] = 0;
  for (size_t k = 0; k < d->n_layers; k++) {
    size_t mark = ip_scratch_mark(d->sc);
    bool measurable;
    double measured;
    ip_decision decision = IP_UNDECIDED;
    d->view.layer = d->layer[k];
    IP_TRY(is_measurable(d, &measurable, &measured));
    if (measurable) {
      IP_TRY(decide_cell(d, &decision));
      all = any ? ip_or(all, decision) : ip_and(all, decision);
      d->measurable[i]++;
    }
    record_cell(d, measurable, measured, decision);
    ip_scratch_release(d->sc, mark);
  }
  d->estimator[i] = d->measurable[i] ? all : IP_UNDECIDED;
  return IP_OK;
}

/* ---------------------------------------------------------------- the whole */

static ip_status decide_all(deciding *d, ip_claim_choice choice, double factor, ip_verdict *out)
{
  const ip_claim *c = d->claim;
  size_t n = c->n_estimators ? c->n_estimators : 1, counted = 0;
  ip_decision *decided;
  d->view = (ip_rule_view){.table = d->table,
                           .condition = c->condition[0].name,
                           .choice = choice,
                           .factor = factor,
                           .n_looks = c->n_looks,
                           .n_alternatives = c->any_layer ? d->n_layers : 1,
                           .see = see,
                           .user = d};
  d->fewest = SIZE_MAX;
  IP_TRY(IP_SCRATCH(d->sc, decided, n, "decisions"));
  for (size_t i = 0; i < n; i++) {
    d->view.estimator = c->n_estimators ? c->estimator[i] : "";
    IP_TRY(decide_estimator(d, i));
    if (d->measurable[i]) decided[counted++] = d->estimator[i];
  }
  *out = ip_verdict_over(counted, decided);
  return IP_OK;
}

static ip_status find_layers(deciding *d)
{
  const ip_claim *c = d->claim;
  size_t n = 0;
  const ip_claim_block *b = NULL;
  for (size_t i = 0; i < d->table->n_blocks && !b; i++)
    if (!strcmp(d->table->block[i].condition, c->condition[0].name) && d->table->block[i].n_layers)
      b = &d->table->block[i];
  IP_REQUIRE(b, IP_EINVAL, "%s: the table has no runs of condition %s; run the claim again", c->name,
             c->condition[0].name);
  IP_TRY(IP_SCRATCH(d->sc, d->layer, b->n_layers + c->n_layers + 1, "layers"));
  if (c->layers == IP_LAYERS_NONE) n = 1;
  for (size_t k = 0; k < b->n_layers && c->layers == IP_LAYERS_HIDDEN; k++)
    if (!b->layer[k].is_output) d->layer[n++] = (ip_layer_choice){true, (int)k + 1};
  for (size_t k = 0; k < c->n_layers; k++) {
    IP_REQUIRE(ip_claim_layer_number(c->layer[k], b->n_layers), IP_EINVAL,
               "%s: layer %d: the networks of condition %s have %zu layers, output included", c->name,
               c->layer[k].number, c->condition[0].name, b->n_layers);
    d->layer[n++] = c->layer[k];
  }
  IP_REQUIRE(n, IP_EINVAL, "%s: the networks of condition %s have no hidden layer", c->name, c->condition[0].name);
  d->n_layers = n;
  return IP_OK;
}

/* Whether an earlier block has the same runs: those of another condition that differs in `where` only. */
static bool is_counted(const ip_claim_table *t, size_t block)
{
  const char *digest = t->block[block].digest;
  for (size_t i = 0; *digest && i < block; i++)
    if (!strcmp(t->block[i].digest, digest)) return true;
  return false;
}

static void count_runs(const ip_claim_table *t, ip_claim_result *r)
{
  r->n_seeds = t->n_seeds;
  for (size_t i = 0; i < t->n_blocks; i++)
    for (size_t j = 0; j < t->n_seeds && !is_counted(t, i); j++) {
      r->n_runs += t->block[i].state[j] != IP_CLAIM_RUN_MISSING;
      r->n_missing += t->block[i].state[j] == IP_CLAIM_RUN_MISSING;
      r->n_failed_to_fit += t->block[i].state[j] == IP_CLAIM_RUN_FAILED_TO_FIT;
    }
}

static bool has_constant_units(const ip_claim_table *t)
{
  for (size_t i = 0; i < t->n_blocks; i++)
    for (size_t s = 0; s < t->block[i].n_scalars; s++)
      if (!strcmp(t->block[i].scalar[s].name, "constant_units"))
        for (size_t j = 0; j < t->n_seeds; j++)
          if (t->block[i].scalar[s].x[j] > 0) return true;
  return false;
}

static ip_claim_choice first_choice(const ip_claim *c)
{
  return c->keeps_failed ? IP_CHOICE_ALL : IP_CHOICE_FITTED;
}

/* A choice that leaves fewer runs may be undecided for want of them: that is no other verdict. */
static bool changes_verdict(const ip_claim_result *r, int choice, bool has_fewer)
{
  ip_verdict other = r->by_choice[choice];
  if (!r->counts[choice] || other == r->by_choice[r->first_choice]) return false;
  return r->by_choice[r->first_choice] != IP_VERDICT_UNDECIDED && (other != IP_VERDICT_UNDECIDED || !has_fewer);
}

/* The verdict with the other choices of runs. One that leaves fewer than half of the seeds in some test says nothing.
 */
static ip_status try_choices(deciding *d, size_t fewest)
{
  ip_claim_result *r = d->result;
  ip_verdict verdict = r->verdict;
  bool differs[IP_N_CHOICES] = {r->n_failed_to_fit > 0, r->n_failed_to_fit > 0, has_constant_units(d->table)};
  for (int i = 0; i < IP_N_CHOICES; i++) {
    r->by_choice[i] = verdict;
    r->counts[i] = i == (int)r->first_choice;
    if (!differs[i] || r->counts[i]) continue;
    IP_TRY(decide_all(d, (ip_claim_choice)i, 1, &r->by_choice[i]));
    r->counts[i] = d->fewest != SIZE_MAX && 2 * d->fewest >= d->table->n_seeds;
    r->is_firm &= !r->counts[i] || r->by_choice[i] == verdict;
    if (!changes_verdict(r, i, d->fewest < fewest) || *r->reason) continue;
    IP_TRY(ip_scratch_format(r->sc, &r->reason, "%s, but %s: %s", ip_verdict_text(verdict),
                             ip_claim_choice_text((ip_claim_choice)i), ip_verdict_text(r->by_choice[i])));
    r->verdict = IP_VERDICT_UNDECIDED;
  }
  return IP_OK;
}

static ip_status decide(deciding *d)
{
  const ip_claim *c = d->claim;
  ip_claim_result *r = d->result;
  size_t n = c->n_estimators ? c->n_estimators : 1;
  IP_TRY(find_layers(d));
  IP_TRY(IP_SCRATCH(r->sc, r->cell, n * d->n_layers, "results"));
  IP_TRY(IP_SCRATCH(r->sc, r->estimator, n, "results"));
  IP_TRY(IP_SCRATCH(d->sc, d->estimator, n, "results"));
  IP_TRY(IP_SCRATCH(d->sc, d->measurable, n, "results"));
  count_runs(d->table, r);
  d->is_recording = true;
  r->first_choice = first_choice(c);
  IP_TRY(decide_all(d, r->first_choice, 1, &r->verdict));
  size_t fewest = d->fewest;
  d->is_recording = false;
  r->n_estimators = n;
  for (size_t i = 0; i < n; i++)
    r->estimator[i] = (ip_claim_estimator){c->n_estimators ? c->estimator[i] : "", d->measurable[i], d->estimator[i]};
  IP_TRY(decide_all(d, r->first_choice, 0.5, &r->at_half));
  IP_TRY(decide_all(d, r->first_choice, 2, &r->at_double));
  r->is_firm = r->at_half == r->verdict && r->at_double == r->verdict;
  IP_TRY(try_choices(d, fewest));
  r->is_firm &= r->verdict != IP_VERDICT_UNDECIDED;
  return ip_claim_seeds_needed(r, &r->seeds_needed);
}

/* Seeds of experiments are those of a look: a seed that is taken away, or one look more, is another claim. */
static ip_status check_seeds(const ip_claim *c, const ip_claim_table *t)
{
  bool is_look = false, in_order = true;
  for (size_t i = 0; i < c->n_conditions; i++)
    if (!c->condition[i].experiment) return IP_OK; /* run files have any seeds */
  for (size_t i = 0; i < c->n_looks; i++) is_look |= t->n_seeds == c->look[i];
  for (size_t i = 0; i < t->n_seeds; i++) in_order &= t->seed[i] == c->first_seed + i;
  IP_REQUIRE(is_look && in_order, IP_EINVAL,
             "%s: the table has %zu seeds, which are not those of a look of the claim; run the claim again", c->name,
             t->n_seeds);
  return IP_OK;
}

ip_status ip_claim_decide(const ip_claim *c, const ip_claim_table *t, ip_claim_result **out)
{
  deciding d = {.claim = c, .table = t};
  *out = NULL;
  IP_REQUIRE(!ip_claim_rule_changed(c, t), IP_EINVAL,
             "%s: its rule was changed after the table was made (%s); run the claim again", c->name, t->made);
  IP_TRY(check_seeds(c, t));
  IP_TRY(ip_scratch_create(&d.sc));
  ip_status st = IP_NEW(d.result, 1, "result of a claim");
  if (st == IP_OK) d.result->reason = "";
  if (st == IP_OK) st = ip_scratch_create(&d.result->sc);
  if (st == IP_OK) st = decide(&d);
  if (st == IP_OK)
    *out = d.result;
  else
    ip_claim_result_destroy(&d.result);
  ip_scratch_destroy(&d.sc);
  return st;
}

ip_status ip_claim_row_values(const ip_claim *c, const ip_claim_table *t, const ip_claim_row *row, ip_scratch *sc,
                              ip_seed_value **x, ip_seed_value **y)
{
  const ip_rule *summary = row->test->arg[0];
  ip_rule_view v = {.table = t,
                    .condition = c->condition[0].name,
                    .estimator = row->estimator,
                    .layer = row->choice,
                    .choice = first_choice(c),
                    .factor = 1,
                    .n_looks = c->n_looks,
                    .n_alternatives = 1};
  while (summary->op == IP_OP_AT) {
    v = ip_rule_moved(&v, &summary->place);
    summary = summary->arg[0];
  }
  *x = *y = NULL;
  if (summary->text) return IP_OK; /* of several points */
  IP_TRY(ip_rule_values(&v, summary->arg[0], sc, x));
  return summary->n == 2 ? ip_rule_values(&v, summary->arg[1], sc, y) : IP_OK;
}
