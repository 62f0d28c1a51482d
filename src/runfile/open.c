#include "base/mem.h"
#include "runfile/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- attributes */

/* A text of the file itself; "" when there is none. */
static ip_status get_text(ip_run *r, const char *object, const char *name, const char **text)
{
  *text = "";
  if (!ip_h5_has(r->h, object, name)) return IP_OK;
  char *got;
  IP_TRY(ip_h5_text(r->h, object, name, &got));
  ip_status st = ip_scratch_text(r->sc, got, text);
  ip_free(got);
  return st;
}

static ip_status get_int(ip_run *r, const char *object, const char *name, int64_t absent, int64_t *value)
{
  *value = absent;
  return ip_h5_has(r->h, object, name) ? ip_h5_int(r->h, object, name, value) : IP_OK;
}

static ip_status get_real(ip_run *r, const char *name, double absent, double *value)
{
  *value = absent;
  return ip_h5_has(r->h, "/", name) ? ip_h5_real(r->h, "/", name, value) : IP_OK;
}

/* Whether infoplane wrote the file: it then keeps its promises, and says what it knows. */
static ip_status read_origin(ip_run *r)
{
  const char *program = "";
  if (ip_h5_kind_of(r->h, "/provenance") == IP_H5_GROUP) IP_TRY(get_text(r, "/provenance", "program", &program));
  r->is_own = !strncmp(program, "infoplane ", 10);
  return IP_OK;
}

static ip_status read_format(ip_run *r)
{
  int64_t version;
  IP_REQUIRE(ip_h5_has(r->h, "/", "format_version"), IP_EFORMAT,
             "%s: not a run file: no attribute format_version (see docs/run-file.md)", r->path);
  IP_TRY(ip_h5_int(r->h, "/", "format_version", &version));
  IP_REQUIRE(version == IP_RUN_FORMAT, IP_EFORMAT, "%s: format version: got %lld, expected %d; %s", r->path,
             (long long)version, IP_RUN_FORMAT,
             version > IP_RUN_FORMAT ? "use a newer infoplane" : "create it again, or use the infoplane that wrote it");
  return IP_OK;
}

static ip_status read_config(ip_run *r)
{
  r->head.config = "";
  if (ip_h5_kind_of(r->h, "/config") == IP_H5_NOTHING) return IP_OK;
  ip_h5_shape shape;
  IP_TRY(ip_run_check(r, "/config", &shape));
  char *got;
  IP_TRY(ip_h5_get_text(r->h, "/config", &got));
  ip_status st = ip_scratch_text(r->sc, got, &r->head.config);
  ip_free(got);
  return st;
}

static ip_status read_noise(ip_run *r)
{
  ip_run_head *h = &r->head;
  const struct {
    const char *name;
    double *value;
  } noise[] = {{"noise_variance", &h->noise_variance},
               {"multiplicative_noise", &h->multiplicative_noise},
               {"dropout", &h->dropout}};
  const char *has = NULL;
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
    double *value = noise[i].value;
    IP_TRY(get_real(r, noise[i].name, 0, value));
    IP_REQUIRE(*value >= 0 && isfinite(*value), IP_EFORMAT, "%s: attribute %s: got %g, expected 0 or more", r->path,
               noise[i].name, *value);
    if (!(*value > 0)) continue;
    IP_REQUIRE(!has, IP_EFORMAT, "%s: attributes %s and %s: expected at most one kind of noise above 0", r->path, has,
               noise[i].name);
    has = noise[i].name;
  }
  IP_REQUIRE(h->dropout < 1, IP_EFORMAT, "%s: attribute dropout: got %g, expected a probability below 1", r->path,
             h->dropout);
  return IP_OK;
}

