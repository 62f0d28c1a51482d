#include "base/mem.h"
#include "estimator/estimator.h"
#include "run/run.h"

/* What the file must be given before the estimator can run; NULL when nothing is lacking. */
static const char *lacks(const ip_run *run, unsigned needs)
{
  const ip_run_head *h = ip_run_head_of(run);
  bool any_noisy = false;
  for (size_t k = 0; k < h->n_layers; k++) any_noisy |= h->layer[k].has_mean;
  if (needs & IP_NEEDS_X && !h->n_in) return "needs the inputs themselves: add /data/x (samples, inputs) to the file";
  bool other_noise = h->multiplicative_noise > 0 || h->dropout > 0;
  if (needs & IP_NEEDS_MEAN && (!any_noisy || other_noise))
    return "needs a network trained with noise on its units, and the units before that noise: add /layers/<k>/mean and "
           "the attribute noise_variance";
  if (needs & IP_NEEDS_MULTIPLICATIVE && !(any_noisy && h->multiplicative_noise > 0))
    return "needs a network trained with multiplicative noise, and the units before that noise: add /layers/<k>/mean "
           "and the attribute multiplicative_noise";
  if (needs & IP_NEEDS_DROPOUT && !(any_noisy && h->dropout > 0))
    return "needs a network trained with dropout, and the units before it: add /layers/<k>/mean and the attribute "
           "dropout";
  return NULL;
}

typedef struct {
  ip_on_unable *on_unable;
  void *context;
  size_t n_unable;
} unable;

static void tell(void *context, const char *estimator, const char *why)
{
  unable *u = context;
  u->on_unable(u->context, estimator, why);
  u->n_unable++;
}

/* The estimators that lack nothing, into opt; the others are reported. */
static ip_status check_needs(const char *path, ip_estimate_options *opt, const char **spec, unable *u)
{
  ip_run *run;
  size_t n = 0;
  IP_TRY(ip_run_open(path, &run));
  ip_status st = IP_OK;
  for (size_t i = 0; i < opt->n_estimators && st == IP_OK; i++) {
    ip_estimator *e;
    if ((st = ip_estimator_create(opt->estimator[i], 0, &e)) != IP_OK) break;
    const char *why = lacks(run, ip_estimator_needs(e));
    if (why) {
      tell(u, ip_estimator_label(e), why);
      u->n_unable += opt->n_splits ? opt->n_splits - 1 : 0; /* those that fail later count for each choice of samples */
    } else
      spec[n++] = opt->estimator[i];
    ip_estimator_destroy(&e);
  }
  ip_run_close(&run);
  opt->n_estimators = n;
  opt->estimator = spec;
  return st;
}

ip_status ip_run_estimate_able(const char *path, const ip_estimate_options *opt, ip_progress *progress,
                               ip_on_unable *on_unable, void *context, size_t *n_unable)
{
  unable u = {on_unable, context, 0};
  ip_estimate_options able = *opt;
  const char **spec;
  able.remark = tell;
  able.remark_context = &u;
  IP_TRY(IP_NEW(spec, opt->n_estimators, "estimators"));
  ip_status st = check_needs(path, &able, spec, &u);
  if (st == IP_OK && (able.n_estimators || able.n_measures)) st = ip_run_estimate(path, &able, progress);
  ip_free(spec);
  *n_unable = u.n_unable;
  return st;
}
