/* docs/experiment-file.md lists every key as the table of keys has it; its examples are experiments.
 *
 *     INFOPLANE_SOURCE=. build/release/test_experiment_doc --write
 *
 * writes the list again after a key has changed. */
#include "experiment/experiment.h"

#include "base/test/check.h"
#include "experiment/test/parsed.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static const char begin_mark[] = "<!-- keys: written by test_experiment_doc --write -->\n";
static const char end_mark[] = "<!-- end of keys -->\n";

static char *doc_path(void)
{
  const char *source = getenv("INFOPLANE_SOURCE");
  char *path = ip_format("%s/docs/experiment-file.md", source ? source : ".");
  assert_non_null(path);
  return path;
}

static char *read_all(const char *path)
{
  FILE *in = fopen(path, "rb");
  if (!in) fail_msg("cannot read %s", path);
  char *text = NULL;
  size_t n = 0;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  for (int c = getc(in); c != EOF; c = getc(in)) putc(c, out);
  fclose(in);
  fclose(out);
  return text;
}

/* --- The list of keys --------------------------------------------------------------------------------------------- */

static void print_values(const ip_key *key, FILE *out)
{
  static const char *const words[] = {
#define X(kind, words) [kind] = words,
      IP_KEY_KIND_LIST(X)
#undef X
  };
  const char *const *choice = key->choices_of ? key->choices_of() : key->choices;
  if (choice)
    for (size_t i = 0; choice[i]; i++) fprintf(out, "%s`%s`", i ? " " : "", choice[i]);
  else
    fprintf(out, "%s", words[key->kind]);
  if (key->range) fprintf(out, " in %s", key->range);
  if (key->unit) fprintf(out, "; %s", key->unit);
}

