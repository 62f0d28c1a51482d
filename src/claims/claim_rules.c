/* claim_rules.c - the rules of a claim: parts, what is measurable, the verdict. */
#include "claims/claim_read.h"

#include <string.h>

/* The error with the rule and a caret below its place. In a scalar of one line without quotes the place is exact. */
static ip_status report(ip_claim_reader *r, const ip_node *node, const char *key, const ip_rule_error *e)
{
  size_t n = strlen(node->text), from = e->at > 60 ? e->at - 60 : 0, length = n - from < 100 ? n - from : 100;
  ip_place place = node->place;
  if (node->plain && place.column) place.column += e->at;
  return ip_config_errors_add(r->errors, place, key, "%s\n    %.*s\n    %*s", e->text, (int)length, node->text + from,
                              (int)(e->at - from) + 1, "^");
}

static ip_status read_rule(ip_claim_reader *r, const ip_node *node, const char *key, size_t n_parts,
                           const char *const *part, const char **text, ip_rule **rule)
{
  ip_rule_error error = {0};
  const char *given;
  *rule = NULL;
  IP_TRY(ip_claim_text(r, node, key, &given));
  if (!given) return IP_OK;
  *text = given;
  ip_rule_names names = {r->claim->n_conditions, n_parts, r->condition_name, part};
  IP_TRY(ip_rule_read(given, &names, r->claim->sc, rule, &error));
  return *rule ? IP_OK : report(r, node, key, &error);
}

static ip_status read_parts(ip_claim_reader *r, const ip_node *map, const char *key, size_t *n, ip_claim_part **parts)
{
  *n = 0;
  if (map->kind != IP_NODE_MAP || !map->n)
    return IP_CLAIM_ERROR(r, map, key, "expected {name: rule, ...}, got %s", ip_node_words(map).text);
  IP_TRY(IP_SCRATCH(r->claim->sc, *parts, map->n, "parts"));
  for (const ip_node *it = map->first; it; it = it->next) {
    ip_claim_part *p = &(*parts)[(*n)++];
    const char *path;
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    bool is_word = !strcmp(it->name, "and") || !strcmp(it->name, "or") || !strcmp(it->name, "not");
    p->name = it->name;
    p->text = "";
    if (!*it->name || it->name[strspn(it->name, good)] || (*it->name >= '0' && *it->name <= '9') || is_word ||
        ip_rule_source(it->name, &path) != IP_SOURCE_NONE)
      IP_TRY(ip_config_errors_add(r->errors, it->name_place, key,
                                  "expected a name of letters, digits and _ that is no series, got '%s'", it->name));
    IP_TRY(read_rule(r, it, it->name, 0, NULL, &p->text, &p->rule));
  }
  return IP_OK;
}

ip_status ip_claim_read_rules(ip_claim_reader *r, const ip_node *root)
{
  ip_claim *c = r->claim;
  const ip_node *parts = ip_node_entry(root, "parts"), *also = ip_node_entry(root, "also"),
                *measurable = ip_node_entry(root, "measurable"), *verdict = ip_node_entry(root, "verdict");
  const char **name;
  if (parts) IP_TRY(read_parts(r, parts, "parts", &c->n_parts, &c->part));
  if (!parts) IP_TRY(IP_CLAIM_ERROR(r, root, NULL, "missing key 'parts'"));
  if (also) IP_TRY(read_parts(r, also, "also", &c->n_also, &c->also));
  if (measurable) IP_TRY(read_rule(r, measurable, "measurable", 0, NULL, &c->measurable_text, &c->measurable));
  IP_TRY(IP_SCRATCH(c->sc, name, c->n_parts, "parts"));
  for (size_t i = 0; i < c->n_parts; i++) name[i] = c->part[i].name;
  if (!verdict) return IP_CLAIM_ERROR(r, root, NULL, "missing key 'verdict'");
  return read_rule(r, verdict, "verdict", c->n_parts, name, &c->verdict_text, &c->verdict);
}
