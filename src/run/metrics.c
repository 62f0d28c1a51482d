#include "run/metrics.h"

#include "base/mem.h"
#include "info/discrete.h"
#include "info/loss.h"
#include "num/sum.h"
#include "runfile/names.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Groups of series, one after the other where a network has them; in each the training part comes first. */
static const char *const basic[] = {IP_NAME_TRAIN_LOSS, IP_NAME_TRAIN_ACCURACY, IP_NAME_TEST_LOSS,
                                    IP_NAME_TEST_ACCURACY};
static const char *const usable[] = {IP_NAME_TRAIN_USABLE, IP_NAME_TEST_USABLE};
static const char *const parts[] = {"train/cross_entropy_bits", IP_NAME_TRAIN_LABEL_ENTROPY, IP_NAME_TRAIN_KL,
                                    "test/cross_entropy_bits",  IP_NAME_TEST_LABEL_ENTROPY,  IP_NAME_TEST_KL};
static const char *const terms[] = {"train/objective", IP_NAME_TRAIN_RATE, "test/objective", IP_NAME_TEST_RATE};
static const char *const trained_noise[] = {"train/noise_variance", IP_NAME_LOGGED_RATE};
#define COUNT(list) (sizeof(list) / sizeof *(list))
enum { MOST = COUNT(basic) + COUNT(usable) + COUNT(parts) + COUNT(terms) + COUNT(trained_noise) };

/* One part of the split: its rows, and for the parts of the loss its p(y|x) gathered. */
typedef struct {
  size_t n;
  const uint32_t *row; // (n) into the dataset
  double hy_bits;      /* H(Y) of its samples, where their usable information is logged */
  float *p, *q;        // (n, n_classes) true and predicted distributions; NULL where p(y|x) is not known
} part;

struct ip_metrics {
  const ip_dataset *ds;
  const float *target;
  const float *logged_x; // (n_logged, n_in)
  size_t n_logged;
  bool regression, has_usable, decomposes, has_terms, noise_is_trained;
  const char *name[MOST];
  size_t n, usable_at, parts_at, terms_at, noise_at; /* series, and where groups begin */
  size_t n_layers;
  float *q;  // (ds->n, n_classes) predictions, where decomposes
  float **t; // (n_layers) where the network shall put its layers: only the last is wanted, in q
  part part[2];
  /* Of the last pass over all samples, where it was just made. */
  bool observed;
  double *loss;        // (ds->n)
  bool *right;         // (ds->n)
  const float *output; // (ds->n, n_classes) the caller's
};

static void gather(const part *p, size_t width, const float *from, float *to)
{
  for (size_t i = 0; i < p->n; i++) memcpy(to + i * width, from + p->row[i] * width, width * sizeof *to);
}

static ip_status prepare_parts(ip_metrics *m)
{
  size_t n_classes = m->ds->n_classes;
  IP_TRY(IP_NEW(m->q, m->ds->n * n_classes, "predicted distributions"));
  IP_TRY(IP_NEW(m->t, m->n_layers, "layers"));
  m->t[m->n_layers - 1] = m->q;
  for (size_t k = 0; k < 2; k++) {
    part *p = &m->part[k];
    IP_TRY(IP_NEW(p->p, p->n * n_classes, "label distributions"));
    IP_TRY(IP_NEW(p->q, p->n * n_classes, "predicted distributions"));
    gather(p, n_classes, m->ds->p_y_given_x, p->p);
  }
  return IP_OK;
}

/* H(Y) of one part: of its labels, or of the mean of p(y|x). */
static ip_status measure_labels(const ip_dataset *ds, part *p)
{
  double *share; // (n_classes)
  IP_TRY(IP_NEW(share, ds->n_classes, "label distribution"));
  for (size_t i = 0; i < p->n; i++) {
    size_t r = p->row[i];
    if (!ds->p_y_given_x) share[ds->y[r]] += 1;
    for (size_t c = 0; c < ds->n_classes && ds->p_y_given_x; c++)
      share[c] += (double)ds->p_y_given_x[r * ds->n_classes + c];
  }
  for (size_t c = 0; c < ds->n_classes && p->n; c++) share[c] /= (double)p->n;
  p->hy_bits = p->n ? ip_entropy_bits(ds->n_classes, share) : (double)NAN;
  ip_free(share);
  return IP_OK;
}

/* Appends the names and returns where they begin. */
static size_t add_names(ip_metrics *m, size_t n, const char *const *name)
{
  memcpy(m->name + m->n, name, n * sizeof *name);
  m->n += n;
  return m->n - n;
}

ip_status ip_metrics_create(const ip_dataset *ds, const float *target, ip_output output, ip_targets targets,
                            ip_objective objective, size_t n_layers, size_t n_logged, const float *logged_x,
                            ip_metrics **out)
{
  ip_metrics *m;
  IP_TRY(IP_NEW(m, 1, "metrics"));
  m->ds = ds;
  m->target = target;
  m->n_logged = n_logged;
  m->logged_x = logged_x;
  m->n_layers = n_layers;
  m->regression = targets == IP_TARGETS_INPUTS || (output == IP_OUTPUT_LINEAR && ds->n_targets > 0);
  m->has_usable = !m->regression && output != IP_OUTPUT_LINEAR;
  m->decomposes = output == IP_OUTPUT_SOFTMAX && ds->p_y_given_x;
  m->has_terms = objective != IP_CROSS_ENTROPY;
  m->noise_is_trained = objective == IP_NIB || objective == IP_NIB_SQUARED;
  add_names(m, COUNT(basic), basic);
  if (m->has_usable) m->usable_at = add_names(m, COUNT(usable), usable);
  if (m->decomposes) m->parts_at = add_names(m, COUNT(parts), parts);
  if (m->has_terms) m->terms_at = add_names(m, COUNT(terms), terms);
  if (m->noise_is_trained) m->noise_at = add_names(m, COUNT(trained_noise), trained_noise);
  m->part[0] = (part){.n = ds->n_train, .row = ds->train};
  m->part[1] = (part){.n = ds->n_test, .row = ds->test};
  ip_status st = m->decomposes ? prepare_parts(m) : IP_OK;
  for (size_t k = 0; k < 2 && st == IP_OK && m->has_usable; k++) st = measure_labels(ds, &m->part[k]);
  if (st == IP_OK) st = IP_NEW(m->loss, ds->n, "losses");
  if (st == IP_OK) st = IP_NEW(m->right, ds->n, "right predictions");
  if (st != IP_OK) ip_metrics_destroy(&m);
  *out = m;
  return st;
}

