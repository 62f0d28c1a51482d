/* table.h - a small table with a key of every kind, for the tests of this directory. */
#ifndef IP_CONFIG_TEST_TABLE_H
#define IP_CONFIG_TEST_TABLE_H

#include "config/config.h"

#include "base/test/check.h"

#include <string.h>

typedef enum { RED, GREEN, BLUE } colour;

typedef struct values {
  bool loud;
  int64_t epochs;
  int32_t small;
  uint64_t seed;
  double rate;
  float noise;
  const char *base, *name, *shade;
  colour colour;
  const size_t *hidden;
  size_t n_hidden;
  const double *betas;
  size_t n_betas;
  const char *const *specs;
  size_t n_specs;
  const char *const *shades;
  size_t n_shades;
} values;

static const char *const colours[] = {"red", "green", "blue", NULL};

static const char *const *colour_names(void)
{
  return colours;
}

#define VALUE(field) IP_KEY_AT(values, field)
#define VALUES(field, n_field) IP_KEY_LIST_AT(values, field, n_field)

static const ip_key table_keys[] = {
    {"base", IP_KEY_TEXT, IP_KEY_FILE, VALUE(base), .value = "", .own = true, .help = "The file to inherit from."},
    {"name", IP_KEY_TEXT, IP_KEY_SHOW, VALUE(name), .value = "", .own = true, .help = "A name."},
    {"seed", IP_KEY_INT, IP_KEY_TRAIN, VALUE(seed), .value = "1", .range = "[0, inf)", .help = "A seed."},
    {"specs", IP_KEY_TEXTS, IP_KEY_ESTIMATE, VALUES(specs, n_specs), .value = "[edges]", .most = 3, .help = "Specs."},
    {"network.hidden", IP_KEY_INTS, IP_KEY_TRAIN, VALUES(hidden, n_hidden), .value = "[10, 7]", .range = "[1, 1000]",
     .least = 1, .most = 4, .unit = "units", .help = "Widths."},
    {"network.colour", IP_KEY_CHOICE, IP_KEY_TRAIN, VALUE(colour), .value = "red", .choices_of = colour_names,
     .help = "A colour."},
    {"network.shade", IP_KEY_CHOICE, IP_KEY_TRAIN, VALUE(shade), .value = "green", .choices = colours,
     .help = "Another colour."},
    {"network.shades", IP_KEY_CHOICES, IP_KEY_TRAIN, VALUES(shades, n_shades), .value = "[]", .choices = colours,
     .help = "Colours."},
    {"training.epochs", IP_KEY_INT, IP_KEY_TRAIN, VALUE(epochs), .value = "8000", .range = "[1, inf)", .unit = "epochs",
     .help = "How long."},
    {"training.small", IP_KEY_INT, IP_KEY_TRAIN, VALUE(small), .value = "-3", .range = "[-100, 100]", .help = "Small."},
    {"training.rate", IP_KEY_REAL, IP_KEY_TRAIN, VALUE(rate), .value = "0.5", .range = "(0, 1]", .help = "A rate."},
    {"training.noise", IP_KEY_REAL, IP_KEY_TRAIN, VALUE(noise), .value = "0", .help = "Noise."},
    {"training.betas", IP_KEY_REALS, IP_KEY_TRAIN, VALUES(betas, n_betas), .value = "[]", .range = "[0, inf)",
     .help = "Trade-offs."},
    {"training.loud", IP_KEY_BOOL, IP_KEY_TRAIN, VALUE(loud), .value = "false", .help = "Noise."},
};

static const ip_key_section table_sections[] = {{"", "All"}, {"network", "Network"}, {"training", "Training"}};

static const ip_renamed table_renamed[] = {{"training.speed", "training.rate"}, {NULL, NULL}};

/* The preset "preset" is the file preset.yaml of the working directory. */
static ip_status find_table_preset(const char *name, char **path, ip_hint *hint)
{
  const char *const names[] = {"preset"};
  *path = NULL;
  *hint = ip_text_hint(name, 1, names);
  return strcmp(name, "preset") ? IP_OK : IP_STRDUP(*path, "preset.yaml");
}

static const ip_schema table = {.key = table_keys,
                                .n_keys = sizeof table_keys / sizeof *table_keys,
                                .section = table_sections,
                                .n_sections = 3,
                                .grid = "sweep",
                                .renamed = table_renamed,
                                .find_preset = find_table_preset};

static inline ip_config *read_text(const char *text)
{
  ip_config *c;
  CHECK_OK(ip_config_create(&table, &c));
  CHECK_OK(ip_config_read_text(c, "f.yaml", strlen(text), text));
  return c;
}

static inline values values_of(const ip_config *c)
{
  values v;
  memset(&v, 0, sizeof v);
  CHECK_OK(ip_config_check(c));
  ip_config_fill(c, &v);
  return v;
}

/* Reading `text` has `message` among its errors. */
static inline void check_fault(const char *text, const char *message)
{
  ip_config *c = read_text(text);
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, message);
  ip_config_destroy(&c);
}

#endif
