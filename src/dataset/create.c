#include "base/text.h"
#include "dataset/dataset.h"
#include "dataset/identity.h"
#include "dataset/isolate.h"
#include "dataset/locate.h"
#include "dataset/reader.h"
#include "dataset/source.h"
#include "dataset/split.h"
#include "dataset/transform.h"

#include <math.h>
#include <string.h>

typedef struct source {
  const char *name;
  ip_source_read *read;
  bool is_generated;
} source;

static const source sources[] = {
#define X(name, read, is_generated) {name, read, is_generated},
    IP_SOURCE_LIST(X)
#undef X
};
static const source file_source = {"file", ip_source_file, false};

const char *const *ip_dataset_names(void)
{
#define X(name, read, is_generated) name,
  static const char *const names[] = {IP_SOURCE_LIST(X) NULL};
#undef X
  return names;
}

ip_status ip_source_allocate(ip_dataset *ds, size_t n, size_t n_in, const char *what)
{
  IP_REQUIRE(n > 0, IP_EFORMAT, "%s contains no samples", what);
  IP_REQUIRE(n_in > 0, IP_EFORMAT, "%s: its samples have no inputs", what);
  IP_REQUIRE(n < UINT32_MAX && n_in <= SIZE_MAX / sizeof(float) / n, IP_EFORMAT,
             "%s: %zu samples of %zu inputs are more than this program can number; use fewer", what, n, n_in);
  ds->n = n;
  ds->n_in = n_in;
  IP_TRY(IP_NEW(ds->x, n * n_in, "inputs"));
  return IP_NEW(ds->y, n, "labels");
}

bool ip_source_fits(const ip_dataset_options *opt, double value)
{
  bool scaled = opt->scale == IP_SCALE_UNIT || opt->scale == IP_SCALE_SYMMETRIC || opt->scale == IP_SCALE_STANDARD;
  return isfinite(value) && (scaled || isfinite((float)value));
}

ip_status ip_source_store(ip_dataset *ds, size_t at, double value)
{
  ds->x[at] = (float)value;
  if (!ds->exact && (double)ds->x[at] != value) {
    IP_TRY(IP_NEW(ds->exact, ds->n * ds->n_in, "inputs"));
    for (size_t i = 0; i < ds->n * ds->n_in; i++) ds->exact[i] = (double)ds->x[i];
  }
  if (ds->exact) ds->exact[at] = value;
  return IP_OK;
}

const char *ip_dataset_csv_option(const ip_dataset_options *o)
{
  return o->label_column && *o->label_column       ? "label_column"
         : o->target_columns && *o->target_columns ? "target_columns"
         : o->index_column && *o->index_column     ? "index_column"
         : o->text.separator                       ? "separator"
         : o->text.decimal                         ? "decimal"
         : o->text.header                          ? "header"
         : !o->named_columns                       ? "named_columns"
                                                   : NULL;
}

ip_status ip_dataset_add_remark(ip_dataset *ds, const char *line)
{
  char *longer;
  IP_TRY(IP_FORMAT(longer, "%s%s\n", ds->remark ? ds->remark : "", line));
  ip_free(ds->remark);
  ds->remark = longer;
  return IP_OK;
}

ip_status ip_source_number_classes(ip_dataset *ds, size_t n_classes)
{
  IP_TRY(IP_NEW(ds->class_name, n_classes, "names of classes"));
  ds->n_classes = n_classes;
  for (size_t c = 0; c < n_classes; c++) IP_TRY(IP_FORMAT(ds->class_name[c], "%zu", c));
  return IP_OK;
}

static ip_status check_options(const ip_dataset_options *o)
{
  IP_REQUIRE(o->name && *o->name, IP_ECONFIG, "the dataset has no name; give sphere, mnist, or the path of a file");
  IP_TRY(ip_interval_check("train_fraction", IP_RANGE_TRAIN_FRACTION, o->train_fraction));
  IP_TRY(ip_interval_check("random_labels", IP_RANGE_RANDOM_LABELS, o->random_labels));
  IP_TRY(ip_interval_check("max_train", IP_RANGE_MAX_SAMPLES, (double)o->max_train));
  IP_TRY(ip_interval_check("max_test", IP_RANGE_MAX_SAMPLES, (double)o->max_test));
  IP_TRY(ip_interval_check("gamma", IP_RANGE_GAMMA, o->gamma));
  IP_TRY(ip_interval_check("theta", NULL, o->theta));
  IP_REQUIRE(o->labels == IP_LABELS_HARD || o->labels == IP_LABELS_SOFT, IP_ECONFIG, "labels are hard or soft, got %d",
             o->labels);
  IP_REQUIRE(o->split >= IP_SPLIT_BY_AUTO && o->split <= IP_SPLIT_BY_SOURCE, IP_ECONFIG, "unknown split number %d",
             o->split);
  IP_REQUIRE(o->scale >= IP_SCALE_AUTO && o->scale <= IP_SCALE_STANDARD, IP_ECONFIG, "unknown scale number %d",
             o->scale);
  return IP_OK;
}

/* The shape that was asked for, where one was. */
static ip_status set_shape(const ip_dataset_options *o, ip_dataset *ds)
{
  if (o->n_shape == 0) return IP_OK;
  IP_REQUIRE(o->n_shape == 3, IP_ECONFIG, "dataset.shape: expected channels, height and width, got %zu numbers",
             o->n_shape);
  const size_t *s = o->shape;
  bool small = s[0] <= ds->n_in && s[1] <= ds->n_in && s[2] <= ds->n_in;
  IP_REQUIRE(small && s[0] * s[1] * s[2] == ds->n_in, IP_ECONFIG,
             "dataset.shape: %zu x %zu x %zu is not the number of inputs of %s, %zu", s[0], s[1], s[2], ds->name,
             ds->n_in);
  memcpy(ds->shape, s, sizeof ds->shape);
  return IP_OK;
}

