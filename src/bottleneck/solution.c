#include "bottleneck/solve.h"

#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <string.h>

ip_ib_options ip_ib_options_default(void)
{
  return (ip_ib_options){.alpha = 1, .tolerance = 1e-14, .max_iterations = 20000, .accelerate = true, .merge = true};
}

ip_status ip_ib_solution_create(size_t n_y, size_t n_t, ip_ib_solution **out)
{
  ip_ib_solution *s;
  *out = NULL;
  IP_TRY(IP_NEW(s, 1, "bottleneck solution"));
  s->n_y = n_y;
  s->n_t = n_t;
  ip_status st = IP_NEW(s->joint, (n_y + 1) * n_t, "p(y,t)");
  if (st != IP_OK) ip_ib_solution_destroy(&s);
  *out = s;
  return st;
}

void ip_ib_solution_destroy(ip_ib_solution **s)
{
  if (!*s) return;
  ip_free((*s)->joint);
  ip_free(*s);
  *s = NULL;
}

ip_status ip_ib_solution_copy(const ip_ib_solution *s, ip_ib_solution **out)
{
  IP_TRY(ip_ib_solution_create(s->n_y, s->n_t, out));
  double *joint = (*out)->joint;
  memcpy(joint, s->joint, (s->n_y + 1) * s->n_t * sizeof *joint);
  **out = *s;
  (*out)->joint = joint;
  return IP_OK;
}

ip_status ip_ib_start_identity(const ip_ib_problem *p, double soft, ip_ib_solution **out)
{
  size_t n_y = p->n_y, n_t = p->n_x;
  assert(soft >= 0 && soft < 1);
  IP_TRY(ip_ib_solution_create(n_y, n_t, out));
  for (size_t t = 0; t < n_t; t++) {
    const double *row = p->p_xy + t * (n_y + 1);
    for (size_t y = 0; y < n_y; y++) (*out)->joint[y * n_t + t] = (1 - soft) * row[y] + soft * row[n_y] * p->p_y[y];
    (*out)->joint[n_y * n_t + t] = row[n_y];
  }
  return IP_OK;
}

ip_status ip_ib_start_trivial(const ip_ib_problem *p, ip_ib_solution **out)
{
  IP_TRY(ip_ib_solution_create(p->n_y, 1, out));
  memcpy((*out)->joint, p->p_y, p->n_y * sizeof *p->p_y);
  (*out)->joint[p->n_y] = 1;
  return IP_OK;
}

ip_status ip_ib_start_random(const ip_ib_problem *p, size_t n_t, ip_rng *rng, ip_ib_solution **out)
{
  size_t width = p->n_y + 1;
  double *w; // (n_t) p(t|x), the exponential of 2 standard normals: some clear, some undecided
  IP_TRY(IP_NEW(w, n_t, "a random p(t|x)"));
  ip_status st = ip_ib_solution_create(p->n_y, n_t, out);
  for (size_t x = 0; x < p->n_x && st == IP_OK; x++) {
    double sum = 0;
    for (size_t t = 0; t < n_t; t++) sum += w[t] = exp(2 * ip_rng_normal(rng));
    for (size_t y = 0; y < width; y++)
      for (size_t t = 0; t < n_t; t++) (*out)->joint[y * n_t + t] += p->p_xy[x * width + y] * w[t] / sum;
  }
  ip_free(w);
  return st;
}
