#include "figure/kind.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* series: chosen series of any kind above each other, over the same epochs. Every configuration has a data set for each
 * series: one row a layer and epoch, an empty line after each layer. Series of the whole network are layer 0, with one
 * line for the training samples and one for the test samples. `number` counts the series from 1. */

enum { MOST_PANELS = 72 };

typedef struct chosen {
  const char *name;  /* "ixt", "loss", "geometry/nc1", "width/ixt": what --series names */
  const char *title; /* above the panel */
  const char *unit;
  size_t n;               /* 1; 2 for training and test samples */
  ip_series_spec spec[2]; // (n)
} chosen;

static const chosen of_network[] = {
    {"loss", "loss", "nats", 2, {{.name = IP_NAME_TRAIN_LOSS}, {.name = IP_NAME_TEST_LOSS}}},
    {"accuracy", "accuracy", "fraction", 2, {{.name = IP_NAME_TRAIN_ACCURACY}, {.name = IP_NAME_TEST_ACCURACY}}},
    {"usable_bits",
     "H(Y) - cross-entropy of the output",
     "bits",
     2,
     {{.name = IP_NAME_TRAIN_USABLE}, {.name = IP_NAME_TEST_USABLE}}},
    {"weight_norm", "norm of the weights", "1", 1, {{IP_SERIES_LAYER, IP_NAME_WEIGHT_NORM, NULL, false, NULL}}},
    {"gradient_mean",
     "norm of the mean gradient",
     "1",
     1,
     {{IP_SERIES_LAYER, IP_NAME_GRADIENT_MEAN, NULL, false, NULL}}},
    {"gradient_std",
     "standard deviation of the gradient",
     "1",
     1,
     {{IP_SERIES_LAYER, IP_NAME_GRADIENT_STD, NULL, false, NULL}}},
};
enum { N_OF_NETWORK = sizeof of_network / sizeof *of_network };

/* ---------------------------------------------------------------- what can be chosen */

typedef struct choice {
  size_t n;
  chosen *of; // (n)
} choice;

static ip_status describe_information(const char *estimator, size_t series, ip_scratch *sc, chosen *c)
{
  static const char *const symbol[IP_N_INFORMATION_SERIES] = {
      [IP_INFORMATION_IXT] = "I(X;T)",
      [IP_INFORMATION_ITY] = "I(T;Y)",
      [IP_INFORMATION_IXT_GIVEN_Y] = "I(X;T|Y)",
      [IP_INFORMATION_BIN_LOSS] = "bin_loss, predictions that the bins lose",
  };
  const char *name = ip_information_series_name(series);
  const char *title = symbol[series] ? symbol[series] : name;
  bool is_fraction = strstr(name, "_fraction") || ip_information_series_is_flag(series);
  *c = (chosen){
      name, title, is_fraction ? "fraction" : "bits", 1, {{IP_SERIES_INFORMATION, name, NULL, false, estimator}}};
  if (!estimator) return IP_OK;
  IP_TRY(ip_scratch_format(sc, &c->name, "%s/%s", estimator, name));
  return ip_scratch_format(sc, &c->title, "%s, %s", title, estimator);
}

