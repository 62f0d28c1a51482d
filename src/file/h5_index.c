#include "file/h5_header.h"

#include <string.h>

/* The index of a dataset's chunks: B-trees of version 1, nodes of type 1 (HDF5 File Format Specification III.A.1). The
 * library itself finds a chunk by its place only by going through all of them. */

enum { NODE_HEAD = 24, MAX_ENTRIES = 64, MAX_ENTRY = 16 + 8 * (IP_H5_MAX_RANK + 1) };

typedef struct {
  int fd;
  size_t rank;
  const hsize_t *chunk;
  const size_t *n_chunks;
  uint64_t *at;
} target;

/* A key: size, filters, then the first element in each dimension. */
static void note(const target *t, const unsigned char *key, uint64_t address)
{
  uint64_t i = ip_h5_u64(key + 8) / t->chunk[0], j = t->rank > 1 ? ip_h5_u64(key + 16) / t->chunk[1] : 0;
  if (i < t->n_chunks[0] && j < t->n_chunks[1]) t->at[i * t->n_chunks[1] + j] = address;
}

static bool walk(const target *t, uint64_t node, int above);

static bool walk_entries(const target *t, size_t n, const unsigned char *entry, int level)
{
  size_t key = 8 + 8 * (t->rank + 1);
  for (size_t i = 0; i < n; i++, entry += key + 8) {
    uint64_t child = ip_h5_u64(entry + key);
    if (level == 0)
      note(t, entry, child);
    else if (!walk(t, child, level))
      return false;
  }
  return true;
}

/* A node below level `above`. */
static bool walk(const target *t, uint64_t node, int above)
{
  unsigned char head[NODE_HEAD];
  if (ip_h5_get_bytes(t->fd, head, sizeof head, node) || memcmp(head, "TREE\1", 5) != 0 || head[5] >= above)
    return false;
  unsigned char entries[MAX_ENTRIES * MAX_ENTRY];
  size_t n = ip_h5_u16(head + 6), size = n * (16 + 8 * (t->rank + 1));
  return n <= MAX_ENTRIES && !ip_h5_get_bytes(t->fd, entries, size, node + NODE_HEAD) &&
         walk_entries(t, n, entries, head[5]);
}

bool ip_h5_find_chunks(ip_h5 *h, const char *name, size_t rank, const hsize_t *chunk, const size_t n_chunks[2],
                       uint64_t *at)
{
  enum { ABOVE_ALL = 16 };
  target t = {.rank = rank, .chunk = chunk, .n_chunks = n_chunks, .at = at};
  unsigned char root[8];
  uint64_t place;
  memset(at, 0, n_chunks[0] * n_chunks[1] * sizeof *at);
  return ip_h5_find_index(h, name, &place) && ip_h5_descriptor(h, &t.fd) &&
         !ip_h5_get_bytes(t.fd, root, sizeof root, place) && walk(&t, ip_h5_u64(root), ABOVE_ALL);
}
