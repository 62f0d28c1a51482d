#include "file/h5_id.h"

#include "file/bytes.h"

#include <stdarg.h>
#include <stdio.h>

/* What a dataset may be, by its description alone, before an element of it is read. The description is that of a file
 * from anywhere: it may name other files, filters that are not there, number formats that no machine uses, and sizes
 * without elements. Whatever is not listed here is rejected. */

/* Chunks up to this size need no proof that the file can hold them: rows that nothing was written to have none. */
enum { SMALL_CHUNK = 16 << 20 };

/* Puts a sentence on HDF5's error stack, as the only one. */
static bool reject(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static bool reject(const char *fmt, ...)
{
  char text[512];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  H5Eclear2(H5E_DEFAULT);
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_DATASET, H5E_CANTOPENOBJ, "%s", text);
  return false;
}

/* ---------------------------------------------------------------- types */

static bool is_below(size_t at, size_t n, size_t size)
{
  return n <= size && at <= size - n;
}

static bool is_integer_type(hid_t type)
{
  size_t bits = 8 * H5Tget_size(type), precision = H5Tget_precision(type);
  int offset = H5Tget_offset(type);
  return bits >= 8 && bits <= 64 && precision > 0 && offset >= 0 && is_below((size_t)offset, precision, bits);
}

/* A sign, an exponent and a mantissa, each where the number has bits. */
static bool is_real_type(hid_t type)
{
  size_t sign, exponent, exponent_bits, mantissa, mantissa_bits, bits = 8 * H5Tget_size(type);
  if (bits < 8 || bits > 128 || H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0)
    return false;
  return is_below(sign, 1, bits) && is_below(exponent, exponent_bits, bits) &&
         is_below(mantissa, mantissa_bits, bits) && exponent_bits >= 1 && exponent_bits <= 15 && mantissa_bits >= 1;
}

bool ip_h5_is_integer_type(hid_t type)
{
  H5T_class_t class = H5Tget_class(type);
  if (class == H5T_INTEGER) return is_integer_type(type);
  if (class != H5T_ENUM) return false; /* as h5py stores bool */
  hid_t base = H5Tget_super(type);
  bool good = base >= 0 && H5Tget_class(base) == H5T_INTEGER && is_integer_type(base);
  ip_h5_close_ids(1, &base);
  return good;
}

bool ip_h5_is_number_type(hid_t type)
{
  return H5Tget_class(type) == H5T_FLOAT ? is_real_type(type) : ip_h5_is_integer_type(type);
}

/* ---------------------------------------------------------------- filters */

static bool is_known_filter(H5Z_filter_t id)
{
  static const H5Z_filter_t known[] = {H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32,
                                       H5Z_FILTER_SZIP,    H5Z_FILTER_NBIT,    H5Z_FILTER_SCALEOFFSET};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (id == known[i]) return H5Zfilter_avail(id) > 0;
  return false;
}

static bool admits_filters(hid_t list)
{
  for (int i = 0, n = H5Pget_nfilters(list); i < n; i++) {
    char name[64] = "";
    unsigned flags, config;
    size_t n_values = 0;
    H5Z_filter_t id = H5Pget_filter2(list, (unsigned)i, &flags, &n_values, NULL, sizeof name, name, &config);
    name[sizeof name - 1] = 0;
    if (!is_known_filter(id))
      return reject("it is compressed with the filter %s (number %d), which the HDF5 library here does not have; write "
                    "it without: in h5py new.create_dataset(name, data=old[name][()]), or h5repack -f NONE OLD NEW "
                    "where the plugin of the filter is (HDF5_PLUGIN_PATH)",
                    *name ? name : "without a name", (int)id);
  }
  return true;
}

/* ---------------------------------------------------------------- sizes */

/* Bytes of (rank) dimensions of elements; UINT64_MAX: more than any file has. */
static uint64_t bytes_of(int rank, const hsize_t *dim, size_t element)
{
  uint64_t bytes = element;
  for (int i = 0; i < rank; i++)
    if (__builtin_mul_overflow(bytes, dim[i], &bytes)) return UINT64_MAX;
  return bytes;
}

