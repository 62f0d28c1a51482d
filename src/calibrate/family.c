#include "calibrate/family.h"

#include "calibrate/closed_forms.h"
#include "estimator/spec.h"

#include <math.h>
#include <string.h>

#define NORMAL(name, transform, text)                                                                                  \
  {                                                                                                                    \
    name, text, 1, false, false, ip_draw_normal_pairs, transform                                                       \
  }

static const ip_calibration_family families[] = {
    NORMAL("normal_pairs", NULL, "pairs of normals, turned by random rotations"),
    {"student_pairs", "the same divided by one root of a mean of squares: multivariate Student", 1, true, false,
     ip_draw_normal_pairs, NULL},
    NORMAL("cdf_pairs", ip_transform_cdf,
           "normal_pairs, every coordinate by the normal distribution function: uniform"),
    NORMAL("bimodal_pairs", ip_transform_bimodal, "normal_pairs, every coordinate made a mixture of two normals"),
    NORMAL("wiggly_pairs", ip_transform_wiggly, "normal_pairs, every coordinate plus sines of it"),
    NORMAL("asinh_pairs", ip_transform_asinh, "normal_pairs, asinh of every coordinate"),
    NORMAL("square_pairs", ip_transform_square, "normal_pairs, v |v| of every coordinate v"),
    NORMAL("cube_pairs", ip_transform_cube, "normal_pairs, the cube of every coordinate"),
    {"swiss_roll_pairs", "cdf_pairs, every coordinate of X rolled up in a plane", 1, false, false, ip_draw_swiss_roll,
     NULL},
    {"dense_normal", "normals, each two of the same correlation", 1, false, false, ip_draw_dense_normal, NULL},
    {"sparse_normal", "pairs of normals, of which two are correlated", 2, false, false, ip_draw_sparse_normal, NULL},
    {"smoothed_uniform", "uniform numbers plus uniform noise", 1, false, false, ip_draw_smoothed_uniform, NULL},
    {"log_gamma_exponential", "X = ln G, G gamma, T = ln E - X, E exponential", 1, false, false, ip_draw_log_gamma,
     NULL},
    {"quantized", "normals and their label, by quantiles that are equal but for one", 1, false, false,
     ip_draw_quantized, NULL},
    {"smoothed_discrete", "integers plus uniform noise wider than their distance", 1, false, true,
     ip_draw_smoothed_discrete, NULL},
    {"symmetric_channel", "letters, each replaced by another with some probability", 1, false, true,
     ip_draw_symmetric_channel, NULL},
};
enum { N_FAMILIES = sizeof families / sizeof *families };
_Static_assert(N_FAMILIES <= IP_MAX_FAMILIES, "room for the names");

size_t ip_family_count(void)
{
  return N_FAMILIES;
}

const ip_calibration_family *ip_family_at(size_t i)
{
  return &families[i];
}

double ip_family_min_nats(const ip_calibration_family *f, size_t pairs, int freedom)
{
  return f->has_freedom ? ip_nats_student_excess(freedom, (int)pairs, (int)pairs) : 0;
}

enum { NATS, PAIRS, FREEDOM };
static const ip_parameter parameters[] = {
    {"nats", IP_PARAMETER_REAL, "1", 0, IP_MAX_FAMILY_NATS, NULL, "mutual information in nats"},
    {"pairs", IP_PARAMETER_INT, "1", 1, IP_MAX_PAIRS, NULL, "columns of X and of T"},
    {"freedom", IP_PARAMETER_INT, "1", 1, 1000, NULL, "degrees of freedom"},
};

ip_status ip_family_member(const char *spec, ip_scratch *sc, const ip_calibration_task **task)
{
  const char *names[N_FAMILIES], *name;
  size_t at;
  ip_spec s;
  ip_calibration_task *t;
  for (size_t i = 0; i < N_FAMILIES; i++) names[i] = families[i].name;
  IP_TRY(ip_spec_choose("family of calibration tasks", spec, N_FAMILIES, names, &at));
  const ip_calibration_family *f = &families[at];
  IP_TRY(ip_spec_read("calibration task", f->name, f->has_freedom ? 3 : 2, parameters, spec, &s));
  IP_TRY(ip_scratch_text(sc, s.label, &name));
  IP_TRY(IP_SCRATCH(sc, t, 1, "a calibration task"));
  *t = (ip_calibration_task){.name = name, .summary = f->summary, .family = f, .nats = s.value[NATS]};
  t->pairs = (size_t)s.value[PAIRS];
  if (f->has_freedom) t->freedom = (int)s.value[FREEDOM];
  IP_REQUIRE(t->pairs >= f->min_pairs, IP_ECONFIG, "calibration task %s: pairs: expected at least %zu, got %zu", name,
             f->min_pairs, t->pairs);
  double least = ip_family_min_nats(f, t->pairs, t->freedom);
  IP_REQUIRE(t->nats >= least, IP_ECONFIG,
             "calibration task %s: with %d degree%s of freedom, nats is at least %.4f even without correlation", name,
             t->freedom, t->freedom == 1 ? "" : "s", least);
  *task = t;
  return IP_OK;
}

void ip_family_split(const ip_calibration_task *t, ip_rng *r, double part[static IP_MAX_PAIRS])
{
  double sum = 0, nats = t->nats - ip_family_min_nats(t->family, t->pairs, t->freedom);
  for (size_t k = 0; k < t->pairs; k++) sum += part[k] = -log1p(-ip_rng_uniform(r));
  for (size_t k = 0; k < t->pairs; k++) part[k] = sum > 0 ? nats * part[k] / sum : nats / (double)t->pairs;
}
