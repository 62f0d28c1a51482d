/* scratch.h - scratch memory as the state of a test (cmocka_unit_test_setup_teardown); a test that leaks memory fails.
 */
#ifndef IP_BASE_TEST_SCRATCH_H
#define IP_BASE_TEST_SCRATCH_H

#include "base/mem.h"

static inline int scratch_setup(void **state)
{
  return ip_scratch_create((ip_scratch **)state) != IP_OK;
}

static inline int scratch_teardown(void **state)
{
  ip_scratch_destroy((ip_scratch **)state);
  return ip_mem_live() != 0;
}

#endif
