#include "dataset/locate.h"
#include "dataset/reader.h"
#include "file/bytes.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *ending;
  const ip_reader *reader;
} endings[] = {
    {"-ubyte", &ip_reader_idx},    {"-ubyte.gz", &ip_reader_idx}, {".idx", &ip_reader_idx}, {".idx.gz", &ip_reader_idx},
    {".csv", &ip_reader_csv},      {".csv.gz", &ip_reader_csv},   {".tsv", &ip_reader_csv}, {".tsv.gz", &ip_reader_csv},
    {".txt", &ip_reader_csv},      {".txt.gz", &ip_reader_csv},   {".psv", &ip_reader_csv}, {".psv.gz", &ip_reader_csv},
    {".mat", &ip_reader_mat},      {".h5", &ip_reader_h5},        {".hdf5", &ip_reader_h5}, {".npy", &ip_reader_numpy},
    {".npy.gz", &ip_reader_numpy}, {".npz", &ip_reader_numpy},
};

static const ip_reader *by_ending(const char *path)
{
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (ip_locate_ends_with(path, endings[i].ending)) return endings[i].reader;
  return NULL;
}

/* By the first bytes of the file, where its name says nothing. */
static ip_status by_content(const char *path, const ip_reader **reader)
{
  ip_bytes *b = NULL;
  unsigned char head[16] = {0};
  size_t got = 0;
  *reader = NULL;
  ip_status st = ip_bytes_open(path, &b);
  if (st == IP_OK) st = ip_bytes_read(b, sizeof head, head, &got);
  ip_bytes_close(&b);
  IP_TRY(st);
  if (got >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14) *reader = &ip_reader_idx;
  if (got >= 8 && memcmp(head, "\211HDF\r\n\032\n", 8) == 0) *reader = &ip_reader_h5;
  if (got >= 6 && memcmp(head, "MATLAB", 6) == 0) *reader = &ip_reader_mat;
  if (got >= 6 && (memcmp(head, "\223NUMPY", 6) == 0 || memcmp(head, "PK\3\4", 4) == 0)) *reader = &ip_reader_numpy;
  IP_REQUIRE(*reader, IP_EFORMAT,
             "%s: unknown file type; expected IDX (...-images-idx3-ubyte, also .gz), .csv, "
             ".mat, .h5, .npy or .npz",
             path);
  return IP_OK;
}

static ip_status find_reader(const char *path, const ip_reader **reader)
{
  *reader = by_ending(path);
  return *reader ? IP_OK : by_content(path, reader);
}

bool ip_source_file_needs_library(const char *path)
{
  const ip_reader *reader = NULL;
  if (ip_locate_is_folder(path) || find_reader(path, &reader) != IP_OK) ip_error_clear();
  return reader && reader->needs_library;
}

/* --- One or two parts become the dataset */

static ip_status check_parts(size_t n_parts, const ip_part *part)
{
  if (n_parts < 2) return IP_OK;
  const ip_part *a = &part[0], *b = &part[1];
  IP_REQUIRE(a->n_in == b->n_in, IP_EFORMAT, "%s: its samples have %zu inputs, those of %s have %zu", b->path, b->n_in,
             a->path, a->n_in);
  IP_REQUIRE(a->n_classes == b->n_classes && a->has_soft == b->has_soft && a->n_targets == b->n_targets, IP_EFORMAT,
             "%s: lists %zu classes%s and has %zu targets; %s lists %zu%s and has %zu", b->path, b->n_classes,
             b->has_soft ? " with soft labels" : "", b->n_targets, a->path, a->n_classes,
             a->has_soft ? " with soft labels" : "", a->n_targets);
  return IP_OK;
}

