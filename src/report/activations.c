#include "report/activations.h"

#include "report/looking.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- which runs */

static bool is_fit(const ip_explore *x, size_t run)
{
  const ip_explore_run *r = &x->run[run];
  return r->has_activations && r->n_epochs && r->n_layers && !strcmp(x->facts->run[run].status, IP_RUN_DONE);
}

/* The j-th run of a group (from 0) that is fit; SIZE_MAX if there is none. */
static size_t fit_run(const ip_explore *x, size_t group, size_t j)
{
  const ip_run_group *g = &x->facts->set->group[group];
  for (size_t i = 0; i < g->n_runs; i++)
    if (is_fit(x, g->run[i]) && j-- == 0) return g->run[i];
  return SIZE_MAX;
}

static void sort_numbers(size_t n, size_t *number)
{
  for (size_t i = 1; i < n; i++)
    for (size_t j = i; j > 0 && number[j] < number[j - 1]; j--) {
      size_t one = number[j];
      number[j] = number[j - 1];
      number[j - 1] = one;
    }
}

static void choose_histograms(const ip_explore *x, ip_activations *a)
{
  const ip_run_set *s = x->facts->set;
  size_t before = SIZE_MAX;
  for (size_t j = 0; a->n_histograms != before; j++) {
    before = a->n_histograms;
    for (size_t g = 0; g < s->n_groups && a->n_histograms < IP_HISTOGRAM_RUNS; g++) {
      size_t run = fit_run(x, g, j);
      if (run != SIZE_MAX) a->histogram_run[a->n_histograms++] = run;
    }
  }
  sort_numbers(a->n_histograms, a->histogram_run);
}

static void choose_clouds(const ip_explore *x, ip_activations *a)
{
  for (size_t g = 0; g < x->facts->set->n_groups && a->n_clouds < IP_CLOUD_RUNS; g++) {
    size_t run = fit_run(x, g, 0);
    if (run != SIZE_MAX) a->cloud[a->n_clouds++].run = run;
  }
}

static const char *why_there_are_none(const ip_explore *x)
{
  for (size_t i = 0; i < x->facts->set->n_files; i++)
    if (x->run[i].has_activations) return "no network that is done has activations";
  return "the run files have no activations (log.keep: none); runs with log.keep: all have them";
}

/* ---------------------------------------------------------------- histograms */

typedef struct histograms {
  size_t n, room, n_series, series_room;
  uint8_t *code;  // (n)
  size_t *length; // (n_series)
} histograms;

/* The numbers of a layer at all epochs, (epoch, number), become a histogram for each epoch: (field, epoch). */
static void count_fields(size_t n_epochs, size_t n, const float *t, const double range[2], double *share)
{
  double scale = range[1] > range[0] ? IP_HISTOGRAM_FIELDS / (range[1] - range[0]) : 0;
  memset(share, 0, IP_HISTOGRAM_FIELDS * n_epochs * sizeof *share);
  for (size_t e = 0; e < n_epochs; e++)
    for (size_t i = 0; i < n; i++) {
      double value = t[e * n + i];
      if (!isfinite(value)) continue;
      size_t field = (size_t)fmin((value - range[0]) * scale, IP_HISTOGRAM_FIELDS - 1);
      share[field * n_epochs + e] += 1.0 / (double)n;
    }
}

static ip_status add_histogram(histograms *h, ip_scratch *sc, size_t n_epochs, const double *share)
{
  size_t n = IP_HISTOGRAM_FIELDS * n_epochs;
  if (h->n + n > h->room) {
    size_t room = 2 * h->room + n;
    uint8_t *code = ip_grow(h->code, h->n, room, sizeof *code, "histograms");
    if (!code) return IP_ENOMEM;
    h->code = code;
    h->room = room;
  }
  for (size_t i = 0; i < n; i++) h->code[h->n++] = (uint8_t)lround(255 * sqrt(fmin(share[i], 1)));
  for (size_t i = 0; i < IP_HISTOGRAM_FIELDS; i++) {
    IP_TRY(IP_SCRATCH_GROW(sc, h->length, h->n_series, &h->series_room, "histograms"));
    h->length[h->n_series++] = n_epochs;
  }
  return IP_OK;
}

