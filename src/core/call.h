/* call.h - what every function of capi.h does: forget the last error, read and fill structs of any version, answer with
 * a code that never changes its meaning. */
#ifndef IP_CORE_CALL_H
#define IP_CORE_CALL_H

#include "base/status.h"
#include "core/capi.h"

#include <stddef.h>

/* IP_CAPI_... of a status. */
int32_t ip_call_code(ip_status st);

/* The error of an earlier call is forgotten, and that of `call` is kept for ip_capi_error. */
#define IP_CALL(call) (ip_error_clear(), ip_call_code(call))

/* Copies the caller's struct of another version: fields that it does not have are 0. IP_EINVAL if it is NULL, has no
 * plausible struct_size, or sets fields that this library does not know. */
ip_status ip_call_read(void *to, size_t size, const void *from, const char *name);

/* Whether the caller's struct can be filled; IP_EINVAL. */
ip_status ip_call_check_out(const void *to, const char *name);

/* Fills as much as the caller's struct has, but for its struct_size. */
void ip_call_write(void *to, const void *from, size_t size);

/* A product of sizes that fits memory; IP_EINVAL. */
ip_status ip_call_check_size(const char *what, uint64_t n, uint64_t width, size_t size);

#endif
