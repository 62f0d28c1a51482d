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

static bool is_journal(const char *name)
{
  size_t n = strlen(name);
  return !strncmp(name, IP_FILE_JOURNAL, strlen(IP_FILE_JOURNAL)) && n > 4 && !strcmp(name + n - 4, IP_ENDING_JOURNAL);
}

/* Who works on all points says everything again. */
static void drop_others(const ip_results *r)
{
  DIR *d = opendir(r->path);
  if (!d) return;
  for (struct dirent *entry; (entry = readdir(d));)
    if (is_journal(entry->d_name)) unlinkat(dirfd(d), entry->d_name, 0);
  closedir(d);
}

ip_status ip_journal_open(const ip_results *r, ip_journal **out)
{
  char *path;
  *out = NULL;
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
  if (st == IP_OK)
    (*out)->fd = fd;
  else if (fd >= 0)
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
  int64_t *when; // (n) time of the last event, digits of its text
  void (*see)(void *user, size_t point, const ip_journal_entry *entry);
  void *user;
} reading;

static ip_event event_of(const char *word)
{
  for (int e = 0; e < IP_N_EVENTS; e++)
    if (!strcmp(ip_event_word((ip_event)e), word)) return (ip_event)e;
  return IP_EVENT_NONE;
}

/* "2026-01-31T12:00:00Z" as 20260131120000: shards of an earlier cut and whole sweeps leave journals side by side, and
 * the latest word on a point counts. */
static int64_t digits(const char *time)
{
  int64_t v = 0;
  for (; *time; time++)
    if (*time >= '0' && *time <= '9' && v < INT64_MAX / 100) v = 10 * v + (*time - '0');
  return v;
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
  int64_t when = digits(entry.time);
  if (when < rd->when[point]) return;
  rd->when[point] = when;
  rd->last[point] = (uint8_t)entry.event;
  if (rd->see) rd->see(rd->user, (size_t)point, &entry);
}

static ip_status read_journal(const reading *rd, const char *folder, const char *name)
{
  char *path, line[LINE_LENGTH];
  IP_TRY(IP_FORMAT(path, "%s/%s", folder, name));
  FILE *in;
  ip_status st = ip_file_stream(path, false, &in);
  ip_free(path);
  IP_TRY(st);
  while (fgets(line, sizeof line, in)) read_line(rd, line);
  fclose(in);
  return IP_OK;
}

ip_status ip_journal_read(const ip_results *r, size_t n, uint8_t *last,
                          void (*see)(void *user, size_t point, const ip_journal_entry *entry), void *user)
{
  memset(last, IP_EVENT_NONE, n);
  reading rd = {n, last, NULL, see, user};
  DIR *d = opendir(r->path);
  IP_REQUIRE(d, IP_EIO, "%s: cannot be read: %s", r->path, strerror(errno));
  ip_status st = IP_NEW(rd.when, n, "times of events");
  for (struct dirent *entry; st == IP_OK && (entry = readdir(d));)
    if (is_journal(entry->d_name)) st = read_journal(&rd, r->path, entry->d_name);
  closedir(d);
  ip_free(rd.when);
  return st;
}
