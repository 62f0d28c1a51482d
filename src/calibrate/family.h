/* family.h - calibration problems with any mutual information: families of distributions with a parameter.
 *
 * A member of a family is a task (task.h), "cdf_pairs:nats=5:pairs=2", with so many columns of X and of T. Pairs of
 * columns share the information: pairs of normals and smoothed_uniform at random, in parts that are uniform on the
 * simplex and new for every sample drawn, the others equally. X and T of pairs of normals are turned by random
 * rotations before any transform. This follows the package mutinfo, beside whose published errors those of here are
 * shown. All families draw from the same stream of random numbers, so transforms of normals are of the same normals.
 *
 * A family is a row of the list in family.c and a function that draws.
 */
#ifndef IP_CALIBRATE_FAMILY_H
#define IP_CALIBRATE_FAMILY_H

#include "calibrate/task.h"

struct ip_calibration_family {
  const char *name;
  const char *summary;
  size_t min_pairs;
  bool has_freedom; /* the parameter `freedom` */
  bool is_discrete; /* X takes a few values */
  ip_status (*draw)(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
  void (*transform)(double *v); /* of a coordinate of normal pairs; NULL: none */
};

#define IP_MAX_FAMILIES 24
enum { IP_FAMILY_STREAM = 64, IP_CONSISTENCY_STREAM, IP_MAX_PAIRS = 50 };
#define IP_MAX_FAMILY_NATS 12.

size_t ip_family_count(void);
const ip_calibration_family *ip_family_at(size_t i);

/* The task of a spec, "name:nats=5:pairs=2:freedom=1", in scratch. IP_ECONFIG if it is wrong or has no such member. */
ip_status ip_family_member(const char *spec, ip_scratch *sc, const ip_calibration_task **task);

/* Smallest information of a member; a Student distribution without correlation has some. */
double ip_family_min_nats(const ip_calibration_family *f, size_t pairs, int freedom);

/* For the files of this directory: parts (pairs) of the information, uniform on the simplex. */
void ip_family_split(const ip_calibration_task *t, ip_rng *r, double part[static IP_MAX_PAIRS]);

ip_status ip_draw_normal_pairs(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_swiss_roll(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_dense_normal(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_sparse_normal(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_smoothed_uniform(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_log_gamma(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_quantized(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_smoothed_discrete(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);
ip_status ip_draw_symmetric_channel(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out);

void ip_transform_cdf(double *v);
void ip_transform_bimodal(double *v);
void ip_transform_wiggly(double *v);
void ip_transform_asinh(double *v);
void ip_transform_square(double *v);
void ip_transform_cube(double *v);

#endif
