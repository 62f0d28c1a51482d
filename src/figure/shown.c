#include "figure/shown.h"

#include "base/plain.h"
#include "estimator/kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void specify(const char *estimator, ip_series_spec spec[IP_N_SHOWN])
{
  static const char *const name[IP_N_SHOWN] = {
      [IP_IXT] = IP_NAME_IXT,
      [IP_ITY] = IP_NAME_ITY,
      [IP_ITY_TEST] = "ity_test",
      [IP_SATURATED] = IP_NAME_SATURATED,
      [IP_DPI] = IP_NAME_DPI,
      [IP_CLIPPED] = IP_NAME_CLIPPED,
      [IP_LOSSY_BINS] = IP_NAME_LOSSY_BINS,
  };
  for (size_t i = 0; i < IP_N_SHOWN; i++)
    spec[i] = (ip_series_spec){IP_SERIES_INFORMATION, name[i], NULL, false, estimator};
}

ip_status ip_shown_read(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                        ip_series v[IP_N_SHOWN])
{
  ip_series_spec spec[IP_N_SHOWN];
  specify(estimator, spec);
  return ip_series_read(s, g, IP_N_SHOWN, spec, sc, v);
}

ip_status ip_shown_of_run(const ip_run_set *s, ip_run *run, ip_scratch *sc, double *v[IP_N_SHOWN])
{
  ip_series_spec spec[IP_N_SHOWN];
  size_t n = ip_run_n_epochs(run) * ip_run_head_of(run)->n_layers;
  double *room; // (n)
  specify(NULL, spec);
  IP_TRY(IP_SCRATCH(sc, room, n, "a series"));
  for (size_t i = 0; i < IP_N_SHOWN; i++) {
    IP_TRY(IP_SCRATCH(sc, v[i], n, "a series"));
    IP_TRY(ip_series_of_run(s, run, &spec[i], v[i], room));
  }
  return IP_OK;
}

ip_status ip_shown_at(size_t n, const size_t *index, ip_scratch *sc, ip_series v[IP_N_SHOWN])
{
  for (size_t i = 0; i < IP_N_SHOWN; i++) {
    size_t width = v[i].n_columns;
    double *mean; // (n, width)
    IP_TRY(IP_SCRATCH(sc, mean, n * width, "means"));
    for (size_t j = 0; j < n * width; j++) mean[j] = v[i].mean[index[j / width] * width + j % width];
    v[i].mean = mean;
    v[i].n_epochs = n;
  }
  return IP_OK;
}

static bool is_flagged(const ip_series *v, size_t at)
{
  return v->mean[at] > 0;
}

enum { N_FLAGS = 4 }; /* from IP_SATURATED on */

static void put_cells(const ip_run_group *g, size_t k, const bool flag[N_FLAGS], ip_table *t)
{
  static const char letter[N_FLAGS] = "sdcb";
  char flags[N_FLAGS + 1] = "";
  for (size_t i = 0, n = 0; i < N_FLAGS; i++)
    if (flag[i]) flags[n++] = letter[i];
  ip_table_int(t, g->drawn[k] == IP_DRAWN_BOUND);
  ip_table_text(t, *flags ? flags : "-");
}

void ip_shown_cells(const ip_run_group *g, const ip_series v[IP_N_SHOWN], size_t e, size_t k, ip_table *t)
{
  bool flag[N_FLAGS];
  for (size_t i = 0; i < N_FLAGS; i++) flag[i] = is_flagged(&v[IP_SATURATED + i], e * g->n_layers + k);
  put_cells(g, k, flag, t);
}

void ip_shown_run_cells(const ip_run_group *g, double *const v[IP_N_SHOWN], size_t at, size_t k, ip_table *t)
{
  bool flag[N_FLAGS];
  for (size_t i = 0; i < N_FLAGS; i++) flag[i] = v[IP_SATURATED + i][at] > 0;
  put_cells(g, k, flag, t);
}

static bool has_drawn(const ip_run_group *g, ip_drawn how)
{
  for (size_t k = 0; k < g->n_layers; k++)
    if (g->drawn[k] == how) return true;
  return false;
}

/* Whether a point that is drawn has the flag. */
static bool shows(const ip_run_group *g, const ip_series v[IP_N_SHOWN], int flag)
{
  for (size_t i = 0; i < v[flag].n_epochs * g->n_layers; i++)
    if (is_flagged(&v[flag], i) && isfinite(v[IP_IXT].mean[i])) return true;
  return false;
}

static bool hides(const ip_run_group *g, const ip_series v[IP_N_SHOWN])
{
  for (size_t i = 0; i < v[IP_IXT].n_epochs * g->n_layers; i++)
    if (is_flagged(&v[IP_SATURATED], i) && !isfinite(v[IP_IXT].mean[i])) return true;
  return false;
}

static void append(char *text, size_t room, const char *between, const char *more)
{
  size_t n = strlen(text);
  snprintf(text + n, room - n, "%s%s", n ? between : "", more);
}

