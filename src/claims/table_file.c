/* table_file.c - the file of a table: lines of cells separated by tabs, packed by gzip.
 *
 *     infoplane-claim-table  1
 *     claim     NAME  RULE-DIGEST
 *     made      TIME  VERSION
 *     seeds     SEED...
 *     block     CONDITION  DIGEST  KEY  VALUE  KEY  VALUE...
 *     epochs    EPOCH...
 *     layers    KIND:WIDTH:ACTIVATION...
 *     states    STATE...                            one letter a seed: - missing, d done, f failed to fit
 *     scalar    NAME  LAYER  VALUE...               one value a seed
 *     series    NAME  ESTIMATOR  LAYER              followed by one line a seed
 *     =         VALUE...                            one value an epoch
 *     end
 */
#include "claims/claim_table.h"

#include "base/advice.h"
#include "base/text.h"
#include "file/atomic.h"
#include "file/bytes.h"
#include "file/part.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static const char title[] = "infoplane-claim-table", states[] = "-df"; /* missing, done, failed to fit */

/* ---------------------------------------------------------------- writing */

static void put_values(FILE *f, size_t n, const double *x)
{
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i]))
      fputs("\tnan", f);
    else
      fprintf(f, "\t%.5g", x[i] == 0 ? 0 : x[i]); /* no -0 */
  }
  putc('\n', f);
}

static void put_block(const ip_claim_table *t, const ip_claim_block *b, FILE *f)
{
  fprintf(f, "block\t%s\t%s", b->condition, b->digest);
  for (size_t i = 0; i < b->n_keys; i++) fprintf(f, "\t%s\t%s", b->key[i], b->value[i]);
  fputs("\nepochs", f);
  for (size_t i = 0; i < b->n_epochs; i++) fprintf(f, "\t%" PRId64, b->epoch[i]);
  fputs("\nlayers", f);
  for (size_t k = 0; k < b->n_layers; k++)
    fprintf(f, "\t%s:%zu:%s", b->layer[k].is_output ? "output" : "hidden", b->layer[k].width, b->layer[k].activation);
  fputs("\nstates", f);
  for (size_t i = 0; i < t->n_seeds; i++) fprintf(f, "\t%c", states[b->state[i]]);
  putc('\n', f);
  for (size_t i = 0; i < b->n_scalars; i++) {
    fprintf(f, "scalar\t%s\t%zu", b->scalar[i].name, b->scalar[i].layer);
    put_values(f, t->n_seeds, b->scalar[i].x);
  }
  for (size_t i = 0; i < b->n_series; i++) {
    const ip_claim_series *s = &b->series[i];
    fprintf(f, "series\t%s\t%s\t%zu\n", s->name, s->estimator, s->layer);
    for (size_t j = 0; j < t->n_seeds; j++) {
      putc('=', f);
      put_values(f, b->n_epochs, s->x + j * b->n_epochs);
    }
  }
}

static void put_table(const ip_claim_table *t, FILE *f)
{
  fprintf(f, "%s\t%d\nclaim\t%s\t%s\nmade\t%s\t%s\nseeds", title, IP_CLAIM_TABLE_FORMAT, t->claim, t->rule_digest,
          t->made, t->version);
  for (size_t i = 0; i < t->n_seeds; i++) fprintf(f, "\t%" PRIu64, t->seed[i]);
  putc('\n', f);
  for (size_t i = 0; i < t->n_blocks; i++) put_block(t, &t->block[i], f);
  fputs("end\n", f);
}

static ip_status pack(const char *part, size_t n, const char *text)
{
  IP_TRY(ip_part_clear(part));
  gzFile z = gzopen(part, "wb9");
  IP_REQUIRE(z, ip_status_of_write(errno), "%s: cannot be created: %s", part, strerror(errno));
  bool good = true;
  for (size_t at = 0; at < n && good; at += 1 << 20) {
    unsigned step = n - at < 1 << 20 ? (unsigned)(n - at) : 1 << 20;
    good = gzwrite(z, text + at, step) == (int)step;
  }
  int e = errno;
  if (gzclose(z) == Z_OK && good) return IP_OK;
  remove(part);
  IP_FAIL(ip_status_of_write(e), "%s: cannot be written: %s", part, strerror(e));
}

