/* Runs whose numbers must never change unnoticed: the activations and bin counts of four tiny ones to the last bit, and
 * the estimates of eight estimators to 1e-11 (libm and LAPACK are not equal everywhere).
 *
 * A number that changes is a fault, unless what it covers was changed on purpose: then the change goes into the notes
 * of the release, and the new numbers, which this test prints, take the place of the old ones. */
#include "estimator/codes.h"
#include "file/digest.h"
#include "num/variant.h"
#include "run/test/runs.h"

enum { MOST_UNITS = 6, MOST_ESTIMATORS = 6, LAYERS = 3, EPOCHS = 3, EDGES = 21 };

/* Of the last logged epoch, for the two hidden layers. */
typedef struct {
  const char *estimator;
  double ixt[2], ity[2];
} estimates;

typedef struct {
  const char *name, *network, *training;
  const char *activations, *counts; /* SHA-256 */
  size_t n_estimates;
  estimates expected[MOST_ESTIMATORS];
} golden;

static const golden runs[] = {
    {"plain",
     "{hidden: [6, 4]}",
     "{epochs: 9, batch_size: 128, learning_rate: 0.01, shuffle: true}",
     "42eea446057206d8761501518efb7786954efa2a06e8d2e748a428cd77e2a95d",
     "a3acecd6a086142a10fd95cacf752ce6cbad4108642d0ce0efdb506eff76a7ed",
     6,
     {{"edges", {9.6794800995054455, 9.2868441967112449}, {0.99890117867371586, 0.98426703233225155}},
      {"width:size=0.5", {9.6794800995054455, 8.8766937218522681}, {0.99890117867371586, 0.95711500488531343}},
      {"equal_width:bins=20:range=run",
       {9.66717774591012, 7.532464294756168},
       {0.99692773071080731, 0.86443590264591619}},
      {"kde_upper", {9.6794338317810809, 9.0566954719529384}, {0.99888766579693, 0.97578053622681904}},
      {"kde_lower", {1.3133367757348997, 0.4237452389653063}, {0.66932404798934997, 0.71335420843526121}},
      {"ksg", {8.2265675944687757, 4.2064369656670779}, {0.80278366849969984, 0.68831515850091218}}}},
    {"noise on every unit",
     "{hidden: [6, 4], activation: relu, noise_variance: 0.05}",
     "{epochs: 9, batch_size: 200, optimizer: momentum, momentum: 0.9, learning_rate: 0.02}",
     "a8ccca75c62ec9e40e8372742be4c3509e48db7d74a0fb74ab4ef77c6db5de6c",
     "93148958c3d0bdeba39ebb3412154ffe6f4fd89aac4ed3cb8c2e85a14feef18f",
     1,
     {{"noisy:draws=1", {4.8439341968951357, 2.6729235324708371}, {0.56716586407006209, 0.48752772153675122}}}},
    {"vib",
     "{hidden: [6, 4]}",
     "{epochs: 9, objective: vib, beta: 0.01, learning_rate: 0.01, shuffle: true}",
     "eaa6464ca6604303fe2cd174c1cf60629cd7a240b8f0cd6a586a15b4ad2a7646",
     "941b87390e91061706bf1723a02bcaf18cb1e9e76b3f30527f8cd72c6e13f99c",
     0,
     {{0}}},
    {"quantized",
     "{hidden: [6, 4], quantize_bits: 3}",
     "{epochs: 9, batch_size: 128, optimizer: sgd, learning_rate: 0.2, shuffle: false}",
     "9fa7500156eaaa9b4fa3f0a2fc8c0b890764a415f4e610980097f936e89c9921",
     "de586ee4bf0b9c0feeecdc17c89044a75dd716cdd42744684b0876c5cbe93306",
     1,
     {{"exact", {9.5873950080367543, 6.4046043439653868}, {0.99402312989322894, 0.72215191358456732}}}},
};

static void make_run(const golden *g, const char *path)
{
  char text[600], list[200] = "";
  for (size_t i = 0; i < g->n_estimates; i++)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s'%s'", i ? ", " : "", g->expected[i].estimator);
  snprintf(text, sizeof text,
           "name: golden\nseed: 7\nnetwork: %s\ntraining: %s\nlog: {schedule: list, list: [0, 4, 9], samples: test}\n"
           "estimators: [%s]\n",
           g->network, g->training, *list ? list : "edges");
  ip_experiment *point = point_of(text, NULL, NULL);
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  ip_experiment_destroy(&point);
}

