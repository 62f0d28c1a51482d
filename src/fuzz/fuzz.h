/* fuzz.h - one function per reader of files or texts: it reads arbitrary bytes, and must not crash, leak or hang.
 *
 * For libFuzzer (libfuzzer.c, scripts/fuzz) and for the test that replays the corpora (replay.c). A reader may reject
 * its input, with a message. Besides, each function checks what its reader promises of inputs that it accepts.
 */
#ifndef IP_FUZZ_FUZZ_H
#define IP_FUZZ_FUZZ_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name of the function and of its corpus, files of src/ whose line coverage is reported */
#define IP_FUZZ_LIST(X)                                                                                                \
  X(config, "config/*.c experiment/*.c")                                                                               \
  X(settings, "config/settings.c config/tree.c")                                                                       \
  X(claim, "claims/claim.c claims/claim_conditions.c claims/claim_rules.c claims/rule*.c")                             \
  X(rule, "claims/rule*.c")                                                                                            \
  X(claim_table, "claims/claim_table.c claims/table_file.c")                                                           \
  X(csv, "dataset/csv.c dataset/columns.c file/cells.c file/records.c file/text_format.c")                             \
  X(idx, "dataset/idx.c file/bytes.c")                                                                                 \
  X(gz, "file/bytes.c")                                                                                                \
  X(npy, "file/npy*.c dataset/numpy.c")                                                                                \
  X(npz, "file/npy*.c dataset/numpy.c")                                                                                \
  X(mat, "dataset/mat.c dataset/mat_check.c")                                                                          \
  X(data_h5, "dataset/hdf5.c dataset/mat73.c file/h5*.c")                                                              \
  X(table, "file/matrix.c file/cells.c file/records.c file/text_format.c")                                             \
  X(journal, "study/journal.c")                                                                                        \
  X(state, "runfile/state.c")                                                                                          \
  X(run, "runfile/*.c file/h5*.c")                                                                                     \
  X(objects, "runfile/*.c file/h5*.c")                                                                                 \
  X(run_npz, "runfile/from_npz.c file/npy*.c")                                                                         \
  X(spec, "estimator/spec.c estimator/registry.c measure/registry.c calibrate/family.c")                               \
  X(channel, "bottleneck/channel.c")                                                                                   \
  X(number, "base/text.c")

#define X(name, sources) int ip_fuzz_##name(const uint8_t *data, size_t n);
IP_FUZZ_LIST(X)
#undef X

/* Writes the (n) bytes to a file of that name in a directory of this process, which is removed at its end, and returns
 * the path in `path`. Aborts if it cannot. The file stays the same between calls: no reader may replace it. */
enum { IP_FUZZ_PATH = 128 };
const char *ip_fuzz_file(const char *name, const uint8_t *data, size_t n, char path[static IP_FUZZ_PATH]);

/* That directory. */
const char *ip_fuzz_folder(void);

/* The (n) bytes as a text that ends with a 0, to be freed with free. */
char *ip_fuzz_text(const uint8_t *data, size_t n);

/* Reads all of a run file. */
void ip_fuzz_read_run(const char *path);

/* Aborts unless a failure has a message, which is then forgotten. True for IP_OK. */
bool ip_fuzz_accepted(ip_status st);

/* Aborts with the sentence that does not hold. Inline, so that analyzers see what holds afterwards. */
_Noreturn void ip_fuzz_abort(const char *sentence);
static inline void ip_fuzz_require(bool holds, const char *sentence)
{
  if (!holds) ip_fuzz_abort(sentence);
}

/* The last call of a function: aborts if memory of ours was not freed. Returns 0. */
int ip_fuzz_end(void);

#endif
