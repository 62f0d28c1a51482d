/* members.h - which samples have each key: the samples of a class, of an input, of a row. */
#ifndef IP_ESTIMATOR_MEMBERS_H
#define IP_ESTIMATOR_MEMBERS_H

#include "base/mem.h"
#include "base/status.h"

#include <stdint.h>

/* The samples with key k are of[begin[k]] .. of[begin[k + 1] - 1], in increasing order. */
typedef struct ip_members {
  uint32_t *begin; // (n_keys + 1)
  uint32_t *of;    // (n)
} ip_members;

/* key (n) below n_keys; n < 2^32. From scratch. */
static inline ip_status ip_members_sort(size_t n, size_t n_keys, const uint32_t *key, ip_scratch *sc, ip_members *out)
{
  uint32_t *begin; // (n_keys + 2)
  IP_TRY(IP_SCRATCH(sc, begin, n_keys + 2, "sizes of groups of samples"));
  IP_TRY(IP_SCRATCH(sc, out->of, n, "groups of samples"));
  for (size_t i = 0; i < n; i++) begin[key[i] + 2]++;
  for (size_t k = 0; k < n_keys; k++) begin[k + 2] += begin[k + 1];
  for (size_t i = 0; i < n; i++) out->of[begin[key[i] + 1]++] = (uint32_t)i;
  out->begin = begin;
  return IP_OK;
}

static inline size_t ip_members_count(const ip_members *m, size_t k)
{
  return m->begin[k + 1] - m->begin[k];
}

#endif
