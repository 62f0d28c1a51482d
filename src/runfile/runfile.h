/* runfile.h - the run file: one run, trained once, with everything that later stages need, in one HDF5 file.
 *
 * For the trainer, which writes it; the estimators, which add to it; figures, summaries and comparisons, which read
 * it. docs/run-file.md is the specification, format version 1; other programs may write such files too.
 *
 * The life of the file of a run NAME.h5:
 *
 *     ip_run_writer_create     NAME.h5.part, with all that is known before the first epoch
 *     ip_run_writer_append     one logged epoch and the state to go on from; on disk when it returns
 *     ip_run_writer_resume     the same file after an interruption, back at its last complete epoch
 *     ip_run_writer_finish     what is known at the end; NAME.h5.part becomes NAME.h5
 *
 * A killed process leaves NAME.h5.part, readable up to its last complete epoch, and NAME.h5.state, from which training
 * goes on. Equal runs make equal files; times and host names stand apart under /provenance. Layers are numbered k = 0
 * .. L-1 here and 1 .. L in the file's groups. Nothing here may be called by two threads at a time: HDF5 is not built
 * for it.
 */
#ifndef IP_RUNFILE_RUNFILE_H
#define IP_RUNFILE_RUNFILE_H

#include "base/mem.h"
#include "base/status.h"
#include "runfile/series.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_RUN_FORMAT 1
#define IP_RUN_MOST_CLASSES (1 << 20) /* a larger label is a mistake, and tables of counts have a place for each */

typedef struct ip_run_layer {
  const char *kind;       /* "hidden" or "output" */
  const char *activation; /* "tanh", "softmax" */
  const char *name;       /* "features.3", of a layer of another program; optional */
  size_t width;           /* units */
  bool has_mean;          /* units before the network's own noise are logged too */
  bool is_double;         /* of a file that was opened: activations have more digits than float32 */
} ip_run_layer;

/* What does not change from epoch to epoch. Written by the trainer; a file of another framework may lack what is
 * marked optional: texts are then "", numbers 0 (information: NaN), arrays NULL. */