ip_status ip_claim_table_write(const ip_claim_table *t, const char *path)
{
  char *text = NULL, *part = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  IP_REQUIRE(f, IP_ENOMEM, "%s: out of memory", path);
  put_table(t, f);
  bool bad = fflush(f) || ferror(f);
  bad |= fclose(f) != 0;
  ip_status st = bad ? ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "%s: out of memory", path)
                     : IP_FORMAT(part, "%s.part", path);
  if (st == IP_OK) {
    st = pack(part, n, text);
    if (st == IP_OK) st = ip_file_publish(part, path);
    ip_free(part);
  }
  free(text);
  return st;
}

/* ---------------------------------------------------------------- reading */

typedef struct {
  const char *path;
  char *rest; /* text behind the current line, and its end */
  const char *end;
  size_t line, n, room;
  char **cell; // (n) of the current line
  ip_claim_table *table;
  ip_claim_block *block;
} reader;

#define NEED(r, ok, ...)                                                                                               \
  IP_REQUIRE(ok, IP_EFORMAT, "%s:%zu: damaged table of a claim: " FIRST(__VA_ARGS__), (r)->path, (r)->line)
#define FIRST(text) text

/* Splits the next line into cells. */
static ip_status next_line(reader *r)
{
  r->line++;
  NEED(r, *r->rest, "it ends without a line 'end'");
  char *end = memchr(r->rest, '\n', (size_t)(r->end - r->rest));
  NEED(r, end, "the last line is incomplete");
  *end = 0;
  r->n = 0;
  for (char *s = r->rest;;) {
    IP_TRY(IP_SCRATCH_GROW(r->table->sc, r->cell, r->n, &r->room, "cells of a table"));
    r->cell[r->n++] = s;
    s = strchr(s, '\t');
    if (!s) break;
    *s++ = 0;
  }
  r->rest = end + 1;
  return IP_OK;
}

static ip_status expect(reader *r, const char *kind, size_t least)
{
  IP_TRY(next_line(r));
  IP_REQUIRE(!strcmp(r->cell[0], kind) && r->n > least, IP_EFORMAT,
             "%s:%zu: damaged table of a claim: expected a line '%s' with %zu cell%s", r->path, r->line, kind,
             least + 1, ip_plural(least + 1));
  return IP_OK;
}

static ip_status whole(reader *r, size_t i, int64_t *v)
{
  NEED(r, i < r->n && ip_parse_int(r->cell[i], v) && *v >= 0, "expected an integer");
  return IP_OK;
}

static ip_status values(reader *r, size_t from, size_t n, double *x)
{
  NEED(r, r->n == from + n, "wrong number of values");
  for (size_t i = 0; i < n; i++) NEED(r, ip_parse_real(r->cell[from + i], &x[i]), "expected a number");
  return IP_OK;
}

static ip_status read_layers(reader *r)
{
  IP_TRY(expect(r, "layers", 0));
  ip_claim_block *b = r->block;
  b->n_layers = r->n - 1;
  IP_TRY(IP_SCRATCH(r->table->sc, b->layer, b->n_layers, "layers"));
  for (size_t k = 0; k < b->n_layers; k++) {
    char *width = strchr(r->cell[k + 1], ':'), *activation = width ? strchr(width + 1, ':') : NULL;
    int64_t v = 0;
    NEED(r, activation, "expected KIND:WIDTH:ACTIVATION");
    *activation++ = 0;
    NEED(r, ip_parse_int(width + 1, &v) && v > 0, "expected the width of a layer");
    b->layer[k] = (ip_claim_layer){!strncmp(r->cell[k + 1], "output", 6), (size_t)v, activation};
  }
  return IP_OK;
}

static ip_status read_block_head(reader *r)
{
  ip_claim_table *t = r->table;
  NEED(r, r->n >= 3 && r->n % 2 == 1, "expected a condition, a digest and pairs of key and value");
  IP_TRY(ip_claim_table_add_block(t, &r->block));
  ip_claim_block *b = r->block;
  b->condition = r->cell[1];
  b->digest = r->cell[2];
  b->n_keys = (r->n - 3) / 2;
  IP_TRY(IP_SCRATCH(t->sc, b->key, b->n_keys, "keys"));
  IP_TRY(IP_SCRATCH(t->sc, b->value, b->n_keys, "keys"));
  for (size_t i = 0; i < b->n_keys; i++) {
    b->key[i] = r->cell[3 + 2 * i];
    b->value[i] = r->cell[4 + 2 * i];
  }
  IP_TRY(expect(r, "epochs", 0));
  b->n_epochs = r->n - 1;
  IP_TRY(IP_SCRATCH(t->sc, b->epoch, b->n_epochs, "epochs"));
  for (size_t i = 0; i < b->n_epochs; i++) {
    IP_TRY(whole(r, i + 1, &b->epoch[i]));
    NEED(r, !i || b->epoch[i] > b->epoch[i - 1], "expected increasing epochs");
  }
  IP_TRY(read_layers(r));
  IP_TRY(expect(r, "states", 0));
  NEED(r, r->n == t->n_seeds + 1, "expected one state for each seed");
  for (size_t i = 0; i < t->n_seeds; i++) {
    const char *state = strchr(states, r->cell[i + 1][0]);
    NEED(r, state && *state, "expected -, d or f");
    b->state[i] = (uint8_t)(state - states);
  }
  return IP_OK;
}

