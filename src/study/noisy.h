/* noisy.h - what figures show for noisy layers and the layers after them.
 *
 * For figures and the report. An estimator that ignores the noise uses one draw of T per input and counts the noise as
 * information: its I(X;T) can increase while the network compresses. For such layers figures show bounds, or an
 * estimate that takes the noise into account:
 *
 *   vib            I(X;T) <= train/rate_bits (docs/objectives.md)
 *   nib            I(X;T) <= logged/rate_bits, the kernel bound over all logged samples; of files without it,
 * train/rate_bits, which is over blocks. Near log2 N of its samples the bound is uninformative and not shown.
 *   noise_variance `noisy` if the file has it; else `kde_upper:noise=network` on the first noisy layer, an upper bound
 *   multiplicative_noise, dropout: the estimators `multiplicative` and `dropout`, if the file has them
 *   all            I(T;Y) >= H(Y) - cross-entropy, of the training samples, and of the test samples; not for dropout,
 *                  without which the loss is computed
 *
 * Both bounds of the last hidden layer are bounds of the output too, which is a function of it.
 */
#ifndef IP_STUDY_NOISY_H
#define IP_STUDY_NOISY_H

#include "runfile/runfile.h"

/* How a layer is drawn: with the chosen estimator, with another that knows the noise, with bounds. */
typedef enum { IP_DRAWN_CHOSEN, IP_DRAWN_NOISY, IP_DRAWN_BOUND } ip_drawn;

/* The first layer (from 0) that noise reaches; the number of layers if no layer is noisy. */
size_t ip_noisy_from(const ip_run_head *h);

/* The estimator that samples the noise on the network's units; NULL if there is none. */
const char *ip_noisy_estimator(const ip_run_head *h);

/* Whether the label is that of such an estimator. */
bool ip_noisy_is_label(const char *estimator);

/* How layer k of the run is drawn when the estimator is one that was not asked for by name. */
ip_drawn ip_noisy_drawn(const ip_run *run, const char *estimator, size_t k);

/* Replaces, in v (n_epochs, n_layers) with the series "ixt", "ity" (or "ixt_raw", "ity_raw"), "ity_test" or a flag of
 * `estimator`, the columns of the layers that are shown by other values. `room` (n_epochs, n_layers) is used.
 * "ity_test" is NaN for other layers. */
ip_status ip_noisy_replace(ip_run *run, const char *estimator, const char *series, double *v, double *room);

/* H(X), or H(Y), of the samples that were logged (part -1) or those of one part of the split (0, 1), in bits; NaN if
 * that part has no samples, or Y has no classes. */
ip_status ip_logged_hx(const ip_run_head *h, ip_scratch *sc, double *bits);
ip_status ip_logged_hy(const ip_run_head *h, int part, double *bits);

#endif
