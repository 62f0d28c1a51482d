#include "runfile/reader.h"

#include "file/bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* "[274, 4096, 10]", with "any" for SIZE_MAX. */
static const char *dims_text(size_t rank, const size_t *dim, char *text, size_t size)
{
  size_t n = (size_t)snprintf(text, size, "[");
  for (size_t i = 0; i < rank && n < size; i++) {
    if (dim[i] == SIZE_MAX)
      n += (size_t)snprintf(text + n, size - n, "%sany", i ? ", " : "");
    else
      n += (size_t)snprintf(text + n, size - n, "%s%zu", i ? ", " : "", dim[i]);
  }
  if (n < size) snprintf(text + n, size - n, "]");
  return text;
}

ip_status ip_run_check_size(const ip_run *r, const char *name, const ip_h5_shape *shape, size_t n_rows)
{
  uint64_t size = shape->element_size;
  for (size_t i = 0; i < shape->rank; i++) {
    uint64_t n = i == 0 && n_rows < shape->dim[0] ? n_rows : shape->dim[i];
    IP_REQUIRE(!n || size <= UINT64_MAX / n, IP_EFORMAT, "%s: %s: has more elements than memory can hold", r->path,
               name);
    size *= n;
  }
  if (ip_bytes_plausible(r->path, size) == IP_OK) return IP_OK;
  ip_error_clear();
  IP_FAIL(IP_EFORMAT, "%s: %s: has %llu bytes of elements, more than the file can hold: it is damaged, or incomplete",
          r->path, name, (unsigned long long)size);
}

ip_status ip_run_check(const ip_run *r, const char *name, bool whole, size_t rank, const size_t *dim, const char *axes,
                       ip_h5_shape *shape)
{
  ip_status st = ip_h5_shape_of(r->h, name, shape);
  if (st != IP_OK) {
    ip_h5_kind kind = ip_h5_kind_of(r->h, name);
    if (kind != IP_H5_DATASET) ip_error_clear(); /* the rule says more than what HDF5 found */
    IP_REQUIRE(kind != IP_H5_NOTHING, IP_EFORMAT, "%s: %s is missing (docs/run-file.md)", r->path, name);
    IP_REQUIRE(kind == IP_H5_DATASET, IP_EFORMAT, "%s: %s must be a dataset", r->path, name);
    IP_TRY(st);
  }
  IP_REQUIRE(whole ? shape->is_integer : shape->is_number, IP_EFORMAT, "%s: %s must contain %s", r->path, name,
             whole ? "integers" : "numbers");
  bool by_epoch = !strncmp(axes, "epochs", 6);
  bool fits = shape->rank == rank;
  for (size_t i = 0; fits && i < rank; i++)
    fits = dim[i] == SIZE_MAX || shape->dim[i] == dim[i] || (i == 0 && by_epoch && shape->dim[0] > dim[0]);
  char is[128], must[128];
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s: got shape %s, expected %s (%s)", r->path, name,
             dims_text(shape->rank, shape->dim, is, sizeof is), dims_text(rank, dim, must, sizeof must), axes);
  if (dim[0] == SIZE_MAX && !by_epoch) return IP_OK; /* the caller compares the number of samples first */
  return ip_run_check_size(r, name, shape, by_epoch && r->epoch ? r->n_epochs : SIZE_MAX);
}
