#include "file/npz.h"

#include "base/mem.h"
#include "file/atomic.h"
#include "file/part.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

enum { FASTEST = 1, FIRST_DAY = 1 << 5 | 1 }; /* 1980-01-01 as DOS wrote it, the date of a member without time */

struct ip_npz {
  char *path, *part;
  zip_t *archive;
  ip_scratch *sc; /* headers and texts */
};

static const struct {
  const char *name;
  size_t size;
} types[] = {
#define X(symbol, name, size) {name, size},
    IP_NPZ_TYPE_LIST(X)
#undef X
};

static char byte_order(size_t size)
{
  const union {
    unsigned short word;
    unsigned char byte[2];
  } one = {1};
  return size == 1 ? '|' : one.byte[0] ? '<' : '>';
}

static ip_status create(const char *path, ip_npz *z)
{
  int code = 0;
  IP_TRY(ip_scratch_create(&z->sc));
  IP_TRY(IP_STRDUP(z->path, path));
  IP_TRY(IP_FORMAT(z->part, "%s.part", path));
  IP_TRY(ip_file_check_place(path, false));
  IP_TRY(ip_part_clear(z->part));
  z->archive = zip_open(z->part, ZIP_CREATE | ZIP_TRUNCATE, &code);
  IP_REQUIRE(z->archive, IP_EIO, "%s: cannot be created: %s", path, strerror(errno));
  return IP_OK;
}

ip_status ip_npz_create(const char *path, ip_npz **out)
{
  ip_npz *z;
  *out = NULL;
  IP_TRY(IP_NEW(z, 1, "file of NumPy"));
  ip_status st = create(path, z);
  if (st == IP_OK)
    *out = z;
  else
    ip_npz_discard(&z);
  return st;
}

/* The magic, version 1.0, and a dictionary padded with blanks to a multiple of 64 bytes. */
static ip_status make_header(ip_npz *z, const char *type, size_t rank, const size_t *dim, const char **out, size_t *n)
{
  const char *shape = "", *dictionary;
  for (size_t i = 0; i < rank; i++) IP_TRY(ip_scratch_format(z->sc, &shape, "%s%zu, ", shape, dim[i]));
  IP_TRY(
      ip_scratch_format(z->sc, &dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type, shape));
  size_t used = 10 + strlen(dictionary) + 1, length = (used + 63) / 64 * 64 - 10;
  IP_REQUIRE(length < 1u << 16, IP_EINVAL, "%s: the header of an array is too long", z->path);
  IP_TRY(ip_scratch_format(z->sc, out, "\x93NUMPY..vv%-*s\n", (int)length - 1, dictionary));
  char *text = (char *)(uintptr_t)*out;
  text[6] = 1, text[7] = 0, text[8] = (char)(length & 255), text[9] = (char)(length >> 8);
  *n = 10 + length;
  return IP_OK;
}

static ip_status zip_fault(const ip_npz *z)
{
  zip_error_t *e = zip_get_error(z->archive);
  bool full = zip_error_system_type(e) == ZIP_ET_SYS && zip_error_code_system(e) == ENOSPC;
  bool memory = zip_error_code_zip(e) == ZIP_ER_MEMORY;
  IP_FAIL(full ? IP_ENOSPC : memory ? IP_ENOMEM : IP_EIO, "%s: cannot be written: %s", z->path, zip_error_strerror(e));
}

