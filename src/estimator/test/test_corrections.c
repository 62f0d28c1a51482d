/* test_corrections.c - chao_wang_jost, shrinkage and nsb against corrections_reference.tsv, which
 * test_corrections_table.py computes with mpmath. */
#include "estimator/nsb.h"
#include "estimator/test/samples.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_SYMBOLS = 64 };

typedef struct row {
  char name[32];
  double chao_wang_jost, shrinkage, nsb;
  size_t n_symbols;
  uint32_t count[MAX_SYMBOLS];
} row;

static bool read_row(FILE *f, row *r)
{
  char line[512], list[256];
  if (!fgets(line, sizeof line, f)) return false;
  r->n_symbols = 0;
  if (sscanf(line, "%31s\t%lf\t%lf\t%lf\t%255s", r->name, &r->chao_wang_jost, &r->shrinkage, &r->nsb, list) != 5)
    return true; /* the heading */
  for (char *at = list;; at++) {
    r->count[r->n_symbols++] = (uint32_t)strtoul(at, &at, 10);
    if (*at != ',') return true;
  }
}

static double bits_of(size_t n_symbols, const uint32_t *count, ip_correction how, ip_scratch *sc)
{
  size_t n = 0, mark = ip_scratch_mark(sc);
  for (size_t k = 0; k < n_symbols; k++) n += count[k];
  ip_spectrum sp;
  CHECK_OK(ip_spectrum_open(n, sc, &sp));
  for (size_t k = 0; k < n_symbols; k++) ip_spectrum_add(&sp, k, count[k]);
  double bits = ip_spectrum_entropy(&sp, n, how);
  ip_scratch_release(sc, mark);
  return bits;
}

static FILE *open_reference(void)
{
  const char *source = getenv("INFOPLANE_SOURCE");
  char path[4096];
  snprintf(path, sizeof path, "%s/src/estimator/test/corrections_reference.tsv", source ? source : ".");
  FILE *f = fopen(path, "r");
  if (!f) fail_msg("%s: cannot be opened; set INFOPLANE_SOURCE", path);
  return f;
}

static void corrections_agree_with_mpmath(void **state)
{
  FILE *f = open_reference();
  size_t rows = 0;
  for (row r = {0}; read_row(f, &r);) {
    if (!r.n_symbols || isnan(r.shrinkage)) continue;
    CHECK_NEAR(bits_of(r.n_symbols, r.count, IP_CORRECTION_CHAO_WANG_JOST, *state), r.chao_wang_jost, 1e-11);
    CHECK_NEAR(bits_of(r.n_symbols, r.count, IP_CORRECTION_SHRINKAGE, *state), r.shrinkage, 1e-12);
    CHECK_NEAR(bits_of(r.n_symbols, r.count, IP_CORRECTION_NSB, *state), r.nsb, 1e-10);
    rows++;
  }
  fclose(f);
  assert_int_equal(rows, 10);
}

/* The example of the package ndd, 2.623634344902917 nats of 20 possible symbols of which 17 were seen. */
static void nsb_counts_possible_symbols_that_were_not_seen(void **state)
{
  (void)state;
  const ip_count_times distinct[] = {{1, 2}, {2, 2}, {3, 3}, {4, 1}, {5, 3}, {7, 1}, {8, 2}, {9, 1}, {11, 1}, {23, 1}};
  CHECK_NEAR(ip_nsb_entropy_nats(sizeof distinct / sizeof *distinct, distinct, 100, 20), 2.623634344902917, 1e-9);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(corrections_agree_with_mpmath),
      TEST(nsb_counts_possible_symbols_that_were_not_seen),
  };
  return cmocka_run_group_tests_name("estimator/corrections", tests, NULL, NULL);
}
