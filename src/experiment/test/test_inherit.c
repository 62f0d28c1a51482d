/* Experiments that inherit from a file or a preset are those of a file that is written out in full. */
#include "experiment/experiment.h"
#include "experiment/presets.h"

#include "base/test/check.h"
#include "experiment/test/parsed.h"

static void digests_and_texts_are_those_of_the_file_written_out(void **state)
{
  (void)state;
  ip_experiment *a = load_text("extends: grokking-mnist\nname: x\nrepeats: 2\nnetwork.hidden: [7]\n"
                               "training: {epochs: 30, updates: ~}\n"),
                *b = load_text("name: x\nrepeats: 2\ndataset: {name: mnist, max_train: 1000}\n"
                               "network: {hidden: [7], activation: relu, output: linear, initializer: pytorch, "
                               "weight_scale: 8}\n"
                               "training: {epochs: 30, batch_size: 200, shuffle: true, optimizer: adamw, "
                               "learning_rate: 0.001, weight_decay: 0.01, squared_error: mean}\n"
                               "log: {schedule: log, count: 60, final: true, samples: train, keep: none}\n"
                               "estimators: [kde_upper:noise_variance=0.1]\nmeasures: [geometry]\n"
                               "figures: [loss, layers, geometry]\n");
  char *p, *q;
  CHECK_OK(ip_experiment_text(a, &p));
  CHECK_OK(ip_experiment_text(b, &q));
  assert_string_equal(p, q);
  assert_string_equal(a->digest, b->digest);
  assert_string_equal(a->estimate_digest, b->estimate_digest);
  assert_string_equal(a->extends, "grokking-mnist");
  assert_null(strstr(p, "extends"));
  ip_free(p);
  ip_free(q);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
}

/* A file of someone else never makes the program read another file. */
static void stored_configurations_cannot_inherit(void **state)
{
  (void)state;
  check_wrong("extends: szt2017", "f.yaml:1:10: error: extends: a stored configuration is complete and cannot inherit");
  char path[] = "/tmp/stored_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0 && write(fd, "extends: szt2017\n", 17) == 17);
  close(fd);
  ip_experiment *e;
  CHECK_FAILS(ip_experiment_load_stored(path, &e), IP_ECONFIG, "a stored configuration is complete and cannot inherit");
  unlink(path);
}

static void tags_change_no_digest_and_are_kept(void **state)
{
  (void)state;
  ip_experiment *a = parse("{}"), *b = parse("tags: [mnist, v1.2]"), *p;
  assert_string_equal(a->digest, b->digest);
  assert_string_equal(a->estimate_digest, b->estimate_digest);
  CHECK_OK(ip_experiment_point(b, 0, &p));
  assert_int_equal(p->n_tags, 2);
  assert_string_equal(p->tags[1], "v1.2");
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
  check_wrong("tags: [a, a]", "f.yaml:1:7: error: tags: 'a' is listed twice");
  check_wrong("tags: ['two words']", "tags: expected words of 1 to 40 letters, digits and _ . - + =, got 'two words'");
  check_wrong("tags: ['']", "tags: expected words of 1 to 40 letters");
}

static void presets_are_found_by_name(void **state)
{
  (void)state;
  ip_scratch *sc;
  size_t n, found = 0;
  const char *const *name;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_preset_names(sc, &n, &name));
  for (size_t i = 0; i < n; i++) {
    found += !strcmp(name[i], "szt2017") || !strcmp(name[i], "quickstart");
    assert_true(!i || strcmp(name[i - 1], name[i]) < 0);
  }
  assert_int_equal(found, 2);
  ip_scratch_destroy(&sc);
  static const char *const none[] = {"szt207", "../experiments/szt2017", "", ".yaml", "claims", "."};
  char *path;
  ip_hint hint;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    CHECK_OK(ip_preset_find(none[i], &path, &hint));
    assert_null(path);
    if (i == 0) assert_string_equal(hint.text, "; did you mean 'szt2017'?");
  }
  CHECK_OK(ip_preset_find("szt2017.yaml", &path, &hint));
  assert_non_null(strstr(path, "/szt2017.yaml"));
  ip_free(path);
  ip_experiment *e;
  CHECK_OK(ip_experiment_load("szt2017-depth", 0, NULL, &e));
  assert_string_equal(e->name, "szt2017-depth");
  ip_experiment_destroy(&e);
  CHECK_FAILS(ip_experiment_load("szt2017-dept", 0, NULL, &e), IP_ECONFIG,
              "szt2017-dept: cannot read the configuration: No such file or directory; did you mean 'szt2017-depth'?");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(digests_and_texts_are_those_of_the_file_written_out),
      cmocka_unit_test(stored_configurations_cannot_inherit),
      cmocka_unit_test(tags_change_no_digest_and_are_kept),
      cmocka_unit_test(presets_are_found_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
