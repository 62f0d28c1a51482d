#include "run/reasons.h"

#include "estimator/kind.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

void ip_reason_set(ip_reason *r, size_t e, const char *text)
{
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  if (!r->is_set || e < r->epoch) {
    r->is_set = true;
    r->epoch = e;
    snprintf(r->text, sizeof r->text, "%s", text);
  }
  pthread_mutex_unlock(&lock);
}

bool ip_failure_is_its_own(ip_status st)
{
  return st == IP_EINVAL || st == IP_ENUMERIC;
}

const char *ip_reason_of_failure(const ip_samples *s, const char *what, const char *label)
{
  char where[64], begin[640];
  ip_samples_where(s, where);
  int n = snprintf(begin, sizeof begin, "%s, %s %s: ", where, what, label);
  return ip_error_message() + (strncmp(ip_error_message(), begin, (size_t)n) == 0 ? n : 0);
}

/* ---------------------------------------------------------------- one text of all layers */

static bool same_reason(const ip_reason *a, const ip_reason *b)
{
  return a->is_set && b->is_set && !strcmp(a->text, b->text);
}

/* Appends the layers that have the reason of layer k, from k on: "layers 2, 3: ". */
static void name_layers(const ip_reason *r, size_t n_layers, size_t k, char *text, size_t room)
{
  size_t n = 0;
  for (size_t j = k; j < n_layers; j++) n += same_reason(&r[j], &r[k]);
  size_t used = strlen(text);
  snprintf(text + used, room - used, n > 1 ? "layers" : "layer");
  for (size_t j = k, first = 1; j < n_layers; j++) {
    if (!same_reason(&r[j], &r[k])) continue;
    used = strlen(text);
    snprintf(text + used, room - used, "%s%zu", first ? " " : ", ", j + 1);
    first = 0;
  }
}

ip_status ip_reasons_text(const ip_reason *r, size_t n, ip_scratch *sc, const char **text)
{
  size_t n_same = 0, room = n * (sizeof r->text + 32) + 1, first = 0;
  char *all;
  *text = NULL;
  while (first < n && !r[first].is_set) first++;
  if (first == n) return IP_OK;
  for (size_t k = 0; k < n; k++) n_same += same_reason(&r[k], &r[first]);
  IP_TRY(IP_SCRATCH(sc, all, room, "reasons"));
  *text = all;
  if (n_same == n) {
    snprintf(all, room, "%s", r[first].text);
    return IP_OK;
  }
  for (size_t k = first; k < n; k++) {
    bool named = !r[k].is_set;
    for (size_t j = first; j < k && !named; j++) named = same_reason(&r[j], &r[k]);
    if (named) continue;
    if (*all) strcat(all, "; ");
    name_layers(r, n, k, all, room);
    size_t used = strlen(all);
    snprintf(all + used, room - used, ": %s", r[k].text);
  }
  return IP_OK;
}
