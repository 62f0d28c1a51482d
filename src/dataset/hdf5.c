/* HDF5: the arrays that arrays.h describes are HDF5 datasets of the root. */
#include "dataset/arrays.h"
#include "file/h5.h"

#include <string.h>

static bool is_there(void *file, const char *name)
{
  return ip_h5_kind_of(file, name) == IP_H5_DATASET;
}

static ip_status shape_of(void *file, const char *name, ip_array_shape *shape)
{
  ip_h5_shape s;
  IP_TRY(ip_h5_shape_of(file, name, &s));
  *shape = (ip_array_shape){.is_number = s.is_number, .is_text = s.is_text, .rank = s.rank};
  memcpy(shape->dim, s.dim, sizeof shape->dim);
  return IP_OK;
}

static ip_status read_rows(void *file, const char *name, size_t first, size_t n, double *to)
{
  return ip_h5_read_rows(file, name, first, n, IP_H5_F64, to);
}

static ip_status read_texts(void *file, const char *name, ip_scratch *sc, size_t *n, const char ***text)
{
  return ip_h5_get_texts(file, name, sc, n, text);
}

static const ip_array_format format = {
    .noun = "dataset", .is_there = is_there, .shape_of = shape_of, .read_rows = read_rows, .read_texts = read_texts};

static ip_status open_h5(ip_part *part)
{
  ip_h5 *file;
  IP_TRY(ip_h5_open(part->path, false, &file));
  part->state = file;
  return ip_arrays_open(&format, file, part);
}

static ip_status read_h5(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  return ip_arrays_read(&format, part->state, part, first, pool, ds);
}

static void close_h5(ip_part *part)
{
  ip_h5 *file = part->state;
  (void)ip_h5_close(&file); /* nothing was written */
  part->state = NULL;
}

const ip_reader ip_reader_h5 = {
    .format = "HDF5", .open = open_h5, .read = read_h5, .close = close_h5, .needs_library = true};
