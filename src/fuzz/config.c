/* Experiments and the settings of stored configurations, which are YAML. */
#include "fuzz/fuzz.h"

#include "base/mem.h"
#include "config/settings.h"
#include "experiment/experiment.h"

#include <stdlib.h>
#include <string.h>

/* An experiment that is accepted reads back from its printed form as the same, and its last point can be made or is
 * rejected. */
static ip_status read_again(const ip_experiment *e)
{
  char *text = NULL;
  ip_experiment *again = NULL, *point = NULL;
  ip_status st = ip_experiment_text(e, &text);
  if (st == IP_OK) {
    ip_fuzz_require(ip_experiment_parse("printed", text, 0, NULL, &again) == IP_OK, "a printed experiment is accepted");
    ip_fuzz_require(strcmp(e->digest, again->digest) == 0, "a printed experiment has the same digest");
    st = ip_experiment_point(e, ip_experiment_n_points(e) - 1, &point);
  }
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&again);
  ip_free(text);
  return st;
}

int ip_fuzz_config(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  ip_experiment *e = NULL;
  if (ip_fuzz_accepted(ip_experiment_parse("input", text, 0, NULL, &e))) ip_fuzz_accepted(read_again(e));
  ip_experiment_destroy(&e);
  free(text);
  return ip_fuzz_end();
}

static ip_status read_settings(const char *yaml, ip_scratch *sc)
{
  ip_settings s;
  const char *text, *spec, *const *key;
  size_t n_keys;
  IP_TRY(ip_settings_read(yaml, NULL, sc, &s));
  IP_TRY(ip_settings_first_estimator(yaml, sc, &spec));
  IP_TRY(ip_settings_differing(1, &s, sc, &n_keys, &key));
  ip_fuzz_require(n_keys == 0, "settings do not differ from themselves");
  for (size_t i = 1; i < s.n; i++) ip_setting_order(s.setting[i - 1].value, s.setting[i].value);
  return ip_settings_text(&s, sc, &text);
}

int ip_fuzz_settings(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  ip_scratch *sc = NULL;
  ip_fuzz_require(ip_scratch_create(&sc) == IP_OK, "scratch memory");
  ip_fuzz_accepted(read_settings(text, sc));
  ip_scratch_destroy(&sc);
  free(text);
  return ip_fuzz_end();
}
