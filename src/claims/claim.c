#include "claims/claim.h"

#include "base/text.h"
#include "claims/claim_read.h"
#include "claims/estimator_name.h"
#include "claims/needs.h"
#include "file/atomic.h"
#include "file/digest.h"

#include <string.h>

enum { MOST_BYTES = 1 << 20 };

static const char *const keys[] = {"claim",   "paper",      "statement",     "note",  "experiment",
                                   "set",     "where",      "files",         "seeds", "estimators",
                                   "layers",  "measurable", "parts",         "also",  "conditions",
                                   "verdict", "combine",    "failed_to_fit", NULL};

/* ---------------------------------------------------------------- nodes */

const ip_node *ip_node_entry(const ip_node *map, const char *name)
{
  for (const ip_node *it = map->first; it; it = it->next)
    if (!it->again && !strcmp(it->name, name)) return it;
  return NULL;
}

ip_status ip_claim_check_keys(ip_claim_reader *r, const ip_node *map, const char *const *names)
{
  size_t n = 0;
  while (names[n]) n++;
  for (const ip_node *it = map->first; it; it = it->next) {
    bool known = false;
    for (size_t i = 0; i < n; i++) known |= !strcmp(names[i], it->name);
    if (!known && !it->again)
      IP_TRY(ip_config_errors_add(r->errors, it->name_place, NULL, "unknown key %s%s", ip_quote_text(it->name).text,
                                  ip_text_expected(it->name, n, names).text));
  }
  return IP_OK;
}

ip_status ip_claim_text(ip_claim_reader *r, const ip_node *node, const char *key, const char **text)
{
  *text = node->kind == IP_NODE_SCALAR && *node->text ? node->text : NULL;
  if (*text) return IP_OK;
  return IP_CLAIM_ERROR(r, node, key, "expected a text, got %s", ip_node_words(node).text);
}

ip_status ip_claim_texts(ip_claim_reader *r, const ip_node *node, const char *key, size_t *n, const char *const **texts)
{
  const char **list;
  bool is_list = node->kind == IP_NODE_LIST;
  *n = 0;
  *texts = NULL;
  if (node->kind == IP_NODE_MAP) return IP_CLAIM_ERROR(r, node, key, "expected a list, got a mapping");
  IP_TRY(IP_SCRATCH(r->claim->sc, list, is_list ? node->n : 1, "list of a claim"));
  for (const ip_node *it = is_list ? node->first : node; it; it = is_list ? it->next : NULL) {
    IP_TRY(ip_claim_text(r, it, key, &list[*n]));
    if (list[*n]) ++*n;
  }
  *texts = list;
  return IP_OK;
}

/* ---------------------------------------------------------------- keys */

static ip_status read_whole(ip_claim_reader *r, const ip_node *node, const char *key, int64_t low, int64_t high,
                            int64_t *v)
{
  if (node->kind == IP_NODE_SCALAR && ip_parse_int(node->text, v) && *v >= low && *v <= high) return IP_OK;
  *v = low;
  return IP_CLAIM_ERROR(r, node, key, "expected an integer from %lld to %lld, got %s", (long long)low, (long long)high,
                        ip_node_words(node).text);
}

static ip_status read_looks(ip_claim_reader *r, const ip_node *node)
{
  ip_claim *c = r->claim;
  if (node->kind != IP_NODE_LIST || !node->n || node->n > IP_CLAIM_MOST_LOOKS)
    return IP_CLAIM_ERROR(r, node, "seeds.looks", "expected a list of 1 to %d numbers of seeds, got %s",
                          IP_CLAIM_MOST_LOOKS, ip_node_words(node).text);
  c->n_looks = 0;
  for (const ip_node *it = node->first; it; it = it->next) {
    int64_t v;
    IP_TRY(read_whole(r, it, "seeds.looks", 2, 100000, &v));
    if (c->n_looks && (size_t)v <= c->look[c->n_looks - 1])
      IP_TRY(IP_CLAIM_ERROR(r, it, "seeds.looks", "expected increasing numbers"));
    c->look[c->n_looks++] = (size_t)v;
  }
  return IP_OK;
}

