/* How often decisions are wrong, by simulation. With a number of sets (and a pattern of test names) as arguments it
 * prints the tables of docs/claims.md (section "How often a decision is wrong"): INFOPLANE_SOURCE=.
 * build/release/test_claims_errors 2000.
 */
#include "claims/decide.h"

#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SEEDS = 48, MOST_EPOCHS = 270, N_LOOKS = 3, N_NOISES = 3 };
static const size_t seeds_at[N_LOOKS] = {12, 24, 48};
static const char *const noise_name[N_NOISES] = {"white", "AR(1) 0.9", "random walk"};
static size_t n_sets = 100;
static bool prints = false;

/* Unit standard deviation; the walk has it at its end. */
static void draw_noise(int kind, size_t n_epochs, ip_rng *r, double *x)
{
  double v = ip_rng_normal(r), step = 1 / sqrt((double)n_epochs);
  for (size_t e = 0; e < n_epochs; e++) {
    double z = ip_rng_normal(r);
    v = kind == 0 ? z : kind == 1 ? 0.9 * v + sqrt(1 - 0.81) * z : (e ? v : 0) + step * z;
    x[e] = v;
  }
}

/* A trajectory of the mean: rises in the first tenth of training, is constant to the fourth tenth and falls to
 * (1 - share) of its height by the seventh. `early` shifts the fall by that fraction of training. */
static double hump(double t, double share, double early)
{
  double fall = fmin(1, fmax(0, (t + early - 0.4) / 0.3));
  return fmin(1, 0.5 + 5 * t) * (1 - share * fall);
}

/* Wrong decisions within three standard errors of 5 %. */
static double limit(void)
{
  return 0.05 + 3 * sqrt(0.05 * 0.95 / (double)n_sets);
}

typedef struct {
  double holds, fails; /* counts, then fractions */
} tally;

static void count(ip_decision d, tally *t)
{
  t->holds += d == IP_HOLDS;
  t->fails += d == IP_FAILS;
}

static void as_fractions(size_t n, tally *t)
{
  for (size_t i = 0; i < n; i++) t[i].holds /= (double)n_sets, t[i].fails /= (double)n_sets;
}

static ip_decision decide_mean(size_t n, const ip_seed_value *v, double level, double t, uint64_t seed, ip_scratch *sc)
{
  ip_effect e;
  CHECK_OK(ip_summary_mean(n, v, level, seed, sc, &e));
  return ip_test_decide(&(ip_test){.kind = IP_ABOVE, .a = t}, &e);
}

static ip_decision decide(ip_reducer r, size_t n, size_t n_epochs, const double *x, double level, double t,
                          uint64_t seed, ip_scratch *sc)
{
  static int64_t epoch[MOST_EPOCHS];
  ip_seed_value v[MOST_SEEDS];
  for (size_t e = 0; e < n_epochs; e++) epoch[e] = (int64_t)e;
  CHECK_OK(ip_reduce(r, &(ip_seed_series){n, n_epochs, epoch, x}, sc, v));
  return decide_mean(n, v, level, t, seed, sc);
}

static ip_decision decide_ratio(size_t n, size_t n_epochs, const double *x, double level, double t, uint64_t seed,
                                ip_scratch *sc)
{
  static int64_t epoch[MOST_EPOCHS];
  ip_seed_value drop[MOST_SEEDS], top[MOST_SEEDS];
  ip_effect e;
  for (size_t i = 0; i < n_epochs; i++) epoch[i] = (int64_t)i;
  ip_seed_series s = {n, n_epochs, epoch, x};
  CHECK_OK(ip_reduce(IP_REDUCE_DROP, &s, sc, drop));
  CHECK_OK(ip_reduce(IP_REDUCE_LEVEL, &s, sc, top));
  CHECK_OK(ip_summary_ratio(n, drop, top, level, seed, sc, &e));
  return ip_test_decide(&(ip_test){.kind = IP_ABOVE, .a = t}, &e);
}

