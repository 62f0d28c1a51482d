/* config.h - configurations from YAML files and key=value overrides, checked against one table of keys.
 *
 * For code that has options. The caller provides a table with one row per key, which defines the parser, the checks,
 * the help text, the resolved configuration and the digest. The life of a configuration:
 *
 *     ip_config_create     every key at its default
 *     ip_config_read       reads a YAML file and collects errors, each with file:line:col
 *     ip_config_set        "training.epochs=100": the same checks
 *     ip_config_fill       stores the values in the caller's struct
 *     ip_config_add_error      adds an error found by the caller (one key against another)
 *     ip_config_check      fails with all errors in one message, or returns IP_OK
 *
 * Functions return a status for failures that the user cannot correct in the file (no memory, no such file). Strings
 * and lists from ip_config_fill belong to the ip_config and live as long as it does.
 *
 * YAML is parsed strictly. `1e3` is not an integer, `yes` not a boolean, `0,5` not a number; a duplicate key, an
 * anchor, an alias, a tag, a second document or a tab in the indentation is an error.
 */
#ifndef IP_CONFIG_CONFIG_H
#define IP_CONFIG_CONFIG_H

#include "base/mem.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Types of values: kind, words for messages. C types of the field: BOOL bool; INT any integer of 4 or 8 bytes;
 * REAL double or float; TEXT const char *; CHOICE const char * (the name) or an enum (its place among the choices);
 * lists: a pointer to const elements of these types (INTS int64_t or size_t) beside a size_t count. */
#define IP_KEY_KIND_LIST(X)                                                                                            \
  X(IP_KEY_BOOL, "true or false")                                                                                      \
  X(IP_KEY_INT, "an integer")                                                                                          \
  X(IP_KEY_REAL, "a number")                                                                                           \
  X(IP_KEY_TEXT, "a string")                                                                                           \
  X(IP_KEY_CHOICE, "a name")                                                                                           \
  X(IP_KEY_INTS, "a list of integers")                                                                                 \
  X(IP_KEY_REALS, "a list of numbers")                                                                                 \
  X(IP_KEY_TEXTS, "a list of strings")                                                                                 \
  X(IP_KEY_CHOICES, "a list of names")

typedef enum {
#define X(kind, words) kind,
  IP_KEY_KIND_LIST(X)
#undef X
} ip_key_kind;

/* Which results a key affects: changing a TRAIN key requires retraining, an ESTIMATE key new estimates, a SHOW key
 * (names, figures) neither. The FILE key, of which there is at most one, names the file that a file inherits from; it
 * is not part of the resolved configuration. */
typedef enum { IP_KEY_TRAIN, IP_KEY_ESTIMATE, IP_KEY_SHOW, IP_KEY_FILE } ip_key_role;

typedef struct ip_key {
  const char *name; /* "training.epochs"; the part before the first dot is the section */
  ip_key_kind kind;
  ip_key_role role;
  size_t offset, size;        /* of the field, by IP_KEY_AT; lists: of the pointer, and the size of an element */
  size_t count;               /* lists: offset of the size_t count, by IP_KEY_LIST_AT */
  const char *value;          /* default, as in YAML: "0.5", "[10, 7]", "" */
  const char *range;          /* of a number or of a list's elements: "[0, 1)", "(0, inf)"; NULL: any finite */
  size_t least, most;         /* elements of a list; most 0: no limit */
  const char *const *choices; /* NULL-terminated names, or ... */
  const char *const *(*choices_of)(void); /* ... the function that gives them */
  const char *unit;                       /* "epochs", "nats"; NULL: none */
  bool own;                               /* not inherited from another file */
  const char *help;                       /* one line or a few, without the default and the range */
} ip_key;

#define IP_KEY_AT(object, field) .offset = offsetof(object, field), .size = sizeof(((object *)0)->field)
#define IP_KEY_LIST_AT(object, field, n_field)                                                                         \
  .offset = offsetof(object, field), .size = sizeof(*((object *)0)->field), .count = offsetof(object, n_field)

typedef struct ip_key_section {
  const char *name, *help;
} ip_key_section;

