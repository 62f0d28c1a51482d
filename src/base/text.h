/* text.h - numbers read strictly from text, the word that was probably meant, and names that were changed. */
#ifndef IP_BASE_TEXT_H
#define IP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of `s` is one number, and nothing else (no blanks, no trailing characters, in range); else false.
 * Whole numbers are decimal ("1e3" is none); real ones may be "nan" or "inf", the caller judges. */
bool ip_parse_int(const char *s, int64_t *value);
bool ip_parse_real(const char *s, double *value);

/* Edit distance that counts insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). */
size_t ip_text_distance(const char *a, const char *b);

/* The candidate of (n) nearest to `word`, or NULL when none is near enough to suggest. */
const char *ip_text_nearest(const char *word, size_t n, const char *const *candidate);

/* A name of an earlier version and the present one. Lists end with {NULL, NULL}. */
typedef struct ip_renamed {
  const char *from, *to;
} ip_renamed;

/* The present name of what was called `name`; NULL if the list (which may be NULL) does not contain it. */
const char *ip_text_renamed(const ip_renamed *list, const char *name);

#endif
