/* values.c - expressions below a summary: series, conditions and one value for each seed. */
#include "claims/estimator_name.h"
#include "claims/evaluate.h"
#include "claims/gather_run.h"
#include "claims/relation.h"

#include <math.h>
#include <string.h>

static const char run_missing[] = "the run is missing", failed_to_fit[] = "the network failed to fit",
                  has_constant_units[] = "the layer has constant units", no_layer[] = "there is no such layer",
                  divided_by_0[] = "division by 0", no_logarithm[] = "logarithm of a value <= 0",
                  not_recorded[] = "the run has no such value";

/* A series of all seeds in one block. */
typedef struct {
  const ip_claim_block *block;
  double *x;    // (n_seeds, n_epochs)
  size_t layer; /* for the mask; 0: of the run */
} series;

/* Why a seed does not count; NULL if it does. */
static const char *left_out(const ip_rule_view *v, const ip_claim_block *b, size_t seed, size_t layer)
{
  if (b->state[seed] == IP_CLAIM_RUN_MISSING) return run_missing;
  if (b->state[seed] == IP_CLAIM_RUN_FAILED_TO_FIT && v->choice != IP_CHOICE_ALL) return failed_to_fit;
  if (v->choice != IP_CHOICE_ALIVE || !layer) return NULL;
  const double *constant = ip_claim_table_scalar(b, "constant_units", layer);
  return constant && constant[seed] > 0 ? has_constant_units : NULL;
}

static size_t layer_of(const ip_rule_view *v, const ip_claim_block *b)
{
  return v->layer.is_given ? ip_claim_layer_number(v->layer, b->n_layers) : 0;
}

/* ---------------------------------------------------------------- series */

static ip_status series_of(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, series *out);

static ip_status read_series(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, series *out)
{
  const char *path;
  ip_source source = ip_rule_source(r->text, &path);
  IP_TRY(ip_rule_block(v, &out->block));
  const ip_claim_block *b = out->block;
  size_t n = b->n_epochs;
  out->layer = source == IP_SOURCE_METRIC ? 0 : layer_of(v, b);
  const char *estimator = "";
  if (source == IP_SOURCE_ESTIMATE) IP_TRY(ip_estimator_name_on(v->estimator, v->split, sc, &estimator));
  const double *x = ip_claim_table_series(b, r->text, estimator, out->layer);
  bool is_empty = !b->n_layers; /* no run of the block exists */
  IP_REQUIRE(x || is_empty, IP_EINVAL,
             "the table lacks the series %s of layer %zu%s%s in condition %s; run the claim again", r->text, out->layer,
             *estimator ? " by " : "", estimator, b->condition);
  IP_TRY(IP_SCRATCH(sc, out->x, v->table->n_seeds * n, "series"));
  for (size_t i = 0; i < v->table->n_seeds; i++) {
    bool counts = !left_out(v, b, i, out->layer);
    for (size_t e = 0; e < n; e++) out->x[i * n + e] = counts ? x[i * n + e] : (double)NAN;
  }
  return IP_OK;
}

/* A number or a value for each seed as a series of the block of `like`. */
static ip_status spread(const ip_rule_view *v, const ip_rule *r, const series *like, ip_scratch *sc, series *out)
{
  ip_seed_value *value;
  size_t n = like->block->n_epochs;
  IP_TRY(ip_rule_values(v, r, sc, &value));
  *out = *like;
  IP_TRY(IP_SCRATCH(sc, out->x, v->table->n_seeds * n, "series"));
  for (size_t i = 0; i < v->table->n_seeds * n; i++) out->x[i] = value[i / n].value;
  return IP_OK;
}

