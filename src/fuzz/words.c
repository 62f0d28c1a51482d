/* Words of a command line or a configuration: specs, channels, numbers. */
#include "fuzz/fuzz.h"

#include "base/mem.h"
#include "base/text.h"
#include "bottleneck/channel.h"
#include "calibrate/family.h"
#include "estimator/estimator.h"
#include "measure/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The label of a spec is a spec with the same label. */
static void read_estimator(const char *spec)
{
  ip_estimator *e = NULL, *again = NULL;
  if (ip_fuzz_accepted(ip_estimator_create(spec, 1, &e))) {
    if (ip_estimator_create(ip_estimator_label(e), 1, &again) != IP_OK) ip_fuzz_require(false, ip_error_message());
    ip_fuzz_require(strcmp(ip_estimator_label(e), ip_estimator_label(again)) == 0, "a label is its own label");
  }
  ip_estimator_destroy(&again);
  ip_estimator_destroy(&e);
}

static void read_measure(const char *spec)
{
  ip_measure *m = NULL, *again = NULL;
  if (ip_fuzz_accepted(ip_measure_create(spec, 1, &m))) {
    if (ip_measure_create(ip_measure_label(m), 1, &again) != IP_OK) ip_fuzz_require(false, ip_error_message());
    ip_fuzz_require(strcmp(ip_measure_label(m), ip_measure_label(again)) == 0, "a label is its own label");
  }
  ip_measure_destroy(&again);
  ip_measure_destroy(&m);
}

int ip_fuzz_spec(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  const ip_calibration_task *task;
  ip_scratch *sc = NULL;
  read_estimator(text);
  read_measure(text);
  ip_fuzz_require(ip_scratch_create(&sc) == IP_OK, "scratch memory");
  ip_fuzz_accepted(ip_family_member(text, sc, &task));
  ip_scratch_destroy(&sc);
  free(text);
  return ip_fuzz_end();
}

int ip_fuzz_channel(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  ip_channel channel;
  ip_ib_problem *p = NULL;
  ip_channel_is(text);
  if (ip_fuzz_accepted(ip_channel_parse(text, &channel))) ip_fuzz_accepted(ip_channel_problem(&channel, &p));
  ip_ib_problem_destroy(&p);
  free(text);
  return ip_fuzz_end();
}

int ip_fuzz_number(const uint8_t *data, size_t n)
{
  char *text = ip_fuzz_text(data, n);
  const char *const names[] = {"tanh", "relu", "linear"};
  int64_t whole;
  double real, again;
  size_t at;
  ip_parse_int(text, &whole);
  if (ip_parse_real(text, &real)) {
    ip_fuzz_require(ip_parse_real(ip_format_real(real, false).text, &again), "a number reads back");
    ip_fuzz_require(real == again || (isnan(real) && isnan(again)), "a number reads back as itself");
  }
  ip_fuzz_accepted(ip_text_choose(IP_ECONFIG, "word", text, 3, names, &at));
  free(text);
  return ip_fuzz_end();
}
