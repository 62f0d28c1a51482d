/* journal.h - event log of the points of a sweep, an append-only text file.
 *
 * journal.tsv (or journal-K-of-N.tsv of a shard) begins with "# opening N", which orders the journals of a directory
 * without comparing clocks, and has one line per event: time, event, number of the point, name of its
 * run, pid of the worker, message, separated by tabs. A line is written in one call, so a kill leaves whole lines. The
 * state of a point is its last event; `infoplane status` reads these few bytes a point and opens no run file.
 */
#ifndef IP_STUDY_JOURNAL_H
#define IP_STUDY_JOURNAL_H

#include "study/results.h"

/* symbol, word in the file. kept: existed already and matches the configuration. */
#define IP_EVENT_LIST(X)                                                                                               \
  X(IP_EVENT_NONE, none)                                                                                               \
  X(IP_EVENT_STARTED, started)                                                                                         \
  X(IP_EVENT_DONE, done)                                                                                               \
  X(IP_EVENT_KEPT, kept)                                                                                               \
  X(IP_EVENT_STOPPED, stopped)                                                                                         \
  X(IP_EVENT_KILLED, killed)                                                                                           \
  X(IP_EVENT_FAILED, failed)

typedef enum ip_event {
#define X(symbol, word) symbol,
  IP_EVENT_LIST(X) IP_N_EVENTS
#undef X
} ip_event;

const char *ip_event_word(ip_event event);

typedef struct ip_journal ip_journal;

/* Truncates and opens the journal of the shard of `r`. The caller records the kept points again. */
ip_status ip_journal_open(const ip_results *r, ip_journal **out);
void ip_journal_close(ip_journal **j);

/* Adds an event. Tabs and line ends in strings become blanks; of a long message, the end with the reason is kept. A
 * full disk is not a failure: the journal is only informative. */
void ip_journal_add(ip_journal *j, ip_event event, size_t point, const char *run, int64_t pid, const char *message);

/* The last event of each of n points, over the journals of all shards. `see` (may be NULL) is called for every event
 * that is not older than those of the same point that came before; the last call for a point is its state. */
typedef struct ip_journal_entry {
  ip_event event;
  int64_t pid;
  const char *time, *run, *message; /* valid during the call */
} ip_journal_entry;
ip_status ip_journal_read(const ip_results *r, size_t n, uint8_t *last /* (n) ip_event */,
                          void (*see)(void *user, size_t point, const ip_journal_entry *entry), void *user);

#endif
