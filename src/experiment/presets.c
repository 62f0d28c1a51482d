#include "experiment/presets.h"

#include "base/share.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const ip_share presets = {"INFOPLANE_EXPERIMENTS", "experiments", "experiments"};
static const char ending[] = ".yaml";

/* Length of a name without ".yaml". */
static size_t stem_length(const char *name)
{
  size_t n = strlen(name), m = strlen(ending);
  return n > m && !strcmp(name + n - m, ending) ? n - m : n;
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static ip_status list(DIR *folder, ip_scratch *sc, size_t *n, const char ***name)
{
  size_t room = 0;
  for (const struct dirent *it; (it = readdir(folder));) {
    size_t length = stem_length(it->d_name);
    if (!it->d_name[length] || *it->d_name == '.') continue;
    IP_TRY(IP_SCRATCH_GROW(sc, *name, *n, &room, "names of presets"));
    IP_TRY(ip_scratch_format(sc, &(*name)[(*n)++], "%.*s", (int)length, it->d_name));
  }
  return IP_OK;
}

ip_status ip_preset_names(ip_scratch *sc, size_t *n, const char *const **out)
{
  char *path;
  const char **name = NULL;
  *n = 0;
  *out = NULL;
  IP_TRY(ip_share_find(&presets, "", &path));
  DIR *folder = path ? opendir(path) : NULL;
  ip_free(path);
  if (!folder) return IP_OK;
  ip_status st = list(folder, sc, n, &name);
  closedir(folder);
  if (name) qsort(name, *n, sizeof *name, by_text);
  *out = name;
  return st;
}

static ip_status find_hint(const char *name, ip_hint *hint)
{
  ip_scratch *sc;
  size_t n;
  const char *const *names;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_preset_names(sc, &n, &names);
  if (st == IP_OK) *hint = ip_text_hint(name, n, names);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_preset_find(const char *name, char **path, ip_hint *hint)
{
  char stem[200];
  size_t n = stem_length(name);
  *path = NULL;
  *hint = (ip_hint){""};
  if (!n || n >= sizeof stem - sizeof ending || strchr(name, '/') || *name == '.') return IP_OK;
  memcpy(stem, name, n);
  strcpy(stem + n, ending);
  IP_TRY(ip_share_find(&presets, stem, path));
  stem[n] = 0;
  return *path ? IP_OK : find_hint(stem, hint);
}