static ip_status read_series(reader *r)
{
  int64_t layer;
  double *x;
  NEED(r, r->block && r->n == 4, "expected name, estimator and layer of a series in a block");
  IP_TRY(whole(r, 3, &layer));
  /* before there is memory for them: a value is a tab and a digit at least */
  NEED(r, r->table->n_seeds <= (size_t)(r->end - r->rest) / (2 * r->block->n_epochs + 2),
       "it ends before all values of a series");
  IP_TRY(ip_claim_table_add_series(r->table, r->block, r->cell[1], r->cell[2], (size_t)layer, &x));
  for (size_t i = 0; i < r->table->n_seeds; i++) {
    IP_TRY(expect(r, "=", 0));
    IP_TRY(values(r, 1, r->block->n_epochs, x + i * r->block->n_epochs));
  }
  return IP_OK;
}

static ip_status read_scalar(reader *r)
{
  int64_t layer;
  double *x;
  NEED(r, r->block && r->n >= 3, "expected name and layer of a number in a block");
  IP_TRY(whole(r, 2, &layer));
  IP_TRY(ip_claim_table_add_scalar(r->table, r->block, r->cell[1], (size_t)layer, &x));
  return values(r, 3, r->table->n_seeds, x);
}

static ip_status read_head(reader *r)
{
  ip_claim_table *t = r->table;
  int64_t v;
  IP_TRY(expect(r, title, 1));
  IP_TRY(whole(r, 1, &v));
  IP_REQUIRE(v == IP_CLAIM_TABLE_FORMAT, IP_EFORMAT, "%s: table of a claim in format %" PRId64 ", expected %d", r->path,
             v, IP_CLAIM_TABLE_FORMAT);
  IP_TRY(expect(r, "claim", 2));
  t->claim = r->cell[1];
  t->rule_digest = r->cell[2];
  IP_TRY(expect(r, "made", 2));
  t->made = r->cell[1];
  t->version = r->cell[2];
  IP_TRY(expect(r, "seeds", 0));
  t->n_seeds = r->n - 1;
  IP_TRY(IP_SCRATCH(t->sc, t->seed, t->n_seeds, "seeds"));
  for (size_t i = 0; i < t->n_seeds; i++) {
    IP_TRY(whole(r, i + 1, &v));
    t->seed[i] = (uint64_t)v;
  }
  return IP_OK;
}

static ip_status read_table(reader *r)
{
  IP_TRY(read_head(r));
  for (;;) {
    IP_TRY(next_line(r));
    if (!strcmp(r->cell[0], "end")) return IP_OK;
    if (!strcmp(r->cell[0], "block"))
      IP_TRY(read_block_head(r));
    else if (!strcmp(r->cell[0], "series"))
      IP_TRY(read_series(r));
    else if (!strcmp(r->cell[0], "scalar"))
      IP_TRY(read_scalar(r));
    else
      NEED(r, false, "unknown kind of line");
  }
}

ip_status ip_claim_table_read(const char *path, ip_claim_table **out)
{
  char *text;
  const char *kept;
  size_t n;
  *out = NULL;
  IP_TRY(ip_bytes_read_text(path, &n, &text));
  ip_status st = ip_claim_table_create(out);
  if (st == IP_OK) st = ip_scratch_text((*out)->sc, text, &kept);
  ip_free(text);
  reader r = {.path = path, .table = *out};
  if (st == IP_OK) {
    r.rest = (char *)(uintptr_t)kept;
    r.end = kept + strlen(kept);
    st = read_table(&r);
  }
  if (st != IP_OK) ip_claim_table_destroy(out);
  return st;
}
