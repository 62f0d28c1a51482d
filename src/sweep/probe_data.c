#include "sweep/probe_data.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

static size_t at_most(size_t n, size_t most)
{
  return n < most ? n : most;
}

ip_probe_size ip_probe_choose(const ip_dataset *ds, double weights, size_t batch_size)
{
  double most = fmin(IP_PROBE_SAMPLES, IP_PROBE_WORK / weights), fraction = most / (double)ds->n;
  if (fraction >= 1) return (ip_probe_size){ds->n_train, ds->n_test};
  size_t batch = batch_size && batch_size <= IP_PROBE_SAMPLES ? batch_size : 1;
  size_t n_train = (size_t)(fraction * (double)ds->n_train) / batch * batch;
  size_t n_test = (size_t)ceil(fraction * (double)ds->n_test);
  if (n_train < 2 * batch) n_train = 2 * batch;
  return (ip_probe_size){at_most(n_train, ds->n_train), at_most(n_test, ds->n_test)};
}

/* Row i of the selection among the rows of the dataset: training rows first. */
static size_t row_of(const ip_dataset *ds, ip_probe_size size, size_t i)
{
  if (i < size.n_train) return ds->train[i * ds->n_train / size.n_train];
  return ds->test[(i - size.n_train) * ds->n_test / size.n_test];
}

/* Rows of one array; NULL, with IP_OK, where the dataset has none. */
static ip_status pick(const ip_dataset *ds, ip_probe_size size, const void *from, size_t row_bytes, void *out)
{
  size_t n = size.n_train + size.n_test;
  unsigned char *copy = NULL;
  if (from && !(copy = ip_alloc(n, row_bytes, "samples of a probe"))) return IP_ENOMEM;
  for (size_t i = 0; from && i < n; i++)
    memcpy(copy + i * row_bytes, (const unsigned char *)from + row_of(ds, size, i) * row_bytes, row_bytes);
  memcpy(out, &copy, sizeof copy);
  return IP_OK;
}

static ip_status write_rows(const ip_dataset *ds, ip_probe_size size, ip_dataset *some, const char *path)
{
  IP_TRY(pick(ds, size, ds->x, ds->n_in * sizeof *ds->x, &some->x));
  IP_TRY(pick(ds, size, ds->y, sizeof *ds->y, &some->y));
  IP_TRY(pick(ds, size, ds->split, sizeof *ds->split, &some->split));
  IP_TRY(pick(ds, size, ds->p_y_given_x, ds->n_classes * sizeof *ds->p_y_given_x, &some->p_y_given_x));
  IP_TRY(pick(ds, size, ds->targets, ds->n_targets * sizeof *ds->targets, &some->targets));
  return ip_dataset_write(some, path);
}

ip_status ip_probe_select(const ip_dataset *ds, ip_probe_size size, const char *path)
{
  ip_dataset some = *ds;
  some.n = size.n_train + size.n_test;
  some.x = some.p_y_given_x = some.targets = NULL;
  some.y = NULL;
  some.split = NULL;
  ip_status st = write_rows(ds, size, &some, path);
  ip_free(some.x);
  ip_free(some.y);
  ip_free(some.split);
  ip_free(some.p_y_given_x);
  ip_free(some.targets);
  return st;
}
