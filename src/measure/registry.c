#include "measure/kind.h"
#include "num/digitize.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

/* One line for each measure, in the order of the help text. */
#define KINDS(X)                                                                                                       \
  X(geometry)                                                                                                          \
  X(hsic)                                                                                                              \
  X(invariants)                                                                                                        \
  X(probe)                                                                                                             \
  X(knn_probe)

#define X(name) extern const ip_measure_kind ip_measure_##name;
KINDS(X)
#undef X

static const ip_measure_kind *const kinds[] = {
#define X(name) &ip_measure_##name,
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

struct ip_measure {
  const ip_measure_kind *kind;
  uint64_t seed;
  ip_spec spec;
};

size_t ip_measure_n_kinds(void)
{
  return N_KINDS;
}

const ip_measure_kind *ip_measure_kind_at(size_t i)
{
  assert(i < N_KINDS);
  return kinds[i];
}

const char *const *ip_measure_names(void)
{
  return names;
}

/* ---------------------------------------------------------------- life and properties */

ip_status ip_measure_create(const char *spec, uint64_t seed, ip_measure **out)
{
  size_t at;
  *out = NULL;
  IP_TRY(ip_spec_choose("measure", spec, N_KINDS, names, &at));
  IP_TRY(IP_NEW(*out, 1, "measure"));
  const ip_measure_kind *k = (*out)->kind = kinds[at];
  assert(k->n_series <= IP_MAX_MEASURE_SERIES);
  (*out)->seed = seed;
  ip_status st = ip_spec_read("measure", k->name, k->n_parameters, k->parameter, spec, &(*out)->spec);
  if (st == IP_OK && k->check) st = k->check((*out)->spec.value);
  if (st != IP_OK) ip_measure_destroy(out);
  return st;
}

void ip_measure_destroy(ip_measure **m)
{
  ip_free(*m);
  *m = NULL;
}

const char *ip_measure_label(const ip_measure *m)
{
  return m->spec.label;
}

unsigned ip_measure_needs(const ip_measure *m)
{
  return m->kind->needs;
}

size_t ip_measure_n_series(const ip_measure *m)
{
  return m->kind->n_series;
}

const ip_measure_series *ip_measure_series_at(const ip_measure *m, size_t i)
{
  assert(i < m->kind->n_series);
  return &m->kind->series[i];
}

size_t ip_measure_n_parameters(const ip_measure *m)
{
  return m->spec.n_parameters;
}

ip_parameter_value ip_measure_parameter(const ip_measure *m, size_t i)
{
  return ip_spec_value(&m->spec, i);
}

/* ---------------------------------------------------------------- for the files of measures */

void ip_measure_no_value(const char **reason, size_t first, size_t n, const char *why)
{
  for (size_t i = first; i < first + n; i++) reason[i] = why;
}

bool ip_measure_has_classes(const ip_samples *s)
{
  if (!s->target || s->p_y_given_x) return true;
  for (size_t i = 1; i < s->n; i++)
    if (s->y[i] != s->y[0]) return true;
  return false;
}

/* ---------------------------------------------------------------- running */

static ip_status check_others(const ip_measure_input *in)
{
  size_t n = in->s->n;
  IP_REQUIRE(!in->next || ip_all_finite(n * in->next_width, in->next), IP_ENUMERIC,
             "an activation of the next layer is not finite");
  IP_REQUIRE(!in->output || ip_all_finite(n * in->output_width, in->output), IP_ENUMERIC,
             "an activation of the output layer is not finite");
  return IP_OK;
}

static ip_status run(const ip_measure *m, const ip_measure_input *in, ip_scratch *sc, double *value,
                     const char **reason)
{
  size_t n = m->kind->n_series;
  for (size_t i = 0; i < n; i++) {
    value[i] = (double)NAN;
    reason[i] = NULL;
  }
  IP_TRY(check_others(in));
  IP_TRY(m->kind->run(m->spec.value, m->seed, in, sc, value, reason));
  for (size_t i = 0; i < n; i++) {
    if (reason[i]) value[i] = (double)NAN;
    assert(reason[i] || isfinite(value[i]));
  }
  return IP_OK;
}

ip_status ip_measure_run(const ip_measure *m, const ip_measure_input *in, ip_scratch *sc, double *value,
                         const char **reason)
{
  IP_TRY(ip_samples_check(in->s));
  size_t mark = ip_scratch_mark(sc);
  ip_status st = run(m, in, sc, value, reason);
  if (st == IP_OK) {
    ip_scratch_release(sc, mark);
    return IP_OK;
  }
  char where[64];
  ip_samples_where(in->s, where);
  ip_error_prefix("%s, measure %s", where, m->spec.label);
  return st;
}
