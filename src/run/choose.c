#include "run/choose.h"

#include "dataset/stratify.h"

enum { TRAIN, TEST, N_SIDES };

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

static size_t side_of(const ip_sample_source *s, size_t i)
{
  return s->split && s->split[i] ? TEST : TRAIN;
}

/* How many samples of each side the rule leaves. */
static void limit(const ip_sample_rule *rule, const size_t count[N_SIDES], size_t left[N_SIDES])
{
  left[TRAIN] = rule->which == IP_LOG_TEST ? 0 : count[TRAIN];
  left[TEST] = rule->which == IP_LOG_TRAIN ? 0 : count[TEST];
  if (!rule->most) return;
  if (rule->which == IP_LOG_ALL) {
    size_t half = least(rule->most / 2, count[TEST]);
    left[TRAIN] = least(rule->most - half, count[TRAIN]);
    left[TEST] = least(rule->most - left[TRAIN], count[TEST]);
    return;
  }
  for (int side = 0; side < N_SIDES; side++) {
    size_t other = count[side == TRAIN ? TEST : TRAIN];
    left[side] = least(left[side], rule->most);
    if (rule->equal_sides && other) left[side] = least(left[side], other);
  }
}

ip_status ip_sample_choose(const ip_sample_source *s, const ip_sample_rule *rule, ip_scratch *sc, size_t *n_rows,
                           uint32_t **row)
{
  size_t count[N_SIDES] = {0}, left[N_SIDES];
  uint32_t *of_side; // (n)
  uint8_t *chosen;   // (n)
  IP_TRY(IP_SCRATCH(sc, *row, s->n, "chosen samples"));
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(IP_SCRATCH(sc, chosen, s->n, "chosen samples"));
  IP_TRY(IP_SCRATCH(sc, of_side, s->n, "samples of one side"));
  for (size_t i = 0; i < s->n; i++) count[side_of(s, i)]++;
  limit(rule, count, left);
  for (size_t side = 0; side < N_SIDES; side++) {
    const ip_stratified_stream stream = {rule->seed, IP_RNG_SUBSET, (uint64_t)side << 32};
    size_t m = 0;
    for (size_t i = 0; i < s->n; i++)
      if (side_of(s, i) == side) of_side[m++] = (uint32_t)i;
    if (left[side]) IP_TRY(ip_stratify(s->n_classes, s->y, m, of_side, left[side], stream, sc, chosen));
  }
  *n_rows = 0;
  for (size_t i = 0; i < s->n; i++)
    if (chosen[i]) (*row)[(*n_rows)++] = (uint32_t)i;
  ip_scratch_release(sc, mark);
  return IP_OK;
}
