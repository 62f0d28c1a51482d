/* temp.h - a directory of its own for a test program, removed at the end. */
#ifndef IP_FILE_TEST_TEMP_H
#define IP_FILE_TEST_TEMP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char temp_folder[256];

/* The path of `name` in the directory, in one of four buffers that take turns. */
static inline const char *temp_path(const char *name)
{
  static char path[4][512];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[turn], "%s/%s", temp_folder, name);
  return path[turn];
}

static inline int temp_create(void **state)
{
  (void)state;
  const char *under = getenv("TMPDIR");
  snprintf(temp_folder, sizeof temp_folder, "%s/infoplane-test-XXXXXX", under && *under ? under : "/tmp");
  return mkdtemp(temp_folder) ? 0 : -1;
}

static inline int temp_remove(void **state)
{
  (void)state;
  char command[300];
  snprintf(command, sizeof command, "rm -rf '%s'", temp_folder);
  return system(command);
}

static inline void temp_write(const char *name, size_t n, const void *bytes)
{
  FILE *out = fopen(temp_path(name), "wb");
  if (!out || (n && fwrite(bytes, 1, n, out) != n) || fclose(out)) abort();
}

static inline int temp_exists(const char *name)
{
  return !access(temp_path(name), F_OK);
}

#endif
