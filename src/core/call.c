#include "core/call.h"

#include "base/build.h"

#include <string.h>

enum { LARGEST_STRUCT = 4096 };

uint32_t ip_capi_version(void)
{
  return IP_CAPI_MAJOR * 65536 + IP_CAPI_MINOR;
}

const char *ip_capi_release(void)
{
  return IP_VERSION;
}

size_t ip_capi_sizeof(const char *name)
{
#define STRUCTS(X)                                                                                                     \
  X(ip_capi_kind)                                                                                                      \
  X(ip_capi_parameter)                                                                                                 \
  X(ip_capi_samples)                                                                                                   \
  X(ip_capi_options)                                                                                                   \
  X(ip_capi_estimate)                                                                                                  \
  X(ip_capi_joint)                                                                                                     \
  X(ip_capi_curve_options)                                                                                             \
  X(ip_capi_curve_summary)                                                                                             \
  X(ip_capi_curve_point)                                                                                               \
  X(ip_capi_critical)                                                                                                  \
  X(ip_capi_nearest)
#define X(type)                                                                                                        \
  if (name && !strcmp(name, #type)) return sizeof(type);
  STRUCTS(X)
#undef X
  return 0;
}

const char *ip_capi_error(void)
{
  return ip_error_message();
}

int32_t ip_call_code(ip_status st)
{
  switch (st) {
  case IP_OK:
    return IP_CAPI_OK;
  case IP_EUSAGE:
  case IP_ECONFIG:
    return IP_CAPI_ECONFIG;
  case IP_EINVAL:
    return IP_CAPI_EINVAL;
  case IP_ENUMERIC:
    return IP_CAPI_ENUMERIC;
  case IP_ENOMEM:
    return IP_CAPI_ENOMEM;
  default:
    return IP_CAPI_EOTHER;
  }
}

static ip_status struct_size_of(const void *of, const char *name, size_t *size)
{
  IP_REQUIRE(of, IP_EINVAL, "%s is NULL", name);
  memcpy(size, of, sizeof *size);
  IP_REQUIRE(*size >= sizeof *size && *size <= LARGEST_STRUCT, IP_EINVAL,
             "struct_size of %s: got %zu, expected its sizeof", name, *size);
  return IP_OK;
}

ip_status ip_call_read(void *to, size_t size, const void *from, const char *name)
{
  size_t given = 0;
  IP_TRY(struct_size_of(from, name, &given));
  for (size_t i = size; i < given; i++)
    IP_REQUIRE(!((const unsigned char *)from)[i], IP_EINVAL,
               "%s: has fields that this libinfoplane_core (%s) does not know; use the one it was made for", name,
               IP_VERSION);
  memset(to, 0, size);
  memcpy(to, from, given < size ? given : size);
  return IP_OK;
}

ip_status ip_call_check_out(const void *to, const char *name)
{
  size_t given = 0;
  return struct_size_of(to, name, &given);
}

void ip_call_write(void *to, const void *from, size_t size)
{
  size_t given = 0;
  memcpy(&given, to, sizeof given);
  size_t n = given < size ? given : size;
  memcpy((char *)to + sizeof given, (const char *)from + sizeof given, n - sizeof given);
}

ip_status ip_call_check_size(const char *what, uint64_t n, uint64_t width, size_t size)
{
  IP_REQUIRE(!width || n <= PTRDIFF_MAX / size / width, IP_EINVAL,
             "%s: %llu times %llu numbers are more than memory has", what, (unsigned long long)n,
             (unsigned long long)width);
  return IP_OK;
}
