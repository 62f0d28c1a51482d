#include "file/npy_header.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define BEYOND_DOUBLE (UINT64_C(1) << 53)

/* The bytes of an element as a number, least significant byte first. */
static uint64_t gather(const unsigned char *bytes, size_t size, bool big_endian)
{
  uint64_t v = 0;
  for (size_t i = 0; i < size; i++) v |= (uint64_t)bytes[big_endian ? size - 1 - i : i] << (8 * i);
  return v;
}

/* IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
static double from_half(uint64_t bits)
{
  double sign = bits & 0x8000 ? -1 : 1, fraction = (double)(bits & 0x3ff) / 1024;
  int exponent = (int)(bits >> 10 & 31);
  if (exponent == 0) return sign * ldexp(fraction, -14);
  if (exponent == 31) return fraction > 0 ? (double)NAN : sign * (double)INFINITY;
  return sign * ldexp(1 + fraction, exponent - 15);
}

static double from_float(uint64_t bits, size_t size)
{
  if (size == 2) return from_half(bits);
  if (size == 4) {
    uint32_t low = (uint32_t)bits;
    float f;
    memcpy(&f, &low, sizeof f);
    return (double)f;
  }
  double d;
  memcpy(&d, &bits, sizeof d);
  return d;
}

ip_status ip_npy_number(const ip_npy_array *a, const unsigned char *bytes, double *value)
{
  uint64_t bits = gather(bytes, a->size, a->big_endian);
  if (a->kind == IP_NPY_FLOAT) {
    *value = from_float(bits, a->size);
    return IP_OK;
  }
  bool negative = a->kind == IP_NPY_INT && bits >> (8 * a->size - 1);
  if (negative) bits = (~bits + 1) & (UINT64_MAX >> (64 - 8 * a->size));
  IP_REQUIRE(bits <= BEYOND_DOUBLE, IP_EFORMAT, "is %s%" PRIu64 "; expected integers between -2^53 and 2^53",
             negative ? "-" : "", bits);
  *value = a->kind == IP_NPY_BOOL ? (double)(bits != 0) : negative ? -(double)bits : (double)bits;
  return IP_OK;
}

size_t ip_npy_text_room(const ip_npy_array *a)
{
  return a->size + 1; /* a character of 4 bytes has at most 4 in UTF-8 */
}

static char *put_utf8(uint32_t c, char *to)
{
  int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
  *to++ = (char)(lead[more] | c >> (6 * more));
  while (more-- > 0) *to++ = (char)(0x80 | (c >> (6 * more) & 0x3f));
  return to;
}

/* Texts are padded with zeros. Those of bytes are ASCII, as numpy.char encodes them. */
ip_status ip_npy_text(const ip_npy_array *a, const unsigned char *bytes, char *text)
{
  size_t step = a->kind == IP_NPY_UNICODE ? 4 : 1, n = a->size;
  while (n > 0 && gather(bytes + n - step, step, a->big_endian) == 0) n -= step;
  for (size_t i = 0; i < n; i += step) {
    uint64_t c = gather(bytes + i, step, a->big_endian);
    bool fine = c > 0 && c < (step == 1 ? 0x80 : 0x110000) && !(c >= 0xd800 && c < 0xe000);
    IP_REQUIRE(fine, IP_EFORMAT, "is no text: it contains the character 0x%" PRIx64, c);
    text = put_utf8((uint32_t)c, text);
  }
  *text = 0;
  return IP_OK;
}
