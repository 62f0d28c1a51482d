#include "summary/grid_file.h"

#include "base/mem.h"
#include "base/text.h"
#include "estimator/kind.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "study/paths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the points kept for one block may take in memory. */
#define BLOCK_BYTES ((size_t)4 << 20)
#define BLOCK_POINTS ((size_t)64)

/* Dimensions that an array has beyond those of the points. */
enum { BY_ESTIMATOR = 1, BY_EPOCH = 2, BY_LAYER = 4 };

typedef struct {
  const char *name, *units;
  unsigned by;
} quantity;

enum {
  FITS,
  GAP,
  LOSS_GAP,
  BEST_EPOCH,
  FINAL,
  CURVE = FINAL + IP_N_METRICS,
  LOGGED = CURVE + IP_N_METRICS,
  CROSSING,
  LAYER_METRIC,
  FACT = LAYER_METRIC + IP_N_LAYER_METRICS,
  MEASURE = FACT + IP_N_FACTS
};
static const ip_compression_measure measured[] = {
    IP_MEASURE_PEAK,          IP_MEASURE_PEAK_EPOCH, IP_MEASURE_IXT,         IP_MEASURE_DROP,
    IP_MEASURE_DROP_FRACTION, IP_MEASURE_ITY,        IP_MEASURE_IXT_GIVEN_Y, IP_MEASURE_IXT_FRACTION,
    IP_MEASURE_ITY_FRACTION,  IP_MEASURE_BIN_LOSS,   IP_MEASURE_ITY_PEAK,    IP_MEASURE_ITY_PEAK_EPOCH};
enum {
  N_MEASURED = sizeof measured / sizeof *measured,
  ESTIMATE = MEASURE + N_MEASURED,
};
/* Series of estimates; the last N_ENDS only if an estimator gives a band. */
static const ip_information_series estimated[] = {
    IP_INFORMATION_IXT,           IP_INFORMATION_ITY,          IP_INFORMATION_IXT_RAW,
    IP_INFORMATION_ITY_RAW,       IP_INFORMATION_IXT_GIVEN_Y,  IP_INFORMATION_IXT_FRACTION,
    IP_INFORMATION_ITY_FRACTION,  IP_INFORMATION_BIN_LOSS,     IP_INFORMATION_IXT_BAND_LOW,
    IP_INFORMATION_IXT_BAND_HIGH, IP_INFORMATION_ITY_BAND_LOW, IP_INFORMATION_ITY_BAND_HIGH};
enum { N_ENDS = 4, N_ESTIMATED = sizeof estimated / sizeof *estimated };

