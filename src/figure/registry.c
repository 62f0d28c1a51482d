#include "figure/figure.h"

#include "base/text.h"
#include "figure/gnuplot.h"
#include "figure/kind.h"
#include "file/atomic.h"

#include <string.h>

static const ip_figure_kind kinds[] = {
#define X(name, script, information, panels, when, format, summary)                                                    \
  {#name, summary, script, information, panels, when, format, ip_figure_##name##_fill},
    IP_FIGURE_LIST(X)
#undef X
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

size_t ip_figure_count(void)
{
  return N_KINDS;
}

const char *ip_figure_name(size_t i)
{
  return kinds[i].name;
}

const char *ip_figure_summary(size_t i)
{
  return kinds[i].summary;
}

const ip_renamed *ip_figure_renamed(void)
{
  static const ip_renamed list[] = {{"heat", "heatmap"}, {NULL, NULL}};
  return list;
}

const char *const *ip_figure_formats(void)
{
  static const char *const formats[] = {"svg", "png", "pdf", "eps", "tex", "gif", NULL};
  return formats;
}

bool ip_figure_is_format(const char *format)
{
  for (const char *const *f = ip_figure_formats(); *f; f++)
    if (strcmp(*f, format) == 0) return strcmp(format, "gif") != 0;
  return false;
}

void ip_figure_head(ip_table *t, const char *names)
{
  char word[64];
  while (*names) {
    size_t n = strcspn(names, " ");
    memcpy(word, names, n);
    word[n] = 0;
    ip_table_text(t, word);
    names += n + (names[n] == ' ');
  }
  ip_table_end_row(t);
}

void ip_figure_layer_cells(const ip_run_set *s, const ip_run_group *g, const ip_series v[IP_N_SHOWN], size_t e,
                           size_t k, ip_table *t)
{
  size_t at = e * g->n_layers + k;
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, ip_layer_label(s, g, k));
  ip_table_int(t, v[0].epoch[e]);
  for (int q = 0; q < 2; q++) {
    ip_table_real(t, v[q].mean[at]);
    ip_table_real(t, ip_series_sd(&v[q], e, k));
  }
  ip_table_int(t, (int64_t)v[0].count[at]);
  ip_table_real(t, g->hx_limit);
  ip_table_real(t, g->hy_limit);
  ip_table_text(t, s->estimator);
}

void ip_figure_gap(ip_table *t, int lines)
{
  while (lines-- > 0) ip_table_end_row(t);
}

ip_status ip_figure_panels(const ip_run_set *s, size_t n, const ip_series_spec *spec, size_t n_needed,
                           void (*fill)(const ip_run_set *s, const ip_run_group *g, const ip_series *v, ip_table *t),
                           ip_table *t, ip_scratch *sc, size_t *shown)
{
  for (size_t i = 0; i < s->n_groups; i++) {
    ip_series *v; // (n)
    bool any = false;
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(IP_SCRATCH(sc, v, n, "series of a panel"));
    IP_TRY(ip_series_read(s, &s->group[i], n, spec, sc, v));
    for (size_t k = 0; k < n_needed; k++) any = any || ip_series_any(&v[k]);
    if (any) {
      if ((*shown)++) ip_figure_gap(t, 2);
      fill(s, &s->group[i], v, t);
    }
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

static ip_status find(const char *name, const ip_figure_kind **kind)
{
  const char *names[N_KINDS];
  size_t at;
  for (size_t i = 0; i < N_KINDS; i++) names[i] = kinds[i].name;
  const char *now = ip_text_renamed(ip_figure_renamed(), name);
  IP_REQUIRE(!now, IP_EUSAGE, "the figure '%s' was renamed to '%s'", name, now);
  IP_TRY(ip_text_choose(IP_EUSAGE, "figure", name, N_KINDS, names, &at));
  *kind = &kinds[at];
  return IP_OK;
}

static ip_status check_format(const char *format, size_t n_names, const char *const *name)
{
  const ip_figure_kind *kind;
  for (size_t i = 0; i < n_names && strcmp(format, "gif") == 0; i++) {
    IP_TRY(find(name[i], &kind));
    IP_REQUIRE(kind->format, IP_EUSAGE, "gif is the format of the movie; '%s' can be svg, png, pdf, eps or tex",
               name[i]);
  }
  size_t n = 0, at;
  while (ip_figure_formats()[n]) n++;
  return ip_text_choose(IP_EUSAGE, "figure format", format, n, ip_figure_formats(), &at);
}

/* Writes the table at `path`; where there is nothing to show, no table and the reason. */
static ip_status fill(const ip_figure_kind *kind, const ip_run_set *s, const char *path, const char **why_not)
{
  ip_scratch *sc;
  ip_table *t = NULL;
  *why_not = NULL;
  if (kind->panels && s->n_groups > IP_FIGURE_MAX_PANELS) {
    *why_not = "the runs have more than 24 configurations; name the run files of some of them";
    return IP_OK;
  }
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_table_create_for_figure(path, &t);
  if (st == IP_OK) st = kind->fill(s, t, sc, why_not);
  if (st == IP_OK && !*why_not)
    st = ip_table_publish(&t);
  else
    ip_table_discard(&t);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status render(const ip_figure_kind *kind, const char *table, const ip_figure_options *o)
{
  char *script = NULL, *out = NULL;
  const char *format = kind->format ? kind->format : o->format ? o->format : "svg";
  IP_TRY(ip_gnuplot_script(kind->script, &script));
  ip_status st = IP_FORMAT(out, "%s/%s.%s", o->folder, kind->name, format);
  if (st == IP_OK && o->terminal)
    st = ip_gnuplot_print(script, table, o->columns ? o->columns : 80, o->lines ? o->lines : 24);
  else if (st == IP_OK)
    st = ip_gnuplot_draw(script, table, out, format, kind->format ? NULL : &o->paper);
  if (st == IP_OK && o->on_figure) o->on_figure(o->context, kind->name, o->terminal ? NULL : out, NULL);
  ip_free(out);
  ip_free(script);
  return st;
}

/* One figure. `asked`: it must be possible; `tell`: say why it is not. */
static ip_status draw(const ip_figure_kind *kind, const ip_run_set *s, bool asked, bool tell,
                      const ip_figure_options *o)
{
  const char *why_not = NULL;
  char *table = NULL;
  if (kind->information && s->without_estimates) {
    if (asked) return ip_run_set_need_information(s);
    why_not = "a run file has no such estimates; infoplane estimate adds them";
  } else {
    IP_TRY(IP_FORMAT(table, "%s/%s.tsv", o->folder, kind->name));
    ip_status st = fill(kind, s, table, &why_not);
    if (st == IP_OK && !why_not) st = render(kind, table, o);
    ip_free(table);
    IP_TRY(st);
  }
  if (!why_not) return IP_OK;
  IP_REQUIRE(!asked, IP_EINVAL, "the figure '%s' cannot be plotted: %s", kind->name, why_not);
  if (tell && o->on_figure) o->on_figure(o->context, kind->name, NULL, why_not);
  return IP_OK;
}

/* Whether a figure is plotted when none is named. */
static bool is_usual(const ip_figure_kind *kind, bool is_gif, const ip_figure_options *o)
{
  for (size_t i = 0; i < o->n_without; i++)
    if (strcmp(o->without[i], kind->name) == 0) return false;
  return is_gif ? kind->format != NULL : kind->when != IP_FIGURE_ASKED;
}

ip_status ip_figures_draw(size_t n_files, const char *const *file, size_t n_names, const char *const *name,
                          const ip_figure_options *o)
{
  const ip_figure_kind *kind;
  ip_run_set *s;
  bool is_gif = o->format && strcmp(o->format, "gif") == 0; /* without names: the movie */
  for (size_t i = 0; i < n_names; i++) IP_TRY(find(name[i], &kind));
  if (o->format) IP_TRY(check_format(o->format, n_names, name));
  IP_TRY(ip_run_set_open(n_files, file, o->estimator, &s));
  s->fractions = o->fractions;
  s->n_chosen = o->n_series;
  s->chosen = o->series;
  s->has_plane = n_names == 0;
  for (size_t i = 0; i < n_names; i++) s->has_plane = s->has_plane || strcmp(name[i], "plane") == 0;
  ip_status st =
      o->estimator && s->without_estimates && !n_names ? ip_run_set_need_information(s) : ip_folder_create(o->folder);
  if (st == IP_OK) st = ip_run_set_find_least_test_loss(s);
  for (size_t i = 0; i < n_names && st == IP_OK; i++)
    if ((st = find(name[i], &kind)) == IP_OK) st = draw(kind, s, !o->lenient, true, o);
  for (size_t i = 0; i < N_KINDS && !n_names && st == IP_OK; i++)
    if (is_usual(&kinds[i], is_gif, o)) st = draw(&kinds[i], s, false, kinds[i].when != IP_FIGURE_FITTING, o);
  ip_run_set_close(&s);
  return st;
}
