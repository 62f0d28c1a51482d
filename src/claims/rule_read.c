/* rule_read.c - the parser of rules: recursive descent, with the type of every expression.
 *
 *     or      = and {"or" and}
 *     and     = not {"and" not}
 *     not     = "not" not | test
 *     test    = sum [("<" | ">" | "<=" | ">=") sum | "within" number [".." number]]
 *     sum     = product {("+" | "-") product}
 *     product = unary {("*" | "/") unary}
 *     unary   = "-" unary | place
 *     place   = primary {"@" (name | "estimator" | layer(number))}
 *     primary = number | name | "series" | name "(" arguments ")" | "(" or ")"
 *             | "both" "(" or "," or ")" | ("any_hidden" | "all_hidden") "(" or ")"
 */
#include "claims/rule.h"

#include "claims/estimator_name.h"
#include "claims/rule_lex.h"
#include "claims/rule_names.h"

#include <stdarg.h>
#include <string.h>

enum { MOST_DEPTH = 64 };

typedef struct {
  ip_lexer lexer;
  const ip_rule_names *names;
  ip_scratch *sc;
  ip_rule_error *error;
  size_t depth;
} parser;

static const char *const type_words[] = {
    "a number",  "a series over epochs", "a condition on epochs", "a value for each seed", "an effect over seeds",
    "a decision"};

