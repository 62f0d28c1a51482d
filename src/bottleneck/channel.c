#include "bottleneck/channel.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {"bsc:", "bec:", "gaussian:"};

enum { N_NAMES = sizeof names / sizeof *names };

static size_t find(const char *text)
{
  size_t k = 0;
  while (k < N_NAMES && strncmp(text, names[k], strlen(names[k])) != 0) k++;
  return k;
}

bool ip_channel_is(const char *text)
{
  return find(text) < N_NAMES;
}

ip_status ip_channel_parse(const char *text, ip_channel *out)
{
  size_t k = find(text);
  IP_REQUIRE(k < N_NAMES, IP_EUSAGE, "'%s' is no channel; expected bsc:P, bec:P or gaussian:R", text);
  const char *number = text + strlen(names[k]);
  double value;
  IP_REQUIRE(ip_parse_real(number, &value) && isfinite(value), IP_EUSAGE, "%s: '%s' is no number", text, number);
  *out = (ip_channel){(ip_channel_kind)k, value};
  if (out->kind == IP_CHANNEL_GAUSSIAN)
    IP_REQUIRE(fabs(value) < 1, IP_EUSAGE, "%s: a correlation is above -1 and below 1", text);
  else
    IP_REQUIRE(value >= 0 && value <= 1, IP_EUSAGE, "%s: a probability is from 0 to 1", text);
  return IP_OK;
}

ip_status ip_channel_problem(const ip_channel *c, ip_ib_problem **out)
{
  *out = NULL;
  double p = c->parameter, half = 0.5 * p, rest = 0.5 * (1 - p);
  IP_REQUIRE(c->kind != IP_CHANNEL_GAUSSIAN, IP_EINVAL,
             "a Gaussian channel has no table p(x,y); use ip_ib_gaussian_curve for its curve");
  if (c->kind == IP_CHANNEL_BSC) return ip_ib_problem_create(2, 2, (double[]){rest, half, half, rest}, out);
  return ip_ib_problem_create(2, 3, (double[]){rest, half, 0, 0, half, rest}, out);
}
