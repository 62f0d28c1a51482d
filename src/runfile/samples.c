#include "base/mem.h"
#include "info/discrete.h"
#include "num/unique.h"
#include "runfile/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Adds what to do to the failure that labels are of another shape or kind. */
static void advise_on_labels(void)
{
  char what[400];
  snprintf(what, sizeof what, "%s", ip_error_message());
  ip_error_clear();
  ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT,
               "%s; expected class numbers 0, 1, 2, ... (numpy: y.argmax(1) of one-hot labels, "
               "np.unique(y, return_inverse=True)[1] of strings and other numbers); write soft labels to "
               "/data/p_y_given_x and regression targets to /data/target",
               what);
}

/* Before memory is asked for: a file may declare more labels than any memory holds, and store none of them. */
static ip_status compare_with_first_layer(const ip_run *r)
{
  char name[IP_RUN_NAME_SIZE];
  ip_h5_shape shape;
  ip_run_layer_name(name, 0, "activation");
  if (ip_h5_kind_of(r->h, name) != IP_H5_DATASET) return IP_OK;
  IP_TRY(ip_h5_shape_of(r->h, name, &shape));
  IP_REQUIRE(shape.rank != 3 || shape.dim[1] == r->head.n, IP_EFORMAT,
             "%s: /data/y has %zu samples, but %s has %zu; layers and labels must have the same samples", r->path,
             r->head.n, name, shape.dim[1]);
  return IP_OK;
}

/* Reads an integer per sample, of which each must be from 0 to `most`; `expected` ends the message otherwise. */
static ip_status read_integers(const ip_run *r, const char *path, int64_t most, const char *expected,
                               int64_t *value /* (n) */)
{
  size_t n = r->head.n;
  IP_TRY(ip_h5_read(r->h, path, IP_H5_I64, n * sizeof *value, value));
  for (size_t i = 0; i < n; i++)
    IP_REQUIRE(value[i] >= 0 && value[i] <= most, IP_EFORMAT, "%s: %s[%zu]: got %lld%s", r->path, path, i,
               (long long)value[i], expected);
  return IP_OK;
}

ip_status ip_run_count_samples(ip_run *r)
{
  ip_h5_shape shape;
  ip_status st = ip_run_check(r, "/data/y", &shape);
  if (st == IP_EFORMAT && ip_h5_kind_of(r->h, "/data/y") == IP_H5_DATASET) advise_on_labels();
  IP_TRY(st);
  r->head.n = shape.dim[0];
  IP_TRY(compare_with_first_layer(r));
  IP_TRY(ip_h5_check_size(r->h, "/data/y", &shape, SIZE_MAX));
  IP_REQUIRE(r->head.n > 0, IP_EFORMAT, "%s: /data/y is empty; expected at least one sample", r->path);
  return IP_OK;
}

/* Labels of the samples, below IP_RUN_MAX_CLASSES. */
static ip_status read_labels(ip_run *r)
{
  ip_run_head *h = &r->head;
  IP_TRY(ip_run_count_samples(r));
  int64_t *wide;
  int32_t *y;
  IP_TRY(IP_SCRATCH(r->sc, y, h->n, "labels"));
  size_t mark = ip_scratch_mark(r->sc);
  IP_TRY(IP_SCRATCH(r->sc, wide, h->n, "labels"));
  char expected[64];
  snprintf(expected, sizeof expected, ", expected a label from 0 and below %d", IP_RUN_MAX_CLASSES);
  IP_TRY(read_integers(r, "/data/y", IP_RUN_MAX_CLASSES - 1, expected, wide));
  for (size_t i = 0; i < h->n; i++) {
    y[i] = (int32_t)wide[i];
    if ((size_t)y[i] >= h->n_classes) h->n_classes = (size_t)y[i] + 1;
  }
  ip_scratch_release(r->sc, mark);
  h->y = y;
  return IP_OK;
}

/* Numbers of the inputs. Where they leave out so many that there are more numbers than samples, the inputs get new ones
 * in the order of their first samples: which are equal is all that they say, and tables have a place for each. */
