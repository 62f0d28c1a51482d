/* transfer.h - a dataset through a file descriptor, from a process that may have been taken over by the file it read.
 */
#ifndef IP_DATASET_TRANSFER_H
#define IP_DATASET_TRANSFER_H

#include "dataset/dataset.h"

/* Writes a dataset to a file that has a position, such as one of memfd_create(2). For the same program on the same
 * machine. */
ip_status ip_dataset_send(const ip_dataset *ds, int fd);

/* Reads it from the start of the file. Sizes are compared with the length of the file before memory is allocated, and
 * every number that another one is looked up by is in its range. IP_EFORMAT, naming `name`, if something does not fit:
 * the sender is then not what it was. */
ip_status ip_dataset_receive(const char *name, int fd, ip_dataset **out);

#endif
