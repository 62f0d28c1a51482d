#include "run/failure.h"

#include <stdio.h>

void ip_failure_keep(ip_failure *f, ip_status code, size_t step)
{
  const char *message = ip_error_message();
  bool better = *f->message ? *message && step < f->step : *message || step < f->step;
  if (f->code != IP_OK && !better) return;
  f->code = code;
  f->step = step;
  snprintf(f->message, sizeof f->message, "%s", message);
}

bool ip_failure_allows(const ip_failure *f, size_t step)
{
  return f->code == IP_OK || step < f->step;
}