typedef struct {
  tally plain[N_LOOKS], wide[N_LOOKS];  /* drop > 0 without effect at 95 % and 97.5 % */
  tally looks;                          /* the same with three looks */
  tally zero[N_LOOKS], power[N_LOOKS];  /* share > .2, true share 0 and .4 */
  tally at[N_LOOKS], at_ratio[N_LOOKS]; /* true share .2: mean(share) > .2, ratio(drop, level) > .2 */
} drop_rates;

static void run_drops(int kind, size_t n_epochs, ip_scratch *sc, drop_rates *out)
{
  static double x[MOST_SEEDS * MOST_EPOCHS], flat[MOST_SEEDS * MOST_EPOCHS], falls[MOST_SEEDS * MOST_EPOCHS],
      edge[MOST_SEEDS * MOST_EPOCHS];
  memset(out, 0, sizeof *out);
  for (uint64_t set = 0; set < n_sets; set++) {
    ip_rng r = ip_rng_open(set, IP_RNG_TEST, (uint64_t)kind * 1000 + n_epochs);
    for (size_t i = 0; i < MOST_SEEDS; i++) {
      draw_noise(kind, n_epochs, &r, x + i * n_epochs);
      double early = 0.1 * (ip_rng_uniform(&r) - 0.5);
      for (size_t e = 0; e < n_epochs; e++) {
        flat[i * n_epochs + e] = 5 + x[i * n_epochs + e];
        double t = (double)e / (double)(n_epochs - 1);
        falls[i * n_epochs + e] = 5 * hump(t, 0.4, early) + x[i * n_epochs + e];
        edge[i * n_epochs + e] = 5 * hump(t, 0.2, early) + x[i * n_epochs + e];
      }
    }
    ip_decision looks = IP_UNDECIDED;
    for (int k = 0; k < N_LOOKS; k++) {
      size_t n = seeds_at[k];
      count(decide(IP_REDUCE_DROP, n, n_epochs, x, 0.95, 0, set, sc), &out->plain[k]);
      count(decide(IP_REDUCE_DROP, n, n_epochs, x, ip_claim_level(true, 1), 0, set, sc), &out->wide[k]);
      if (looks == IP_UNDECIDED)
        looks = decide(IP_REDUCE_DROP, n, n_epochs, x, ip_claim_level(true, N_LOOKS), 0, set, sc);
      count(decide(IP_REDUCE_SHARE, n, n_epochs, flat, ip_claim_level(true, 1), 0.2, set, sc), &out->zero[k]);
      count(decide(IP_REDUCE_SHARE, n, n_epochs, falls, ip_claim_level(true, 1), 0.2, set, sc), &out->power[k]);
      count(decide(IP_REDUCE_SHARE, n, n_epochs, edge, ip_claim_level(true, 1), 0.2, set, sc), &out->at[k]);
      count(decide_ratio(n, n_epochs, edge, ip_claim_level(true, 1), 0.2, set, sc), &out->at_ratio[k]);
    }
    count(looks, &out->looks);
  }
  as_fractions(sizeof *out / sizeof(tally), (tally *)out);
}

static double wrong(tally t)
{
  return t.holds + t.fails;
}

static void drops_of_noise_are_rarely_decided(void **state)
{
  if (prints)
    printf("\n| noise | epochs | seeds | wrong at 95 %% | wrong at 97.5 %% (holds + fails) | share > 0.2: holds at "
           "share 0 | "
           "at 0.4 | mean(share) > 0.2 at 0.2: holds + fails | ratio(drop, level) > 0.2 at 0.2 |\n"
           "|---|---|---|---|---|---|---|---|---|\n");
  for (int kind = 0; kind < N_NOISES; kind++)
    for (size_t n_epochs = 30; n_epochs <= MOST_EPOCHS; n_epochs += 240) {
      if (!prints && n_epochs > 30 && kind != 2) continue;
      drop_rates d;
      run_drops(kind, n_epochs, *state, &d);
      for (int k = 0; k < N_LOOKS; k++) {
        if (prints)
          printf("| %s | %zu | %zu | %.1f | %.1f (%.1f + %.1f) | %.1f | %.1f | %.1f + %.1f | %.1f + %.1f |\n",
                 noise_name[kind], n_epochs, seeds_at[k], 100 * wrong(d.plain[k]), 100 * wrong(d.wide[k]),
                 100 * d.wide[k].holds, 100 * d.wide[k].fails, 100 * d.zero[k].holds, 100 * d.power[k].holds,
                 100 * d.at[k].holds, 100 * d.at[k].fails, 100 * d.at_ratio[k].holds, 100 * d.at_ratio[k].fails);
        assert_true(wrong(d.wide[k]) <= limit());
        assert_true(d.zero[k].holds <= 0);
      }
      if (prints)
        printf("| %s | %zu | 12, 24, 48 | | %.1f with three looks | | | | |\n", noise_name[kind], n_epochs,
               100 * wrong(d.looks));
      assert_true(wrong(d.looks) <= limit());
    }
}

