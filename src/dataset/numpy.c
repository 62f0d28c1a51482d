/* NumPy: the arrays that arrays.h describes are those of a .npz file. x may also be named X, and training and test
 * samples may be arrays of their own: x_train, y_train, x_test, y_test (of Keras). A .npy file is x alone, and y is
 * the file beside it: x.npy and y.npy, x_train.npy and y_train.npy. */
#include "dataset/arrays.h"
#include "dataset/locate.h"
#include "file/npy.h"

#include <assert.h>
#include <string.h>

/* An array of the dataset: one of the file, or the rows of two, one after the other. */
typedef struct {
  const char *name;
  ip_npy *file;
  const ip_npy_array *part[2];
} joined;

enum { X, Y, SPLIT, N_OF_OTHERS = 3, MOST = 6 };

typedef struct {
  ip_npy *file, *label_file;
  size_t n_train; /* rows of x_train; 0: the samples are in one array */
  bool is_split;
  joined array[MOST];
} numpy_state;

/* --- Which arrays of the file are meant */

static joined *find(numpy_state *s, const char *name)
{
  for (size_t i = 0; i < MOST; i++)
    if (s->array[i].name && strcmp(s->array[i].name, name) == 0) return &s->array[i];
  return NULL;
}

/* Finds x or X, else x_train with x_test, in the file. */
static void look_up(numpy_state *s, joined *to, const char *name, const char *const spelled[2][3])
{
  for (int upper = 0; upper < 2 && !to->part[0]; upper++) to->part[0] = ip_npy_find(s->file, spelled[upper][0]);
  for (int upper = 0; upper < 2 && !to->part[0]; upper++) {
    to->part[0] = ip_npy_find(s->file, spelled[upper][1]);
    to->part[1] = to->part[0] ? ip_npy_find(s->file, spelled[upper][2]) : NULL;
  }
  to->name = to->part[0] ? name : NULL;
  to->file = s->file;
}

static ip_status check_pair(const ip_part *part, const joined *j)
{
  const ip_npy_array *a = j->part[0], *b = j->part[1];
  if (!b) return IP_OK;
  bool fits = a->rank == b->rank && a->rank > 0 && ip_npy_is_text(a) == ip_npy_is_text(b) &&
              memcmp(a->dim + 1, b->dim + 1, (a->rank - 1) * sizeof *a->dim) == 0;
  char of_a[80], of_b[80];
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s has the shape %s and %s the shape %s; expected rows of one kind", part->path,
             a->name, ip_npy_shape_text(a, of_a), b->name, ip_npy_shape_text(b, of_b));
  return IP_OK;
}

static ip_status find_arrays(const ip_part *part, numpy_state *s)
{
  static const char *const x[2][3] = {{"x", "x_train", "x_test"}, {"X", "X_train", "X_test"}};
  static const char *const y[2][3] = {{"y", "y_train", "y_test"}, {"Y", "Y_train", "Y_test"}};
  static const char *const others[N_OF_OTHERS] = {"class_name", "p_y_given_x", "targets"};
  look_up(s, &s->array[X], "x", x);
  look_up(s, &s->array[Y], "y", y);
  IP_TRY(check_pair(part, &s->array[X]));
  IP_TRY(check_pair(part, &s->array[Y]));
  s->is_split = s->array[X].part[1] != NULL;
  if (s->is_split) s->n_train = s->array[X].part[0]->dim[0];
  const ip_npy_array *labels = s->array[Y].part[0];
  IP_REQUIRE(!s->is_split || !labels || labels->dim[0] == s->n_train, IP_EFORMAT,
             "%s: %s has %zu rows and %s has %zu; expected one label for each sample", part->path,
             s->array[X].part[0]->name, s->n_train, labels ? labels->name : "", labels ? labels->dim[0] : 0);
  s->array[SPLIT] = (joined){.file = s->file, .part = {ip_npy_find(s->file, "split")}};
  if (s->is_split || s->array[SPLIT].part[0]) s->array[SPLIT].name = "split";
  for (size_t i = 0; i < N_OF_OTHERS; i++) {
    joined *to = &s->array[SPLIT + 1 + i];
    *to = (joined){.file = s->file, .part = {ip_npy_find(s->file, others[i])}};
    if (to->part[0]) to->name = others[i];
  }
  return IP_OK;
}

