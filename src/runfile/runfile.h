/* runfile.h - the run file: one network, trained once, with its logged activations and estimates, in one HDF5 file.
 *
 * The trainer writes it, the estimators add to it, and figures and tables read it. docs/run-file.md specifies the
 * format, version 1; other programs may write such files too.
 *
 * Writing NAME.h5:
 *
 *     ip_run_writer_create     creates NAME.h5.part with everything known before the first epoch
 *     ip_run_writer_append     adds a logged epoch and the state to resume from; on disk when it returns
 *     ip_run_writer_resume     after an interruption: reopens the file at its last complete epoch
 *     ip_run_writer_end        adds the final status; ip_run_add_information may follow
 *     ip_run_publish           renames NAME.h5.part to NAME.h5
 *
 * A killed process leaves NAME.h5.part, readable up to its last complete epoch, and NAME.h5.state, from which training
 * resumes. Equal runs produce equal files, except for times and host names in /provenance. Layers are k = 0 .. L-1 here
 * and 1 .. L in the groups of the file. Only one thread at a time may call these functions, because HDF5 requires it.
 */
#ifndef IP_RUNFILE_RUNFILE_H
#define IP_RUNFILE_RUNFILE_H

#include "base/mem.h"
#include "base/public.h"
#include "base/status.h"
#include "runfile/series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

IP_PUBLIC_BEGIN

#define IP_RUN_FORMAT 1
#define IP_RUN_MAX_CLASSES (1 << 20) /* a larger label is a mistake, and tables of counts have a place for each */

typedef struct ip_run_layer {
  const char *kind;       /* "hidden" or "output" */
  const char *activation; /* "tanh", "softmax" */
  const char *name;       /* "features.3", of a layer of another program; optional */
  size_t width;           /* units */
  bool has_mean;          /* units before the network's own noise are logged too */
  bool is_double;         /* of a file that was opened: activations have more digits than float32 */
} ip_run_layer;

/* Everything that is the same at all epochs. Fields marked optional may be missing in the file of another program:
 * strings are then "", numbers 0 (information: NaN), arrays NULL. A writer accepts NULL for strings too. */
typedef struct ip_run_head {
  const char *name;            /* of the run, "hidden=10x7_seed=3"; optional */
  const char *experiment;      /* name of the experiment; optional */
  const char *config;          /* the resolved configuration of this run as YAML; optional */
  const char *digest;          /* of the configuration that training depends on; optional */
  const char *estimate_digest; /* ... and the estimates; optional */
  uint64_t seed;
  const char *dataset, *dataset_sha256; /* optional */
  const char *objective;                /* "cross_entropy", "vib" ...; optional */
  double hx_bits, hy_bits, ixy_bits;    /* H(X), H(Y), I(X;Y) of the whole dataset; optional */
  /* Noise on the units of layers with has_mean, at most one kind (docs/run-file.md); 0: none */
  double noise_variance, multiplicative_noise, dropout;
  int quantize_bits;    /* activations were quantized to; 0: float32 */
  bool quantize_output; /* those of the output layer too */
  int64_t epochs;       /* asked for; optional */
  size_t n_planned;     /* expected number of logged epochs, for which space is reserved; 0: unknown */

  size_t n;                 /* logged samples */
  size_t n_x;               /* 1 + the largest x_id; of a file that was opened, at most n */
  size_t n_classes;         /* 1 + the largest label or the columns of p_y_given_x */
  const uint32_t *x_id;     // (n)
  const int32_t *y;         // (n)
  const uint8_t *split;     // (n) 0 train, 1 test; optional: all train
  const float *p_y_given_x; // (n, n_classes) where labels are soft; optional
  size_t n_targets;         /* 0 without target */
  const float *target;      // (n, n_targets) targets of a regression; optional
  size_t n_in;              /* 0 without x */
  const float *x;           // (n, n_in) the inputs themselves; optional. Read by ip_run_load_inputs alone

  size_t n_layers;
  const ip_run_layer *layer; // (n_layers)

  /* Series with one value an epoch under /metrics: "train/loss" (nats), "train/accuracy", "test/loss", ... */
  size_t n_metrics;
  const char *const *metric; // (n_metrics)
  /* Series with one value an epoch and layer under /layers/<k>: "weight_norm", "gradient_mean", "gradient_std". */
  size_t n_layer_metrics;
  const char *const *layer_metric; // (n_layer_metrics)
} ip_run_head;

/* One logged epoch. */
typedef struct ip_snapshot {
  int64_t epoch;              /* larger than the one before */
  const double *metric;       // (n_metrics) NaN where there is none
  const double *layer_metric; // (n_layer_metrics, n_layers)
  const float *const *t;      // (n_layers) of (n, width): activations
  const float *const *mean;   // (n_layers) of (n, width), NULL for layers without has_mean; NULL: no layer has
  int64_t next_epoch;         /* where training goes on from `state` */
  size_t n_state;             /* bytes; the same in every snapshot of a run */
  const void *state;          /* what resuming needs */
} ip_snapshot;

