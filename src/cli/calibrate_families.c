/* calibrate_families.c - infoplane calibrate --family and --consistency. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "calibrate/accuracy.h"
#include "calibrate/consistency.h"
#include "cli/calibrate_request.h"
#include "cli/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------- what was asked for */

static ip_status choose_families(const ip_calibrate_request *w, ip_scratch *sc, size_t *n,
                                 const ip_calibration_family ***family)
{
  const char *names[IP_MAX_FAMILIES + 1] = {"all"};
  *n = 0;
  for (size_t i = 0; i < ip_family_count(); i++) names[i + 1] = ip_family_at(i)->name;
  IP_TRY(IP_SCRATCH(sc, *family, w->families.n + ip_family_count(), "families"));
  for (size_t i = 0; i < w->families.n; i++) {
    size_t at;
    IP_TRY(ip_text_choose(IP_EUSAGE, "family of calibration tasks", w->families.word[i], ip_family_count() + 1, names,
                          &at));
    if (at) (*family)[(*n)++] = ip_family_at(at - 1);
    for (size_t k = 0; !at && k < ip_family_count(); k++) (*family)[(*n)++] = ip_family_at(k);
    if (!at) break;
  }
  return IP_OK;
}

static ip_status choose_nats(const ip_calibrate_request *w, double least, size_t n_usual, const double *usual,
                             ip_scratch *sc, size_t *n, double **nats)
{
  *n = w->nats.n ? w->nats.n : n_usual;
  IP_TRY(IP_SCRATCH(sc, *nats, *n, "amounts of information"));
  for (size_t i = 0; i < *n; i++) {
    double v = w->nats.n ? -1 : usual[i];
    IP_REQUIRE(!w->nats.n || (ip_parse_real(w->nats.word[i], &v) && v >= least && v <= IP_MAX_FAMILY_NATS), IP_EUSAGE,
               "infoplane calibrate --nats: expected a number from %g to %g, got '%s'", least, IP_MAX_FAMILY_NATS,
               w->nats.word[i]);
    (*nats)[i] = v;
  }
  return IP_OK;
}

static ip_status choose_pairs(const ip_calibrate_request *w, ip_scratch *sc, size_t *n, size_t **pairs)
{
  *n = w->pairs.n ? w->pairs.n : 3;
  IP_TRY(IP_SCRATCH(sc, *pairs, *n, "numbers of pairs"));
  for (size_t i = 0; i < *n; i++) {
    int64_t v = (int64_t)i + 1;
    IP_REQUIRE(!w->pairs.n || (ip_parse_int(w->pairs.word[i], &v) && v >= 1 && v <= IP_MAX_PAIRS), IP_EUSAGE,
               "infoplane calibrate --pairs: expected an integer from 1 to %d, got '%s'", IP_MAX_PAIRS,
               w->pairs.word[i]);
    (*pairs)[i] = (size_t)v;
  }
  return IP_OK;
}

/* Estimators of the I(X;T) of continuous X and T, and 10000 samples, unless others were named. */
static void use_defaults(const ip_calibrate_request *w, ip_calibration_options *o)
{
  static const char *const specs[] = {"ksg:k=1", "ksg", "ksg:k=10", "mixture_ksg", "gaussian:given=inputs"};
  static const size_t sizes[] = {10000};
  if (!w->estimators.n) {
    o->estimator = specs;
    o->n_estimators = IP_COUNT(specs);
  }
  if (w->samples.n) return;
  o->size = sizes;
  o->n_sizes = IP_COUNT(sizes);
}

static ip_status open_progress(double total, ip_calibration_options *o)
{
  return ip_progress_create(isatty(STDERR_FILENO) ? stderr : NULL, "calibrate", "estimates", total, &o->progress);
}

/* ---------------------------------------------------------------- families */

static ip_status write_accuracy_figure(const char *path, size_t n, const void *row, ip_scratch *sc)
{
  return ip_accuracy_write_figure(path, n, row, sc);
}

static void print_accuracy(size_t n, const ip_accuracy_row *row)
{
  ip_print(stdout, "%-24s%6s  %-30s%8s%9s%12s\n", "family", "nats", "estimator", "samples", "members", "error/nats");
  for (size_t k = 0; k < n; k++) {
    ip_print(stdout, "%-24s%6g  %-30s%8zu", row[k].family, row[k].nats, row[k].estimator, row[k].n);
    if (row[k].members)
      printf("%9zu", row[k].members);
    else
      ip_print(stdout, "%9s", "-");
    printf("%12.4f\n", row[k].mae_nats);
  }
}