/* Soft labels are distributions: finite, not negative, sum 1 within the rounding of text and float32. */
static ip_status check_soft(const ip_dataset *ds, const ip_part *part)
{
  for (size_t r = 0; ds->p_y_given_x && r < ds->n; r++) {
    const float *p = ds->p_y_given_x + r * part[0].n_classes;
    bool second = r >= part[0].n;
    double sum = 0;
    for (size_t c = 0; c < part[0].n_classes; c++) sum += p[c] >= 0 ? (double)p[c] : (double)NAN;
    IP_REQUIRE(
        fabs(sum - 1) <= 1e-5, IP_EFORMAT,
        "%s: sample %zu: p(y|x) is not a distribution (its sum is %.9g); expected numbers from 0 to 1 that sum to 1",
        part[second].path, second ? r - part[0].n + 1 : r + 1, sum);
  }
  return IP_OK;
}

static ip_status read_parts(const ip_reader *reader, size_t n_parts, ip_part *part, ip_label_pool *pool, ip_dataset *ds)
{
  for (size_t i = 0; i < n_parts; i++) IP_TRY(reader->open(&part[i]));
  IP_TRY(check_parts(n_parts, part));
  size_t n = part[0].n + part[1].n;
  IP_REQUIRE(part[0].n > 0, IP_EFORMAT, "%s: contains no samples", part[0].path);
  IP_TRY(ip_source_allocate(ds, n, part[0].n_in, part[0].path));
  memcpy(ds->shape, part[0].shape, sizeof ds->shape);
  if (part[0].has_soft) IP_TRY(IP_NEW(ds->p_y_given_x, n * part[0].n_classes, "soft labels"));
  ds->n_targets = part[0].n_targets;
  if (ds->n_targets) IP_TRY(IP_NEW(ds->targets, n * ds->n_targets, "targets"));
  if (n_parts == 2 || part[0].has_split) IP_TRY(IP_NEW(ds->split, n, "split"));
  for (size_t i = 0, first = 0; i < n_parts; first += part[i++].n) IP_TRY(reader->read(&part[i], first, pool, ds));
  if (n_parts == 2)
    for (size_t r = 0; r < n; r++) ds->split[r] = r < part[0].n ? IP_SPLIT_TRAIN : IP_SPLIT_TEST;
  IP_TRY(check_soft(ds, part));
  bool order_is_given = part[0].n_classes > 0;
  return ip_label_pool_finish(pool, !order_is_given, ds);
}

/* Options that only one format has. */
static ip_status check_use(const ip_dataset_options *o, const char *path, const ip_reader *reader)
{
  IP_REQUIRE(reader == &ip_reader_idx || reader == &ip_reader_numpy || !o->label_file || !*o->label_file, IP_ECONFIG,
             "%s is a file of the kind %s, which holds its labels itself; label_file is for IDX and .npy", path,
             reader->format);
  const char *asked = ip_dataset_csv_option(o);
  IP_REQUIRE(reader == &ip_reader_csv || !asked, IP_ECONFIG, "%s is a file of the kind %s; %s is for CSV", path,
             reader->format, asked);
  return IP_OK;
}

static ip_status read_files(const ip_dataset_options *opt, const char *path, const char *test, ip_dataset *ds,
                            ip_value_range *range)
{
  const ip_reader *reader = NULL, *other = NULL;
  ip_label_pool *pool = NULL;
  IP_TRY(find_reader(path, &reader));
  if (test) {
    IP_TRY(find_reader(test, &other));
    assert(reader && other);
    IP_REQUIRE(other == reader, IP_ECONFIG, "%s is a file of the kind %s, %s of the kind %s; both have to be the same",
               path, reader->format, test, other->format);
  }
  assert(reader);
  IP_TRY(check_use(opt, path, reader));
  ip_part part[2] = {{.path = path, .label_file = opt->label_file, .opt = opt}, {.path = test, .opt = opt}};
  part[1].first = &part[0];
  ip_status st = ip_label_pool_create(&pool);
  if (st == IP_OK) st = read_parts(reader, test ? 2 : 1, part, pool, ds);
  if (st == IP_OK && part[0].remark) st = ip_dataset_add_remark(ds, part[0].remark);
  for (int i = 0; i < 2; i++) reader->close(&part[i]);
  ip_free(part[0].remark);
  ip_label_pool_destroy(&pool);
  *range = reader->range;
  return st;
}

