#include "network/inside.h"

#include "num/softmax.h"
#include "num/vmath.h"

#include <math.h>

/* y_c = exp(z_c - m) / s with m the largest z and s the sum; the loss is ln s - sum_c t_c (z_c - m), as the t_c
 * sum to 1, which stays finite where y_c underflows. Terms with t_c = 0 are 0 whatever z. */
static void softmax(size_t width, size_t columns, float *z, const float *target, double *loss, float *sum)
{
  const ip_softmax *loops = ip_softmax_variant(0);
  loops->shift(width, columns, z);
  if (target) {
    for (size_t i = 0; i < columns; i++) loss[i] = 0;
    for (size_t c = 0; c < width; c++)
      for (size_t i = 0; i < columns; i++) {
        float t = target[c * columns + i];
        loss[i] -= t > 0.0f || t < 0.0f ? (double)t * (double)z[c * columns + i] : 0.0;
      }
  }
  loops->normalize(width, columns, z, sum);
  if (!target) return;
  for (size_t i = 0; i < columns; i++) loss[i] += log((double)sum[i]);
}

/* -t ln y - (1 - t) ln(1 - y) = softplus(z) - t z. */
static void sigmoid(size_t width, size_t columns, float *z, const float *target, double *loss, float *work)
{
  for (size_t c = 0; c < width; c++) {
    float *row = z + c * columns;
    if (target) {
      ip_vsoftplus(columns, row, work);
      for (size_t i = 0; i < columns; i++)
        loss[i] = (c ? loss[i] : 0.0) + ((double)work[i] - (double)target[c * columns + i] * (double)row[i]);
    }
    ip_vsigmoid(columns, row, row);
  }
}

static void linear(size_t width, size_t columns, const float *z, const float *target, double *loss)
{
  if (!target) return;
  for (size_t i = 0; i < columns; i++) loss[i] = 0;
  for (size_t c = 0; c < width; c++)
    for (size_t i = 0; i < columns; i++) {
      double e = (double)z[c * columns + i] - (double)target[c * columns + i];
      loss[i] += 0.5 * e * e;
    }
}

void ip_output_apply(ip_output kind, size_t width, size_t columns, float *z, const float *target, double *loss,
                     float *work)
{
  switch (kind) {
  case IP_OUTPUT_SOFTMAX:
    softmax(width, columns, z, target, loss, work);
    break;
  case IP_OUTPUT_SIGMOID:
    sigmoid(width, columns, z, target, loss, work);
    break;
  case IP_OUTPUT_LINEAR:
  case IP_N_OUTPUTS:
    linear(width, columns, z, target, loss);
    break;
  }
}

void ip_output_smooth(size_t width, size_t columns, double e, float *target)
{
  float keep = (float)(1 - e), add = (float)(e / (double)width);
  for (size_t i = 0; i < width * columns; i++) target[i] = keep * target[i] + add;
}

void ip_output_delta(size_t width, size_t n, size_t columns, const float *y, const float *target, float scale, float *d)
{
  ip_softmax_variant(0)->delta(width, n, columns, y, target, scale, d);
}
