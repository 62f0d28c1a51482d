#include "file/h5_header.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Object headers of version 1 (HDF5 File Format Specification IV.A.1.a): a prefix and messages of 8 bytes and their
 * body each; messages beyond the first block are in blocks that other messages name. All numbers are little-endian,
 * as those in memory, which are written as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers of the file are those in memory");

enum { PREFIX = 16, MESSAGE = 8, MAX_BODY = 512, MAX_BLOCKS = 64 };
enum { DATASPACE = 0x0001, LAYOUT = 0x0008, ATTRIBUTE = 0x000c, CONTINUATION = 0x0010 };

int ip_h5_put_bytes(int fd, const void *bytes, size_t n, uint64_t at)
{
  for (size_t done = 0; done < n;) {
    ssize_t put = pwrite(fd, (const char *)bytes + done, n - done, (off_t)(at + done));
    if (put < 0 && errno != EINTR) return errno;
    if (put == 0) return EIO;
    if (put > 0) done += (size_t)put;
  }
  return 0;
}

int ip_h5_get_bytes(int fd, void *bytes, size_t n, uint64_t at)
{
  for (size_t done = 0; done < n;) {
    ssize_t got = pread(fd, (char *)bytes + done, n - done, (off_t)(at + done));
    if (got < 0 && errno != EINTR) return errno;
    if (got == 0) return EIO;
    if (got > 0) done += (size_t)got;
  }
  return 0;
}

bool ip_h5_descriptor(ip_h5 *h, int *fd)
{
  void *handle = NULL;
  bool found = !h->lost && !h->reads && H5Fget_vfd_handle(h->file, H5P_DEFAULT, &handle) >= 0 && handle;
  if (found) *fd = *(int *)handle;
  H5Eclear2(H5E_DEFAULT);
  return found;
}

uint64_t ip_h5_u16(const unsigned char *p)
{
  return p[0] | (uint64_t)p[1] << 8;
}

uint64_t ip_h5_u64(const unsigned char *p)
{
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | p[i];
  return value;
}

/* ---------------------------------------------------------------- the messages of a header */

/* Whether `body` (n bytes) of a message is the one looked for; *offset is then that of the place in it. */
typedef bool matcher(const unsigned char *body, size_t n, const void *what, size_t *offset);

typedef struct {
  size_t n;
  struct {
    uint64_t at, size;
  } block[MAX_BLOCKS];
} blocks;

static void add_block(blocks *b, uint64_t at, uint64_t size)
{
  if (b->n == MAX_BLOCKS) return;
  b->block[b->n].at = at;
  b->block[b->n++].size = size;
}

/* Looks through block i, and notes the blocks that it names. Of a long message the first bytes are read. */
static bool search_block(int fd, size_t i, size_t type, matcher *matches, const void *what, blocks *b, uint64_t *at)
{
  unsigned char head[MESSAGE], body[MAX_BODY];
  uint64_t message = b->block[i].at, end = message + b->block[i].size;
  while (message + MESSAGE <= end && !ip_h5_get_bytes(fd, head, sizeof head, message)) {
    size_t kind = ip_h5_u16(head), size = ip_h5_u16(head + 2), n = size < MAX_BODY ? size : MAX_BODY, offset;
    uint64_t place = message + MESSAGE;
    bool is_read = kind == type || kind == CONTINUATION;
    if (place + size > end || (is_read && ip_h5_get_bytes(fd, body, n, place))) return false;
    if (kind == CONTINUATION && n >= 16) add_block(b, ip_h5_u64(body), ip_h5_u64(body + 8));
    if (kind == type && matches(body, n, what, &offset)) {
      *at = place + offset;
      return true;
    }
    message = place + size;
  }
  return false;
}

static bool search(int fd, uint64_t header, size_t type, matcher *matches, const void *what, uint64_t *at)
{
  unsigned char prefix[PREFIX];
  if (ip_h5_get_bytes(fd, prefix, sizeof prefix, header) || prefix[0] != 1) return false;
  blocks b = {0};
  add_block(&b, header + PREFIX, ip_h5_u64(prefix + 8) & UINT32_MAX);
  for (size_t i = 0; i < b.n; i++)
    if (search_block(fd, i, type, matches, what, &b, at)) return true;
  return false;
}

/* The address of the header of an object, in a file whose addresses are offsets from its beginning. */
static bool address_of(ip_h5 *h, const char *object, uint64_t *header)
{
  unsigned char superblock[32];
  int fd;
  if (!ip_h5_descriptor(h, &fd) || ip_h5_get_bytes(fd, superblock, sizeof superblock, 0)) return false;
  bool known = !memcmp(superblock, "\211HDF\r\n\032\n", 8) && superblock[8] == 0 && superblock[13] == 8 &&
               superblock[14] == 8 && ip_h5_u64(superblock + 24) == 0;
  hid_t id = known ? H5Oopen(h->file, object, H5P_DEFAULT) : H5I_INVALID_HID;
  H5O_info_t info;
  bool found = id >= 0 && H5Oget_info(id, &info) >= 0;
  if (found) *header = info.addr;
  if (id >= 0) H5Oclose(id);
  H5Eclear2(H5E_DEFAULT);
  return found;
}

/* ---------------------------------------------------------------- lengths, chunks and texts */

static bool is_dataspace(const unsigned char *body, size_t n, const void *what, size_t *offset)
{
  (void)what;
  *offset = 8;
  return n >= 16 && body[0] == 1 && body[1] >= 1;
}

bool ip_h5_find_length(ip_h5 *h, const char *name, uint64_t *at)
{
  uint64_t header;
  int fd;
  return ip_h5_descriptor(h, &fd) && address_of(h, name, &header) &&
         search(fd, header, DATASPACE, is_dataspace, NULL, at);
}

static bool is_chunked(const unsigned char *body, size_t n, const void *what, size_t *offset)
{
  enum { VERSION = 3, CHUNKED = 2 };
  (void)what;
  *offset = 3;
  return n >= 11 && body[0] == VERSION && body[1] == CHUNKED;
}

bool ip_h5_find_index(ip_h5 *h, const char *name, uint64_t *at)
{
  uint64_t header;
  int fd;
  return ip_h5_descriptor(h, &fd) && address_of(h, name, &header) && search(fd, header, LAYOUT, is_chunked, NULL, at);
}

static size_t padded(size_t n)
{
  return (n + 7) / 8 * 8;
}

/* An attribute of this name, one text of variable length. Its name, type, space and value follow each other. */
static bool is_text(const unsigned char *body, size_t n, const void *what, size_t *offset)
{
  enum { HEAD = 8, VARIABLE_LENGTH = 9, STRING = 1 };
  const char *name = what;
  if (n < HEAD || body[0] != 1) return false;
  size_t n_name = ip_h5_u16(body + 2), n_type = ip_h5_u16(body + 4), n_space = ip_h5_u16(body + 6),
         length = strlen(name) + 1;
  size_t type = HEAD + padded(n_name), value = type + padded(n_type) + padded(n_space);
  *offset = value;
  return n_name == length && n_type >= 2 && value + sizeof(ip_h5_reference) <= n &&
         !memcmp(body + HEAD, name, length) && (body[type] & 15) == VARIABLE_LENGTH && (body[type + 1] & 15) == STRING;
}

bool ip_h5_find_text(ip_h5 *h, const char *object, const char *attribute, uint64_t *at)
{
  uint64_t header;
  int fd;
  return ip_h5_descriptor(h, &fd) && address_of(h, object, &header) &&
         search(fd, header, ATTRIBUTE, is_text, attribute, at);
}
