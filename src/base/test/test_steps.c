#include "base/steps.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/test/check.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { MOST = 8, STEPS = 500 };

typedef struct record {
  atomic_size_t calls[STEPS], busy[MOST];
  atomic_bool wrong;
  size_t fails_from, n_parts; /* every step from fails_from on fails */
} record;

static ip_status step(void *what, size_t i, size_t part)
{
  record *r = what;
  if (part >= r->n_parts || atomic_fetch_add(&r->busy[part], 1) != 0) atomic_store(&r->wrong, true);
  atomic_fetch_add(&r->calls[i], 1);
  if (i % 7 == 0) sched_yield();
  atomic_fetch_sub(&r->busy[part], 1);
  IP_REQUIRE(i < r->fails_from, IP_EINVAL, "step %zu failed", i);
  return IP_OK;
}

static ip_status run(size_t n_threads, size_t n, record *r)
{
  ip_team *team;
  r->n_parts = n_threads;
  CHECK_OK(ip_team_create(n_threads, &team));
  ip_status st = ip_team_steps(team, n, step, r);
  ip_team_destroy(&team);
  assert_false(r->wrong);
  return st;
}

static void every_step_is_taken_once(void **state)
{
  (void)state;
  for (size_t n = 1; n <= MOST; n++) {
    record r = {.fails_from = STEPS};
    assert_int_equal(run(n, 0, &r), IP_OK);
    assert_int_equal(run(n, STEPS, &r), IP_OK);
    for (size_t i = 0; i < STEPS; i++) assert_int_equal(r.calls[i], 1);
  }
}

static void the_failure_of_the_earliest_step_is_reported(void **state)
{
  (void)state;
  for (size_t n = 1; n <= MOST; n++)
    for (size_t fails = 0; fails < 40; fails += 13) {
      record r = {.fails_from = fails};
      char message[32];
      snprintf(message, sizeof message, "step %zu failed", fails);
      assert_int_equal(run(n, STEPS, &r), IP_EINVAL);
      assert_string_equal(ip_error_message(), message);
      ip_error_clear();
      for (size_t i = 0; i < fails; i++) assert_int_equal(r.calls[i], 1);
      assert_int_equal(r.calls[STEPS - 1], 0);
    }
}

static void no_step_is_taken_after_a_request_to_stop(void **state)
{
  (void)state;
  for (size_t n = 1; n <= 3; n++) {
    record r = {.fails_from = STEPS};
    ip_stop_set(true);
    assert_int_equal(run(n, STEPS, &r), IP_ESTOPPED);
    ip_stop_set(false);
    assert_int_equal(r.calls[0], 0);
    ip_error_clear();
  }
  assert_int_equal(ip_mem_live(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_step_is_taken_once),
      cmocka_unit_test(the_failure_of_the_earliest_step_is_reported),
      cmocka_unit_test(no_step_is_taken_after_a_request_to_stop),
  };
  return cmocka_run_group_tests_name("base/steps", tests, NULL, NULL);
}