/* Both sides of an operator as series of one block. */
static ip_status both_sides(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, series *a, series *b)
{
  bool left = r->arg[0]->type == IP_TYPE_SERIES, right = r->arg[1]->type == IP_TYPE_SERIES;
  if (left) IP_TRY(series_of(v, r->arg[0], sc, a));
  if (right) IP_TRY(series_of(v, r->arg[1], sc, b));
  if (!left) IP_TRY(spread(v, r->arg[0], b, sc, a));
  if (!right) IP_TRY(spread(v, r->arg[1], a, sc, b));
  bool same = a->block->n_epochs == b->block->n_epochs &&
              !memcmp(a->block->epoch, b->block->epoch, a->block->n_epochs * sizeof *a->block->epoch);
  IP_REQUIRE(same, IP_EINVAL,
             "conditions %s and %s have different logged epochs; reduce their series before they are combined",
             a->block->condition, b->block->condition);
  return IP_OK;
}

static double operate(ip_rule_op op, double a, double b)
{
  return op == IP_OP_ADD ? a + b : op == IP_OP_SUBTRACT ? a - b : op == IP_OP_MULTIPLY ? a * b : a / b;
}

static ip_status series_of(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, series *out)
{
  if (r->op == IP_OP_SERIES) return read_series(v, r, sc, out);
  if (r->op == IP_OP_AT) {
    ip_rule_view at = ip_rule_moved(v, &r->place);
    return series_of(&at, r->arg[0], sc, out);
  }
  if (r->op == IP_OP_NEGATE) {
    IP_TRY(series_of(v, r->arg[0], sc, out));
    for (size_t i = 0; i < v->table->n_seeds * out->block->n_epochs; i++) out->x[i] = -out->x[i];
    return IP_OK;
  }
  series b;
  IP_TRY(both_sides(v, r, sc, out, &b));
  for (size_t i = 0; i < v->table->n_seeds * out->block->n_epochs; i++) {
    double x = operate(r->op, out->x[i], b.x[i]);
    out->x[i] = isfinite(x) ? x : (double)NAN;
  }
  return IP_OK;
}

static ip_seed_series shape_of(const ip_rule_view *v, const series *s)
{
  return (ip_seed_series){v->table->n_seeds, s->block->n_epochs, s->block->epoch, s->x};
}

static ip_status smooth(const ip_rule_view *v, const series *s, ip_scratch *sc, double **out)
{
  ip_seed_series x = shape_of(v, s);
  IP_TRY(IP_SCRATCH(sc, *out, x.n_seeds * x.n_epochs, "running means"));
  ip_running_mean(&x, IP_LASTING_SMOOTHING, *out);
  return IP_OK;
}

/* ---------------------------------------------------------------- reducers */

/* The reason of seeds that do not count replaces that of the reducer. */
static void explain(const ip_rule_view *v, const series *s, ip_seed_value *out)
{
  for (size_t i = 0; i < v->table->n_seeds; i++) {
    const char *reason = left_out(v, s->block, i, s->layer);
    if (reason) out[i] = ip_seed_missing(reason);
  }
}

static ip_status reduce_when(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value *out)
{
  series a, b;
  double *x, *y;
  int8_t *is_true;
  while (r->op == IP_OP_AT) {
    ip_rule_view at = ip_rule_moved(v, &r->place);
    return reduce_when(&at, r->arg[0], sc, out);
  }
  IP_TRY(both_sides(v, r, sc, &a, &b));
  IP_TRY(smooth(v, &a, sc, &x));
  IP_TRY(smooth(v, &b, sc, &y));
  size_t n = v->table->n_seeds * a.block->n_epochs;
  IP_TRY(IP_SCRATCH(sc, is_true, n, "condition"));
  for (size_t i = 0; i < n; i++)
    is_true[i] = isnan(x[i]) || isnan(y[i]) ? -1 : r->op == IP_OP_LESS ? x[i] < y[i] : x[i] <= y[i];
  ip_reduce_when(v->table->n_seeds, a.block->n_epochs, a.block->epoch, is_true, out);
  explain(v, &a, out);
  return IP_OK;
}

