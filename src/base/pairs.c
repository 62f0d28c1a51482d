#include "base/pairs.h"

#include "base/stop.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Pairs are begun in the order of i + j: pairs of one sum share no block, and those that must come before have begun.
 */
typedef struct pairs {
  void (*work)(void *what, size_t i, size_t j, size_t part);
  void *what;
  size_t n;
  atomic_size_t *n_met; // (n) a block has met the blocks 0 .. n_met - 1
  pthread_mutex_t lock; /* of the next pair */
  size_t i, sum;
  atomic_bool stopped;
} pairs;

static bool next_pair(pairs *p, size_t *i, size_t *j)
{
  if (ip_stop_requested()) atomic_store(&p->stopped, true);
  pthread_mutex_lock(&p->lock);
  bool any = !atomic_load(&p->stopped) && p->sum + 1 < 2 * p->n;
  *i = p->i;
  *j = p->sum - p->i;
  p->i++;
  if (2 * p->i > p->sum) {
    p->sum++;
    p->i = p->sum < p->n ? 0 : p->sum - p->n + 1;
  }
  pthread_mutex_unlock(&p->lock);
  return any;
}

/* Until `block` has met all before `other`; false after a request to stop, when that may never be. */
static bool wait_for_turn(pairs *p, size_t block, size_t other)
{
  while (atomic_load_explicit(&p->n_met[block], memory_order_acquire) != other) {
    if (atomic_load(&p->stopped)) return false;
    sched_yield();
  }
  return true;
}

static void take_some(void *what, size_t part, size_t n_threads)
{
  (void)n_threads;
  pairs *p = what;
  size_t i, j;
  while (next_pair(p, &i, &j)) {
    if (!wait_for_turn(p, i, j) || !wait_for_turn(p, j, i)) return;
    p->work(p->what, i, j, part);
    atomic_store_explicit(&p->n_met[i], j + 1, memory_order_release);
    if (i != j) atomic_store_explicit(&p->n_met[j], i + 1, memory_order_release);
  }
}

/* One thread goes by rows, so that block i stays in its cache. */
static ip_status take_all(pairs *p)
{
  for (size_t i = 0; i < p->n; i++)
    for (size_t j = i; j < p->n; j++) {
      IP_TRY(ip_stop_check());
      p->work(p->what, i, j, 0);
    }
  return IP_OK;
}

ip_status ip_team_pairs(ip_team *team, size_t n, ip_scratch *sc,
                        void (*work)(void *what, size_t i, size_t j, size_t part), void *what)
{
  pairs p = {.work = work, .what = what, .n = n};
  if (ip_team_size(team) == 1) return take_all(&p);
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(IP_SCRATCH(sc, p.n_met, n, "blocks"));
  pthread_mutex_init(&p.lock, NULL);
  ip_team_run(team, take_some, &p);
  pthread_mutex_destroy(&p.lock);
  ip_scratch_release(sc, mark);
  IP_REQUIRE(!p.stopped, IP_ESTOPPED, "stopped on request; what was logged is kept");
  return IP_OK;
}