static ip_status read_path(const ip_dataset_options *opt, const char *path, ip_dataset *ds, ip_value_range *range)
{
  char *test = NULL;
  if (opt->test_file && *opt->test_file)
    IP_TRY(IP_STRDUP(test, opt->test_file));
  else
    IP_TRY(ip_locate_test(path, &test));
  ip_status st = read_files(opt, path, test, ds, range);
  ip_free(test);
  return st;
}

static ip_status read_folder(const ip_dataset_options *opt, const char *folder, ip_dataset *ds, ip_value_range *range)
{
  char *images;
  IP_TRY(ip_locate_images(folder, &images));
  IP_REQUIRE(images, IP_EIO,
             "%s: holds no train-images-idx3-ubyte (or .gz); name a directory of IDX files, or one file", folder);
  ip_status st = read_path(opt, images, ds, range);
  ip_free(images);
  return st;
}

ip_status ip_source_file(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range)
{
  (void)seed;
  return ip_locate_is_folder(opt->name) ? read_folder(opt, opt->name, ds, range) : read_path(opt, opt->name, ds, range);
}

/* --- Datasets with a name */

/* The first directory that holds training images: $INFOPLANE_DATA/NAME, $INFOPLANE_DATA, data/NAME, `extra`. */
static ip_status find_folder(const char *name, const char *extra, char **folder)
{
  const char *home = getenv("INFOPLANE_DATA");
  if (home && !*home) home = NULL;
  for (int i = home ? 0 : 2; i < (extra ? 4 : 3); i++) {
    char *images = NULL;
    switch (i) {
    case 0:
      IP_TRY(IP_FORMAT(*folder, "%s/%s", home, name));
      break;
    case 1:
      IP_TRY(IP_STRDUP(*folder, home));
      break;
    case 2:
      IP_TRY(IP_FORMAT(*folder, "data/%s", name));
      break;
    default:
      IP_TRY(IP_STRDUP(*folder, extra));
    }
    ip_status st = ip_locate_images(*folder, &images);
    bool found = images != NULL;
    ip_free(images);
    if (found) return IP_OK;
    ip_free(*folder);
    *folder = NULL;
    IP_TRY(st);
  }
  return IP_OK;
}

static ip_status read_named(const ip_dataset_options *opt, const char *extra, const char *advice, ip_dataset *ds,
                            ip_value_range *range)
{
  char *folder = NULL;
  IP_TRY(find_folder(opt->name, extra, &folder));
  IP_REQUIRE(folder, IP_EIO, "%s: dataset not found (looked in $INFOPLANE_DATA, data/%s%s%s): %s", opt->name, opt->name,
             extra ? ", " : "", extra ? extra : "", advice);
  ip_status st = read_folder(opt, folder, ds, range);
  ip_free(folder);
  return st;
}

ip_status ip_source_mnist(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range)
{
  (void)seed;
  return read_named(
      opt, NULL, "run scripts/fetch-mnist.sh, or set INFOPLANE_DATA to the directory with train-images-idx3-ubyte.gz",
      ds, range);
}

ip_status ip_source_fashion(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range)
{
  static const char *const names[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                      "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  (void)seed;
  IP_TRY(read_named(opt, "/usr/share/datasets/fashion-mnist", "install Debian's package dataset-fashion-mnist", ds,
                    range));
  for (size_t c = 0; c < ds->n_classes && ds->n_classes == 10; c++) {
    char *name;
    IP_TRY(IP_STRDUP(name, names[c]));
    ip_free(ds->class_name[c]);
    ds->class_name[c] = name;
  }
  return IP_OK;
}
