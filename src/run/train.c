#include "base/mem.h"
#include "base/rng.h"
#include "base/stop.h"
#include "base/team.h"
#include "num/random.h"
#include "run/logged.h"
#include "run/metrics.h"
#include "run/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A network whose accuracy on the training samples is not better than always naming the most frequent class by this
 * much has not learned. */
#define FIT_MARGIN 0.05

static const char *const layer_metric[] = {IP_NAME_WEIGHT_NORM, IP_NAME_CONSTANT_UNITS, IP_NAME_GRADIENT_MEAN,
                                           IP_NAME_GRADIENT_STD};
enum { WEIGHT_NORM, CONSTANT_UNITS, GRADIENT_MEAN, GRADIENT_STD, N_LAYER_METRICS };

typedef struct trainer {
  const ip_experiment *e;
  const char *path;
  ip_progress *progress;
  ip_dataset *ds;
  const float *target; // (ds->n, n_out): labels, or the inputs of ds
  float *labels;       // NULL if the inputs are the targets
  uint32_t *order;     // (n_train) rows in the order of this epoch
  ip_network *net;
  ip_team *team;
  size_t n_layers;
  ip_metrics *metrics;
  ip_logged logged;
  ip_run_layer *layer;         // (n_layers)
  ip_network_name *layer_name; // (n_layers)
  float **t, **mean;           // (n_layers) of (logged.n, width); mean: before noise, NULL for layers without
  double *metric;              // (n_metrics)
  double *by_layer;            // (N_LAYER_METRICS, n_layers)
  void *state;
  size_t n_epochs, e_next; /* logged epochs, and which is the next */
  int64_t *epoch;          // (n_epochs)
  int64_t begin;           /* where training begins, or goes on */
  int64_t epochs, updates; /* of the whole training */
  bool diverged;
  int64_t diverged_at;
  ip_run_writer *writer;
} trainer;

/* ---------------------------------------------------------------- before the first epoch */

static ip_status prepare_targets(trainer *tr, size_t *n_out)
{
  bool regression = tr->e->network.output == IP_OUTPUT_LINEAR;
  *n_out = tr->ds->n_in;
  tr->target = tr->ds->x;
  if (tr->e->training.targets == IP_TARGETS_INPUTS) return IP_OK;
  *n_out = ip_dataset_target_width(tr->ds, regression);
  IP_TRY(IP_NEW(tr->labels, tr->ds->n * *n_out, "targets"));
  ip_dataset_fill_target(tr->ds, regression, tr->labels);
  tr->target = tr->labels;
  return IP_OK;
}

static ip_status prepare_data(trainer *tr)
{
  const ip_experiment *e = tr->e;
  IP_TRY(ip_dataset_create(&e->dataset, e->seed, &tr->ds));
  IP_TRY(ip_experiment_check_data(e, tr->ds));
  size_t n_out;
  IP_TRY(prepare_targets(tr, &n_out));
  IP_TRY(IP_NEW(tr->order, tr->ds->n_train, "order of the samples"));
  const ip_sample_rule rule = {.which = e->log.samples, .most = (size_t)e->log.max_samples, .seed = e->seed};
  IP_TRY(ip_logged_select(tr->ds, &rule, &tr->logged));
  tr->epochs = ip_experiment_n_epochs(e, tr->ds->n_train);
  tr->updates = ip_experiment_n_updates(e, tr->ds->n_train);
  ip_training_options training = e->training;
  training.updates = tr->updates;
  ip_network_options o = e->network;
  memcpy(o.shape, tr->ds->shape, sizeof o.shape);
  o.positions = e->log.conv;
  return ip_network_create(&o, &training, tr->ds->n_in, n_out, e->seed, &tr->net);
}

/* After the data have been read, perhaps by a child: the child of a process with threads may wait for ever for a lock
 * that one of them held. */
static ip_status start_threads(trainer *tr, size_t n_threads)
{
  if (tr->e->training.threads > 0) n_threads = (size_t)tr->e->training.threads;
  IP_TRY(ip_team_create(n_threads, &tr->team));
  ip_network_use_team(tr->net, tr->team);
  return IP_OK;
}

