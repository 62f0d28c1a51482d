/* text.h - numbers read strictly from text and written in as few digits as possible; words chosen from a list;
 * names that were changed. */
#ifndef IP_BASE_TEXT_H
#define IP_BASE_TEXT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of `s` is one number, and nothing else (no blanks, no trailing characters, in range); else false.
 * Integers are decimal ("1e3" is none); real ones may be "nan" or "inf", the caller judges. */
bool ip_parse_int(const char *s, int64_t *value);
bool ip_parse_real(const char *s, double *value);

/* Whether `value` is in an interval as rules and help write it: "[0, 1)", "(0, inf)"; NULL is any number. NaN is in
 * none with ends. */
bool ip_interval_has(const char *text, double value);

/* " greater than 0", " of at least 1", " in [0, 1)"; "" for NULL: what follows "expected a number". */
typedef struct ip_interval_text {
  char text[80];
} ip_interval_text;
ip_interval_text ip_interval_words(const char *text);

/* Fails with IP_ECONFIG, "KEY: expected a number in [0, 1), got 2", unless the value is finite and in the interval. */
ip_status ip_interval_check(const char *key, const char *text, double value);

/* The fewest digits that read back as `value`: "0.1", "1e-08", "nan", "-inf". Whole numbers below 1e15 are written in
 * full ("100"); `short_whole` writes their last zeros as an exponent ("1e+02"), as the texts of configurations do, on
 * which digests depend. */
typedef struct ip_real_text {
  char text[32];
} ip_real_text;
ip_real_text ip_format_real(double value, bool short_whole);

/* "s" after a number other than 1, else "": printf("%zu run%s", n, ip_plural(n)). */
const char *ip_plural(size_t n);

/* Edit distance that counts insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). */
size_t ip_text_distance(const char *a, const char *b);

/* Whether the distance of two words is below *best, which then becomes that distance. Faster than ip_text_distance
 * where the lengths of the words differ too much. */
bool ip_text_is_nearer(const char *a, const char *b, size_t *best);

/* The candidate of (n) nearest to `word`, or NULL when none is near enough to suggest. */
const char *ip_text_nearest(const char *word, size_t n, const char *const *candidate);

/* A name of an earlier version and the present one. Lists end with {NULL, NULL}. */
typedef struct ip_renamed {
  const char *from, *to;
} ip_renamed;

/* The present name of what was called `name`; NULL if the list (which may be NULL) does not contain it. */
const char *ip_text_renamed(const ip_renamed *list, const char *name);

/* What follows an unknown word in every message: "; did you mean 'tanh'?", the names that begin with it where there are
 * several ("; did you mean kde_upper, kde_lower?"), or "" where no name is near. */
typedef struct ip_hint {
  char text[512];
} ip_hint;
ip_hint ip_text_hint(const char *word, size_t n, const char *const *name);

/* The same, but "; expected one of tanh, relu, ..." where no name is near. */
ip_hint ip_text_expected(const char *word, size_t n, const char *const *name);

/* The position of `word` among (n) names. Where it is none of them, fails with `code` and "unknown KIND 'WORD'"
 * followed by ip_text_expected. */
ip_status ip_text_choose(ip_status code, const char *kind, const char *word, size_t n, const char *const *name,
                         size_t *at);

#endif