/* The arrays of every grid but those of estimates. A series of a measure is the array /measures/<label>/<series>. */
static const quantity quantities[ESTIMATE] = {
    [FITS] = {"fits", "1: the network fits its training data, 0: it does not", 0},
    [GAP] = {"accuracy_gap", "accuracy", 0},
    [LOSS_GAP] = {"loss_gap", "nats", 0},
    [BEST_EPOCH] = {"least_test_loss_epoch", "epochs", 0},
#define X(symbol, metric, column, unit)                                                                                \
  [FINAL + IP_METRIC_##symbol] = {"final_" #column, unit, 0}, [CURVE + IP_METRIC_##symbol] = {#column, unit, BY_EPOCH},
    IP_GATHERED_METRIC_LIST(X)
#undef X
#define X(symbol, name, unit) [LAYER_METRIC + IP_LAYER_METRIC_##symbol] = {name, unit, BY_EPOCH | BY_LAYER},
        IP_GATHERED_LAYER_METRIC_LIST(X)
#undef X
#define X(symbol, column, unit) [FACT + IP_FACT_##symbol] = {#column, unit, BY_ESTIMATOR},
            IP_GATHERED_FACT_LIST(X)
#undef X
                [LOGGED] = {"logged_epoch", "epochs", BY_EPOCH},
    [CROSSING] = {"gradient_crossing_epoch", "epochs", BY_LAYER},
    [MEASURE + 0] = {"ixt_peak", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 1] = {"ixt_peak_epoch", "epochs", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 2] = {"ixt_final", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 3] = {"ixt_drop", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 4] = {"ixt_drop_fraction", "", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 5] = {"ity_final", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 6] = {"ixt_given_y_final", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 7] = {"ixt_fraction_final", "", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 8] = {"ity_fraction_final", "", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 9] = {"bin_loss_final", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 10] = {"ity_peak", "bits", BY_ESTIMATOR | BY_LAYER},
    [MEASURE + 11] = {"ity_peak_epoch", "epochs", BY_ESTIMATOR | BY_LAYER},
};

struct ip_grid_file {
  const ip_gather_plan *p;
  ip_h5 *h;
  char *path, *part;
  ip_scratch *sc;             /* owns the arrays below */
  size_t n_dims;              /* of the points: axes of the grid and repeats */
  size_t dim[IP_H5_MAX_RANK]; // (n_dims)
  const char **dim_name;      // (n_dims)
  size_t split, n_block;      /* a block spans the dimensions from `split` on: n_block points */
  size_t n_added;             /* points so far */
  size_t n_estimated;         /* of `estimated` */
  size_t n_quantities;        /* ESTIMATE, n_estimated, and the series of measures */
  quantity *quantity;         // (n_quantities)
  double **block;             // (n_quantities) of (n_block, extent)
};

static size_t extent(const ip_grid_file *c, size_t q)
{
  unsigned by = c->quantity[q].by;
  return (by & BY_ESTIMATOR ? c->p->n_estimators : 1) * (by & BY_EPOCH ? c->p->n_epochs : 1) *
         (by & BY_LAYER ? c->p->n_layers : 1);
}

/* ---------------------------------------------------------------- the dimensions */

static ip_status put_values(ip_grid_file *c, const char *name, size_t n, const char *const *value)
{
  double *number;
  IP_TRY(IP_SCRATCH(c->sc, number, n, "values of a swept key"));
  bool all_numbers = true;
  for (size_t i = 0; i < n; i++) all_numbers = all_numbers && ip_parse_real(value[i], &number[i]);
  return all_numbers ? ip_h5_put(c->h, name, IP_H5_F64, 1, &n, number) : ip_h5_put_texts(c->h, name, n, value);
}

/* The first key names the dimension; keys that change with it are arrays along it. */
static ip_status put_axis(ip_grid_file *c, size_t a)
{
  const ip_grid_axis *axis = &c->p->grid->axis[a];
  c->dim[a] = axis->n;
  c->dim_name[a] = axis->key[0];
  for (size_t j = 0; j < axis->n_keys; j++) {
    IP_TRY(put_values(c, axis->key[j], axis->n, axis->value[j]));
    IP_TRY(j == 0 ? ip_h5_scale(c->h, axis->key[0], axis->key[0]) : ip_h5_attach(c->h, axis->key[j], 0, axis->key[0]));
  }
  return IP_OK;
}

static ip_status put_numbers(ip_grid_file *c, const char *name, size_t n, int64_t first, const int64_t *values)
{
  int64_t *number;
  IP_TRY(IP_SCRATCH(c->sc, number, n, name));
  for (size_t i = 0; i < n; i++) number[i] = values ? values[i] : first + (int64_t)i;
  IP_TRY(ip_h5_put(c->h, name, IP_H5_I64, 1, &n, number));
  return ip_h5_scale(c->h, name, name);
}

static ip_status put_dimensions(ip_grid_file *c)
{
  const ip_grid *grid = c->p->grid;
  bool seed_is_swept = false;
  c->n_dims = grid->n_axes + (c->p->repeats > 0);
  IP_REQUIRE(c->n_dims + 3 <= IP_H5_MAX_RANK, IP_EINVAL, "%s: %zu swept keys make too many dimensions", c->path,
             grid->n_axes);
  IP_TRY(IP_SCRATCH(c->sc, c->dim_name, c->n_dims, "names of dimensions"));
  for (size_t a = 0; a < grid->n_axes; a++) {
    IP_TRY(put_axis(c, a));
    for (size_t j = 0; j < grid->axis[a].n_keys; j++) seed_is_swept |= !strcmp(grid->axis[a].key[j], "seed");
  }
  if (c->p->repeats) {
    c->dim[grid->n_axes] = (size_t)c->p->repeats;
    c->dim_name[grid->n_axes] = seed_is_swept ? "repeat" : "seed";
    IP_TRY(put_numbers(c, c->dim_name[grid->n_axes], (size_t)c->p->repeats, seed_is_swept ? 0 : (int64_t)c->p->seed,
                       NULL));
  }
  IP_TRY(put_numbers(c, "layer", c->p->n_layers, 1, NULL));
  IP_TRY(c->p->same_epochs ? put_numbers(c, "epoch", c->p->n_epochs, 0, c->p->epoch)
                           : put_numbers(c, "snapshot", c->p->n_epochs, 0, NULL));
  IP_TRY(ip_h5_put_texts(c->h, "estimator", c->p->n_estimators, c->p->estimator));
  IP_TRY(ip_h5_scale(c->h, "estimator", "estimator"));
  IP_TRY(ip_h5_put_texts(c->h, "estimator_spec", c->p->n_estimators, c->p->spec ? c->p->spec : c->p->estimator));
  return ip_h5_attach(c->h, "estimator_spec", 0, "estimator");
}

/* ---------------------------------------------------------------- the arrays */

static ip_status put_array(ip_grid_file *c, size_t q)
{
  const quantity *is = &c->quantity[q];
  ip_h5_layout layout = {.type = IP_H5_F64, .rank = c->n_dims};
  const char *name[IP_H5_MAX_RANK];
  for (size_t d = 0; d < c->n_dims; d++) name[d] = c->dim_name[d];
  memcpy(layout.dim, c->dim, sizeof layout.dim);
  if (is->by & BY_ESTIMATOR) name[layout.rank] = "estimator", layout.dim[layout.rank++] = c->p->n_estimators;
  if (is->by & BY_EPOCH)
    name[layout.rank] = c->p->same_epochs ? "epoch" : "snapshot", layout.dim[layout.rank++] = c->p->n_epochs;
  if (is->by & BY_LAYER) name[layout.rank] = "layer", layout.dim[layout.rank++] = c->p->n_layers;
  IP_TRY(ip_h5_dataset(c->h, is->name, &layout));
  for (size_t d = 0; d < layout.rank; d++) IP_TRY(ip_h5_attach(c->h, is->name, d, name[d]));
  if (*is->units) IP_TRY(ip_h5_set_text(c->h, is->name, "units", is->units));
  return IP_SCRATCH(c->sc, c->block[q], c->n_block * extent(c, q), "a block of the grid");
}

static void choose_block(ip_grid_file *c)
{
  size_t series = c->p->n_epochs * c->p->n_layers,
         largest = extent(c, ESTIMATE) > series ? extent(c, ESTIMATE) : series;
  size_t bytes = sizeof(double) * (largest + 1), most = BLOCK_BYTES / bytes;
  if (most > BLOCK_POINTS) most = BLOCK_POINTS;
  c->split = c->n_dims;
  c->n_block = 1;
  while (c->split > 0 && c->dim[c->split - 1] <= most / c->n_block) c->n_block *= c->dim[--c->split];
}

static bool has_bands(const ip_gather_plan *p)
{
  for (size_t i = 0; i < p->n_estimators; i++) {
    const ip_estimator_kind *k = ip_estimator_kind_named(p->estimator[i]);
    if (k && k->band) return true;
  }
  return false;
}

static ip_status list_quantities(ip_grid_file *c)
{
  const ip_measured_list *list = &c->p->measured;
  c->n_estimated = has_bands(c->p) ? N_ESTIMATED : N_ESTIMATED - N_ENDS;
  c->n_quantities = ESTIMATE + c->n_estimated + list->n;
  IP_TRY(IP_SCRATCH(c->sc, c->quantity, c->n_quantities, "arrays of a grid"));
  IP_TRY(IP_SCRATCH(c->sc, c->block, c->n_quantities, "arrays of a grid"));
  memcpy(c->quantity, quantities, sizeof quantities);
  for (size_t i = 0; i < c->n_estimated; i++) {
    bool is_fraction = estimated[i] == IP_INFORMATION_IXT_FRACTION || estimated[i] == IP_INFORMATION_ITY_FRACTION;
    c->quantity[ESTIMATE + i] = (quantity){ip_information_series_name(estimated[i]), is_fraction ? "" : "bits",
                                           BY_ESTIMATOR | BY_EPOCH | BY_LAYER};
  }
  for (size_t i = 0; i < list->n; i++) {
    quantity *q = &c->quantity[ESTIMATE + c->n_estimated + i];
    const char *unit = list->series[i].unit;
    *q = (quantity){.units = strcmp(unit, "1") ? unit : "", .by = BY_EPOCH | BY_LAYER};
    IP_TRY(ip_scratch_format(c->sc, &q->name, "measures/%s", list->series[i].column));
  }
  return IP_OK;
}

static ip_status begin(ip_grid_file *c, const char *folder)
{
  IP_TRY(ip_scratch_create(&c->sc));
  IP_TRY(IP_FORMAT(c->path, "%s/" IP_FILE_GRID, folder));
  IP_TRY(IP_FORMAT(c->part, "%s/" IP_FILE_GRID ".part", folder));
  IP_TRY(ip_h5_create(c->part, &c->h));
  IP_TRY(ip_h5_set_text(c->h, "/", "format", "infoplane grid"));
  IP_TRY(ip_h5_set_text(c->h, "/", "experiment", c->p->name));
  IP_TRY(put_dimensions(c));
  IP_TRY(list_quantities(c));
  choose_block(c);
  for (size_t q = 0; q < c->n_quantities; q++) IP_TRY(put_array(c, q));
  return IP_OK;
}

ip_status ip_grid_file_create(const ip_gather_plan *p, const char *folder, ip_grid_file **out)
{
  *out = NULL;
  ip_grid_file *c;
  IP_TRY(IP_NEW(c, 1, "grid of an experiment"));
  c->p = p;
  ip_status st = begin(c, folder);
  if (st != IP_OK) ip_grid_file_destroy(&c);
  *out = c;
  return st;
}

void ip_grid_file_destroy(ip_grid_file **cube)
{
  ip_grid_file *c = *cube;
  if (!c) return;
  if (c->h) {
    ip_h5_close(&c->h);
    unlink(c->part);
  }
  ip_free(c->part);
  ip_free(c->path);
  ip_scratch_destroy(&c->sc);
  ip_free(c);
  *cube = NULL;
}

/* ---------------------------------------------------------------- points */

/* Puts a run's series into the block; runs with more epochs or layers than the experiment says are cut. */
static void fill_estimates(ip_grid_file *c, size_t at, const ip_gathered *g)
{
  size_t n_epochs = g->n_epochs < c->p->n_epochs ? g->n_epochs : c->p->n_epochs;
  size_t n_layers = g->n_layers < c->p->n_layers ? g->n_layers : c->p->n_layers;
  for (size_t i = 0; i < g->n_estimators; i++) {
    size_t j = ip_gather_plan_find(c->p, g->estimator[i]);
    if (j == c->p->n_estimators) continue;
    for (size_t f = 0; f < IP_N_FACTS; f++)
      c->block[FACT + f][at * extent(c, FACT + f) + j] = g->fact[i * IP_N_FACTS + f];
    for (size_t k = 0; k < n_layers; k++) {
      const double *measure = g->measure + (i * g->n_layers + k) * IP_N_MEASURES;
      for (size_t m = 0; m < N_MEASURED; m++)
        c->block[MEASURE + m][at * extent(c, MEASURE + m) + j * c->p->n_layers + k] = measure[measured[m]];
      for (size_t e = 0; e < n_epochs; e++) {
        size_t to = at * extent(c, ESTIMATE) + (j * c->p->n_epochs + e) * c->p->n_layers + k,
               from = e * g->n_layers + k;
        for (size_t q = 0; q < c->n_estimated; q++) c->block[ESTIMATE + q][to] = g->series[i][estimated[q]][from];
      }
    }
  }
}

static void fill_measured(ip_grid_file *c, size_t at, const ip_gathered *g, size_t n_epochs, size_t n_layers)
{
  for (size_t i = 0; i < c->p->measured.n; i++) {
    size_t from = ip_measured_find(&g->measured, c->p->measured.series[i].column), q = ESTIMATE + c->n_estimated + i;
    if (from == g->measured.n) continue;
    for (size_t e = 0; e < n_epochs; e++)
      memcpy(c->block[q] + at * extent(c, q) + e * c->p->n_layers, g->measured_value[from] + e * g->n_layers,
             n_layers * sizeof(double));
  }
}

static void fill_point(ip_grid_file *c, size_t at, const ip_gathered *g)
{
  size_t n_epochs = g->n_epochs < c->p->n_epochs ? g->n_epochs : c->p->n_epochs;
  size_t n_layers = g->n_layers < c->p->n_layers ? g->n_layers : c->p->n_layers;
  const double *final = g->final;
  c->block[FITS][at] = strcmp(ip_run_status(g->run), "failed_to_fit") != 0;
  c->block[GAP][at] = final[IP_METRIC_TRAIN_ACCURACY] - final[IP_METRIC_TEST_ACCURACY];
  c->block[BEST_EPOCH][at] = g->best_epoch;
  for (size_t m = 0; m < IP_N_LAYER_METRICS; m++)
    for (size_t e = 0; e < n_epochs; e++)
      memcpy(c->block[LAYER_METRIC + m] + at * extent(c, LAYER_METRIC + m) + e * c->p->n_layers,
             g->layer_metric[m] + e * g->n_layers, n_layers * sizeof(double));
  c->block[LOSS_GAP][at] = final[IP_METRIC_TEST_LOSS] - final[IP_METRIC_TRAIN_LOSS];
  for (size_t m = 0; m < IP_N_METRICS; m++) {
    c->block[FINAL + m][at] = final[m];
    memcpy(c->block[CURVE + m] + at * c->p->n_epochs, g->metric[m], n_epochs * sizeof(double));
  }
  for (size_t e = 0; e < n_epochs; e++) c->block[LOGGED][at * c->p->n_epochs + e] = (double)g->epoch[e];
  memcpy(c->block[CROSSING] + at * c->p->n_layers, g->crossing, n_layers * sizeof(double));
  fill_estimates(c, at, g);
  fill_measured(c, at, g, n_epochs, n_layers);
}

/* Writes the block that point n_added - 1 ends. */
static ip_status write_block(ip_grid_file *c)
{
  size_t start[IP_H5_MAX_RANK] = {0}, count[IP_H5_MAX_RANK];
  size_t rest = c->n_added / c->n_block - 1;
  for (size_t d = c->n_dims; d-- > 0;) {
    bool whole = d >= c->split;
    count[d] = whole ? c->dim[d] : 1;
    if (whole) continue;
    start[d] = rest % c->dim[d];
    rest /= c->dim[d];
  }
  for (size_t q = 0; q < c->n_quantities; q++) {
    size_t rank = c->n_dims;
    unsigned by = c->quantity[q].by;
    if (by & BY_ESTIMATOR) count[rank++] = c->p->n_estimators;
    if (by & BY_EPOCH) count[rank++] = c->p->n_epochs;
    if (by & BY_LAYER) count[rank++] = c->p->n_layers;
    if (extent(c, q)) IP_TRY(ip_h5_write_block(c->h, c->quantity[q].name, start, count, IP_H5_F64, c->block[q]));
  }
  return IP_OK;
}

ip_status ip_grid_file_add(ip_grid_file *c, const ip_gathered *g)
{
  size_t at = c->n_added % c->n_block;
  for (size_t q = 0; q < c->n_quantities; q++)
    for (size_t i = 0; i < extent(c, q); i++) c->block[q][at * extent(c, q) + i] = (double)NAN;
  if (g) fill_point(c, at, g);
  c->n_added++;
  return c->n_added % c->n_block ? IP_OK : write_block(c);
}

ip_status ip_grid_file_publish(ip_grid_file *c)
{
  ip_status st = ip_h5_close(&c->h);
  if (st == IP_OK) st = ip_file_publish(c->part, c->path);
  if (st != IP_OK) unlink(c->part);
  return st;
}
