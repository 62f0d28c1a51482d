/* options.h - the commands of the program and their options.
 *
 * A command is one file cmd_<name>.c that defines `const ip_command ip_cmd_<name>` and has one line X(name) in the list
 * of main.c. Its options are one table, which is the parser and the --help text at once:
 *
 *     static ip_status run(int argc, char **argv)
 *     {
 *       bool json = false;
 *       const char *out = NULL;
 *       const ip_option options[] = {
 *           {"json", 0, IP_OPT_FLAG, NULL, "print JSON", &json},
 *           {"output", 'o', IP_OPT_TEXT, "FILE", "write FILE", &out},
 *       };
 *       ip_arguments args;
 *       IP_TRY(ip_options_parse(&ip_cmd_data, IP_COUNT(options), options, argc, argv, &args));
 *       if (args.help) return IP_OK;
 *       ... args.n, args.word[i] are the arguments that are not options ...
 *     }
 */
#ifndef IP_CLI_OPTIONS_H
#define IP_CLI_OPTIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_COUNT(array) (sizeof(array) / sizeof *(array))

/* A growing list of words of argv; free it with ip_words_free. */
typedef struct {
  size_t n;
  const char **word; /* (n) */
} ip_words;

void ip_words_free(ip_words *w);

/* One of a list of names that ends with NULL. */
typedef struct {
  const char *const *names;
  int *number; /* of the name in the list */
} ip_choice;

/* kind, what *value is: FLAG bool, TEXT const char *, INT int64_t, REAL double, WORDS ip_words (repeatable), CHOICE
 * ip_choice. RENAMED: an option of earlier versions, whose present name is `argument`; it is an error and not in the
 * help. */
typedef enum {
  IP_OPT_FLAG,
  IP_OPT_TEXT,
  IP_OPT_INT,
  IP_OPT_REAL,
  IP_OPT_WORDS,
  IP_OPT_CHOICE,
  IP_OPT_RENAMED
} ip_opt_kind;

typedef struct {
  const char *name; /* without the dashes */
  char letter;      /* 0: none */
  ip_opt_kind kind;
  const char *argument; /* as shown in the help, "DIR"; NULL for flags. FILE and DIR are completed as paths. */
  const char *help;     /* one line, lower case, imperative, no full stop */
  void *value;          /* holds the default before, the value after */
} ip_option;

struct ip_candidates;

typedef struct {
  const char *name;
  const char *usage;                                    /* what follows the name, "CONFIG [--set key=value]..." */
  const char *summary;                                  /* one line */
  const char *details;                                  /* paragraphs, examples; may be NULL */
  ip_status (*run)(int argc, char **argv);              /* argv[0] is the command's name */
  ip_status (*complete)(const struct ip_candidates *c); /* of a word that is no option (complete.h); NULL: none */
} ip_command;

typedef struct {
  size_t n;
  const char **word; /* (n) into argv, which the caller keeps */
  bool help;         /* --help was given and printed, or candidates for a word; nothing else to do */
} ip_arguments;

/* Parses argv with the table. Options may appear anywhere, as --name value, --name=value or -x value; "--" ends them;
 * "-" is a word. Fails with IP_EUSAGE and a suggestion if an option is unknown. Moves the words to the front of argv.
 */
ip_status ip_options_parse(const ip_command *command, size_t n, const ip_option *option, int argc, char **argv,
                           ip_arguments *out);

#endif
