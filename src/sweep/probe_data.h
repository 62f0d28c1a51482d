/* probe_data.h - the samples on which a probe (probe.h) trains: all of a small dataset, a selection of a large one. */
#ifndef IP_SWEEP_PROBE_DATA_H
#define IP_SWEEP_PROBE_DATA_H

#include "dataset/dataset.h"

/* A selection has at most this many samples, and samples times weights are at most so many; but two batches. */
#define IP_PROBE_SAMPLES 4096
#define IP_PROBE_WORK 2e9

/* Training and test samples of a selection. */
typedef struct ip_probe_size {
  size_t n_train, n_test;
} ip_probe_size;

/* The selection for a network of so many weights. `batch_size` 0: full batches. Both parts of the split are reduced by
 * the same factor, and training samples are whole batches. */
ip_probe_size ip_probe_choose(const ip_dataset *ds, double weights, size_t batch_size);

/* Writes an evenly spaced selection of training and of test samples to `path`, an HDF5 file. */
ip_status ip_probe_select(const ip_dataset *ds, ip_probe_size size, const char *path);

#endif
