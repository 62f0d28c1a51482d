#include "config/tree.h"

#include <string.h>
#include <yaml.h>

enum { DEEPEST = 16, MOST_NODES = 200000, MOST_ENTRIES = 1000, MOST_DIRECTIVES = 16 };

typedef struct reader {
  yaml_parser_t yaml;
  const char *origin;
  size_t n;
  const char *text; /* (n) */
  ip_scratch *sc;
  ip_config_errors *errors;
  size_t n_nodes;
  bool stop; /* the rest cannot be read; an error has the reason */
} reader;

static ip_place place_of(const reader *r, yaml_mark_t mark)
{
  return (ip_place){r->origin, mark.line + 1, mark.column + 1};
}

/* Byte `at` of the text as a place; columns count characters. */
static ip_place place_of_byte(const reader *r, size_t at)
{
  ip_place p = {r->origin, 1, 1};
  for (size_t i = 0; i < at && i < r->n; i++) {
    if (r->text[i] == '\n') {
      p.line++;
      p.column = 1;
    } else if (((unsigned char)r->text[i] & 0xC0) != 0x80)
      p.column++;
  }
  return p;
}

/* libyaml's messages and what to do about them. */
static const char *advice(const char *problem)
{
  static const char *const known[][2] = {
      {"mapping values are not allowed",
       "put quotes around a string that contains ': ', look for a missing colon above, or check the indentation"},
      {"could not find expected ':'", "a key is followed by a colon and a space: 'epochs: 8000'"},
      {"did not find expected key", "check the indentation: keys of one section start in the same column"},
      {"did not find expected '-' indicator", "check the indentation of the list"},
      {"did not find expected ',' or ']'", "a list is closed by ']', its values are separated by ','"},
      {"did not find expected ',' or '}'", "a mapping in braces is closed by '}'"},
      {"found unexpected end of stream", "a quote is not closed"},
      {"did not find expected <document start>", "one mapping of keys is expected, 'key: value' on each line"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strstr(problem, known[i][0])) return known[i][1];
  return NULL;
}

static ip_status syntax_fault(reader *r)
{
  const yaml_parser_t *y = &r->yaml;
  const char *problem = y->problem ? y->problem : "invalid YAML";
  r->stop = true;
  if (y->error == YAML_MEMORY_ERROR) IP_FAIL(IP_ENOMEM, "%s: out of memory", r->origin);
  if (y->error == YAML_READER_ERROR)
    return ip_config_errors_add(r->errors, place_of_byte(r, y->problem_offset), NULL,
                                "the file is not UTF-8 text: %s; save it as UTF-8", problem);
  ip_place place = place_of(r, y->problem_mark);
  size_t at = 0; /* the byte the mark points to */
  for (size_t line = 1; line < place.line && at < r->n; at++) line += r->text[at] == '\n';
  at += place.column - 1;
  if (strstr(problem, "cannot start any token")) {
    if (at < r->n && r->text[at] == '\t')
      return ip_config_errors_add(r->errors, place, NULL, "tab in indentation; use spaces");
    return ip_config_errors_add(r->errors, place, NULL, "a value cannot start with '%c' unless it is in quotes",
                                at < r->n ? r->text[at] : '?');
  }
  const char *hint = advice(problem);
  return ip_config_errors_add(r->errors, place, NULL, "%s%s%s%s%s", problem, y->context ? " " : "",
                              y->context ? y->context : "", hint ? "; " : "", hint ? hint : "");
}

static ip_status next_event(reader *r, yaml_event_t *event)
{
  memset(event, 0, sizeof *event);
  if (yaml_parser_parse(&r->yaml, event)) return IP_OK;
  return syntax_fault(r);
}

static ip_status copy_text(reader *r, const yaml_event_t *e, const char **out)
{
  size_t n = e->data.scalar.length;
  const char *from = (const char *)e->data.scalar.value;
  char *to;
  IP_TRY(IP_SCRATCH(r->sc, to, n + 1, "text of the configuration"));
  memcpy(to, from, n);
  if (strlen(to) != n)
    IP_TRY(ip_config_errors_add(r->errors, place_of(r, e->start_mark), NULL, "a string cannot contain a zero byte"));
  *out = to;
  return IP_OK;
}

static ip_status refuse_marks(reader *r, const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag)
{
  ip_place place = place_of(r, e->start_mark);
  if (anchor)
    IP_TRY(ip_config_errors_add(r->errors, place, NULL, "anchors (&name) are not supported; write the value out"));
  if (tag)
    IP_TRY(ip_config_errors_add(r->errors, place, NULL, "tags (!name) are not supported; the key determines the type"));
  return IP_OK;
}

static ip_status read_node(reader *r, const yaml_event_t *start, size_t depth, ip_node **out);

static ip_status read_list(reader *r, ip_node *list, size_t depth)
{
  for (ip_node **end = &list->first;; end = &(*end)->next) {
    yaml_event_t e;
    IP_TRY(next_event(r, &e));
    if (r->stop || e.type == YAML_SEQUENCE_END_EVENT) {
      yaml_event_delete(&e);
      return IP_OK;
    }
    ip_status st = read_node(r, &e, depth, end);
    yaml_event_delete(&e);
    IP_TRY(st);
    if (r->stop) return IP_OK;
    list->n++;
  }
}

static ip_status check_twice(reader *r, const ip_node *map, ip_node *entry)
{
  for (const ip_node *other = map->first; other && other != entry; other = other->next)
    if (!strcmp(other->name, entry->name)) {
      entry->again = true;
      return ip_config_errors_add(r->errors, entry->name_place, NULL, "duplicate key %s, first in line %zu",
                                  ip_quote_text(entry->name).text, other->name_place.line);
    }
  return IP_OK;
}

/* The key of an entry, which must be a scalar. */
static ip_status read_name(reader *r, const yaml_event_t *e, const char **name)
{
  if (e->type != YAML_SCALAR_EVENT) {
    r->stop = true;
    return ip_config_errors_add(r->errors, place_of(r, e->start_mark), NULL,
                                "a key must be a word, as in 'epochs: 8000'");
  }
  IP_TRY(refuse_marks(r, e, e->data.scalar.anchor, NULL));
  return copy_text(r, e, name);
}

static ip_status read_map(reader *r, ip_node *map, size_t depth)
{
  for (ip_node **end = &map->first;; end = &(*end)->next) {
    yaml_event_t e;
    const char *name = "";
    IP_TRY(next_event(r, &e));
    ip_place place = place_of(r, e.start_mark);
    bool done = r->stop || e.type == YAML_MAPPING_END_EVENT;
    ip_status st = done ? IP_OK : read_name(r, &e, &name);
    yaml_event_delete(&e);
    IP_TRY(st);
    if (done || r->stop) return IP_OK;

    IP_TRY(next_event(r, &e));
    if (!r->stop) st = read_node(r, &e, depth, end);
    yaml_event_delete(&e);
    IP_TRY(st);
    if (!*end) return IP_OK;
    (*end)->name = name;
    (*end)->name_place = place;
    IP_TRY(check_twice(r, map, *end));
    if (r->stop) return IP_OK;
    if (++map->n > MOST_ENTRIES) {
      r->stop = true;
      return ip_config_errors_add(r->errors, map->place, NULL, "more than %d keys in one mapping", MOST_ENTRIES);
    }
  }
}

static ip_status read_node(reader *r, const yaml_event_t *start, size_t depth, ip_node **out)
{
  ip_place place = place_of(r, start->start_mark);
  if (start->type == YAML_ALIAS_EVENT)
    IP_TRY(ip_config_errors_add(r->errors, place, NULL, "aliases (*name) are not supported; write the value out"));
  if (++r->n_nodes > MOST_NODES || depth > DEEPEST) {
    r->stop = true;
    if (depth > DEEPEST)
      return ip_config_errors_add(r->errors, place, NULL, "nested more than %d levels deep", DEEPEST);
    return ip_config_errors_add(r->errors, place, NULL, "more than %d values in one file", MOST_NODES);
  }
  ip_node *node;
  IP_TRY(IP_SCRATCH(r->sc, node, 1, "node of the configuration"));
  *out = node;
  *node = (ip_node){.kind = IP_NODE_SCALAR, .plain = true, .text = "", .place = place};
  switch (start->type) {
  case YAML_SCALAR_EVENT:
    IP_TRY(refuse_marks(r, start, start->data.scalar.anchor, start->data.scalar.tag));
    node->plain = start->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return copy_text(r, start, &node->text);
  case YAML_SEQUENCE_START_EVENT:
    IP_TRY(refuse_marks(r, start, start->data.sequence_start.anchor, start->data.sequence_start.tag));
    node->kind = IP_NODE_LIST;
    return read_list(r, node, depth + 1);
  case YAML_MAPPING_START_EVENT:
    IP_TRY(refuse_marks(r, start, start->data.mapping_start.anchor, start->data.mapping_start.tag));
    node->kind = IP_NODE_MAP;
    return read_map(r, node, depth + 1);
  default:
    return IP_OK; /* an alias, which is an error already */
  }
}

static ip_status read_stream(reader *r, ip_node **root)
{
  for (size_t documents = 0;;) {
    yaml_event_t e;
    IP_TRY(next_event(r, &e));
    ip_status st = IP_OK;
    bool done = r->stop || e.type == YAML_STREAM_END_EVENT;
    if (!done && e.type == YAML_DOCUMENT_START_EVENT && documents++) {
      st = ip_config_errors_add(r->errors, place_of(r, e.start_mark), NULL,
                                "a second document starts here; one file is one experiment");
      done = true;
    } else if (!done && (e.type == YAML_SCALAR_EVENT || e.type == YAML_SEQUENCE_START_EVENT ||
                         e.type == YAML_MAPPING_START_EVENT || e.type == YAML_ALIAS_EVENT))
      st = read_node(r, &e, 0, root);
    yaml_event_delete(&e);
    IP_TRY(st);
    if (done || r->stop) return IP_OK;
  }
}

/* Whether the text has more directives (%YAML, %TAG) than any has: libyaml compares each with all others. They begin a
 * line, whose break may be one of Unicode (of which the last byte is looked at) or stand in UTF-16. */
static bool has_many_directives(size_t n, const char *text)
{
  static const char breaks[] = "\n\r\0\xbf\x85\xa8\xa9"; /* 0xbf: of the mark before UTF-8 */
  size_t found = 0;
  for (const char *at = text; (at = memchr(at, '%', n - (size_t)(at - text))); at++)
    found += at == text || memchr(breaks, at[-1], sizeof breaks - 1);
  return found > MOST_DIRECTIVES;
}

ip_status ip_tree_read(const char *origin, size_t n, const char *text, ip_scratch *sc, ip_config_errors *errors,
                       ip_node **root)
{
  reader r = {.origin = origin, .n = n, .text = text, .sc = sc, .errors = errors};
  *root = NULL;
  if (has_many_directives(n, text))
    return ip_config_errors_add(errors, (ip_place){origin, 1, 1}, NULL, "more than %d lines begin with '%%'",
                                MOST_DIRECTIVES);
  if (!yaml_parser_initialize(&r.yaml)) IP_FAIL(IP_ENOMEM, "%s: out of memory", origin);
  yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, n);
  ip_status st = read_stream(&r, root);
  yaml_parser_delete(&r.yaml);
  if (r.stop) *root = NULL;
  return st;
}

bool ip_node_is_null(const ip_node *node)
{
  return node->kind == IP_NODE_SCALAR && node->plain && (!strcmp(node->text, "~") || !strcmp(node->text, "null"));
}

ip_quote ip_node_words(const ip_node *node)
{
  if (node->kind == IP_NODE_LIST) return (ip_quote){{"a list"}};
  if (node->kind == IP_NODE_MAP) return (ip_quote){{"a mapping"}};
  if (!*node->text) return node->plain ? (ip_quote){{"nothing"}} : (ip_quote){{"an empty string"}};
  return ip_quote_text(node->text);
}