/* How it ended. */
typedef struct ip_run_end {
  const char *status; /* "done", or "failed_to_fit" */
  const char *reason; /* of a failure to fit, or a remark on a run that is done, one sentence; "" */
  size_t n_metrics;   /* final values of the metrics, in any order: attributes of /final, "train_accuracy" ... */
  const char *const *metric;
  const double *value; // (n_metrics)
} ip_run_end;

typedef struct ip_run_writer ip_run_writer;

/* Creates `path`.part, replacing an existing one. Strings and arrays are copied into the file. IP_EIO, IP_ENOMEM. */
ip_status ip_run_writer_create(const char *path, const ip_run_head *head, ip_run_writer **out);

/* Reopens `path`.part: returns the number of complete epochs, the epoch to continue with, and the state in a new block
 * (ip_free). Incomplete data after the last epoch is removed. `*out` is NULL, with IP_OK, if the run must start from
 * the beginning: there is no such file, it has no complete epoch, it is not of this run (`head`: digests of the
 * configuration and of the dataset, number of samples, widths and noise of the layers, names of the series), or it is
 * damaged. */
ip_status ip_run_writer_resume(const char *path, const ip_run_head *head, ip_run_writer **out, size_t *n_epochs,
                               int64_t *next_epoch, size_t *n_state, void **state);

/* Appends an epoch. After IP_OK, killing the process at any moment loses nothing of it. IP_ENOSPC if the disk is full;
 * the file then remains valid up to the previous epoch. */
ip_status ip_run_writer_append(ip_run_writer *w, const ip_snapshot *s);

/* Writes the final status, deletes the state, and leaves `path`.part complete. Estimates can be added before
 * ip_run_publish. */
ip_status ip_run_writer_end(ip_run_writer *w, const ip_run_end *end);

/* Closes the file without renaming it; it can be resumed. Sets *w to NULL. */
void ip_run_writer_destroy(ip_run_writer **w);

/* Renames `path`.part to `path`, once all data is on disk. If keep_activations is false, a copy without activations
 * takes the name, and `path`.part is deleted. */
ip_status ip_run_publish(const char *path, bool keep_activations);

/* ---------------------------------------------------------------- reading */

typedef struct ip_run ip_run;

/* Opens a run file (or a .part) and checks it against the specification: IP_EFORMAT names the file, the object and the
 * violated rule, or another format version; IP_EIO if it cannot be read. A file that another process is writing can be
 * opened; it shows the epochs that are complete. */
ip_status ip_run_open(const char *path, ip_run **out);

/* The same for readers of series, in a fraction of the time: of a file that infoplane wrote, the head has the number of
 * samples but no arrays of them until ip_run_load_samples, and a series is checked when it is read. */
ip_status ip_run_open_series(const char *path, ip_run **out);

/* Reads labels, numbers of the inputs, split and targets of the samples into the head, once. */
ip_status ip_run_load_samples(ip_run *r);

/* What a file says that it is, read from its attributes alone; its contents are not checked. Texts are "" when absent.
 * IP_EFORMAT if it is not an HDF5 file. */
typedef struct ip_run_identity {
  int64_t version; /* of the format, 0: no run file */
  char digest[65], estimate_digest[65];
  char status[16];
} ip_run_identity;
ip_status ip_run_identify(const char *path, ip_run_identity *out);
void ip_run_close(ip_run **r);

const char *ip_run_path(const ip_run *r);
const ip_run_head *ip_run_head_of(const ip_run *r); /* arrays and texts live as long as r */
const char *ip_run_status(const ip_run *r);         /* "done", "failed_to_fit", "running" */
const char *ip_run_reason(const ip_run *r);
size_t ip_run_n_epochs(const ip_run *r);
const int64_t *ip_run_epochs(const ip_run *r); // (n_epochs + n_unwritten)

/* Number of epochs at the end of /epoch whose rows another program reserved and never wrote; not among n_epochs. */
size_t ip_run_n_unwritten(const ip_run *r);
bool ip_run_has_activations(const ip_run *r);

/* Reads the inputs of the samples into the head's x, once. IP_OK also if the file has none. */
ip_status ip_run_load_inputs(ip_run *r);

/* Final value of a metric ("train/accuracy"); NaN if there is none. */
double ip_run_final(const ip_run *r, const char *name);

/* Reads activations of layer k at the e-th logged epoch into t (n, width_k): those after the network's own noise, and
 * those before it. IP_EIO and IP_EFORMAT name layer and epoch; IP_EINVAL if k or e is out of range. */
