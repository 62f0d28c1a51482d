#include "file/h5.h"

#include "file/bytes.h"
#include "file/h5_id.h"

#include <assert.h>
#include <string.h>

/* ---------------------------------------------------------------- datasets that stay open */

/* Datasets are mostly used in one order, so the search begins behind the last one found. */
hid_t ip_h5_kept_id(ip_h5 *h, const char *name)
{
  for (size_t i = 0; i < h->n_kept; i++) {
    size_t at = (h->last_kept + 1 + i) % h->n_kept;
    if (strcmp(h->kept[at].name, name)) continue;
    h->last_kept = at;
    return h->kept[at].id;
  }
  return H5I_INVALID_HID;
}

static ip_status keep(ip_h5 *h, const char *name, hid_t id)
{
  if (h->n_kept == h->n_room) {
    struct ip_h5_kept *grown = ip_grow(h->kept, h->n_kept, 2 * h->n_room + 16, sizeof *grown, "open datasets");
    if (!grown) return IP_ENOMEM;
    h->kept = grown;
    h->n_room = 2 * h->n_room + 16;
  }
  char *copy;
  IP_TRY(IP_STRDUP(copy, name));
  H5Iinc_ref(id);
  h->kept[h->n_kept++] = (struct ip_h5_kept){.name = copy, .id = id};
  return IP_OK;
}

void ip_h5_forget_kept(ip_h5 *h, const char *name)
{
  size_t length = strlen(name), n = 0;
  for (size_t i = 0; i < h->n_kept; i++) {
    struct ip_h5_kept k = h->kept[i];
    bool is_below = !strncmp(k.name, name, length) && (!k.name[length] || k.name[length] == '/');
    if (!is_below) h->kept[n++] = k;
    if (!is_below) continue;
    H5Dclose(k.id);
    ip_free(k.name);
  }
  h->n_kept = n;
  h->last_kept = 0;
}

/* ---------------------------------------------------------------- making datasets, and what they are */

static void widen(size_t rank, const size_t *dim, hsize_t *out)
{
  for (size_t i = 0; i < rank; i++) out[i] = dim[i];
}

/* Creation properties of a layout; H5I_INVALID_HID on failure. */
static hid_t layout_properties(const ip_h5_layout *layout)
{
  hid_t list = ip_h5_object_properties(H5P_DATASET_CREATE);
  if (list < 0) return list;
  herr_t failed = 0;
  if (layout->chunk[0]) {
    hsize_t chunk[IP_H5_MAX_RANK];
    widen(layout->rank, layout->chunk, chunk);
    failed |= H5Pset_chunk(list, (int)layout->rank, chunk);
  }
  if (layout->reserve) failed |= H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
  if (layout->reserve) failed |= H5Pset_fill_time(list, H5D_FILL_TIME_NEVER);
  if (failed >= 0) return list;
  H5Pclose(list);
  return H5I_INVALID_HID;
}

static hid_t layout_space(const ip_h5_layout *layout)
{
  hsize_t dim[IP_H5_MAX_RANK], most[IP_H5_MAX_RANK];
  widen(layout->rank, layout->dim, dim);
  widen(layout->rank, layout->dim, most);
  if (layout->grows) most[0] = H5S_UNLIMITED;
  return layout->rank ? H5Screate_simple((int)layout->rank, dim, most) : H5Screate(H5S_SCALAR);
}

ip_status ip_h5_dataset(ip_h5 *h, const char *name, const ip_h5_layout *layout)
{
  assert(layout->rank <= IP_H5_MAX_RANK && (!layout->grows || layout->chunk[0]));
  hid_t id[] = {layout_space(layout), layout_properties(layout), ip_h5_link_properties(), H5I_INVALID_HID};
  id[3] = H5Dcreate2(h->file, name, ip_h5_file_type(layout->type), id[0], id[2], id[1], H5P_DEFAULT);
  bool made = id[3] >= 0;
  ip_status st = made && h->is_new ? keep(h, name, id[3]) : IP_OK;
  ip_h5_close_ids(4, id);
  if (!made) IP_H5_FAIL(h, name, "the dataset cannot be created");
  return st;
}

