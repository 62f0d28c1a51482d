/* read_run.c - read a run file: what was logged, the activations, and the estimates.
 *
 * usage: read_run RUN.h5
 *
 * Prints, of the file that write_run.c writes:
 *     exclusive_or: done, 4 samples, 2 classes, 2 epochs
 *     train/loss at epoch 1: 0.105 nats
 *     layer 1 (relu, 2 units): mean activation 0.500
 *     layer 2 (softmax, 2 units): mean activation 0.500
 *     edges, layer 1: I(X;T) = 1.500, I(T;Y) = 1.000 bits
 *     edges, layer 2: I(X;T) = 1.000, I(T;Y) = 1.000 bits
 */
#include <infoplane/infoplane.h>

#include <stdio.h>

/* Mean activation of layer k at the last logged epoch. */
static ip_status show_layer(ip_run *run, size_t k, ip_scratch *scratch)
{
  const ip_run_head *head = ip_run_head_of(run);
  size_t n = head->n * head->layer[k].width;
  float *t; // (n, width)
  IP_TRY(IP_SCRATCH(scratch, t, n, "activations"));
  IP_TRY(ip_run_read_activation(run, k, ip_run_n_epochs(run) - 1, t));
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)t[i];
  printf("layer %zu (%s, %zu units): mean activation %.3f\n", k + 1, head->layer[k].activation, head->layer[k].width,
         sum / (double)n);
  return IP_OK;
}

/* The last logged epoch of one estimator's series. */
static ip_status show_information(ip_run *run, const char *estimator, ip_scratch *scratch)
{
  size_t n_epochs = ip_run_n_epochs(run), n_layers = ip_run_head_of(run)->n_layers;
  double *ixt, *ity; // (n_epochs, n_layers)
  IP_TRY(IP_SCRATCH(scratch, ixt, n_epochs * n_layers, "I(X;T)"));
  IP_TRY(IP_SCRATCH(scratch, ity, n_epochs * n_layers, "I(T;Y)"));
  IP_TRY(ip_run_read_series(run, estimator, "ixt", ixt));
  IP_TRY(ip_run_read_series(run, estimator, "ity", ity));
  for (size_t k = 0; k < n_layers; k++) {
    size_t at = (n_epochs - 1) * n_layers + k;
    printf("%s, layer %zu: I(X;T) = %.3f, I(T;Y) = %.3f bits\n", estimator, k + 1, ixt[at], ity[at]);
  }
  return IP_OK;
}

static ip_status show(ip_run *run, ip_scratch *scratch)
{
  const ip_run_head *head = ip_run_head_of(run);
  size_t n_epochs = ip_run_n_epochs(run);
  printf("%s: %s, %zu samples, %zu classes, %zu epochs\n", head->name, ip_run_status(run), head->n, head->n_classes,
         n_epochs);
  if (n_epochs == 0) return IP_OK;
  double *loss; // (n_epochs)
  IP_TRY(IP_SCRATCH(scratch, loss, n_epochs, "losses"));
  IP_TRY(ip_run_read_metric(run, "train/loss", loss));
  printf("train/loss at epoch %lld: %.3f nats\n", (long long)ip_run_epochs(run)[n_epochs - 1], loss[n_epochs - 1]);
  for (size_t k = 0; k < head->n_layers && ip_run_has_activations(run); k++) IP_TRY(show_layer(run, k, scratch));
  for (size_t i = 0; i < ip_run_n_information(run); i++)
    IP_TRY(show_information(run, ip_run_information_name(run, i), scratch));
  return IP_OK;
}

int main(int argc, char **argv)
{
  if (argc != 2) return fprintf(stderr, "usage: read_run RUN.h5\n"), 2;
  ip_run *run = NULL;
  ip_scratch *scratch = NULL;
  ip_status st = ip_run_open(argv[1], &run);
  if (st == IP_OK) st = ip_scratch_create(&scratch);
  if (st == IP_OK) st = show(run, scratch);
  if (st != IP_OK) fprintf(stderr, "%s\n", ip_error_message());
  ip_scratch_destroy(&scratch);
  ip_run_close(&run);
  return ip_status_exit(st);
}
