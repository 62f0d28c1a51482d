#include "study/series.h"

#include "study/measures.h"
#include "study/noisy.h"
#include "study/usable.h"

#include <math.h>
#include <string.h>

/* An estimator's series; NaN where the file has no such estimates. */
static ip_status read_information(const ip_run_set *s, ip_run *run, const ip_series_spec *spec, double *v, double *room)
{
  const char *estimator = spec->estimator ? spec->estimator : s->estimator;
  size_t n = ip_run_n_epochs(run) * ip_run_head_of(run)->n_layers;
  if (ip_run_has_estimates(run, estimator))
    IP_TRY(ip_run_read_series(run, estimator, spec->name, v));
  else
    for (size_t i = 0; i < n; i++) v[i] = (double)NAN;
  return s->is_asked ? IP_OK : ip_noisy_replace(run, estimator, spec->name, v, room);
}

ip_status ip_series_of_run(const ip_run_set *s, ip_run *run, const ip_series_spec *spec, double *v, double *room)
{
  const char *const name[2] = {spec->name, spec->over};
  double *const to[2] = {v, room};
  size_t n = ip_run_n_epochs(run);
  for (int i = 0; i < 2 && name[i]; i++) switch (spec->kind) {
    case IP_SERIES_METRIC:
      IP_TRY(!strcmp(name[i], IP_NAME_TRAIN_USABLE)  ? ip_series_of_usable(run, 0, to[i])
             : !strcmp(name[i], IP_NAME_TEST_USABLE) ? ip_series_of_usable(run, 1, to[i])
                                                     : ip_run_read_metric(run, name[i], to[i]));
      break;
    case IP_SERIES_LAYER:
      IP_TRY(ip_run_read_layer_metric(run, name[i], to[i]));
      break;
    case IP_SERIES_INFORMATION:
      IP_TRY(read_information(s, run, spec, v, room));
      break;
    case IP_SERIES_MEASURE:
      IP_TRY(ip_run_read_measure_series(run, spec->estimator, name[i], to[i]));
      break;
    }
  if (spec->kind != IP_SERIES_METRIC) n *= ip_run_head_of(run)->n_layers;
  for (size_t i = 0; i < n; i++) {
    if (spec->over) v[i] = room[i] > 0 ? v[i] / room[i] : (double)NAN;
    if (spec->logarithm) v[i] = v[i] > 0 ? log(v[i]) : (double)NAN;
    if (!isfinite(v[i])) v[i] = (double)NAN;
  }
  return IP_OK;
}

/* The raw values of I(X;T) and I(T;Y), which are what is averaged; NULL where a series has none. */
static const char *raw_name(const ip_series_spec *spec)
{
  if (spec->kind != IP_SERIES_INFORMATION || spec->over || spec->logarithm) return NULL;
  if (!strcmp(spec->name, ip_information_series_name(IP_INFORMATION_IXT)))
    return ip_information_series_name(IP_INFORMATION_IXT_RAW);
  if (!strcmp(spec->name, ip_information_series_name(IP_INFORMATION_ITY)))
    return ip_information_series_name(IP_INFORMATION_ITY_RAW);
  return NULL;
}

typedef struct {
  const ip_run_set *set;
  size_t n, n_layers;
  const ip_series_spec *spec;
  ip_series *series;
  ip_scratch *sc;
} reading;

/* The slot of an epoch at or after `from`; n when there is none. */
static size_t slot_of(const ip_series *s, size_t from, int64_t epoch)
{
  while (from < s->n_epochs && s->epoch[from] < epoch) from++;
  return from < s->n_epochs && s->epoch[from] == epoch ? from : s->n_epochs;
}

/* One more value x, which is `within` once it is clipped. */
static void add(ip_series *s, size_t at, double x, double within)
{
  if (isnan(x)) return;
  if (!s->count[at] || within < s->low[at]) s->low[at] = within;
  if (!s->count[at] || within > s->high[at]) s->high[at] = within;
  double d = x - s->mean[at];
  s->mean[at] += d / (double)++s->count[at]; /* Welford 1962 */
  s->m2[at] += d * (x - s->mean[at]);
}

static ip_status add_run(ip_run *run, size_t i, void *context)
{
  (void)i;
  const reading *r = context;
  size_t n = ip_run_n_epochs(run), mark = ip_scratch_mark(r->sc), slot;
  double *v, *raw, *room;
  IP_REQUIRE(ip_run_head_of(run)->n_layers == r->n_layers, IP_EINVAL,
             "%s: got %zu layers, expected %zu as in other runs of its configuration", ip_run_path(run),
             ip_run_head_of(run)->n_layers, r->n_layers);
  IP_TRY(IP_SCRATCH(r->sc, v, n * r->n_layers, "a series"));
  IP_TRY(IP_SCRATCH(r->sc, raw, n * r->n_layers, "a series"));
  IP_TRY(IP_SCRATCH(r->sc, room, n * r->n_layers, "a series"));
  for (size_t k = 0; k < r->n; k++) {
    ip_series *s = &r->series[k];
    ip_series_spec of_raw = r->spec[k];
    IP_TRY(ip_series_of_run(r->set, run, &r->spec[k], v, room));
    if ((of_raw.name = raw_name(&r->spec[k]))) IP_TRY(ip_series_of_run(r->set, run, &of_raw, raw, room));
    const double *averaged = of_raw.name ? raw : v;
    size_t from = 0;
    for (size_t e = 0; e < n; e++) {
      if ((slot = slot_of(s, from, ip_run_epochs(run)[e])) == s->n_epochs) continue;
      for (size_t c = 0; c < s->n_columns; c++) {
        size_t from_cell = e * s->n_columns + c;
        add(s, slot * s->n_columns + c, averaged[from_cell], v[from_cell]);
      }
      from = slot + 1;
    }
  }
  ip_scratch_release(r->sc, mark);
  return IP_OK;
}

