/* split.h - which rows train and which are held out. */
#ifndef IP_DATASET_SPLIT_H
#define IP_DATASET_SPLIT_H

#include "base/mem.h"
#include "dataset/dataset.h"

/* Fills ds->split for the way `opt->split` (auto becomes what the dataset has), then drops rows above max_train and
 * max_test. Training rows are floor(train_fraction n), at least 1; `stratified` gives every class its share of them
 * within one row. A limit keeps rows in the way the split chose them: `first` the first ones, `stratified` the shares
 * of the classes, else random ones; a smaller random limit is a subset of a larger one. Fails with IP_ECONFIG. */
ip_status ip_split_make(const ip_dataset_options *opt, uint64_t seed, ip_scratch *sc, ip_dataset *ds);

/* Fills train, test and their lengths from ds->split. */
ip_status ip_split_list(ip_dataset *ds);

#endif
