/* parsed.h - experiments from their text. */
#ifndef IP_EXPERIMENT_TEST_PARSED_H
#define IP_EXPERIMENT_TEST_PARSED_H

#include "base/test/check.h"
#include "experiment/experiment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline ip_experiment *parse(const char *text)
{
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("dir/some file.yaml", text, 0, NULL, &e));
  return e;
}

/* The experiment of a file with that text, which may inherit from a preset. */
static inline ip_experiment *load_text(const char *text)
{
  char path[] = "/tmp/extends_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
  ip_experiment *e;
  CHECK_OK(ip_experiment_load(path, 0, NULL, &e));
  unlink(path);
  return e;
}

/* The text is refused with that message. */
static inline void check_wrong(const char *text, const char *message)
{
  ip_experiment *e = (ip_experiment *)&e;
  CHECK_FAILS(ip_experiment_parse("f.yaml", text, 0, NULL, &e), IP_ECONFIG, message);
  assert_null(e);
}

#endif
