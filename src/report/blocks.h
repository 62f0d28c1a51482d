/* blocks.h - arrays of numbers in the page, small: quantised, as differences along the epochs, deflated, in base64.
 *
 * For the files of this directory. page/README.md describes the codings for those who read a page; data.js decodes
 * them. Series of one block have any lengths; each begins its differences from 0.
 */
#ifndef IP_REPORT_BLOCKS_H
#define IP_REPORT_BLOCKS_H

#include "base/mem.h"
#include "file/digest.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Codes of 16 bits: 0 .. IP_CODE_LAST, and IP_CODE_NAN for a number that does not exist. */
enum { IP_CODE_LAST = 65534, IP_CODE_NAN = 65535 };

/* What the codes of a block mean. Linear: low + q (high - low) / 65534. Logarithmic: 0 for 0, and otherwise
 * low (high / low)^((q - 1) / 65533). */
typedef struct ip_code_range {
  bool is_log;
  double low, high;
} ip_code_range;

/* The range of a set of numbers, one at a time: start from {0}; numbers that are not finite do not count. */
typedef struct ip_code_extent {
  size_t n, n_negative;
  double low, high, least; /* least: the smallest that is greater than 0 */
} ip_code_extent;
void ip_code_extend(ip_code_extent *x, double value);

/* Logarithmic where all numbers are 0 or more and the positive ones span a factor of IP_CODE_FACTOR; else linear. With
 * `signed_zero`, linear from -m to m, so that 0 has a code of its own. */
#define IP_CODE_FACTOR 1000.0
ip_code_range ip_code_range_of(const ip_code_extent *x, bool signed_zero);

/* The nearest code of a number; IP_CODE_NAN for one that is not finite. And back. */
uint16_t ip_code(const ip_code_range *r, double value);
double ip_code_value(const ip_code_range *r, uint16_t code);

/* The bytes of a block as they are in the page before base64, and what a reader needs to check them. */
typedef struct ip_packed {
  size_t n; /* numbers */
  size_t n_bytes;
  unsigned char *bytes;        // (n_bytes)
  char sha256[IP_DIGEST_TEXT]; /* of the codes; those of 16 bits with the low byte first */
} ip_packed;

/* `dz`: differences modulo 2^16 along each series, zigzag, all high bytes before all low ones, raw deflate. The series
 * follow each other in `code`, which has the sum of the (n_series) lengths. IP_ENOMEM. */
ip_status ip_pack_u16(size_t n_series, const size_t *length, const uint16_t *code, ip_packed *out);

/* `d8`: differences modulo 2^8 along each series, raw deflate. */
ip_status ip_pack_u8(size_t n_series, const size_t *length, const uint8_t *code, ip_packed *out);

void ip_packed_free(ip_packed *p);

/* Base64, and the number of its characters. */
void ip_packed_write(FILE *out, const ip_packed *p);
size_t ip_packed_size(const ip_packed *p);

#endif
