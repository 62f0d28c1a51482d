#include "cli/claims_files.h"

#include "cli/claims_run.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool ip_claims_is_rule(const char *name)
{
  size_t n = strlen(name);
  return n > 5 && *name != '.' && !strcmp(name + n - 5, ".yaml");
}

ip_status ip_claims_list_rules(const char *rules, ip_scratch *sc, size_t *n, const char ***path)
{
  size_t room = 0;
  *n = 0;
  *path = NULL;
  DIR *d = opendir(rules);
  IP_REQUIRE(d, IP_EIO, "%s: no directory of claims; give --rules DIR or the path of a claim", rules);
  ip_status st = IP_OK;
  for (struct dirent *it; st == IP_OK && (it = readdir(d));) {
    if (!ip_claims_is_rule(it->d_name)) continue;
    st = IP_SCRATCH_GROW(sc, *path, *n, &room, "claims");
    if (st == IP_OK) st = ip_scratch_format(sc, &(*path)[(*n)++], "%s/%s", rules, it->d_name);
  }
  closedir(d);
  IP_TRY(st);
  if (*n) qsort(*path, *n, sizeof **path, by_text);
  return IP_OK;
}

ip_status ip_claims_open(const char *path, const char *folder, ip_scratch *sc, ip_claim_entry *e)
{
  const char *table;
  IP_TRY(ip_claim_load(path, &e->claim));
  IP_TRY(ip_scratch_format(sc, &e->folder, "%s/%s", folder, e->claim->name));
  IP_TRY(ip_claims_file(e, IP_CLAIMS_TABLE, sc, &table));
  if (access(table, F_OK)) return IP_OK;
  return ip_claim_table_read(table, &e->table);
}

void ip_claims_close(size_t n, ip_claim_entry *e)
{
  for (size_t i = 0; i < n; i++) {
    ip_claim_result_destroy(&e[i].result);
    ip_claim_table_destroy(&e[i].table);
    ip_claim_destroy(&e[i].claim);
  }
}

/* ---------------------------------------------------------------- of one experiment */

/* Whether the file of an experiment has this name: "szt2017" of "experiments/szt2017.yaml". */
static bool is_named(const char *path, const char *name)
{
  const char *slash = path ? strrchr(path, '/') : NULL, *last = slash ? slash + 1 : path;
  size_t n = strlen(name);
  return last && !strncmp(last, name, n) && (!last[n] || !strcmp(last + n, ".yaml"));
}

static bool uses(const ip_claim *c, const char *experiment)
{
  for (size_t i = 0; i < c->n_conditions; i++)
    if (is_named(c->condition[i].experiment, experiment)) return true;
  return false;
}

/* Opens and decides the claim of a file; *is_about if it uses the experiment and has a verdict. */
static ip_status open_one(const char *path, const char *folder, const char *experiment, ip_scratch *sc,
                          ip_claim_entry *e, bool *is_about)
{
  *is_about = false;
  ip_status st = ip_claims_open(path, folder, sc, e);
  if (st == IP_OK && e->table && uses(e->claim, experiment)) {
    st = ip_claim_decide(e->claim, e->table, &e->result);
    *is_about = st == IP_OK;
  }
  if (*is_about || st == IP_ENOMEM) return st;
  ip_error_clear();
  ip_claims_close(1, e);
  *e = (ip_claim_entry){0};
  return IP_OK;
}

static ip_status print(size_t n, const ip_claim_entry *e, char **json)
{
  char *text;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  IP_REQUIRE(out, IP_ENOMEM, "out of memory");
  ip_status st = ip_claims_print_json(n, e, out);
  fclose(out);
  if (st == IP_OK) st = IP_STRDUP(*json, text);
  free(text);
  return st;
}

static ip_status find(const char *experiment, const char *rules, const char *folder, ip_scratch *sc, char **json)
{
  const char **path;
  size_t n_files, n = 0;
  ip_claim_entry *e;
  IP_TRY(ip_claims_list_rules(rules, sc, &n_files, &path));
  IP_TRY(IP_SCRATCH(sc, e, n_files, "claims"));
  ip_status st = IP_OK;
  for (size_t i = 0; i < n_files && st == IP_OK; i++) {
    bool is_about;
    st = open_one(path[i], folder, experiment, sc, &e[n], &is_about);
    n += st == IP_OK && is_about;
  }
  if (st == IP_OK && n) st = print(n, e, json);
  ip_claims_close(n_files, e);
  return st;
}

static bool is_directory(const char *path)
{
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

ip_status ip_claims_about(const char *experiment, const char *rules, const char *folder, char **json)
{
  ip_scratch *sc;
  *json = NULL;
  if (!*experiment || !is_directory(rules) || !is_directory(folder)) return IP_OK;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = find(experiment, rules, folder, sc, json);
  ip_scratch_destroy(&sc);
  return st;
}