/* All series of the files: of the network, of the set's estimator, of any estimator by its label, of measures. */
static ip_status list_choice(const ip_run_set *s, ip_scratch *sc, choice *all)
{
  size_t most = N_OF_NETWORK + (s->n_estimators + 1) * IP_N_INFORMATION_SERIES + s->measured.n;
  IP_TRY(IP_SCRATCH(sc, all->of, most, "series"));
  memcpy(all->of, of_network, sizeof of_network);
  all->n = N_OF_NETWORK;
  for (size_t i = 0; s->n_estimators && i <= s->n_estimators; i++)
    for (size_t k = 0; k < IP_N_INFORMATION_SERIES; k++)
      IP_TRY(describe_information(i ? s->estimators[i - 1] : NULL, k, sc, &all->of[all->n++]));
  for (size_t i = 0; i < s->measured.n; i++) {
    const ip_measured_series *m = &s->measured.series[i];
    all->of[all->n++] =
        (chosen){m->column, m->column, m->unit, 1, {{IP_SERIES_MEASURE, m->name, NULL, false, m->measure}}};
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- what is chosen */

/* Without a choice: a page of information, what can be used of it, geometry, kernels, units, bins and loss. Measures
 * are those of all samples. */
static const struct {
  const char *measure, *name;
} usual[] = {{"", "ixt"},
             {"", "ity"},
             {"", "usable_bits"},
             {"probe", "v_information"},
             {"geometry", "nc1"},
             {"geometry", "effective_rank"},
             {"geometry", "cka_y"},
             {"hsic", "kernel_cka_x"},
             {"invariants", "redundancy"},
             {"", "bin_loss"},
             {"", "loss"}};
enum { N_USUAL = sizeof usual / sizeof *usual };

static bool is_usual(const chosen *c, size_t i)
{
  const ip_series_spec *spec = &c->spec[0];
  if (!*usual[i].measure) return !strcmp(c->name, usual[i].name);
  size_t n = strlen(usual[i].measure);
  return spec->kind == IP_SERIES_MEASURE && !strcmp(spec->name, usual[i].name) &&
         !strncmp(spec->estimator, usual[i].measure, n) && (!spec->estimator[n] || spec->estimator[n] == ':') &&
         !strcmp(ip_run_split_of(spec->estimator), "all");
}

static ip_status choose(const ip_run_set *s, const choice *all, ip_scratch *sc, choice *of)
{
  const char **name; // (all->n)
  size_t at;
  IP_TRY(IP_SCRATCH(sc, of->of, s->n_chosen ? s->n_chosen : (size_t)N_USUAL, "series"));
  IP_TRY(IP_SCRATCH(sc, name, all->n, "names of series"));
  for (size_t i = 0; i < all->n; i++) name[i] = all->of[i].name;
  of->n = 0;
  for (size_t i = 0; i < s->n_chosen; i++) {
    IP_TRY(ip_text_choose(IP_EUSAGE, "series", s->chosen[i], all->n, name, &at));
    of->of[of->n++] = all->of[at];
  }
  for (size_t i = 0; i < N_USUAL && !s->n_chosen; i++) {
    for (at = 0; at < all->n && !is_usual(&all->of[at], i);) at++;
    if (at < all->n) of->of[of->n++] = all->of[at];
  }
  return IP_OK;
}

static ip_status any_group_has(const ip_run_set *s, const chosen *c, ip_scratch *sc, bool *any)
{
  size_t mark = ip_scratch_mark(sc);
  *any = false;
  for (size_t i = 0; i < s->n_groups && !*any; i++) {
    ip_series v[2];
    IP_TRY(ip_series_read(s, &s->group[i], c->n, c->spec, sc, v));
    for (size_t k = 0; k < c->n; k++) *any = *any || ip_series_any(&v[k]);
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

/* Leaves out what no configuration has a value of; *why_not if it was asked for, or nothing is left. */
static ip_status keep_those_with_values(const ip_run_set *s, choice *of, ip_scratch *sc, const char **why_not)
{
  size_t n = 0;
  for (size_t i = 0; i < of->n && !*why_not; i++) {
    bool any;
    IP_TRY(any_group_has(s, &of->of[i], sc, &any));
    if (any)
      of->of[n++] = of->of[i];
    else if (s->n_chosen)
      *why_not = "the run files have no value of one of the chosen series";
  }
  of->n = n;
  if (!n && !*why_not) *why_not = "no run file has estimates, measures or losses";
  return IP_OK;
}

/* ---------------------------------------------------------------- rows */

static const char *line_label(const ip_run_set *s, const ip_run_group *g, const chosen *c, size_t line)
{
  if (c->spec[0].kind != IP_SERIES_METRIC) return ip_layer_label(s, g, line);
  return line ? "test" : "train";
}

/* The loss of a linear output is a squared error. */
static const char *unit_of(const chosen *c, const ip_run_group *g)
{
  return g->has_squared_error && strcmp(c->unit, "nats") == 0 ? "squared error" : c->unit;
}

static void add_line(const ip_run_set *s, const ip_run_group *g, const chosen *c, size_t number, const char *title,
                     const ip_series *v, size_t column, size_t line, const char *note, ip_table *t)
{
  bool of_layers = c->spec[0].kind != IP_SERIES_METRIC;
  for (size_t e = 0; e < v->n_epochs; e++) {
    size_t at = e * v->n_columns + column;
    ip_table_text(t, g->title);
    ip_table_int(t, (int64_t)number);
    ip_table_text(t, title);
    ip_table_text(t, unit_of(c, g));
    ip_table_int(t, of_layers ? (int64_t)column + 1 : 0);
    ip_table_text(t, line_label(s, g, c, line));
    ip_table_int(t, v->epoch[e]);
    ip_table_real(t, v->mean[at]);
    ip_table_real(t, ip_series_sd(v, e, column));
    ip_table_int(t, (int64_t)v->count[at]);
    ip_table_text(t, s->estimator);
    ip_table_real(t, g->least_test_loss_epoch);
    ip_table_text(t, e + line ? "-" : note);
    ip_table_end_row(t);
  }
}

static ip_status add_set(const ip_run_set *s, const ip_run_group *g, const chosen *c, size_t number, const char *note,
                         ip_table *t, ip_scratch *sc)
{
  ip_series v[2];
  size_t mark = ip_scratch_mark(sc), line = 0;
  const char *title;
  const char *unit = unit_of(c, g);
  bool has_unit = strcmp(unit, "1") != 0 && strcmp(unit, "fraction") != 0;
  IP_TRY(ip_scratch_format(sc, &title, "%s%s%s%s%s", c->title, has_unit ? "  [" : "", has_unit ? unit : "",
                           has_unit ? "]" : "", c->n > 1 ? ", test samples dashed" : ""));
  IP_TRY(ip_series_read(s, g, c->n, c->spec, sc, v));
  for (size_t k = 0; k < c->n; k++)
    for (size_t column = 0; column < v[k].n_columns; column++, line++) {
      if (line) ip_figure_gap(t, 1);
      add_line(s, g, c, number, title, &v[k], column, line, note, t);
    }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_figure_series_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  choice all, of;
  size_t shown = 0;
  IP_TRY(list_choice(s, sc, &all));
  IP_TRY(choose(s, &all, sc, &of));
  if (of.n * s->n_groups > MOST_PANELS) {
    *why_not = "configurations and series make more than 72 panels; name fewer series, or the run files of some "
               "configurations";
    return IP_OK;
  }
  IP_TRY(keep_those_with_values(s, &of, sc, why_not));
  ip_figure_head(t, "panel number series unit layer label epoch value sd repeats estimator least_test_loss_epoch note");
  for (size_t i = 0; i < s->n_groups && !*why_not; i++) {
    const char *note = "-";
    if (s->n_estimators) IP_TRY(ip_shown_note(s, &s->group[i], NULL, NULL, sc, &note));
    for (size_t k = 0; k < of.n; k++) {
      if (shown++) ip_figure_gap(t, 2);
      IP_TRY(add_set(s, &s->group[i], &of.of[k], k + 1, note, t, sc));
    }
  }
  return IP_OK;
}
