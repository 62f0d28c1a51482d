#include "base/clock.h"

#include <stdio.h>
#include <time.h>

double ip_clock_s(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void ip_clock_utc(char out[static 21])
{
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void ip_clock_format(double s, char out[static 32])
{
  if (!(s >= 0 && s < 1e9)) {
    snprintf(out, 32, "unknown");
  } else if (s < 10) {
    snprintf(out, 32, "%.1f s", s);
  } else if (s < 60) {
    snprintf(out, 32, "%.0f s", s);
  } else {
    long t = (long)(s + 0.5);
    if (t < 3600)
      snprintf(out, 32, "%ld:%02ld min", t / 60, t % 60);
    else
      snprintf(out, 32, "%ld:%02ld:%02ld h", t / 3600, t / 60 % 60, t % 60);
  }
}
