#include "config/value.h"

#include "base/text.h"
#include "config/emit.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ip_key_is_list(const ip_key *key)
{
  return key->kind == IP_KEY_INTS || key->kind == IP_KEY_REALS || key->kind == IP_KEY_TEXTS ||
         key->kind == IP_KEY_CHOICES;
}

const char *const *ip_key_choices(const ip_key *key)
{
  return key->choices_of ? key->choices_of() : key->choices;
}

/* The kind of an element. */
static ip_key_kind element_kind(const ip_key *key)
{
  switch (key->kind) {
  case IP_KEY_INTS:
    return IP_KEY_INT;
  case IP_KEY_REALS:
    return IP_KEY_REAL;
  case IP_KEY_TEXTS:
    return IP_KEY_TEXT;
  case IP_KEY_CHOICES:
    return IP_KEY_CHOICE;
  default:
    return key->kind;
  }
}

/* --- What to expect ----------------------------------------------------------------------------------------------- */

static void describe_choices(const char *const *name, size_t size, char *out)
{
  size_t n = 0;
  *out = 0;
  for (size_t i = 0; name[i] && n < size; i++)
    n += (size_t)snprintf(out + n, size - n, "%s%s", !i ? "" : name[i + 1] ? ", " : " or ", name[i]);
}

/* What one element of the key must be. */
static ip_key_wording element_words(const ip_key *key)
{
  static const char *const kind_words[] = {
#define X(kind, words) [kind] = words,
      IP_KEY_KIND_LIST(X)
#undef X
  };
  ip_key_wording w;
  ip_key_kind kind = element_kind(key);
  if (kind == IP_KEY_CHOICE) {
    describe_choices(ip_key_choices(key), sizeof w.text, w.text);
    return w;
  }
  snprintf(w.text, sizeof w.text, "%s%s", kind_words[kind], ip_interval_words(key->range).text);
  return w;
}