ip_status ip_h5_put(ip_h5 *h, const char *name, ip_h5_type type, size_t rank, const size_t *dim, const void *data)
{
  ip_h5_layout layout = {.type = type, .rank = rank};
  memcpy(layout.dim, dim, rank * sizeof *dim);
  IP_TRY(ip_h5_dataset(h, name, &layout));
  return ip_h5_write(h, name, type, data);
}

ip_status ip_h5_shape_of(ip_h5 *h, const char *name, ip_h5_shape *shape)
{
  IP_READING(h->path);
  *shape = (ip_h5_shape){0};
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID, H5I_INVALID_HID};
  if (id[0] < 0) {
    IP_REQUIRE(ip_h5_kind_of(h, name) == IP_H5_DATASET, IP_EFORMAT, "%s: %s: no such dataset", h->path, name);
    id[0] = ip_h5_open_dataset(h, name); /* for the reason on HDF5's error stack */
  }
  if (id[0] >= 0) {
    id[1] = H5Dget_space(id[0]);
    id[2] = H5Dget_type(id[0]);
  }
  int rank = id[1] < 0 ? -1 : H5Sget_simple_extent_ndims(id[1]);
  hsize_t dim[H5S_MAX_RANK] = {0};
  bool known = rank >= 0 && id[2] >= 0 && H5Sget_simple_extent_dims(id[1], dim, NULL) >= 0;
  H5T_class_t class = id[2] < 0 ? H5T_NO_CLASS : H5Tget_class(id[2]);
  shape->is_integer = id[2] >= 0 && ip_h5_is_integer_type(id[2]);
  shape->is_number = id[2] >= 0 && ip_h5_is_number_type(id[2]);
  shape->element_size = id[2] < 0 ? 0 : H5Tget_size(id[2]);
  ip_h5_close_ids(3, id);
  if (!known) IP_H5_FAIL(h, name, "its shape cannot be read");
  IP_REQUIRE(rank <= IP_H5_MAX_RANK, IP_EFORMAT, "%s: %s: has %d dimensions, at most %d are expected", h->path, name,
             rank, IP_H5_MAX_RANK);
  shape->rank = (size_t)rank;
  shape->is_text = class == H5T_STRING;
  for (size_t i = 0; i < shape->rank; i++) shape->dim[i] = (size_t)dim[i];
  return IP_OK;
}

ip_status ip_h5_check_size(ip_h5 *h, const char *name, const ip_h5_shape *shape, size_t n_rows)
{
  uint64_t size = shape->element_size;
  for (size_t i = 0; i < shape->rank; i++)
    IP_REQUIRE(!__builtin_mul_overflow(size, i || n_rows > shape->dim[0] ? shape->dim[i] : n_rows, &size), IP_EFORMAT,
               "%s: %s: has more elements than memory can hold", h->path, name);
  if (ip_bytes_plausible(h->path, size) == IP_OK) return IP_OK;
  ip_error_clear();
  IP_FAIL(IP_EFORMAT, "%s: %s: has %llu bytes of elements, more than the file can hold: it is damaged, or incomplete",
          h->path, name, (unsigned long long)size);
}

/* Whether the chunk at the given corner of a row is there: the first one of the row, or the last. */
static bool has_chunk(hid_t dataset, int rank, const hsize_t *dim, const hsize_t *chunk, hsize_t row, bool last)
{
  hsize_t at[IP_H5_MAX_RANK] = {0}, size = 0;
  haddr_t where = HADDR_UNDEF;
  unsigned mask;
  at[0] = row / chunk[0] * chunk[0];
  for (int i = 1; last && i < rank; i++) at[i] = (dim[i] - 1) / chunk[i] * chunk[i];
  return H5Dget_chunk_info_by_coord(dataset, at, &mask, &where, &size) < 0 || where != HADDR_UNDEF;
}

