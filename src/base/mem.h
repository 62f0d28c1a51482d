/* mem.h - memory that is checked, counted and easy to give back.
 *
 * There are two kinds of ownership:
 *   objects   ip_foo_create(..., ip_foo **out) and ip_foo_destroy(ip_foo **). Who created it destroys it; destroy
 *             accepts a pointer to NULL and leaves NULL behind.
 *   scratch   arrays that die with the computation at hand come from an ip_scratch: take a mark, allocate,
 *             release to the mark. An early return leaks nothing, for the owner of the scratch frees all of it.
 */
#ifndef IP_BASE_MEM_H
#define IP_BASE_MEM_H

#include "base/status.h"

#include <stddef.h>

/* Zeroed array of n elements of `size` bytes, aligned to 64 bytes; `what` names it in the message. NULL, with
 * IP_ENOMEM on record, when n * size overflows or there is no such memory; never NULL for n == 0. */
void *ip_alloc(size_t n, size_t size, const char *what);

/* A larger copy of `old` (n_old elements, may be NULL) with n_new >= n_old elements; frees `old` on success only. */
void *ip_grow(void *old, size_t n_old, size_t n_new, size_t size, const char *what);
void ip_free(void *p);

/* Copies of strings, to be given back with ip_free. */
char *ip_strdup(const char *s);
char *ip_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* IP_TRY(IP_NEW(p, n, "class counts")): the element size is that of *p. */
#define IP_NEW(p, n, what) (((p) = ip_alloc((n), sizeof *(p), (what))) ? IP_OK : IP_ENOMEM)

/* IP_TRY(IP_STRDUP(p, text)), IP_TRY(IP_FORMAT(p, "%s.part", path)). */
#define IP_STRDUP(p, s) (((p) = ip_strdup(s)) ? IP_OK : IP_ENOMEM)
#define IP_FORMAT(p, ...) (((p) = ip_format(__VA_ARGS__)) ? IP_OK : IP_ENOMEM)

typedef struct ip_scratch ip_scratch;

ip_status ip_scratch_create(ip_scratch **out);
void ip_scratch_destroy(ip_scratch **sc);
size_t ip_scratch_mark(const ip_scratch *sc);
void ip_scratch_release(ip_scratch *sc, size_t mark);
void *ip_scratch_alloc(ip_scratch *sc, size_t n, size_t size, const char *what);
#define IP_SCRATCH(sc, p, n, what) (((p) = ip_scratch_alloc((sc), (n), sizeof *(p), (what))) ? IP_OK : IP_ENOMEM)

/* For tests: the k-th allocation from now on fails (0: none does). Returns how many happened since the last call. */
size_t ip_mem_fail_at(size_t k);

/* Blocks handed out and not yet freed. */
size_t ip_mem_live(void);

#endif