static ip_status read_seeds(ip_claim_reader *r, const ip_node *node)
{
  static const char *const names[] = {"first", "looks", NULL};
  if (node->kind != IP_NODE_MAP)
    return IP_CLAIM_ERROR(r, node, "seeds", "expected {first: 101, looks: [12, 24, 48]}, got %s",
                          ip_node_words(node).text);
  IP_TRY(ip_claim_check_keys(r, node, names));
  const ip_node *first = ip_node_entry(node, "first"), *looks = ip_node_entry(node, "looks");
  int64_t v = (int64_t)r->claim->first_seed;
  if (first) IP_TRY(read_whole(r, first, "seeds.first", 0, INT64_MAX / 2, &v));
  r->claim->first_seed = (uint64_t)v;
  return looks ? read_looks(r, looks) : IP_OK;
}

static ip_status read_estimators(ip_claim_reader *r, const ip_node *node)
{
  ip_claim *c = r->claim;
  size_t n = 0;
  const char *const *specs, **label;
  IP_TRY(ip_claim_texts(r, node, "estimators", &n, &specs));
  IP_TRY(IP_SCRATCH(c->sc, label, n, "estimators"));
  for (size_t i = 0; i < n; i++) {
    ip_status st = ip_estimator_name_label(specs[i], c->sc, &label[c->n_estimators]);
    if (st == IP_ECONFIG) {
      char message[512];
      snprintf(message, sizeof message, "%s", ip_error_message());
      ip_error_clear();
      IP_TRY(IP_CLAIM_ERROR(r, node, "estimators", "%s", message));
      continue;
    }
    IP_TRY(st);
    for (size_t j = 0; j < c->n_estimators; j++)
      if (!strcmp(label[j], label[c->n_estimators]))
        IP_TRY(IP_CLAIM_ERROR(r, node, "estimators", "'%s' is listed twice; remove one", label[j]));
    c->n_estimators++;
  }
  c->estimator = label;
  return IP_OK;
}

static ip_status read_layers(ip_claim_reader *r, const ip_node *node)
{
  ip_claim *c = r->claim;
  size_t n;
  const char *const *word;
  IP_TRY(ip_claim_texts(r, node, "layers", &n, &word));
  IP_TRY(IP_SCRATCH(c->sc, c->layer, n, "layers"));
  if (n == 1 && !strcmp(word[0], "hidden")) c->layers = IP_LAYERS_HIDDEN;
  if (n == 1 && (!strcmp(word[0], "hidden") || !strcmp(word[0], "none"))) return IP_OK;
  c->layers = IP_LAYERS_LIST;
  if (!n) return IP_CLAIM_ERROR(r, node, "layers", "expected hidden, none or a list of layers, got an empty list");
  for (size_t i = 0; i < n; i++) {
    int64_t k = 0;
    if (!strcmp(word[i], "last_hidden"))
      k = -1;
    else if (strcmp(word[i], "output") && (!ip_parse_int(word[i], &k) || k > 1000 || k < -1000 || k == 0))
      return IP_CLAIM_ERROR(r, node, "layers",
                            "expected hidden, none or a list of output, last_hidden, 1, 2, ... from "
                            "the input, -2, -3, ... before the last hidden layer, got '%s'",
                            word[i]);
    c->layer[c->n_layers++] = (ip_layer_choice){true, (int)k};
  }
  return IP_OK;
}

static ip_status read_combine(ip_claim_reader *r, const ip_node *node)
{
  const char *text;
  IP_TRY(ip_claim_text(r, node, "combine", &text));
  if (!text) return IP_OK;
  r->claim->any_layer = !strcmp(text, "any layers");
  if (r->claim->any_layer || !strcmp(text, "all layers")) return IP_OK;
  return IP_CLAIM_ERROR(r, node, "combine", "expected 'all layers' or 'any layers', got '%s'", text);
}

