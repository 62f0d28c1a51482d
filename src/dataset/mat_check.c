#include "dataset/mat_check.h"

#include "base/mem.h"
#include "file/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { BLOCK = 1 << 16, HEADER_5 = 128, HEADER_4 = 20, MI_MATRIX = 14, MI_COMPRESSED = 15 };

typedef struct {
  const char *path;
  ip_bytes *in;
  unsigned char *block; // (2, BLOCK) as read, as unpacked
  bool big_endian;
} walk;

static ip_status truncated(const char *path)
{
  IP_FAIL(IP_EFORMAT, "%s: truncated; download or save it again", path);
}

static uint32_t u32(const unsigned char *b, bool big_endian)
{
  return big_endian ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
                    : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

/* Reads n bytes, or none at the end of the file when that is allowed. */
static ip_status take(walk *w, size_t n, unsigned char *to, bool *end)
{
  size_t got;
  IP_TRY(ip_bytes_read(w->in, n, to, &got));
  if (end) *end = got == 0;
  return got == n || (end && got == 0) ? IP_OK : truncated(w->path);
}

/* The elements of a matrix (flags, dimensions, name, values), of which none may be longer than what is left of it:
 * libmatio allocates what they declare. */
typedef struct {
  uint64_t left, skip; /* bytes of the matrix, of the current element, that have not been seen */
  size_t n_tag;
  unsigned char tag[8];
  bool big_endian, bad;
} follower;

static void follow(follower *f, const unsigned char *b, size_t n)
{
  for (size_t m; n > 0 && f->left > 0 && !f->bad; b += m, n -= m, f->left -= m) {
    if (f->skip > 0) {
      m = f->skip < n ? (size_t)f->skip : n;
      f->skip -= m;
      continue;
    }
    m = 1;
    f->tag[f->n_tag++] = *b;
    if (f->n_tag < sizeof f->tag) continue;
    uint32_t type = u32(f->tag, f->big_endian), length = u32(f->tag + 4, f->big_endian);
    if (type >> 16) length = 0; /* a small element: its values are in its tag */
    uint64_t padded = ((uint64_t)length + 7) / 8 * 8;
    f->bad = length > f->left - 1;
    f->skip = padded < f->left - 1 ? padded : f->left - 1;
    f->n_tag = 0;
  }
}

static ip_status check_matrix(walk *w, uint32_t n)
{
  follower f = {.left = n, .big_endian = w->big_endian};
  for (size_t m; n > 0; n -= (uint32_t)m) {
    m = n < BLOCK ? n : BLOCK;
    IP_TRY(take(w, m, w->block, NULL));
    follow(&f, w->block, m);
  }
  IP_REQUIRE(!f.bad, IP_EFORMAT, "%s: a variable is damaged; download or save the file again", w->path);
  return IP_OK;
}

static ip_status skip(walk *w, uint64_t n)
{
  for (size_t m; n > 0; n -= m) {
    m = n < BLOCK ? (size_t)n : BLOCK;
    IP_TRY(take(w, m, w->block, NULL));
  }
  return IP_OK;
}

/* Unpacks one block of input; adds up what comes out, keeps its first 8 bytes, the tag of the matrix inside, and
 * follows the rest. */
static int unpack(z_stream *z, unsigned char *out, uint64_t *held, unsigned char tag[8], follower *f)
{
  int code;
  do {
    z->next_out = out;
    z->avail_out = BLOCK;
    code = inflate(z, Z_NO_FLUSH);
    size_t n = BLOCK - z->avail_out;
    size_t begin = 0;
    for (; begin < n && *held + begin < 8; begin++) tag[*held + begin] = out[begin];
    if (begin > 0 && *held + begin == 8) f->left = u32(tag + 4, f->big_endian);
    follow(f, out + begin, n - begin);
    *held += n;
  } while (code == Z_OK && z->avail_out == 0);
  return code == Z_BUF_ERROR ? Z_OK : code; /* it only wants more input */
}

/* An element of n packed bytes: a whole zlib stream with a matrix of the length it announces. */
static ip_status check_packed(walk *w, uint32_t n)
{
  z_stream z = {0};
  uint64_t held = 0;
  unsigned char tag[8] = {0};
  follower f = {.big_endian = w->big_endian};
  int code = Z_OK;
  IP_REQUIRE(inflateInit(&z) == Z_OK, IP_ENOMEM, "%s: out of memory while unpacking", w->path);
  ip_status st = IP_OK;
  while (n > 0 && st == IP_OK) {
    uint32_t m = n < BLOCK ? n : BLOCK;
    st = take(w, m, w->block, NULL);
    z.next_in = w->block;
    z.avail_in = m;
    if (st == IP_OK && code == Z_OK) code = unpack(&z, w->block + BLOCK, &held, tag, &f);
    n -= m;
  }
  inflateEnd(&z);
  IP_TRY(st);
  bool whole = code == Z_STREAM_END && !f.bad && held >= 8 && u32(tag, w->big_endian) == MI_MATRIX &&
               held - 8 == u32(tag + 4, w->big_endian);
  IP_REQUIRE(whole, IP_EFORMAT, "%s: a packed variable is damaged; download or save the file again", w->path);
  return IP_OK;
}

static ip_status check_5(walk *w)
{
  unsigned char header[HEADER_5], tag[8];
  bool end = false;
  IP_TRY(take(w, HEADER_5, header, NULL));
  w->big_endian = header[126] == 'M' && header[127] == 'I';
  IP_REQUIRE(w->big_endian || (header[126] == 'I' && header[127] == 'M'), IP_EFORMAT,
             "%s: not a MATLAB file: its order of bytes is not marked", w->path);
  if (header[w->big_endian ? 124 : 125] == 2) return IP_OK; /* 7.3 */
  for (;;) {
    IP_TRY(take(w, 8, tag, &end));
    if (end) return IP_OK;
    uint32_t type = u32(tag, w->big_endian), n = u32(tag + 4, w->big_endian);
    IP_TRY(type == MI_COMPRESSED ? check_packed(w, n) : type == MI_MATRIX ? check_matrix(w, n) : skip(w, n));
  }
}

static ip_status check_4(walk *w)
{
  static const unsigned char size[] = {8, 4, 4, 2, 2, 1}; /* double, float, int32, int16, uint16, uint8 */
  unsigned char b[HEADER_4];
  for (;;) {
    bool end;
    IP_TRY(take(w, HEADER_4, b, &end));
    if (end) return IP_OK;
    bool big = u32(b, false) > 4052;
    uint32_t type = u32(b, big), imaginary = u32(b + 12, big), name = u32(b + 16, big);
    uint64_t rows = u32(b + 4, big), cols = u32(b + 8, big);
    bool known =
        type / 1000 == (big ? 1u : 0u) && type / 100 % 10 == 0 && type / 10 % 10 < sizeof size && type % 10 < 3;
    IP_REQUIRE(known && imaginary < 2 && (cols == 0 || rows <= UINT64_MAX / 32 / cols), IP_EFORMAT,
               "%s: not a MATLAB file, or damaged; expected a .mat of version 4, 5 or 7.3", w->path);
    IP_TRY(skip(w, rows * cols * size[type / 10 % 10] * (1 + imaginary) + name));
  }
}

ip_status ip_mat_check(const char *path)
{
  walk w = {.path = path};
  char head[6] = "";
  size_t got;
  ip_status st;
  IP_TRY_GOTO(st, ip_bytes_open(path, &w.in), done);
  IP_TRY_GOTO(st, IP_NEW(w.block, (size_t)2 * BLOCK, "piece of a file"), done);
  IP_TRY_GOTO(st, ip_bytes_read(w.in, sizeof head, head, &got), done);
  IP_TRY_GOTO(st, ip_bytes_rewind(w.in), done);
  IP_TRY_GOTO(st, memcmp(head, "MATLAB", 6) == 0 ? check_5(&w) : check_4(&w), done);
done:
  ip_bytes_close(&w.in);
  ip_free(w.block);
  return st;
}