typedef struct ip_run_head {
  const char *name;            /* of the run, "hidden=10x7_seed=3"; optional */
  const char *experiment;      /* name of the experiment; optional */
  const char *config;          /* the resolved configuration of this run as YAML; optional */
  const char *digest;          /* of the configuration that training depends on; optional */
  const char *estimate_digest; /* ... and the estimates; optional */
  uint64_t seed;
  const char *dataset, *dataset_sha256; /* optional */
  const char *objective;                /* "cross_entropy", "vib" ...; optional */
  double hx_bits, hy_bits, ixy_bits;    /* H(X), H(Y), I(X;Y) of the whole data set; optional */
  double noise_variance;                /* of the noise on hidden units; 0: none */
  int quantize_bits;                    /* activations were quantized to; 0: float32 */
  int64_t epochs;                       /* asked for; optional */
  size_t n_planned; /* logged epochs to come: room is set aside, so that appending moves nothing; 0: not known */

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

/* Starts `path`.part, replacing one that is there. Texts and arrays are copied into the file. */
ip_status ip_run_writer_create(const char *path, const ip_run_head *head, ip_run_writer **out);

/* Opens `path`.part again: n_epochs complete epochs (0: start anew with create), the epoch to go on with, and the state
 * in a new block (ip_free). Half-written rests beyond are cut off. `*out` is NULL, with IP_OK, when there is no such
 * file, or no complete epoch in it, or its digest is not `digest`, or it is too damaged to open. */
ip_status ip_run_writer_resume(const char *path, const char *digest, ip_run_writer **out, size_t *n_epochs,
                               int64_t *next_epoch, size_t *n_state, void **state);

/* Appends an epoch. When it returns IP_OK, a kill at any later moment loses nothing of it. IP_EIO on a full disk, with
 * the file still good up to the epoch before. */
ip_status ip_run_writer_append(ip_run_writer *w, const ip_snapshot *s);

/* The final state, without a new epoch: drops the checkpoint, flushes, and leaves `path`.part complete (its status is
 * set), for estimates to be added before it gets its name. */
ip_status ip_run_writer_end(ip_run_writer *w, const ip_run_end *end);

/* Closes without renaming; the file can be resumed. */
void ip_run_writer_destroy(ip_run_writer **w);

/* `path`.part becomes `path`, on disk for good. keep_activations false: a copy without them does, the rest is removed.
 */
ip_status ip_run_publish(const char *path, bool keep_activations);

/* ---------------------------------------------------------------- reading */

typedef struct ip_run ip_run;

/* Opens a run file (or a .part) and checks it against the specification: IP_EFORMAT names the file, the object and the
 * rule it breaks. Files of another format version are refused with what to do. A file being written by another process
 * can be opened; it shows the epochs that are complete. */
ip_status ip_run_open(const char *path, ip_run **out);
void ip_run_close(ip_run **r);

const char *ip_run_path(const ip_run *r);
const ip_run_head *ip_run_head_of(const ip_run *r); /* arrays and texts live as long as r */
const char *ip_run_status(const ip_run *r);         /* "done", "failed_to_fit", "running" */
const char *ip_run_reason(const ip_run *r);
size_t ip_run_n_epochs(const ip_run *r);
const int64_t *ip_run_epochs(const ip_run *r); // (n_epochs + n_unwritten)

/* Epochs at the end of /epoch whose rows were set aside by another program and never written; not among n_epochs. */
size_t ip_run_n_unwritten(const ip_run *r);
bool ip_run_has_activations(const ip_run *r);

/* Reads the inputs of the samples into the head's x, once; no failure when the file has none. */
ip_status ip_run_load_inputs(ip_run *r);

/* Final value of a metric ("train/accuracy"); NaN when there is none. */
double ip_run_final(const ip_run *r, const char *name);

/* Activations of layer k at the e-th logged epoch, into t (n, width_k). IP_EIO or IP_EFORMAT names layer and epoch. */
ip_status ip_run_read_activation(ip_run *r, size_t k, size_t e, float *t);
ip_status ip_run_read_activation_f64(ip_run *r, size_t k, size_t e, double *t); /* with all their digits */
ip_status ip_run_read_mean(ip_run *r, size_t k, size_t e, float *t);

/* A series under /metrics into v (n_epochs); NaN throughout when there is none. */
ip_status ip_run_read_metric(ip_run *r, const char *name, double *v);

/* A series of every layer into v (n_epochs, n_layers). */
ip_status ip_run_read_layer_metric(ip_run *r, const char *name, double *v);

/* ---------------------------------------------------------------- information */

typedef struct ip_run_attribute {
  const char *name;
  const char *text; /* canonical text; for a number too */
  bool is_number;
  double number;
} ip_run_attribute;

/* One group /information/<estimator>. Series are (n_epochs, n_layers); "ixt" and "ity" in bits are always there, the
 * others are listed in runfile/series.h. */
typedef struct ip_information {
  const char *estimator;     /* label, name of the group */
  size_t n_epochs, n_layers; /* that the series cover */
  size_t n_attributes;
  const ip_run_attribute *attribute; // (n_attributes) parameters; "missing_ixt_reason" with the reason, ...
  size_t n_series;
  const char *const *series; // (n_series)
  double *const *value;      // (n_series) of (n_epochs, n_layers)
} ip_information;

/* Labels of the estimators in the file. */
size_t ip_run_n_information(const ip_run *r);
const char *ip_run_information_name(const ip_run *r, size_t i);

/* Reads one group whole, into scratch. IP_EINVAL, with the labels there are, for one that is not there. */
ip_status ip_run_read_information(ip_run *r, const char *estimator, ip_scratch *sc, ip_information *out);

/* Reads one series into v (n_epochs, n_layers); NaN throughout when the group has no such series. "ixt_raw" and
 * "ity_raw" are "ixt" and "ity" in a group without them. */
ip_status ip_run_read_series(ip_run *r, const char *estimator, const char *series, double *v);

/* Why some layers have NaN: `what` is "ixt", "ity", "ixt_interval", "ity_interval" or "ity_null". Names the layers
 * unless it is all of them; "" where there is no reason in the file. */
ip_status ip_run_read_no_value(ip_run *r, const char *estimator, const char *what, ip_scratch *sc, const char **reason);

/* Adds (or replaces) groups to a run file. A copy is completed and takes the place of the file in one step, so that a
 * kill leaves the old file or the new one; without keep_activations the copy has none, and is small. Processes that add
 * to one file wait for each other, and what one has added the next keeps; a file that another program has open for
 * writing is refused, and links, mode, owner and attributes stay (file/hold.h). IP_EINVAL when the file now has other
 * layers or fewer epochs than the series. `estimate_digest` (may be NULL: unchanged) becomes that of the head. */
ip_status ip_run_add_information(const char *path, size_t n, const ip_information *information,
                                 const char *estimate_digest, bool keep_activations);

#endif
