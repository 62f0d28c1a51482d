/* bench_train - time of training epochs, one line on stdout: seconds of processor time of each of the epochs asked for.
 *
 *     bench_train sphere|mnist|mnist-few|lenet|wide EPOCHS [THREADS [BATCH [HIDDEN]]]
 *
 * sphere: 12-10-7-5-4-3-2, tanh, Adam 4e-4, 3276 samples, batches of 256 (the last one smaller).
 * mnist: 784-1024-20-20-20-10, tanh, SGD 1e-3, 12800 samples, batches of 128; mnist-few: 256 samples.
 * lenet: LeNet-5 with ReLU and largest units, Adam 1e-3, 6400 images of 28x28, batches of 128. wide: convolutions of
 * 32 and 64 channels with kernels of 3, a dense layer of 128 units, 640 images. HIDDEN are
 * other widths of the hidden layers, separated by commas.
 * Times are of the processor with one thread, of the wall with more. Samples are random; the order is shuffled before
 * each epoch, as the trainer does. scripts/bench/train compares.
 */
#include "base/mem.h"
#include "base/rng.h"
#include "network/network.h"
#include "num/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct task {
  const char *name;
  const size_t *hidden;
  size_t n_hidden, n_in, n_out, n, batch;
  ip_training_options training;
  const char *const *layers; // (n_layers)
  size_t n_layers;
} task;

static const size_t sphere_hidden[] = {10, 7, 5, 4, 3}, mnist_hidden[] = {1024, 20, 20, 20};
static const char *const lenet[] = {
    "conv:channels=6:kernel=5:padding=2", "maxpool:size=2", "conv:channels=16:kernel=5", "maxpool:size=2", "120", "84"};
static const char *const wide[] = {"conv:channels=32:kernel=3:padding=1", "maxpool:size=2",
                                   "conv:channels=64:kernel=3:padding=1", "maxpool:size=2", "128"};
#define ADAM .optimizer = IP_ADAM, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8
#define MNIST                                                                                                          \
  .hidden = mnist_hidden, .n_hidden = 4, .n_in = 784, .n_out = 10, .batch = 128,                                       \
  .training = {.optimizer = IP_SGD, .learning_rate = 1e-3}
#define IMAGES .n_in = 784, .n_out = 10, .batch = 128, .training = {ADAM, .learning_rate = 1e-3}
static const task tasks[] = {
    {.name = "sphere",
     .hidden = sphere_hidden,
     .n_hidden = 5,
     .n_in = 12,
     .n_out = 2,
     .n = 3276,
     .batch = 256,
     .training = {ADAM, .learning_rate = 4e-4}},
    {.name = "mnist", MNIST, .n = 12800},
    {.name = "mnist-few", MNIST, .n = 256},
    {.name = "lenet", IMAGES, .layers = lenet, .n_layers = 6, .n = 6400},
    {.name = "wide", IMAGES, .layers = wide, .n_layers = 5, .n = 640},
};

static ip_status draw(const task *t, ip_scratch *sc, float **x, float **target, uint32_t **index)
{
  IP_TRY(IP_SCRATCH(sc, *x, t->n * t->n_in, "samples"));
  IP_TRY(IP_SCRATCH(sc, *target, t->n * t->n_out, "targets"));
  IP_TRY(IP_SCRATCH(sc, *index, t->n, "order of the samples"));
  ip_rng r = ip_rng_open(1, IP_RNG_TASK, 0);
  for (size_t i = 0; i < t->n * t->n_in; i++) (*x)[i] = (float)ip_rng_below(&r, 2);
  for (size_t i = 0; i < t->n; i++) {
    (*target)[i * t->n_out + ip_rng_below(&r, t->n_out)] = 1;
    (*index)[i] = (uint32_t)i;
  }
  return IP_OK;
}

static ip_status epoch(const task *t, ip_network *net, uint64_t e, const float *x, const float *target, uint32_t *index)
{
  ip_rng r = ip_rng_open(1, IP_RNG_SHUFFLE, e);
  ip_shuffle(&r, t->n, index);
  for (size_t from = 0; from < t->n; from += t->batch) {
    size_t n = t->n - from < t->batch ? t->n - from : t->batch;
    IP_TRY(ip_network_train_batch(net, x, target, index + from, n, NULL));
  }
  return IP_OK;
}

/* Processor time does not count what other programs take meanwhile, but adds up over threads. */
static double seconds(size_t n_threads)
{
  struct timespec t;
  clock_gettime(n_threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static ip_status bench(const task *t, uint64_t n_epochs, size_t n_threads, ip_scratch *sc)
{
  float *x, *target;
  uint32_t *index;
  IP_TRY(draw(t, sc, &x, &target, &index));
  ip_network_options o = {.hidden = t->hidden,
                          .n_hidden = t->n_hidden,
                          .layers = t->layers,
                          .n_layers = t->n_layers,
                          .shape = {1, 28, 28},
                          .activation = t->n_layers ? IP_RELU : IP_TANH,
                          .output = IP_OUTPUT_SOFTMAX,
                          .initializer = IP_GLOROT_UNIFORM,
                          .output_initializer = IP_INITIALIZER_SAME};
  ip_network *net;
  IP_TRY(ip_network_create(&o, &t->training, t->n_in, t->n_out, 1, &net));
  ip_team *team;
  ip_status st = ip_team_create(n_threads, &team);
  ip_network_use_team(net, team);
  for (uint64_t e = 0; st == IP_OK && e < n_epochs; e++) {
    double start = seconds(n_threads);
    st = epoch(t, net, e, x, target, index);
    printf("%s%.9g", e ? " " : "", seconds(n_threads) - start);
  }
  printf("\n");
  ip_network_destroy(&net);
  ip_team_destroy(&team);
  return st;
}

enum { MOST_HIDDEN = 128 };

/* width (MOST_HIDDEN) of a list like 10,7,5; returns how many, 0 where it is none. */
static size_t read_widths(const char *list, size_t *width)
{
  size_t n = 0;
  for (char *end; n < MOST_HIDDEN; list = end + 1) {
    width[n] = strtoull(list, &end, 10);
    if (end == list || width[n] == 0) return 0;
    n++;
    if (*end != ',') return *end ? 0 : n;
  }
  return 0;
}

int main(int argc, char **argv)
{
  task t = {.name = NULL};
  for (size_t k = 0; argc >= 3 && argc <= 6 && k < sizeof tasks / sizeof *tasks; k++)
    if (strcmp(argv[1], tasks[k].name) == 0) t = tasks[k];
  size_t width[MOST_HIDDEN];
  if (t.name && argc > 5) {
    t.hidden = width;
    t.n_hidden = read_widths(argv[5], width);
  }
  if (!t.name || t.n_hidden + t.n_layers == 0) {
    fprintf(stderr, "usage: bench_train sphere|mnist|mnist-few|lenet|wide EPOCHS [THREADS [BATCH [HIDDEN]]]\n");
    return 2;
  }
  ip_scratch *sc = NULL;
  ip_status st = ip_scratch_create(&sc);
  size_t n_threads = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
  if (argc > 4) t.batch = strtoull(argv[4], NULL, 10);
  if (st == IP_OK) st = bench(&t, strtoull(argv[2], NULL, 10), n_threads, sc);
  if (sc) ip_scratch_destroy(&sc);
  if (st != IP_OK) fprintf(stderr, "bench_train: %s\n", ip_error_message());
  return ip_status_exit(st);
}
