#include "dataset/transfer.h"

#include "base/mem.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The dataset itself, whose pointers say only what is there; then its arrays and texts, in the order of for_each. */

/* ---------------------------------------------------------------- bytes */

/* Goes on after a signal, and after a part. */
static ip_status put(int fd, size_t n, const void *from)
{
  const char *p = from;
  while (n > 0) {
    ssize_t done = write(fd, p, n);
    if (done < 0 && errno == EINTR) continue;
    IP_REQUIRE(done > 0, IP_ENOMEM, "no memory for a copy of the dataset: %s", strerror(errno));
    p += done;
    n -= (size_t)done;
  }
  return IP_OK;
}

static ip_status get(const char *name, int fd, size_t n, void *to)
{
  char *p = to;
  while (n > 0) {
    ssize_t done = read(fd, p, n);
    if (done < 0 && errno == EINTR) continue;
    IP_REQUIRE(done > 0, IP_EFORMAT, "%s: the process that read it left an incomplete dataset", name);
    p += done;
    n -= (size_t)done;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- what a dataset has */

typedef struct {
  void *field;           /* where the pointer to the array is */
  size_t n, width, size; // (n, width) elements of `size` bytes
} block;

static void *array_of(const block *b)
{
  void *array;
  memcpy(&array, b->field, sizeof array);
  return array;
}

enum { N_BLOCKS = 8 };

static void list_blocks(ip_dataset *ds, block out[static N_BLOCKS])
{
  const block all[N_BLOCKS] = {
      {&ds->x, ds->n, ds->n_in, sizeof *ds->x},
      {&ds->y, ds->n, 1, sizeof *ds->y},
      {&ds->p_y_given_x, ds->n, ds->n_classes, sizeof *ds->p_y_given_x},
      {&ds->targets, ds->n, ds->n_targets, sizeof *ds->targets},
      {&ds->x_id, ds->n, 1, sizeof *ds->x_id},
      {&ds->split, ds->n, 1, sizeof *ds->split},
      {&ds->train, ds->n_train, 1, sizeof *ds->train},
      {&ds->test, ds->n_test, 1, sizeof *ds->test},
  };
  memcpy(out, all, sizeof all);
}

/* ---------------------------------------------------------------- sending */

static ip_status put_text(int fd, const char *text)
{
  size_t n = strlen(text);
  IP_TRY(put(fd, sizeof n, &n));
  return put(fd, n, text);
}

ip_status ip_dataset_send(const ip_dataset *ds, int fd)
{
  ip_dataset copy = *ds;
  block b[N_BLOCKS];
  list_blocks(&copy, b);
  IP_TRY(put(fd, sizeof copy, &copy));
  for (size_t i = 0; i < N_BLOCKS; i++)
    if (array_of(&b[i])) IP_TRY(put(fd, b[i].n * b[i].width * b[i].size, array_of(&b[i])));
  IP_TRY(put_text(fd, ds->name));
  IP_TRY(put_text(fd, ds->remark));
  for (size_t c = 0; ds->class_name && c < ds->n_classes; c++) IP_TRY(put_text(fd, ds->class_name[c]));
  return IP_OK;
}

/* ---------------------------------------------------------------- receiving */

typedef struct {
  const char *name;
  int fd;
  size_t left; /* bytes of the file that nothing was read from */
} source;

/* n * width * size, which the rest of the file holds. */
static ip_status take(source *s, size_t n, size_t width, size_t size, size_t *bytes)
{
  bool fits = !__builtin_mul_overflow(n, width, bytes) && !__builtin_mul_overflow(*bytes, size, bytes);
  IP_REQUIRE(fits && *bytes <= s->left, IP_EFORMAT, "%s: the process that read it left a dataset of impossible size",
             s->name);
  s->left -= *bytes;
  return IP_OK;
}

static ip_status get_array(source *s, const block *b)
{
  size_t bytes;
  IP_TRY(take(s, b->n, b->width, b->size, &bytes));
  void *array = ip_alloc(bytes / b->size, b->size, "dataset");
  memcpy(b->field, &array, sizeof array);
  return array ? get(s->name, s->fd, bytes, array) : IP_ENOMEM;
}

static ip_status get_text(source *s, char **text)
{
  size_t n, bytes;
  IP_TRY(take(s, 1, 1, sizeof n, &bytes));
  IP_TRY(get(s->name, s->fd, sizeof n, &n));
  IP_TRY(take(s, n, 1, 1, &bytes));
  IP_TRY(IP_NEW(*text, n + 1, "text of a dataset"));
  return get(s->name, s->fd, n, *text);
}

static ip_status get_all(source *s, const ip_dataset *sent, ip_dataset *ds)
{
  block there[N_BLOCKS], b[N_BLOCKS];
  ip_dataset claimed = *sent;
  list_blocks(&claimed, there);
  list_blocks(ds, b);
  for (size_t i = 0; i < N_BLOCKS; i++)
    if (array_of(&there[i])) IP_TRY(get_array(s, &b[i]));
  IP_TRY(get_text(s, &ds->name));
  IP_TRY(get_text(s, &ds->remark));
  if (!sent->class_name) return IP_OK;
  size_t bytes;
  IP_TRY(take(s, ds->n_classes, 1, sizeof(size_t), &bytes)); /* each has a length at least */
  s->left += bytes;
  IP_TRY(IP_NEW(ds->class_name, ds->n_classes, "names of classes"));
  for (size_t c = 0; c < ds->n_classes; c++) IP_TRY(get_text(s, &ds->class_name[c]));
  return IP_OK;
}

/* Rows in ascending order, below n. */
static bool are_rows(size_t n_rows, const uint32_t *row, size_t n)
{
  for (size_t i = 0; i < n_rows; i++)
    if (row[i] >= n || (i && row[i] <= row[i - 1])) return false;
  return true;
}

static bool are_numbers(size_t n, const float *v)
{
  bool all = true;
  for (size_t i = 0; v && i < n; i++) all &= isfinite(v[i]) != 0;
  return all;
}

/* Probabilities that sum to 1 in every row, as far as float32 can. */
static bool are_distributions(size_t n, size_t n_classes, const float *p)
{
  for (size_t r = 0; p && r < n; r++, p += n_classes) {
    double sum = 0;
    for (size_t c = 0; c < n_classes; c++) {
      if (!(p[c] >= 0 && p[c] <= 1)) return false;
      sum += (double)p[c];
    }
    if (!(fabs(sum - 1) < 1e-3)) return false;
  }
  return true;
}

/* What the rest of the program relies on when it looks numbers up. */
static bool is_valid(const ip_dataset *ds)
{
  if (!ds->x || !ds->y || !ds->x_id || !ds->split || !ds->train || (ds->n_test && !ds->test)) return false;
  if (!ds->n || !ds->n_in || !ds->n_classes || !ds->n_train || ds->n_x > ds->n || !ds->class_name) return false;
  if ((ds->n_targets > 0) != (ds->targets != NULL) || !memchr(ds->sha256, 0, sizeof ds->sha256)) return false;
  for (size_t r = 0; r < ds->n; r++)
    if (ds->y[r] < 0 || (size_t)ds->y[r] >= ds->n_classes || ds->x_id[r] >= ds->n_x || ds->split[r] > IP_SPLIT_TEST)
      return false;
  size_t shape = ds->shape[0];
  bool fits =
      !__builtin_mul_overflow(shape, ds->shape[1], &shape) && !__builtin_mul_overflow(shape, ds->shape[2], &shape);
  return fits && (shape == 0 || shape == ds->n_in) && are_numbers(ds->n * ds->n_in, ds->x) &&
         are_numbers(ds->n * ds->n_targets, ds->targets) && are_distributions(ds->n, ds->n_classes, ds->p_y_given_x) &&
         are_rows(ds->n_train, ds->train, ds->n) && are_rows(ds->n_test, ds->test, ds->n);
}

static ip_status receive(source *s, ip_dataset *ds)
{
  ip_dataset sent;
  size_t bytes;
  IP_TRY(take(s, 1, 1, sizeof sent, &bytes));
  IP_TRY(get(s->name, s->fd, sizeof sent, &sent));
  *ds = sent;
  ds->name = ds->remark = NULL;
  ds->x = ds->p_y_given_x = ds->targets = NULL;
  ds->exact = NULL;
  ds->y = NULL;
  ds->x_id = ds->train = ds->test = NULL;
  ds->split = NULL;
  ds->class_name = NULL;
  IP_TRY(get_all(s, &sent, ds));
  IP_REQUIRE(is_valid(ds), IP_EFORMAT, "%s: the process that read it left a dataset that contradicts itself", s->name);
  return IP_OK;
}

ip_status ip_dataset_receive(const char *name, int fd, ip_dataset **out)
{
  struct stat file;
  *out = NULL;
  IP_REQUIRE(!fstat(fd, &file) && lseek(fd, 0, SEEK_SET) == 0, IP_EIO, "%s: its copy cannot be read: %s", name,
             strerror(errno));
  uint64_t size = (uint64_t)file.st_size, written = 512 * (uint64_t)file.st_blocks; /* a hole costs the child nothing */
  source s = {.name = name, .fd = fd, .left = (size_t)(size < written ? size : written)};
  ip_dataset *ds;
  IP_TRY(IP_NEW(ds, 1, "dataset"));
  ip_status st = receive(&s, ds);
  if (st != IP_OK) ip_dataset_destroy(&ds);
  *out = ds;
  return st;
}
