#include "file/bytes.h"

#include "base/mem.h"
#include "base/stop.h"
#include "file/regular.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
  LEAST_BUFFER = 1 << 9,
  BUFFER = 1 << 17,
  FIRST_ROOM = 1 << 26 /* of a text: a sparse file declares any size and holds nothing */
};

struct ip_bytes {
  char *path;
  gzFile in; /* reads plain files as they are */
  bool packed;
  bool any_kind;        /* also pipes, and files that are empty */
  bool waits;           /* a pipe or terminal: reading it may block, and a signal ends the program */
  uint64_t file_size;   /* 0: unknown */
  uint32_t size_at_end; /* packed: the size modulo 2^32, as its last four bytes tell */
};

static ip_status look_at(int fd, ip_bytes *b)
{
  struct stat info;
  IP_REQUIRE(fstat(fd, &info) == 0, IP_EIO, "%s: cannot be read: %s", b->path, strerror(errno));
  b->waits = !S_ISREG(info.st_mode);
  IP_REQUIRE(!S_ISDIR(info.st_mode), IP_EIO, "%s: is a directory; expected a file", b->path);
  if (!b->waits) b->file_size = (uint64_t)info.st_size;
  if (b->any_kind) return IP_OK;
  IP_REQUIRE(info.st_size > 0, IP_EFORMAT, "%s: is empty; download or write it again", b->path);
  unsigned char magic[2] = {0}, end[4] = {0};
  if (pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b) {
    b->packed = true;
    if (info.st_size >= 18 && pread(fd, end, 4, info.st_size - 4) == 4)
      b->size_at_end = (uint32_t)end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24;
  }
  return IP_OK;
}

/* Bytes to read at once: a small file needs little memory. */
static unsigned buffer_size(const ip_bytes *b)
{
  if (b->file_size == 0 || b->file_size > BUFFER) return BUFFER;
  return b->file_size < LEAST_BUFFER ? LEAST_BUFFER : (unsigned)b->file_size;
}

static ip_status open_stream(ip_bytes *b)
{
  bool standard_input = b->any_kind && strcmp(b->path, "-") == 0;
  int fd = standard_input ? dup(STDIN_FILENO) : -1;
  if (!standard_input) IP_TRY(ip_file_open(b->path, b->any_kind, &fd));
  IP_REQUIRE(fd >= 0, IP_EIO, "%s: cannot be opened: %s", b->path, strerror(errno));
  ip_status st = look_at(fd, b);
  if (st == IP_OK && !(b->in = gzdopen(fd, "rb")))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "%s: out of memory while unpacking", b->path);
  if (st == IP_OK && b->waits) ip_stop_pause();
  if (st == IP_OK)
    (void)gzbuffer(b->in, buffer_size(b));
  else
    close(fd);
  return st;
}

static ip_status open_path(const char *path, bool any_kind, ip_bytes **out)
{
  *out = NULL;
  ip_bytes *b;
  ip_status st;
  IP_TRY(IP_NEW(b, 1, "file"));
  b->any_kind = any_kind;
  IP_TRY_GOTO(st, IP_STRDUP(b->path, path), failed);
  IP_TRY_GOTO(st, open_stream(b), failed);
  *out = b;
  return IP_OK;
failed:
  ip_bytes_close(&b);
  return st;
}

ip_status ip_bytes_open(const char *path, ip_bytes **out)
{
  return open_path(path, false, out);
}

void ip_bytes_close(ip_bytes **b)
{
  if (!*b) return;
  if ((*b)->in) gzclose_r((*b)->in);
  if ((*b)->in && (*b)->waits) ip_stop_resume();
  ip_free((*b)->path);
  ip_free(*b);
  *b = NULL;
}

