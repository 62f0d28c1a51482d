/* test_explore.c - the blocks of curves, decoded again, have the numbers of the run files to the step. */
#include "report/explore.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <math.h>

#include "report/test/decode.h"

enum { MOST_RUNS = 8, MOST_NUMBERS = 20000 };

static char path[MOST_RUNS][512];
static const char *file[MOST_RUNS];
static ip_run_set *set;
static ip_facts *facts;
static ip_explore *x;
static const ip_explore_limits all = {.most_epochs = IP_EXPLORE_EPOCHS};

#define CONFIG(seed) "name: r\nseed: " seed "\n"

static void open_runs(size_t n, const made_run *run)
{
  for (size_t i = 0; i < n; i++) {
    CHECK_OK(made_write(&run[i]));
    strcpy(path[i], temp_path(run[i].file));
    file[i] = path[i];
  }
  CHECK_OK(ip_run_set_open(n, file, NULL, &set));
  CHECK_OK(ip_explore_read(set, &facts, &x));
}

static void close_runs(void)
{
  ip_explore_destroy(&x);
  ip_facts_destroy(&facts);
  ip_run_set_close(&set);
}

static const ip_explore_column *column(const char *name)
{
  for (size_t i = 0; i < x->n_columns; i++)
    if (!strcmp(x->column[i].name, name) && x->column[i].exists) return &x->column[i];
  return NULL;
}

/* All numbers of a block, and how far each may be from the number that was packed. */
static double number[MOST_NUMBERS], step;
static size_t n_numbers;

static void decode(const char *name)
{
  static uint16_t code[MOST_NUMBERS];
  static uint8_t byte[MOST_NUMBERS];
  size_t length[512], n = 0;
  const ip_explore_column *c = column(name);
  assert_non_null(c);
  assert_true(c->packed.n <= MOST_NUMBERS);
  for (size_t o = 0; o < x->n_owners; o++)
    for (size_t s = 0; s < ip_explore_n_series(x, c, &x->owner[o]); s++) length[n++] = x->set[x->owner[o].set].n;
  if (c->is_flags)
    decode_u8(&c->packed, n, length, byte);
  else
    decode_u16(&c->packed, n, length, code);
  n_numbers = c->packed.n;
  for (size_t i = 0; i < n_numbers; i++) number[i] = c->is_flags ? byte[i] : ip_code_value(&c->range, code[i]);
  step = c->is_flags ? 0 : (c->range.high - c->range.low) / 65534;
  assert_false(c->range.is_log);
}

/* The next number of the block is this one. */
static void is_next(size_t *at, double want)
{
  assert_true(*at < n_numbers);
  if (isnan(want))
    assert_true(isnan(number[*at]));
  else
    CHECK_NEAR(number[*at], want, 0.5 * step + 1e-12);
  ++*at;
}

