/* noisy.h - what is drawn of layers that are noisy, or come after a noisy one.
 *
 * For figures and the report. An estimator that knows nothing of the noise sees one draw of T for each input and
 * takes its noise for signal: its I(X;T) can rise where the network compresses. Such layers are drawn with what bounds
 * them:
 *
 *   vib            I(X;T) <= train/rate_bits (docs/objectives.md)
 *   nib            I(X;T) <= logged/rate_bits, the kernel bound over all logged samples; of files without it,
 * train/rate_bits, which is over blocks. Near log2 N of its samples the bound says nothing, and is not drawn.
 *   noise_variance `noisy` where the file has it; else `kde_upper:noise=network` on the first layer, an upper bound
 *   all            I(T;Y) >= H(Y) - cross-entropy, of the training samples, and of the test samples
 *
 * Both bounds of the last hidden layer are bounds of the output too, which is a function of it.
 */
#ifndef IP_STUDY_NOISY_H
#define IP_STUDY_NOISY_H

#include "runfile/runfile.h"

/* How a layer is drawn: with the chosen estimator, with another that knows the noise, with bounds. */
typedef enum { IP_DRAWN_CHOSEN, IP_DRAWN_NOISY, IP_DRAWN_BOUND } ip_drawn;

/* The first layer (from 0) that noise reaches; the number of layers when none is noisy. */
size_t ip_noisy_from(const ip_run_head *h);

/* Whether the label is that of an estimator that samples the network's noise. */
bool ip_noisy_is_label(const char *estimator);

/* How layer k of the run is drawn when the estimator is one that was not asked for by name. */
ip_drawn ip_noisy_drawn(const ip_run *run, const char *estimator, size_t k);

/* Replaces, in v (n_epochs, n_layers) with the series "ixt", "ity" (or "ixt_raw", "ity_raw"), "ity_test" or a flag of
 * `estimator`, the columns of the layers that are drawn otherwise. `room` (n_epochs, n_layers) is used. "ity_test" is
 * NaN for other layers. */
ip_status ip_noisy_replace(ip_run *run, const char *estimator, const char *series, double *v, double *room);

/* H(X), or H(Y), of the samples that were logged (part -1) or those of one part of the split (0, 1), in bits; NaN where
 * there are none, or Y has no classes. */
ip_status ip_logged_hx(const ip_run_head *h, ip_scratch *sc, double *bits);
ip_status ip_logged_hy(const ip_run_head *h, int part, double *bits);

#endif
