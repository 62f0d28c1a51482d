/* flush.h - numbers below the normal ones taken for 0, while networks compute.
 *
 * Processors need up to a hundred times as long for operations with float32 numbers below 2^-126, which a network whose
 * gradients vanish is full of. With the flags set, such numbers are 0 as operands and as results. Every x86-64 variant
 * of the vector code then still gives the same bits. Arm decides before rounding whether a result is that small, x86
 * afterwards: they differ where the exact result is below 2^-126 by less than half of the last place.
 */
#ifndef IP_NUM_FLUSH_H
#define IP_NUM_FLUSH_H

#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Sets the flags of the calling thread; returns what they were, for ip_flush_end. */
static inline uint64_t ip_flush_begin(void)
{
#if defined(__x86_64__)
  uint32_t old = _mm_getcsr();
  _mm_setcsr(old | 0x8040); /* flush to zero, denormals are zero */
  return old;
#elif defined(__aarch64__)
  uint64_t old;
  __asm__ volatile("mrs %0, fpcr" : "=r"(old));
  __asm__ volatile("msr fpcr, %0" : : "r"(old | UINT64_C(1) << 24));
  return old;
#else
  return 0;
#endif
}

static inline void ip_flush_end(uint64_t old)
{
#if defined(__x86_64__)
  _mm_setcsr((uint32_t)old);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(old));
#else
  (void)old;
#endif
}

#endif
