#include "sweep/silence.h"

#include <signal.h>
#include <stdio.h>

enum { STOPPED_S = 3, SILENT_S = 600 };

bool ip_silence_check(ip_silence *s, const ip_worker *w, double now_s, double limit_s,
                      char report[static IP_SILENCE_TEXT])
{
  double silent_s = now_s - s->heard_s;
  bool at_limit = limit_s > 0 && silent_s >= limit_s;
  if (s->killed_s > 0 || (!at_limit && silent_s < STOPPED_S)) return false;
  bool stopped = ip_worker_is_stopped(w), *is_reported = stopped ? &s->stop_is_reported : &s->silence_is_reported;
  if (!at_limit && (*is_reported || (!stopped && silent_s < SILENT_S))) return false;
  *is_reported = true;
  const char *advice = !stopped ? ""
                       : at_limit
                           ? "; a signal had stopped it"
                           : "; a signal has stopped it: continue it with kill -CONT, or kill it to start it again";
  snprintf(report, IP_SILENCE_TEXT, "the worker is %s%s: process %ld has reported nothing for %.0f s%s",
           stopped ? "stopped" : "silent", at_limit ? " and is killed" : "", (long)ip_worker_pid(w), silent_s, advice);
  if (!at_limit) return true;
  s->killed_s = silent_s;
  kill(ip_worker_pid(w), SIGKILL);
  return true;
}
