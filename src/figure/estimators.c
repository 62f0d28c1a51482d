#include "base/plain.h"
#include "figure/kind.h"

#include <string.h>

/* estimators: the plane of each configuration, a panel for every estimator; the table is that of the plane. */

/* "kde_upper" for one configuration, "activation: relu, 10 runs - kde_upper" for several. */
static ip_status title_of(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                          const char **title)
{
  char *text;
  const char *front = s->n_groups > 1 ? g->title : "", *between = s->n_groups > 1 ? " - " : "";
  IP_TRY(IP_FORMAT(text, "%s%s%s", front, between, estimator));
  ip_status st = ip_plain_text(text, 200, sc, title);
  ip_free(text);
  return st;
}

ip_status ip_figure_estimators_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  if (s->n_estimators < 2)
    *why_not = "the run files have estimates by one estimator only; infoplane estimate adds others";
  else if (s->n_estimators * s->n_groups > IP_FIGURE_MAX_PANELS)
    *why_not = "configurations and estimators make more than 24 panels; name the run files of some of them";
  if (*why_not) return IP_OK;
  ip_figure_head(t, IP_PLANE_COLUMNS);
  const char *lacks = NULL;
  for (size_t g = 0; g < s->n_groups; g++)
    for (size_t i = 0; i < s->n_estimators && s->n_epochs[s->group[g].longest]; i++) {
      const char *here;
      IP_TRY(ip_plane_lacks(s, &s->group[g], s->estimators[i], &here));
      if (here) lacks = here;
      if (here) continue;
      size_t mark = ip_scratch_mark(sc);
      const char *title;
      if (shown++) ip_figure_gap(t, 2);
      IP_TRY(title_of(s, &s->group[g], s->estimators[i], sc, &title));
      IP_TRY(ip_plane_rows(s, &s->group[g], title, s->estimators[i], IP_PLANE_EPOCHS, t, sc));
      ip_scratch_release(sc, mark);
    }
  if (!shown) *why_not = lacks ? lacks : "no epoch has been logged yet";
  return IP_OK;
}