static ip_status put(ip_npz *z, const char *name, const char *type, size_t rank, const size_t *dim, size_t n_bytes,
                     const void *data)
{
  const char *header, *member;
  size_t n = 0;
  IP_TRY(make_header(z, type, rank, dim, &header, &n));
  IP_TRY(ip_scratch_format(z->sc, &member, "%s.npy", name));
  zip_buffer_fragment_t pieces[2] = {{(zip_uint8_t *)(uintptr_t)header, n}, {(zip_uint8_t *)(uintptr_t)data, n_bytes}};
  zip_source_t *source = zip_source_buffer_fragment(z->archive, pieces, n_bytes ? 2 : 1, 0);
  if (!source) return zip_fault(z);
  zip_int64_t at = zip_file_add(z->archive, member, source, ZIP_FL_ENC_UTF_8);
  if (at < 0) {
    zip_source_free(source);
    return zip_fault(z);
  }
  if (zip_set_file_compression(z->archive, (zip_uint64_t)at, ZIP_CM_DEFLATE, FASTEST) != 0) return zip_fault(z);
  return zip_file_set_dostime(z->archive, (zip_uint64_t)at, 0, FIRST_DAY, 0) == 0 ? IP_OK : zip_fault(z);
}

ip_status ip_npz_put(ip_npz *z, const char *name, ip_npz_type type, size_t rank, const size_t *dim, const void *data)
{
  char text[16];
  size_t n = types[type].size;
  snprintf(text, sizeof text, "%c%s", byte_order(n), types[type].name);
  for (size_t i = 0; i < rank; i++) n *= dim[i];
  return put(z, name, text, rank, dim, n, data);
}

/* The next character of UTF-8; -1 if it is none. */
static int64_t next_character(const unsigned char **at)
{
  const unsigned char *p = *at;
  int more = *p < 0x80 ? 0 : *p >> 5 == 6 ? 1 : *p >> 4 == 14 ? 2 : *p >> 3 == 30 ? 3 : -1;
  if (more < 0) return -1;
  int64_t c = more ? *p & (0x3f >> more) : *p;
  for (int i = 1; i <= more; i++) {
    if (p[i] >> 6 != 2) return -1;
    c = c << 6 | (p[i] & 0x3f);
  }
  *at = p + more + 1;
  static const int64_t least[] = {0, 0x80, 0x800, 0x10000};
  return c >= least[more] && c < 0x110000 && !(c >= 0xd800 && c < 0xe000) ? c : -1;
}

static ip_status count_characters(const ip_npz *z, const char *text, size_t *n)
{
  const unsigned char *at = (const unsigned char *)text;
  for (*n = 0; *at; (*n)++)
    IP_REQUIRE(next_character(&at) >= 0, IP_EINVAL, "%s: '%s' is not UTF-8, which texts of NumPy require", z->path,
               text);
  return IP_OK;
}

ip_status ip_npz_put_texts(ip_npz *z, const char *name, size_t n, const char *const *text)
{
  size_t width = 1, length;
  uint32_t *cell; // (n, width)
  char type[32];
  for (size_t i = 0; i < n; i++) {
    IP_TRY(count_characters(z, text[i], &length));
    if (length > width) width = length;
  }
  IP_TRY(IP_SCRATCH(z->sc, cell, n * width, "texts"));
  for (size_t i = 0; i < n; i++) {
    const unsigned char *at = (const unsigned char *)text[i];
    for (uint32_t *to = cell + i * width; *at; to++) *to = (uint32_t)next_character(&at);
  }
  snprintf(type, sizeof type, "%cU%zu", byte_order(4), width);
  return put(z, name, type, 1, &n, n * width * sizeof *cell, cell);
}

static ip_status publish(ip_npz *z)
{
  if (zip_close(z->archive) != 0) return zip_fault(z);
  z->archive = NULL;
  return ip_file_publish(z->part, z->path);
}

ip_status ip_npz_publish(ip_npz **z)
{
  ip_status st = publish(*z);
  ip_npz_discard(z);
  return st;
}

void ip_npz_discard(ip_npz **z)
{
  if (!*z) return;
  if ((*z)->archive) zip_discard((*z)->archive);
  if ((*z)->part) unlink((*z)->part);
  ip_free((*z)->path);
  ip_free((*z)->part);
  ip_scratch_destroy(&(*z)->sc);
  ip_free(*z);
  *z = NULL;
}