static ip_status find_source(const char *name, const source **found)
{
  size_t n = sizeof sources / sizeof *sources;
  for (size_t i = 0; i < n; i++)
    if (strcmp(name, sources[i].name) == 0) {
      *found = &sources[i];
      return IP_OK;
    }
  *found = &file_source;
  if (ip_locate_is_there(name)) return IP_OK;
  ip_hint hint = ip_text_hint(name, n, ip_dataset_names());
  IP_REQUIRE(!*hint.text, IP_EIO, "unknown dataset '%s', and no file of that name%s", name, hint.text);
  IP_FAIL(IP_EIO, "unknown dataset '%s', and no file of that name%s or the path of a file", name,
          ip_text_expected(name, n, ip_dataset_names()).text);
}

bool ip_source_needs_library(const ip_dataset_options *opt)
{
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (strcmp(opt->name, sources[i].name) == 0) return false;
  return ip_source_file_needs_library(opt->name);
}

/* What was asked for and this source does not have is better said than left out. */
static ip_status check_use(const ip_dataset_options *o, const source *from, const ip_dataset *ds)
{
  const char *asked = o->label_file && *o->label_file ? "label_file"
                      : o->test_file && *o->test_file ? "test_file"
                                                      : ip_dataset_csv_option(o);
  IP_REQUIRE(!from->is_generated || !asked, IP_ECONFIG, "%s is made by the program; %s is for datasets from files",
             ds->name, asked);
  IP_REQUIRE(
      o->labels != IP_LABELS_SOFT || ds->p_y_given_x, IP_ECONFIG,
      "%s: soft labels require p(y|x), which this dataset lacks; use hard labels, the sphere, or an HDF5 file with "
      "p_y_given_x",
      ds->name);
  return IP_OK;
}

/* The last part of a path, without slashes at its end. */
static ip_status name_of(const char *path, char **name)
{
  size_t end = strlen(path), start;
  while (end > 1 && path[end - 1] == '/') end--;
  for (start = end; start > 0 && path[start - 1] != '/';) start--;
  return IP_FORMAT(*name, "%.*s", (int)(end - start), path + start);
}

/* A remark when inputs that differ in the source are the same for the network. */
static ip_status warn_of_merged_rows(ip_scratch *sc, ip_dataset *ds)
{
  size_t n_x;
  char line[320];
  if (!ds->exact) return IP_OK;
  IP_TRY(ip_identity_count_rows(sc, ds, &n_x));
  if (n_x == ds->n_x) return IP_OK;
  snprintf(line, sizeof line,
           "%s: warning: %zu distinct inputs become %zu as float32, which the network is trained on; "
           "use a scale such as standard, or subtract a constant",
           ds->name, ds->n_x, n_x);
  return ip_dataset_add_remark(ds, line);
}

/* The steps of the header, in order. */
static ip_status make(const ip_dataset_options *opt, uint64_t seed, ip_scratch *sc, ip_dataset *ds)
{
  const source *from = NULL;
  ip_value_range range = {0};
  IP_TRY(find_source(opt->name, &from));
  IP_TRY(name_of(opt->name, &ds->name));
  IP_TRY(from->read(opt, seed, ds, &range));
  IP_TRY(check_use(opt, from, ds));
  IP_TRY(set_shape(opt, ds));
  IP_TRY(ip_split_make(opt, seed, sc, ds));
  IP_TRY(ip_split_list(ds));
  IP_TRY(ip_transform_labels(opt->random_labels, seed, sc, ds));
  IP_TRY(ip_identity_number_rows(sc, ds));
  IP_TRY(ip_transform_scale((ip_scale)opt->scale, &range, sc, ds));
  IP_TRY(warn_of_merged_rows(sc, ds));
  if (!ds->remark) IP_TRY(IP_STRDUP(ds->remark, ""));
  ip_free(ds->exact);
  ds->exact = NULL;
  ip_identity_digest(ds);
  return IP_OK;
}

ip_status ip_dataset_create_here(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out)
{
  *out = NULL;
  ip_dataset *ds = NULL;
  ip_scratch *sc = NULL;
  ip_status st;
  IP_TRY_GOTO(st, ip_scratch_create(&sc), done);
  IP_TRY_GOTO(st, IP_NEW(ds, 1, "dataset"), done);
  ds->ixy_bits = NAN;
  IP_TRY_GOTO(st, make(opt, seed, sc, ds), done);
  *out = ds;
  ds = NULL;
done:
  ip_dataset_destroy(&ds);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_dataset_create(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out)
{
  *out = NULL;
  IP_TRY(check_options(opt));
  return ip_dataset_is_isolated(opt) ? ip_dataset_create_isolated(opt, seed, out)
                                     : ip_dataset_create_here(opt, seed, out);
}

void ip_dataset_destroy(ip_dataset **ds)
{
  if (!*ds) return;
  for (size_t c = 0; (*ds)->class_name && c < (*ds)->n_classes; c++) ip_free((*ds)->class_name[c]);
  void *owned[] = {(*ds)->name,  (*ds)->x,     (*ds)->y,    (*ds)->p_y_given_x, (*ds)->targets, (*ds)->x_id,
                   (*ds)->split, (*ds)->train, (*ds)->test, (*ds)->class_name,  (*ds)->exact,   (*ds)->remark};
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) ip_free(owned[i]);
  ip_free(*ds);
  *ds = NULL;
}
