#include "figure/kind.h"
#include "study/axis.h"

#include <string.h>

/* data: where the layers end, for every number of training samples; one row a layer, an empty line after each number.
 */

static void add_row(const ip_run_set *s, const ip_axis_panel *p, size_t i, const ip_series v[IP_N_SHOWN], size_t k,
                    bool share, const char *note, ip_table *t)
{
  const ip_run_group *g = &s->group[p->group[i]];
  ip_table_text(t, p->title);
  ip_table_real(t, p->value[i]);
  ip_figure_layer_cells(s, g, v, v[0].n_epochs - 1, k, t);
  ip_table_text(t, share ? "fraction of the samples used for training" : "training samples");
  ip_shown_cells(g, v, v[0].n_epochs - 1, k, t);
  ip_table_text(t, k == 0 ? note : "-");
  ip_table_end_row(t);
}

ip_status ip_figure_data_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  static const char *const names[] = {"dataset.train_fraction", "dataset.max_train", NULL};
  size_t axis = ip_axis_find(s, names), n, shown = 0;
  ip_axis_panel *panel;
  if (axis == s->n_keys) {
    *why_not = "the runs do not differ in dataset.train_fraction or dataset.max_train";
    return IP_OK;
  }
  bool share = strcmp(s->key[axis], names[0]) == 0;
  ip_figure_head(t, "panel training_samples layer label epoch ixt_bits ixt_sd ity_bits ity_sd repeats hx_bits hy_bits "
                    "estimator axis bound flags note");
  IP_TRY(ip_axis_panels(s, axis, sc, &n, &panel));
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0, rows = 0; i < panel[j].n; i++) {
      const ip_run_group *g = &s->group[panel[j].group[i]];
      ip_series v[IP_N_SHOWN];
      const char *note;
      size_t mark = ip_scratch_mark(sc);
      if (!s->n_epochs[g->longest]) continue;
      IP_TRY(ip_shown_read(s, g, NULL, sc, v));
      IP_TRY(ip_shown_note(s, g, NULL, v, sc, &note));
      ip_figure_gap(t, rows++ ? 1 : shown++ ? 2 : 0);
      for (size_t k = 0; k < g->n_layers; k++) add_row(s, &panel[j], i, v, k, share, note, t);
      ip_scratch_release(sc, mark);
    }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}
