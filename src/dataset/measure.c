#include "base/mem.h"
#include "dataset/dataset.h"
#include "info/discrete.h"
#include "num/unique.h"

#include <string.h>

size_t ip_dataset_target_width(const ip_dataset *ds, bool regression)
{
  return regression && ds->targets ? ds->n_targets : ds->n_classes;
}

void ip_dataset_fill_target(const ip_dataset *ds, bool regression, float *target)
{
  size_t width = ip_dataset_target_width(ds, regression);
  const float *given = regression && ds->targets ? ds->targets : ds->p_y_given_x;
  if (given) {
    memcpy(target, given, ds->n * width * sizeof *target);
    return;
  }
  memset(target, 0, ds->n * width * sizeof *target);
  for (size_t r = 0; r < ds->n; r++) target[r * width + (size_t)ds->y[r]] = 1;
}

static ip_status entropy_of_numbers(size_t n, const uint32_t *id, size_t n_unique, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *count; // (n_unique)
  IP_TRY(IP_SCRATCH(sc, count, n_unique, "counts"));
  for (size_t i = 0; i < n; i++) count[id[i]]++;
  *bits = ip_entropy_counts_bits(n_unique, count);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* H(X,Y) by the distinct pairs that occur, so that memory grows with the samples, not with n_x n_classes. */
static ip_status measure_hard(const ip_dataset *ds, ip_scratch *sc, ip_dataset_information *out)
{
  uint64_t *pair;
  uint32_t *id;
  size_t n_pairs;
  double hxy_bits;
  IP_TRY(IP_SCRATCH(sc, pair, ds->n, "pairs (x, y)"));
  IP_TRY(IP_SCRATCH(sc, id, ds->n, "numbers of pairs"));
  for (size_t r = 0; r < ds->n; r++) id[r] = (uint32_t)ds->y[r];
  IP_TRY(entropy_of_numbers(ds->n, id, ds->n_classes, sc, &out->hy_bits));
  IP_TRY(entropy_of_numbers(ds->n, ds->x_id, ds->n_x, sc, &out->hx_bits));
  for (size_t r = 0; r < ds->n; r++) pair[r] = (uint64_t)ds->x_id[r] * ds->n_classes + (uint64_t)ds->y[r];
  IP_TRY(ip_unique_keys(ds->n, pair, 0, sc, id, &n_pairs));
  IP_TRY(entropy_of_numbers(ds->n, id, n_pairs, sc, &hxy_bits));
  out->hy_given_x_bits = hxy_bits - out->hx_bits; /* exactly 0 when x tells y: equal counts in equal order */
  out->ixy_bits = out->hy_bits - out->hy_given_x_bits;
  if (out->ixy_bits < 0) out->ixy_bits = 0;
  return IP_OK;
}

static ip_status measure_soft(const ip_dataset *ds, ip_scratch *sc, ip_dataset_information *out)
{
  double *joint; // (n_x, n_classes)
  ip_joint_measures m;
  IP_TRY(IP_SCRATCH(sc, joint, ds->n_x * ds->n_classes, "joint distribution p(x, y)"));
  for (size_t r = 0; r < ds->n; r++)
    for (size_t c = 0; c < ds->n_classes; c++)
      joint[ds->x_id[r] * ds->n_classes + c] += (double)ds->p_y_given_x[r * ds->n_classes + c] / (double)ds->n;
  IP_TRY(ip_joint_measure(ds->n_x, ds->n_classes, joint, sc, &m));
  *out = (ip_dataset_information){m.hx_bits, m.hy_bits, m.hy_given_x_bits, m.mi_bits};
  return IP_OK;
}

ip_status ip_dataset_measure(const ip_dataset *ds, ip_dataset_information *out)
{
  ip_scratch *sc = NULL;
  *out = (ip_dataset_information){0};
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) st = ds->p_y_given_x ? measure_soft(ds, sc, out) : measure_hard(ds, sc, out);
  ip_scratch_destroy(&sc);
  return st;
}
