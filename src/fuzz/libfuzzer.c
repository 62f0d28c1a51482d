/* The program fuzz_READER: libFuzzer calls the function of one reader, which the build names. */
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  return IP_FUZZ_READER(data, n);
}
