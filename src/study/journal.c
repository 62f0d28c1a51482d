#include "study/journal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "file/regular.h"
#include "study/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_LENGTH = 2048 };

struct ip_journal {
  int fd;
};

const char *ip_event_word(ip_event event)
{
#define X(symbol, word) [symbol] = #word,
  static const char *const words[] = {IP_EVENT_LIST(X)};
#undef X
  return words[event];
}

/* The number K of a name "journal-K-of-N.tsv" and N; 1 and 1 for "journal.tsv". Other files are the user's. */
static bool is_journal(const char *name, ip_shard *shard)
{
  unsigned long k = 1, n = 1;
  char again[64];
  if (strcmp(name, IP_FILE_JOURNAL IP_ENDING_JOURNAL) != 0) {
    if (sscanf(name, IP_FILE_JOURNAL "-%9lu-of-%9lu", &k, &n) != 2 || n < 2 || k < 1 || k > n) return false;
    snprintf(again, sizeof again, IP_FILE_JOURNAL "-%lu-of-%lu" IP_ENDING_JOURNAL, k, n);
    if (strcmp(name, again) != 0) return false;
  }
  *shard = (ip_shard){k, n};
  return true;
}

/* Who works on all points says everything again. */
static void drop_others(const ip_results *r)
{
  DIR *d = opendir(r->path);
  if (!d) return;
  ip_shard shard;
  for (struct dirent *entry; (entry = readdir(d));)
    if (is_journal(entry->d_name, &shard)) unlinkat(dirfd(d), entry->d_name, 0);
  closedir(d);
}

/* Journals of several cuts into shards and of whole sweeps may exist side by side. Each begins with a number above
 * those of the journals that existed when it was opened: the clocks of two machines do not say which is newer. */
static const char opening_format[] = "# opening %lu\n";

/* The number that a journal begins with; 0 if it has none. */
static unsigned long opening_of(FILE *in)
{
  char line[64];
  unsigned long opening = 0;
  if (!fgets(line, sizeof line, in) || sscanf(line, opening_format, &opening) != 1) rewind(in);
  return opening;
}

static unsigned long last_opening(const ip_results *r)
{
  unsigned long last = 0;
  ip_shard shard;
  DIR *d = opendir(r->path);
  if (!d) return 0;
  for (struct dirent *entry; (entry = readdir(d));) {
    if (!is_journal(entry->d_name, &shard)) continue;
    int fd = openat(dirfd(d), entry->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
    unsigned long one = in ? opening_of(in) : 0;
    if (one > last) last = one;
    if (in)
      fclose(in);
    else if (fd >= 0)
      close(fd);
  }
  closedir(d);
  return last;
}

ip_status ip_journal_open(const ip_results *r, ip_journal **out)
{
  char *path;
  *out = NULL;
  unsigned long opening = last_opening(r) + 1;
  if (r->shard.n == 1) drop_others(r);
  if (r->shard.n > 1)
    IP_TRY(IP_FORMAT(path, "%s/" IP_FILE_JOURNAL "-%zu-of-%zu" IP_ENDING_JOURNAL, r->path, r->shard.k, r->shard.n));
  else
    IP_TRY(IP_FORMAT(path, "%s/" IP_FILE_JOURNAL IP_ENDING_JOURNAL, r->path));
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
  ip_status st =
      fd >= 0 ? IP_NEW(*out, 1, "journal")
              : ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "%s: cannot be written: %s", path, strerror(errno));
  ip_free(path);
  if (st == IP_OK) {
    (*out)->fd = fd;
    dprintf(fd, opening_format, opening);
  } else if (fd >= 0)
    close(fd);
  return st;
}

void ip_journal_close(ip_journal **j)
{
  if (!*j) return;
  close((*j)->fd);
  ip_free(*j);
  *j = NULL;
}

void ip_journal_add(ip_journal *j, ip_event event, size_t point, const char *run, int64_t pid, const char *message)
{
  char line[LINE_LENGTH], time[21], text[1024];
  ip_clock_utc(time);
  size_t length = message ? strlen(message) : 0, most = sizeof text - 1;
  snprintf(text, sizeof text, "%s", length > most ? message + (length - most) : length ? message : "");
  for (char *c = text; *c; c++)
    if ((unsigned char)*c < ' ') *c = ' ';
  int n = snprintf(line, sizeof line, "%s\t%s\t%zu\t%.700s\t%lld\t%s\n", time, ip_event_word(event), point, run,
                   (long long)pid, text);
  if (n > 0 && write(j->fd, line, (size_t)n) < 0) return;
}

/* ---------------------------------------------------------------- reading */

typedef struct {
  size_t n;
  uint8_t *last;
  unsigned long opening; /* of the journal that is read */
  unsigned long *newest; // (n) that of the last event
  void (*see)(void *user, size_t point, const ip_journal_entry *entry);
  void *user;
} reading;

static ip_event event_of(const char *word)
{
  for (int e = 0; e < IP_N_EVENTS; e++)
    if (!strcmp(ip_event_word((ip_event)e), word)) return (ip_event)e;
  return IP_EVENT_NONE;
}

/* A line that is none of ours (cut by a full disk) says nothing. */
static void read_line(const reading *rd, char *line)
{
  char *field[6], *at = line;
  line[strcspn(line, "\n")] = 0;
  for (size_t i = 0; i < 6; i++) {
    if (!at) return;
    field[i] = at;
    at = strchr(at, '\t');
    if (at) *at++ = 0;
  }
  int64_t point, pid;
  if (!ip_parse_int(field[2], &point) || !ip_parse_int(field[4], &pid) || point < 0 || (size_t)point >= rd->n) return;
  ip_journal_entry entry = {event_of(field[1]), pid, field[0], field[3], field[5]};
  if (rd->opening < rd->newest[point]) return;
  rd->newest[point] = rd->opening;
  rd->last[point] = (uint8_t)entry.event;
  if (rd->see) rd->see(rd->user, (size_t)point, &entry);
}

static ip_status read_journal(reading *rd, const char *folder, const char *name)
{
  char *path, line[LINE_LENGTH];
  IP_TRY(IP_FORMAT(path, "%s/%s", folder, name));
  FILE *in;
  ip_status st = ip_file_stream(path, false, &in);
  ip_free(path);
  IP_TRY(st);
  rd->opening = opening_of(in);
  while (fgets(line, sizeof line, in)) read_line(rd, line);
  fclose(in);
  return IP_OK;
}

ip_status ip_journal_read(const ip_results *r, size_t n, uint8_t *last,
                          void (*see)(void *user, size_t point, const ip_journal_entry *entry), void *user)
{
  memset(last, IP_EVENT_NONE, n);
  reading rd = {.n = n, .last = last, .see = see, .user = user};
  DIR *d = opendir(r->path);
  IP_REQUIRE(d, IP_EIO, "%s: cannot be read: %s", r->path, strerror(errno));
  ip_status st = IP_NEW(rd.newest, n, "order of events");
  ip_shard shard;
  for (struct dirent *entry; st == IP_OK && (entry = readdir(d));)
    if (is_journal(entry->d_name, &shard)) st = read_journal(&rd, r->path, entry->d_name);
  closedir(d);
  ip_free(rd.newest);
  return st;
}
