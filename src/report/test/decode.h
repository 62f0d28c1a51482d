/* decode.h - blocks of the page read back, written from page/README.md without the code that packs them. */
#ifndef IP_REPORT_TEST_DECODE_H
#define IP_REPORT_TEST_DECODE_H

#include "report/blocks.h"

#include <zlib.h>

/* Raw deflate of exactly n bytes. */
static inline void inflate_exactly(const ip_packed *p, size_t n, unsigned char *to)
{
  unsigned char more;
  z_stream z = {.next_in = p->bytes, .avail_in = (uInt)p->n_bytes, .next_out = to, .avail_out = (uInt)n};
  assert_int_equal(inflateInit2(&z, -15), Z_OK);
  int end = n ? inflate(&z, Z_FINISH) : Z_STREAM_END;
  if (!n) {
    z.next_out = &more;
    z.avail_out = 1;
    end = inflate(&z, Z_FINISH);
  }
  assert_int_equal(end, Z_STREAM_END);
  assert_int_equal(z.total_out, n);
  assert_int_equal(z.avail_in, 0);
  inflateEnd(&z);
}

/* The codes of a block of 16 bits: `length` of each series. */
static inline void decode_u16(const ip_packed *p, size_t n_series, const size_t *length, uint16_t *code)
{
  size_t n = p->n, i = 0;
  unsigned char *plane = malloc(2 * n + 1);
  assert_non_null(plane);
  inflate_exactly(p, 2 * n, plane);
  for (size_t s = 0; s < n_series; s++)
    for (unsigned e = 0, at = 0; e < length[s]; e++, i++) {
      unsigned z = 256u * plane[i] + plane[n + i];
      at = (at + (z % 2 ? 65536 - (z + 1) / 2 : z / 2)) % 65536;
      code[i] = (uint16_t)at;
    }
  assert_int_equal(i, n);
  free(plane);
}

static inline void decode_u8(const ip_packed *p, size_t n_series, const size_t *length, uint8_t *code)
{
  size_t n = p->n, i = 0;
  unsigned char *difference = malloc(n + 1);
  assert_non_null(difference);
  inflate_exactly(p, n, difference);
  for (size_t s = 0; s < n_series; s++)
    for (unsigned e = 0, at = 0; e < length[s]; e++, i++) code[i] = (uint8_t)(at = (at + difference[i]) % 256);
  assert_int_equal(i, n);
  free(difference);
}

#endif
