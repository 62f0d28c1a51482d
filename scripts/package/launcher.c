/* launcher.c - bin/infoplane of the relocatable archive: starts libexec/infoplane with the C library beside it, so that
 * the archive needs nothing of the system but a Linux kernel. Linked statically by scripts/package.sh. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
  char self[PATH_MAX], root[PATH_MAX], loader[PATH_MAX + 32], libraries[PATH_MAX + 8], program[PATH_MAX + 32];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n <= 0) return fputs("infoplane: /proc/self/exe cannot be read; mount /proc\n", stderr), 1;
  self[n] = 0;
  strcpy(root, self);
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(root, '/');
    if (slash) *slash = 0;
  }
  snprintf(loader, sizeof loader, "%s/lib/" LOADER, root);
  snprintf(libraries, sizeof libraries, "%s/lib", root);
  snprintf(program, sizeof program, "%s/libexec/infoplane", root);
  char **words = calloc((size_t)argc + 6, sizeof *words);
  if (!words || setenv("INFOPLANE_PROGRAM", self, 1) != 0) return fputs("infoplane: out of memory\n", stderr), 1;
  char *first[] = {loader, "--inhibit-cache", "--library-path", libraries, program};
  memcpy(words, first, sizeof first);
  for (int i = 1; i < argc; i++) words[4 + i] = argv[i];
  execv(loader, words);
  perror(loader);
  return 1;
}
