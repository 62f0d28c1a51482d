/* mat_check.h - whether a .mat file of version 4 or 5 is whole.
 *
 * libmatio reads a truncated or damaged file without an error and leaves zeros in place of missing data, so the lengths
 * of all its elements are followed to the end of the file first, and packed ones are unpacked against their checksum.
 * Source: The MathWorks, "MAT-File Format", versions 4 and 5.
 */
#ifndef IP_DATASET_MAT_CHECK_H
#define IP_DATASET_MAT_CHECK_H

#include "base/status.h"

/* IP_EFORMAT for a file that is no .mat, truncated or damaged. Version 7.3 is HDF5, which checks itself. */
ip_status ip_mat_check(const char *path);

#endif
