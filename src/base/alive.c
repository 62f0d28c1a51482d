#include "base/alive.h"

#include "base/clock.h"

#include <stdatomic.h>
#include <stdint.h>

static _Atomic(FILE *) stream;
static _Atomic int64_t last_s; /* of the clock */

void ip_alive_report(FILE *out)
{
  atomic_store(&stream, out);
}

void ip_alive(void)
{
  FILE *out = atomic_load_explicit(&stream, memory_order_relaxed);
  if (!out) return;
  int64_t now = (int64_t)ip_clock_s(), last = atomic_load(&last_s);
  if (now == last || !atomic_compare_exchange_strong(&last_s, &last, now)) return; /* another thread has */
  fputc('\n', out);
  fflush(out);
}
