/* More threads than logged epochs. */
#include "base/rng.h"
#include "base/stop.h"
#include "run/test/hand.h"

enum { N = 700, WIDTH = 2, EPOCHS = 2, N_SPECS = 3 };
static const char *const spec[N_SPECS] = {"kde_upper", "ksg", "renyi:x=index:max_samples=100"};
static float t[EPOCHS * N * WIDTH], x[N * WIDTH];
static int32_t y[N];

static ip_estimate_options options(size_t n_threads)
{
  return (ip_estimate_options){
      .n_estimators = N_SPECS, .estimator = spec, .seed = 1, .n_threads = n_threads, .level = 0.95};
}

static void make_run(const char *path)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * WIDTH; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < EPOCHS * N * WIDTH; i++) t[i] = x[i % (N * WIDTH)] + (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) y[i] = x[i * WIDTH] > 0;
  write_by_hand(
      path,
      (hand_run){.n = N, .width = WIDTH, .n_epochs = EPOCHS, .t = t, .y = y, .n_classes = 2, .x = x, .n_in = WIDTH});
}

static void threads_beyond_the_epochs_change_no_bit(void **state)
{
  (void)state;
  static const size_t n_threads[] = {1, 2, 3, 8};
  char path[128];
  in_folder(path, "threads.h5");
  make_run(path);
  double first[N_SPECS][2][EPOCHS], again[EPOCHS];
  for (size_t k = 0; k < 4; k++) {
    ip_estimate_options opt = options(n_threads[k]);
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    for (size_t i = 0; i < N_SPECS; i++)
      for (int which = 0; which < 2; which++) {
        double *v = k ? again : first[i][which];
        series_of(path, spec[i], which ? "ity" : "ixt", v);
        assert_true(v[0] > 0);
        assert_memory_equal(v, first[i][which], sizeof again);
      }
  }
  unlink(path);
}

static void a_request_to_stop_is_honoured_by_any_number_of_threads(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "stopped.h5");
  make_run(path);
  for (size_t n = 1; n <= 8; n++) {
    ip_estimate_options opt = options(n);
    ip_stop_set(true);
    CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_ESTOPPED, "stopped on request");
    ip_stop_set(false);
  }
  unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_beyond_the_epochs_change_no_bit),
      cmocka_unit_test(a_request_to_stop_is_honoured_by_any_number_of_threads),
  };
  return cmocka_run_group_tests_name("run/estimate_threads", tests, NULL, remove_folder);
}
