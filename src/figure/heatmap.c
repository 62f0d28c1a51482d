#include "base/plain.h"
#include "config/settings.h"
#include "figure/kind.h"
#include "study/axis.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* heatmap: what is reached over two swept keys; one row a configuration, two empty lines after each quantity. */

static const ip_series_spec accuracy_spec = {IP_SERIES_METRIC, IP_NAME_TEST_ACCURACY, NULL, false, NULL};

enum { ERROR, LAST_IXT, LAST_ITY, DROP, N_QUANTITIES };
static const char *const quantity_name[2][N_QUANTITIES] = {
    {"test error", "I(X;T) of the last hidden layer, bits", "I(T;Y) of the last hidden layer, bits",
     "decrease of I(X;T) from its peak, bits"},
    {"test error", "upper bound of I(X;T) of the last hidden layer, bits",
     "lower bound of I(T;Y) of the last hidden layer, bits", "decrease of the upper bound from its peak, bits"}};

typedef struct {
  size_t key;
  size_t n;
  const char **value; // (n) distinct, increasing where they are numbers
} side;

/* The two keys: the first that differs, and the first that does not go with it. */
static bool find_sides(const ip_run_set *s, side *x, side *y)
{
  for (y->key = 0; y->key < s->n_keys; y->key++)
    for (x->key = y->key + 1; x->key < s->n_keys; x->key++)
      if (!ip_axis_determines(s, y->key, x->key) && !ip_axis_determines(s, x->key, y->key)) return true;
  return false;
}

static ip_status find_values(const ip_run_set *s, side *d, ip_scratch *sc)
{
  IP_TRY(IP_SCRATCH(sc, d->value, s->n_groups, "values"));
  for (size_t g = 0; g < s->n_groups; g++) {
    const char *value = s->group[g].value[d->key];
    size_t j = 0;
    while (j < d->n && strcmp(d->value[j], value) != 0) j++;
    if (j < d->n) continue;
    for (j = d->n++; j > 0 && ip_setting_order(value, d->value[j - 1]) < 0; j--) d->value[j] = d->value[j - 1];
    d->value[j] = value;
  }
  return IP_OK;
}

static size_t place(const side *d, const ip_run_group *g)
{
  size_t j = 0;
  while (strcmp(d->value[j], g->value[d->key]) != 0) j++;
  return j;
}

static size_t last_hidden(const ip_run_group *g)
{
  return g->n_layers > 1 ? g->n_layers - 2 : 0;
}

/* The quantities of one group, NaN where they are not known. */
static ip_status measure(const ip_run_set *s, const ip_run_group *g, ip_scratch *sc, double *q /* (N_QUANTITIES) */)
{
  ip_series v[IP_N_SHOWN], accuracy;
  for (int i = 0; i < N_QUANTITIES; i++) q[i] = (double)NAN;
  if (!s->n_epochs[g->longest]) return IP_OK;
  IP_TRY(ip_shown_read(s, g, NULL, sc, v));
  IP_TRY(ip_series_read(s, g, 1, &accuracy_spec, sc, &accuracy));
  size_t last = v[IP_IXT].n_epochs - 1, layers = g->n_layers, k = last_hidden(g);
  double peak = v[IP_IXT].mean[k];
  for (size_t e = 0; e <= last; e++) peak = fmax(peak, v[IP_IXT].mean[e * layers + k]);
  q[ERROR] = 1 - accuracy.mean[last];
  q[LAST_IXT] = v[IP_IXT].mean[last * layers + k];
  q[LAST_ITY] = v[IP_ITY].mean[last * layers + k];
  q[DROP] = peak - q[LAST_IXT];
  return IP_OK;
}

/* How a value is written at the side of a figure: numbers with three digits. */
static ip_status short_name(const char *value, ip_scratch *sc, const char **name)
{
  double number;
  char text[32];
  if (!ip_parse_real(value, &number)) return ip_plain_text(*value ? value : "none", 40, sc, name);
  snprintf(text, sizeof text, "%.3g", number);
  return ip_plain_text(text, 40, sc, name);
}

static ip_status add_row(const ip_run_set *s, const ip_run_group *g, const side *x, const side *y, const char *name,
                         double value, const char *note, ip_table *t, ip_scratch *sc)
{
  const char *x_text, *y_text, *x_name, *y_name;
  size_t i = place(x, g), j = place(y, g);
  IP_TRY(ip_plain_text(x->value[i], 200, sc, &x_text));
  IP_TRY(ip_plain_text(y->value[j], 200, sc, &y_text));
  IP_TRY(short_name(x->value[i], sc, &x_name));
  IP_TRY(short_name(y->value[j], sc, &y_name));
  ip_table_text(t, name);
  ip_table_text(t, s->key[x->key]);
  ip_table_text(t, s->key[y->key]);
  ip_table_int(t, (int64_t)i);
  ip_table_int(t, (int64_t)j);
  ip_table_text(t, x_text);
  ip_table_text(t, y_text);
  ip_table_real(t, value);
  ip_table_int(t, (int64_t)g->n_runs);
  ip_table_text(t, s->estimator);
  ip_table_text(t, x_name);
  ip_table_text(t, y_name);
  ip_table_text(t, note);
  ip_table_end_row(t);
  return IP_OK;
}

ip_status ip_figure_heatmap_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  side x = {0}, y = {0};
  if (!find_sides(s, &x, &y)) {
    *why_not = "the runs do not differ in two keys that were swept independently of each other";
    return IP_OK;
  }
  IP_TRY(find_values(s, &x, sc));
  IP_TRY(find_values(s, &y, sc));
  double(*q)[N_QUANTITIES];
  bool *taken;
  IP_TRY(IP_SCRATCH(sc, q, s->n_groups, "values"));
  IP_TRY(IP_SCRATCH(sc, taken, x.n * y.n, "cells"));
  bool bounds = false; /* any of them: they share a scale */
  for (size_t g = 0; g < s->n_groups; g++) {
    bounds = bounds || s->group[g].drawn[last_hidden(&s->group[g])] == IP_DRAWN_BOUND;
    bool *cell = &taken[place(&y, &s->group[g]) * x.n + place(&x, &s->group[g])];
    if (*cell) {
      *why_not = "more than two keys were swept; name the run files of one value of the others";
      return IP_OK;
    }
    *cell = true;
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(measure(s, &s->group[g], sc, q[g]));
    ip_scratch_release(sc, mark);
  }
  ip_figure_head(t, "quantity x_key y_key x y x_value y_value value repeats estimator x_name y_name note");
  for (int i = 0; i < N_QUANTITIES; i++) {
    if (i) ip_figure_gap(t, 2);
    for (size_t g = 0; g < s->n_groups; g++) {
      const char *note;
      IP_TRY(ip_shown_note(s, &s->group[g], NULL, NULL, sc, &note));
      IP_TRY(add_row(s, &s->group[g], &x, &y, quantity_name[bounds][i], q[g][i], i ? "-" : note, t, sc));
    }
  }
  return IP_OK;
}
