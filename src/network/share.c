#include "network/inside.h"

#include "num/flush.h"

typedef struct job {
  void (*work)(void *what, size_t part, size_t n);
  void *what;
} job;

/* The caller has set the flags of its own thread. */
static void do_part(void *what, size_t part, size_t n)
{
  const job *j = what;
  uint64_t flags = ip_flush_begin();
  j->work(j->what, part, n);
  ip_flush_end(flags);
}

void ip_network_share(ip_team *team, void (*work)(void *what, size_t part, size_t n), void *what)
{
  if (ip_team_size(team) == 1) {
    work(what, 0, 1);
    return;
  }
  job j = {work, what};
  ip_team_run(team, do_part, &j);
}
