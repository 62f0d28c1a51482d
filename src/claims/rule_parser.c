#include "claims/rule_parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sum of many terms is a tree as deep, which is followed by recursion. */
enum { MOST_NODES = 2000 };

const char *const ip_parser_type_words[] = {
    "a number",  "a series over epochs", "a condition on epochs", "a value for each seed", "an effect over seeds",
    "a decision"};

ip_status ip_parser_wrong(ip_parser *p, size_t at, const char *fmt, ...)
{
  va_list ap;
  va_start(ap, fmt);
  p->error->at = at;
  vsnprintf(p->error->text, sizeof p->error->text, fmt, ap);
  va_end(ap);
  return IP_ECONFIG;
}

ip_status ip_parser_next(ip_parser *p)
{
  if (ip_lexer_next(&p->lexer)) return IP_OK;
  return ip_parser_wrong(p, p->lexer.begin, "%s", p->lexer.error);
}

bool ip_parser_is_sign(const ip_parser *p, const char *sign)
{
  return p->lexer.kind == IP_TOKEN_SIGN && !strcmp(p->lexer.text, sign);
}

bool ip_parser_is_word(const ip_parser *p, const char *word)
{
  return p->lexer.kind == IP_TOKEN_NAME && !strcmp(p->lexer.text, word);
}

ip_status ip_parser_expect(ip_parser *p, const char *sign)
{
  if (ip_parser_is_sign(p, sign)) return ip_parser_next(p);
  return ip_parser_wrong(p, p->lexer.begin, "expected '%s', got %s", sign, ip_lexer_words(&p->lexer).text);
}

ip_status ip_parser_make(ip_parser *p, ip_rule_op op, ip_rule_type type, size_t begin, ip_rule **r)
{
  if (++p->n_nodes > MOST_NODES) return ip_parser_wrong(p, begin, "the rule is too long");
  IP_TRY(IP_SCRATCH(p->sc, *r, 1, "rule"));
  (*r)->op = op;
  (*r)->type = type;
  (*r)->begin = begin;
  (*r)->end = p->lexer.last_end;
  return IP_OK;
}

ip_status ip_parser_join(ip_parser *p, ip_rule_op op, ip_rule_type type, ip_rule *a, ip_rule *b, ip_rule **r)
{
  PARSE(ip_parser_make(p, op, type, a->begin, r));
  (*r)->n = b ? 2 : 1;
  (*r)->arg[0] = a;
  (*r)->arg[1] = b;
  return IP_OK;
}
