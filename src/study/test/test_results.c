#include "base/test/check.h"
#include "file/test/temp.h"
#include "study/journal.h"

static ip_results *open_shard(size_t k, size_t n)
{
  ip_results *r;
  CHECK_OK(ip_results_open(temp_path("results"), (ip_shard){k, n}, &r));
  return r;
}

static void check_refused(size_t k, size_t n)
{
  ip_results *r;
  char owner[64];
  snprintf(owner, sizeof owner, "process %d on host ", (int)getpid());
  CHECK_FAILS(ip_results_open(temp_path("results"), (ip_shard){k, n}, &r), IP_ELOCKED, owner);
  assert_null(r);
}

static void a_folder_has_one_owner_or_one_per_shard(void **state)
{
  (void)state;
  ip_results *first = open_shard(1, 3), *third = open_shard(3, 3);
  check_refused(1, 3);
  check_refused(3, 3);
  check_refused(1, 1);
  ip_results_close(&third);
  third = open_shard(3, 3);
  ip_results_close(&first);
  ip_results_close(&third);
  ip_results *whole = open_shard(1, 1);
  check_refused(1, 1);
  check_refused(2, 3);
  ip_results_close(&whole);
}

static void write_journal(size_t k, size_t n)
{
  ip_results *r = open_shard(k, n);
  ip_journal *j;
  CHECK_OK(ip_journal_open(r, &j));
  ip_journal_add(j, IP_EVENT_DONE, k, "run", 1, "");
  ip_journal_close(&j);
  ip_results_close(&r);
}

/* Who works on all points says everything again, so what shards said before is gone; shards leave each other alone. */
static void the_journal_of_all_points_replaces_those_of_shards(void **state)
{
  (void)state;
  write_journal(1, 1);
  write_journal(1, 2);
  write_journal(2, 2);
  assert_true(temp_exists("results/journal.tsv") && temp_exists("results/journal-1-of-2.tsv"));
  write_journal(1, 1);
  assert_true(temp_exists("results/journal.tsv"));
  assert_false(temp_exists("results/journal-1-of-2.tsv") || temp_exists("results/journal-2-of-2.tsv"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_folder_has_one_owner_or_one_per_shard),
      cmocka_unit_test(the_journal_of_all_points_replaces_those_of_shards),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
