/* rule_parser.h - what the parser of rules consists of. For rule_read.c, rule_primary.c and rule_parser.c.
 */
#ifndef IP_CLAIMS_RULE_PARSER_H
#define IP_CLAIMS_RULE_PARSER_H

#include "claims/rule.h"
#include "claims/rule_lex.h"

typedef struct ip_parser {
  ip_lexer lexer;
  const ip_rule_names *names;
  ip_scratch *sc;
  ip_rule_error *error;
  size_t depth, n_nodes;
} ip_parser;

/* "a series over epochs": by ip_rule_type. */
extern const char *const ip_parser_type_words[];

/* Records an error at a character of the rule. Returns IP_ECONFIG, which ip_rule_read takes back. */
ip_status ip_parser_wrong(ip_parser *p, size_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Passes a failure on without recording it: an error of the rule is reported with its place by the caller. */
#define PARSE(call)                                                                                                    \
  do {                                                                                                                 \
    ip_status parse_ = (call);                                                                                         \
    if (parse_ != IP_OK) return parse_;                                                                                \
  } while (0)

/* The next token; whether the current one is this sign or word; the next one behind a sign, which has to be there. */
ip_status ip_parser_next(ip_parser *p);
bool ip_parser_is_sign(const ip_parser *p, const char *sign);
bool ip_parser_is_word(const ip_parser *p, const char *word);
ip_status ip_parser_expect(ip_parser *p, const char *sign);

/* A new node that ends with the last token; one with the operands a and b (may be NULL). */
ip_status ip_parser_make(ip_parser *p, ip_rule_op op, ip_rule_type type, size_t begin, ip_rule **r);
ip_status ip_parser_join(ip_parser *p, ip_rule_op op, ip_rule_type type, ip_rule *a, ip_rule *b, ip_rule **r);

/* rule_read.c */
ip_status ip_parser_read_or(ip_parser *p, ip_rule **r);
ip_status ip_parser_read_sum(ip_parser *p, ip_rule **r);

/* rule_primary.c: a primary with its @; a number. */
ip_status ip_parser_read_place(ip_parser *p, ip_rule **r);
ip_status ip_parser_read_constant(ip_parser *p, double *value);

#endif