static void curves_come_back_to_the_step_whatever_the_lengths(void **state)
{
  (void)state;
  const made_run runs[] = {
      {.file = "a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 6},
      {.file = "b.h5", .experiment = "r", .config = CONFIG("2"), .seed = 2, .n_epochs = 9, .shift = 1, .flagged = true},
      {.file = "c.h5",
       .experiment = "r",
       .config = CONFIG("3"),
       .seed = 3,
       .n_epochs = 6,
       .failed_to_fit = true,
       .no_information = true},
      {.file = "d.h5", .experiment = "r", .config = CONFIG("4"), .seed = 4, .n_epochs = 0, .no_information = true}};
  const size_t n_epochs[] = {6, 9, 6};
  size_t at = 0;
  open_runs(4, runs);
  CHECK_OK(ip_explore_fill(x, &all));
  assert_int_equal(x->n_owners, 3); /* one that did not fit too, but none without epochs */
  assert_int_equal(x->n_sets, 2);
  assert_int_equal(x->run[3].set, SIZE_MAX);
  decode("ixt");
  for (size_t r = 0; r < 3; r++)
    for (size_t i = 0; i < 2; i++)
      for (size_t k = 0; k < 2; k++)
        for (size_t e = 0; e < n_epochs[r]; e++)
          is_next(&at, r == 2 ? (double)NAN : made_ixt(e, k) + (i ? 0.25 : runs[r].shift));
  assert_int_equal(at, n_numbers);
  decode("ity");
  at = 0;
  for (size_t r = 0; r < 2; r++)
    for (size_t i = 0; i < 2; i++)
      for (size_t k = 0; k < 2; k++)
        for (size_t e = 0; e < n_epochs[r]; e++) is_next(&at, made_ity(e, k));
  decode("flags");
  at = 4 * 6 + 9; /* the first run, and the first layer of edges of the second */
  for (size_t e = 0; e < 9; e++) is_next(&at, e > 0);
  decode("train_loss");
  at = 0;
  for (size_t r = 0; r < 3; r++)
    for (size_t e = 0; e < n_epochs[r]; e++) is_next(&at, 1.0 / (1 + (double)e));
  assert_int_equal(at, n_numbers);
  decode("gradient_mean");
  at = 0;
  for (size_t r = 0; r < 3; r++)
    for (size_t k = 0; k < 2; k++)
      for (size_t e = 0; e < n_epochs[r]; e++) is_next(&at, made_gradient(e, k));
  decode("geometry/effective_rank");
  at = 0;
  for (size_t k = 0; k < 2; k++)
    for (size_t e = 0; e < 6; e++) is_next(&at, made_rank(e, k));
  /* y is a function of x: the curve is the straight line to (H(Y), H(Y)) */
  assert_int_equal(x->n_curves, 1);
  assert_int_equal(x->curve_of[0], 0);
  const ip_theory_curve *c = &x->curve[0];
  CHECK_NEAR(c->ixt[0] + c->ity[0], 0, 0);
  for (size_t i = 0; i < c->n; i++) CHECK_NEAR(c->ixt[i], c->ity[i], 1e-6);
  CHECK_NEAR(c->ity[c->n - 1], 1, 1e-9);
  assert_null(column("ixt_over")); /* nothing was clipped */
  assert_null(column("ixt_low"));
  assert_null(column("logged_rate_bits"));
  close_runs();
}

static void raw_values_and_bands_have_blocks_where_runs_have_them(void **state)
{
  (void)state;
  const made_run run = {
      .file = "a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 6, .below = 0.53, .band = 0.2};
  size_t at = 0;
  open_runs(1, &run);
  CHECK_OK(ip_explore_fill(x, &all));
  decode("ity_over"); /* raw made_ity - 0.53, clipped to 0 */
  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < 2; k++)
      for (size_t e = 0; e < 6; e++) is_next(&at, i ? 0 : fmin(0, made_ity(e, k) - 0.53));
  at = 0;
  decode("ixt_high");
  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < 2; k++)
      for (size_t e = 0; e < 6; e++) is_next(&at, made_ixt(e, k) + (i ? 0.25 : -0.53) + 0.2);
  assert_null(column("ixt_over"));
  close_runs();
}

static bool has_epoch(const ip_explore_set *s, int64_t epoch)
{
  for (size_t e = 0; e < s->n; e++)
    if (s->epoch[e] == epoch) return true;
  return false;
}

