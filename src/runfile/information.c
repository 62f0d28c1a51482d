#include "base/mem.h"
#include "base/text.h"
#include "file/atomic.h"
#include "file/hold.h"
#include "file/table.h"
#include "runfile/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t ip_run_n_information(const ip_run *r)
{
  return r->n_groups[IP_RUN_INFORMATION];
}

const char *ip_run_information_name(const ip_run *r, size_t i)
{
  return r->group[IP_RUN_INFORMATION][i];
}

size_t ip_run_n_measures(const ip_run *r)
{
  return r->n_groups[IP_RUN_MEASURES];
}

const char *ip_run_measure_name(const ip_run *r, size_t i)
{
  return r->group[IP_RUN_MEASURES][i];
}

/* ---------------------------------------------------------------- reading a group */

static ip_status no_such(const ip_run *r, ip_run_part part, const char *label)
{
  char list[512] = "";
  for (size_t i = 0; i < r->n_groups[part]; i++) {
    size_t n = strlen(list);
    snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", r->group[part][i]);
  }
  IP_FAIL(IP_EINVAL, "%s: no %s '%s'; the file has %s", r->path, part == IP_RUN_MEASURES ? "measure" : "estimates",
          label, *list ? list : "none");
}

static ip_status copy_text(ip_scratch *sc, const char *text, const char **copy)
{
  char *c;
  IP_TRY(IP_SCRATCH(sc, c, strlen(text) + 1, "text"));
  *copy = strcpy(c, text);
  return IP_OK;
}

static ip_status read_attribute(ip_run *r, const char *group, const char *name, ip_scratch *sc, ip_run_attribute *a)
{
  a->name = name;
  a->is_number = ip_h5_is_number(r->h, group, name);
  if (a->is_number) {
    IP_TRY(ip_h5_real(r->h, group, name, &a->number));
    return copy_text(sc, ip_format_real(a->number, false).text, &a->text);
  }
  char *text;
  IP_TRY(ip_h5_text(r->h, group, name, &text));
  ip_status st = copy_text(sc, text, &a->text);
  ip_free(text);
  return st;
}

