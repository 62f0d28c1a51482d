#include "cli/print_path.h"

#include "base/plain.h"

#include <stdio.h>
#include <unistd.h>

void ip_print_path(const char *path)
{
  if (isatty(STDOUT_FILENO) == 1)
    ip_print(stdout, "%s\n", path);
  else
    puts(path);
}
