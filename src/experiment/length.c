/* length.c - epochs and updates of a training, and the epochs that it logs. */
#include "experiment/experiment.h"

static int64_t updates_per_epoch(const ip_experiment *e, size_t n_train)
{
  if (n_train == 0) return 1;
  int64_t n = (int64_t)n_train, size = e->training.batch_size > 0 ? e->training.batch_size : n;
  return n / size + (n % size > 0 ? 1 : 0);
}

int64_t ip_experiment_n_epochs(const ip_experiment *e, size_t n_train)
{
  int64_t updates = e->training.updates, each = updates_per_epoch(e, n_train);
  return updates > 0 ? updates / each + (updates % each > 0 ? 1 : 0) : e->training.epochs;
}

int64_t ip_experiment_n_updates(const ip_experiment *e, size_t n_train)
{
  return e->training.updates > 0 ? e->training.updates : e->training.epochs * updates_per_epoch(e, n_train);
}

ip_status ip_experiment_length(const ip_experiment *e, int64_t *n_epochs)
{
  *n_epochs = e->training.epochs;
  if (e->training.updates == 0) return IP_OK;
  ip_dataset *ds;
  IP_TRY(ip_dataset_create(&e->dataset, e->seed, &ds));
  *n_epochs = ip_experiment_n_epochs(e, ds->n_train);
  ip_dataset_destroy(&ds);
  return IP_OK;
}

ip_status ip_experiment_epochs(const ip_experiment *e, int64_t n_epochs, size_t *n, int64_t **epoch)
{
  return ip_schedule_create(&e->log.schedule, n_epochs, n, epoch);
}
