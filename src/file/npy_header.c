#include "file/npy_header.h"

#include <stdio.h>
#include <string.h>

bool ip_npy_is_text(const ip_npy_array *a)
{
  return a->kind == IP_NPY_UNICODE || a->kind == IP_NPY_BYTES;
}

const char *ip_npy_shape_text(const ip_npy_array *a, char text[static 80])
{
  size_t n = (size_t)snprintf(text, 80, "(");
  for (size_t i = 0; i < a->rank && n < 56; i++)
    n += (size_t)snprintf(text + n, 80 - n, "%s%zu", i ? ", " : "", a->dim[i]);
  snprintf(text + n, 80 - n, ")");
  return text;
}

ip_status ip_npy_start(size_t got, const unsigned char *start, size_t *at, size_t *length)
{
  IP_REQUIRE(got >= IP_NPY_MAGIC_SIZE && memcmp(start, IP_NPY_MAGIC, IP_NPY_MAGIC_SIZE) == 0, IP_EFORMAT,
             "not an array of NumPy: it does not begin with the bytes \\x93NUMPY");
  IP_REQUIRE(got == IP_NPY_START, IP_EFORMAT, "the header is truncated");
  unsigned version = start[6], minor = start[7];
  IP_REQUIRE(version >= 1 && version <= 3 && minor == 0, IP_EFORMAT,
             "has version %u.%u of the format; expected 1.0, 2.0 or 3.0", version, minor);
  *length = (size_t)start[8] | (size_t)start[9] << 8;
  if (version > 1) *length |= (size_t)start[10] << 16 | (size_t)start[11] << 24;
  *at = version > 1 ? 12 : 10;
  IP_REQUIRE(*length >= 2 && *length <= IP_NPY_MAX_HEADER, IP_EFORMAT,
             "declares a header of %zu bytes; expected at most %d", *length, IP_NPY_MAX_HEADER);
  return IP_OK;
}

/* --- The dictionary, a literal of Python */

typedef struct {
  const char *at, *end;
} cursor;

static void skip_blanks(cursor *c)
{
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) c->at++;
}

static bool accept(cursor *c, char sign)
{
  skip_blanks(c);
  if (c->at == c->end || *c->at != sign) return false;
  c->at++;
  return true;
}

static bool accept_word(cursor *c, const char *word)
{
  size_t n = strlen(word);
  skip_blanks(c);
  if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0) return false;
  c->at += n;
  return true;
}

/* A text in quotes without escapes, into at most `room` bytes with the 0. */
static bool read_quoted(cursor *c, size_t room, char *text)
{
  char quote = accept(c, '\'') ? '\'' : accept(c, '"') ? '"' : 0;
  size_t n = 0;
  if (!quote) return false;
  for (; c->at < c->end && *c->at != quote; c->at++) {
    if (*c->at == '\\' || n + 1 >= room) return false;
    text[n++] = *c->at;
  }
  text[n] = 0;
  return accept(c, quote);
}

static bool read_count(cursor *c, size_t *n)
{
  skip_blanks(c);
  const char *first = c->at;
  *n = 0;
  for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
    size_t digit = (size_t)(*c->at - '0');
    if (*n > (SIZE_MAX - digit) / 10) return false;
    *n = 10 * *n + digit;
  }
  bool some = c->at > first;
  if (some && c->at < c->end && *c->at == 'L') c->at++; /* as Python 2 writes them */
  return some;
}

static ip_status read_shape(cursor *c, ip_npy_array *a)
{
  IP_REQUIRE(accept(c, '('), IP_EFORMAT, "the header has no shape in parentheses");
  while (!accept(c, ')')) {
    IP_REQUIRE(a->rank < IP_NPY_MAX_RANK, IP_EFORMAT, "has more than %d dimensions", IP_NPY_MAX_RANK);
    IP_REQUIRE(read_count(c, &a->dim[a->rank]), IP_EFORMAT, "dimension %zu of the shape is no size", a->rank + 1);
    a->rank++;
    if (accept(c, ')')) break;
    IP_REQUIRE(accept(c, ','), IP_EFORMAT, "the shape in the header is damaged");
  }
  return IP_OK;
}

