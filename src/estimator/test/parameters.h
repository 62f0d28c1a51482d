/* parameters.h - tables of parameters as documented, for the tests of what is chosen by a spec. */
#ifndef IP_ESTIMATOR_TEST_PARAMETERS_H
#define IP_ESTIMATOR_TEST_PARAMETERS_H

#include "base/test/check.h"
#include "estimator/spec.h"

#include <string.h>

typedef struct documented {
  const char *kind, *name, *fallback; /* the default */
  double low, high;
  const char *choices; /* with blanks between them; NULL: a number */
} documented;

/* The parameter is the documented one: name, default, range, choices in this order. */
static inline void check_parameter(const char *kind, const ip_parameter *p, const documented *want)
{
  char choices[256] = "";
  for (size_t i = 0; p->type == IP_PARAMETER_CHOICE && p->choices[i]; i++) {
    if (i) strcat(choices, " ");
    strcat(choices, p->choices[i]);
  }
  assert_string_equal(kind, want->kind);
  assert_string_equal(p->name, want->name);
  if (strcmp(p->fallback, want->fallback)) fail_msg("%s: %s is %s, not %s", kind, p->name, p->fallback, want->fallback);
  if (strcmp(choices, want->choices ? want->choices : "")) fail_msg("%s: %s is one of %s", kind, p->name, choices);
  if (!want->choices && (p->low != want->low || p->high != want->high))
    fail_msg("%s: %s is from %g to %g", kind, p->name, p->low, p->high);
}

#endif
