/* content.h - what a small file of the test's folder (temp.h) contains. */
#ifndef IP_FILE_TEST_CONTENT_H
#define IP_FILE_TEST_CONTENT_H

#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"

#include <string.h>

static inline void check_content(const char *name, const char *expected)
{
  char *text;
  size_t n;
  CHECK_OK(ip_file_read(temp_path(name), 1 << 20, &n, &text));
  assert_int_equal(n, strlen(expected));
  assert_string_equal(text, expected);
  ip_free(text);
}

#endif