static ip_status read_head(ip_run *r)
{
  ip_run_head *h = &r->head;
  int64_t seed, bits, classes;
  IP_TRY(get_text(r, "/", "status", &r->status));
  if (!*r->status) r->status = IP_RUN_DONE;
  IP_REQUIRE(!strcmp(r->status, IP_RUN_DONE) || !strcmp(r->status, IP_RUN_FAILED_TO_FIT) ||
                 !strcmp(r->status, IP_RUN_RUNNING) || !strcmp(r->status, IP_RUN_INTERRUPTED),
             IP_EFORMAT, "%s: attribute status: got '%s', expected done, failed_to_fit, interrupted or running",
             r->path, r->status);
  IP_TRY(get_text(r, "/", "reason", &r->reason));
  IP_TRY(get_text(r, "/", "name", &h->name));
  IP_TRY(get_text(r, "/", "experiment", &h->experiment));
  IP_TRY(get_text(r, "/", "digest", &h->digest));
  IP_TRY(get_text(r, "/", "estimate_digest", &h->estimate_digest));
  IP_TRY(get_text(r, "/", "dataset", &h->dataset));
  IP_TRY(get_text(r, "/", "dataset_sha256", &h->dataset_sha256));
  IP_TRY(get_text(r, "/", "objective", &h->objective));
  IP_TRY(get_int(r, "/", "seed", 0, &seed));
  IP_TRY(get_int(r, "/", "epochs", 0, &h->epochs));
  IP_TRY(get_int(r, "/", "classes", 0, &classes));
  IP_TRY(get_int(r, "/", "quantised_bits", 0, &bits)); /* until 0.1.0 */
  IP_TRY(get_int(r, "/", "quantize_bits", bits, &bits));
  IP_REQUIRE(classes >= 0 && classes <= IP_RUN_MAX_CLASSES, IP_EFORMAT,
             "%s: attribute classes: got %lld, expected 0 to %d", r->path, (long long)classes, IP_RUN_MAX_CLASSES);
  IP_REQUIRE(bits >= 0 && bits <= 32, IP_EFORMAT, "%s: attribute quantize_bits: got %lld, expected 0 to 32", r->path,
             (long long)bits);
  h->seed = (uint64_t)seed;
  h->n_classes = (size_t)classes;
  h->quantize_bits = (int)bits;
  IP_TRY(get_int(r, "/", "quantize_output", 0, &bits));
  h->quantize_output = bits != 0;
  IP_TRY(get_real(r, "hx_bits", (double)NAN, &h->hx_bits));
  IP_TRY(get_real(r, "hy_bits", (double)NAN, &h->hy_bits));
  IP_TRY(get_real(r, "ixy_bits", (double)NAN, &h->ixy_bits));
  IP_TRY(read_noise(r));
  return read_config(r);
}

/* ---------------------------------------------------------------- epochs */

static ip_status count_epochs(ip_run *r)
{
  ip_h5_shape shape;
  IP_TRY(ip_run_check(r, "/epoch", &shape));
  r->n_epochs = shape.dim[0];
  r->has_counted = true;
  return IP_OK;
}

static ip_status read_epochs(ip_run *r)
{
  int64_t *epoch;
  IP_TRY(IP_SCRATCH(r->sc, epoch, r->n_epochs, "epochs"));
  if (r->n_epochs) IP_TRY(ip_h5_read(r->h, "/epoch", IP_H5_I64, r->n_epochs * sizeof *epoch, epoch));
  for (size_t e = 1; e < r->n_epochs; e++)
    IP_REQUIRE(epoch[e] > epoch[e - 1], IP_EFORMAT,
               "%s: /epoch must be strictly increasing: [%zu] is %lld, [%zu] is %lld", r->path, e - 1,
               (long long)epoch[e - 1], e, (long long)epoch[e]);
  r->epoch = epoch;
  return IP_OK;
}

/* ---------------------------------------------------------------- layers and series */

