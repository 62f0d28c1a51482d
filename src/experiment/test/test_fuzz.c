/* Random bytes and random changes to a good file: whatever stands in a file, it is either an experiment, and then its
 * printed form is the same experiment, or it is refused with a message; nothing crashes, nothing leaks. */
#include "experiment/experiment.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST = 4096 };

static const char good[] = "# an experiment\n"
                           "name: fuzz\n"
                           "repeats: 2\n"
                           "estimators: [edges, \"width:size=0.5\"]\n"
                           "network:\n"
                           "  hidden: [10, 7]\n"
                           "  activation: relu\n"
                           "training: {epochs: 20, learning_rate: 1e-3, shuffle: true}\n"
                           "log:\n"
                           "  schedule: piecewise\n"
                           "  until: [5]\n"
                           "  step: [1, 5]\n"
                           "sweep:\n"
                           "  network.hidden: [[3], [4, 3]]\n"
                           "  training.epochs: {from: 10, to: 30, count: 3}\n"
                           "  zip:\n"
                           "    dataset.labels: [hard, soft]\n"
                           "    dataset.gamma: [12, 41.64]\n";

/* Pieces that mean something in YAML or in a configuration. */
static const char *const pieces[] = {
    "[",        "]",
    "{",        "}",
    ": ",       "- ",
    "\n",       "\n  ",
    ", ",       "#",
    "&a ",      "*a",
    "!!int ",   "|\n",
    ">\n",      "---\n",
    "...\n",    "\"",
    "'",        "? ",
    "\t",       "%YAML 1.1\n",
    "\\",       "\xef\xbb\xbf",
    "\r\n",     "~",
    "null",     "1e999",
    "-0",       "99999999999999999999",
    "sweep",    "zip",
    "network",  "training.epochs",
    "from",     "0",
    "-1",       ".nan",
    "\xc3\xa9", "\xff",
};

static uint32_t draw(ip_rng *rng, uint32_t below)
{
  return (uint32_t)ip_rng_below(rng, below);
}

/* Replaces the bytes [at, at + cut) by (n) others. */
static size_t splice(char *text, size_t length, size_t at, size_t cut, size_t n, const char *with)
{
  if (length - cut + n >= LARGEST) return length;
  memmove(text + at + n, text + at + cut, length - at - cut);
  memcpy(text + at, with, n);
  return length - cut + n;
}

static size_t change(ip_rng *rng, char *text, size_t length)
{
  size_t at = draw(rng, (uint32_t)length + 1), rest = length - at, cut = draw(rng, 12);
  if (cut > rest) cut = rest;
  char byte = (char)draw(rng, 256);
  const char *piece = pieces[draw(rng, sizeof pieces / sizeof *pieces)];
  char copy[64];
  size_t from = draw(rng, (uint32_t)length + 1), n = length - from < 64 ? length - from : draw(rng, 64);
  memcpy(copy, text + from, n);
  switch (draw(rng, 5)) {
  case 0:
    return splice(text, length, at, rest > 0, 1, &byte);
  case 1:
    return splice(text, length, at, cut, 0, "");
  case 2:
    return splice(text, length, at, 0, strlen(piece), piece);
  case 3:
    return splice(text, length, at, cut, strlen(piece), piece);
  default:
    return splice(text, length, at, 0, n, copy);
  }
}

static void check_reads_back(const ip_experiment *e)
{
  char *text, *again;
  ip_experiment *b;
  CHECK_OK(ip_experiment_text(e, &text));
  ip_error_clear();
  if (ip_experiment_parse("printed", text, 0, NULL, &b) != IP_OK) fail_msg("%s\n%s", ip_error_message(), text);
  CHECK_OK(ip_experiment_text(b, &again));
  assert_string_equal(text, again);
  assert_string_equal(e->digest, b->digest);
  assert_true(ip_experiment_n_points(e) == ip_experiment_n_points(b));
  ip_free(text);
  ip_free(again);
  ip_experiment_destroy(&b);
}

static bool try_text(const char *text)
{
  size_t live = ip_mem_live();
  ip_experiment *e;
  ip_error_clear();
  ip_status st = ip_experiment_parse("fuzz.yaml", text, 0, NULL, &e);
  if (st == IP_OK) {
    check_reads_back(e);
    ip_experiment_destroy(&e);
  } else {
    assert_int_equal(st, IP_ECONFIG);
    assert_null(e);
    assert_non_null(strstr(ip_error_message(), "fuzz.yaml:"));
  }
  assert_int_equal(ip_mem_live(), live);
  return st == IP_OK;
}

static void changed_files_are_experiments_or_refused(void **state)
{
  (void)state;
  char text[LARGEST];
  size_t n_good = 0, rounds = 6000;
  assert_true(try_text(good));
  for (size_t i = 0; i < rounds; i++) {
    ip_rng rng = ip_rng_open(20170303, IP_RNG_TEST, i);
    size_t length = sizeof good - 1;
    memcpy(text, good, length);
    for (uint32_t n = 1 + draw(&rng, 2); n > 0; n--) length = change(&rng, text, length);
    text[length] = 0;
    n_good += try_text(text);
  }
  assert_true(n_good > rounds / 100 && n_good < rounds); /* both ways are taken */
}

static void random_bytes_are_refused(void **state)
{
  (void)state;
  char text[256];
  for (size_t i = 0; i < 500; i++) {
    ip_rng rng = ip_rng_open(1, IP_RNG_TEST, i);
    size_t length = draw(&rng, sizeof text);
    for (size_t k = 0; k < length; k++) text[k] = (char)draw(&rng, i % 2 ? 128 : 256);
    text[length] = 0;
    try_text(text);
  }
}

static void every_beginning_of_a_file_is_an_experiment_or_refused(void **state)
{
  (void)state;
  char text[sizeof good];
  for (size_t n = 0; n < sizeof good; n++) {
    memcpy(text, good, n);
    text[n] = 0;
    try_text(text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(changed_files_are_experiments_or_refused),
      cmocka_unit_test(random_bytes_are_refused),
      cmocka_unit_test(every_beginning_of_a_file_is_an_experiment_or_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
