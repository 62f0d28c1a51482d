#include "file/h5.h"

#include "file/h5_id.h"

#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- texts read from an attribute or a dataset */

/* Bytes of an attribute of fixed length; HDF5 writes 64 kB at most in the format that files have here. */
enum { MAX_ATTRIBUTE = 1 << 20 };

/* Reads one string of fixed or variable length into new memory; IP_EFORMAT, without a message, when it is none. */
static ip_status read_text(const ip_h5 *h, hid_t id, hid_t type, hid_t space, bool is_attribute, char **text)
{
  if (type < 0 || space < 0 || H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
    return IP_EFORMAT;
  bool is_long = H5Tis_variable_str(type) > 0;
  char *fixed = NULL, *pointer = NULL;
  if (!is_long && is_attribute && H5Tget_size(type) > MAX_ATTRIBUTE) return IP_EFORMAT;
  if (!is_long) IP_TRY(IP_NEW(fixed, H5Tget_size(type) + 1, "text"));
  void *into = is_long ? (void *)&pointer : (void *)fixed;
  herr_t failed = is_attribute ? H5Aread(id, type, into) : H5Dread(id, type, H5S_ALL, H5S_ALL, h->transfer, into);
  if (failed < 0) {
    ip_free(fixed);
    return IP_EFORMAT;
  }
  if (!is_long) {
    *text = fixed;
    return IP_OK;
  }
  ip_status st = IP_STRDUP(*text, pointer ? pointer : "");
  H5free_memory(pointer);
  return st;
}

ip_status ip_h5_text(ip_h5 *h, const char *object, const char *attribute, char **text)
{
  IP_READING(h->path);
  *text = NULL;
  hid_t id[] = {ip_h5_open_attribute(h, object, attribute), H5I_INVALID_HID, H5I_INVALID_HID};
  bool found = id[0] >= 0;
  if (found) id[1] = H5Aget_type(id[0]);
  if (found) id[2] = H5Aget_space(id[0]);
  ip_status st = read_text(h, id[0], id[1], id[2], true, text);
  ip_h5_close_ids(3, id);
  H5Eclear2(H5E_DEFAULT);
  IP_REQUIRE(found, IP_EFORMAT, "%s: %s: attribute %s is missing", h->path, object, attribute);
  IP_REQUIRE(st != IP_EFORMAT, st, "%s: %s: attribute %s is not a string", h->path, object, attribute);
  return st;
}

ip_status ip_h5_get_text(ip_h5 *h, const char *name, char **text)
{
  IP_READING(h->path);
  *text = NULL;
  ip_h5_shape shape;
  IP_TRY(ip_h5_shape_of(h, name, &shape));
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID, H5I_INVALID_HID};
  if (id[0] >= 0) id[1] = H5Dget_type(id[0]);
  if (id[0] >= 0) id[2] = H5Dget_space(id[0]);
  ip_status st = read_text(h, id[0], id[1], id[2], false, text);
  ip_h5_close_ids(3, id);
  H5Eclear2(H5E_DEFAULT);
  IP_REQUIRE(st != IP_EFORMAT, st, "%s: %s: is not a readable string", h->path, name);
  return st;
}

ip_status ip_h5_put_text(ip_h5 *h, const char *name, const char *text)
{
  hid_t id[] = {ip_h5_text_type(), H5Screate(H5S_SCALAR), ip_h5_link_properties(),
                ip_h5_object_properties(H5P_DATASET_CREATE), H5I_INVALID_HID};
  id[4] = H5Dcreate2(h->file, name, id[0], id[1], id[2], id[3], H5P_DEFAULT);
  herr_t failed = id[4] < 0 ? -1 : H5Dwrite(id[4], id[0], H5S_ALL, H5S_ALL, h->transfer, &text);
  if (id[4] >= 0) failed = ip_h5_end_write(h, id[4], failed);
  ip_h5_close_ids(5, id);
  if (failed < 0) IP_H5_FAIL(h, name, "the text cannot be written");
  return IP_OK;
}

ip_status ip_h5_put_texts(ip_h5 *h, const char *name, size_t n, const char *const *text)
{
  hsize_t many = n;
  hid_t id[] = {ip_h5_text_type(), H5Screate_simple(1, &many, NULL), ip_h5_link_properties(),
                ip_h5_object_properties(H5P_DATASET_CREATE), H5I_INVALID_HID};
  id[4] = H5Dcreate2(h->file, name, id[0], id[1], id[2], id[3], H5P_DEFAULT);
  herr_t failed = id[4] < 0 ? -1 : n == 0 ? 0 : H5Dwrite(id[4], id[0], H5S_ALL, H5S_ALL, h->transfer, text);
  if (id[4] >= 0) failed = ip_h5_end_write(h, id[4], failed);
  ip_h5_close_ids(5, id);
  if (failed < 0) IP_H5_FAIL(h, name, "the texts cannot be written");
  return IP_OK;
}

/* Copies (n) strings of fixed or variable length into scratch. */
static ip_status copy_texts(hid_t id, hid_t type, size_t n, ip_scratch *sc, const char **text)
{
  size_t width = H5Tget_size(type);
  hid_t one = H5Screate_simple(1, &(hsize_t){n}, NULL);
  bool is_long = H5Tis_variable_str(type) > 0;
  char **pointer = NULL, *fixed = NULL;
  ip_status st = is_long ? IP_SCRATCH(sc, pointer, n, "texts") : IP_SCRATCH(sc, fixed, n * width, "texts");
  herr_t failed = st == IP_OK ? H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, is_long ? (void *)pointer : fixed) : 0;
  if (failed < 0) st = IP_EFORMAT;
  for (size_t i = 0; i < n && st == IP_OK; i++) {
    size_t length = is_long ? (pointer[i] ? strlen(pointer[i]) : 0) : strnlen(fixed + i * width, width);
    char *copy;
    st = IP_SCRATCH(sc, copy, length + 1, "text");
    if (st == IP_OK && length) memcpy(copy, is_long ? pointer[i] : fixed + i * width, length);
    if (st == IP_OK) text[i] = copy;
  }
  if (is_long && pointer && failed >= 0) H5Dvlen_reclaim(type, one, H5P_DEFAULT, pointer);
  ip_h5_close_ids(1, &one);
  return st;
}

ip_status ip_h5_get_texts(ip_h5 *h, const char *name, ip_scratch *sc, size_t *n, const char ***text)
{
  IP_READING(h->path);
  ip_h5_shape shape;
  IP_TRY(ip_h5_shape_of(h, name, &shape));
  IP_REQUIRE(shape.is_text && shape.rank == 1, IP_EFORMAT, "%s: %s: is not a list of strings", h->path, name);
  IP_TRY(ip_h5_check_size(h, name, &shape, SIZE_MAX));
  *n = shape.dim[0];
  IP_TRY(IP_SCRATCH(sc, *text, *n, "texts"));
  hid_t id[] = {ip_h5_open_dataset(h, name), H5I_INVALID_HID};
  if (id[0] >= 0) id[1] = H5Dget_type(id[0]);
  ip_status st = id[1] < 0 ? IP_EFORMAT : copy_texts(id[0], id[1], *n, sc, *text);
  ip_h5_close_ids(2, id);
  if (st == IP_EFORMAT) IP_H5_FAIL(h, name, "the texts cannot be read");
  return st;
}