ip_key_wording ip_key_words(const ip_key *key)
{
  ip_key_wording w = element_words(key);
  if (!ip_key_is_list(key)) return w;
  switch (key->kind) {
  case IP_KEY_INTS:
    return (ip_key_wording){{"a list of integers, such as [10, 7, 5]"}};
  case IP_KEY_REALS:
    return (ip_key_wording){{"a list of numbers, such as [0.1, 0.5]"}};
  default:
    return (ip_key_wording){{"a list of strings, such as [a, b]"}};
  }
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

/* One scalar, as a file or an override gave it. */
typedef struct scalar {
  const char *text;
  bool plain;
  ip_place place;
} scalar;

static ip_status choice_fault(const ip_key *key, scalar s, ip_config_errors *errors)
{
  const char *const *name = ip_key_choices(key);
  size_t n = 0;
  while (name[n]) n++;
  return ip_config_errors_add(errors, s.place, key->name, "expected %s, got %s%s", element_words(key).text,
                              *s.text ? ip_quote_text(s.text).text : "nothing", ip_text_hint(s.text, n, name).text);
}

static ip_status wrong(const ip_key *key, scalar s, ip_config_errors *errors)
{
  const char *got = !*s.text && s.plain ? "nothing" : NULL;
  return ip_config_errors_add(errors, s.place, key->name, "expected %s, got %s", element_words(key).text,
                              got ? got : ip_quote_text(s.text).text);
}

static ip_status read_number(const ip_key *key, scalar s, ip_config_errors *errors, ip_element *e, bool *ok)
{
  double v = 0;
  bool whole = element_kind(key) == IP_KEY_INT;
  if (whole) {
    *ok = ip_parse_int(s.text, &e->whole);
    v = (double)e->whole;
  } else {
    *ok = ip_parse_real(s.text, &v) && isfinite(v);
    e->real = v + 0.0; /* -0 becomes 0: equal values print alike */
  }
  if (*ok && !s.plain) {
    *ok = false;
    return ip_config_errors_add(errors, s.place, key->name,
                                "expected %s, got the string %s in quotes; remove the quotes", element_words(key).text,
                                ip_quote_text(s.text).text);
  }
  ip_key any = *key;
  any.range = NULL;
  if (!*ok) return wrong(&any, s, errors); /* of a kind that has nothing to do with the range */
  *ok = ip_interval_has(key->range, v);
  return *ok ? IP_OK : wrong(key, s, errors);
}

static ip_status read_element(const ip_key *key, scalar s, ip_scratch *sc, ip_config_errors *errors, ip_element *e,
                              bool *ok)
{
  *ok = true;
  switch (element_kind(key)) {
  case IP_KEY_BOOL:
    e->whole = !strcmp(s.text, "true");
    *ok = s.plain && (e->whole || !strcmp(s.text, "false"));
    return *ok ? IP_OK : wrong(key, s, errors);
  case IP_KEY_CHOICE:
    for (const char *const *name = ip_key_choices(key); *name; name++)
      if (!strcmp(*name, s.text)) {
        e->text = *name;
        return IP_OK;
      }
    *ok = false;
    return choice_fault(key, s, errors);
  case IP_KEY_TEXT: {
    *ok = ip_is_utf8(s.text); /* an override may contain any bytes */
    if (!*ok) return ip_config_errors_add(errors, s.place, key->name, "expected a UTF-8 string");
    bool null = s.plain && (!strcmp(s.text, "~") || !strcmp(s.text, "null"));
    char *copy;
    size_t n = null ? 0 : strlen(s.text);
    IP_TRY(IP_SCRATCH(sc, copy, n + 1, "text of the configuration"));
    memcpy(copy, s.text, n);
    e->text = copy;
    return IP_OK;
  }
  default:
    return read_number(key, s, errors, e, ok);
  }
}

static ip_status check_length(const ip_key *key, size_t n, ip_place place, ip_config_errors *errors, bool *ok)
{
  *ok = n >= key->least && (!key->most || n <= key->most);
  if (*ok) return IP_OK;
  if (n < key->least)
    return ip_config_errors_add(errors, place, key->name, "expected a list of at least %zu value%s, got %zu",
                                key->least, key->least == 1 ? "" : "s", n);
  return ip_config_errors_add(errors, place, key->name, "expected a list of at most %zu values, got %zu", key->most, n);
}

ip_status ip_value_from_node(const ip_key *key, const ip_node *node, ip_scratch *sc, ip_config_errors *errors,
                             ip_value *v, bool *ok)
{
  bool list = ip_key_is_list(key);
  *ok = node->kind == (list ? IP_NODE_LIST : IP_NODE_SCALAR);
  if (!*ok)
    return ip_config_errors_add(errors, node->place, key->name, "expected %s, got %s", ip_key_words(key).text,
                                ip_node_words(node).text);
  v->n = list ? node->n : 1;
  IP_TRY(IP_SCRATCH(sc, v->element, v->n, "values of the configuration"));
  if (list) IP_TRY(check_length(key, node->n, node->place, errors, ok));
  size_t i = 0;
  for (const ip_node *it = list ? node->first : node; it && i < v->n; it = it->next, i++) {
    bool good = it->kind == IP_NODE_SCALAR;
    if (!good)
      IP_TRY(ip_config_errors_add(errors, it->place, key->name, "expected %s, got %s", element_words(key).text,
                                  ip_node_words(it).text));
    else
      IP_TRY(read_element(key, (scalar){it->text, it->plain, it->place}, sc, errors, &v->element[i], &good));
    *ok = *ok && good;
  }
  return IP_OK;
}

/* "10, 7,5" -> three values; an empty string is an empty list. */
static ip_status split_commas(const ip_key *key, const char *text, ip_place place, ip_scratch *sc,
                              ip_config_errors *errors, ip_value *v, bool *ok)
{
  size_t n = *text != 0;
  for (const char *s = text; *s; s++) n += *s == ',';
  v->n = n;
  IP_TRY(IP_SCRATCH(sc, v->element, n, "values of the configuration"));
  IP_TRY(check_length(key, n, place, errors, ok));
  for (size_t i = 0; i < n; i++) {
    text += strspn(text, " ");
    size_t length = strcspn(text, ","), used = length;
    while (used && text[used - 1] == ' ') used--;
    char *part;
    bool good;
    IP_TRY(IP_SCRATCH(sc, part, used + 1, "text of the configuration"));
    memcpy(part, text, used);
    IP_TRY(read_element(key, (scalar){part, true, place}, sc, errors, &v->element[i], &good));
    *ok = *ok && good;
    text += length + 1;
  }
  return IP_OK;
}

ip_status ip_value_from_text(const ip_key *key, const char *text, const char *origin, ip_scratch *sc,
                             ip_config_errors *errors, ip_value *v, bool *ok)
{
  ip_place place = {.origin = origin};
  *ok = false;
  if (ip_key_is_list(key) && *text == '[') {
    ip_node *root;
    size_t before = ip_config_errors_count(errors);
    IP_TRY(ip_tree_read(origin, strlen(text), text, sc, errors, &root));
    if (ip_config_errors_count(errors) > before || !root) return IP_OK;
    return ip_value_from_node(key, root, sc, errors, v, ok);
  }
  if (ip_key_is_list(key)) return split_commas(key, text, place, sc, errors, v, ok);
  v->n = 1;
  IP_TRY(IP_SCRATCH(sc, v->element, 1, "value of the configuration"));
  return read_element(key, (scalar){text, true, place}, sc, errors, v->element, ok);
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static void print_element(ip_key_kind kind, ip_element e, FILE *out)
{
  switch (kind) {
  case IP_KEY_BOOL:
    fputs(e.whole ? "true" : "false", out);
    break;
  case IP_KEY_INT:
    fprintf(out, "%" PRId64, e.whole);
    break;
  case IP_KEY_REAL:
    ip_emit_real(e.real, out);
    break;
  default:
    ip_emit_text(e.text, out);
  }
}

void ip_value_print(const ip_key *key, const ip_value *v, FILE *out)
{
  bool list = ip_key_is_list(key);
  if (list) fputc('[', out);
  for (size_t i = 0; i < v->n; i++) {
    if (i) fputs(", ", out);
    print_element(element_kind(key), v->element[i], out);
  }
  if (list) fputc(']', out);
}

bool ip_value_equal(const ip_key *key, const ip_value *a, const ip_value *b)
{
  if (a->n != b->n) return false;
  ip_key_kind kind = element_kind(key);
  for (size_t i = 0; i < a->n; i++) {
    const ip_element *p = &a->element[i], *q = &b->element[i];
    bool same = kind == IP_KEY_REAL                         ? p->real == q->real
                : kind == IP_KEY_BOOL || kind == IP_KEY_INT ? p->whole == q->whole
                                                            : !strcmp(p->text, q->text);
    if (!same) return false;
  }
  return true;
}
