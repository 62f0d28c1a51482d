/* main.c - the program: finds the command, runs it, and turns its status into a message and an exit status. */
#include "base/build.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/status.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/guard.h"
#include "dataset/isolate.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void openblas_set_num_threads(int n);

/* The commands, in the order of --help; each is defined in cmd_<name>.c. */
#define COMMANDS(X)                                                                                                    \
  X(init)                                                                                                              \
  X(run)                                                                                                               \
  X(train)                                                                                                             \
  X(estimate)                                                                                                          \
  X(status)                                                                                                            \
  X(gather)                                                                                                            \
  X(plot)                                                                                                              \
  X(report)                                                                                                            \
  X(diff)                                                                                                              \
  X(claims)                                                                                                            \
  X(data)                                                                                                              \
  X(curve)                                                                                                             \
  X(measure)                                                                                                           \
  X(calibrate)                                                                                                         \
  X(completion)                                                                                                        \
  X(worker)

#define X(name) extern const ip_command ip_cmd_##name;
COMMANDS(X)
#undef X

static const ip_command *const commands[] = {
#define X(name) &ip_cmd_##name,
    COMMANDS(X)
#undef X
        NULL,
};

static void print_usage(FILE *out)
{
  fprintf(out,
          "infoplane %s: Information Bottleneck experiments and information planes\n\n"
          "usage: infoplane COMMAND [ARGUMENTS]\n\nCommands:\n",
          IP_VERSION);
  for (size_t i = 0; commands[i]; i++) fprintf(out, "  %-12s%s\n", commands[i]->name, commands[i]->summary);
  fprintf(out, "\ninfoplane COMMAND --help describes a command. Start with: infoplane run quickstart\n");
}

static const ip_command *find(const char *name)
{
  for (size_t i = 0; commands[i]; i++)
    if (strcmp(commands[i]->name, name) == 0) return commands[i];
  return NULL;
}

static ip_status unknown_command(const char *name)
{
  const char *names[32];
  size_t n = 0;
  for (; commands[n] && n < IP_COUNT(names); n++) names[n] = commands[n]->name;
  IP_FAIL(IP_EUSAGE, "unknown command '%s'%s", name, ip_text_expected(name, n, names).text);
}

/* Candidates for the last word of a command line (complete.h). */
static ip_status complete(int n, char **word)
{
  ip_candidates c = {.whole = word[n - 1], .out = stdout};
  const ip_command *command = n > 1 ? find(word[0]) : NULL;
  if (n > 2 && !strcmp(word[0], "help")) return IP_OK;
  if (command) {
    char **argv; /* {name, --complete, words...} */
    IP_TRY(IP_NEW(argv, (size_t)n + 1, "words to complete"));
    argv[0] = word[0];
    argv[1] = (char[]){IP_COMPLETE};
    for (int i = 1; i < n; i++) argv[i + 1] = word[i];
    ip_status st = command->run(n + 1, argv);
    ip_free(argv);
    return st;
  }
  if (n > 1 && strcmp(word[0], "help")) return IP_OK;
  for (size_t i = 0; commands[i]; i++) ip_candidate(&c, commands[i]->name, "", commands[i]->summary);
  if (n == 1) ip_candidate_names(&c, (const char *const[]){"help", "--help", "--version", NULL});
  return IP_OK;
}

static ip_status dispatch(int argc, char **argv)
{
  const char *word = argc > 1 ? argv[1] : "--help";
  if (strcmp(word, "--version") == 0) {
    ip_print(stdout, "infoplane %s (%s, %s)\n", IP_VERSION, IP_COMMIT, IP_COMPILER);
    return IP_OK;
  }
  if (strcmp(word, IP_COMPLETE) == 0) return argc > 2 ? complete(argc - 2, argv + 2) : IP_OK;
  bool help = strcmp(word, "help") == 0;
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || (help && argc == 2)) {
    print_usage(argc > 1 ? stdout : stderr);
    IP_REQUIRE(argc > 1, IP_EUSAGE, "no command was given");
    return IP_OK;
  }
  const char *name = help ? argv[2] : word;
  const ip_command *command = find(name);
  if (!command) return unknown_command(name);
  char *ask_help[] = {argv[0], (char[]){"--help"}, NULL};
  return help ? command->run(2, ask_help) : command->run(argc - 1, argv + 1);
}

/* A file opened later must not become standard output because that was closed: results would be written into it. In
 * place of a closed stream stands one that cannot be written (or read), so that printing to it is an error. */
static void occupy_closed_streams(void)
{
  static const int mode[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", mode[fd]) < 0) _exit(1);
}

int main(int argc, char **argv)
{
  occupy_closed_streams();
  openblas_set_num_threads(1); /* more threads make small layers slower and change the bits */
  ip_stop_install();
  ip_dataset_isolate(ip_guard_read);
  ip_status st = dispatch(argc, argv);
  if (st == IP_OK && (fflush(stdout) != 0 || ferror(stdout)))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "cannot write to standard output");
  if (st != IP_OK) {
    /* Errors in a configuration read file:line:column: error: ..., one per line, like those of a compiler; errors in a
     * command line begin with the command. */
    const char *text = *ip_error_message() ? ip_error_message() : ip_status_text(st);
    bool is_named = st == IP_ECONFIG || strncmp(text, "infoplane ", strlen("infoplane ")) == 0;
    ip_print(stderr, "%s%s\n", is_named ? "" : "infoplane: ", text);
    if (getenv("INFOPLANE_TRACE")) ip_print(stderr, "%s", ip_error_backtrace());
  }
  return ip_status_exit(st);
}
