/* HDF5: x (samples, inputs), more dimensions being flattened, and y (samples). Also understood, as ip_dataset_write
 * leaves them: class_name (classes) for y in 0 .. classes-1, p_y_given_x (samples, classes), targets (samples, targets)
 * and split (samples), 0 for training and 1 for test rows. */
#include "dataset/reader.h"
#include "file/bytes.h"
#include "file/h5.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 4096 };

typedef struct {
  ip_h5 *file;
  bool has_y, has_names;
} h5_state;

/* "(4096, 12)" */
static const char *shape_text(const ip_h5_shape *s, char text[static 80])
{
  size_t n = (size_t)snprintf(text, 80, "(");
  for (size_t i = 0; i < s->rank && n < 60; i++)
    n += (size_t)snprintf(text + n, 80 - n, "%s%zu", i ? ", " : "", s->dim[i]);
  snprintf(text + n, 80 - n, ")");
  return text;
}

static bool is_there(const h5_state *s, const char *name)
{
  return ip_h5_kind_of(s->file, name) == IP_H5_DATASET;
}

/* x of at least two dimensions, as large as the file can hold. */
static ip_status open_inputs(ip_part *part, const h5_state *s)
{
  ip_h5_shape shape;
  char text[80];
  IP_REQUIRE(is_there(s, "x"), IP_EFORMAT, "%s: no dataset x; expected x (samples, inputs) and y (samples)",
             part->path);
  IP_TRY(ip_h5_shape_of(s->file, "x", &shape));
  IP_REQUIRE(shape.is_number, IP_EFORMAT, "%s: x contains no numbers; expected float or integer elements", part->path);
  IP_REQUIRE(shape.rank >= 2, IP_EFORMAT, "%s: x has the shape %s; expected (samples, inputs)", part->path,
             shape_text(&shape, text));
  uint64_t size = 1;
  for (size_t i = 0; i < shape.rank; i++) {
    IP_REQUIRE(shape.dim[i] > 0, IP_EFORMAT, "%s: x has the shape %s: it is empty", part->path,
               shape_text(&shape, text));
    IP_REQUIRE(size <= UINT64_MAX / sizeof(float) / shape.dim[i], IP_EFORMAT,
               "%s: x has the shape %s, more than memory can hold", part->path, shape_text(&shape, text));
    size *= shape.dim[i];
  }
  IP_TRY(ip_bytes_plausible(part->path, size));
  part->n = shape.dim[0];
  part->n_in = (size_t)size / part->n;
  return IP_OK;
}

/* An array with one row a sample: (n) or (n, 1) for width 0, else (n, *width), which is found out. */
static ip_status open_rows(const ip_part *part, const h5_state *s, const char *name, size_t *width)
{
  ip_h5_shape shape;
  char text[80];
  IP_TRY(ip_h5_shape_of(s->file, name, &shape));
  IP_REQUIRE(shape.is_number, IP_EFORMAT,
             "%s: %s contains no numbers; labels are integers (their names go to class_name)", part->path, name);
  bool fits = shape.rank >= 1 && shape.rank <= 2 && shape.dim[0] == part->n && (shape.rank == 1 || shape.dim[1] > 0);
  if (width)
    fits = fits && shape.rank == 2;
  else
    fits = (fits && (shape.rank == 1 || shape.dim[1] == 1)) ||
           (shape.rank == 2 && shape.dim[0] == 1 && shape.dim[1] == part->n);
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s has the shape %s; expected (%zu%s), a row for each of x", part->path, name,
             shape_text(&shape, text), part->n, width ? ", width" : "");
  if (width) {
    *width = shape.dim[1];
    IP_TRY(ip_bytes_plausible(part->path, (uint64_t)part->n * *width)); /* both dimensions belong to an array on disk */
  }
  return IP_OK;
}

