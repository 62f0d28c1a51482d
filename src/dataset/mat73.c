#include "dataset/mat73.h"

#include "file/bytes.h"

#include <stdio.h>
#include <string.h>

enum { HEADER = 128, VERSION = 124 };

ip_status ip_mat73_is(const char *path, bool *is)
{
  ip_bytes *in;
  unsigned char header[HEADER] = {0};
  size_t got = 0;
  IP_TRY(ip_bytes_open(path, &in));
  ip_status st = ip_bytes_read(in, sizeof header, header, &got);
  ip_bytes_close(&in);
  const unsigned char *v = header + VERSION;
  bool little = !memcmp(v + 2, "IM", 2), big = !memcmp(v + 2, "MI", 2);
  *is = got == HEADER && !memcmp(header, "MATLAB", 6) && ((little && v[1] == 2) || (big && v[0] == 2));
  return st;
}

/* Whether the variable is of a class of numbers, as far as it says. */
static ip_status check_class(ip_h5 *h, const char *name, bool *numeric)
{
  static const char *const classes[] = {"double", "single", "int8",   "uint8", "int16",
                                        "uint16", "int32",  "uint32", "int64", "uint64"};
  char *class;
  *numeric = true;
  if (!ip_h5_has(h, name, "MATLAB_class")) return IP_OK;
  IP_TRY(ip_h5_text(h, name, "MATLAB_class", &class));
  *numeric = false;
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) *numeric |= !strcmp(class, classes[i]);
  ip_free(class);
  return IP_OK;
}

/* Fails with the variables that are there. */
static ip_status missing(ip_h5 *h, const char *name)
{
  char list[200] = "";
  ip_scratch *sc;
  size_t n;
  const char **child;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_h5_children(h, "/", sc, &n, &child);
  for (size_t i = 0, used = 0; st == IP_OK && i < n && used + 40 < sizeof list; i++)
    used += (size_t)snprintf(list + used, sizeof list - used, "%s%.30s", i ? ", " : "", child[i]);
  ip_scratch_destroy(&sc);
  IP_TRY(st);
  IP_FAIL(IP_EFORMAT, "%s: no variable %s; expected F (samples, inputs) and y (labels), found: %s", ip_h5_path(h), name,
          *list ? list : "none");
}

ip_status ip_mat73_size(ip_h5 *h, const char *name, size_t *n_rows, size_t *n_cols)
{
  ip_h5_shape shape;
  bool numeric = false;
  *n_rows = *n_cols = 0;
  if (ip_h5_kind_of(h, name) == IP_H5_NOTHING) return missing(h, name);
  if (ip_h5_kind_of(h, name) == IP_H5_DATASET) {
    IP_TRY(ip_h5_shape_of(h, name, &shape));
    IP_TRY(check_class(h, name, &numeric));
    numeric = numeric && shape.is_number && shape.rank == 2;
  }
  IP_REQUIRE(numeric, IP_EFORMAT, "%s: %s is not a matrix of real numbers; expected F (samples, inputs) and y (labels)",
             ip_h5_path(h), name);
  bool empty = ip_h5_has(h, name, "MATLAB_empty"); /* its elements are then its dimensions */
  *n_rows = empty ? 0 : shape.dim[1];
  *n_cols = empty ? 0 : shape.dim[0];
  return IP_OK;
}

ip_status ip_mat73_read(ip_h5 *h, const char *name, size_t n, double *value)
{
  return ip_h5_read(h, name, IP_H5_F64, n * sizeof *value, value);
}
