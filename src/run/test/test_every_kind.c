/* Every estimator and every measure that there is, by any number of threads and with vectors of any width: the same
 * bits in all series. */
#include "base/rng.h"
#include "estimator/estimator.h"
#include "measure/measure.h"
#include "num/variant.h"
#include "run/test/hand.h"
#include "runfile/reader.h"

extern void openblas_set_num_threads(int n);

enum { N = 260, N_IN = 3, N_LAYERS = 3, N_EPOCHS = 2, N_CLASSES = 3, MOST_WIDTH = 6, MOST_VALUES = 2000 };
static float x[N * N_IN], t[N_EPOCHS][N_LAYERS][N * MOST_WIDTH], mean[N_EPOCHS][N * MOST_WIDTH];
static int32_t y[N];
static uint32_t x_id[N];
static uint8_t split[N];

static const float noise = 0.5f; /* standard deviation */

/* A first layer with noise, a narrow layer with repeated values, a softmax. */
static void draw_epoch(size_t e, ip_rng *r)
{
  for (size_t i = 0; i < N; i++) {
    float sum = 0;
    for (size_t k = 0; k < MOST_WIDTH; k++) {
      float *units = &t[e][0][i * MOST_WIDTH];
      mean[e][i * MOST_WIDTH + k] = x[i * N_IN + k % N_IN] * (float)(1 + e);
      units[k] = mean[e][i * MOST_WIDTH + k] + noise * (float)ip_rng_normal(r);
    }
    for (size_t k = 0; k < 2; k++) t[e][1][2 * i + k] = fmaxf(0, t[e][0][i * MOST_WIDTH + k]);
    for (size_t k = 0; k < N_CLASSES; k++) sum += expf(t[e][0][i * MOST_WIDTH + k]);
    for (size_t k = 0; k < N_CLASSES; k++) t[e][2][i * N_CLASSES + k] = expf(t[e][0][i * MOST_WIDTH + k]) / sum;
  }
}

static int draw(void **state)
{
  (void)state;
  openblas_set_num_threads(1); /* as the program does */
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) {
    x_id[i] = (uint32_t)i;
    y[i] = x[i * N_IN] > 1 ? 2 : x[i * N_IN] > 0;
    split[i] = i % 3 == 0;
  }
  for (size_t e = 0; e < N_EPOCHS; e++) draw_epoch(e, &r);
  return 0;
}

static void make_run(const char *path)
{
  static const ip_run_layer layer[N_LAYERS] = {
      {.kind = "hidden", .activation = "tanh", .width = MOST_WIDTH, .has_mean = true},
      {.kind = "hidden", .activation = "relu", .width = 2},
      {.kind = "output", .activation = "softmax", .width = N_CLASSES}};
  ip_run_head head = head_by_hand(N, x_id, N_CLASSES, y, N_LAYERS, layer);
  head.noise_variance = 0.25;
  head.split = split;
  head.n_in = N_IN;
  head.x = x;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    const float *units[N_LAYERS] = {t[e][0], t[e][1], t[e][2]}, *means[N_LAYERS] = {mean[e]};
    CHECK_OK(ip_run_writer_append(
        w, &(ip_snapshot){.epoch = (int64_t)e, .t = units, .mean = means, .next_epoch = (int64_t)e + 1}));
  }
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

/* All series of all groups of one part, one after the other; the number of those with a number. */
static size_t collect(const char *path, ip_run_part part, double v[MOST_VALUES], size_t *n)
{
  ip_run *r = open_run(path);
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  size_t n_groups = part == IP_RUN_MEASURES ? ip_run_n_measures(r) : ip_run_n_information(r), n_with = 0;
  *n = 0;
  for (size_t g = 0; g < n_groups; g++) {
    ip_information info;
    bool has_number = false;
    const char *label = part == IP_RUN_MEASURES ? ip_run_measure_name(r, g) : ip_run_information_name(r, g);
    CHECK_OK(ip_run_read_part(r, part, label, sc, &info));
    for (size_t s = 0; s < info.n_series; s++)
      for (size_t i = 0; i < N_EPOCHS * N_LAYERS; i++) {
        assert_true(*n < MOST_VALUES);
        v[(*n)++] = info.value[s][i];
        has_number |= isfinite(info.value[s][i]);
      }
    n_with += has_number;
  }
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
  return n_with;
}

static size_t count(const char *const *name)
{
  size_t n = 0;
  while (name[n]) n++;
  return n;
}

static void no_bit_of_any_series_depends_on_threads_or_vectors(void **state)
{
  (void)state;
  static const struct {
    size_t n_threads;
    int bits; /* of the widest vectors; 0: those of the processor */
  } way[] = {{1, 0}, {3, 0}, {1, 256}, {1, 128}};
  static double one[IP_N_RUN_PARTS][MOST_VALUES], several[MOST_VALUES];
  const char *const *estimator = ip_estimator_names(), *const *measure = ip_measure_names();
  ip_estimate_options opt = estimators(count(estimator), estimator);
  opt.n_measures = count(measure);
  opt.measure = measure;
  opt.bin_loss = true;
  opt.bootstrap = opt.null_shuffles = 3;
  char path[128];
  in_folder(path, "every.h5");
  make_run(path);
  for (size_t k = 0; k < sizeof way / sizeof *way; k++) {
    opt.n_threads = way[k].n_threads;
    ip_variant_limit(way[k].bits);
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    ip_variant_limit(0);
    for (ip_run_part part = 0; part < IP_N_RUN_PARTS; part++) {
      size_t n;
      double *v = k ? several : one[part];
      assert_int_equal(collect(path, part, v, &n), part == IP_RUN_MEASURES ? opt.n_measures : opt.n_estimators);
      assert_memory_equal(v, one[part], n * sizeof *v);
    }
  }
  unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(no_bit_of_any_series_depends_on_threads_or_vectors)};
  return cmocka_run_group_tests_name("run/every_kind", tests, draw, remove_folder);
}
