#include "report/meta.h"

#include "base/build.h"
#include "base/text.h"
#include "report/meta_parts.h"
#include "report/page_json.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- experiment */

static void put_layers(ip_page_json *j, const ip_run_set *s, const ip_run_group *g, const ip_run_head *h)
{
  ip_page_json_open(j, "layers", '[');
  for (size_t k = 0; k < g->n_layers; k++) {
    const ip_run_layer *layer = &h->layer[k];
    ip_page_json_open(j, NULL, '{');
    ip_page_json_text(j, "label", ip_layer_label(s, g, k));
    ip_page_json_text(j, "name", layer->name);
    ip_page_json_text(j, "kind", k + 1 == g->n_layers ? "output" : "hidden");
    ip_page_json_int(j, "width", (int64_t)layer->width);
    ip_page_json_text(j, "activation", layer->activation);
    ip_page_json_bool(j, "bound", g->drawn[k] == IP_DRAWN_BOUND);
    ip_page_json_close(j, '}');
  }
  ip_page_json_close(j, ']');
}

static void put_values(ip_page_json *j, const ip_run_set *s, const ip_run_group *g)
{
  ip_page_json_open(j, "values", '[');
  for (size_t k = 0; k < s->n_keys; k++) ip_page_json_text(j, NULL, g->value[k]);
  ip_page_json_close(j, ']');
}

static void put_group(ip_page_json *j, const ip_run_set *s, const ip_run_group *g, const ip_run_head *h, size_t curve)
{
  ip_page_json_open(j, NULL, '{');
  ip_page_json_text(j, "title", g->title);
  put_values(j, s, g);
  ip_page_json_open(j, "runs", '[');
  for (size_t i = 0; i < g->n_runs; i++) ip_page_json_int(j, NULL, (int64_t)g->run[i]);
  ip_page_json_close(j, ']');
  ip_page_json_int(j, "failed", (int64_t)g->n_failed_to_fit);
  put_layers(j, s, g, h);
  ip_page_json_number(j, "hx", g->hx_limit);
  ip_page_json_number(j, "hy", g->hy_limit);
  ip_page_json_number(j, "ixy", g->ixy_bits);
  if (curve == SIZE_MAX)
    ip_page_json_null(j, "curve");
  else
    ip_page_json_int(j, "curve", (int64_t)curve);
  ip_page_json_close(j, '}');
}

static ip_status put_groups(ip_page_json *j, const ip_page_data *d)
{
  const ip_run_set *s = d->x->facts->set;
  ip_page_json_open(j, "groups", '[');
  for (size_t g = 0; g < s->n_groups; g++) {
    ip_run *run;
    IP_TRY(ip_run_open_series(s->file[s->group[g].run[0]], &run));
    put_group(j, s, &s->group[g], ip_run_head_of(run), d->x->curve_of[g]);
    ip_run_close(&run);
  }
  ip_page_json_close(j, ']');
  return IP_OK;
}

static void put_curves(ip_page_json *j, const ip_explore *x)
{
  ip_page_json_open(j, "curves", '[');
  for (size_t i = 0; i < x->n_curves; i++) {
    const ip_theory_curve *c = &x->curve[i];
    ip_page_json_open(j, NULL, '{');
    for (size_t axis = 0; axis < 2; axis++) {
      ip_page_json_open(j, axis ? "ity" : "ixt", '[');
      for (size_t p = 0; p < c->n; p++) ip_page_json_number(j, NULL, axis ? c->ity[p] : c->ixt[p]);
      ip_page_json_close(j, ']');
    }
    ip_page_json_close(j, '}');
  }
  ip_page_json_close(j, ']');
}

/* ---------------------------------------------------------------- epochs and owners */

static void put_sets(ip_page_json *j, const ip_explore *x)
{
  ip_page_json_open(j, "epochs", '[');
  for (size_t i = 0; i < x->n_sets; i++) {
    ip_page_json_open(j, NULL, '[');
    for (size_t e = 0; e < x->set[i].n; e++)
      ip_page_json_int(j, NULL, x->set[i].epoch[e] - (e ? x->set[i].epoch[e - 1] : 0));
    ip_page_json_close(j, ']');
  }
  ip_page_json_close(j, ']');
  ip_page_json_open(j, "few", '[');
  for (size_t i = 0; i < x->n_sets; i++) {
    ip_page_json_open(j, NULL, '[');
    for (size_t e = 0; e < x->set[i].n_few; e++) ip_page_json_int(j, NULL, (int64_t)x->set[i].few[e]);
    ip_page_json_close(j, ']');
  }
  ip_page_json_close(j, ']');
}

