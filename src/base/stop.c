#include "base/stop.h"

#include "base/alive.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

static atomic_bool stop_flag; /* without a lock, hence for signals too */
_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "a signal handler may set the flag");

static void raise_flag(int sig)
{
  atomic_store(&stop_flag, true);
  signal(sig, SIG_DFL);
}

static bool installed;

static void handle(void (*handler)(int))
{
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = handler;
  sigemptyset(&sa.sa_mask);
  sa.sa_flags = SA_RESTART; /* a write under way finishes: nothing is torn by the signal itself */
  sigaction(SIGINT, &sa, NULL);
  sigaction(SIGTERM, &sa, NULL);
}

void ip_stop_install(void)
{
  sigset_t blocked;
  installed = true;
  handle(raise_flag);
  sigemptyset(&blocked); /* whoever started this process may have blocked them, and exec keeps that */
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &blocked, NULL);
  signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit of file sizes fails with EFBIG, and the message says so */
}

void ip_stop_pause(void)
{
  if (installed) handle(SIG_DFL);
}

void ip_stop_resume(void)
{
  if (installed) handle(raise_flag);
}

bool ip_stop_requested(void)
{
  ip_alive();
  return atomic_load(&stop_flag);
}

void ip_stop_set(bool stop)
{
  atomic_store(&stop_flag, stop);
}

ip_status ip_stop_check(void)
{
  IP_REQUIRE(!ip_stop_requested(), IP_ESTOPPED, "stopped on request; what was logged is kept");
  return IP_OK;
}
