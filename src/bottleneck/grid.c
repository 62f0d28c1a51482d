#include "bottleneck/grid.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { MOST = 100000 };

static ip_status parse_beta(const char *word, double *beta)
{
  IP_REQUIRE(ip_parse_real(word, beta), IP_EUSAGE, "'%s' is no beta; expected a number, or a grid like 1:300:log40",
             word);
  IP_REQUIRE(isfinite(*beta) && *beta > 0, IP_EUSAGE, "beta %s: the bottleneck needs a finite beta above 0", word);
  return IP_OK;
}

/* words[0]:words[1]:words[2] */
static ip_status parse_range(char *words[static 3], size_t *n, double **beta)
{
  double low, high;
  int64_t count;
  IP_TRY(parse_beta(words[0], &low));
  IP_TRY(parse_beta(words[1], &high));
  bool is_log = strncmp(words[2], "log", 3) == 0, is_lin = strncmp(words[2], "lin", 3) == 0;
  IP_REQUIRE((is_log || is_lin) && ip_parse_int(words[2] + 3, &count), IP_EUSAGE,
             "unknown spacing '%s'; expected logN or linN with an integer N, as in 1:300:log40", words[2]);
  IP_REQUIRE(count >= 1 && count <= MOST, IP_EUSAGE, "a grid of %s betas; expected 1 to %d", words[2] + 3, MOST);
  IP_REQUIRE(low <= high, IP_EUSAGE, "the grid of betas goes from %s down to %s; expected MIN < MAX", words[0],
             words[1]);
  IP_REQUIRE((low == high) == (count == 1), IP_EUSAGE, "a grid of %s betas from %s to %s; expected %s", words[2] + 3,
             words[0], words[1], count == 1 ? "more than one" : "MIN < MAX");
  IP_TRY(IP_NEW(*beta, (size_t)count, "grid of betas"));
  *n = (size_t)count;
  for (size_t i = 0; i < *n; i++) {
    double part = *n > 1 ? (double)i / (double)(*n - 1) : 0;
    (*beta)[i] = is_log ? low * pow(high / low, part) : low + (high - low) * part;
  }
  (*beta)[*n - 1] = high;
  return IP_OK;
}

static ip_status parse_list(char *text, size_t *n, double **beta)
{
  size_t most = 1;
  for (const char *c = text; *c; c++) most += *c == ',';
  IP_TRY(IP_NEW(*beta, most, "list of betas"));
  for (char *word = text; word; (*n)++) {
    char *comma = strchr(word, ',');
    if (comma) *comma = 0;
    IP_TRY(parse_beta(word, &(*beta)[*n]));
    IP_REQUIRE(*n == 0 || (*beta)[*n] > (*beta)[*n - 1], IP_EUSAGE, "beta %s follows %g; expected rising betas", word,
               (*beta)[*n - 1]);
    word = comma ? comma + 1 : NULL;
  }
  return IP_OK;
}

static ip_status parse(char *text, size_t *n, double **beta)
{
  char *first = strchr(text, ':'), *second = first ? strchr(first + 1, ':') : NULL;
  if (!first) return parse_list(text, n, beta);
  IP_REQUIRE(second, IP_EUSAGE, "'%s' is no grid of betas; expected MIN:MAX:logN, MIN:MAX:linN or values with commas",
             text);
  *first = *second = 0;
  return parse_range((char *[]){text, first + 1, second + 1}, n, beta);
}

ip_status ip_ib_grid_parse(const char *text, size_t *n, double **beta)
{
  char *copy;
  *n = 0;
  *beta = NULL;
  IP_TRY(IP_STRDUP(copy, text));
  ip_status st = parse(copy, n, beta);
  if (st != IP_OK) {
    ip_free(*beta);
    *beta = NULL;
    *n = 0;
  }
  ip_free(copy);
  return st;
}
