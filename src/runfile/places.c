#include "runfile/places.h"

#include "base/mem.h"
#include "runfile/layout.h"

#include <assert.h>

static ip_status find(ip_h5 *h, const char *name, ip_h5_type type, size_t n_rows, ip_scratch *sc, ip_h5_rows *out)
{
  const char *kept;
  IP_TRY(ip_scratch_text(sc, name, &kept));
  return ip_h5_rows_find(h, kept, type, n_rows, out);
}

static ip_status find_layer(ip_h5 *h, const ip_run_head *head, size_t k, ip_scratch *sc, ip_run_places *p)
{
  char name[IP_RUN_NAME_SIZE];
  IP_TRY(find(h, ip_run_layer_name(name, k, "activation"), IP_H5_F32, p->n_rows, sc, &p->activation[k]));
  if (head->layer[k].has_mean)
    IP_TRY(find(h, ip_run_layer_name(name, k, "mean"), IP_H5_F32, p->n_rows, sc, &p->mean[k]));
  for (size_t m = 0; m < p->n_layer_metrics; m++)
    IP_TRY(find(h, ip_run_layer_name(name, k, head->layer_metric[m]), IP_H5_F64, p->n_rows, sc,
                &p->layer_metric[m * p->n_layers + k]));
  return IP_OK;
}

ip_status ip_run_places_find(ip_h5 *h, const ip_run_head *head, size_t n_rows, ip_scratch *sc, ip_run_places *p)
{
  char name[IP_RUN_NAME_SIZE];
  *p = (ip_run_places){.n_rows = n_rows,
                       .n_layers = head->n_layers,
                       .n_metrics = head->n_metrics,
                       .n_layer_metrics = head->n_layer_metrics};
  IP_TRY(IP_NEW(p->activation, p->n_layers, "places of rows"));
  IP_TRY(IP_NEW(p->mean, p->n_layers, "places of rows"));
  IP_TRY(IP_NEW(p->metric, p->n_metrics, "places of rows"));
  IP_TRY(IP_NEW(p->layer_metric, p->n_layer_metrics * p->n_layers, "places of rows"));
  for (size_t k = 0; k < p->n_layers; k++) IP_TRY(find_layer(h, head, k, sc, p));
  for (size_t m = 0; m < p->n_metrics; m++)
    IP_TRY(find(h, ip_run_metric_name(name, head->metric[m]), IP_H5_F64, p->n_rows, sc, &p->metric[m]));
  IP_TRY(find(h, "/epoch", IP_H5_I64, p->n_rows, sc, &p->epoch));
  return ip_h5_length_find(h, "/epoch", &p->length);
}

static void release(size_t n, ip_h5_rows *r)
{
  for (size_t i = 0; r && i < n; i++) ip_h5_rows_release(&r[i]);
  ip_free(r);
}

void ip_run_places_release(ip_run_places *p)
{
  release(p->n_layers, p->activation);
  release(p->n_layers, p->mean);
  release(p->n_metrics, p->metric);
  release(p->n_layer_metrics * p->n_layers, p->layer_metric);
  ip_h5_rows_release(&p->epoch);
  *p = (ip_run_places){0};
}

ip_status ip_run_places_put(const ip_run_places *p, size_t e, const ip_snapshot *s)
{
  for (size_t k = 0; k < p->n_layers; k++) {
    IP_TRY(ip_h5_rows_put(&p->activation[k], e, s->t[k]));
    if (!p->mean[k].at) continue;
    assert(s->mean && s->mean[k]);
    IP_TRY(ip_h5_rows_put(&p->mean[k], e, s->mean[k]));
  }
  for (size_t i = 0; i < p->n_layer_metrics * p->n_layers; i++)
    IP_TRY(ip_h5_rows_put(&p->layer_metric[i], e, &s->layer_metric[i]));
  for (size_t m = 0; m < p->n_metrics; m++) IP_TRY(ip_h5_rows_put(&p->metric[m], e, &s->metric[m]));
  return IP_OK;
}

ip_status ip_run_places_count(const ip_run_places *p, size_t e, int64_t epoch)
{
  IP_TRY(ip_h5_rows_put(&p->epoch, e, &epoch));
  return ip_h5_length_put(&p->length, e + 1);
}