static ip_status read_layer(ip_run *r, size_t k, ip_run_layer *layer)
{
  char group[IP_RUN_NAME_SIZE], name[IP_RUN_NAME_SIZE];
  ip_run_layer_name(group, k, NULL);
  IP_REQUIRE(ip_h5_kind_of(r->h, group) == IP_H5_GROUP, IP_EFORMAT,
             "%s: %s is missing: groups in /layers must be numbered 1, 2, ... without gaps", r->path, group);
  IP_TRY(get_text(r, group, "kind", &layer->kind));
  IP_TRY(get_text(r, group, "activation", &layer->activation));
  IP_TRY(get_text(r, group, "name", &layer->name));
  if (!*layer->kind) layer->kind = k + 1 < r->head.n_layers ? "hidden" : "output";
  int64_t width;
  IP_TRY(get_int(r, group, "width", 0, &width));
  ip_run_layer_name(name, k, "activation");
  bool has = ip_h5_kind_of(r->h, name) != IP_H5_NOTHING;
  if (k == 0) r->has_activations = has;
  IP_REQUIRE(has == r->has_activations, IP_EFORMAT, "%s: /layers/%d has activations, but /layers/%zu has none", r->path,
             has ? (int)k + 1 : 1, has ? 1 : k + 1);
  if (has) {
    ip_h5_shape shape;
    IP_TRY(ip_run_check(r, name, &shape));
    IP_REQUIRE(width == 0 || (uint64_t)width == shape.dim[2], IP_EFORMAT,
               "%s: %s has %zu units, but the attribute width is %lld", r->path, name, shape.dim[2], (long long)width);
    width = (int64_t)shape.dim[2];
    layer->is_double = shape.element_size > (shape.is_integer ? 2 : 4);
    ip_run_layer_name(name, k, "mean");
    layer->has_mean = ip_h5_kind_of(r->h, name) != IP_H5_NOTHING;
    layer->width = shape.dim[2];
    if (layer->has_mean) IP_TRY(ip_run_check(r, name, &shape));
  }
  IP_REQUIRE(width > 0, IP_EFORMAT, "%s: %s has no units", r->path, group);
  layer->width = (size_t)width;
  return IP_OK;
}

static ip_status read_layers(ip_run *r)
{
  IP_REQUIRE(ip_h5_kind_of(r->h, "/layers") == IP_H5_GROUP, IP_EFORMAT, "%s: /layers is missing (docs/run-file.md)",
             r->path);
  size_t n, mark = ip_scratch_mark(r->sc);
  const char **name;
  IP_TRY(ip_h5_children(r->h, "/layers", r->sc, &n, &name));
  ip_scratch_release(r->sc, mark);
  IP_REQUIRE(n > 0, IP_EFORMAT, "%s: /layers is empty; expected at least one layer", r->path);
  ip_run_layer *layer;
  IP_TRY(IP_SCRATCH(r->sc, layer, n, "layers"));
  r->head.n_layers = n;
  r->head.layer = layer;
  for (size_t k = 0; k < n; k++) IP_TRY(read_layer(r, k, &layer[k]));
  return IP_OK;
}

/* The names in the attribute "series" of a group, or without it those that `known` lists and the file has. */
static ip_status read_series_names(ip_run *r, const char *group, const char *first, const char *const *known, size_t *n,
                                   const char *const **out)
{
  const char *order, **name;
  IP_TRY(get_text(r, group, "series", &order));
  size_t most = strlen(order) / 2 + 16;
  IP_TRY(IP_SCRATCH(r->sc, name, most, "names of series"));
  char *words, path[IP_RUN_NAME_SIZE], *rest = NULL;
  IP_TRY(IP_SCRATCH(r->sc, words, strlen(order) + 1, "names of series"));
  *n = 0;
  for (char *w = strtok_r(strcpy(words, order), " ", &rest); w; w = strtok_r(NULL, " ", &rest)) name[(*n)++] = w;
  for (size_t i = 0; !*order && known[i]; i++) {
    snprintf(path, sizeof path, "%s/%s", first, known[i]);
    if (ip_h5_kind_of(r->h, path) != IP_H5_NOTHING) name[(*n)++] = known[i];
  }
  *out = name;
  return IP_OK;
}

