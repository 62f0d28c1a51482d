/* claims_plane.c - the information plane of a claim's networks, from its table: for a reader who has never seen one. */
#include "cli/claims.h"
#include "figure/gnuplot.h"
#include "file/table.h"
#include "study/series.h"

#include <math.h>
#include <string.h>

typedef struct {
  const ip_claim_table *all;
  const ip_claim_block *block;
  const char *estimator;
  ip_table *table;
} drawing;

static const double *series_of(const drawing *d, const char *name, size_t layer)
{
  return ip_claim_table_series(d->block, name, d->estimator, layer);
}

static bool has_plane(const drawing *d, size_t layer)
{
  return series_of(d, "ixt", layer) && series_of(d, "ity", layer);
}

/* The first condition, and the first estimator with I(X;T) and I(T;Y) of at least three layers. */
static bool find_plane(const ip_claim_entry *e, drawing *d)
{
  if (!e->table || !e->table->n_blocks) return false;
  *d = (drawing){.all = e->table, .block = &e->table->block[0]};
  for (size_t i = 0; i < e->claim->n_estimators; i++) {
    size_t n = 0;
    d->estimator = e->claim->estimator[i];
    for (size_t k = 1; k <= d->block->n_layers; k++) n += has_plane(d, k);
    if (n >= 3 && d->block->n_epochs) return true;
  }
  return false;
}

bool ip_claims_has_plane(const ip_claim_entry *e, const char **estimator, size_t *n_networks)
{
  drawing d;
  if (!find_plane(e, &d)) return false;
  *estimator = d.estimator;
  *n_networks = 0;
  for (size_t j = 0; j < d.all->n_seeds; j++) *n_networks += d.block->state[j] == IP_CLAIM_RUN_DONE;
  return true;
}

/* Over the networks that fitted. */
static double mean_at(const drawing *d, const double *x, size_t epoch)
{
  double sum = 0;
  size_t n = 0;
  for (size_t j = 0; j < d->all->n_seeds; j++) {
    double value = x[j * d->block->n_epochs + epoch];
    if (d->block->state[j] != IP_CLAIM_RUN_DONE || !isfinite(value)) continue;
    sum += value;
    n++;
  }
  return n ? sum / (double)n : (double)NAN;
}

/* A number that all networks have; NaN without one. */
static double constant_of(const drawing *d, const char *name)
{
  const double *x = ip_claim_table_scalar(d->block, name, 0);
  double value = (double)NAN;
  for (size_t j = 0; x && j < d->all->n_seeds && isnan(value); j++) value = x[j];
  return value;
}

static double last_mean(const drawing *d, const char *name, size_t layer)
{
  return mean_at(d, series_of(d, name, layer), d->block->n_epochs - 1);
}

/* Whether a layer ends where the one before it does, so that they share a label. */
static bool ends_beside(const drawing *d, size_t layer)
{
  enum { PARTS = 25 }; /* of the axes */
  return layer > 1 && has_plane(d, layer) && has_plane(d, layer - 1) &&
         fabs(last_mean(d, "ixt", layer) - last_mean(d, "ixt", layer - 1)) < constant_of(d, "hx_bits") / PARTS &&
         fabs(last_mean(d, "ity", layer) - last_mean(d, "ity", layer - 1)) < constant_of(d, "hy_bits") / PARTS;
}

/* "5", "1-3": the label of a layer at its last epoch, "" if another one has it. */
static void name_layers(const drawing *d, size_t layer, size_t n, char *mark)
{
  size_t end = layer;
  *mark = 0;
  if (ends_beside(d, layer)) return;
  while (end < d->block->n_layers && ends_beside(d, end + 1)) end++;
  snprintf(mark, n, end > layer ? "%zu-%zu" : "%zu", layer, end);
}

/* One row of the table of plane.gp: the means of a layer at an epoch. */
static void put_row(const drawing *d, size_t epoch, size_t layer)
{
  ip_table *t = d->table;
  char mark[48] = "";
  if (epoch + 1 == d->block->n_epochs) name_layers(d, layer, sizeof mark, mark);
  ip_table_text(t, "");
  ip_table_int(t, d->block->epoch[epoch]);
  ip_table_int(t, (int64_t)layer);
  ip_table_text(t, mark);
  ip_table_real(t, mean_at(d, series_of(d, "ixt", layer), epoch));
  ip_table_real(t, mean_at(d, series_of(d, "ity", layer), epoch));
  ip_table_real(t, constant_of(d, "hx_bits"));
  ip_table_real(t, constant_of(d, "hy_bits"));
  ip_table_text(t, d->estimator);
  ip_table_int(t, 0); /* run: the mean */
  ip_table_int(t, 0); /* bound */
  ip_table_text(t, "-");
  ip_table_text(t, "bits");
  for (int i = 0; i < 4; i++) ip_table_real(t, (double)NAN); /* ixt_low ... ity_high */
  ip_table_int(t, 0);                                        /* side */
  ip_table_real(t, (double)NAN);
  ip_table_real(t, (double)NAN);
  ip_table_text(t, "-");
  ip_table_end_row(t);
}

/* At some of the epochs, evenly spaced in the logarithm. */
static ip_status put_means(const drawing *d, ip_scratch *sc)
{
  enum { MOST_EPOCHS = 60 };
  size_t n, *epoch;
  IP_TRY(ip_series_thin(d->block->n_epochs, d->block->epoch, MOST_EPOCHS, sc, &n, &epoch));
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 1; k <= d->block->n_layers; k++)
      if (has_plane(d, k)) put_row(d, epoch[i], k);
    ip_table_end_row(d->table);
  }
  return IP_OK;
}

static ip_status fill(const drawing *d, ip_scratch *sc)
{
  static const char *const columns[] = {"panel",        "epoch",       "layer",     "mark",    "ixt_bits", "ity_bits",
                                        "hx_bits",      "hy_bits",     "estimator", "run",     "bound",    "flags",
                                        "unit",         "ixt_low",     "ixt_high",  "ity_low", "ity_high", "side",
                                        "usable_train", "usable_test", "note"};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) ip_table_text(d->table, columns[i]);
  ip_table_end_row(d->table);
  return put_means(d, sc);
}

ip_status ip_claims_draw_plane(const ip_claim_entry *e, ip_scratch *sc)
{
  drawing d;
  char *script;
  const char *data, *picture;
  if (!find_plane(e, &d)) return IP_OK;
  IP_TRY(ip_scratch_format(sc, &picture, "%s/plane.svg", e->folder));
  IP_TRY(ip_scratch_format(sc, &data, "%s/plane.tsv", e->folder));
  IP_TRY(ip_gnuplot_script("plane", &script));
  ip_status st = ip_table_create_for_figure(data, &d.table);
  if (st == IP_OK && (st = fill(&d, sc)) == IP_OK)
    st = ip_table_publish(&d.table);
  else
    ip_table_discard(&d.table);
  if (st == IP_OK) st = ip_gnuplot_draw(script, data, picture, "svg", NULL);
  ip_free(script);
  return st;
}