void ip_metrics_destroy(ip_metrics **m)
{
  if (!*m) return;
  for (size_t k = 0; k < 2; k++) {
    ip_free((*m)->part[k].p);
    ip_free((*m)->part[k].q);
  }
  ip_free((*m)->q);
  ip_free((*m)->t);
  ip_free((*m)->loss);
  ip_free((*m)->right);
  ip_free(*m);
  *m = NULL;
}

size_t ip_metrics_n(const ip_metrics *m)
{
  return m->n;
}

const char *const *ip_metrics_names(const ip_metrics *m)
{
  return m->name;
}

size_t ip_metrics_find(const ip_metrics *m, const char *name)
{
  size_t i = 0;
  while (strcmp(m->name[i], name)) {
    i++;
    assert(i < ip_metrics_n(m));
  }
  return i;
}

static ip_status decompose(ip_metrics *m, ip_network *net, double *value)
{
  size_t n_classes = m->ds->n_classes;
  bool dropout = ip_network_has_dropout(net), observed = m->observed && !dropout && !ip_network_rounds_output(net);
  uint32_t draw = dropout ? IP_DRAW_NONE : 0; /* what is observed has dropout */
  if (!observed) IP_TRY(ip_network_sample(net, m->ds->x, NULL, m->ds->n, draw, NULL, m->t));
  for (size_t k = 0; k < 2; k++) {
    part *p = &m->part[k];
    gather(p, n_classes, observed ? m->output : m->q, p->q);
    ip_loss_parts loss = ip_loss_decompose(p->n, n_classes, p->p, p->q);
    double *to = value + m->parts_at + k * COUNT(parts) / 2;
    to[0] = to[1] = to[2] = NAN;
    if (!p->n) continue;
    to[0] = loss.cross_entropy_bits;
    to[1] = loss.entropy_bits;
    to[2] = loss.kl_bits;
  }
  return IP_OK;
}

ip_status ip_metrics_observe(ip_metrics *m, ip_network *net, float *const *t, float *const *mean)
{
  ip_network_verdict v = {.target = m->target, .y = m->ds->y, .loss = m->loss, .right = m->right};
  IP_TRY(ip_network_observe(net, m->ds->x, m->ds->n, t, mean, &v));
  m->output = t[m->n_layers - 1];
  m->observed = true;
  return IP_OK;
}

/* Sums in the order of the part, as ip_network_evaluate takes them. */
static void sum_observed(const ip_metrics *m, const part *p, ip_network_terms *t)
{
  ip_sum loss = {0};
  size_t n_right = 0;
  for (size_t i = 0; i < p->n; i++) {
    ip_sum_add(&loss, m->loss[p->row[i]]);
    n_right += m->right[p->row[i]];
  }
  t->loss = ip_sum_value(&loss) / (double)p->n;
  t->accuracy = (double)n_right / (double)p->n;
}

static ip_status measure(ip_metrics *m, ip_network *net, double *value)
{
  const ip_dataset *ds = m->ds;
  for (size_t k = 0; k < 2; k++) {
    const part *p = &m->part[k];
    ip_network_terms t = {NAN, NAN, NAN, NAN, NAN};
    if (p->n && m->has_terms) {
      IP_TRY(ip_network_evaluate_terms(net, ds->x, m->target, ds->y, p->row, p->n, &t));
    } else if (p->n && m->observed && !ip_network_averages(net)) {
      sum_observed(m, p, &t);
    } else if (p->n) {
      IP_TRY(ip_network_evaluate(net, ds->x, m->target, ds->y, p->row, p->n, &t.loss, &t.accuracy));
    }
    double *to = value + k * COUNT(basic) / 2, *bound = value + m->terms_at + k * COUNT(terms) / 2;
    to[0] = t.loss;
    to[1] = m->regression ? (double)NAN : t.accuracy;
    if (m->has_usable) value[m->usable_at + k] = p->hy_bits - t.loss / log(2);
    if (m->has_terms) bound[0] = t.objective, bound[1] = t.rate / log(2);
    if (m->noise_is_trained && k == 0) value[m->noise_at] = t.noise_variance;
  }
  if (m->noise_is_trained) {
    IP_TRY(ip_network_rate(net, m->logged_x, NULL, m->n_logged, &value[m->noise_at + 1]));
    value[m->noise_at + 1] /= log(2);
  }
  return m->decomposes ? decompose(m, net, value) : IP_OK;
}

ip_status ip_metrics_measure(ip_metrics *m, ip_network *net, double *value)
{
  ip_status st = measure(m, net, value);
  m->observed = false;
  return st;
}
