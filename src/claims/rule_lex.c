#include "claims/rule_lex.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Characters of a number at s: digits, a point unless two follow each other (0.67..1.5), an exponent. */
static size_t number_length(const char *s)
{
  size_t n = 0;
  while (is_digit(s[n])) n++;
  if (s[n] == '.' && s[n + 1] != '.') n++;
  while (is_digit(s[n])) n++;
  if (s[n] != 'e' && s[n] != 'E') return n;
  size_t m = n + 1 + (s[n + 1] == '-' || s[n + 1] == '+');
  if (!is_digit(s[m])) return n;
  while (is_digit(s[m])) m++;
  return m;
}

static size_t name_length(const char *s)
{
  size_t n = 0;
  while (is_letter(s[n]) || is_digit(s[n]) || (s[n] == '.' && is_letter(s[n + 1]))) n++;
  return n;
}

static bool take(ip_lexer *l, ip_token_kind kind, size_t skip, size_t n, size_t end)
{
  l->error = "this name is too long";
  if (n >= IP_LEXER_TEXT) return false;
  l->kind = kind;
  memcpy(l->text, l->input + l->begin + skip, n);
  l->text[n] = 0;
  l->end = l->begin + end;
  return true;
}

bool ip_lexer_next(ip_lexer *l)
{
  static const char *const signs[] = {"..", "<=", ">=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "@"};
  l->last_end = l->end;
  l->begin = l->end;
  while (l->input[l->begin] == ' ' || l->input[l->begin] == '\n') l->begin++;
  const char *s = l->input + l->begin;
  if (!*s) return take(l, IP_TOKEN_END, 0, 0, 0);
  if (is_letter(*s)) return take(l, IP_TOKEN_NAME, 0, name_length(s), name_length(s));
  if (is_digit(*s) || (*s == '.' && is_digit(s[1]))) {
    size_t n = number_length(s);
    if (!take(l, IP_TOKEN_NUMBER, 0, n, n)) return false;
    l->error = "this is not a number";
    return ip_parse_real(l->text, &l->number);
  }
  if (*s == '"') {
    size_t n = strcspn(s + 1, "\"");
    l->error = "this quote is not closed";
    return s[n + 1] && take(l, IP_TOKEN_STRING, 1, n, n + 2);
  }
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (!strncmp(s, signs[i], strlen(signs[i]))) return take(l, IP_TOKEN_SIGN, 0, strlen(signs[i]), strlen(signs[i]));
  l->error = "unexpected character";
  return false;
}

ip_lexer_wording ip_lexer_words(const ip_lexer *l)
{
  ip_lexer_wording w;
  if (l->kind == IP_TOKEN_END)
    snprintf(w.text, sizeof w.text, "the end of the rule");
  else
    snprintf(w.text, sizeof w.text, "'%s'", l->text);
  return w;
}
