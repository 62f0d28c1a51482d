#include "base/clock.h"
#include "base/mem.h"
#include "file/atomic.h"
#include "runfile/layout.h"
#include "runfile/places.h"
#include "runfile/runfile.h"
#include "runfile/state.h"

#include <string.h>
#include <unistd.h>

/* Rows to begin with when the number of epochs to come is not known. */
#define FIRST_ROWS 64

struct ip_run_writer {
  ip_h5 *h;
  char *path, *part, *state; /* NAME.h5, NAME.h5.part, NAME.h5.state */
  size_t n_epochs;           /* complete */
  size_t n_rows;             /* room in the file */
  ip_run_places places;      /* of the rows */
  ip_run_head head;          /* of it only layers and the names of series */
  ip_scratch *sc;            /* owns these */
};

/* ---------------------------------------------------------------- a writer and its copy of the head */

static ip_status copy_text(ip_scratch *sc, const char *text, const char **copy)
{
  char *c;
  IP_TRY(IP_SCRATCH(sc, c, strlen(text) + 1, "name"));
  *copy = strcpy(c, text);
  return IP_OK;
}

static ip_status copy_names(ip_scratch *sc, size_t n, const char *const *name, const char *const **copy)
{
  const char **names;
  IP_TRY(IP_SCRATCH(sc, names, n, "names"));
  for (size_t i = 0; i < n; i++) IP_TRY(copy_text(sc, name[i], &names[i]));
  *copy = names;
  return IP_OK;
}

static ip_status keep_head(ip_run_writer *w, const ip_run_head *head)
{
  w->head = (ip_run_head){
      .n = head->n, .n_layers = head->n_layers, .n_metrics = head->n_metrics, .n_layer_metrics = head->n_layer_metrics};
  ip_run_layer *layer;
  IP_TRY(IP_SCRATCH(w->sc, layer, head->n_layers, "layers"));
  for (size_t k = 0; k < head->n_layers; k++)
    layer[k] = (ip_run_layer){.width = head->layer[k].width, .has_mean = head->layer[k].has_mean};
  w->head.layer = layer;
  IP_TRY(copy_names(w->sc, head->n_metrics, head->metric, &w->head.metric));
  return copy_names(w->sc, head->n_layer_metrics, head->layer_metric, &w->head.layer_metric);
}

static ip_status new_writer(const char *path, const ip_run_head *head, ip_run_writer **out)
{
  IP_TRY(IP_NEW(*out, 1, "writer of a run file"));
  ip_run_writer *w = *out;
  IP_TRY(ip_scratch_create(&w->sc));
  IP_TRY(IP_STRDUP(w->path, path));
  IP_TRY(IP_FORMAT(w->part, "%s.part", path));
  IP_TRY(IP_FORMAT(w->state, "%s.state", path));
  return keep_head(w, head);
}

void ip_run_writer_destroy(ip_run_writer **writer)
{
  ip_run_writer *w = *writer;
  if (!w) return;
  ip_run_places_release(&w->places);
  ip_h5_close(&w->h);
  ip_free(w->state);
  ip_free(w->part);
  ip_free(w->path);
  ip_scratch_destroy(&w->sc);
  ip_free(w);
  *writer = NULL;
}

/* ---------------------------------------------------------------- beginning and going on */

static ip_status check_head(const char *path, const ip_run_head *head)
{
  IP_REQUIRE(head->n > 0 && head->n_layers > 0, IP_EINVAL, "%s: a run needs samples and layers", path);
  for (size_t k = 0; k < head->n_layers; k++)
    IP_REQUIRE(head->layer[k].width > 0, IP_EINVAL, "%s: layer %zu has no units", path, k + 1);
  return IP_OK;
}

/* Reserves the rows of /epoch too: it gets its room while it is as long as that, and then its own length again. */
static ip_status reserve(ip_run_writer *w, size_t n_rows)
{
  w->n_rows = n_rows;
  IP_TRY(ip_h5_resize(w->h, "/epoch", n_rows));
  IP_TRY(ip_h5_flush(w->h));
  ip_run_places_release(&w->places);
  IP_TRY(ip_run_places_find(w->h, &w->head, n_rows, w->sc, &w->places));
  return ip_h5_length_put(&w->places.length, w->n_epochs);
}

static ip_status begin(ip_run_writer *w, const ip_run_head *head)
{
  unlink(w->state);
  size_t n_rows = head->n_planned ? head->n_planned : FIRST_ROWS;
  IP_TRY(ip_h5_create(w->part, &w->h));
  IP_TRY(ip_run_layout(w->h, head, n_rows, true));
  return reserve(w, n_rows);
}

ip_status ip_run_writer_create(const char *path, const ip_run_head *head, ip_run_writer **out)
{
  *out = NULL;
  IP_TRY(check_head(path, head));
  ip_run_writer *w = NULL;
  ip_status st;
  IP_TRY_GOTO(st, new_writer(path, head, &w), failed);
  IP_TRY_GOTO(st, begin(w, head), failed);
  *out = w;
  return IP_OK;
failed:
  if (w && w->h) unlink(w->part);
  ip_run_writer_destroy(&w);
  return st;
}

