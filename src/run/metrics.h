/* metrics.h - the series of numbers that describe a network as a whole at a logged epoch.
 *
 * For train.c. For both parts of the split: "train/loss" in nats, "train/accuracy". Of classifiers also
 * "train/usable_bits", H(Y) - cross-entropy in bits with H(Y) of the part's samples: usable information of the output
 * (Xu et al. 2020), a lower bound on I(T;Y), below 0 where the network does worse than the class frequencies. Units of
 * a sigmoid output are taken as independent, so the bound is looser there. Where p(y|x) is known and the
 * output is a softmax also the parts of the loss, H(p,q) = H(p) + KL(p||q), in bits: "train/cross_entropy_bits",
 * "train/label_entropy_bits", "train/kl_bits". Networks with a bottleneck: "train/objective" in nats and
 * "train/rate_bits", the bound on I(X;T) of the last hidden layer that is trained on; those whose noise is trained:
 * "train/noise_variance", and "logged/rate_bits", the bound over all logged samples at once instead of blocks of 1024.
 */
#ifndef IP_RUN_METRICS_H
#define IP_RUN_METRICS_H

#include "dataset/dataset.h"
#include "network/network.h"

typedef struct ip_metrics ip_metrics;

/* target (n, width of the output) as ip_dataset_fill_target gives it, or the inputs; then there is no accuracy. All
 * arrays are borrowed. */
ip_status ip_metrics_create(const ip_dataset *ds, const float *target, ip_output output, ip_targets targets,
                            ip_objective objective, size_t n_layers, size_t n_logged,
                            const float *logged_x /* (n_logged, n_in) */, ip_metrics **out);
void ip_metrics_destroy(ip_metrics **m);

size_t ip_metrics_n(const ip_metrics *m);
const char *const *ip_metrics_names(const ip_metrics *m); // (n)

/* Passes all samples of the dataset through the network, as ip_network_sample does. The next ip_metrics_measure of the
 * same network takes from it what it can, instead of passing them again, with the same values to the last bit. */
ip_status ip_metrics_observe(ip_metrics *m, ip_network *net, float *const *t /* (L) */, float *const *mean /* (L) */);

/* All values for the network as it is; NaN for a test part that has no samples. */
ip_status ip_metrics_measure(ip_metrics *m, ip_network *net, double *value /* (n) */);

/* The place of the series of that name, which must be one. */
size_t ip_metrics_find(const ip_metrics *m, const char *name);

#endif