/* With '|' as Markdown wants it inside a table. */
static void print_cell(const char *text, FILE *out)
{
  for (; *text; text++) fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

static void print_keys(FILE *out)
{
  static const char *const needs[] = {
      [IP_KEY_TRAIN] = "training", [IP_KEY_ESTIMATE] = "estimates", [IP_KEY_SHOW] = "", [IP_KEY_FILE] = ""};
  const ip_schema *s = ip_experiment_schema();
  for (size_t i = 0; i < s->n_sections; i++) {
    const char *section = s->section[i].name;
    size_t n = strlen(section);
    fprintf(out, "\n### %s\n\n| key | default | values | meaning | a change needs new |\n|---|---|---|---|---|\n",
            s->section[i].help);
    for (size_t k = 0; k < s->n_keys; k++) {
      const ip_key *key = &s->key[k];
      bool inside = n ? !strncmp(key->name, section, n) && key->name[n] == '.' : !strchr(key->name, '.');
      if (!inside) continue;
      fprintf(out, "| `%s` | `%s` | ", key->name, *key->value ? key->value : "\"\"");
      print_values(key, out);
      fputs(" | ", out);
      print_cell(key->help, out);
      fprintf(out, " | %s |\n", needs[key->role]);
    }
  }
  fputc('\n', out);
}

static char *keys_text(void)
{
  char *text;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  print_keys(out);
  fclose(out);
  return text;
}

static void split(const char *doc, const char **begin, const char **end)
{
  *begin = strstr(doc, begin_mark);
  assert_non_null(*begin);
  *begin += sizeof begin_mark - 1;
  *end = strstr(*begin, end_mark);
  assert_non_null(*end);
}

static void the_document_lists_every_key_as_the_program_has_it(void **state)
{
  (void)state;
  char *path = doc_path(), *doc = read_all(path), *want = keys_text();
  const char *begin, *end;
  split(doc, &begin, &end);
  if (strlen(want) != (size_t)(end - begin) || strncmp(want, begin, strlen(want)))
    fail_msg("the keys in docs/experiment-file.md are not those of the program; run "
             "INFOPLANE_SOURCE=. build/release/test_experiment_doc --write");
  free(want);
  free(doc);
  ip_free(path);
}

/* Every key of the table is in what --help-keys prints, and the other way round. */
static void the_help_of_the_program_shows_the_same_keys(void **state)
{
  (void)state;
  char *text;
  size_t n, found = 0;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  ip_experiment_help(NULL, out);
  fclose(out);
  const ip_schema *s = ip_experiment_schema();
  for (size_t k = 0; k < s->n_keys; k++) {
    char line[200];
    snprintf(line, sizeof line, "  %s: %s\n", s->key[k].name, *s->key[k].value ? s->key[k].value : "\"\"");
    if (!strstr(text, line)) fail_msg("--help-keys has no line '%s'", line);
  }
  for (const char *at = strstr(text, "\n  "); at; at = strstr(at + 1, "\n  ")) found += at[3] != ' ';
  assert_int_equal(found, s->n_keys);
  free(text);
}

static void every_example_in_the_document_is_an_experiment(void **state)
{
  (void)state;
  static const char fence[] = "```yaml\n";
  char *path = doc_path(), *doc = read_all(path);
  size_t n = 0;
  for (char *at = strstr(doc, fence); at; at = strstr(at, fence), n++) {
    at += sizeof fence - 1;
    char *end = strstr(at, "```");
    assert_non_null(end);
    *end = 0;
    ip_experiment *e = load_text(at), *p;
    size_t points = ip_experiment_n_points(e);
    for (size_t k = 0; k < points; k++) {
      CHECK_OK(ip_experiment_point(e, k, &p));
      ip_experiment_destroy(&p);
    }
    ip_experiment_destroy(&e);
    at = end + 1;
  }
  assert_true(n >= 3);
  free(doc);
  ip_free(path);
}

static void every_file_in_experiments_is_in_the_document(void **state)
{
  (void)state;
  const char *source = getenv("INFOPLANE_SOURCE");
  char *pattern = ip_format("%s/experiments/*.yaml", source ? source : "."), *path = doc_path(), *doc = read_all(path);
  glob_t found;
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  for (size_t i = 0; i < found.gl_pathc; i++) {
    const char *file = strrchr(found.gl_pathv[i], '/') + 1;
    if (!strstr(doc, file)) fail_msg("docs/experiment-file.md does not mention experiments/%s", file);
  }
  globfree(&found);
  ip_free(pattern);
  ip_free(path);
  free(doc);
}

/* "    infoplane run FILE --set A --set B": loads, with all of its points. */
static void check_command(char *line)
{
  const char *set[16], *source = getenv("INFOPLANE_SOURCE");
  char *rest, *file = strtok_r(line, " ", &rest), *path = ip_format("%s/%s", source ? source : ".", file);
  size_t n = 0;
  for (char *word = strtok_r(NULL, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
    assert_string_equal(word, "--set");
    set[n++] = strtok_r(NULL, " ", &rest);
    assert_true(set[n - 1] && n < 16);
  }
  assert_true(n > 0);
  ip_experiment *e, *p;
  CHECK_OK(ip_experiment_load(path, n, set, &e));
  size_t points = ip_experiment_n_points(e);
  for (size_t k = 0; k < points; k++) {
    CHECK_OK(ip_experiment_point(e, k, &p));
    ip_experiment_destroy(&p);
  }
  ip_experiment_destroy(&e);
  ip_free(path);
}

static void every_small_version_in_the_document_loads(void **state)
{
  (void)state;
  static const char start[] = "\n    infoplane run ";
  char *path = doc_path(), *doc = read_all(path);
  size_t n = 0;
  for (char *at = strstr(doc, start); at; at = strstr(at, start)) {
    at += sizeof start - 1;
    if (strncmp(at, "experiments/", 12)) continue;
    char line[400] = "";
    memcpy(line, at, strcspn(at, "\n"));
    check_command(line);
    n++;
  }
  assert_true(n >= 5);
  free(doc);
  ip_free(path);
}

static int write_keys(void)
{
  char *path = doc_path(), *doc = read_all(path), *keys = keys_text();
  const char *begin, *end;
  split(doc, &begin, &end);
  FILE *out = fopen(path, "wb");
  if (!out) return 1;
  fprintf(out, "%.*s%s%s", (int)(begin - doc), doc, keys, end);
  int failed = fclose(out);
  free(keys);
  free(doc);
  ip_free(path);
  return failed != 0;
}

int main(int argc, char **argv)
{
  if (argc == 2 && !strcmp(argv[1], "--write")) return write_keys();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_lists_every_key_as_the_program_has_it),
      cmocka_unit_test(the_help_of_the_program_shows_the_same_keys),
      cmocka_unit_test(every_example_in_the_document_is_an_experiment),
      cmocka_unit_test(every_file_in_experiments_is_in_the_document),
      cmocka_unit_test(every_small_version_in_the_document_loads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