/* The epochs of the run that logged most. */
static ip_status read_epochs(const ip_run_set *s, const ip_run_group *g, ip_scratch *sc, int64_t **epoch)
{
  ip_run *run;
  size_t n = s->n_epochs[g->longest];
  IP_TRY(IP_SCRATCH(sc, *epoch, n, "epochs"));
  IP_TRY(ip_run_open_series(s->file[g->longest], &run));
  ip_status st = IP_OK;
  if (ip_run_n_epochs(run) < n)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT,
                      "%s: the file changed while it was read and has fewer epochs; try again", s->file[g->longest]);
  else
    memcpy(*epoch, ip_run_epochs(run), n * sizeof **epoch);
  ip_run_close(&run);
  return st;
}

ip_status ip_series_read(const ip_run_set *set, const ip_run_group *g, size_t n, const ip_series_spec *spec,
                         ip_scratch *sc, ip_series *out)
{
  int64_t *epoch;
  IP_TRY(read_epochs(set, g, sc, &epoch));
  for (size_t k = 0; k < n; k++) {
    ip_series *s = &out[k];
    *s = (ip_series){.n_epochs = set->n_epochs[g->longest],
                     .n_columns = spec[k].kind == IP_SERIES_METRIC ? 1 : g->n_layers,
                     .epoch = epoch};
    IP_TRY(IP_SCRATCH(sc, s->count, s->n_epochs * s->n_columns, "a series"));
    IP_TRY(IP_SCRATCH(sc, s->mean, s->n_epochs * s->n_columns, "a series"));
    IP_TRY(IP_SCRATCH(sc, s->m2, s->n_epochs * s->n_columns, "a series"));
    IP_TRY(IP_SCRATCH(sc, s->low, s->n_epochs * s->n_columns, "a series"));
    IP_TRY(IP_SCRATCH(sc, s->high, s->n_epochs * s->n_columns, "a series"));
  }
  reading r = {.set = set, .n = n, .n_layers = g->n_layers, .spec = spec, .series = out, .sc = sc};
  IP_TRY(ip_run_group_visit(set, g, add_run, &r));
  for (size_t k = 0; k < n; k++)
    for (size_t i = 0; i < out[k].n_epochs * out[k].n_columns; i++)
      out[k].mean[i] = out[k].count[i] ? fmin(fmax(out[k].mean[i], out[k].low[i]), out[k].high[i]) : (double)NAN;
  return IP_OK;
}

ip_status ip_run_set_find_least_test_loss(ip_run_set *s)
{
  const ip_series_spec spec = {IP_SERIES_METRIC, IP_NAME_TEST_LOSS, NULL, false, NULL};
  size_t mark = ip_scratch_mark(s->sc);
  for (size_t g = 0; g < s->n_groups; g++) {
    ip_series loss;
    IP_TRY(ip_series_read(s, &s->group[g], 1, &spec, s->sc, &loss));
    s->group[g].least_test_loss_epoch = ip_measure_least_epoch(loss.n_epochs, loss.epoch, loss.mean);
    ip_scratch_release(s->sc, mark);
  }
  return IP_OK;
}

double ip_series_sd(const ip_series *s, size_t epoch, size_t column)
{
  size_t at = epoch * s->n_columns + column;
  return s->count[at] > 1 ? sqrt(s->m2[at] / (double)(s->count[at] - 1)) : (double)NAN;
}

bool ip_series_any(const ip_series *s)
{
  for (size_t i = 0; i < s->n_epochs * s->n_columns; i++)
    if (s->count[i]) return true;
  return false;
}

ip_status ip_series_thin(size_t n_epochs, const int64_t *epoch, size_t most, ip_scratch *sc, size_t *n, size_t **index)
{
  IP_TRY(IP_SCRATCH(sc, *index, n_epochs, "epochs"));
  *n = 0;
  if (!n_epochs) return IP_OK;
  double low = log(1 + (double)epoch[0]), high = log(1 + (double)epoch[n_epochs - 1]);
  double step = (high - low) / (double)(most - 1), mark = low; /* keep the first epoch at or beyond each mark */
  for (size_t e = 0; e < n_epochs; e++) {
    double at = log(1 + (double)epoch[e]);
    if (n_epochs > most && e + 1 < n_epochs && (at < mark || *n + 1 == most)) continue;
    (*index)[(*n)++] = e;
    mark = low + step * (floor((at - low) / step) + 1);
  }
  return IP_OK;
}
