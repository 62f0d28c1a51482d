/* rule_primary.c - numbers, series, functions and what follows an @. */
#include "claims/estimator_name.h"
#include "claims/rule_names.h"
#include "claims/rule_parser.h"

#include <string.h>

ip_status ip_parser_read_constant(ip_parser *p, double *value)
{
  ip_rule *r;
  size_t begin = p->lexer.begin;
  PARSE(ip_parser_read_sum(p, &r));
  if (r->op != IP_OP_NUMBER)
    return ip_parser_wrong(p, begin, "expected a number, got %s", ip_parser_type_words[r->type]);
  *value = r->number;
  return IP_OK;
}

static ip_status read_key(ip_parser *p, ip_rule *call)
{
  if (p->lexer.kind != IP_TOKEN_NAME)
    return ip_parser_wrong(p, p->lexer.begin, "expected a swept key such as training.beta, or layers, got %s",
                           ip_lexer_words(&p->lexer).text);
  IP_TRY(ip_scratch_text(p->sc, p->lexer.text, &call->text));
  return ip_parser_next(p);
}

static ip_status read_correlation(ip_parser *p, ip_rule *call)
{
  if (!ip_parser_is_word(p, "pearson") && !ip_parser_is_word(p, "spearman"))
    return ip_parser_wrong(p, p->lexer.begin, "expected pearson or spearman, got %s", ip_lexer_words(&p->lexer).text);
  call->correlation = ip_parser_is_word(p, "pearson") ? IP_PEARSON : IP_SPEARMAN;
  return ip_parser_next(p);
}

static ip_status read_argument(ip_parser *p, char what, const char *function, ip_rule *call)
{
  if (what == 'k') return read_key(p, call);
  if (what == 'r') return read_correlation(p, call);
  if (what == 'q') return ip_parser_read_constant(p, &call->number);
  ip_rule_type wanted = what == 's' ? IP_TYPE_SERIES : what == 'c' ? IP_TYPE_CONDITION : IP_TYPE_VALUE;
  ip_rule *a;
  PARSE(ip_parser_read_or(p, &a));
  if (a->type == IP_TYPE_NUMBER && wanted == IP_TYPE_VALUE) a->type = IP_TYPE_VALUE;
  if (a->type != wanted)
    return ip_parser_wrong(
        p, a->begin, "%s() expects %s, got %s%s", function, ip_parser_type_words[wanted], ip_parser_type_words[a->type],
        a->type == IP_TYPE_SERIES && wanted == IP_TYPE_VALUE ? "; reduce it first, as in last(ixt)" : "");
  call->arg[call->n++] = a;
  return IP_OK;
}

