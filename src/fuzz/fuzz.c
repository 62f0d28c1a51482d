#include "fuzz/fuzz.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* Removes the files of the directory, which has no directories in it, and the directory. */
static void remove_folder(void)
{
  char command[sizeof folder + 16];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command) != 0) fprintf(stderr, "%s: not removed\n", folder);
}

const char *ip_fuzz_folder(void)
{
  if (folder[0]) return folder;
  /* in memory where the system has such a directory: it is written once an execution */
  snprintf(folder, sizeof folder, "%s/infoplane-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  ip_fuzz_require(mkdtemp(folder) != NULL, "a temporary directory can be created");
  atexit(remove_folder);
  return folder;
}

/* The files stay open between executions: to create them each time costs more than most readers. */
static int file_of(const char *path)
{
  static struct {
    char path[IP_FUZZ_PATH];
    int fd;
  } opened[32];
  size_t i = 0;
  while (opened[i].path[0] && strcmp(opened[i].path, path) != 0) {
    i++;
    ip_fuzz_require(i < sizeof opened / sizeof *opened, "a reader has few files");
  }
  if (!opened[i].path[0]) {
    strcpy(opened[i].path, path);
    opened[i].fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  return opened[i].fd;
}

const char *ip_fuzz_file(const char *name, const uint8_t *data, size_t n, char path[static IP_FUZZ_PATH])
{
  snprintf(path, IP_FUZZ_PATH, "%s/%s", ip_fuzz_folder(), name);
  int fd = file_of(path);
  ip_fuzz_require(fd >= 0 && ftruncate(fd, (off_t)n) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n,
                  "the temporary file can be written");
  return path;
}

char *ip_fuzz_text(const uint8_t *data, size_t n)
{
  char *text = malloc(n + 1);
  ip_fuzz_require(text != NULL, "memory for the text");
  if (n) memcpy(text, data, n);
  text[n] = 0;
  return text;
}

bool ip_fuzz_accepted(ip_status st)
{
  ip_fuzz_require(st == IP_OK || ip_error_message()[0], "a failure has a message");
  ip_error_clear();
  return st == IP_OK;
}

void ip_fuzz_abort(const char *sentence)
{
  fprintf(stderr, "does not hold: %s\n", sentence);
  abort();
}

int ip_fuzz_end(void)
{
  ip_fuzz_require(ip_mem_live() == 0, "all memory is freed");
  return 0;
}
