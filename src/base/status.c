#include "base/status.h"

#include "base/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct {
  ip_status code;
  char message[4096];
  char trace[2048];
} record;

static const struct {
  int exit_status;
  const char *text;
} meaning[] = {
#define X(code, exit_status, text) [code] = {exit_status, text},
    IP_STATUS_LIST(X)
#undef X
};

ip_status ip_error_set(const char *file, int line, const char *func, ip_status code, const char *fmt, ...)
{
  if (record.code != IP_OK) return code;
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(record.message, sizeof record.message, fmt, ap);
  va_end(ap);
  ip_plain_terminal(record.message);
  record.code = code;
  ip_error_trace(file, line, func);
  return code;
}

void ip_error_prefix(const char *fmt, ...)
{
  char old[sizeof record.message];
  memcpy(old, record.message, sizeof old);
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(record.message, sizeof record.message, fmt, ap);
  va_end(ap);
  ip_plain_terminal(record.message);
  size_t n = strlen(record.message), room = sizeof record.message - n - 1;
  strncat(record.message, ": ", room);
  strncat(record.message, old, room > 2 ? room - 2 : 0);
}

void ip_error_trace(const char *file, int line, const char *func)
{
  size_t n = strlen(record.trace);
  snprintf(record.trace + n, sizeof record.trace - n, "%s (%s:%d)\n", func, file, line);
}

ip_status ip_error_code(void)
{
  return record.code;
}

const char *ip_error_message(void)
{
  return record.message;
}

const char *ip_error_backtrace(void)
{
  return record.trace;
}

void ip_error_clear(void)
{
  memset(&record, 0, sizeof record);
}

const char *ip_status_text(ip_status code)
{
  return meaning[code].text;
}

int ip_status_exit(ip_status code)
{
  return meaning[code].exit_status;
}
