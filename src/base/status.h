/* status.h - return codes and error messages.
 *
 * A function that can fail returns ip_status and passes its results out through its last arguments. Where a failure is
 * noticed, IP_FAIL records one message for the user (what is wrong, where, what was expected, what to do) and returns;
 * callers pass the failure on with IP_TRY. The record belongs to the thread. The first failure is kept until
 * ip_error_clear: a program that continues after a failure clears it. The program `infoplane` prints the record and
 * exits with the status that the list below gives.
 *
 * Precondition violations (an unexpected NULL, an index out of range) are bugs of the caller; assert() catches some.
 */
#ifndef IP_BASE_STATUS_H
#define IP_BASE_STATUS_H

#include "base/public.h"

IP_PUBLIC_BEGIN

/* code, exit status of the program, meaning. Exit status 1: the work failed; 2: wrong command line or configuration; 3
 * and 4: what a parent process or a script can wait for and then try again. */
#define IP_STATUS_LIST(X)                                                                                              \
  X(IP_OK, 0, "no error")                                                                                              \
  X(IP_EUSAGE, 2, "the command line is wrong")                                                                         \
  X(IP_ECONFIG, 2, "the configuration is wrong")                                                                       \
  X(IP_EIO, 1, "a file could not be read or written")                                                                  \
  X(IP_ENOSPC, 3, "the disk is full")                                                                                  \
  X(IP_ELOCKED, 4, "another process works there")                                                                      \
  X(IP_EFORMAT, 1, "a file does not hold what it should")                                                              \
  X(IP_EINVAL, 1, "a value is impossible")                                                                             \
  X(IP_ENUMERIC, 1, "a computation left the finite numbers")                                                           \
  X(IP_ENOMEM, 1, "out of memory")                                                                                     \
  X(IP_ECHILD, 1, "a program started by this one failed")                                                              \
  X(IP_ESTOPPED, 130, "stopped on request")

typedef enum {
#define X(code, exit_status, text) code,
  IP_STATUS_LIST(X)
#undef X
} ip_status;

/* Records a failure, unless one is recorded already, and returns `code`. */
ip_status ip_error_set(const char *file, int line, const char *func, ip_status code, const char *fmt, ...)
    __attribute__((format(printf, 5, 6), cold));

/* Puts "context: " before the recorded message, for a caller that knows where the failure occurred. */
void ip_error_prefix(const char *fmt, ...) __attribute__((format(printf, 1, 2), cold));

/* Adds one line to the recorded trace. */
void ip_error_trace(const char *file, int line, const char *func);

/* The recorded code, message and trace (lines "func (file:line)", innermost first); IP_OK and "" if there is none. */
ip_status ip_error_code(void);
const char *ip_error_message(void);
const char *ip_error_backtrace(void);
void ip_error_clear(void);

/* Meaning and exit status of a code. */
const char *ip_status_text(ip_status code);
int ip_status_exit(ip_status code);

/* Returns `code` itself, which compilers and analyzers then know not to be IP_OK. */
#define IP_FAIL(code, ...)                                                                                             \
  do {                                                                                                                 \
    ip_error_set(__FILE__, __LINE__, __func__, (code), __VA_ARGS__);                                                   \
    return (code);                                                                                                     \
  } while (0)

#define IP_REQUIRE(cond, code, ...)                                                                                    \
  do {                                                                                                                 \
    if (!(cond)) IP_FAIL(code, __VA_ARGS__);                                                                           \
  } while (0)

#define IP_TRY(call)                                                                                                   \
  do {                                                                                                                 \
    ip_status try_ = (call);                                                                                           \
    if (try_ != IP_OK) {                                                                                               \
      ip_error_trace(__FILE__, __LINE__, __func__);                                                                    \
      return try_;                                                                                                     \
    }                                                                                                                  \
  } while (0)

/* For functions that must clean up: jumps to `label` with `st` set. */
#define IP_TRY_GOTO(st, call, label)                                                                                   \
  do {                                                                                                                 \
    (st) = (call);                                                                                                     \
    if ((st) != IP_OK) {                                                                                               \
      ip_error_trace(__FILE__, __LINE__, __func__);                                                                    \
      goto label;                                                                                                      \
    }                                                                                                                  \
  } while (0)

IP_PUBLIC_END

#endif
