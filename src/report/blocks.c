#include "report/blocks.h"

#include "report/html.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

/* ---------------------------------------------------------------- numbers and codes */

void ip_code_extend(ip_code_extent *x, double value)
{
  if (!isfinite(value)) return;
  if (!x->n || value < x->low) x->low = value;
  if (!x->n || value > x->high) x->high = value;
  if (value > 0 && (!(x->least > 0) || value < x->least)) x->least = value;
  x->n_negative += value < 0;
  x->n++;
}

ip_code_range ip_code_range_of(const ip_code_extent *x, bool signed_zero)
{
  double most = fmax(fabs(x->low), fabs(x->high));
  if (signed_zero) return (ip_code_range){false, -most, most};
  if (!x->n_negative && x->least > 0 && x->high > IP_CODE_FACTOR * x->least)
    return (ip_code_range){true, x->least, x->high};
  return (ip_code_range){false, x->low, x->high};
}

uint16_t ip_code(const ip_code_range *r, double value)
{
  if (!isfinite(value)) return IP_CODE_NAN;
  if (!(r->high > r->low)) return 0;
  if (r->is_log && !(value > 0)) return 0;
  double at = r->is_log ? 1 + (log(value) - log(r->low)) / (log(r->high) - log(r->low)) * (IP_CODE_LAST - 1)
                        : (value / 2 - r->low / 2) / (r->high / 2 - r->low / 2) * IP_CODE_LAST;
  return (uint16_t)fmin(fmax(round(at), r->is_log ? 1 : 0), IP_CODE_LAST);
}

double ip_code_value(const ip_code_range *r, uint16_t code)
{
  if (code == IP_CODE_NAN) return (double)NAN;
  double at = code / (double)IP_CODE_LAST;
  if (!r->is_log) return r->low * (1 - at) + r->high * at;
  double part = (code - 1) / (double)(IP_CODE_LAST - 1);
  return code ? exp(log(r->low) + part * (log(r->high) - log(r->low))) : 0;
}

/* ---------------------------------------------------------------- packing */

/* Raw deflate, level 9. */
static ip_status deflate_into(size_t n, const unsigned char *bytes, ip_packed *out)
{
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)bytes, .avail_in = (uInt)n};
  IP_REQUIRE(n <= UINT32_MAX / 2, IP_EINVAL, "a block of %zu bytes is too large for a page", n);
  IP_REQUIRE(deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK,
             IP_ENOMEM, "no memory to compress %zu bytes", n);
  size_t room = deflateBound(&z, (uLong)n);
  ip_status st = IP_NEW(out->bytes, room, "compressed numbers");
  if (st == IP_OK) {
    z.next_out = out->bytes;
    z.avail_out = (uInt)room;
    int end = deflate(&z, Z_FINISH);
    out->n_bytes = room - z.avail_out;
    if (end != Z_STREAM_END)
      st = ip_error_set(__FILE__, __LINE__, __func__, IP_EINVAL, "zlib did not compress %zu bytes", n);
  }
  deflateEnd(&z);
  return st;
}

static size_t total(size_t n_series, const size_t *length)
{
  size_t n = 0;
  for (size_t s = 0; s < n_series; s++) n += length[s];
  return n;
}

/* 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ... */
static uint16_t zigzag(uint16_t difference)
{
  return (uint16_t)(difference << 1 ^ (difference & 0x8000 ? 0xffff : 0));
}

static void digest_u16(size_t n, const uint16_t *code, char text[static IP_DIGEST_TEXT])
{
  ip_digest d;
  ip_digest_begin(&d);
  for (size_t i = 0; i < n; i++) {
    const unsigned char two[] = {(unsigned char)(code[i] & 255), (unsigned char)(code[i] >> 8)};
    ip_digest_add(&d, two, sizeof two);
  }
  ip_digest_end(&d, text);
}

ip_status ip_pack_u16(size_t n_series, const size_t *length, const uint16_t *code, ip_packed *out)
{
  unsigned char *plane;
  *out = (ip_packed){.n = total(n_series, length)};
  IP_TRY(IP_NEW(plane, 2 * out->n, "differences"));
  digest_u16(out->n, code, out->sha256);
  for (size_t s = 0, i = 0; s < n_series; s++)
    for (size_t e = 0; e < length[s]; e++, i++) {
      uint16_t z = zigzag((uint16_t)(code[i] - (e ? code[i - 1] : 0)));
      plane[i] = (unsigned char)(z >> 8);
      plane[out->n + i] = (unsigned char)(z & 255);
    }
  ip_status st = deflate_into(2 * out->n, plane, out);
  ip_free(plane);
  return st;
}

ip_status ip_pack_u8(size_t n_series, const size_t *length, const uint8_t *code, ip_packed *out)
{
  unsigned char *difference;
  *out = (ip_packed){.n = total(n_series, length)};
  IP_TRY(IP_NEW(difference, out->n, "differences"));
  ip_digest_bytes(code, out->n, out->sha256);
  for (size_t s = 0, i = 0; s < n_series; s++)
    for (size_t e = 0; e < length[s]; e++, i++) difference[i] = (unsigned char)(code[i] - (e ? code[i - 1] : 0));
  ip_status st = deflate_into(out->n, difference, out);
  ip_free(difference);
  return st;
}

void ip_packed_free(ip_packed *p)
{
  ip_free(p->bytes);
  *p = (ip_packed){0};
}

void ip_packed_write(FILE *out, const ip_packed *p)
{
  ip_html_base64(out, p->n_bytes, p->bytes);
}

size_t ip_packed_size(const ip_packed *p)
{
  return (p->n_bytes + 2) / 3 * 4;
}
