/* tree.h - a YAML text as a tree of mappings, lists and scalars that remember their places.
 *
 * For the files of this directory and the report. Only plain data: no anchors, aliases, tags or second documents;
 * nesting, size and the length of mappings are limited, so that no file takes more than seconds or megabytes to be
 * refused.
 */
#ifndef IP_CONFIG_TREE_H
#define IP_CONFIG_TREE_H

#include "config/errors.h"

typedef enum { IP_NODE_SCALAR, IP_NODE_LIST, IP_NODE_MAP } ip_node_kind;

typedef struct ip_node {
  ip_node_kind kind;
  bool plain;       /* scalars: written without quotes */
  const char *text; /* scalars */
  ip_place place;
  const char *name; /* entries of a mapping: the key */
  ip_place name_place;
  bool again; /* ... duplicate of an earlier entry, which is an error */
  size_t n;   /* entries of a list or mapping */
  struct ip_node *first, *next;
} ip_node;

/* Reads (n) bytes; nodes live in `sc`. *root is NULL, with an error, where the text is no YAML, and NULL without one
 * where the text is empty. `origin` must live as long as the errors. */
ip_status ip_tree_read(const char *origin, size_t n, const char *text, ip_scratch *sc, ip_config_errors *errors,
                       ip_node **root);

/* A node as one line of YAML: "[10, 7]". */
ip_status ip_node_text(const ip_node *node, ip_scratch *sc, const char **out);

/* Whether a node is YAML's null, ~ or null without quotes. */
bool ip_node_is_null(const ip_node *node);

/* "a list", "a mapping", "'text'": for messages. */
ip_quote ip_node_words(const ip_node *node);

#endif
