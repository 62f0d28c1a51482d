#include "runfile/from_npz.h"

#include "base/mem.h"
#include "dataset/labels.h"
#include "file/digest.h"
#include "file/npy.h"
#include "num/one_hot.h"
#include "num/unique.h"
#include "runfile/runfile.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

typedef struct {
  ip_npy *file;
  const char *path;
  ip_scratch *sc;
  ip_run_head head;
  size_t n_epochs;
  int64_t *epoch;             // (n_epochs)
  const ip_npy_array **layer; // (head.n_layers)
} import;

static const char *const reserved[] = {"y", "p_y_given_x", "target", "targets", "x", "x_id", "split", "epoch"};

static bool is_layer(const ip_npy_array *a)
{
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (strcmp(a->name, reserved[i]) == 0) return false;
  return true;
}

/* --- Arrays with one row a sample */

static ip_status wrong_shape(const import *in, const ip_npy_array *a, const char *expected)
{
  char text[80];
  IP_FAIL(IP_EFORMAT, "%s: %s has the shape %s%s; expected %s", in->path, a->name, ip_npy_shape_text(a, text),
          ip_npy_is_text(a) ? " of texts" : "", expected);
}

/* The first of these arrays decides how many samples the archive has. */
static ip_status count_samples(import *in)
{
  for (size_t i = 0; i < 4; i++) {
    const ip_npy_array *a = ip_npy_find(in->file, reserved[i]);
    if (!a) continue;
    if (a->rank < 1 || a->n == 0) return wrong_shape(in, a, "one row for each sample");
    in->head.n = a->dim[0];
    return IP_OK;
  }
  IP_FAIL(IP_EFORMAT,
          "%s: no array y; expected labels y (n), or p_y_given_x (n, classes) or target (n, targets), beside the "
          "activations",
          in->path);
}

/* An array of numbers with `n` rows in new scratch memory, (n, *width); NULL if it is not there. `width` NULL: (n). */
static ip_status read_rows(import *in, const char *name, size_t n, size_t *width, double **value)
{
  const ip_npy_array *a = ip_npy_find(in->file, name);
  *value = NULL;
  if (!a) return IP_OK;
  bool fits = !ip_npy_is_text(a) && a->n > 0 && (a->rank ? a->dim[0] : 1) == n && (width || a->n == n);
  if (!fits) return wrong_shape(in, a, width ? "numbers, one row for each sample" : "numbers in one dimension");
  IP_TRY(IP_SCRATCH(in->sc, *value, a->n, name));
  IP_TRY(ip_npy_read(in->file, a, 0, a->n, *value));
  if (width) *width = a->n / n;
  return IP_OK;
}

static ip_status read_floats(import *in, const char *name, size_t *width, const float **out)
{
  double *value;
  float *narrow;
  IP_TRY(read_rows(in, name, in->head.n, width, &value));
  if (!value) return IP_OK;
  IP_TRY(IP_SCRATCH(in->sc, narrow, in->head.n * *width, name));
  for (size_t i = 0; i < in->head.n * *width; i++) narrow[i] = (float)value[i];
  *out = narrow;
  return IP_OK;
}

/* Integers from 0 to `most`. */
static ip_status read_integers(import *in, const char *name, size_t n, double most, double **value)
{
  IP_TRY(read_rows(in, name, n, NULL, value));
  for (size_t i = 0; *value && i < n; i++)
    IP_REQUIRE((*value)[i] >= 0 && (*value)[i] <= most && (*value)[i] == floor((*value)[i]), IP_EFORMAT,
               "%s: %s: element %zu (from 0) is %g; expected integers from 0 to %.0f", in->path, name, i, (*value)[i],
               most);
  return IP_OK;
}

/* --- Labels and inputs */

static int by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Texts become their numbers in alphabetical order. */
static ip_status number_texts(import *in, const ip_npy_array *a, int32_t *y)
{
  const char **text, **sorted;
  size_t n = in->head.n, n_distinct = 0;
  if (a->n != n) return wrong_shape(in, a, "a list of labels");
  IP_TRY(ip_npy_read_texts(in->file, a, in->sc, &text));
  IP_TRY(IP_SCRATCH(in->sc, sorted, n, "labels"));
  memcpy(sorted, text, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, by_text);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || strcmp(sorted[i], sorted[n_distinct - 1]) != 0) sorted[n_distinct++] = sorted[i];
  IP_REQUIRE(n_distinct <= IP_RUN_MAX_CLASSES, IP_EFORMAT, "%s: y has %zu distinct labels; expected at most %d",
             in->path, n_distinct, IP_RUN_MAX_CLASSES);
  for (size_t i = 0; i < n; i++)
    y[i] = (int32_t)((const char **)bsearch(&text[i], sorted, n_distinct, sizeof *sorted, by_text) - sorted);
  return IP_OK;
}