/* The table. Keys of one section are adjacent; `grid` is the name of the section that ip_grid reads ("sweep"), or NULL.
 */
typedef struct ip_schema {
  const ip_key *key; /* (n_keys) */
  size_t n_keys;
  const ip_key_section *section; /* (n_sections), "" for keys without a dot; order of the help */
  size_t n_sections;
  const char *grid;
  const ip_renamed *renamed; /* keys of earlier versions, which are errors that state the present name; or NULL */
  /* The path of the preset of that name, to be freed with ip_free; NULL, with a hint, if there is none. May be NULL. */
  ip_status (*find_preset)(const char *name, char **path, ip_hint *hint);
} ip_schema;

typedef struct ip_config ip_config;

ip_status ip_config_create(const ip_schema *schema, ip_config **out);
void ip_config_destroy(ip_config **c);

/* An independent copy, without the errors and the grid. */
ip_status ip_config_copy(const ip_config *c, ip_config **out);

/* Reads a file (at most 16 MiB), or (n) bytes of text under the name `path` that messages use.
 *
 * A file with the FILE key (extends: base.yaml) inherits: the named file is read first, then every key that this file
 * gives replaces the inherited value. Lists and the grid are replaced as a whole; `key: ~` returns a key, a section or
 * the grid to its default. The name is a path relative to the file, or that of a preset. Errors in an inherited file
 * name that file. A text cannot inherit. */
ip_status ip_config_read(ip_config *c, const char *path);
ip_status ip_config_read_text(ip_config *c, const char *path, size_t n, const char *text);

/* From now on, files are complete configurations that the program stored, perhaps an earlier version: they may use
 * renamed keys and cannot inherit. */
void ip_config_expect_stored(ip_config *c);

/* One override, "key=value". A list is [10, 7, 5] or 10,7,5; any other value is taken literally. */
ip_status ip_config_set(ip_config *c, const char *assignment);

/* The same with separate key and value; `origin` precedes error messages ("sweep point 17"). */
ip_status ip_config_set_value(ip_config *c, const char *key, const char *value, const char *origin);

/* Stores every value in its field of `object`. Invalid values keep their default. */
void ip_config_fill(const ip_config *c, void *object);

/* Adds an error of the value of `key`, with its place in the file. `key` NULL: an error of the whole. */
ip_status ip_config_add_error(ip_config *c, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* IP_ECONFIG with all errors, one per line, ordered by place; IP_OK if there are none. */
ip_status ip_config_check(const ip_config *c);
size_t ip_config_n_errors(const ip_config *c);

/* Whether the file or an override gave the key. */
bool ip_config_is_given(const ip_config *c, const char *key);

/* The resolved configuration as YAML that reads back to the same values, byte-equal for equal values: all keys of
 * roles up to `last` (IP_KEY_TRAIN: only what training depends on; IP_KEY_SHOW: all, and the grid). */
void ip_config_print(const ip_config *c, ip_key_role last, FILE *out);
ip_status ip_config_text(const ip_config *c, ip_key_role last, char **text);

/* The value of one key as YAML flow text: "0.0004", "[10, 7, 5]". */
ip_status ip_config_value_text(const ip_config *c, const char *key, char **text);

/* The changes from a to b, two configurations of one table: (n) rows in scratch. */
typedef struct ip_config_change {
  const char *key; /* or the name of the grid */
  ip_key_role role;
  const char *from, *to;
} ip_config_change;
ip_status ip_config_diff(const ip_config *a, const ip_config *b, ip_scratch *sc, size_t *n, ip_config_change **change);

/* A commented file to start from: the keys that `c` gives with their values and help, then the grid. Keys of files of
 * their own have their defaults. */
typedef struct ip_config_template {
  const char *const *also; /* keys to write too, NULL-terminated */
  bool all;                /* write all other keys too, commented out */
  bool inherits;           /* comment out what `c` gives: the file inherits it */
} ip_config_template;
void ip_config_print_template(const ip_config *c, const ip_config_template *t, FILE *out);

/* Every key with kind, default, range, choices and help, grouped by section; `only` (may be NULL) picks the keys whose
 * name begins with it. */
void ip_config_help(const ip_schema *schema, const char *only, FILE *out);

#endif
