#include "study/noisy.h"

#include "base/mem.h"
#include "info/discrete.h"

#include <math.h>
#include <string.h>

static bool is_bottleneck(const ip_run_head *h)
{
  return strcmp(h->objective, "vib") == 0 || strncmp(h->objective, "nib", 3) == 0;
}

/* Noise on units that estimators know, and that of vib and nib is not. */
static bool has_unit_noise(const ip_run_head *h)
{
  return h->noise_variance > 0 || h->multiplicative_noise > 0 || h->dropout > 0;
}

const char *ip_noisy_estimator(const ip_run_head *h)
{
  if (h->multiplicative_noise > 0) return "multiplicative";
  if (h->dropout > 0) return "dropout";
  return h->noise_variance > 0 ? "noisy" : NULL;
}

/* Whether layer k has noise of its own; files without the units before the noise do not say, and all hidden layers do
 * then. */
static bool is_noisy_layer(const ip_run_head *h, size_t k)
{
  bool any = false;
  for (size_t j = 0; j < h->n_layers; j++) any |= h->layer[j].has_mean;
  return any ? h->layer[k].has_mean : k + 1 < h->n_layers || h->n_layers == 1;
}

size_t ip_noisy_from(const ip_run_head *h)
{
  if (has_unit_noise(h)) {
    size_t k = 0;
    while (k < h->n_layers && !is_noisy_layer(h, k)) k++;
    return k;
  }
  if (is_bottleneck(h)) return h->n_layers > 1 ? h->n_layers - 2 : 0;
  return h->n_layers;
}

static bool has_name(const char *label, const char *name)
{
  size_t n = strlen(name);
  return strncmp(label, name, n) == 0 && (label[n] == 0 || label[n] == ':');
}

bool ip_noisy_is_label(const char *estimator)
{
  return has_name(estimator, "noisy") || has_name(estimator, "multiplicative") || has_name(estimator, "dropout");
}

static const char kernel_bound[] = "kde_upper:noise=network";

/* The label in the file of the estimator `name`; NULL if the file has none, or name is NULL. */
static const char *find_label(const ip_run *run, const char *name)
{
  for (size_t i = 0; name && i < ip_run_n_information(run); i++)
    if (has_name(ip_run_information_name(run, i), name)) return ip_run_information_name(run, i);
  return NULL;
}

/* Whether H(Y) - cross-entropy bounds I(T;Y): the loss is the cross-entropy of classes. */
static bool has_classes(const ip_run_head *h)
{
  return h->n_targets == 0 && h->n_layers && strcmp(h->layer[h->n_layers - 1].activation, "softmax") == 0;
}

ip_drawn ip_noisy_drawn(const ip_run *run, const char *estimator, size_t k)
{
  const ip_run_head *h = ip_run_head_of(run);
  if (k < ip_noisy_from(h)) return IP_DRAWN_CHOSEN;
  const char *sampler = ip_noisy_estimator(h);
  if (!sampler || !is_noisy_layer(h, k) || !find_label(run, sampler)) return IP_DRAWN_BOUND;
  return estimator && ip_noisy_is_label(estimator) ? IP_DRAWN_CHOSEN : IP_DRAWN_NOISY;
}

ip_status ip_logged_hx(const ip_run_head *h, ip_scratch *sc, double *bits)
{
  uint32_t *count;
  size_t mark = ip_scratch_mark(sc);
  *bits = (double)NAN;
  if (!h->n || !h->n_x) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, count, h->n_x, "counts of inputs"));
  for (size_t i = 0; i < h->n; i++) count[h->x_id[i]]++;
  *bits = ip_entropy_counts_bits(h->n_x, count);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_logged_hy(const ip_run_head *h, int part, double *bits)
{
  double *p; // (n_classes)
  size_t n = 0;
  *bits = (double)NAN;
  if (h->n_targets || !h->n_classes) return IP_OK;
  IP_TRY(IP_NEW(p, h->n_classes, "label distribution"));
  for (size_t i = 0; i < h->n; i++) {
    if (part >= 0 && (h->split ? h->split[i] : 0) != part) continue;
    n++;
    if (h->p_y_given_x)
      for (size_t c = 0; c < h->n_classes; c++) p[c] += (double)h->p_y_given_x[i * h->n_classes + c];
    else
      p[h->y[i]]++;
  }
  for (size_t c = 0; c < h->n_classes && n; c++) p[c] /= (double)n;
  if (n) *bits = ip_entropy_bits(h->n_classes, p);
  ip_free(p);
  return IP_OK;
}

static size_t part_size(const ip_run_head *h, int part)
{
  size_t n = 0;
  for (size_t i = 0; i < h->n; i++) n += (h->split ? h->split[i] : 0) == part;
  return n;
}

static bool is_series(const char *series, const char *name)
{
  size_t n = strlen(name);
  return strncmp(series, name, n) == 0 && (series[n] == 0 || strcmp(series + n, "_raw") == 0);
}

static bool any(size_t n, const double *v)
{
  for (size_t e = 0; e < n; e++)
    if (isfinite(v[e])) return true;
  return false;
}

/* The bound on I(X;T) of the noisy layer of vib or nib, v (n_epochs), NaN where it is so near to log2 N of its samples
 * that it says nothing; those epochs are 1 in `saturated`. */
