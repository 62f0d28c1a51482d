#include "experiment/schedule.h"

#include "base/test/check.h"

#include <string.h>

typedef struct logged {
  size_t n;
  int64_t *epoch;
} logged;

static logged make(ip_schedule_options opt, int64_t epochs)
{
  logged l;
  CHECK_OK(ip_schedule_create(&opt, epochs, &l.n, &l.epoch));
  assert_true(l.n > 0);
  for (size_t i = 1; i < l.n; i++) assert_true(l.epoch[i] > l.epoch[i - 1]);
  assert_true(l.epoch[0] >= 0 && l.epoch[l.n - 1] <= epochs);
  return l;
}

static void check_n(ip_schedule_options opt, int64_t epochs, size_t n, int64_t last)
{
  logged l = make(opt, epochs);
  assert_int_equal(l.n, n);
  assert_int_equal(l.epoch[0], 0);
  assert_int_equal(l.epoch[n - 1], last);
  ip_free(l.epoch);
}

static const ip_schedule_options szt = {.kind = IP_SCHEDULE_LOG, .count = 400};

static void the_2017_schedule_logs_274_of_8000_and_279_of_10000_epochs(void **state)
{
  (void)state;
  check_n(szt, 8000, 274, 7999);
  check_n(szt, 10000, 279, 9999);
}

static void log_epochs_that_are_whole_powers_are_not_lost_to_rounding(void **state)
{
  (void)state;
  for (int64_t bits = 1; bits < 40; bits++) {
    logged l = make((ip_schedule_options){.kind = IP_SCHEDULE_LOG, .count = bits + 1}, (int64_t)1 << bits);
    assert_int_equal(l.n, bits + 1);
    for (int64_t i = 0; i <= bits; i++) assert_int_equal(l.epoch[i], ((int64_t)1 << i) - 1);
    ip_free(l.epoch);
  }
}

static void one_epoch_is_logged_before_its_updates(void **state)
{
  (void)state;
  check_n(szt, 1, 1, 0);
  check_n((ip_schedule_options){.kind = IP_SCHEDULE_LOG, .count = 400, .final = true}, 1, 2, 1);
}

static const int64_t until[] = {20, 100, 2000}, step[] = {1, 5, 20, 100};
static const ip_schedule_options saxe = {
    .kind = IP_SCHEDULE_PIECEWISE, .n_until = 3, .until = until, .n_step = 4, .step = step};

/* What the paper's code asks at every epoch. */
static bool saxe_logs(int64_t e)
{
  return e < 20 || (e < 100 ? e % 5 == 0 : e < 2000 ? e % 20 == 0 : e % 100 == 0);
}

static void the_2018_schedule_logs_211_of_10000_epochs_by_the_papers_rule(void **state)
{
  (void)state;
  check_n(saxe, 10000, 211, 9900);
  for (int64_t epochs = 1; epochs < 2500; epochs += 7) {
    logged l = make(saxe, epochs);
    size_t n = 0;
    for (int64_t e = 0; e < epochs; e++)
      if (saxe_logs(e)) {
        assert_true(n < l.n);
        assert_int_equal(l.epoch[n++], e);
      }
    assert_int_equal(n, l.n);
    ip_free(l.epoch);
  }
}

static void the_2018_schedule_of_images_logs_144_of_10000_epochs(void **state)
{
  (void)state;
  static const int64_t mnist_until[] = {20, 100, 200}, mnist_step[] = {1, 5, 10, 100};
  ip_schedule_options opt = saxe;
  opt.until = mnist_until;
  opt.step = mnist_step;
  check_n(opt, 10000, 144, 9900);
}

static void pieces_need_not_begin_at_multiples_of_their_step(void **state)
{
  (void)state;
  static const int64_t odd_until[] = {4, 11}, odd_step[] = {3, 5, 7}, want[] = {0, 3, 5, 10, 14, 21, 28};
  logged l = make(
      (ip_schedule_options){IP_SCHEDULE_PIECEWISE, .n_until = 2, .until = odd_until, .n_step = 3, .step = odd_step},
      29);
  assert_int_equal(l.n, 7);
  assert_memory_equal(l.epoch, want, sizeof want);
  ip_free(l.epoch);
}

static void every_fifth_of_8000_epochs_is_1600(void **state)
{
  (void)state;
  ip_schedule_options every = {.kind = IP_SCHEDULE_EVERY, .every = 5};
  check_n(every, 8000, 1600, 7995);
  every.final = true;
  check_n(every, 8000, 1601, 8000);
  check_n((ip_schedule_options){.kind = IP_SCHEDULE_EVERY, .every = INT64_MAX}, 1000, 1, 0);
}