static double share_below(ip_reducer r, const ip_seed_series *s, double limit_of_p, ip_scratch *sc)
{
  ip_seed_value v[MOST_SEEDS];
  size_t n = 0;
  CHECK_OK(ip_reduce(r, s, sc, v));
  for (size_t i = 0; i < MOST_SEEDS; i++) n += v[i].value < limit_of_p;
  return (double)n / MOST_SEEDS;
}

static double share_of_white(const ip_seed_series *s, ip_scratch *sc)
{
  ip_seed_value drop[MOST_SEEDS], sd[MOST_SEEDS];
  size_t n = 0;
  CHECK_OK(ip_reduce(IP_REDUCE_DROP_HALF, s, sc, drop));
  CHECK_OK(ip_reduce(IP_REDUCE_RESIDUAL_SD, s, sc, sd));
  for (size_t i = 0; i < MOST_SEEDS; i++) n += drop[i].value > 3 * sd[i].value;
  return (double)n / MOST_SEEDS;
}

/* Shares of single runs of noise that fall by drop_half > 3 residual_sd, for which slow wander looks like a fall, and
 * by fall_p < 0.05, for which it does not; and the power of the latter at a share of 0.4, with the noise and a fifth of
 * it. */
static void single_runs_of_noise_rarely_fall(void **state)
{
  static double x[MOST_SEEDS * MOST_EPOCHS], falls[2][MOST_SEEDS * MOST_EPOCHS];
  int64_t epoch[MOST_EPOCHS];
  for (int e = 0; e < MOST_EPOCHS; e++) epoch[e] = e;
  if (prints)
    printf(
        "\n| noise | epochs | drop_half > 3 residual_sd | fall_p < 0.05 | at share 0.4 | at share 0.4, a fifth of the "
        "noise |\n|---|---|---|---|---|---|\n");
  for (int kind = 0; kind < N_NOISES; kind++)
    for (size_t n_epochs = 30; n_epochs <= MOST_EPOCHS; n_epochs += 240) {
      double white = 0, p = 0, power[2] = {0, 0}, sets = ceil(20. * (double)n_sets / MOST_SEEDS);
      ip_rng r = ip_rng_open(1, IP_RNG_TEST, (uint64_t)kind * 1000 + n_epochs);
      for (double set = 0; set < sets; set++) {
        for (size_t i = 0; i < MOST_SEEDS; i++) {
          draw_noise(kind, n_epochs, &r, x + i * n_epochs);
          for (size_t e = i * n_epochs; e < (i + 1) * n_epochs; e++) {
            double mean = 5 * hump((double)(e - i * n_epochs) / (double)(n_epochs - 1), 0.4, 0);
            falls[0][e] = mean + x[e];
            falls[1][e] = mean + 0.2 * x[e];
          }
        }
        ip_seed_series s = {MOST_SEEDS, n_epochs, epoch, x};
        white += share_of_white(&s, *state) / sets;
        p += share_below(IP_REDUCE_FALL_P, &s, 0.05, *state) / sets;
        for (int k = 0; k < 2; k++) {
          s.x = falls[k];
          power[k] += share_below(IP_REDUCE_FALL_P, &s, 0.05, *state) / sets;
        }
      }
      if (prints)
        printf("| %s | %zu | %.1f | %.1f | %.1f | %.1f |\n", noise_name[kind], n_epochs, 100 * white, 100 * p,
               100 * power[0], 100 * power[1]);
      assert_true(kind > 0 || white < 0.01);
      assert_true(p <= 0.05 + 3 * sqrt(0.05 * 0.95 / (sets * MOST_SEEDS)));
    }
}