ip_status ip_bytes_read(ip_bytes *b, size_t n, void *to, size_t *got)
{
  *got = 0;
  while (*got < n) {
    size_t rest = n - *got;
    int m = gzread(b->in, (char *)to + *got, rest < 1u << 30 ? (unsigned)rest : 1u << 30);
    if (m <= 0) break;
    *got += (size_t)m;
  }
  if (*got == n) return IP_OK;
  int code;
  const char *text = gzerror(b->in, &code), *what = strstr(text, ">: "); /* zlib calls it "<fd:3>: ..." */
  IP_REQUIRE(code != Z_ERRNO, IP_EIO, "%s: cannot be read: %s", b->path, strerror(errno));
  IP_REQUIRE(code != Z_MEM_ERROR, IP_ENOMEM, "%s: out of memory while unpacking", b->path);
  IP_REQUIRE(code == Z_OK || code == Z_STREAM_END, IP_EFORMAT, "%s: %s; download the file again", b->path,
             code == Z_BUF_ERROR ? "the packed file is truncated"
             : what              ? what + 3
                                 : text);
  return IP_OK;
}

/* Room for a text: all of a plain file, and a byte more, at which its end is seen; else a guess. */
static size_t first_room(const ip_bytes *b)
{
  if (b->file_size == 0 || b->file_size >= FIRST_ROOM) return FIRST_ROOM / 512;
  return (size_t)b->file_size + 1;
}

static ip_status read_all(ip_bytes *b, size_t *n, char **text)
{
  size_t room = 0, got = 0;
  for (*n = 0; *n == room; *n += got) {
    size_t wider = room ? 2 * room : first_room(b);
    char *grown = ip_grow(*text, *n, wider + 1, 1, "text of a file");
    if (!grown) return IP_ENOMEM;
    *text = grown;
    room = wider;
    IP_TRY(ip_bytes_read(b, room - *n, *text + *n, &got));
  }
  (*text)[*n] = 0;
  return IP_OK;
}

ip_status ip_bytes_read_text(const char *path, size_t *n, char **text)
{
  ip_bytes *b;
  *text = NULL;
  IP_TRY(open_path(path, true, &b));
  ip_status st = read_all(b, n, text);
  ip_bytes_close(&b);
  if (st == IP_OK) return IP_OK;
  ip_free(*text);
  *text = NULL;
  return st;
}

ip_status ip_bytes_rewind(ip_bytes *b)
{
  IP_REQUIRE(gzrewind(b->in) == 0, IP_EIO, "%s: cannot be read twice; expected a file on a disk", b->path);
  return IP_OK;
}

static ip_status check_size(const ip_bytes *b, uint64_t size, uint64_t held)
{
  IP_REQUIRE(held == size, IP_EFORMAT,
             "%s: holds %s%" PRIu64 " bytes where its header announces %" PRIu64 ": it is %s; download the file again",
             b->path, b->packed ? "(unpacked) " : "", held, size, held < size ? "truncated" : "damaged");
  return IP_OK;
}

ip_status ip_bytes_expect(ip_bytes *b, uint64_t header, uint64_t size)
{
  if (!b->packed) return check_size(b, size, b->file_size);
  IP_TRY(ip_bytes_plausible(b->path, size));
  if (b->size_at_end == (uint32_t)size) return IP_OK;
  unsigned char block[4096];
  uint64_t held = 0;
  size_t got = 0;
  IP_TRY(ip_bytes_rewind(b));
  do {
    IP_TRY(ip_bytes_read(b, sizeof block, block, &got));
    held += got;
  } while (got == sizeof block);
  IP_TRY(check_size(b, size, held));
  IP_TRY(ip_bytes_rewind(b));
  for (uint64_t left = header; left > 0; left -= got)
    IP_TRY(ip_bytes_read(b, left < sizeof block ? (size_t)left : sizeof block, block, &got));
  return IP_OK;
}

ip_status ip_bytes_plausible(const char *path, uint64_t size)
{
  struct stat info;
  IP_REQUIRE(stat(path, &info) == 0, IP_EIO, "%s: cannot be read: %s", path, strerror(errno));
  IP_REQUIRE(size / IP_BYTES_DEFLATE_RATIO <= (uint64_t)info.st_size, IP_EFORMAT,
             "%s: announces %" PRIu64
             " bytes of content, which a file of %lld bytes cannot hold: its header is damaged",
             path, size, (long long)info.st_size);
  return IP_OK;
}