static ip_status read_type(cursor *c, ip_npy_array *a)
{
  char text[32];
  skip_blanks(c);
  IP_REQUIRE(c->at == c->end || *c->at != '[', IP_EFORMAT,
             "has a structured type; expected numbers: save each field as an array");
  IP_REQUIRE(read_quoted(c, sizeof text, text), IP_EFORMAT, "the type in the header is damaged");
  cursor t = {text + 1, text + strlen(text)};
  char order = text[0];
  bool known = order && strchr("<>|=", order) && text[1];
  char kind = known ? *t.at++ : 0;
  IP_REQUIRE(kind != 'O', IP_EFORMAT,
             "contains Python objects (pickled), which are not read because reading them runs code; save numbers or "
             "texts, for example with .astype(float)");
  known = known && read_count(&t, &a->size) && t.at == t.end && strchr("biufUS", kind);
  if (kind == 'b') known = known && a->size == 1;
  if (kind == 'i' || kind == 'u') known = known && (a->size == 1 || a->size == 2 || a->size == 4 || a->size == 8);
  if (kind == 'f') known = known && (a->size == 2 || a->size == 4 || a->size == 8);
  if (kind == 'U') known = known && a->size <= IP_NPY_MAX_ELEMENT / 4;
  if (kind == 'S') known = known && a->size <= IP_NPY_MAX_ELEMENT;
  IP_REQUIRE(known, IP_EFORMAT,
             "has the type '%s'; expected bool, int8 to int64, uint8 to uint64, float16, float32, float64 or texts",
             text);
  a->kind = kind == 'b'   ? IP_NPY_BOOL
            : kind == 'i' ? IP_NPY_INT
            : kind == 'u' ? IP_NPY_UINT
            : kind == 'f' ? IP_NPY_FLOAT
            : kind == 'U' ? IP_NPY_UNICODE
                          : IP_NPY_BYTES;
  if (kind == 'U') a->size *= 4;
  a->big_endian = order == '>';
  return IP_OK;
}

/* One "key: value" of the three; `seen` has a bit for each. */
static ip_status read_entry(cursor *c, unsigned *seen, ip_npy_array *a)
{
  static const char *const keys[] = {"descr", "fortran_order", "shape"};
  char key[32];
  unsigned k = 0;
  IP_REQUIRE(read_quoted(c, sizeof key, key) && accept(c, ':'), IP_EFORMAT, "the header is no dictionary of Python");
  while (k < 3 && strcmp(key, keys[k]) != 0) k++;
  IP_REQUIRE(k < 3 && !(*seen & 1u << k), IP_EFORMAT,
             "the header has the key '%s'; expected descr, fortran_order and shape, once each", key);
  *seen |= 1u << k;
  if (k == 0) return read_type(c, a);
  if (k == 2) return read_shape(c, a);
  a->fortran = accept_word(c, "True");
  IP_REQUIRE(a->fortran || accept_word(c, "False"), IP_EFORMAT,
             "fortran_order in the header is neither True nor False");
  return IP_OK;
}

static ip_status count_elements(ip_npy_array *a)
{
  bool empty = false;
  a->n = 1;
  for (size_t i = 0; i < a->rank; i++) empty |= a->dim[i] == 0;
  for (size_t i = 0; i < a->rank && !empty; i++) {
    char text[80];
    IP_REQUIRE(a->n <= SIZE_MAX / 64 / (a->size + 1) / a->dim[i], IP_EFORMAT,
               "has the shape %s, more than memory can hold", ip_npy_shape_text(a, text));
    a->n *= a->dim[i];
  }
  if (empty) a->n = 0;
  IP_REQUIRE(a->size > 0 || empty, IP_EFORMAT, "has elements of 0 bytes");
  return IP_OK;
}

ip_status ip_npy_dictionary(size_t n, const char *text, ip_npy_array *out)
{
  cursor c = {text, text + n};
  unsigned seen = 0;
  IP_REQUIRE(accept(&c, '{'), IP_EFORMAT, "the header is no dictionary of Python");
  while (!accept(&c, '}')) {
    IP_TRY(read_entry(&c, &seen, out));
    if (accept(&c, '}')) break;
    IP_REQUIRE(accept(&c, ','), IP_EFORMAT, "the header is no dictionary of Python");
  }
  skip_blanks(&c);
  IP_REQUIRE(seen == 7 && c.at == c.end, IP_EFORMAT, "the header lacks one of descr, fortran_order and shape");
  return count_elements(out);
}
