/* settings.h - the settings of a resolved configuration that distinguish runs.
 *
 * For figures and tables of run files. A configuration is read as plain YAML and not against the table of keys, so that
 * files of other versions and other programs can be compared too.
 */
#ifndef IP_CONFIG_SETTINGS_H
#define IP_CONFIG_SETTINGS_H

#include "base/mem.h"
#include "base/text.h"

typedef struct ip_setting {
  const char *key, *value; /* "network.activation", "tanh" */
} ip_setting;

typedef struct ip_settings {
  size_t n;
  const ip_setting *setting; // (n)
} ip_settings;

/* Reads `yaml`, leaving out what does not change the trained network: seed, repeats, description, tags, figures,
 * estimators, measures, correlations, and what is logged. Keys of the list `renamed` (which may be NULL) get their
 * present names; keys without a value are left out. A text that is not YAML, or has far more settings than a
 * configuration, is no error: it is one setting, "config", so that different ones still differ. */
ip_status ip_settings_read(const char *yaml, const ip_renamed *renamed, ip_scratch *sc, ip_settings *out);

/* The value of a key, or "" if it is missing. */
const char *ip_settings_get(const ip_settings *s, const char *key);

/* The first element of the list `estimators` in `yaml`, a key in the first column; "" when there is none. */
ip_status ip_settings_first_estimator(const char *yaml, ip_scratch *sc, const char **spec);

/* Below, at or above 0 as value a comes before b: numbers by size, lists such as [10, 7] by length; 0 for others. */
int ip_setting_order(const char *a, const char *b);

/* The keys with different values among (n >= 1) settings: first those that the first has, in its order. */
ip_status ip_settings_differing(size_t n, const ip_settings *s, ip_scratch *sc, size_t *n_keys,
                                const char *const **key);

/* All of them as one text, equal for equal settings. */
ip_status ip_settings_text(const ip_settings *s, ip_scratch *sc, const char **text);

#endif
