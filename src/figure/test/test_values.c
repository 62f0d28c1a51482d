/* Every numeric column of every figure's table, at one epoch of layer 2, against the numbers that the runs were made
 * of. The columns of a table that are not listed here are texts. */
#include "figure/test/drawn_runs.h"

#include <math.h>

/* Epoch 13 is the fourth; of the two tanh runs the second has 1 bit more. */
enum { E = 3, K = 1, MOST = 24 };

typedef struct value {
  const char *column;
  double want;
} value;

typedef struct expected {
  const char *figure;
  const char *where[3][2]; /* columns and texts that choose the row */
  value of[MOST];
} expected;

#define NONE ((double)NAN)
#define IXT (made_ixt(E, K) + 0.5)
#define IXT_SD 0.70710678118654757
#define ITY (made_ity(E, K))
#define LOSS 0.25 /* 1 / (1 + E), of training samples */
#define LEAST 29  /* epoch of the least test loss, the last */
#define USABLE (log2(3) - 2. / 3 - LOSS / log(2))
#define ROW                                                                                                            \
  {"epoch", "13"},                                                                                                     \
  {                                                                                                                    \
    "layer", "2"                                                                                                       \
  }

static void check_values(const expected *x)
{
  size_t n_where = 0;
  while (n_where < 3 && x->where[n_where][0]) n_where++;
  for (size_t i = 0; i < MOST && x->of[i].column; i++) {
    double is = find(x->figure, x->of[i].column, x->where, n_where), want = x->of[i].want;
    if (isnan(want) ? !isnan(is) : !(fabs(is - want) <= 1e-12 * (1 + fabs(want))))
      fail_msg("%s: %s is %.17g, not %.17g", x->figure, x->of[i].column, is, want);
  }
}

/* No number is forgotten. */
static void check_columns(const expected *x)
{
  size_t n_numbers = 0;
  row head, r;
  FILE *in = open_table(x->figure, &head);
  assert_true(next_row(in, &r));
  for (size_t k = 0; k < head.n; k++) {
    char *end;
    bool is_listed = false;
    strtod(r.field[k], &end);
    for (size_t i = 0; i < MOST && x->of[i].column; i++) is_listed |= !strcmp(x->of[i].column, head.field[k]);
    n_numbers += is_listed;
    if (end != r.field[k] && !*end && !is_listed) fail_msg("%s: %s is not checked", x->figure, head.field[k]);
  }
  fclose(in);
  assert_true(n_numbers > 0);
}