/* ---------------------------------------------------------------- independent seeds */

typedef ip_decision decider(size_t n, ip_rng *r, double level, ip_scratch *sc);

static ip_decision above(double t, const ip_effect *e)
{
  return ip_test_decide(&(ip_test){.kind = IP_ABOVE, .a = t}, e);
}

static ip_decision normal_mean(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  ip_seed_value v[MOST_SEEDS];
  for (size_t i = 0; i < n; i++) v[i] = ip_seed_number(0.2 + ip_rng_normal(r));
  return decide_mean(n, v, level, 0.2, 1, sc);
}

static ip_decision exponential_mean(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  ip_seed_value v[MOST_SEEDS];
  for (size_t i = 0; i < n; i++) v[i] = ip_seed_number(-log1p(-ip_rng_uniform(r)));
  return decide_mean(n, v, level, 1, 1, sc);
}

static ip_decision normal_median(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  ip_seed_value v[MOST_SEEDS];
  ip_effect e;
  for (size_t i = 0; i < n; i++) v[i] = ip_seed_number(ip_rng_normal(r));
  CHECK_OK(ip_summary_median(n, v, level, sc, &e));
  return above(0, &e);
}

static ip_decision ratio_of_means(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  ip_seed_value a[MOST_SEEDS], b[MOST_SEEDS];
  ip_effect e;
  for (size_t i = 0; i < n; i++) {
    double common = 0.5 * ip_rng_normal(r);
    a[i] = ip_seed_number(1 + common + 0.5 * ip_rng_normal(r));
    b[i] = ip_seed_number(2 + common + 0.5 * ip_rng_normal(r));
  }
  CHECK_OK(ip_summary_ratio(n, a, b, level, 1, sc, &e));
  return above(0.5, &e);
}

static ip_decision share_of_runs(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  (void)sc;
  ip_seed_value v[MOST_SEEDS];
  ip_effect e;
  for (size_t i = 0; i < n; i++) v[i] = ip_seed_number(ip_rng_uniform(r) < 0.8);
  ip_summary_share(n, v, level, &e);
  return above(0.8, &e);
}

static void correlated(size_t n, double r, ip_rng *rng, ip_seed_value *x, ip_seed_value *y)
{
  for (size_t i = 0; i < n; i++) {
    double z = ip_rng_normal(rng);
    x[i] = ip_seed_number(z);
    y[i] = ip_seed_number(r * z + sqrt(1 - r * r) * ip_rng_normal(rng));
  }
}

static ip_decision rank_correlation(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  ip_seed_value x[MOST_SEEDS], y[MOST_SEEDS];
  ip_effect e;
  correlated(n, 0.5, r, x, y);
  CHECK_OK(ip_summary_corr(IP_SPEARMAN, n, x, y, level, sc, &e));
  return above(6 / acos(-1) * asin(0.25), &e); /* Spearman's rho of a normal distribution with r = 0.5 */
}

/* Five groups of n. Their correlations differ with a standard deviation of `between` in Fisher's z. */
static ip_decision pooled(size_t n, double between, ip_rng *r, double level, ip_scratch *sc)
{
  static ip_seed_value x[5 * MOST_SEEDS], y[5 * MOST_SEEDS];
  size_t group[5 * MOST_SEEDS];
  ip_effect e;
  for (size_t g = 0; g < 5; g++) {
    correlated(n, tanh(between * ip_rng_normal(r)), r, x + g * n, y + g * n);
    for (size_t i = 0; i < n; i++) group[g * n + i] = g, x[g * n + i].value += 9 * (double)g;
  }
  CHECK_OK(ip_summary_pooled_corr(IP_SPEARMAN, 5, 5 * n, x, y, group, level, sc, &e));
  return above(0, &e);
}

