#include "report/budget.h"

#include "base/text.h"
#include "report/page.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CUTS = 16 };

struct ip_budget {
  ip_explore *x; /* of the contents */
  ip_activations *a;
  ip_page_data data;
  ip_explore_limits limits;
  const char *cut[MOST_CUTS];
  const char **cut_of_points, **cut_of_clouds; /* among them; NULL: not yet */
  ip_scratch *sc;                              /* owns their texts */
};

/* ---------------------------------------------------------------- sizes */

/* Bytes of the page as it would be now. */
static ip_status page_size(const ip_budget *b, const ip_report_contents *c, size_t *size)
{
  ip_report_contents besides = *c;
  char *text = NULL;
  size_t n = 0;
  FILE *out = open_memstream(&text, &n);
  IP_REQUIRE(out, IP_ENOMEM, "out of memory for the page");
  besides.is_measured = true;
  ip_status st = ip_report_put(out, &besides);
  bool failed = ferror(out);
  failed |= fclose(out) != 0;
  free(text);
  if (st == IP_OK && failed) st = ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "out of memory for the page");
  *size = n + ip_report_figures_size(c->figures) + ip_page_blocks_size(&b->data);
  return st;
}

/* ---------------------------------------------------------------- cuts */

/* Where the text of the next cut belongs. */
static const char **next_cut(ip_budget *b)
{
  return &b->cut[b->data.n_cuts++];
}

#define SAY(b, ...) IP_TRY(ip_scratch_format((b)->sc, next_cut(b), __VA_ARGS__))

static ip_status say_epochs(ip_budget *b)
{
  size_t n = 0;
  for (size_t i = 0; i < b->x->facts->set->n_files; i++) n += b->x->run[i].n_epochs > b->limits.most_epochs;
  if (n) SAY(b, "logged epochs of %zu networks above %zu of each", n, b->limits.most_epochs);
  return IP_OK;
}

/* What can be left out, one after the other. Each does nothing where there is nothing of its kind. */
static ip_status cut_points(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  size_t most = 0, before = 0;
  for (size_t i = 0; i < b->a->n_clouds; i++) before += b->a->cloud[i].n_samples;
  IP_TRY(ip_activations_thin(b->a));
  for (size_t i = 0; i < b->a->n_clouds; i++) {
    before -= b->a->cloud[i].n_samples;
    if (b->a->cloud[i].n_samples > most) most = b->a->cloud[i].n_samples;
  }
  if (!before) return IP_OK;
  if (!b->cut_of_points) b->cut_of_points = next_cut(b);
  return ip_scratch_format(b->sc, b->cut_of_points, "points above %zu of each cloud of points", most);
}

/* The last of several; the one that stays goes with the histograms. */
static ip_status cut_cloud(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  if (b->data.n_clouds < 2) return IP_OK;
  b->data.n_clouds--;
  if (!b->cut_of_clouds) b->cut_of_clouds = next_cut(b);
  return ip_scratch_format(b->sc, b->cut_of_clouds, "the clouds of points of %zu of %zu networks",
                           b->a->n_clouds - b->data.n_clouds, b->a->n_clouds);
}

static ip_status cut_figures(ip_budget *b, ip_report_contents *c)
{
  size_t before = ip_report_figures_size(c->figures);
  c->figures->only_main = true;
  if (ip_report_figures_size(c->figures) == before) return IP_OK;
  SAY(b, "figures other than plane, layers and loss, which are in the folder of figures");
  return IP_OK;
}

static ip_status cut_epochs(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  b->limits.most_epochs = IP_EXPLORE_FEW_EPOCHS;
  IP_TRY(ip_explore_fill(b->x, &b->limits));
  return say_epochs(b);
}

static ip_status cut_estimators(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  if (b->x->n_estimators < 2) return IP_OK;
  SAY(b, "%zu of %zu estimators", b->x->n_estimators - 1, b->x->n_estimators);
  b->limits.one_estimator = true;
  return ip_explore_fill(b->x, &b->limits);
}

static ip_status cut_measures(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  if (!b->x->facts->set->measured.n) return IP_OK;
  SAY(b, "the curves of measures");
  b->limits.no_measures = true;
  return ip_explore_fill(b->x, &b->limits);
}

static ip_status cut_activations(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  if (!b->data.n_clouds && !b->a->n_histograms) return IP_OK;
  SAY(b, "histograms and clouds of points");
  b->data.n_clouds = 0;
  b->data.no_histograms = true;
  return IP_OK;
}

static ip_status cut_runs(ip_budget *b, ip_report_contents *c)
{
  (void)c;
  if (b->limits.quantiles) return IP_OK;
  SAY(b, "the curves of single networks, in place of which are quantiles");
  b->limits.quantiles = b->limits.one_estimator = b->limits.no_measures = true;
  return ip_explore_fill(b->x, &b->limits);
}

static ip_status fit(ip_budget *b, ip_report_contents *c, size_t most)
{
  ip_status (*const cut[])(ip_budget * b, ip_report_contents * c) = {
      cut_points, cut_figures,    cut_points,   cut_cloud,       cut_cloud, cut_cloud,
      cut_epochs, cut_estimators, cut_measures, cut_activations, cut_runs};
  size_t size;
  IP_TRY(say_epochs(b));
  IP_TRY(page_size(b, c, &size));
  for (size_t i = 0; i < sizeof cut / sizeof *cut && size > most; i++) {
    IP_TRY(cut[i](b, c));
    IP_TRY(page_size(b, c, &size));
  }
  if (size > most) SAY(b, "nothing more, though the page has %zu bytes in place of %zu", size, most);
  return IP_OK;
}

/* ---------------------------------------------------------------- all */

static ip_status create(ip_budget *b, ip_report_contents *c, const ip_report_options *o)
{
  const ip_facts *f = c->figures->facts;
  bool many = f->set->n_files > IP_EXPLORE_RUNS;
  b->limits = (ip_explore_limits){IP_EXPLORE_EPOCHS, many, many, many};
  IP_TRY(ip_scratch_create(&b->sc));
  b->x = c->explore;
  IP_TRY(ip_explore_fill(b->x, &b->limits));
  IP_TRY(ip_activations_create(b->x, &b->a));
  b->data = (ip_page_data){.x = b->x,
                           .a = b->a,
                           .n_clouds = b->a->n_clouds,
                           .description = c->description,
                           .claims = o->claims,
                           .cut = b->cut};
  c->data = &b->data;
  if (many) SAY(b, "the curves of %zu single networks, in place of which are quantiles", f->set->n_files);
  IP_TRY(fit(b, c, o->max_size ? o->max_size : IP_REPORT_MAX_SIZE));
  for (size_t i = 0; i < b->data.n_cuts && o->on_cut; i++) o->on_cut(o->context, b->cut[i]);
  return IP_OK;
}

ip_status ip_budget_create(ip_report_contents *c, const ip_report_options *o, ip_budget **out)
{
  ip_budget *b;
  *out = NULL;
  IP_TRY(IP_NEW(b, 1, "data of the page"));
  ip_status st = create(b, c, o);
  if (st != IP_OK) ip_budget_destroy(&b);
  *out = b;
  return st;
}

void ip_budget_destroy(ip_budget **b)
{
  if (!*b) return;
  ip_activations_destroy(&(*b)->a);
  ip_scratch_destroy(&(*b)->sc);
  ip_free(*b);
  *b = NULL;
}