static ip_status accuracy_json(size_t n, const ip_accuracy_row *row)
{
  json_t *list = json_array();
  for (size_t k = 0; k < n; k++)
    json_array_append_new(list, json_pack("{s:s, s:f, s:s, s:I, s:I, s:I, s:o, s:s}", "family", row[k].family, "nats",
                                          row[k].nats, "estimator", row[k].estimator, "samples", (json_int_t)row[k].n,
                                          "repeats", (json_int_t)row[k].repeats, "members", (json_int_t)row[k].members,
                                          "mae_nats", ip_json_real(row[k].mae_nats), "source", row[k].source));
  return ip_json_print(list, stdout);
}

ip_status ip_calibrate_families(const ip_calibrate_request *w, ip_calibration_options *o, ip_scratch *sc)
{
  static const double usual[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const ip_calibration_family **family;
  const ip_calibration_task **task;
  ip_calibration_row *row;
  ip_accuracy_row *mean;
  size_t n_families, n_nats, n_pairs, *pairs, n, n_means;
  double *nats;
  IP_TRY(choose_families(w, sc, &n_families, &family));
  IP_TRY(choose_nats(w, 0, IP_COUNT(usual), usual, sc, &n_nats, &nats));
  IP_TRY(choose_pairs(w, sc, &n_pairs, &pairs));
  use_defaults(w, o);
  IP_TRY(ip_accuracy_tasks(n_families, family, n_nats, nats, n_pairs, pairs, sc, &o->n_tasks, &task));
  o->task = task;
  IP_REQUIRE(o->n_tasks, IP_EUSAGE, "infoplane calibrate: no family has a member with these --nats and --pairs");
  IP_TRY(open_progress((double)(o->n_tasks * o->n_sizes * o->n_estimators * o->repeats), o));
  ip_status st = ip_calibrate(o, sc, &n, &row);
  ip_progress_destroy(&o->progress);
  IP_TRY(st);
  IP_TRY(ip_accuracy(n, row, sc, &n_means, &mean));
  if (w->output) IP_TRY(ip_accuracy_write(w->output, n_means, mean));
  if (w->figure) IP_TRY(ip_calibrate_draw(w->figure, "accuracy", n_means, mean, sc, write_accuracy_figure));
  if (w->json) return accuracy_json(n_means, mean);
  if (!w->output) print_accuracy(n_means, mean);
  return IP_OK;
}

/* ---------------------------------------------------------------- self-consistency */

static void print_consistency(size_t n, const ip_consistency_row *row)
{
  ip_print(stdout, "%-30s%6s%9s  %-17s%9s%10s%10s\n", "estimator", "nats", "samples", "test", "expected", "mean", "sd");
  for (size_t k = 0; k < n; k++)
    ip_print(stdout, "%-30s%6g%9zu  %-17s%9g%10.4f%10.4f%s\n", row[k].estimator, row[k].nats, row[k].n,
             ip_consistency_name(row[k].test), row[k].expected, row[k].mean, row[k].sd,
             ip_consistency_holds(&row[k]) ? "" : "  FAILED");
}

static ip_status consistency_json(size_t n, const ip_consistency_row *row)
{
  json_t *list = json_array();
  for (size_t k = 0; k < n; k++)
    json_array_append_new(list,
                          json_pack("{s:s, s:f, s:I, s:I, s:s, s:o, s:o, s:o, s:b}", "estimator", row[k].estimator,
                                    "nats", row[k].nats, "samples", (json_int_t)row[k].n, "repeats",
                                    (json_int_t)row[k].repeats, "test", ip_consistency_name(row[k].test), "expected",
                                    ip_json_real(row[k].expected), "mean", ip_json_real(row[k].mean), "sd",
                                    ip_json_real(row[k].sd), "holds", ip_consistency_holds(&row[k])));
  return ip_json_print(list, stdout);
}

ip_status ip_calibrate_consistency(const ip_calibrate_request *w, ip_calibration_options *o, ip_scratch *sc)
{
  static const double usual[] = {1, 2, 5};
  ip_consistency_row *row;
  size_t n_nats, n, failed = 0;
  double *nats;
  IP_TRY(choose_nats(w, 0.01, IP_COUNT(usual), usual, sc, &n_nats, &nats));
  use_defaults(w, o);
  IP_TRY(open_progress((double)(n_nats * o->n_sizes * o->n_estimators), o));
  ip_status st = ip_consistency(o, n_nats, nats, sc, &n, &row);
  ip_progress_destroy(&o->progress);
  IP_TRY(st);
  if (w->output) IP_TRY(ip_consistency_write(w->output, n, row));
  if (w->json)
    IP_TRY(consistency_json(n, row));
  else if (!w->output)
    print_consistency(n, row);
  for (size_t k = 0; k < n; k++) failed += !ip_consistency_holds(&row[k]);
  IP_REQUIRE(!w->check || !failed, IP_ENUMERIC, "%zu of %zu tests of self-consistency fail", failed, n);
  return IP_OK;
}