static void every_number_is_in_its_column(void **state)
{
  (void)state;
  const expected all[] = {
      {"plane",
       {ROW, {"run", "0"}},
       {{"epoch", 13},
        {"layer", 2},
        {"ixt_bits", IXT},
        {"ity_bits", ITY},
        {"ixt_sd", IXT_SD},
        {"ity_sd", 0},
        {"repeats", 2},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"run", 0},
        {"bound", 0},
        {"ixt_low", NONE},
        {"ixt_high", NONE},
        {"ity_low", NONE},
        {"ity_high", NONE},
        {"usable_train", USABLE},
        {"usable_test", -0.5 / log(2)},
        {"side", 0},
        {"mark", 0}}},
      {"plane",
       {ROW, {"run", "2"}},
       {{"epoch", 13},
        {"layer", 2},
        {"ixt_bits", IXT + 0.5},
        {"ity_bits", ITY},
        {"ixt_sd", NONE},
        {"ity_sd", NONE},
        {"repeats", 1},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"run", 2},
        {"bound", 0},
        {"ixt_low", NONE},
        {"ixt_high", NONE},
        {"ity_low", NONE},
        {"ity_high", NONE},
        {"side", 0},
        {"usable_train", NONE},
        {"usable_test", NONE},
        {"mark", 0}}},
      {"layers",
       {ROW},
       {{"epoch", 13},
        {"layer", 2},
        {"ixt_bits", IXT},
        {"ixt_sd", IXT_SD},
        {"ity_bits", ITY},
        {"ity_sd", 0},
        {"repeats", 2},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"ity_test_bits", NONE},
        {"ixt_low", NONE},
        {"ixt_high", NONE},
        {"ity_low", NONE},
        {"ity_high", NONE},
        {"least_test_loss_epoch", LEAST},
        {"bound", 0}}},
      {"repeats",
       {ROW, {"run", "2"}},
       {{"epoch", 13},
        {"layer", 2},
        {"run", 2},
        {"ixt_bits", IXT + 0.5},
        {"ity_bits", ITY},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"least_test_loss_epoch", LEAST},
        {"bound", 0}}},
      {"snapshots",
       {ROW, {"run", "2"}},
       {{"epoch", 13},
        {"layer", 2},
        {"run", 2},
        {"ixt_bits", IXT + 0.5},
        {"ity_bits", ITY},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"bound", 0}}},
      {"loss",
       {{"epoch", "13"}, {"set", "train"}},
       {{"epoch", 13},
        {"loss_nats", LOSS},
        {"loss_sd", 0},
        {"accuracy", 0.53},
        {"accuracy_sd", 0},
        {"repeats", 2},
        {"usable_bits", USABLE},
        {"usable_sd", 0},
        {"hy_bits", 1},
        {"label_entropy_nats", NONE},
        {"least_test_loss_epoch", LEAST}}},
      {"loss",
       {{"epoch", "13"}, {"set", "test"}},
       {{"epoch", 13},
        {"loss_nats", 2 * LOSS},
        {"loss_sd", 0},
        {"accuracy", 0.4},
        {"accuracy_sd", 0},
        {"repeats", 2},
        {"usable_bits", -0.5 / log(2)},
        {"usable_sd", 0},
        {"hy_bits", 1},
        {"label_entropy_nats", NONE},
        {"least_test_loss_epoch", LEAST}}},
      {"gradients",
       {ROW},
       {{"epoch", 13},
        {"layer", 2},
        {"mean", made_gradient(E, K)},
        {"std", 2},
        {"ratio", made_gradient(E, K) / 2},
        {"ratio_low", made_gradient(E, K) / 2},
        {"ratio_high", made_gradient(E, K) / 2},
        {"repeats", 2},
        {"least_test_loss_epoch", LEAST}}},
      {"geometry",
       {ROW},
       {{"epoch", 13},
        {"layer", 2},
        {"ixt_bits", IXT},
        {"ixt_sd", IXT_SD},
        {"ity_bits", ITY},
        {"ity_sd", 0},
        {"repeats", 2},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"nc1", made_nc1(E, K)},
        {"nc1_sd", 0},
        {"effective_rank", made_rank(E, K) + 0.5},
        {"effective_rank_sd", IXT_SD},
        {"least_test_loss_epoch", LEAST},
        {"bound", 0}}},
      {"usable",
       {ROW, {"number", "2"}},
       {{"epoch", 13},
        {"layer", 2},
        {"number", 2},
        {"value_bits", made_v(E, K) + 0.5},
        {"sd", IXT_SD},
        {"repeats", 2},
        {"hy_bits", 1},
        {"least_test_loss_epoch", LEAST},
        {"bound", 0}}},
      {"measures",
       {ROW, {"number", "2"}},
       {{"epoch", 13},
        {"layer", 2},
        {"number", 2},
        {"unit", 1},
        {"value", made_rank(E, K) + 0.5},
        {"sd", IXT_SD},
        {"repeats", 2},
        {"least_test_loss_epoch", LEAST}}},
      {"series",
       {ROW, {"number", "1"}},
       {{"epoch", 13},
        {"layer", 2},
        {"number", 1},
        {"value", IXT},
        {"sd", IXT_SD},
        {"repeats", 2},
        {"least_test_loss_epoch", LEAST}}},
      {"theory", /* H(Y) = I(X;Y) = 1: right of 1 bit the curve is level */
       {ROW},
       {{"epoch", 13},
        {"layer", 2},
        {"ixt_bits", IXT},
        {"ity_bits", ITY},
        {"distance_bits", 1 - ITY},
        {"ity_gap_bits", 1 - ITY},
        {"ixy_bits", 1},
        {"hx_bits", 2},
        {"bound", 0},
        {"beta", 300},
        {"mark", 0}}},
      {"activations",
       {ROW, {"from", "-0.75"}},
       {{"epoch", 13}, {"layer", 2}, {"next_epoch", 14}, {"from", -0.75}, {"to", -0.7125}, {"share", 0.25}}},
  };
  setenv("INFOPLANE_GNUPLOT", "false", 1); /* the tables are enough */
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    CHECK_FAILS(draw(2, files, all[i].figure, "svg"), IP_ECHILD, "");
    check_values(&all[i]);
    check_columns(&all[i]);
  }
  unsetenv("INFOPLANE_GNUPLOT");
}

