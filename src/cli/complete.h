/* complete.h - completion of command lines in shells, from the tables of options and of the program.
 *
 * The scripts of infoplane completion (cmd_completion.c) run `infoplane --complete WORD...` with the words of the
 * command line up to the cursor, the last of which is being typed. It prints one candidate per line, with a tab and a
 * description, or a line that asks the shell for files:
 *
 *     :files.ENDING     files whose name ends in .ENDING, and directories; without .ENDING, all files
 *     :folders          directories
 *
 * A candidate that ends in '=' or ':' is continued without a blank.
 */
#ifndef IP_CLI_COMPLETE_H
#define IP_CLI_COMPLETE_H

#include "cli/options.h"

#include <stdio.h>

#define IP_COMPLETE "--complete"

/* The word that is being typed: `whole`, of which the first n_before bytes are settled ("--set="), and where candidates
 * go. */
typedef struct ip_candidates {
  const char *whole;
  size_t n_before;
  FILE *out;
} ip_candidates;

/* What is typed of the part that is not settled. */
const char *ip_candidates_typed(const ip_candidates *c);

/* The same with n more bytes settled. */
ip_candidates ip_candidates_after(const ip_candidates *c, size_t n);

/* Prints `text` and `end` if they continue what is typed, with the first sentence of `help` (NULL: none). */
void ip_candidate(const ip_candidates *c, const char *text, const char *end, const char *help);

/* The same of names that end with NULL. */
void ip_candidate_names(const ip_candidates *c, const char *const *names);

/* Asks for files; `ending` without the dot, or "". */
void ip_candidate_files(const ip_candidates *c, const char *ending);
void ip_candidate_folders(const ip_candidates *c);

/* Of a command: its (n) options, or their values, or the words of command->complete. (n_words >= 1) follow the
 * command's name. */
ip_status ip_complete_arguments(const ip_command *command, size_t n, const ip_option *option, size_t n_words,
                                const char *const *word);

/* Of what the options of several commands have in common: an estimator, KEY=VALUE, ... (complete_values.c). */
ip_status ip_complete_value(const ip_option *o, const ip_candidates *c);

/* Of the words of commands (complete_words.c). */
ip_status ip_complete_config(const ip_candidates *c);
ip_status ip_complete_preset(const ip_candidates *c);
ip_status ip_complete_runs(const ip_candidates *c);
ip_status ip_complete_activations(const ip_candidates *c);
ip_status ip_complete_dataset(const ip_candidates *c);
ip_status ip_complete_distribution(const ip_candidates *c);
ip_status ip_complete_table(const ip_candidates *c);

#endif