static void put_owners(ip_page_json *j, const ip_explore *x)
{
  ip_page_json_open(j, "series", '[');
  for (size_t o = 0; o < x->n_owners; o++) {
    const ip_explore_owner *owner = &x->owner[o];
    ip_page_json_open(j, NULL, '{');
    if (owner->run == SIZE_MAX) {
      ip_page_json_null(j, "run");
      ip_page_json_number(j, "quantile", owner->quantile);
    } else {
      ip_page_json_int(j, "run", (int64_t)owner->run);
    }
    ip_page_json_int(j, "group", (int64_t)owner->group);
    ip_page_json_int(j, "epochs", (int64_t)owner->set);
    ip_page_json_close(j, '}');
  }
  ip_page_json_close(j, ']');
}

/* ---------------------------------------------------------------- activations */

static void put_numbers(ip_page_json *j, const char *name, size_t n, const double *v)
{
  ip_page_json_open(j, name, '[');
  for (size_t i = 0; i < n; i++) ip_page_json_number(j, NULL, v[i]);
  ip_page_json_close(j, ']');
}

static void put_histograms(ip_page_json *j, const ip_page_data *d)
{
  const ip_activations *a = d->a;
  if (!a || !a->n_histograms || d->no_histograms) {
    ip_page_json_null(j, "hist");
    ip_page_json_text(j, "hist_why", a && *a->why_not ? a->why_not : "left out to keep the page small");
    return;
  }
  ip_page_json_open(j, "hist", '{');
  ip_page_json_open(j, "runs", '[');
  for (size_t i = 0; i < a->n_histograms; i++) ip_page_json_int(j, NULL, (int64_t)a->histogram_run[i]);
  ip_page_json_close(j, ']');
  ip_page_json_int(j, "fields", IP_HISTOGRAM_FIELDS);
  ip_page_json_open(j, "range", '[');
  for (size_t i = 0; i < a->n_histograms; i++) {
    ip_page_json_open(j, NULL, '[');
    for (size_t k = 0; k < d->x->run[a->histogram_run[i]].n_layers; k++) put_numbers(j, NULL, 2, a->range[i][k]);
    ip_page_json_close(j, ']');
  }
  ip_page_json_close(j, ']');
  ip_page_json_close(j, '}');
  ip_page_json_text(j, "hist_why", "");
}

static void put_cloud(ip_page_json *j, const ip_cloud *c, size_t block)
{
  ip_page_json_open(j, NULL, '{');
  ip_page_json_int(j, "run", (int64_t)c->run);
  ip_page_json_int(j, "block", (int64_t)block);
  ip_page_json_open(j, "labels", '[');
  for (size_t i = 0; i < c->n_samples; i++) ip_page_json_int(j, NULL, c->label[i]);
  ip_page_json_close(j, ']');
  ip_page_json_open(j, "layers", '[');
  for (size_t k = 0; k < c->n_layers; k++) {
    const ip_cloud_layer *l = &c->layer[k];
    ip_page_json_open(j, NULL, '{');
    ip_page_json_int(j, "units", (int64_t)l->n_units);
    put_numbers(j, "low", l->n_units, l->low);
    put_numbers(j, "high", l->n_units, l->high);
    ip_page_json_bool(j, "components", l->are_components);
    put_numbers(j, "share", l->are_components ? l->n_units : 0, l->share);
    ip_page_json_close(j, '}');
  }
  ip_page_json_close(j, ']');
  ip_page_json_close(j, '}');
}

static void put_clouds(ip_page_json *j, const ip_page_data *d, size_t first_block)
{
  size_t n = d->a ? d->n_clouds : 0;
  ip_page_json_open(j, "clouds", '[');
  for (size_t i = 0; i < n; i++) put_cloud(j, &d->a->cloud[i], first_block + i);
  ip_page_json_close(j, ']');
  ip_page_json_text(j, "clouds_why",
                    n                        ? ""
                    : d->a && *d->a->why_not ? d->a->why_not
                                             : "left out to keep the page small");
}

/* ---------------------------------------------------------------- blocks */

static void describe_block(ip_page_json *j, const char *name, const char *of, bool is_bytes, const ip_code_range *r,
                           const char *unit, const ip_packed *p)
{
  ip_page_json_open(j, NULL, '{');
  ip_page_json_text(j, "name", name);
  ip_page_json_text(j, "of", of);
  ip_page_json_text(j, "type", is_bytes ? "u8" : "u16");
  ip_page_json_text(j, "coding", is_bytes ? "d8" : "dz");
  if (r) {
    ip_page_json_text(j, "scale", r->is_log ? "log" : "linear");
    ip_page_json_exact(j, "low", r->low);
    ip_page_json_exact(j, "high", r->high);
  }
  ip_page_json_text(j, "unit", unit);
  ip_page_json_int(j, "n", (int64_t)p->n);
  ip_page_json_text(j, "sha256", p->sha256);
  ip_page_json_close(j, '}');
}

