#include "file/reading.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static ip_reading *watched; /* NULL: nobody supervises this process */
static int depth;
static timer_t timer;
static struct itimerspec limit;
static bool has_limit;

static struct {
  size_t n;
  char *path[64]; // (n)
} left_out;

void ip_reading_watch(ip_reading *page, double limit_s)
{
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGXCPU;
  watched = page;
  depth = 0;
  limit.it_value.tv_sec = (time_t)limit_s;
  limit.it_value.tv_nsec = (long)(1e9 * (limit_s - (double)limit.it_value.tv_sec));
  has_limit = page && limit_s > 0 && !timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer);
}

int ip_reading_enter(const char *path)
{
  if (!watched || depth++) return 0;
  if (strcmp(watched->path, path) != 0) snprintf(watched->path, sizeof watched->path, "%s", path);
  watched->inside = true;
  if (has_limit) timer_settime(timer, 0, &limit, NULL);
  return 0;
}

void ip_reading_leave(const int *entered)
{
  (void)entered;
  if (!watched || --depth) return;
  if (has_limit) timer_settime(timer, 0, &(struct itimerspec){0}, NULL);
  watched->inside = false;
}

ip_status ip_reading_leave_out(const char *path)
{
  size_t most = sizeof left_out.path / sizeof *left_out.path;
  IP_REQUIRE(left_out.n < most, IP_EFORMAT, "%zu files could not be read; the others are not tried", most);
  IP_TRY(IP_STRDUP(left_out.path[left_out.n], path));
  left_out.n++;
  return IP_OK;
}

bool ip_reading_is_left_out(const char *path)
{
  for (size_t i = 0; i < left_out.n; i++)
    if (!strcmp(left_out.path[i], path)) return true;
  return false;
}

ip_status ip_reading_others(ip_scratch *sc, size_t *n, const char *const **path)
{
  size_t kept = 0;
  const char **others;
  if (!left_out.n) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, others, *n, "run files"));
  for (size_t i = 0; i < *n; i++)
    if (!ip_reading_is_left_out((*path)[i])) others[kept++] = (*path)[i];
  IP_REQUIRE(kept, IP_EFORMAT, "no run file remains");
  *n = kept;
  *path = others;
  return IP_OK;
}
