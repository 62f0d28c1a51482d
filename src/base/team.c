#if defined(__linux__)
#define _GNU_SOURCE /* for sched_getaffinity */
#endif
#include "base/team.h"

#include "base/mem.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

/* How often a thread looks before it yields, and how often it yields before it sleeps. */
enum { LOOKS = 2000, YIELDS = 200 };

struct ip_team {
  size_t n, n_started;
  pthread_t *thread; // (n - 1)
  void (*work)(void *what, size_t part, size_t n);
  void *what;
  atomic_size_t round;  /* grows by 1 with every piece of work */
  atomic_size_t n_done; /* threads that have finished the round, the caller left out */
  atomic_size_t n_asleep;
  atomic_bool end;
  pthread_mutex_t lock;
  pthread_cond_t wake;
};

typedef struct member {
  ip_team *team;
  size_t part;
} member;

static void pause_a_moment(void)
{
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Until *value is no longer `old`; false when it still is after all looks and yields. */
static bool wait_for_change(atomic_size_t *value, size_t old)
{
  for (int k = 0; k < LOOKS; k++) {
    if (atomic_load_explicit(value, memory_order_acquire) != old) return true;
    pause_a_moment();
  }
  for (int k = 0; k < YIELDS; k++) {
    if (atomic_load_explicit(value, memory_order_acquire) != old) return true;
    sched_yield();
  }
  return false;
}

static void wait_for_round(ip_team *t, size_t old)
{
  if (wait_for_change(&t->round, old)) return;
  pthread_mutex_lock(&t->lock);
  atomic_fetch_add(&t->n_asleep, 1);
  while (atomic_load(&t->round) == old) pthread_cond_wait(&t->wake, &t->lock);
  atomic_fetch_sub(&t->n_asleep, 1);
  pthread_mutex_unlock(&t->lock);
}

static void begin_round(ip_team *t)
{
  atomic_fetch_add(&t->round, 1);
  if (atomic_load(&t->n_asleep) == 0) return;
  pthread_mutex_lock(&t->lock);
  pthread_cond_broadcast(&t->wake);
  pthread_mutex_unlock(&t->lock);
}

static void *serve(void *arg)
{
  member *m = arg;
  ip_team *t = m->team;
  size_t part = m->part;
  ip_free(m);
  for (size_t round = 0;; round++) {
    wait_for_round(t, round);
    if (atomic_load(&t->end)) return NULL;
    t->work(t->what, part, t->n);
    atomic_fetch_add_explicit(&t->n_done, 1, memory_order_release);
  }
}

/* False in *started if the system gives no further thread. */
static ip_status start(ip_team *t, bool *started)
{
  member *m;
  IP_TRY(IP_NEW(m, 1, "thread"));
  *m = (member){t, t->n_started + 1};
  *started = pthread_create(&t->thread[t->n_started], NULL, serve, m) == 0;
  if (*started)
    t->n_started++;
  else
    ip_free(m);
  return IP_OK;
}

ip_status ip_team_create(size_t n, ip_team **out)
{
  *out = NULL;
  IP_REQUIRE(n > 0, IP_EINVAL, "a team needs at least one thread");
  ip_team *t;
  IP_TRY(IP_NEW(t, 1, "threads"));
  pthread_mutex_init(&t->lock, NULL);
  pthread_cond_init(&t->wake, NULL);
  ip_status st = IP_NEW(t->thread, n - 1, "threads");
  for (bool more = true; st == IP_OK && more && t->n_started + 1 < n;) st = start(t, &more);
  t->n = t->n_started + 1;
  if (st == IP_OK) {
    *out = t;
  } else {
    ip_team_destroy(&t);
  }
  return st;
}

void ip_team_destroy(ip_team **team)
{
  ip_team *t = *team;
  if (!t) return;
  atomic_store(&t->end, true);
  begin_round(t);
  for (size_t k = 0; k < t->n_started; k++) pthread_join(t->thread[k], NULL);
  pthread_cond_destroy(&t->wake);
  pthread_mutex_destroy(&t->lock);
  ip_free(t->thread);
  ip_free(t);
  *team = NULL;
}

size_t ip_team_cores(void)
{
#if defined(__linux__)
  cpu_set_t set; /* of up to 1024 cores */
  if (sched_getaffinity(0, sizeof set, &set) == 0) return (size_t)CPU_COUNT(&set);
#endif
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores > 0 ? (size_t)cores : 1;
}

size_t ip_team_size(const ip_team *team)
{
  return team ? team->n : 1;
}

void ip_team_run(ip_team *t, void (*work)(void *what, size_t part, size_t n), void *what)
{
  if (ip_team_size(t) == 1) {
    work(what, 0, 1);
    return;
  }
  t->work = work;
  t->what = what;
  atomic_store(&t->n_done, 0);
  begin_round(t);
  work(what, 0, t->n);
  for (;;) {
    size_t done = atomic_load_explicit(&t->n_done, memory_order_acquire);
    if (done == t->n - 1) return;
    wait_for_change(&t->n_done, done);
  }
}