/* Labels -1 and 1 become 0 and 1. */
static void number_two(size_t n, double *value)
{
  bool other = false, one[2] = {false, false};
  for (size_t i = 0; i < n; i++) {
    if (value[i] != -1 && value[i] != 1)
      other = true;
    else
      one[value[i] > 0] = true;
  }
  for (size_t i = 0; i < n && !other && one[0] && one[1]; i++) value[i] = value[i] > 0;
}

static ip_status take_numbers(import *in, double *value, int32_t *y)
{
  number_two(in->head.n, value);
  for (size_t i = 0; i < in->head.n; i++) {
    double v = value[i];
    IP_REQUIRE(v >= 0 && v < IP_RUN_MAX_CLASSES && v == floor(v), IP_EFORMAT,
               "%s: y: element %zu (from 0) is %g; expected integers from 0 to %d, or -1 and 1 "
               "(np.unique(y, return_inverse=True)[1] numbers other labels)",
               in->path, i, v, IP_RUN_MAX_CLASSES - 1);
    y[i] = (int32_t)v;
  }
  return IP_OK;
}

/* Rows of which one column is 1, that of the class. */
static ip_status take_one_hot(import *in, size_t width, const double *value, int32_t *y)
{
  IP_REQUIRE(width <= IP_RUN_MAX_CLASSES, IP_EFORMAT, "%s: y has %zu columns; expected at most %d classes", in->path,
             width, IP_RUN_MAX_CLASSES);
  for (size_t i = 0; i < in->head.n; i++) {
    size_t class = ip_one_hot_class(width, value + i * width, 1);
    IP_REQUIRE(class < width, IP_EFORMAT,
               "%s: y: row %zu (from 0) is not one-hot; expected one label for each sample, or one 1 in each row and 0 "
               "elsewhere; soft labels belong in p_y_given_x, real-valued targets in target",
               in->path, i);
    y[i] = (int32_t) class;
  }
  in->head.n_classes = width;
  return IP_OK;
}

/* y of the archive: texts, numbers or one-hot rows. */
static ip_status take_labels(import *in, const ip_npy_array *a, int32_t *y)
{
  double *value;
  size_t width = 0;
  if (ip_npy_is_text(a)) return number_texts(in, a, y);
  if (a->rank > 2 && a->n != in->head.n) return wrong_shape(in, a, "one label for each sample, or one-hot rows");
  IP_TRY(read_rows(in, "y", in->head.n, &width, &value));
  assert(value); /* the archive has y */
  return width > 1 ? take_one_hot(in, width, value, y) : take_numbers(in, value, y);
}

static ip_status read_labels(import *in)
{
  ip_run_head *h = &in->head;
  const ip_npy_array *a = ip_npy_find(in->file, "y");
  int32_t *y; // (n)
  size_t n_soft = 0;
  IP_TRY(IP_SCRATCH(in->sc, y, h->n, "labels"));
  IP_TRY(read_floats(in, "p_y_given_x", &n_soft, &h->p_y_given_x));
  IP_TRY(read_floats(in, ip_npy_find(in->file, "target") ? "target" : "targets", &h->n_targets, &h->target));
  h->n_classes = 1;
  if (a) IP_TRY(take_labels(in, a, y));
  if (n_soft > h->n_classes) h->n_classes = n_soft;
  for (size_t i = 0; i < h->n; i++) {
    if (!a && h->p_y_given_x) y[i] = ip_labels_most_probable(n_soft, h->p_y_given_x + i * n_soft);
    if ((size_t)y[i] >= h->n_classes) h->n_classes = (size_t)y[i] + 1;
  }
  h->y = y;
  return IP_OK;
}

/* Equal rows of x are the same input. */
static ip_status number_inputs(import *in, size_t width, double *x, uint32_t *id)
{
  uint64_t *row; // (n, width)
  size_t size = in->head.n * width;
  IP_TRY(IP_SCRATCH(in->sc, row, size, "bits of the inputs"));
  for (size_t i = 0; i < size; i++) x[i] += 0.0; /* -0 + 0 = 0 */
  memcpy(row, x, size * sizeof *row);
  return ip_unique_rows(in->head.n, width, row, in->sc, id, &in->head.n_x);
}

