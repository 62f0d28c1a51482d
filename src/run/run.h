/* run.h - the life of one run: train a network, keep its layers, estimate their information.
 *
 * For the commands and the sweep. A point is an experiment with one seed and no sweep (experiment/experiment.h). Each
 * stage reads and writes the run file alone, so a stage can be repeated without the ones before it. The bits of its
 * results depend on its configuration and seed alone, not on the number of threads.
 */
#ifndef IP_RUN_RUN_H
#define IP_RUN_RUN_H

#include "base/progress.h"
#include "experiment/experiment.h"
#include "runfile/runfile.h"

/* Trains the network of `point` and logs it into `path`.part, which is complete but has not its name yet when this
 * returns IP_OK. Goes on from the last complete epoch of a `path`.part of the same configuration. A network that does
 * not fit is no error: its file says so. IP_ESTOPPED, with everything logged kept, when the user asks to stop.
 * Wide layers are shared out over n_threads threads, or
 * over training.threads where that is not 0. `progress` counts epochs. */
ip_status ip_run_train(const ip_experiment *point, const char *path, size_t n_threads, ip_progress *progress);

typedef struct ip_estimate_options {
  size_t n_estimators;
  const char *const *estimator; // (n_estimators) specs
  size_t n_measures;
  const char *const *measure; // (n_measures) specs
  size_t n_splits;
  const char *const *split; // (n_splits) of "all", "train", "test", each once; NULL: all samples of the file
  size_t samples;           /* at most so many samples of each, 0: no limit (run/choose.h) */
  uint64_t seed;            /* of the random draws of estimators and measures */
  size_t n_threads;         /* 0: one per core; results do not depend on it */
  int64_t bootstrap;        /* resamples for confidence intervals, 0: none */
  int64_t null_shuffles;    /* label shuffles for the null of I(T;Y), 0: none */
  double level;             /* of the intervals, in (0, 1) */
  bool bin_loss;            /* also what estimators of a discrete T lose of the network's prediction */
  bool partial;             /* also a run whose training has not ended: its complete epochs */
  bool drop_activations;    /* the file needs them no longer */
  void (*remark)(void *context, const char *estimator, const char *why); /* of one without any estimate; or NULL */
  void *remark_context;
  void (*note)(const char *path, const char *estimator, const char *what); /* on one that ran; or NULL */
  const char *digest; /* to be recorded as the file's estimate_digest; NULL: as it was */
} ip_estimate_options;

/* Runs estimators and measures over the activations in a run file (or in a .part whose training has ended) and adds
 * their groups to it. `progress` counts logged epochs. Threads take epochs; if they are more than epochs, several share
 * the estimates of one (ip_samples.n_threads). What an estimator cannot estimate is NaN, with the reason in an
 * attribute; the other estimators are written all the same. The groups of training and of test samples end in @train
 * and
 * @test; measures that compare the two sides are made from all samples, whatever the split. It fails when no estimator
 * finds anything, and for activations that are not finite: errors name the layer, epoch and sample at fault, and the
 * file is then unchanged. */
ip_status ip_run_estimate(const char *path, const ip_estimate_options *opt, ip_progress *progress);

/* The same for a file of any program, whose estimators may lack something: what can be estimated is, and `on_unable` is
 * called for every estimator that could not run, with what it lacks or why it failed; *n_unable counts them, once for
 * each choice of samples (n_splits). */
typedef void ip_on_unable(void *context, const char *estimator, const char *why);
ip_status ip_run_estimate_able(const char *path, const ip_estimate_options *opt, ip_progress *progress,
                               ip_on_unable *on_unable, void *context, size_t *n_unable);

/* State of a point's run file with respect to this configuration. */
typedef enum {
  IP_POINT_NEW,      /* nothing usable: train from the beginning */
  IP_POINT_PARTIAL,  /* interrupted: training or estimating goes on */
  IP_POINT_ESTIMATE, /* trained, but estimated with other estimators */
  IP_POINT_DONE,
  IP_POINT_STALE /* a finished run of another configuration (or format version) has this name */
} ip_point_state;
ip_status ip_run_point_state(const ip_experiment *point, const char *path, ip_point_state *state);

/* The same from the digests of the point. */
ip_status ip_run_file_state(const char *digest, const char *estimate_digest, const char *path, ip_point_state *state);

/* Train, estimate, publish: whatever is missing of the run file of this point, by n_threads threads, or by
 * training.threads where that is not 0. `progress` counts epochs, and in its second part the logged epochs that are
 * estimated. */
ip_status ip_run_point(const ip_experiment *point, const char *path, size_t n_threads, ip_progress *progress);

#endif
