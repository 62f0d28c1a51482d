#include "experiment/experiment.h"

#include "experiment/presets.h"
#include "experiment/state.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void ip_experiment_destroy(ip_experiment **e)
{
  if (!*e) return;
  ip_grid_destroy(&(*e)->grid);
  ip_config_destroy(&(*e)->config);
  ip_free((*e)->run_name);
  ip_free(*e);
  *e = NULL;
}

/* The default of training.epochs holds only if training.updates is nowhere given. */
static ip_status leave_length_to_updates(ip_experiment *e)
{
  bool by_updates = e->training.updates > 0 || ip_experiment_is_swept(e, "training.updates");
  if (!by_updates || ip_config_is_given(e->config, "training.epochs")) return IP_OK;
  IP_TRY(ip_config_set_value(e->config, "training.epochs", "0", "training.updates"));
  ip_config_fill(e->config, e);
  return IP_OK;
}

/* From a configuration with all its values to an experiment: checks, grid, digests. */
static ip_status finish(ip_experiment *e)
{
  ip_config_fill(e->config, e);
  IP_TRY(ip_grid_create(e->config, &e->grid));
  IP_TRY(ip_experiment_find_twins(e));
  IP_TRY(ip_experiment_clear_hidden(e));
  IP_TRY(leave_length_to_updates(e));
  IP_TRY(ip_experiment_check(e));
  IP_TRY(ip_experiment_check_sweep(e));
  IP_TRY(ip_config_check(e->config));
  IP_TRY(ip_experiment_digest(e->config, IP_KEY_TRAIN, e->digest));
  return ip_experiment_digest(e->config, IP_KEY_ESTIMATE, e->estimate_digest);
}

/* --- From files --------------------------------------------------------------------------------------------------- */

/* "dir/szt2017.yaml" -> "szt2017", with '-' for what a name cannot contain. */
static ip_status name_of_file(ip_config *c, const char *path)
{
  const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
  size_t n = dot && dot != base ? (size_t)(dot - base) : strlen(base);
  char name[100];
  if (n >= sizeof name) n = sizeof name - 1;
  for (size_t i = 0; i < n; i++) {
    unsigned char ch = (unsigned char)base[i];
    bool good = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || ch == '_' ||
                (i && (ch == '.' || ch == '-'));
    name[i] = good ? base[i] : i ? '-' : '_';
  }
  name[n] = 0;
  return ip_config_set_value(c, "name", n ? name : "experiment", path);
}

/* "PATH.yaml" exists: probably that was meant. */
static void hint_at_extension(const char *path, ip_hint *hint)
{
  char with[512];
  int n = snprintf(with, sizeof with, "%s.yaml", path);
  if (n < 0 || (size_t)n >= sizeof with || access(with, F_OK) != 0) return;
  snprintf(hint->text, sizeof hint->text, "; did you mean '%.480s'?", with);
}

/* A file, or the preset of that name if there is no such file. */
static ip_status read_file(ip_config *c, const char *path)
{
  char *preset = NULL;
  ip_hint hint = {""};
  if (access(path, F_OK) != 0) {
    IP_TRY(ip_preset_find(path, &preset, &hint));
    if (!preset) hint_at_extension(path, &hint);
  }
  ip_status st = ip_config_read(c, preset ? preset : path);
  if (st == IP_ECONFIG && *hint.text) {
    char why[512];
    snprintf(why, sizeof why, "%s", ip_error_message());
    ip_error_clear();
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG, "%s%s", why, hint.text);
  }
  ip_free(preset);
  return st;
}

/* Where a configuration comes from. */
typedef struct source {
  const char *path, *text; /* text NULL: the file */
  bool is_stored;
} source;

static ip_status read_source(ip_config *c, const source *from)
{
  if (from->is_stored) ip_config_expect_stored(c);
  if (from->text) return ip_config_read_text(c, from->path, strlen(from->text), from->text);
  return from->is_stored ? ip_config_read(c, from->path) : read_file(c, from->path);
}

static ip_status read_all(ip_experiment *e, const source *from, size_t n_set, const char *const *set)
{
  IP_TRY(ip_config_create(ip_experiment_schema(), &e->config));
  IP_TRY(read_source(e->config, from));
  for (size_t i = 0; i < n_set; i++) IP_TRY(ip_config_set(e->config, set[i]));
  ip_config_fill(e->config, e);
  if (!*e->name && !ip_config_is_given(e->config, "name")) IP_TRY(name_of_file(e->config, from->path));
  return finish(e);
}

static ip_status create(const source *from, size_t n_set, const char *const *set, ip_experiment **out)
{
  *out = NULL;
  ip_experiment *e;
  IP_TRY(IP_NEW(e, 1, "experiment"));
  ip_status st = read_all(e, from, n_set, set);
  if (st == IP_OK)
    *out = e;
  else
    ip_experiment_destroy(&e);
  return st;
}

ip_status ip_experiment_load(const char *path, size_t n_set, const char *const *set, ip_experiment **out)
{
  return create(&(source){.path = path}, n_set, set, out);
}

ip_status ip_experiment_load_stored(const char *path, ip_experiment **out)
{
  return create(&(source){.path = path, .is_stored = true}, 0, NULL, out);
}

ip_status ip_experiment_parse(const char *path, const char *text, size_t n_set, const char *const *set,
                              ip_experiment **out)
{
  return create(&(source){.path = path, .text = text, .is_stored = true}, n_set, set, out);
}

ip_status ip_experiment_text(const ip_experiment *e, char **text)
{
  return ip_config_text(e->config, IP_KEY_SHOW, text);
}

/* --- Points ------------------------------------------------------------------------------------------------------- */

size_t ip_experiment_n_points(const ip_experiment *e)
{
  size_t n = ip_grid_count(e->grid), repeats = (size_t)e->repeats;
  return n > SIZE_MAX / repeats ? SIZE_MAX : n * repeats;
}

static ip_status make_point(const ip_experiment *e, size_t k, ip_experiment *point)
{
  size_t repeats = (size_t)e->repeats;
  char seed[24];
  IP_TRY(ip_config_copy(e->config, &point->config));
  IP_TRY(ip_grid_apply(e->grid, k / repeats, point->config));
  ip_config_fill(point->config, point);
  snprintf(seed, sizeof seed, "%" PRIu64, point->seed + k % repeats);
  IP_TRY(ip_config_set_value(point->config, "seed", seed, "repeats"));
  IP_TRY(ip_config_set_value(point->config, "repeats", "1", "repeats"));
  IP_TRY(finish(point));
  return ip_experiment_name_point(e, k, point);
}

ip_status ip_experiment_point(const ip_experiment *e, size_t k, ip_experiment **out)
{
  assert(k < ip_experiment_n_points(e));
  *out = NULL;
  ip_experiment *point;
  IP_TRY(IP_NEW(point, 1, "point of the experiment"));
  ip_status st = make_point(e, k, point);
  if (st == IP_OK)
    *out = point;
  else
    ip_experiment_destroy(&point);
  if (st == IP_ECONFIG) ip_error_prefix("run %zu of %zu", k + 1, ip_experiment_n_points(e));
  return st;
}
