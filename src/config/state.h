/* state.h - what is inside an ip_config.
 *
 * For the files of this directory.
 */
#ifndef IP_CONFIG_STATE_H
#define IP_CONFIG_STATE_H

#include "config/config.h"
#include "config/errors.h"
#include "config/tree.h"
#include "config/value.h"

typedef struct ip_slot {
  ip_value value;
  ip_place place; /* where it was given */
  size_t reading; /* the file (counted from 1) that gave it; 0: a default or an override */
  bool given;
} ip_slot;

struct ip_config {
  const ip_schema *schema;
  ip_scratch *sc; /* every text, value and node */
  ip_config_errors *errors;
  ip_slot *slot; /* (n_keys) */
  size_t n_readings;
  size_t n_heirs;      /* files that inherit from the one that is being read */
  const char *file;    /* the last one read, or NULL */
  const ip_node *grid; /* the section of the sweep, or NULL */
  size_t grid_reading; /* the file that gave it */
  bool is_stored;
};

/* Index of the key of that name, or n_keys. */
size_t ip_schema_find(const ip_schema *s, const char *name);

/* ". Did you mean 'training.epochs'?" or "": the key (or section, or name of the grid) that was probably meant. */
ip_status ip_schema_unknown(const ip_schema *s, ip_config_errors *errors, ip_place place, const char *name);

/* Whether the name is a section, or the beginning of one, so that a mapping may follow. */
bool ip_schema_is_section(const ip_schema *s, const char *name);

/* Sets key k to a copy of `value`, as if `origin` had given it. */
ip_status ip_config_put(ip_config *c, size_t k, const ip_value *value, const char *origin);

/* Text in lines of at most 100 columns, each beginning with `prefix`. */
void ip_config_wrap(const char *prefix, const char *text, FILE *out);

/* "One of: tanh, relu." in such lines, of a key with choices. */
void ip_key_print_choices(const ip_key *key, const char *prefix, FILE *out);

/* Whether the key is in the section of that name; "": has none. */
bool ip_key_in_section(const ip_key *key, const char *section);

/* Prints the grid as the last section of a file; nothing if there is none. */
void ip_config_print_grid(const ip_config *c, FILE *out);

/* Returns key k to its default. */
ip_status ip_config_reset(ip_config *c, size_t k);

/* A copy of a text that lives as long as the configuration. */
ip_status ip_config_keep(ip_config *c, const char *text, const char **copy);

#endif
