#include "dataset/split.h"

#include "base/rng.h"
#include "dataset/stratify.h"
#include "num/random.h"

#include <math.h>
#include <string.h>

/* Streams of IP_RNG_SPLIT: the stage in the upper half of the index, the class (stratified) in the lower one. */
typedef enum { STAGE_SPLIT, STAGE_MAX_TRAIN, STAGE_MAX_TEST } stage;

/* Sets chosen[r] = 1 for k of the (m) rows. */
static ip_status choose(const ip_dataset *ds, ip_split_by by, uint64_t seed, stage s, size_t m, const uint32_t *row,
                        size_t k, ip_scratch *sc, uint8_t *chosen)
{
  const ip_stratified_stream stream = {seed, IP_RNG_SPLIT, (uint64_t)s << 32};
  if (by == IP_SPLIT_BY_STRATIFIED) return ip_stratify(ds->n_classes, ds->y, m, row, k, stream, sc, chosen);
  size_t mark = ip_scratch_mark(sc);
  uint32_t *order; // (m)
  IP_TRY(IP_SCRATCH(sc, order, m, "order of rows"));
  memcpy(order, row, m * sizeof *row);
  ip_rng r = ip_rng_open(seed, IP_RNG_SPLIT, stream.index);
  if (by != IP_SPLIT_BY_FIRST) ip_shuffle(&r, m, order);
  for (size_t i = 0; i < k; i++) chosen[order[i]] = 1;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Rows of one side of the split, ascending. */
static size_t list_rows(const ip_dataset *ds, uint8_t side, uint32_t *row)
{
  size_t m = 0;
  for (size_t r = 0; r < ds->n; r++)
    if (ds->split[r] == side) row[m++] = (uint32_t)r;
  return m;
}

/* Marks in `keep` the rows of one side that a limit leaves; 0: no limit. */
static ip_status limit_side(const ip_dataset *ds, ip_split_by by, uint64_t seed, stage s, int64_t limit, ip_scratch *sc,
                            uint8_t *keep)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *row;
  IP_TRY(IP_SCRATCH(sc, row, ds->n, "rows of one side"));
  size_t m = list_rows(ds, s == STAGE_MAX_TRAIN ? IP_SPLIT_TRAIN : IP_SPLIT_TEST, row);
  size_t k = limit > 0 && (uint64_t)limit < m ? (size_t)limit : m;
  if (m > 0) IP_TRY(choose(ds, by, seed, s, m, row, k, sc, keep));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Moves kept rows of (n, row_size) bytes to the front; into a smaller block when that saves at least half. */
static ip_status compact(void **array, size_t n, size_t row_size, const uint8_t *keep, size_t n_kept)
{
  unsigned char *from = *array, *to = from;
  if (!from) return IP_OK;
  if (n_kept <= n / 2) IP_TRY((to = ip_alloc(n_kept, row_size, "kept rows")) ? IP_OK : IP_ENOMEM);
  size_t k = 0;
  for (size_t r = 0; r < n; r++)
    if (keep[r]) memmove(to + row_size * k++, from + row_size * r, row_size);
  if (to != from) ip_free(from);
  *array = to;
  return IP_OK;
}

static ip_status keep_rows(ip_dataset *ds, const uint8_t *keep)
{
  size_t n = ds->n, n_kept = 0;
  for (size_t r = 0; r < n; r++) n_kept += keep[r];
  if (n_kept == n) return IP_OK;
  void *array[] = {ds->x, ds->y, ds->p_y_given_x, ds->targets, ds->split, ds->exact};
  const size_t row_size[] = {ds->n_in * sizeof *ds->x,
                             sizeof *ds->y,
                             ds->n_classes * sizeof *ds->p_y_given_x,
                             ds->n_targets * sizeof *ds->targets,
                             sizeof *ds->split,
                             ds->n_in * sizeof *ds->exact};
  ip_status st = IP_OK;
  for (size_t i = 0; i < sizeof array / sizeof *array && st == IP_OK; i++)
    st = compact(&array[i], n, row_size[i], keep, n_kept);
  ds->x = array[0];
  ds->y = array[1];
  ds->p_y_given_x = array[2];
  ds->targets = array[3];
  ds->split = array[4];
  ds->exact = array[5];
  ds->n = n_kept;
  return st;
}

/* floor(fraction n), where a product just below an integer by rounding counts as that number; at least 1. */
static size_t train_rows(double fraction, size_t n)
{
  double k = floor(fraction * (double)n * (1 + 1e-12));
  return k < 1 ? 1 : k > (double)n ? n : (size_t)k;
}

static ip_status split_rows(const ip_dataset_options *opt, ip_split_by by, uint64_t seed, ip_scratch *sc,
                            ip_dataset *ds)
{
  uint32_t *row;
  uint8_t *chosen;
  IP_TRY(IP_SCRATCH(sc, row, ds->n, "rows"));
  IP_TRY(IP_SCRATCH(sc, chosen, ds->n, "training rows"));
  for (size_t r = 0; r < ds->n; r++) row[r] = (uint32_t)r;
  IP_TRY(choose(ds, by, seed, STAGE_SPLIT, ds->n, row, train_rows(opt->train_fraction, ds->n), sc, chosen));
  ip_free(ds->split);
  IP_TRY(IP_NEW(ds->split, ds->n, "split"));
  for (size_t r = 0; r < ds->n; r++) ds->split[r] = chosen[r] ? IP_SPLIT_TRAIN : IP_SPLIT_TEST;
  return IP_OK;
}

ip_status ip_split_make(const ip_dataset_options *opt, uint64_t seed, ip_scratch *sc, ip_dataset *ds)
{
  size_t mark = ip_scratch_mark(sc);
  ip_split_by by = (ip_split_by)opt->split;
  if (by == IP_SPLIT_BY_AUTO) by = ds->split ? IP_SPLIT_BY_SOURCE : IP_SPLIT_BY_RANDOM;
  IP_REQUIRE(by != IP_SPLIT_BY_SOURCE || ds->split, IP_ECONFIG,
             "%s has no split of its own into training and test rows; use the split random, stratified or first",
             ds->name);
  if (by != IP_SPLIT_BY_SOURCE) IP_TRY(split_rows(opt, by, seed, sc, ds));
  uint8_t *keep;
  IP_TRY(IP_SCRATCH(sc, keep, ds->n, "kept rows"));
  IP_TRY(limit_side(ds, by, seed, STAGE_MAX_TRAIN, opt->max_train, sc, keep));
  IP_TRY(limit_side(ds, by, seed, STAGE_MAX_TEST, opt->max_test, sc, keep));
  IP_TRY(keep_rows(ds, keep));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_split_list(ip_dataset *ds)
{
  size_t n_test = 0;
  for (size_t r = 0; r < ds->n; r++) n_test += ds->split[r];
  IP_REQUIRE(n_test < ds->n, IP_EFORMAT, "%s: none of the %zu rows is a training row", ds->name, ds->n);
  IP_TRY(IP_NEW(ds->train, ds->n - n_test, "training rows"));
  IP_TRY(IP_NEW(ds->test, n_test, "test rows"));
  ds->n_train = list_rows(ds, IP_SPLIT_TRAIN, ds->train);
  ds->n_test = list_rows(ds, IP_SPLIT_TEST, ds->test);
  return IP_OK;
}
