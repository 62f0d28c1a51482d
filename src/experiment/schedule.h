/* schedule.h - the epochs at which a run logs its state.
 *
 * Epoch e is the state after e epochs of training, that is, before the updates of the next one; epoch 0 is the initial
 * network. The first three schedules end at most at epochs - 1, as in the code of the papers, which logs at the start
 * of each epoch; `final` adds the trained network.
 */
#ifndef IP_EXPERIMENT_SCHEDULE_H
#define IP_EXPERIMENT_SCHEDULE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* log: floor(2^(i/(count-1) log2(epochs))) - 1 for i = 0 .. count-1, each once (Shwartz-Ziv & Tishby 2017: count 400,
 * which is 274 epochs of 8000); piecewise: every step[0] epochs before until[0], every step[1] before until[1], ...,
 * every step[n_until] to the end (Saxe et al. 2018); every: every step[0] epochs; list: the epochs of the list. */
#define IP_SCHEDULE_LIST(X)                                                                                            \
  X(IP_SCHEDULE_LOG, log)                                                                                              \
  X(IP_SCHEDULE_PIECEWISE, piecewise)                                                                                  \
  X(IP_SCHEDULE_EVERY, every)                                                                                          \
  X(IP_SCHEDULE_EXPLICIT, list)

typedef enum ip_schedule_kind {
#define X(symbol, name) symbol,
  IP_SCHEDULE_LIST(X)
#undef X
} ip_schedule_kind;
const char *const *ip_schedule_names(void);

typedef struct ip_schedule_options {
  ip_schedule_kind kind;
  int64_t count;        /* log: at least 2 */
  int64_t every;        /* every: at least 1 */
  size_t n_until;       /* piecewise */
  const int64_t *until; // (n_until) strictly increasing
  size_t n_step;        /* n_until + 1 */
  const int64_t *step;  // (n_step) at least 1 each
  size_t n_list;
  const int64_t *list; // (n_list) 0 .. epochs
  bool final;
} ip_schedule_options;

/* The epochs, strictly increasing, in a new array (ip_free); at least one. IP_ECONFIG if an option is invalid; the
 * message starts with its key. */
ip_status ip_schedule_create(const ip_schedule_options *opt, int64_t epochs, size_t *n, int64_t **epoch /* (n) */);

#endif
