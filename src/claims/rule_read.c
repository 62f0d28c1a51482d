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
#include "claims/rule_parser.h"

#include <string.h>

enum { MOST_DEPTH = 64 };

static ip_status read_unary(ip_parser *p, ip_rule **r)
{
  if (!ip_parser_is_sign(p, "-")) return ip_parser_read_place(p, r);
  size_t begin = p->lexer.begin;
  ip_rule *a;
  if (++p->depth > MOST_DEPTH) return ip_parser_wrong(p, begin, "too many nested operators");
  PARSE(ip_parser_next(p));
  PARSE(read_unary(p, &a));
  p->depth--;
  if (a->op == IP_OP_NUMBER) {
    a->number = -a->number;
    *r = a;
    return IP_OK;
  }
  if (a->type != IP_TYPE_VALUE && a->type != IP_TYPE_SERIES)
    return ip_parser_wrong(p, begin, "- expects a series or a value, got %s", ip_parser_type_words[a->type]);
  return ip_parser_join(p, IP_OP_NEGATE, a->type, a, NULL, r);
}

static double fold(ip_rule_op op, double a, double b)
{
  return op == IP_OP_ADD ? a + b : op == IP_OP_SUBTRACT ? a - b : op == IP_OP_MULTIPLY ? a * b : a / b;
}

static ip_status combine(ip_parser *p, ip_rule_op op, ip_rule *a, ip_rule *b, ip_rule **r)
{
  if (a->type > IP_TYPE_VALUE || b->type > IP_TYPE_VALUE || a->type == IP_TYPE_CONDITION ||
      b->type == IP_TYPE_CONDITION)
    return ip_parser_wrong(p, a->begin, "arithmetic is possible with numbers, series and values, not with %s%s",
                           ip_parser_type_words[a->type > b->type ? a->type : b->type],
                           a->type == IP_TYPE_EFFECT ? "; put it into the brackets of the summary" : "");
  if (a->op == IP_OP_NUMBER && b->op == IP_OP_NUMBER) {
    a->number = fold(op, a->number, b->number);
    a->end = b->end;
    *r = a;
    return IP_OK;
  }
  bool is_series = a->type == IP_TYPE_SERIES || b->type == IP_TYPE_SERIES;
  return ip_parser_join(p, op, is_series ? IP_TYPE_SERIES : IP_TYPE_VALUE, a, b, r);
}

static ip_status read_product(ip_parser *p, ip_rule **r)
{
  PARSE(read_unary(p, r));
  while (ip_parser_is_sign(p, "*") || ip_parser_is_sign(p, "/")) {
    ip_rule_op op = ip_parser_is_sign(p, "*") ? IP_OP_MULTIPLY : IP_OP_DIVIDE;
    ip_rule *a = *r, *b;
    PARSE(ip_parser_next(p));
    PARSE(read_unary(p, &b));
    PARSE(combine(p, op, a, b, r));
  }
  return IP_OK;
}

ip_status ip_parser_read_sum(ip_parser *p, ip_rule **r)
{
  PARSE(read_product(p, r));
  while (ip_parser_is_sign(p, "+") || ip_parser_is_sign(p, "-")) {
    ip_rule_op op = ip_parser_is_sign(p, "+") ? IP_OP_ADD : IP_OP_SUBTRACT;
    ip_rule *a = *r, *b;
    PARSE(ip_parser_next(p));
    PARSE(read_product(p, &b));
    PARSE(combine(p, op, a, b, r));
  }
  return IP_OK;
}