static ip_status prepare_log(trainer *tr)
{
  tr->n_layers = ip_network_n_layers(tr->net);
  IP_TRY(ip_experiment_epochs(tr->e, tr->epochs, &tr->n_epochs, &tr->epoch));
  IP_TRY(ip_metrics_create(tr->ds, tr->target, tr->e->network.output, tr->e->training.targets,
                           tr->e->training.objective, tr->n_layers, tr->logged.n, tr->logged.x, &tr->metrics));
  IP_TRY(IP_NEW(tr->metric, ip_metrics_n(tr->metrics), "metrics"));
  IP_TRY(IP_NEW(tr->by_layer, N_LAYER_METRICS * tr->n_layers, "metrics of the layers"));
  IP_TRY(IP_NEW(tr->layer, tr->n_layers, "layers"));
  IP_TRY(IP_NEW(tr->layer_name, tr->n_layers, "layers"));
  IP_TRY(IP_NEW(tr->t, tr->n_layers, "layers"));
  IP_TRY(IP_NEW(tr->mean, tr->n_layers, "layers"));
  tr->state = ip_alloc(ip_network_state_size(tr->net), 1, "state of the network");
  if (!tr->state) return IP_ENOMEM;
  for (size_t k = 0; k < tr->n_layers; k++) {
    tr->layer_name[k] = ip_network_layer_name(tr->net, k);
    tr->layer[k] = (ip_run_layer){.kind = k + 1 < tr->n_layers ? "hidden" : "output",
                                  .activation = ip_network_activation_name(tr->net, k),
                                  .name = tr->e->network.n_layers ? tr->layer_name[k].text : NULL,
                                  .width = ip_network_width(tr->net, k),
                                  .has_mean = ip_network_layer_is_noisy(tr->net, k)};
    size_t size = tr->logged.n * tr->layer[k].width;
    IP_TRY(IP_NEW(tr->t[k], size, "activations"));
    if (tr->layer[k].has_mean) IP_TRY(IP_NEW(tr->mean[k], size, "activations before noise"));
  }
  return IP_OK;
}

/* What the file says about the run. `config` is to be freed. */
static ip_status describe(const trainer *tr, char **config, ip_run_head *head)
{
  const ip_experiment *e = tr->e;
  ip_dataset_information info;
  IP_TRY(ip_dataset_measure(tr->ds, &info));
  IP_TRY(ip_experiment_text(e, config));
  *head = (ip_run_head){
      .name = e->run_name,
      .experiment = e->name,
      .config = *config,
      .digest = e->digest,
      .estimate_digest = "",
      .seed = e->seed,
      .dataset = tr->ds->name,
      .dataset_sha256 = tr->ds->sha256,
      .objective = ip_objective_names()[e->training.objective],
      .noise_variance = e->network.noise_variance,
      .multiplicative_noise = e->network.multiplicative_noise,
      .dropout = e->network.dropout,
      .quantize_bits = (int)e->network.quantize_bits,
      .quantize_output = e->network.quantize_output,
      .hx_bits = info.hx_bits,
      .hy_bits = info.hy_bits,
      .ixy_bits = info.ixy_bits,
      .epochs = tr->epochs,
      .n_planned = tr->n_epochs,
      .n = tr->logged.n,
      .n_x = tr->logged.n_x,
      .n_classes = tr->ds->n_classes,
      .x_id = tr->logged.x_id,
      .y = tr->logged.y,
      .split = tr->logged.split,
      .p_y_given_x = tr->logged.p_y_given_x,
      .n_targets = tr->ds->n_targets,
      .target = tr->logged.target,
      .n_in = tr->ds->n_in,
      .x = tr->logged.x,
      .n_layers = tr->n_layers,
      .layer = tr->layer,
      .n_metrics = ip_metrics_n(tr->metrics),
      .metric = ip_metrics_names(tr->metrics),
      .n_layer_metrics = N_LAYER_METRICS,
      .layer_metric = layer_metric,
  };
  return IP_OK;
}

/* Whether the file ends after a logged epoch of this run. */
static bool is_resumable(const trainer *tr)
{
  return tr->e_next > 0 && tr->e_next <= tr->n_epochs && tr->begin == tr->epoch[tr->e_next - 1] + 1;
}

/* Takes up the file of an interrupted run where it stands, or begins one. */
static ip_status open_with(trainer *tr, const ip_run_head *head)
{
  size_t n_state = 0;
  void *state = NULL;
  IP_TRY(ip_run_writer_resume(tr->path, head, &tr->writer, &tr->e_next, &tr->begin, &n_state, &state));
  ip_status st = IP_OK;
  if (tr->writer && is_resumable(tr))
    st = ip_network_state_set(tr->net, state, n_state);
  else {
    ip_run_writer_destroy(&tr->writer);
    tr->e_next = 0;
    tr->begin = 0;
    st = ip_run_writer_create(tr->path, head, &tr->writer);
  }
  ip_free(state);
  return st;
}

static ip_status open_file(trainer *tr)
{
  char *config = NULL;
  ip_run_head head;
  IP_TRY(describe(tr, &config, &head));
  ip_status st = open_with(tr, &head);
  ip_free(config);
  return st;
}

