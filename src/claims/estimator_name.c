#include "claims/estimator_name.h"

#include "estimator/estimator.h"
#include "runfile/runfile.h"

#include <string.h>

const char *ip_estimator_name_split(const char *name)
{
  return ip_run_split_of(name);
}

size_t ip_estimator_name_length(const char *name)
{
  return strcmp(ip_run_split_of(name), "all") ? (size_t)(strrchr(name, '@') - name) : strlen(name);
}

ip_status ip_estimator_name_label(const char *name, ip_scratch *sc, const char **label)
{
  const char *spec;
  ip_estimator *e;
  IP_TRY(ip_scratch_format(sc, &spec, "%.*s", (int)ip_estimator_name_length(name), name));
  IP_TRY(ip_estimator_create(spec, 1, &e));
  ip_status st = ip_run_name_group(ip_estimator_label(e), ip_run_split_of(name), sc, label);
  ip_estimator_destroy(&e);
  return st;
}

ip_status ip_estimator_name_on(const char *label, const char *split, ip_scratch *sc, const char **out)
{
  const char *spec;
  *out = label;
  if (!split) return IP_OK;
  IP_TRY(ip_scratch_format(sc, &spec, "%.*s", (int)ip_estimator_name_length(label), label));
  return ip_run_name_group(spec, split, sc, out);
}
