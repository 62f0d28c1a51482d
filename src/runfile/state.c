#include "runfile/state.h"

#include "base/advice.h"
#include "base/mem.h"
#include "file/digest.h"
#include "file/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two headers stand at the beginning, two states behind them. */
typedef struct {
  char magic[16];
  uint64_t n_epochs, n;
  int64_t next_epoch;
  char digest[IP_DIGEST_TEXT + 7];
} slot;

enum { HEADERS = 4096 };
static const char magic[16] = "infoplane state";

static off_t header_at(size_t n_epochs)
{
  return (off_t)((n_epochs % 2) * sizeof(slot));
}

static off_t state_at(size_t n_epochs, uint64_t n)
{
  uint64_t room = (n + HEADERS - 1) / HEADERS * HEADERS;
  return (off_t)(HEADERS + (n_epochs % 2) * room);
}

static void digest(slot s, const void *state, char text[static IP_DIGEST_TEXT])
{
  ip_digest d;
  memset(s.digest, 0, sizeof s.digest);
  ip_digest_begin(&d);
  ip_digest_add(&d, &s, sizeof s);
  ip_digest_add(&d, state, s.n);
  ip_digest_end(&d, text);
}

static bool write_all(int fd, const void *bytes, size_t n, off_t at)
{
  for (size_t done = 0; done < n;) {
    ssize_t put = pwrite(fd, (const char *)bytes + done, n - done, at + (off_t)done);
    if (put < 0 && errno != EINTR) return false;
    if (put > 0) done += (size_t)put;
  }
  return true;
}

static bool read_all(int fd, void *bytes, size_t n, off_t at)
{
  for (size_t done = 0; done < n;) {
    ssize_t got = pread(fd, (char *)bytes + done, n - done, at + (off_t)done);
    if (got == 0 || (got < 0 && errno != EINTR)) return false;
    if (got > 0) done += (size_t)got;
  }
  return true;
}

ip_status ip_run_state_put(const char *path, size_t n_epochs, int64_t next_epoch, size_t n, const void *state)
{
  slot s;
  memset(&s, 0, sizeof s);
  memcpy(s.magic, magic, sizeof magic);
  s.n_epochs = n_epochs;
  s.n = n;
  s.next_epoch = next_epoch;
  char text[IP_DIGEST_TEXT];
  digest(s, state, text);
  memcpy(s.digest, text, sizeof text);
  int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
  bool done =
      fd >= 0 && write_all(fd, state, n, state_at(n_epochs, n)) && write_all(fd, &s, sizeof s, header_at(n_epochs));
  int failed = errno;
  if (fd >= 0 && close(fd) && done) {
    done = false;
    failed = errno;
  }
  IP_REQUIRE(done, ip_status_of_write(failed), "%s: cannot be written: %s%s", path, strerror(failed),
             ip_advice_on_writing(failed));
  return IP_OK;
}

ip_status ip_run_state_get(const char *path, size_t n_epochs, int64_t *next_epoch, size_t *n, void **state)
{
  *state = NULL;
  *n = 0;
  int fd;
  if (ip_file_open(path, false, &fd) != IP_OK) return IP_EFORMAT;
  slot s;
  struct stat file;
  bool good = !fstat(fd, &file) && read_all(fd, &s, sizeof s, header_at(n_epochs)) &&
              !memcmp(s.magic, magic, sizeof magic) && s.n_epochs == n_epochs && s.n <= (uint64_t)file.st_size;
  char *bytes = good ? ip_alloc(s.n, 1, "state to go on from") : NULL;
  ip_status st = good && !bytes ? IP_ENOMEM : IP_OK;
  if (bytes) {
    char text[IP_DIGEST_TEXT] = "";
    good = read_all(fd, bytes, s.n, state_at(n_epochs, s.n));
    if (good) digest(s, bytes, text);
    if (!good || memcmp(text, s.digest, sizeof text)) {
      good = false;
      ip_free(bytes);
    }
  }
  close(fd);
  IP_TRY(st);
  IP_REQUIRE(good, IP_EFORMAT, "%s: contains no state after %zu logged epochs", path, n_epochs);
  *next_epoch = s.next_epoch;
  *n = s.n;
  *state = bytes;
  return IP_OK;
}
