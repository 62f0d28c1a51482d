/* activations.h - what T looks like: histograms of layers and clouds of points for the page to explore.
 *
 * For the files of this directory. Both are of at most IP_EXPLORE_ACTIVATION_EPOCHS epochs and of a few samples, and
 * have codes of 8 bits. A layer wider than IP_CLOUD_UNITS has the first principal components of its last logged epoch
 * in the place of its units.
 */
#ifndef IP_REPORT_ACTIVATIONS_H
#define IP_REPORT_ACTIVATIONS_H

#include "report/explore.h"

enum {
  IP_CLOUD_RUNS = 4,
  IP_CLOUD_SAMPLES = 256,
  IP_CLOUD_UNITS = 16,
  IP_CLOUD_COMPONENTS = 8,
  IP_HISTOGRAM_RUNS = 20,
  IP_HISTOGRAM_FIELDS = 40,
  IP_HISTOGRAM_SAMPLES = 1024, /* at most, evenly spaced over those that were logged */
  IP_HISTOGRAM_UNITS = 64      /* of a layer, at most, evenly spaced */
};

/* One layer of a cloud. */
typedef struct ip_cloud_layer {
  size_t n_units; /* or components */
  bool are_components;
  double *low, *high; // (n_units) range over the epochs: codes 0 and 255
  double *share;      // (n_units) of the variance at the last epoch, of components
} ip_cloud_layer;

typedef struct ip_cloud {
  size_t run, n_layers, n_samples, n_epochs;
  int32_t *label;        // (n_samples)
  ip_cloud_layer *layer; // (n_layers)
  uint8_t *code;         // (layer, unit, sample, epoch)
  ip_packed packed;      /* of `code` */
} ip_cloud;

/* Of several runs, in the order of the files. */
typedef struct ip_activations {
  size_t n_clouds, n_histograms;
  ip_cloud cloud[IP_CLOUD_RUNS];
  size_t histogram_run[IP_HISTOGRAM_RUNS];
  double (*range[IP_HISTOGRAM_RUNS])[2]; // (n_layers) of each run: the ends of the fields
  ip_packed histogram;                   /* (run, layer, field, epoch): (share 255^2)^(1/2), rounded */
  const char *why_not;                   /* there is neither; "" if there is */
  ip_scratch *sc;
} ip_activations;

/* Of the first runs of the configurations that are done and have activations: at most IP_CLOUD_RUNS clouds, one for
 * each of the first configurations, and histograms of at most IP_HISTOGRAM_RUNS runs, the first of each configuration
 * before the second of any. */
ip_status ip_activations_create(const ip_explore *x, ip_activations **out);
void ip_activations_destroy(ip_activations **a);

/* Leaves every second sample of each class of every cloud, the first of them. IP_ENOMEM. */
ip_status ip_activations_thin(ip_activations *a);

#endif
