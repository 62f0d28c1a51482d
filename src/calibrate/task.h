/* task.h - problems whose information is known: samples from them, and the truth.
 *
 * A task is one row of the table in task.c: a name, its two truths, and the function that draws samples. I(X;T) is that
 * of the input and the layer, I(T;Y) that of the layer and a label. Everything an estimator may ask for is filled in as
 * far as the task has it: discrete inputs have numbers, continuous ones are all distinct; where T is a function of X
 * plus Gaussian noise, the units before the noise and its variance are there too.
 */
#ifndef IP_CALIBRATE_TASK_H
#define IP_CALIBRATE_TASK_H

#include "base/rng.h"
#include "estimator/estimator.h"

typedef struct ip_calibration_task ip_calibration_task;
typedef struct ip_calibration_family ip_calibration_family; /* family.h */

/* Fixed problems have the functions, members of a family have the numbers. */
struct ip_calibration_task {
  const char *name;
  const char *summary; /* one sentence: the problem, its parameters, its source */
  double (*ixt_bits)(void);
  double (*ity_bits)(void); /* NULL: not known */
  ip_status (*draw)(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);

  const ip_calibration_family *family; /* NULL: a fixed problem */
  double nats;                         /* I(X;T) */
  size_t pairs;                        /* columns of X and of T */
  int freedom;                         /* degrees of freedom, of Student families */
};

/* The truths in bits; NaN: not known. */
double ip_task_ixt_bits(const ip_calibration_task *t);
double ip_task_ity_bits(const ip_calibration_task *t);

/* n samples, in scratch. Samples of the first m draws are the same for every n >= m. */
ip_status ip_task_draw(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);

size_t ip_task_count(void);
const ip_calibration_task *ip_task_at(size_t i);

/* The task of that name, or the member of a family ("normal_cdf:nats=5:pairs=2"), in scratch. IP_EUSAGE, with the
 * nearest name, when there is none. */
ip_status ip_task_find(const char *name, ip_scratch *sc, const ip_calibration_task **task);

/* The number of the stream of random numbers of a task. */
uint64_t ip_task_stream(const ip_calibration_task *t);

/* For the files of this directory: arrays of a task with width units and n_in inputs, and without labels. */
typedef struct ip_task_arrays {
  float *t, *x, *mean; // (n, width), (n, n_in), (n, width)
  uint32_t *x_id;      // (n)
  int32_t *y;          // (n)
} ip_task_arrays;
enum { IP_TASK_X_ID = 1, IP_TASK_MEAN = 2 };
ip_status ip_task_allocate(size_t n, size_t width, size_t n_in, unsigned with, ip_scratch *sc, ip_task_arrays *a,
                           ip_samples *out);

extern const ip_calibration_task ip_task_bsc, ip_task_bec, ip_task_sphere, ip_task_zero_inflated_poisson;
extern const ip_calibration_task ip_task_gaussian_channel, ip_task_normal, ip_task_half_cube, ip_task_spiral,
    ip_task_student, ip_task_uniform;
extern const ip_calibration_task ip_task_multiplicative_channel, ip_task_dropout_channel;

#endif
