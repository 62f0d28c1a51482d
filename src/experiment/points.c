#include "experiment/points.h"

#include <string.h>

struct ip_points {
  const ip_experiment *e;
  size_t n;
  const ip_point **point; // (n) NULL: not made yet
  const ip_point *last;   /* made */
  const char *data;       /* the last dataset whose samples were counted, with what else the epochs follow from */
  int64_t n_epochs;       /* the epochs of training.updates on it */
  ip_scratch *sc;
};

ip_status ip_points_create(const ip_experiment *e, ip_points **out)
{
  ip_points *p;
  *out = NULL;
  IP_TRY(IP_NEW(p, 1, "points of the experiment"));
  p->e = e;
  p->n = ip_experiment_n_points(e);
  ip_status st = IP_NEW(p->point, p->n, "points of the experiment");
  if (st == IP_OK) st = ip_scratch_create(&p->sc);
  if (st != IP_OK) ip_points_destroy(&p);
  *out = p;
  return st;
}

void ip_points_destroy(ip_points **p)
{
  if (!*p) return;
  ip_scratch_destroy(&(*p)->sc);
  ip_free((*p)->point);
  ip_free(*p);
  *p = NULL;
}

const ip_experiment *ip_points_experiment(const ip_points *p)
{
  return p->e;
}

size_t ip_points_count(const ip_points *p)
{
  return p->n;
}

/* The keys that the number of training samples follows from, and the number of updates. */
static ip_status describe_data(ip_points *p, const ip_experiment *e, const char **text)
{
  const ip_schema *schema = ip_experiment_schema();
  IP_TRY(
      ip_scratch_format(p->sc, text, "%lld %lld", (long long)e->training.updates, (long long)e->training.batch_size));
  for (size_t k = 0; k < schema->n_keys; k++) {
    if (strncmp(schema->key[k].name, "dataset.", 8)) continue;
    char *value;
    IP_TRY(ip_config_value_text(e->config, schema->key[k].name, &value));
    ip_status st = ip_scratch_format(p->sc, text, "%s\n%s", *text, value);
    ip_free(value);
    IP_TRY(st);
  }
  return IP_OK;
}

/* Reads the data of training.updates once for all points that have the same. */
static ip_status find_length(ip_points *p, const ip_experiment *e, int64_t *n_epochs)
{
  if (e->training.updates == 0) return ip_experiment_length(e, n_epochs);
  const char *data;
  size_t mark = ip_scratch_mark(p->sc);
  IP_TRY(describe_data(p, e, &data));
  if (p->data && !strcmp(p->data, data)) {
    ip_scratch_release(p->sc, mark);
  } else {
    IP_TRY(ip_experiment_length(e, &p->n_epochs));
    p->data = data;
  }
  *n_epochs = p->n_epochs;
  return IP_OK;
}

/* The size of images is not known before the data is read, and is taken for that of MNIST: points are only compared. */
static double cost_of_layers(const ip_experiment *e, int64_t n_epochs)
{
  static const size_t mnist[] = {1, 28, 28};
  ip_network_options o = e->network;
  ip_network_size size;
  memcpy(o.shape, e->dataset.n_shape ? e->dataset.shape : mnist, sizeof o.shape);
  if (ip_network_measure(&o, o.shape[0] * o.shape[1] * o.shape[2], 10, &size) != IP_OK) ip_error_clear();
  return (double)n_epochs * size.products;
}

static double cost_of(const ip_experiment *e, int64_t n_epochs)
{
  if (e->network.n_layers) return cost_of_layers(e, n_epochs);
  double weights = 0, below = e->network.n_hidden ? (double)e->network.hidden[0] : 0;
  for (size_t k = 0; k < e->network.n_hidden; k++) {
    double width = (double)e->network.hidden[k];
    weights += width * (below + 20); /* an activation costs as much as some weights */
    below = width;
  }
  return (double)n_epochs * (weights + 20 * below);
}

static ip_status keep_schedule(ip_points *p, const ip_experiment *e, ip_point *point)
{
  int64_t *epoch, *copy;
  IP_TRY(ip_experiment_epochs(e, point->epochs, &point->n_logged, &epoch));
  size_t n = point->n_logged, bytes = n * sizeof *epoch;
  ip_status st = IP_OK;
  if (p->last && p->last->n_logged == n && !memcmp(p->last->logged, epoch, bytes))
    point->logged = p->last->logged;
  else if ((st = IP_SCRATCH(p->sc, copy, n, "logged epochs")) == IP_OK)
    point->logged = memcpy(copy, epoch, bytes);
  ip_free(epoch);
  return st;
}

static ip_status keep(ip_points *p, const ip_experiment *e, ip_point **out)
{
  size_t n = strlen(e->run_name) + 1;
  int64_t n_epochs;
  IP_TRY(find_length(p, e, &n_epochs));
  *out = ip_scratch_alloc(p->sc, 1, sizeof **out + n, "point of the experiment");
  if (!*out) return IP_ENOMEM;
  **out = (ip_point){.seed = e->seed,
                     .epochs = n_epochs,
                     .keep = e->log.keep,
                     .cost = cost_of(e, n_epochs),
                     .n_layers = ip_network_count_layers(&e->network)};
  memcpy((*out)->run_name, e->run_name, n);
  memcpy((*out)->digest, e->digest, sizeof e->digest);
  memcpy((*out)->estimate_digest, e->estimate_digest, sizeof e->estimate_digest);
  return keep_schedule(p, e, *out);
}

ip_status ip_points_get(ip_points *p, size_t k, const ip_point **point)
{
  if (!p->point[k]) {
    ip_experiment *made;
    ip_point *kept;
    IP_TRY(ip_experiment_point(p->e, k, &made));
    ip_status st = keep(p, made, &kept);
    ip_experiment_destroy(&made);
    IP_TRY(st);
    p->point[k] = p->last = kept;
  }
  *point = p->point[k];
  return IP_OK;
}
