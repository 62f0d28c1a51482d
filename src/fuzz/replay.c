/* fuzz_replay CORPUS: gives every file CORPUS/READER/NAME to the function of its reader, once. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name, *sources;
  int (*run)(const uint8_t *data, size_t n);
} readers[] = {
#define X(name, sources) {#name, sources, ip_fuzz_##name},
    IP_FUZZ_LIST(X)
#undef X
};

enum { LARGEST = 1 << 20 };

static void replay_file(const char *path, int (*run)(const uint8_t *data, size_t n), uint8_t *room)
{
  FILE *f = fopen(path, "rb");
  ip_fuzz_require(f != NULL, path);
  size_t n = fread(room, 1, LARGEST, f);
  fclose(f);
  uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees where it ends */
  ip_fuzz_require(exact != NULL, "memory for a file");
  memcpy(exact, room, n);
  run(exact, n);
  free(exact);
}

/* The number of files of a corpus. */
static size_t replay(const char *corpus, size_t reader, uint8_t *room)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", corpus, readers[reader].name);
  DIR *d = opendir(path);
  if (!d) return 0;
  size_t n = 0, base = strlen(path);
  for (const struct dirent *entry; (entry = readdir(d));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path + base, sizeof path - base, "/%s", entry->d_name);
    replay_file(path, readers[reader].run, room);
    n++;
  }
  closedir(d);
  return n;
}

int main(int argc, char **argv)
{
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
      printf("%s\t%s\n", readers[i].name, readers[i].sources);
    return 0;
  }
  if (argc != 2) {
    fprintf(stderr, "usage: fuzz_replay CORPUS, or fuzz_replay --list\n");
    return 2;
  }
  uint8_t *room = malloc(LARGEST);
  int lacking = 0;
  for (size_t i = 0; room && i < sizeof readers / sizeof *readers; i++) {
    size_t n = replay(argv[1], i, room);
    printf("%-12s %zu files\n", readers[i].name, n);
    if (!n) lacking = 1;
  }
  free(room);
  if (lacking) fprintf(stderr, "%s: a reader has no corpus\n", argv[1]);
  return lacking;
}