static ip_decision pooled_alike(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  return pooled(n, 0, r, level, sc);
}

static ip_decision pooled_different(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  return pooled(n, 0.3, r, level, sc);
}

/* Five groups whose means have the variance 1 (divisor 4), as much as there is within them. */
static ip_decision variance_share(size_t n, ip_rng *r, double level, ip_scratch *sc)
{
  static const double mean[5] = {-1.2649110640673518, -0.6324555320336759, 0, 0.6324555320336759, 1.2649110640673518};
  static ip_seed_value v[5 * MOST_SEEDS];
  ip_effect e;
  for (size_t i = 0; i < 5 * n; i++) v[i] = ip_seed_number(mean[i / n] + ip_rng_normal(r));
  CHECK_OK(ip_summary_variance_share(5, n, v, level, sc, &e));
  return above(0.5, &e);
}

static const struct {
  const char *name;
  decider *decide;
} summaries[] = {
    {"mean, normal", normal_mean},
    {"mean, exponential", exponential_mean},
    {"median, normal", normal_median},
    {"ratio", ratio_of_means},
    {"share_of_runs at 0.8", share_of_runs},
    {"Spearman's corr at 0.48", rank_correlation},
    {"pooled_corr, 5 equal groups", pooled_alike},
    {"pooled_corr, 5 unequal groups", pooled_different},
    {"variance_share at 0.5, 5 groups", variance_share},
};

/* With one look, and with three: undecided sets go on with more seeds. */
static void count_decisions(decider *d, size_t index, ip_scratch *sc, tally one[N_LOOKS], tally *looks)
{
  for (uint64_t set = 0; set < n_sets; set++) {
    ip_decision last = IP_UNDECIDED;
    for (int k = 0; k < N_LOOKS; k++) {
      ip_rng r = ip_rng_open(set, IP_RNG_TEST, index), again = r;
      count(d(seeds_at[k], &r, ip_claim_level(false, 1), sc), &one[k]);
      if (last == IP_UNDECIDED) last = d(seeds_at[k], &again, ip_claim_level(false, N_LOOKS), sc);
    }
    count(last, looks);
  }
  as_fractions(N_LOOKS, one);
  as_fractions(1, looks);
}

static void effects_at_their_threshold_are_rarely_decided(void **state)
{
  if (prints) printf("\n| summary | 12 seeds | 24 seeds | 48 seeds | three looks |\n|---|---|---|---|---|\n");
  for (size_t s = 0; s < sizeof summaries / sizeof *summaries; s++) {
    tally one[N_LOOKS] = {0}, looks = {0};
    count_decisions(summaries[s].decide, s, *state, one, &looks);
    if (prints) printf("| %s |", summaries[s].name);
    for (int k = 0; k < N_LOOKS && prints; k++) printf(" %.1f + %.1f |", 100 * one[k].holds, 100 * one[k].fails);
    if (prints) printf(" %.1f + %.1f |\n", 100 * looks.holds, 100 * looks.fails);
    for (int k = 0; k < N_LOOKS; k++)
      if (wrong(one[k]) > limit()) fail_msg("%s: wrong in %g of the sets", summaries[s].name, wrong(one[k]));
    if (wrong(looks) > limit()) fail_msg("%s, three looks: wrong in %g of the sets", summaries[s].name, wrong(looks));
  }
}

int main(int argc, char **argv)
{
  if (argc > 1) {
    n_sets = strtoul(argv[1], NULL, 10);
    prints = true;
    if (argc > 2) cmocka_set_test_filter(argv[2]);
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(drops_of_noise_are_rarely_decided),
      cmocka_unit_test(single_runs_of_noise_rarely_fall),
      cmocka_unit_test(effects_at_their_threshold_are_rarely_decided),
  };
  return cmocka_run_group_tests_name("claims/errors", tests, scratch_setup, scratch_teardown);
}