static ip_status read_series(ip_run *r)
{
  static const char *const metrics[] = {IP_NAME_TRAIN_LOSS, IP_NAME_TRAIN_ACCURACY, IP_NAME_TEST_LOSS,
                                        IP_NAME_TEST_ACCURACY, NULL};
  static const char *const layer_metrics[] = {IP_NAME_WEIGHT_NORM, IP_NAME_GRADIENT_MEAN, IP_NAME_GRADIENT_STD, NULL};
  ip_run_head *h = &r->head;
  char name[IP_RUN_NAME_SIZE];
  ip_h5_shape shape;
  IP_TRY(read_series_names(r, "/metrics", "/metrics", metrics, &h->n_metrics, &h->metric));
  IP_TRY(read_series_names(r, "/layers", "/layers/1", layer_metrics, &h->n_layer_metrics, &h->layer_metric));
  if (r->lacks_samples) return IP_OK;
  for (size_t m = 0; m < h->n_metrics; m++) IP_TRY(ip_run_check(r, ip_run_metric_name(name, h->metric[m]), &shape));
  for (size_t k = 0; k < h->n_layers; k++)
    for (size_t m = 0; m < h->n_layer_metrics; m++)
      IP_TRY(ip_run_check(r, ip_run_layer_name(name, k, h->layer_metric[m]), &shape));
  return IP_OK;
}

static ip_status read_labels(ip_run *r, ip_run_part part)
{
  const char *group = ip_run_part_group(part);
  if (ip_h5_kind_of(r->h, group) == IP_H5_NOTHING) return IP_OK;
  return ip_h5_children(r->h, group, r->sc, &r->n_groups[part], &r->group[part]);
}

/* Estimates may cover fewer epochs than there are, as those of a file to which epochs were added later. */
static ip_status check_information(ip_run *r)
{
  static const char *const must[] = {IP_NAME_IXT, IP_NAME_ITY};
  char name[IP_RUN_NAME_SIZE];
  ip_h5_shape shape;
  for (size_t i = 0; i < r->n_groups[IP_RUN_INFORMATION] && !r->lacks_samples; i++)
    for (size_t s = 0; s < 2; s++)
      IP_TRY(ip_run_check(r, ip_run_part_path(name, IP_RUN_INFORMATION, r->group[IP_RUN_INFORMATION][i], must[s]),
                          &shape));
  return IP_OK;
}

/* ---------------------------------------------------------------- the whole */

static ip_status read_all(ip_run *r, const char *path, bool series)
{
  IP_TRY(ip_scratch_create(&r->sc));
  char *copy;
  IP_TRY(IP_SCRATCH(r->sc, copy, strlen(path) + 1, "path"));
  r->path = strcpy(copy, path);
  IP_TRY(ip_h5_open(path, false, &r->h));
  IP_TRY(read_format(r));
  IP_TRY(read_origin(r));
  r->lacks_samples = series && r->is_own;
  IP_TRY(count_epochs(r));
  IP_TRY(ip_run_count_samples(r));
  IP_TRY(read_layers(r));
  if (!r->lacks_samples) IP_TRY(ip_run_check_objects(r));
  IP_TRY(read_head(r)); /* up to here only shapes and attributes were looked at */
  IP_TRY(read_epochs(r));
  if (!r->lacks_samples) IP_TRY(ip_run_read_samples(r));
  IP_TRY(ip_run_find_unwritten(r));
  IP_TRY(read_series(r));
  IP_TRY(read_labels(r, IP_RUN_INFORMATION));
  IP_TRY(read_labels(r, IP_RUN_MEASURES));
  return check_information(r);
}

static ip_status open_run(const char *path, bool series, ip_run **out)
{
  *out = NULL;
  ip_run *r;
  IP_TRY(IP_NEW(r, 1, "run file"));
  bool was_there = false;
  ip_status st = read_all(r, path, series);
  was_there = r->h != NULL;
  if (st != IP_OK) ip_run_close(&r);
  *out = r;
  /* Inside an open HDF5 file, what cannot be read is damaged. */
  return st == IP_EIO && was_there ? IP_EFORMAT : st;
}

ip_status ip_run_open(const char *path, ip_run **out)
{
  return open_run(path, false, out);
}

ip_status ip_run_open_series(const char *path, ip_run **out)
{
  return open_run(path, true, out);
}

void ip_run_close(ip_run **r)
{
  if (!*r) return;
  ip_h5_close(&(*r)->h);
  ip_scratch_destroy(&(*r)->sc);
  ip_free(*r);
  *r = NULL;
}
