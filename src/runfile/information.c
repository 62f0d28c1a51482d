#include "base/mem.h"
#include "base/text.h"
#include "file/atomic.h"
#include "file/hold.h"
#include "file/table.h"
#include "runfile/reader.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t ip_run_n_information(const ip_run *r)
{
  return r->n_information;
}

const char *ip_run_information_name(const ip_run *r, size_t i)
{
  return r->information[i];
}

/* ---------------------------------------------------------------- reading a group */

static ip_status no_such(const ip_run *r, const char *estimator)
{
  char list[512] = "";
  for (size_t i = 0; i < r->n_information; i++) {
    size_t n = strlen(list);
    snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", r->information[i]);
  }
  IP_FAIL(IP_EINVAL, "%s: no estimates '%s'; the file has %s", r->path, estimator, *list ? list : "none");
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

ip_status ip_run_read_information(ip_run *r, const char *estimator, ip_scratch *sc, ip_information *out)
{
  *out = (ip_information){.n_epochs = r->n_epochs, .n_layers = r->head.n_layers};
  bool found = false;
  for (size_t i = 0; i < r->n_information; i++) found |= !strcmp(r->information[i], estimator);
  if (!found) return no_such(r, estimator);
  char group[IP_RUN_NAME_SIZE];
  ip_run_information_path(group, estimator, NULL);
  const char **name;
  IP_TRY(copy_text(sc, estimator, &out->estimator));
  IP_TRY(ip_h5_attributes(r->h, group, sc, &out->n_attributes, &name));
  ip_run_attribute *attribute;
  IP_TRY(IP_SCRATCH(sc, attribute, out->n_attributes, "attributes of an estimator"));
  for (size_t i = 0; i < out->n_attributes; i++) IP_TRY(read_attribute(r, group, name[i], sc, &attribute[i]));
  out->attribute = attribute;
  IP_TRY(ip_h5_children(r->h, group, sc, &out->n_series, &name));
  out->series = name;
  double **value;
  IP_TRY(IP_SCRATCH(sc, value, out->n_series, "series of an estimator"));
  for (size_t s = 0; s < out->n_series; s++) {
    IP_TRY(IP_SCRATCH(sc, value[s], r->n_epochs * r->head.n_layers, "series of an estimator"));
    IP_TRY(ip_run_read_series(r, estimator, name[s], value[s]));
  }
  out->value = value;
  return IP_OK;
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

/* A file that is going to be published, and waits for the disk then. */
static bool is_part(const char *path)
{
  size_t n = strlen(path);
  return n > 5 && !strcmp(path + n - 5, ".part");
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
  if (st == IP_OK) st = ip_hold_replace(hold, copy, !is_part(path));
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