static ip_status add_layer(histograms *h, const ip_looked *l, ip_scratch *mine, ip_scratch *sc, double range[2])
{
  double *share;
  bool any = false;
  for (size_t i = 0; i < l->n_epochs * l->n_kept; i++) {
    double value = l->kept[i];
    if (!isfinite(value)) continue;
    range[0] = any ? fmin(range[0], value) : value;
    range[1] = any ? fmax(range[1], value) : value;
    any = true;
  }
  IP_TRY(IP_SCRATCH(mine, share, IP_HISTOGRAM_FIELDS * l->n_epochs, "histograms"));
  count_fields(l->n_epochs, l->n_kept, l->kept, range, share);
  return add_histogram(h, sc, l->n_epochs, share);
}

/* ---------------------------------------------------------------- all */

/* Which of the clouds is of this run; NULL if none is. */
static ip_cloud *cloud_of(ip_activations *a, size_t run)
{
  for (size_t i = 0; i < a->n_clouds; i++)
    if (a->cloud[i].run == run) return &a->cloud[i];
  return NULL;
}

/* Reads one run, for histograms or a cloud or both. `range` NULL: no histogram. */
static ip_status read_run(const ip_explore *x, ip_activations *a, size_t run, histograms *h, double (*range)[2],
                          ip_scratch *sc, ip_scratch *mine)
{
  ip_cloud *cloud = cloud_of(a, run);
  ip_looking look;
  IP_TRY(ip_looking_open(x->facts->set->file[run], &x->run[run], mine, &look));
  ip_status st = cloud ? ip_cloud_begin(&look, a->sc, cloud) : IP_OK;
  for (size_t k = 0; k < x->run[run].n_layers && st == IP_OK; k++) {
    size_t mark = ip_scratch_mark(mine);
    ip_looked l;
    st = ip_looking_read(&look, k, mine, &l);
    if (st == IP_OK && range) st = add_layer(h, &l, mine, sc, range[k]);
    if (st == IP_OK && cloud) st = ip_cloud_add(&look, &l, k, a->sc, cloud);
    ip_scratch_release(mine, mark);
  }
  if (st == IP_OK && cloud) st = ip_cloud_pack(cloud);
  ip_looking_close(&look);
  return st;
}

static ip_status read_runs(const ip_explore *x, ip_activations *a, histograms *h, ip_scratch *sc, ip_scratch *mine)
{
  for (size_t i = 0; i < a->n_histograms; i++) {
    size_t run = a->histogram_run[i];
    IP_TRY(IP_SCRATCH(a->sc, a->range[i], x->run[run].n_layers, "ranges"));
    IP_TRY(read_run(x, a, run, h, a->range[i], sc, mine));
    ip_scratch_release(mine, 0);
  }
  for (size_t i = 0; i < a->n_clouds; i++) {
    if (a->cloud[i].n_samples) continue; /* with its histogram */
    IP_TRY(read_run(x, a, a->cloud[i].run, NULL, NULL, sc, mine));
    ip_scratch_release(mine, 0);
  }
  return ip_pack_u8(h->n_series, h->length, h->code, &a->histogram);
}

static ip_status create(const ip_explore *x, ip_activations *a)
{
  histograms h = {0};
  ip_scratch *sc = NULL, *mine = NULL;
  IP_TRY(ip_scratch_create(&a->sc));
  a->why_not = "";
  choose_clouds(x, a);
  choose_histograms(x, a);
  if (!a->n_histograms) {
    a->why_not = why_there_are_none(x);
    return IP_OK;
  }
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) st = ip_scratch_create(&mine);
  if (st == IP_OK) st = read_runs(x, a, &h, sc, mine);
  ip_free(h.code);
  if (mine) ip_scratch_destroy(&mine);
  if (sc) ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_activations_create(const ip_explore *x, ip_activations **out)
{
  ip_activations *a;
  *out = NULL;
  IP_TRY(IP_NEW(a, 1, "activations for the page"));
  ip_status st = create(x, a);
  if (st != IP_OK) ip_activations_destroy(&a);
  *out = a;
  return st;
}

void ip_activations_destroy(ip_activations **a)
{
  if (!*a) return;
  for (size_t i = 0; i < IP_CLOUD_RUNS; i++) ip_packed_free(&(*a)->cloud[i].packed);
  ip_packed_free(&(*a)->histogram);
  ip_scratch_destroy(&(*a)->sc);
  ip_free(*a);
  *a = NULL;
}

ip_status ip_activations_thin(ip_activations *a)
{
  for (size_t i = 0; i < a->n_clouds; i++) IP_TRY(ip_cloud_thin(&a->cloud[i]));
  return IP_OK;
}
