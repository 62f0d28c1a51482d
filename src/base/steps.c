#include "base/steps.h"

#include "base/stop.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct steps {
  ip_status (*step)(void *what, size_t i, size_t part);
  void *what;
  pthread_mutex_t lock; /* of what follows */
  size_t next, n;       /* steps from n on are not taken: the first failed one, or their number */
  ip_status code;
  char message[1024];
} steps;

static ip_status take(const steps *s, size_t i, size_t part)
{
  IP_TRY(ip_stop_check());
  return s->step(s->what, i, part);
}

static bool choose(steps *s, size_t *i)
{
  pthread_mutex_lock(&s->lock);
  bool any = s->next < s->n;
  if (any) *i = s->next++;
  pthread_mutex_unlock(&s->lock);
  return any;
}

/* Keeps this thread's message, unless an earlier step has failed in the meantime. */
static void keep_failure(steps *s, ip_status code, size_t i)
{
  pthread_mutex_lock(&s->lock);
  if (i < s->n) {
    s->n = i;
    s->code = code;
    snprintf(s->message, sizeof s->message, "%s", ip_error_message());
  }
  pthread_mutex_unlock(&s->lock);
  ip_error_clear();
}

static void take_some(void *what, size_t part, size_t n)
{
  (void)n;
  steps *s = what;
  size_t i;
  while (choose(s, &i)) {
    ip_status st = take(s, i, part);
    if (st != IP_OK) keep_failure(s, st, i);
  }
}

ip_status ip_team_steps(ip_team *team, size_t n, ip_status (*step)(void *what, size_t i, size_t part), void *what)
{
  steps s = {.step = step, .what = what, .n = n, .code = IP_OK};
  if (ip_team_size(team) == 1) {
    for (size_t i = 0; i < n; i++) IP_TRY(take(&s, i, 0));
    return IP_OK;
  }
  pthread_mutex_init(&s.lock, NULL);
  ip_team_run(team, take_some, &s);
  pthread_mutex_destroy(&s.lock);
  IP_REQUIRE(s.code == IP_OK, s.code, "%s", s.message);
  return IP_OK;
}
