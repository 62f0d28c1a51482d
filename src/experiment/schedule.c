#include "experiment/schedule.h"

#include "base/mem.h"

#include <inttypes.h>
#include <math.h>

/* Upper limit on snapshots, so that a typo cannot request gigabytes. */
enum { MOST_LOGGED = 1000000 };

const char *const *ip_schedule_names(void)
{
  static const char *const name[] = {
#define X(symbol, name) #name,
      IP_SCHEDULE_LIST(X)
#undef X
          NULL,
  };
  return name;
}

/* The epoch of place i of (count). The factor corrects powers that should be integers but are a rounding error below.
 */
static int64_t log_epoch(int64_t i, int64_t count, int64_t epochs)
{
  double power = exp2((double)i / (double)(count - 1) * log2((double)epochs));
  return (int64_t)floor(power * (1 + 1e-12)) - 1;
}

static int64_t least(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* --- Checks ------------------------------------------------------------------------------------------------------- */

static ip_status check_increasing(const char *key, size_t n, const int64_t *epoch)
{
  for (size_t k = 1; k < n; k++)
    IP_REQUIRE(epoch[k] > epoch[k - 1], IP_ECONFIG,
               "%s: expected strictly increasing epochs, got %" PRId64 " after %" PRId64, key, epoch[k], epoch[k - 1]);
  return IP_OK;
}

static ip_status check_piecewise(const ip_schedule_options *opt)
{
  IP_REQUIRE(opt->n_step == opt->n_until + 1, IP_ECONFIG,
             "log.step: expected %zu values, one more than log.until, got %zu", opt->n_until + 1, opt->n_step);
  for (size_t k = 0; k < opt->n_step; k++)
    IP_REQUIRE(opt->step[k] >= 1, IP_ECONFIG, "log.step: expected integers of at least 1, got %" PRId64, opt->step[k]);
  return check_increasing("log.until", opt->n_until, opt->until);
}

static ip_status check_list(const ip_schedule_options *opt, int64_t epochs)
{
  IP_REQUIRE(opt->n_list || opt->final, IP_ECONFIG, "log.list: expected the epochs to log, such as [0, 10, 100]");
  for (size_t k = 0; k < opt->n_list; k++)
    IP_REQUIRE(opt->list[k] >= 0 && opt->list[k] <= epochs, IP_ECONFIG,
               "log.list: expected epochs from 0 to training.epochs (%" PRId64 "), got %" PRId64, epochs, opt->list[k]);
  return check_increasing("log.list", opt->n_list, opt->list);
}

static ip_status check(const ip_schedule_options *opt, int64_t epochs)
{
  IP_REQUIRE(epochs >= 1, IP_ECONFIG, "training.epochs: expected at least 1, got %" PRId64, epochs);
  switch (opt->kind) {
  case IP_SCHEDULE_LOG:
    IP_REQUIRE(opt->count >= 2 && opt->count <= MOST_LOGGED, IP_ECONFIG, "log.count: expected 2 to %d, got %" PRId64,
               MOST_LOGGED, opt->count);
    return IP_OK;
  case IP_SCHEDULE_PIECEWISE:
    return check_piecewise(opt);
  case IP_SCHEDULE_EVERY:
    IP_REQUIRE(opt->every >= 1, IP_ECONFIG, "log.every: expected at least 1, got %" PRId64, opt->every);
    return IP_OK;
  case IP_SCHEDULE_EXPLICIT:
    return check_list(opt, epochs);
  }
  IP_FAIL(IP_ECONFIG, "log.schedule: expected log, piecewise, every or list, got number %d", (int)opt->kind);
}

/* --- The epochs --------------------------------------------------------------------------------------------------- */

typedef struct series {
  int64_t *epoch; // (n); NULL: only count
  size_t n;
} series;

/* False if there are too many. */
static bool add(series *s, int64_t epoch)
{
  if (s->epoch) s->epoch[s->n] = epoch;
  return ++s->n <= MOST_LOGGED;
}

static void fill(const ip_schedule_options *opt, int64_t epochs, series *s)
{
  bool room = true;
  int64_t last = -1;
  size_t k = 0; /* piece, or position in the list */
  switch (opt->kind) {
  case IP_SCHEDULE_LOG:
    for (int64_t i = 0; i < opt->count && room; i++) {
      int64_t epoch = log_epoch(i, opt->count, epochs);
      if (epoch > last) room = add(s, epoch);
      last = epoch;
    }
    break;
  case IP_SCHEDULE_PIECEWISE:
    for (int64_t epoch = 0; epoch < epochs && room;) {
      while (k < opt->n_until && epoch >= opt->until[k]) k++;
      if (epoch % opt->step[k] == 0) room = add(s, epoch);
      int64_t end = k < opt->n_until ? least(opt->until[k], epochs) : epochs;
      epoch += least(opt->step[k] - epoch % opt->step[k], end - epoch);
    }
    break;
  case IP_SCHEDULE_EVERY:
    for (int64_t epoch = 0; epoch < epochs && room; epoch += least(opt->every, epochs - epoch)) room = add(s, epoch);
    break;
  case IP_SCHEDULE_EXPLICIT:
    for (; k < opt->n_list && room; k++) room = add(s, last = opt->list[k]);
    break;
  }
  if (opt->final && room && last != epochs) add(s, epochs);
}

ip_status ip_schedule_create(const ip_schedule_options *opt, int64_t epochs, size_t *n, int64_t **epoch)
{
  *n = 0;
  *epoch = NULL;
  IP_TRY(check(opt, epochs));
  series s = {0};
  fill(opt, epochs, &s);
  IP_REQUIRE(s.n <= MOST_LOGGED, IP_ECONFIG, "log.schedule: more than %d logged epochs; log fewer", MOST_LOGGED);
  IP_TRY(IP_NEW(s.epoch, s.n, "epochs to log"));
  s.n = 0;
  fill(opt, epochs, &s);
  *n = s.n;
  *epoch = s.epoch;
  return IP_OK;
}
