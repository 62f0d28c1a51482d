/* npz.h - writes arrays to a .npz file, which numpy.load and ip_npy_open read.
 *
 *     ip_npz *z;
 *     IP_TRY(ip_npz_create(path, &z));
 *     st = ip_npz_put(z, "x", IP_NPZ_F32, 2, (size_t[]){n, width}, x);
 *     if (st == IP_OK) st = ip_npz_publish(&z);
 *     ip_npz_discard(&z);
 *
 * Equal arrays give equal bytes: members have no times. The file gets its name when it is complete (atomic.h).
 */
#ifndef IP_FILE_NPZ_H
#define IP_FILE_NPZ_H

#include "base/status.h"

#include <stddef.h>

/* symbol, type of NumPy without its byte order, bytes */
#define IP_NPZ_TYPE_LIST(X)                                                                                            \
  X(IP_NPZ_F32, "f4", 4)                                                                                               \
  X(IP_NPZ_F64, "f8", 8)                                                                                               \
  X(IP_NPZ_I32, "i4", 4)                                                                                               \
  X(IP_NPZ_U8, "u1", 1)

typedef enum ip_npz_type {
#define X(symbol, name, size) symbol,
  IP_NPZ_TYPE_LIST(X)
#undef X
} ip_npz_type;

typedef struct ip_npz ip_npz;

ip_status ip_npz_create(const char *path, ip_npz **out);

/* Adds an array (dim[0], ..., dim[rank - 1]). `data` must exist until the file is published or discarded. */
ip_status ip_npz_put(ip_npz *z, const char *name, ip_npz_type type, size_t rank, const size_t *dim, const void *data);

/* Adds a list of (n) texts, as Unicode. IP_EINVAL if one is not UTF-8. */
ip_status ip_npz_put_texts(ip_npz *z, const char *name, size_t n, const char *const *text);

/* *z is NULL afterwards; discard does nothing then. IP_EIO, and IP_ENOSPC if the disk is full, leave no file. */
ip_status ip_npz_publish(ip_npz **z);
void ip_npz_discard(ip_npz **z);

#endif
