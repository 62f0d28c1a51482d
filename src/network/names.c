#include "network/network.h"

#define X(symbol, name) #name,

const char *const *ip_activation_names(void)
{
  static const char *const name[] = {IP_ACTIVATION_LIST(X) NULL};
  return name;
}

const char *const *ip_output_names(void)
{
  static const char *const name[] = {IP_OUTPUT_LIST(X) NULL};
  return name;
}

const char *const *ip_initializer_names(void)
{
  static const char *const name[] = {IP_INITIALIZER_LIST(X) NULL};
  return name;
}

const char *const *ip_output_initializer_names(void)
{
  static const char *const name[] = {IP_INITIALIZER_LIST(X) "same", NULL};
  return name;
}

const char *const *ip_objective_names(void)
{
  static const char *const name[] = {IP_OBJECTIVE_LIST(X) NULL};
  return name;
}

const char *const *ip_layer_kind_names(void)
{
  static const char *const name[] = {IP_LAYER_KIND_LIST(X) NULL};
  return name;
}

const char *const *ip_positions_names(void)
{
  static const char *const name[] = {IP_POSITIONS_LIST(X) NULL};
  return name;
}

const char *const *ip_rate_schedule_names(void)
{
  static const char *const name[] = {IP_RATE_SCHEDULE_LIST(X) NULL};
  return name;
}

const char *const *ip_squared_error_names(void)
{
  static const char *const name[] = {IP_SQUARED_ERROR_LIST(X) NULL};
  return name;
}

const char *const *ip_targets_names(void)
{
  static const char *const name[] = {IP_TARGETS_LIST(X) NULL};
  return name;
}

#undef X
#define X(symbol, name, n_moments) #name,

const char *const *ip_optimizer_names(void)
{
  static const char *const name[] = {IP_OPTIMIZER_LIST(X) NULL};
  return name;
}
