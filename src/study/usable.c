#include "study/usable.h"

#include "study/noisy.h"

#include <math.h>
#include <string.h>

static bool any(size_t n, const double *v)
{
  for (size_t e = 0; e < n; e++)
    if (isfinite(v[e])) return true;
  return false;
}

ip_status ip_series_of_usable(ip_run *run, int part, double *v)
{
  const ip_run_head *h = ip_run_head_of(run);
  size_t n = ip_run_n_epochs(run);
  double hy;
  IP_TRY(ip_run_read_metric(run, part ? IP_NAME_TEST_USABLE : IP_NAME_TRAIN_USABLE, v));
  if (any(n, v) || h->n_targets || !h->n_layers || strcmp(h->layer[h->n_layers - 1].activation, "softmax") != 0)
    return IP_OK;
  IP_TRY(ip_run_read_metric(run, part ? IP_NAME_TEST_LOSS : IP_NAME_TRAIN_LOSS, v));
  if (!any(n, v)) return IP_OK;
  IP_TRY(ip_run_load_samples(run));
  IP_TRY(ip_logged_hy(h, part, &hy));
  for (size_t e = 0; e < n; e++) v[e] = hy - v[e] / log(2);
  return IP_OK;
}
