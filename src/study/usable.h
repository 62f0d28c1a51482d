/* usable.h - what a classifier's own output knows of Y, H(Y) - cross-entropy in bits. For tables and figures. */
#ifndef IP_STUDY_USABLE_H
#define IP_STUDY_USABLE_H

#include "runfile/runfile.h"

/* Of the training (part 0) or test samples (1), v (n_epochs): the series train/usable_bits or test/usable_bits. A file
 * without it, of another program or version, has H(Y) of its logged samples - loss if its last layer is a softmax
 * without targets of a regression; otherwise v is NaN. */
ip_status ip_series_of_usable(ip_run *run, int part, double *v);

#endif