/* The names of the series: in the order of the attribute "series" that measures have, else alphabetical. */
static ip_status read_series_names(ip_run *r, const char *group, ip_scratch *sc, ip_information *out)
{
  const char **name;
  IP_TRY(ip_h5_children(r->h, group, sc, &out->n_series, &name));
  out->series = name;
  if (!ip_h5_has(r->h, group, "series")) return IP_OK;
  char *text, *rest = NULL;
  IP_TRY(ip_h5_text(r->h, group, "series", &text));
  size_t n = 0;
  for (char *w = strtok_r(text, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
    for (size_t s = n; s < out->n_series; s++) {
      if (strcmp(name[s], w) != 0) continue;
      const char *found = name[s];
      memmove(name + n + 1, name + n, (s - n) * sizeof *name);
      name[n++] = found;
      break;
    }
  ip_free(text);
  return IP_OK;
}

static ip_status read_unit(ip_run *r, const char *dataset, ip_scratch *sc, const char **unit)
{
  char *text;
  *unit = "";
  if (!ip_h5_has(r->h, dataset, "units")) return IP_OK;
  IP_TRY(ip_h5_text(r->h, dataset, "units", &text));
  ip_status st = copy_text(sc, text, unit);
  ip_free(text);
  return st;
}

static ip_status read_measure_units(ip_run *r, ip_scratch *sc, ip_information *out)
{
  char name[IP_RUN_NAME_SIZE];
  const char **unit;
  IP_TRY(IP_SCRATCH(sc, unit, out->n_series, "units"));
  for (size_t s = 0; s < out->n_series; s++)
    IP_TRY(read_unit(r, ip_run_part_path(name, out->part, out->estimator, out->series[s]), sc, &unit[s]));
  out->unit = unit;
  return IP_OK;
}

static ip_status read_attributes(ip_run *r, const char *group, ip_scratch *sc, ip_information *out)
{
  const char **name;
  size_t n, n_kept = 0;
  ip_run_attribute *attribute;
  IP_TRY(ip_h5_attributes(r->h, group, sc, &n, &name));
  IP_TRY(IP_SCRATCH(sc, attribute, n, "attributes of an estimator"));
  for (size_t i = 0; i < n; i++)
    if (out->part == IP_RUN_INFORMATION || strcmp(name[i], "series") != 0)
      IP_TRY(read_attribute(r, group, name[i], sc, &attribute[n_kept++]));
  out->attribute = attribute;
  out->n_attributes = n_kept;
  return IP_OK;
}

/* All of a group but the values of its series. */
static ip_status describe_part(ip_run *r, ip_run_part part, const char *label, ip_scratch *sc, ip_information *out)
{
  *out = (ip_information){.part = part, .n_epochs = r->n_epochs, .n_layers = r->head.n_layers};
  bool found = false;
  for (size_t i = 0; i < r->n_groups[part]; i++) found |= !strcmp(r->group[part][i], label);
  if (!found) return no_such(r, part, label);
  char group[IP_RUN_NAME_SIZE];
  ip_run_part_path(group, part, label, NULL);
  IP_TRY(copy_text(sc, label, &out->estimator));
  IP_TRY(read_attributes(r, group, sc, out));
  IP_TRY(read_series_names(r, group, sc, out));
  return part == IP_RUN_MEASURES ? read_measure_units(r, sc, out) : IP_OK;
}

ip_status ip_run_read_part(ip_run *r, ip_run_part part, const char *label, ip_scratch *sc, ip_information *out)
{
  double **value;
  IP_TRY(describe_part(r, part, label, sc, out));
  IP_TRY(IP_SCRATCH(sc, value, out->n_series, "series of an estimator"));
  for (size_t s = 0; s < out->n_series; s++) {
    IP_TRY(IP_SCRATCH(sc, value[s], r->n_epochs * r->head.n_layers, "series of an estimator"));
    IP_TRY(part == IP_RUN_MEASURES ? ip_run_read_measure_series(r, label, out->series[s], value[s])
                                   : ip_run_read_series(r, label, out->series[s], value[s]));
  }
  out->value = value;
  return IP_OK;
}

double ip_run_information_number(const ip_run *r, const char *estimator, const char *attribute)
{
  char group[IP_RUN_NAME_SIZE];
  double value = (double)NAN;
  ip_run_part_path(group, IP_RUN_INFORMATION, estimator, NULL);
  if (ip_h5_kind_of(r->h, group) != IP_H5_GROUP || !ip_h5_has(r->h, group, attribute)) return value;
  if (!ip_h5_is_number(r->h, group, attribute)) return value;
  if (ip_h5_real(r->h, group, attribute, &value) == IP_OK) return value;
  ip_error_clear();
  return (double)NAN;
}

size_t ip_run_n_estimated(const ip_run *r, const char *estimator)
{
  double n = ip_run_information_number(r, estimator, IP_NAME_N_SAMPLES);
  return n >= 0 && n <= (double)r->head.n ? (size_t)n : r->head.n;
}

ip_status ip_run_name_group(const char *label, const char *split, ip_scratch *sc, const char **name)
{
  bool is_all = !strcmp(split, "all");
  return ip_scratch_format(sc, name, "%s%s%s", label, is_all ? "" : "@", is_all ? "" : split);
}

const char *ip_run_split_of(const char *name)
{
  const char *at = strrchr(name, '@');
  return at && !strcmp(at, "@train") ? "train" : at && !strcmp(at, "@test") ? "test" : "all";
}

ip_status ip_run_read_information(ip_run *r, const char *estimator, ip_scratch *sc, ip_information *out)
{
  return ip_run_read_part(r, IP_RUN_INFORMATION, estimator, sc, out);
}

ip_status ip_run_describe_measure(ip_run *r, const char *measure, ip_scratch *sc, ip_information *out)
{
  return describe_part(r, IP_RUN_MEASURES, measure, sc, out);
}

ip_status ip_run_read_measure(ip_run *r, const char *measure, ip_scratch *sc, ip_information *out)
{
  return ip_run_read_part(r, IP_RUN_MEASURES, measure, sc, out);
}

/* ---------------------------------------------------------------- adding groups */

/* Estimates belong to the file they were made from: other layers or epochs mean that another run has taken its name. */
static ip_status check_fit(const ip_run *run, size_t n, const ip_information *information)
{
  for (size_t i = 0; i < n; i++)
    IP_REQUIRE(information[i].n_layers == run->head.n_layers && information[i].n_epochs <= run->n_epochs, IP_EINVAL,
               "%s: changed since it was read: the estimates '%s' have %zu epochs and %zu layers, the file has %zu "
               "and %zu; estimate again",
               run->path, information[i].estimator, information[i].n_epochs, information[i].n_layers, run->n_epochs,
               run->head.n_layers);
  return IP_OK;
}

/* What is written to the copy, for its run. */
typedef struct {
  size_t n;
  const ip_information *information; // (n)
  const char *estimate_digest;       /* or NULL */
  bool keep_activations;
} addition;

static ip_status add(ip_h5 *h, const addition *a)
{
  for (size_t i = 0; i < a->n; i++) IP_TRY(ip_run_put_information(h, &a->information[i]));
  return a->estimate_digest ? ip_h5_set_text(h, "/", "estimate_digest", a->estimate_digest) : IP_OK;
}

static ip_status write_copy(ip_run *run, const char *copy, const addition *a)
{
  ip_h5 *h = NULL;
  if (a->keep_activations) IP_TRY(ip_file_copy(run->path, copy));
  IP_TRY(a->keep_activations ? ip_h5_open(copy, true, &h) : ip_h5_create(copy, &h));
  ip_status st = a->keep_activations ? IP_OK : ip_run_copy_into(run, h);
  if (st == IP_OK) st = add(h, a);
  ip_status closed = ip_h5_close(&h);
  return st != IP_OK ? st : closed;
}

static ip_status add_held(ip_hold *hold, const addition *a)
{
  ip_run *run;
  char *copy = NULL;
  const char *path = ip_hold_path(hold);
  IP_TRY(ip_run_open(path, &run));
  ip_status st = check_fit(run, a->n, a->information);
  if (st == IP_OK) st = IP_FORMAT(copy, "%s.new", path);
  if (st == IP_OK && (st = write_copy(run, copy, a)) != IP_OK) unlink(copy);
  ip_run_close(&run);
  if (st == IP_OK) st = ip_hold_replace(hold, copy, true);
  ip_free(copy);
  return st;
}

ip_status ip_run_add_information(const char *path, size_t n, const ip_information *information,
                                 const char *estimate_digest, bool keep_activations)
{
  ip_hold *hold;
  IP_TRY(ip_hold_take(path, &hold));
  ip_status st = add_held(hold, &(addition){n, information, estimate_digest, keep_activations});
  ip_hold_release(&hold);
  return st;
}
