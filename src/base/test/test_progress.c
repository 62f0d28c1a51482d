#define _XOPEN_SOURCE 700 /* posix_openpt */
#include "base/progress.h"

#include "base/test/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static char text[4096];

static FILE *begin(void)
{
  FILE *out = tmpfile();
  assert_non_null(out);
  return out;
}

/* What was written, and the file is gone. */
static const char *end(FILE *out)
{
  rewind(out);
  text[fread(text, 1, sizeof text - 1, out)] = 0;
  fclose(out);
  return text;
}

static void a_relay_tells_when_the_second_part_begins(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_relay(out, &p));
  ip_progress_update(p, 3, NULL); /* too early for a line, unless a tenth of a second has passed */
  ip_progress_second_part(p, 52);
  ip_progress_destroy(&p);
  assert_null(p);
  const char *said = end(out);
  assert_string_equal(strncmp(said, "3\n", 2) ? said : said + 2, "+0/52\n");
}

static void the_last_line_tells_what_was_done_and_no_time_left(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_create(out, "runs", "epochs", 60, &p));
  ip_progress_update(p, 30, "1/2 runs");
  ip_progress_set_left(p, 3600);
  ip_progress_clear(p); /* no terminal: nothing to take away */
  ip_progress_destroy(&p);
  end(out);
  assert_int_equal(strncmp(text, "runs: 30/60 epochs, ", 20), 0);
  assert_non_null(strstr(text, "took "));
  assert_null(strstr(text, "left"));
  assert_non_null(strstr(text, "  1/2 runs\n"));
  assert_null(strchr(text, '\r'));
}

static void a_relay_writes_a_line_for_an_update_once_in_a_while(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_relay(out, &p));
  nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
  ip_progress_update(p, 3, NULL);
  nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
  ip_progress_update(p, 5, NULL);
  ip_progress_clear(p);
  ip_progress_destroy(&p);
  assert_string_equal(end(out), "3\n5\n");
}

static void without_a_total_only_what_was_done_is_counted(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_OK(ip_progress_create(out, "a\x1b", "runs", 0, &p));
  ip_progress_update(p, 7, "b\x1b");
  ip_progress_destroy(&p);
  end(out);
  assert_int_equal(strncmp(text, "a?: 7 runs, ", 12), 0);
  assert_non_null(strstr(text, "  b?\n"));
}

/* The two ends of a terminal that changes nothing of what is written. */
static FILE *open_terminal(int *master)
{
  struct termios raw;
  *master = posix_openpt(O_RDWR | O_NOCTTY);
  assert_true(*master >= 0 && grantpt(*master) == 0 && unlockpt(*master) == 0);
  int fd = open(ptsname(*master), O_RDWR | O_NOCTTY);
  assert_true(fd >= 0 && tcgetattr(fd, &raw) == 0);
  raw.c_oflag &= ~(tcflag_t)OPOST;
  assert_int_equal(tcsetattr(fd, TCSANOW, &raw), 0);
  FILE *out = fdopen(fd, "w");
  assert_non_null(out);
  return out;
}

static const char *written_to(int master)
{
  ssize_t n = read(master, text, sizeof text - 1);
  text[n > 0 ? n : 0] = 0;
  return text;
}

#define AGAIN "\r\033[K"

/* Every line in place of the one before; the last one stays. */
static void a_terminal_gets_a_bar(void **state)
{
  (void)state;
  static const struct {
    double done;
    const char *bar;
  } known[] = {{0, "[........................] 0/48 epochs, "},   {2, "[#.......................] 2/48 epochs, "},
               {24, "[############............] 24/48 epochs, "}, {47, "[#######################.] 47/48 epochs, "},
               {48, "[########################] 48/48 epochs, "}, {60, "[########################] 60/48 epochs, "}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    int master;
    ip_progress *p;
    FILE *out = open_terminal(&master);
    CHECK_OK(ip_progress_create(out, "train", "epochs", 48, &p));
    nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
    ip_progress_set_left(p, 75);
    ip_progress_update(p, known[i].done, NULL);
    char line[128];
    snprintf(line, sizeof line, AGAIN "train %s", known[i].bar);
    written_to(master);
    if (strncmp(text, line, strlen(line)) != 0) fail_msg("got %s", text);
    assert_string_equal(text + strlen(text) - 15, ", 1:15 min left");
    ip_progress_clear(p);
    assert_string_equal(written_to(master), AGAIN);
    ip_progress_destroy(&p);
    written_to(master);
    if (strncmp(text, line, strlen(line)) != 0) fail_msg("got %s", text);
    assert_non_null(strstr(text, "took "));
    assert_true(text[strlen(text) - 1] == '\n');
    fclose(out);
    close(master);
  }
}

static void without_a_stream_all_is_silent(void **state)
{
  (void)state;
  ip_progress *p;
  CHECK_OK(ip_progress_create(NULL, "runs", "epochs", 60, &p));
  assert_null(p);
  ip_progress_update(p, 1, NULL);
  ip_progress_second_part(p, 2);
  ip_progress_set_left(p, 1);
  ip_progress_clear(p);
  ip_progress_destroy(&p);
  CHECK_OK(ip_progress_relay(NULL, &p));
  assert_null(p);
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  ip_progress *p;
  FILE *out = begin();
  CHECK_EVERY_ALLOCATION(ip_progress_create(out, "runs", "epochs", 60, &p), ip_progress_destroy(&p));
  end(out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_relay_tells_when_the_second_part_begins),
      cmocka_unit_test(the_last_line_tells_what_was_done_and_no_time_left),
      cmocka_unit_test(a_relay_writes_a_line_for_an_update_once_in_a_while),
      cmocka_unit_test(without_a_total_only_what_was_done_is_counted),
      cmocka_unit_test(a_terminal_gets_a_bar),
      cmocka_unit_test(without_a_stream_all_is_silent),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