static ip_status read_inputs(ip_run *r)
{
  ip_run_head *h = &r->head;
  ip_h5_shape shape;
  uint64_t *key; // (n)
  uint32_t *x_id;
  IP_TRY(ip_run_check(r, "/data/x_id", &shape));
  IP_TRY(IP_SCRATCH(r->sc, x_id, h->n, "numbers of inputs"));
  size_t mark = ip_scratch_mark(r->sc);
  IP_TRY(IP_SCRATCH(r->sc, key, h->n, "numbers of inputs"));
  int64_t *wide = (int64_t *)key;
  IP_TRY(
      read_integers(r, "/data/x_id", (int64_t)UINT32_MAX - 1, "; distinct inputs must be numbered 0, 1, 2, ...", wide));
  for (size_t i = 0; i < h->n; i++) {
    x_id[i] = (uint32_t)wide[i];
    if (x_id[i] >= h->n_x) h->n_x = x_id[i] + (size_t)1;
  }
  if (h->n_x > h->n) IP_TRY(ip_unique_keys(h->n, key, 0, r->sc, x_id, &h->n_x));
  ip_scratch_release(r->sc, mark);
  h->x_id = x_id;
  return IP_OK;
}

static ip_status read_split(ip_run *r)
{
  ip_run_head *h = &r->head;
  ip_h5_shape shape;
  uint8_t *split;
  int64_t *wide; // (n)
  if (ip_h5_kind_of(r->h, "/data/split") == IP_H5_NOTHING) return IP_OK;
  IP_TRY(ip_run_check(r, "/data/split", &shape));
  IP_TRY(IP_SCRATCH(r->sc, split, h->n, "split"));
  size_t mark = ip_scratch_mark(r->sc);
  IP_TRY(IP_SCRATCH(r->sc, wide, h->n, "split"));
  IP_TRY(read_integers(r, "/data/split", 1, ", expected 0 (training) or 1 (test)", wide));
  for (size_t i = 0; i < h->n; i++) split[i] = (uint8_t)wide[i];
  ip_scratch_release(r->sc, mark);
  h->split = split;
  return IP_OK;
}

static ip_status read_soft_labels(ip_run *r)
{
  ip_run_head *h = &r->head;
  ip_h5_shape shape;
  float *p;
  if (ip_h5_kind_of(r->h, "/data/p_y_given_x") == IP_H5_NOTHING) return IP_OK;
  IP_TRY(ip_run_check(r, "/data/p_y_given_x", &shape));
  IP_REQUIRE(shape.dim[1] >= h->n_classes, IP_EFORMAT, "%s: /data/p_y_given_x has %zu columns for %zu classes", r->path,
             shape.dim[1], h->n_classes);
  IP_REQUIRE(shape.dim[1] <= IP_RUN_MAX_CLASSES, IP_EFORMAT,
             "%s: /data/p_y_given_x: got %zu columns, expected at most %d", r->path, shape.dim[1], IP_RUN_MAX_CLASSES);
  h->n_classes = shape.dim[1];
  IP_TRY(IP_SCRATCH(r->sc, p, h->n * h->n_classes, "soft labels"));
  IP_TRY(ip_h5_read(r->h, "/data/p_y_given_x", IP_H5_F32, h->n * h->n_classes * sizeof *p, p));
  h->p_y_given_x = p;
  return IP_OK;
}

static ip_status read_target(ip_run *r)
{
  ip_run_head *h = &r->head;
  ip_h5_shape shape;
  float *target;
  if (ip_h5_kind_of(r->h, "/data/target") == IP_H5_NOTHING) return IP_OK;
  IP_TRY(ip_run_check(r, "/data/target", &shape));
  h->n_targets = shape.dim[1];
  IP_TRY(IP_SCRATCH(r->sc, target, h->n * h->n_targets, "targets"));
  IP_TRY(ip_h5_read(r->h, "/data/target", IP_H5_F32, h->n * h->n_targets * sizeof *target, target));
  h->target = h->n_targets ? target : NULL;
  return IP_OK;
}

/* ---------------------------------------------------------------- H(X), H(Y), I(X;Y) of files that lack them */