static ip_status read_rate(ip_run *run, double *v, double *saturated)
{
  const ip_run_head *h = ip_run_head_of(run);
  size_t n = ip_run_n_epochs(run), of = 0;
  memset(saturated, 0, n * sizeof *saturated);
  if (strcmp(h->objective, "vib") == 0) return ip_run_read_metric(run, IP_NAME_TRAIN_RATE, v);
  IP_TRY(ip_run_read_metric(run, IP_NAME_LOGGED_RATE, v));
  of = h->n;
  if (!any(n, v)) { /* over blocks of at most 1024, as evenly as possible */
    int part = part_size(h, 0) ? 0 : 1;
    size_t size = part_size(h, part), blocks = (size + 1023) / 1024;
    IP_TRY(ip_run_read_metric(run, part ? IP_NAME_TEST_RATE : IP_NAME_TRAIN_RATE, v));
    of = blocks ? size / blocks : 0;
  }
  for (size_t e = 0; e < n; e++)
    if (of > 1 && v[e] >= 0.99 * log2((double)of)) { /* as estimates are flagged (estimator/interval.h) */
      saturated[e] = 1;
      v[e] = (double)NAN;
    }
  return IP_OK;
}

/* H(Y) - cross-entropy of a part of the split, v (n_epochs). H(Y) is that of its logged samples; where none of them was
 * logged, that of the whole dataset. */
static ip_status read_bound(ip_run *run, int part, double *v)
{
  const ip_run_head *h = ip_run_head_of(run);
  double hy;
  IP_TRY(ip_run_read_metric(run, part ? IP_NAME_TEST_LOSS : IP_NAME_TRAIN_LOSS, v));
  IP_TRY(ip_logged_hy(h, part, &hy));
  if (isnan(hy)) hy = h->hy_bits;
  for (size_t e = 0; e < ip_run_n_epochs(run); e++) {
    v[e] = has_classes(h) && !(h->dropout > 0) ? hy - v[e] / log(2)
                                               : (double)NAN; /* a loss without dropout bounds nothing */
    if (v[e] < 0) v[e] = 0;                                   /* which bounds it too */
  }
  return IP_OK;
}

static void put_column(const ip_run *run, size_t k, const double *from, double *v)
{
  size_t layers = ip_run_head_of(run)->n_layers;
  for (size_t e = 0; e < ip_run_n_epochs(run); e++) v[e * layers + k] = from[e];
}

/* I(X;T) of networks with noise on units, as the file has it, into the columns of the layers that noise reaches. A
 * layer without noise of its own has at most the information of the noisy one below. */
static ip_status replace_by_noise(ip_run *run, const char *series, double *v, double *room)
{
  size_t n = ip_run_n_epochs(run), layers = ip_run_head_of(run)->n_layers;
  const ip_run_head *h = ip_run_head_of(run);
  size_t below = 0, from = ip_noisy_from(h);
  const char *noisy = find_label(run, ip_noisy_estimator(h));
  const char *kernel = h->noise_variance > 0 ? find_label(run, kernel_bound) : NULL;
  bool is_ixt = is_series(series, IP_NAME_IXT), is_ity = is_series(series, IP_NAME_ITY);
  for (size_t i = 0; i < n * layers; i++) room[i] = (double)NAN;
  if (noisy)
    IP_TRY(ip_run_read_series(run, noisy, series, room));
  else if (kernel && !is_ity)
    IP_TRY(ip_run_read_series(run, kernel, series, room));
  for (size_t e = 0; e < n; e++)
    for (size_t k = from; k < layers; k++) {
      double value = room[e * layers + k];
      if (is_noisy_layer(h, k)) below = k;
      if (below < k && noisy && is_ixt) value = room[e * layers + below];
      if (!noisy && k > from) value = (double)NAN;
      if (noisy || !is_ity) v[e * layers + k] = value;
    }
  return IP_OK;
}

ip_status ip_noisy_replace(ip_run *run, const char *estimator, const char *series, double *v, double *room)
{
  const ip_run_head *h = ip_run_head_of(run);
  size_t n = ip_run_n_epochs(run), first = ip_noisy_from(h);
  bool is_ity = is_series(series, IP_NAME_ITY), is_test = strcmp(series, "ity_test") == 0;
  bool is_ixt = is_series(series, IP_NAME_IXT), is_rate = is_bottleneck(h) && !has_unit_noise(h);
  if (is_test)
    for (size_t i = 0; i < n * h->n_layers; i++) v[i] = (double)NAN;
  if (first == h->n_layers || !n) return IP_OK;
  IP_TRY(ip_run_load_samples(run));
  if (has_unit_noise(h) && !is_test) IP_TRY(replace_by_noise(run, series, v, room));
  double *value, *saturated;
  IP_TRY(IP_NEW(value, 2 * n, "bounds"));
  saturated = value + n;
  ip_status st = IP_OK;
  if (is_ity || is_test)
    st = read_bound(run, is_test, value);
  else if (is_rate && (is_ixt || strcmp(series, IP_NAME_SATURATED) == 0))
    st = read_rate(run, value, saturated);
  for (size_t k = first; k < h->n_layers && st == IP_OK; k++) {
    if (ip_noisy_drawn(run, estimator, k) != IP_DRAWN_BOUND) continue;
    if (is_ity || is_test)
      put_column(run, k, value, v);
    else if (is_rate)
      put_column(run, k, is_ixt ? value : saturated, v);
  }
  ip_free(value);
  return st;
}
