/* write_run.c - write a run file: the layers of a network at two epochs, with estimates.
 *
 * usage: write_run RUN.h5        then, for example: infoplane estimate RUN.h5 --estimator edges
 *
 * The inputs are all pairs of bits and the label is their exclusive or. At epoch 0 every activation is 0. At epoch 1
 * the two hidden units are OR and AND of the inputs: T has the values 00, 10, 10 and 11, so I(X;T) = H(T) = 1.5 bits,
 * and the output layer knows the label: 1 bit.
 *
 * Prints:
 *     epoch 0, layer 1: I(X;T) = 0.0, I(T;Y) = 0.0 bits
 *     epoch 0, layer 2: I(X;T) = 0.0, I(T;Y) = 0.0 bits
 *     epoch 1, layer 1: I(X;T) = 1.5, I(T;Y) = 1.0 bits
 *     epoch 1, layer 2: I(X;T) = 1.0, I(T;Y) = 1.0 bits
 */
#include <infoplane/infoplane.h>

#include <stdio.h>

enum { N = 4, LAYERS = 2, EPOCHS = 2, WIDTH = 2 };

static const uint32_t x_id[N] = {0, 1, 2, 3};
static const int32_t y[N] = {0, 1, 1, 0};
static const float t[EPOCHS][LAYERS][N * WIDTH] = {
    {{0}, {0}},
    {{0, 0, 1, 0, 1, 0, 1, 1}, {0.9F, 0.1F, 0.1F, 0.9F, 0.1F, 0.9F, 0.9F, 0.1F}},
};
static const double train_loss[EPOCHS] = {0.693, 0.105}; /* nats */

static const ip_run_layer layer[LAYERS] = {
    {.kind = "hidden", .activation = "relu", .width = WIDTH},
    {.kind = "output", .activation = "softmax", .width = WIDTH},
};
static const char *const metric[] = {"train/loss"};

/* RUN.h5.part, epoch by epoch; after a crash, the file has every epoch that was appended. */
static ip_status write(ip_run_writer *writer)
{
  for (int e = 0; e < EPOCHS; e++) {
    const float *const activation[LAYERS] = {t[e][0], t[e][1]};
    ip_snapshot snapshot = {.epoch = e, .metric = &train_loss[e], .t = activation, .next_epoch = e + 1};
    IP_TRY(ip_run_writer_append(writer, &snapshot));
  }
  ip_run_end end = {.status = "done", .reason = "", .n_metrics = 1, .metric = metric, .value = &train_loss[EPOCHS - 1]};
  return ip_run_writer_end(writer, &end);
}

/* Adds /information/edges: series of (epochs, layers). */
static ip_status add_estimates(const char *path, const ip_estimator *estimator, ip_scratch *scratch)
{
  double ixt[EPOCHS * LAYERS], ity[EPOCHS * LAYERS];
  for (int e = 0; e < EPOCHS; e++)
    for (int k = 0; k < LAYERS; k++) {
      ip_samples samples = {.n = N, .width = WIDTH, .t = t[e][k], .n_x = N, .x_id = x_id, .y = y, .n_y = 2};
      ip_estimate found;
      IP_TRY(ip_estimator_run(estimator, &samples, scratch, &found));
      ixt[e * LAYERS + k] = found.ixt_bits;
      ity[e * LAYERS + k] = found.ity_bits;
      printf("epoch %d, layer %d: I(X;T) = %.1f, I(T;Y) = %.1f bits\n", e, k + 1, found.ixt_bits, found.ity_bits);
    }
  const char *const series[] = {"ixt", "ity"};
  double *const value[] = {ixt, ity};
  ip_information information = {.estimator = ip_estimator_label(estimator),
                                .n_epochs = EPOCHS,
                                .n_layers = LAYERS,
                                .n_series = 2,
                                .series = series,
                                .value = value};
  return ip_run_add_information(path, 1, &information, NULL, true);
}

int main(int argc, char **argv)
{
  if (argc != 2) return fprintf(stderr, "usage: write_run RUN.h5\n"), 2;
  ip_run_head head = {.name = "exclusive_or",
                      .n_planned = EPOCHS,
                      .n = N,
                      .n_x = N,
                      .n_classes = 2,
                      .x_id = x_id,
                      .y = y,
                      .n_layers = LAYERS,
                      .layer = layer,
                      .n_metrics = 1,
                      .metric = metric};
  ip_run_writer *writer = NULL;
  ip_status st = ip_run_writer_create(argv[1], &head, &writer);
  if (st == IP_OK) st = write(writer);
  ip_run_writer_destroy(&writer);
  if (st == IP_OK) st = ip_run_publish(argv[1], true);

  ip_estimator *estimator = NULL;
  ip_scratch *scratch = NULL;
  if (st == IP_OK) st = ip_estimator_create("edges", 1, &estimator);
  if (st == IP_OK) st = ip_scratch_create(&scratch);
  if (st == IP_OK) st = add_estimates(argv[1], estimator, scratch);
  if (st != IP_OK) fprintf(stderr, "%s\n", ip_error_message());
  ip_scratch_destroy(&scratch);
  ip_estimator_destroy(&estimator);
  return ip_status_exit(st);
}
