/* cloud.c - clouds of points: the samples of a layer at all epochs, and the axes of a wide one. */
#include "report/looking.h"

#include "num/lapack.h"

#include <math.h>
#include <string.h>

ip_status ip_cloud_begin(ip_looking *look, ip_scratch *sc, ip_cloud *cloud)
{
  const ip_run_head *h = look->head;
  size_t n = 0;
  IP_TRY(IP_SCRATCH(sc, cloud->label, look->n_cloud, "labels"));
  IP_TRY(IP_SCRATCH(sc, cloud->layer, h->n_layers, "layers"));
  for (size_t i = 0; i < look->n_cloud; i++) cloud->label[i] = h->y[look->cloud[i]];
  for (size_t k = 0; k < h->n_layers; k++)
    n += (h->layer[k].width < IP_CLOUD_UNITS ? h->layer[k].width : IP_CLOUD_UNITS) * look->n_cloud * look->n_epochs;
  cloud->n_samples = look->n_cloud;
  cloud->n_layers = h->n_layers;
  cloud->n_epochs = look->n_epochs;
  return IP_SCRATCH(sc, cloud->code, n, "points");
}

/* The range of one unit over samples and epochs, and its codes: 0 for what is not finite. */
static void add_unit(ip_looking *look, const ip_looked *l, size_t u, double *low, double *high, uint8_t *code)
{
  const size_t n_points = look->n_cloud * l->n_epochs;
  bool any = false;
  for (size_t i = 0; i < n_points; i++) {
    double value = l->cloud[i * l->n_units + u];
    if (!isfinite(value)) continue;
    *low = any ? fmin(*low, value) : value;
    *high = any ? fmax(*high, value) : value;
    any = true;
  }
  double scale = *high > *low ? 255 / (*high - *low) : 0;
  for (size_t i = 0; i < look->n_cloud; i++)
    for (size_t e = 0; e < l->n_epochs; e++) {
      double value = l->cloud[(e * look->n_cloud + i) * l->n_units + u];
      code[look->n_code++] = isfinite(value) ? (uint8_t)lround((value - *low) * scale) : 0;
    }
}

ip_status ip_cloud_add(ip_looking *look, const ip_looked *l, size_t k, ip_scratch *sc, ip_cloud *cloud)
{
  ip_cloud_layer *to = &cloud->layer[k];
  to->n_units = l->n_units;
  to->are_components = l->are_components;
  IP_TRY(IP_SCRATCH(sc, to->low, l->n_units, "ranges"));
  IP_TRY(IP_SCRATCH(sc, to->high, l->n_units, "ranges"));
  IP_TRY(IP_SCRATCH(sc, to->share, l->n_units, "shares"));
  if (l->are_components) memcpy(to->share, l->share, l->n_units * sizeof *to->share);
  for (size_t u = 0; u < l->n_units; u++) add_unit(look, l, u, &to->low[u], &to->high[u], cloud->code);
  return IP_OK;
}

/* Pairs of a unit and a sample: each is a series over the epochs. */
static size_t count_series(const ip_cloud *cloud)
{
  size_t n = 0;
  for (size_t k = 0; k < cloud->n_layers; k++) n += cloud->layer[k].n_units * cloud->n_samples;
  return n;
}

ip_status ip_cloud_pack(ip_cloud *cloud)
{
  ip_scratch *sc;
  size_t *length, n = count_series(cloud);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, length, n, "lengths");
  for (size_t i = 0; i < n && st == IP_OK; i++) length[i] = cloud->n_epochs;
  if (st == IP_OK) {
    ip_packed_free(&cloud->packed);
    st = ip_pack_u8(n, length, cloud->code, &cloud->packed);
  }
  ip_scratch_destroy(&sc);
  return st;
}

/* Whether sample i is the first, third, fifth ... of its class. */
static bool stays(const ip_cloud *cloud, size_t i)
{
  size_t before = 0;
  for (size_t j = 0; j < i; j++) before += cloud->label[j] == cloud->label[i];
  return before % 2 == 0;
}

ip_status ip_cloud_thin(ip_cloud *cloud)
{
  const size_t n = cloud->n_samples, n_units = count_series(cloud) / (n ? n : 1);
  bool keep[IP_CLOUD_SAMPLES];
  size_t kept = 0, to = 0;
  for (size_t i = 0; i < n; i++) keep[i] = stays(cloud, i);
  for (size_t u = 0; u < n_units; u++)
    for (size_t i = 0; i < n; i++)
      if (keep[i])
        memmove(cloud->code + cloud->n_epochs * to++, cloud->code + cloud->n_epochs * (u * n + i), cloud->n_epochs);
  for (size_t i = 0; i < n; i++)
    if (keep[i]) cloud->label[kept++] = cloud->label[i];
  cloud->n_samples = kept;
  return ip_cloud_pack(cloud);
}

/* ---------------------------------------------------------------- principal components */

static bool centre(size_t n, size_t width, const float *x, double *mean, double *centred)
{
  bool finite = true;
  memset(mean, 0, width * sizeof *mean);
  for (size_t i = 0; i < n; i++)
    for (size_t w = 0; w < width; w++) mean[w] += (double)x[i * width + w] / (double)n;
  for (size_t i = 0; i < n; i++)
    for (size_t w = 0; w < width; w++) {
      centred[i * width + w] = (double)x[i * width + w] - mean[w];
      finite = finite && isfinite(centred[i * width + w]);
    }
  return finite;
}

/* Axis = X' u / s, of length 1; its largest number is positive. */
static void make_axis(size_t n, size_t width, const double *centred, const double *vector, double value, double *axis)
{
  size_t largest = 0;
  memset(axis, 0, width * sizeof *axis);
  for (size_t i = 0; i < n; i++)
    for (size_t w = 0; w < width; w++) axis[w] += centred[i * width + w] * vector[i] / sqrt(value);
  for (size_t w = 0; w < width; w++)
    if (fabs(axis[w]) > fabs(axis[largest])) largest = w;
  for (size_t w = 0; w < width && axis[largest] < 0; w++)
    if (w != largest) axis[w] = -axis[w];
  axis[largest] = fabs(axis[largest]);
}

ip_status ip_cloud_components(size_t n, size_t width, const float *x, size_t *k, ip_scratch *sc, double *mean,
                              double *axis, double *share, bool *found)
{
  double *centred, *gram, *value, *vector, trace = 0;
  *found = false;
  IP_TRY(IP_SCRATCH(sc, centred, n * width, "samples"));
  IP_TRY(IP_SCRATCH(sc, gram, n * n, "products"));
  IP_TRY(IP_SCRATCH(sc, value, n, "eigenvalues"));
  IP_TRY(IP_SCRATCH(sc, vector, *k * n, "eigenvectors"));
  if (!n || !centre(n, width, x, mean, centred)) return IP_OK;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      for (size_t w = 0; w < width; w++) gram[i * n + j] += centred[i * width + w] * centred[j * width + w];
  for (size_t i = 0; i < n; i++) trace += gram[i * n + i];
  if (!(trace > 0)) return IP_OK;
  IP_TRY(ip_lapack_largest_eigen(n, *k, gram, value, vector, found));
  if (!*found) return IP_OK;
  size_t n_found = 0;
  for (size_t i = *k; i-- > 0 && value[i] > 1e-10 * trace;) { /* in decreasing order */
    make_axis(n, width, centred, vector + i * n, value[i], axis + n_found * width);
    share[n_found++] = value[i] / trace;
  }
  *k = n_found;
  return IP_OK;
}
