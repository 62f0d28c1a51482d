#include "figure/kind.h"

#include <math.h>

/* loss: one row an epoch and set of samples, an empty line between training and test samples. */

enum {
  TRAIN_LOSS,
  TRAIN_ACCURACY,
  TEST_LOSS,
  TEST_ACCURACY,
  N_NEEDED,
  TRAIN_USABLE = N_NEEDED,
  TEST_USABLE,
  TRAIN_LABEL_ENTROPY,
  TEST_LABEL_ENTROPY,
  N_SERIES
};

static const ip_series_spec spec[N_SERIES] = {{IP_SERIES_METRIC, IP_NAME_TRAIN_LOSS, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TRAIN_ACCURACY, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TEST_LOSS, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TEST_ACCURACY, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TRAIN_USABLE, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TEST_USABLE, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TRAIN_LABEL_ENTROPY, NULL, false, NULL},
                                              {IP_SERIES_METRIC, IP_NAME_TEST_LABEL_ENTROPY, NULL, false, NULL}};

static void fill_group(const ip_run_set *s, const ip_run_group *g, const ip_series *v, ip_table *t)
{
  (void)s;
  for (int set = 0; set < 2; set++) {
    const ip_series *loss = &v[2 * set], *accuracy = &v[2 * set + 1];
    const ip_series *usable = &v[TRAIN_USABLE + set], *label_entropy = &v[TRAIN_LABEL_ENTROPY + set];
    if (set) ip_figure_gap(t, 1);
    for (size_t e = 0; e < loss->n_epochs; e++) {
      ip_table_text(t, g->title);
      ip_table_text(t, set ? "test" : "train");
      ip_table_int(t, loss->epoch[e]);
      ip_table_real(t, loss->mean[e]);
      ip_table_real(t, ip_series_sd(loss, e, 0));
      ip_table_real(t, accuracy->mean[e]);
      ip_table_real(t, ip_series_sd(accuracy, e, 0));
      ip_table_int(t, (int64_t)(loss->count[e] ? loss->count[e] : accuracy->count[e]));
      ip_table_real(t, usable->mean[e]);
      ip_table_real(t, ip_series_sd(usable, e, 0));
      ip_table_real(t, g->hy_bits);
      ip_table_real(t, label_entropy->mean[e] * log(2));
      ip_table_real(t, g->least_test_loss_epoch);
      ip_table_text(t, g->has_squared_error ? "squared error" : "nats"); /* of the loss */
      ip_table_end_row(t);
    }
  }
}

ip_status ip_figure_loss_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel set epoch loss_nats loss_sd accuracy accuracy_sd repeats usable_bits usable_sd hy_bits "
                    "label_entropy_nats least_test_loss_epoch unit");
  IP_TRY(ip_figure_panels(s, N_SERIES, spec, N_NEEDED, fill_group, t, sc, &shown));
  if (!shown) *why_not = "no run file has a loss or an accuracy (/metrics)";
  return IP_OK;
}
