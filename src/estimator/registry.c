#include "base/text.h"
#include "estimator/discrete.h"
#include "estimator/joint.h"
#include "estimator/kind.h"
#include "estimator/project.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One line for each estimator, in the order of the help text. */
#define KINDS(X)                                                                                                       \
  X(edges)                                                                                                             \
  X(width)                                                                                                             \
  X(equal_width)                                                                                                       \
  X(equal_mass)                                                                                                        \
  X(ebab)                                                                                                              \
  X(exact)                                                                                                             \
  X(kde_upper)                                                                                                         \
  X(kde_lower)                                                                                                         \
  X(gaussian)                                                                                                          \
  X(ksg)                                                                                                               \
  X(mixture_ksg)                                                                                                       \
  X(sliced)                                                                                                            \
  X(edge)                                                                                                              \
  X(renyi)                                                                                                             \
  X(noisy)                                                                                                             \
  X(multiplicative)                                                                                                    \
  X(dropout)

#define X(name) extern const ip_estimator_kind ip_estimator_##name;
KINDS(X)
#undef X

static const ip_estimator_kind *const kinds[] = {
#define X(name) &ip_estimator_##name,
    KINDS(X)
#undef X
};
static const char *const names[] = {
#define X(name) #name,
    KINDS(X)
#undef X
        NULL,
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };
_Static_assert(sizeof names / sizeof *names == N_KINDS + 1, "a name for every kind");

/* Parameters that every estimator has, after its own. */
enum { PCA, N_COMMON };
static const ip_parameter common[N_COMMON] = {
    {"pca", IP_PARAMETER_INT, "0", 0, 100000, NULL,
     "project T on so many principal components before anything else; 0: T as it is"},
};

struct ip_estimator {
  const ip_estimator_kind *kind;
  uint64_t seed;
  ip_parameter parameter[IP_MAX_PARAMETERS]; /* the kind's, then the common ones */
  ip_spec spec;
};

size_t ip_estimator_n_kinds(void)
{
  return N_KINDS;
}

const ip_estimator_kind *ip_estimator_kind_at(size_t i)
{
  assert(i < N_KINDS);
  return kinds[i];
}

const ip_estimator_kind *ip_estimator_kind_named(const char *label)
{
  size_t n = strcspn(label, ":");
  for (size_t i = 0; i < N_KINDS; i++)
    if (strlen(names[i]) == n && !memcmp(names[i], label, n)) return kinds[i];
  return NULL;
}

const char *const *ip_estimator_names(void)
{
  return names;
}

size_t ip_estimator_kind_n_parameters(const ip_estimator_kind *k)
{
  return k->n_parameters + N_COMMON;
}

const ip_parameter *ip_estimator_kind_parameter(const ip_estimator_kind *k, size_t i)
{
  assert(i < k->n_parameters + N_COMMON);
  return i < k->n_parameters ? &k->parameter[i] : &common[i - k->n_parameters];
}

static size_t n_components(const ip_estimator *e)
{
  return (size_t)e->spec.value[e->kind->n_parameters + PCA];
}

static ip_status read_spec(ip_estimator *e, const char *spec)
{
  const ip_estimator_kind *k = e->kind;
  size_t n = ip_estimator_kind_n_parameters(k);
  assert(n <= IP_MAX_PARAMETERS);
  for (size_t i = 0; i < n; i++) e->parameter[i] = *ip_estimator_kind_parameter(k, i);
  IP_TRY(ip_spec_read("estimator", k->name, n, e->parameter, spec, &e->spec));
  if (k->check) IP_TRY(k->check(e->spec.value));
  IP_REQUIRE(
      !n_components(e) || !(ip_estimator_needs(e) & IP_NEEDS_RUN_RANGE), IP_ECONFIG,
      "estimator %s: pca does not go with the range of the run, which is one of units; components differ between "
      "epochs",
      k->name);
  IP_REQUIRE(!n_components(e) || !k->no_pca, IP_ECONFIG, "estimator %s: pca does not go with it: %s", k->name,
             k->no_pca);
  return IP_OK;
}

ip_status ip_estimator_create(const char *spec, uint64_t seed, ip_estimator **out)
{
  size_t at;
  *out = NULL;
  IP_TRY(ip_spec_choose("estimator", spec, N_KINDS, names, &at));
  IP_TRY(IP_NEW(*out, 1, "estimator"));
  (*out)->kind = kinds[at];
  (*out)->seed = seed;
  ip_status st = read_spec(*out, spec);
  if (st != IP_OK) ip_estimator_destroy(out);
  return st;
}

void ip_estimator_destroy(ip_estimator **e)
{
  ip_free(*e);
  *e = NULL;
}

const char *ip_estimator_label(const ip_estimator *e)
{
  return e->spec.label;
}

const ip_estimator_kind *ip_estimator_kind_of(const ip_estimator *e)
{
  return e->kind;
}

const double *ip_estimator_values(const ip_estimator *e)
{
  return e->spec.value;
}

uint64_t ip_estimator_seed(const ip_estimator *e)
{
  return e->seed;
}

unsigned ip_estimator_needs(const ip_estimator *e)
{
  return e->kind->needs ? e->kind->needs(e->spec.value) : 0;
}

