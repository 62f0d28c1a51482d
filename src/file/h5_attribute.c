#include "file/h5.h"

#include "file/h5_id.h"

#include <string.h>

/* Where the attributes of an object are looked up without following its path. H5I_INVALID_HID: by its path. */
static hid_t location(const ip_h5 *h, const char *object)
{
  if (!strcmp(object, "/")) return h->file;
  return ip_h5_is_last(h, object) ? h->last : H5I_INVALID_HID;
}

hid_t ip_h5_open_attribute(ip_h5 *h, const char *object, const char *attribute)
{
  hid_t at = location(h, object);
  return at >= 0 ? H5Aopen(at, attribute, H5P_DEFAULT)
                 : H5Aopen_by_name(h->file, object, attribute, H5P_DEFAULT, H5P_DEFAULT);
}

bool ip_h5_has(ip_h5 *h, const char *object, const char *attribute)
{
  IP_READING(h->path);
  hid_t at = location(h, object);
  htri_t there = at >= 0 ? H5Aexists(at, attribute) : H5Aexists_by_name(h->file, object, attribute, H5P_DEFAULT);
  H5Eclear2(H5E_DEFAULT);
  return there > 0;
}

/* Whether an attribute is one element of `type`; then a new value takes the old one's place, and nothing moves. */
static bool is_like(hid_t attribute, hid_t type)
{
  hid_t id[] = {H5Aget_type(attribute), H5Aget_space(attribute)};
  bool same = id[0] >= 0 && id[1] >= 0 && H5Tequal(id[0], type) > 0 && H5Sget_simple_extent_npoints(id[1]) == 1;
  ip_h5_close_ids(2, id);
  return same;
}

/* Sets an attribute to one scalar of `type`, read from `value` as `memory`. The object is opened first: HDF5 1.10
 * cannot write to an attribute that was opened by the name of its object. */
static ip_status set(ip_h5 *h, const char *object, const char *attribute, hid_t type, hid_t memory, const void *value)
{
  hid_t id[] = {H5I_INVALID_HID, H5Screate(H5S_SCALAR), H5Oopen(h->file, object, H5P_DEFAULT)};
  if (id[2] >= 0 && H5Aexists(id[2], attribute) > 0) {
    id[0] = H5Aopen(id[2], attribute, H5P_DEFAULT);
    if (id[0] >= 0 && !is_like(id[0], type)) {
      ip_h5_close_ids(1, &id[0]);
      id[0] = H5I_INVALID_HID;
      H5Adelete(id[2], attribute);
    }
  }
  if (id[2] >= 0 && id[0] < 0) id[0] = H5Acreate2(id[2], attribute, type, id[1], H5P_DEFAULT, H5P_DEFAULT);
  herr_t failed = id[0] < 0 ? -1 : H5Awrite(id[0], memory, value);
  ip_h5_close_ids(3, id);
  if (failed < 0) IP_H5_FAIL(h, object, "an attribute cannot be written");
  return IP_OK;
}

ip_status ip_h5_set_text(ip_h5 *h, const char *object, const char *attribute, const char *text)
{
  hid_t type = ip_h5_text_type();
  ip_status st = set(h, object, attribute, type, type, &text);
  ip_h5_close_ids(1, &type);
  return st;
}

ip_status ip_h5_set_real(ip_h5 *h, const char *object, const char *attribute, double value)
{
  return set(h, object, attribute, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

ip_status ip_h5_set_int(ip_h5 *h, const char *object, const char *attribute, int64_t value)
{
  return set(h, object, attribute, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

/* Class of an open scalar attribute; H5T_NO_CLASS when it has several elements. */
static H5T_class_t scalar_class(hid_t attribute)
{
  H5T_class_t class = H5T_NO_CLASS;
  hid_t id[] = {H5Aget_type(attribute), H5Aget_space(attribute)};
  if (id[0] >= 0 && id[1] >= 0 && H5Sget_simple_extent_npoints(id[1]) == 1) class = H5Tget_class(id[0]);
  ip_h5_close_ids(2, id);
  return class;
}

bool ip_h5_is_number(ip_h5 *h, const char *object, const char *attribute)
{
  IP_READING(h->path);
  hid_t id = ip_h5_open_attribute(h, object, attribute);
  H5T_class_t class = id < 0 ? H5T_NO_CLASS : scalar_class(id);
  ip_h5_close_ids(1, &id);
  H5Eclear2(H5E_DEFAULT);
  return class == H5T_INTEGER || class == H5T_FLOAT;
}

static ip_status get_number(ip_h5 *h, const char *object, const char *attribute, bool whole, hid_t memory, void *value)
{
  hid_t id = ip_h5_open_attribute(h, object, attribute);
  H5T_class_t class = id < 0 ? H5T_NO_CLASS : scalar_class(id);
  bool fits = class == H5T_INTEGER || (!whole && class == H5T_FLOAT);
  herr_t failed = fits ? H5Aread(id, memory, value) : 0;
  ip_h5_close_ids(1, &id);
  if (failed < 0) IP_H5_FAIL(h, object, "an attribute cannot be read");
  H5Eclear2(H5E_DEFAULT);
  IP_REQUIRE(id >= 0, IP_EFORMAT, "%s: %s: attribute %s is missing", h->path, object, attribute);
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s: attribute %s is not a single %s", h->path, object, attribute,
             whole ? "integer" : "number");
  return IP_OK;
}

ip_status ip_h5_real(ip_h5 *h, const char *object, const char *attribute, double *value)
{
  IP_READING(h->path);
  return get_number(h, object, attribute, false, H5T_NATIVE_DOUBLE, value);
}

ip_status ip_h5_int(ip_h5 *h, const char *object, const char *attribute, int64_t *value)
{
  IP_READING(h->path);
  return get_number(h, object, attribute, true, H5T_NATIVE_INT64, value);
}