static ip_status read_failed(ip_claim_reader *r, const ip_node *node)
{
  const char *text;
  IP_TRY(ip_claim_text(r, node, "failed_to_fit", &text));
  if (!text) return IP_OK;
  r->claim->keeps_failed = !strcmp(text, "kept");
  if (r->claim->keeps_failed || !strcmp(text, "left_out")) return IP_OK;
  return IP_CLAIM_ERROR(r, node, "failed_to_fit", "expected 'left_out' or 'kept', got '%s'", text);
}

/* ---------------------------------------------------------------- the whole */

static ip_status read_words(ip_claim_reader *r, const ip_node *root)
{
  ip_claim *c = r->claim;
  const struct {
    const char *key, **to;
    bool is_needed;
  } words[] = {{"claim", &c->name, true},
               {"paper", &c->paper, true},
               {"statement", &c->statement, true},
               {"note", &c->note, false}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const ip_node *node = ip_node_entry(root, words[i].key);
    *words[i].to = "";
    const char *text = NULL;
    if (node) IP_TRY(ip_claim_text(r, node, words[i].key, &text));
    if (!node && words[i].is_needed) IP_TRY(IP_CLAIM_ERROR(r, root, NULL, "missing key '%s'", words[i].key));
    if (text) *words[i].to = text;
  }
  const ip_node *name = ip_node_entry(root, "claim");
  static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (name && *c->name &&
      (c->name[strspn(c->name, good)] || *c->name == '.' || *c->name == '-' || strlen(c->name) > 100))
    return IP_CLAIM_ERROR(r, name, "claim", "expected a directory name of letters, digits and _ . -, got '%s'",
                          c->name);
  return IP_OK;
}

/* "experiments/a.yaml" of any directory: the same file for the digest. */
static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void add_digest(ip_digest *d, const char *text)
{
  ip_digest_add(d, text, strlen(text) + 1);
}

static void make_digest(ip_claim *c)
{
  ip_digest d;
  char text[64];
  ip_digest_begin(&d);
  for (size_t i = 0; i < c->n_conditions; i++) {
    const ip_claim_condition *k = &c->condition[i];
    add_digest(&d, k->name);
    add_digest(&d, k->experiment ? base_name(k->experiment) : "");
    for (size_t j = 0; j < k->n_set; j++) add_digest(&d, k->set[j]);
    for (size_t j = 0; j < k->n_where; j++) {
      add_digest(&d, k->where_key[j]);
      add_digest(&d, k->where_value[j]);
    }
  }
  snprintf(text, sizeof text, "seeds %llu", (unsigned long long)c->first_seed);
  add_digest(&d, text);
  ip_digest_add(&d, c->look, c->n_looks * sizeof *c->look);
  for (size_t i = 0; i < c->n_estimators; i++) add_digest(&d, c->estimator[i]);
  for (size_t i = 0; i < c->n_layers; i++) {
    snprintf(text, sizeof text, "layer %d", c->layer[i].number);
    add_digest(&d, text);
  }
  snprintf(text, sizeof text, "layers %d any %d", (int)c->layers, (int)c->any_layer);
  add_digest(&d, text);
  add_digest(&d, c->measurable_text);
  for (size_t i = 0; i < c->n_parts; i++) {
    add_digest(&d, c->part[i].name);
    add_digest(&d, c->part[i].text);
  }
  add_digest(&d, c->verdict_text);
  if (c->keeps_failed) add_digest(&d, "keeps networks that failed to fit");
  ip_digest_end(&d, c->digest);
}

