/* transform.h - changes to samples before training: random labels and the scale of inputs. */
#ifndef IP_DATASET_TRANSFORM_H
#define IP_DATASET_TRANSFORM_H

#include "base/mem.h"
#include "dataset/source.h"

/* Gives floor(part n_train) training rows, chosen at random, a class drawn uniformly from all classes (the old one may
 * come up again), as in Zhang et al., "Understanding deep learning requires rethinking generalization", ICLR 2017.
 * Needs ds->train. Fails with IP_ECONFIG for soft labels, regressions and a single class. */
ip_status ip_transform_labels(double part, uint64_t seed, ip_scratch *sc, ip_dataset *ds);

/* Scales every input, in the precision of the source, and narrows it to float32: `unit` to [0, 1], `symmetric` to [-1,
 * 1], `standard` to mean 0 and standard deviation 1. The range is the source's if it is known, else that of each input
 * over the training rows; so are mean and deviation. Held-out rows may leave the range. An input that is constant over
 * the training rows becomes 0 on them. Needs ds->train. Fails with IP_ENUMERIC when a held-out value leaves the range
 * of float. */
ip_status ip_transform_scale(ip_scale scale, const ip_value_range *range, ip_scratch *sc, ip_dataset *ds);

#endif
