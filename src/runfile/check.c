#include "runfile/reader.h"
#include "runfile/schema.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* ---------------------------------------------------------------- one dataset */

/* The width of the layer that "/layers/<k>/..." is in; SIZE_MAX as long as nothing is known of it. */
static size_t width_of(const ip_run *r, const char *name)
{
  unsigned long long k = strtoull(name + strlen("/layers/"), NULL, 10);
  bool known = r->head.layer && k >= 1 && k <= r->head.n_layers && r->head.layer[k - 1].width > 0;
  return known ? r->head.layer[k - 1].width : SIZE_MAX;
}

/* The length that an axis must have; SIZE_MAX: any, or not known yet. */
static size_t length_of(const ip_run *r, ip_run_axis axis, const char *name)
{
  switch (axis) {
  case IP_AXIS_EPOCHS:
    return r->has_counted ? r->n_epochs : SIZE_MAX;
  case IP_AXIS_SAMPLES:
    return r->head.n ? r->head.n : SIZE_MAX;
  case IP_AXIS_LAYERS:
    return r->head.n_layers ? r->head.n_layers : SIZE_MAX;
  case IP_AXIS_UNITS:
    return width_of(r, name);
  default:
    return SIZE_MAX;
  }
}

static ip_status check_elements(const ip_run *r, const char *name, const ip_run_object *object,
                                const ip_h5_shape *shape)
{
  static const char *const nouns[] = {
      [IP_RUN_INTEGERS] = "integers", [IP_RUN_NUMBERS] = "numbers", [IP_RUN_TEXT] = "a string"};
  bool fits = object->elements == IP_RUN_INTEGERS  ? shape->is_integer
              : object->elements == IP_RUN_NUMBERS ? shape->is_number
                                                   : shape->is_text;
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s must contain %s", r->path, name, nouns[object->elements]);
  return IP_OK;
}

static ip_status check_shape(const ip_run *r, const char *name, const ip_run_object *object, const ip_h5_shape *shape)
{
  size_t dim[IP_RUN_MAX_AXES];
  bool fits = shape->rank == object->n_axes;
  for (size_t i = 0; i < object->n_axes; i++) {
    dim[i] = length_of(r, object->axis[i], name);
    fits = fits && (dim[i] == SIZE_MAX || shape->dim[i] == dim[i] ||
                    (object->axis[i] == IP_AXIS_EPOCHS && shape->dim[i] > dim[i]));
  }
  char is[128], must[128], axes[64];
  IP_REQUIRE(fits, IP_EFORMAT, "%s: %s: got shape %s, expected %s (%s)", r->path, name,
             dims_text(shape->rank, shape->dim, is, sizeof is), dims_text(object->n_axes, dim, must, sizeof must),
             ip_run_axes_text(object, axes));
  return IP_OK;
}

/* A text is one string, as a scalar or as a list of one. */
static ip_status check_text(const ip_run *r, const char *name, const ip_h5_shape *shape)
{
  IP_REQUIRE(shape->rank == 0 || (shape->rank == 1 && shape->dim[0] == 1), IP_EFORMAT, "%s: %s must be a single string",
             r->path, name);
  return IP_OK;
}

ip_status ip_run_check(const ip_run *r, const char *name, ip_h5_shape *shape)
{
  bool leads;
  const ip_run_object *object = ip_run_find_object(name, &leads);
  IP_REQUIRE(object, IP_EFORMAT, "%s: %s is not the name of a dataset of run files (docs/run-file.md)", r->path, name);
  ip_status st = ip_h5_shape_of(r->h, name, shape);
  if (st != IP_OK) {
    ip_h5_kind kind = ip_h5_kind_of(r->h, name);
    if (kind != IP_H5_DATASET) ip_error_clear(); /* the rule says more than what HDF5 found */
    IP_REQUIRE(kind != IP_H5_NOTHING, IP_EFORMAT, "%s: %s is missing (docs/run-file.md)", r->path, name);
    IP_REQUIRE(kind == IP_H5_DATASET, IP_EFORMAT, "%s: %s must be a dataset", r->path, name);
    IP_TRY(st);
  }
  IP_TRY(check_elements(r, name, object, shape));
  if (object->elements == IP_RUN_TEXT) return check_text(r, name, shape);
  IP_TRY(check_shape(r, name, object, shape));
  /* Of samples whose number is not known yet, the caller compares numbers first. */
  if (object->axis[0] == IP_AXIS_SAMPLES && !r->head.n) return IP_OK;
  bool by_epoch = object->axis[0] == IP_AXIS_EPOCHS || object->axis[0] == IP_AXIS_SOME_EPOCHS;
  return ip_h5_check_size(r->h, name, shape, by_epoch && r->has_counted ? r->n_epochs : SIZE_MAX);
}

/* ---------------------------------------------------------------- all of a file */

/* More than any run has; a group that is linked from many groups would be looked at again and again. */
enum { MAX_OBJECTS = 100000 };

static ip_status check_group(ip_run *r, const char *group, size_t *n_objects);

/* An object by its path: a dataset in the list, a group that contains some, or nothing that is ever opened. */
static ip_status check_object(ip_run *r, const char *path, size_t *n_objects)
{
  bool leads;
  ip_h5_shape shape;
  const ip_run_object *object = ip_run_find_object(path, &leads);
  if (!leads && (!object || object->if_listed)) return IP_OK;
  IP_REQUIRE(++*n_objects <= MAX_OBJECTS, IP_EFORMAT, "%s: has more than %d datasets and groups", r->path, MAX_OBJECTS);
  if (!leads) return ip_run_check(r, path, &shape);
  ip_h5_kind kind = ip_h5_kind_of(r->h, path);
  return kind == IP_H5_GROUP ? check_group(r, path, n_objects) : IP_OK;
}

static ip_status check_group(ip_run *r, const char *group, size_t *n_objects)
{
  size_t n, mark = ip_scratch_mark(r->sc);
  const char **name;
  IP_TRY(ip_h5_children(r->h, group, r->sc, &n, &name));
  for (size_t i = 0; i < n; i++) {
    const char *path;
    IP_TRY(ip_scratch_format(r->sc, &path, "%s/%s", strcmp(group, "/") ? group : "", name[i]));
    IP_TRY(check_object(r, path, n_objects));
  }
  ip_scratch_release(r->sc, mark);
  return IP_OK;
}

ip_status ip_run_check_objects(ip_run *r)
{
  size_t n_objects = 0;
  return check_group(r, "/", &n_objects);
}
