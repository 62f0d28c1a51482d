#include "run/logged.h"

#include "base/mem.h"
#include "num/unique.h"

#include <string.h>

/* Copies the rows of one array of the dataset. row NULL: all. */
static ip_status pick(const void *from, size_t n, const uint32_t *row, size_t row_size, const char *what, void **to)
{
  unsigned char *copy = ip_alloc(n, row_size, what);
  if (!copy) return IP_ENOMEM;
  for (size_t i = 0; i < n; i++)
    memcpy(copy + i * row_size, (const unsigned char *)from + (row ? row[i] : i) * row_size, row_size);
  *to = copy;
  return IP_OK;
}

static ip_status number_inputs(ip_logged *l)
{
  ip_scratch *sc;
  uint64_t *key;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, key, l->n, "inputs");
  if (st == IP_OK) {
    for (size_t i = 0; i < l->n; i++) key[i] = l->x_id[i];
    st = ip_unique_keys(l->n, key, 0, sc, l->x_id, &l->n_x);
  }
  ip_scratch_destroy(&sc);
  return st;
}

/* row NULL: all. */
static ip_status pick_all(const ip_dataset *ds, size_t n, const uint32_t *row, ip_logged *out)
{
  void *x_id = NULL, *y = NULL, *split = NULL, *p = NULL, *target = NULL, *x = NULL;
  ip_status st = pick(ds->x_id, n, row, sizeof *ds->x_id, "inputs", &x_id);
  if (st == IP_OK) st = pick(ds->y, n, row, sizeof *ds->y, "labels", &y);
  if (st == IP_OK) st = pick(ds->split, n, row, sizeof *ds->split, "split", &split);
  if (st == IP_OK && ds->p_y_given_x)
    st = pick(ds->p_y_given_x, n, row, ds->n_classes * sizeof *ds->p_y_given_x, "label distributions", &p);
  if (st == IP_OK && ds->targets)
    st = pick(ds->targets, n, row, ds->n_targets * sizeof *ds->targets, "targets", &target);
  bool block = !row || (size_t)row[n - 1] - row[0] == n - 1; /* MNIST's test rows are one: nothing to copy */
  if (st == IP_OK && !block) st = pick(ds->x, n, row, ds->n_in * sizeof *ds->x, "logged inputs", &x);
  *out = (ip_logged){.n = n,
                     .x = block ? ds->x + (row ? (size_t)row[0] * ds->n_in : 0) : x,
                     .x_id = x_id,
                     .y = y,
                     .split = split,
                     .p_y_given_x = p,
                     .target = target,
                     .is_all = !row,
                     .own_x = x};
  return st == IP_OK ? number_inputs(out) : st;
}

ip_status ip_logged_select(const ip_dataset *ds, const ip_sample_rule *rule, ip_logged *out)
{
  const ip_sample_source source = {ds->n, ds->n_classes, ds->y, ds->split};
  ip_scratch *sc;
  size_t n;
  uint32_t *row;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_sample_choose(&source, rule, sc, &n, &row);
  if (st == IP_OK && !n)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG,
                      "log.samples: no samples to log: the dataset has no test samples");
  if (st == IP_OK) st = pick_all(ds, n, n < ds->n ? row : NULL, out);
  ip_scratch_destroy(&sc);
  return st;
}

void ip_logged_release(ip_logged *l)
{
  ip_free(l->x_id);
  ip_free(l->y);
  ip_free(l->split);
  ip_free(l->p_y_given_x);
  ip_free(l->target);
  ip_free(l->own_x);
  *l = (ip_logged){0};
}
