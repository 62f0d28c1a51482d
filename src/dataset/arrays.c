#include "dataset/arrays.h"

#include "file/bytes.h"
#include "num/one_hot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 4096 };

/* The file of a part, how to read it, and where to. */
typedef struct {
  const ip_array_format *format;
  void *file;
  ip_part *part;
  size_t first; /* row of the dataset */
  ip_scratch *sc;
  ip_label_pool *pool;
  ip_dataset *ds;
} source;

/* --- Shapes */

/* "(4096, 12)" */
static const char *shape_text(const ip_array_shape *s, char text[static 80])
{
  size_t n = (size_t)snprintf(text, 80, "(");
  for (size_t i = 0; i < s->rank && n < 56; i++)
    n += (size_t)snprintf(text + n, 80 - n, "%s%zu", i ? ", " : "", s->dim[i]);
  snprintf(text + n, 80 - n, ")");
  return text;
}

static bool is_there(const source *s, const char *name)
{
  return s->format->is_there(s->file, name);
}

static ip_status shape_of(const source *s, const char *name, ip_array_shape *shape)
{
  return s->format->shape_of(s->file, name, shape);
}

/* x of at least two dimensions, as large as the file can hold. */
static ip_status open_inputs(const source *s)
{
  ip_part *part = s->part;
  ip_array_shape shape;
  char text[80];
  IP_REQUIRE(is_there(s, "x"), IP_EFORMAT, "%s: no %s x; expected x (samples, inputs) and y (samples)", part->path,
             s->format->noun);
  IP_TRY(shape_of(s, "x", &shape));
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

/* An array of numbers with one row a sample: (n), (n, 1) or (1, n) if `width` is NULL, else (n, *width). */
static ip_status open_rows(const source *s, const char *name, size_t *width)
{
  const ip_part *part = s->part;
  ip_array_shape shape;
  char text[80];
  IP_TRY(shape_of(s, name, &shape));
  IP_REQUIRE(shape.is_number, IP_EFORMAT, "%s: %s contains no numbers; labels are integers, or texts in one dimension",
             part->path, name);
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

static ip_status open_classes(const source *s)
{
  ip_part *part = s->part;
  if (is_there(s, "p_y_given_x")) {
    IP_TRY(open_rows(s, "p_y_given_x", &part->n_classes));
    part->has_soft = true;
  }
  if (is_there(s, "class_name")) {
    ip_array_shape shape;
    char text[80];
    IP_TRY(shape_of(s, "class_name", &shape));
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

/* y of several columns, one a class. With `n` samples: (1, n) are numbers. */
static bool is_one_hot(const ip_array_shape *y, size_t n)
{
  return y->is_number && y->rank == 2 && y->dim[0] == n && y->dim[1] > 1;
}

/* Its columns are the classes in their order. */
static ip_status open_one_hot(const source *s)
{
  ip_part *part = s->part;
  size_t n_classes;
  IP_TRY(open_rows(s, "y", &n_classes));
  IP_REQUIRE(n_classes <= IP_LABELS_MAX_CLASSES, IP_EFORMAT,
             "%s: y has %zu columns, at most %d classes are expected; real-valued targets belong in an array targets "
             "(samples, targets)",
             part->path, n_classes, IP_LABELS_MAX_CLASSES);
  IP_REQUIRE(part->n_classes == 0 || part->n_classes == n_classes, IP_EFORMAT,
             "%s: y has %zu columns for the %zu classes of %s", part->path, n_classes, part->n_classes,
             part->has_soft ? "p_y_given_x" : "class_name");
  part->n_classes = n_classes;
  return IP_OK;
}

/* y: numbers, one-hot rows, or the labels themselves. */
static ip_status open_labels(const source *s)
{
  const ip_part *part = s->part;
  ip_array_shape shape;
  char text[80];
  IP_TRY(shape_of(s, "y", &shape));
  if (is_one_hot(&shape, part->n)) return open_one_hot(s);
  if (!shape.is_text) return open_rows(s, "y", NULL);
  IP_REQUIRE(part->n_classes == 0, IP_EFORMAT, "%s: y contains texts; with class_name or p_y_given_x, expected numbers",
             part->path);
  IP_REQUIRE(shape.rank == 1 && shape.dim[0] == part->n, IP_EFORMAT, "%s: y has the shape %s; expected (%zu)",
             part->path, shape_text(&shape, text), part->n);
  return IP_OK;
}

ip_status ip_arrays_open(const ip_array_format *format, void *file, ip_part *part)
{
  const source s = {.format = format, .file = file, .part = part};
  IP_TRY(open_inputs(&s));
  IP_TRY(open_classes(&s));
  if (is_there(&s, "targets")) IP_TRY(open_rows(&s, "targets", &part->n_targets));
  IP_REQUIRE(is_there(&s, "y") || part->has_soft || part->n_targets > 0, IP_EFORMAT,
             "%s: no %s y; expected y (samples), one label for each row of x", part->path, format->noun);
  if (is_there(&s, "y")) IP_TRY(open_labels(&s));
  part->has_split = is_there(&s, "split");
  return part->has_split ? open_rows(&s, "split", NULL) : IP_OK;
}

/* --- Numbers, a block of rows at a time */

/* Stores rows first .. first + n - 1 of an array. */
typedef ip_status store_rows(const source *s, size_t first, size_t n, const double *value);

/* An array of one row a sample, of `width` numbers. (1, n) is one row. */
static ip_status read_rows(const source *s, const char *name, size_t width, store_rows *store)
{
  ip_array_shape shape;
  IP_TRY(shape_of(s, name, &shape));
  size_t n = s->part->n, mark = ip_scratch_mark(s->sc), rows = width < BLOCK ? BLOCK / width : 1;
  bool across = shape.rank == 2 && shape.dim[0] == 1 && n > 1;
  if (across) rows = n;
  double *value; // (rows, width)
  IP_TRY(IP_SCRATCH(s->sc, value, rows * width, "rows of an array"));
  for (size_t r = 0; r < n; r += rows) {
    size_t some = n - r < rows ? n - r : rows;
    IP_TRY(s->format->read_rows(s->file, name, r, across ? 1 : some, value));
    IP_TRY(store(s, r, some, value));
  }
  ip_scratch_release(s->sc, mark);
  return IP_OK;
}

static ip_status store_inputs(const source *s, size_t first, size_t n, const double *value)
{
  size_t width = s->part->n_in;
  for (size_t i = 0; i < n * width; i++) {
    IP_REQUIRE(ip_source_fits(s->part->opt, value[i]), IP_EFORMAT,
               "%s: x: row %zu, column %zu (from 0) is %g; expected finite numbers below 3.4e38", s->part->path,
               first + i / width, i % width, value[i]);
    IP_TRY(ip_source_store(s->ds, (s->first + first) * width + i, value[i]));
  }
  return IP_OK;
}

static ip_status narrow(const source *s, const char *name, size_t width, size_t first, size_t n, const double *value,
                        float *to)
{
  for (size_t i = 0; i < n * width; i++) {
    to[i] = (float)value[i];
    IP_REQUIRE(isfinite(to[i]), IP_EFORMAT,
               "%s: %s: row %zu, column %zu (from 0) is %g; expected finite numbers below 3.4e38", s->part->path, name,
               first + i / width, i % width, value[i]);
  }
  return IP_OK;
}

static ip_status store_soft(const source *s, size_t first, size_t n, const double *value)
{
  size_t width = s->part->n_classes;
  return narrow(s, "p_y_given_x", width, first, n, value, s->ds->p_y_given_x + (s->first + first) * width);
}

static ip_status store_targets(const source *s, size_t first, size_t n, const double *value)
{
  size_t width = s->part->n_targets;
  return narrow(s, "targets", width, first, n, value, s->ds->targets + (s->first + first) * width);
}

static ip_status store_split(const source *s, size_t first, size_t n, const double *value)
{
  for (size_t i = 0; i < n; i++) {
    IP_REQUIRE(value[i] == IP_SPLIT_TRAIN || value[i] == IP_SPLIT_TEST, IP_EFORMAT,
               "%s: split: element %zu (from 0) is %g; expected 0 (train) or 1 (test)", s->part->path, first + i,
               value[i]);
    s->ds->split[s->first + first + i] = (uint8_t)value[i];
  }
  return IP_OK;
}

/* --- Labels */

static ip_status add_classes(const source *s)
{
  const ip_part *part = s->part;
  const char **name = NULL;
  size_t n = part->n_classes;
  if (is_there(s, "class_name")) IP_TRY(s->format->read_texts(s->file, "class_name", s->sc, &n, &name));
  for (size_t c = 0; c < n; c++) {
    int32_t id;
    ip_status st = name ? ip_label_pool_add(s->pool, name[c], &id) : ip_label_pool_add_number(s->pool, (double)c, &id);
    if (st != IP_OK) ip_error_prefix("%s: class_name: element %zu", part->path, c);
    IP_TRY(st);
    IP_REQUIRE((size_t)id == c, IP_EFORMAT,
               "%s: class_name: element %zu, '%s': classes stand once, in one order in all files", part->path, c,
               name ? name[c] : "");
  }
  return IP_OK;
}

/* Labels as the pool numbers them; where the file lists the classes, y itself is the number. */
static ip_status store_numbers(const source *s, size_t first, size_t n, const double *value)
{
  const ip_part *part = s->part;
  int32_t *y = s->ds->y + s->first + first;
  for (size_t i = 0; i < n; i++) {
    double v = value[i];
    if (part->n_classes > 0) {
      IP_REQUIRE(v >= 0 && v < (double)part->n_classes && v == floor(v), IP_EFORMAT,
                 "%s: y: element %zu (from 0) is %g; expected a class from 0 to %zu", part->path, first + i, v,
                 part->n_classes - 1);
      y[i] = (int32_t)v;
      continue;
    }
    ip_status st = ip_label_pool_add_whole(
        s->pool, v, " or texts; real-valued targets belong in an array targets (samples, targets)", &y[i]);
    if (st != IP_OK) ip_error_prefix("%s: y: element %zu (from 0)", part->path, first + i);
    IP_TRY(st);
  }
  return IP_OK;
}

static ip_status store_one_hot(const source *s, size_t first, size_t n, const double *value)
{
  size_t width = s->part->n_classes;
  for (size_t i = 0; i < n; i++) {
    size_t class = ip_one_hot_class(width, value + i * width, 1);
    IP_REQUIRE(class < width, IP_EFORMAT,
               "%s: y: row %zu (from 0) is not one-hot; expected labels (samples), or one 1 in each row and 0 "
               "elsewhere; soft labels belong in p_y_given_x, real-valued targets in targets",
               s->part->path, first + i);
    s->ds->y[s->first + first + i] = (int32_t) class;
  }
  return IP_OK;
}

static ip_status read_label_texts(const source *s)
{
  size_t mark = ip_scratch_mark(s->sc), n;
  const char **text;
  IP_TRY(s->format->read_texts(s->file, "y", s->sc, &n, &text));
  for (size_t r = 0; r < s->part->n; r++) {
    ip_status st = ip_label_pool_add(s->pool, text[r], &s->ds->y[s->first + r]);
    if (st != IP_OK) ip_error_prefix("%s: y: element %zu (from 0)", s->part->path, r);
    IP_TRY(st);
  }
  ip_scratch_release(s->sc, mark);
  return IP_OK;
}

/* Without y: the most probable class, or the only one of a regression. */
static ip_status make_labels(const source *s)
{
  const ip_part *part = s->part;
  int32_t only = 0;
  if (!part->has_soft) IP_TRY(ip_label_pool_add_number(s->pool, 0, &only));
  for (size_t r = s->first; r < s->first + part->n; r++)
    s->ds->y[r] =
        part->has_soft ? ip_labels_most_probable(part->n_classes, s->ds->p_y_given_x + r * part->n_classes) : only;
  return IP_OK;
}

static ip_status read_labels(const source *s)
{
  ip_array_shape shape;
  if (!is_there(s, "y")) return make_labels(s);
  IP_TRY(shape_of(s, "y", &shape));
  if (is_one_hot(&shape, s->part->n)) return read_rows(s, "y", s->part->n_classes, store_one_hot);
  return shape.is_text ? read_label_texts(s) : read_rows(s, "y", 1, store_numbers);
}

static ip_status read_all(const source *s)
{
  const ip_part *part = s->part;
  IP_TRY(add_classes(s));
  IP_TRY(read_rows(s, "x", part->n_in, store_inputs));
  if (part->has_soft) IP_TRY(read_rows(s, "p_y_given_x", part->n_classes, store_soft));
  if (part->n_targets) IP_TRY(read_rows(s, "targets", part->n_targets, store_targets));
  if (part->has_split && s->ds->split) IP_TRY(read_rows(s, "split", 1, store_split));
  return read_labels(s);
}

ip_status ip_arrays_read(const ip_array_format *format, void *file, ip_part *part, size_t first, ip_label_pool *pool,
                         ip_dataset *ds)
{
  source s = {.format = format, .file = file, .part = part, .first = first, .pool = pool, .ds = ds};
  IP_TRY(ip_scratch_create(&s.sc));
  ip_status st = read_all(&s);
  ip_scratch_destroy(&s.sc);
  return st;
}
