/* from_npz.h - a run file from the activations in an archive of NumPy, which numpy.savez writes. For
 * `infoplane estimate`.
 *
 * Arrays of the archive: y (n), labels as numbers from 0 or as texts, or p_y_given_x (n, classes) or target (n,
 * targets); optionally x (n, ...), x_id (n), split (n) and epoch (epochs), as docs/run-file.md describes them. Every
 * other array is a layer, (n, width) or (epochs, n, width), in the order of the archive; the last one is the output
 * layer. Without x_id, equal rows of x are the same input; without both, every sample has an input of its own.
 */
#ifndef IP_RUNFILE_FROM_NPZ_H
#define IP_RUNFILE_FROM_NPZ_H

#include "base/status.h"

#include <stdbool.h>

/* Whether a name ends with .npz. */
bool ip_run_is_npz(const char *path);

/* Creates the run file `run` from the archive. `*made` is false if `run` exists and was made from the same bytes: it is
 * then left as it is, with its estimates. IP_EINVAL if `run` is another file; IP_EFORMAT with archive, array and fault;
 * IP_EIO, IP_ENOSPC, IP_ENOMEM. */
ip_status ip_run_from_npz(const char *npz, const char *run, bool *made);

#endif
