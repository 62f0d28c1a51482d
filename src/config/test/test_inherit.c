/* A file inherits from another: what it gives replaces what it inherits, and errors keep the places of their files. */
#include "config/test/table.h"

#include "config/grid.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/ip_inherit_XXXXXX";

static int enter_directory(void **state)
{
  (void)state;
  return !mkdtemp(dir) || chdir(dir) || mkdir("sub", 0700);
}

static int remove_directory(void **state)
{
  (void)state;
  char rm[64];
  snprintf(rm, sizeof rm, "rm -r %s", dir);
  return chdir("/") || system(rm);
}

static void write_file(const char *path, const char *text)
{
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  fputs(text, out);
  assert_int_equal(fclose(out), 0);
}

static ip_config *read_file(const char *path)
{
  ip_config *c;
  CHECK_OK(ip_config_create(&table, &c));
  CHECK_OK(ip_config_read(c, path));
  return c;
}

static void check_errors(const char *path, const char *message)
{
  ip_config *c = read_file(path);
  ip_grid *g;
  CHECK_OK(ip_grid_create(c, &g));
  assert_int_equal(ip_config_check(c), IP_ECONFIG);
  assert_string_equal(ip_error_message(), message);
  ip_error_clear();
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

/* The files resolve to the same configuration. */
static void check_same(const char *path, const char *written_out)
{
  char *a, *b;
  ip_config *c = read_file(path), *d = read_file(written_out);
  CHECK_OK(ip_config_check(c));
  CHECK_OK(ip_config_check(d));
  CHECK_OK(ip_config_text(c, IP_KEY_SHOW, &a));
  CHECK_OK(ip_config_text(d, IP_KEY_SHOW, &b));
  assert_string_equal(a, b);
  assert_null(strstr(a, "base"));
  ip_free(a);
  ip_free(b);
  ip_config_destroy(&c);
  ip_config_destroy(&d);
}

static void what_a_file_gives_replaces_what_it_inherits(void **state)
{
  (void)state;
  write_file("oldest.yaml", "name: oldest\nseed: 4\nnetwork: {hidden: [9, 8, 7], colour: blue}\nspecs: [a, b]\n"
                            "training: {epochs: 3, rate: 0.25}\nsweep: {training.noise: [1, 2], seed: [1, 2]}\n");
  write_file("sub/middle.yaml", "base: ../oldest.yaml\nnetwork.hidden: [6]\ntraining: {rate: 0.5}\n");
  write_file("young.yaml", "base: sub/middle.yaml\nspecs: []\ntraining:\n  epochs: 5\nsweep: {seed: [3]}\n");
  write_file("full.yaml", "seed: 4\nnetwork: {hidden: [6], colour: blue}\nspecs: []\n"
                          "training: {epochs: 5, rate: 0.5}\nsweep: {seed: [3]}\n");
  check_same("young.yaml", "full.yaml");
  ip_config *c = read_file("young.yaml");
  assert_string_equal(values_of(c).name, ""); /* is its file's own */
  assert_true(ip_config_is_given(c, "training.rate"));
  assert_false(ip_config_is_given(c, "training.noise"));
  ip_config_destroy(&c);
}

static void a_tilde_returns_keys_sections_and_the_sweep_to_their_defaults(void **state)
{
  (void)state;
  write_file("old.yaml",
             "seed: 4\nnetwork: {hidden: [9], colour: blue}\nspecs: [a]\ntraining: {epochs: 3, rate: 0.25}\n"
             "sweep: {training.noise: [1, 2]}\n");
  write_file("new.yaml", "base: old.yaml\nseed: ~\nnetwork: ~\nspecs: null\ntraining.rate: ~\nsweep: ~\n");
  write_file("full.yaml", "training: {epochs: 3}\n");
  check_same("new.yaml", "full.yaml");
  write_file("empty.yaml", "base: old.yaml\nseed: ~\nnetwork: ~\nspecs: null\ntraining.rate: ~\nsweep: {}\n");
  check_same("empty.yaml", "full.yaml");
  ip_config *c = read_file("new.yaml");
  assert_false(ip_config_is_given(c, "training.rate"));
  ip_config_destroy(&c);
  write_file("twice.yaml", "base: old.yaml\nnetwork: ~\nnetwork.hidden: [3]\n");
  check_errors("twice.yaml", "twice.yaml:3:1: error: network.hidden: duplicate key, first in line 2");
}

static void a_preset_is_named_without_a_path_and_files_come_first(void **state)
{
  (void)state;
  write_file("preset.yaml", "seed: 11\n");
  write_file("sub/a.yaml", "base: preset\n");
  write_file("eleven.yaml", "seed: 11\n");
  check_same("sub/a.yaml", "eleven.yaml");
  write_file("sub/preset", "seed: 12\n");
  write_file("twelve.yaml", "seed: 12\n");
  check_same("sub/a.yaml", "twelve.yaml");
  unlink("sub/preset");
  write_file("sub/a.yaml", "base: prest\n");
  check_errors("sub/a.yaml", "sub/a.yaml:1:7: error: base: 'prest' is neither a file (sub/prest) nor the name of a "
                             "preset; did you mean 'preset'?");
}

static void errors_of_all_files_come_together_with_their_places(void **state)
{
  (void)state;
  write_file("old.yaml", "seed: x\nnetwork:\n  colour: pink\n");
  write_file("new.yaml", "base: old.yaml\n\ntraining: {epochs: 0, rat: 1}\n");
  check_errors("new.yaml", "old.yaml:1:7: error: seed: expected an integer, got 'x'\n"
                           "old.yaml:3:11: error: network.colour: expected red, green or blue, got 'pink'\n"
                           "new.yaml:3:20: error: training.epochs: expected an integer of at least 1, got '0'\n"
                           "new.yaml:3:23: error: unknown key 'training.rat'; did you mean 'training.rate'?");
  ip_config *c = read_file("new.yaml");
  CHECK_OK(ip_config_add_error(c, "network.hidden", "is wrong")); /* a default: the file itself */
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "new.yaml: error: network.hidden: is wrong");
  ip_config_destroy(&c);
  write_file("old.yaml", "seed: [\n");
  check_errors("new.yaml", "old.yaml:2:1: error: did not find expected node content while parsing a flow node\n"
                           "new.yaml:3:20: error: training.epochs: expected an integer of at least 1, got '0'\n"
                           "new.yaml:3:23: error: unknown key 'training.rat'; did you mean 'training.rate'?");
}

