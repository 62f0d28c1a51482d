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
     "a317cdef273ba88b2d804c73efd94db90c276af7b79f7d48c38241c962d1eabc",
     "986623684920164e08e58b016270cf6ad8f34e325b7ab8af60a3348dd3d59ef9",
     6,
     {{"edges", {9.6794800995054455, 9.4143298824291506}, {0.99993134001532091, 0.98773621806410183}},
      {"width:size=0.5", {9.6794800995054455, 9.0279653248362504}, {0.99993134001532091, 0.96090694977141844}},
      {"equal_width:bins=20:range=run",
       {9.6517501458556598, 7.9288755301627551},
       {0.99692420198139819, 0.87087100611918578}},
      {"kde_upper", {9.6782268633000523, 9.2242410460688475}, {0.99990958054847623, 0.97657290646112227}},
      {"kde_lower", {0.94550232411869273, 0.52032279494908207}, {0.64061858480055989, 0.72214364271154152}},
      {"ksg", {7.6879576016015392, 4.6163365800816569}, {0.74612914790675511, 0.69902128801724484}}}},
    {"noise on every unit",
     "{hidden: [6, 4], activation: relu, noise_variance: 0.05}",
     "{epochs: 9, batch_size: 200, optimizer: momentum, momentum: 0.9, learning_rate: 0.02}",
     "c455290a5c7cecdeff290352ec6fc9c17f79789067d0cf9465e37a9db6c7aed1",
     "517a6fbd5ebac1759044a6f4272ee76312f6ac67f7c5320ce7990834ea4c78ea",
     1,
     {{"noisy:draws=1", {4.8683600479965978, 2.712194284650681}, {0.55569899436970938, 0.5134592774201937}}}},
    {"vib",
     "{hidden: [6, 4]}",
     "{epochs: 9, objective: vib, beta: 0.01, learning_rate: 0.01, shuffle: true}",
     "8ff0ec373d64f7bd15722d1b117236717f2fb27d087c6484837ac864e19a00a2",
     "7a52960475ac37738dd5f420da1dce55e57515d897a5d5c90dbaa19e7cb78aa2",
     0,
     {{0}}},
    {"quantised",
     "{hidden: [6, 4], quantise_bits: 3}",
     "{epochs: 9, batch_size: 128, optimizer: sgd, learning_rate: 0.2, shuffle: false}",
     "e8718845ffb02ba3ec3053c7b7e01434641040eda02074c10a382d8d52670b92",
     "b593dc1092df0bc266956f3194b5bc8f98a90af67cdb8767c4c35b658dcbc671",
     1,
     {{"exact", {9.5922730568172412, 6.4484179028316184}, {0.98773621806410006, 0.74609707642667722}}}},
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
  size_t n_symbols, mark = ip_scratch_mark(sc);
  for (int i = 0; i < EDGES; i++) edge[i] = (i - 10) / 10.0;
  CHECK_OK(IP_SCRATCH(sc, symbol, h->n, "symbols"));
  CHECK_OK(ip_codes_by_edges(&s, EDGES, edge, sc, symbol, &n_symbols));
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
