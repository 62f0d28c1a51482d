/* value.h - one value of a configuration: read from text by its key's kind, checked, written back canonically.
 *
 * For the files of this directory.
 */
#ifndef IP_CONFIG_VALUE_H
#define IP_CONFIG_VALUE_H

#include "config/config.h"
#include "config/errors.h"
#include "config/tree.h"

/* An element; all members have 8 bytes, so that (n) of them are an array of int64_t, double or const char *. */
typedef union ip_element {
  int64_t whole; /* INT, and BOOL as 0 or 1 */
  double real;
  const char *text; /* TEXT and CHOICE */
} ip_element;

typedef struct ip_value {
  size_t n;            /* 1 unless the key is a list */
  ip_element *element; /* (n) */
} ip_value;

bool ip_key_is_list(const ip_key *key);

/* The names a CHOICE may take, NULL-terminated, or NULL. */
const char *const *ip_key_choices(const ip_key *key);

/* What the key expects: "an integer of at least 1", "tanh, relu or linear". */
typedef struct ip_key_wording {
  char text[320];
} ip_key_wording;
ip_key_wording ip_key_words(const ip_key *key);

/* Reads what a file holds at a key. *ok is false, with an error, if it is not what the key expects. */
ip_status ip_value_from_node(const ip_key *key, const ip_node *node, ip_scratch *sc, ip_config_errors *errors,
                             ip_value *v, bool *ok);

/* Reads what an override says: "100", "[10, 7]", "10,7". */
ip_status ip_value_from_text(const ip_key *key, const char *text, const char *origin, ip_scratch *sc,
                             ip_config_errors *errors, ip_value *v, bool *ok);

/* As YAML of one line that reads back to the same value. */
void ip_value_print(const ip_key *key, const ip_value *v, FILE *out);

/* The same as a text in scratch. */
ip_status ip_value_text(const ip_key *key, const ip_value *v, ip_scratch *sc, const char **text);
bool ip_value_equal(const ip_key *key, const ip_value *a, const ip_value *b);

#endif
