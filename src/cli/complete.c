#include "cli/complete.h"

#include <string.h>

const char *ip_candidates_typed(const ip_candidates *c)
{
  return c->whole + c->n_before;
}

ip_candidates ip_candidates_after(const ip_candidates *c, size_t n)
{
  ip_candidates after = *c;
  after.n_before += n;
  return after;
}

/* Length up to the first full stop before a capital letter, or at most 90 bytes. */
static int first_sentence(const char *help)
{
  enum { LONGEST = 90 };
  const char *end = strstr(help, ". ");
  while (end && !(end[2] >= 'A' && end[2] <= 'Z')) end = strstr(end + 1, ". ");
  size_t n = end ? (size_t)(end - help) : strlen(help);
  if (n > LONGEST)
    for (n = LONGEST; n && help[n] != ' ';) n--;
  while (n && (help[n - 1] == '.' || help[n - 1] == ',' || help[n - 1] == ' ')) n--;
  return (int)n;
}

void ip_candidate(const ip_candidates *c, const char *text, const char *end, const char *help)
{
  const char *typed = ip_candidates_typed(c);
  if (strncmp(text, typed, strlen(typed)) != 0) return;
  fprintf(c->out, "%.*s%s%s\t%.*s\n", (int)c->n_before, c->whole, text, end, help ? first_sentence(help) : 0,
          help ? help : "");
}

void ip_candidate_names(const ip_candidates *c, const char *const *names)
{
  for (; *names; names++) ip_candidate(c, *names, "", NULL);
}

void ip_candidate_files(const ip_candidates *c, const char *ending)
{
  fprintf(c->out, ":files%s%s\n", *ending ? "." : "", ending);
}

void ip_candidate_folders(const ip_candidates *c)
{
  fputs(":folders\n", c->out);
}

/* ---------------------------------------------------------------- options */

static bool has_value(const ip_option *o)
{
  return o->kind != IP_OPT_FLAG;
}

/* The option that a word is, "--name" or "-x", or NULL; options that were renamed are no candidates. */
static const ip_option *find(size_t n, const ip_option *option, const char *word, size_t length)
{
  for (size_t i = 0; i < n; i++) {
    const ip_option *o = &option[i];
    if (o->kind == IP_OPT_RENAMED) continue;
    if (length == 2 && word[0] == '-' && o->letter && word[1] == o->letter) return o;
    if (length > 2 && strlen(o->name) == length - 2 && !strncmp(word, "--", 2) &&
        !strncmp(word + 2, o->name, length - 2))
      return o;
  }
  return NULL;
}

static void list_options(size_t n, const ip_option *option, const ip_candidates *c)
{
  char text[64];
  for (size_t i = 0; i < n; i++) {
    if (option[i].kind == IP_OPT_RENAMED) continue;
    snprintf(text, sizeof text, "--%s", option[i].name);
    ip_candidate(c, text, "", option[i].help);
  }
  ip_candidate(c, "--help", "", "show the help text");
}

static ip_status complete_option_value(const ip_option *o, const ip_candidates *c)
{
  if (o->kind == IP_OPT_CHOICE) {
    const ip_choice *choice = o->value;
    ip_candidate_names(c, choice->names);
    return IP_OK;
  }
  return ip_complete_value(o, c);
}

ip_status ip_complete_arguments(const ip_command *command, size_t n, const ip_option *option, size_t n_words,
                                const char *const *word)
{
  const ip_option *open = NULL; /* the option that waits for its value */
  bool only_words = false;
  for (size_t i = 0; i + 1 < n_words; i++) {
    const ip_option *o = only_words || open ? NULL : find(n, option, word[i], strlen(word[i]));
    only_words |= !open && !strcmp(word[i], "--");
    open = o && has_value(o) ? o : NULL;
  }
  ip_candidates c = {.whole = word[n_words - 1], .out = stdout};
  if (open) return complete_option_value(open, &c);
  const char *equals = strchr(c.whole, '=');
  const ip_option *o = equals && !only_words ? find(n, option, c.whole, (size_t)(equals - c.whole)) : NULL;
  if (o && has_value(o)) {
    c.n_before = (size_t)(equals + 1 - c.whole);
    return complete_option_value(o, &c);
  }
  if (*c.whole == '-' && !only_words) {
    list_options(n, option, &c);
    return IP_OK;
  }
  return command->complete ? command->complete(&c) : IP_OK;
}
