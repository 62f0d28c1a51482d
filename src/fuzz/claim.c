/* Claims, the rules in them, and their tables. */
#include "fuzz/fuzz.h"

#include "claims/claim.h"
#include "claims/claim_table.h"

#include <stdio.h>
#include <stdlib.h>

int ip_fuzz_claim(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  ip_claim *c = NULL;
  ip_fuzz_accepted(ip_claim_parse("input", text, &c));
  ip_claim_destroy(&c);
  free(text);
  return ip_fuzz_end();
}

int ip_fuzz_rule(const uint8_t *data, size_t n)
{
  static const char *const conditions[] = {"main", "relu"}, *const parts[] = {"falls", "rises"};
  const ip_rule_names names = {2, 2, conditions, parts};
  char *text = ip_fuzz_text(data, n);
  ip_scratch *sc = NULL;
  ip_fuzz_require(ip_scratch_create(&sc) == IP_OK, "scratch memory");
  ip_rule *rule = NULL;
  ip_rule_error error = {.text = ""};
  ip_fuzz_accepted(ip_rule_read(text, &names, sc, &rule, &error));
  ip_fuzz_require(rule || (error.text[0] && error.at <= n), "a rule that is wrong has an error and its place");
  if (rule) ip_rule_is_cross_fitted(rule);
  ip_scratch_destroy(&sc);
  free(text);
  return ip_fuzz_end();
}

/* A table that is accepted can be written, and is read again. */
int ip_fuzz_claim_table(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  ip_claim_table *t = NULL, *again = NULL;
  if (ip_fuzz_accepted(ip_claim_table_read(ip_fuzz_file("table.tsv.gz", data, n, path), &t))) {
    snprintf(path, sizeof path, "%s/written.tsv.gz", ip_fuzz_folder());
    ip_fuzz_require(ip_claim_table_write(t, path) == IP_OK, "a table is written");
    if (ip_claim_table_read(path, &again) != IP_OK) ip_fuzz_require(false, ip_error_message());
    ip_fuzz_require(again->n_blocks == t->n_blocks && again->n_seeds == t->n_seeds, "a table reads back as it was");
  }
  ip_claim_table_destroy(&again);
  ip_claim_table_destroy(&t);
  return ip_fuzz_end();
}
