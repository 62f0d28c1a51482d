/* parsed.h - experiments from their text. */
#ifndef IP_EXPERIMENT_TEST_PARSED_H
#define IP_EXPERIMENT_TEST_PARSED_H

#include "base/test/check.h"
#include "experiment/experiment.h"

#include <string.h>

static inline ip_experiment *parse(const char *text)
{
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("dir/some file.yaml", text, 0, NULL, &e));
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
