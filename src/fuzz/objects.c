/* Run files that HDF5 itself can read, with the wrong objects in them. Bytes at random rarely get past libhdf5; here
 * they are a list of changes to a small run: an object removed, or replaced by one of another type, rank or size, or
 * another attribute. */
#include "fuzz/fuzz.h"

#include "file/h5.h"

#include <stdio.h>
#include <string.h>

static const char *const objects[] = {"/epoch",
                                      "/data/y",
                                      "/data/x_id",
                                      "/data/split",
                                      "/data/p_y_given_x",
                                      "/data/target",
                                      "/data/x",
                                      "/config",
                                      "/layers/1/activation",
                                      "/layers/2/activation",
                                      "/layers/3/activation",
                                      "/layers/1/mean",
                                      "/layers/1/weight_norm",
                                      "/layers/2/weight_norm",
                                      "/metrics/train/loss",
                                      "/information/edges/ixt",
                                      "/information/edges/ity",
                                      "/information/edges/ixt_raw",
                                      "/measures/geometry/nc1",
                                      "/",
                                      "/layers",
                                      "/layers/1",
                                      "/layers/2",
                                      "/metrics",
                                      "/information/edges",
                                      "/measures/geometry",
                                      "/final",
                                      "/provenance",
                                      "/data"};

static const char *const attributes[] = {"format_version",
                                         "status",
                                         "reason",
                                         "series",
                                         "units",
                                         "kind",
                                         "activation",
                                         "width",
                                         "name",
                                         "missing_ixt_reason",
                                         "missing_nc1_reason",
                                         "n_samples",
                                         "program",
                                         "classes",
                                         "digest",
                                         "hx_bits",
                                         "dropout",
                                         "noise_variance",
                                         "quantize_bits",
                                         "quantize_output",
                                         "epochs",
                                         "seed",
                                         "train_loss",
                                         "split"};

static const char *const texts[] = {"",           "done",         "running", "interrupted", "infoplane 0.1.0",
                                    "train/loss", "weight_norm",  "nc1 nc1", "output",      "test",
                                    "\n\x1b[31m", "layer 3: none"};

static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 8, 1000, (size_t)1 << 20, (size_t)1 << 33, (size_t)1 << 62};

enum { N_VALUES = 64 };

#define PICK(list, byte) ((list)[(byte) % (sizeof(list) / sizeof *(list))])

/* A small run of two layers, two epochs and four samples. */
static ip_status put_run(ip_h5 *h)
{
  static const int64_t epoch[] = {0, 3};
  static const int32_t y[] = {0, 1, 1, 0};
  static const uint32_t x_id[] = {0, 1, 2, 3};
  static const float t[2 * 4 * 2];
  static const double v[2 * 2];
  IP_TRY(ip_h5_set_int(h, "/", "format_version", 1));
  IP_TRY(ip_h5_put(h, "/epoch", IP_H5_I64, 1, (size_t[]){2}, epoch));
  IP_TRY(ip_h5_put(h, "/data/y", IP_H5_I32, 1, (size_t[]){4}, y));
  IP_TRY(ip_h5_put(h, "/data/x_id", IP_H5_U32, 1, (size_t[]){4}, x_id));
  IP_TRY(ip_h5_put(h, "/layers/1/activation", IP_H5_F32, 3, (size_t[]){2, 4, 2}, t));
  IP_TRY(ip_h5_put(h, "/layers/2/activation", IP_H5_F32, 3, (size_t[]){2, 4, 2}, t));
  IP_TRY(ip_h5_put(h, "/metrics/train/loss", IP_H5_F64, 1, (size_t[]){2}, v));
  IP_TRY(ip_h5_put(h, "/information/edges/ixt", IP_H5_F64, 2, (size_t[]){2, 2}, v));
  return ip_h5_put(h, "/information/edges/ity", IP_H5_F64, 2, (size_t[]){2, 2}, v);
}

/* A dataset of the type, rank and sizes that the (8) bytes choose; a small one has the bytes for values. */
static ip_status put_dataset(ip_h5 *h, const char *name, const uint8_t *b)
{
  ip_h5_layout layout = {.type = (ip_h5_type)(b[0] % (IP_H5_U8 + 1)), .rank = b[1] % 4};
  size_t n = 1;
  for (size_t i = 0; i < layout.rank; i++) {
    layout.dim[i] = PICK(sizes, b[2 + i]);
    layout.chunk[i] = layout.dim[i] == 0 ? 1 : layout.dim[i] < 8 ? layout.dim[i] : 8;
    n = layout.dim[i] > N_VALUES || n > N_VALUES ? N_VALUES + 1 : n * layout.dim[i];
  }
  if (n > N_VALUES) return layout.rank ? ip_h5_dataset(h, name, &layout) : IP_OK;
  uint64_t values[N_VALUES];
  uint8_t *byte = (uint8_t *)values;
  for (size_t i = 0; i < sizeof values; i++) byte[i] = b[6] & 1 ? (i % 8 ? 0 : b[5]) : b[5 + i % 3];
  return ip_h5_put(h, name, layout.type, layout.rank, layout.dim, values);
}

enum { CHANGE = 10 };

static ip_status change(ip_h5 *h, const uint8_t *b)
{
  const char *object = PICK(objects, b[0]);
  const char *attribute = PICK(attributes, b[2]);
  bool is_dataset = ip_h5_kind_of(h, object) == IP_H5_DATASET;
  switch (b[1] % 6) {
  case 0:
    return ip_h5_remove(h, object);
  case 1:
    if (is_dataset) IP_TRY(ip_h5_remove(h, object));
    return put_dataset(h, object, b + 2);
  case 2:
    if (is_dataset) IP_TRY(ip_h5_remove(h, object));
    return ip_h5_put_text(h, object, PICK(texts, b[2]));
  case 3:
    return ip_h5_set_int(h, object, attribute, b[3] & 1 ? (int8_t)b[4] : (int64_t)PICK(sizes, b[4]));
  case 4:
    return ip_h5_set_real(h, object, attribute, (double)(int8_t)b[3] / (int8_t)b[4]);
  default:
    return ip_h5_set_text(h, object, attribute, PICK(texts, b[3]));
  }
}

int ip_fuzz_objects(const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  snprintf(path, sizeof path, "%s/objects.h5", ip_fuzz_folder());
  ip_h5 *h = NULL;
  ip_fuzz_require(ip_h5_create(path, &h) == IP_OK && put_run(h) == IP_OK, "a small run is written");
  for (size_t at = 0; at + CHANGE <= n && at < 16 * CHANGE; at += CHANGE) ip_fuzz_accepted(change(h, data + at));
  ip_fuzz_accepted(ip_h5_close(&h));
  ip_fuzz_read_run(path);
  return ip_fuzz_end();
}