static void huge_numbers_of_epochs_neither_overflow_nor_take_long(void **state)
{
  (void)state;
  static const int64_t far_until[] = {INT64_MAX - 1}, far_step[] = {INT64_MAX / 2, 1};
  check_n((ip_schedule_options){IP_SCHEDULE_PIECEWISE, .n_until = 1, .until = far_until, .n_step = 2, .step = far_step},
          INT64_MAX, 3, INT64_MAX - 1);
  check_n((ip_schedule_options){.kind = IP_SCHEDULE_EVERY, .every = INT64_MAX / 2}, INT64_MAX, 3, INT64_MAX - 1);
}

static void a_list_is_taken_as_it_is_with_the_final_epoch_once(void **state)
{
  (void)state;
  static const int64_t list[] = {0, 7, 100};
  ip_schedule_options opt = {.kind = IP_SCHEDULE_EXPLICIT, .n_list = 3, .list = list};
  check_n(opt, 100, 3, 100);
  opt.final = true;
  check_n(opt, 100, 3, 100);
  check_n(opt, 101, 4, 101);
}

static void check_wrong(ip_schedule_options opt, int64_t epochs, const char *text)
{
  size_t n;
  int64_t *epoch = (int64_t *)&n;
  CHECK_FAILS(ip_schedule_create(&opt, epochs, &n, &epoch), IP_ECONFIG, text);
  assert_null(epoch);
}

static void options_without_sense_are_refused_with_the_name_of_the_key(void **state)
{
  (void)state;
  static const int64_t falling[] = {5, 5}, zero[] = {0, 1, 1}, late[] = {0, 11}, early[] = {-1}, three[] = {1, 2, 3};
  check_wrong(szt, 0, "training.epochs: expected at least 1, got 0");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_LOG, .count = 1}, 10,
              "log.count: expected 2 to 1000000, got 1");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EVERY}, 10, "log.every: expected at least 1, got 0");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EVERY, .every = 1}, 2000000,
              "log.schedule: more than 1000000 logged epochs");
  check_wrong((ip_schedule_options){IP_SCHEDULE_PIECEWISE, .n_until = 2, .until = falling, .n_step = 3, .step = three},
              10, "log.until: expected strictly increasing epochs, got 5 after 5");
  check_wrong((ip_schedule_options){IP_SCHEDULE_PIECEWISE, .n_until = 2, .until = three, .n_step = 3, .step = zero}, 10,
              "log.step: expected integers of at least 1, got 0");
  check_wrong((ip_schedule_options){IP_SCHEDULE_PIECEWISE, .n_until = 2, .until = three, .n_step = 2, .step = three},
              10, "log.step: expected 3 values, one more than log.until");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EXPLICIT}, 10, "log.list: expected the epochs to log");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EXPLICIT, .n_list = 2, .list = late}, 10,
              "log.list: expected epochs from 0 to training.epochs (10), got 11");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EXPLICIT, .n_list = 1, .list = early}, 10, "got -1");
  check_wrong((ip_schedule_options){.kind = IP_SCHEDULE_EXPLICIT, .n_list = 2, .list = falling}, 10,
              "log.list: expected strictly increasing epochs, got 5 after 5");
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  size_t n;
  int64_t *epoch;
  CHECK_EVERY_ALLOCATION(ip_schedule_create(&szt, 8000, &n, &epoch), (ip_free(epoch), epoch = NULL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_2017_schedule_logs_274_of_8000_and_279_of_10000_epochs),
      cmocka_unit_test(log_epochs_that_are_whole_powers_are_not_lost_to_rounding),
      cmocka_unit_test(one_epoch_is_logged_before_its_updates),
      cmocka_unit_test(the_2018_schedule_logs_211_of_10000_epochs_by_the_papers_rule),
      cmocka_unit_test(the_2018_schedule_of_images_logs_144_of_10000_epochs),
      cmocka_unit_test(pieces_need_not_begin_at_multiples_of_their_step),
      cmocka_unit_test(every_fifth_of_8000_epochs_is_1600),
      cmocka_unit_test(huge_numbers_of_epochs_neither_overflow_nor_take_long),
      cmocka_unit_test(a_list_is_taken_as_it_is_with_the_final_epoch_once),
      cmocka_unit_test(options_without_sense_are_refused_with_the_name_of_the_key),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
