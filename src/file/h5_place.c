#include "file/h5_place.h"

#include "base/advice.h"
#include "base/mem.h"
#include "file/h5_header.h"
#include "file/h5_id.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static ip_status put(int fd, const char *path, const char *name, const void *bytes, size_t n, uint64_t at)
{
  int failed = ip_h5_put_bytes(fd, bytes, n, at);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: %s: cannot be written: %s%s", path, name, strerror(failed),
             ip_advice_on_writing(failed));
  return IP_OK;
}

/* ---------------------------------------------------------------- rows */

/* Shape and chunks of a dataset; false unless its rows can be written as they are in memory. */
static bool look(hid_t dataset, ip_h5_type type, int *rank, hsize_t *dim, hsize_t *chunk)
{
  hid_t id[] = {H5Dget_type(dataset), H5Dget_space(dataset), H5Dget_create_plist(dataset)};
  bool plain = id[0] >= 0 && id[1] >= 0 && id[2] >= 0 && H5Tequal(id[0], ip_h5_memory_type(type)) > 0 &&
               H5Pget_layout(id[2]) == H5D_CHUNKED && H5Pget_nfilters(id[2]) == 0;
  *rank = plain ? H5Sget_simple_extent_ndims(id[1]) : 0;
  plain = plain && *rank > 0 && *rank <= IP_H5_MAX_RANK && H5Sget_simple_extent_dims(id[1], dim, NULL) == *rank &&
          H5Pget_chunk(id[2], *rank, chunk) == *rank;
  ip_h5_close_ids(3, id);
  return plain;
}

/* Sets the sizes of rows and pieces; false where a chunk is not whole rows, nor a row whole chunks. */
static bool measure(int rank, const hsize_t *dim, const hsize_t *chunk, size_t element, ip_h5_rows *r)
{
  size_t inner = element; /* bytes of what lies below the first two dimensions */
  for (int i = 2; i < rank; i++) {
    if (chunk[i] != dim[i]) return false;
    inner *= dim[i];
  }
  size_t rows = rank > 1 ? dim[1] : 1, piece = rank > 1 ? chunk[1] : 1;
  if (!piece || (chunk[0] > 1 && piece != rows)) return false;
  r->row_bytes = rows * inner;
  r->chunk_rows = chunk[0];
  r->n_pieces = (rows + piece - 1) / piece;
  r->piece_bytes = piece * inner;
  return true;
}

/* Addresses of all chunks; *found is false where one has no place in the file. */
static ip_status locate(ip_h5 *h, int rank, const hsize_t *chunk, ip_h5_rows *r, bool *found)
{
  size_t n[] = {(r->n_rows + r->chunk_rows - 1) / r->chunk_rows, r->n_pieces};
  IP_TRY(IP_NEW(r->at, n[0] * n[1], "places of rows"));
  *found = ip_h5_find_chunks(h, r->name, (size_t)rank, chunk, n, r->at);
  for (size_t i = 0; i < n[0] * n[1]; i++) *found &= r->at[i] != 0;
  return IP_OK;
}

ip_status ip_h5_rows_find(ip_h5 *h, const char *name, ip_h5_type type, size_t n_rows, ip_h5_rows *out)
{
  *out = (ip_h5_rows){.path = h->path, .name = name, .n_rows = n_rows};
  hsize_t dim[IP_H5_MAX_RANK], chunk[IP_H5_MAX_RANK];
  hid_t id = ip_h5_open_dataset(h, name);
  int rank;
  bool found = id >= 0 && ip_h5_descriptor(h, &out->fd) && look(id, type, &rank, dim, chunk) &&
               measure(rank, dim, chunk, H5Tget_size(ip_h5_memory_type(type)), out);
  ip_h5_close_ids(1, &id);
  H5Eclear2(H5E_DEFAULT);
  ip_status st = found ? locate(h, rank, chunk, out, &found) : IP_OK;
  if (st == IP_OK && !found)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT, "%s: %s: its rows have no reserved places in the file",
                      h->path, name);
  if (st != IP_OK) ip_h5_rows_release(out);
  return st;
}

void ip_h5_rows_release(ip_h5_rows *r)
{
  ip_free(r->at);
  *r = (ip_h5_rows){0};
}

ip_status ip_h5_rows_put(const ip_h5_rows *r, size_t row, const void *data)
{
  assert(row < r->n_rows);
  const uint64_t *at = r->at + row / r->chunk_rows * r->n_pieces;
  for (size_t p = 0, done = 0; p < r->n_pieces; p++) {
    size_t left = r->row_bytes - done, n = left < r->piece_bytes ? left : r->piece_bytes;
    IP_TRY(put(r->fd, r->path, r->name, (const char *)data + done, n, at[p] + row % r->chunk_rows * r->row_bytes));
    done += n;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- lengths */

ip_status ip_h5_length_find(ip_h5 *h, const char *name, ip_h5_length *out)
{
  *out = (ip_h5_length){.path = h->path, .name = name};
  IP_REQUIRE(ip_h5_descriptor(h, &out->fd) && ip_h5_find_length(h, name, &out->at), IP_EFORMAT,
             "%s: %s: its length has no known place in the file", h->path, name);
  return IP_OK;
}

ip_status ip_h5_length_put(const ip_h5_length *l, size_t n_rows)
{
  return put(l->fd, l->path, l->name, &(uint64_t){n_rows}, sizeof(uint64_t), l->at);
}
