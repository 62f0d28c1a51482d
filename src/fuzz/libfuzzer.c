/* The program fuzz_READER: libFuzzer calls the function of one reader, which the build names. */
#include "fuzz/fuzz.h"

#include <hdf5.h>

#ifndef IP_FUZZ_READER /* for tools that look at this file alone */
#define IP_FUZZ_READER ip_fuzz_config
#endif

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Half a megabyte for each file that is opened: HDF5 keeps it for the next file only without limits. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  return H5set_free_list_limits(-1, -1, -1, -1, -1, -1) < 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
  return IP_FUZZ_READER(data, n);
}