static uint64_t file_bytes(hid_t file)
{
  hsize_t size = 0;
  return H5Fget_filesize(file, &size) < 0 ? 0 : size;
}

static bool admits_chunks(hid_t file, hid_t list, int rank, size_t element)
{
  hsize_t chunk[H5S_MAX_RANK];
  if (H5Pget_chunk(list, rank, chunk) != rank) return reject("its chunks have another rank than it has");
  uint64_t bytes = bytes_of(rank, chunk, element);
  if (bytes <= SMALL_CHUNK || bytes / IP_BYTES_DEFLATE_RATIO <= file_bytes(file)) return true;
  return reject("one of its chunks has %llu bytes, more than the file can hold", (unsigned long long)bytes);
}

/* Where HDF5 begins in a file: behind what another program has there, as in those of MATLAB. */
static hsize_t beginning(hid_t file)
{
  hsize_t begin = 0;
  hid_t list = H5Fget_create_plist(file);
  if (list >= 0) H5Pget_userblock(list, &begin);
  ip_h5_close_ids(1, &list);
  return begin;
}

/* The elements are in one block, whose size is stored beside that of the dataset. HDF5 1.10 adds the beginning of the
 * file to the address, also to that of a block that does not exist, which is then before it. */
static bool admits_block(hid_t file, hid_t dataset, H5D_layout_t layout, uint64_t bytes)
{
  haddr_t at = H5Dget_offset(dataset);
  bool is_allocated = layout == H5D_COMPACT || (at != HADDR_UNDEF && at >= beginning(file));
  H5Eclear2(H5E_DEFAULT);
  if (is_allocated && H5Dget_storage_size(dataset) < bytes)
    return reject("it has %llu bytes of elements, but the file has only room for %llu of them",
                  (unsigned long long)bytes, (unsigned long long)H5Dget_storage_size(dataset));
  uint64_t size = file_bytes(file);
  if (layout == H5D_CONTIGUOUS && is_allocated && (bytes > size || at > size - bytes))
    return reject("its elements are beyond the end of the file");
  return true;
}

static bool admits_sizes(hid_t file, hid_t dataset, hid_t list)
{
  hid_t id[] = {H5Dget_space(dataset), H5Dget_type(dataset)};
  hsize_t dim[H5S_MAX_RANK] = {0};
  int rank = id[0] < 0 ? -1 : H5Sget_simple_extent_dims(id[0], dim, NULL);
  bool is_null = id[0] >= 0 && H5Sget_simple_extent_type(id[0]) == H5S_NULL;
  size_t element = id[1] < 0 ? 0 : H5Tget_size(id[1]);
  H5D_layout_t layout = H5Pget_layout(list);
  bool admitted;
  if (rank < 0 || !element)
    admitted = reject("its shape or type cannot be read");
  else if (layout == H5D_CHUNKED)
    admitted = admits_chunks(file, list, rank, element);
  else
    admitted = is_null || admits_block(file, dataset, layout, bytes_of(rank, dim, element));
  ip_h5_close_ids(2, id);
  return admitted;
}

/* ---------------------------------------------------------------- the whole */

bool ip_h5_admits(hid_t file, hid_t dataset)
{
  hid_t list = H5Dget_create_plist(dataset);
  if (list < 0) return reject("its properties cannot be read");
  bool admitted;
  if (H5Pget_external_count(list) != 0)
    admitted = reject("its elements are in another file (external storage); " IP_H5_INSIDE_ADVICE);
  else if (H5Pget_layout(list) == H5D_VIRTUAL)
    admitted = reject("it is a view of datasets in other files (virtual); " IP_H5_INSIDE_ADVICE);
  else
    admitted = admits_filters(list) && admits_sizes(file, dataset, list);
  ip_h5_close_ids(1, &list);
  return admitted;
}