/* Returns the number of blocks before the clouds. */
static size_t describe_blocks(ip_page_json *j, const ip_page_data *d)
{
  static const char *const of[] = {"estimates", "metrics", "layers"};
  size_t n = 0;
  ip_page_json_open(j, "blocks", '[');
  for (size_t i = 0; i < d->x->n_columns; i++) {
    const ip_explore_column *c = &d->x->column[i];
    if (!c->exists) continue;
    describe_block(j, c->name, of[c->of], c->is_flags, c->is_flags ? NULL : &c->range, c->unit, &c->packed);
    n++;
  }
  if (d->a && d->a->n_histograms && !d->no_histograms) {
    describe_block(j, "hist", "hist", true, NULL, "", &d->a->histogram);
    n++;
  }
  for (size_t i = 0; d->a && i < d->n_clouds; i++)
    describe_block(j, "cloud", "cloud", true, NULL, "", &d->a->cloud[i].packed);
  ip_page_json_close(j, ']');
  return n;
}

/* The i-th block of the page; NULL behind the last. */
static const ip_packed *block(const ip_page_data *d, size_t i)
{
  for (size_t c = 0; c < d->x->n_columns; c++)
    if (d->x->column[c].exists && i-- == 0) return &d->x->column[c].packed;
  if (d->a && d->a->n_histograms && !d->no_histograms && i-- == 0) return &d->a->histogram;
  return d->a && i < d->n_clouds ? &d->a->cloud[i].packed : NULL;
}

void ip_page_blocks(FILE *out, const ip_page_data *d, bool with_blocks)
{
  const ip_packed *p;
  for (size_t i = 0; (p = block(d, i)); i++) {
    fprintf(out, "<script type=\"text/plain\" id=\"ip-block-%zu\">", i);
    if (with_blocks) ip_packed_write(out, p);
    fputs("</script>\n", out);
  }
}

size_t ip_page_blocks_size(const ip_page_data *d)
{
  const ip_packed *p;
  size_t n = 0;
  for (size_t i = 0; (p = block(d, i)); i++) n += ip_packed_size(p);
  return n;
}

/* ---------------------------------------------------------------- all */

/* JSON of another writer, a list: without its line breaks and indents, which are in no text, and with nothing that
 * could end the script. */
static void put_foreign(ip_page_json *j, const char *name, const char *text)
{
  ip_page_json_open(j, name, '[');
  for (const char *c = text + 1; *c; c++) {
    if (*c == '\n')
      c += strspn(c, "\n ") - 1;
    else if (*c == '<')
      fputs("\\u003c", j->out);
    else
      putc(*c, j->out);
  }
  j->follows = true;
}

static void put_cuts(ip_page_json *j, const ip_page_data *d)
{
  ip_page_json_open(j, "cuts", '[');
  for (size_t i = 0; i < d->n_cuts; i++) ip_page_json_text(j, NULL, d->cut[i]);
  ip_page_json_close(j, ']');
}

ip_status ip_page_meta(FILE *out, const ip_page_data *d)
{
  ip_page_json json = {.out = out}, *j = &json;
  const ip_explore *x = d->x;
  const ip_run_set *s = x->facts->set;
  ip_page_json_open(j, NULL, '{');
  ip_page_json_int(j, "format", 1);
  ip_page_json_text(j, "program", "infoplane " IP_VERSION " (" IP_COMMIT ")");
  IP_TRY(ip_page_meta_experiment(j, s, d->description));
  IP_TRY(ip_page_meta_estimators(j, x));
  ip_page_json_open(j, "keys", '[');
  for (size_t k = 0; k < s->n_keys; k++) ip_page_json_text(j, NULL, s->key[k]);
  ip_page_json_close(j, ']');
  ip_page_json_bool(j, "depths_differ", s->depths_differ);
  ip_page_json_number(j, "least_decrease", IP_REPORT_DECREASE_BITS);
  IP_TRY(put_groups(j, d));
  put_curves(j, x);
  put_sets(j, x);
  ip_page_meta_runs(j, x);
  put_owners(j, x);
  size_t first_cloud = describe_blocks(j, d);
  put_histograms(j, d);
  put_clouds(j, d, first_cloud);
  put_foreign(j, "claims", d->claims ? d->claims : "[]");
  put_cuts(j, d);
  ip_page_json_close(j, '}');
  return IP_OK;
}