ip_status ip_run_read_activation(ip_run *r, size_t k, size_t e, float *t);
ip_status ip_run_read_activation_f64(ip_run *r, size_t k, size_t e, double *t); /* with all their digits */
ip_status ip_run_read_mean(ip_run *r, size_t k, size_t e, float *t);

/* Reads a series of /metrics into v (n_epochs); NaN throughout if the file has none of this name. */
ip_status ip_run_read_metric(ip_run *r, const char *name, double *v);

/* Reads a series of all layers into v (n_epochs, n_layers). */
ip_status ip_run_read_layer_metric(ip_run *r, const char *name, double *v);

/* ---------------------------------------------------------------- information and measures */

typedef struct ip_run_attribute {
  const char *name;
  const char *text; /* canonical text; for a number too */
  bool is_number;
  double number;
} ip_run_attribute;

/* What is computed from activations has a group for each spec: estimates of information (estimator/estimator.h) in
 * /information, other numbers (measure/measure.h) in /measures. */
typedef enum ip_run_part { IP_RUN_INFORMATION, IP_RUN_MEASURES, IP_N_RUN_PARTS } ip_run_part;

/* One group /information/<estimator> or /measures/<measure>. Series are (n_epochs, n_layers). Of information, "ixt" and
 * "ity" in bits are always there, the others are listed in runfile/series.h. Of a measure, each series has its unit. */
typedef struct ip_information {
  ip_run_part part;
  const char *estimator;     /* label of the estimator or measure, name of the group */
  size_t n_epochs, n_layers; /* that the series cover */
  size_t n_attributes;
  const ip_run_attribute *attribute; // (n_attributes) parameters; "missing_ixt_reason" with the reason, ...
  size_t n_series;
  const char *const *series; // (n_series)
  const char *const *unit;   // (n_series) of a measure: "bits", "1", "units", or "" if the file has none; else NULL
  double *const *value;      // (n_series) of (n_epochs, n_layers)
} ip_information;

/* Labels of the estimators in the file. */
size_t ip_run_n_information(const ip_run *r);
const char *ip_run_information_name(const ip_run *r, size_t i);

/* Reads a whole group into scratch memory. IP_EINVAL, with the existing labels, if there is no such group. */
ip_status ip_run_read_information(ip_run *r, const char *estimator, ip_scratch *sc, ip_information *out);

/* Reads a series into v (n_epochs, n_layers); NaN throughout if the group has none of this name. In a group without
 * "ixt_raw" and "ity_raw", they are "ixt" and "ity". */
ip_status ip_run_read_series(ip_run *r, const char *estimator, const char *series, double *v);

/* A numeric attribute of an estimator's group, "hx_bits"; NaN if there is none. And the number of samples from which
 * the estimates were made: the attribute n_samples; without it, all of the file. */
double ip_run_information_number(const ip_run *r, const char *estimator, const char *attribute);
size_t ip_run_n_estimated(const ip_run *r, const char *estimator);

/* The name of a group, in scratch: the label of its estimator or measure, with "@train" or "@test" at its end if it was
 * made from the training or test samples alone. And back: "all", "train" or "test" from a name. */
ip_status ip_run_name_group(const char *label, const char *split, ip_scratch *sc, const char **name);
const char *ip_run_split_of(const char *name);

/* The reason why some layers have NaN: `what` is "ixt", "ity", "ixt_interval", "ity_interval" or "ity_null". Names the
 * layers unless all are affected; "" if the file gives no reason. */
ip_status ip_run_read_no_value(ip_run *r, const char *estimator, const char *what, ip_scratch *sc, const char **reason);

/* The same of measures: their labels, a whole group (series in the measure's own order) or all of it but the values,
 * one series, and the reason why a series has NaN. */
size_t ip_run_n_measures(const ip_run *r);
const char *ip_run_measure_name(const ip_run *r, size_t i);
ip_status ip_run_describe_measure(ip_run *r, const char *measure, ip_scratch *sc, ip_information *out);
ip_status ip_run_read_measure(ip_run *r, const char *measure, ip_scratch *sc, ip_information *out);
ip_status ip_run_read_measure_series(ip_run *r, const char *measure, const char *series, double *v);
ip_status ip_run_read_measure_no_value(ip_run *r, const char *measure, const char *series, ip_scratch *sc,
                                       const char **reason);

/* Adds groups to a run file, or replaces them. A completed copy takes the place of the file in one step, so a killed
 * process leaves the old file or the new one. If keep_activations is false, the copy has no activations. Processes that
 * add to one file wait for each other and keep each other's groups. Links, mode, owner and attributes are preserved.
 * `estimate_digest` becomes that of the head; NULL leaves it unchanged. IP_EINVAL if the file has other layers or fewer
 * epochs than the series; IP_ELOCKED if another program has the file open for writing. */
ip_status ip_run_add_information(const char *path, size_t n, const ip_information *information,
                                 const char *estimate_digest, bool keep_activations);

IP_PUBLIC_END

#endif