static ip_status open_classes(ip_part *part, const h5_state *s)
{
  if (is_there(s, "p_y_given_x")) {
    IP_TRY(open_rows(part, s, "p_y_given_x", &part->n_classes));
    part->has_soft = true;
  }
  if (s->has_names) {
    ip_h5_shape shape;
    char text[80];
    IP_TRY(ip_h5_shape_of(s->file, "class_name", &shape));
    IP_REQUIRE(shape.is_text && shape.rank == 1 && shape.dim[0] > 0, IP_EFORMAT,
               "%s: class_name has the shape %s; expected a list of strings", part->path, shape_text(&shape, text));
    IP_REQUIRE(!part->has_soft || shape.dim[0] == part->n_classes, IP_EFORMAT,
               "%s: class_name has %zu names for the %zu columns of p_y_given_x", part->path, shape.dim[0],
               part->n_classes);
    part->n_classes = shape.dim[0];
  }
  IP_REQUIRE(part->n_classes <= IP_LABELS_MAX_CLASSES, IP_EFORMAT, "%s: has %zu classes, at most %d are expected",
             part->path, part->n_classes, IP_LABELS_MAX_CLASSES);
  return IP_OK;
}

static ip_status open_h5(ip_part *part)
{
  h5_state *s;
  IP_TRY(IP_NEW(s, 1, "HDF5 file"));
  part->state = s;
  IP_TRY(ip_h5_open(part->path, false, &s->file));
  s->has_y = is_there(s, "y");
  s->has_names = is_there(s, "class_name");
  IP_TRY(open_inputs(part, s));
  IP_TRY(open_classes(part, s));
  if (is_there(s, "targets")) IP_TRY(open_rows(part, s, "targets", &part->n_targets));
  IP_REQUIRE(s->has_y || part->has_soft || part->n_targets > 0, IP_EFORMAT,
             "%s: no dataset y; expected y (samples), one label for each row of x", part->path);
  if (s->has_y) IP_TRY(open_rows(part, s, "y", NULL));
  part->has_split = is_there(s, "split");
  if (part->has_split) IP_TRY(open_rows(part, s, "split", NULL));
  return IP_OK;
}

static ip_status read_floats(const ip_part *part, const char *name, size_t width, float *to)
{
  const h5_state *s = part->state;
  IP_TRY(ip_h5_read(s->file, name, IP_H5_F32, part->n * width * sizeof *to, to));
  for (size_t i = 0; i < part->n * width; i++)
    IP_REQUIRE(isfinite(to[i]), IP_EFORMAT,
               "%s: %s: row %zu, column %zu (from 0) is %g; expected finite numbers below 3.4e38", part->path, name,
               i / width, i % width, (double)to[i]);
  return IP_OK;
}