/* x from the file of the part, y from its label file. */
static ip_status open_pair(ip_part *part, numpy_state *s)
{
  char *labels = NULL;
  bool named = part->label_file && *part->label_file;
  if (named)
    IP_TRY(IP_STRDUP(labels, part->label_file));
  else
    IP_TRY(ip_locate_labels(part->path, &labels));
  IP_REQUIRE(labels, IP_EFORMAT,
             "%s: an array without labels; name them with label_file, call them y.npy beside x.npy, or save both with "
             "numpy.savez(\"data.npz\", x=x, y=y)",
             part->path);
  ip_status st = ip_npy_open(labels, &s->label_file);
  if (st == IP_OK && ip_npy_is_archive(s->label_file))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT, "%s: expected labels in a .npy file", labels);
  ip_free(labels);
  IP_TRY(st);
  s->array[X] = (joined){"x", s->file, {ip_npy_array_at(s->file, 0)}};
  s->array[Y] = (joined){"y", s->label_file, {ip_npy_array_at(s->label_file, 0)}};
  return IP_OK;
}

/* --- Arrays of a dataset (arrays.h) */

static bool is_there(void *state, const char *name)
{
  return find(state, name) != NULL;
}

static ip_status shape_of(void *state, const char *name, ip_array_shape *shape)
{
  numpy_state *s = state;
  const joined *j = find(s, name);
  assert(j);
  const ip_npy_array *a = j->part[0];
  *shape = (ip_array_shape){.is_number = true, .rank = 1, .dim = {s->n_train}};
  if (a) {
    *shape = (ip_array_shape){.is_number = !ip_npy_is_text(a), .is_text = ip_npy_is_text(a), .rank = a->rank};
    memcpy(shape->dim, a->dim, sizeof shape->dim);
    if (j->part[1]) shape->dim[0] += j->part[1]->dim[0];
  } else
    shape->dim[0] += s->array[X].part[1]->dim[0];
  return IP_OK;
}

static ip_status read_part(ip_npy *file, const ip_npy_array *a, size_t first, size_t n, double *to)
{
  size_t width = a->dim[0] ? a->n / a->dim[0] : 0;
  return ip_npy_read(file, a, first * width, n * width, to);
}

static ip_status read_rows(void *state, const char *name, size_t first, size_t n, double *to)
{
  numpy_state *s = state;
  const joined *j = find(s, name);
  assert(j);
  const ip_npy_array *a = j->part[0];
  if (!a) { /* the split of two arrays */
    for (size_t i = 0; i < n; i++) to[i] = first + i < s->n_train ? IP_SPLIT_TRAIN : IP_SPLIT_TEST;
    return IP_OK;
  }
  size_t of_a = first >= a->dim[0] ? 0 : n < a->dim[0] - first ? n : a->dim[0] - first;
  if (of_a) IP_TRY(read_part(j->file, a, first, of_a, to));
  if (of_a == n) return IP_OK;
  size_t width = a->dim[0] ? a->n / a->dim[0] : 1;
  assert(j->part[1]);
  return read_part(j->file, j->part[1], first + of_a - a->dim[0], n - of_a, to + of_a * width);
}

static ip_status read_texts(void *state, const char *name, ip_scratch *sc, size_t *n, const char ***text)
{
  const joined *j = find(state, name);
  const char **all; // (*n)
  assert(j && j->part[0]);
  size_t of_a = j->part[0]->n, of_b = j->part[1] ? j->part[1]->n : 0;
  *n = of_a + of_b;
  IP_TRY(IP_SCRATCH(sc, all, *n, "texts"));
  for (int i = 0; i < 2 && j->part[i]; i++) {
    const char **some;
    IP_TRY(ip_npy_read_texts(j->file, j->part[i], sc, &some));
    memcpy(all + (i ? of_a : 0), some, (i ? of_b : of_a) * sizeof *all);
  }
  *text = all;
  return IP_OK;
}

static const ip_array_format format = {
    .noun = "array", .is_there = is_there, .shape_of = shape_of, .read_rows = read_rows, .read_texts = read_texts};

/* --- The reader */

static ip_status open_numpy(ip_part *part)
{
  numpy_state *s;
  IP_TRY(IP_NEW(s, 1, "file of NumPy"));
  part->state = s;
  IP_TRY(ip_npy_open(part->path, &s->file));
  bool archive = ip_npy_is_archive(s->file), named = part->label_file && *part->label_file;
  IP_REQUIRE(!archive || !named, IP_ECONFIG, "%s contains its labels, in the array y; label_file is for .npy and IDX",
             part->path);
  IP_TRY(archive ? find_arrays(part, s) : open_pair(part, s));
  IP_REQUIRE(!s->is_split || !part->first, IP_ECONFIG, "%s: has test samples of its own; expected no test file",
             part->path);
  return ip_arrays_open(&format, s, part);
}

static ip_status read_numpy(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  return ip_arrays_read(&format, part->state, part, first, pool, ds);
}

static void close_numpy(ip_part *part)
{
  numpy_state *s = part->state;
  if (!s) return;
  ip_npy_close(&s->file);
  ip_npy_close(&s->label_file);
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_numpy = {.format = "NumPy", .open = open_numpy, .read = read_numpy, .close = close_numpy};
