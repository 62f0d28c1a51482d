#define _GNU_SOURCE /* pthread_setattr_default_np */
#include "base/team.h"

#include "base/mem.h"
#include "base/test/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { MOST = 8 };

typedef struct tally {
  atomic_size_t calls[MOST];
  size_t sum[MOST], n;
} tally;

static void count(void *what, size_t part, size_t n)
{
  tally *t = what;
  atomic_fetch_add(&t->calls[part], 1);
  t->sum[part] += part + 1; /* by one thread at a time, and seen by all afterwards */
  if (part == 0) t->n = n;
}

static void every_part_is_worked_on_once_a_round(void **state)
{
  (void)state;
  for (size_t n = 1; n <= MOST; n++) {
    tally t = {.n = 0};
    ip_team *team;
    assert_int_equal(ip_team_create(n, &team), IP_OK);
    assert_int_equal(ip_team_size(team), n);
    for (size_t round = 1; round <= 300; round++) {
      ip_team_run(team, count, &t);
      assert_int_equal(t.n, n);
      for (size_t k = 0; k < n; k++) {
        assert_int_equal(t.calls[k], round);
        assert_int_equal(t.sum[k], round * (k + 1));
      }
    }
    ip_team_destroy(&team);
    assert_null(team);
  }
  assert_int_equal(ip_mem_live(), 0);
}

static void no_team_is_a_team_of_one(void **state)
{
  (void)state;
  tally t = {.n = 0};
  ip_team *none = NULL;
  assert_int_equal(ip_team_size(none), 1);
  ip_team_run(none, count, &t);
  assert_int_equal(t.n, 1);
  assert_int_equal(t.calls[0], 1);
  ip_team_destroy(&none);
}

/* Members that have gone to sleep are woken. */
static void a_team_that_slept_goes_on(void **state)
{
  (void)state;
  tally t = {.n = 0};
  ip_team *team;
  assert_int_equal(ip_team_create(3, &team), IP_OK);
  for (size_t round = 1; round <= 5; round++) {
    const struct timespec a_while = {.tv_nsec = 20000000};
    nanosleep(&a_while, NULL);
    ip_team_run(team, count, &t);
    for (size_t k = 0; k < 3; k++) assert_int_equal(t.calls[k], round);
  }
  ip_team_destroy(&team);
}

static ip_status create_and_destroy(void *arg)
{
  (void)arg;
  ip_team *team;
  IP_TRY(ip_team_create(4, &team));
  ip_team_destroy(&team);
  return IP_OK;
}

static void bad_sizes_and_missing_memory_are_reported(void **state)
{
  (void)state;
  ip_team *team;
  assert_int_equal(ip_team_create(0, &team), IP_EINVAL);
  assert_null(team);
  for (size_t k = 1;; k++) {
    ip_mem_fail_at(k);
    ip_status st = create_and_destroy(NULL);
    ip_mem_fail_at(0);
    assert_int_equal(ip_mem_live(), 0);
    if (st == IP_OK) break;
    assert_int_equal(st, IP_ENOMEM);
    assert_true(k < 20);
  }
}

/* As under a limit of processes: no thread can be started when each asks for a stack that no address space has. */
static void without_further_threads_the_caller_does_all(void **state)
{
  (void)state;
  pthread_attr_t before, vast;
  assert_int_equal(pthread_getattr_default_np(&before), 0);
  assert_int_equal(pthread_attr_init(&vast), 0);
  assert_int_equal(pthread_attr_setstacksize(&vast, (size_t)1 << 62), 0);
  assert_int_equal(pthread_setattr_default_np(&vast), 0);
  tally t = {.n = 0};
  ip_team *team;
  ip_status st = ip_team_create(4, &team);
  assert_int_equal(pthread_setattr_default_np(&before), 0);
  pthread_attr_destroy(&before);
  pthread_attr_destroy(&vast);
  assert_int_equal(st, IP_OK);
  assert_int_equal(ip_team_size(team), 1);
  ip_team_run(team, count, &t);
  assert_int_equal(t.n, 1);
  assert_int_equal(t.calls[0], 1);
  ip_team_destroy(&team);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_part_is_worked_on_once_a_round),
      cmocka_unit_test(no_team_is_a_team_of_one),
      cmocka_unit_test(a_team_that_slept_goes_on),
      cmocka_unit_test(bad_sizes_and_missing_memory_are_reported),
      cmocka_unit_test(without_further_threads_the_caller_does_all),
  };
  return cmocka_run_group_tests_name("base/team", tests, NULL, NULL);
}