static const char *bound_of(const ip_run_group *g)
{
  if (g->noise_estimator)
    return has_drawn(g, IP_DRAWN_NOISY) || g->drawn[0] == IP_DRAWN_CHOSEN
               ? "that of the previous layer"
               : "kde_upper:noise=network of the first layer";
  return strcmp(g->objective, "vib") == 0 ? "the trained rate" : "the kernel bound of the noisy layer";
}

/* Of noisy layers. */
static void explain_noise(const ip_run_set *s, const ip_run_group *g, const char *estimator, char *text, size_t room)
{
  char line[256];
  if (has_drawn(g, IP_DRAWN_NOISY)) {
    snprintf(line, sizeof line, "noisy layers: estimator %s", g->noise_estimator);
    append(text, room, "; ", line);
  }
  if (has_drawn(g, IP_DRAWN_BOUND)) {
    bool is_dropout = g->noise_estimator && strcmp(g->noise_estimator, "dropout") == 0; /* evaluated without it */
    snprintf(line, sizeof line, "hollow: bounds, I(X;T) at most %s%s", bound_of(g),
             is_dropout ? "" : ", I(T;Y) at least H(Y) - cross-entropy");
    append(text, room, "; ", line);
  }
  bool is_noisy = g->noise_estimator || strcmp(g->objective, "vib") == 0 || strncmp(g->objective, "nib", 3) == 0;
  if (s->is_asked && is_noisy && !ip_noisy_is_label(estimator)) {
    snprintf(
        line, sizeof line,
        "%.100s uses one draw of a noisy layer per input and counts noise as information: no measure of compression",
        estimator);
    append(text, room, "; ", line);
  }
}

ip_status ip_shown_bands(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                         ip_series band[IP_N_ENDS])
{
  ip_series_spec spec[IP_N_ENDS];
  for (size_t i = 0; i < IP_N_ENDS; i++)
    spec[i] = (ip_series_spec){IP_SERIES_INFORMATION, ip_information_series_name(IP_INFORMATION_IXT_BAND_LOW + i), NULL,
                               false, estimator};
  return ip_series_read(s, g, IP_N_ENDS, spec, sc, band);
}

/* An estimator whose result is no number. */
static void explain_band(const char *estimator, char *text, size_t room)
{
  const ip_estimator_kind *k = ip_estimator_kind_named(estimator);
  char line[128];
  if (!k || !k->band) return;
  snprintf(line, sizeof line, "%s is a band (bars, or filled in the figure layers) and no number: %s", k->name,
           k->band);
  append(text, room, "; ", line);
}

static void explain_intervals(const ip_information *info, char *text, size_t room)
{
  static const char *const refused[][2] = {{"missing_ixt_interval_reason", "I(X;T)"},
                                           {"missing_ity_interval_reason", "I(T;Y)"}};
  char line[256];
  for (size_t i = 0; i < 2; i++)
    for (size_t a = 0; a < info->n_attributes; a++)
      if (strcmp(info->attribute[a].name, refused[i][0]) == 0) {
        snprintf(line, sizeof line, "no confidence interval of %s: %.180s", refused[i][1], info->attribute[a].text);
        append(text, room, "; ", line);
      }
}

/* Confidence intervals that were asked for and refused, of the first run. */
static ip_status read_refusals(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                               char *text, size_t room)
{
  ip_run *run;
  ip_information info = {0};
  IP_TRY(ip_run_open_series(s->file[g->run[0]], &run));
  ip_status st = IP_OK;
  if (ip_run_has_estimates(run, estimator)) st = ip_run_read_information(run, estimator, sc, &info);
  ip_run_close(&run);
  if (st == IP_OK) explain_intervals(&info, text, room);
  return st;
}

ip_status ip_shown_note(const ip_run_set *s, const ip_run_group *g, const char *estimator,
                        const ip_series v[IP_N_SHOWN], ip_scratch *sc, const char **note)
{
  static const char *const meaning[] = {"saturated (I(X;T) within 1 % of log2 N)",
                                        "more than in the layer before (against the data processing inequality)",
                                        "clipped to what is possible",
                                        "bins lose over 1 % of the predictions' entropy"};
  char *text, crossed[320] = "";
  const size_t room = 900;
  IP_TRY(IP_SCRATCH(sc, text, room, "note"));
  explain_noise(s, g, estimator ? estimator : s->estimator, text, room);
  explain_band(estimator ? estimator : s->estimator, text, room);
  for (int i = 0; i < N_FLAGS && v; i++)
    if (shows(g, v, IP_SATURATED + i)) append(crossed, sizeof crossed, ", or ", meaning[i]);
  if (*crossed) {
    append(text, room, "; ", "crossed: ");
    append(text, room, "", crossed);
  }
  if (v && hides(g, v)) append(text, room, "; ", "not plotted: bounds within 1 % of log2 N, their maximum");
  if (v) IP_TRY(read_refusals(s, g, estimator ? estimator : s->estimator, sc, text, room));
  IP_TRY(ip_plain_text(text, room, sc, note));
  if (!**note) *note = "-"; /* gnuplot reads an empty last field as anything */
  return IP_OK;
}