/* ---------------------------------------------------------------- epochs */

/* The rows of the epoch: their order is a function of the seed and the epoch alone. */
static void order_samples(trainer *tr, int64_t epoch)
{
  memcpy(tr->order, tr->ds->train, tr->ds->n_train * sizeof *tr->order);
  ip_rng r = ip_rng_open(tr->e->seed, IP_RNG_SHUFFLE, tr->e->training.shuffle ? (uint64_t)epoch : 0);
  ip_shuffle(&r, tr->ds->n_train, tr->order);
}

/* The last epoch ends with the last update. Parameters that are not finite stay so: looking at the last batch's loss
 * finds all divergence of the epoch. */
static ip_status train_epoch(trainer *tr, int64_t epoch)
{
  size_t n = tr->ds->n_train, size = tr->e->training.batch_size ? (size_t)tr->e->training.batch_size : n;
  if (tr->e->training.shuffle || epoch == tr->begin) order_samples(tr, epoch);
  if (!tr->e->training.shuffle && epoch == tr->begin) IP_TRY(ip_network_keep_batches(tr->net, tr->order, n));
  int64_t update = epoch * (int64_t)((n + size - 1) / size);
  for (size_t i = 0; i < n && update < tr->updates; i += size) {
    IP_TRY(ip_stop_check());
    update++;
    size_t left = n - i < size ? n - i : size;
    double loss_sum = 0;
    bool last = i + size >= n || update == tr->updates;
    IP_TRY(ip_network_train_batch(tr->net, tr->ds->x, tr->target, tr->order + i, left, last ? &loss_sum : NULL));
    if (!isfinite(loss_sum)) tr->diverged = true;
  }
  if (tr->diverged) tr->diverged_at = epoch;
  return IP_OK;
}

/* Units that are the same for every logged sample: dead ones, of a ReLU. */
static size_t count_constant_units(const float *t, size_t n, size_t width)
{
  size_t count = 0;
  for (size_t u = 0; u < width; u++) {
    size_t i = 1;
    while (i < n && t[i * width + u] == t[u]) i++;
    count += i >= n;
  }
  return count;
}

/* The state before the epoch's updates, into the buffers of the snapshot. */
static ip_status observe(trainer *tr)
{
  if (tr->logged.is_all) {
    IP_TRY(ip_metrics_observe(tr->metrics, tr->net, tr->t, tr->mean));
  } else {
    IP_TRY(ip_network_sample(tr->net, tr->logged.x, NULL, tr->logged.n, 0, tr->t, tr->mean));
  }
  IP_TRY(ip_metrics_measure(tr->metrics, tr->net, tr->metric));
  if (!isfinite(tr->metric[ip_metrics_find(tr->metrics, IP_NAME_TRAIN_LOSS)])) tr->diverged = true;
  ip_network_weight_norms(tr->net, tr->by_layer + WEIGHT_NORM * tr->n_layers);
  for (size_t k = 0; k < tr->n_layers; k++)
    tr->by_layer[CONSTANT_UNITS * tr->n_layers + k] =
        (double)count_constant_units(tr->t[k], tr->logged.n, tr->layer[k].width);
  return IP_OK;
}

static ip_status append(trainer *tr, int64_t epoch)
{
  size_t n_state = ip_network_state_size(tr->net);
  ip_network_state_get(tr->net, tr->state);
  ip_snapshot s = {
      .epoch = epoch,
      .metric = tr->metric,
      .layer_metric = tr->by_layer,
      .t = (const float *const *)tr->t,
      .mean = (const float *const *)tr->mean,
      .next_epoch = epoch + 1,
      .n_state = n_state,
      .state = tr->state,
  };
  IP_TRY(ip_run_writer_append(tr->writer, &s));
  tr->e_next++;
  return IP_OK;
}

/* An epoch that is logged: its state before, the gradients of its batches, its state after to go on from. */
static ip_status log_and_train_epoch(trainer *tr, int64_t epoch)
{
  double *mean = tr->by_layer + GRADIENT_MEAN * tr->n_layers, *sd = tr->by_layer + GRADIENT_STD * tr->n_layers;
  IP_TRY(observe(tr));
  if (tr->diverged) {
    tr->diverged_at = epoch;
    return IP_OK;
  }
  if (epoch < tr->epochs) {
    IP_TRY(ip_network_gradient_begin(tr->net));
    IP_TRY(train_epoch(tr, epoch));
    ip_network_gradient_end(tr->net, mean, sd);
  } else {
    for (size_t k = 0; k < tr->n_layers; k++) mean[k] = sd[k] = NAN;
  }
  return append(tr, epoch);
}

