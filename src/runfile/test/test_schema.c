#include "runfile/schema.h"

#include "base/test/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ip_run_object *find(const char *path)
{
  bool leads;
  return ip_run_find_object(path, &leads);
}

static void a_path_has_the_kind_of_the_most_specific_pattern(void **state)
{
  (void)state;
  static const char *const pairs[][2] = {
      {"/epoch", "/epoch"},
      {"/data/y", "/data/y"},
      {"/metrics/train/loss", "/metrics/<part>/<name>"},
      {"/metrics/loss", "/metrics/<name>"},
      {"/layers/12/activation", "/layers/<k>/activation"},
      {"/layers/12/weight_norm", "/layers/<k>/weight_norm"},
      {"/layers/12/weights", "/layers/<k>/<name>"},
      {"/information/kde_upper:noise=0.1@test/ixt", "/information/<estimator>/<series>"},
      {"/measures/rank/rank", "/measures/<measure>/<series>"},
      {"/config", "/config"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_string_equal(find(pairs[i][0])->pattern, pairs[i][1]);
}

static void other_paths_have_none(void **state)
{
  (void)state;
  static const char *const paths[] = {"",         "/",          "/epochs",  "/epoch/x",         "/layers/1",
                                      "/layers/", "/layers//x", "/sample",  "/layers/1/unit/x", "/metrics/a/b/c",
                                      "/final",   "/datax_id",  "/data/y ", "/information//ixt"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    if (find(paths[i])) fail_msg("'%s' is taken for %s", paths[i], find(paths[i])->pattern);
}

static void groups_on_the_way_lead_to_datasets(void **state)
{
  (void)state;
  static const char *const groups[] = {"/data", "/metrics", "/layers", "/layers/1", "/information", "/measures/rank"};
  static const char *const others[] = {"/provenance", "/final", "/epoch", "/information/edges/ixt", "/da", "/other"};
  for (size_t i = 0; i < 6; i++) {
    bool leads;
    ip_run_find_object(groups[i], &leads);
    assert_true(leads);
    ip_run_find_object(others[i], &leads);
    assert_false(leads);
  }
}

/* What is demanded of the elements of a file fits the type that they are documented to have. */
static void the_elements_are_those_of_the_type(void **state)
{
  (void)state;
  for (size_t i = 0; i < ip_run_n_objects(); i++) {
    const ip_run_object *o = ip_run_object_at(i);
    ip_run_elements of_type = !strcmp(o->type, "string") ? IP_RUN_TEXT
                              : *o->type == 'f'          ? IP_RUN_NUMBERS
                                                         : IP_RUN_INTEGERS;
    if (o->elements != of_type) fail_msg("%s has other elements than %s", o->pattern, o->type);
  }
}

/* ---------------------------------------------------------------- docs/run-file.md */

/* The text between the next two backquotes; NULL if none. */
static char *quoted(char **at)
{
  char *begin = strchr(*at, '`'), *end = begin ? strchr(begin + 1, '`') : NULL;
  if (!end) return NULL;
  *end = 0;
  *at = end + 1;
  return begin + 1;
}

/* One name of a row: its type and shape are those of the list. A name without its groups is beside the first. */
static void check_name(const char *first, const char *name, const char *type, size_t *n_found)
{
  char path[256], expected[128], axes[64];
  snprintf(path, sizeof path, "%s", first);
  if (*name != '/') snprintf(strrchr(path, '/') + 1, 100, "%s", name);
  for (size_t i = 0; i < ip_run_n_objects(); i++) {
    const ip_run_object *o = ip_run_object_at(i);
    if (strcmp(o->pattern, *name == '/' ? name : path) != 0) continue;
    snprintf(expected, sizeof expected, o->n_axes ? "%s [%s]" : "%s", o->type, ip_run_axes_letters(o, axes));
    if (strcmp(type, expected) != 0) fail_msg("docs/run-file.md: %s is %s, expected %s", o->pattern, type, expected);
    ++*n_found;
    return;
  }
  fail_msg("docs/run-file.md: %s is not in runfile/schema.c", *name == '/' ? name : path);
}

/* "| `/a/b`, `c` | f64 [E] | ..." */
static void check_row(char *line, size_t *n_found)
{
  char *type = strstr(line, " | "), *end = type ? strstr(type + 3, " | ") : NULL, *at = line, *first, *name;
  if (strncmp(line, "| `/", 4) != 0 || !end) return;
  *type = *end = 0;
  type += 3;
  if (!strchr(type, '[') && strcmp(type, "string") != 0) return; /* attributes, and scales that are not read */
  first = name = quoted(&at);
  for (; name; name = quoted(&at)) check_name(first, name, type, n_found);
}

static void the_page_on_run_files_has_the_same_list(void **state)
{
  (void)state;
  const char *source = getenv("INFOPLANE_SOURCE");
  char path[512], line[4096];
  snprintf(path, sizeof path, "%s/docs/run-file.md", source ? source : ".");
  FILE *page = fopen(path, "r");
  if (!page) fail_msg("%s: cannot be opened; set INFOPLANE_SOURCE", path);
  size_t n_found = 0;
  while (fgets(line, sizeof line, page)) check_row(line, &n_found);
  fclose(page);
  assert_int_equal(n_found, ip_run_n_objects());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_path_has_the_kind_of_the_most_specific_pattern),
      cmocka_unit_test(other_paths_have_none),
      cmocka_unit_test(groups_on_the_way_lead_to_datasets),
      cmocka_unit_test(the_elements_are_those_of_the_type),
      cmocka_unit_test(the_page_on_run_files_has_the_same_list),
  };
  return cmocka_run_group_tests_name("runfile/schema", tests, NULL, NULL);
}
