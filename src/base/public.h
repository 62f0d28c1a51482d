/* public.h - what surrounds the declarations of a public header.
 *
 * Between IP_PUBLIC_BEGIN and IP_PUBLIC_END, functions have C names in C++ too, and libinfoplane.so exports them. It
 * exports nothing else: the library is compiled with -fvisibility=hidden. cmake/library.cmake lists the public headers.
 */
#ifndef IP_BASE_PUBLIC_H
#define IP_BASE_PUBLIC_H

#ifdef __cplusplus
#define IP_PUBLIC_BEGIN                                                                                                \
  _Pragma("GCC visibility push(default)") extern "C"                                                                   \
  {
#define IP_PUBLIC_END                                                                                                  \
  }                                                                                                                    \
  _Pragma("GCC visibility pop")
#else
#define IP_PUBLIC_BEGIN _Pragma("GCC visibility push(default)")
#define IP_PUBLIC_END _Pragma("GCC visibility pop")
#endif

#endif