size_t ip_estimator_n_parameters(const ip_estimator *e)
{
  return ip_estimator_kind_n_parameters(e->kind);
}

ip_parameter_value ip_estimator_parameter(const ip_estimator *e, size_t i)
{
  return ip_spec_value(&e->spec, i);
}

ip_status ip_estimator_check_needs(const ip_estimator *e, const ip_samples *s)
{
  unsigned needs = ip_estimator_needs(e);
  IP_REQUIRE(!(needs & IP_NEEDS_RUN_RANGE) || s->has_run_range, IP_EINVAL,
             "needs the range of the layer over the whole run");
  IP_REQUIRE(!(needs & IP_NEEDS_X) || (s->x && s->n_in), IP_EINVAL,
             "needs the inputs themselves, and the run file has no /data/x");
  IP_REQUIRE(!(needs & IP_NEEDS_MEAN) || s->mean, IP_EINVAL,
             "needs a network trained with noise on its units, and the units before that noise; this layer has none of "
             "its own, or they were not logged");
  IP_REQUIRE(!(needs & IP_NEEDS_MULTIPLICATIVE) || s->mean, IP_EINVAL,
             "needs a network trained with multiplicative noise, and the units before that noise; this layer has none "
             "of its own, or they were not logged");
  IP_REQUIRE(!(needs & IP_NEEDS_DROPOUT) || s->mean, IP_EINVAL,
             "needs a network trained with dropout, and the units before it; this layer has none of its own, or they "
             "were not logged");
  return IP_OK;
}

ip_status ip_estimator_see(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_samples *seen)
{
  *seen = *s;
  return n_components(e) ? ip_samples_project(s, n_components(e), sc, seen) : IP_OK;
}

/* I(T;Y|X) of hard labels: 0 where T is a function of X, as in most networks, and where Y is. */
static ip_status ity_given_x(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                             ip_scratch *sc, double *bits)
{
  bool vary;
  IP_TRY(ip_joint_labels_vary(s, sc, &vary));
  return vary ? ip_joint_ity_given_x(s, symbol, n_symbols, how, sc, bits) : IP_OK;
}

/* T has entropy given the input, above rounding errors. */
static bool is_random(const ip_samples *s, const ip_estimate *out)
{
  return s->x_id && !s->p_y_given_x && out->ht_bits - out->ixt_bits > 1e-9;
}

static ip_status run_discrete(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  ip_key_rows rows;
  ip_correction how = (ip_correction)e->spec.value[e->kind->correction_at];
  IP_TRY(e->kind->rows(e->spec.value, s, sc, &rows));
  if (!s->prediction) IP_TRY(ip_discrete_information_of_rows(s, &rows, how, sc, out));
  if (!s->prediction && !is_random(s, out)) return IP_OK;
  uint32_t *symbol; // (n)
  size_t n_symbols;
  IP_TRY(IP_SCRATCH(sc, symbol, s->n, "symbols"));
  IP_TRY(ip_unique_rows(s->n, rows.n_words, rows.word, sc, symbol, &n_symbols));
  if (s->prediction) IP_TRY(ip_discrete_information(s, symbol, n_symbols, how, sc, out));
  if (is_random(s, out)) IP_TRY(ity_given_x(s, symbol, n_symbols, how, sc, &out->ixt_given_y_bits));
  if (!s->prediction) return IP_OK;
  return ip_joint_bin_loss(s->n, symbol, n_symbols, s->prediction, sc, &out->bin_loss_bits, &out->prediction_bits);
}

/* One symbol: nothing is known, and all of the prediction is lost. */
static ip_status run_constant(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  out->n_symbols = 1;
  if (!e->kind->rows || !s->prediction) return IP_OK;
  uint32_t *symbol; // (n)
  IP_TRY(IP_SCRATCH(sc, symbol, s->n, "symbols"));
  return ip_joint_bin_loss(s->n, symbol, 1, s->prediction, sc, &out->bin_loss_bits, &out->prediction_bits);
}

/* The estimate of samples that have been checked. */
static ip_status run_checked(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  IP_TRY(ip_estimator_check_needs(e, s));
  if (ip_samples_constant(s)) return run_constant(e, s, sc, out);
  ip_samples seen;
  IP_TRY(ip_estimator_see(e, s, sc, &seen));
  IP_TRY(e->kind->rows ? run_discrete(e, &seen, sc, out) : e->kind->run(e->spec.value, e->seed, &seen, sc, out));
  IP_REQUIRE(isfinite(out->ixt_bits) && isfinite(out->ity_bits), IP_ENUMERIC,
             "the estimate is not finite; are activations near the largest or smallest numbers of float32?");
  return ip_estimate_clip(e, s, sc, out);
}

ip_status ip_estimator_run(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  *out = (ip_estimate){.bin_loss_bits = (double)NAN, .prediction_bits = (double)NAN};
  IP_TRY(ip_samples_check(s));
  size_t mark = ip_scratch_mark(sc);
  ip_status st = run_checked(e, s, sc, out);
  if (st == IP_OK) {
    ip_scratch_release(sc, mark);
    return IP_OK;
  }
  char where[64];
  ip_samples_where(s, where);
  ip_error_prefix("%s, estimator %s", where, e->spec.label);
  return st;
}