static ip_status read_inputs(import *in)
{
  ip_run_head *h = &in->head;
  uint32_t *id; // (n)
  double *x, *number;
  IP_TRY(IP_SCRATCH(in->sc, id, h->n, "numbers of the inputs"));
  IP_TRY(read_integers(in, "x_id", h->n, UINT32_MAX - 1, &number));
  IP_TRY(read_rows(in, "x", h->n, &h->n_in, &x));
  if (x) IP_TRY(read_floats(in, "x", &h->n_in, &h->x));
  h->n_x = h->n;
  if (x && !number) IP_TRY(number_inputs(in, h->n_in, x, id));
  for (size_t i = 0; i < h->n && !(x && !number); i++) {
    id[i] = number ? (uint32_t)number[i] : (uint32_t)i;
    if (id[i] >= h->n_x) h->n_x = (size_t)id[i] + 1;
  }
  h->x_id = id;
  return IP_OK;
}

static ip_status read_split(import *in)
{
  double *value;
  uint8_t *split; // (n)
  IP_TRY(read_integers(in, "split", in->head.n, 1, &value));
  if (!value) return IP_OK;
  IP_TRY(IP_SCRATCH(in->sc, split, in->head.n, "split"));
  for (size_t i = 0; i < in->head.n; i++) split[i] = (uint8_t)value[i];
  in->head.split = split;
  return IP_OK;
}

/* --- Layers and epochs */

/* The epochs of the archive: of the array epoch, or 0, 1, ... as many as layers have. */
static ip_status read_epochs(import *in)
{
  const ip_npy_array *a = ip_npy_find(in->file, "epoch");
  double *value = NULL;
  in->n_epochs = 1;
  if (a) {
    in->n_epochs = a->n;
    IP_TRY(read_integers(in, "epoch", a->n, 0x1p53, &value));
  } else
    for (size_t k = 0; k < in->head.n_layers; k++)
      if (in->layer[k]->rank == 3) in->n_epochs = in->layer[k]->dim[0];
  IP_TRY(IP_SCRATCH(in->sc, in->epoch, in->n_epochs, "epochs"));
  for (size_t e = 0; e < in->n_epochs; e++) {
    in->epoch[e] = value ? (int64_t)value[e] : (int64_t)e;
    IP_REQUIRE(e == 0 || in->epoch[e] > in->epoch[e - 1], IP_EFORMAT,
               "%s: epoch: %lld follows %lld; expected ascending epochs", in->path, (long long)in->epoch[e],
               (long long)in->epoch[e - 1]);
  }
  return IP_OK;
}

static ip_status check_layer(const import *in, const ip_npy_array *a)
{
  bool all = a->rank == 3 && a->dim[0] == in->n_epochs && a->dim[1] == in->head.n;
  bool single = a->rank == 2 && a->dim[0] == in->head.n && in->n_epochs == 1;
  const char *expected;
  if ((all || single) && a->n > 0 && !ip_npy_is_text(a)) return IP_OK;
  IP_TRY(ip_scratch_format(in->sc, &expected,
                           "activations (%zu, %zu, units)%s: one vector a sample, so reshape or average the maps of a "
                           "convolution. Other arrays are y, x, x_id, split, epoch, p_y_given_x and target",
                           in->n_epochs, in->head.n, in->n_epochs == 1 ? ", or without the 1" : ""));
  return wrong_shape(in, a, expected);
}

static ip_status find_layers(import *in)
{
  ip_run_layer *layer; // (n_layers)
  size_t n = ip_npy_n_arrays(in->file);
  IP_TRY(IP_SCRATCH(in->sc, in->layer, n, "layers"));
  IP_TRY(IP_SCRATCH(in->sc, layer, n, "layers"));
  for (size_t i = 0; i < n; i++) {
    const ip_npy_array *a = ip_npy_array_at(in->file, i);
    if (is_layer(a)) in->layer[in->head.n_layers++] = a;
  }
  IP_REQUIRE(in->head.n_layers > 0, IP_EFORMAT,
             "%s: no activations; expected an array for each layer, (samples, units) or (epochs, samples, units)",
             in->path);
  IP_TRY(read_epochs(in));
  for (size_t k = 0; k < in->head.n_layers; k++) {
    const ip_npy_array *a = in->layer[k];
    IP_TRY(check_layer(in, a));
    bool last = k + 1 == in->head.n_layers;
    layer[k] = (ip_run_layer){
        .kind = last ? "output" : "hidden", .activation = "", .name = a->name, .width = a->dim[a->rank - 1]};
  }
  in->head.layer = layer;
  in->head.n_planned = in->n_epochs;
  in->head.epochs = in->epoch[in->n_epochs - 1];
  return IP_OK;
}

