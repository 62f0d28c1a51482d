#include "base/pairs.h"

#include "base/stop.h"
#include "base/test/check.h"

#include <sched.h>
#include <stdatomic.h>

enum { MOST = 23 };

typedef struct record {
  size_t n, n_threads;
  size_t met[MOST][MOST], n_met[MOST]; /* by block: those it has met, in turn */
  atomic_size_t busy[MOST];            /* blocks, and threads */
  atomic_bool wrong;
} record;

static void meet(void *what, size_t i, size_t j, size_t part)
{
  record *r = what;
  if (i > j || j >= r->n || part >= r->n_threads) atomic_store(&r->wrong, true);
  if (atomic_fetch_add(&r->busy[i], 1) || (i != j && atomic_fetch_add(&r->busy[j], 1))) atomic_store(&r->wrong, true);
  if ((i + j) % 3 == 0) sched_yield();
  r->met[i][r->n_met[i]++] = j;
  if (i != j) r->met[j][r->n_met[j]++] = i;
  atomic_fetch_sub(&r->busy[i], 1);
  if (i != j) atomic_fetch_sub(&r->busy[j], 1);
}

static ip_status run(size_t n_threads, size_t n, record *r)
{
  ip_team *team;
  ip_scratch *sc;
  *r = (record){.n = n, .n_threads = n_threads};
  CHECK_OK(ip_team_create(n_threads, &team));
  CHECK_OK(ip_scratch_create(&sc));
  ip_status st = ip_team_pairs(team, n, sc, meet, r);
  ip_scratch_destroy(&sc);
  ip_team_destroy(&team);
  assert_false(r->wrong);
  return st;
}

static void every_block_meets_all_in_their_order(void **state)
{
  (void)state;
  static record r;
  for (size_t n_threads = 1; n_threads <= 8; n_threads++)
    for (size_t n = 0; n <= MOST; n++) {
      CHECK_OK(run(n_threads, n, &r));
      for (size_t i = 0; i < n; i++) {
        assert_int_equal(r.n_met[i], n);
        for (size_t j = 0; j < n; j++) assert_int_equal(r.met[i][j], j);
      }
    }
}

static void a_request_to_stop_ends_it(void **state)
{
  (void)state;
  static record r;
  for (size_t n_threads = 1; n_threads <= 3; n_threads++) {
    ip_stop_set(true);
    ip_status st = run(n_threads, MOST, &r);
    ip_stop_set(false);
    assert_int_equal(st, IP_ESTOPPED);
    assert_int_equal(r.n_met[0], 0);
    ip_error_clear();
  }
  assert_int_equal(ip_mem_live(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_block_meets_all_in_their_order),
      cmocka_unit_test(a_request_to_stop_ends_it),
  };
  return cmocka_run_group_tests_name("base/pairs", tests, NULL, NULL);
}
