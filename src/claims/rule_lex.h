/* rule_lex.h - the words of a rule. For rule_read.c. */
#ifndef IP_CLAIMS_RULE_LEX_H
#define IP_CLAIMS_RULE_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum { IP_LEXER_TEXT = 200 };

typedef enum { IP_TOKEN_END, IP_TOKEN_NUMBER, IP_TOKEN_NAME, IP_TOKEN_STRING, IP_TOKEN_SIGN } ip_token_kind;

/* Start from {.input = text}. */
typedef struct ip_lexer {
  const char *input;
  size_t begin, end; /* characters of the current token */
  size_t last_end;   /* end of the token before it */
  ip_token_kind kind;
  double number;
  char text[IP_LEXER_TEXT]; /* of a name (letters, digits, _ and .), a string, a sign */
  const char *error;
} ip_lexer;

/* Reads the next token; false, with `error`, if the characters at `begin` are none. */
bool ip_lexer_next(ip_lexer *l);

/* "'within'", "the end of the rule": for messages. */
typedef struct ip_lexer_wording {
  char text[IP_LEXER_TEXT + 4];
} ip_lexer_wording;
ip_lexer_wording ip_lexer_words(const ip_lexer *l);

#endif
