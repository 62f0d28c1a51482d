#include "base/stop.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t stop_flag;

static void raise_flag(int sig)
{
  stop_flag = 1;
  signal(sig, SIG_DFL);
}

void ip_stop_install(void)
{
  struct sigaction sa;
  memset(&sa, 0, sizeof sa);
  sa.sa_handler = raise_flag;
  sigemptyset(&sa.sa_mask);
  sa.sa_flags = SA_RESTART; /* a write under way finishes: nothing is torn by the signal itself */
  sigaction(SIGINT, &sa, NULL);
  sigaction(SIGTERM, &sa, NULL);
}

bool ip_stop_requested(void)
{
  return stop_flag != 0;
}

void ip_stop_set(bool stop)
{
  stop_flag = stop;
}

ip_status ip_stop_check(void)
{
  IP_REQUIRE(!stop_flag, IP_ESTOPPED, "stopped on request; what was logged is kept");
  return IP_OK;
}
