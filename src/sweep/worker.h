/* worker.h - one worker process: starting it, reading its output, reaping it. For pool.c. */
#ifndef IP_SWEEP_WORKER_H
#define IP_SWEEP_WORKER_H

#include "base/status.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Room for what a worker said on its standard error: the end of it is kept. */
#define IP_WORKER_MESSAGE 2048

typedef struct ip_worker ip_worker;

/* How it ended, by its exit status; no space: it failed because the disk is full. */
typedef enum { IP_WORKER_DONE, IP_WORKER_STOPPED, IP_WORKER_FAILED, IP_WORKER_NO_SPACE, IP_WORKER_DIED } ip_worker_end;

/* Starts `infoplane worker FOLDER POINT --threads N` of this very program, with its descriptors inherited, so that the
 * locks of the directory are held until the last worker has ended. */
ip_status ip_worker_start(const char *folder, size_t point, size_t n_threads, ip_worker **out);

/* Whether an error of ip_worker_start was the limit of open files, processes or memory: fewer workers may do. */
bool ip_worker_had_no_room(void);

pid_t ip_worker_pid(const ip_worker *w);

/* Whether a signal has stopped it (SIGSTOP, SIGTSTP): it then reports nothing until it is continued. */
bool ip_worker_is_stopped(const ip_worker *w);

/* Fills in what poll() should watch; returns how many entries (0 to 2). */
int ip_worker_streams(const ip_worker *w, struct pollfd *polls /* (2) */);

/* How far a worker says it is. */
typedef struct ip_worker_progress {
  double epoch;     /* trained; the last reported */
  bool estimating;  /* training is done */
  double estimated; /* share of the logged epochs, 0 to 1 */
  size_t n_bytes;   /* of all that it has written, signs of life and messages included */
} ip_worker_progress;

/* Reads what is there without waiting. True once the worker has closed both streams. */
bool ip_worker_read(ip_worker *w, ip_worker_progress *progress);

/* Whether it has ended, after it has closed its streams: its files may take longer, on a network that does not answer.
 * Waits up to a tenth of a second. */
bool ip_worker_has_ended(const ip_worker *w);

/* Waits for it and frees it. The message says which signal ended a worker that died. */
void ip_worker_finish(ip_worker **w, ip_worker_end *how, char message[static IP_WORKER_MESSAGE]);

/* Kills it, if there is one, and frees it. */
void ip_worker_destroy(ip_worker **w);

#endif