static ip_status read_within(ip_parser *p, ip_rule *a, ip_rule **r)
{
  double low = 0, high = 0;
  if (a->type != IP_TYPE_EFFECT)
    return ip_parser_wrong(p, a->begin, "within expects an effect over seeds, got %s", ip_parser_type_words[a->type]);
  PARSE(ip_parser_next(p));
  size_t begin = p->lexer.begin;
  PARSE(ip_parser_read_constant(p, &low));
  PARSE(ip_parser_join(p, IP_OP_TEST, IP_TYPE_DECISION, a, NULL, r));
  (*r)->test = (ip_test){.kind = IP_WITHIN, .a = low};
  if (ip_parser_is_sign(p, "..")) {
    PARSE(ip_parser_next(p));
    PARSE(ip_parser_read_constant(p, &high));
    if (!(low < high)) return ip_parser_wrong(p, begin, "within a..b expects a < b, got %g..%g", low, high);
    (*r)->test = (ip_test){.kind = IP_BETWEEN, .a = low, .b = high};
  } else if (!(low > 0))
    return ip_parser_wrong(p, begin, "within m expects m > 0, got %g", low);
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

static ip_status compare(ip_parser *p, const char *sign, ip_rule *a, ip_rule *b, ip_rule **r)
{
  bool is_greater = *sign == '>', is_equal = sign[1] == '=';
  if (a->type == IP_TYPE_DECISION || b->type >= IP_TYPE_EFFECT || a->type == IP_TYPE_CONDITION ||
      b->type == IP_TYPE_CONDITION)
    return ip_parser_wrong(p, a->begin, "cannot compare %s with %s; compare an effect with a number",
                           ip_parser_type_words[a->type], ip_parser_type_words[b->type]);
  if (a->type == IP_TYPE_EFFECT) {
    if (b->op != IP_OP_NUMBER)
      return ip_parser_wrong(p, b->begin, "an effect is compared with a number, got %s", ip_parser_type_words[b->type]);
    if (is_equal)
      return ip_parser_wrong(p, a->begin, "an effect with an interval is tested by < or >, not by %s", sign);
    PARSE(ip_parser_join(p, IP_OP_TEST, IP_TYPE_DECISION, a, NULL, r));
    (*r)->test = (ip_test){.kind = is_greater ? IP_ABOVE : IP_BELOW, .a = b->number};
    return IP_OK;
  }
  bool is_series = a->type == IP_TYPE_SERIES || b->type == IP_TYPE_SERIES;
  PARSE(ip_parser_join(p, is_equal ? IP_OP_LESS_EQUAL : IP_OP_LESS, is_series ? IP_TYPE_CONDITION : IP_TYPE_VALUE,
                       is_greater ? b : a, is_greater ? a : b, r));
  if (is_greater) (*r)->begin = a->begin;
  return IP_OK;
}

static ip_status read_test(ip_parser *p, ip_rule **r)
{
  static const char *const signs[] = {"<=", ">=", "<", ">"};
  ip_rule *a, *b;
  PARSE(ip_parser_read_sum(p, r));
  a = *r;
  if (ip_parser_is_word(p, "within")) return read_within(p, a, r);
  for (size_t i = 0; i < 4; i++)
    if (ip_parser_is_sign(p, signs[i])) {
      PARSE(ip_parser_next(p));
      PARSE(ip_parser_read_sum(p, &b));
      return compare(p, signs[i], a, b, r);
    }
  return IP_OK;
}

static ip_status read_not(ip_parser *p, ip_rule **r)
{
  if (!ip_parser_is_word(p, "not")) return read_test(p, r);
  size_t begin = p->lexer.begin;
  ip_rule *a;
  if (++p->depth > MOST_DEPTH) return ip_parser_wrong(p, begin, "too many nested operators");
  PARSE(ip_parser_next(p));
  PARSE(read_not(p, &a));
  p->depth--;
  if (a->type != IP_TYPE_DECISION && a->type != IP_TYPE_VALUE)
    return ip_parser_wrong(p, begin, "not expects a decision, got %s", ip_parser_type_words[a->type]);
  return ip_parser_join(p, IP_OP_NOT, a->type, a, NULL, r);
}

static ip_status logic(ip_parser *p, ip_rule_op op, ip_rule *a, ip_rule *b, ip_rule **r)
{
  bool fits = a->type == b->type && (a->type == IP_TYPE_DECISION || a->type == IP_TYPE_VALUE);
  if (!fits)
    return ip_parser_wrong(p, a->begin, "'%s' joins two decisions, or two comparisons of a seed; got %s and %s",
                           op == IP_OP_AND ? "and" : "or", ip_parser_type_words[a->type],
                           ip_parser_type_words[b->type]);
  return ip_parser_join(p, op, a->type, a, b, r);
}

static ip_status read_and(ip_parser *p, ip_rule **r)
{
  PARSE(read_not(p, r));
  while (ip_parser_is_word(p, "and")) {
    ip_rule *a = *r, *b;
    PARSE(ip_parser_next(p));
    PARSE(read_not(p, &b));
    PARSE(logic(p, IP_OP_AND, a, b, r));
  }
  return IP_OK;
}

ip_status ip_parser_read_or(ip_parser *p, ip_rule **r)
{
  if (++p->depth > MOST_DEPTH) return ip_parser_wrong(p, p->lexer.begin, "too many nested brackets");
  PARSE(read_and(p, r));
  while (ip_parser_is_word(p, "or")) {
    ip_rule *a = *r, *b;
    PARSE(ip_parser_next(p));
    PARSE(read_and(p, &b));
    PARSE(logic(p, IP_OP_OR, a, b, r));
  }
  p->depth--;
  return IP_OK;
}

static ip_status read_all(ip_parser *p, ip_rule **r)
{
  PARSE(ip_parser_next(p));
  PARSE(ip_parser_read_or(p, r));
  if (p->lexer.kind != IP_TOKEN_END)
    return ip_parser_wrong(p, p->lexer.begin, "expected the end of the rule, got %s", ip_lexer_words(&p->lexer).text);
  if ((*r)->type == IP_TYPE_DECISION) return IP_OK;
  return ip_parser_wrong(p, (*r)->begin, "expected a decision, such as mean(share(ixt)) > 0.2, got %s%s",
                         ip_parser_type_words[(*r)->type],
                         (*r)->type == IP_TYPE_EFFECT  ? "; compare it with a number"
                         : (*r)->type == IP_TYPE_VALUE ? "; summarize the seeds first, as in mean(...)"
                                                       : "");
}

ip_status ip_rule_read(const char *text, const ip_rule_names *names, ip_scratch *sc, ip_rule **rule,
                       ip_rule_error *error)
{
  ip_parser p = {.lexer = {.input = text}, .names = names, .sc = sc, .error = error};
  ip_status st = read_all(&p, rule);
  if (st == IP_OK) return IP_OK;
  *rule = NULL;
  return st == IP_ECONFIG ? IP_OK : st;
}
