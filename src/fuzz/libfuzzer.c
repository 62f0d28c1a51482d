/* The program fuzz_READER: libFuzzer calls the function of one reader, which the build names. */
#include "fuzz/fuzz.h"

#ifndef IP_FUZZ_READER /* for tools that look at this file alone */
#define IP_FUZZ_READER ip_fuzz_config
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  return IP_FUZZ_READER(data, n);
}
