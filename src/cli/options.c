#include "cli/options.h"

#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "cli/complete.h"

#include <stdio.h>
#include <string.h>

void ip_words_free(ip_words *w)
{
  ip_free(w->word);
  *w = (ip_words){0};
}

static void print_help(const ip_command *c, size_t n, const ip_option *option)
{
  ip_print(stdout, "usage: infoplane %s %s\n\n%s.\n", c->name, c->usage, c->summary);
  if (c->details) ip_print(stdout, "\n%s\n", c->details);
  printf("\nOptions:\n");
  for (size_t i = 0; i <= n; i++) {
    const ip_option help = {"help", 'h', IP_OPT_FLAG, NULL, "show this text", NULL}, *o = i < n ? &option[i] : &help;
    char left[64], letter[5] = "";
    if (o->kind == IP_OPT_RENAMED) continue;
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->argument ? " " : "", o->argument ? o->argument : "");
    if (strlen(left) > 25)
      ip_print(stdout, "  %s\n  %-26s%s\n", left, "", o->help);
    else
      ip_print(stdout, "  %-26s%s\n", left, o->help);
  }
}

enum { MOST_OPTIONS = 64 };

/* `word` as it was typed, with its dashes. */
static ip_status unknown_option(const ip_command *c, size_t n, const ip_option *option, const char *word)
{
  char text[MOST_OPTIONS][40];
  const char *names[MOST_OPTIONS];
  size_t count = 0;
  for (size_t i = 0; i < n && count < IP_COUNT(names); i++) {
    if (option[i].kind == IP_OPT_RENAMED) continue;
    snprintf(text[count], sizeof text[count], "--%s", option[i].name);
    names[count] = text[count];
    count++;
  }
  IP_FAIL(IP_EUSAGE, "infoplane %s: unknown option '%s'%s", c->name, word, ip_text_expected(word, count, names).text);
}

static ip_status append(ip_words *w, const char *word)
{
  if ((w->n & (w->n - 1)) == 0) { /* full at 0, 1, 2, 4, ...: double */
    const char **grown = ip_grow(w->word, w->n, w->n ? 2 * w->n : 1, sizeof *grown, "option values");
    if (!grown) return IP_ENOMEM;
    w->word = grown;
  }
  w->word[w->n++] = word;
  return IP_OK;
}

static ip_status choose(const ip_command *c, const ip_option *o, const char *word)
{
  const ip_choice *choice = o->value;
  size_t n = 0, at;
  while (choice->names[n]) n++;
  ip_status st = ip_text_choose(IP_EUSAGE, "value", word, n, choice->names, &at);
  if (st == IP_OK)
    *choice->number = (int)at;
  else
    ip_error_prefix("infoplane %s --%s", c->name, o->name);
  return st;
}

static ip_status store(const ip_command *c, const ip_option *o, const char *text)
{
  switch (o->kind) {
  case IP_OPT_FLAG:
    *(bool *)o->value = true;
    return IP_OK;
  case IP_OPT_TEXT:
    *(const char **)o->value = text;
    return IP_OK;
  case IP_OPT_INT:
    IP_REQUIRE(ip_parse_int(text, o->value), IP_EUSAGE, "infoplane %s --%s: expected an integer, got '%s'", c->name,
               o->name, text);
    return IP_OK;
  case IP_OPT_REAL:
    IP_REQUIRE(ip_parse_real(text, o->value), IP_EUSAGE, "infoplane %s --%s: expected a number, got '%s'", c->name,
               o->name, text);
    return IP_OK;
  case IP_OPT_WORDS:
    return append(o->value, text);
  case IP_OPT_CHOICE:
    return choose(c, o, text);
  case IP_OPT_RENAMED:
    break; /* ip_options_parse rejects it first */
  }
  return IP_OK;
}

ip_status ip_options_parse(const ip_command *c, size_t n, const ip_option *option, int argc, char **argv,
                           ip_arguments *out)
{
  *out = (ip_arguments){.word = (const char **)argv};
  if (argc > 2 && strcmp(argv[1], IP_COMPLETE) == 0) {
    out->help = true;
    return ip_complete_arguments(c, n, option, (size_t)argc - 2, (const char *const *)argv + 2);
  }
  bool only_words = false;
  for (int i = 1; i < argc; i++) {
    const char *a = argv[i];
    if (only_words || a[0] != '-' || a[1] == 0) {
      out->word[out->n++] = a;
      continue;
    }
    if (strcmp(a, "--") == 0) {
      only_words = true;
      continue;
    }
    bool is_long = a[1] == '-';
    const char *name = a + 1 + is_long, *equals = is_long ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    if ((is_long && length == 4 && strncmp(name, "help", 4) == 0) || strcmp(a, "-h") == 0) {
      print_help(c, n, option);
      out->help = true;
      return IP_OK;
    }
    const ip_option *o = NULL;
    for (size_t k = 0; k < n && !o; k++) {
      bool same = is_long ? strlen(option[k].name) == length && strncmp(option[k].name, name, length) == 0
                          : option[k].letter == name[0];
      if (same) o = &option[k];
    }
    if (!o) {
      char word[64];
      snprintf(word, sizeof word, "%s%.*s", is_long ? "--" : "-", (int)(length < 60 ? length : 60), name);
      return unknown_option(c, n, option, word);
    }
    IP_REQUIRE(o->kind != IP_OPT_RENAMED, IP_EUSAGE, "infoplane %s: --%s was renamed to --%s", c->name, o->name,
               o->argument);
    const char *value = equals ? equals + 1 : !is_long && name[1] ? name + 1 : NULL;
    if (o->kind == IP_OPT_FLAG) {
      IP_REQUIRE(!value, IP_EUSAGE, "infoplane %s: --%s accepts no value, got '%s'", c->name, o->name, value);
    } else if (!value) {
      IP_REQUIRE(i + 1 < argc, IP_EUSAGE, "infoplane %s: --%s: expected a value: --%s %s", c->name, o->name, o->name,
                 o->argument);
      value = argv[++i];
    }
    IP_TRY(store(c, o, value));
  }
  return IP_OK;
}