/* The first error is kept. Returns IP_ECONFIG, which ip_rule_read takes back. */
static ip_status wrong(parser *p, size_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static ip_status wrong(parser *p, size_t at, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  p->error->at = at;
  vsnprintf(p->error->text, sizeof p->error->text, fmt, ap);
  va_end(ap);
  return IP_ECONFIG;
}

/* Passes a failure on without recording it: an error of the rule is reported with its place by the caller. */
#define PARSE(call)                                                                                                    \
  do {                                                                                                                 \
    ip_status parse_ = (call);                                                                                         \
    if (parse_ != IP_OK) return parse_;                                                                                \
  } while (0)

static ip_status next(parser *p)
{
  if (ip_lexer_next(&p->lexer)) return IP_OK;
  return wrong(p, p->lexer.begin, "%s", p->lexer.error);
}

static bool is_sign(const parser *p, const char *sign)
{
  return p->lexer.kind == IP_TOKEN_SIGN && !strcmp(p->lexer.text, sign);
}

static bool is_word(const parser *p, const char *word)
{
  return p->lexer.kind == IP_TOKEN_NAME && !strcmp(p->lexer.text, word);
}

static ip_status expect(parser *p, const char *sign)
{
  if (is_sign(p, sign)) return next(p);
  return wrong(p, p->lexer.begin, "expected '%s', got %s", sign, ip_lexer_words(&p->lexer).text);
}

static ip_status make(parser *p, ip_rule_op op, ip_rule_type type, size_t begin, ip_rule **r)
{
  IP_TRY(IP_SCRATCH(p->sc, *r, 1, "rule"));
  (*r)->op = op;
  (*r)->type = type;
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

static ip_status join(parser *p, ip_rule_op op, ip_rule_type type, ip_rule *a, ip_rule *b, ip_rule **r)
{
  PARSE(make(p, op, type, a->begin, r));
  (*r)->n = b ? 2 : 1;
  (*r)->arg[0] = a;
  (*r)->arg[1] = b;
  return IP_OK;
}

static ip_status read_or(parser *p, ip_rule **r);
static ip_status read_sum(parser *p, ip_rule **r);

/* ---------------------------------------------------------------- primaries */

static ip_status read_constant(parser *p, double *value)
{
  ip_rule *r;
  size_t begin = p->lexer.begin;
  PARSE(read_sum(p, &r));
  if (r->op != IP_OP_NUMBER) return wrong(p, begin, "expected a number, got %s", type_words[r->type]);
  *value = r->number;
  return IP_OK;
}

static ip_status read_key(parser *p, ip_rule *call)
{
  if (p->lexer.kind != IP_TOKEN_NAME)
    return wrong(p, p->lexer.begin, "expected a swept key such as training.beta, or layers, got %s",
                 ip_lexer_words(&p->lexer).text);
  IP_TRY(ip_scratch_text(p->sc, p->lexer.text, &call->text));
  return next(p);
}

static ip_status read_correlation(parser *p, ip_rule *call)
{
  if (!is_word(p, "pearson") && !is_word(p, "spearman"))
    return wrong(p, p->lexer.begin, "expected pearson or spearman, got %s", ip_lexer_words(&p->lexer).text);
  call->correlation = is_word(p, "pearson") ? IP_PEARSON : IP_SPEARMAN;
  return next(p);
}

static ip_status read_argument(parser *p, char what, const char *function, ip_rule *call)
{
  if (what == 'k') return read_key(p, call);
  if (what == 'r') return read_correlation(p, call);
  if (what == 'q') return read_constant(p, &call->number);
  ip_rule_type wanted = what == 's' ? IP_TYPE_SERIES : what == 'c' ? IP_TYPE_CONDITION : IP_TYPE_VALUE;
  ip_rule *a;
  PARSE(read_or(p, &a));
  if (a->type == IP_TYPE_NUMBER && wanted == IP_TYPE_VALUE) a->type = IP_TYPE_VALUE;
  if (a->type != wanted)
    return wrong(p, a->begin, "%s() expects %s, got %s%s", function, type_words[wanted], type_words[a->type],
                 a->type == IP_TYPE_SERIES && wanted == IP_TYPE_VALUE ? "; reduce it first, as in last(ixt)" : "");
  call->arg[call->n++] = a;
  return IP_OK;
}

static ip_status read_call(parser *p, const char *name, size_t begin, ip_rule **r)
{
  ip_function_entry f;
  if (!ip_rule_function(name, &f))
    return wrong(p, begin, "unknown function '%s'%s", name, ip_rule_function_hint(name).text);
  PARSE(make(p, IP_OP_CALL, f.result, begin, r));
  (*r)->function = f.function;
  (*r)->reducer = f.reducer;
  PARSE(next(p)); /* the bracket */
  for (size_t i = 0; f.arguments[i]; i++) {
    if (i) PARSE(expect(p, ","));
    PARSE(read_argument(p, f.arguments[i], name, *r));
  }
  PARSE(expect(p, ")"));
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* final(test_loss) */
static ip_status read_final(parser *p, size_t begin, ip_rule **r)
{
  const char *path;
  PARSE(next(p));
  if ((p->lexer.kind != IP_TOKEN_NAME && p->lexer.kind != IP_TOKEN_STRING) ||
      ip_rule_source(p->lexer.text, &path) != IP_SOURCE_METRIC)
    return wrong(p, p->lexer.begin, "final() expects a metric of the run, such as test_loss, got %s",
                 ip_lexer_words(&p->lexer).text);
  PARSE(make(p, IP_OP_FINAL, IP_TYPE_VALUE, begin, r));
  IP_TRY(ip_scratch_text(p->sc, p->lexer.text, &(*r)->text));
  PARSE(next(p));
  PARSE(expect(p, ")"));
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* any_hidden(decision), all_hidden(decision) */
static ip_status read_layers(parser *p, ip_rule_op op, size_t begin, ip_rule **r)
{
  ip_rule *a;
  PARSE(next(p));
  PARSE(read_or(p, &a));
  if (a->type != IP_TYPE_DECISION)
    return wrong(p, a->begin, "expected a decision on one layer, got %s", type_words[a->type]);
  PARSE(join(p, op, IP_TYPE_DECISION, a, NULL, r));
  PARSE(expect(p, ")"));
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

/* both(test, test) */
static ip_status read_both(parser *p, size_t begin, ip_rule **r)
{
  ip_rule *a, *b;
  PARSE(next(p));
  PARSE(read_or(p, &a));
  PARSE(expect(p, ","));
  PARSE(read_or(p, &b));
  if (a->type != IP_TYPE_DECISION || b->type != IP_TYPE_DECISION)
    return wrong(p, begin, "both() expects two decisions, got %s and %s", type_words[a->type], type_words[b->type]);
  PARSE(join(p, IP_OP_BOTH, IP_TYPE_DECISION, a, b, r));
  PARSE(expect(p, ")"));
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

static ip_status make_series(parser *p, const char *name, size_t begin, ip_rule **r)
{
  PARSE(make(p, IP_OP_SERIES, IP_TYPE_SERIES, begin, r));
  return ip_scratch_text(p->sc, name, &(*r)->text);
}

static ip_status read_name(parser *p, const char *name, size_t begin, ip_rule **r)
{
  const char *path;
  for (size_t i = 0; i < p->names->n_parts; i++)
    if (!strcmp(p->names->part[i], name)) {
      PARSE(make(p, IP_OP_PART, IP_TYPE_DECISION, begin, r));
      (*r)->text = p->names->part[i];
      (*r)->number = (double)i;
      return IP_OK;
    }
  if (!strcmp(name, "gradient_ratio")) {
    ip_rule *mean, *sd;
    PARSE(make_series(p, "gradient_mean", begin, &mean));
    PARSE(make_series(p, "gradient_std", begin, &sd));
    return join(p, IP_OP_DIVIDE, IP_TYPE_SERIES, mean, sd, r);
  }
  if (ip_rule_is_scalar(name)) {
    PARSE(make(p, IP_OP_SCALAR, IP_TYPE_VALUE, begin, r));
    return ip_scratch_text(p->sc, name, &(*r)->text);
  }
  if (ip_rule_source(name, &path) == IP_SOURCE_NONE)
    return wrong(p, begin, "unknown series '%s'%s", name, ip_rule_hint(name).text);
  return make_series(p, name, begin, r);
}

static ip_status read_primary(parser *p, ip_rule **r)
{
  ip_lexer *l = &p->lexer;
  size_t begin = l->begin;
  char name[IP_LEXER_TEXT];
  if (l->kind == IP_TOKEN_NUMBER) {
    PARSE(make(p, IP_OP_NUMBER, IP_TYPE_NUMBER, begin, r));
    (*r)->number = l->number;
    return next(p);
  }
  if (is_sign(p, "(")) {
    PARSE(next(p));
    PARSE(read_or(p, r));
    return expect(p, ")");
  }
  if (l->kind != IP_TOKEN_NAME && l->kind != IP_TOKEN_STRING)
    return wrong(p, begin, "expected a number, a series or a function, got %s", ip_lexer_words(l).text);
  bool is_string = l->kind == IP_TOKEN_STRING;
  strcpy(name, l->text);
  PARSE(next(p));
  if (is_string || !is_sign(p, "(")) return read_name(p, name, begin, r);
  if (!strcmp(name, "final")) return read_final(p, begin, r);
  if (!strcmp(name, "both")) return read_both(p, begin, r);
  if (!strcmp(name, "any_hidden")) return read_layers(p, IP_OP_ANY_HIDDEN, begin, r);
  if (!strcmp(name, "all_hidden")) return read_layers(p, IP_OP_ALL_HIDDEN, begin, r);
  return read_call(p, name, begin, r);
}

/* ---------------------------------------------------------------- @ */

static ip_status read_estimator(parser *p, ip_rule_place *place)
{
  ip_status st = ip_estimator_name_label(p->lexer.text, p->sc, &place->estimator);
  if (st == IP_ECONFIG) {
    st = wrong(p, p->lexer.begin, "%s", ip_error_message());
    ip_error_clear();
  }
  return st;
}

static ip_status read_layer(parser *p, ip_rule_place *place)
{
  double k;
  size_t begin = p->lexer.begin;
  PARSE(expect(p, "("));
  PARSE(read_constant(p, &k));
  if (!(k >= 1 && k <= 1000) || k != (int)k) return wrong(p, begin, "layers are numbered 1, 2, ... from the input");
  place->layer = (ip_layer_choice){true, (int)k};
  return expect(p, ")");
}

static ip_status read_place(parser *p, ip_rule_place *place)
{
  size_t begin = p->lexer.begin;
  if (p->lexer.kind == IP_TOKEN_STRING) {
    PARSE(read_estimator(p, place));
    return next(p);
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
      PARSE(next(p));
      return is_layer ? read_layer(p, place) : IP_OK;
    }
    return wrong(p, begin,
                 "unknown condition '%s'; expected one of the claim's conditions, output, last_hidden, "
                 "layer(k), train, test or a quoted estimator",
                 p->lexer.text);
  }
  return wrong(p, begin, "expected a condition, a layer or a quoted estimator, got %s", ip_lexer_words(&p->lexer).text);
}

static ip_status read_placed(parser *p, ip_rule **r)
{
  PARSE(read_primary(p, r));
  while (is_sign(p, "@")) {
    ip_rule *a = *r;
    size_t begin = p->lexer.begin;
    if (a->type == IP_TYPE_DECISION || a->type == IP_TYPE_NUMBER)
      return wrong(p, begin, "@ selects the data of a series, a value or an effect, not of %s", type_words[a->type]);
    PARSE(next(p));
    PARSE(join(p, IP_OP_AT, a->type, a, NULL, r));
    PARSE(read_place(p, &(*r)->place));
    (*r)->end = p->lexer.last_end;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- operators */

static ip_status read_unary(parser *p, ip_rule **r)
{
  if (!is_sign(p, "-")) return read_placed(p, r);
  size_t begin = p->lexer.begin;
  ip_rule *a;
  if (++p->depth > MOST_DEPTH) return wrong(p, begin, "too many nested operators");
  PARSE(next(p));
  PARSE(read_unary(p, &a));
  p->depth--;
  if (a->op == IP_OP_NUMBER) {
    a->number = -a->number;
    *r = a;
    return IP_OK;
  }
  if (a->type != IP_TYPE_VALUE && a->type != IP_TYPE_SERIES)
    return wrong(p, begin, "- expects a series or a value, got %s", type_words[a->type]);
  return join(p, IP_OP_NEGATE, a->type, a, NULL, r);
}

static double fold(ip_rule_op op, double a, double b)
{
  return op == IP_OP_ADD ? a + b : op == IP_OP_SUBTRACT ? a - b : op == IP_OP_MULTIPLY ? a * b : a / b;
}

static ip_status combine(parser *p, ip_rule_op op, ip_rule *a, ip_rule *b, ip_rule **r)
{
  if (a->type > IP_TYPE_VALUE || b->type > IP_TYPE_VALUE || a->type == IP_TYPE_CONDITION ||
      b->type == IP_TYPE_CONDITION)
    return wrong(p, a->begin, "arithmetic is possible with numbers, series and values, not with %s%s",
                 type_words[a->type > b->type ? a->type : b->type],
                 a->type == IP_TYPE_EFFECT ? "; put it into the brackets of the summary" : "");
  if (a->op == IP_OP_NUMBER && b->op == IP_OP_NUMBER) {
    a->number = fold(op, a->number, b->number);
    a->end = b->end;
    *r = a;
    return IP_OK;
  }
  bool is_series = a->type == IP_TYPE_SERIES || b->type == IP_TYPE_SERIES;
  return join(p, op, is_series ? IP_TYPE_SERIES : IP_TYPE_VALUE, a, b, r);
}

static ip_status read_product(parser *p, ip_rule **r)
{
  PARSE(read_unary(p, r));
  while (is_sign(p, "*") || is_sign(p, "/")) {
    ip_rule_op op = is_sign(p, "*") ? IP_OP_MULTIPLY : IP_OP_DIVIDE;
    ip_rule *a = *r, *b;
    PARSE(next(p));
    PARSE(read_unary(p, &b));
    PARSE(combine(p, op, a, b, r));
  }
  return IP_OK;
}

static ip_status read_sum(parser *p, ip_rule **r)
{
  PARSE(read_product(p, r));
  while (is_sign(p, "+") || is_sign(p, "-")) {
    ip_rule_op op = is_sign(p, "+") ? IP_OP_ADD : IP_OP_SUBTRACT;
    ip_rule *a = *r, *b;
    PARSE(next(p));
    PARSE(read_product(p, &b));
    PARSE(combine(p, op, a, b, r));
  }
  return IP_OK;
}

static ip_status read_within(parser *p, ip_rule *a, ip_rule **r)
{
  double low = 0, high = 0;
  if (a->type != IP_TYPE_EFFECT)
    return wrong(p, a->begin, "within expects an effect over seeds, got %s", type_words[a->type]);
  PARSE(next(p));
  size_t begin = p->lexer.begin;
  PARSE(read_constant(p, &low));
  PARSE(join(p, IP_OP_TEST, IP_TYPE_DECISION, a, NULL, r));
  (*r)->test = (ip_test){.kind = IP_WITHIN, .a = low};
  if (is_sign(p, "..")) {
    PARSE(next(p));
    PARSE(read_constant(p, &high));
    if (!(low < high)) return wrong(p, begin, "within a..b expects a < b, got %g..%g", low, high);
    (*r)->test = (ip_test){.kind = IP_BETWEEN, .a = low, .b = high};
  } else if (!(low > 0))
    return wrong(p, begin, "within m expects m > 0, got %g", low);
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

static ip_status compare(parser *p, const char *sign, ip_rule *a, ip_rule *b, ip_rule **r)
{
  bool is_greater = *sign == '>', is_equal = sign[1] == '=';
  if (a->type == IP_TYPE_DECISION || b->type >= IP_TYPE_EFFECT || a->type == IP_TYPE_CONDITION ||
      b->type == IP_TYPE_CONDITION)
    return wrong(p, a->begin, "cannot compare %s with %s; compare an effect with a number", type_words[a->type],
                 type_words[b->type]);
  if (a->type == IP_TYPE_EFFECT) {
    if (b->op != IP_OP_NUMBER)
      return wrong(p, b->begin, "an effect is compared with a number, got %s", type_words[b->type]);
    if (is_equal) return wrong(p, a->begin, "an effect with an interval is tested by < or >, not by %s", sign);
    PARSE(join(p, IP_OP_TEST, IP_TYPE_DECISION, a, NULL, r));
    (*r)->test = (ip_test){.kind = is_greater ? IP_ABOVE : IP_BELOW, .a = b->number};
    return IP_OK;
  }
  bool is_series = a->type == IP_TYPE_SERIES || b->type == IP_TYPE_SERIES;
  PARSE(join(p, is_equal ? IP_OP_LESS_EQUAL : IP_OP_LESS, is_series ? IP_TYPE_CONDITION : IP_TYPE_VALUE,
             is_greater ? b : a, is_greater ? a : b, r));
  if (is_greater) (*r)->begin = a->begin;
  return IP_OK;
}

static ip_status read_test(parser *p, ip_rule **r)
{
  static const char *const signs[] = {"<=", ">=", "<", ">"};
  ip_rule *a, *b;
  PARSE(read_sum(p, r));
  a = *r;
  if (is_word(p, "within")) return read_within(p, a, r);
  for (size_t i = 0; i < 4; i++)
    if (is_sign(p, signs[i])) {
      PARSE(next(p));
      PARSE(read_sum(p, &b));
      return compare(p, signs[i], a, b, r);
    }
  return IP_OK;
}

static ip_status read_not(parser *p, ip_rule **r)
{
  if (!is_word(p, "not")) return read_test(p, r);
  size_t begin = p->lexer.begin;
  ip_rule *a;
  if (++p->depth > MOST_DEPTH) return wrong(p, begin, "too many nested operators");
  PARSE(next(p));
  PARSE(read_not(p, &a));
  p->depth--;
  if (a->type != IP_TYPE_DECISION && a->type != IP_TYPE_VALUE)
    return wrong(p, begin, "not expects a decision, got %s", type_words[a->type]);
  return join(p, IP_OP_NOT, a->type, a, NULL, r);
}

static ip_status logic(parser *p, ip_rule_op op, ip_rule *a, ip_rule *b, ip_rule **r)
{
  bool fits = a->type == b->type && (a->type == IP_TYPE_DECISION || a->type == IP_TYPE_VALUE);
  if (!fits)
    return wrong(p, a->begin, "'%s' joins two decisions, or two comparisons of a seed; got %s and %s",
                 op == IP_OP_AND ? "and" : "or", type_words[a->type], type_words[b->type]);
  return join(p, op, a->type, a, b, r);
}

static ip_status read_and(parser *p, ip_rule **r)
{
  PARSE(read_not(p, r));
  while (is_word(p, "and")) {
    ip_rule *a = *r, *b;
    PARSE(next(p));
    PARSE(read_not(p, &b));
    PARSE(logic(p, IP_OP_AND, a, b, r));
  }
  return IP_OK;
}

static ip_status read_or(parser *p, ip_rule **r)
{
  if (++p->depth > MOST_DEPTH) return wrong(p, p->lexer.begin, "too many nested brackets");
  PARSE(read_and(p, r));
  while (is_word(p, "or")) {
    ip_rule *a = *r, *b;
    PARSE(next(p));
    PARSE(read_and(p, &b));
    PARSE(logic(p, IP_OP_OR, a, b, r));
  }
  p->depth--;
  return IP_OK;
}

static ip_status read_all(parser *p, ip_rule **r)
{
  PARSE(next(p));
  PARSE(read_or(p, r));
  if (p->lexer.kind != IP_TOKEN_END)
    return wrong(p, p->lexer.begin, "expected the end of the rule, got %s", ip_lexer_words(&p->lexer).text);
  if ((*r)->type == IP_TYPE_DECISION) return IP_OK;
  return wrong(p, (*r)->begin, "expected a decision, such as mean(share(ixt)) > 0.2, got %s%s", type_words[(*r)->type],
               (*r)->type == IP_TYPE_EFFECT  ? "; compare it with a number"
               : (*r)->type == IP_TYPE_VALUE ? "; summarize the seeds first, as in mean(...)"
                                             : "");
}

ip_status ip_rule_read(const char *text, const ip_rule_names *names, ip_scratch *sc, ip_rule **rule,
                       ip_rule_error *error)
{
  parser p = {.lexer = {.input = text}, .names = names, .sc = sc, .error = error};
  ip_status st = read_all(&p, rule);
  if (st == IP_OK) return IP_OK;
  *rule = NULL;
  return st == IP_ECONFIG ? IP_OK : st;
}