bool ip_h5_has_row(ip_h5 *h, const char *name, size_t row)
{
  IP_READING(h->path);
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID, H5I_INVALID_HID};
  hsize_t dim[IP_H5_MAX_RANK], chunk[IP_H5_MAX_RANK];
  bool has = true;
  if (id[0] >= 0) id[1] = H5Dget_space(id[0]);
  if (id[0] >= 0) id[2] = H5Dget_create_plist(id[0]);
  int rank = id[1] < 0 || id[2] < 0 ? 0 : H5Sget_simple_extent_ndims(id[1]);
  if (rank > 0 && rank <= IP_H5_MAX_RANK && H5Pget_layout(id[2]) == H5D_CHUNKED &&
      H5Sget_simple_extent_dims(id[1], dim, NULL) >= 0 && row < dim[0] && H5Sget_simple_extent_npoints(id[1]) > 0 &&
      H5Pget_chunk(id[2], rank, chunk) >= 0)
    has = has_chunk(id[0], rank, dim, chunk, row, false) && has_chunk(id[0], rank, dim, chunk, row, true);
  ip_h5_close_ids(3, id);
  H5Eclear2(H5E_DEFAULT);
  return has;
}

ip_status ip_h5_resize(ip_h5 *h, const char *name, size_t n_rows)
{
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID};
  hsize_t dim[H5S_MAX_RANK] = {0};
  if (id[0] >= 0) id[1] = H5Dget_space(id[0]);
  herr_t failed = id[1] < 0 || H5Sget_simple_extent_dims(id[1], dim, NULL) < 1 ? -1 : 0;
  dim[0] = n_rows;
  if (!failed) failed = H5Dset_extent(id[0], dim);
  ip_h5_close_ids(2, id);
  if (failed < 0) IP_H5_FAIL(h, name, "its length cannot be changed");
  return IP_OK;
}

static size_t size_of(ip_h5_type type)
{
  static const size_t size[] = {
#define X(symbol, c, memory, file) sizeof(c),
      IP_H5_TYPE_LIST(X)
#undef X
  };
  return size[type];
}

/* Whether the elements are numbers; if not, so on HDF5's error stack. */
static bool has_numbers(hid_t dataset)
{
  hid_t type = H5Dget_type(dataset);
  bool has = type >= 0 && ip_h5_is_number_type(type);
  ip_h5_close_ids(1, &type);
  if (!has)
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_DATASET, H5E_BADTYPE,
             "its elements are not numbers");
  return has;
}

/* Reads into `in` or writes from `out` the block at `start` of `count` elements; start NULL: everything. */
static bool transfer(ip_h5 *h, const char *name, const size_t *start, const size_t *count, ip_h5_type type,
                     const void *out, void *in)
{
  bool kept = ip_h5_kept_id(h, name) >= 0; /* and written by the next flush */
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID, H5I_INVALID_HID};
  herr_t failed = id[0] < 0 || (in && !h->is_new && !has_numbers(id[0])) ? -1 : 0;
  hid_t file = H5S_ALL, memory = H5S_ALL;
  if (!failed && start) {
    file = id[1] = H5Dget_space(id[0]);
    int rank = file < 0 ? -1 : H5Sget_simple_extent_ndims(file);
    if (rank < 0 || rank > IP_H5_MAX_RANK)
      failed = -1;
    else {
      hsize_t from[IP_H5_MAX_RANK], many[IP_H5_MAX_RANK];
      widen((size_t)rank, start, from);
      widen((size_t)rank, count, many);
      memory = id[2] = H5Screate_simple(rank, many, NULL);
      failed = H5Sselect_hyperslab(file, H5S_SELECT_SET, from, NULL, many, NULL);
      if (memory < 0 || H5Sselect_valid(file) <= 0) failed = -1;
    }
  }
  if (failed >= 0 && out) failed = H5Dwrite(id[0], ip_h5_memory_type(type), memory, file, h->transfer, out);
  if (failed >= 0 && in) failed = H5Dread(id[0], ip_h5_memory_type(type), memory, file, h->transfer, in);
  if (out && !kept && id[0] >= 0) failed = ip_h5_end_write(h, id[0], failed);
  if (out && kept && failed < 0) ip_h5_divert(h);
  ip_h5_close_ids(3, id);
  return failed >= 0;
}

