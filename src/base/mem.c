#include "base/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Atomic: snapshots of one run may be estimated by several threads. */
static atomic_size_t fail_at, seen, live;

/* Bytes of a block for n elements; 0 where that is no size, or a test wants this allocation to fail. */
static size_t block_size(size_t n, size_t size)
{
  if (n > (SIZE_MAX - 63) / size || atomic_fetch_add(&seen, 1) + 1 == atomic_load(&fail_at)) return 0;
  return n ? (n * size + 63) / 64 * 64 : 64;
}

static void *alloc_block(size_t bytes, size_t n, size_t size, const char *what)
{
  void *p = NULL;
  if (bytes) {
    if ((p = aligned_alloc(64, bytes))) {
      memset(p, 0, bytes);
      atomic_fetch_add(&live, 1);
    }
  }
  if (!p)
    ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "%s: no memory for %zu elements of %zu bytes", what, n, size);
  return p;
}

void *ip_alloc(size_t n, size_t size, const char *what)
{
  return alloc_block(block_size(n, size), n, size, what);
}

void *ip_grow(void *old, size_t n_old, size_t n_new, size_t size, const char *what)
{
  void *p = ip_alloc(n_new, size, what);
  if (!p) return NULL;
  if (n_old) memcpy(p, old, n_old * size);
  ip_free(old);
  return p;
}

void ip_free(void *p)
{
  if (!p) return;
  atomic_fetch_sub(&live, 1);
  free(p);
}

char *ip_strdup(const char *s)
{
  size_t n = strlen(s) + 1;
  char *p = ip_alloc(n, 1, "text");
  if (p) memcpy(p, s, n);
  return p;
}

char *ip_format(const char *fmt, ...)
{
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  char *p = n < 0 ? NULL : ip_alloc((size_t)n + 1, 1, "text");
  if (p) vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return p;
}

typedef struct scratch_block {
  void *p;
  size_t bytes;
} scratch_block;

/* Blocks of up to 8 MiB stay after their release, for the next allocation in their place: a computation that is
 * repeated asks for the same sizes in the same order, and pages from the system cost more than most of what is computed
 * in them. Not where a sanitizer looks for uses after a release. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEP_BYTES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP_BYTES 0
#endif
#endif
#ifndef KEEP_BYTES
#define KEEP_BYTES ((size_t)1 << 23)
#endif

struct ip_scratch {
  scratch_block *block; // (cap) in use: n; beyond these, released ones that are kept, or NULL
  size_t n, cap;
};

ip_status ip_scratch_create(ip_scratch **out)
{
  return IP_NEW(*out, 1, "scratch");
}

static void drop(scratch_block *b)
{
  ip_free(b->p);
  *b = (scratch_block){0};
}

void ip_scratch_destroy(ip_scratch **sc)
{
  if (!*sc) return;
  for (size_t k = 0; k < (*sc)->cap; k++) drop(&(*sc)->block[k]);
  ip_free((*sc)->block);
  ip_free(*sc);
  *sc = NULL;
}

size_t ip_scratch_mark(const ip_scratch *sc)
{
  return sc->n;
}

void ip_scratch_release(ip_scratch *sc, size_t mark)
{
  while (sc->n > mark)
    if (sc->block[--sc->n].bytes > KEEP_BYTES) drop(&sc->block[sc->n]);
}

void *ip_scratch_alloc(ip_scratch *sc, size_t n, size_t size, const char *what)
{
  if (sc->n == sc->cap) {
    scratch_block *grown = ip_grow(sc->block, sc->n, sc->cap * 2 + 8, sizeof *grown, "scratch list");
    if (!grown) return NULL;
    sc->block = grown;
    sc->cap = sc->cap * 2 + 8;
  }
  scratch_block *b = &sc->block[sc->n];
  size_t bytes = block_size(n, size);
  if (bytes && b->bytes >= bytes)
    memset(b->p, 0, bytes);
  else {
    drop(b);
    b->p = alloc_block(bytes, n, size, what);
    b->bytes = b->p ? bytes : 0;
  }
  if (!b->p) return NULL;
  sc->n++;
  return b->p;
}

ip_status ip_scratch_text(ip_scratch *sc, const char *text, const char **out)
{
  char *copy;
  size_t n = strlen(text) + 1;
  IP_TRY(IP_SCRATCH(sc, copy, n, "text"));
  *out = memcpy(copy, text, n);
  return IP_OK;
}

ip_status ip_scratch_format(ip_scratch *sc, const char **out, const char *fmt, ...)
{
  char *text;
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  ip_status st = IP_SCRATCH(sc, text, (size_t)n + 1, "text");
  if (st == IP_OK) {
    vsnprintf(text, (size_t)n + 1, fmt, again);
    *out = text;
  }
  va_end(again);
  return st;
}

void *ip_scratch_grow(ip_scratch *sc, void *p, size_t n, size_t *room, size_t size, const char *what)
{
  if (n < *room) return p;
  void *grown = ip_scratch_alloc(sc, 2 * *room + 8, size, what);
  if (!grown) return NULL;
  if (n) memcpy(grown, p, n * size);
  *room = 2 * *room + 8;
  return grown;
}

size_t ip_mem_fail_at(size_t k)
{
  size_t was = atomic_exchange(&seen, 0);
  atomic_store(&fail_at, k);
  return was;
}

size_t ip_mem_live(void)
{
  return atomic_load(&live);
}
