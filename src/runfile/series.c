#include "runfile/series.h"

#include <assert.h>

const char *ip_information_series_name(size_t series)
{
  static const char *const names[] = {
#define X(symbol, name, flag) name,
      IP_INFORMATION_SERIES(X)
#undef X
  };
  assert(series < IP_N_INFORMATION_SERIES);
  return names[series];
}

bool ip_information_series_is_flag(size_t series)
{
  static const bool flags[] = {
#define X(symbol, name, flag) flag,
      IP_INFORMATION_SERIES(X)
#undef X
  };
  assert(series < IP_N_INFORMATION_SERIES);
  return flags[series];
}
