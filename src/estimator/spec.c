#include "estimator/spec.h"

#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- one value */

/* Choices of earlier versions. */
static const ip_renamed renamed[] = {{"spread", "variance"}, {NULL, NULL}};

static ip_status parse_choice(const ip_parameter *p, const char *of, const char *text, double *value)
{
  size_t n = 0, at;
  while (p->choices[n]) n++;
  const char *now = ip_text_renamed(renamed, text);
  for (size_t i = 0; now && i < n; i++)
    IP_REQUIRE(strcmp(p->choices[i], now), IP_ECONFIG, "%s: %s=%s was renamed to %s=%s", of, p->name, text, p->name,
               now);
  ip_status st = ip_text_choose(IP_ECONFIG, "value", text, n, p->choices, &at);
  if (st != IP_OK)
    ip_error_prefix("%s: %s", of, p->name);
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

static ip_status parse(const ip_parameter *p, const char *of, const char *text, double *value)
{
  if (p->type == IP_PARAMETER_CHOICE) return parse_choice(p, of, text, value);
  int64_t whole = 0;
  double v = 0;
  bool read = p->type == IP_PARAMETER_INT ? ip_parse_int(text, &whole) : ip_parse_real(text, &v);
  if (p->type == IP_PARAMETER_INT) v = (double)whole;
  if (!read || !isfinite(v) || v < p->low || v > p->high) {
    char range[96];
    describe_range(p, range);
    IP_FAIL(IP_ECONFIG, "%s: %s: expected %s%s, got '%s'", of, p->name,
            p->type == IP_PARAMETER_INT ? "an integer" : "a number", range, text);
  }
  *value = v == 0 ? 0 : v; /* no -0 */
  return IP_OK;
}

static void format(const ip_parameter *p, double value, char out[static 32])
{
  if (p->type == IP_PARAMETER_CHOICE) {
    snprintf(out, 32, "%s", p->choices[(size_t)value]);
    return;
  }
  snprintf(out, 32, "%s", ip_format_real(value, false).text);
}

/* ---------------------------------------------------------------- a whole spec */

ip_status ip_spec_choose(const char *what, const char *spec, size_t n, const char *const *names, size_t *at)
{
  char word[64];
  size_t length = strcspn(spec, ":");
  snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), spec);
  return ip_text_choose(IP_ECONFIG, what, word, n, names, at);
}

static ip_status find_parameter(const ip_spec *s, const char *of, const char *name, size_t *at)
{
  const char *names[IP_MAX_PARAMETERS];
  IP_REQUIRE(s->n_parameters, IP_ECONFIG, "%s takes no parameters, got '%s'", of, name);
  for (size_t i = 0; i < s->n_parameters; i++) names[i] = s->parameter[i].name;
  ip_status st = ip_text_choose(IP_ECONFIG, "parameter", name, s->n_parameters, names, at);
  if (st != IP_OK) ip_error_prefix("%s", of);
  return st;
}

/* Reads one "key=value" of the spec; `given` marks the parameters that have been read. */
static ip_status read_parameter(ip_spec *s, const char *of, char *item, bool *given)
{
  char *value = strchr(item, '=');
  IP_REQUIRE(value && value != item && value[1], IP_ECONFIG, "%s: expected key=value after ':', got '%s'", of, item);
  *value++ = '\0';
  size_t i;
  IP_TRY(find_parameter(s, of, item, &i));
  IP_REQUIRE(!given[i], IP_ECONFIG, "%s: %s is given twice", of, item);
  given[i] = true;
  return parse(&s->parameter[i], of, value, &s->value[i]);
}

static ip_status read_parameters(ip_spec *s, const char *of, const char *spec)
{
  bool given[IP_MAX_PARAMETERS] = {false};
  for (size_t i = 0; i < s->n_parameters; i++)
    IP_TRY(parse(&s->parameter[i], of, s->parameter[i].fallback, &s->value[i]));
  for (const char *at = strchr(spec, ':'); at; at = strchr(at + 1, ':')) {
    char item[128];
    size_t length = strcspn(at + 1, ":");
    IP_REQUIRE(length < sizeof item, IP_ECONFIG, "%s: '%.40s...' is too long", of, at + 1);
    memcpy(item, at + 1, length);
    item[length] = '\0';
    IP_TRY(read_parameter(s, of, item, given));
  }
  return IP_OK;
}

static void write_label(ip_spec *s, const char *of, const char *name)
{
  snprintf(s->label, sizeof s->label, "%s", name);
  for (size_t i = 0; i < s->n_parameters; i++) {
    double fallback;
    format(&s->parameter[i], s->value[i], s->text[i]);
    if (parse(&s->parameter[i], of, s->parameter[i].fallback, &fallback) == IP_OK && fallback == s->value[i]) continue;
    size_t used = strlen(s->label);
    snprintf(s->label + used, sizeof s->label - used, ":%s=%s", s->parameter[i].name, s->text[i]);
  }
}

ip_status ip_spec_read(const char *what, const char *name, size_t n_parameters, const ip_parameter *parameter,
                       const char *spec, ip_spec *out)
{
  char of[96];
  snprintf(of, sizeof of, "%s %s", what, name);
  assert(n_parameters <= IP_MAX_PARAMETERS);
  *out = (ip_spec){.n_parameters = n_parameters, .parameter = parameter};
  IP_TRY(read_parameters(out, of, spec));
  write_label(out, of, name);
  return IP_OK;
}

ip_parameter_value ip_spec_value(const ip_spec *s, size_t i)
{
  const ip_parameter *p = &s->parameter[i];
  return (ip_parameter_value){p->name, s->text[i], p->type != IP_PARAMETER_CHOICE, s->value[i]};
}
