/* OpenBLAS starts its threads when it is loaded, before main. Where memory is limited, as batch systems do, one of them
 * loops on a refused request and the program never ends; where processes are limited, the program is interrupted. The
 * threads are not used. So under such a limit the program is executed once more, with one thread, before any library
 * has begun. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FEW_PROCESSES = 8192 };

static int is_limited(void)
{
  struct rlimit memory, processes;
  return (!getrlimit(RLIMIT_AS, &memory) && memory.rlim_cur != RLIM_INFINITY) ||
         (!getrlimit(RLIMIT_NPROC, &processes) && processes.rlim_cur < FEW_PROCESSES);
}

static void begin(int argc, char **argv, char **environment)
{
  static char one[] = "OPENBLAS_NUM_THREADS=1";
  static const char launcher[] = "INFOPLANE_PROGRAM="; /* base/program.h: getenv does not work yet */
  const char *program = "/proc/self/exe";
  size_t n = 0;
  (void)argc;
  for (; environment[n]; n++)
    if (!strncmp(environment[n], one, sizeof one - 2))
      return;
    else if (!strncmp(environment[n], launcher, sizeof launcher - 1) && environment[n][sizeof launcher - 1])
      program = environment[n] + sizeof launcher - 1;
  if (!is_limited()) return;
  char **larger = malloc((n + 2) * sizeof *larger);
  if (!larger) return;
  larger[0] = one;
  memcpy(larger + 1, environment, (n + 1) * sizeof *larger);
  execve(program, argv, larger);
  free(larger); /* it goes on with the threads of the library */
}

/* The system calls what is in this section before the libraries' own beginnings. */
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = begin;
