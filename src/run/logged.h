/* logged.h - the samples whose activations a run keeps: all, or one part of the split, and of these at most so many.
 * For train.c. */
#ifndef IP_RUN_LOGGED_H
#define IP_RUN_LOGGED_H

#include "run/choose.h"

typedef struct ip_logged {
  size_t n, n_x;
  const float *x;     // (n, n_in)
  uint32_t *x_id;     // (n) numbered densely among these samples
  int32_t *y;         // (n)
  uint8_t *split;     // (n)
  float *p_y_given_x; // (n, n_classes), or NULL
  float *target;      // (n, n_targets), or NULL
  bool is_all;        /* all samples of the dataset, in its order */
  float *own_x;       /* what x points to, unless it points into the dataset */
} ip_logged;

/* The dataset is borrowed. Start from {0}; release what there is also after a failure. */
ip_status ip_logged_select(const ip_dataset *ds, const ip_sample_rule *rule, ip_logged *out);
void ip_logged_release(ip_logged *l);

#endif
