/* names.h - the words of a run file (docs/run-file.md) that more than one folder writes, reads or compares.
 *
 * A word is spelled here and nowhere else, so that a slip of the pen is an error of the compiler. The series of a group
 * /information/<estimator> have a list of their own: series.h.
 */
#ifndef IP_RUNFILE_NAMES_H
#define IP_RUNFILE_NAMES_H

/* The attribute `status`. */
#define IP_RUN_RUNNING "running"
#define IP_RUN_DONE "done"
#define IP_RUN_FAILED_TO_FIT "failed_to_fit"
#define IP_RUN_INTERRUPTED "interrupted" /* of other programs: ended early; its epochs are complete */

/* Series under /metrics, one value an epoch. */
#define IP_NAME_TRAIN_LOSS "train/loss" /* nats */
#define IP_NAME_TRAIN_ACCURACY "train/accuracy"
#define IP_NAME_TEST_LOSS "test/loss"
#define IP_NAME_TEST_ACCURACY "test/accuracy"
#define IP_NAME_TRAIN_USABLE "train/usable_bits" /* H(Y) - cross-entropy: what the network's own output knows of Y */
#define IP_NAME_TEST_USABLE "test/usable_bits"
#define IP_NAME_TRAIN_LABEL_ENTROPY                                                                                    \
  "train/label_entropy_bits" /* H(p), where p(y|x) is known; with KL(p||q), the loss */
#define IP_NAME_TEST_LABEL_ENTROPY "test/label_entropy_bits"
#define IP_NAME_TRAIN_KL "train/kl_bits"
#define IP_NAME_TEST_KL "test/kl_bits"
#define IP_NAME_TRAIN_RATE "train/rate_bits" /* the bound on I(X;T) that a network with a bottleneck is trained on */
#define IP_NAME_TEST_RATE "test/rate_bits"
#define IP_NAME_LOGGED_RATE "logged/rate_bits"

/* Attributes of /information/<estimator> and /measures/<measure>: which samples, and how many. */
#define IP_NAME_SPLIT "split" /* "all", "train", "test" */
#define IP_NAME_N_SAMPLES "n_samples"

/* Series under /layers/<k>, one value an epoch. */
#define IP_NAME_WEIGHT_NORM "weight_norm"
#define IP_NAME_CONSTANT_UNITS "constant_units"
#define IP_NAME_GRADIENT_MEAN "gradient_mean"
#define IP_NAME_GRADIENT_STD "gradient_std"

/* Series under /information/<estimator>, one value an epoch and layer. */
#define IP_NAME_IXT "ixt"
#define IP_NAME_ITY "ity"
#define IP_NAME_IXT_RAW "ixt_raw"
#define IP_NAME_ITY_RAW "ity_raw"
#define IP_NAME_CLIPPED "clipped"
#define IP_NAME_SATURATED "saturated"
#define IP_NAME_DPI "dpi"
#define IP_NAME_LOSSY_BINS "lossy_bins"

#endif
