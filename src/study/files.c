#include "study/files.h"

#include "study/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
  ip_scratch *sc;
  size_t n, room;
  const char **file; // (n)
} list;

static ip_status append(list *l, const char *folder, const char *name)
{
  IP_TRY(IP_SCRATCH_GROW(l->sc, l->file, l->n, &l->room, "run files"));
  char *path;
  size_t n = strlen(folder), m = strlen(name);
  IP_TRY(IP_SCRATCH(l->sc, path, n + m + 2, "run files"));
  memcpy(path, folder, n);
  if (n && folder[n - 1] != '/') path[n++] = '/';
  memcpy(path + n, name, m);
  l->file[l->n++] = path;
  return IP_OK;
}

static int by_name(const void *a, const void *b)
{
  const char *const *x = a, *const *y = b;
  return strcmp(*x, *y);
}

static ip_status read_folder(list *l, const char *folder, DIR *open)
{
  for (const struct dirent *entry; (entry = readdir(open));) {
    size_t n = strlen(entry->d_name);
    if (n > 3 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 3, IP_ENDING_RUN) == 0 &&
        strcmp(entry->d_name, IP_FILE_GRID) != 0) /* that of infoplane gather is no run */
      IP_TRY(append(l, folder, entry->d_name));
  }
  return IP_OK;
}

/* Adds the *.h5 of a directory, sorted; nothing where there is no such directory, and then *found is false. */
static ip_status add_folder(list *l, const char *folder, bool *found)
{
  size_t before = l->n;
  DIR *open = opendir(folder);
  *found = open != NULL;
  if (!open) return IP_OK;
  ip_status st = read_folder(l, folder, open);
  closedir(open);
  if (l->n > before) qsort(l->file + before, l->n - before, sizeof *l->file, by_name);
  return st;
}

static ip_status add_word(list *l, const char *word)
{
  struct stat about;
  IP_REQUIRE(stat(word, &about) == 0, IP_EIO, "%s: %s; expected a run file (.h5) or a results directory", word,
             strerror(errno));
  if (!S_ISDIR(about.st_mode)) return append(l, "", word);
  size_t before = l->n;
  list runs = {.sc = l->sc};
  IP_TRY(append(&runs, word, IP_FOLDER_RUNS));
  bool found;
  IP_TRY(add_folder(l, runs.file[0], &found));
  IP_REQUIRE(!found || l->n > before, IP_EIO,
             "%s: no run files (*.h5) yet; infoplane run writes them, infoplane status shows its progress",
             runs.file[0]);
  if (!found) IP_TRY(add_folder(l, word, &found));
  IP_REQUIRE(l->n > before, IP_EIO, "%s: no run files (*.h5) in it or in its subdirectory runs/", word);
  return IP_OK;
}

ip_status ip_run_files(size_t n_words, const char *const *word, ip_scratch *sc, size_t *n, const char *const **file)
{
  list l = {.sc = sc};
  for (size_t i = 0; i < n_words; i++) IP_TRY(add_word(&l, word[i]));
  *n = l.n;
  *file = l.file;
  return IP_OK;
}

const char *ip_file_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* The length of the directory's name in path, without the slash; 0 when it has none. */
static size_t folder_length(const char *path, size_t n)
{
  while (n && path[n - 1] != '/') n--;
  while (n > 1 && path[n - 1] == '/') n--;
  return n;
}

ip_status ip_figures_folder(const char *file, ip_scratch *sc, const char **folder)
{
  size_t n = folder_length(file, strlen(file));
  if (n >= 4 && strncmp(file + n - 4, IP_FOLDER_RUNS, 4) == 0 && (n == 4 || file[n - 5] == '/')) {
    n = n == 4 ? 0 : n - 4;
    while (n > 1 && file[n - 1] == '/') n--;
  }
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, n + sizeof "/" IP_FOLDER_FIGURES, "folder"));
  memcpy(text, file, n);
  strcpy(text + n, n == 0 || file[n - 1] == '/' ? IP_FOLDER_FIGURES : "/" IP_FOLDER_FIGURES);
  *folder = text;
  return IP_OK;
}