static int by_size(const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* How often each symbol of T occurs, ascending, with bins of 0.1 over [-1, 1]. */
static void add_counts(const ip_run_head *h, size_t k, const float *t, ip_scratch *sc, ip_digest *d)
{
  ip_samples s = {.n = h->n, .width = h->layer[k].width, .t = t};
  double edge[EDGES];
  uint32_t *symbol, *count;
  ip_key_rows rows;
  size_t n_symbols, mark = ip_scratch_mark(sc);
  for (int i = 0; i < EDGES; i++) edge[i] = (i - 10) / 10.0;
  CHECK_OK(IP_SCRATCH(sc, symbol, h->n, "symbols"));
  CHECK_OK(ip_codes_by_edges(&s, EDGES, edge, sc, &rows));
  CHECK_OK(ip_unique_rows(s.n, rows.n_words, rows.word, sc, symbol, &n_symbols));
  CHECK_OK(IP_SCRATCH(sc, count, n_symbols, "counts"));
  for (size_t i = 0; i < h->n; i++) count[symbol[i]]++;
  qsort(count, n_symbols, sizeof *count, by_size);
  ip_digest_add(d, count, n_symbols * sizeof *count);
  ip_scratch_release(sc, mark);
}

static size_t check_digest(const golden *g, const char *what, ip_digest *d, const char *expected)
{
  char text[IP_DIGEST_TEXT];
  ip_digest_end(d, text);
  if (!strcmp(text, expected)) return 0;
  fprintf(stderr, "%s, %s: %s\n", g->name, what, text);
  return 1;
}

static size_t check_bits(const golden *g, ip_run *r)
{
  const ip_run_head *h = ip_run_head_of(r);
  ip_digest bits, counts;
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  ip_digest_begin(&bits);
  ip_digest_begin(&counts);
  assert_int_equal(ip_run_n_epochs(r), EPOCHS);
  assert_int_equal(h->n_layers, LAYERS);
  for (size_t k = 0; k < LAYERS; k++)
    for (size_t e = 0; e < EPOCHS; e++) {
      static float t[4096 * MOST_UNITS];
      CHECK_OK(ip_run_read_activation(r, k, e, t));
      ip_digest_add(&bits, t, h->n * h->layer[k].width * sizeof *t);
      add_counts(h, k, t, sc, &counts);
    }
  ip_scratch_destroy(&sc);
  return check_digest(g, "activations", &bits, g->activations) + check_digest(g, "bin counts", &counts, g->counts);
}

static size_t check_estimates(const golden *g, ip_run *r)
{
  size_t wrong = 0;
  for (size_t i = 0; i < g->n_estimates; i++) {
    const estimates *is = &g->expected[i];
    double ixt[EPOCHS * LAYERS], ity[EPOCHS * LAYERS];
    CHECK_OK(ip_run_read_series(r, ip_run_information_name(r, i), "ixt", ixt));
    CHECK_OK(ip_run_read_series(r, ip_run_information_name(r, i), "ity", ity));
    const double *x = ixt + (EPOCHS - 1) * LAYERS, *y = ity + (EPOCHS - 1) * LAYERS;
    bool same = true;
    for (size_t k = 0; k < 2; k++)
      same = same && fabs(x[k] / is->ixt[k] - 1) <= 1e-11 && fabs(y[k] / is->ity[k] - 1) <= 1e-11;
    if (!same)
      fprintf(stderr, "%s, %s: {%.17g, %.17g}, {%.17g, %.17g}\n", g->name, is->estimator, x[0], x[1], y[0], y[1]);
    wrong += !same;
  }
  return wrong;
}

static void check_runs(int bits)
{
  size_t wrong = 0;
  ip_variant_limit(bits);
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    char path[128];
    in_folder(path, "golden.h5");
    make_run(&runs[i], path);
    ip_run *r = open_run(path);
    wrong += check_bits(&runs[i], r);
    wrong += check_estimates(&runs[i], r);
    ip_run_close(&r);
    unlink(path);
  }
  ip_variant_limit(0);
  assert_int_equal(wrong, 0);
}

static void tiny_runs_have_the_bits_and_estimates_they_always_had(void **state)
{
  (void)state;
  check_runs(0);
}

static void they_have_them_without_wide_vectors(void **state)
{
  (void)state;
  check_runs(128);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tiny_runs_have_the_bits_and_estimates_they_always_had),
      cmocka_unit_test(they_have_them_without_wide_vectors),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
