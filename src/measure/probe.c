/* probe.c - usable information by a logistic probe: what a linear classifier of the layer knows of the labels.
 *
 *     V = mean over test samples of log2 q(y_i|t_i) - log2 q0(y_i)        (usable.h)
 *     q = softmax(b + W t) minimizes -1/n sum_train ln q(y|t) + lambda/2 ||W||^2, one row of W per class
 *
 * The optimum is one point, so any solver gives the same digits: the gradient is at most 1e-10 (logistic.h). With C =
 * 2 this is the logistic regression of one vector with penalty lambda/2. scikit-learn's C is 1/(n lambda), and for two
 * classes 2/(n lambda).
 *
 * V <= I(T;Y) + KL(p(y) || q0) in expectation: a lower bound, not an estimate. 0 for a constant layer and for one
 * class.
 */
#include "measure/logistic.h"
#include "measure/usable.h"

enum { LAMBDA, SCALE, EVALUATE };
enum { SCALE_UNIT, SCALE_NONE };
enum { EVALUATE_TEST, EVALUATE_TRAIN };
static const char *const scales[] = {"unit", "none", NULL};
static const char *const evaluations[] = {"test", "train", NULL};
static const ip_parameter probe_parameters[] = {
    {"lambda", IP_PARAMETER_REAL, "0.001", 1e-12, 1e6, NULL, "L2 penalty of the weights"},
    {"scale", IP_PARAMETER_CHOICE, "unit", 0, 0, scales, "units scaled to unit variance, or left as they are"},
    {"evaluate", IP_PARAMETER_CHOICE, "test", 0, 0, evaluations, "on the test samples, or on the training samples"},
};

static ip_status probe_run(const double *v, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                           const char **reason)
{
  (void)seed;
  ip_usable u;
  const char *why;
  double *w, *log_q; // (n_classes, width + 1), (n_test, n_classes)
  IP_TRY(ip_usable_read(in, v[SCALE] == SCALE_UNIT ? IP_UNITS_STANDARDIZED : IP_UNITS_CENTERED,
                        v[EVALUATE] == EVALUATE_TRAIN, sc, &u, &why));
  if (why) {
    ip_measure_no_value(reason, 0, IP_N_USABLE, why);
    return IP_OK;
  }
  if (!u.width || u.n_classes == 1) {
    ip_usable_score(&u, NULL, out);
    return IP_OK;
  }
  IP_TRY(IP_SCRATCH(sc, w, u.n_classes * (u.width + 1), "weights of a probe"));
  IP_TRY(IP_SCRATCH(sc, log_q, u.n_test * u.n_classes, "predictions of a probe"));
  IP_TRY(ip_logistic_fit(u.n_train, u.width, u.n_classes, u.train, u.p_train, v[LAMBDA], sc, w));
  ip_logistic_predict(u.n_test, u.width, u.n_classes, u.test, w, log_q);
  ip_usable_score(&u, log_q, out);
  return IP_OK;
}

const ip_measure_kind ip_measure_probe = {
    .name = "probe",
    .help = "usable information (V-information) by a logistic probe, fitted on training and evaluated on test samples",
    .parameter = probe_parameters,
    .n_parameters = sizeof probe_parameters / sizeof *probe_parameters,
    .series = ip_usable_series,
    .n_series = IP_N_USABLE,
    .needs = IP_NEEDS_SPLIT,
    .run = probe_run,
};