static bool same_text(const char *a, const char *b)
{
  return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_texts(size_t n, const char *const *a, size_t m, const char *const *b)
{
  if (n != m) return false;
  for (size_t i = 0; i < n; i++)
    if (strcmp(a[i], b[i]) != 0) return false;
  return true;
}

/* Whether snapshots of the run `b` have a place in the file of `a`. The digest of the configuration says so of files
 * that nobody made by hand, unless the dataset has changed. */
static bool same_run(const ip_run_head *a, const ip_run_head *b)
{
  if (!same_text(a->digest, b->digest) || !same_text(a->dataset_sha256, b->dataset_sha256)) return false;
  if (a->n != b->n || a->n_layers != b->n_layers) return false;
  for (size_t k = 0; k < a->n_layers; k++)
    if (a->layer[k].width != b->layer[k].width || a->layer[k].has_mean != b->layer[k].has_mean) return false;
  return same_texts(a->n_metrics, a->metric, b->n_metrics, b->metric) &&
         same_texts(a->n_layer_metrics, a->layer_metric, b->n_layer_metrics, b->layer_metric);
}

/* Reads the run's metadata from the file; IP_EFORMAT if the run cannot be resumed. */
static ip_status take_up(const char *path, const char *part, const ip_run_head *expected, ip_run_writer **out)
{
  ip_run *run;
  IP_TRY(ip_run_open(part, &run));
  const ip_run_head *head = ip_run_head_of(run);
  ip_status st = IP_OK;
  if (!same_run(head, expected) || strcmp(ip_run_status(run), IP_RUN_RUNNING) || !ip_run_has_activations(run))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT, "%s: not an unfinished file of this run", part);
  if (st == IP_OK) st = new_writer(path, head, out);
  if (st == IP_OK) (*out)->n_epochs = ip_run_n_epochs(run);
  ip_run_close(&run);
  if (st != IP_OK) return st;
  ip_run_writer *w = *out;
  IP_TRY(ip_h5_open(part, true, &w->h));
  char name[IP_RUN_NAME_SIZE];
  ip_h5_shape shape;
  IP_TRY(ip_h5_shape_of(w->h, ip_run_layer_name(name, 0, "activation"), &shape));
  w->n_rows = shape.dim[0];
  IP_REQUIRE(ip_h5_is_replaceable(w->h, "/", "status"), IP_EFORMAT, "%s: begun by another version", part);
  return ip_run_places_find(w->h, &w->head, w->n_rows, w->sc, &w->places);
}

ip_status ip_run_writer_resume(const char *path, const ip_run_head *head, ip_run_writer **out, size_t *n_epochs,
                               int64_t *next_epoch, size_t *n_state, void **state)
{
  *out = NULL;
  *n_epochs = *n_state = 0;
  *next_epoch = 0;
  *state = NULL;
  char *part;
  IP_TRY(IP_FORMAT(part, "%s.part", path));
  ip_run_writer *w = NULL;
  ip_status st = access(part, F_OK) ? IP_EFORMAT : take_up(path, part, head, &w);
  ip_free(part);
  if (st == IP_OK) st = ip_run_state_get(w->state, w->n_epochs, next_epoch, n_state, state);
  if (st != IP_OK) {
    ip_run_writer_destroy(&w);
    if (st != IP_EFORMAT) return st;
    ip_error_clear(); /* nothing to go on with is no failure */
    return IP_OK;
  }
  *n_epochs = w->n_epochs;
  *out = w;
  return IP_OK;
}

/* ---------------------------------------------------------------- one epoch */

/* Twice the room. Only without head.n_planned; a kill in these moments may cost the file. */
static ip_status make_room(ip_run_writer *w)
{
  if (w->n_epochs < w->n_rows) return IP_OK;
  IP_TRY(ip_h5_close(&w->h)); /* does not know how long /epoch is */
  IP_TRY(ip_h5_open(w->part, true, &w->h));
  IP_TRY(ip_run_layout_resize(w->h, &w->head, 2 * w->n_rows, true));
  return reserve(w, 2 * w->n_rows);
}

ip_status ip_run_writer_append(ip_run_writer *w, const ip_snapshot *s)
{
  IP_TRY(make_room(w));
  IP_TRY(ip_run_places_put(&w->places, w->n_epochs, s));
  IP_TRY(ip_run_state_put(w->state, w->n_epochs + 1, s->next_epoch, s->n_state, s->state));
  IP_TRY(ip_run_places_count(&w->places, w->n_epochs, s->epoch));
  w->n_epochs++;
  return IP_OK;
}

/* ---------------------------------------------------------------- the end */

/* Rows that were set aside and never used go. That moves things in the file, so a copy is changed and takes its place.
 */
static ip_status trim(ip_run_writer *w)
{
  if (w->n_rows == w->n_epochs) return IP_OK;
  char *copy;
  IP_TRY(IP_FORMAT(copy, "%s.new", w->path));
  ip_status st = ip_file_copy(w->part, copy);
  if (st == IP_OK) st = ip_h5_open(copy, true, &w->h);
  if (st == IP_OK) st = ip_run_layout_resize(w->h, &w->head, w->n_epochs, true);
  if (st == IP_OK) st = ip_h5_close(&w->h);
  if (st == IP_OK) st = ip_file_publish(copy, w->part);
  if (st != IP_OK) {
    ip_h5_close(&w->h);
    unlink(copy);
  }
  ip_free(copy);
  if (st == IP_OK) w->n_rows = w->n_epochs;
  return st;
}

ip_status ip_run_writer_end(ip_run_writer *w, const ip_run_end *end)
{
  char name[IP_RUN_NAME_SIZE], now[21];
  ip_run_places_release(&w->places);
  IP_TRY(ip_h5_close(&w->h));
  IP_TRY(trim(w));
  IP_TRY(ip_h5_open(w->part, true, &w->h));
  for (size_t m = 0; m < end->n_metrics; m++)
    IP_TRY(ip_h5_set_real(w->h, "/final", ip_run_final_name(name, end->metric[m]), end->value[m]));
  ip_clock_utc(now);
  const ip_h5_new_text text[] = {
      {"/", "reason", end->reason ? end->reason : ""}, {"/provenance", "ended", now}, {"/", "status", end->status}};
  return ip_h5_close_with_texts(&w->h, sizeof text / sizeof *text, text); /* the state goes when the file is synced */
}
