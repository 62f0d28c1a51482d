#include "report/description.h"

#include "base/mem.h"
#include "config/tree.h"

#include <string.h>

static const char *find(const ip_node *root)
{
  if (!root || root->kind != IP_NODE_MAP) return "";
  for (const ip_node *entry = root->first; entry; entry = entry->next)
    if (strcmp(entry->name, "description") == 0 && entry->kind == IP_NODE_SCALAR) return entry->text;
  return "";
}

ip_status ip_report_description(const char *yaml, char **description)
{
  ip_scratch *sc = NULL;
  ip_config_errors *errors = NULL;
  ip_node *root = NULL;
  ip_status st;
  *description = NULL;
  IP_TRY_GOTO(st, ip_scratch_create(&sc), end);
  IP_TRY_GOTO(st, ip_config_errors_create(&errors), end);
  IP_TRY_GOTO(st, ip_tree_read("configuration", strlen(yaml), yaml, sc, errors, &root), end);
  IP_TRY_GOTO(st, IP_STRDUP(*description, find(root)), end);
end:
  ip_config_errors_destroy(&errors);
  ip_scratch_destroy(&sc);
  return st;
}
