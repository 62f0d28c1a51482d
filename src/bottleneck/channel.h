/* channel.h - channels with known IB curves, by name: bsc:0.1, bec:0.2, gaussian:0.75.
 *
 * bsc:P       binary symmetric channel: Y = X, flipped with probability P; X uniform, 0 <= P <= 1
 * bec:P       binary erasure channel: Y = X or, with probability P, "erased"; X uniform, 0 <= P <= 1
 * gaussian:R  X and Y jointly normal with correlation R, -1 < R < 1
 */
#ifndef IP_BOTTLENECK_CHANNEL_H
#define IP_BOTTLENECK_CHANNEL_H

#include "base/public.h"
#include "bottleneck/problem.h"

#include <stdbool.h>

IP_PUBLIC_BEGIN

typedef enum { IP_CHANNEL_BSC, IP_CHANNEL_BEC, IP_CHANNEL_GAUSSIAN } ip_channel_kind;

typedef struct ip_channel {
  ip_channel_kind kind;
  double parameter;
} ip_channel;

/* True if `text` begins with the name of a channel and a colon. */
bool ip_channel_is(const char *text);

/* Reads a channel from `text`. IP_EUSAGE if the name is unknown, or the parameter is not a number or out of range. */
ip_status ip_channel_parse(const char *text, ip_channel *out);

/* p(x,y) of a binary channel: (2, 2) for bsc, (2, 3) for bec with "erased" in the middle. IP_EINVAL for gaussian,
 * whose curve gaussian.h computes. */
ip_status ip_channel_problem(const ip_channel *c, ip_ib_problem **out);

IP_PUBLIC_END

#endif