/* Entropy of (n) keys, each as likely as the samples that have it, bits. */
static ip_status entropy_of(ip_scratch *sc, size_t n, const uint64_t *key, double *bits)
{
  size_t n_unique, mark = ip_scratch_mark(sc);
  uint32_t *id, *count;
  IP_TRY(IP_SCRATCH(sc, id, n, "values"));
  IP_TRY(ip_unique_keys(n, key, 0, sc, id, &n_unique));
  IP_TRY(IP_SCRATCH(sc, count, n_unique, "counts"));
  for (size_t i = 0; i < n; i++) count[id[i]]++;
  *bits = ip_entropy_counts_bits(n_unique, count);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Of soft labels: H(Y) of their mean, and I(X;Y) = H(Y) - H(Y|X) with H(Y|X) the mean of the rows' entropies. */
static ip_status soft_entropies(ip_scratch *sc, const ip_run_head *h, double *hy, double *ixy)
{
  double *mean, *row, h_given_x = 0;
  IP_TRY(IP_SCRATCH(sc, mean, h->n_classes, "p(y)"));
  IP_TRY(IP_SCRATCH(sc, row, h->n_classes, "p(y|x)"));
  for (size_t i = 0; i < h->n; i++) {
    for (size_t c = 0; c < h->n_classes; c++) {
      row[c] = (double)h->p_y_given_x[i * h->n_classes + c];
      mean[c] += row[c] / (double)h->n;
    }
    h_given_x += ip_entropy_bits(h->n_classes, row) / (double)h->n;
  }
  *hy = ip_entropy_bits(h->n_classes, mean);
  *ixy = fmax(0, *hy - h_given_x);
  return IP_OK;
}

static ip_status entropies(ip_scratch *sc, const ip_run_head *h, double *hx, double *hy, double *ixy)
{
  uint64_t *key;
  double hxy;
  IP_TRY(IP_SCRATCH(sc, key, h->n, "values"));
  for (size_t i = 0; i < h->n; i++) key[i] = h->x_id[i];
  IP_TRY(entropy_of(sc, h->n, key, hx));
  if (h->n_targets) return IP_OK; /* of a regression the labels are not Y */
  if (h->p_y_given_x) return soft_entropies(sc, h, hy, ixy);
  for (size_t i = 0; i < h->n; i++) key[i] = (uint64_t)h->x_id[i] << 32 | (uint32_t)h->y[i];
  IP_TRY(entropy_of(sc, h->n, key, &hxy));
  for (size_t i = 0; i < h->n; i++) key[i] = (uint32_t)h->y[i];
  IP_TRY(entropy_of(sc, h->n, key, hy));
  *ixy = fmax(0, *hx + *hy - hxy);
  return IP_OK;
}

/* Those that the file does not give, of the logged samples. Files of infoplane's own say what they know. */
static ip_status fill_entropies(ip_run *r)
{
  ip_run_head *h = &r->head;
  double hx = (double)NAN, hy = hx, ixy = hx;
  if (r->is_own || (!isnan(h->hx_bits) && !isnan(h->hy_bits) && !isnan(h->ixy_bits))) return IP_OK;
  size_t mark = ip_scratch_mark(r->sc);
  IP_TRY(entropies(r->sc, h, &hx, &hy, &ixy));
  ip_scratch_release(r->sc, mark);
  if (isnan(h->hx_bits)) h->hx_bits = hx;
  if (isnan(h->hy_bits)) h->hy_bits = hy;
  if (isnan(h->ixy_bits)) h->ixy_bits = ixy;
  return IP_OK;
}

/* ---------------------------------------------------------------- */

ip_status ip_run_read_samples(ip_run *r)
{
  ip_run_head *h = &r->head;
  ip_h5_shape shape;
  IP_TRY(read_labels(r));
  IP_TRY(read_inputs(r));
  IP_TRY(read_split(r));
  IP_TRY(read_soft_labels(r));
  IP_TRY(read_target(r));
  if (ip_h5_kind_of(r->h, "/data/x") != IP_H5_NOTHING) {
    IP_TRY(ip_run_check(r, "/data/x", &shape));
    h->n_in = shape.dim[1];
  }
  return fill_entropies(r);
}

ip_status ip_run_load_samples(ip_run *r)
{
  if (!r->lacks_samples) return IP_OK;
  r->lacks_samples = false;
  return ip_run_read_samples(r);
}

ip_status ip_run_load_inputs(ip_run *r)
{
  ip_run_head *h = &r->head;
  IP_TRY(ip_run_load_samples(r));
  if (h->x || !h->n_in) return IP_OK;
  float *x;
  IP_TRY(IP_SCRATCH(r->sc, x, h->n * h->n_in, "inputs"));
  IP_TRY(ip_h5_read(r->h, "/data/x", IP_H5_F32, h->n * h->n_in * sizeof *x, x));
  h->x = x;
  return IP_OK;
}