static void fewer_epochs_keep_the_first_the_last_and_those_that_matter(void **state)
{
  (void)state;
  const made_run run = {
      .file = "a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 60, .best = 39};
  ip_explore_limits few = {.most_epochs = 20};
  open_runs(1, &run);
  for (size_t e = 0; e < 60; e++) x->run[0].is_few[e] = e % 10 == 0; /* as of a run of more epochs */
  x->run[0].is_wanted[37] = true;
  CHECK_OK(ip_explore_fill(x, &few));
  const ip_explore_set *s = &x->set[0];
  assert_true(s->n <= 20 && s->n > 10);
  for (size_t e = 1; e < s->n; e++) assert_true(s->epoch[e] > s->epoch[e - 1]);
  assert_int_equal(s->epoch[0], 0);
  assert_int_equal(s->epoch[s->n - 1], made_epoch(59));
  assert_true(has_epoch(s, made_epoch(37)));
  assert_true(has_epoch(s, made_epoch(39)) && x->run[0].best_test_epoch == (double)made_epoch(39));
  assert_int_equal(s->n_few, 6);
  for (size_t i = 0; i < 6; i++) assert_int_equal(s->epoch[s->few[i]], made_epoch(10 * i));
  decode("ixt"); /* at these epochs */
  for (size_t i = 0, at = 0; i < s->n; i++) {
    size_t e = (size_t)s->epoch[i] - (s->epoch[i] > 2 ? 10 : 0);
    is_next(&at, made_ixt(e, 0));
  }
  close_runs();
}

static void quantiles_are_those_of_the_runs(void **state)
{
  (void)state;
  static const double quantile[] = {0.05, 0.25, 0.5, 0.75, 0.95};
  made_run runs[5];
  const char *const name[] = {"a.h5", "b.h5", "c.h5", "d.h5", "e.h5"};
  ip_explore_limits limits = {.most_epochs = IP_EXPLORE_EPOCHS, .quantiles = true, .one_estimator = true};
  for (size_t i = 0; i < 5; i++) /* shifts 3 1 4 0 2 */
    runs[i] = (made_run){.file = name[i],
                         .experiment = "r",
                         .config = "name: r\n",
                         .seed = i,
                         .n_epochs = i == 1 ? 7 : 6,
                         .shift = (double)((3 * i + 3) % 5)};
  open_runs(5, runs);
  CHECK_OK(ip_explore_fill(x, &limits));
  assert_int_equal(x->n_owners, 5);
  size_t at = 0;
  decode("ixt");
  for (size_t q = 0; q < 5; q++) {
    CHECK_NEAR(x->owner[q].quantile, quantile[q], 0);
    for (size_t k = 0; k < 2; k++)
      for (size_t e = 0; e < 7; e++) /* the last epoch is of one run, b.h5, alone */
        is_next(&at, made_ixt(e, k) + (e == 6 ? runs[1].shift : 4 * quantile[q]));
  }
  assert_int_equal(at, n_numbers);
  assert_null(column("gradient_mean"));
  assert_null(column("geometry/nc1"));
  assert_non_null(column("test_accuracy"));
  CHECK_OK(ip_explore_fill(x, &all)); /* and back */
  assert_int_equal(x->n_owners, 5);
  assert_int_equal(x->owner[4].run, 4);
  assert_non_null(column("gradient_mean"));
  close_runs();
}

static void clear(void)
{
  ip_explore_destroy(&x);
  ip_facts_destroy(&facts);
}

static ip_status create_and_fill(void)
{
  IP_TRY(ip_explore_read(set, &facts, &x));
  return ip_explore_fill(x, &all);
}

static ip_status create_and_fill_quantiles(void)
{
  const ip_explore_limits limits = {.most_epochs = IP_EXPLORE_EPOCHS, .quantiles = true};
  IP_TRY(ip_explore_read(set, &facts, &x));
  return ip_explore_fill(x, &limits);
}

static void failing_allocations_are_reported(void **state)
{
  (void)state;
  const made_run run = {.file = "a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 4};
  open_runs(1, &run);
  clear();
  CHECK_ALLOCATIONS(13, create_and_fill(), clear());
  CHECK_ALLOCATIONS(13, create_and_fill_quantiles(), clear());
  close_runs();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(curves_come_back_to_the_step_whatever_the_lengths),
      cmocka_unit_test(raw_values_and_bands_have_blocks_where_runs_have_them),
      cmocka_unit_test(fewer_epochs_keep_the_first_the_last_and_those_that_matter),
      cmocka_unit_test(quantiles_are_those_of_the_runs),
      cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests_name("report/explore", tests, temp_create, temp_remove);
}