/* Two runs that differ in what the others share: losses, accuracies and gradients. Deviations of two numbers are their
 * difference over sqrt(2); those of ratios are of their logarithms. */
static void deviations_are_those_of_their_own_series(void **state)
{
  (void)state;
  char path[4][512];
  const char *file[4];
  for (size_t i = 0; i < 4; i++) {
    char name[16];
    snprintf(name, sizeof name, "two%zu.h5", i);
    const made_run m = {.file = name,
                        .experiment = "two",
                        .config = i < 2 ? "training:\n  beta: 0.5\n" : "training:\n  beta: 2\n",
                        .seed = i,
                        .n_epochs = E + 1,
                        .objective = "vib",
                        .rate = 3,
                        .worse = i % 2 ? 1 : 0,
                        .gradient = i % 2 ? 4 : 1};
    CHECK_OK(made_write(&m));
    file[i] = strcpy(path[i], temp_path(name));
  }
  const expected all[] = {
      {"loss",
       {{"epoch", "13"}, {"set", "train"}},
       {{"loss_nats", 1.5 * LOSS},
        {"loss_sd", LOSS * IXT_SD},
        {"accuracy", 0.48},
        {"accuracy_sd", 0.1 * IXT_SD},
        {"usable_sd", LOSS * IXT_SD / log(2)},
        {"usable_bits", log2(3) - 2. / 3 - 1.5 * LOSS / log(2)}}},
      {"loss",
       {{"epoch", "13"}, {"set", "test"}},
       {{"loss_nats", 4 * LOSS},
        {"loss_sd", 4 * LOSS * IXT_SD},
        {"accuracy", 0.3},
        {"accuracy_sd", 0.2 * IXT_SD},
        {"usable_sd", 4 * LOSS * IXT_SD / log(2)},
        {"usable_bits", -4 * LOSS / log(2)}}},
      {"gradients",
       {ROW},
       {{"mean", 2 * made_gradient(E, K)},
        {"std", 2},
        {"ratio", made_gradient(E, K)},
        {"ratio_low", made_gradient(E, K) * exp(-log(4) * IXT_SD)},
        {"ratio_high", made_gradient(E, K) * exp(log(4) * IXT_SD)}}},
      {"beta",
       {{"beta", "2"}, {"layer", "2"}},
       {{"train_error", 0.52},
        {"train_error_sd", 0.1 * IXT_SD},
        {"test_error", 0.7},
        {"test_error_sd", 0.2 * IXT_SD},
        {"ity_test_bits", 0},
        {"repeats", 2},
        {"hx_bits", 2},
        {"hy_bits", 1},
        {"bound", 1},
        {"layer", 2}}},
  };
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    bool sweep = !strcmp(all[i].figure, "beta");
    CHECK_FAILS(draw(sweep ? 4 : 2, file, all[i].figure, "svg"), IP_ECHILD, "");
    check_values(&all[i]);
  }
  unsetenv("INFOPLANE_GNUPLOT");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_is_in_its_column),
      cmocka_unit_test(deviations_are_those_of_their_own_series),
  };
  return cmocka_run_group_tests_name("figure/values", tests, create, temp_remove);
}
