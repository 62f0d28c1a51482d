/* kinds.c - the list of estimators with their parameters. */
#include "core/call.h"

#include "estimator/kind.h"

#include <string.h>

uint64_t ip_capi_n_kinds(void)
{
  return ip_estimator_n_kinds();
}

static uint32_t needs_of(unsigned needs)
{
  static const struct {
    unsigned of;
    uint32_t flag;
  } flags[] = {{IP_NEEDS_RUN_RANGE, IP_CAPI_NEEDS_RUN_RANGE},
               {IP_NEEDS_X, IP_CAPI_NEEDS_X},
               {IP_NEEDS_MEAN, IP_CAPI_NEEDS_NOISE},
               {IP_NEEDS_MULTIPLICATIVE, IP_CAPI_NEEDS_MULTIPLICATIVE},
               {IP_NEEDS_DROPOUT, IP_CAPI_NEEDS_DROPOUT}};
  uint32_t all = 0;
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    if (needs & flags[i].of) all |= flags[i].flag;
  return all;
}

uint32_t ip_capi_estimator_needs(const ip_capi_estimator *e)
{
  return e ? needs_of(ip_estimator_needs(e)) : 0;
}

static ip_status find_kind(uint64_t kind, const ip_estimator_kind **k)
{
  IP_REQUIRE(kind < ip_estimator_n_kinds(), IP_EINVAL, "estimator %llu: expected below %zu", (unsigned long long)kind,
             ip_estimator_n_kinds());
  *k = ip_estimator_kind_at((size_t)kind);
  return IP_OK;
}

static ip_status describe_kind(uint64_t kind, ip_capi_kind *out)
{
  const ip_estimator_kind *k = NULL;
  ip_estimator *e;
  IP_TRY(ip_call_check_out(out, "ip_capi_kind"));
  IP_TRY(find_kind(kind, &k));
  IP_TRY(ip_estimator_create(k->name, 0, &e));
  ip_capi_kind found = {
      .name = k->name,
      .help = k->help,
      .n_parameters = ip_estimator_kind_n_parameters(k),
      .needs = ip_capi_estimator_needs(e),
      .is_discrete = k->rows != NULL,
      .knows_targets = k->knows_targets,
  };
  ip_estimator_destroy(&e);
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_kind_at(uint64_t kind, ip_capi_kind *out)
{
  return IP_CALL(describe_kind(kind, out));
}

static int32_t type_of(ip_parameter_type type)
{
  return type == IP_PARAMETER_INT ? IP_CAPI_INT : type == IP_PARAMETER_REAL ? IP_CAPI_REAL : IP_CAPI_CHOICE;
}

static ip_status describe_parameter(uint64_t kind, uint64_t parameter, ip_capi_parameter *out)
{
  const ip_estimator_kind *k = NULL;
  IP_TRY(ip_call_check_out(out, "ip_capi_parameter"));
  IP_TRY(find_kind(kind, &k));
  size_t n = ip_estimator_kind_n_parameters(k);
  IP_REQUIRE(parameter < n, IP_EINVAL, "estimator %s: parameter %llu: expected below %zu", k->name,
             (unsigned long long)parameter, n);
  const ip_parameter *p = ip_estimator_kind_parameter(k, (size_t)parameter);
  ip_capi_parameter found = {
      .name = p->name,
      .help = p->help,
      .fallback = p->fallback,
      .low = p->low,
      .high = p->high,
      .choices = p->choices,
      .type = type_of(p->type),
  };
  while (p->choices && p->choices[found.n_choices]) found.n_choices++;
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

int32_t ip_capi_kind_parameter(uint64_t kind, uint64_t parameter, ip_capi_parameter *out)
{
  return IP_CALL(describe_parameter(kind, parameter, out));
}