/* Inputs in the precision of the file, a block of rows at a time. */
static ip_status read_inputs(const ip_part *part, size_t first, ip_scratch *sc, ip_dataset *ds)
{
  const h5_state *s = part->state;
  size_t mark = ip_scratch_mark(sc), width = part->n_in, rows = width < BLOCK ? BLOCK / width : 1;
  double *value; // (rows, width)
  IP_TRY(IP_SCRATCH(sc, value, rows * width, "inputs"));
  for (size_t r = 0; r < part->n; r += rows) {
    size_t n = part->n - r < rows ? part->n - r : rows;
    IP_TRY(ip_h5_read_rows(s->file, "x", r, n, IP_H5_F64, value));
    for (size_t i = 0; i < n * width; i++) {
      IP_REQUIRE(ip_source_fits(part->opt, value[i]), IP_EFORMAT,
                 "%s: x: row %zu, column %zu (from 0) is %g; expected finite numbers below 3.4e38", part->path,
                 r + i / width, i % width, value[i]);
      IP_TRY(ip_source_store(ds, (first + r) * width + i, value[i]));
    }
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status add_classes(const ip_part *part, ip_scratch *sc, ip_label_pool *pool)
{
  const h5_state *s = part->state;
  const char **name = NULL;
  size_t n = part->n_classes;
  if (s->has_names) IP_TRY(ip_h5_get_texts(s->file, "class_name", sc, &n, &name));
  for (size_t c = 0; c < n; c++) {
    int32_t id;
    ip_status st = name ? ip_label_pool_add(pool, name[c], &id) : ip_label_pool_add_number(pool, (double)c, &id);
    if (st != IP_OK) ip_error_prefix("%s: class_name: element %zu", part->path, c);
    IP_TRY(st);
    IP_REQUIRE((size_t)id == c, IP_EFORMAT,
               "%s: class_name: element %zu, '%s': classes stand once, in one order in all files", part->path, c,
               name ? name[c] : "");
  }
  return IP_OK;
}

/* Labels as the pool numbers them; where the file tells the classes, y itself is the number. */
static ip_status store_labels(const ip_part *part, size_t first, size_t n, const double *value, ip_label_pool *pool,
                              int32_t *y)
{
  for (size_t i = 0; i < n; i++) {
    double v = value[i];
    if (part->n_classes > 0) {
      IP_REQUIRE(v >= 0 && v < (double)part->n_classes && v == floor(v), IP_EFORMAT,
                 "%s: y: element %zu (from 0) is %g; expected a class from 0 to %zu", part->path, first + i, v,
                 part->n_classes - 1);
      y[i] = (int32_t)v;
      continue;
    }
    ip_status st = ip_label_pool_add_number(pool, v, &y[i]);
    if (st != IP_OK) ip_error_prefix("%s: y: element %zu (from 0)", part->path, first + i);
    IP_TRY(st);
  }
  return IP_OK;
}

static ip_status read_labels(const ip_part *part, ip_scratch *sc, ip_label_pool *pool, int32_t *y, const float *p)
{
  const h5_state *s = part->state;
  if (!s->has_y) {
    int32_t only = 0;
    if (!p) IP_TRY(ip_label_pool_add_number(pool, 0, &only)); /* a regression: one class */
    for (size_t r = 0; r < part->n; r++)
      y[r] = p ? ip_labels_most_probable(part->n_classes, p + r * part->n_classes) : only;
    return IP_OK;
  }
  ip_h5_shape shape;
  double *value; // (BLOCK)
  IP_TRY(ip_h5_shape_of(s->file, "y", &shape));
  IP_TRY(IP_SCRATCH(sc, value, BLOCK, "labels"));
  bool across = shape.rank == 2 && shape.dim[0] == 1 && part->n > 1; /* (1, n) */
  for (size_t first = 0; first < part->n; first += BLOCK) {
    size_t n = part->n - first < BLOCK ? part->n - first : BLOCK;
    size_t start[2] = {across ? 0 : first, across ? first : 0}, count[2] = {across ? 1 : n, across ? n : 1};
    IP_TRY(ip_h5_read_block(s->file, "y", start, count, IP_H5_F64, value));
    IP_TRY(store_labels(part, first, n, value, pool, y + first));
  }
  return IP_OK;
}

static ip_status read_split(const ip_part *part, uint8_t *split)
{
  const h5_state *s = part->state;
  IP_TRY(ip_h5_read(s->file, "split", IP_H5_U8, part->n, split));
  for (size_t r = 0; r < part->n; r++)
    IP_REQUIRE(split[r] <= IP_SPLIT_TEST, IP_EFORMAT,
               "%s: split: element %zu (from 0) is %d; expected 0 (train) or 1 (test)", part->path, r, split[r]);
  return IP_OK;
}

static ip_status read_all(ip_part *part, size_t first, ip_scratch *sc, ip_label_pool *pool, ip_dataset *ds)
{
  float *p = part->has_soft ? ds->p_y_given_x + first * part->n_classes : NULL;
  IP_TRY(add_classes(part, sc, pool));
  IP_TRY(read_inputs(part, first, sc, ds));
  if (p) IP_TRY(read_floats(part, "p_y_given_x", part->n_classes, p));
  if (part->n_targets) IP_TRY(read_floats(part, "targets", part->n_targets, ds->targets + first * part->n_targets));
  if (part->has_split && ds->split) IP_TRY(read_split(part, ds->split + first));
  return read_labels(part, sc, pool, ds->y + first, p);
}

static ip_status read_h5(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = read_all(part, first, sc, pool, ds);
  ip_scratch_destroy(&sc);
  return st;
}

static void close_h5(ip_part *part)
{
  h5_state *s = part->state;
  if (!s) return;
  (void)ip_h5_close(&s->file); /* nothing was written */
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_h5 = {.format = "HDF5", .open = open_h5, .read = read_h5, .close = close_h5};
