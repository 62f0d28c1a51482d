/* test_stratify.c - shares of classes: proportional, then the largest remainders, of equal ones the first. */
#include "dataset/stratify.h"

#include "base/test/check.h"

enum { MOST = 40, CLASSES = 4 };

typedef struct {
  size_t count[CLASSES], k, share[CLASSES];
} division;

static void shares_are_whole_parts_and_the_largest_remainders(void **state)
{
  (void)state;
  static const division known[] = {
      {{10, 10}, 10, {5, 5}},          {{5, 5}, 5, {3, 2}}, /* 2.5 and 2.5 */
      {{4, 4, 4}, 4, {2, 1, 1}},                            /* 1.33 each */
      {{4, 4, 4}, 5, {2, 2, 1}},                            /* 1.67 each */
      {{3, 6, 9}, 7, {1, 2, 4}},                            /* 1.17, 2.33, 3.5 */
      {{1, 18, 1}, 10, {1, 9, 0}},                          /* 0.5, 9, 0.5 */
      {{0, 7, 0, 3}, 5, {0, 4, 0, 1}},                      /* 3.5, 1.5 */
      {{2, 2, 2, 2}, 8, {2, 2, 2, 2}}, {{2, 2, 2, 2}, 0, {0}}, {{2, 2, 2, 2}, 1, {1}},
  };
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const division *d = &known[i];
    int32_t y[MOST];
    uint32_t row[MOST];
    uint8_t chosen[MOST] = {0};
    size_t n = 0, share[CLASSES] = {0};
    for (size_t c = 0; c < CLASSES; c++)
      for (size_t j = 0; j < d->count[c]; j++, n++) y[n] = (int32_t)c, row[n] = (uint32_t)n;
    const ip_stratified_stream stream = {i, IP_RNG_SUBSET, 0};
    CHECK_OK(ip_stratify(CLASSES, y, n, row, d->k, stream, sc, chosen));
    for (size_t r = 0; r < n; r++) share[y[r]] += chosen[r];
    for (size_t c = 0; c < CLASSES; c++)
      if (share[c] != d->share[c]) fail_msg("division %zu: class %zu has %zu, not %zu", i, c, share[c], d->share[c]);
  }
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_are_whole_parts_and_the_largest_remainders),
  };
  return cmocka_run_group_tests_name("dataset/stratify", tests, NULL, NULL);
}
