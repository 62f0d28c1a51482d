#include "network/network.h"

#include <math.h>

double ip_learning_rate(const ip_training_options *o, uint64_t s)
{
  const double pi = 3.141592653589793238463;
  double update = (double)s, warmup = (double)o->warmup, after = update - warmup;
  if (after < 0) return o->learning_rate * (update + 1) / (warmup + 1);
  if (o->rate_schedule == IP_RATE_STEP)
    return o->learning_rate * pow(o->step_factor, floor(after / (double)o->step_every));
  if (o->rate_schedule == IP_RATE_COSINE) {
    double part = fmin(after / ((double)o->updates - warmup), 1);
    return o->learning_rate * (o->final_factor + (1 - o->final_factor) * (1 + cos(pi * part)) / 2);
  }
  return o->learning_rate;
}