static void a_value_below_an_inherited_sweep_is_an_error(void **state)
{
  (void)state;
  write_file("old.yaml", "seed: 1\nsweep:\n  seed: [1, 2]\n");
  write_file("new.yaml", "base: old.yaml\nseed: 5\n");
  check_errors("new.yaml", "new.yaml:2:7: error: seed: is swept by the inherited file (old.yaml:3); end that sweep by "
                           "'sweep: ~', or give another");
  write_file("new.yaml", "base: old.yaml\nseed: 5\nsweep: {seed: [5, 6]}\n"); /* as in one file */
  ip_config *c = read_file("new.yaml");
  ip_grid *g;
  CHECK_OK(ip_grid_create(c, &g));
  CHECK_OK(ip_config_check(c));
  assert_int_equal(ip_grid_count(g), 2);
  ip_grid_destroy(&g);
  ip_config_destroy(&c);
}

static void cycles_are_refused_with_both_places(void **state)
{
  (void)state;
  write_file("a.yaml", "seed: 1\nbase: sub/b.yaml\n");
  write_file("sub/b.yaml", "base: ../c.yaml\n");
  write_file("c.yaml", "name: c\n\nbase: ./a.yaml\n");
  check_errors("a.yaml", "sub/../c.yaml:3:7: error: base: a.yaml inherits from this file already (a.yaml:2:7); remove "
                         "one of the two");
  write_file("self.yaml", "base: self.yaml\n");
  check_errors("self.yaml", "self.yaml:1:7: error: base: the file inherits from itself; name another file");
}

static void chains_are_limited(void **state)
{
  (void)state;
  char path[20], text[40];
  for (int i = 1; i <= 10; i++) {
    snprintf(path, sizeof path, "%d.yaml", i);
    snprintf(text, sizeof text, i == 10 ? "seed: 9\n" : "base: %d.yaml\n", i + 1);
    write_file(path, text);
  }
  ip_config *c = read_file("3.yaml");
  assert_int_equal(values_of(c).seed, 9);
  ip_config_destroy(&c);
  check_errors("2.yaml", "9.yaml:1:7: error: base: more than 8 files inherit from each other, the first at 2.yaml:1:7; "
                         "merge some");
}

static void what_cannot_be_inherited_is_told(void **state)
{
  (void)state;
  write_file("a.yaml", "base: sub\n");
  check_errors("a.yaml", "a.yaml:1:7: error: base: sub: cannot read the configuration: Is a directory");
  write_file("a.yaml", "base:\n");
  check_errors("a.yaml", "a.yaml:1:6: error: base: expected a file or the name of a preset, got nothing");
  write_file("a.yaml", "base: [b.yaml]\n");
  check_errors("a.yaml", "a.yaml:1:7: error: base: expected a string, got a list");
  write_file("a.yaml", "base: ~\nseed: 3\n");
  ip_config *c = read_file("a.yaml");
  assert_int_equal(values_of(c).seed, 3);
  CHECK_OK(ip_config_set(c, "base=b.yaml"));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "--set base=b.yaml: error: base: can only be set in the file");
  ip_config_destroy(&c);
  check_fault("base: a.yaml", "f.yaml:1:7: error: base: a stored configuration is complete and cannot inherit");
}

static ip_status read_chain(ip_config **c)
{
  *c = NULL;
  IP_TRY(ip_config_create(&table, c));
  return ip_config_read(*c, "young.yaml");
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state)
{
  (void)state;
  ip_config *c;
  CHECK_EVERY_ALLOCATION(read_chain(&c), ip_config_destroy(&c));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_a_file_gives_replaces_what_it_inherits),
      cmocka_unit_test(a_tilde_returns_keys_sections_and_the_sweep_to_their_defaults),
      cmocka_unit_test(a_preset_is_named_without_a_path_and_files_come_first),
      cmocka_unit_test(errors_of_all_files_come_together_with_their_places),
      cmocka_unit_test(a_value_below_an_inherited_sweep_is_an_error),
      cmocka_unit_test(cycles_are_refused_with_both_places),
      cmocka_unit_test(chains_are_limited),
      cmocka_unit_test(what_cannot_be_inherited_is_told),
      cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, enter_directory, remove_directory);
}
