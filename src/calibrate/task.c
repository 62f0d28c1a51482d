#include "calibrate/task.h"

#include "base/text.h"
#include "calibrate/family.h"
#include "info/discrete.h"

#include <math.h>
#include <string.h>

static const ip_calibration_task *const tasks[] = {
    &ip_task_bsc,
    &ip_task_bec,
    &ip_task_sphere,
    &ip_task_gaussian_channel,
    &ip_task_normal,
    &ip_task_half_cube,
    &ip_task_spiral,
    &ip_task_student,
    &ip_task_uniform,
    &ip_task_zero_inflated_poisson,
    &ip_task_multiplicative_channel,
    &ip_task_dropout_channel,
};
enum { N_TASKS = sizeof tasks / sizeof *tasks };

size_t ip_task_count(void)
{
  return N_TASKS;
}

const ip_calibration_task *ip_task_at(size_t i)
{
  return tasks[i];
}

uint64_t ip_task_stream(const ip_calibration_task *t)
{
  if (t->family) return IP_FAMILY_STREAM;
  uint64_t i = 0;
  while (tasks[i] != t) i++;
  return i;
}

double ip_task_ixt_bits(const ip_calibration_task *t)
{
  return t->family ? t->nats / IP_NATS_PER_BIT : t->ixt_bits();
}

double ip_task_ity_bits(const ip_calibration_task *t)
{
  return t->ity_bits ? t->ity_bits() : (double)NAN;
}

ip_status ip_task_draw(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  return t->family ? t->family->draw(t, n, r, sc, out) : t->draw(n, r, sc, out);
}

ip_status ip_task_find(const char *name, ip_scratch *sc, const ip_calibration_task **task)
{
  const char *names[N_TASKS + 1 + IP_MAX_FAMILIES];
  size_t at, n = N_TASKS;
  for (size_t i = 0; i < N_TASKS; i++) names[i] = tasks[i]->name;
  for (size_t i = 0; i < ip_family_count(); i++) names[n++] = ip_family_at(i)->name;
  if (strchr(name, ':')) return ip_family_member(name, sc, task);
  IP_TRY(ip_text_choose(IP_EUSAGE, "calibration task", name, n, names, &at));
  if (at >= N_TASKS) return ip_family_member(name, sc, task);
  *task = tasks[at];
  return IP_OK;
}

ip_status ip_task_allocate(size_t n, size_t width, size_t n_in, unsigned with, ip_scratch *sc, ip_task_arrays *a,
                           ip_samples *out)
{
  *a = (ip_task_arrays){0};
  IP_TRY(IP_SCRATCH(sc, a->t, n * width, "activations"));
  IP_TRY(IP_SCRATCH(sc, a->x, n * n_in, "inputs"));
  IP_TRY(IP_SCRATCH(sc, a->y, n, "labels"));
  if (with & IP_TASK_X_ID) IP_TRY(IP_SCRATCH(sc, a->x_id, n, "numbers of inputs"));
  if (with & IP_TASK_MEAN) IP_TRY(IP_SCRATCH(sc, a->mean, n * width, "units before the noise"));
  *out = (ip_samples){.n = n,
                      .width = width,
                      .t = a->t,
                      .n_x = n,
                      .x_id = a->x_id,
                      .n_in = n_in,
                      .x = a->x,
                      .n_y = 2,
                      .y = a->y,
                      .mean = a->mean,
                      .layer = 1,
                      .epoch = -1};
  return IP_OK;
}
