/* workspace.h - what one thread estimates from: a layer at an epoch, read from the run file, and the layers that
 * measures compare it with. For estimate.c. */
#ifndef IP_RUN_WORKSPACE_H
#define IP_RUN_WORKSPACE_H

#include "measure/measure.h"
#include "run/estimates.h"

/* One layer at one epoch. */
typedef struct ip_layer_slot {
  bool is_used;
  size_t e, k;
  float *t, *mean; // (n, max_width)
  double *t64;     // (n, max_width); NULL where no layer has more digits than float32
  bool merged;     /* narrowing to float32 made rows equal */
} ip_layer_slot;

/* The layer at hand, the next one, and the output layer: each layer is read once an epoch. */
enum { IP_LAYER_SLOTS = 3 };

typedef struct ip_workspace {
  ip_layer_slot slot[IP_LAYER_SLOTS];
  size_t n_slots;
  int32_t *prediction; // (n) of the output layer at epoch predicted_e; NULL if no measure needs it
  bool is_predicted;
  size_t predicted_e;
  ip_scratch *sc;
  size_t n_threads; /* that may share one estimate */
} ip_workspace;

ip_status ip_workspace_open(const ip_estimation *es, size_t n_threads, ip_workspace *w);
void ip_workspace_close(ip_workspace *w);

/* Reads layer k at the e-th epoch, and what the needs of the measures add; samples and input point into the workspace
 * and are checked: IP_ENUMERIC if the layer, or the output layer where it predicts, is not finite. One thread at a time
 * reads. Activations that do not fit float32 are moved to mean 0, unit by unit, before they are narrowed; *merged says
 * whether rows have become equal all the same. */
ip_status ip_workspace_read(const ip_estimation *es, size_t e, size_t k, ip_workspace *w, ip_samples *s,
                            ip_measure_input *in, bool *merged);

/* Fills in low and high (n_layers) of the estimation: the range of every layer over the whole run. */
ip_status ip_workspace_find_ranges(ip_estimation *es);

#endif