static ip_status train_epochs(trainer *tr)
{
  int64_t epochs = tr->epochs;
  for (int64_t epoch = tr->begin; epoch <= epochs && !tr->diverged; epoch++) {
    bool logged = tr->e_next < tr->n_epochs && tr->epoch[tr->e_next] == epoch;
    if (logged)
      IP_TRY(log_and_train_epoch(tr, epoch));
    else if (epoch < epochs)
      IP_TRY(train_epoch(tr, epoch));
    ip_progress_update(tr->progress, (double)(epoch < epochs ? epoch + 1 : epochs), NULL);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the end */

static double majority_share(const ip_dataset *ds, size_t *count /* (n_classes) */)
{
  size_t most = 0;
  for (size_t i = 0; i < ds->n_train; i++) {
    size_t c = ++count[ds->y[ds->train[i]]];
    if (c > most) most = c;
  }
  return (double)most / (double)ds->n_train;
}

static ip_status check_fit(trainer *tr, char *reason, size_t size)
{
  *reason = 0;
  if (tr->diverged) {
    snprintf(reason, size, "the loss was not finite at epoch %lld", (long long)tr->diverged_at);
    return IP_OK;
  }
  double accuracy = tr->metric[ip_metrics_find(tr->metrics, IP_NAME_TRAIN_ACCURACY)];
  if (isnan(accuracy)) return IP_OK;
  size_t *count;
  IP_TRY(IP_NEW(count, tr->ds->n_classes, "class counts"));
  double share = majority_share(tr->ds, count);
  ip_free(count);
  if (accuracy < share + FIT_MARGIN)
    snprintf(reason, size, "training accuracy %.4f is within %.2f of the fraction of the most frequent class, %.4f",
             accuracy, FIT_MARGIN, share);
  return IP_OK;
}

/* Keeps a trained network with at least half of a layer's units dead, with a note in `reason`: its information is not
 * typical. */
static void remark(const trainer *tr, char *text, size_t size)
{
  const double *constant = tr->by_layer + CONSTANT_UNITS * tr->n_layers;
  for (size_t k = 0; k + 1 < tr->n_layers; k++)
    if (2 * constant[k] >= (double)tr->layer[k].width) {
      snprintf(text, size, "layer %zu: %.0f of %zu units are constant over all samples (dead)", k + 1, constant[k],
               tr->layer[k].width);
      return;
    }
}

static ip_status end_file(trainer *tr)
{
  IP_TRY(ip_metrics_measure(tr->metrics, tr->net, tr->metric));
  char reason[256];
  IP_TRY(check_fit(tr, reason, sizeof reason));
  bool failed = *reason;
  if (!failed) remark(tr, reason, sizeof reason);
  ip_run_end end = {
      .status = failed ? IP_RUN_FAILED_TO_FIT : IP_RUN_DONE,
      .reason = reason,
      .n_metrics = ip_metrics_n(tr->metrics),
      .metric = ip_metrics_names(tr->metrics),
      .value = tr->metric,
  };
  return ip_run_writer_end(tr->writer, &end);
}

static void release(trainer *tr)
{
  ip_run_writer_destroy(&tr->writer);
  for (size_t k = 0; tr->t && k < tr->n_layers; k++) ip_free(tr->t[k]);
  for (size_t k = 0; tr->mean && k < tr->n_layers; k++) ip_free(tr->mean[k]);
  ip_free(tr->t);
  ip_free(tr->mean);
  ip_free(tr->layer);
  ip_free(tr->layer_name);
  ip_free(tr->by_layer);
  ip_free(tr->metric);
  ip_free(tr->state);
  ip_free(tr->epoch);
  ip_free(tr->order);
  ip_free(tr->labels);
  ip_logged_release(&tr->logged);
  ip_metrics_destroy(&tr->metrics);
  ip_network_destroy(&tr->net);
  ip_team_destroy(&tr->team);
  ip_dataset_destroy(&tr->ds);
}

ip_status ip_run_train(const ip_experiment *point, const char *path, size_t n_threads, ip_progress *progress)
{
  trainer tr = {.e = point, .path = path, .progress = progress};
  ip_status st;
  IP_TRY_GOTO(st, prepare_data(&tr), done);
  IP_TRY_GOTO(st, start_threads(&tr, n_threads), done);
  IP_TRY_GOTO(st, prepare_log(&tr), done);
  IP_TRY_GOTO(st, open_file(&tr), done);
  IP_TRY_GOTO(st, train_epochs(&tr), done);
  IP_TRY_GOTO(st, end_file(&tr), done);
done:
  release(&tr);
  return st;
}
