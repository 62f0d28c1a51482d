/* process.h - other programs, started without a shell, heard and waited for. */
#ifndef IP_BASE_PROCESS_H
#define IP_BASE_PROCESS_H

#include "base/status.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct ip_process_spec {
  const char *const *argv;      /* the program, looked up in PATH, and its arguments; ends with NULL */
  const char *file;             /* executed in place of argv[0]; NULL: argv[0] */
  const char *variable, *value; /* added to the environment; NULL: nothing */
  bool inherits_in;             /* standard input is that of this process; else /dev/null */
  bool ends_with_parent; /* SIGKILL when this process has ended, however that was: it also ends what is stopped */
  double seconds;        /* ip_process_run kills it after that time; 0: no limit */
} ip_process_spec;

typedef struct ip_process {
  pid_t pid;
  int out, err; /* what it writes on its standard streams, for reading; -1: closed */
} ip_process;

/* Starts a program; every other descriptor without FD_CLOEXEC is inherited. Returns 0, or the errno that says why it
 * could not be started: ENOENT where there is no such program. */
int ip_process_start(const ip_process_spec *spec, ip_process *p);

/* Waits for its end; the status is that of waitpid. */
int ip_process_wait(const ip_process *p);

typedef struct ip_process_result {
  int error;        /* why it could not be started, or 0 */
  int exit, signal; /* exit status; the signal that ended it, or 0 */
  bool timed_out;   /* it was killed after the time of its limit */
  char *out, *err;  /* the first MiB of what it wrote; freed by ip_process_result_free */
} ip_process_result;

/* Runs a program to its end and keeps what it wrote. It is ended when stopping is requested (base/stop.h). Fails only
 * without memory. */
ip_status ip_process_run(const ip_process_spec *spec, ip_process_result *r);
void ip_process_result_free(ip_process_result *r);

/* What argv wrote on its standard output, in a new string. IP_ECHILD, with what it wrote on standard error, when it is
 * not installed, its exit status is not 0, or it has not ended after `seconds`; IP_ESTOPPED when stopping was
 * requested. It ends with this process. */
ip_status ip_process_output(const char *const *argv, double seconds, char **out);

#endif