static ip_status reduce(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value *out)
{
  series a, b = {0};
  if (r->function == IP_FUNCTION_WHEN) return reduce_when(v, r->arg[0], sc, out);
  IP_TRY(series_of(v, r->arg[0], sc, &a));
  if (r->n == 2) IP_TRY(series_of(v, r->arg[1], sc, &b));
  IP_REQUIRE(r->n < 2 || b.block->n_epochs == a.block->n_epochs, IP_EINVAL,
             "conditions %s and %s have different logged epochs", a.block->condition, b.block->condition);
  ip_seed_series x = shape_of(v, &a);
  if (r->function == IP_FUNCTION_REDUCER) IP_TRY(ip_reduce(r->reducer, &x, sc, out));
  if (r->function == IP_FUNCTION_AT_PEAK) IP_TRY(ip_reduce_at_peak(&x, b.x, sc, out));
  if (r->function == IP_FUNCTION_OVER_EPOCHS || r->function == IP_FUNCTION_OVER_CHANGES)
    IP_TRY(ip_reduce_over_epochs(r->correlation, r->function == IP_FUNCTION_OVER_CHANGES, &x, b.x, sc, out));
  explain(v, &a, out);
  return IP_OK;
}

/* ---------------------------------------------------------------- relations */

static ip_status relate(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value *out)
{
  size_t n, m = v->table->n_seeds, *index;
  ip_rule_view *view;
  double *key;
  ip_seed_value *f, *one;
  IP_TRY(ip_rule_points(v, r->text, sc, &n, &view, &key));
  IP_TRY(IP_SCRATCH(sc, f, m * n, "values of a sweep"));
  IP_TRY(IP_SCRATCH(sc, index, m, "values of a sweep"));
  for (size_t j = 0; j < n; j++) {
    IP_TRY(ip_rule_values(&view[j], r->arg[0], sc, &one));
    for (size_t i = 0; i < m; i++) f[i * n + j] = one[i];
  }
  if (r->function == IP_FUNCTION_TREND) IP_TRY(ip_relate_trend(m, n, key, f, sc, out));
  if (r->function == IP_FUNCTION_SLOPE) IP_TRY(ip_relate_slope(m, n, key, f, sc, out));
  if (r->function == IP_FUNCTION_INSIDE) ip_relate_inside(m, n, r->number, f, out);
  if (r->function == IP_FUNCTION_SPAN) ip_relate_span(m, n, key, f, out);
  if (r->function == IP_FUNCTION_AT_BEST) ip_relate_best(m, n, f, index);
  for (size_t i = 0; i < m; i++) {
    if (r->function == IP_FUNCTION_AT_BEST) out[i] = index[i] < n ? f[i * n + index[i]] : ip_seed_missing(run_missing);
    if (r->function == IP_FUNCTION_AT_SMALLEST) out[i] = f[i * n];
    if (r->function == IP_FUNCTION_AT_LARGEST) out[i] = f[i * n + n - 1];
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- values */

static ip_status read_scalar(const ip_rule_view *v, const ip_rule *r, ip_seed_value *out)
{
  const ip_claim_block *b;
  IP_TRY(ip_rule_block(v, &b));
  const double *x = ip_claim_table_scalar(b, r->text, 0);
  IP_REQUIRE(x || !b->n_layers, IP_EINVAL, "the table lacks %s in condition %s; run the claim again", r->text,
             b->condition);
  for (size_t i = 0; i < v->table->n_seeds; i++) {
    const char *reason = left_out(v, b, i, layer_of(v, b));
    out[i] = reason              ? ip_seed_missing(reason)
             : !x || isnan(x[i]) ? ip_seed_missing(not_recorded)
                                 : ip_seed_number(x[i]);
  }
  return IP_OK;
}

/* Whatever is computed from an event that did not come did not come. */
static ip_seed_value arithmetic(ip_rule_op op, ip_seed_value a, ip_seed_value b)
{
  if (isnan(a.value)) return a;
  if (isnan(b.value)) return b;
  if (isinf(a.value) || isinf(b.value)) return ip_seed_number((double)INFINITY);
  if (op == IP_OP_DIVIDE && b.value == 0) return ip_seed_missing(divided_by_0);
  return ip_seed_number(operate(op, a.value, b.value));
}

/* 1 or 0; a comparison with an event that did not come is false. */
static ip_seed_value comparison(ip_rule_op op, ip_seed_value a, ip_seed_value b)
{
  if (isnan(a.value)) return a;
  if (isnan(b.value)) return b;
  bool censored = isinf(a.value) || isinf(b.value);
  return ip_seed_number(!censored && (op == IP_OP_LESS ? a.value < b.value : a.value <= b.value));
}

static ip_seed_value logic(ip_rule_op op, ip_seed_value a, ip_seed_value b)
{
  if (isnan(a.value)) return a;
  if (isnan(b.value)) return b;
  return ip_seed_number(op == IP_OP_AND ? a.value != 0 && b.value != 0 : a.value != 0 || b.value != 0);
}

static ip_seed_value binary(const ip_rule *r, ip_seed_value a, ip_seed_value b)
{
  if (r->op == IP_OP_LESS || r->op == IP_OP_LESS_EQUAL) return comparison(r->op, a, b);
  if (r->op == IP_OP_AND || r->op == IP_OP_OR) return logic(r->op, a, b);
  if (r->op == IP_OP_CALL) /* max */
    return isnan(a.value) ? a : isnan(b.value) ? b : a.value > b.value ? a : b;
  return arithmetic(r->op, a, b);
}

static ip_seed_value unary(const ip_rule *r, ip_seed_value a)
{
  if (isnan(a.value)) return a;
  if (r->op == IP_OP_NOT) return ip_seed_number(a.value == 0);
  if (isinf(a.value)) return a;
  if (r->op == IP_OP_NEGATE) return ip_seed_number(-a.value);
  if (r->function == IP_FUNCTION_ABS) return ip_seed_number(fabs(a.value));
  return a.value > 0 ? ip_seed_number(log2(a.value)) : ip_seed_missing(no_logarithm);
}

static bool is_reducer(ip_function f)
{
  return f == IP_FUNCTION_REDUCER || f == IP_FUNCTION_AT_PEAK || f == IP_FUNCTION_WHEN ||
         f == IP_FUNCTION_OVER_EPOCHS || f == IP_FUNCTION_OVER_CHANGES;
}

static ip_status fill(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value *out)
{
  size_t n = v->table->n_seeds;
  if (r->op == IP_OP_NUMBER) {
    for (size_t i = 0; i < n; i++) out[i] = ip_seed_number(r->number);
    return IP_OK;
  }
  if (r->op == IP_OP_SCALAR || r->op == IP_OP_FINAL) return read_scalar(v, r, out);
  if (r->op == IP_OP_CALL && is_reducer(r->function)) return reduce(v, r, sc, out);
  if (r->op == IP_OP_CALL && r->text) return relate(v, r, sc, out);
  ip_rule_view at = r->op == IP_OP_AT ? ip_rule_moved(v, &r->place) : *v;
  ip_seed_value *a, *b = NULL;
  IP_TRY(ip_rule_values(&at, r->arg[0], sc, &a));
  if (r->n == 2) IP_TRY(ip_rule_values(&at, r->arg[1], sc, &b));
  for (size_t i = 0; i < n; i++) out[i] = r->op == IP_OP_AT ? a[i] : b ? binary(r, a[i], b[i]) : unary(r, a[i]);
  return IP_OK;
}

ip_status ip_rule_values(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value **out)
{
  IP_TRY(IP_SCRATCH(sc, *out, v->table->n_seeds, "values of a rule"));
  if (v->layer.is_given) { /* a layer that the network does not have */
    const ip_claim_block *b = v->block;
    if (b && !strcmp(b->condition, v->condition) && b->n_layers && !layer_of(v, b)) {
      for (size_t i = 0; i < v->table->n_seeds; i++) (*out)[i] = ip_seed_missing(no_layer);
      return IP_OK;
    }
  }
  return fill(v, r, sc, *out);
}
