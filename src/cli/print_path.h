/* print_path.h - paths of results on standard output. */
#ifndef IP_CLI_PRINT_PATH_H
#define IP_CLI_PRINT_PATH_H

/* Prints the path of a result alone on a line of standard output: as it is, because scripts read it, but on a terminal
 * as ip_print does. */
void ip_print_path(const char *path);

#endif