/* --- Writing */

static ip_status read_activations(import *in, size_t e, float *const *t, double *value)
{
  for (size_t k = 0; k < in->head.n_layers; k++) {
    size_t size = in->head.n * in->head.layer[k].width;
    IP_TRY(ip_npy_read(in->file, in->layer[k], e * size, size, value));
    for (size_t i = 0; i < size; i++) t[k][i] = (float)value[i];
  }
  return IP_OK;
}

static ip_status write_epochs(import *in, ip_run_writer *w)
{
  float **t; // (n_layers) of (n, width)
  double *value;
  size_t widest = 0;
  IP_TRY(IP_SCRATCH(in->sc, t, in->head.n_layers, "activations"));
  for (size_t k = 0; k < in->head.n_layers; k++) {
    size_t width = in->head.layer[k].width;
    if (width > widest) widest = width;
    IP_TRY(IP_SCRATCH(in->sc, t[k], in->head.n * width, "activations"));
  }
  IP_TRY(IP_SCRATCH(in->sc, value, in->head.n * widest, "activations"));
  for (size_t e = 0; e < in->n_epochs; e++) {
    IP_TRY(read_activations(in, e, t, value));
    ip_snapshot snapshot = {.epoch = in->epoch[e], .t = (const float *const *)t, .next_epoch = in->epoch[e] + 1};
    IP_TRY(ip_run_writer_append(w, &snapshot));
  }
  return ip_run_writer_end(w, &(ip_run_end){.status = IP_RUN_DONE, .reason = ""});
}

static ip_status write_run(import *in, const char *run)
{
  ip_run_writer *w;
  char *part;
  IP_TRY(ip_run_writer_create(run, &in->head, &w));
  ip_status st = write_epochs(in, w);
  ip_run_writer_destroy(&w);
  if (st == IP_OK) st = ip_run_publish(run, true);
  if (st == IP_OK) return IP_OK;
  for (int i = 0; i < 2 && (part = ip_format("%s.%s", run, i ? "state" : "part")); i++) {
    unlink(part);
    ip_free(part);
  }
  return st;
}

static ip_status import_archive(import *in, const char *run)
{
  IP_TRY(count_samples(in));
  IP_TRY(read_labels(in));
  IP_TRY(read_inputs(in));
  IP_TRY(read_split(in));
  IP_TRY(find_layers(in));
  return write_run(in, run);
}

/* The name of the run: that of the file without its directories and endings. */
static ip_status name_run(import *in, const char *run)
{
  const char *slash = strrchr(run, '/'), *base = slash ? slash + 1 : run, *dot = strrchr(base, '.');
  int n = dot && dot > base ? (int)(dot - base) : (int)strlen(base);
  return ip_scratch_format(in->sc, &in->head.name, "%.*s", n, base);
}

static ip_status open_and_import(const char *npz, const char *run, const char *digest)
{
import in = {.path = npz, .head = {.digest = digest, .hx_bits = NAN, .hy_bits = NAN, .ixy_bits = NAN } };
  IP_TRY(ip_scratch_create(&in.sc));
  ip_status st = name_run(&in, run);
  if (st == IP_OK) st = ip_npy_open(npz, &in.file);
  if (st == IP_OK) st = import_archive(&in, run);
  ip_npy_close(&in.file);
  ip_scratch_destroy(&in.sc);
  return st;
}

bool ip_run_is_npz(const char *path)
{
  size_t n = strlen(path);
  return n > 4 && strcasecmp(path + n - 4, ".npz") == 0;
}

ip_status ip_run_from_npz(const char *npz, const char *run, bool *made)
{
  char digest[IP_DIGEST_TEXT];
  ip_run_identity found;
  *made = false;
  IP_TRY(ip_digest_file(npz, digest));
  if (access(run, F_OK) == 0) {
    ip_status st = ip_run_identify(run, &found);
    if (st == IP_ENOMEM) return st;
    bool same = st == IP_OK && strcmp(found.digest, digest) == 0;
    if (st != IP_OK) ip_error_clear();
    IP_REQUIRE(same, IP_EINVAL,
               "%s exists and was not made from %s as it is now; remove it, or choose another run file with -o", run,
               npz);
    return IP_OK;
  }
  IP_TRY(open_and_import(npz, run, digest));
  *made = true;
  return IP_OK;
}
