#include "estimator/tally.h"

#include <math.h>

void ip_tally_draw(ip_tally *t, size_t draw, double v)
{
  if (draw == 0) {
    t->first = v;
    t->sum_i = t->square_i = 0;
  }
  t->sum_i += v - t->first;
  t->square_i += (v - t->first) * (v - t->first);
}

void ip_tally_end(ip_tally *t, size_t draws)
{
  double m = (double)draws, mean = t->sum_i / m;
  ip_sum_add(&t->mean, t->first + mean);
  ip_sum_add(&t->square, (t->first + mean) * (t->first + mean));
  if (draws > 1) ip_sum_add(&t->squared_error, fmax(0, t->square_i / m - mean * mean) / (m - 1));
}

void ip_tally_exact(ip_tally *t, double v)
{
  ip_sum_add(&t->mean, v);
  ip_sum_add(&t->square, v * v);
}

void ip_tally_result(const ip_tally *t, size_t n, size_t draws, double *mean, double *error)
{
  double m = (double)n;
  *mean = ip_sum_value(&t->mean) / m;
  *error = draws > 1 ? sqrt(ip_sum_value(&t->squared_error)) / m
                     : sqrt(fmax(0, ip_sum_value(&t->square) / m - *mean * *mean) / m);
}
