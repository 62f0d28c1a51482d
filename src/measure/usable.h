/* usable.h - how much of the labels a classifier fitted on the training samples can use on the test samples.
 *
 *     V = mean over test samples of log2 q(y_i|t_i) - log2 q0(y_i)   [bits]
 *
 * q is the fitted classifier, q0 the frequencies of the classes in the training samples, which is the best prediction
 * without T. With soft labels, means over y use p(y|x_i). V < 0 if the classifier is confidently wrong.
 *
 * Sources: Xu, Zhao, Song, Stewart & Ermon, "A theory of usable information under computational constraints", ICLR
 * 2020 (definitions 1 and 2, in-sample); Ethayarajh, Choi & Swayamdipta, ICML 2022 (fitted on training samples,
 * evaluated on held-out ones).
 */
#ifndef IP_MEASURE_USABLE_H
#define IP_MEASURE_USABLE_H

#include "measure/kind.h"

/* What is done to every unit, with its mean and its standard deviation (divisor n_train) over the training samples.
 * IP_UNITS_COMPARED: divided by the standard deviation so that equal distances stay equal (estimator/scaled.h), and not
 * shifted, which changes no distance. */
typedef enum ip_usable_units { IP_UNITS_CENTERED, IP_UNITS_STANDARDIZED, IP_UNITS_COMPARED } ip_usable_units;

/* Samples to fit on and samples to evaluate on. Units that are constant over the training samples are left out, so
 * width may be 0. Classes are those of the training samples. */
typedef struct ip_usable {
  size_t n_train, n_test, width, n_classes;
  double *train, *test;     // (n_train, width + 1), (n_test, width + 1); the last column is 1
  double *p_train, *p_test; // (n_train, n_classes), (n_test, n_classes) probabilities of the labels
  double *frequency;        // (n_classes) mean of p_train
} ip_usable;

enum { IP_V_INFORMATION, IP_ACCURACY, IP_N_USABLE };

/* In scratch. *why is set if the labels or the split do not allow it. on_train: evaluated on the training samples,
 * which are all samples if the file has no split. */
ip_status ip_usable_read(const ip_measure_input *in, ip_usable_units units, bool on_train, ip_scratch *sc,
                         ip_usable *out, const char **why);

/* Both series from log_q (n_test, n_classes), natural logarithms of the predicted probabilities; NULL: q0. */
void ip_usable_score(const ip_usable *u, const double *log_q, double out[IP_N_USABLE]);

extern const ip_measure_series ip_usable_series[IP_N_USABLE];

#endif
