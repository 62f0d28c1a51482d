#include "cli/leftovers.h"

#include "base/text.h"
#include "study/paths.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool ends_with(const char *name, const char *ending)
{
  size_t n = strlen(name), m = strlen(ending);
  return n > m && !strcmp(name + n - m, ending);
}

static bool is_half_written(const char *name)
{
  return ends_with(name, ".part") || ends_with(name, ".new");
}

static bool was_there(const ip_leftovers *l, const char *path)
{
  for (size_t i = 0; i < l->n; i++)
    if (!strcmp(l->before[i], path)) return true;
  return false;
}

/* Calls `see` with the path of every half-written file. */
static ip_status visit(ip_leftovers *l, ip_status (*see)(ip_leftovers *l, const char *path))
{
  ip_status st = IP_OK;
  for (size_t f = 0; f < l->n_folders && st == IP_OK; f++) {
    DIR *d = opendir(l->folder[f]);
    if (!d) continue;
    for (struct dirent *entry; st == IP_OK && (entry = readdir(d));) {
      const char *path;
      if (!is_half_written(entry->d_name)) continue;
      st = ip_scratch_format(l->sc, &path, "%s/%s", l->folder[f], entry->d_name);
      if (st == IP_OK) st = see(l, path);
    }
    closedir(d);
  }
  return st;
}

static ip_status keep(ip_leftovers *l, const char *path)
{
  IP_TRY(IP_SCRATCH_GROW(l->sc, l->before, l->n, &l->room, "half-written files"));
  l->before[l->n++] = path;
  return IP_OK;
}

static ip_status drop(ip_leftovers *l, const char *path)
{
  if (!was_there(l, path)) unlink(path);
  return IP_OK;
}

ip_status ip_leftovers_note(size_t n, const char *const *folder, ip_leftovers *l)
{
  *l = (ip_leftovers){0};
  IP_TRY(ip_scratch_create(&l->sc));
  for (size_t i = 0; i < n; i++) {
    if (!folder[i] || l->n_folders + 2 > sizeof l->folder / sizeof *l->folder) continue;
    l->folder[l->n_folders++] = folder[i];
    IP_TRY(ip_scratch_format(l->sc, &l->folder[l->n_folders], "%s/" IP_FOLDER_FIGURES, folder[i]));
    l->n_folders++;
  }
  return visit(l, keep);
}

void ip_leftovers_remove(ip_leftovers *l)
{
  if (visit(l, drop) != IP_OK) ip_error_clear(); /* out of memory: a half-written file remains */
}

void ip_leftovers_free(ip_leftovers *l)
{
  ip_scratch_destroy(&l->sc);
}
