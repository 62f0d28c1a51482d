#include "base/mem.h"
#include "runfile/reader.h"

/* Rows that a logger of another program has set aside and never filled, as an interrupted one leaves them when it wrote
 * /epoch first. They read as zeros, and estimates of zeros look like perfect compression. */

/* Whether every layer has a place in the file for epoch e: an h5py dataset in chunks gets it when it is written. */
static bool is_stored(ip_run *r, size_t e)
{
  char name[IP_RUN_NAME_SIZE];
  for (size_t k = 0; k < r->head.n_layers; k++)
    if (!ip_h5_has_row(r->h, ip_run_layer_name(name, k, "activation"), e)) return false;
  return true;
}

static bool all_zero(size_t n, const float *t)
{
  for (size_t i = 0; i < n; i++)
    if (t[i] != 0) return false;
  return true;
}

/* Whether all layers are 0 throughout at epoch e; the output layer, which hardly ever is, is looked at first. */
static ip_status is_blank(ip_run *r, size_t e, bool *blank)
{
  *blank = true;
  for (size_t k = r->head.n_layers; *blank && k-- > 0;) {
    float *t;
    size_t n = r->head.n * r->head.layer[k].width, mark = ip_scratch_mark(r->sc);
    IP_TRY(IP_SCRATCH(r->sc, t, n, "activations"));
    IP_TRY(ip_run_read_activation(r, k, e, t));
    *blank = all_zero(n, t);
    ip_scratch_release(r->sc, mark);
  }
  return IP_OK;
}

ip_status ip_run_find_unwritten(ip_run *r)
{
  if (r->is_own || !r->has_activations) return IP_OK;
  size_t n = r->n_epochs;
  while (n > 0 && !is_stored(r, n - 1)) n--;
  size_t n_stored = n;
  bool blank = n > 0;
  while (n > 0 && blank) {
    IP_TRY(is_blank(r, n - 1, &blank));
    n -= blank;
  }
  if (n == 0) n = n_stored; /* a network that is 0 at every epoch was written */
  r->n_unwritten = r->n_epochs - n;
  r->n_epochs = n;
  return IP_OK;
}

size_t ip_run_n_unwritten(const ip_run *r)
{
  return r->n_unwritten;
}
