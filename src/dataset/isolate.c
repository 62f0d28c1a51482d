#define _GNU_SOURCE /* memfd_create */
#include "dataset/isolate.h"

#include "dataset/source.h"
#include "dataset/transfer.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static ip_dataset_isolation *isolation;

void ip_dataset_isolate(ip_dataset_isolation *how)
{
  isolation = how;
}

bool ip_dataset_is_isolated(const ip_dataset_options *opt)
{
  return isolation && ip_source_needs_library(opt);
}

typedef struct {
  const ip_dataset_options *opt;
  uint64_t seed;
  int fd;
} task;

/* In the child. */
static ip_status create_and_send(void *context)
{
  const task *t = context;
  ip_dataset *ds;
  IP_TRY(ip_dataset_create_here(t->opt, t->seed, &ds));
  ip_status st = ip_dataset_send(ds, t->fd);
  ip_dataset_destroy(&ds);
  return st;
}

ip_status ip_dataset_create_isolated(const ip_dataset_options *opt, uint64_t seed, ip_dataset **out)
{
  *out = NULL;
  task t = {.opt = opt, .seed = seed, .fd = memfd_create("infoplane-dataset", MFD_CLOEXEC)};
  IP_REQUIRE(t.fd >= 0, IP_ENOMEM, "%s: no memory to share with the process that reads it: %s", opt->name,
             strerror(errno));
  ip_status st = isolation(create_and_send, &t);
  if (st == IP_OK) st = ip_dataset_receive(opt->name, t.fd, out);
  close(t.fd);
  return st;
}
