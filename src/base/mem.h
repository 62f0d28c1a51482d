/* mem.h - allocation with overflow checks, and scratch memory.
 *
 * Memory has two kinds of owners:
 *   objects   come from a function ..._create(..., &p) and end with ..._destroy(&p). Who created an object destroys it;
 *             destroy accepts a pointer to NULL and leaves NULL behind.
 *   scratch   arrays that die with the computation at hand come from an ip_scratch: take a mark, allocate, release to
 *             the mark. An early return leaks nothing, because the owner of the scratch frees all of it.
 */
#ifndef IP_BASE_MEM_H
#define IP_BASE_MEM_H

#include "base/public.h"
#include "base/status.h"

#include <stddef.h>

IP_PUBLIC_BEGIN

/* Allocates a zeroed array of n elements of `size` bytes, aligned to 64 bytes; `what` names it in the message. Returns
 * NULL, with IP_ENOMEM recorded, if n * size overflows or memory is exhausted; never NULL for n == 0. */
void *ip_alloc(size_t n, size_t size, const char *what);

/* Returns a copy of `old` (n_old elements, may be NULL) with n_new >= n_old elements. Frees `old` on success only. */
void *ip_grow(void *old, size_t n_old, size_t n_new, size_t size, const char *what);
void ip_free(void *p);

/* New strings, to be freed with ip_free. */
char *ip_strdup(const char *s);
char *ip_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#ifndef __cplusplus /* where void * is no other pointer */
/* IP_TRY(IP_NEW(p, n, "class counts")): the element size is that of *p. */
#define IP_NEW(p, n, what) (((p) = ip_alloc((n), sizeof *(p), (what))) ? IP_OK : IP_ENOMEM)

/* IP_TRY(IP_STRDUP(p, text)), IP_TRY(IP_FORMAT(p, "%s.part", path)). */
#define IP_STRDUP(p, s) (((p) = ip_strdup(s)) ? IP_OK : IP_ENOMEM)
#define IP_FORMAT(p, ...) (((p) = ip_format(__VA_ARGS__)) ? IP_OK : IP_ENOMEM)
#endif

/* Scratch memory: allocations since a mark are released together. One thread uses a scratch at a time. Arrays are
 * zeroed and aligned as those of ip_alloc. Arrays of up to half a megabyte keep their memory after the release, for the
 * next allocation, until the scratch is destroyed. */
typedef struct ip_scratch ip_scratch;

ip_status ip_scratch_create(ip_scratch **out);
void ip_scratch_destroy(ip_scratch **sc);
size_t ip_scratch_mark(const ip_scratch *sc);
void ip_scratch_release(ip_scratch *sc, size_t mark);
void *ip_scratch_alloc(ip_scratch *sc, size_t n, size_t size, const char *what);
#ifndef __cplusplus
#define IP_SCRATCH(sc, p, n, what) (((p) = ip_scratch_alloc((sc), (n), sizeof *(p), (what))) ? IP_OK : IP_ENOMEM)
#endif

/* Copies of texts in scratch: IP_TRY(ip_scratch_text(sc, text, &copy)). */
ip_status ip_scratch_text(ip_scratch *sc, const char *text, const char **out);
ip_status ip_scratch_format(ip_scratch *sc, const char **out, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Room for one more than the n elements that p has, of which there is *room: IP_TRY(IP_SCRATCH_GROW(sc, p, n, &room,
 * "runs")). What p had before stays in the scratch until it is released. */
void *ip_scratch_grow(ip_scratch *sc, void *p, size_t n, size_t *room, size_t size, const char *what);
#ifndef __cplusplus
#define IP_SCRATCH_GROW(sc, p, n, room, what)                                                                          \
  (((p) = ip_scratch_grow((sc), (p), (n), (room), sizeof *(p), (what))) ? IP_OK : IP_ENOMEM)
#endif

/* For tests: the k-th allocation from now on fails (0: none does). Returns the number of allocations since the last
 * call. */
size_t ip_mem_fail_at(size_t k);

/* For tests: number of blocks allocated and not yet freed. */
size_t ip_mem_live(void);

IP_PUBLIC_END

#endif
