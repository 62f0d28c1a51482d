/* channel.h - channels by name, whose curves are known in closed form: bsc:0.1, bec:0.2, gaussian:0.75.
 *
 * bsc:P       binary symmetric channel, Y = X flipped with probability P, X uniform, 0 <= P <= 1
 * bec:P       binary erasure channel, Y = X or, with probability P, "erased", X uniform, 0 <= P <= 1
 * gaussian:R  Y and X jointly normal with correlation R, -1 < R < 1
 */
#ifndef IP_BOTTLENECK_CHANNEL_H
#define IP_BOTTLENECK_CHANNEL_H

#include "bottleneck/problem.h"

#include <stdbool.h>

typedef enum { IP_CHANNEL_BSC, IP_CHANNEL_BEC, IP_CHANNEL_GAUSSIAN } ip_channel_kind;

typedef struct ip_channel {
  ip_channel_kind kind;
  double parameter;
} ip_channel;

/* True when `text` begins with the name of a channel and a colon. */
bool ip_channel_is(const char *text);

/* IP_EUSAGE for a parameter that is no number or outside its range. */
ip_status ip_channel_parse(const char *text, ip_channel *out);

/* p(x,y) of a channel that is not Gaussian. */
ip_status ip_channel_problem(const ip_channel *c, ip_ib_problem **out);

#endif
