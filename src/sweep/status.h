/* status.h - progress of a sweep, from its journals alone.
 *
 * For infoplane status. Reads about a hundred bytes per point and opens no run file, so ten thousand points take a
 * fraction of a second. Acquires no lock, so it may be called during a sweep.
 */
#ifndef IP_SWEEP_STATUS_H
#define IP_SWEEP_STATUS_H

#include "study/journal.h"

/* symbol, word, meaning */
#define IP_PROGRESS_LIST(X)                                                                                            \
  X(IP_STATE_DONE, done, "finished")                                                                                   \
  X(IP_STATE_RUNNING, running, "in progress")                                                                          \
  X(IP_STATE_INTERRUPTED, interrupted, "stopped or killed; can be resumed, a sweep by infoplane run")                  \
  X(IP_STATE_FAILED, failed, "ended with an error; the next infoplane run retries it")                                 \
  X(IP_STATE_PENDING, pending, "not started")

typedef enum ip_state {
#define X(symbol, word, meaning) symbol,
  IP_PROGRESS_LIST(X) IP_N_STATES
#undef X
} ip_state;

const char *ip_state_word(ip_state s);
const char *ip_state_meaning(ip_state s);

typedef struct ip_sweep_status {
  char *experiment; /* its name */
  size_t n_tags;
  char **tag; // (n_tags)
  size_t n_points, count[IP_N_STATES];
  uint8_t *state; // (n_points) ip_state
  /* Points that failed, with the reason, and points that are running. */
  size_t n_entries;
  struct ip_sweep_entry {
    size_t point;
    char *run, *message;
    int64_t pid;
  } * entry; // (n_entries)
} ip_sweep_status;

/* IP_EIO if `folder` is not a results directory. */
ip_status ip_sweep_status_read(const char *folder, ip_sweep_status **out);

/* What a run file of any program says of itself. Has no pointers, so another process may fill it in. */
typedef struct ip_file_status {
  bool is_known;   /* false: nothing is known of the file */
  int state;       /* ip_state; IP_STATE_FAILED: it cannot be opened */
  size_t n_epochs; /* logged */
  char text[512];  /* the name of the experiment, or why the file cannot be opened */
} ip_file_status;

/* Opens a run file. Fails only without memory. */
ip_status ip_sweep_look_at_file(const char *file, ip_file_status *out);

/* The status of (n) run files, of which `found` (n) is known. A file of which nothing is known has failed. */
ip_status ip_sweep_status_files(const char *name, size_t n, const char *const *file, const ip_file_status *found,
                                ip_sweep_status **out);
void ip_sweep_status_destroy(ip_sweep_status **s);

#endif
