#include "base/text.h"
#include "estimator/discrete.h"
#include "estimator/kind.h"

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
  X(renyi)                                                                                                             \
  X(noisy)

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
enum { N_KINDS = sizeof kinds / sizeof *kinds, LABEL_LENGTH = 512 };
_Static_assert(sizeof names / sizeof *names == N_KINDS + 1, "a name for every kind");

struct ip_estimator {
  const ip_estimator_kind *kind;
  uint64_t seed;
  double value[IP_MAX_PARAMETERS];
  char text[IP_MAX_PARAMETERS][32];
  char label[LABEL_LENGTH];
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

const char *const *ip_estimator_names(void)
{
  return names;
}

/* Finds the kind whose name is the first `length` characters of spec. */
static ip_status find_kind(const char *spec, size_t length, const ip_estimator_kind **kind)
{
  char word[64];
  size_t at;
  snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), spec);
  IP_TRY(ip_text_choose(IP_ECONFIG, "estimator", word, N_KINDS, names, &at));
  *kind = kinds[at];
  return IP_OK;
}

static ip_status find_parameter(const ip_estimator_kind *k, const char *name, size_t *at)
{
  const char *names_of[IP_MAX_PARAMETERS];
  IP_REQUIRE(k->n_parameters, IP_ECONFIG, "estimator %s takes no parameters, got '%s'", k->name, name);
  for (size_t i = 0; i < k->n_parameters; i++) names_of[i] = k->parameter[i].name;
  ip_status st = ip_text_choose(IP_ECONFIG, "parameter", name, k->n_parameters, names_of, at);
  if (st != IP_OK) ip_error_prefix("estimator %s", k->name);
  return st;
}

/* Reads one "key=value" of the spec; `given` says which parameters have been read. */
static ip_status read_parameter(ip_estimator *e, char *item, bool *given)
{
  const ip_estimator_kind *k = e->kind;
  char *value = strchr(item, '=');
  IP_REQUIRE(value && value != item && value[1], IP_ECONFIG, "estimator %s: expected key=value after ':', got '%s'",
             k->name, item);
  *value++ = '\0';
  size_t i;
  IP_TRY(find_parameter(k, item, &i));
  IP_REQUIRE(!given[i], IP_ECONFIG, "estimator %s: %s is given twice", k->name, item);
  given[i] = true;
  return ip_parameter_parse(&k->parameter[i], k->name, value, &e->value[i]);
}

static ip_status read_parameters(ip_estimator *e, const char *spec)
{
  const ip_estimator_kind *k = e->kind;
  bool given[IP_MAX_PARAMETERS] = {false};
  for (size_t i = 0; i < k->n_parameters; i++)
    IP_TRY(ip_parameter_parse(&k->parameter[i], k->name, k->parameter[i].fallback, &e->value[i]));
  for (const char *at = strchr(spec, ':'); at; at = strchr(at + 1, ':')) {
    char item[128];
    size_t length = strcspn(at + 1, ":");
    IP_REQUIRE(length < sizeof item, IP_ECONFIG, "estimator %s: '%.40s...' is too long", k->name, at + 1);
    memcpy(item, at + 1, length);
    item[length] = '\0';
    IP_TRY(read_parameter(e, item, given));
  }
  return k->check ? k->check(e->value) : IP_OK;
}

static void write_label(ip_estimator *e)
{
  const ip_estimator_kind *k = e->kind;
  snprintf(e->label, sizeof e->label, "%s", k->name);
  for (size_t i = 0; i < k->n_parameters; i++) {
    double fallback;
    ip_parameter_format(&k->parameter[i], e->value[i], e->text[i]);
    if (ip_parameter_parse(&k->parameter[i], k->name, k->parameter[i].fallback, &fallback) == IP_OK &&
        fallback == e->value[i])
      continue;
    size_t used = strlen(e->label);
    snprintf(e->label + used, sizeof e->label - used, ":%s=%s", k->parameter[i].name, e->text[i]);
  }
}

ip_status ip_estimator_create(const char *spec, uint64_t seed, ip_estimator **out)
{
  const ip_estimator_kind *kind;
  *out = NULL;
  IP_TRY(find_kind(spec, strcspn(spec, ":"), &kind));
  assert(kind->n_parameters <= IP_MAX_PARAMETERS);
  IP_TRY(IP_NEW(*out, 1, "estimator"));
  (*out)->kind = kind;
  (*out)->seed = seed;
  ip_status st = read_parameters(*out, spec);
  if (st == IP_OK)
    write_label(*out);
  else
    ip_estimator_destroy(out);
  return st;
}

void ip_estimator_destroy(ip_estimator **e)
{
  ip_free(*e);
  *e = NULL;
}

const char *ip_estimator_label(const ip_estimator *e)
{
  return e->label;
}

const ip_estimator_kind *ip_estimator_kind_of(const ip_estimator *e)
{
  return e->kind;
}

const double *ip_estimator_values(const ip_estimator *e)
{
  return e->value;
}

uint64_t ip_estimator_seed(const ip_estimator *e)
{
  return e->seed;
}

unsigned ip_estimator_needs(const ip_estimator *e)
{
  return e->kind->needs ? e->kind->needs(e->value) : 0;
}

size_t ip_estimator_n_parameters(const ip_estimator *e)
{
  return e->kind->n_parameters;
}

ip_parameter_value ip_estimator_parameter(const ip_estimator *e, size_t i)
{
  const ip_parameter *p = &e->kind->parameter[i];
  return (ip_parameter_value){p->name, e->text[i], p->type != IP_PARAMETER_CHOICE, e->value[i]};
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
  return IP_OK;
}

static ip_status run_discrete(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  ip_key_rows rows;
  IP_TRY(e->kind->rows(e->value, s, sc, &rows));
  return ip_discrete_information_of_rows(s, &rows, (ip_correction)e->value[e->kind->correction_at], sc, out);
}

/* The estimate of samples that have been checked. */
static ip_status run_checked(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  IP_TRY(ip_estimator_check_needs(e, s));
  if (ip_samples_constant(s)) {
    out->n_symbols = 1;
    return IP_OK;
  }
  IP_TRY(e->kind->rows ? run_discrete(e, s, sc, out) : e->kind->run(e->value, e->seed, s, sc, out));
  assert(isfinite(out->ixt_bits) && isfinite(out->ity_bits));
  return ip_estimate_clip(e, s, sc, out);
}

ip_status ip_estimator_run(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  *out = (ip_estimate){0};
  IP_TRY(ip_samples_check(s));
  size_t mark = ip_scratch_mark(sc);
  ip_status st = run_checked(e, s, sc, out);
  if (st == IP_OK) {
    ip_scratch_release(sc, mark);
    return IP_OK;
  }
  char where[64];
  ip_samples_where(s, where);
  ip_error_prefix("%s, estimator %s", where, e->label);
  return st;
}
