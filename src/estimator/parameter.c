#include "base/text.h"
#include "estimator/kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Choices of earlier versions. */
static const ip_renamed renamed[] = {{"spread", "variance"}, {NULL, NULL}};

static ip_status parse_choice(const ip_parameter *p, const char *of, const char *text, double *value)
{
  size_t n = 0, at;
  while (p->choices[n]) n++;
  const char *now = ip_text_renamed(renamed, text);
  for (size_t i = 0; now && i < n; i++)
    IP_REQUIRE(strcmp(p->choices[i], now), IP_ECONFIG, "estimator %s: %s=%s was renamed to %s=%s", of, p->name, text,
               p->name, now);
  ip_status st = ip_text_choose(IP_ECONFIG, "value", text, n, p->choices, &at);
  if (st != IP_OK)
    ip_error_prefix("estimator %s: %s", of, p->name);
  else
    *value = (double)at;
  return st;
}

static void describe_range(const ip_parameter *p, char out[static 96])
{
  bool low = p->low > -1e299, high = p->high < 1e299;
  const char *lowest = p->low == IP_ABOVE_ZERO ? "above 0" : "";
  if (*lowest && !high)
    snprintf(out, 96, " %s", lowest);
  else if (*lowest)
    snprintf(out, 96, " %s, at most %.10g", lowest, p->high);
  else if (low && high)
    snprintf(out, 96, " from %.10g to %.10g", p->low, p->high);
  else if (low)
    snprintf(out, 96, " of at least %.10g", p->low);
  else if (high)
    snprintf(out, 96, " of at most %.10g", p->high);
  else
    snprintf(out, 96, ", finite");
}

ip_status ip_parameter_parse(const ip_parameter *p, const char *of, const char *text, double *value)
{
  if (p->type == IP_PARAMETER_CHOICE) return parse_choice(p, of, text, value);
  int64_t whole = 0;
  double v = 0;
  bool read = p->type == IP_PARAMETER_INT ? ip_parse_int(text, &whole) : ip_parse_real(text, &v);
  if (p->type == IP_PARAMETER_INT) v = (double)whole;
  if (!read || !isfinite(v) || v < p->low || v > p->high) {
    char range[96];
    describe_range(p, range);
    IP_FAIL(IP_ECONFIG, "estimator %s: %s: expected %s%s, got '%s'", of, p->name,
            p->type == IP_PARAMETER_INT ? "an integer" : "a number", range, text);
  }
  *value = v == 0 ? 0 : v; /* no -0 */
  return IP_OK;
}

void ip_parameter_format(const ip_parameter *p, double value, char out[static 32])
{
  if (p->type == IP_PARAMETER_CHOICE) {
    snprintf(out, 32, "%s", p->choices[(size_t)value]);
    return;
  }
  snprintf(out, 32, "%s", ip_format_real(value, false).text);
}