static ip_status read_call(ip_parser *p, const char *name, size_t begin, ip_rule **r)
{
  ip_function_entry f;
  if (!ip_rule_function(name, &f))
    return ip_parser_wrong(p, begin, "unknown function '%s'%s", name, ip_rule_function_hint(name).text);
  PARSE(ip_parser_make(p, IP_OP_CALL, f.result, begin, r));
  (*r)->function = f.function;
  (*r)->reducer = f.reducer;
  PARSE(ip_parser_next(p)); /* the bracket */
  for (size_t i = 0; f.arguments[i]; i++) {
    if (i) PARSE(ip_parser_expect(p, ","));
    PARSE(read_argument(p, f.arguments[i], name, *r));
  }
  PARSE(ip_parser_expect(p, ")"));
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* final(test_loss) */
static ip_status read_final(ip_parser *p, size_t begin, ip_rule **r)
{
  const char *path;
  PARSE(ip_parser_next(p));
  if ((p->lexer.kind != IP_TOKEN_NAME && p->lexer.kind != IP_TOKEN_STRING) ||
      ip_rule_source(p->lexer.text, &path) != IP_SOURCE_METRIC)
    return ip_parser_wrong(p, p->lexer.begin, "final() expects a metric of the run, such as test_loss, got %s",
                           ip_lexer_words(&p->lexer).text);
  PARSE(ip_parser_make(p, IP_OP_FINAL, IP_TYPE_VALUE, begin, r));
  IP_TRY(ip_scratch_text(p->sc, p->lexer.text, &(*r)->text));
  PARSE(ip_parser_next(p));
  PARSE(ip_parser_expect(p, ")"));
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* any_hidden(decision), all_hidden(decision) */
static ip_status read_layers(ip_parser *p, ip_rule_op op, size_t begin, ip_rule **r)
{
  ip_rule *a;
  PARSE(ip_parser_next(p));
  PARSE(ip_parser_read_or(p, &a));
  if (a->type != IP_TYPE_DECISION)
    return ip_parser_wrong(p, a->begin, "expected a decision on one layer, got %s", ip_parser_type_words[a->type]);
  PARSE(ip_parser_join(p, op, IP_TYPE_DECISION, a, NULL, r));
  PARSE(ip_parser_expect(p, ")"));
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* both(test, test) */
static ip_status read_both(ip_parser *p, size_t begin, ip_rule **r)
{
  ip_rule *a, *b;
  PARSE(ip_parser_next(p));
  PARSE(ip_parser_read_or(p, &a));
  PARSE(ip_parser_expect(p, ","));
  PARSE(ip_parser_read_or(p, &b));
  if (a->type != IP_TYPE_DECISION || b->type != IP_TYPE_DECISION)
    return ip_parser_wrong(p, begin, "both() expects two decisions, got %s and %s", ip_parser_type_words[a->type],
                           ip_parser_type_words[b->type]);
  PARSE(ip_parser_join(p, IP_OP_BOTH, IP_TYPE_DECISION, a, b, r));
  PARSE(ip_parser_expect(p, ")"));
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

static ip_status make_series(ip_parser *p, const char *name, size_t begin, ip_rule **r)
{
  PARSE(ip_parser_make(p, IP_OP_SERIES, IP_TYPE_SERIES, begin, r));
  return ip_scratch_text(p->sc, name, &(*r)->text);
}

static ip_status read_name(ip_parser *p, const char *name, size_t begin, ip_rule **r)
{
  const char *path;
  for (size_t i = 0; i < p->names->n_parts; i++)
    if (!strcmp(p->names->part[i], name)) {
      PARSE(ip_parser_make(p, IP_OP_PART, IP_TYPE_DECISION, begin, r));
      (*r)->text = p->names->part[i];
      (*r)->number = (double)i;
      return IP_OK;
    }
  if (!strcmp(name, "gradient_ratio")) {
    ip_rule *mean, *sd;
    PARSE(make_series(p, "gradient_mean", begin, &mean));
    PARSE(make_series(p, "gradient_std", begin, &sd));
    return ip_parser_join(p, IP_OP_DIVIDE, IP_TYPE_SERIES, mean, sd, r);
  }
  if (ip_rule_is_scalar(name)) {
    PARSE(ip_parser_make(p, IP_OP_SCALAR, IP_TYPE_VALUE, begin, r));
    return ip_scratch_text(p->sc, name, &(*r)->text);
  }
  if (ip_rule_source(name, &path) == IP_SOURCE_NONE)
    return ip_parser_wrong(p, begin, "unknown series '%s'%s", name, ip_rule_hint(name).text);
  return make_series(p, name, begin, r);
}

static ip_status read_primary(ip_parser *p, ip_rule **r)
{
  ip_lexer *l = &p->lexer;
  size_t begin = l->begin;
  char name[IP_LEXER_TEXT];
  if (l->kind == IP_TOKEN_NUMBER) {
    PARSE(ip_parser_make(p, IP_OP_NUMBER, IP_TYPE_NUMBER, begin, r));
    (*r)->number = l->number;
    return ip_parser_next(p);
  }
  if (ip_parser_is_sign(p, "(")) {
    PARSE(ip_parser_next(p));
    PARSE(ip_parser_read_or(p, r));
    return ip_parser_expect(p, ")");
  }
  if (l->kind != IP_TOKEN_NAME && l->kind != IP_TOKEN_STRING)
    return ip_parser_wrong(p, begin, "expected a number, a series or a function, got %s", ip_lexer_words(l).text);
  bool is_string = l->kind == IP_TOKEN_STRING;
  strcpy(name, l->text);
  PARSE(ip_parser_next(p));
  if (is_string || !ip_parser_is_sign(p, "(")) return read_name(p, name, begin, r);
  if (!strcmp(name, "final")) return read_final(p, begin, r);
  if (!strcmp(name, "both")) return read_both(p, begin, r);
  if (!strcmp(name, "any_hidden")) return read_layers(p, IP_OP_ANY_HIDDEN, begin, r);
  if (!strcmp(name, "all_hidden")) return read_layers(p, IP_OP_ALL_HIDDEN, begin, r);
  return read_call(p, name, begin, r);
}

/* ---------------------------------------------------------------- @ */

static ip_status read_estimator(ip_parser *p, ip_rule_place *place)
{
  ip_status st = ip_estimator_name_label(p->lexer.text, p->sc, &place->estimator);
  if (st == IP_ECONFIG) {
    st = ip_parser_wrong(p, p->lexer.begin, "%s", ip_error_message());
    ip_error_clear();
  }
  return st;
}

static ip_status read_layer(ip_parser *p, ip_rule_place *place)
{
  double k = 0;
  size_t begin = p->lexer.begin;
  PARSE(ip_parser_expect(p, "("));
  PARSE(ip_parser_read_constant(p, &k));
  if (!(k >= 1 && k <= 1000) || k != (int)k)
    return ip_parser_wrong(p, begin, "layers are numbered 1, 2, ... from the input");
  place->layer = (ip_layer_choice){true, (int)k};
  return ip_parser_expect(p, ")");
}

static ip_status read_place(ip_parser *p, ip_rule_place *place)
{
  size_t begin = p->lexer.begin;
  if (p->lexer.kind == IP_TOKEN_STRING) {
    PARSE(read_estimator(p, place));
    return ip_parser_next(p);
  }
  if (p->lexer.kind == IP_TOKEN_NAME) {
    for (size_t i = 0; i < p->names->n_conditions; i++)
      if (!strcmp(p->names->condition[i], p->lexer.text)) place->condition = p->names->condition[i];
    if (!strcmp(p->lexer.text, "output")) place->layer = (ip_layer_choice){true, 0};
    if (!strcmp(p->lexer.text, "last_hidden")) place->layer = (ip_layer_choice){true, -1};
    if (!strcmp(p->lexer.text, "train")) place->split = "train";
    if (!strcmp(p->lexer.text, "test")) place->split = "test";
    bool is_layer = !strcmp(p->lexer.text, "layer");
    if (place->condition || place->layer.is_given || place->split || is_layer) {
      PARSE(ip_parser_next(p));
      return is_layer ? read_layer(p, place) : IP_OK;
    }
    return ip_parser_wrong(p, begin,
                           "unknown condition '%s'; expected one of the claim's conditions, output, last_hidden, "
                           "layer(k), train, test or a quoted estimator",
                           p->lexer.text);
  }
  return ip_parser_wrong(p, begin, "expected a condition, a layer or a quoted estimator, got %s",
                         ip_lexer_words(&p->lexer).text);
}

ip_status ip_parser_read_place(ip_parser *p, ip_rule **r)
{
  PARSE(read_primary(p, r));
  while (ip_parser_is_sign(p, "@")) {
    ip_rule *a = *r;
    size_t begin = p->lexer.begin;
    if (a->type == IP_TYPE_DECISION || a->type == IP_TYPE_NUMBER)
      return ip_parser_wrong(p, begin, "@ selects the data of a series, a value or an effect, not of %s",
                             ip_parser_type_words[a->type]);
    PARSE(ip_parser_next(p));
    PARSE(ip_parser_join(p, IP_OP_AT, a->type, a, NULL, r));
    PARSE(read_place(p, &(*r)->place));
    (*r)->end = p->lexer.last_end;
  }
  return IP_OK;
}