ip_status ip_h5_write(ip_h5 *h, const char *name, ip_h5_type type, const void *data)
{
  if (!transfer(h, name, NULL, NULL, type, data, NULL)) IP_H5_FAIL(h, name, "cannot be written");
  return IP_OK;
}

ip_status ip_h5_read(ip_h5 *h, const char *name, ip_h5_type type, size_t size, void *data)
{
  IP_READING(h->path);
  ip_h5_shape shape;
  IP_TRY(ip_h5_shape_of(h, name, &shape));
  size_t bytes = size_of(type);
  for (size_t i = 0; i < shape.rank; i++)
    IP_REQUIRE(!__builtin_mul_overflow(bytes, shape.dim[i], &bytes), IP_EFORMAT, "%s: %s: is too large", h->path, name);
  IP_REQUIRE(bytes == size, IP_EFORMAT, "%s: %s: holds %zu numbers where %zu are expected", h->path, name,
             bytes / size_of(type), size / size_of(type));
  if (!transfer(h, name, NULL, NULL, type, NULL, data)) IP_H5_FAIL(h, name, "cannot be read");
  return IP_OK;
}

ip_status ip_h5_write_block(ip_h5 *h, const char *name, const size_t *start, const size_t *count, ip_h5_type type,
                            const void *data)
{
  if (!transfer(h, name, start, count, type, data, NULL)) IP_H5_FAIL(h, name, "cannot be written");
  return IP_OK;
}

ip_status ip_h5_read_block(ip_h5 *h, const char *name, const size_t *start, const size_t *count, ip_h5_type type,
                           void *data)
{
  IP_READING(h->path);
  if (!transfer(h, name, start, count, type, NULL, data)) IP_H5_FAIL(h, name, "cannot be read");
  return IP_OK;
}

/* Start and count of whole rows. */
static ip_status rows(ip_h5 *h, const char *name, size_t first, size_t n, size_t *start, size_t *count)
{
  ip_h5_shape shape;
  IP_TRY(ip_h5_shape_of(h, name, &shape));
  IP_REQUIRE(shape.rank > 0 && n <= shape.dim[0] && first <= shape.dim[0] - n, IP_EFORMAT,
             "%s: %s: has %zu rows, rows %zu to %zu are wanted", h->path, name, shape.rank ? shape.dim[0] : 0, first,
             first + n);
  memset(start, 0, IP_H5_MAX_RANK * sizeof *start);
  memcpy(count, shape.dim, IP_H5_MAX_RANK * sizeof *count);
  start[0] = first;
  count[0] = n;
  return IP_OK;
}

ip_status ip_h5_write_rows(ip_h5 *h, const char *name, size_t first, size_t n, ip_h5_type type, const void *data)
{
  size_t start[IP_H5_MAX_RANK], count[IP_H5_MAX_RANK];
  IP_TRY(rows(h, name, first, n, start, count));
  return ip_h5_write_block(h, name, start, count, type, data);
}

ip_status ip_h5_read_rows(ip_h5 *h, const char *name, size_t first, size_t n, ip_h5_type type, void *data)
{
  IP_READING(h->path);
  size_t start[IP_H5_MAX_RANK], count[IP_H5_MAX_RANK];
  IP_TRY(rows(h, name, first, n, start, count));
  return ip_h5_read_block(h, name, start, count, type, data);
}
