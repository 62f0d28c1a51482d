/* isolate.h - datasets of HDF5 and MATLAB files are created in a process of their own, if the program wants that.
 *
 * libhdf5 and libmatio crash on some damaged files, and nobody knows what a file from a stranger does to them. The
 * program (cli/main.c) therefore sets how a function runs in a supervised child. ip_dataset_create then creates
 * datasets of such files there, and takes over nothing but their numbers and texts. The library itself never forks.
 */
#ifndef IP_DATASET_ISOLATE_H
#define IP_DATASET_ISOLATE_H

#include "dataset/dataset.h"

typedef ip_status ip_dataset_work(void *context);

/* Runs work(context) in a child process and returns its status, with its message, when that has ended. */
typedef ip_status ip_dataset_isolation(ip_dataset_work *work, void *context);

/* From here on datasets of such files are created by `isolation`; NULL: in this process, as at the start. */
void ip_dataset_isolate(ip_dataset_isolation *isolation);

/* Whether the dataset of these options has to be created elsewhere; and creates it there. */
bool ip_dataset_is_isolated(const ip_dataset_options *opt);
ip_status ip_dataset_create_isolated(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out);

/* In this process, whatever the file. */
ip_status ip_dataset_create_here(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out);

#endif
