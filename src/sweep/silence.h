/* silence.h - when a worker counts as silent, and what is done about it. For pool.c.
 *
 * A worker reports at least once a second, unless a step of its work lasts longer (base/alive.h). After 3 s it is
 * looked at whether a signal has stopped it, and that is reported; after 10 minutes, any silence is. After the limit
 * that the experiment sets (silent_limit), the worker is killed, which also ends one that is stopped.
 */
#ifndef IP_SWEEP_SILENCE_H
#define IP_SWEEP_SILENCE_H

#include "sweep/worker.h"

typedef struct ip_silence {
  double heard_s;   /* when the worker last wrote anything, or was started */
  bool stop_is_reported, silence_is_reported; /* since then */
  double killed_s;  /* it was killed after so many seconds of silence; 0: it was not */
} ip_silence;

enum { IP_SILENCE_TEXT = 200 };

/* Checks a worker that wrote nothing, and kills it after limit_s (0: never). False: nothing to report. */
bool ip_silence_check(ip_silence *s, const ip_worker *w, double now_s, double limit_s,
                      char report[static IP_SILENCE_TEXT]);

#endif
