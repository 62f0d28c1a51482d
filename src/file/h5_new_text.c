#include "base/advice.h"
#include "base/mem.h"
#include "file/h5_header.h"
#include "file/h5_id.h"
#include "file/h5_place.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* New texts go into a global heap of their own (HDF5 File Format Specification III.E) at the end of the file. As long
 * as nothing refers to it, it is unused room. A text gets the index that the old one had in its heap, so that below
 * 4 GiB the first half of a new reference is all that changes. Texts of different heaps may have had the same index: a
 * text whose index is taken begins another heap. An empty text has no place: its address is 0. */

enum { MAX_TEXTS = 8, HEAP_HEAD = 16, ITEM_HEAD = 16, LEAST_HEAP = 4096, END_OF_FILE = 40 };

typedef struct {
  const char *text;
  uint64_t at; /* of the reference */
  ip_h5_reference was;
  uint32_t index; /* in the new heap */
} change;

static bool is_empty(const ip_h5_reference *r)
{
  return !r->heap[0] && !r->heap[1];
}

static size_t item_size(const char *text)
{
  return ITEM_HEAD + (strlen(text) + 7) / 8 * 8;
}

static void put_number(unsigned char *p, int n, uint64_t value)
{
  for (int i = 0; i < n; i++) p[i] = (unsigned char)(value >> 8 * i);
}

/* One item: index, number of references, size, text. Index 0 is the rest of the heap, its head included. */
static void put_item(unsigned char *p, uint32_t index, size_t size, const char *text)
{
  put_number(p, 2, index);
  put_number(p + 2, 2, index ? 1 : 0);
  put_number(p + 8, 8, size);
  if (text) memcpy(p + ITEM_HEAD, text, size);
}

static ip_status make_heap(size_t n, const change *c, size_t *size, unsigned char **out)
{
  size_t used = HEAP_HEAD;
  for (size_t i = 0; i < n; i++) used += item_size(c[i].text);
  *size = used + ITEM_HEAD > LEAST_HEAP ? used + ITEM_HEAD : LEAST_HEAP;
  unsigned char *heap;
  IP_TRY(IP_NEW(heap, *size, "heap of texts"));
  memcpy(heap, "GCOL\1", 5);
  put_number(heap + 8, 8, *size);
  unsigned char *p = heap + HEAP_HEAD;
  for (size_t i = 0; i < n; p += item_size(c[i++].text)) put_item(p, c[i].index, strlen(c[i].text), c[i].text);
  put_item(p, 0, *size - used, NULL);
  *out = heap;
  return IP_OK;
}

/* A reference that was empty stays so until its address is there. */
static int put_reference(int fd, uint64_t heap, const change *c)
{
  ip_h5_reference r = {(uint32_t)strlen(c->text), {(uint32_t)heap, (uint32_t)(heap >> 32)}, c->index};
  if (!is_empty(&c->was)) return ip_h5_put_bytes(fd, &r, sizeof r, c->at);
  if (!r.length) return 0;
  int failed = ip_h5_put_bytes(fd, &r.index, sizeof r.index, c->at + offsetof(ip_h5_reference, index));
  if (!failed) failed = ip_h5_put_bytes(fd, &r.length, sizeof r.length, c->at);
  return failed ? failed : ip_h5_put_bytes(fd, r.heap, sizeof r.heap, c->at + offsetof(ip_h5_reference, heap));
}

/* The heap first, then the length of the file that the superblock states, then one reference after the other. */
static int write_heap(int fd, size_t size, const unsigned char *heap, size_t n, const change *c)
{
  uint64_t end = 0;
  int failed = ip_h5_get_bytes(fd, &end, sizeof end, END_OF_FILE);
  end = (end + 7) / 8 * 8;
  if (!failed) failed = ip_h5_put_bytes(fd, heap, size, end);
  if (!failed) failed = ip_h5_put_bytes(fd, &(uint64_t){end + size}, 8, END_OF_FILE);
  for (size_t i = 0; i < n && !failed; i++) failed = put_reference(fd, end, &c[i]);
  return failed;
}

/* How many texts from the first on have an index each of their own. */
static size_t n_distinct(size_t n, const change *c)
{
  for (size_t i = 1; i < n; i++)
    for (size_t j = 0; j < i; j++)
      if (c[i].index == c[j].index) return i;
  return n;
}

static ip_status write_all(int fd, size_t n, const change *c, int *failed)
{
  for (size_t done = 0, now; done < n && !*failed; done += now) {
    size_t size;
    unsigned char *heap;
    now = n_distinct(n - done, c + done);
    IP_TRY(make_heap(now, c + done, &size, &heap));
    *failed = write_heap(fd, size, heap, now, c + done);
    ip_free(heap);
  }
  return IP_OK;
}

static ip_status replace(const char *path, size_t n, const change *c)
{
  int fd = open(path, O_RDWR | O_CLOEXEC), failed = fd < 0 ? errno : 0;
  ip_status st = write_all(fd, n, c, &failed);
  if (fd >= 0 && close(fd) && !failed) failed = errno;
  IP_TRY(st);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: cannot be written: %s%s", path, strerror(failed),
             ip_advice_on_writing(failed));
  return IP_OK;
}

bool ip_h5_is_replaceable(ip_h5 *h, const char *object, const char *attribute)
{
  uint64_t at;
  return ip_h5_find_text(h, object, attribute, &at);
}

static ip_status find(ip_h5 *h, size_t n, const ip_h5_new_text *text, change *c)
{
  int fd;
  IP_TRY(ip_h5_flush(h));
  for (size_t i = 0; i < n; i++) {
    c[i].text = text[i].text;
    IP_REQUIRE(ip_h5_find_text(h, text[i].object, text[i].attribute, &c[i].at) && ip_h5_descriptor(h, &fd) &&
                   !ip_h5_get_bytes(fd, &c[i].was, sizeof c[i].was, c[i].at),
               IP_EFORMAT, "%s: %s: attribute %s is not a text of variable length", h->path, text[i].object,
               text[i].attribute);
  }
  return IP_OK;
}

/* Those of empty texts come behind all others. */
static void choose_indices(size_t n, change *c)
{
  uint32_t last = 0;
  for (size_t i = 0; i < n; i++)
    if (c[i].was.index > last) last = c[i].was.index;
  for (size_t i = 0; i < n; i++) c[i].index = is_empty(&c[i].was) ? ++last : c[i].was.index;
}

ip_status ip_h5_close_with_texts(ip_h5 **h, size_t n, const ip_h5_new_text *text)
{
  assert(n <= MAX_TEXTS);
  change c[MAX_TEXTS];
  char *path = NULL;
  ip_status st = find(*h, n, text, c);
  if (st == IP_OK) st = IP_STRDUP(path, (*h)->path);
  ip_status closed = ip_h5_close(h);
  if (st == IP_OK) st = closed;
  if (st == IP_OK) choose_indices(n, c);
  if (st == IP_OK) st = replace(path, n, c);
  ip_free(path);
  return st;
}
