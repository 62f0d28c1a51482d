#include "report/description.h"

#include "base/mem.h"
#include "config/tree.h"

#include <string.h>

static const ip_node *find(const ip_node *root, const char *key, ip_node_kind kind)
{
  for (const ip_node *entry = root && root->kind == IP_NODE_MAP ? root->first : NULL; entry; entry = entry->next)
    if (!strcmp(entry->name, key)) return entry->kind == kind ? entry : NULL;
  return NULL;
}

static ip_status text_of(const ip_node *root, ip_scratch *sc, const char **text)
{
  const ip_node *entry = find(root, "description", IP_NODE_SCALAR);
  return ip_scratch_text(sc, entry ? entry->text : "", text);
}

static ip_status join_tags(const ip_node *root, ip_scratch *sc, const char **text)
{
  const ip_node *entry = find(root, "tags", IP_NODE_LIST);
  *text = "";
  for (const ip_node *it = entry ? entry->first : NULL; it; it = it->next)
    if (it->kind == IP_NODE_SCALAR) IP_TRY(ip_scratch_format(sc, text, "%s%s%s", *text, **text ? ", " : "", it->text));
  return IP_OK;
}

/* What `get` finds in a text, in new memory. */
static ip_status read_text(const char *yaml, ip_status (*get)(const ip_node *root, ip_scratch *sc, const char **text),
                           char **out)
{
  ip_scratch *sc = NULL;
  ip_config_errors *errors = NULL;
  ip_node *root = NULL;
  const char *text;
  ip_status st;
  *out = NULL;
  IP_TRY_GOTO(st, ip_scratch_create(&sc), end);
  IP_TRY_GOTO(st, ip_config_errors_create(&errors), end);
  IP_TRY_GOTO(st, ip_tree_read("configuration", strlen(yaml), yaml, sc, errors, &root), end);
  IP_TRY_GOTO(st, get(root, sc, &text), end);
  IP_TRY_GOTO(st, IP_STRDUP(*out, text), end);
end:
  ip_config_errors_destroy(&errors);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_report_description(const char *yaml, char **description)
{
  return read_text(yaml, text_of, description);
}

ip_status ip_report_tags(const char *yaml, char **tags)
{
  return read_text(yaml, join_tags, tags);
}