/* Every series has a layer and an estimator. */
static ip_status check_needs(ip_claim_reader *r, const ip_node *root)
{
  ip_claim_needs needs;
  IP_TRY(ip_claim_find_needs(r->claim, r->claim->sc, &needs));
  for (size_t i = 0; i < needs.n; i++) {
    const ip_claim_need *k = &needs.need[i];
    bool has_layer =
        k->source == IP_SOURCE_METRIC || k->layer.is_given || k->all_hidden || r->claim->layers != IP_LAYERS_NONE;
    if (!has_layer)
      IP_TRY(IP_CLAIM_ERROR(r, root, "layers",
                            "the rule reads %s of a layer; give 'layers', or select one by @, as in %s @ output",
                            k->name, k->name));
    if (k->source == IP_SOURCE_ESTIMATE && !k->estimator && !r->claim->n_estimators)
      IP_TRY(IP_CLAIM_ERROR(r, root, "estimators", "the rule reads %s; list the estimators", k->name));
  }
  return IP_OK;
}

static ip_status read_root(ip_claim_reader *r, const ip_node *root)
{
  static const struct {
    const char *key;
    ip_status (*read)(ip_claim_reader *r, const ip_node *node);
  } readers[] = {{"seeds", read_seeds},
                 {"estimators", read_estimators},
                 {"layers", read_layers},
                 {"failed_to_fit", read_failed},
                 {"combine", read_combine}};
  if (root->kind != IP_NODE_MAP)
    return IP_CLAIM_ERROR(r, root, NULL, "expected a mapping of keys, got %s", ip_node_words(root).text);
  IP_TRY(ip_claim_check_keys(r, root, keys));
  IP_TRY(read_words(r, root));
  for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
    const ip_node *node = ip_node_entry(root, readers[i].key);
    if (node) IP_TRY(readers[i].read(r, node));
  }
  IP_TRY(ip_claim_read_conditions(r, root));
  IP_TRY(ip_claim_read_rules(r, root));
  return check_needs(r, root);
}

static ip_status parse(const char *text, ip_claim *c)
{
  ip_claim_reader r = {.claim = c};
  ip_node *root;
  IP_TRY(ip_config_errors_create(&r.errors));
  ip_status st = ip_tree_read(c->path, strlen(text), text, c->sc, r.errors, &root);
  if (st == IP_OK && root) st = read_root(&r, root);
  if (st == IP_OK && !root && !ip_config_errors_count(r.errors))
    st = ip_config_errors_add(r.errors, (ip_place){c->path, 0, 0}, NULL,
                              "the file is empty; docs/claims.md has an example");
  if (st == IP_OK) st = ip_config_errors_check(r.errors);
  if (st == IP_OK) make_digest(c);
  ip_config_errors_destroy(&r.errors);
  return st;
}

ip_status ip_claim_parse(const char *path, const char *text, ip_claim **out)
{
  IP_TRY(IP_NEW(*out, 1, "claim"));
  ip_claim *c = *out;
  *c = (ip_claim){.first_seed = 101, .n_looks = 3, .look = {12, 24, 48}, .measurable_text = "", .verdict_text = ""};
  ip_status st = ip_scratch_create(&c->sc);
  if (st == IP_OK) st = ip_scratch_text(c->sc, path, &c->path);
  if (st == IP_OK) st = parse(text, c);
  if (st != IP_OK) ip_claim_destroy(out);
  return st;
}

ip_status ip_claim_load(const char *path, ip_claim **out)
{
  size_t n;
  char *text;
  *out = NULL;
  IP_TRY(ip_file_read(path, MOST_BYTES, &n, &text));
  ip_status st = ip_claim_parse(path, text, out);
  ip_free(text);
  return st;
}

void ip_claim_destroy(ip_claim **c)
{
  if (!*c) return;
  ip_scratch_destroy(&(*c)->sc);
  ip_free(*c);
  *c = NULL;
}

size_t ip_claim_condition_of(const ip_claim *c, const char *name)
{
  size_t i = 0;
  while (i < c->n_conditions && strcmp(c->condition[i].name, name)) i++;
  return i;
}
