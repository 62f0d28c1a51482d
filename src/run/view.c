#include "run/view.h"

#include "num/unique.h"

#include <string.h>

/* *to: the rows of the view. from NULL: NULL. */
static ip_status gather(ip_run_view *v, size_t row_size, const void *from, const void **to)
{
  unsigned char *copy;
  *to = NULL;
  if (!from) return IP_OK;
  IP_TRY(IP_SCRATCH(v->sc, copy, v->head.n * row_size, "chosen samples"));
  for (size_t i = 0; i < v->head.n; i++)
    memcpy(copy + i * row_size, (const unsigned char *)from + v->row[i] * row_size, row_size);
  *to = copy;
  return IP_OK;
}

static ip_status number_inputs(ip_run_view *v, const uint32_t *x_id)
{
  ip_run_head *h = &v->head;
  uint32_t *id;
  uint64_t *key;
  h->n_x = 0;
  IP_TRY(IP_SCRATCH(v->sc, id, h->n, "inputs"));
  h->x_id = id;
  if (!h->n) return IP_OK;
  size_t mark = ip_scratch_mark(v->sc);
  IP_TRY(IP_SCRATCH(v->sc, key, h->n, "inputs"));
  for (size_t i = 0; i < h->n; i++) key[i] = x_id[v->row[i]];
  IP_TRY(ip_unique_keys(h->n, key, 0, v->sc, id, &h->n_x));
  ip_scratch_release(v->sc, mark);
  return IP_OK;
}

static void count_classes(ip_run_head *h)
{
  if (h->p_y_given_x) return; /* its columns are the classes */
  h->n_classes = 0;
  for (size_t i = 0; i < h->n; i++)
    if ((size_t)h->y[i] >= h->n_classes) h->n_classes = (size_t)h->y[i] + 1;
}

static ip_status choose(const ip_run_head *file, const ip_sample_rule *rule, ip_run_view *v)
{
  ip_run_head *h = &v->head;
  const ip_sample_source source = {file->n, file->n_classes, file->y, file->split};
  uint32_t *row;
  const void *y, *split, *p, *target, *x;
  IP_TRY(ip_sample_choose(&source, rule, v->sc, &h->n, &row));
  v->row = row;
  IP_TRY(gather(v, sizeof *file->y, file->y, &y));
  IP_TRY(gather(v, sizeof *file->split, file->split, &split));
  IP_TRY(gather(v, file->n_classes * sizeof *file->p_y_given_x, file->p_y_given_x, &p));
  IP_TRY(gather(v, file->n_targets * sizeof *file->target, file->target, &target));
  IP_TRY(gather(v, file->n_in * sizeof *file->x, file->x, &x));
  h->y = y, h->split = split, h->p_y_given_x = p, h->target = target, h->x = x;
  count_classes(h);
  return number_inputs(v, file->x_id);
}

ip_status ip_run_view_open(const ip_run *run, const ip_sample_rule *rule, ip_run_view *out)
{
  const ip_run_head *file = ip_run_head_of(run);
  *out = (ip_run_view){.n_file = file->n, .head = *file};
  if (rule->which == IP_LOG_ALL && (!rule->most || rule->most >= file->n)) return IP_OK;
  IP_TRY(ip_scratch_create(&out->sc));
  return choose(file, rule, out);
}

void ip_run_view_close(ip_run_view *v)
{
  ip_scratch_destroy(&v->sc);
}

void ip_run_view_pick(const ip_run_view *v, size_t row_size, void *rows)
{
  unsigned char *at = rows;
  for (size_t i = 0; v->row && i < v->head.n; i++)
    if (v->row[i] != i) memcpy(at + i * row_size, at + v->row[i] * row_size, row_size);
}
