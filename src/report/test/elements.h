/* elements.h - whether every element of a text of HTML is closed, in the order in which they were opened. */
#ifndef IP_REPORT_TEST_ELEMENTS_H
#define IP_REPORT_TEST_ELEMENTS_H

#include "base/test/check.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline bool elements_is_one_of(const char *name, size_t n, const char *const *list)
{
  for (; *list; list++)
    if (strlen(*list) == n && !strncmp(name, *list, n)) return true;
  return false;
}

/* Behind the tag at s ("<name ..."): attributes may have '>' between quotes. */
static inline const char *elements_end_of_tag(const char *s)
{
  for (char quote = 0; *s && (quote || *s != '>'); s++)
    quote = !quote && (*s == '"' || *s == '\'') ? *s : quote == *s ? 0 : quote;
  return *s ? s + 1 : s;
}

/* Elements without content, or that close themselves (<path/>), have no end. Scripts and styles are not looked into. */
static inline void check_elements(const char *text)
{
  static const char *const empty[] = {"meta", "link", "img", "br", "input", "hr", "col", "source", NULL};
  static const char *const raw[] = {"script", "style", NULL};
  enum { MOST = 64 };
  struct {
    const char *name;
    size_t n;
  } open[MOST];
  size_t depth = 0;
  for (const char *s = strchr(text, '<'); s; s = strchr(s, '<')) {
    bool closes = s[1] == '/';
    const char *name = s + 1 + closes, *end = elements_end_of_tag(s);
    size_t n = 0;
    while (isalnum((unsigned char)name[n])) n++;
    if (!n && !closes && s[1] != '!') fail_msg("no name: %.80s", s);
    if (closes) {
      if (!depth) fail_msg("nothing is open before %.80s", s);
      depth--;
      if (open[depth].n != n || strncmp(open[depth].name, name, n) != 0)
        fail_msg("%.*s is open before %.80s", (int)open[depth].n, open[depth].name, s);
    } else if (n && end[-2] != '/' && !elements_is_one_of(name, n, empty)) {
      if (depth == MOST) fail_msg("too deep: %.80s", s);
      open[depth].name = name;
      open[depth++].n = n;
      if (elements_is_one_of(name, n, raw)) {
        char close[16];
        snprintf(close, sizeof close, "</%.*s>", (int)n, name);
        end = strstr(end, close);
        if (!end) fail_msg("%s is missing", close);
      }
    }
    s = end;
  }
  if (depth) fail_msg("not closed: %.80s", open[depth - 1].name);
}

#endif
